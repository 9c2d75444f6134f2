"""A count as CSV: a row for each row of the table, and the total."""

from __future__ import annotations

import csv
import io

from conflictdesk.publish.charts import say_dimension
from conflictdesk.questions import CountAnswer, Tally

_SUMS = (
    *("events", "deaths_low", "deaths_best", "deaths_high", "events_without_deaths_figure"),
    *("injured_low", "injured_best", "injured_high", "events_without_injured_figure", "events_targeting_civilians"),
)


def write_table(answer: CountAnswer) -> str:
    """Write the rows of a count and their total as CSV (RFC 4180); text that a spreadsheet would run is quoted.

    The first cell of the last row says "total"; rows of actors or sources overlap and add up to more than it.
    """
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow([*(say_dimension(name) for name in answer.question.by), *_SUMS, "share_of_events"])
    for row in answer.rows:
        writer.writerow([*map(_guard, row.keys), *_sums_of(row.tally), f"{row.share:.6f}"])
    blanks = [""] * (len(answer.question.by) - 1)
    writer.writerow(["total", *blanks, *_sums_of(answer.total), "1" if answer.total.events else ""])
    return held.getvalue()


def _sums_of(tally: Tally) -> list[int]:
    deaths, injured = tally.deaths, tally.injured
    return [
        *(tally.events, deaths.low, deaths.best, deaths.high, deaths.unknown),
        *(injured.low, injured.best, injured.high, injured.unknown, tally.civilian_targeting),
    ]


def _guard(text: str) -> str:
    """Text that begins like a formula gets an apostrophe before it, as spreadsheets expect."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
