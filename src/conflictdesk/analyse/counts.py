"""How many: events, deaths and injured, by time, place, type, actor or source."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from conflictdesk.datasets.filters import MISSING, Parameter, where
from conflictdesk.datasets.opening import Dataset, Row
from conflictdesk.datasets.schema import KEYED
from conflictdesk.errors import ConfigError
from conflictdesk.questions import CountAnswer, CountQuestion, CountRow, Dimension, Filter, People, Tally

_TIMES: Final[dict[str, str]] = {
    # Whole numbers, for truncating dates costs the database three times as much: see _read_period.
    "year": "year(date_start)",
    "quarter": "year(date_start) * 4 + (month(date_start) - 1) // 3",
    "month": "year(date_start) * 12 + month(date_start) - 1",
    "week": "CAST(floor((date_start - DATE '1970-01-05') / 7) AS INTEGER)",
    "day": "date_start - DATE '1970-01-05'",
}
_FIRST_MONDAY: Final = dt.date(1970, 1, 5)
_PARTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "actor": (
        ("key_actor1", "key_actor1 IS NOT NULL"),
        ("key_actor2", "key_actor2 IS NOT NULL AND key_actor2 IS DISTINCT FROM key_actor1"),
        (
            "unnest(list_filter(list_distinct(associated),"
            " lambda x: x IS DISTINCT FROM actor1 AND x IS DISTINCT FROM actor2))",
            "more_actors",
        ),
    ),
    "source": (
        ("key_source1", "key_source1 IS NOT NULL"),
        ("key_source2", "key_source2 IS NOT NULL"),
        (
            "unnest(list_filter(list_distinct(sources),"
            " lambda x: x IS DISTINCT FROM source1 AND x IS DISTINCT FROM source2))",
            "more_sources",
        ),
    ),
    "disorder_type": (
        ("disorder1", "disorder1 IS NOT NULL"),
        ("unnest(list_filter(list_distinct(disorder_type), lambda x: x IS DISTINCT FROM disorder1))", "more_disorders"),
    ),
}
"""How an event gets into the rows of all its values: (key, condition) parts, for unnesting every list is slow."""
_LACKS: Final = {
    **{name: f"key_{name} IS NULL" if name in KEYED else sql for name, sql in MISSING.items()},
    "source": "key_source1 IS NULL",
    "disorder_type": "disorder1 IS NULL",
    "actor": "(key_actor1 IS NULL AND key_actor2 IS NULL AND NOT more_actors)",
}
_MANY: Final = ("location", "admin2")
"""Dimensions of so many values that the largest are found first and only they are summed."""
DIMENSIONS: Final[tuple[Dimension, ...]] = (
    *("year", "quarter", "month", "week", "day", "country", "admin1", "admin2", "location"),
    *("event_type", "sub_event_type", "original_type", "disorder_type", "actor", "source", "origin", "status"),
    "civilian_targeting",
)
OVERLAPPING: Final = frozenset(_PARTS)
"""The dimensions in which one event stands in several rows, so that rows add up to more than the total."""
_SUMMED: Final = ("deaths_low", "deaths_best", "deaths_high", "injured_low", "injured_best", "injured_high")


def _sum_people(name: str) -> tuple[str, ...]:
    low, best, high = (f"{name}_{part}" for part in ("low", "best", "high"))
    sums = (f"sum({low})", f"sum({best})", f"sum({high})")
    return *sums, f"count({best})", f"count({high})", f"sum({best}) FILTER ({high} IS NULL)"


_TALLY_PARTS: Final = (
    "count(*)",
    *_sum_people("deaths"),
    *_sum_people("injured"),
    *("count(*) FILTER (civilian_targeting)", "count(*) FILTER (deaths_best > 0)"),
)
TALLY: Final = ", ".join(_TALLY_PARTS)
"""The columns of a Tally as SQL: what `read_tally` reads back."""
TALLY_WIDTH: Final = len(_TALLY_PARTS)


def read_tally(row: Sequence[object]) -> Tally:
    """Make a Tally of the values that TALLY asks for."""
    n = [0 if value is None else int(str(value)) for value in row]
    return Tally(
        events=n[0],
        deaths=_read_people(n[0], n[1:7]),
        injured=_read_people(n[0], n[7:13]),
        civilian_targeting=n[13],
        deadly=n[14],
    )


def _read_people(events: int, sums: Sequence[int]) -> People:
    low, best, high, known, closed, best_of_open = sums
    return People(low=low, best=best, high=high + best_of_open, unknown=events - known, open=max(known - closed, 0))


def tally_events(dataset: Dataset, wanted: Filter) -> Tally:
    """What the events that match a filter add up to."""
    condition, parameters = where(wanted)
    return read_tally(dataset.ask(f"SELECT {TALLY} FROM events WHERE {condition}", parameters)[0])


def count_events(dataset: Dataset, question: CountQuestion) -> CountAnswer:
    """Answer a count: a row for each value (or combination of values) that occurs, none for those that do not.

    An event without a value of a dimension stands in no row and is counted under `not_counted`. `total` are the sums
    over the events that stand in a row, each once, though rows of actors, sources and disorder types overlap.

    Raises:
        ConfigError: no dimension, an unknown one, one twice, or more than three.
    """
    _check_question(question)
    condition, parameters = where(question.filter)
    held = f"({condition}) AND NOT ({' OR '.join(_lack_of(name) for name in question.by)})"
    few = question.limit is not None and len(question.by) == 1 and question.by[0] in _MANY
    ask = _ask_largest if few else _ask_rows
    found, groups, total = ask(dataset, question, (held, parameters))
    rows = tuple(_read_row(row, question, total.events) for row in sorted(found, key=lambda r: _rank(r, question)))
    missed = _count_missing(dataset, question, condition, parameters)
    return CountAnswer(question=question, rows=rows, total=total, not_counted=missed, cut=groups - len(rows))


def _ask_rows(
    dataset: Dataset, question: CountQuestion, held: tuple[str, list[Parameter]]
) -> tuple[list[Row], int, Tally]:
    """The rows, how many groups there are, and the total: all in one pass where each event stands in one row."""
    condition, parameters = held
    told = dataset.ask(_rows_sql(question, condition), parameters * _count_parts(question.by))
    whole = next(row for row in told if row[0])
    total = read_tally(whole[2 + len(question.by) :])
    if OVERLAPPING.intersection(question.by):
        total = read_tally(dataset.ask(f"SELECT {TALLY} FROM events WHERE {condition}", parameters)[0])
    return [row[2:] for row in told if not row[0]], int(str(whole[1])), total


def _ask_largest(
    dataset: Dataset, question: CountQuestion, held: tuple[str, list[Parameter]]
) -> tuple[list[Row], int, Tally]:
    """The same for one dimension of very many values: the largest are found by few sums, then summed in full."""
    condition, parameters = held
    key = _key_sql(question.by[0])
    largest = (
        f"SELECT {key} AS word, count(*) AS n, sum(deaths_best) AS dead, count(*) OVER () AS groups FROM events"
        f" WHERE {condition} GROUP BY 1 ORDER BY n DESC, dead DESC NULLS LAST, 1 LIMIT {int(question.limit or 1)}"
    )
    rows = dataset.ask(
        f"WITH top AS MATERIALIZED ({largest}) SELECT any_value(groups), word, {TALLY}"
        f" FROM events JOIN top ON {key} = word WHERE {condition} GROUP BY word",
        parameters * 2,
    )
    total = read_tally(dataset.ask(f"SELECT {TALLY} FROM events WHERE {condition}", parameters)[0])
    return [row[1:] for row in rows], int(str(rows[0][0])) if rows else 0, total


def _rank(row: Row, question: CountQuestion) -> tuple[int, int, list[object]]:
    n = len(question.by)
    keys = list(row[:n])
    if question.limit is None:
        return 0, 0, keys
    return -int(str(row[n])), -int(str(row[n + 2] or 0)), keys


def _check_question(question: CountQuestion) -> None:
    unknown = [name for name in question.by if name not in DIMENSIONS]
    if unknown:
        raise ConfigError(f"cannot count by {unknown[0][:40]!r}; know {', '.join(DIMENSIONS)}")
    if not 1 <= len(question.by) <= 3 or len(set(question.by)) < len(question.by):
        raise ConfigError("count by one, two or three different things")
    if question.limit is not None and question.limit < 1:
        raise ConfigError("the limit of rows is 1 or more")


def _lack_of(name: Dimension) -> str:
    return _LACKS["day" if name in _TIMES else name]


def _list_parts(name: Dimension) -> tuple[tuple[str, str], ...]:
    return _PARTS.get(name, ((_key_sql(name), "TRUE"),))


def _count_parts(by: Sequence[Dimension]) -> int:
    return math.prod(len(_list_parts(name)) for name in by)


def _rows_sql(question: CountQuestion, condition: str) -> str:
    """The GROUP BY, each row with (is the total, number of groups); of a limited count only the largest groups."""
    groups = ", ".join(f"key{number}" for number in range(len(question.by)))
    columns = [f"t{number}" for number in range(TALLY_WIDTH)]
    sums = ", ".join(f"sum({name}) AS {name}" for name in columns)
    order, limit = groups, ""
    if question.limit is not None:
        order, limit = f"t0 DESC, t2 DESC NULLS LAST, {groups}", f"LIMIT {int(question.limit)}"
    nothing = ", ".join("NULL" for _ in question.by)
    parts = " UNION ALL ".join(_part_sql(question.by, parts, condition) for parts in _cross_parts(question.by))
    return (
        f"WITH g AS MATERIALIZED (SELECT {groups}, {sums} FROM ({parts}) GROUP BY {groups})"
        f" (SELECT FALSE AS whole, 0 AS n, * FROM g ORDER BY {order} {limit})"
        f" UNION ALL SELECT TRUE, count(*), {nothing}, {sums} FROM g"
    )


def _cross_parts(by: Sequence[Dimension]) -> Iterator[tuple[tuple[str, str], ...]]:
    return itertools.product(*(_list_parts(name) for name in by))


def _part_sql(by: Sequence[Dimension], parts: Sequence[tuple[str, str]], condition: str) -> str:
    """One part's groups, summed by themselves, for few groups are quicker to join than many rows.

    Lists are unnested one in the other: beside each other they would be zipped.
    """
    inner = f"SELECT * FROM events WHERE ({condition}) AND {' AND '.join(also for _, also in parts)}"
    for number, (key, _) in enumerate(parts):
        inner = f"SELECT *, {key} AS key{number} FROM ({inner})"
    named = ", ".join(f"{sql} AS t{number}" for number, sql in enumerate(_TALLY_PARTS))
    groups = ", ".join(f"key{number}" for number in range(len(by)))
    return f"SELECT {groups}, {named} FROM ({inner}) GROUP BY {groups}"


def _key_sql(name: Dimension) -> str:
    if name == "civilian_targeting":
        return "CAST(civilian_targeting AS INTEGER)"
    return _TIMES.get(name, f"key_{name}")


def _read_period(name: Dimension, number: int) -> dt.date:
    """The first day of a period that the database gave as a whole number."""
    if name == "year":
        return dt.date(number, 1, 1)
    if name in ("week", "day"):
        return _FIRST_MONDAY + dt.timedelta(days=number * (7 if name == "week" else 1))
    per_year = 4 if name == "quarter" else 12
    return dt.date(number // per_year, number % per_year * (12 // per_year) + 1, 1)


def _read_row(row: Row, question: CountQuestion, events: int) -> CountRow:
    by = question.by
    wanted, keys = question.filter, []
    for name, told in zip(by, row):
        value = _read_period(name, int(str(told))) if name in _TIMES else told
        wanted = narrow_filter(wanted, name, value)
        keys.append(name_key(name, value))
    tally = read_tally(row[len(by) :])
    return CountRow(keys=tuple(keys), tally=tally, share=tally.events / events, events_filter=wanted)


def name_key(name: Dimension, value: object) -> str:
    """A value of a dimension in words.

    >>> name_key("quarter", dt.date(2021, 4, 1)), name_key("month", dt.date(2021, 4, 1))
    ('2021-Q2', '2021-04')
    """
    if name == "civilian_targeting":
        return "yes" if value else "no"
    if not isinstance(value, dt.date):
        return str(value)
    if name == "quarter":
        return f"{value.year:04d}-Q{(value.month + 2) // 3}"
    return value.isoformat()[: {"year": 4, "month": 7}.get(name, 10)]


def narrow_filter(wanted: Filter, name: Dimension, value: object) -> Filter:
    """The filter that asks for one value of a dimension besides: it finds exactly the events of that row."""
    if isinstance(value, dt.date):
        return _narrow_days(wanted, name, value)
    if name == "civilian_targeting":
        return replace(wanted, civilian_targeting=bool(value))
    asked: tuple[str, ...] = getattr(wanted, name)
    if name in OVERLAPPING and asked:
        return replace(wanted, also=tuple(dict.fromkeys((*wanted.also, (name, str(value))))))
    narrower = replace(wanted, **{name: (str(value),)})  # type: ignore[arg-type]  # what is left holds tuples of words
    return replace(narrower, meaning="involving") if name == "actor" else narrower


def _narrow_days(wanted: Filter, name: Dimension, start: dt.date) -> Filter:
    end = _end_of(name, start)
    if wanted.from_day and wanted.from_day > start:
        start = wanted.from_day
    if wanted.to_day and (end is None or wanted.to_day < end):
        end = wanted.to_day
    return replace(wanted, from_day=start, to_day=end)


def _end_of(name: Dimension, start: dt.date) -> dt.date | None:
    """The first day after the period that begins at `start`; None past the end of the calendar."""
    months = {"year": 12, "quarter": 3, "month": 1}.get(name)
    try:
        if months is None:
            return start + dt.timedelta(days=7 if name == "week" else 1)
        later = start.month - 1 + months
        return start.replace(year=start.year + later // 12, month=later % 12 + 1)
    except (OverflowError, ValueError):
        return None


def _count_missing(
    dataset: Dataset, question: CountQuestion, condition: str, parameters: Sequence[Parameter]
) -> dict[str, int]:
    """Why events stand in no row, each event under the first reason that holds."""
    lacks = {("day" if name in _TIMES else name): _lack_of(name) for name in question.by}
    asked, earlier = [], "FALSE"
    for sql in lacks.values():
        asked.append(f"count(*) FILTER (({sql}) AND NOT ({earlier}))")
        earlier = f"{earlier} OR {sql}"
    row = dataset.ask(f"SELECT {', '.join(asked)} FROM events WHERE {condition}", parameters)[0]
    found = {f"no {name.replace('_', ' ')}": int(str(n)) for name, n in zip(lacks, row)}
    return {reason: n for reason, n in found.items() if n}
