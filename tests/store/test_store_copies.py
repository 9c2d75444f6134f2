"""Copies: whole, of a store in use, and between databases."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from postgres_server import FreshUrl
from sqlalchemy import create_engine, select
from store_rows import add_article, fill, make_decision
from store_rows import store as store

from conflictdesk.casework import CaseFilter, User
from conflictdesk.errors import StoreError
from conflictdesk.store.opening import Store, copy_rows, open_store
from conflictdesk.store.tables import METADATA


def read_all(store: Store) -> Mapping[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    engine = create_engine(store.url)
    with engine.connect() as connection:
        held = {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in METADATA.tables.items()
        }
    engine.dispose()
    return held


def test_a_copy_holds_the_same_and_can_be_worked_with(store: Store, tmp_path: Path) -> None:
    fill(store)
    with store.writing() as writer:
        writer.put_user(User(name="ann", role="lead"), "hash")
    path = tmp_path / "a copy.db"
    store.copy_to(path)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("a copy")] == ["a copy.db"]
    with open_store(f"sqlite:///{path}") as copy:
        assert read_all(copy) == read_all(store)
        assert copy.examine() == []
        with copy.writing() as writer:
            add_article(writer, "new")
            assert writer.append(make_decision("new"))[0].seq == 3
            assert len(writer.search("mill", 99)) == 5
            assert writer.list_cases(CaseFilter(text="mill"))[1] == 2
    with pytest.raises(StoreError, match="already"):
        store.copy_to(path)
    with pytest.raises(StoreError, match="another place"):
        store.copy_to(tmp_path / "none" / "copy.db")


@pytest.mark.slow
def test_rows_go_between_databases_and_back(tmp_path: Path, postgres: FreshUrl) -> None:
    urls = (f"sqlite:///{tmp_path / '1.db'}", postgres(), f"sqlite:///{tmp_path / '2.db'}", postgres())
    stores = [open_store(url, create=True) for url in urls]
    fill(stores[0], tuple(f"{number:04d}" for number in range(600)))
    for source, target in itertools.pairwise(stores):
        assert copy_rows(source, target)["decisions"] == 600
    held = [read_all(each) for each in stores]
    assert held[0] == held[1] == held[2] == held[3]
    for each in stores:
        assert each.examine() == []
        with each.writing() as writer:
            add_article(writer, "new")
            assert writer.append(make_decision("new"))[0].seq == 601
            assert writer.search("mill new", 9)
        each.close()


def test_a_store_that_holds_something_is_not_filled(store: Store, tmp_path: Path) -> None:
    fill(store)
    with open_store(f"sqlite:///{tmp_path / 'other.db'}", create=True) as other:
        fill(other, ("three",))
        with pytest.raises(StoreError, match="give an empty one"):
            copy_rows(store, other)
        with other.reading() as reader:
            assert reader.head()[0] == 1


@pytest.mark.slow
def test_a_copy_made_while_others_write_is_whole(store: Store, tmp_path: Path) -> None:
    stop = threading.Event()
    done: list[int] = []

    def decide() -> None:
        while not stop.is_set():
            with store.writing() as writer:
                done.append(writer.append(make_decision(f"n{len(done)}"))[0].seq)

    fill(store)
    hand = threading.Thread(target=decide)
    hand.start()
    try:
        while len(done) < 20:
            pass
        store.copy_to(tmp_path / "copy.db")
    finally:
        stop.set()
        hand.join()
    with open_store(f"sqlite:///{tmp_path / 'copy.db'}") as copy, copy.reading() as reader:
        assert 20 <= reader.head()[0] <= len(done) + 2
        assert reader.verify_chain() is None and copy.examine() == []
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() in (("wal",), ("delete",))
    connection.close()
