"""How sure a ratio of two windows is: pure arithmetic on arrays, no dataset and no clock.

A window is an array with **one value a day**, in order, 0.0 for a day without events: counts of events or sums of
deaths. Its length is the exposure in days. Weeks are counted outwards from the split, so that the two weeks beside it
are whole; see `sum_weeks`. Two intervals answer two questions and are never merged: `envelope` ("what was reported")
and the process intervals of `rate_ratio_dispersed` and `block_bootstrap_ratio` ("how far would a rerun of the same
process fall from this"). docs/why/intervals.md says how well they hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from conflictdesk.questions import Interval

Floats = NDArray[np.float64]
LEVEL = 0.95
SMALLEST_BASE = 10
"""Below this many events or deaths before, a change is told as two numbers and not in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRatio:
    """After divided by before, per day, with its 95 % process interval and the words for how it was made.

    `value` is None where nothing stands before. An end of the interval is None where the data set no bound;
    `interval` is None where they tell nothing at all, and `method` says why. `dispersion` is the variance of the weekly
    values divided by their mean (1 for independent events), `freedom` the degrees of freedom behind the interval.
    """

    value: float | None
    interval: Interval | None
    method: str
    dispersion: float | None = None
    freedom: float | None = None


def rate_ratio_exact(n1: int, d1: float, n0: int, d0: float, level: float = LEVEL) -> RateRatio:
    """The ratio of two rates if each event came alone and by chance: n1 events in d1 days after, n0 in d0 before.

    Given n0 + n1, n1 is binomial with p = RR d1 / (RR d1 + d0); the ends are those of Clopper and Pearson (1934) for
    p, turned into ratios (Przyborowski and Wilenski 1940). Conflict events cluster: this is too narrow for them.

    >>> ratio = rate_ratio_exact(0, 182, 5, 182)
    >>> (ratio.value, ratio.interval.low, round(ratio.interval.high, 2))
    (0.0, 0.0, 1.09)
    """
    if min(n1, n0) < 0 or min(d1, d0) <= 0:
        raise ValueError("counts cannot be negative and windows need at least one day")
    return RateRatio(
        value=divide_rates(n1, d1, n0, d0), interval=bound_exactly((n1, d1), (n0, d0), level), method="exact Poisson"
    )


def divide_rates(n1: float, d1: float, n0: float, d0: float) -> float | None:
    """(n1 / d1) / (n0 / d0), or None where nothing stands before."""
    return (n1 * d0) / (n0 * d1) if n0 > 0 else None


def bound_exactly(after: tuple[float, float], before: tuple[float, float], level: float) -> Interval | None:
    """The Clopper-Pearson ends of a rate ratio from (count, days) of each window; None where both are empty.

    Counts may be fractions: a count divided by its dispersion is the number of independent events it is worth.
    """
    (n1, d1), (n0, d0) = after, before
    if n1 + n0 <= 0:
        return None
    tail = (1 - level) / 2
    low = float(special.betaincinv(n1, n0 + 1, tail)) if n1 > 0 else 0.0
    high = float(special.betaincinv(n1 + 1, n0, 1 - tail)) if n0 > 0 else 1.0
    odds = d0 / d1
    return Interval(low=low / (1 - low) * odds, high=high / (1 - high) * odds if high < 1 else None)


def envelope(low1: float, high1: float | None, low0: float, high0: float | None, days: tuple[float, float]) -> Interval:
    """From the lowest to the highest ratio that the reported figures allow; `days` are those of (after, before).

    [low1 / high0, high1 / low0], each per day: all events after at their low while all before are at their high, and
    the other way round. That is perfect dependence, so it is an outer bound and not a 95 % interval. A high of None
    ("at least") or a low0 of 0 leaves an end open: None.

    >>> envelope(80, 180, 90, 100, (182, 182))
    Interval(low=0.8, high=2.0)
    """
    d1, d0 = days
    low = divide_rates(low1, d1, high0, d0) if high0 is not None else None
    high = divide_rates(high1, d1, low0, d0) if high1 is not None else None
    return Interval(low=low, high=high)


def percent_change_allowed(n0: float) -> bool:
    """Whether a change may be told in percent: at least `SMALLEST_BASE` before.

    With 10 before, chance alone moves the base by a third (1 / sqrt(10)); below that "+200 %" says next to nothing.
    """
    return n0 >= SMALLEST_BASE


def sum_weeks(daily: ArrayLike, *, from_end: bool = False) -> tuple[Floats, Floats]:
    """The sums of seven days and the days in each; weeks start at the array's start, or run back from its end.

    The odd days that remain form a week of their own at the far side of the split.

    >>> sum_weeks([1, 1, 1, 1, 1, 1, 1, 5, 5], from_end=True)
    (array([ 2., 15.]), array([2., 7.]))
    """
    values = as_days(daily)
    odd = values.size % 7
    first = odd if from_end and odd else 7
    edges = np.concatenate(([0], np.arange(first, values.size, 7))).astype(int)
    days = np.diff(np.append(edges, values.size)).astype(np.float64)
    return np.add.reduceat(values, edges), days


def as_days(daily: ArrayLike) -> Floats:
    """The array of one window, looked at: one dimension, at least one day, nothing negative or missing."""
    values = np.asarray(daily, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("a window is one row of at least one day, each a number of 0 or more")
    return values
