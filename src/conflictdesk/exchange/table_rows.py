"""Rows of any table as events, by a person's map of its columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, get_args

import duckdb

from conflictdesk.exchange.import_maps import OURS, ImportMap, check_columns
from conflictdesk.exchange.reading_words import (
    SHARED_FLAGS,
    fill_columns,
    list_flags,
    read_from,
    store_countries,
)
from conflictdesk.exchange.tabular import RawTable, quote_name
from conflictdesk.records import ActorKind

_FIGURES: Final = (
    *("deaths_low", "deaths_best", "deaths_high", "deaths_actor1", "deaths_actor2", "deaths_civilians"),
    *("deaths_unknown", "injured_low", "injured_best", "injured_high"),
)
_KINDS: Final = ", ".join(f"'{kind}'" for kind in get_args(ActorKind))
_YES: Final = (
    "CASE WHEN lower({0}) IN ('true', 'yes', 'y', '1') THEN TRUE"
    " WHEN lower({0}) IN ('false', 'no', 'n', '0') THEN FALSE END"
)


def stage_table(cursor: duckdb.DuckDBPyConnection, raw: RawTable, mapped: ImportMap) -> None:
    """Make the view `staged`: one event or one fault for each row of the file.

    Raises:
        ConfigError: the file lacks columns that the map names.
    """
    check_columns(mapped, raw.columns)
    # A file with one figure gives it as lowest, best and highest at once.
    for part in ("deaths", "injured"):
        ends = [f"{part}_low", f"{part}_high"]
        if f"{part}_best" in mapped.columns and not any(e in mapped.columns or e in mapped.constants for e in ends):
            mapped = _with_columns(mapped, dict.fromkeys(ends, f"{part}_best"))
    _store_map(cursor, mapped)
    words = _words(raw, mapped)
    named = cursor.execute(f"SELECT DISTINCT t_country FROM ({words})").fetchall()
    store_countries(cursor, [row[0] for row in named])
    cursor.execute(
        f"CREATE OR REPLACE VIEW staged AS WITH words AS ({words}), typed AS ({_type_words(mapped)}) "
        f'SELECT "row", {fill_columns(_columns(mapped))}, {_fault()} FROM typed'
    )


def _store_map(cursor: duckdb.DuckDBPyConnection, mapped: ImportMap) -> None:
    """Keep the map's values as tables: a view takes no parameters."""
    cursor.execute("CREATE TABLE map_values (field VARCHAR, theirs VARCHAR, ours VARCHAR, PRIMARY KEY (field, theirs))")
    for field in mapped.columns:
        meant = {**dict.fromkeys(mapped.empty, ""), **mapped.values.get(field, {})}
        for theirs, ours in meant.items():
            cursor.execute("INSERT INTO map_values VALUES (?, ?, ?)", [field, theirs, ours or None])
    cursor.execute("CREATE TABLE map_constants (field VARCHAR PRIMARY KEY, value VARCHAR)")
    for field, value in mapped.constants.items():
        cursor.execute("INSERT INTO map_constants VALUES (?, ?)", [field, value])


def _words(raw: RawTable, mapped: ImportMap) -> str:
    """SQL of every cell that the map names, by our name and with the meaning the map gives it, still as text."""
    cells, joins = [], []
    for name in OURS:
        if name in mapped.constants:
            cells.append(f"(SELECT value FROM map_constants WHERE field = '{name}') AS t_{name}")
        elif name in mapped.columns:
            cell = f"filled(o.{quote_name(mapped.columns[name])})"
            field = name if name in mapped.values or mapped.empty else None
            joins += [
                f"LEFT JOIN map_values v_{name} ON v_{name}.field = '{name}' AND v_{name}.theirs = {cell}"
            ] * bool(field)
            cells.append(
                f"CASE WHEN v_{name}.theirs IS NULL THEN {cell} ELSE v_{name}.ours END AS t_{name}"
                if field
                else f"{cell} AS t_{name}"
            )
        else:
            cells.append(f"NULL::VARCHAR AS t_{name}")
    return f'SELECT o."row", {", ".join(cells)} FROM {read_from(raw.path)} o {" ".join(joins)}'


def _with_columns(mapped: ImportMap, same: dict[str, str]) -> ImportMap:
    """The map with further columns of ours that read what another one reads, its values with it."""
    columns = {new: mapped.columns[old] for new, old in same.items()}
    values = {new: mapped.values[old] for new, old in same.items() if old in mapped.values}
    return replace(mapped, columns={**mapped.columns, **columns}, values={**mapped.values, **values})


