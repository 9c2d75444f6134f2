"""The scripts lead from every shape there ever was to the present tables, with the rows that were in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, Table, create_engine, func, insert, inspect, select, text
from store_rows import fill, make_decision

from conflictdesk.errors import StoreError
from conflictdesk.store import schema
from conflictdesk.store.opening import open_store
from conflictdesk.store.tables import METADATA, ONLY_ADDED

BESIDE = re.compile("(article|event)_words|alembic_version")
"""Tables that `tables` does not tell of."""


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """A database that holds nothing."""
    made = create_engine(store_url)
    yield made
    made.dispose()


def read_tables(connection: Connection) -> MetaData:
    found = MetaData()
    names = [name for name in inspect(connection).get_table_names() if not BESIDE.match(name)]
    found.reflect(connection, only=names)
    return found


def invent(column: Column[object]) -> str | int | float | bool | bytes | dt.date | dt.datetime:
    """A value that the column takes, the same for the same name, so that links hold."""
    kind = column.type.python_type
    if kind is dt.datetime:
        return dt.datetime(2024, 5, 6)
    if kind is dt.date:
        return dt.date(2024, 5, 6)
    if kind is bytes:
        return b"x\x9c\x03\x00\x00\x00\x00\x01"
    if kind is str:
        return "[]" if column.name in ("sentences", "problems") else "same"
    if kind is bool:
        return True
    if kind in (int, float):
        return 1
    raise AssertionError(f"say what a value of {kind} is")


def fill_tables(connection: Connection) -> Mapping[str, int]:
    """A row in every table of a shape, whichever it is."""
    tables = read_tables(connection).sorted_tables
    for table in tables:
        if table.name != "chain_head":
            connection.execute(insert(table), {column.name: invent(column) for column in table.columns})
    return {table.name: count(connection, table) for table in tables}


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def is_told(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    return not (kind == "table" and BESIDE.match(name or ""))


def name_type(column: Column[object], connection: Connection) -> str:
    """What the database makes of a column's type; texts of either name are the same."""
    made = column.type.dialect_impl(connection.dialect).compile(connection.dialect)
    return re.sub(" COLLATE.*", "", made).replace("VARCHAR", "TEXT").replace("FLOAT(53)", "FLOAT")


def compare(connection: Connection) -> list[object]:
    # Types are compared by what both databases make of them below, since SQLite keeps few of them apart.
    context = MigrationContext.configure(connection, opts={"include_object": is_told, "compare_type": False})
    return list(compare_metadata(context, METADATA))


def test_the_versions_are_those_of_the_scripts() -> None:
    folder = schema.__file__.replace("schema.py", "migrations")
    scripts = [script.revision for script in ScriptDirectory(folder).walk_revisions()]
    assert tuple(reversed(scripts)) == schema.VERSIONS


@pytest.mark.parametrize("version", schema.VERSIONS)
def test_every_shape_becomes_the_present_one_with_its_rows(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        schema.migrate(connection, version)
        held = fill_tables(connection)
    with engine.begin() as connection:
        schema.migrate(connection)
    with engine.begin() as connection:
        assert compare(connection) == []
        assert schema.read_version(connection) == schema.VERSIONS[-1]
        now = read_tables(connection)
        assert set(now.tables) == set(METADATA.tables)
        assert {name: count(connection, now.tables[name]) for name in held if name in now.tables} == held
        for name, table in METADATA.tables.items():
            for column in table.columns:
                there = now.tables[name].columns[column.name]
                assert name_type(column, connection) == name_type(there, connection), f"{name}.{column.name}"
                assert there.nullable == column.nullable, f"{name}.{column.name}"
        for name in ONLY_ADDED:
            with pytest.raises(Exception, match="only ever added"), connection.begin_nested():
                connection.execute(text(f"DELETE FROM {name}"))


def test_an_older_store_is_opened_only_when_asked_to_migrate(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(store_url, create=True) as store:
        fill(store)
    monkeypatch.setattr(schema, "VERSIONS", (*schema.VERSIONS, "next"))
    with pytest.raises(StoreError, match="doctor --migrate"):
        open_store(store_url)
    monkeypatch.undo()
    with open_store(store_url, create=True) as store, store.writing() as writer:
        assert writer.append(make_decision("three"))[0].seq == 3
