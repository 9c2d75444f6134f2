"""Places that the text names as villages, towns or camps and the gazetteer does not know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from conflictdesk.records import Place, Span, Toponym

_NAME = r"(?P<name>(?:(?:[Aa]l|[Ee]l|[Aa]n|[Aa]s|[Aa]r|[Dd]eir|[Tt]ell?)[\s-])?[A-Z][\w'’ʻ-]+(?:\s(?:al-|el-|ez-)?[A-Z][\w'’ʻ-]+){0,2})"
_BEFORE = re.compile(
    r"\b(?P<phrase>(?:villages?|towns?|hamlet|settlement|refugee camp|displacement camp|neighbou?rhood|farming community|"
    rf"suburb|district)\s+of\s+{_NAME})"
)
_AFTER = re.compile(
    rf"\b(?:in|near|at|of|outside|on|from|to)\s+(?:the\s+)?(?P<phrase>{_NAME}\s+(?:village|town|hamlet|refugee camp|displacement camp|"
    r"camp|neighbou?rhood))\b"
)
_JOIN = re.compile(
    r"^(?:,?\s+(?:in|near|of|outside|(?:north|south|east|west)\w*\s+of))?(?:,)?\s+(?:the\s+)?(?:\w+['’]s\s+)?(?:\w+\s+){0,3}$"
)


def read_villages(text: str, known: Sequence[Toponym]) -> tuple[Toponym, ...]:
    """All toponyms in text order: the known ones, and those that only the text knows.

    A village takes country and province from the place that the text puts it in; its point is that place's
    and its precision 2, or no point at all when only the country is said.
    """
    found: list[Toponym] = []
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            span = Span(*match.span("name"))
            if any(each.span.meets(span) for each in (*known, *found)):
                continue
            holder = _find_holder(text, span, known)
            if holder is not None:
                phrase = Span(*match.span("phrase"))
                found.append(Toponym(span=span, phrase=phrase, place=_make_place(match["name"], holder), score=0.5))
    return tuple(sorted((*known, *found), key=lambda each: each.span))


def _find_holder(text: str, span: Span, known: Sequence[Toponym]) -> Place | None:
    """The place that the text puts a name in: the one joined to it, else the one before it in its sentence."""
    for each in known:
        if span.end < each.span.start <= span.end + 60 and _JOIN.match(text[span.end : each.span.start]):
            return each.place
    before = [each for each in known if each.span.end <= span.start and each.place.country]
    return before[-1].place if before else None


def _make_place(name: str, holder: Place) -> Place:
    if holder.kind == "country":
        return Place(name=name, kind="town", country=holder.country, iso3=holder.iso3, precision=2)
    return replace(holder, name=name, kind="town", precision=2, gazetteer_id=None, population=0)
