"""A store copied whole: into a file beside it, or row by row into another database."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Table, func, insert, select, text, update

from conflictdesk.errors import StoreError
from conflictdesk.store.sessions import PIECE
from conflictdesk.store.tables import CHAIN_HEAD, LOCKS, METADATA, SESSIONS
from conflictdesk.store.writing import Writer

LEFT: Final = frozenset((SESSIONS.name, LOCKS.name))
"""Who is signed in and who has what open does not travel with a copy made row by row."""


def copy_file(source: Path, target: Path) -> None:
    """Copy an SQLite store while it is in use, by SQLite's own online backup, into one file that appears when whole."""
    partly = target.with_name(f"{target.name}.partly")
    partly.unlink(missing_ok=True)
    try:
        address = f"{source.absolute().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(address, uri=True)) as read,
            closing(sqlite3.connect(partly, isolation_level=None)) as written,
        ):
            read.backup(written)
            # One file alone: the copy's own log beside it would be forgotten when it is moved.
            written.execute("PRAGMA journal_mode = DELETE")
        with partly.open("rb+") as whole:
            os.fsync(whole.fileno())
        partly.replace(target)
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            partly.with_name(partly.name + end).unlink(missing_ok=True)


def drop_secrets(path: Path) -> None:
    """Take passwords, sessions and locks out of a copy in one SQLite file, and out of the file's unused pages too."""
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        for step in ("DELETE FROM sessions", "DELETE FROM locks", "UPDATE users SET password_hash = NULL", "VACUUM"):
            copy.execute(step)


def fill_store(read: Connection, written: Connection) -> dict[str, int]:
    """Copy every row between two stores of any dialect, the second one empty: how many of each table.

    Raises:
        StoreError: the second one is not empty, or its journal is not whole afterwards.
    """
    tables = [table for table in METADATA.sorted_tables if table.name not in LEFT]
    held = [table.name for table in tables if table is not CHAIN_HEAD and _count(written, table)]
    if held:
        raise StoreError(f"the store to fill holds {', '.join(held)} already: give an empty one")
    counts = {table.name: _copy_table(read, written, table) for table in tables}
    writer = Writer(written)
    writer.rebuild_words()
    if wrong := writer.verify_chain():
        raise StoreError(f"the copy is not whole: {wrong}")
    return counts


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _copy_table(read: Connection, written: Connection, table: Table) -> int:
    count = 0
    asked = select(table).order_by(*table.primary_key).execution_options(yield_per=PIECE)
    for rows in read.execute(asked).mappings().partitions():
        cells = [dict(row) for row in rows]
        if table is CHAIN_HEAD:
            written.execute(update(table).values(cells[0]))
        else:
            written.execute(insert(table), cells)
        count += len(cells)
    if "row" in table.c and written.dialect.name == "postgresql":
        # Rows came with their numbers: the next new one goes on after them.
        last = f'(SELECT max("row") FROM {table.name})'
        written.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'row'), {last}) WHERE {last} > 0"))
    return count
