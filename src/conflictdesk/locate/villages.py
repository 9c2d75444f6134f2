"""Places that the text names as villages, towns or camps and the gazetteer does not know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from conflictdesk.records import Place, Span, Toponym

_ONE = (
    r"(?:(?:[Aa]l|[Ee]l|[Aa]n|[Aa]s|[Aa]r|[Dd]eir|[Tt]ell?)[\s-])?[A-Z][\w'’ʻ-]+"
    r"(?:\s(?:(?:al|el|ez)-)?[A-Z][\w'’ʻ-]+){0,2}"
)
_NAME = rf"(?P<name>{_ONE})"
_KIND = (
    r"village|town|hamlet|settlement|refugee camp|displacement camp|neighbou?rhood|farming community|community|suburb|"
    r"district|quarter|mining site|checkpoint|township|commune|territory"
)
_BEFORE = re.compile(rf"\b(?P<phrase>(?:{_KIND})\s+of\s+{_NAME})")
_AFTER = re.compile(
    rf"\b(?:in|near|at|of|and|outside|on|from|to|into|attacked|raided|entered|bombed|shelled|stormed|captured|seized|hit)"
    rf"\s+(?:the\s+)?(?P<phrase>{_NAME}\s+(?:{_KIND}|camp))\b"
)
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
_STOP = re.compile(r"[.!?]\s|\n")
_HELD = re.compile(r"^(?:,\s+(?:in\s+)?|\s+in\s+)(?:the\s+)?(?:\w+['’]s\s+)?(?:[a-z-]+\s+){0,2}$")


def read_villages(text: str, known: Sequence[Toponym]) -> tuple[Toponym, ...]:
    """All toponyms in text order: the known ones, and those that only the text knows.

    A village takes country and province from the place that the text puts it in; its point is that place's
    and its precision 2, or no point at all when only the country is said.
    """
    found: list[Toponym] = []
    for span, phrase, sure in _list_names(text):
        if any(each.span.meets(span) for each in (*known, *found)):
            continue
        holder = _find_holder(text, span, known) if sure else _find_stated(text, span, known)
        if holder is not None:
            found.append(Toponym(span=span, phrase=phrase, place=_make_place(span.quote(text), holder), score=0.5))
    return tuple(sorted((*known, *found), key=lambda each: each.span))


def _list_names(text: str) -> list[tuple[Span, Span, bool]]:
    """Each name with its phrase, and whether the text calls it a village outright."""
    names = []
    for pattern in (_BEFORE, _AFTER):
        names += [(Span(*m.span("name")), Span(*m.span("phrase")), True) for m in pattern.finditer(text)]
    for listed in _LIST.finditer(text):
        for part in re.finditer(rf"{_ONE}", listed["list"]):
            span = Span(listed.start("list") + part.start(), listed.start("list") + part.end())
            names.append((span, span, True))
    names += [(Span(*m.span("name")), Span(*m.span("phrase")), False) for m in _AT.finditer(text)]
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
        return Place(name=name, kind="town", country=holder.country, iso3=holder.iso3, precision=2)
    village = replace(holder, name=name, kind="town", precision=2, gazetteer_id=None, population=0)
    if holder.kind in ("admin1", "area"):
        # A whole province around: its middle would be a guess, so the village has no point.
        return replace(village, latitude=None, longitude=None)
    return village
