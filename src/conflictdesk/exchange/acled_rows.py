"""Rows of the user's own ACLED export as events: the columns of that file and what each becomes.

Column names after ACLED's public codebook; exports of before 2023 have `data_id`, `event_id_no_cnty` and `iso3` too. An
export belongs to the person who has the licence for it: it is read, and nothing of it is kept outside the dataset.
"""

from __future__ import annotations

from typing import Final

import duckdb

from conflictdesk.codebook.countries import load_countries
from conflictdesk.errors import ConfigError
from conflictdesk.exchange.reading_words import (
    SHARED_FLAGS,
    Code,
    fill_columns,
    list_flags,
    read_codes,
    read_columns,
    read_from,
    store_codes,
    store_countries,
)
from conflictdesk.exchange.tabular import RawTable

_READ: Final = (
    *("event_id_cnty", "event_date", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1"),
    *("assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "civilian_targeting", "iso", "iso3", "country"),
    *("admin1", "admin2", "location", "latitude", "longitude", "geo_precision", "source", "notes", "fatalities"),
    "timestamp",
)
_NEEDED: Final = frozenset(("event_id_cnty", "event_date", "event_type", "actor1", "country", "fatalities"))
_TARGETS: Final = "('Civilians', 'Protesters')"
_MANY: Final = 0.2


def find_acled_version(cursor: duckdb.DuckDBPyConnection, raw: RawTable) -> str | None:
    """The day of the latest edit in the file (UTC), which is how a living dataset tells its age; None without it."""
    if not {"timestamp"} & {name.lower() for name in raw.columns}:
        return None
    cells = f"SELECT {read_columns(raw, ('timestamp',), {})} FROM {read_from(raw.path)}"
    found = cursor.execute(
        f"SELECT strftime(make_timestamp(max(whole(timestamp)) * 1000000), '%Y-%m-%d') FROM ({cells})"
        " WHERE whole(timestamp) < 7e9"
    ).fetchone()
    return str(found[0]) if found and found[0] else None


def stage_acled(cursor: duckdb.DuckDBPyConnection, raw: RawTable, file: str) -> None:
    """Make the view `staged`: one event or one fault for each row of the file.

    Raises:
        ConfigError: columns are missing without which no row is an event, or the file lists each event once an actor.
    """
    held = {name.strip().lower() for name in raw.columns}
    if missing := sorted(_NEEDED - held):
        mend = "name an event-based ACLED export, or import it as a table with a map"
        raise ConfigError(f"{file} has no column {', '.join(missing)}: {mend}")
    cells = f"SELECT {read_columns(raw, _READ, {})} FROM {read_from(raw.path)}"
    _refuse_monadic(cursor, cells, file, has_actor2="actor2" in held)
    named = cursor.execute(f"SELECT DISTINCT filled(country) FROM ({cells})").fetchall()
    store_countries(cursor, [row[0] for row in named])
    numbers = [Code(str(c.iso), c.iso3) for c in load_countries().countries if c.iso is not None]
    store_codes(cursor, "country_numbers", numbers)
    store_codes(cursor, "kinds", read_codes("acled_kinds"))
    targeting = "filled(civilian_targeting) IS NOT NULL" if "civilian_targeting" in held else _OLD_TARGETING
    typed = _TYPED.replace("@targeting", targeting)
    cursor.execute(
        f"CREATE OR REPLACE VIEW staged AS WITH cells AS ({cells}), typed AS ({typed})"
        f' SELECT "row", {fill_columns(_columns())}, {_FAULT} FROM typed'
    )


def _refuse_monadic(cursor: duckdb.DuckDBPyConnection, cells: str, file: str, *, has_actor2: bool) -> None:
    """An actor-based export has a row for each actor: its sums count every event twice."""
    found = cursor.execute(
        "SELECT count(*), count(*) - count(DISTINCT id), count(*) FILTER (second IS NOT NULL) FROM"
        f" (SELECT filled(event_id_cnty) AS id, filled(actor2) AS second FROM ({cells})) WHERE id IS NOT NULL"
    ).fetchone()
    rows, repeated, with_second = (int(n) for n in found) if found else (0, 0, 0)
    if repeated and (not has_actor2 or not with_second or repeated > _MANY * rows):
        said = f"{repeated} of its {rows} rows repeat an event"
        raise ConfigError(f"{file} is an actor-based (monadic) export: {said}; export it event-based and import that")


_OLD_TARGETING: Final = (
    "CASE WHEN lower(filled(cells.event_type)) = 'violence against civilians' THEN TRUE"
    " WHEN 'Civilians' IN (one.ours, two.ours) THEN NULL END"
)
"""Exports of before the column came: only the type that is so by definition is told."""

_FORMATS: Final = "['%d %B %Y', '%d-%B-%Y', '%d %b %Y', '%d-%b-%Y']"
_TYPED: Final = f"""
    SELECT "row", filled(event_id_cnty) AS source_id, event_date AS raw_date,
        coalesce(iso_day(filled(event_date)),
            sane_day(try_strptime(filled(event_date), {_FORMATS})::DATE)) AS date_start,
        date_start AS date_end, time_precision AS raw_date_precision,
        CASE WHEN whole(time_precision) BETWEEN 1 AND 3 THEN whole(time_precision)::TINYINT END AS date_precision,
        geo_precision AS raw_place_precision,
        CASE WHEN whole(geo_precision) BETWEEN 1 AND 3 THEN whole(geo_precision)::TINYINT END AS place_precision,
        concat_ws(' / ', filled(cells.event_type), filled(cells.sub_event_type)) AS original_type,
        coalesce(fine.event_type, coarse.event_type) AS event_type, fine.sub_event_type,
        coalesce(parts_of(filled(cells.disorder_type), ';'), fine.disorder_type) AS disorder_type,
        filled(actor1) AS actor1, filled(actor2) AS actor2, one.ours AS kind1, two.ours AS kind2,
        coalesce(names_of(assoc_actor_1, ';'), []) || coalesce(names_of(assoc_actor_2, ';'), []) AS associated,
        @targeting AS civilian_targeting, filled(cells.country) AS country,
        coalesce(upper(filled(cells.iso3)), country_numbers.ours, country_codes.ours) AS iso3,
        filled(cells.admin1) AS admin1, filled(cells.admin2) AS admin2, filled(cells.location) AS location,
        latitude AS raw_latitude, longitude AS raw_longitude, numeral(latitude) AS y, numeral(longitude) AS x,
        fatalities AS raw_fatalities, whole(fatalities) AS deaths,
        deaths AS deaths_low, deaths AS deaths_best, deaths AS deaths_high,
        NULL::BIGINT AS deaths_actor1, NULL::BIGINT AS deaths_actor2, NULL::BIGINT AS deaths_civilians,
        NULL::BIGINT AS deaths_unknown,
        NULL::BIGINT AS injured_low, NULL::BIGINT AS injured_best, NULL::BIGINT AS injured_high,
        names_of(cells.source, ';') AS sources, filled(cells.notes) AS notes
    FROM cells
    LEFT JOIN codebook fine ON lower(fine.sub_event_type) = lower(filled(cells.sub_event_type))
        AND lower(fine.event_type) = lower(filled(cells.event_type))
    LEFT JOIN (SELECT DISTINCT event_type FROM codebook) coarse
        ON lower(coarse.event_type) = lower(filled(cells.event_type))
    LEFT JOIN kinds one ON one.theirs = coalesce(whole(inter1)::VARCHAR, lower(filled(inter1)))
    LEFT JOIN kinds two ON two.theirs = coalesce(whole(inter2)::VARCHAR, lower(filled(inter2)))
    LEFT JOIN country_numbers ON country_numbers.theirs = whole(iso)::VARCHAR
    LEFT JOIN country_codes ON country_codes.theirs = filled(cells.country)"""


def _columns() -> dict[str, str]:
    """Event column -> SQL over the typed cells.

    `attributed_to` stays empty: ACLED keeps no such field. The one doer of violence against civilians is the side that
    is neither civilians nor protesters, where the other side is one of these or nobody.
    """
    same = (
        *("source_id", "date_start", "date_end", "date_precision", "event_type", "sub_event_type", "original_type"),
        *("disorder_type", "actor1", "actor2", "associated", "civilian_targeting", "country", "iso3", "admin1"),
        *("admin2", "location", "place_precision", "deaths_low", "deaths_best", "deaths_high", "sources", "notes"),
    )
    at_civilians = "(event_type = 'Violence against civilians' OR civilian_targeting)"
    doer = "CASE WHEN {at} AND {kind} NOT IN {t} AND (other_kind IN {t} OR other IS NULL) THEN {name} END"
    first = doer.replace("other_kind", "kind2").replace("other", "actor2")
    second = doer.replace("other_kind", "kind1").replace("other", "actor1")
    return {
        **{name: name for name in same},
        "actor1_kind": "kind1",
        "actor2_kind": "kind2",
        "perpetrator": f"coalesce({first.format(at=at_civilians, kind='kind1', t=_TARGETS, name='actor1')}, "
        f"{second.format(at=at_civilians, kind='kind2', t=_TARGETS, name='actor2')})",
        "latitude": "CASE WHEN is_on_earth(y, x) THEN y END",
        "longitude": "CASE WHEN is_on_earth(y, x) THEN x END",
        "n_sources": "len(sources)",
        "status": "'published'",
        "flags": list_flags({**SHARED_FLAGS, **_FLAGS}),
    }


_FLAGS: Final = {
    # ACLED writes 0 both for "nobody died" and for "nothing is said of deaths".
    "zero_may_be_unknown": "deaths = 0",
    "figure_missing": "deaths IS NULL",
}
_FAULT: Final = """
    CASE WHEN source_id IS NULL THEN 'id-unreadable' WHEN date_start IS NULL THEN 'date-unreadable'
        WHEN deaths IS NULL AND filled(raw_fatalities) IS NOT NULL THEN 'figure-unreadable' END AS fault_kind,
    CASE WHEN source_id IS NULL THEN 'event_id_cnty is empty'
        WHEN date_start IS NULL
        THEN 'event_date is ' || shown(raw_date) || ', not a day like 2021-09-26 or 26 September 2021'
        WHEN deaths IS NULL AND filled(raw_fatalities) IS NOT NULL
        THEN 'fatalities is ' || shown(raw_fatalities) || ', not a whole number from 0' END AS fault_detail"""
