"""One transaction of the store: how its rows are asked for in pieces, walked through and put in place."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Generic, TypeAlias, TypeVar, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from conflictdesk.store.columns import Words
from conflictdesk.store.keeping import Pocket, Shelf

PIECE: Final = 500
"""How many ids one question names: databases limit their parameters."""
Cell: TypeAlias = str | int | float | bool | bytes | dt.date | dt.datetime | None
Cells: TypeAlias = Mapping[str, Cell]
_Item = TypeVar("_Item")
_Columns = TypeVarTuple("_Columns")


def cut(items: Iterable[_Item], size: int = PIECE) -> Iterator[list[_Item]]:
    """`items` in lists of at most `size`, in their order.

    >>> list(cut("abc", 2))
    [['a', 'b'], ['c']]
    """
    left = iter(items)
    while piece := list(itertools.islice(left, size)):
        yield piece


_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, PIECE)


class Asked(Generic[*_Columns]):
    """A question about ids, written once: the database and its driver know it again whoever the ids are.

    `build` makes it of so many parameters; an id stands in it several times where there are fewer.
    """

    def __init__(self, build: Callable[[Sequence[BindParameter[str]]], Select[*_Columns]]) -> None:
        self._build = build
        self._made: dict[int, Select[*_Columns]] = {}

    def about(self, ids: Sequence[str]) -> tuple[Select[*_Columns], dict[str, str]]:
        """The question and its parameters for at least one id and at most a `PIECE` of them."""
        names = _name_places(len(ids))
        if len(names) not in self._made:
            self._made[len(names)] = self._build([bindparam(name, type_=Words()) for name in names])
        return self._made[len(names)], _fill_places(names, ids)


@cache
def _name_places(number: int) -> tuple[str, ...]:
    """The parameters of a question about so many ids: a few more, so that there are few different questions."""
    return tuple(f"id{n}" for n in range(next(size for size in _SIZES if size >= number)))


def _fill_places(names: Sequence[str], ids: Sequence[str]) -> dict[str, str]:
    last = len(ids) - 1
    return {name: ids[min(n, last)] for n, name in enumerate(names)}


class Session:
    """One transaction: what all readers and writers of its tables share."""

    def __init__(self, connection: Connection, pocket: Pocket | None = None) -> None:
        self._connection = connection
        self._pocket = pocket or Pocket(Shelf(0))
        self._dialect = connection.dialect.name

    def _rows(self, question: Select[*_Columns]) -> Sequence[Row[*_Columns]]:
        return self._connection.execute(question).all()

    def _row(self, question: Select[*_Columns]) -> Row[*_Columns] | None:
        return self._connection.execute(question).first()

    def _rows_in(
        self, question: Select[*_Columns], column: ColumnElement[str], ids: Iterable[str]
    ) -> Iterator[Row[*_Columns]]:
        """The rows whose `column` is one of `ids`, asked for in pieces."""
        for piece in cut(dict.fromkeys(ids)):
            yield from self._rows(question.where(column.in_(piece)))

    def _rows_of(self, asked: Asked[*_Columns], ids: Iterable[str], **given: Cell) -> Iterator[Row[*_Columns]]:
        """The rows that answer a question about `ids`, asked for in pieces."""
        for piece in cut(dict.fromkeys(ids)):
            question, told = asked.about(piece)
            yield from self._connection.execute(question, {**told, **given}).all()

    def _walk(self, question: Select[*_Columns], by: Column[int] | Column[str]) -> Iterator[Row[*_Columns]]:
        """All rows in the order of `by`, whose values differ: a piece at a time, so that writing may go on between."""
        place = list(question.selected_columns).index(by)
        rows = self._rows(question.order_by(by).limit(PIECE))
        while rows:
            yield from rows
            if len(rows) < PIECE:
                return
            rows = self._rows(question.where(by > rows[-1][place]).order_by(by).limit(PIECE))

    def _known(self, column: ColumnElement[str], ids: Iterable[str]) -> set[str]:
        return {row[0] for row in self._rows_in(select(column), column, ids)}

    def _add(self, table: Table, rows: Iterable[Cells]) -> None:
        for piece in cut(rows):
            self._connection.execute(_inserting(table), [dict(row) for row in piece])

    def _put(self, table: Table, rows: Iterable[Cells]) -> None:
        """Add rows, or replace those of the same primary key."""
        for piece in cut(rows):
            self._connection.execute(_putting(table, self._dialect), [dict(row) for row in piece])

    def _change(self, table: Table, changes: Iterable[tuple[str, Cells]]) -> None:
        """Change rows, each named by its primary key (one column of words): the cells that are given, no others."""
        alike: dict[tuple[str, ...], list[dict[str, Cell]]] = defaultdict(list)
        for row_id, cells in changes:
            if cells:
                alike[tuple(sorted(cells))].append({**cells, "changed_id": row_id})
        for names, rows in alike.items():
            for piece in cut(rows):
                self._connection.execute(_changing(table, names), piece)

    def _drop(self, table: Table, column: Column[str], ids: Iterable[str]) -> None:
        for piece in cut(dict.fromkeys(ids)):
            names = _name_places(len(piece))
            self._connection.execute(_dropping(table, column.name, len(names)), _fill_places(names, piece))


@cache
def _inserting(table: Table) -> Insert:
    return insert(table)


@cache
def _putting(table: Table, dialect: str) -> Insert:
    keys = [column.name for column in table.primary_key]
    if dialect == "sqlite":
        lite = sqlite.insert(table)
        change = {c.name: c for c in lite.excluded if c.name not in keys}
        return lite.on_conflict_do_update(index_elements=keys, set_=change)
    post = postgresql.insert(table)
    change = {c.name: c for c in post.excluded if c.name not in keys}
    return post.on_conflict_do_update(index_elements=keys, set_=change)


@cache
def _changing(table: Table, names: tuple[str, ...]) -> Update:
    (key,) = table.primary_key
    return update(table).where(key == bindparam("changed_id", type_=Words())).values({n: bindparam(n) for n in names})


@cache
def _dropping(table: Table, name: str, size: int) -> Delete:
    return delete(table).where(table.c[name].in_([bindparam(place, type_=Words()) for place in _name_places(size)]))
