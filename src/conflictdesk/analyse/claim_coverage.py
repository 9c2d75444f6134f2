"""Whether a dataset can say anything of a claim: each reason why not, with its figures, in the order they are asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.analyse.counts import tally_events
from conflictdesk.codebook.actors import load_actors
from conflictdesk.codebook.countries import load_countries
from conflictdesk.datasets.filters import where
from conflictdesk.datasets.opening import Dataset
from conflictdesk.questions import ClaimReading, Filter

Reason = tuple[str, str]
"""A fixed word for the kind of reason, and the reason in one plain sentence with its figures."""

LEAST_SLACK, MOST_SLACK, PART_OF_WINDOW = 7, 31, 10
"""The data may begin a tenth of the windows' days late and end as early, from 7 to 31 days."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked: the reading, the filter of its events without actor and days, the area alone, and the day."""

    dataset: Dataset
    reading: ClaimReading
    base: Filter
    area: Filter
    asked_on: dt.date

    @property
    def edges(self) -> tuple[dt.date, dt.date]:
        """The first day of the windows and the day after their last."""
        spans = list(self.reading.windows.values())
        return min(span[0] for span in spans), max(span[1] for span in spans)


def find_reason(case: Case) -> Reason | None:
    """The first reason why the claim cannot be told from the dataset; None where it can."""
    for rule in RULES:
        reason = rule(case)
        if reason:
            return reason
    return None


def _find_unread(case: Case) -> Reason | None:
    reading = case.reading
    if reading.unread:
        return "unread", f"The reading is not complete: {'; '.join(reading.unread)}."
    if not reading.windows or reading.measure is None or not (reading.figures or reading.change is not None):
        return "unread", "The reading is not complete: it lacks a window, a measure or a figure."
    return None


def _find_empty(case: Case) -> Reason | None:
    return None if _count(case, Filter()) else ("empty", "The dataset holds no event.")


def _find_unfinished(case: Case) -> Reason | None:
    _, end = case.edges
    if end <= case.asked_on:
        return None
    return "unfinished", f"The windows end on {_last(end)}, after the day of this check, {case.asked_on}."


