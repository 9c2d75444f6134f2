"""How each database is spoken to: SQLite in WAL with full synchronising and one writer, PostgreSQL with snapshots."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, Engine, bindparam, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from conflictdesk.errors import StoreError
from conflictdesk.store.faults import name_store

PATIENCE: Final = 30
"""Seconds for which a writer waits for the one before."""
WRITERS_LOCK: Final = 4_201_970_615
"""The advisory lock of PostgreSQL that writers of one database hand on to each other."""
_LOCKS: dict[str, WriterLock] = {}
_GUARD = threading.Lock()


class WriterLock:
    """One writer at a time in this process: waiting here is fair and costs nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner: int | None = None

    @contextmanager
    def held(self, url: URL) -> Iterator[None]:
        """Hold it.

        Raises:
            StoreError: this thread is writing already, or others have been for too long.
        """
        if self._owner == threading.get_ident():
            raise StoreError(f"{name_store(url)}: this step is writing already; a step writes in one transaction")
        if not self._lock.acquire(timeout=PATIENCE):
            raise StoreError(f"{name_store(url)}: another step has been writing for {PATIENCE} seconds: try again")
        self._owner = threading.get_ident()
        try:
            yield
        finally:
            self._owner = None
            self._lock.release()


def find_lock(url: URL) -> WriterLock:
    """The lock of all who write to that store in this process."""
    with _GUARD:
        return _LOCKS.setdefault(url.render_as_string(hide_password=False), WriterLock())


def open_engine(url: URL, *, must_exist: bool = True) -> Engine:
    """Connections to a store; nothing is opened yet."""
    return _open_sqlite(url, must_exist) if url.get_backend_name() == "sqlite" else _open_postgresql(url)


def _open_sqlite(url: URL, must_exist: bool) -> Engine:
    path, mode = url.database or "", "rw" if must_exist else "rwc"

    def connect() -> sqlite3.Connection:
        from pathlib import Path

        address = f"{Path(path).absolute().as_uri()}?mode={mode}"
        # Transactions are begun by the event below alone: the module's own way begins them late and not for reading.
        return sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)

    engine = create_engine(url, creator=connect, pool_size=8, max_overflow=32, pool_timeout=PATIENCE)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        for setting in (
            f"busy_timeout = {PATIENCE * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            # So that INSERT OR REPLACE meets the triggers too.
            "recursive_triggers = ON",
            "temp_store = MEMORY",
            "cache_size = -8000",
            "mmap_size = 268435456",
            "journal_size_limit = 67108864",
            "trusted_schema = OFF",
        ):
            cursor.execute(f"PRAGMA {setting}")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    writes = bool(options.get("writes"))
    if connection.info.get("writes") is not writes:
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.info["writes"] = writes
    if not options.get("single"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=32,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "application_name": "conflictdesk"},
    )
    event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _set_up_postgresql(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(f"SET lock_timeout = '{PATIENCE}s'")
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute("SET idle_in_transaction_session_timeout = '10min'")
    finally:
        cursor.close()
    connection.commit()


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the store for as long as it lasts, and never waits for a writer."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin() as transaction:
            yield connection
            transaction.rollback()


@contextmanager
def single(engine: Engine) -> Iterator[Connection]:
    """A connection for one question that is a moment of its own: without the ways of beginning and ending."""
    with engine.connect() as connection:
        connection.execution_options(single=True)
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT", postgresql_readonly=True)
        yield connection


@contextmanager
def writer(engine: Engine) -> Iterator[Connection]:
    """The connection of the one writer: kept at its end, undone when it fails."""
    with find_lock(engine.url).held(engine.url), engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(_TAKE_LOCK, {"lock": WRITERS_LOCK})
            yield connection


_TAKE_LOCK = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(bindparam("lock"))
