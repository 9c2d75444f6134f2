"""Stretches of the calendar: what a day, a week, a month, a season or a part of them covers, and with what precision.

Precision: 1 a day, 2 within a week, 3 within a month, 4 anything coarser. `value` is the TIMEX3 value of the stretch
(YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Www), None when it has none. A date outside the calendar raises ValueError or
OverflowError.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Both days included."""

    start: dt.date
    end: dt.date
    precision: int
    value: str | None = None


def day_stretch(day: dt.date) -> Stretch:
    """One day."""
    return Stretch(day, day, 1, day.isoformat())


def days_stretch(start: dt.date, end: dt.date) -> Stretch:
    """The days `start` to `end`, the precision by their number.

    >>> days_stretch(dt.date(2021, 9, 10), dt.date(2021, 9, 12)).precision
    2
    """
    if end < start:
        raise ValueError(f"{start} is after {end}")
    length = (end - start).days + 1
    return Stretch(start, end, 1 if length == 1 else 2 if length <= 7 else 3 if length <= 31 else 4)


def week_stretch(day: dt.date) -> Stretch:
    """The week of `day`, Monday to Sunday.

    >>> week_stretch(dt.date(2021, 9, 26)).value
    '2021-W38'
    """
    monday = day - DAY * day.weekday()
    year, week, _ = day.isocalendar()
    return Stretch(monday, monday + DAY * 6, 2, f"{year:04}-W{week:02}")


def weekend_stretch(day: dt.date) -> Stretch:
    """The latest Saturday and Sunday that have begun on `day`."""
    saturday = day - DAY * ((day.weekday() - 5) % 7)
    return Stretch(saturday, saturday + DAY, 2)


def month_stretch(year: int, month: int) -> Stretch:
    """A calendar month; `month` may lie outside 1 to 12 and then counts into other years.

    >>> month_stretch(2021, 0).value
    '2020-12'
    """
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = calendar.monthrange(dt.date(year, month, 1).year, month)[1]
    return Stretch(dt.date(year, month, 1), dt.date(year, month, last), 3, f"{year:04}-{month:02}")


def year_stretch(year: int) -> Stretch:
    """A calendar year."""
    return Stretch(dt.date(year, 1, 1), dt.date(year, 12, 31), 4, f"{year:04}")


def season_stretch(year: int, season: str) -> Stretch:
    """A northern season; a winter is named by the year in which it begins."""
    first = _SEASONS[season.lower()]
    return Stretch(month_stretch(year, first).start, month_stretch(year, first + 2).end, 4)


def shift_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month when it has no such day.

    >>> shift_months(dt.date(2021, 3, 31), -1)
    datetime.date(2021, 2, 28)
    """
    month = month_stretch(day.year, day.month + months)
    return month.start.replace(day=min(day.day, month.end.day))


def shift_years(stretch: Stretch, years: int) -> Stretch:
    """The stretch so many years later: for a date whose year was left out."""
    start, end = (day.replace(year=day.year + years) for day in (stretch.start, stretch.end))
    value = f"{start.year:04}{stretch.value[4:]}" if stretch.value else None
    return Stretch(start, end, stretch.precision, value)


def cut_part(whole: Stretch, part: str) -> Stretch:
    """The early, middle or late third of a stretch, or two months at the start or end of a year.

    The precision and value stay those of the whole.

    >>> cut_part(month_stretch(2021, 8), "end of").start
    datetime.date(2021, 8, 21)
    >>> cut_part(year_stretch(2021), "late ").start
    datetime.date(2021, 9, 1)
    """
    words = part.lower()
    at_end = any(word in words for word in ("end", "close")) or words.strip() == "late" or words.startswith("late ")
    at_start = any(word in words for word in ("early", "start", "beginning"))
    if whole.precision == 1 or not (at_start or at_end or "mid" in words):
        return whole
    days = (whole.end - whole.start).days + 1
    if 365 <= days <= 366:
        months = 2 if any(word in words for word in ("start", "beginning", "end", "close")) else 4
        early, late = shift_months(whole.start, months), shift_months(whole.end + DAY, -months)
    else:
        early, late = whole.start + DAY * (days // 3), whole.start + DAY * (days // 3) * 2
    if at_start:
        return replace(whole, end=early - DAY)
    return replace(whole, start=late) if at_end else replace(whole, start=early, end=late - DAY)


def meet_stretches(left: Stretch, start: dt.date, end: dt.date) -> Stretch:
    """What lies of `left` within `start`..`end`; the whole of it when that is nothing."""
    low, high = max(left.start, start), min(left.end, end)
    return replace(left, start=low, end=high) if low <= high else left
