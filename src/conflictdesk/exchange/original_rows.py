"""Rows that came in the very shape that is asked for get their own cells back, letter for letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from conflictdesk.datasets.manifest import ImportRecord
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import StoreError
from conflictdesk.exchange.cells import untame_sql
from conflictdesk.exchange.selection import Chosen, as_number, quote_sql
from conflictdesk.exchange.tabular import quote_name

_ORDER: Final = "ORDER BY e.date_start ASC NULLS LAST, e.event_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapedRows:
    """The rows of an export in somebody else's columns, as SQL: `put_back` came so, the others were filled by us.

    `left_out` are columns of the files that came which the shape does not have.
    """

    sql: str
    put_back: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaping:
    """Somebody else's columns: `ours` maps each, in order, to our SQL for it over the event `e`.

    `kind` is the kind of import that brings rows in this shape, `aliases` older names of its columns in lower case,
    `join` tables that `ours` looks at.
    """

    kind: str
    ours: Mapping[str, str]
    aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    join: str = ""

    def find_column(self, name: str) -> str:
        """The column of the shape that a file's column is, or its own name in lower case."""
        plain = name.strip().lower()
        return self.aliases.get(plain, plain)


def shape_rows(dataset: Dataset, chosen: Chosen, shaping: Shaping) -> ShapedRows:
    """Write a SELECT of the columns of a shape, all as text.

    A row that an import of the shape's kind brought has the cells of that file; a column that the file had not is
    empty then. An apostrophe before what a spreadsheet would run is no part of a cell.

    Raises:
        StoreError: the rows as they came are no longer in the dataset.
    """
    ours, join = shaping.ours, shaping.join
    imports = [record for record in chosen.imports if record.kind == shaping.kind and record.columns]
    came = " UNION ALL ".join(_original_sql(dataset, record, shaping) for record in imports)
    if not came:
        cells = ", ".join(f'({sql})::VARCHAR AS "{name}"' for name, sql in ours.items())
        return ShapedRows(sql=f"SELECT {cells} FROM ({chosen.sql}) e {join} {_ORDER}", put_back=0, left_out=())
    cells = ", ".join(
        f'CASE WHEN o.import_id IS NULL THEN ({sql})::VARCHAR ELSE o."{name}" END AS "{name}"'
        for name, sql in ours.items()
    )
    names = ", ".join(quote_sql(record.import_id) for record in imports)
    count = f"SELECT count(*) FROM ({chosen.sql}) WHERE import_id IN ({names})"
    return ShapedRows(
        sql=f'SELECT {cells} FROM ({chosen.sql}) e LEFT JOIN ({came}) o USING (import_id, "row") {join} {_ORDER}',
        put_back=as_number(dataset.ask(count, chosen.parameters)[0][0]),
        left_out=tuple(sorted({name for r in imports for name in r.columns if shaping.find_column(name) not in ours})),
    )


def _original_sql(dataset: Dataset, record: ImportRecord, shaping: Shaping) -> str:
    path = dataset.original_path(record.import_id)
    if not path.is_file():
        raise StoreError(f"{path} is gone, and with it the rows as they came; import {record.file} again")
    held: dict[str, str] = {}
    for name in record.columns:
        held.setdefault(shaping.find_column(name), name)
    cells = (
        f'{untame_sql(quote_name(held[name]))} AS "{name}"' if name in held else f'NULL::VARCHAR AS "{name}"'
        for name in shaping.ours
    )
    told = f'{quote_sql(record.import_id)} AS import_id, "row"'
    return f"SELECT {told}, {', '.join(cells)} FROM read_parquet({quote_sql(str(path))})"
