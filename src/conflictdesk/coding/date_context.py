"""What a date form is, what surrounds an expression, and how a year that was left out is found.

A form is a pattern (see `calendar_words`) and a function from its match and the context to a stretch of the calendar,
or None when the context does not tell. `accept` says whether the words are a date at all. Forms are kept by the kind of
word that each must hold (a key of `calendar_words.KEYS`); at one place the first that fits is taken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from conflictdesk.coding.calendar_spans import DAY, Stretch
from conflictdesk.coding.calendar_words import compile_form, spelled_year

Kind = Literal["absolute", "weekday", "month", "relative", "anaphoric", "period", "dateline"]
Tense = Literal["ahead", "behind", ""]
Match = re.Match[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What surrounds an expression: the day of publication, the dates before it, the words of its sentence.

    `told` is the latest stretch of the narrative, `told_day` the latest single day of it, `named_day` the latest single
    day in any role, `full` the latest day with a year of its own. `ahead`: the verb speaks of the future. `day_first`:
    the article's numeric dates give the day before the month (True) or after it (False), None where they do not show.
    """

    published: dt.date | None = None
    told: Stretch | None = None
    told_day: dt.date | None = None
    named_day: dt.date | None = None
    full: dt.date | None = None
    left: str = ""
    right: str = ""
    tense: Tense = ""
    day_first: bool | None = None


Resolver = Callable[[Match, Context], "Stretch | None"]


def _always(_match: Match, _context: Context) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a date; `window` when it is a period over which things are counted."""

    kind: Kind
    source: str
    resolve: Resolver
    accept: Callable[[Match, Context], bool] = _always
    window: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """The form as a pattern, built when first asked for."""
        return compile_form(self.source)


def group_of(match: Match, name: str) -> str:
    """What a named group of a form has caught, "" when nothing or when the form has no such group."""
    return match.groupdict().get(name) or ""


# ---------------------------------------------------------------- years

_CHANGE = {"last": -1, "previous": -1, "preceding": -1, "next": 1, "following": 1, "coming": 1}


def change_of(word: str) -> int:
    """One unit back for "last", one on for "next", none for "this"."""
    return next((step for name, step in _CHANGE.items() if name in word.lower()), 0)


def _stated_year(match: Match, context: Context) -> int | None:
    if year := group_of(match, "year"):
        return int(year)
    if words := group_of(match, "spelled"):
        return spelled_year(words)
    said = group_of(match, "thatyear").lower()
    if said in ("this", "last", "next"):
        return context.published.year + change_of(said) if context.published else None
    return context.told.start.year + change_of(said) if said and context.told else None


def _distance(stretch: Stretch, day: dt.date) -> dt.timedelta:
    return max(stretch.start - day, day - stretch.end, dt.timedelta(0))


def choose_year(build: Callable[[int], Stretch], context: Context) -> Stretch | None:
    """Build the date in the year left out: the latest not after publication, or the next where the verb looks ahead."""
    base = context.published or context.full
    if base is None:
        return None
    found = []
    for year in range(max(base.year - 8, 1), min(base.year + 9, 9999)):
        try:
            found.append(build(year))
        except ValueError:  # 29 February of a common year
            continue
    if context.published is None:
        near = min(found, key=lambda stretch: _distance(stretch, base), default=None)
        return near if near and _distance(near, base) <= 31 * DAY else None
    before = next((stretch for stretch in reversed(found) if stretch.start <= base), None)
    after = next((stretch for stretch in found if stretch.end >= base), None)
    if context.tense == "ahead" or (before and after and _is_just_ahead(before, after, base, context.tense)):
        return after
    return before


def _is_just_ahead(before: Stretch, after: Stretch, day: dt.date, tense: Tense) -> bool:
    """A date of the coming weeks: had the one of last year been meant, the year would have been written."""
    return tense != "behind" and before.precision < 3 and day - before.end > 290 * DAY and after.start - day <= 62 * DAY


def fit_year(match: Match, context: Context, build: Callable[[int], Stretch]) -> Stretch | None:
    """Build the date in the year that its own words give ("2021", "last year"), else in the year left out."""
    year = _stated_year(match, context)
    if year is not None:
        return build(year)
    return None if group_of(match, "thatyear") else choose_year(build, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An expression under way: the words from `start` to `end`, and what they came to."""

    start: int
    end: int
    kind: Kind
    stretch: Stretch | None
    own_year: bool = False
    window: bool = False
    of_speech: bool = False
    commemorated: bool = False
    parts: tuple[Found, ...] = ()
