"""The time line: how many events fall on each day, week, month or year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Step = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of the time line: the days `first`..`last`, both included, and the numbers of the events in it."""

    first: dt.date
    last: dt.date
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars without gaps from the first event to the last; `undated` are the events without a date."""

    step: Step
    bins: tuple[Bin, ...]
    undated: tuple[int, ...]
    tallest: int


def draw_timeline(days: Sequence[dt.date | None]) -> Timeline:
    """Sort events (their number is their place in `days`) into bars, as fine as leaves 70 bars at most or years.

    >>> line = draw_timeline([dt.date(2023, 5, 8), None, dt.date(2023, 5, 10)])
    >>> line.step, [(str(bar.first), bar.events) for bar in line.bins], line.undated
    ('day', [('2023-05-08', (0,)), ('2023-05-09', ()), ('2023-05-10', (2,))], (1,))
    """
    dated = [day for day in days if day]
    undated = tuple(number for number, day in enumerate(days) if day is None)
    if not dated:
        return Timeline("day", (), undated, 0)
    step = _choose_step(min(dated), max(dated))
    held: dict[dt.date, list[int]] = {}
    for number, day in enumerate(days):
        if day:
            held.setdefault(_first_day(day, step), []).append(number)
    bins = []
    first = _first_day(min(dated), step)
    while first <= max(dated):
        after = _next_first(first, step)
        last = after - dt.timedelta(days=1) if after else dt.date.max
        bins.append(Bin(first, last, tuple(held.get(first, ()))))
        if after is None:
            break
        first = after
    return Timeline(step, tuple(bins), undated, max(len(bar.events) for bar in bins))


def _choose_step(first: dt.date, last: dt.date) -> Step:
    days = (last - first).days
    if days <= 70:
        return "day"
    if days <= 70 * 7:
        return "week"
    return "month" if days <= 70 * 30 else "year"


def _first_day(day: dt.date, step: Step) -> dt.date:
    if step == "week":
        return day - dt.timedelta(days=min(day.weekday(), (day - dt.date.min).days))
    if step == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def _next_first(first: dt.date, step: Step) -> dt.date | None:
    """The first day of the next bar, None at the end of the calendar."""
    try:
        if step == "year":
            return first.replace(year=first.year + 1)
        if step == "month":
            return (first + dt.timedelta(days=31)).replace(day=1)
        return first + dt.timedelta(days=7 if step == "week" else 1)
    except (OverflowError, ValueError):
        return None
