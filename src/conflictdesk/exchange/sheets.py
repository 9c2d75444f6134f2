"""The first sheet of an XLSX workbook as CSV text, each cell as a person sees it."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from pathlib import Path

from conflictdesk.errors import ConfigError


def write_sheet_csv(path: Path, target: Path) -> None:
    """Write the first sheet with its header as UTF-8 CSV; days as 2021-09-26, whole numbers without ".0".

    Rows are filled up to the header's width; blank rows are left out, as a sheet has no end of its own.

    Raises:
        ConfigError: no workbook, or one without a table.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ConfigError(f"{path.name} is no workbook that can be read ({error}); save it as .xlsx anew") from None
    try:
        width = 0
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
            for row in book.worksheets[0].iter_rows(values_only=True):
                cells = [_show(value) for value in row]
                while cells and not cells[-1]:
                    cells.pop()
                if not cells:
                    continue
                width = width or len(cells)
                writer.writerow(cells + [""] * (width - len(cells)))
        if not width:
            raise ConfigError(f"{path.name}: its first sheet is empty; put the table there")
    finally:
        book.close()


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
