"""A table from a file, every row as it came: CSV, XLSX or Parquet into one Parquet file of text columns."""

from __future__ import annotations

import contextlib
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from conflictdesk.errors import ConfigError
from conflictdesk.exchange.csv_rows import read_csv_rows, read_header
from conflictdesk.exchange.packed import TextFile, unpack_text
from conflictdesk.exchange.sheets import write_sheet_csv

_CSV: Final = "auto_detect = false, quote = '\"', escape = '\"', strict_mode = true, nullstr = '\x02'"
_WIDEST: Final = 2000
_BAD: Final = ("row", "kind", "detail", "line")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A file's rows. `path` is Parquet: `row` (from 1) and `columns`, all text, "" where a cell is empty.

    `bad` is a CSV file of the rows that have not the header's number of fields (row, kind, detail, line), or None.
    `rows_in = rows in path + rows in bad`, and that is checked.
    """

    path: Path
    columns: tuple[str, ...]
    rows_in: int
    bad: Path | None = None
    notes: tuple[str, ...] = ()


def quote_name(name: str) -> str:
    """A column's name as SQL; the names of a person's own file cannot come from a fixed list."""
    return '"' + name.replace('"', '""') + '"'


def read_table(
    cursor: duckdb.DuckDBPyConnection,
    path: Path,
    scratch: Path,
    names: tuple[str, ...] = (),
    encoding: str | None = None,
) -> RawTable:
    """Read a table into `scratch`/original.parquet.

    `names` are the columns of a file that may come without a header: used where the first record has as many fields
    and none of them is one of these names.

    Raises:
        ConfigError: the file is no table, or cannot be read.
    """
    target = scratch / "original.parquet"
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == b"PAR1":
        return _copy_parquet(cursor, path, target)
    if magic == b"PK\x03\x04" and path.suffix.lower() in (".xlsx", ".xlsm"):
        sheet = scratch / "sheet.csv"
        write_sheet_csv(path, sheet)
        text = unpack_text(sheet, scratch)
    else:
        text = unpack_text(path, scratch, encoding)
    with text.path.open(encoding="utf-8", errors="replace", newline="") as lines:
        first, header_lines = read_header(lines, text.delimiter)
    headless = len(first) == len(names) and not {cell.strip().lower() for cell in first} & set(names)
    columns = names if headless else name_columns(first)
    if len(columns) > _WIDEST:
        raise ConfigError(f"{path.name} has {len(columns)} columns; {_WIDEST} are the most")
    table = None if text.records is None else _copy_regular(cursor, text, target, columns, headless)
    return table or _copy_irregular(cursor, text, scratch, columns, 0 if headless else header_lines)


def name_columns(header: list[str]) -> tuple[str, ...]:
    """Names for the columns of a header: blanks named by their place, doubles (case aside) numbered.

    >>> name_columns(["Day", "day", "", "row"])
    ('Day', 'day_2', 'column_3', 'row_2')
    """
    taken, named = {"row"}, []
    for place, cell in enumerate(header, start=1):
        plain = cell.replace("\x00", "").strip() or f"column_{place}"
        name, number = plain, 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name.lower())
        named.append(name)
    return tuple(named)


def _copy_regular(
    cursor: duckdb.DuckDBPyConnection, text: TextFile, target: Path, columns: tuple[str, ...], headless: bool
) -> RawTable | None:
    """The fast way; None where the parser stumbles or its count is not the file's own."""
    if len(columns) < 2:
        return None
    told = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(columns)))
    reading = f"read_csv(?, delim = ?, header = {not headless}, {_CSV}, columns = {{{told}}})"
    cells = ", ".join(f"c{number} AS {quote_name(name)}" for number, name in enumerate(columns))
    sql = f"COPY (SELECT row_number() OVER () AS row, {cells} FROM {reading}) TO '{_escape(target)}' ({_PARQUET})"
    try:
        rows = _count_in_order(cursor, sql, [_glob_free(text.path), text.delimiter])
    except duckdb.Error:
        return None
    if rows + (not headless) != text.records:
        return None
    return RawTable(path=target, columns=columns, rows_in=rows, notes=text.notes)


_PARQUET: Final = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"


