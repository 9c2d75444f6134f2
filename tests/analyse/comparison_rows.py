"""Invented datasets for comparisons: a few rows said briefly, written as a dataset is."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from conflictdesk.datasets.manifest import Manifest, hash_schema, save_manifest
from conflictdesk.datasets.opening import TABLES, Dataset, open_dataset

SPLIT = dt.date(2031, 7, 1)
A, B = "Grey Heron Brigade", "Army of Vellamar"


def day(offset: int) -> dt.date:
    """The day so many days after the split."""
    return SPLIT + dt.timedelta(days=offset)


def event(offset: int, deaths: int | None = 1, **more: object) -> dict[str, object]:
    """One plain event of A against B on that day, every figure exact; `more` are columns as they should stand."""
    on = day(offset)
    plain: dict[str, object] = {
        "origin": "table",
        "import_id": "i1",
        "version": "",
        "date_start": on,
        "date_end": on,
        "date_precision": 1,
        "event_type": "Battles",
        "actor1": A,
        "actor2": B,
        "associated": [],
        "country": "Vellamar",
        "latitude": 10.0,
        "longitude": 20.0,
        "place_precision": 1,
        "deaths_low": deaths,
        "deaths_best": deaths,
        "deaths_high": deaths,
        "aggregate": False,
        "sources": ["Dawn Post", "Harbour Wire"],
        "n_sources": 2,
        "status": "published",
        "flags": [],
    }
    return plain | more


def write_dataset(
    folder: Path, rows: Sequence[Mapping[str, object]], changes: Iterable[Mapping[str, object]] = ()
) -> Path:
    """Write rows as a dataset; each without an id gets one of its place."""
    folder.mkdir(parents=True, exist_ok=True)
    told = [{"event_id": f"table:{k}", "source_id": str(k), "row": k, **row} for k, row in enumerate(rows, 1)]
    tables: dict[str, list[Mapping[str, object]]] = {
        "events": list[Mapping[str, object]](told),
        "changes": list(changes),
    }
    connection = duckdb.connect()
    for name, held in tables.items():
        _load(connection, name, held, folder / f"{name}.jsonl")
        connection.execute(f"COPY (SELECT * FROM {name}) TO '{folder / name}.1.parquet' (FORMAT parquet)")
    connection.close()
    files = {name: f"{name}.1.parquet" for name in tables}
    save_manifest(folder, Manifest(files=files, counts={n: len(t) for n, t in tables.items()}, schema=hash_schema()))
    return folder


def _load(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, object]], lines: Path) -> None:
    columns = TABLES[name]
    lines.write_text("".join(f"{json.dumps(dict(row), default=str)}\n" for row in rows), encoding="utf-8")
    typed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    read = f"read_json('{lines}', format = 'newline_delimited', columns = {{{typed}}})"
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {read}")


def make_dataset(folder: Path, rows: Sequence[Mapping[str, object]], **more: Iterable[Mapping[str, object]]) -> Dataset:
    """Write rows as a dataset and open it."""
    return open_dataset(write_dataset(folder, rows, **more))
