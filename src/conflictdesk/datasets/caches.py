"""A copy of the events that answers faster than Parquet: named by the dataset's version, safe to delete."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conflictdesk.datasets.schema import EVENT_COLUMNS, KEYED, list_derived
from conflictdesk.datasets.table_files import read_file
from conflictdesk.errors import StoreError

if TYPE_CHECKING:
    import duckdb

    from conflictdesk.datasets.manifest import Manifest

WORTH_CACHING: Final = 200_000
"""Below so many events Parquet answers fast enough."""


def find_cache(folder: Path, manifest: Manifest) -> Path | None:
    """The copy that belongs to this very state of the dataset, if it was made."""
    path = _name_cache(folder, manifest)
    return path if path.is_file() else None


def build_cache(folder: Path, manifest: Manifest) -> Path | None:
    """Make the copy, where the dataset is large enough to need it, and take away copies of other states.

    Raises:
        StoreError: the disk is full or refuses; the dataset itself is untouched.
    """
    path, name = _name_cache(folder, manifest), manifest.files.get("events")
    if name is None or manifest.counts.get("events", 0) < WORTH_CACHING:
        return None
    path.parent.mkdir(exist_ok=True)
    if not path.is_file():
        _copy_events(folder / name, path)
    for other in path.parent.glob("events-*"):
        if other != path:
            other.unlink(missing_ok=True)
    return path


def attach_cache(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Let `events` read from the copy."""
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS fast (READ_ONLY)")
    connection.execute("CREATE VIEW events AS SELECT * FROM fast.events")


def _name_cache(folder: Path, manifest: Manifest) -> Path:
    return folder / "cache" / f"events-{manifest.version}.duckdb"


def _copy_events(source: Path, goal: Path) -> None:
    import duckdb

    part = goal.with_name(f"{goal.name}.{os.getpid()}.part")
    try:
        with duckdb.connect(str(part)) as connection:
            connection.execute("SET memory_limit = '3GB'")
            _fill_copy(connection, source)
        part.replace(goal)
    except (duckdb.Error, OSError) as error:
        raise StoreError(f"{goal} cannot be written: {error}; free some space") from error
    finally:
        part.unlink(missing_ok=True)


def _fill_copy(connection: duckdb.DuckDBPyConnection, source: Path) -> None:
    names = ", ".join(f'"{name}"' for name in EVENT_COLUMNS)
    whole = f"SELECT {names}, {list_derived()} FROM {read_file(source, numbered=True)}"
    for vocabulary in dict.fromkeys(KEYED.values()):
        columns = [f"key_{name}" for name, words in KEYED.items() if words == vocabulary]
        words = " UNION ALL ".join(f"SELECT {column} AS word FROM ({whole})" for column in columns)
        # A vocabulary of no words is no type.
        told = f"SELECT '' AS word UNION SELECT word FROM ({words}) WHERE word IS NOT NULL ORDER BY word"
        connection.execute(f"CREATE TYPE words_{vocabulary} AS ENUM ({told})")
    coded = ", ".join(f"key_{name}::words_{words} AS key_{name}" for name, words in KEYED.items())
    connection.execute(f"CREATE TABLE events AS SELECT * REPLACE ({coded}) FROM ({whole})")
