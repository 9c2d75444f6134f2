"""Deaths ratio: heavy-tailed sums, resampled by blocks of weeks; and what remains without the largest events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from conflictdesk.analyse.dispersion import FEWEST_WEEKS, TOO_SHORT, measure_log_spread
from conflictdesk.analyse.intervals import LEVEL, Floats, RateRatio, as_days, divide_rates, sum_weeks
from conflictdesk.questions import Interval

FEWEST_BLOCKS = 6
EMPTY_WINDOW = "nothing to resample: a window is empty"


def block_bootstrap_ratio(
    before: ArrayLike, after: ArrayLike, resamples: int = 2000, seed: int = 1, block: int | None = None
) -> RateRatio:
    """The ratio of two daily rates of deaths with an interval from blocks of weeks drawn anew; this is published.

    `before` and `after` hold the deaths of each day; `block` is in weeks, None lets the data say
    (`dependence_block_length`). The same seed gives the same interval. Blocks wrap round the window's end (Politis and
    Romano 1992). Drawn blocks break the longest waves, so that the plain interval is too narrow: it keeps its shape
    and is stretched until it is as wide as `measure_log_spread` asks.
    """
    old, new = as_days(before), as_days(after)
    value = divide_rates(float(new.sum()), new.size, float(old.sum()), old.size)
    if min(old.size, new.size) < 7 * FEWEST_WEEKS:
        return RateRatio(value=value, interval=None, method=TOO_SHORT)
    if not value:
        return RateRatio(
            value=value, interval=None if value is None else Interval(low=0.0, high=None), method=EMPTY_WINDOW
        )
    weeks = dependence_block_length(old, new) if block is None else block
    logs = draw_log_ratios((old, new), 7 * weeks, resamples, seed) - np.log(value)
    spread = measure_log_spread(old, new)
    low, high = _stretch(logs, spread.reach())
    method = (
        f"{resamples} resamples by blocks of {weeks} {'week' if weeks == 1 else 'weeks'}, as wide as long waves ask"
    )
    interval = Interval(low=float(value * np.exp(low)), high=float(value * np.exp(high)) if np.isfinite(high) else None)
    return RateRatio(value=value, interval=interval, method=method, freedom=spread.freedom)


def _stretch(logs: Floats, reach: float) -> tuple[float, float]:
    """The ends of the middle 95 % of the draws, moved out from 0 where their spread is less than `reach` asks."""
    told = logs[~np.isnan(logs)]
    if told.size == 0:
        return -np.inf, np.inf
    low, high = np.quantile(told, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="inverted_cdf")
    finite = told[np.isfinite(told)]
    if finite.size == 0:  # each draw leaves one side empty
        return float(min(low, 0.0)), float(max(high, 0.0))
    drawn = float(special.ndtri((1 + LEVEL) / 2)) * float(np.std(finite))
    if drawn <= 0:  # each week like the other: nothing to draw differently
        return -reach, reach
    more = max(1.0, reach / drawn)
    return float(min(low * more, 0.0)), float(max(high * more, 0.0))


def draw_log_ratios(windows: tuple[ArrayLike, ArrayLike], length: int, resamples: int, seed: int) -> Floats:
    """Log ratios (after by before, per day) of windows put together anew from blocks of `length` days.

    `windows` are before and after. A drawn window of nothing gives -inf or inf, two of them nan.
    """
    random = np.random.default_rng(seed)
    before, after = (as_days(each) for each in windows)
    with np.errstate(divide="ignore", invalid="ignore"):
        new = np.log(draw_block_sums(after, length, resamples, random) / after.size)
        old = np.log(draw_block_sums(before, length, resamples, random) / before.size)
        return np.asarray(new - old, dtype=np.float64)


def draw_block_sums(values: Floats, length: int, resamples: int, random: np.random.Generator) -> Floats:
    """So many sums of series as long as `values`, each put together from blocks that start anywhere and wrap round.

    The last block is cut so that each series has the full length. Blocks of 1 are the plain bootstrap (Efron 1979).
    """
    length = min(length, values.size)
    whole, rest = divmod(values.size, length)
    ends = np.concatenate(([0.0], np.cumsum(np.concatenate((values, values)))))
    starts = random.integers(0, values.size, size=(resamples, whole))
    sums = (ends[length:] - ends[:-length])[starts].sum(axis=1)
    if rest:
        sums += (ends[rest:] - ends[:-rest])[random.integers(0, values.size, size=resamples)]
    return np.asarray(sums, dtype=np.float64)


def dependence_block_length(before: ArrayLike, after: ArrayLike) -> int:
    """How many weeks a block needs so that it carries the data's own waves: at least 1, at most a sixth of a window.

    Politis and White (2004) for the circular bootstrap, with the correction of Patton, Politis and White (2009), on the
    weekly values within both windows, each as a part of its window's sum.
    """
    weeks = [sum_weeks(before, from_end=True), sum_weeks(after)]
    most = max(1, min(sums.size for sums, _ in weeks) // FEWEST_BLOCKS)
    rests = [sums / sums.mean() - days / days.mean() for sums, days in weeks if sums.sum() > 0]
    if most == 1 or not any(rest.any() for rest in rests):
        return 1
    return min(most, max(1, round(_find_best_length(rests))))


def _find_best_length(rests: list[Floats]) -> float:
    """The length that makes the bootstrap's variance most exact, in weeks, from series with mean 0."""
    number = float(np.mean([rest.size for rest in rests]))
    quiet = max(5, int(np.sqrt(np.log10(number))))
    lags = min(int(np.ceil(np.sqrt(number))) + quiet, min(rest.size for rest in rests) - 1)
    weights = [sum(float((rest[step:] * rest[: rest.size - step]).sum()) for rest in rests) for step in range(lags + 1)]
    covariance = np.array(weights) / sum(rest.size for rest in rests)
    small = np.abs(covariance[1:] / covariance[0]) < 2 * np.sqrt(np.log10(number) / number)
    silent = [step for step in range(lags) if small[step : step + quiet].all()]
    reach = 2 * max(1, silent[0] if silent else lags)
    steps = np.arange(1, min(reach, lags) + 1)
    flat = np.clip(2 * (1 - steps / reach), 0.0, 1.0)  # the flat-top window of Politis and Romano (1995)
    slope = 2 * float((flat * steps * covariance[steps]).sum())
    level = float(covariance[0] + 2 * (flat * covariance[steps]).sum())
    return float((1.5 * slope**2 / level**2) ** (1 / 3) * number ** (1 / 3)) if level > 0 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutLargest:
    """What remains when the largest values are left out.

    `before`, `after`: the places of those left out in the arrays given. `value` is the ratio of what remains.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    sum_before: float
    sum_after: float
    value: float | None
    share: float
    """The part of all deaths in both windows that the left-out ones hold, 0 to 1."""


def leave_largest_out(before: ArrayLike, after: ArrayLike, k: int, days: tuple[float, float]) -> WithoutLargest:
    """The ratio without the k deadliest events of both windows together; `days` are those of (after, before).

    The arrays hold one value an event. Of equal values the earlier place, and the window before, goes first.

    >>> leave_largest_out([1, 50], [2, 3], 1, (182, 182)).value
    5.0
    """
    old, new = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    both = np.concatenate((old, new))
    out = np.argsort(-both, kind="stable")[:k]
    gone_old, gone_new = np.sort(out[out < old.size]), np.sort(out[out >= old.size] - old.size)
    sum_old, sum_new = float(np.delete(old, gone_old).sum()), float(np.delete(new, gone_new).sum())
    return WithoutLargest(
        before=tuple(map(int, gone_old)),
        after=tuple(map(int, gone_new)),
        sum_before=sum_old,
        sum_after=sum_new,
        value=divide_rates(sum_new, days[0], sum_old, days[1]),
        share=float(both[out].sum() / both.sum()) if both.sum() > 0 else 0.0,
    )
