"""Opening, snapshots, one writer; and whatever stops them is told with its mend."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from desk_pages import SOURCE
from postgres_server import FreshUrl
from sqlalchemy import create_engine, text
from store_rows import fill, make_case, make_decision
from store_rows import store as store

from conflictdesk.errors import StoreError
from conflictdesk.store import engines
from conflictdesk.store.opening import Store, open_store


def test_a_reader_sees_one_moment_and_waits_for_nobody(store: Store) -> None:
    fill(store)
    with store.reading() as before:
        with store.writing() as writer:
            writer.append(make_decision("new"))
            writer.put_cases([make_case("new")])
            with store.reading() as beside:
                assert beside.head()[0] == 2
        assert before.head()[0] == 2 and before.case("a-new") is None
        with store.reading() as after:
            assert after.head()[0] == 3 and after.case("a-new") is not None


def test_a_step_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(KeyError), store.writing() as writer:
        writer.append(make_decision())
        raise KeyError("stop")
    with store.reading() as reader:
        assert reader.head() == (0, "") and reader.decisions() == []


def test_a_writer_reads_what_it_wrote_and_cannot_write_within_itself(store: Store) -> None:
    with store.writing() as writer:
        writer.append(make_decision())
        assert writer.head()[0] == 1
        with pytest.raises(StoreError, match="writing already"), store.writing():
            pass
    with pytest.raises(StoreError, match="cannot be written"), store.reading() as reader:
        reader._connection.execute(text("DELETE FROM users"))


def test_writers_wait_for_each_other_in_this_process(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with store.writing() as writer:
            writer.append(make_decision("first"))
            begun.set()
            go_on.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    begun.wait(20)
    threading.Timer(0.2, go_on.set).start()
    with store.writing() as writer:
        assert writer.head()[0] == 1
        writer.append(make_decision("second"))
    other.join()


def test_another_process_that_writes_for_too_long_is_named(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 0.2)
    other = create_engine(store_url)
    with open_store(store_url, create=True) as store, other.connect() as connection:
        if store.dialect == "sqlite":
            connection.connection.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
        else:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({engines.WRITERS_LOCK})"))
        with pytest.raises(StoreError, match="another process has been writing"), store.writing():
            pass
        with store.reading() as reader:
            assert reader.head() == (0, "")
    other.dispose()


def test_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'desk.db'}", create=True) as store, store.writing() as writer:
        told = {
            name: writer._connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_there_is_no_store_yet(store_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="conflictdesk init"):
        open_store(store_url)
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_another_shape_is_not_touched(store_url: str) -> None:
    open_store(store_url, create=True).close()
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for create in (False, True):
        with pytest.raises(StoreError, match="newer Conflict Desk"):
            open_store(store_url, create=create)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()


def test_somebody_elses_database_is_not_touched(store_url: str) -> None:
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
    engine.dispose()
    for create in (False, True):
        with pytest.raises(StoreError, match="other tables"):
            open_store(store_url, create=create)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("no address", "no address of a store"),
        ("mysql://x/y", "sqlite or postgresql"),
        ("sqlite://", "names no file"),
        ("sqlite:////no/such/folder/desk.db", "conflictdesk init"),
        ("postgresql+psycopg://desk:secret@127.0.0.1:1/none", "does not answer"),
    ],
)
def test_an_address_that_leads_nowhere(url: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_a_folder_that_is_missing_or_not_to_be_written(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path / 'none' / 'desk.db'}", create=True)


def test_a_database_that_is_missing_on_the_server(postgres: FreshUrl) -> None:
    url = postgres().replace("/desk_", "/nobodys_")
    with pytest.raises(StoreError, match="create it"):
        open_store(url)


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(b"a letter, not a database " * 100)
    for create in (False, True):
        with pytest.raises(StoreError, match="no store of Conflict Desk"):
            open_store(f"sqlite:///{path}", create=create)
    assert path.read_bytes().startswith(b"a letter")


def test_a_damaged_file_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with open_store(f"sqlite:///{path}", create=True) as store:
        fill(store, tuple(str(number) for number in range(40)))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'decisions'").fetchone()
    connection.close()
    with path.open("rb+") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(StoreError, match="damaged"), store.reading() as reader:
            reader.decisions()
        assert store.examine()


FULL_DISK = """
import resource, signal, sys
from store_rows import make_decision
from conflictdesk.errors import StoreError
from conflictdesk.store.opening import open_store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(sys.argv[1]) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, resource.RLIM_INFINITY))
    for number in range(100_000):
        try:
            with store.writing() as writer:
                writer.append(make_decision(str(number)))
        except StoreError as error:
            print(number, error)
            break
    with store.reading() as reader:
        assert reader.head()[0] == number and reader.verify_chain() is None
"""


@pytest.mark.slow
def test_a_full_disk_stops_the_step_and_keeps_all_before_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    open_store(url, create=True).close()
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, url],
        env={"PYTHONPATH": f"{SOURCE}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "make room" in done.stdout
    with open_store(url) as store:
        assert store.examine() == []
        with store.writing() as writer:
            assert writer.head()[0] == int(done.stdout.split()[0]) > 0
            writer.append(make_decision("after"))
