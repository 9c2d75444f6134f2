"""Two windows beside each other: their sums, and the two ratios with their two intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from conflictdesk.analyse.daily_sums import DailySums
from conflictdesk.analyse.dispersion import rate_ratio_dispersed
from conflictdesk.analyse.intervals import RateRatio, divide_rates, envelope
from conflictdesk.analyse.resampling import block_bootstrap_ratio
from conflictdesk.analyse.windows import Windows
from conflictdesk.questions import Interval, People, Ratio, Tally

Figure = Literal["low", "best", "high"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How often deaths are drawn anew (0 for not at all), and the seed of the draws."""

    resamples: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The sums of both windows and the ratios between them."""

    before: Tally
    after: Tally
    events_ratio: Ratio
    deaths_ratio: Ratio


def compare_sums(sums: DailySums, windows: Windows, sampling: Sampling, figure: Figure = "best") -> Pair:
    """Compare two windows: events with over-dispersion, deaths by one of the three figures with a block bootstrap."""
    before, after = sums.tally(windows.before), sums.tally(windows.after)
    events = rate_ratio_dispersed(sums.events(windows.before), sums.events(windows.after))
    deaths = _compare_deaths(sums, windows, sampling, figure)
    return Pair(
        before=before,
        after=after,
        events_ratio=_tell(events, None),
        deaths_ratio=_tell(deaths, measure_deaths(before.deaths, after.deaths, windows.days)),
    )


def _compare_deaths(sums: DailySums, windows: Windows, sampling: Sampling, figure: Figure) -> RateRatio:
    old, new = sums.deaths(windows.before, figure), sums.deaths(windows.after, figure)
    if sampling.resamples <= 0:
        value = divide_rates(float(new.sum()), new.size, float(old.sum()), old.size)
        return RateRatio(value=value, interval=None, method="no resamples were asked for")
    return block_bootstrap_ratio(old, new, sampling.resamples, sampling.seed)


def measure_deaths(before: People, after: People, days: tuple[int, int]) -> Interval:
    """The span of the ratio that the low and high figures allow; `days` of exposure before and after.

    An event whose highest figure is "at least" leaves the ends that rest on it open.
    """
    high_after = None if after.open else float(after.high)
    high_before = None if before.open else float(before.high)
    return envelope(float(after.low), high_after, float(before.low), high_before, (days[1], days[0]))


def _tell(ratio: RateRatio, measured: Interval | None) -> Ratio:
    return Ratio(value=ratio.value, interval=ratio.interval, measured=measured, method=ratio.method)
