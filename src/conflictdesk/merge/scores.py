"""How much speaks for two mentions telling of one incident, on what they say of time, place, kind, parties and harm."""

from __future__ import annotations

import math

from conflictdesk.records import Actor, Estimate, Mention, Place

SAME = 3.5
UNSURE = 2.0
NEAREST_KM = 60.0  # towns further apart than this are two places
WIDE_KINDS = ("admin1", "admin2", "area", "water")
_EARTH_KM = 6371.0
_NEAR_KM = 25.0
_GENERIC = ("Unidentified", "Civilians", "Protesters", "Rioters")
_FAMILY = {
    "Battles": "armed",
    "Violence against civilians": "armed",
    "Explosions/Remote violence": "armed",
    "Protests": "crowd",
    "Riots": "crowd",
    "Strategic developments": "strategic",
}
_HANDS_ON = frozenset(("Abduction/forced disappearance", "Sexual violence"))  # never done from afar


def score_pair(a: Mention, b: Mention) -> float | None:
    """The sum of what speaks for one incident; None when time, place or kind rule it out."""
    parts = (_score_dates(a, b), _score_places(a.place, b.place), _score_kinds(a, b))
    if any(p is None for p in parts):
        return None
    score = sum(p for p in parts if p is not None)
    return score + _score_tolls(a.deaths, b.deaths) + _score_tolls(a.injured, b.injured) / 2 + _score_actors(a, b)


def _score_dates(a: Mention, b: Mention) -> float | None:
    if a.dates is None or b.dates is None:
        return 0.0
    if a.dates.start <= b.dates.end and b.dates.start <= a.dates.end:
        widest = max(a.dates.precision, b.dates.precision)
        return {1: 1.5, 2: 0.75}.get(widest, 0.25)
    gap = max((b.dates.start - a.dates.end).days, (a.dates.start - b.dates.end).days)
    reported = "date" in a.inferred or "date" in b.inferred
    return -0.25 if reported and gap <= 1 else None


def _score_places(a: Place | None, b: Place | None) -> float | None:
    if a is None or b is None:
        return 0.0
    if a.country != b.country:
        return None
    distance = measure_km(a, b)
    if a.name == b.name and _may_be_one(a, b, distance):
        return 1.5 if a.kind != "country" else 0.5
    if a.kind == "country" or b.kind == "country":
        return 0.25
    coarse = [p for p in (a, b) if p.kind in WIDE_KINDS]
    if coarse and (a.admin1 == b.admin1 and a.admin1 is not None):
        return 0.75
    if distance is None:
        return None
    if coarse:
        return 0.5 if distance <= NEAREST_KM * 3 else None
    return 1.0 if distance <= _NEAR_KM else (0.25 if distance <= NEAREST_KM else None)


def _may_be_one(a: Place, b: Place, distance: float | None) -> bool:
    """Two places of one name: many countries have several towns called alike."""
    if a.gazetteer_id is not None and a.gazetteer_id == b.gazetteer_id:
        return True
    if distance is not None:
        return distance <= NEAREST_KM
    return a.admin1 is None or b.admin1 is None or a.admin1 == b.admin1


def measure_km(a: Place, b: Place) -> float | None:
    """Great-circle distance of two places in kilometres; None when one has no point."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    p, q = math.radians(a.latitude), math.radians(b.latitude)
    across = math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    half = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * across
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _score_kinds(a: Mention, b: Mention) -> float | None:
    if a.sub_event_type == b.sub_event_type:
        return 1.0
    if _FAMILY[a.event_type] != _FAMILY[b.event_type] or _FAMILY[a.event_type] == "strategic":
        return None  # an arrest is no agreement, though both are strategic developments
    if _FAMILY[a.event_type] == "crowd":
        return 0.5 if a.event_type == b.event_type else 0.0
    if "Explosions/Remote violence" in (a.event_type, b.event_type) and _HANDS_ON & {
        a.sub_event_type,
        b.sub_event_type,
    }:
        return None
    # Words for violence vary from paper to paper; day and town alone do not make a mine an airstrike.
    return 0.25 if a.event_type == b.event_type else -0.5


def _score_tolls(a: Estimate | None, b: Estimate | None) -> float:
    if a is None or b is None:
        return 0.0
    if a.best == b.best:
        return 1.0 if a.best else 0.25
    highest_a, highest_b = (math.inf if each.high is None else each.high for each in (a, b))
    if a.low <= highest_b and b.low <= highest_a:
        return 0.25
    return -0.25 if max(a.best, b.best) <= 1.5 * min(a.best, b.best) + 2 else -1.5


def _score_actors(a: Mention, b: Mention) -> float:
    mine, theirs = _known(a), _known(b)
    if not mine or not theirs:
        return 0.0
    return 0.75 if mine & theirs else -0.5


def _known(m: Mention) -> set[str]:
    actors: list[Actor | None] = [m.actor1, m.actor2]
    return {x.name for x in actors if x is not None and not x.name.startswith(_GENERIC)}
