"""What the expressions of time of a sentence mean together: windows in days, and the split between two that meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conflictdesk.analyse.claim_times import Side, TimeWords, find_times
from conflictdesk.analyse.windows import Length, Span, move_day, move_months


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWindow:
    """A window of the sentence: `span` in days, or None with its `length` and `side` of an `event` without a day."""

    start: int
    end: int
    quote: str
    span: Span | None = None
    length: Length | None = None
    side: Side | None = None
    event: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleSplit:
    """A split day that the article around a claim states by two windows that meet there, with its words."""

    day: dt.date
    quote: str


def place_windows(times: Sequence[TimeWords]) -> tuple[PlacedWindow, ...]:
    """Give each expression of time its days, those that lean on another window ("the previous six months") as well."""
    bases = [time for time in times if time.span]
    events = [time for time in times if time.event]
    return tuple(_place(time, bases, events) for time in times)


def _place(time: TimeWords, bases: Sequence[TimeWords], events: Sequence[TimeWords]) -> PlacedWindow:
    plain = PlacedWindow(
        start=time.start, end=time.end, quote=time.quote, length=time.length, side=time.side, problem=time.problem
    )
    if time.span or time.problem:
        return replace(plain, span=time.span)
    if time.event:
        return replace(plain, event=time.event)
    if not bases and events and time.length:
        return replace(plain, event=events[0].event)
    if not bases:
        return replace(plain, problem=f'"{time.quote}" leans on a window that the sentence does not state')
    base = min(bases, key=lambda other: abs(other.start - time.start))
    try:
        return _lean(time, base, plain)
    except (ValueError, OverflowError):
        return replace(plain, problem=f'"{time.quote}" leaves the calendar')


def _lean(time: TimeWords, base: TimeWords, plain: PlacedWindow) -> PlacedWindow:
    first, last = base.span or (dt.date.min, dt.date.min)
    if time.length is None:
        years = (first.year - time.shift_to) if time.shift_to else (time.shift or 0)
        return replace(plain, span=(move_months(first, -12 * years), move_months(last, -12 * years)))
    if time.side == "after":
        return replace(plain, span=(last, move_day(last, time.length, 1)))
    if time.length.unit == "years" and move_day(first, time.length, 1) > last:
        said = f'"{time.quote}" may mean the whole year before or the same months of it'
        return replace(plain, problem=f"{said}: give --split and --window")
    return replace(plain, span=(move_day(first, time.length, -1), first))


def find_split(before: Span, after: Span) -> tuple[dt.date, Length] | None:
    """The split day and the length of two windows that meet there and are equally long; None where they are not so.

    >>> find_split((dt.date(2017, 1, 1), dt.date(2018, 1, 1)), (dt.date(2018, 1, 1), dt.date(2019, 1, 1)))
    (datetime.date(2018, 1, 1), Length(number=1, unit='years'))
    """
    if before[1] != after[0]:
        return None
    split, days = after[0], (after[1] - after[0]).days
    months = (after[1].year - split.year) * 12 + after[1].month - split.month
    choices = [Length(months, "months")] if months > 0 else []
    if months > 0 and months % 12 == 0:
        choices.insert(0, Length(months // 12, "years"))
    choices.append(Length(days, "days"))
    for length in choices:
        try:
            if (move_day(split, length, -1), move_day(split, length, 1)) == (before[0], after[1]):
                return split, length
        except (ValueError, OverflowError):
            continue
    return None


def find_article_splits(context: str, length: Length, published: dt.date | None) -> tuple[ArticleSplit, ...]:
    """The split days that an article states: two windows of this length in days, the later beginning where one ends.

    Windows that share a day ("from 12 Aug to 12 Feb", "from 12 Feb to 12 Aug") meet there; so do those that end on the
    day before.
    """
    spans = [(time, time.span) for time in find_times(context, published) if time.span and not time.length]
    fitting = [(time, span) for time, span in spans if _fits(span, length)]
    found: dict[dt.date, ArticleSplit] = {}
    for one, before in fitting:
        for other, after in fitting:
            if before[1] == after[0] and abs(one.start - other.start) <= 400:
                start, end = min(one.start, other.start), max(one.end, other.end)
                found.setdefault(after[0], ArticleSplit(after[0], context[start:end]))
    return tuple(found[day] for day in sorted(found))


def _fits(span: Span, length: Length) -> bool:
    try:
        return move_day(span[0], length, 1) == span[1]
    except (ValueError, OverflowError):
        return False
