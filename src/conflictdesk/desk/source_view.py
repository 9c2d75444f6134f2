"""A source's days: how many articles each has, which are silent, as a table by month and as a strip."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.publish.wording import say_day

MOST_MONTHS: Final = 12
_MANY, _SOME = 10, 3


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the table: its articles, None outside the time in which the source was read."""

    number: int
    articles: int | None

    @property
    def shade(self) -> str:
        """The class of its shade; the number stands in the cell too."""
        if self.articles is None:
            return "out"
        if not self.articles:
            return "n0"
        return "n3" if self.articles >= _MANY else "n2" if self.articles >= _SOME else "n1"


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the table, with its silent days counted."""

    title: str
    days: tuple[DayCell, ...]
    articles: int
    silent: int


@dataclass(frozen=True, slots=True)
class Run:
    """A run of days for the strip: first day's place, width in days, whether there were articles."""

    start: int
    width: int
    busy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysView:
    """The days of a source between its first and its last article; the table shows twelve months at most."""

    months: tuple[MonthRow, ...]
    strip: tuple[Run, ...]
    length: int
    silent: int
    longest: str | None
    """The longest silence in words."""
    earlier: str | None
    later: str | None


def view_days(by_day: Sequence[tuple[dt.date, int]], end: dt.date | None = None) -> DaysView | None:
    """The days of a source; `end` is the last month to show, the newest where it is None. None without any day.

    >>> view = view_days([(dt.date(2026, 3, 1), 2), (dt.date(2026, 3, 4), 1)])
    >>> view.silent, view.longest
    (2, '2 days, 2 Mar 2026 – 3 Mar 2026')
    """
    held = {day: number for day, number in by_day if number}
    if not held:
        return None
    first, last = min(held), max(held)
    months = _list_months(first, last)
    stop = len(months) if end is None else max(1, sum(month <= (end.year, end.month) for month in months))
    shown = months[max(0, stop - MOST_MONTHS) : stop]
    strip = _cut_runs(held, first, last)
    silent = [run for run in strip if not run.busy]
    longest = max(silent, key=lambda run: run.width, default=None)
    return DaysView(
        months=tuple(_view_month(held, month, first, last) for month in reversed(shown)),
        strip=strip,
        length=(last - first).days + 1,
        silent=sum(run.width for run in silent),
        longest=_say_run(longest, first) if longest else None,
        earlier=_name(months[max(0, stop - MOST_MONTHS) - 1]) if stop > MOST_MONTHS else None,
        later=_name(months[min(len(months), stop + MOST_MONTHS) - 1]) if stop < len(months) else None,
    )


def _list_months(first: dt.date, last: dt.date) -> list[tuple[int, int]]:
    start, stop = first.year * 12 + first.month - 1, last.year * 12 + last.month
    return [(n // 12, n % 12 + 1) for n in range(start, stop)]


def _name(month: tuple[int, int]) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"


def _view_month(held: Mapping[dt.date, int], month: tuple[int, int], first: dt.date, last: dt.date) -> MonthRow:
    year, number = month
    days = [dt.date(year, number, day) for day in range(1, calendar.monthrange(year, number)[1] + 1)]
    cells = tuple(DayCell(day.day, held.get(day, 0) if first <= day <= last else None) for day in days)
    return MonthRow(
        f"{calendar.month_abbr[number]} {year}",
        cells,
        sum(cell.articles or 0 for cell in cells),
        sum(cell.articles == 0 for cell in cells),
    )


def _cut_runs(held: Mapping[dt.date, int], first: dt.date, last: dt.date) -> tuple[Run, ...]:
    runs: list[Run] = []
    for offset in range((last - first).days + 1):
        busy = first + dt.timedelta(days=offset) in held
        if runs and runs[-1].busy is busy:
            runs[-1] = Run(runs[-1].start, runs[-1].width + 1, busy)
        else:
            runs.append(Run(offset, 1, busy))
    return tuple(runs)


def _say_run(run: Run, first: dt.date) -> str:
    start = first + dt.timedelta(days=run.start)
    end = start + dt.timedelta(days=run.width - 1)
    return f"1 day, {say_day(start)}" if run.width == 1 else f"{run.width:,} days, {say_day(start)} – {say_day(end)}"


def read_month(text: str | None) -> dt.date | None:
    """A month of an address like 2026-03; None where it is none."""
    try:
        return dt.datetime.strptime(text or "", "%Y-%m").date()
    except ValueError:
        return None
