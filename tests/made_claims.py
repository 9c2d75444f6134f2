"""Invented quotes and claims added to a made dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from conflictdesk.datasets.manifest import load_manifest, save_manifest
from conflictdesk.datasets.opening import Dataset, open_dataset
from conflictdesk.datasets.schema import CLAIM_COLUMNS, QUOTE_COLUMNS


def add_tables(
    folder: Path, *, quotes: Sequence[Mapping[str, object]] = (), claims: Sequence[Mapping[str, object]] = ()
) -> Dataset:
    """Write quotes and claims beside the events, and open the dataset anew."""
    manifest = load_manifest(folder)
    for name, columns, rows in (("quotes", QUOTE_COLUMNS, quotes), ("claims", CLAIM_COLUMNS, claims)):
        told = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"CREATE TABLE t ({told})")
            for row in rows:
                marks = ", ".join("?" * len(columns))
                connection.execute(f"INSERT INTO t VALUES ({marks})", [row.get(column) for column in columns])
            goal = str(folder / f"{name}.parquet").replace("'", "''")
            connection.execute(f"COPY t TO '{goal}' (FORMAT parquet)")
        manifest = replace(
            manifest,
            files={**manifest.files, name: f"{name}.parquet"},
            counts={**manifest.counts, name: len(rows)},
        )
    save_manifest(folder, manifest)
    return open_dataset(folder)
