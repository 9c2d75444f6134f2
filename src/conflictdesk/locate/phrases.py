"""What the words around a place name say: which kind of place, how near, and what holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conflictdesk.records import Span

_FIRST = (
    "province|governorate|state|region|oblast|prefecture|department|emirate|krai|wilayat|wilaya|territory|voivodeship"
)
_SECOND = "district|county|parish|raion|rayon|township|subdistrict|borough|municipality|locality|canton"
_TOWN = (
    "city|town|village|hamlet|capital|port city|port|settlement|municipality|suburb|resort|community|farming community"
)
_WAY = r"(?:north|south|east|west)(?:[\s-]?(?:east|west))?(?:ern)?"

_UNIT_AFTER = re.compile(rf"[\s-](?:(?P<first>{_FIRST})s?|(?P<second>{_SECOND}))\b", re.IGNORECASE)
_UNIT_BEFORE = re.compile(
    rf"\b(?:(?P<first>{_FIRST})s?|(?P<second>{_SECOND})s?|(?P<town>{_TOWN}))\s+of\s+(?:the\s+)?$", re.IGNORECASE
)
_TOWN_AFTER = re.compile(r"\s(?:city|town|village|hamlet|municipality)\b")
_LIST_BEFORE = re.compile(
    rf"\b(?:(?P<first>{_FIRST})s|(?P<second>{_SECOND})s|(?P<town>cities|towns|villages))\s+of\s+"
    r"(?:[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,2}(?:,\s+(?:and\s+)?|\s+and\s+)){1,6}$"
)

_NUMBER = (
    r"(?:\d[\d,.]*|several|some|few|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|"
    r"forty|fifty|sixty|hundred|dozen)"
)
_OF_TOWN = (
    rf"(?:the\s+)?(?:(?:{_WAY}|central|border|coastal|key|strategic|nearby|besieged)\s+)?(?:(?:{_TOWN})\s+of\s+)?"
)
_DISTANCE = re.compile(
    rf"\b{_NUMBER}(?:\s*-\s*|\s+)(?:kilomet(?:er|re)s?|kms?|miles?|mi|metres?|meters?)\b(?:\s*\([^)]*\))?"
    rf"[^.;:()]{{0,30}}?\b(?:from|of|outside|off|beyond)\s+{_OF_TOWN}$",
    re.IGNORECASE,
)
_OUTSKIRTS = re.compile(
    rf"\b(?:outskirts?|suburbs?|edges?|periphery|countryside|environs|hinterland|entrances?)\s+(?:of|to)\s+{_OF_TOWN}$",
    re.IGNORECASE,
)
_NEAR = re.compile(
    rf"\b(?:near|nearby|close\s+to|not\s+far\s+from|outside(?:\s+of)?|around|vicinity\s+of|adjacent\s+to|overlooking|"
    rf"surrounding|(?:just\s+)?{_WAY}\s+of|off(?:\s+the\s+coast\s+of)?)\s+{_OF_TOWN}$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"\bbetween\s+{_OF_TOWN}$", re.IGNORECASE)
_AND_AFTER = re.compile(rf"(?:\s+{_SECOND}|\s+{_FIRST})?\s+and\s+{_OF_TOWN}$", re.IGNORECASE)
_OUTSKIRTS_AFTER = re.compile(
    r"(?:['’]s?)?\s+(?:(?:north|south|east|west)\w*\s+)?(?:outskirts?|suburbs?|countryside|hinterland|environs)\b"
)
_AREA_AFTER = re.compile(r"(?:['’]s?)?\s+(?:area|surroundings|axis|front(?:line)?|pocket|sector|direction|vicinity)\b")
_DIRECTION = re.compile(rf"\b(?P<way>{_WAY}|central|rural)\s+$", re.IGNORECASE)
_SITE_AFTER = re.compile(
    r"(?:['’]s?)?\s+(?:[A-Z][\w-]+\s+){0,2}(?:[Aa]ir[- ]?(?:port|base|field)|[Bb]ase|[Cc]amp|[Pp]ort"
    r"|(?:[Rr]efugee|[Dd]isplacement)\s[Cc]amp"
    r"|[Uu]niversity|[Hh]ospital|[Ss]quare|[Pp]rison|[Ee]mbassy|[Mm]arket|[Mm]osque)\b"
)

_NAMED_UNIT = re.compile(r"[A-Z][\w'’-]+\s+$")
"""A name before "district of" takes the word for itself: the city after it holds the district."""
_OF = re.compile(r"^\s+of\s+(?:the\s+)?$")

_HOLDER = re.compile(
    rf"^(?:,\s+(?:in\s+|a\s+(?:\w+\s+){{0,3}}(?:{_TOWN}|{_SECOND})\s+(?:in|of)\s+)?|\s+in\s+|\s+\()"
    rf"(?:the\s+)?(?:\w+['’]s\s+)?(?:(?:{_WAY}|central|rural|neighbou?ring|restive|eastern-central)\s+)?"
    rf"(?:(?:{_FIRST}|{_SECOND}|city)\s+of\s+)?$"
)
_LOOSE = re.compile(r"\s+in\s+")
_OWNER = re.compile(
    rf"^['’]s?\s+(?:(?:{_WAY}|central|capital|second|largest|main|port|restive|coastal|border|province|region|city|town|"
    r"village|state|of|the)[\s,]+){0,5}$"
)
_CAPITAL = re.compile(r"^['’]s?\s+capital,?\s+$")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the text says beside a name.

    `unit` True: a province or district; False: a town; None: not said. `level` "admin1" or "admin2" where said.
    `relation` as in `Toponym`; `phrase` the name with the words that bound it; `way` "northern", "south"... or "".
    """

    phrase: Span
    relation: str
    unit: bool | None
    level: str
    way: str


