"""Words of SQL that every importer reads cells with, and the tables that it looks codes up in."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from conflictdesk.codebook.countries import load_countries
from conflictdesk.codebook.types import load_event_types
from conflictdesk.datasets.schema import EVENT_COLUMNS
from conflictdesk.exchange.cells import untame_sql
from conflictdesk.exchange.tabular import RawTable, quote_name

_MACROS: Final = (
    # A cell without the blanks around it; empty is unknown.
    "filled(x) AS nullif(trim(x, ' \t\r\n'), '')",
    # The inverse of cells.tame: an apostrophe that our exports put before what a spreadsheet would run.
    f"untamed(x) AS {untame_sql('x')}",
    # Numbers as text, also "12.0"; no signs that only SQL reads, as in "1_000".
    "numeral(x) AS CASE WHEN contains(x, '_') THEN NULL ELSE TRY_CAST(x AS DOUBLE) END",
    "whole_of(n) AS CASE WHEN n >= 0 AND n < 9e15 AND n = floor(n) THEN n::BIGINT END",
    "whole(x) AS whole_of(numeral(x))",
    "sane_day(d) AS CASE WHEN d BETWEEN DATE '1800-01-01' AND DATE '2200-12-31' THEN d END",
    # A day as 2021-09-26, a time of day after it let pass; no time zone may move it.
    "iso_day(x) AS sane_day(CASE WHEN length(x) = 10 THEN"
    " CASE WHEN x[5] = '-' AND x[8] = '-' THEN TRY_CAST(x AS DATE) END"
    r" WHEN regexp_full_match(x, '\d{4}-\d\d-\d\d[T ][0-9:.]+Z?') THEN TRY_CAST(x[:10] AS DATE) END)",
    "parts_of(x, mark) AS list_filter(list_transform(string_split(x, mark), lambda s: trim(s, ' \t\r\n')),"
    " lambda s: s <> '')",
    "names_of(x, mark) AS CASE WHEN contains(x, mark) THEN nullif(list_sort(list_distinct(parts_of(x, mark))), [])"
    " WHEN filled(x) IS NOT NULL THEN [filled(x)] END",
    "days_of(x, mark) AS CASE WHEN contains(x, mark) THEN list_transform(parts_of(x, mark), lambda s: iso_day(s))"
    " ELSE [iso_day(filled(x))] END",
    "is_on_earth(y, x) AS y BETWEEN -90 AND 90 AND x BETWEEN -180 AND 180",
    "shown(x) AS '\"' || CASE WHEN length(x) > 60 THEN x[:60] || '...' ELSE x END || '\"'",
)

SHARED_FLAGS: Final = {
    "low_above_best": "deaths_low > deaths_best",
    "best_above_high": "deaths_best > deaths_high",
    "low_above_high": "deaths_low > deaths_high",
    "injured_out_of_order": "injured_low > injured_best OR injured_best > injured_high OR injured_low > injured_high",
    "parts_differ": "deaths_actor1 + deaths_actor2 + deaths_civilians + deaths_unknown <> deaths_best",
    "end_before_start": "date_end < date_start",
    "point_unreadable": "(filled(raw_latitude) IS NOT NULL AND y IS NULL) OR"
    " (filled(raw_longitude) IS NOT NULL AND x IS NULL) OR (y IS NULL) <> (x IS NULL)",
    "point_outside_world": "y IS NOT NULL AND x IS NOT NULL AND NOT is_on_earth(y, x)",
    "date_precision_unknown": "filled(raw_date_precision) IS NOT NULL AND date_precision IS NULL",
    "place_precision_unknown": "filled(raw_place_precision) IS NOT NULL AND place_precision IS NULL",
    "type_unknown": "original_type IS NOT NULL AND event_type IS NULL",
    "country_unknown": "country IS NOT NULL AND iso3 IS NULL",
}
"""Faults of a row that is kept as published: flag -> when. A point that cannot be is left out of the columns
latitude and longitude; the row as it came has it."""


@dataclass(frozen=True, slots=True)
class Code:
    """A row of a table that codes are looked up in: what the source writes, and ours."""

    theirs: str
    ours: str


@functools.cache
def load_crosswalk() -> Mapping[str, object]:
    """The codes of others and ours, from `crosswalk.toml`."""
    file = importlib.resources.files("conflictdesk.exchange").joinpath("crosswalk.toml")
    told: dict[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))
    return told


def read_codes(name: str) -> list[Code]:
    """One table of the crosswalk, as theirs and ours."""
    table = load_crosswalk()[name]
    assert isinstance(table, dict)
    return [Code(str(theirs), str(ours)) for theirs, ours in table.items()]


def prepare_words(cursor: duckdb.DuckDBPyConnection) -> None:
    """Teach a connection the words of this file, the codebook's types and the codes of countries."""
    for macro in _MACROS:
        cursor.execute(f"CREATE OR REPLACE MACRO {macro}")
    cursor.execute(
        "CREATE OR REPLACE TABLE codebook (event_type VARCHAR, sub_event_type VARCHAR, disorder_type VARCHAR[])"
    )
    for entry in load_event_types().types:
        row = [entry.event_type, entry.sub_event_type, list(entry.disorder_type)]
        cursor.execute("INSERT INTO codebook VALUES (?, ?, ?)", row)


