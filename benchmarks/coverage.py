"""Measures whether a 95 % process interval holds the true ratio in 95 of 100 made-up conflicts.

`python -m benchmarks coverage [--runs N] [--kinds main "held out" hard]`. For each scenario of `benchmarks.series`,
window length, true ratio and measure it prints the share of intervals that hold the true ratio and their Monte-Carlo
error, beside those of the naive Poisson interval and of three others that were not taken, all on the same runs. `wider`
is the median width of ours by that of the naive one, on the log scale.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.series import SCENARIOS, Floats, Scenario, make_runs
from conflictdesk.analyse.dispersion import newey_west_variance, rate_ratio_dispersed, rate_ratio_quasi_poisson
from conflictdesk.analyse.intervals import rate_ratio_exact
from conflictdesk.analyse.resampling import block_bootstrap_ratio, dependence_block_length, draw_log_ratios
from conflictdesk.questions import Interval

WEEKS = (13, 26, 52)
RATIOS = (1.0, 1.3)
RUNS = 1000
RESAMPLES = 500
Maker = Callable[[Floats, Floats], Interval | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One line of the table: a conflict, the weeks of each window and the true ratio of the expected values."""

    scenario: Scenario
    weeks: int
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How often one kind of interval held the true ratio: `share` of the `told` runs, in which it could be made.

    `error` is the standard error of `share`; `width` the median of log(high / low), None where an end is mostly open.
    """

    share: float
    error: float
    told: float
    width: float


def measure_covers(setting: Setting, runs: int, seed: int = 11) -> Mapping[str, Mapping[str, Cover]]:
    """ "events" and "deaths" -> name of the interval -> how often it holds the true ratio."""
    made = make_runs(setting.scenario, 7 * setting.weeks, setting.ratio, runs, np.random.default_rng(seed))
    return {
        "events": _try_makers(MAKERS | {"ours": _bound_events}, (made.events_before, made.events_after), setting.ratio),
        "deaths": _try_makers(MAKERS | {"ours": _bound_deaths}, (made.deaths_before, made.deaths_after), setting.ratio),
    }


def _try_makers(makers: Mapping[str, Maker], windows: tuple[Floats, Floats], ratio: float) -> dict[str, Cover]:
    return {name: _sum_up([make(*pair) for pair in zip(*windows, strict=True)], ratio) for name, make in makers.items()}


def _sum_up(intervals: Sequence[Interval | None], ratio: float) -> Cover:
    ends = [(each.low or 0.0, np.inf if each.high is None else each.high) for each in intervals if each is not None]
    share = float(np.mean([low <= ratio <= high for low, high in ends]))
    with np.errstate(divide="ignore"):
        width = float(np.median([np.log(high) - np.log(low) for low, high in ends]))
    error = float(np.sqrt(share * (1 - share) / len(ends)))
    return Cover(share=share, error=error, told=len(ends) / len(intervals), width=width)


# ---------------------------------------------------------------- the intervals


def _bound_events(before: Floats, after: Floats) -> Interval | None:
    return rate_ratio_dispersed(before, after).interval


def _bound_deaths(before: Floats, after: Floats) -> Interval | None:
    return block_bootstrap_ratio(before, after, RESAMPLES).interval


def _bound_naively(before: Floats, after: Floats) -> Interval | None:
    return rate_ratio_exact(int(after.sum()), after.size, int(before.sum()), before.size).interval


def _bound_by_weeks(before: Floats, after: Floats) -> Interval | None:
    return rate_ratio_quasi_poisson(before, after).interval


def _bound_by_lags(before: Floats, after: Floats) -> Interval | None:
    """Newey and West with the lag 0.75 n^(1/3) of their textbook rule."""
    if not before.sum() or not after.sum():
        return None
    lag = int(np.ceil(0.75 * (before.size / 7) ** (1 / 3)))
    middle, half = np.log(after.mean() / before.mean()), 1.96 * np.sqrt(newey_west_variance(before, after, lag))
    return Interval(low=float(np.exp(middle - half)), high=float(np.exp(middle + half)))


def _bound_by_blocks(before: Floats, after: Floats) -> Interval | None:
    """The plain block bootstrap, not stretched."""
    if not before.sum() or not after.sum():
        return None
    logs = draw_log_ratios((before, after), 7 * dependence_block_length(before, after), RESAMPLES, 1)
    low, high = np.quantile(logs[~np.isnan(logs)], [0.025, 0.975], method="inverted_cdf")
    return Interval(low=float(np.exp(low)), high=float(np.exp(high)) if np.isfinite(high) else None)


MAKERS: dict[str, Maker] = {
    "naive Poisson": _bound_naively,
    "quasi-Poisson": _bound_by_weeks,
    "Newey-West": _bound_by_lags,
    "plain blocks": _bound_by_blocks,
}


# ---------------------------------------------------------------- telling


def list_settings(kinds: Sequence[str]) -> Iterator[Setting]:
    """Every scenario of these kinds, window length and ratio."""
    for scenario in SCENARIOS:
        if scenario.kind in kinds:
            for weeks in WEEKS:
                for ratio in RATIOS:
                    yield Setting(scenario=scenario, weeks=weeks, ratio=ratio)


def tell(setting: Setting, measure: str, covers: Mapping[str, Cover]) -> str:
    """One line of the table."""
    ours, naive = covers["ours"], covers["naive Poisson"]
    cells = [f"{setting.scenario.name:<15}{setting.weeks:>3} w {setting.ratio:>4} {measure:<7}"]
    cells += [f"{100 * ours.share:5.1f} +-{100 * ours.error:3.1f}", f"{ours.width / naive.width:5.1f}x wider"]
    cells += [f"{name} {100 * each.share:5.1f}" for name, each in covers.items() if name != "ours"]
    return "  ".join(cells + ([f"no interval in {100 * (1 - ours.told):.1f} %"] if ours.told < 1 else []))


def tell_coverage(runs: int, kinds: Sequence[str]) -> None:
    """Print the table line by line as it is made, then the same as one JSON line."""
    figures = {}
    for setting in list_settings(kinds):
        for measure, covers in measure_covers(setting, runs).items():
            print(tell(setting, measure, covers), flush=True)
            key = f"{setting.scenario.name}, {setting.weeks} weeks, {setting.ratio}, {measure}"
            figures[key] = {name: round(each.share, 4) for name, each in covers.items()}
    print(json.dumps({"task": "coverage", "runs": runs, "figures": figures}))
