"""Reads the dates of an article: every expression of time in the order of the text, and the days that it allows.

A year that is left out, a weekday and "last month" count from publication, "the next day" from the narrative before it.
What the text does not settle stays unresolved (`dates` None): nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from conflictdesk.coding.calendar_spans import DAY, Stretch, day_stretch, meet_stretches, year_stretch
from conflictdesk.coding.calendar_words import compile_keys
from conflictdesk.coding.date_context import Context, Form, Found, Kind, Match, group_of
from conflictdesk.coding.date_surroundings import is_commemorated, is_dateline, is_of_speech, look_around, read_tense
from conflictdesk.coding.date_windows import agree_weekdays, count_from_events, join_windows
from conflictdesk.coding.day_forms import DAY_FORMS, read_day_habit
from conflictdesk.coding.month_forms import MONTH_FORMS
from conflictdesk.coding.narrative_dates import NARRATIVE_FORMS
from conflictdesk.coding.relative_dates import RELATIVE_FORMS
from conflictdesk.records import Dates, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DateExpression:
    """Words that state a time: `dates` is what they allow, None when the text does not settle it.

    `value` is the TIMEX3 value (YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Www) where it has one. `future`: after publication.
    `historic`: more than a year before publication, or an anniversary is kept of it. `duration`: a window over which
    things are counted ("since last week"), never the day of one event. `of_speech`: the day on which somebody said
    something. `parts` are the dates that a window is made of ("from January to March").
    """

    span: Span
    dates: Dates | None
    value: str | None
    kind: Kind
    future: bool = False
    historic: bool = False
    duration: bool = False
    of_speech: bool = False
    parts: tuple[DateExpression, ...] = ()


def read_dates(text: str, published_on: dt.date | None) -> tuple[DateExpression, ...]:
    """Find the dates of an article's text, in the order of the text, none overlapping another.

    `text` is the whole text of the article (offsets count its code points), `published_on` its day of publication,
    None when unknown: then only what the text itself settles is resolved.

    >>> [found] = read_dates("Two shells fell on the camp late on Saturday.", dt.date(2021, 9, 13))
    >>> found.value, found.kind
    ('2021-09-11', 'weekday')
    """
    told = count_from_events(text, agree_weekdays(text, list(_scan_text(text, published_on))))
    found = join_windows(text, told, published_on)
    return tuple(_express(item, published_on) for item in found)


# ---------------------------------------------------------------- finding


@functools.cache
def _forms(key: str) -> tuple[Form, ...]:
    kinds = (DAY_FORMS, MONTH_FORMS, RELATIVE_FORMS, NARRATIVE_FORMS)
    return tuple(form for forms in kinds for form in forms.get(key, ()))


@functools.cache
def _any_form(key: str) -> re.Pattern[str]:
    """One pattern for all forms that hold a key word of this kind, a group for each."""
    bare = (re.sub(r"\(\?P<\w+>", "(?:", form.pattern.pattern) for form in _forms(key))
    return re.compile("|".join(f"({pattern})" for pattern in bare), re.IGNORECASE)


_KEY_REACH = 48


def _scan_text(text: str, published: dt.date | None) -> Iterator[Found]:
    context, position = Context(published=published, day_first=read_day_habit(text)), 0
    for key in compile_keys().finditer(text):
        if key.start() < position:
            continue
        for form, match in _fit_forms(text, key, position):
            left, right = look_around(text, match.start(), match.end())
            context = replace(context, left=left, right=right, tense=read_tense(left, right))
            if form.accept(match, context):
                found = _resolve(form, match, context, text)
                context, position = _remember(context, found), match.end()
                yield found
                break


def _fit_forms(text: str, key: Match, position: int) -> Iterator[tuple[Form, Match]]:
    """The forms that fit around a key word, those that begin first before the others."""
    kind = key.lastgroup or ""
    start, end = max(position, key.start() - _KEY_REACH), key.end() + _KEY_REACH
    while (first := _any_form(kind).search(text, start, end)) and first.start() <= key.start():
        for form in _forms(kind)[(first.lastindex or 1) - 1 :]:
            match = form.pattern.match(text, first.start())
            if match and match.end() >= key.end():
                yield form, match
        start = first.start() + 1


def _resolve(form: Form, match: Match, context: Context, text: str) -> Found:
    try:
        stretch = form.resolve(match, context)
    except (ValueError, OverflowError):  # no such day in the calendar
        stretch = None
    day = context.published
    if stretch and day and form.kind == "anaphoric" and stretch.start > day and context.tense != "ahead":
        stretch = None  # it counts from some other day than the last one told
    if stretch and day and form.kind in ("month", "absolute") and context.tense != "ahead":
        stretch = meet_stretches(stretch, dt.date.min, day)  # what has happened has happened by publication
    kind: Kind = "dateline" if is_dateline(text, match) else form.kind
    return Found(
        start=match.start(),
        end=match.end(),
        kind=kind,
        stretch=stretch,
        own_year=bool(group_of(match, "year") or group_of(match, "spelled")),
        window=form.window,
        of_speech=is_of_speech(context.left),
        commemorated=is_commemorated(context.left),
        parts=_split_days(match, stretch, kind),
    )


def _split_days(match: Match, stretch: Stretch | None, kind: Kind) -> tuple[Found, ...]:
    """The two days of "March 3 and 4", each with its own words; the year of "the first half of 2021"."""
    if year := group_of(match, "yearalone"):
        start, end = match.span("yearalone")
        return (Found(start=start, end=end, kind="absolute", stretch=year_stretch(int(year)), own_year=True),)
    if not group_of(match, "day2") or stretch is None:
        return ()
    first, last = match.start("day"), match.end("day2")
    numbers = list(re.finditer(r"[0-9]{1,2}(?:st|nd|rd|th)?", match.string[first:last]))
    spans = [(first + number.start(), first + number.end()) for number in numbers]
    if match.start("month") < first:
        spans[0] = (match.start("month"), spans[0][1])
    else:
        spans[-1] = (spans[-1][0], match.end("month"))
    days = [stretch.start.replace(day=int(re.sub(r"\D", "", number[0]))) for number in numbers]
    if days != sorted(set(days)) or days[-1] != stretch.end:
        return ()
    return tuple(
        Found(start=start, end=end, kind=kind, stretch=day_stretch(day))
        for (start, end), day in zip(spans, days, strict=True)
    )


def _remember(context: Context, found: Found) -> Context:
    """Keep what later expressions count from."""
    stretch = found.stretch
    if stretch is None or found.window or found.kind == "dateline":
        return (
            replace(context, full=stretch.start) if stretch and found.own_year and stretch.precision == 1 else context
        )
    day = stretch.end if stretch.precision == 1 or found.parts else None
    if day is not None:
        context = replace(
            context, named_day=day, full=day if found.own_year or context.published is None else context.full
        )
    if found.of_speech:
        return context
    return replace(context, told=stretch, told_day=day or context.told_day)


# ---------------------------------------------------------------- handing on


def _express(item: Found, published: dt.date | None) -> DateExpression:
    stretch = item.stretch
    return DateExpression(
        span=Span(item.start, item.end),
        dates=Dates(start=stretch.start, end=stretch.end, precision=stretch.precision) if stretch else None,
        value=stretch.value if stretch else None,
        kind=item.kind,
        future=bool(stretch and published and stretch.start > published),
        historic=item.commemorated or bool(stretch and published and published - stretch.end > 365 * DAY),
        duration=item.window,
        of_speech=item.of_speech,
        parts=tuple(_express(part, published) for part in item.parts),
    )
