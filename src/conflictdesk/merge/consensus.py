"""What several mentions of one incident say together, and on which fields they differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from conflictdesk.records import Actor, Attribution, Dates, Estimate, Mention, Place

_Value = TypeVar("_Value")


def choose_lead(mentions: Sequence[Mention]) -> Mention:
    """The mention that speaks for the others where they cannot be combined: the fullest, then the first by id."""
    return min(mentions, key=lambda m: (-_fullness(m), m.mention_id))


def _fullness(m: Mention) -> float:
    stated = sum(bool(m.evidence.get(f)) for f in ("date", "place", "actor1", "actor2", "deaths", "injured"))
    precise = (4 - m.dates.precision if m.dates else 0) + (4 - m.place.precision if m.place else 0)
    return stated + precise / 2 - (1.5 if "date" in m.inferred else 0) - (1.5 if "place" in m.inferred else 0)


def combine_dates(mentions: Sequence[Mention]) -> Dates | None:
    """The most precise interval that most mentions bear out; a day that is only inferred gives way to a stated one."""
    known = [m for m in mentions if m.dates is not None]
    if not known:
        return None
    best = min(
        known,
        key=lambda m: ("date" in m.inferred, m.dates.precision if m.dates else 9, -_votes(known, m), m.mention_id),
    )
    return best.dates


def _votes(mentions: Sequence[Mention], m: Mention) -> int:
    return sum(o.dates == m.dates for o in mentions)


def combine_places(mentions: Sequence[Mention]) -> Place | None:
    """The finest place that is stated."""
    known = [m for m in mentions if m.place is not None]
    if not known:
        return None
    best = min(known, key=lambda m: ("place" in m.inferred, m.place.precision if m.place else 9, m.mention_id))
    return best.place


def combine_estimates(estimates: Sequence[Estimate | None]) -> Estimate | None:
    """Lowest, most frequent (then lowest) best, highest; open above only when every one is open above.

    >>> combine_estimates([Estimate.exactly(3), Estimate.exactly(5), Estimate.exactly(3), None])
    Estimate(low=3, best=3, high=5)
    """
    known = [e for e in estimates if e is not None]
    if not known:
        return None
    bests = [e.best for e in known]
    best = min(bests, key=lambda b: (-bests.count(b), b))
    highs = [e.high for e in known if e.high is not None]
    high = max([best, *highs, *bests]) if highs else None
    return Estimate(low=min(e.low for e in known), best=best, high=high)


def combine_actors(mentions: Sequence[Mention], pick: Callable[[Mention], Actor | None]) -> Actor | None:
    """The named actor that most mentions give; "unidentified" gives way to any name."""
    known = [a for m in mentions if (a := pick(m)) is not None]
    if not known:
        return None
    names = [a.name for a in known]
    return min(known, key=lambda a: (a.name.startswith(("Unidentified", "Civilians")), -names.count(a.name), a.name))


def list_attributions(mentions: Sequence[Mention]) -> tuple[tuple[str, Attribution], ...]:
    """Every attribution with the article that carries it."""
    return tuple(dict.fromkeys((m.article_id, a) for m in mentions for a in m.attribution))


def find_disputes(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The fields on which mentions state different things."""
    tests: tuple[tuple[str, Callable[[Mention], Hashable | None]], ...] = (
        ("event_type", lambda m: m.sub_event_type),
        ("date", lambda m: None if "date" in m.inferred or m.dates is None else (m.dates.start, m.dates.end)),
        ("actor1", lambda m: None if m.actor1 is None or m.actor1.name.startswith("Unidentified") else m.actor1.name),
        ("actor2", lambda m: None if m.actor2 is None or "actor2" in m.inferred else m.actor2.name),
        ("place", lambda m: None if "place" in m.inferred or m.place is None else m.place.name),
        ("deaths", lambda m: m.deaths),
        ("injured", lambda m: m.injured),
    )
    return tuple(name for name, value in tests if len({v for m in mentions if (v := value(m)) is not None}) > 1)
