"""Capitals that the text does not name: "the Somali capital", "the capital of Mali", "in the capital"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from conflictdesk.codebook.countries import Country, load_countries
from conflictdesk.locate.folding import fold
from conflictdesk.locate.gazetteer import FileGazetteer
from conflictdesk.records import Place, Span, Toponym

_PEOPLE = re.compile(r"\b(?:[Tt]he\s+)?(?P<people>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\s+(?P<capital>capital)\b")
_OWNED = re.compile(r"['’]s?\s+(?P<capital>capital)\b")
_OF = re.compile(r"\b(?P<capital>[Tt]he\s+capital)(?:\s+city)?\s+of\s+(?:the\s+)?$")
_BARE = re.compile(
    r"\b(?:in|near|outside|around|across|into|at|to|from|of|on|over|through|throughout|within|north|south|east|west)\s+"
    r"(?P<capital>the\s+capital)(?:\s+city)?\b"
)
_NO_TOWN = re.compile(r"(?:\s+city)?(?:\s+of\b|\s+(?:punishment|market|gain|fund|flow|invest)|-|\s+[A-Z]|,\s+[A-Z])")
_NAME_AFTER = re.compile(r"(?:\s+city)?(?:\s+of)?,?\s+")
_NAME_BEFORE = re.compile(r",\s+(?:the\s+)?")
_CLEAR = 0.6
"""The share of an article's names of places and peoples that a country must have for "the capital" to be its own."""


def read_capitals(
    text: str, known: Sequence[Toponym], adjectives: Mapping[str, int], gazetteer: FileGazetteer
) -> tuple[Toponym, ...]:
    """The known toponyms and, in text order, the capitals that the text means and does not name beside the word.

    `adjectives` counts countries named by adjectives by their three-letter code. "The capital" alone is that of the
    country that most of the article's names point to, and none when it is not clear which or it has several.
    """
    found: list[Toponym] = []
    for span, phrase, country, score in _list_capitals(text, known, adjectives):
        if any(each.span.meets(span) for each in (*known, *found)) or _is_named(text, phrase, known):
            continue
        if country is not None and (place := _find_capital(country, gazetteer)) is not None:
            found.append(Toponym(span=span, phrase=phrase, place=place, score=score))
    return tuple(sorted((*known, *found), key=lambda each: each.span))


def _list_capitals(
    text: str, known: Sequence[Toponym], adjectives: Mapping[str, int]
) -> list[tuple[Span, Span, Country | None, float]]:
    """Each word for a capital, the words that say whose it is, that country, and how sure that is."""
    countries = load_countries()
    listed: list[tuple[Span, Span, Country | None, float]] = []
    for m in _PEOPLE.finditer(text):
        country = countries.by_demonym(m["people"])
        if country is not None and not text.startswith("-", m.end()):
            listed.append((Span(*m.span()), Span(*m.span()), country, 0.9))
    for each in known:
        if each.place.kind != "country" or each.place.iso3 is None:
            continue
        country = countries.by_iso3(each.place.iso3)
        if after := _OWNED.match(text, each.span.end):
            listed.append((Span(*after.span("capital")), Span(each.span.start, after.end()), country, 0.9))
        start = max(0, each.span.start - 40)
        if before := _OF.search(text[start : each.span.start]):
            at = start + before.start("capital")
            listed.append((Span(at, start + before.end("capital")), Span(at, each.span.end), country, 0.9))
    clear = _find_clear(known, adjectives)
    if clear is not None:
        for m in _BARE.finditer(text):
            if not _NO_TOWN.match(text, m.end("capital")):
                span = Span(*m.span("capital"))
                listed.append((span, span, clear, 0.6))
    return listed


def _find_clear(known: Sequence[Toponym], adjectives: Mapping[str, int]) -> Country | None:
    """The country that an article plays in, where most of its names of places and peoples agree."""
    counts = Counter(each.place.iso3 for each in known if each.place.iso3)
    counts.update(adjectives)
    best = max(sorted(counts, key=str), key=lambda code: counts[code], default=None)
    if best is None or counts[best] < _CLEAR * sum(counts.values()):
        return None
    return load_countries().by_iso3(best)


def _is_named(text: str, phrase: Span, known: Sequence[Toponym]) -> bool:
    """True for "the Somali capital, Mogadishu" and "Mogadishu, the capital": the name is there."""
    for each in known:
        if each.place.kind == "country":
            continue
        if phrase.end <= each.span.start and _NAME_AFTER.fullmatch(text, phrase.end, each.span.start):
            return True
        if each.span.end <= phrase.start and _NAME_BEFORE.fullmatch(text, each.span.end, phrase.start):
            return True
    return False


def _find_capital(country: Country, gazetteer: FileGazetteer) -> Place | None:
    if len(country.capitals) != 1:
        return None
    entries = gazetteer.look_up(fold(country.capitals[0]))
    return next((e.place for e in entries if e.place.kind == "town" and e.place.iso3 == country.iso3), None)
