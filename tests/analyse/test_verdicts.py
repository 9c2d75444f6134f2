"""The rules of the verdicts: every row of the table, and how meanings add up to one verdict."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.analyse.verdicts import fit_value, judge_change, judge_claim, judge_meaning
from conflictdesk.questions import ClaimFigure, ClaimReading, Meaning, MeaningCheck, People, Verdict


def make_reading(*figures: ClaimFigure, change: float | None = None, change_is: str = "exact") -> ClaimReading:
    return ClaimReading(
        sentence="",
        actor_said=None,
        actor=(),
        measure="deaths",
        split=dt.date(2020, 1, 1),
        window="1year",
        from_day=None,
        to_day=None,
        figures=figures,
        change=change,
        change_is=change_is,  # type: ignore[arg-type]
        quotes={},
        unread=(),
    )


def make_figure(value: float, side: str = "after", value_is: str = "exact") -> ClaimFigure:
    return ClaimFigure(value=value, value_is=value_is, side=side, quote=str(value), start=0, end=1)  # type: ignore[arg-type]


def people(low: int, best: int, high: int) -> People:
    return People(low=low, best=best, high=high)


@pytest.mark.parametrize(
    ("value", "value_is", "found", "fit"),
    [
        (1000, "exact", (900, 1000, 1100), "exact"),
        (1000, "exact", (1049, 1050, 1100), "near"),
        (1000, "exact", (950, 1100, 1200), "near"),
        (1000, "exact", (1060, 1100, 1200), "off"),
        (1000, "at least", (1000, 1000, 1000), "near"),
        (1000, "at least", (960, 960, 960), "near"),
        (1000, "at least", (940, 940, 940), "off"),
        (1000, "at least", (2000, 2000, 2000), "near"),
        (1000, "at least", (2001, 2001, 2001), "off"),
        (1000, "at most", (1050, 1050, 1050), "near"),
        (1000, "at most", (1060, 1060, 1060), "off"),
        (1000, "at most", (499, 499, 499), "off"),
        (1000, "about", (1100, 1100, 1100), "near"),
        (1000, "about", (1101, 1101, 1101), "off"),
        (1000, "about", (990, 1300, 1500), "near"),
    ],
)
def test_a_figure_fits_by_the_table(value: float, value_is: str, found: tuple[int, int, int], fit: str) -> None:
    assert fit_value(value, value_is, found, 0.05) == fit


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.floats(0, 0.5))
def test_more_tolerance_never_makes_a_fit_worse(value: int, best: int, tolerance: float) -> None:
    order = ("exact", "near", "off")
    for kind in ("exact", "at least", "at most", "about"):
        wide, narrow = (order.index(fit_value(value, kind, (best, best, best), t)) for t in (tolerance, 0.0))
        assert wide <= narrow


@pytest.mark.parametrize(
    ("change", "change_is", "before", "after", "fit"),
    [
        (40.0, "exact", 100, 140, "exact"),
        (40.0, "exact", 1000, 1404, "exact"),
        (40.0, "exact", 100, 145, "near"),
        (40.0, "exact", 100, 190, "off"),
        (100.0, "at least", 100, 230, "near"),
        (100.0, "at least", 100, 150, "off"),
        (-40.0, "about", 100, 62, "near"),
        (-40.0, "about", 100, 90, "off"),
        (-40.0, "at least", 100, 55, "near"),
        (-40.0, "at least", 100, 80, "off"),
        (3.0, "exact", 100, 99, "off"),
    ],
)
def test_a_change_fits_by_its_ratio(change: float, change_is: str, before: int, after: int, fit: str) -> None:
    reading = make_reading(change=change, change_is=change_is)
    judged = judge_change(reading, people(before, before, before), people(after, after, after), 0.05)
    assert judged is not None and judged.fit == fit


def test_a_change_from_nothing_cannot_be_told() -> None:
    found = {"before": people(0, 0, 0), "after": people(5, 5, 5)}
    assert judge_meaning(make_reading(change=40.0), found, 0.05)[0] == "cannot tell"


def test_the_worst_figure_decides_a_meaning() -> None:
    reading = make_reading(make_figure(100, "before"), make_figure(200))
    found = {"before": people(100, 100, 100), "after": people(150, 150, 150)}
    verdict, why = judge_meaning(reading, found, 0.05)
    assert verdict == "not reproduced"
    assert "before: 100 claimed, 100 found" in why and "after: 200 claimed, 150 found" in why


def check(meaning: Meaning, verdict: Verdict) -> MeaningCheck:
    return MeaningCheck(meaning=meaning, found={}, verdict=verdict, why=f"{meaning} tells")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (("reproduced", "not reproduced"), "depends on the meaning"),
        (("reproduced", "reproduced"), "reproduced"),
        (("reproduced", "cannot tell"), "reproduced"),
        (("reproduced", "within tolerance"), "within tolerance"),
        (("within tolerance", "within tolerance"), "within tolerance"),
        (("within tolerance", "not reproduced"), "depends on the meaning"),
        (("not reproduced", "not reproduced"), "not reproduced"),
        (("cannot tell", "not reproduced"), "not reproduced"),
        (("cannot tell", "cannot tell"), "cannot tell"),
        ((), "cannot tell"),
    ],
)
def test_meanings_add_up_to_one_verdict(verdicts: tuple[Verdict, ...], expected: Verdict) -> None:
    meanings: tuple[Meaning, ...] = ("involving", "perpetrated")
    verdict, why = judge_claim([check(m, v) for m, v in zip(meanings, verdicts)], 0.05)
    assert verdict == expected
    assert why.endswith(".") and why[0].isupper()


def test_a_claim_without_an_actor_speaks_of_all_events() -> None:
    for verdict in ("reproduced", "within tolerance", "not reproduced"):
        _, why = judge_claim([check("involving", verdict)], 0.05, any_actor=True)
        assert "all events" in why
        assert "actor" not in why


def test_every_meaning_that_does_not_fit_is_told() -> None:
    _, why = judge_claim([check("involving", "not reproduced"), check("perpetrated", "not reproduced")], 0.05)
    assert "events that involve the actor" in why
    assert "violence against civilians by the actor" in why


def test_a_small_base_gives_counts_and_no_percent() -> None:
    few = judge_change(make_reading(change=100.0), people(3, 3, 3), people(0, 0, 0), 0.05)
    many = judge_change(make_reading(change=100.0), people(30, 30, 30), people(462, 462, 462), 0.05)
    assert few is not None
    assert many is not None
    assert few.why == "change: +100 % claimed, 3 before, 0 after found"
    assert many.why == "change: +100 % claimed, +1,440 % (30 before, 462 after) found"
