"""What several mentions of one incident say together, and on which fields they differ."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

from conflictdesk.records import Actor, Attribution, Dates, Estimate, Event, Mention, Place


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
    """The finest place that is stated; of several as fine, the one that most mentions give."""
    known = [(m, m.place) for m in mentions if m.place is not None]
    if not known:
        return None
    names = [p.name for _, p in known]
    best = min(
        known,
        key=lambda row: ("place" in row[0].inferred, row[1].precision, -names.count(row[1].name), row[0].mention_id),
    )
    return best[1]


def combine_tolls(mentions: Sequence[Mention], field: Literal["deaths", "injured"]) -> Estimate | None:
    """What the mentions say of a toll; a figure goes before words such as "several"."""
    told = [(m, m.deaths if field == "deaths" else m.injured) for m in mentions]
    stated = [e for m, e in told if e is not None and field not in m.inferred]
    return combine_estimates(stated or [e for _, e in told])


def combine_estimates(estimates: Sequence[Estimate | None]) -> Estimate | None:
    """Lowest, most frequent (then lowest) best, highest; open above when no closed figure reaches an open one.

    >>> combine_estimates([Estimate.exactly(3), Estimate.exactly(5), Estimate.exactly(3), None])
    Estimate(low=3, best=3, high=5)
    >>> combine_estimates([Estimate(low=12, best=12, high=None), Estimate.exactly(9)])
    Estimate(low=9, best=9, high=None)
    """
    known = [e for e in estimates if e is not None]
    if not known:
        return None
    bests = [e.best for e in known]
    best = min(bests, key=lambda b: (-bests.count(b), b))
    highs = [e.high for e in known if e.high is not None]
    least = max((e.best for e in known if e.high is None), default=0)
    high = max(highs) if highs and max(highs) >= least else None
    return Estimate(low=min(e.low for e in known), best=best, high=high)


def combine_actors(mentions: Sequence[Mention]) -> tuple[Actor | None, Actor | None]:
    """Both sides: for each the named actor that most mentions give; "unidentified" gives way to any name.

    In a battle either side may stand first, so the sides are set in order before they are counted.
    """
    sides = align_sides(mentions)
    first = _choose([a for a, _ in sides if a is not None])
    second = _choose([b for _, b in sides if b is not None and b != first])
    return first, second


def align_sides(mentions: Sequence[Mention]) -> list[tuple[Actor | None, Actor | None]]:
    """The two sides of each mention; those of a battle stand in the order of the mention that leads."""
    lead = choose_lead(mentions)
    return [_turn(m, lead) for m in mentions]


def _turn(m: Mention, lead: Mention) -> tuple[Actor | None, Actor | None]:
    straight, turned = (m.actor1, m.actor2), (m.actor2, m.actor1)
    if not m.event_type == lead.event_type == "Battles":
        return straight
    ours = (lead.actor1, lead.actor2)
    fits = [sum(a is not None and a == b for a, b in zip(sides, ours, strict=True)) for sides in (straight, turned)]
    return turned if fits[1] > fits[0] else straight


def _choose(known: Sequence[Actor]) -> Actor | None:
    names = [a.name for a in known]
    return min(known, key=lambda a: (_is_generic(a), -names.count(a.name), a.name), default=None)


def _is_generic(actor: Actor) -> bool:
    return actor.name.startswith(("Unidentified", "Civilians"))


def combine_doubts(mentions: Sequence[Mention], lead: Mention) -> dict[str, str]:
    """Why a field has no value, as the leading mention says, for the fields of which no mention has one."""
    told = {name for m in mentions for name in (*m.evidence, *m.inferred)}
    return {
        name: reason
        for mention in (*mentions, lead)
        for name, reason in mention.cannot_tell.items()
        if name not in told
    }


def combine_confidence(event: Event) -> dict[str, float]:
    """The probability of each field: that of the surest mention which gives the event's own value."""
    rated = {name: [m for m in event.mentions if name in m.confidence] for m in event.mentions for name in m.confidence}
    return {
        name: max(m.confidence[name] for m in [m for m in held if _told(m, name) == _told(event, name)] or held)
        for name, held in rated.items()
    }


def _told(one: Mention | Event, name: str) -> object:
    """What a mention or the event says of a field; of a toll its best figure, as the rest is combined."""
    tolls = {"deaths": one.deaths, "injured": one.injured}
    if name in tolls:
        toll = tolls[name]
        return None if toll is None else toll.best
    values = {"date": one.dates, "place": one.place, "actor1": one.actor1, "actor2": one.actor2}
    return one.sub_event_type if name == "event_type" else values.get(name)


def list_attributions(mentions: Sequence[Mention]) -> tuple[tuple[str, Attribution], ...]:
    """Every attribution with the article that carries it."""
    return tuple(dict.fromkeys((m.article_id, a) for m in mentions for a in m.attribution))


def find_disputes(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The fields on which mentions state different things."""
    sides = align_sides(mentions)
    stated: dict[str, list[Hashable | None]] = {
        "event_type": [m.sub_event_type for m in mentions],
        "date": [None if "date" in m.inferred or m.dates is None else (m.dates.start, m.dates.end) for m in mentions],
        "actor1": [None if a is None or a.name.startswith("Unidentified") else a.name for a, _ in sides],
        "actor2": [
            None if b is None or b.name.startswith("Unidentified") or "actor2" in m.inferred else b.name
            for m, (_, b) in zip(mentions, sides, strict=True)
        ],
        "place": [None if "place" in m.inferred or m.place is None else m.place.name for m in mentions],
        "deaths": [m.deaths for m in mentions],
        "injured": [m.injured for m in mentions],
    }
    return tuple(name for name, values in stated.items() if len({v for v in values if v is not None}) > 1)
