"""What a database complains of, in words that say what to do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from conflictdesk.errors import StoreError

_MENDS: Final[tuple[tuple[str, str], ...]] = (
    (
        r"disk is full|no space left|disk i/o error",
        "the disk is full or fails: make room, nothing of this step was kept",
    ),
    (
        r"database is locked|lock timeout|lock_timeout|canceling statement due to lock",
        "another process has been writing for too long: end it or try again",
    ),
    (
        r"malformed|database corruption|invalid page",
        "the store is damaged: keep a copy of the file, then `conflictdesk restore` the last backup",
    ),
    (r"not a database|file is encrypted", "that file is no store of Conflict Desk: check the address of the store"),
    (r"readonly|read-only|permission denied", "it cannot be written: check who owns the file and its folder"),
    (r"unable to open", "the file cannot be opened: check that its folder is there and may be written"),
    (r"only ever added", "what is kept in the store cannot be changed or removed"),
    (r"authentication|no password|role .* does not exist", "the server refuses the user or password of the address"),
    (r"database .* does not exist", "the server has no database of that name: create it (createdb NAME)"),
    (
        r"connection refused|could not connect|connection failed|could not translate|timeout expired"
        r"|closed the connection|terminating connection|the connection is (closed|lost)|connection is bad",
        "the PostgreSQL server does not answer: start it, check host and port of the address",
    ),
    (
        r"no such table|undefined table|relation .* does not exist",
        "tables are missing: `conflictdesk doctor --migrate`",
    ),
    (r"foreign key", "a record names another one that the store does not hold"),
)


def name_store(url: URL) -> str:
    """The store's address without its password; the path alone for SQLite."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def explain(error: Exception, url: URL) -> StoreError:
    """The error in words with its mend."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = " ".join(str(cause).split())[:300]
    mend = next((mend for sign, mend in _MENDS if re.search(sign, said, re.IGNORECASE)), None)
    if mend is None and isinstance(error, PoolTimeout):
        mend = "too many requests at once: try again"
    return StoreError(f"{name_store(url)}: {said}; {mend or 'run `conflictdesk doctor`'}")


@contextmanager
def telling(url: URL) -> Iterator[None]:
    """Turn what the database complains of into a StoreError.

    Raises:
        StoreError: the database refused; the message says what to do.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise explain(error, url) from error
