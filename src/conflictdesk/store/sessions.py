"""One transaction of the store: how its rows are asked for in pieces, walked through and put in place."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar, TypeVarTuple

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

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


class Session:
    """One transaction: what all readers and writers of its tables share."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
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
            self._connection.execute(insert(table), [dict(row) for row in piece])

    def _put(self, table: Table, rows: Iterable[Cells]) -> None:
        """Add rows, or replace those of the same primary key."""
        keys = [column.name for column in table.primary_key]
        for piece in cut(rows):
            if self._dialect == "sqlite":
                lite = sqlite.insert(table)
                change = {c.name: c for c in lite.excluded if c.name not in keys}
                self._connection.execute(lite.on_conflict_do_update(index_elements=keys, set_=change), list(piece))
            else:
                post = postgresql.insert(table)
                change = {c.name: c for c in post.excluded if c.name not in keys}
                self._connection.execute(post.on_conflict_do_update(index_elements=keys, set_=change), list(piece))

    def _drop(self, table: Table, column: ColumnElement[str], ids: Iterable[str]) -> None:
        for piece in cut(dict.fromkeys(ids)):
            self._connection.execute(delete(table).where(column.in_(piece)))
