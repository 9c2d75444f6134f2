"""The time line: events and deaths by day, week, month or year, whole, with the chosen stretch marked in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from conflictdesk.datasets.opening import Dataset
from conflictdesk.desk.narrowing import find_condition
from conflictdesk.questions import Filter

Step = Literal["day", "week", "month", "year"]
_MOST_DAYS: Final[dict[Step, int]] = {"day": 120, "week": 3 * 366, "month": 45 * 366}


@dataclass(frozen=True, slots=True)
class Bar:
    """The events that begin in `from_day`..`to_day` (half-open), and their deaths (best)."""

    from_day: dt.date
    to_day: dt.date
    events: int
    deaths: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars in the order of days, none for a stretch without events; `everything` is the view without its days."""

    step: Step
    bars: tuple[Bar, ...]
    everything: Filter

    @property
    def tallest(self) -> int:
        """Events in the highest bar."""
        return max((bar.events for bar in self.bars), default=0)


def read_timeline(dataset: Dataset, wanted: Filter) -> Timeline:
    """Count a view along time, its own days aside: they are marked, not cut away."""
    everything = replace(wanted, from_day=None, to_day=None)
    days = _count_days(dataset, everything)
    if not days:
        return Timeline("month", (), everything)
    step = _choose_step((days[-1][0] - days[0][0]).days)
    sums: dict[dt.date, list[int]] = {}
    for day, events, deaths in days:
        held = sums.setdefault(_start_of(step, day), [0, 0])
        held[0] += events
        held[1] += deaths
    bars = (_make_bar(wanted, step, start, *held) for start, held in sums.items())
    return Timeline(step, tuple(bars), everything)


@lru_cache(maxsize=64)
def _count_days(dataset: Dataset, wanted: Filter) -> tuple[tuple[dt.date, int, int], ...]:
    """Day, events that begin on it, their deaths (best): in the order of days, none without events."""
    condition, parameters = find_condition(dataset, wanted)
    rows = dataset.ask(
        "SELECT date_start, count(*), coalesce(sum(deaths_best), 0) FROM events"
        f" WHERE date_start IS NOT NULL AND {condition} GROUP BY 1 ORDER BY 1",
        parameters,
    )
    return tuple((day, int(str(n)), int(str(deaths))) for day, n, deaths in rows if isinstance(day, dt.date))


def _make_bar(wanted: Filter, step: Step, start: dt.date, events: int, deaths: int) -> Bar:
    end = _end_of(step, start)
    after = wanted.from_day is None or end > wanted.from_day
    before = wanted.to_day is None or start < wanted.to_day
    return Bar(start, end, events, deaths, after and before)


def _start_of(step: Step, day: dt.date) -> dt.date:
    """The first day of the bar that holds a day; weeks begin on Monday."""
    if step == "week":
        return dt.date.fromordinal(max(1, day.toordinal() - day.weekday()))
    if step == "day":
        return day
    return day.replace(day=1) if step == "month" else day.replace(month=1, day=1)


def _choose_step(days: int) -> Step:
    return next((step for step, most in _MOST_DAYS.items() if days <= most), "year")


def _end_of(step: Step, start: dt.date) -> dt.date:
    """The first day of the next bar, the last day there is at the end of the calendar."""
    try:
        if step in ("day", "week"):
            return start + dt.timedelta(days=1 if step == "day" else 7)
        if step == "month":
            return (start.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
        return start.replace(year=start.year + 1)
    except (OverflowError, ValueError):
        return dt.date.max
