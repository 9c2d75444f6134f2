"""The two windows of a comparison: how their length is read, and where they begin and end.

Windows are half-open: `[from, to)` holds its first day and not its last. The split day belongs to the later window.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from conflictdesk.errors import ConfigError

Span = tuple[dt.date, dt.date]
"""A half-open interval of days."""

_FORM: Final = re.compile(r"\s*([0-9]{1,6})\s*(days?|weeks?|months?|years?)\s*", re.IGNORECASE | re.ASCII)
_MEND: Final = "write a number and days, weeks, months or years, as 6months, 1year, 26weeks or 182days"
_DAYS_A_MONTH: Final = 365.25 / 12
_LONGEST_YEARS: Final = 200
_DAYS_EACH: Final = {"days": 1.0, "weeks": 7.0, "months": _DAYS_A_MONTH, "years": 365.25}


@dataclass(frozen=True, slots=True)
class Length:
    """How long each window is: a number of days, weeks, months or years."""

    number: int
    unit: str

    @property
    def by_calendar(self) -> bool:
        """Whether the length follows the calendar, so that two windows may differ by some days."""
        return self.unit in ("months", "years")

    def tell(self) -> str:
        """The length as it is asked for.

        >>> Length(1, "years").tell(), Length(6, "months").tell()
        ('1year', '6months')
        """
        return f"{self.number}{self.unit if self.number != 1 else self.unit[:-1]}"


@dataclass(frozen=True, slots=True)
class Windows:
    """The span before the split, and the span from the split on."""

    before: Span
    after: Span

    @property
    def edges(self) -> tuple[dt.date, dt.date, dt.date]:
        """The three days at which a window begins or ends."""
        return self.before[0], self.after[0], self.after[1]

    @property
    def days(self) -> tuple[int, int]:
        """The days of exposure before and after."""
        return (self.before[1] - self.before[0]).days, (self.after[1] - self.after[0]).days


def read_length(text: str) -> Length:
    """Read the length of the windows.

    >>> read_length("6months"), read_length("1 year")
    (Length(number=6, unit='months'), Length(number=1, unit='years'))

    Raises:
        ConfigError: it is no length, or none at all ("0months").
    """
    found = _FORM.fullmatch(text)
    if not found:
        raise ConfigError(f"window {text[:40]!r} is not a length: {_MEND}")
    number, unit = int(found[1]), found[2].lower().removesuffix("s") + "s"
    if number == 0:
        raise ConfigError(f"window {text[:40]!r} holds no day: {_MEND}")
    if number * _DAYS_EACH[unit] > _LONGEST_YEARS * 366:
        raise ConfigError(f"window {text[:40]!r} is longer than {_LONGEST_YEARS} years: choose a shorter one")
    return Length(number, unit)


def set_windows(split: dt.date, length: Length) -> Windows:
    """Lay a window of this length on each side of the split day.

    Months and years are the calendar's: six months before 31 August begin on the last day of February, for the day is
    held within its month.

    >>> set_windows(dt.date(2021, 8, 31), Length(6, "months")).edges
    (datetime.date(2021, 2, 28), datetime.date(2021, 8, 31), datetime.date(2022, 2, 28))

    Raises:
        ConfigError: a window leaves the calendar (years 1 to 9999).
    """
    try:
        first, last = move_day(split, length, -1), move_day(split, length, 1)
    except (ValueError, OverflowError):
        mend = "choose another split day or a shorter window"
        raise ConfigError(f"windows of {length.tell()} around {split} leave the years 1 to 9999: {mend}") from None
    return Windows((first, split), (split, last))


def move_day(day: dt.date, length: Length, times: int) -> dt.date:
    """The day that lies `times` this length later (earlier when negative).

    Raises:
        ValueError, OverflowError: it is no day of the calendar.
    """
    if length.unit == "years":
        return move_months(day, 12 * length.number * times)
    if length.unit == "months":
        return move_months(day, length.number * times)
    return day + dt.timedelta(days=length.number * (7 if length.unit == "weeks" else 1) * times)


def move_months(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or that month's last day where it has no such day.

    >>> move_months(dt.date(2020, 3, 31), -1)
    datetime.date(2020, 2, 29)

    Raises:
        ValueError: the month lies outside the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise ValueError("outside the calendar")
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def other_length(length: Length) -> Length | None:
    """The same length told the other way: calendar months as days, or days as calendar months where they come near.

    >>> other_length(Length(6, "months")), other_length(Length(26, "weeks")), other_length(Length(10, "days"))
    (Length(number=182, unit='days'), Length(number=6, unit='months'), None)
    """
    if length.by_calendar:
        months = length.number * (12 if length.unit == "years" else 1)
        return Length(int(months * _DAYS_A_MONTH), "days")
    days = length.number * (7 if length.unit == "weeks" else 1)
    months = round(days / _DAYS_A_MONTH)
    return Length(months, "months") if months and abs(days - months * _DAYS_A_MONTH) <= 3 else None


def widen_windows(windows: Windows, days: int) -> Windows | None:
    """The windows with their outer edges moved outwards (inwards when negative); None where that leaves no week."""
    try:
        moved = dt.timedelta(days=days)
        first, last = windows.before[0] - moved, windows.after[1] + moved
    except OverflowError:
        return None
    split = windows.after[0]
    if min((split - first).days, (last - split).days) < 7:
        return None
    return Windows((first, split), (split, last))
