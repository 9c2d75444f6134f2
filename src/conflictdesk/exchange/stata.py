"""Events as a Stata file: days as %td, long texts as strL, the meaning of each column as its label."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conflictdesk.datasets.opening import Dataset
from conflictdesk.datasets.schema import COLUMN_NOTES
from conflictdesk.errors import ConfigError
from conflictdesk.exchange.cells import NO_CHARACTER, join_sql
from conflictdesk.exchange.selection import Chosen
from conflictdesk.exchange.whole import write_whole

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 1_000_000
"""More than this is held in memory at once only with pain."""
STATA_NAMES: Final = {"aggregate": "is_aggregate"}
"""Columns whose own name the writer of Stata files takes for a reserved word."""
_LONGEST_LABEL: Final = 80
_LONGEST_SHORT_TEXT: Final = 120
"""Bytes; a column of longer texts is kept as strL, which takes no room in rows that are short."""
_MOST_EXACT: Final = 2**53
_STAMP: Final = dt.datetime(2000, 1, 1)
_TEXTS: Final = ("VARCHAR", "VARCHAR[]")


def write_stata(dataset: Dataset, chosen: Chosen, path: Path) -> None:
    """Write the rows as .dta of format 118 (Stata 14 and newer); true is 1, false 0, unknown is missing.

    Raises:
        ConfigError: there are too many rows, or a figure is greater than Stata can hold.
        StoreError: the file cannot be written.
    """
    if chosen.rows > MOST_ROWS:
        told = f"{chosen.rows} events are too many for one Stata file ({MOST_ROWS})"
        raise ConfigError(f"{told}: choose --to csv, which Stata reads, or fewer events with --where")
    cells = ", ".join(f'{_cell_sql(name, kind)} AS "{name}"' for name, kind in chosen.kinds.items())
    table = dataset.cursor().execute(f"SELECT {cells} FROM ({chosen.sorted_sql})", list(chosen.parameters)).df()
    _check_exact(table, chosen.kinds)
    days = {name: "td" for name, kind in chosen.kinds.items() if kind == "DATE"}
    long_texts = [STATA_NAMES.get(name, name) for name in _long_texts(table, chosen.kinds)]
    table = table.rename(columns=STATA_NAMES)
    with write_whole(path) as part:
        table.to_stata(
            part,
            write_index=False,
            version=118,
            convert_dates=days,
            convert_strl=long_texts,
            variable_labels={STATA_NAMES.get(name, name): label_column(name) for name in chosen.kinds},
            data_label=f"Conflict Desk dataset {dataset.version}",
            time_stamp=_STAMP,
        )


def label_column(name: str) -> str:
    """The meaning of a column in the 80 characters that Stata allows.

    >>> label_column("deaths_low")
    'Deaths, lowest figure reported'
    """
    meaning = COLUMN_NOTES[name]
    first = meaning.removesuffix(".")
    if len(first) <= _LONGEST_LABEL:
        return first
    return first[: _LONGEST_LABEL - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _cell_sql(name: str, kind: str) -> str:
    if kind in _TEXTS:
        text = join_sql(f'"{name}"') if kind == "VARCHAR[]" else f'"{name}"'
        return f"coalesce(replace({text}, chr(0), '{NO_CHARACTER}'), '')"
    if kind == "DATE":
        return f'"{name}"::TIMESTAMP'
    return f'CASE WHEN isfinite("{name}"::DOUBLE) THEN "{name}"::DOUBLE END'


def _check_exact(table: pd.DataFrame, kinds: Mapping[str, str]) -> None:
    """Numbers are written as doubles, which hold a missing value, and whole numbers up to 2^53."""
    for name, kind in kinds.items():
        if kind in _TEXTS or kind == "DATE":
            continue
        largest = float(table[name].abs().max()) if len(table) else 0.0
        if largest > _MOST_EXACT:
            raise ConfigError(
                f"{name} holds {largest:.0f}, which Stata cannot hold exactly: choose --to csv or parquet"
            )


def _long_texts(table: pd.DataFrame, kinds: Mapping[str, str]) -> list[str]:
    return [
        name
        for name, kind in kinds.items()
        if kind in _TEXTS
        and max((len(text.encode()) for text in table[name].unique()), default=0) > _LONGEST_SHORT_TEXT
    ]