def read_surroundings(text: str, span: Span) -> Surroundings:
    """The words before and after a name that say what and how near the place is."""
    before, after = text[max(0, span.start - 110) : span.start], text[span.end : span.end + 60]
    before = before[before.rfind("\n") + 1 :]
    unit, level, start, end = _read_unit(before, after, span)
    relation, begin, stop = _read_relation(before, after, span)
    way = _DIRECTION.search(before)
    if way:
        start = min(start, span.start - len(before) + way.start())
    return Surroundings(
        Span(min(start, begin), max(end, stop)), relation, unit, level, way.group("way").lower() if way else ""
    )


def _read_unit(before: str, after: str, span: Span) -> tuple[bool | None, str, int, int]:
    found = _UNIT_AFTER.match(after)
    if found:
        level = "admin1" if found.group("first") else "admin2"
        return True, level, span.start, span.end + found.end()
    if _TOWN_AFTER.match(after):
        return False, "", span.start, span.end
    found = _UNIT_BEFORE.search(before) or _LIST_BEFORE.search(before)
    if found and not _NAMED_UNIT.search(before[: found.start()]):
        start = span.start - len(before) + found.start()
        if found.group("town"):
            return False, "", start, span.end
        return True, "admin1" if found.group("first") else "admin2", start, span.end
    return None, "", span.start, span.end


def _read_relation(before: str, after: str, span: Span) -> tuple[str, int, int]:
    at = span.start - len(before)
    for relation, pattern in (
        ("distance", _DISTANCE),
        ("outskirts", _OUTSKIRTS),
        ("between", _BETWEEN),
        ("near", _NEAR),
    ):
        found = pattern.search(before)
        if found:
            return relation, at + found.start(), span.end
    if found := _OUTSKIRTS_AFTER.match(after):
        return "outskirts", span.start, span.end + found.end()
    if found := _AREA_AFTER.match(after):
        return "near", span.start, span.end + found.end()
    if found := _SITE_AFTER.match(after):
        return "in", span.start, span.end + found.end()
    return "in", span.start, span.end


def is_held(text: str, inner: Span, outer: Span) -> bool:
    """True when the text puts the first name inside the second: "X, Y", "X in northern Y", "X (Y)"."""
    gap = text[inner.end : outer.start]
    if len(gap) > 70 or "\n" in gap:
        return False
    if (found := _UNIT_AFTER.match(gap) or _TOWN_AFTER.match(gap)) is not None:
        gap = gap[found.end() :]
        return bool(_OF.match(gap) or _HOLDER.match(gap))
    return bool(_HOLDER.match(gap))


def is_stated(text: str, inner: Span, outer: Span) -> bool:
    """True when nothing but "inside" can be meant: "X in Y", "X, in Y" or "X, Y," with its comma or full stop."""
    after = text[outer.end : outer.end + 20]
    return (
        " in " in text[inner.end : outer.start] or after[:1] in (",", ".", ";", ")") or bool(_UNIT_AFTER.match(after))
    )


def is_owned(text: str, owner: Span, inner: Span) -> bool:
    """True when the second name stands as the first one's: "Syria's Idlib", "Sudan's western Darfur"."""
    gap = text[owner.end : inner.start]
    return len(gap) <= 60 and bool(_OWNER.match(gap) or _CAPITAL.match(gap))


def joins_between(text: str, left: Span, right: Span) -> bool:
    """True when the right name closes "between X and Y"."""
    before = text[max(0, left.start - 40) : left.start]
    return bool(_BETWEEN.search(before) and _AND_AFTER.match(text[left.end : right.start]))
