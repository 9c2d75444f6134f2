"""Small datasets of invented events, made without an importer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from conflictdesk.datasets.manifest import ImportRecord, Manifest, hash_schema, save_manifest
from conflictdesk.datasets.opening import Dataset, open_dataset
from conflictdesk.datasets.schema import EVENT_COLUMNS

DEFAULTS: Mapping[str, object] = {
    "origin": "made",
    "import_id": "i-made",
    "date_precision": 1,
    "place_precision": 1,
    "status": "published",
    "sources": ["Invented Gazette"],
    "n_sources": 1,
    "associated": [],
    "flags": [],
    "disorder_type": ["Political violence"],
}


def make_row(number: int, day: str | None, **values: object) -> dict[str, object]:
    """One invented event: `deaths` fills low, best and high; other values by their column."""
    start = dt.date.fromisoformat(day) if day else None
    row: dict[str, object] = {**DEFAULTS, "event_id": f"made:{number}", "source_id": str(number), "row": number}
    row |= {"date_start": start, "date_end": start}
    if "deaths" in values:
        deaths = values.pop("deaths")
        row |= {"deaths_low": deaths, "deaths_best": deaths, "deaths_high": deaths}
    return {**row, **values}


def make_dataset(folder: Path, rows: Sequence[Mapping[str, object]]) -> Dataset:
    """Write the rows as a dataset and open it."""
    folder.mkdir(parents=True, exist_ok=True)
    told = ", ".join(f'"{name}" {kind}' for name, kind in EVENT_COLUMNS.items())
    connection = duckdb.connect(":memory:")
    connection.execute(f"CREATE TABLE events ({told})")
    if rows:
        marks = ", ".join("?" * len(EVENT_COLUMNS))
        connection.executemany(
            f"INSERT INTO events VALUES ({marks})", [[row.get(name) for name in EVENT_COLUMNS] for row in rows]
        )
    goal = str(folder / "events.parquet").replace("'", "''")
    connection.execute(f"COPY (SELECT * FROM events ORDER BY date_start, event_id) TO '{goal}' (FORMAT parquet)")
    connection.close()
    record = ImportRecord(
        import_id="i-made",
        kind="table",
        origin="made",
        file="made.csv",
        sha256="0" * 64,
        version=None,
        rows_in=len(rows),
        events=len(rows),
        problems=0,
    )
    manifest = Manifest(
        imports=(record,), files={"events": "events.parquet"}, counts={"events": len(rows)}, schema=hash_schema()
    )
    save_manifest(folder, manifest)
    return open_dataset(folder)