def _find_few_reports(case: Case) -> Reason | None:
    """Events that all rest on reports of a few days (one page, one article) are no count of months."""
    row = case.dataset.ask("SELECT count(DISTINCT article_id), min(published_on), max(published_on) FROM quotes")[0]
    articles, first, last = _whole(row[0]), row[1], row[2]
    alone = "SELECT count(*) FROM events WHERE event_id NOT IN (SELECT event_id FROM quotes)"
    if not articles or _whole(case.dataset.ask(alone)[0][0]):
        return None
    (start, end), days = case.edges, 1
    when = "without a day of publication"
    if isinstance(first, dt.date) and isinstance(last, dt.date):
        days = (last - first).days + 1
        when = f"published on {first}" if first == last else f"published from {first} to {last}"
    if days >= max(2, (end - start).days // PART_OF_WINDOW):
        return None
    rest = f"{articles} article{'s' if articles > 1 else ''} {when}"
    told = f"All {_count(case, Filter()):,} events of the dataset rest on {rest}"
    return "few_reports", f"{told}: that is no count of {start} to {_last(end)}."


def _find_missing_country(case: Case) -> Reason | None:
    wanted = case.reading.country
    if not wanted or (case.area.country and _count(case, case.area)):
        return None
    held = case.dataset.ask(
        "SELECT country FROM events WHERE country IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 3"
    )
    names = ", ".join(str(row[0]) for row in held) or "no named country"
    where_said = " and ".join((*case.reading.admin1, *wanted))
    return "no_country", f"The dataset holds no event in {where_said}; it is about {names}."


def _find_missing_home(case: Case) -> Reason | None:
    """A claim that names no country is about all countries of the actor, its home first."""
    if case.reading.country or case.reading.admin1:
        return None
    for name in case.reading.actor:
        entry = load_actors().by_name(name)
        country = load_countries().by_name(entry.country) if entry and entry.country else None
        if country and not case.dataset.ask(
            "SELECT 1 FROM events WHERE iso3 = ? OR country = ? LIMIT 1", [country.iso3, country.name]
        ):
            told = f"The claim names no country, and the dataset holds no event in {country.name}, home of {name}"
            return "no_home", f"{told}: name the country if the claim is about another."
    return None


def _find_missing_actor(case: Case) -> Reason | None:
    if not case.reading.actor or _count(case, replace(case.area, actor=case.reading.actor)):
        return None
    who = ", ".join(case.reading.actor)
    return "no_actor", f"The dataset holds no event of {who} in the area: none of {_count(case, case.area):,} events."


def _find_late_begin(case: Case) -> Reason | None:
    (first, _), (start, end) = _ends(case), case.edges
    slack = _slack(start, end)
    if first is None or first <= start + dt.timedelta(days=slack):
        return None
    return "begins_late", f"The dataset's events of the area begin on {first}, and the claim's windows on {start}."


def _find_early_end(case: Case) -> Reason | None:
    (_, last), (start, end) = _ends(case), case.edges
    if last is None or last >= end - dt.timedelta(days=_slack(start, end) + 1):
        return None
    return "ends_early", f"The dataset's events of the area end on {last}, and the claim's windows on {_last(end)}."


def _find_empty_window(case: Case) -> Reason | None:
    for side, (start, end) in case.reading.windows.items():
        if not _count(case, replace(case.area, from_day=start, to_day=end)):
            days = f"on {start}" if _last(end) == start else f"from {start} to {_last(end)}"
            which = "" if side == "whole" else f" (the window {side})"
            told = f"The dataset holds no event of the area {days}{which}"
            return "empty_window", f"{told}: nobody can say whether nothing happened."
    return None


def _find_missing_measure(case: Case) -> Reason | None:
    start, end = case.edges
    inside = replace(case.area, from_day=start, to_day=end)
    events = _count(case, inside)
    measure = case.reading.measure
    if measure == "events":
        kinds = [("sub_event_type", case.reading.sub_event_type), ("event_type", case.reading.event_type)]
        for column, wanted in kinds:
            lacking = replace(inside, missing=(column,))
            if wanted and _count(case, lacking) == events:
                return (
                    "no_measure",
                    f"None of the {events:,} events in the windows says of what kind ({wanted[0]}) it is.",
                )
        return None
    tally = tally_events(case.dataset, inside)
    people = tally.deaths if measure == "deaths" else tally.injured
    if people.unknown < events:
        return None
    return "no_measure", f"None of the {events:,} events in the windows gives a figure of {measure}."


def _find_missing_civilians(case: Case) -> Reason | None:
    if not case.reading.civilians or tells_civilian_deaths(case.dataset):
        return None
    if case.dataset.ask("SELECT 1 FROM events WHERE civilian_targeting IS NOT NULL LIMIT 1"):
        return None
    return "no_civilians", "The dataset does not tell civilians apart, and the claim is about civilians."


RULES: Final[tuple[Callable[[Case], Reason | None], ...]] = (
    _find_unread,
    _find_empty,
    _find_unfinished,
    _find_few_reports,
    _find_missing_country,
    _find_missing_home,
    _find_missing_actor,
    _find_late_begin,
    _find_early_end,
    _find_empty_window,
    _find_missing_measure,
    _find_missing_civilians,
)
"""Asked in this order; the first that holds is told."""


def tells_civilian_deaths(dataset: Dataset) -> bool:
    """Whether any event of the dataset counts its civilian dead."""
    return bool(dataset.ask("SELECT 1 FROM events WHERE deaths_civilians IS NOT NULL LIMIT 1"))


def _ends(case: Case) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day on which the area has an event."""
    condition, parameters = where(case.area)
    first, last = case.dataset.ask(
        f"SELECT min(date_start), max(date_start) FROM events WHERE {condition}", parameters
    )[0]
    return first if isinstance(first, dt.date) else None, last if isinstance(last, dt.date) else None


def _slack(start: dt.date, end: dt.date) -> int:
    return max(LEAST_SLACK, min(MOST_SLACK, (end - start).days // PART_OF_WINDOW))


def _last(end: dt.date) -> dt.date:
    return end - dt.timedelta(days=1)


def _count(case: Case, wanted: Filter) -> int:
    condition, parameters = where(wanted)
    return _whole(case.dataset.ask(f"SELECT count(*) FROM events WHERE {condition}", parameters)[0][0])


def _whole(value: object) -> int:
    return int(str(value))


def count_names(dataset: Dataset) -> Mapping[str, int]:
    """Every actor's name in the dataset with the number of its events as a party, else as the one who is blamed."""
    parties = dataset.ask(
        "SELECT name, sum(n) FROM (SELECT actor1 AS name, count(*) AS n FROM events GROUP BY 1"
        " UNION ALL SELECT actor2, count(*) FROM events WHERE actor2 IS DISTINCT FROM actor1 GROUP BY 1"
        " UNION ALL SELECT name, count(*) FROM (SELECT actor1, actor2, unnest(list_distinct(associated)) AS name"
        " FROM events WHERE len(associated) > 0) WHERE name IS DISTINCT FROM actor1 AND name IS DISTINCT FROM actor2"
        " GROUP BY 1) WHERE name IS NOT NULL GROUP BY name ORDER BY name"
    )
    blamed = dataset.ask(
        "SELECT name, sum(n) FROM (SELECT perpetrator AS name, count(*) AS n FROM events GROUP BY 1 UNION ALL"
        " SELECT unnest(attributed_to), 1 FROM events WHERE len(attributed_to) > 0) WHERE name IS NOT NULL"
        " GROUP BY name ORDER BY name"
    )
    return {str(name): _whole(n) for name, n in (*blamed, *parties)}
