"""A dataset as it is asked: its Parquet files as tables of DuckDB, for reading only."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdesk.datasets.caches import attach_cache, find_cache
from conflictdesk.datasets.filters import Parameter
from conflictdesk.datasets.manifest import Manifest, load_manifest
from conflictdesk.datasets.schema import (
    CHANGE_COLUMNS,
    CLAIM_COLUMNS,
    EVENT_COLUMNS,
    PROBLEM_COLUMNS,
    QUOTE_COLUMNS,
    list_derived,
)
from conflictdesk.datasets.table_files import read_file
from conflictdesk.errors import StoreError

if TYPE_CHECKING:
    import duckdb

SUPERSEDED_COLUMNS = {**EVENT_COLUMNS, "superseded_by": "VARCHAR", "superseded_version": "VARCHAR", "reason": "VARCHAR"}
TABLES = {
    "events": EVENT_COLUMNS,
    "superseded": SUPERSEDED_COLUMNS,
    "quotes": QUOTE_COLUMNS,
    "claims": CLAIM_COLUMNS,
    "changes": CHANGE_COLUMNS,
    "problems": PROBLEM_COLUMNS,
}
Row = tuple[object, ...]
"""One row of an answer, in the order of the columns asked for."""


class Dataset:
    """A folder of events, opened: the tables of TABLES, an absent file being an empty table.

    Safe to share between threads: each thread gets a cursor of its own. `version` is the hash of what the dataset
    holds, the same wherever it was built from the same files.
    """

    def __init__(self, folder: Path, manifest: Manifest, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder, self.manifest, self.version = folder, manifest, manifest.version
        self._connection = connection
        self._own = threading.local()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's own cursor on the tables."""
        held: duckdb.DuckDBPyConnection | None = getattr(self._own, "cursor", None)
        if held is None:
            held = self._own.cursor = self._connection.cursor()
        return held

    def ask(self, sql: str, parameters: Sequence[Parameter] = ()) -> list[Row]:
        """Run one query and give its rows.

        Raises:
            StoreError: a file of the dataset is gone or broken.
        """
        import duckdb

        try:
            return self.cursor().execute(sql, list(parameters)).fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise StoreError(f"the dataset {self.folder} cannot be read: {error}") from error

    def original_path(self, import_id: str) -> Path:
        """The file that holds the rows of an import exactly as they came."""
        return self.folder / "originals" / f"{import_id}.parquet"

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()


def open_dataset(folder: Path, *, in_memory: bool = False) -> Dataset:
    """Open a dataset for reading; `in_memory` loads the events once, for many quick questions.

    A large dataset is read from its faster copy where there is one (`build_cache`); the answers are the same.

    Raises:
        StoreError: there is no dataset, or its manifest or a file is broken.
    """
    import duckdb

    manifest = load_manifest(folder)
    connection = duckdb.connect(":memory:")
    try:
        # Weeks, text order and sums must not depend on the machine.
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        # A page of a list is sorted by few columns; the others are fetched for its rows alone.
        connection.execute("SET GLOBAL late_materialization_max_rows = 1000")
        cache = find_cache(folder, manifest)
        if cache:
            attach_cache(connection, cache)
        for table, columns in TABLES.items():
            if cache and table == "events":
                continue
            _make_table(connection, table, columns, _find_file(folder, manifest, table), in_memory=in_memory)
    except duckdb.Error as error:
        connection.close()
        raise StoreError(f"the dataset {folder} cannot be read: {error}; import its files again") from error
    return Dataset(folder, manifest, connection)


def _find_file(folder: Path, manifest: Manifest, table: str) -> Path | None:
    name = manifest.files.get(table)
    if name is None:
        return None
    path = folder / name
    if not path.is_file():
        raise StoreError(f"{folder} names {name} in its manifest, but there is no such file; import again")
    return path


def _make_table(
    connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], path: Path | None, *, in_memory: bool
) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    if path is None:
        told = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"CREATE TABLE {'no_events' if table == 'events' else table} ({told})")
        if table == "events":
            derived = list_derived().replace("file_row_number", "CAST(0 AS BIGINT)")
            connection.execute(f"CREATE VIEW events AS SELECT {names}, {derived} FROM no_events")
    elif table == "events":
        kind = "TABLE" if in_memory else "VIEW"
        source = f"SELECT {names}, {list_derived()} FROM {read_file(path, numbered=True)}"
        connection.execute(f"CREATE {kind} events AS {source}")
    else:
        connection.execute(f"CREATE VIEW {table} AS SELECT {names} FROM {read_file(path)}")
