"""The sheet of corrections as CSV or XLSX: written so that nothing runs as a formula, read as spreadsheets leave it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conflictdesk.errors import ConfigError
from conflictdesk.exchange.cells import tame, untame
from conflictdesk.exchange.whole import write_whole
from conflictdesk.workflow.correction_cells import COLUMNS

ENDINGS: Final = (".csv", ".xlsx")
MOST_ROWS: Final = 1_048_575
MOST_BYTES: Final = 200_000_000
_FIRST_DAY: Final = dt.date(1900, 3, 1)
_KINDS: Final = {column.name: column.kind for column in COLUMNS}
_PLAIN: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row of a sheet: its number as the spreadsheet counts (the header is 1), and its cells by column name.

    `formulas` names the columns whose cells hold a formula: what it gives is not kept with it.
    """

    number: int
    cells: Mapping[str, str]
    formulas: frozenset[str] = frozenset()


def check_ending(path: Path) -> str:
    """The ending of a sheet's name, small.

    Raises:
        ConfigError: it is neither .csv nor .xlsx.
    """
    if path.suffix.lower() not in ENDINGS:
        raise ConfigError(f"{path} is neither .csv nor .xlsx: name a file with one of these endings")
    return path.suffix.lower()


# ---------------------------------------------------------------- writing


def write_sheet(path: Path, heads: Sequence[str], rows: Iterable[Sequence[str]], about: Sequence[Sequence[str]]) -> int:
    """Write the sheet; the answer is how many rows. `about` explains the columns on an XLSX's second sheet.

    Raises:
        ConfigError: the name's ending is neither .csv nor .xlsx, or there are more rows than Excel takes.
        StoreError: the file cannot be written.
    """
    ending = check_ending(path)
    with write_whole(path) as part:
        return _write_csv(part, heads, rows) if ending == ".csv" else _write_xlsx(part, heads, rows, about)


def _write_csv(part: Path, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    # Excel takes a CSV for UTF-8 only when it begins with the mark.
    with part.open("w", encoding="utf-8-sig", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(heads)
        number = 0
        for row in rows:
            writer.writerow([_tame(name, text) for name, text in zip(heads, row, strict=True)])
            number += 1
    return number


def _tame(name: str, text: str) -> str:
    return text if _KINDS.get(name) in ("number", "whole", "most") and _PLAIN.fullmatch(text) else tame(text)


def _write_xlsx(part: Path, heads: Sequence[str], rows: Iterable[Sequence[str]], about: Sequence[Sequence[str]]) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("incidents")
    sheet.freeze_panes = "B2"
    sheet.append(list(heads))
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise ConfigError(f"there are more incidents than an Excel sheet holds ({MOST_ROWS}): write a .csv")
        cells = []
        for name, text in zip(heads, row, strict=True):
            cell = WriteOnlyCell(sheet, value=_type_cell(_KINDS.get(name, "text"), text))
            # "@" keeps what a person types there as it is typed.
            cell.number_format = "yyyy-mm-dd" if isinstance(cell.value, dt.date) else "@" if cell.value else "General"
            cells.append(cell)
        sheet.append(cells)
    notes = book.create_sheet("columns")
    for line in about:
        notes.append([tame(text) for text in line])
    book.save(part)
    book.close()
    return number


def _type_cell(kind: str, text: str) -> str | int | float | dt.date | None:
    if not text:
        return None
    if kind == "day" and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = dt.date.fromisoformat(text)
        return day if day >= _FIRST_DAY else text
    if kind in ("whole", "most") and text.isascii() and text.isdigit():
        return int(text)
    if kind == "number" and _PLAIN.fullmatch(text):
        return float(text)
    return tame(text)


# ---------------------------------------------------------------- reading


def read_sheet(path: Path) -> Iterator[SheetRow]:
    """Every row of a sheet, empty ones left out, each text as it was before it was made safe for spreadsheets.

    Raises:
        ConfigError: no such file, no sheet, no header, or one name twice in it.
    """
    ending = check_ending(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB: import a part of it")
        lines = _read_csv(path) if ending == ".csv" else _read_xlsx(path)
        yield from _name_cells(path, lines)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}; check the name and the rights") from None


_Line = tuple[int, list[str], frozenset[int]]


def _name_cells(path: Path, lines: Iterator[_Line]) -> Iterator[SheetRow]:
    first = next(lines, None)
    heads = [head.strip().casefold() for head in first[1]] if first else []
    if not any(heads):
        raise ConfigError(f"{path} is empty: its first row must hold the names of the columns")
    if "incident" not in heads:
        raise ConfigError(f"{path} has no column “incident”: it is no sheet of `export --for-correction`, or not whole")
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        raise ConfigError(f"{path}: the column {twice[0]} is there twice: take one out")
    for number, texts, formulas in lines:
        if any(text.strip() for text in texts):
            cells = {head: untame(text) for head, text in zip(heads, texts) if head}
            run = frozenset(heads[at] for at in formulas if at < len(heads))
            yield SheetRow(number=number, cells={head: cells.get(head, "") for head in heads if head}, formulas=run)


def _read_csv(path: Path) -> Iterator[_Line]:
    text = _decode(path)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = csv.field_size_limit(MOST_BYTES)
    try:
        for number, texts in enumerate(reader, start=1):
            yield number, texts, frozenset()
    except csv.Error as error:
        raise ConfigError(f"{path}, line {reader.line_num}: {error}; save it as CSV anew") from None
    finally:
        csv.field_size_limit(before)


def _decode(path: Path) -> str:
    """UTF-8 or UTF-16 by its mark; else Western Windows text, as older Excel saves."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _read_xlsx(path: Path) -> Iterator[_Line]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_size(path)
        book = load_workbook(path, read_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise ConfigError(f"{path} is no workbook that can be read ({error}); save it as .xlsx anew") from None
    try:
        for number, row in enumerate(book.worksheets[0].iter_rows(), start=1):
            if number > MOST_ROWS + 1:
                break
            formulas = frozenset(at for at, cell in enumerate(row) if cell.data_type == "f")
            yield number, [_show(cell.value) for cell in row], formulas
    finally:
        book.close()


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > 10 * MOST_BYTES:
            raise ConfigError(f"{path} unpacks to more than {10 * MOST_BYTES // 1_000_000} MB: import a part of it")


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
