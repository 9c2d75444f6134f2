"""What a coder looks up while deciding: places by name, actors by any of their names, events near by, twins."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from conflictdesk.casework import name_origin
from conflictdesk.codebook.actors import ActorEntry, load_actors
from conflictdesk.codebook.countries import Country, fold_name, load_countries
from conflictdesk.decisions import Value, write_value
from conflictdesk.desk.case_view import Json
from conflictdesk.records import Actor, ActorKind, Article, Event, Mention, Place

if TYPE_CHECKING:
    from conflictdesk.casework import EventRecord
    from conflictdesk.locate.gazetteer import FileGazetteer
    from conflictdesk.records import Match
    from conflictdesk.store.opening import Reader

MOST_PLACES, MOST_ACTORS, MOST_TWINS = 12, 14, 8
NEAR_KM: Final = 25.0
_EARTH_KM: Final = 6371.0
_GENERAL: Final[tuple[tuple[str, ActorKind], ...]] = (
    ("Civilians ({})", "Civilians"),
    ("Unidentified Armed Group ({})", "Political militia"),
    ("Military Forces of {}", "State forces"),
    ("Police Forces of {}", "State forces"),
    ("Protesters ({})", "Protesters"),
    ("Rioters ({})", "Rioters"),
)
"""Parties that every country has, named as the coder names them."""


def find_places(gazetteer: FileGazetteer, asked: str, near: str | None) -> list[Place]:
    """Places of that name, then those whose name starts so; those in the country `near` (ISO 3166-1) go first."""
    name = asked.partition(",")[0].strip()
    exact = gazetteer.find(name)
    found = list(dict.fromkeys((*exact, *gazetteer.find_starting(name))))
    return sorted(found, key=lambda place: (near is not None and place.iso3 != near, place not in exact))[:MOST_PLACES]


def view_place(place: Place) -> Json:
    """A place as a decided value."""
    return _view_value("place", place)


# ---------------------------------------------------------------- actors


def find_actors(asked: str, iso3: str | None, used: Sequence[tuple[str, str, int]]) -> list[dict[str, Json]]:
    """Actors of which a name holds all the words asked for, those that act in the country `iso3` first.

    `used` are (name, kind, events) of this desk, so that a name given once is found again.
    """
    words, home = fold_name(asked).split(), load_countries().by_iso3(iso3) if iso3 else None
    counts = {name: number for name, _, number in used}
    found: dict[str, tuple[tuple[object, ...], dict[str, Json]]] = {}
    for entry, keys in _index_actors():
        hit = next((n for n, key in enumerate(keys) if all(word in key for word in words)), None)
        if words and hit is not None:
            here = home is not None and entry.acts_in(home.name)
            rank = (not here, not keys[hit].startswith(words[0]), hit > 0, -counts.get(entry.name, 0), entry.name)
            found[entry.name] = (rank, _view_entry(entry, hit, counts))
    for actor in _list_general(home):
        if all(word in fold_name(actor.name) for word in words):
            found.setdefault(actor.name, ((False, True, False, 0, actor.name), _view_actor(actor, counts)))
    for name, kind, number in used:
        rank = (False, True, False, -number, name)
        found.setdefault(name, (rank, _view_actor(Actor(name=name, kind=cast(ActorKind, kind)), counts)))
    return [shown for _, shown in sorted(found.values(), key=lambda pair: pair[0])][:MOST_ACTORS]


@cache
def _index_actors() -> tuple[tuple[ActorEntry, tuple[str, ...]], ...]:
    return tuple((entry, tuple(fold_name(name) for name in entry.names)) for entry in load_actors().entries)


def _list_general(home: Country | None) -> Iterable[Actor]:
    if home is not None:
        for pattern, kind in _GENERAL:
            yield Actor(name=pattern.format(home.name), kind=kind, country=home.name)


def _view_entry(entry: ActorEntry, hit: int, counts: Mapping[str, int]) -> dict[str, Json]:
    shown = _view_actor(entry.actor, counts)
    return {**shown, "aliases": list(entry.names[1:13]), "matched": entry.names[hit] if hit else None}


def _view_actor(actor: Actor, counts: Mapping[str, int]) -> dict[str, Json]:
    return {
        "name": actor.name,
        "kind": actor.kind,
        "country": actor.country,
        "aliases": [],
        "matched": None,
        "used": counts.get(actor.name, 0),
    }


# ---------------------------------------------------------------- events near by


def list_near(records: Iterable[EventRecord], latitude: float, longitude: float) -> list[dict[str, Json]]:
    """The events within 25 km of a point, nearest first."""
    found = [(measure_km(latitude, longitude, event.place), event) for event in (record.event for record in records)]
    near = [(km, event) for km, event in found if km is not None and km <= NEAR_KM]
    return [_view_event(km, event) for km, event in sorted(near, key=lambda pair: (pair[0], pair[1].event_id))]


def measure_km(latitude: float, longitude: float, place: Place | None) -> float | None:
    """The distance to a place on the sphere in km; None where the place has no point.

    >>> here = Place(name="A", kind="town", country=None, iso3=None, latitude=0.0, longitude=1.0)
    >>> round(measure_km(0.0, 0.0, here))
    111
    """
    if place is None or place.latitude is None or place.longitude is None:
        return None
    one, two = math.radians(latitude), math.radians(place.latitude)
    east = math.radians(place.longitude - longitude)
    half = math.sin((two - one) / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(east / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _view_event(km: float, event: Event) -> dict[str, Json]:
    place = event.place
    return {
        "id": event.event_id,
        "type": event.sub_event_type,
        "day": event.dates.start.isoformat() if event.dates else None,
        "deaths": event.deaths.best if event.deaths else None,
        "km": round(km),
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
    }


# ---------------------------------------------------------------- possibly the same incident


def list_twins(
    reader: Reader, mention_id: str, mention: Mention | None, hidden: frozenset[str] = frozenset()
) -> list[dict[str, Json]]:
    """Incidents of other articles that may be the same one: judged pairs first, then its event's, then those near by.

    `mention` is the incident as it stands, None where it has no event type yet. Those of `hidden` articles are left
    out.
    """
    matches = reader.matches([mention_id])
    scored = {_other(match, mention_id): match for match in sorted(matches, key=lambda m: (m.by == "people", m.score))}
    near = _list_candidates(reader, mention_id, mention)
    known = {stored.mention.mention_id: stored.mention for stored in reader.mentions(sorted(scored)).values()}
    for found in near:
        known.setdefault(found.mention_id, found)
    article = mention.article_id if mention else None
    apart = hidden | {article}
    others = [m for m in known.values() if m.mention_id != mention_id and m.article_id not in apart]
    order = {m.mention_id: n for n, m in enumerate(others)}
    others.sort(key=lambda m: (-_weigh(scored.get(m.mention_id)), order[m.mention_id]))
    articles = reader.articles(sorted({m.article_id for m in others[:MOST_TWINS]}))
    return [_view_twin(m, articles.get(m.article_id), scored.get(m.mention_id)) for m in others[:MOST_TWINS]]


def _weigh(match: Match | None) -> float:
    if match is None:
        return -1.0
    return {"unsure": 2.0, "same": 1.0, "different": -2.0}[match.verdict] + match.score / 10


def _other(match: Match, mention_id: str) -> str:
    return match.right if match.left == mention_id else match.left


def _list_candidates(reader: Reader, mention_id: str, mention: Mention | None) -> list[Mention]:
    from datetime import timedelta

    events = list(reader.events(sorted(set(reader.event_of([mention_id]).values()))).values())
    if mention and mention.place and mention.place.iso3 and mention.dates:
        week = timedelta(days=3)
        events += reader.near_events(mention.place.iso3, mention.dates.start - week, mention.dates.end + week, 40)
        events = [record for record in events if _may_be(mention, record.event)]
    return [told for record in events for told in record.event.mentions]


def _may_be(mention: Mention, event: Event) -> bool:
    """Not further than 60 km apart where both have a point."""
    place = mention.place
    if place is None or place.latitude is None or place.longitude is None or mention.place is None:
        return True
    km = measure_km(place.latitude, place.longitude, event.place)
    coarse = max(place.precision, event.place.precision if event.place else 4)
    return km is None or km <= (60.0 if coarse < 3 else 300.0)


def _view_twin(mention: Mention, article: Article | None, match: Match | None) -> dict[str, Json]:
    person = match is not None and match.by == "people"
    values: dict[str, Value | None] = {
        "event_type": mention.sub_event_type,
        "date": mention.dates,
        "place": mention.place,
        "actor1": mention.actor1,
        "actor2": mention.actor2,
        "deaths": mention.deaths,
    }
    return {
        "id": mention.mention_id,
        "article": mention.article_id,
        "title": article.title if article else mention.article_id,
        "source": name_origin(article) if article else None,
        "published_on": article.published_on.isoformat() if article and article.published_on else None,
        "values": {name: _view_value(name, value) for name, value in values.items()},
        "verdict": match.verdict if match else None,
        "score": None if match is None or person else match.score,
        "by": None if match is None else ("a person" if person else match.by),
    }


def _view_value(name: str, value: Value | None) -> Json:
    import json

    text = write_value(name, value)
    held: Json = None if text is None else json.loads(text)
    return held
