"""Which shape a store has, and how it is brought to the newest one, by Alembic's scripts in `migrations`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from conflictdesk.errors import StoreError

VERSIONS: Final = ("0001", "0002")
"""Every shape there ever was, oldest first."""


def read_version(connection: Connection) -> str | None:
    """The shape of a store; None where nothing was ever put in.

    Raises:
        StoreError: it is a database, but holds something else.
    """
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        if names:
            raise StoreError("this database holds other tables and no store of Conflict Desk: give it one of its own")
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def check_version(version: str | None) -> None:
    """See whether a store has the newest shape.

    Raises:
        StoreError: it is older or newer than this program.
    """
    if version == VERSIONS[-1]:
        return
    if version is None:
        raise StoreError("there is no store here yet: make one with `conflictdesk init DIR`")
    if version in VERSIONS:
        told = f"this store has the older shape {version}, this program needs {VERSIONS[-1]}"
        raise StoreError(f"{told}: make a backup, then `conflictdesk doctor --migrate`")
    told = f"this store has the shape {version}, which this program does not know"
    raise StoreError(f"{told}: a newer Conflict Desk made it, install that one")


def migrate(connection: Connection, version: str = VERSIONS[-1]) -> None:
    """Bring the tables up to a shape, inside the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)
