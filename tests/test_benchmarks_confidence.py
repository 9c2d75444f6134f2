"""The measure of confidence sees what is stated too high and what an order is worth; the fit keeps to its sides."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.confidence import Look, Rated, review, sum_up, tabulate
from conflictdesk.coding.signs import SIGNS
from conflictdesk.review.queue import FIELD_WEIGHTS
from training.fit_confidence import fit_field


def rate(stated: float, right: int, wrong: int) -> list[Rated]:
    return [Rated(field="date", stated=stated, right=n < right) for n in range(right + wrong)]


def test_probabilities_that_hold_have_no_gap() -> None:
    sums = sum_up([*rate(0.75, 3, 1), *rate(0.5, 2, 2)])["date"]
    assert isinstance(sums, dict)
    assert sums["ece"] == 0.0 and sums["n"] == 8
    assert sums["brier"] == pytest.approx((4 * 0.1875 + 4 * 0.25) / 8, abs=1e-3)


def test_what_is_stated_too_high_shows_as_a_gap() -> None:
    sums = sum_up(rate(0.95, 5, 5))["date"]
    assert isinstance(sums, dict)
    assert sums["ece"] == pytest.approx(0.45)
    assert sums["brier"] > sums["always"]


def test_every_value_is_in_one_bin() -> None:
    rated = [r for p in (0.0, 0.5, 0.6, 0.61, 0.98, 1.0) for r in rate(p, 1, 1)]
    assert sum(int(str(figures["n"])) for figures in tabulate(rated).values()) == len(rated)


def look(name: str, sure: float, *wrong: str) -> Look:
    return Look(
        event_id=name,
        confidence={**dict.fromkeys(FIELD_WEIGHTS, 0.95), "event": sure},
        disputed=(),
        wrong=frozenset(wrong),
        rated=(),
    )


def test_the_first_quarter_of_looks_finds_what_is_doubtful() -> None:
    looks = [look("a", 0.9), look("b", 0.2, "event"), look("c", 0.9, "date"), look("d", 0.9)]
    found = review(looks)
    assert (found["found"], found["random"]) == (0.5, 0.25)
    assert review([look("a", 0.9)])["wrong fields"] == 0


def test_no_fit_takes_a_sign_to_the_other_side() -> None:
    """Values that are right whenever a doubt holds, and wrong whenever a ground does."""
    signs = SIGNS["place"]
    x = np.array([[1.0, *(float(n == k) for k in range(len(signs)))] for n in range(len(signs))] * 5)
    y = np.array([float(not s.speaks_for) for s in signs] * 5)
    weights = fit_field("place", x, y)
    assert all(w >= 0 if s.speaks_for else w <= 0 for s, w in zip(signs, weights[1:], strict=True))
    assert np.array_equal(weights, fit_field("place", x, y))
