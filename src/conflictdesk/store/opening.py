"""The door of the store: opened by an address, read in snapshots, written by one writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError

from conflictdesk.errors import StoreError
from conflictdesk.store.copying import copy_file, fill_store
from conflictdesk.store.damage import find_damage
from conflictdesk.store.engines import open_engine, single, snapshot, writer
from conflictdesk.store.faults import name_store, telling
from conflictdesk.store.keeping import Pocket, Shelf
from conflictdesk.store.reading import Reader
from conflictdesk.store.schema import VERSIONS, check_version, migrate, read_version
from conflictdesk.store.writing import Writer

__all__ = ["Reader", "Store", "Writer", "copy_rows", "open_store"]


class Store:
    """A desk's store: any number of readers, one writer. `dialect` is "sqlite" or "postgresql"."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self._url = url
        self._engine = engine
        self._shelf = Shelf()
        self.url = url.render_as_string(hide_password=False)
        self.name = name_store(url)
        self.dialect = url.get_backend_name()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One consistent snapshot; it waits for nobody and nobody waits for it.

        Raises:
            StoreError: the database refused; the message says what to do.
        """
        with telling(self._url), snapshot(self._engine) as connection:
            reader = Reader(connection, Pocket(self._shelf))
            reader.head()  # the first question fixes the moment of the snapshot
            yield reader
            reader.hand_over()

    @contextmanager
    def asking(self) -> Iterator[Reader]:
        """For a single question, which needs no snapshot of its own: what two of them say may be of two moments.

        Raises:
            StoreError: the database refused; the message says what to do.
        """
        with telling(self._url), single(self._engine) as connection:
            yield Reader(connection)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One short transaction, alone among writers: kept when the block ends, undone when it raises.

        Raises:
            StoreError: another writer took too long, or the database refused; the message says what to do.
        """
        with telling(self._url), writer(self._engine) as connection:
            written = Writer(connection, Pocket(self._shelf))
            yield written
        written.hand_over()

    def copy_to(self, path: Path) -> None:
        """Copy the whole store, in use or not, into one SQLite file, which appears when it is whole.

        Raises:
            StoreError: there is a file of that name already, or the copy failed; nothing is left of it then.
        """
        if path.exists():
            raise StoreError(f"{path}: there is such a file already: name another one")
        if not path.parent.is_dir():
            raise StoreError(f"{path}: there is no such folder: choose another place for the copy")
        try:
            if self.dialect == "sqlite":
                with telling(self._url):
                    copy_file(Path(self._url.database or ""), path)
            else:
                self._dump_to(path)
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror or error}: choose another place for the copy") from error

    def _dump_to(self, path: Path) -> None:
        filled = path.with_name(f"{path.name}.filled")
        filled.unlink(missing_ok=True)
        try:
            with _open(URL.create("sqlite+pysqlite", database=str(filled.absolute())), create=True) as whole:
                copy_rows(self, whole)
            copy_file(filled, path)
        finally:
            for end in ("", "-wal", "-shm"):
                filled.with_name(filled.name + end).unlink(missing_ok=True)

    def examine(self) -> list[str]:
        """What is wrong with the store: of its file, its journal, its search index; nothing when it is whole."""
        try:
            with telling(self._url), snapshot(self._engine) as connection:
                return find_damage(connection)
        except StoreError as error:
            return [str(error)]

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def copy_rows(source: Store, target: Store) -> dict[str, int]:
    """Copy all rows of a store into an empty one, between databases of any kind: how many of each table.

    Who is signed in and who has what open is left out.

    Raises:
        StoreError: the target is not empty, or a database refused; nothing is kept then.
    """
    with (
        telling(source._url),
        snapshot(source._engine) as read,
        telling(target._url),
        writer(target._engine) as written,
    ):
        return fill_store(read, written)


def open_store(url: str, *, create: bool = False) -> Store:
    """The store at an address: "sqlite:////absolute/path.db" or "postgresql+psycopg://user@host/database".

    With `create` it is made where it is missing, and brought to the newest shape.

    Raises:
        StoreError: there is no store, it is not one of ours, has another shape, or cannot be reached; with its mend.
    """
    return _open(_read_address(url), create)


def _open(address: URL, create: bool) -> Store:
    if address.get_backend_name() == "sqlite" and not create and not Path(address.database or "").is_file():
        raise StoreError(f"{name_store(address)}: there is no store: make one with `conflictdesk init DIR`")
    engine = open_engine(address, must_exist=not create)
    try:
        with telling(address):
            _prepare(engine, address, create)
    except BaseException:
        engine.dispose()
        raise
    return Store(address, engine)


def _prepare(engine: Engine, address: URL, create: bool) -> None:
    try:
        with snapshot(engine) as connection:
            version = read_version(connection)
        if create and (version is None or version in VERSIONS[:-1]):
            with writer(engine) as connection:
                migrate(connection)
            with snapshot(engine) as connection:
                version = read_version(connection)
        check_version(version)
    except StoreError as error:
        raise StoreError(f"{name_store(address)}: {error}") from error


def _read_address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            f"{url!r} is no address of a store: write sqlite:////path or postgresql+psycopg://…"
        ) from error
    known = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
    if address.drivername not in (*known, *known.values()):
        raise StoreError(f"a store is kept by sqlite or postgresql, not {address.drivername}: check its address")
    if not address.database or address.database == ":memory:":
        raise StoreError(f"{name_store(address)}: the address names no {'file' if 'sqlite' in url else 'database'}")
    return address.set(drivername=known[address.get_backend_name()])
