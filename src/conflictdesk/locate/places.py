"""The door of `locate`: the place names of an article, each with the place it means and how exactly it is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from conflictdesk.codebook.countries import load_countries
from conflictdesk.locate.capitals import read_capitals
from conflictdesk.locate.filing import ALIAS, MAIN
from conflictdesk.locate.folding import drop_unit, fold, sound_out, sounds_like
from conflictdesk.locate.gazetteer import Entry, FileGazetteer, open_gazetteer
from conflictdesk.locate.homes import FEWEST, Home, learn_homes, name_paper
from conflictdesk.locate.phrases import (
    Surroundings,
    is_beside,
    is_held,
    is_owned,
    is_stated,
    joins_between,
    joins_list,
    read_surroundings,
)
from conflictdesk.locate.points import plain_way, take_between, take_distance, take_near, take_part
from conflictdesk.locate.ranking import Name, is_inside, measure_km, rank_names
from conflictdesk.locate.regions import load_abbreviations
from conflictdesk.locate.spotting import Candidate, Spotter, find_abbreviations, look_up_name
from conflictdesk.locate.villages import read_villages
from conflictdesk.records import Article, Parse, Place, Sentence, Span, Toponym

__all__ = [
    "FileGazetteer",
    "Home",
    "find_homes",
    "learn_homes",
    "name_paper",
    "open_gazetteer",
    "read_places",
    "resolve_spans",
]

_ENOUGH_AT_A_GLANCE = -0.5
"""Without grammar a name looks less like a place; one that is none will not fit a province."""
_ENOUGH, _DOUBTFUL, _SURE = 0.2, -3.0, 3.0
_CLOSE_KINDS = frozenset({"town", "admin2", "site"})
_LOOKED_AT = 40
_BESIDE_KM = 150.0
_LOOSER = frozenset({"near", "outskirts", "distance", "between"})
_ADJECTIVE = re.compile(r"[A-Z][a-z]+(?:\s[A-Z][a-z]+)?(?=\W)")
_AFTER_ADJECTIVE = re.compile(
    r"\b(?P<people>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)(?:-\w+)?\s+(?:[\w-]+\s+){0,2}?"
    r"(?:capital|city|town|village|port|province|region|state|governorate|district|enclave|border town)\s+(?:of\s+)?$"
)
_BORN = re.compile(r"\b(?P<people>[A-Z][a-z]+)\s+$")
_GOES_ON = re.compile(r"\s[A-Z][\w'’-]+")
"""After "the village of X": X is but the first half of a name."""
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


def read_places(article: Article, parse: Parse, gazetteer: FileGazetteer, home: Home = ()) -> tuple[Toponym, ...]:
    """The place names of an article in text order, each resolved in the light of the others.

    Reads the grammar's entity labels where a sentence has tokens, and does without them where it has none.
    `home` says where the paper is at home, with weights (see `learn_homes`). Demonyms ("Syrian") are evidence and
    no place names; countries are places of precision 4.
    """
    text = article.text
    kept = _find_names(article, parse, gazetteer, home)
    counts = _count_countries(text)
    named = [_make_toponym(text, kept, n) for n in range(len(kept))]
    known = read_capitals(text, named, counts, gazetteer)
    country = load_countries().by_iso3(max(counts, key=lambda code: (counts[code], code))) if counts else None
    return read_villages(text, known, country)


def _find_names(
    article: Article, parse: Parse, gazetteer: FileGazetteer, home: Home, enough: float = _ENOUGH
) -> list[_Found]:
    """The names of an article that the gazetteer knows and that look `enough` like places, each resolved."""
    text = article.text
    spotter = Spotter(text, parse, gazetteer)
    short = find_abbreviations(text, gazetteer)
    names = [each for each in spotter.find() if not any(each.span.meets(other.span) for other in short)]
    found = [_surround(text, candidate) for candidate in sorted((*names, *short), key=lambda each: each.span)]
    _link(text, found, gazetteer)
    home = [*home, *((place, 0.4) for place in _read_home(article, gazetteer))]
    _resolve(text, kept := _accept(found, enough), home)
    if _support(found, kept):
        _resolve(text, kept := _accept(found, enough), home)
    return _drop_strangers(kept)


def resolve_spans(
    text: str, spans: Sequence[Span], gazetteer: FileGazetteer, home: Home = ()
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
            half = each.around.phrase.start < span.start and _GOES_ON.match(text, span.end)
            each.candidate.likeness += -3.0 if half else 2.0 + each.candidate.doubt
            each.candidate.doubt = 0.0
        if (state := _STATE.match(text, span.end)) and (entries := _find_state(state.group("state"), gazetteer)):
            each.holders += (entries,)
            each.candidate.likeness += 5.0
        for other in found[n + 1 : n + 2]:
            if each.candidate.locative and joins_list(text, span, other.candidate.span) and each.candidate.likeness > 1:
                other.candidate.locative = True
                other.candidate.likeness += 2.0
            if is_beside(text, span, other.candidate.span):
                each.candidate.likeness += _weigh_beside(each.candidate, other.candidate)
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


def _weigh_beside(inner: Candidate, other: Candidate) -> float:
    """What "X near Y" says of X: it is a place, or, if all we know lie far off, another than ours."""
    near = any(measure_km(x, y) <= _BESIDE_KM for x in inner.entries for y in other.entries[:6] if x.number != y.number)
    if near:
        return 2.0
    known = any(e.place.kind in ("country", "admin1") or e.weight >= 100_000 for e in inner.entries)
    return 0.0 if known or other.likeness < 0.2 else -6.0


def _is_elsewhere(text: str, inner: Candidate, outer: Candidate) -> bool:
    """True for a small place that the gazetteer knows only outside the province in which the text puts it."""
    known = any(
        e.place.kind in ("country", "admin1") or (e.rank == MAIN and e.weight >= 100_000) for e in inner.entries
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


def _accept(found: Sequence[_Found], enough: float) -> list[_Found]:
    """The names that look like places, judged with what their other uses in the article show."""
    best: dict[str, float] = {}
    for each in found:
        key = each.candidate.key
        best[key] = max(best.get(key, -9.0), each.candidate.likeness)
    return [each for each in found if each.candidate.likeness + 0.5 * max(0.0, best[each.candidate.key]) >= enough]


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
        or each.entry.weight > 200_000
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


def _resolve(text: str, found: Sequence[_Found], home: Home) -> None:
    """Give each name its place: one sense for all uses of a name, but for uses whose holder the text states."""
    groups: dict[tuple[object, ...], list[_Found]] = {}
    stated = {each.candidate.key: each for each in reversed(found) if each.holders}
    for each in found:
        lead = each if each.holders else stated.get(each.candidate.key)
        holders = tuple(entries[0].number for entries in lead.holders) if lead else ()
        groups.setdefault((each.candidate.key, holders, each.around.unit, each.around.level), []).append(each)
    names = [_make_name(group, stated.get(group[0].candidate.key)) for group in groups.values()]
    adjectives = _count_countries(text)
    for group, (entry, score) in zip(groups.values(), rank_names(names, adjectives, home), strict=True):
        for each in group:
            each.entry, each.score = entry, score


def _count_countries(text: str) -> Counter[str]:
    """How often adjectives name a country ("Syrian"), by its three-letter code."""
    known = (load_countries().by_demonym(word) for word in _ADJECTIVE.findall(text))
    return Counter(country.iso3 for country in known if country is not None)


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
    relation, phrase, other = around.relation, around.phrase, None
    if n and joins_between(text, found[n - 1].candidate.span, span):
        relation, phrase, other = "between", Span(found[n - 1].around.phrase.start, phrase.end), found[n - 1].entry
    elif relation == "between" and n + 1 < len(found) and joins_between(text, span, found[n + 1].candidate.span):
        phrase, other = Span(phrase.start, found[n + 1].around.phrase.end), found[n + 1].entry
    place = _bound(each.entry, around, relation, other)
    if written := _find_spelling(text, found, each.entry):
        place = replace(place, name=written)
    return Toponym(span=span, phrase=phrase, place=place, relation=relation, score=round(each.score, 3))


def _find_spelling(text: str, found: Sequence[_Found], entry: Entry) -> str | None:
    """How an article writes a small place that is filed under another spelling ("Shopian" for Shupiyan), if it does."""
    if entry.rank != ALIAS or entry.place.kind not in _CLOSE_KINDS:
        return None
    for each in found:
        surface = each.candidate.span.quote(text)
        if each.entry and each.entry.number == entry.number and surface[0].isupper() and not surface.isupper():
            alike = sounds_like(sound_out(fold(surface)), sound_out(fold(entry.place.name)))
            return surface if alike and drop_unit(each.candidate.key) == each.candidate.key else None
    return None


def _bound(entry: Entry, around: Surroundings, relation: str, other: Entry | None) -> Place:
    """The place as the words around its name bound it."""
    place = entry.place
    if place.kind == "country" and (plain_way(around.way) or around.way == "central"):
        return take_part(place, around.way, entry.radius_km or 0.0)
    if relation == "between":
        return take_between(place, other.place) if other else take_near(place, "near")
    if relation == "distance":
        return take_distance(place, around.km, around.heading)
    return take_near(place, relation) if relation in _LOOSER else place


def find_homes(articles: Iterable[Article], gazetteer: FileGazetteer) -> Mapping[str, Home]:
    """Where each paper is at home (see `learn_homes`), by a first look at its own articles without their grammar.

    At most 40 articles of a paper are looked at, those of the smallest ids, so that their order does not matter.
    """
    papers: dict[str, list[Article]] = {}
    for article in articles:
        if paper := name_paper(article):
            papers.setdefault(paper, []).append(article)
    looked_at = [
        (paper, [each.entry.place for each in _glance(article, gazetteer) if each.entry])
        for paper, own in sorted(papers.items())
        if len(own) >= FEWEST
        for article in sorted(own, key=lambda each: each.article_id)[:_LOOKED_AT]
    ]
    return learn_homes(looked_at)


def _glance(article: Article, gazetteer: FileGazetteer) -> list[_Found]:
    return _find_names(article, read_plain(article.text), gazetteer, (), _ENOUGH_AT_A_GLANCE)


def read_plain(text: str) -> Parse:
    """A parse without grammar, for callers that have none: the whole text as one sentence."""
    sentence = Sentence(index=0, paragraph=0, span=Span(0, max(1, len(text))), text=text)
    return Parse(article_id="", sentences=(sentence,))
