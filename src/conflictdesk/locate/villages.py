"""Places that the text names as villages, towns or camps and the gazetteer does not know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conflictdesk.codebook.countries import Country, load_countries
from conflictdesk.locate.folding import fold
from conflictdesk.locate.spotting import load_words
from conflictdesk.records import Place, Span, Toponym

_ONE = (
    r"(?:(?:[Aa]l|[Ee]l|[Aa]n|[Aa]s|[Aa]r|[Dd]eir|[Tt]ell?)[\s-])?[A-Z][\w'’ʻ-]+"
    r"(?:\s(?:(?:al|el|ez)-)?[A-Z][\w'’ʻ-]+){0,2}"
)
_NAME = rf"(?P<name>{_ONE})"
_KIND = (
    r"village|town|hamlet|settlement|refugee camp|displacement camp|neighbou?rhood|farming community|community|suburb|"
    r"district|quarter|mining site|checkpoint|township|commune|territory|municipality|LGA|local government(?: area)?|"
    r"regency|Village|Town|Township|District|Municipality"
)
_CALLED = r"(?:of|called|named|known\s+as)"
_BEFORE = re.compile(rf"\b(?P<phrase>(?P<kind>{_KIND}),?\s+{_CALLED}\s+{_NAME})")
_PART = r"neighbou?rhood|district|quarter|suburb|area"
_OWNED = re.compile(rf"(?P<owner>[A-Z][\w'’-]*?)['’]s?\s+(?P<phrase>{_NAME}\s+(?P<kind>{_PART}))\b")
_AFTER = re.compile(
    rf"\b(?:in|near|at|of|and|outside|on|from|to|into|attacked|raided|entered|bombed|shelled|stormed|captured|seized|hit)"
    rf"\s+(?:the\s+)?(?P<phrase>{_NAME}\s+(?P<kind>{_KIND}|camp))\b"
)
_APPOSED = re.compile(rf"\b(?P<phrase>{_NAME},\s+an?\s+(?:[a-z-]+\s+){{0,3}}?(?P<kind>{_KIND}))\b")
_LIST = re.compile(
    rf"\b(?:villages|towns|hamlets|settlements|communities|districts|neighbou?rhoods)\s+of\s+"
    rf"(?P<list>{_ONE}(?:,\s+{_ONE})*(?:,?\s+and\s+{_ONE})?)"
)
_AT = re.compile(
    rf"\b(?:in|at|near|outside|around|attacked|raided|bombed|shelled|stormed|captured|seized|struck)\s+(?P<phrase>{_NAME})(?=,\s|\s+in\s)"
)
_JOIN = re.compile(
    r"^(?:,?\s+(?:in|near|of|outside|(?:north|south|east|west)\w*\s+of))?(?:,)?\s+(?:the\s+)?(?:\w+['’]s\s+)?"
    r"(?:[a-z]+\s+){0,3}$"
)
_UNIT = re.compile(r"\s(?:Village|Town|Township|District|Municipality|LGA)$")
_AROUND_KM = 15.0
_QUARTERS = frozenset("neighbourhood neighborhood district quarter suburb area".split())
_STOP = re.compile(r"[.!?]\s|\n")
_HELD = re.compile(r"^(?:,\s+(?:in\s+)?|\s+in\s+)(?:the\s+)?(?:\w+['’]s\s+)?(?:[a-z-]+\s+){0,2}$")


@dataclass(frozen=True, slots=True)
class _Named:
    """A name that the text may call a village: `sure` when it says so outright, `kind` its word for it."""

    span: Span
    phrase: Span
    sure: bool
    kind: str = ""


def read_villages(text: str, known: Sequence[Toponym], country: Country | None = None) -> tuple[Toponym, ...]:
    """All toponyms in text order: the known ones, and those that only the text knows.

    A village takes country and province from the place that the text puts it in. Beside a town or in a district it
    has that place's point and precision 2; in a province precision 3 and no point, for its middle would be a guess;
    when only the country is known likewise. A quarter of a town stands as a site in it. No such place has a
    `gazetteer_id`. What the text calls a village and puts nowhere belongs to the country that the article names
    most, else to `country`.
    """
    found: list[Toponym] = []
    for named in _list_names(text):
        if any(each.span.meets(named.span) for each in (*known, *found)):
            continue
        place = _place_named(text, named, known, country)
        if place is not None:
            found.append(Toponym(span=named.span, phrase=named.phrase, place=place, score=0.5 if named.sure else 0.4))
    return tuple(sorted((*known, *found), key=lambda each: each.span))


def _place_named(text: str, named: _Named, known: Sequence[Toponym], country: Country | None) -> Place | None:
    name = _UNIT.sub("", named.span.quote(text))
    if _is_word(name):
        return None
    if not named.sure:
        stated = _find_stated(text, named.span, known)
        return _make_place(name, stated) if stated else None
    holder = _find_holder(text, named.span, known)
    if holder is not None:
        if named.kind in _QUARTERS and holder.kind == "town" and holder.precision == 1:
            return replace(holder, name=name, kind="site", gazetteer_id=None, population=0)
        return _make_place(name, holder)
    counts = Counter((each.place.country, each.place.iso3) for each in known if each.place.country)
    if not counts and country is None:
        return None
    whole, iso3 = counts.most_common(1)[0][0] if counts or country is None else (country.name, country.iso3)
    return Place(name=name, kind="town", country=whole, iso3=iso3, precision=3)


def _is_word(name: str) -> bool:
    """True for a capitalised word that is no name: "the Syrian village", "Police district"."""
    first = name.split()[0]
    return load_countries().by_demonym(first) is not None or fold(name) in load_words("never")


def _list_names(text: str) -> list[_Named]:
    """Every name with its phrase, those that the text calls a village outright first."""
    names = []
    for pattern in (_OWNED, _BEFORE, _AFTER, _APPOSED):
        for found in pattern.finditer(text):
            names.append(_Named(Span(*found.span("name")), Span(*found.span("phrase")), True, found["kind"]))
    for listed in _LIST.finditer(text):
        for part in re.finditer(rf"{_ONE}", listed["list"]):
            span = Span(listed.start("list") + part.start(), listed.start("list") + part.end())
            names.append(_Named(span, span, True))
    names += [_Named(Span(*m.span("name")), Span(*m.span("phrase")), False) for m in _AT.finditer(text)]
    return names


def _find_holder(text: str, span: Span, known: Sequence[Toponym]) -> Place | None:
    """The place that the text puts a name in: the one joined to it, else the one before it in its paragraph."""
    for each in known:
        if span.end < each.span.start <= span.end + 60 and _JOIN.match(text[span.end : each.span.start]):
            return each.place
    before = [each for each in known if each.span.end <= span.start and each.place.country]
    if before and "\n\n" not in text[before[-1].span.end : span.start]:
        return before[-1].place
    after = [each for each in known if span.end < each.span.start <= span.end + 120 and each.place.country]
    return after[0].place if after and not _STOP.search(text[span.end : after[0].span.start]) else None


def _find_stated(text: str, span: Span, known: Sequence[Toponym]) -> Place | None:
    """The province or district that follows at once ("at El Baraf in Middle Shabelle"); None otherwise."""
    for each in known:
        if span.end < each.span.start <= span.end + 40 and _HELD.match(text[span.end : each.span.start]):
            return each.place if each.place.kind in ("admin1", "admin2", "area") else None
    return None


def _make_place(name: str, holder: Place) -> Place:
    if holder.kind == "country":
        return Place(name=name, kind="town", country=holder.country, iso3=holder.iso3, precision=3)
    village = replace(holder, name=name, kind="town", gazetteer_id=None, population=0)
    if holder.precision >= 3:
        return replace(village, latitude=None, longitude=None, radius_km=None, precision=3)
    return replace(village, precision=2, radius_km=max(_AROUND_KM, holder.radius_km or 0.0))
