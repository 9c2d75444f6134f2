"""Chooses the day of an article's main incident among its dates: the day of the deed, not of what came of it.

Each date is weighed by the word that governs it: "was shot on Friday" tells of a deed, "was arrested on Saturday" of
what followed, and what has an hour ("at about 7 p.m. Sunday") is likelier the deed. Of what weighs alike the first told
is chosen, for an article opens with its main incident.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from conflictdesk.coding.date_surroundings import look_around
from conflictdesk.coding.dates import DateExpression
from conflictdesk.coding.incident_day_words import (
    ASIDE,
    BEFORE_A_NOUN,
    BRACKETED,
    CLAUSE_END,
    CUE,
    HOUR_AFTER,
    HOUR_BEFORE,
    HOUR_WITHIN,
    NAMED_BY_ITS_DAY,
    OWNED,
    SPOKEN,
    STAMPED,
)
from conflictdesk.records import Span

_REACH = 240
_DEED, _OPEN, _AFTERMATH = 3.0, 1.5, 0.0
_SAID = -2.0
# A date loses weight as the article goes on, two points at most: as much as lies between a deed and an open word.
_FADES_OVER = 800
_FADES_BY = 2.0
# A day told again gains a little each time, unless somebody only spoke on it.
_VOTE, _MOST_VOTES, _UNHEARD = 0.2, 5, -1.5


def choose_incident_day(text: str, dates: Iterable[DateExpression]) -> DateExpression | None:
    """The date, of those read in an article, on which its main incident happened; None where no day is told.

    `text` is the article's text, `dates` what `read_dates` found in it. A night over two days ("overnight into Friday")
    is chosen only where no single day is told. Future days and windows over which things are counted are never chosen.

    >>> import datetime as dt
    >>> from conflictdesk.coding.dates import read_dates
    >>> text = "A man was charged on Tuesday over the shooting of two guards on Sunday night."
    >>> choose_incident_day(text, read_dates(text, dt.date(2021, 9, 29))).value
    '2021-09-26'
    """
    told = [each for each in dates if each.dates is not None and not each.future and not each.duration]
    days = [each for each in told if each.dates and each.dates.precision == 1]
    nights = [each for each in told if each.dates and (each.dates.end - each.dates.start).days == 1]
    weighed = [(_weigh(text, each), each) for each in days or nights]
    votes = Counter(each.dates for weight, each in weighed if weight > _UNHEARD)
    best = max(
        weighed,
        key=lambda row: (row[0] + _VOTE * min(_MOST_VOTES, votes[row[1].dates]), -row[1].span.start),
        default=None,
    )
    return best[1] if best else None


def _weigh(text: str, each: DateExpression) -> float:
    span = each.span
    left, right = look_around(text, span.start, span.end, _REACH)
    left = BRACKETED.sub("", left)
    weight = _SAID if SPOKEN.search(left) else _weigh_clause(left, right) + _weigh_details(left, right, text, span)
    if each.kind == "dateline":
        weight -= 3
    if each.kind == "anaphoric":
        weight -= 1  # "the next day" goes on from the deed
    if STAMPED.search(left):
        weight -= 2
    return weight - min(_FADES_BY, span.start / _FADES_OVER)


def _weigh_clause(left: str, right: str) -> float:
    """By the word that governs a date: the last before it, or the first after one that opens its clause."""
    if owned := OWNED.match(right):
        return _DEED if _weigh_cue(CUE.search(owned[1])) == _DEED else 0.5
    if BEFORE_A_NOUN.search(left) and NAMED_BY_ITS_DAY.match(right):
        return _DEED
    cues = list(CUE.finditer(left))
    if cues:
        return _weigh_cue(cues[-1])
    return _weigh_cue(CUE.search(right if len(left.split()) < 2 else CLAUSE_END.split(right)[0]))


def _weigh_cue(cue: re.Match[str] | None) -> float:
    if cue is None or cue["open"]:
        return _OPEN
    return _DEED if cue["deed"] else _AFTERMATH


def _weigh_details(left: str, right: str, text: str, span: Span) -> float:
    hour = HOUR_BEFORE.search(left) or HOUR_AFTER.match(right) or HOUR_WITHIN.search(span.quote(text))
    return bool(hour) - bool(ASIDE.search(left[-80:]))