def _type_words(mapped: ImportMap) -> str:
    day = "iso_day({0})"
    if mapped.date_format:
        pattern = mapped.date_format.replace("'", "''")  # strptime takes its pattern as a constant only
        day = f"sane_day(try_strptime({{0}}, '{pattern}')::DATE)"
    kind = f"CASE WHEN t_{{0}} IN ({_KINDS}) THEN t_{{0}} END AS {{0}}"
    return f"""
        SELECT *, coalesce({day.format("t_date_end")}, date_start) AS date_end,
            coalesce(CASE WHEN whole(t_date_precision) BETWEEN 1 AND 4 THEN whole(t_date_precision) END,
                CASE WHEN t_date_precision IS NULL THEN CASE WHEN date_end - date_start <= 0 THEN 1
                    WHEN date_end - date_start <= 6 THEN 2 WHEN date_end - date_start <= 30 THEN 3 ELSE 4 END END
            )::TINYINT AS date_precision
        FROM (SELECT "row", {", ".join(f"t_{name}" for name in OURS)},
            {'"row"::VARCHAR' if mapped.number_rows else "t_source_id"} AS source_id,
            {day.format("t_date_start")} AS date_start,
            t_date_end IS NOT NULL AND {day.format("t_date_end")} IS NULL AS bad_end,
            t_date_precision AS raw_date_precision, t_place_precision AS raw_place_precision,
            CASE WHEN whole(t_place_precision) BETWEEN 1 AND 4 THEN whole(t_place_precision)::TINYINT END
                AS place_precision,
            coalesce(t_original_type, nullif(concat_ws(' / ', t_event_type, t_sub_event_type), '')) AS original_type,
            coalesce(fine.event_type, coarse.event_type) AS event_type, fine.sub_event_type, fine.disorder_type,
            {kind.format("actor1_kind")}, {kind.format("actor2_kind")}, t_actor1 AS actor1, t_actor2 AS actor2,
            {_YES.format("t_civilian_targeting")} AS civilian_targeting,
            {_YES.format("t_aggregate")} AS aggregate,
            t_country AS country, coalesce(upper(t_iso3), country_codes.ours) AS iso3,
            t_latitude AS raw_latitude, t_longitude AS raw_longitude,
            numeral(t_latitude) AS y, numeral(t_longitude) AS x,
            {", ".join(f"whole(t_{name}) AS {name}" for name in _FIGURES)},
            {day.format("t_first_reported")} AS first_reported, {day.format("t_last_reported")} AS last_reported
        FROM words
        LEFT JOIN codebook fine ON lower(fine.sub_event_type) = lower(t_sub_event_type)
            AND (t_event_type IS NULL OR lower(fine.event_type) = lower(t_event_type))
        LEFT JOIN (SELECT DISTINCT event_type FROM codebook) coarse ON lower(coarse.event_type) = lower(t_event_type)
        LEFT JOIN country_codes ON country_codes.theirs = t_country)"""


def _columns(mapped: ImportMap) -> dict[str, str]:
    """Event column -> SQL over the typed words."""
    mark = "'" + mapped.list_separator.replace("'", "''") + "'"
    same = (
        *("source_id", "date_start", "date_end", "date_precision", "event_type", "sub_event_type", "original_type"),
        *("disorder_type", "actor1", "actor1_kind", "actor2", "actor2_kind", "civilian_targeting", "country", "iso3"),
        *("place_precision", "aggregate", "first_reported", "last_reported", *_FIGURES),
    )
    text = ("admin1", "admin2", "location", "deaths_imputed", "headline", "notes")
    doer = "civilian_targeting AND actor1_kind NOT IN ('Civilians', 'Protesters') AND"
    return {
        **{name: name for name in same},
        **{name: f"t_{name}" for name in text},
        **{name: f"names_of(t_{name}, {mark})" for name in ("associated", "attributed_to", "sources")},
        "perpetrator": f"coalesce(t_perpetrator, CASE WHEN {doer} coalesce(actor2_kind IN ('Civilians', 'Protesters'),"
        " actor2 IS NULL) THEN actor1 END)",
        "latitude": "CASE WHEN is_on_earth(y, x) THEN y END",
        "longitude": "CASE WHEN is_on_earth(y, x) THEN x END",
        "place_radius_km": "CASE WHEN numeral(t_place_radius_km) BETWEEN 0 AND 20100"
        " THEN numeral(t_place_radius_km) END",
        "n_sources": f"coalesce(whole(t_n_sources)::INTEGER, len(names_of(t_sources, {mark})))",
        "status": "coalesce(t_status, 'published')",
        "flags": list_flags({**SHARED_FLAGS, **_FLAGS}),
    }


_FLAGS: Final = {
    "actor_kind_unknown": "(t_actor1_kind IS NOT NULL AND actor1_kind IS NULL) OR"
    " (t_actor2_kind IS NOT NULL AND actor2_kind IS NULL)",
    "civilian_targeting_unknown": "t_civilian_targeting IS NOT NULL AND civilian_targeting IS NULL",
    "reported_day_unreadable": "(t_first_reported IS NOT NULL AND first_reported IS NULL) OR"
    " (t_last_reported IS NOT NULL AND last_reported IS NULL)",
}


def _fault() -> str:
    day = "not a day in the form that the map tells"
    kinds = [
        ("source_id IS NULL", "id-unreadable", "'the id is empty'"),
        (
            "date_start IS NULL",
            "date-unreadable",
            f"'date_start is ' || shown(coalesce(t_date_start, '')) || ', {day}'",
        ),
        ("bad_end", "date-unreadable", f"'date_end is ' || shown(t_date_end) || ', {day}'"),
    ]
    for name in _FIGURES:
        said = f"'{name} is ' || shown(t_{name}) || ', not a whole number from 0'"
        kinds.append((f"{name} IS NULL AND t_{name} IS NOT NULL", "figure-unreadable", said))
    kind = " ".join(f"WHEN {when} THEN '{name}'" for when, name, _ in kinds)
    detail = " ".join(f"WHEN {when} THEN {said}" for when, _, said in kinds)
    return f"CASE {kind} END AS fault_kind, CASE {detail} END AS fault_detail"
