"""Events ratio: more spread than chance alone, because events come in clusters and waves.

Three steps, each needed in the simulation of docs/why/intervals.md. The long-run variance of a window's sum is the
mean square of the weekly values laid on a few slow cosines (Mueller 2007; Lazarus, Lewis, Stock and Watson 2018), which
feel waves nearly as long as the window. What waves of some weeks withhold from these cosines is put back by the first
autocorrelation. Few cosines mean few degrees of freedom, and Student's t pays for them (Welch 1947).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from conflictdesk.analyse.intervals import LEVEL, Floats, RateRatio, as_days, bound_exactly, divide_rates, sum_weeks
from conflictdesk.questions import Interval

FEWEST_WEEKS = 4
"""A shorter window does not show how its weeks vary, and gets no process interval."""
MOST_MEMORY = 0.9
_COSINES = 0.55  # a window of 13 weeks gets 2, of 26 weeks 3, of 52 weeks 4
TOO_SHORT = f"no process interval: a window is shorter than {FEWEST_WEEKS} weeks"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSpread:
    """How far the log of a ratio of two sums strays: its variance, and the degrees of freedom that this rests on.

    `memory` is the correlation of one week with the next within windows, bias-corrected, between 0 and 0.9. `alone` is
    the variance if each day came alone and by chance: an interval is never narrower than that.
    """

    variance: float
    freedom: float
    memory: float
    alone: float

    def reach(self, level: float = LEVEL) -> float:
        """Half the width of the interval on the log scale."""
        waves = float(special.stdtrit(self.freedom, (1 + level) / 2)) * np.sqrt(self.variance)
        return float(max(waves, special.ndtri((1 + level) / 2) * np.sqrt(self.alone)))


def rate_ratio_dispersed(before: ArrayLike, after: ArrayLike, level: float = LEVEL) -> RateRatio:
    """The ratio of two event rates with an interval that knows that events cluster; this is what is published.

    `before` and `after` hold the events of each day. The spread is `measure_log_spread`; it is never less than that of
    events that come alone. Where a window is empty, the other's count divided by its own dispersion enters the exact
    interval of `rate_ratio_exact`.
    """
    old, new = as_days(before), as_days(after)
    n0, n1 = float(old.sum()), float(new.sum())
    value, phi = divide_rates(n1, new.size, n0, old.size), measure_dispersion(old, new)[0]
    if min(old.size, new.size) < 7 * FEWEST_WEEKS:
        return RateRatio(value=value, interval=None, method=TOO_SHORT, dispersion=phi)
    if n0 and n1:
        spread = measure_log_spread(old, new)
        half = max(spread.reach(level), float(special.ndtri((1 + level) / 2)) * np.sqrt(1 / n1 + 1 / n0))
        interval = Interval(low=float(value * np.exp(-half)), high=float(value * np.exp(half)))
        method = f"spread and waves of the weekly counts, Student's t with {spread.freedom:.1f} degrees of freedom"
        return RateRatio(value=value, interval=interval, method=method, dispersion=phi, freedom=spread.freedom)
    worth = _measure_worth(old if n0 else new, n0 or n1)
    return RateRatio(
        value=value,
        interval=bound_exactly((n1 / worth, new.size), (n0 / worth, old.size), level),
        method=f"exact, as an empty window allows nothing else; {worth:.1f} events count as one independent event",
        dispersion=phi,
    )


def _measure_worth(daily: Floats, count: float) -> float:
    """How many events of a window count as one independent event, at least 1; for a window beside an empty one."""
    if not count:
        return 1.0
    weeks = _scale_weeks(daily, from_end=False)
    return max(1.0, _sum_cosines([weeks], _measure_memory([weeks]))[0][0] * count)


def measure_log_spread(before: ArrayLike, after: ArrayLike) -> LogSpread:
    """The variance of log(after / before) from the weeks within two windows; both need a sum above 0 and 4 weeks."""
    old, new = as_days(before), as_days(after)
    if min(old.size, new.size) < 7 * FEWEST_WEEKS or not (old.sum() and new.sum()):
        raise ValueError(f"both windows need {FEWEST_WEEKS} weeks and something in them")
    windows = [_scale_weeks(old, from_end=True), _scale_weeks(new, from_end=False)]
    memory = _measure_memory(windows)
    (v0, b0), (v1, b1) = _sum_cosines(windows, memory)
    freedom = (v0 + v1) ** 2 / (v0**2 / b0 + v1**2 / b1) if v0 + v1 > 0 else float(b0 + b1)
    alone = float((old**2).sum() / old.sum() ** 2 + (new**2).sum() / new.sum() ** 2)
    return LogSpread(variance=v0 + v1, freedom=freedom, memory=memory, alone=alone)


def _scale_weeks(daily: Floats, *, from_end: bool) -> tuple[Floats, Floats]:
    """What each week holds beyond its share of the window's sum, as a part of that sum; and the weeks' midpoints."""
    sums, days = sum_weeks(daily, from_end=from_end)
    return sums / sums.sum() - days / days.sum(), (np.cumsum(days) - days / 2) / days.sum()


def _measure_memory(windows: list[tuple[Floats, Floats]]) -> float:
    """The first autocorrelation pooled over windows, with the bias of short series taken off (Kendall 1954)."""
    squares = sum(float((rest**2).sum()) for rest, _ in windows)
    if squares <= 0:
        return 0.0
    raw = sum(float((rest[1:] * rest[:-1]).sum()) for rest, _ in windows) / squares
    length = sum(rest.size for rest, _ in windows) / len(windows)
    return float(np.clip(raw + (1 + 3 * raw) / length, 0.0, MOST_MEMORY))


def _sum_cosines(windows: list[tuple[Floats, Floats]], memory: float) -> list[tuple[float, int]]:
    """For each window the variance of its sum (as a part of the sum, squared) and the cosines that it rests on."""
    found = []
    for rest, midpoints in windows:
        number = min(max(2, int(_COSINES * np.sqrt(rest.size) + 0.5)), rest.size - 1)
        slow = np.pi * np.arange(1, number + 1)
        variance = 2 * float(((np.cos(np.outer(slow, midpoints)) @ rest) ** 2).mean())
        held = (1 - memory) ** 2 / (1 - 2 * memory * np.cos(slow / rest.size) + memory**2)
        found.append((variance / float(held.mean()), number))
    return found


def measure_dispersion(before: ArrayLike, after: ArrayLike) -> tuple[float | None, int]:
    """Pearson's chi2 of the weekly values within windows by its degrees of freedom, and these; None where untold.

    1 where each event comes alone and by chance, 3 where weeks spread as if events came in threes (McCullagh and Nelder
    1989, 9.2).
    """
    chi2, freedom = 0.0, 0
    for values, days in (sum_weeks(before, from_end=True), sum_weeks(after)):
        expected = values.sum() * days / days.sum()
        if values.sum() > 0:
            chi2 += float(((values - expected) ** 2 / expected).sum())
            freedom += values.size - 1
    return (chi2 / freedom if freedom else None), freedom


def rate_ratio_quasi_poisson(before: ArrayLike, after: ArrayLike, level: float = LEVEL) -> RateRatio:
    """The ratio of two rates with its spread taken as if weeks did not follow each other: for comparison only.

    The variance of the log ratio is max(phi, 1) (1/n1 + 1/n0), the quantile Student's t. In the simulation it covers
    far too little, because bad weeks follow bad weeks. None where a window is empty.
    """
    old, new = as_days(before), as_days(after)
    n0, n1 = float(old.sum()), float(new.sum())
    value, (phi, freedom) = divide_rates(n1, new.size, n0, old.size), measure_dispersion(old, new)
    method = "quasi-Poisson on weekly counts"
    if not value or phi is None:
        return RateRatio(value=value, interval=None, method=method, dispersion=phi)
    half = float(special.stdtrit(freedom, (1 + level) / 2)) * np.sqrt(max(phi, 1.0) * (1 / n1 + 1 / n0))
    interval = Interval(low=float(value * np.exp(-half)), high=float(value * np.exp(half)))
    return RateRatio(value=value, interval=interval, method=method, dispersion=phi, freedom=float(freedom))


def newey_west_variance(before: ArrayLike, after: ArrayLike, lag: int) -> float:
    """The variance of the log ratio by Newey and West (1987), weeks within windows, Bartlett weights: for comparison.

    What the simulation says of it: better than nothing of waves, and still too narrow at half a year.
    """
    total = 0.0
    for daily, from_end in ((before, True), (after, False)):
        rest, _ = _scale_weeks(as_days(daily), from_end=from_end)
        total += float((rest**2).sum())
        for step in range(1, lag + 1):
            total += 2 * (1 - step / (lag + 1)) * float((rest[step:] * rest[:-step]).sum())
    return total
