"""Which rows leave the dataset, in which order, and what of them may leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from conflictdesk.datasets.filters import Parameter, where
from conflictdesk.datasets.manifest import ImportRecord
from conflictdesk.datasets.opening import Dataset
from conflictdesk.datasets.schema import EVENT_COLUMNS
from conflictdesk.errors import ConfigError
from conflictdesk.questions import Filter

ORDER: Final = "ORDER BY date_start ASC NULLS LAST, event_id"
POINT: Final = "coalesce(isfinite(latitude) AND isfinite(longitude), FALSE)"
"""True for an event that has a point."""
QUOTED_COLUMNS: Final = ("headline", "notes")
"""Columns that hold the words of an article where the event was coded from one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """How rows leave.

    `with_quotes` lets the words of articles out, which may name private people; `bom` begins a CSV with the mark that
    Excel needs to see UTF-8; `licence` is that of your own rows; `columns` are the ones wanted, all when empty, and
    `limit` and `offset` cut the list, as a page of a web list does (CSV and JSON of our own columns alone).
    """

    with_quotes: bool = False
    bom: bool = False
    licence: str | None = None
    columns: tuple[str, ...] = ()
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What was written: `files` in the order of reading, `rows`, and sentences for the one who asked (`notes`).

    `without_point` counts the rows that have no point on a map. `empty_columns` names the columns that hold nothing
    for rows that came from elsewhere, and why. `same_bytes`: the same dataset and options give the same bytes again.
    """

    shape: str
    files: tuple[str, ...]
    rows: int
    without_point: int
    dataset_version: str
    notes: tuple[str, ...] = ()
    empty_columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    same_bytes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The rows of an export as one SELECT with its parameters, and what can be said of them before they are read.

    `sql` gives them in no order, `sorted_sql` in that of every export. `kinds` maps a column of the SELECT to its SQL
    type, in order. `imports` are those that the rows came from. `hidden` rows rest on articles whose words stay here.
    """

    sql: str
    parameters: tuple[Parameter, ...]
    kinds: Mapping[str, str]
    rows: int
    without_point: int
    whole_country: int
    hidden: int
    imports: tuple[ImportRecord, ...]

    @property
    def sorted_sql(self) -> str:
        """The rows by day and id, undated ones last."""
        return f"{self.sql} {ORDER}"


def choose_rows(dataset: Dataset, wanted: Filter, options: ExportOptions) -> Chosen:
    """Say which rows leave: those of the filter, by day and id, undated ones last.

    Raises:
        ConfigError: a column is asked for that no dataset has.
    """
    names = _check_columns(options.columns)
    condition, parameters = where(wanted)
    coded = _coded_sql(dataset) if not options.with_quotes else "FALSE"
    columns = ", ".join(_column_sql(name, coded) for name in names)
    cut = f" LIMIT {int(options.limit)}" if options.limit is not None else ""
    cut += f" OFFSET {int(options.offset)}" if options.offset else ""
    source = f"(SELECT * FROM events WHERE {condition} {f'{ORDER}{cut}' if cut else ''})"
    counted = dataset.ask(
        f"SELECT import_id, count(*), count(*) FILTER (NOT {POINT}),"
        f" count(*) FILTER ({POINT} AND place_precision >= 4), count(*) FILTER ({coded})"
        f" FROM {source} GROUP BY import_id",
        parameters,
    )
    sums = [sum(as_number(row[at]) for row in counted) for at in range(1, 5)]
    found = {row[0] for row in counted}
    return Chosen(
        sql=f"SELECT {columns} FROM {source}",
        parameters=tuple(parameters),
        kinds={name: EVENT_COLUMNS[name] for name in names},
        rows=sums[0],
        without_point=sums[1],
        whole_country=sums[2],
        hidden=sums[3],
        imports=tuple(record for record in dataset.manifest.imports if record.import_id in found),
    )


def tell_hidden(chosen: Chosen) -> tuple[str, ...]:
    """Say that the words of articles stayed behind, where there were any."""
    if not chosen.hidden:
        return ()
    return (
        f"the headline and notes of {chosen.hidden} events coded from articles are left out: they may name private"
        " people; --with-quotes lets them out",
    )


def quote_sql(text: str) -> str:
    """A text of our own (a path, the id of an import) as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def as_number(value: object) -> int:
    """A whole number that DuckDB gave.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _check_columns(asked: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in asked if name not in EVENT_COLUMNS]
    if unknown:
        raise ConfigError(f"there is no column {unknown[0]!r}; the columns are {', '.join(EVENT_COLUMNS)}")
    return tuple(asked) or tuple(EVENT_COLUMNS)


def _coded_sql(dataset: Dataset) -> str:
    """SQL that is true for a row that was coded from articles."""
    coded = [quote_sql(record.import_id) for record in dataset.manifest.imports if record.kind == "coded"]
    known = f"import_id IN ({', '.join(coded)})" if coded else "FALSE"
    return f"({known} OR event_id IN (SELECT event_id FROM quotes))"


def _column_sql(name: str, coded: str) -> str:
    if name in QUOTED_COLUMNS and coded != "FALSE":
        return f'CASE WHEN {coded} THEN NULL ELSE "{name}" END AS "{name}"'
    return f'"{name}"'
