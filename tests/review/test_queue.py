"""The order of review: what is disputed first, then what is most doubtful, the same whatever the order given."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.review.queue import FIELD_WEIGHTS, order_for_review, value_look

SURE = dict.fromkeys(FIELD_WEIGHTS, 0.95)


@dataclass(frozen=True)
class Told:
    """As much of an event as the order asks."""

    event_id: str
    confidence: dict[str, float]
    disputed: tuple[str, ...] = ()


def names(events: list[Told]) -> list[str]:
    return [e.event_id for e in events]


def test_nothing_to_review() -> None:
    assert order_for_review([]) == []


def test_the_doubtful_come_before_the_sure_and_the_disputed_before_both() -> None:
    sure, doubtful = Told("a", SURE), Told("b", {**SURE, "place": 0.3})
    disputed = Told("c", SURE, ("date",))
    assert names(order_for_review([sure, doubtful, disputed])) == ["c", "b", "a"]


def test_a_doubt_of_deaths_weighs_more_than_the_same_doubt_of_injured() -> None:
    deaths, injured = Told("b", {**SURE, "deaths": 0.5}), Told("a", {**SURE, "injured": 0.5})
    assert names(order_for_review([injured, deaths])) == ["b", "a"]


def test_equal_events_stand_by_their_id() -> None:
    assert names(order_for_review([Told("b", SURE), Told("a", SURE), Told("c", SURE)])) == ["a", "b", "c"]


def test_an_event_that_nobody_rated_is_looked_at_before_a_sure_one() -> None:
    assert names(order_for_review([Told("a", SURE), Told("b", {})])) == ["b", "a"]


PROBABILITY = st.floats(0, 1)
TOLD = st.lists(
    st.builds(
        Told,
        event_id=st.text("abcdef", min_size=1, max_size=4),
        confidence=st.dictionaries(st.sampled_from(sorted(FIELD_WEIGHTS)), PROBABILITY),
        disputed=st.sampled_from([(), ("deaths",), ("place", "date")]),
    ),
    unique_by=lambda e: e.event_id,
    max_size=8,
)


@given(TOLD, st.randoms(use_true_random=False))
def test_the_order_given_does_not_matter_and_none_is_lost(events: list[Told], chance: object) -> None:
    mixed = list(events)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    ordered = order_for_review(events)
    assert order_for_review(mixed) == ordered
    assert sorted(names(ordered)) == sorted(names(events))


@given(st.sampled_from(sorted(FIELD_WEIGHTS)), PROBABILITY, PROBABILITY)
def test_less_doubt_never_makes_a_look_worth_more(field: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    certain = {**SURE, "event": 1.0} if field != "event" else SURE
    less, more = Told("a", {**certain, field: high}), Told("a", {**certain, field: low})
    assert value_look(less) <= value_look(more) + 1e-9
