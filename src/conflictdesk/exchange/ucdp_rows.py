"""UCDP GED and Candidate rows as events: the columns of that file and what each becomes.

Columns after the codebook of UCDP GED (Sundberg and Melander 2013; codebook of version 26.1). Files have 49 columns,
older ones 41 or 42; some Candidate files come without a header.
"""

from __future__ import annotations

import re
from typing import Final

import duckdb

from conflictdesk.errors import ConfigError
from conflictdesk.exchange.reading_words import (
    SHARED_FLAGS,
    fill_columns,
    list_flags,
    load_crosswalk,
    read_codes,
    read_columns,
    read_from,
    store_codes,
    store_countries,
)
from conflictdesk.exchange.tabular import RawTable

UCDP_HEADER: Final = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence"),
    *("conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name"),
    *("side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b"),
    *("number_of_sources", "source_article", "source_office", "source_date", "source_headline", "source_original"),
    *("where_prec", "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt"),
    *("priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
"""The 49 columns in order: what a file without a header is read with."""

_READ: Final = (
    *("id", "type_of_violence", "side_a", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "where_prec", "where_coordinates", "adm_1", "adm_2", "latitude", "longitude"),
    *("country", "event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low"),
)
_NEEDED: Final = frozenset(
    ("id", "type_of_violence", "side_a", "side_b", "country", "date_start", "date_end", "best", "high", "low")
)
_FIGURES: Final = ("best", "low", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def find_ucdp_version(file_name: str) -> str | None:
    """The version that a file's name tells.

    >>> [find_ucdp_version(n) for n in ("ged191.csv", "ged231_part.csv.gz", "GEDEvent_v24_0_1.csv", "my.csv")]
    ['19.1', '23.1', '24.0.1', None]
    """
    if found := re.search(r"v(\d{2})_(\d{1,2})(?:_(\d{1,2}))?", file_name, re.IGNORECASE):
        return ".".join(part for part in found.groups() if part)
    if found := re.search(r"ged[-_]?(\d{2})(\d)(?!\d)", file_name, re.IGNORECASE):
        return f"{found[1]}.{found[2]}"
    return None


def stage_ucdp(cursor: duckdb.DuckDBPyConnection, raw: RawTable, file: str) -> None:
    """Make the view `staged`: one event or one fault for each row of the file.

    Raises:
        ConfigError: columns are missing without which no row is an event.
    """
    aliases = {code.theirs: code.ours for code in read_codes("ucdp_columns")}
    held = {aliases.get(name.strip().lower(), name.strip().lower()) for name in raw.columns}
    if missing := sorted(_NEEDED - held):
        mend = "name a UCDP GED or Candidate file, or import it as a table with a map"
        raise ConfigError(f"{file} has no column {', '.join(missing)}: {mend}")
    cells = f"SELECT {read_columns(raw, _READ, aliases)} FROM {read_from(raw.path)}"
    named = cursor.execute(f"SELECT DISTINCT filled(country) FROM ({cells})").fetchall()
    store_countries(cursor, [row[0] for row in named], read_codes("ucdp_countries"))
    _store_types(cursor)
    store_codes(cursor, "date_precisions", read_codes("ucdp_date_precision"))
    store_codes(cursor, "place_precisions", read_codes("ucdp_place_precision"))
    cursor.execute(
        f"CREATE OR REPLACE VIEW staged AS WITH cells AS ({cells}), typed AS ({_TYPED}) "
        f'SELECT "row", {fill_columns(_columns())}, {_fault()} FROM typed'
    )


def _store_types(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(
        "CREATE OR REPLACE TABLE ucdp_types (code BIGINT PRIMARY KEY, original_type VARCHAR, event_type VARCHAR,"
        " sub_event_type VARCHAR, disorder_type VARCHAR[], civilian_targeting BOOLEAN)"
    )
    types = load_crosswalk()["ucdp_types"]
    assert isinstance(types, list)
    names = ("code", "original_type", "event_type", "sub_event_type", "disorder_type", "civilian_targeting")
    for entry in types:
        cursor.execute("INSERT INTO ucdp_types VALUES (?, ?, ?, ?, ?, ?)", [entry.get(name) for name in names])


_TYPED: Final = f"""
    SELECT "row", id AS raw_id, whole(id)::VARCHAR AS source_id, cells.date_start AS raw_date_start,
        cells.date_end AS raw_date_end, iso_day(filled(cells.date_start)) AS date_start,
        iso_day(coalesce(filled(cells.date_end), filled(cells.date_start))) AS date_end,
        date_prec AS raw_date_precision, date_precisions.ours::TINYINT AS date_precision,
        where_prec AS raw_place_precision, place_precisions.ours::TINYINT AS place_precision,
        coalesce(ucdp_types.original_type, filled(type_of_violence)) AS original_type, ucdp_types.event_type,
        ucdp_types.sub_event_type, ucdp_types.disorder_type, ucdp_types.civilian_targeting,
        filled(side_a) AS actor1, filled(side_b) AS actor2, filled(cells.country) AS country,
        country_codes.ours AS iso3, filled(adm_1) AS admin1, filled(adm_2) AS admin2,
        filled(where_coordinates) AS location, latitude AS raw_latitude, longitude AS raw_longitude,
        numeral(latitude) AS y, numeral(longitude) AS x,
        {", ".join(f"{name} AS raw_{name}, whole({name}) AS {name}" for name in _FIGURES)},
        whole(low) AS deaths_low, whole(best) AS deaths_best, whole(high) AS deaths_high,
        whole(deaths_a) AS deaths_actor1, whole(deaths_b) AS deaths_actor2,
        NULL::BIGINT AS injured_low, NULL::BIGINT AS injured_best, NULL::BIGINT AS injured_high,
        whole(event_clarity) AS clarity, names_of(source_office, ';') AS sources,
        whole(number_of_sources) AS n_sources, days_of(source_date, ';') AS reported,
        filled(source_headline) AS headline, filled(source_article) AS notes
    FROM cells
    LEFT JOIN ucdp_types ON ucdp_types.code = whole(type_of_violence)
    LEFT JOIN date_precisions ON date_precisions.theirs = whole(date_prec)::VARCHAR
    LEFT JOIN place_precisions ON place_precisions.theirs = whole(where_prec)::VARCHAR
    LEFT JOIN country_codes ON country_codes.theirs = filled(cells.country)"""


def _columns() -> dict[str, str]:
    """Event column -> SQL over the typed cells. `attributed_to` stays empty: UCDP keeps no such field."""
    same = (
        *("source_id", "date_start", "date_end", "date_precision", "event_type", "sub_event_type", "original_type"),
        *("disorder_type", "actor1", "actor2", "civilian_targeting", "country", "iso3", "admin1", "admin2", "location"),
        *("place_precision", "deaths_low", "deaths_best", "deaths_high", "deaths_actor1", "deaths_actor2"),
        *("deaths_civilians", "deaths_unknown", "sources", "n_sources", "headline", "notes"),
    )
    kind = "CASE WHEN {0} LIKE 'Government of %' THEN 'State forces' WHEN {0} = 'Civilians' THEN 'Civilians' END"
    return {
        **{name: name for name in same},
        "actor1_kind": kind.format("actor1"),
        "actor2_kind": kind.format("actor2"),
        "associated": "[]",
        "perpetrator": "CASE WHEN civilian_targeting THEN actor1 END",
        "latitude": "CASE WHEN is_on_earth(y, x) THEN y END",
        "longitude": "CASE WHEN is_on_earth(y, x) THEN x END",
        "aggregate": "CASE clarity WHEN 1 THEN FALSE WHEN 2 THEN TRUE END",
        "first_reported": "list_min(reported)",
        "last_reported": "list_max(reported)",
        "status": "'published'",
        "flags": list_flags({**SHARED_FLAGS, "figure_missing": "deaths_best IS NULL"}),
    }


def _fault() -> str:
    """Why a row is no event, as `fault_kind` and `fault_detail`."""
    kinds = [
        "WHEN source_id IS NULL THEN 'id-unreadable'",
        "WHEN date_start IS NULL OR date_end IS NULL THEN 'date-unreadable'",
    ]
    details = [
        "WHEN source_id IS NULL THEN 'id is ' || shown(raw_id) || ', not a whole number'",
        "WHEN date_start IS NULL THEN 'date_start is ' || shown(raw_date_start) || ', not a day like 2021-09-26'",
        "WHEN date_end IS NULL THEN 'date_end is ' || shown(raw_date_end) || ', not a day like 2021-09-26'",
    ]
    for name in _FIGURES:
        unread = f"WHEN {name} IS NULL AND filled(raw_{name}) IS NOT NULL THEN"
        kinds.append(f"{unread} 'figure-unreadable'")
        details.append(f"{unread} '{name} is ' || shown(raw_{name}) || ', not a whole number from 0'")
    return f"CASE {' '.join(kinds)} END AS fault_kind, CASE {' '.join(details)} END AS fault_detail"
