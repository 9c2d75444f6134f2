"""What an article's main incident comes to: its day, its toll, and every date told; with no codebook in mind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conflictdesk.coding.article_tolls import read_article_toll
from conflictdesk.coding.dates import DateExpression, read_dates
from conflictdesk.coding.incident_days import choose_incident_day
from conflictdesk.records import Article, Dates, Estimate, Parse


@dataclass(frozen=True, slots=True, kw_only=True)
class MainIncident:
    """The day and tolls of what an article tells of most, and all dates that are those of something done."""

    dates: Dates | None
    told: tuple[Dates, ...]
    deaths: Estimate | None
    injured: Estimate | None


def read_main_incident(article: Article, parse: Parse) -> MainIncident:
    """Read an article for comparison with others; where nothing is dated, news is of the day it was published."""
    toll = read_article_toll(parse)
    found = read_dates(article.text, article.published_on)
    chosen = choose_incident_day(article.text, found)
    return MainIncident(
        dates=chosen.dates if chosen else _publication_day(article),
        told=tuple(_list_told(found)),
        deaths=toll.deaths.estimate if toll.deaths else None,
        injured=toll.injured.estimate if toll.injured else None,
    )


def _publication_day(article: Article) -> Dates | None:
    day = article.published_on
    return None if day is None else Dates(start=day, end=day, precision=1)


def _list_told(found: Iterable[DateExpression]) -> Iterator[Dates]:
    """The dates that may be those of something done, those within a window included."""
    for each in found:
        if not each.future:
            told = (part.dates for part in (each, *each.parts) if not part.of_speech)
            yield from (dates for dates in told if dates is not None)