def _copy_irregular(
    cursor: duckdb.DuckDBPyConnection, text: TextFile, scratch: Path, columns: tuple[str, ...], skip: int
) -> RawTable:
    good, bad, target = scratch / "good.csv", scratch / "bad.csv", scratch / "original.parquet"
    rows, faults, longest = _sort_rows(text, (good, bad), len(columns), skip)
    told = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(columns)))
    size = max(longest + 1024, 2 << 20)
    # A buffer must hold a whole row, and DuckDB holds many of them.
    reading = (
        f"read_csv(?, delim = ',', header = false, {_CSV}, new_line = '\\n', max_line_size = {size},"
        f" buffer_size = {size * 2}, columns = {{'row': 'BIGINT', {told}}})"
    )
    cells = ", ".join(f"c{number} AS {quote_name(name)}" for number, name in enumerate(columns))
    if rows:
        sql = f"COPY (SELECT row, {cells} FROM {reading}) TO '{_escape(target)}' ({_PARQUET})"
        read = _count(cursor, sql, [_glob_free(good)])
    else:
        empty = ", ".join(f"NULL::VARCHAR AS {quote_name(name)}" for name in columns)
        read = _count(cursor, f"COPY (SELECT 1::BIGINT AS row, {empty} LIMIT 0) TO '{_escape(target)}' ({_PARQUET})")
    if read != rows:
        raise ConfigError(f"{text.path.name}: {rows} rows were found and {read} read; save it anew as plain CSV")
    notes = text.notes
    return RawTable(path=target, columns=columns, rows_in=rows + faults, bad=bad if faults else None, notes=notes)


def _sort_rows(text: TextFile, targets: tuple[Path, Path], width: int, skip: int) -> tuple[int, int, int]:
    """Write good rows and bad ones apart; how many of each, and the longest row in bytes."""
    rows = faults = longest = 0
    with contextlib.ExitStack() as files:
        lines = files.enter_context(text.path.open(encoding="utf-8", errors="replace", newline=""))
        good, bad = (
            csv.writer(
                files.enter_context(p.open("w", encoding="utf-8", newline="")),
                quoting=csv.QUOTE_ALL,
                lineterminator="\n",
            )
            for p in targets
        )
        for _ in range(skip):
            next(lines, None)
        for row in read_csv_rows(lines, text.delimiter, width):
            if row.fields is None:
                bad.writerow((row.number, "row-length", row.fault, row.line))
                faults += 1
            else:
                good.writerow((row.number, *row.fields))
                longest = max(longest, 5 * sum(map(len, row.fields)) + 3 * width)
                rows += 1
    return rows, faults, longest


def _copy_parquet(cursor: duckdb.DuckDBPyConnection, path: Path, target: Path) -> RawTable:
    try:
        found = cursor.execute("SELECT * FROM read_parquet(?) LIMIT 0", [_glob_free(path)]).description
        came = [str(column[0]) for column in found or []]
        columns = name_columns(came)
        cells = ", ".join(
            f"coalesce({quote_name(old)}::VARCHAR, '') AS {quote_name(new)}" for old, new in zip(came, columns)
        )
        sql = f"COPY (SELECT row_number() OVER () AS row, {cells} FROM read_parquet(?)) TO '{_escape(target)}'"
        rows = _count_in_order(cursor, f"{sql} ({_PARQUET})", [_glob_free(path)])
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise ConfigError(f"{path.name} is no Parquet file that can be read: {first}; write it anew") from None
    return RawTable(path=target, columns=columns, rows_in=rows)


def _count_in_order(cursor: duckdb.DuckDBPyConnection, sql: str, params: list[str]) -> int:
    """Run a statement that numbers rows: one thread does it as fast as many, which only wait for each other."""
    cursor.execute("SET threads = 1")
    try:
        return _count(cursor, sql, params)
    finally:
        cursor.execute("RESET threads")


def _count(cursor: duckdb.DuckDBPyConnection, sql: str, params: list[str] | None = None) -> int:
    row = cursor.execute(sql, params or []).fetchone()
    return int(row[0]) if row else 0


def _escape(path: Path) -> str:
    return str(path).replace("'", "''")


def _glob_free(path: Path) -> str:
    """A path that DuckDB takes as it is: signs of its patterns stand in brackets."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
