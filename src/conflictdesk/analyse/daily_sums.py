"""Sums by day as running sums, so that any window is one subtraction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from conflictdesk.analyse.counts import TALLY, read_tally
from conflictdesk.analyse.windows import Span
from conflictdesk.questions import Tally

Sums = NDArray[np.int64]
DAILY: Final = {
    "events": "count(*)",
    "low": "sum(deaths_low)",
    "best": "sum(deaths_best)",
    "high": "sum(coalesce(deaths_high, deaths_best))",
}
"""The sums of which a value a day is needed; the columns of a Tally stand behind them."""


def name_sums() -> list[str]:
    """The SQL of every column of a row of sums: those of DAILY, then those of a Tally."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(TALLY):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(TALLY[start:place])
            start = place + 1
    return [*DAILY.values(), *parts, TALLY[start:]]


@dataclass(frozen=True)
class DailySums:
    """Sums by day from `first` on, as running sums: row k of `running` holds the sums of the k days before it."""

    first: dt.date
    running: Sums

    def tally(self, span: Span) -> Tally:
        """What the events of a half-open span add up to."""
        start, end = self._places(span)
        return read_tally([int(value) for value in (self.running[end] - self.running[start])[len(DAILY) :]])

    def events(self, span: Span) -> NDArray[np.float64]:
        """The events of each day of a span."""
        return self._daily(span, "events")

    def deaths(self, span: Span, figure: str = "best") -> NDArray[np.float64]:
        """The deaths of each day of a span, by the "low", "best" or "high" figures."""
        return self._daily(span, figure)

    def without(self, other: DailySums) -> DailySums:
        """The sums less those of other days of the same table."""
        return DailySums(self.first, self.running - other.running)

    def _daily(self, span: Span, name: str) -> NDArray[np.float64]:
        start, end = self._places(span)
        days = np.zeros((span[1] - span[0]).days)
        lead = max(0, (self.first - span[0]).days)
        days[lead : lead + end - start] = np.diff(self.running[start : end + 1, tuple(DAILY).index(name)])
        return days

    def _places(self, span: Span) -> tuple[int, int]:
        last = len(self.running) - 1
        start, end = ((day - self.first).days for day in span)
        return min(max(start, 0), last), min(max(end, 0), last)


def run_sums(first: dt.date, size: int, days: Sums, sums: Sums) -> DailySums:
    """Running sums of `size` days from rows of sums, each with the number of its day from `first`."""
    running = np.zeros((size + 1, sums.shape[1]), np.int64)
    np.add.at(running, days + 1, sums)
    return DailySums(first, np.cumsum(running, axis=0))
