"""The door of `locate`: the place names of an article, each with the place it means and how exactly it is known."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conflictdesk.codebook.countries import load_countries
from conflictdesk.locate.compile import MAIN
from conflictdesk.locate.folding import fold
from conflictdesk.locate.gazetteer import Entry, FileGazetteer, open_gazetteer
from conflictdesk.locate.homes import learn_homes
from conflictdesk.locate.phrases import Surroundings, is_held, is_owned, is_stated, joins_between, read_surroundings
from conflictdesk.locate.ranking import Name, is_inside, measure_km, rank_names
from conflictdesk.locate.regions import load_abbreviations
from conflictdesk.locate.spotting import Candidate, Spotter, find_abbreviations, look_up_name
from conflictdesk.locate.villages import read_villages
from conflictdesk.records import Article, Parse, Place, Sentence, Span, Toponym

__all__ = ["FileGazetteer", "learn_homes", "open_gazetteer", "read_places", "resolve_spans"]

_WAYS = {
    way: side
    for side, ways in {
        (1.0, 0.0): "north northern",
        (-1.0, 0.0): "south southern",
        (0.0, 1.0): "east eastern",
        (0.0, -1.0): "west western",
        (0.7, 0.7): "northeast northeastern north-east north-eastern",
        (0.7, -0.7): "northwest northwestern north-west north-western",
        (-0.7, 0.7): "southeast southeastern south-east south-eastern",
        (-0.7, -0.7): "southwest southwestern south-west south-western",
        (0.0, 0.0): "central",
    }.items()
    for way in ways.split()
}
_ENOUGH, _DOUBTFUL, _SURE = 0.2, -3.0, 3.0
_CLOSE_KINDS = frozenset({"town", "admin2", "site"})
_LOOSER = frozenset({"near", "outskirts", "distance", "between"})
_ADJECTIVE = re.compile(r"[A-Z][a-z]+(?:\s[A-Z][a-z]+)?(?=\W)")
_AFTER_ADJECTIVE = re.compile(
    r"\b(?P<people>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)(?:-\w+)?\s+(?:[\w-]+\s+){0,2}?"
    r"(?:capital|city|town|village|port|province|region|state|governorate|district|enclave|border town)\s+(?:of\s+)?$"
)
_BORN = re.compile(r"\b(?P<people>[A-Z][a-z]+)\s+$")
_STATE = re.compile(r",\s+(?P<state>[A-Z][\w.]*\.|[A-Z]{2,3}\b|W\.\s?Va\.)")


@dataclass(slots=True)
class _Found:
    """A name in the text with all that was read around it."""

    candidate: Candidate
    around: Surroundings
    holders: tuple[tuple[Entry, ...], ...] = ()
    countries: tuple[str, ...] = ()
    entry: Entry | None = None
    score: float = 0.0


def read_places(
    article: Article, parse: Parse, gazetteer: FileGazetteer, home: Sequence[tuple[Place, float]] = ()
) -> tuple[Toponym, ...]:
    """The place names of an article in text order, each resolved in the light of the others.

    Reads the grammar's entity labels where a sentence has tokens, and does without them where it has none.
    `home` says where the paper is at home, with weights (see `learn_homes`). Demonyms ("Syrian") are evidence and
    no place names; countries are places of precision 4.
    """
    text = article.text
    spotter = Spotter(text, parse, gazetteer)
    short = find_abbreviations(text, gazetteer)
    names = [each for each in spotter.find() if not any(each.span.meets(other.span) for other in short)]
    found = [_surround(text, candidate) for candidate in sorted((*names, *short), key=lambda each: each.span)]
    _link(text, found, gazetteer)
    home = [*home, *((place, 0.4) for place in _read_home(article, gazetteer))]
    _resolve(text, kept := _accept(found), home)
    if _support(found, kept):
        _resolve(text, kept := _accept(found), home)
    kept = _drop_strangers(kept)
    known = [_make_toponym(text, kept, n) for n in range(len(kept))]
    return read_villages(text, known)


def resolve_spans(
    text: str, spans: Sequence[Span], gazetteer: FileGazetteer, home: Sequence[tuple[Place, float]] = ()
) -> tuple[Place | None, ...]:
    """The place that each given span of the text means; None for one that the gazetteer does not know."""
    order = sorted(range(len(spans)), key=lambda n: spans[n])
    found, at = [], []
    for n in order:
        key, entries = look_up_name(spans[n].quote(text), gazetteer)
        if entries:
            found.append(_surround(text, Candidate(spans[n], key, entries, 9.0)))
            at.append(n)
    _link(text, found, gazetteer)
    _resolve(text, found, home)
    places: list[Place | None] = [None] * len(spans)
    for n, each in zip(at, found, strict=True):
        places[n] = each.entry.place if each.entry else None
    return tuple(places)


def _surround(text: str, candidate: Candidate) -> _Found:
    around = read_surroundings(text, candidate.span)
    before = text[max(0, candidate.span.start - 70) : candidate.span.start]
    people = _AFTER_ADJECTIVE.search(before) or _BORN.search(before)
    country = load_countries().by_demonym(people.group("people")) if people else None
    return _Found(candidate, around, countries=(country.iso3,) if country else ())


def _link(text: str, found: Sequence[_Found], gazetteer: FileGazetteer) -> None:
    """Note for each name what the text puts around it, and that a holder is itself a place name."""
    for n, each in enumerate(found):
        span = each.candidate.span
        if each.around.relation in _LOOSER and not each.candidate.locative:
            each.candidate.likeness += 2.0
        if each.around.unit is not None and each.around.phrase != span:
            each.candidate.likeness += 2.0
        if (state := _STATE.match(text, span.end)) and (entries := _find_state(state.group("state"), gazetteer)):
            each.holders += (entries,)
            each.candidate.likeness += 5.0
        for other in found[n + 1 : n + 3]:
            if is_held(text, span, other.candidate.span):
                if _can_hold(other.candidate, each.candidate):
                    each.holders += (other.candidate.entries,)
                    each.candidate.likeness += 2.5
                    other.candidate.likeness += 2.5
                elif _is_elsewhere(text, each.candidate, other.candidate):
                    each.candidate.likeness -= 6.0
            elif is_owned(text, span, other.candidate.span) and _can_hold(each.candidate, other.candidate):
                other.holders += (each.candidate.entries,)
                other.candidate.likeness += 1.5


def _is_elsewhere(text: str, inner: Candidate, outer: Candidate) -> bool:
    """True for a small place that the gazetteer knows only outside the province in which the text puts it."""
    known = any(
        e.place.kind in ("country", "admin1") or (e.rank == MAIN and e.place.population >= 100_000)
        for e in inner.entries
    )
    kinds = {entry.place.kind for entry in outer.entries[:2]}
    wide = bool(kinds & {"admin1", "admin2", "area", "country"}) and outer.likeness > 1.0
    return not known and wide and is_stated(text, inner.span, outer.span)


def _can_hold(outer: Candidate, inner: Candidate) -> bool:
    return any(
        is_inside(entry, holder) for holder in outer.entries[:12] for entry in inner.entries if holder is not entry
    )


def _find_state(short: str, gazetteer: FileGazetteer) -> tuple[Entry, ...]:
    known = load_abbreviations().get(short.replace(" ", ""))
    if known is None:
        return ()
    iso3, name = known
    return tuple(
        entry for entry in gazetteer.look_up(fold(name)) if entry.place.kind == "admin1" and entry.place.iso3 == iso3
    )


def _accept(found: Sequence[_Found]) -> list[_Found]:
    """The names that look like places, judged with what their other uses in the article show."""
    best: dict[str, float] = {}
    for each in found:
        key = each.candidate.key
        best[key] = max(best.get(key, -9.0), each.candidate.likeness)
    return [each for each in found if each.candidate.likeness + 0.5 * max(0.0, best[each.candidate.key]) >= _ENOUGH]


def _drop_strangers(kept: Sequence[_Found]) -> list[_Found]:
    """Leave out small places of a country that nothing else in the article points to and that no word puts anywhere.

    They are surnames, peoples and brands more often than places ("Beja", "Emberton").
    """
    countries: dict[str | None, set[str]] = {}
    for each in kept:
        if each.entry:
            countries.setdefault(each.entry.place.iso3, set()).add(each.candidate.key)
    if len(countries) < 2 or len({each.candidate.key for each in kept}) < 4:
        return list(kept)
    sure = {each.candidate.key for each in kept if each.candidate.locative or each.holders or each.countries}
    return [
        each
        for each in kept
        if each.entry is None
        or each.candidate.key in sure
        or each.candidate.likeness >= _SURE
        or each.entry.place.kind not in _CLOSE_KINDS
        or each.entry.place.population > 200_000
        or len(countries[each.entry.place.iso3]) > 1
    ]


def _support(found: Sequence[_Found], kept: Sequence[_Found]) -> bool:
    """Raise the doubtful names that lie close to a place already found; True when that may change anything."""
    anchors = {
        each.entry.number: each.entry
        for each in kept
        if each.entry and each.entry.place.kind in _CLOSE_KINDS and each.score > 0.6
    }
    done = {id(each) for each in kept}
    raised = False
    for each in found:
        if id(each) in done or not _DOUBTFUL < each.candidate.likeness < _ENOUGH:
            continue
        near = any(
            entry.place.kind in _CLOSE_KINDS and entry.number != anchor.number and measure_km(entry, anchor) < 60
            for entry in each.candidate.entries[:12]
            for anchor in anchors.values()
        )
        if near:
            each.candidate.likeness += 1.6
            raised = True
    return raised


def _read_home(article: Article, gazetteer: FileGazetteer) -> list[Place]:
    """Where the paper is at home, as far as its name says so ("Kyiv Independent")."""
    if not article.source or "." in article.source:
        return []
    words = article.source.split()
    heads = [" ".join(words[:n]) for n in (2, 1) if len(words) > n]
    for head in heads:
        entries = [entry for entry in gazetteer.look_up(fold(head)) if entry.place.kind in ("town", "country")]
        if entries and entries[0].prior >= 5.0:
            return [entries[0].place]
    return []


def _resolve(text: str, found: Sequence[_Found], home: Sequence[tuple[Place, float]]) -> None:
    """Give each name its place: one sense for all uses of a name, but for uses whose holder the text states."""
    groups: dict[tuple[object, ...], list[_Found]] = {}
    stated = {each.candidate.key: each for each in reversed(found) if each.holders}
    for each in found:
        lead = each if each.holders else stated.get(each.candidate.key)
        holders = tuple(entries[0].number for entries in lead.holders) if lead else ()
        groups.setdefault((each.candidate.key, holders, each.around.unit, each.around.level), []).append(each)
    names = [_make_name(group, stated.get(group[0].candidate.key)) for group in groups.values()]
    adjectives = Counter(
        country.iso3 for word in _ADJECTIVE.findall(text) if (country := load_countries().by_demonym(word)) is not None
    )
    for group, (entry, score) in zip(groups.values(), rank_names(names, adjectives, home), strict=True):
        for each in group:
            each.entry, each.score = entry, score


def _make_name(group: Sequence[_Found], stated: _Found | None) -> Name:
    first = group[0]
    holders = [holder for each in group for holder in each.holders] or (list(stated.holders) if stated else [])
    return Name(
        key=first.candidate.key,
        entries=first.candidate.entries,
        uses=len(group),
        trust=min(1.0, max(0.15, 0.25 * max(each.candidate.likeness for each in group))),
        held_by=tuple(dict.fromkeys(holders)),
        unit=first.around.unit,
        level=first.around.level,
        countries=tuple(sorted({code for each in group for code in each.countries})),
    )


def _make_toponym(text: str, found: Sequence[_Found], n: int) -> Toponym:
    each = found[n]
    assert each.entry is not None
    span, around = each.candidate.span, each.around
    relation, phrase = around.relation, around.phrase
    if n and found[n - 1].around.relation == "between" and joins_between(text, found[n - 1].candidate.span, span):
        relation, phrase = "between", Span(found[n - 1].around.phrase.start, phrase.end)
    place = each.entry.place
    if relation in _LOOSER and place.precision == 1:
        place = replace(place, precision=2)
    if place.kind == "country" and around.way in _WAYS:
        place = _take_part(place, around.way, each.entry.radius_km or 0.0)
    return Toponym(span=span, phrase=phrase, place=place, relation=relation, score=round(each.score, 3))


def _take_part(country: Place, way: str, radius_km: float) -> Place:
    """A side of a country, "northern Mali": a large region around a point half-way to that side."""
    north, east = _WAYS[way]
    lat, lon = country.latitude, country.longitude
    if lat is not None and lon is not None:
        step = 0.5 * radius_km / 111.2
        lat = round(lat + north * step, 2)
        lon = round(lon + east * step / max(0.2, math.cos(math.radians(lat))), 2)
    name = f"{way} {country.name}"
    return replace(country, name=name, kind="area", latitude=lat, longitude=lon, precision=3, gazetteer_id=None)


def read_plain(text: str) -> Parse:
    """A parse without grammar, for callers that have none: the whole text as one sentence."""
    sentence = Sentence(index=0, paragraph=0, span=Span(0, max(1, len(text))), text=text)
    return Parse(article_id="", sentences=(sentence,))
