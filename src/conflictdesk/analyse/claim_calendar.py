"""Days, months, quarters and years as a published sentence writes them, and the numbers before their units."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from conflictdesk.analyse.windows import Length, Span, move_months

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_SMALL: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
SMALL_NUMBERS: Final = {word: number for number, word in enumerate(_SMALL, start=1)}
ORDINALS: Final = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}

# The month's name must bear its capital: "may" and "march" are other words.
MONTH: Final = r"(?:" + "|".join(sorted((name.capitalize() for name in MONTHS), key=lambda n: -len(n))) + r")\b\.?"
_YEAR: Final = r"(?:19|20)\d{2}(?![\d,]*\d)(?!\s?%)"
_DAY: Final = r"\d{1,2}(?:st|nd|rd|th)?"
POINT: Final = (
    rf"(?:(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}(?!\d)|{_DAY}(?: of)? {MONTH}(?:,? {_YEAR})?"
    rf"|{MONTH} {_DAY}(?![\d,]*\d)(?:,? {_YEAR})?|{MONTH}(?:,? {_YEAR})?|{_YEAR})"
)
"""A day, a month or a year in words: "12 February 2021", "Feb. 12, 2021", "2021-02-12", "March 2016", "2018"."""
NUMBER: Final = r"(?:\d{1,4}|" + "|".join(sorted(SMALL_NUMBERS, key=lambda n: -len(n))) + r")"
UNIT: Final = r"(?:days?|weeks?|months?|years?|quarters?)"

_PARTS: Final = re.compile(
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|(?P<d1>{_DAY})(?: of)? (?P<m1>{MONTH})(?:,? (?P<y1>{_YEAR}))?"
    rf"|(?P<m2>{MONTH}) (?P<d2>{_DAY})(?:,? (?P<y2>{_YEAR}))?|(?P<m3>{MONTH})(?:,? (?P<y3>{_YEAR}))?|(?P<y4>{_YEAR})"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A day, month or year as written: what is not written is None."""

    year: int | None
    month: int | None
    day: int | None

    def span(self, year: int | None = None) -> Span | None:
        """Its first day and the day after its last; None without a year or where no such day exists."""
        chosen = self.year or year
        try:
            if chosen is None:
                return None
            if self.month is None:
                return dt.date(chosen, 1, 1), dt.date(chosen + 1, 1, 1)
            start = dt.date(chosen, self.month, self.day or 1)
            return start, start + dt.timedelta(days=1) if self.day else move_months(start, 1)
        except (ValueError, OverflowError):
            return None


def read_point(text: str) -> Point | None:
    """Read a day, month or year from its words.

    >>> read_point("Feb. 12, 2021"), read_point("March 2016")
    (Point(year=2021, month=2, day=12), Point(year=2016, month=3, day=None))
    """
    found = _PARTS.fullmatch(text.strip())
    if not found:
        return None
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return Point(year, month, day)
    said = [found[name] for name in ("y1", "y2", "y3", "y4") if found[name]]
    months = [found[name] for name in ("m1", "m2", "m3") if found[name]]
    days = [found[name] for name in ("d1", "d2") if found[name]]
    return Point(
        year=int(said[0]) if said else None,
        month=MONTHS[months[0].rstrip(".").lower()] if months else None,
        day=int(re.sub(r"\D", "", days[0])) if days else None,
    )


def read_count(text: str | None) -> int:
    """A small number in figures or words; nothing said is one.

    >>> read_count("six"), read_count("12"), read_count(None)
    (6, 12, 1)
    """
    said = (text or "").strip().lower()
    return int(said) if said.isdigit() else SMALL_NUMBERS.get(said, 1)


def make_length(number: int, unit: str) -> Length:
    """A length of time; quarters become months.

    >>> make_length(2, "quarter")
    Length(number=6, unit='months')
    """
    plural = unit.lower().rstrip("s") + "s"
    return Length(3 * number, "months") if plural == "quarters" else Length(number, plural)
