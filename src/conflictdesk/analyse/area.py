"""What the data hold around an actor: the days they cover, everybody's events in the windows, who reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.analyse.dataset_facts import ask_once
from conflictdesk.analyse.meanings import HAS_MEANING, OriginRows
from conflictdesk.analyse.windows import Windows
from conflictdesk.datasets.filters import where
from conflictdesk.datasets.opening import Dataset, Row
from conflictdesk.questions import MEANINGS, Filter

LEAST_REPORTS: Final = 3
"""A source is said to begin or end only with so many events in the one window and none in the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """All events of an area in one window, whoever took part."""

    events: int
    deaths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceActivity:
    """Who reported of the area, whoever took part.

    `per_week`: weeks counted from the split (-1 is the last before it) -> sources with at least one event in it.
    `both` reported in both windows, `one` in one alone; `began` and `ended` are those of `one` with LEAST_REPORTS.
    """

    per_week: Mapping[int, int]
    both: tuple[str, ...]
    one: tuple[str, ...]
    began: tuple[str, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What surrounds the actor's events: the same filter, without the actor.

    `first` and `last` are the first and the last `date_start` of the area, `last_report` the last day on which
    anything was reported; None where the data hold no such day.
    """

    first: dt.date | None
    last: dt.date | None
    last_report: dt.date | None
    origins: tuple[OriginRows, ...]
    before: Volume
    after: Volume
    sources: SourceActivity


def survey_area(dataset: Dataset, base: Filter, windows: Windows) -> Area:
    """Look at everybody's events in and around the windows: three passes over few columns."""
    condition, parameters = where(base)
    ends = "min(date_start), max(date_start), max(greatest(last_reported, first_reported))"
    first, last, reported = ask_once(dataset, f"SELECT {ends} FROM events WHERE {condition}", parameters)[0]
    sides = _read_sides(dataset, base, windows)
    return Area(
        first=_day(first),
        last=_day(last),
        last_report=_day(reported),
        origins=_add_origins(sides),
        before=_add_volume(sides, after=False),
        after=_add_volume(sides, after=True),
        sources=read_sources(dataset, base, windows),
    )


def list_names_inside(dataset: Dataset, base: Filter, windows: Windows) -> list[str]:
    """The names of all actors in the windows, sorted."""
    condition, parameters = where(replace(base, from_day=windows.edges[0], to_day=windows.edges[2]))
    inside = f"FROM events WHERE {condition}"
    names = " UNION ".join(
        f"SELECT {column} AS name {inside}" for column in ("actor1", "actor2", "perpetrator", "unnest(associated)")
    )
    rows = dataset.ask(f"SELECT name FROM ({names}) WHERE name IS NOT NULL ORDER BY name", parameters * 4)
    return [str(row[0]) for row in rows]


def _read_sides(dataset: Dataset, base: Filter, windows: Windows) -> list[Row]:
    start, split, end = windows.edges
    condition, parameters = where(replace(base, from_day=start, to_day=end))
    told = ", ".join(f"count(*) FILTER ({HAS_MEANING[meaning]})" for meaning in MEANINGS)
    return dataset.ask(
        f"SELECT coalesce(origin, ''), date_start >= ?, count(*), coalesce(sum(deaths_best), 0), {told}"
        f" FROM events WHERE {condition} GROUP BY ALL ORDER BY ALL",
        [split, *parameters],
    )


def _add_volume(sides: Sequence[Row], *, after: bool) -> Volume:
    held = [row for row in sides if bool(row[1]) is after]
    return Volume(events=sum(_whole(row[2]) for row in held), deaths=sum(_whole(row[3]) for row in held))


def _add_origins(sides: Sequence[Row]) -> tuple[OriginRows, ...]:
    held = []
    for origin in sorted({str(row[0]) for row in sides}):
        rows = [row for row in sides if row[0] == origin]
        told = {meaning: sum(_whole(row[4 + k]) for row in rows) for k, meaning in enumerate(MEANINGS)}
        held.append(OriginRows(origin=origin, events=sum(_whole(row[2]) for row in rows), told=told))
    return tuple(held)


def read_sources(dataset: Dataset, base: Filter, windows: Windows) -> SourceActivity:
    """Who reported of the area in which week and window."""
    start, split, end = windows.edges
    condition, parameters = where(replace(base, from_day=start, to_day=end))
    week = "CAST(floor(date_diff('day', ?::DATE, date_start) / 7.0) AS INTEGER)"
    dataset.ask(
        f"CREATE OR REPLACE TEMP TABLE source_weeks AS SELECT week, source, count(*) AS n FROM"
        f" (SELECT {week} AS week, unnest(sources) AS source FROM events WHERE {condition}) GROUP BY ALL",
        [split, *parameters],
    )
    try:
        weeks = dataset.ask("SELECT week, count(*) FROM source_weeks GROUP BY week ORDER BY week")
        rows = dataset.ask(
            "SELECT source, coalesce(sum(n) FILTER (week < 0), 0), coalesce(sum(n) FILTER (week >= 0), 0)"
            " FROM source_weeks GROUP BY source ORDER BY source"
        )
    finally:
        dataset.ask("DROP TABLE IF EXISTS source_weeks")
    counted = [(str(name), _whole(old), _whole(new)) for name, old, new in rows]
    return SourceActivity(
        per_week={_whole(number): _whole(n) for number, n in weeks},
        both=tuple(name for name, old, new in counted if old and new),
        one=tuple(name for name, old, new in counted if not (old and new)),
        began=tuple(name for name, old, new in counted if not old and new >= LEAST_REPORTS),
        ended=tuple(name for name, old, new in counted if not new and old >= LEAST_REPORTS),
    )


def _day(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _whole(value: object) -> int:
    return int(str(value))
