"""The files of a dataset while rows are added: written beside the old ones, then named in the manifest, last of all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import duckdb

from conflictdesk.datasets.manifest import (
    TABLES,
    ImportRecord,
    Manifest,
    has_manifest,
    hash_schema,
    load_manifest,
    save_manifest,
)
from conflictdesk.datasets.schema import (
    CHANGE_COLUMNS,
    CLAIM_COLUMNS,
    EVENT_COLUMNS,
    PROBLEM_COLUMNS,
    QUOTE_COLUMNS,
)
from conflictdesk.errors import StoreError

_MEMORY: Final = "2GB"
_PARQUET: Final = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
_REASON: Final = {"superseded_by": "VARCHAR", "superseded_version": "VARCHAR", "reason": "VARCHAR"}
TABLE_COLUMNS: Final = {
    "events": EVENT_COLUMNS,
    "superseded": {**EVENT_COLUMNS, **_REASON},
    "quotes": QUOTE_COLUMNS,
    "claims": CLAIM_COLUMNS,
    "changes": CHANGE_COLUMNS,
    "problems": PROBLEM_COLUMNS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A dataset being added to: its manifest as it stands, a scratch folder, and a database of its own."""

    folder: Path
    manifest: Manifest
    scratch: Path
    cursor: duckdb.DuckDBPyConnection


@contextlib.contextmanager
def open_workshop(folder: Path) -> Iterator[Workshop]:
    """Prepare to add to a dataset; a folder that is not there or is empty becomes a new one.

    Whatever happens, the dataset stays as it was until `store_shipment` is done.

    Raises:
        StoreError: the folder holds something else, cannot be written, or the work did not fit on the disk.
    """
    fresh = not folder.exists()
    if not has_manifest(folder) and not fresh:
        _check_empty(folder)
    manifest = load_manifest(folder) if has_manifest(folder) else Manifest(schema=hash_schema())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}; name another folder") from None
    try:
        spill = quote_path(scratch / "spill")
        with duckdb.connect(":memory:") as cursor:
            cursor.execute(f"SET memory_limit = '{_MEMORY}'; SET temp_directory = {spill}; SET TimeZone = 'UTC'")
            yield Workshop(folder=folder, manifest=manifest, scratch=scratch, cursor=cursor)
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        said = str(error).splitlines()[0]
        raise StoreError(f"{folder} could not be written ({said}); the dataset is as it was") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if fresh and not has_manifest(folder):
            with contextlib.suppress(OSError):
                folder.rmdir()


def _check_empty(folder: Path) -> None:
    if not folder.is_dir():
        raise StoreError(f"{folder} is a file: name a folder for the dataset")
    if any(not entry.name.startswith(".part-") for entry in folder.iterdir()):
        raise StoreError(f"{folder} is no dataset and not empty: name another folder")


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table's file (None where it has none) and rows; `fresh` files still lie in the scratch folder."""

    name: str | None
    rows: int
    fresh: bool = False


def view_standing(shop: Workshop) -> None:
    """Views of what the dataset holds: `standing` (its events) and `standing_TABLE`."""
    for table, columns in TABLE_COLUMNS.items():
        view = "standing" if table == "events" else f"standing_{table}"
        name = shop.manifest.files.get(table)
        if name:
            source = f"SELECT {list_names(columns)} FROM {read_file(shop.folder / name)}"
        else:
            source = "SELECT " + ", ".join(f'NULL::{kind} AS "{column}"' for column, kind in columns.items())
            source += " LIMIT 0"
        shop.cursor.execute(f"CREATE OR REPLACE VIEW {view} AS {source}")


def append_rows(shop: Workshop, table: str, fresh: str) -> WrittenTable:
    """Write what stands in a table and after it what came; a table to which nothing came stays as it is."""
    shop.cursor.execute(f"CREATE TABLE appended_{table} AS {fresh}")
    if not count_one(shop.cursor, f"SELECT count(*) FROM appended_{table}"):
        return keep_table(shop, table)
    names = list_names(TABLE_COLUMNS[table])
    return write_table(
        shop, table, f"SELECT {names} FROM standing_{table} UNION ALL SELECT {names} FROM appended_{table}"
    )


def keep_table(shop: Workshop, table: str) -> WrittenTable:
    """Leave a table as it is."""
    return WrittenTable(shop.manifest.files.get(table), shop.manifest.counts.get(table, 0))


def write_table(shop: Workshop, table: str, sql: str) -> WrittenTable:
    """Write a table's next generation into the scratch folder."""
    name = f"{table}.{shop.manifest.generation + 1}.parquet"
    rows = count_one(shop.cursor, f"COPY ({sql}) TO {quote_path(shop.scratch / name)} ({_PARQUET})")
    return WrittenTable(name, rows, fresh=True)


def publish_tables(
    shop: Workshop, record: ImportRecord, written: dict[str, WrittenTable], original: Path | None
) -> None:
    """Move the new files in and name them in the manifest, last of all; then clear what no manifest names."""
    if has_manifest(shop.folder) and load_manifest(shop.folder).generation != shop.manifest.generation:
        raise StoreError(f"{shop.folder}: another import was at work here; nothing was stored, run this one again")
    others = tuple(one for one in shop.manifest.imports if one.import_id != record.import_id)
    place = next((n for n, one in enumerate(shop.manifest.imports) if one.import_id == record.import_id), len(others))
    manifest = Manifest(
        imports=(*others[:place], record, *others[place:]),
        files=MappingProxyType({t: w.name for t, w in written.items() if w.name}),
        counts=MappingProxyType({t: w.rows for t, w in written.items() if w.name}),
        generation=shop.manifest.generation + 1,
        schema=shop.manifest.schema,
    )
    try:
        if original:
            (shop.folder / "originals").mkdir(exist_ok=True)
            os.replace(original, shop.folder / "originals" / f"{record.import_id}.parquet")
        for table in written.values():
            if table.fresh and table.name:
                os.replace(shop.scratch / table.name, shop.folder / table.name)
    except OSError as error:
        raise StoreError(f"{shop.folder} cannot be written: {error.strerror or error}; it is as it was") from None
    save_manifest(shop.folder, manifest)
    _clear_old(shop, manifest)


def _clear_old(shop: Workshop, manifest: Manifest) -> None:
    """Remove table files that neither this manifest nor the one before it names: a reader may still hold that one."""
    named = {*manifest.files.values(), *shop.manifest.files.values()}
    for table in TABLES:
        for path in shop.folder.glob(f"{table}.*.parquet"):
            if path.name not in named:
                with contextlib.suppress(OSError):
                    path.unlink()


def count_one(cursor: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number that a query gives."""
    row = cursor.execute(sql).fetchone()
    return int(row[0]) if row else 0


def list_names(columns: Mapping[str, str]) -> str:
    """Columns as a SELECT list."""
    return ", ".join(map(quote_column, columns))


def quote_column(name: str) -> str:
    """A column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def quote_path(path: Path) -> str:
    """A path as SQL text, for COPY, which takes no parameter there."""
    return "'" + str(path).replace("'", "''") + "'"


def read_file(path: Path, *, numbered: bool = False) -> str:
    """The words after FROM for a Parquet file; signs of DuckDB's patterns in its name mean themselves.

    `numbered` adds the column `file_row_number`, from 0.
    """
    plain = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
    return f"read_parquet({quote_path(Path(plain))}{', file_row_number = TRUE' if numbered else ''})"
