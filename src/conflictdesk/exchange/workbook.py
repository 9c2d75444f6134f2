"""Events as an Excel workbook: the sheets events, columns and about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.exchange.cells import clean_for_xml, join_values, tame
from conflictdesk.exchange.csv_shape import dictionary_rows
from conflictdesk.exchange.selection import Chosen
from conflictdesk.exchange.whole import write_whole

MOST_ROWS: Final = 1_048_575
"""What an Excel sheet holds beside its header."""
LONGEST_CELL: Final = 32_767
"""Characters (UTF-16 units) that an Excel cell holds."""
_FIRST_DAY: Final = dt.date(1900, 3, 1)
"""Excel counts an invented 29 February 1900, so older days stand as text."""
_CUT: Final = "… [cut]"
_BATCH: Final = 2000

Cell = str | int | float | bool | dt.date | None


def write_workbook(dataset: Dataset, chosen: Chosen, path: Path, about: Sequence[tuple[str, str]]) -> int:
    """Write the rows as .xlsx; the answer is how many cells were too long for Excel and were cut.

    Raises:
        ConfigError: there are more rows than a sheet holds.
        StoreError: the file cannot be written.
    """
    from openpyxl import Workbook

    if chosen.rows > MOST_ROWS:
        told = f"{chosen.rows} events are more than an Excel sheet holds ({MOST_ROWS})"
        raise ConfigError(f"{told}: choose --to csv or --to parquet, or fewer events with --where")
    book = Workbook(write_only=True)
    events = book.create_sheet("events")
    events.freeze_panes = "B2"
    events.append(list(chosen.kinds))
    cut = 0
    cursor = dataset.cursor()
    cursor.execute(chosen.sorted_sql, list(chosen.parameters))
    while rows := cursor.fetchmany(_BATCH):
        for row in rows:
            cells = [_write_cell(value) for value in row]
            cut += sum(isinstance(cell, str) and cell.endswith(_CUT) for cell in cells)
            events.append(cells)
    _append_all(
        book.create_sheet("columns").append, [("name", "type", "meaning", "unit"), *dictionary_rows(chosen.kinds)]
    )
    _append_all(book.create_sheet("about").append, about)
    with write_whole(path) as part:
        book.save(part)
    return cut


def _append_all(append: Callable[[list[str]], None], rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        append([tame(clean_for_xml(text)) for text in row])


def _write_cell(value: object) -> Cell:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, dt.date):
        return value if value >= _FIRST_DAY else value.isoformat()
    text = join_values([str(part) for part in value]) if isinstance(value, list) else str(value)
    return _fit(tame(clean_for_xml(text))) or None


def _fit(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    kept = units[: 2 * (LONGEST_CELL - len(_CUT))]
    return kept.decode("utf-16-le", "ignore") + _CUT
