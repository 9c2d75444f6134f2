"""Weekly bars: weeks counted outwards from the split day, so that none straddles it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from conflictdesk.analyse.case_rows import CaseRows
from conflictdesk.analyse.windows import Windows
from conflictdesk.questions import Meaning, WeekBar


def list_weeks(windows: Windows) -> Iterator[tuple[int, dt.date, dt.date]]:
    """Each week as its number from the split (-1 is the last before it), first day and day after its last.

    The outermost weeks may hold fewer than seven days.
    """
    start, split, end = windows.edges
    back, forth = (start - split).days, (end - split).days
    for number in range(back // 7, -(-forth // 7)):
        first, last = max(back, 7 * number), min(forth, 7 * number + 7)
        yield number, split + dt.timedelta(days=first), split + dt.timedelta(days=last)


def build_weeks(rows: CaseRows, meaning: Meaning, sources: Mapping[int, int]) -> tuple[WeekBar, ...]:
    """The weekly sums of the actor's events; `sources` tells how many sources reported of the area in each week."""
    sums = rows.daily(meaning)
    return tuple(
        WeekBar(
            from_day=first,
            to_day=last,
            side="before" if number < 0 else "after",
            tally=sums.tally((first, last)),
            sources=sources.get(number, 0),
            events_filter=rows.filter_of(meaning, (first, last)),
        )
        for number, first, last in list_weeks(rows.windows)
    )
