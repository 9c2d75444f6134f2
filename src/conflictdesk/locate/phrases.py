"""What the words around a place name say: which kind of place, how near, and what holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conflictdesk.codebook.countries import load_countries
from conflictdesk.records import Span

_FIRST = (
    "province|governorate|state|region|oblast|prefecture|department|emirate|krai|wilayat|wilaya|territory|voivodeship"
)
_SECOND = (
    "district|county|parish|raion|rayon|township|subdistrict|borough|municipality|locality|canton|regency|"
    "LGA|local\\s+government(?:\\s+area)?|woreda|upazila|tehsil"
)
_TOWN = (
    "city|town|village|hamlet|capital|port city|port|settlement|municipality|suburb|resort|community|farming community"
)
_WAY = r"(?:north|south|east|west)(?:[\s-]?(?:east|west))?(?:ern)?"

_UNIT_AFTER = re.compile(rf"[\s-](?:(?P<first>{_FIRST})s?|(?P<second>{_SECOND}))\b", re.IGNORECASE)
_UNIT_BEFORE = re.compile(
    rf"\b(?:(?P<first>{_FIRST})s?|(?P<second>{_SECOND})s?|(?P<town>{_TOWN}))\s+of\s+(?:the\s+)?$", re.IGNORECASE
)
_TOWN_AFTER = re.compile(r"\s(?:city|town|village|hamlet|municipality|settlement|(?:farming\s)?community)\b")
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
    rf"\b(?P<number>{_NUMBER})(?:\s*-\s*|\s*)(?P<measure>kilomet(?:er|re)s?|kms?|miles?|mi|metres?|meters?)\b"
    rf"(?:\s*\([^)]*\))?(?P<gap>[^.;:()]{{0,30}}?)\b(?:from|of|outside|off|beyond)\s+{_OF_TOWN}$",
    re.IGNORECASE,
)
_NUMBERS = {word: float(n) for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_NUMBERS |= {"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_KM = {"k": 1.0, "mi": 1.609, "me": 0.001}
_OUTSKIRTS = re.compile(
    rf"\b(?:outskirts?|suburbs?|edges?|periphery|countryside|environs|hinterland|entrances?)\s+(?:of|to)\s+{_OF_TOWN}$",
    re.IGNORECASE,
)
_NEAR = re.compile(
    rf"\b(?:near|nearby|close\s+to|not\s+far\s+from|outside(?:\s+of)?|around|vicinity\s+of|adjacent\s+to|overlooking|"
    rf"surrounding|(?:just\s+)?{_WAY}\s+of|in\s+the\s+(?:vicinity|area|surroundings)\s+of|"
    rf"off(?:\s+(?:the\s+)?(?:\w+\s+)?(?:coast|shores?)\s+of)?|along\s+the\s+(?:coast|shores?)\s+of)\s+{_OF_TOWN}$",
    re.IGNORECASE,
)
_ROAD = r"(?:(?:high|motor|free|rail)way|road|route|track|line|bypass|corridor|axis)"
_BETWEEN = re.compile(
    rf"\b(?:between|{_ROAD}\s+(?:(?:leading|running|going)\s+)?(?:from|(?:that\s+)?(?:link|connect|join)(?:s|ing)))"
    rf"\s+{_OF_TOWN}$",
    re.IGNORECASE,
)
_AND_AFTER = re.compile(rf"(?:\s+{_SECOND}|\s+{_FIRST})?\s+(?:and|to|with|towards?)\s+{_OF_TOWN}$", re.IGNORECASE)
_TO_ROAD = re.compile(rf"^\s?[-–—/]\s?[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?\s+(?:[a-z]+\s+){{0,2}}{_ROAD}s?\b")
_LISTED = re.compile(r"^(?:,\s+|,?\s+and\s+|,?\s+or\s+|\s+as well as\s+)(?:in\s+)?$")
_DASH = re.compile(r"^\s?[-–—/]\s?$")
_ROAD_AFTER = re.compile(rf"^\s+(?:[a-z]+\s+){{0,2}}{_ROAD}s?\b")
_OUTSKIRTS_AFTER = re.compile(
    r"(?:['’]s?)?\s+(?:(?:north|south|east|west)\w*\s+)?(?:outskirts?|suburbs?|countryside|hinterland|environs)\b"
)
_AREA_AFTER = re.compile(r"(?:['’]s?)?\s+(?:area|surroundings|axis|front(?:line)?|pocket|sector|direction|vicinity)\b")
_DIRECTION = re.compile(rf"\b(?P<way>{_WAY}|central|rural)\s+$", re.IGNORECASE)
_HEADING = re.compile(rf"\b{_WAY}\b", re.IGNORECASE)
_SITE_AFTER = re.compile(
    r"(?:['’]s?)?\s+(?:[A-Z][\w-]+\s+){0,2}(?:[Aa]ir[- ]?(?:port|base|field)|[Bb]ase|[Cc]amp|[Pp]ort"
    r"|(?:[Rr]efugee|[Dd]isplacement)\s[Cc]amp"
    r"|[Uu]niversity|[Hh]ospital|[Ss]quare|[Pp]rison|[Ee]mbassy|[Mm]arket|[Mm]osque)\b"
)

_NAMED_UNIT = re.compile(r"\b(?!(?:The|This|That|An?|In|At|Near|Two|Three|Both|Other|Some)\s)[A-Z][\w'’-]+\s+$")
"""A name before "district of" takes the word for itself: the city after it holds the district."""
_OF = re.compile(r"^\s+of\s+(?:the\s+)?$")

_HOLDER = re.compile(
    rf"^(?:,\s+(?:in\s+|a\s+(?:\w+\s+){{0,3}}(?:{_TOWN}|{_SECOND})\s+(?:in|of)\s+)?|\s+in\s+|\s+\()"
    rf"(?:the\s+)?(?:\w+['’]s\s+)?(?:(?:{_WAY}|central|rural|neighbou?ring|restive|eastern-central)\s+)?"
    rf"(?:(?:{_FIRST}|{_SECOND}|city)\s+of\s+)?$"
)
_BESIDE = re.compile(
    rf"^(?:,\s+(?:a\s+(?:\w+\s+){{0,2}}(?:{_TOWN})\s+)?|\s+)(?:located\s+|just\s+|about\s+|some\s+)?"
    rf"(?:near|outside|close\s+to|not\s+far\s+from|{_WAY}\s+of|{_NUMBER}\s*(?:kilomet(?:er|re)s?|kms?|miles?)\b"
    rf"[^.;:()]{{0,25}}?\b(?:from|of|outside))\s+{_OF_TOWN}$",
    re.IGNORECASE,
)
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
    `km` and `heading` are the figure and the direction of "30 km south of", None and "" where they are not said.
    """

    phrase: Span
    relation: str
    unit: bool | None
    level: str
    way: str
    km: float | None = None
    heading: str = ""


