"""The events of a view as a stream of bytes: CSV as the export writes it, JSON with the dataset's version."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator

from conflictdesk.datasets.filters import filter_pairs
from conflictdesk.datasets.opening import Dataset
from conflictdesk.exchange.csv_shape import csv_lines_sql, stream_lines
from conflictdesk.exchange.selection import ExportOptions, choose_rows
from conflictdesk.questions import Filter

_BATCH = 1000


def write_csv(dataset: Dataset, wanted: Filter) -> Iterator[bytes]:
    """All events of a filter as CSV, by day; cells that a spreadsheet would run are made harmless.

    The words of articles stay behind, as in every export: they may name private people.
    """
    chosen = choose_rows(dataset, wanted, ExportOptions())
    return stream_lines(dataset, csv_lines_sql(chosen.sorted_sql, chosen.kinds), chosen.parameters)


def write_json(dataset: Dataset, wanted: Filter) -> Iterator[bytes]:
    """All events of a filter as one JSON object: `dataset_version`, `filter`, `count`, `events`."""
    chosen = choose_rows(dataset, wanted, ExportOptions())
    head = {"dataset_version": dataset.version, "filter": filter_pairs(wanted), "count": chosen.rows}
    return _stream_json(dataset, json.dumps(head, ensure_ascii=False)[:-1], chosen.sorted_sql, chosen.parameters)


def _stream_json(dataset: Dataset, head: str, sql: str, parameters: tuple[object, ...]) -> Iterator[bytes]:
    cursor = dataset.cursor().cursor()
    try:
        cursor.execute(sql, list(parameters))
        names = [str(column[0]) for column in cursor.description or ()]
        yield f'{head}, "events": ['.encode()
        mark = "\n"
        while rows := cursor.fetchmany(_BATCH):
            yield (mark + ",\n".join(write_row(names, row) for row in rows)).encode()
            mark = ",\n"
        yield b"\n]}\n"
    finally:
        cursor.close()


def write_row(names: list[str], row: tuple[object, ...]) -> str:
    """One event as a JSON object on one line."""
    return json.dumps(dict(zip(names, map(plain_value, row))), ensure_ascii=False, allow_nan=False)


def plain_value(value: object) -> object:
    """A value of the database as JSON has it: days as YYYY-MM-DD, unknown as null."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
