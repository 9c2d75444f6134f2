"""Made-up series of conflict events whose true ratio is known: clusters, waves and heavy-tailed deaths.

A day's rate of attacks moves as an autoregressive log-intensity (or between a calm and a violent regime); each attack
draws later ones behind it (Neyman and Scott); each event kills as a log-normal or Pareto draw says. The window before
is thinned to 1/ratio, so that the ratio of the two expected values is exactly that ratio for events and deaths alike.
The scenarios stand between what weekly counts of real conflicts show within half a year: a spread of 0.3 to 0.5 of the
mean beyond chance, a correlation of 0.3 to 0.6 from week to week, tails of deaths between Pareto 1.5 and 2.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Floats = NDArray[np.float64]
BURN_IN = 120
QUIET_SHARE = 0.1
KINDS = ("main", "held out", "hard")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One kind of conflict. `weekly` events a week after the split, `cluster` events for each first attack (mean),
    `delay` days from it to the later ones (mean), `spread` the standard deviation of the log-intensity and `memory` its
    correlation from week to week, `sigma` of log-normal deaths or `tail` of Pareto deaths."""

    name: str
    kind: str  # of KINDS: chosen on; not looked at while choosing; told and not promised
    weekly: float
    cluster: float
    delay: float
    spread: float
    memory: float
    sigma: float | None = None
    tail: float | None = None
    regimes: bool = False


SCENARIOS = (
    Scenario(name="quiet", kind="main", weekly=6, cluster=1.5, delay=3, spread=0.4, memory=0.5, sigma=1.0),
    Scenario(name="waves", kind="main", weekly=12, cluster=2, delay=4, spread=0.4, memory=0.6, sigma=1.25),
    Scenario(name="tail", kind="main", weekly=12, cluster=2, delay=4, spread=0.4, memory=0.6, tail=2.0),
    Scenario(name="war", kind="main", weekly=80, cluster=2, delay=4, spread=0.35, memory=0.7, sigma=1.5),
    Scenario(name="unseen tail", kind="held out", weekly=10, cluster=1.8, delay=5, spread=0.45, memory=0.55, tail=2.5),
    Scenario(
        name="unseen regimes",
        kind="held out",
        weekly=30,
        cluster=2.5,
        delay=3,
        spread=0.45,
        memory=0.6,
        sigma=1.5,
        regimes=True,
    ),
    Scenario(name="sparse", kind="hard", weekly=1, cluster=1.5, delay=3, spread=0.4, memory=0.3, sigma=1.0),
    Scenario(name="extreme", kind="hard", weekly=12, cluster=3, delay=7, spread=0.7, memory=0.85, tail=1.5),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Daily events and deaths of many runs: arrays of runs x days for each window."""

    events_before: Floats
    events_after: Floats
    deaths_before: Floats
    deaths_after: Floats


def make_runs(scenario: Scenario, days: int, ratio: float, runs: int, random: np.random.Generator) -> Runs:
    """So many runs of two windows of `days` each, the expected values after `ratio` times those before."""
    total = BURN_IN + 2 * days
    rate = scenario.weekly / 7 / scenario.cluster * _draw_intensity(scenario, (runs, total), random)
    first = random.poisson(rate)
    keep = np.exp(-1 / scenario.delay)
    waiting = lfilter([1 - keep], [1, -keep], first, axis=1)
    events = first + random.poisson((scenario.cluster - 1) * waiting)
    events[:, : BURN_IN + days] = random.binomial(events[:, : BURN_IN + days], 1 / ratio)
    events = events[:, BURN_IN:]
    ends = np.concatenate(([0.0], np.cumsum(_draw_deaths(scenario, int(events.sum()), random))))
    places = np.concatenate(([0], np.cumsum(events.ravel())))
    deaths = np.diff(ends[places]).reshape(events.shape)
    seen = events.astype(np.float64)
    return Runs(
        events_before=seen[:, :days],
        events_after=seen[:, days:],
        deaths_before=deaths[:, :days],
        deaths_after=deaths[:, days:],
    )


def _draw_intensity(scenario: Scenario, shape: tuple[int, int], random: np.random.Generator) -> Floats:
    """A positive series with mean 1, and the correlation of one week given by `memory`."""
    daily = scenario.memory ** (1 / 7)
    if scenario.regimes:
        turns = random.random(shape) < (1 - daily) / 2
        turns[:, 0] = random.random(shape[0]) < 0.5
        violent = np.cumsum(turns, axis=1) % 2
        return np.asarray(1 + scenario.spread * (2 * violent - 1), dtype=np.float64)
    noise = random.standard_normal(shape) * np.sqrt(1 - daily**2)
    noise[:, 0] /= np.sqrt(1 - daily**2)
    waves = scenario.spread * lfilter([1.0], [1.0, -daily], noise, axis=1)
    return np.asarray(np.exp(waves - scenario.spread**2 / 2), dtype=np.float64)


def _draw_deaths(scenario: Scenario, events: int, random: np.random.Generator) -> Floats:
    """Whole numbers; one event in ten kills nobody."""
    if scenario.tail is not None:
        size = random.random(events) ** (-1 / scenario.tail)
    else:
        size = np.exp(random.standard_normal(events) * (scenario.sigma or 1.0))
    return np.where(random.random(events) < QUIET_SHARE, 0.0, np.ceil(size))