def read_surroundings(text: str, span: Span) -> Surroundings:
    """The words before and after a name that say what and how near the place is."""
    before, after = text[max(0, span.start - 110) : span.start], text[span.end : span.end + 60]
    before = before[before.rfind("\n") + 1 :]
    unit, level, start, end = _read_unit(before, after, span)
    relation, begin, stop, far = _read_relation(before, after, span)
    way = _DIRECTION.search(before)
    if way:
        start = min(start, span.start - len(before) + way.start())
    km, heading = _read_distance(far) if far else (None, "")
    phrase = Span(min(start, begin), max(end, stop))
    return Surroundings(phrase, relation, unit, level, way.group("way").lower() if way else "", km, heading)


def _read_distance(found: re.Match[str]) -> tuple[float | None, str]:
    """The kilometres and the direction that the words before a name give."""
    text = found["number"].lower().replace(",", "").rstrip(".")
    number = _NUMBERS.get(text) or (float(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None)
    scale = next(scale for start, scale in _KM.items() if found["measure"].lower().startswith(start))
    way = _HEADING.search(found["gap"])
    return (None if number is None else round(number * scale, 2)), way.group().lower() if way else ""


def _read_unit(before: str, after: str, span: Span) -> tuple[bool | None, str, int, int]:
    found = _UNIT_AFTER.match(after)
    if found:
        level = "admin1" if found.group("first") else "admin2"
        return True, level, span.start, span.end + found.end()
    if _TOWN_AFTER.match(after):
        return False, "", span.start, span.end
    found = _UNIT_BEFORE.search(before) or _LIST_BEFORE.search(before)
    if found and not _is_named_unit(before[: found.start()]):
        start = span.start - len(before) + found.start()
        if found.group("town"):
            return False, "", start, span.end
        return True, "admin1" if found.group("first") else "admin2", start, span.end
    return None, "", span.start, span.end


def _is_named_unit(before: str) -> bool:
    """True for "Karrada" in "Karrada district of"; not for "Mexican" in "the Mexican state of"."""
    named = _NAMED_UNIT.search(before)
    return named is not None and load_countries().by_demonym(named.group().strip()) is None


def _read_relation(before: str, after: str, span: Span) -> tuple[str, int, int, re.Match[str] | None]:
    at = span.start - len(before)
    for relation, pattern in (
        ("distance", _DISTANCE),
        ("outskirts", _OUTSKIRTS),
        ("between", _BETWEEN),
        ("near", _NEAR),
    ):
        found = pattern.search(before)
        if found:
            return relation, at + found.start(), span.end, found if relation == "distance" else None
    for relation, pattern in (("outskirts", _OUTSKIRTS_AFTER), ("between", _TO_ROAD), ("near", _AREA_AFTER)):
        if found := pattern.match(after):
            return relation, span.start, span.end + found.end(), None
    found = _SITE_AFTER.match(after)
    return "in", span.start, span.end + found.end() if found else span.end, None


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


def is_beside(text: str, inner: Span, other: Span) -> bool:
    """True when the text puts the first name near the second: "X near Y", "X, 20 km east of Y"."""
    gap = text[inner.end : other.start]
    return len(gap) <= 70 and bool(_BESIDE.match(gap))


def joins_list(text: str, left: Span, right: Span) -> bool:
    """True when the two stand in one list: "in X and Y", "X, Y and Z"."""
    return bool(_LISTED.match(text[left.end : right.start]))


def joins_between(text: str, left: Span, right: Span) -> bool:
    """True when the right name closes "between X and Y", "the road from X to Y" or "the X-Y highway"."""
    gap = text[left.end : right.start]
    if _DASH.match(gap):
        return bool(_ROAD_AFTER.match(text[right.end : right.end + 40]))
    before = text[max(0, left.start - 60) : left.start]
    return bool(_BETWEEN.search(before) and _AND_AFTER.match(gap))
