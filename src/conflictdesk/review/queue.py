"""The door of `review`: in which order a person should look at events, so that each look mends the most."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol, TypeVar

__all__ = ["FIELD_WEIGHTS", "Reviewable", "order_for_review", "value_look"]

# What a wrong value costs whoever counts with the data: deaths, place and actors are what figures are made of, and an
# event that is none is wrong in all of them.
FIELD_WEIGHTS: Mapping[str, float] = {
    "event": 6.0,
    "deaths": 3.0,
    "place": 2.0,
    "actor1": 2.0,
    "actor2": 2.0,
    "date": 1.5,
    "event_type": 1.5,
    "injured": 1.0,
}


class Reviewable(Protocol):
    """An event as far as the order asks: its id, its probabilities by field, the fields on which reports differ."""

    @property
    def event_id(self) -> str: ...
    @property
    def confidence(self) -> Mapping[str, float]: ...
    @property
    def disputed(self) -> Collection[str]: ...


_One = TypeVar("_One", bound=Reviewable)


def order_for_review(events: Iterable[_One]) -> list[_One]:
    """Events in the order in which a look is worth most: those whose reports differ, then the most doubtful.

    Equal ones stand in the order of their ids, so that the order of `events` does not matter.
    """
    return sorted(events, key=lambda e: (not e.disputed, -value_look(e), e.event_id))


def value_look(event: Reviewable) -> float:
    """How much error a look at an event is expected to find: the doubt of each field times its weight.

    The probabilities of the fields hold if it is an event at all, so their doubt counts as far as it is one. A field
    that nobody rated counts as half right, one on which reports differ as half right at most.

    >>> from types import SimpleNamespace as Look
    >>> sure = Look(event_id="a", confidence=dict.fromkeys(FIELD_WEIGHTS, 1.0), disputed=())
    >>> value_look(sure), value_look(Look(event_id="b", confidence={**sure.confidence, "deaths": 0.5}, disputed=()))
    (0.0, 1.5)
    """
    real = event.confidence.get("event", 0.5)
    doubt = sum(weight * (1 - _rate(event, name)) for name, weight in FIELD_WEIGHTS.items() if name != "event")
    return (1 - real) * FIELD_WEIGHTS["event"] + real * doubt


def _rate(event: Reviewable, name: str) -> float:
    stated = event.confidence.get(name, 0.5)
    return min(stated, 0.5) if name in event.disputed else stated