def store_codes(cursor: duckdb.DuckDBPyConnection, table: str, codes: Iterable[Code]) -> None:
    """Make a table of (theirs, ours) to join with; `table` is one of our own names."""
    cursor.execute(f"CREATE OR REPLACE TABLE {table} (theirs VARCHAR PRIMARY KEY, ours VARCHAR)")
    for code in codes:
        cursor.execute(f"INSERT INTO {table} VALUES (?, ?)", [code.theirs, code.ours])


def store_countries(cursor: duckdb.DuckDBPyConnection, names: Iterable[object], own: Iterable[Code] = ()) -> None:
    """Make the table `country_codes` of these names of countries; `own` are the source's own names for some."""
    countries, special = load_countries(), {code.theirs: code.ours for code in own}
    codes = []
    for name in sorted({str(name) for name in names if name is not None}):
        country = countries.by_name(name)
        iso3 = special.get(name) or (country.iso3 if country else None)
        if iso3:
            codes.append(Code(name, iso3))
    store_codes(cursor, "country_codes", codes)


def read_columns(raw: RawTable, wanted: Sequence[str], aliases: Mapping[str, str]) -> str:
    """The SELECT list that gives a file's columns our fixed names; a column that it lacks is empty.

    Names are matched without case; `aliases` are other names of some.
    """
    held: dict[str, str] = {}
    for name in raw.columns:
        plain = name.strip().lower()
        held.setdefault(aliases.get(plain, plain), name)
    cells = [
        f"untamed({quote_name(held[name])}) AS {name}" if name in held else f"NULL::VARCHAR AS {name}"
        for name in wanted
    ]
    return ", ".join(['"row"', *cells])


def read_from(path: Path) -> str:
    """The words after FROM for a Parquet file of our own."""
    return "read_parquet('" + str(path).replace("'", "''") + "')"


def list_flags(flags: Mapping[str, str]) -> str:
    """SQL of the list of flags whose condition holds."""
    cases = ", ".join(f"CASE WHEN {when} THEN '{name}' END" for name, when in flags.items())
    return f"list_filter([{cases}], lambda f: f IS NOT NULL)"


def fill_columns(known: Mapping[str, str]) -> str:
    """The SELECT list of all event columns that an importer fills, NULL where it has nothing to say."""
    ours = [name for name in EVENT_COLUMNS if name not in ("event_id", "origin", "version", "import_id", "row")]
    return ", ".join(f"({known.get(name, 'NULL')})::{EVENT_COLUMNS[name]} AS {name}" for name in ours)
