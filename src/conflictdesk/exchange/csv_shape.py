"""Events as CSV in our own columns, with a dictionary of the columns beside it; and as a stream for the web."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from conflictdesk.datasets.filters import Parameter
from conflictdesk.datasets.opening import Dataset
from conflictdesk.datasets.schema import COLUMN_NOTES, QUOTE_COLUMNS
from conflictdesk.exchange.cells import cells_sql, tame
from conflictdesk.exchange.selection import Chosen, quote_sql
from conflictdesk.exchange.whole import write_text_whole, write_whole

BOM: Final = "\ufeff"
PLAIN_TYPES: Final[Mapping[str, str]] = {
    "VARCHAR": "text",
    "VARCHAR[]": 'texts, ";" between them',
    "DATE": "day, YYYY-MM-DD",
    "TINYINT": "whole number",
    "INTEGER": "whole number",
    "BIGINT": "whole number",
    "DOUBLE": "number",
    "BOOLEAN": "true or false",
}
UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("latitude", "longitude"), "degree"),
    "place_radius_km": "kilometre",
    **{f"{what}_{end}": "person" for what in ("deaths", "injured") for end in ("low", "best", "high")},
    **{f"deaths_{who}": "person" for who in ("actor1", "actor2", "civilians", "unknown")},
    "n_sources": "source",
}
_BATCH: Final = 2000


def write_csv(dataset: Dataset, chosen: Chosen, path: Path, *, bom: bool = False) -> None:
    """Write the rows as CSV: UTF-8, LF at each line's end, a header, nothing in a cell for what is not known.

    Raises:
        StoreError: the file cannot be written.
    """
    copy_lines(dataset, csv_lines_sql(chosen.sorted_sql, chosen.kinds, bom=bom), chosen.parameters, path)


def stream_lines(dataset: Dataset, sql: str, parameters: tuple[Parameter, ...]) -> Iterator[bytes]:
    """Give the lines of a SELECT of one text column, some thousand at a time, as UTF-8."""
    # A cursor of its own: the stream may outlive this thread's next question.
    cursor = dataset.cursor().cursor()
    try:
        cursor.execute(sql, list(parameters))
        while rows := cursor.fetchmany(_BATCH):
            yield "".join(str(row[0]) for row in rows).encode("utf-8")
    finally:
        cursor.close()


def copy_lines(dataset: Dataset, sql: str, parameters: tuple[Parameter, ...], path: Path) -> None:
    """Write the lines of a SELECT of one text column to a file, by DuckDB alone.

    Raises:
        StoreError: the file cannot be written.
    """
    with write_whole(path) as part:
        copy_lines_to(dataset, sql, parameters, part)


def copy_lines_to(dataset: Dataset, sql: str, parameters: tuple[Parameter, ...], part: Path) -> None:
    """Write the lines of a SELECT of one text column to a file that is not in place yet."""
    # A parameter for the file's name would be numbered before those of the SELECT.
    goal = quote_sql(str(part))
    dataset.cursor().execute(f"COPY (SELECT encode(line) FROM ({sql})) TO {goal} (FORMAT blob)", list(parameters))


def csv_lines_sql(sql: str, kinds: Mapping[str, str], *, bom: bool = False) -> str:
    """The header and every row of a SELECT as one column `line` of CSV text. `kinds` as for `cells_sql`."""
    header = f"{BOM if bom else ''}{','.join(kinds)}\n"
    cells = ", ',', ".join(f'"{name}"' for name in kinds)
    return f"SELECT '{header}' AS line UNION ALL SELECT concat({cells}, chr(10)) FROM ({cells_sql(sql, kinds)})"


def dictionary_path(path: Path) -> Path:
    """Where the column dictionary of a CSV stands: `events.csv` has `events.columns.csv` beside it."""
    return path.with_name(f"{path.stem}.columns.csv")


def dictionary_rows(kinds: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Name, type, meaning and unit of each column, as the column dictionary has them."""
    return [(name, PLAIN_TYPES[kind], COLUMN_NOTES[name], UNITS.get(name, "")) for name, kind in kinds.items()]


def write_dictionary(kinds: Mapping[str, str], path: Path) -> None:
    """Write the column dictionary as CSV: name, type, meaning, unit.

    Raises:
        StoreError: the file cannot be written.
    """
    lines = [("name", "type", "meaning", "unit"), *dictionary_rows(kinds)]
    write_text_whole(path, "".join(",".join(map(_quote, line)) + "\n" for line in lines))


def write_quotes(dataset: Dataset, wanted: Chosen, path: Path, *, bom: bool = False) -> int:
    """Write the quotes that the chosen events rest on; the answer is how many there are.

    Raises:
        StoreError: the file cannot be written.
    """
    names = ", ".join(f'"{name}"' for name in QUOTE_COLUMNS)
    rows = f"FROM quotes WHERE event_id IN (SELECT event_id FROM ({wanted.sql}))"
    order = "ORDER BY event_id, field, article_id, start, quote"
    lines = csv_lines_sql(f"SELECT {names} {rows} {order}", QUOTE_COLUMNS, bom=bom)
    copy_lines(dataset, lines, wanted.parameters, path)
    return int(str(dataset.ask(f"SELECT count(*) {rows}", wanted.parameters)[0][0]))


def _quote(text: str) -> str:
    told = tame(text)
    return '"' + told.replace('"', '""') + '"' if any(mark in told for mark in ',"\r\n') else told
