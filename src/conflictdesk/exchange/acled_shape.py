"""Events as CSV in ACLED's 31 columns: a format of exchange; the content is the dataset's own."""

from __future__ import annotations

from functools import cache
from typing import Final

from conflictdesk.codebook.countries import load_countries
from conflictdesk.datasets.opening import Dataset
from conflictdesk.exchange.original_rows import ShapedRows, Shaping, shape_rows
from conflictdesk.exchange.selection import Chosen, quote_sql

ACLED_COLUMNS: Final = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction"),
    *("civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3", "location"),
    *("latitude", "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)
_NUMBERS: Final = frozenset(
    ("year", "time_precision", "iso", "latitude", "longitude", "geo_precision", "fatalities", "timestamp")
)
ACLED_KINDS: Final = {name: "NUMBER" if name in _NUMBERS else "VARCHAR" for name in ACLED_COLUMNS}
NOT_OURS: Final = {
    "assoc_actor_2": "a dataset does not say whose side further actors are on; all stand in assoc_actor_1",
    "admin3": "a dataset has no third level of places",
    "source_scale": "a dataset does not keep the reach of a source",
}
"""Columns that stay empty for rows that did not come from ACLED, and why."""

_ORDER: Final = (
    *("State forces", "Rebel group", "Political militia", "Identity militia"),
    *("Rioters", "Protesters", "Civilians", "External/Other forces"),
)
_DAY: Final = "(e.date_start + ((coalesce(e.date_end, e.date_start) - e.date_start) // 2)::INTEGER)"


def shape_acled(dataset: Dataset, chosen: Chosen) -> ShapedRows:
    """Put the chosen events in ACLED's columns.

    The day is the middle of the interval. Deaths are the best figure, blank where none is stated, never 0. ACLED has
    no word for a day or place vaguer than a month or a region: `time_precision` and `geo_precision` are blank there.
    `timestamp` is the day of the latest report. Rows that came from ACLED keep their own cells.
    """
    filled = _ours()
    ours = {name: filled.get(name, "NULL") for name in ACLED_COLUMNS}
    return shape_rows(dataset, chosen, Shaping(kind="acled", ours=ours, join=_lands()))


def _ours() -> dict[str, str]:
    kinds = f"list_filter([{', '.join(map(quote_sql, _ORDER))}], lambda k: k IN (e.actor1_kind, e.actor2_kind))"
    both = "e.actor1_kind IS NOT NULL AND e.actor2_kind IS NOT NULL"
    same = "e.actor1_kind || '-' || e.actor2_kind"
    two = f"CASE WHEN e.actor1_kind = e.actor2_kind THEN {same} ELSE array_to_string({kinds}, '-') END"
    as_they_are = (
        "event_type",
        "sub_event_type",
        "actor1",
        "actor2",
        "country",
        "admin1",
        "admin2",
        "location",
        "notes",
    )
    return {
        **{name: f"e.{name}" for name in (*as_they_are, "latitude", "longitude")},
        "event_id_cnty": "e.event_id",
        "event_date": _DAY,
        "year": f"year({_DAY})",
        "time_precision": "CASE WHEN e.date_precision <= 3 THEN e.date_precision END",
        "disorder_type": "array_to_string(e.disorder_type, '; ')",
        "assoc_actor_1": "array_to_string(e.associated, '; ')",
        "inter1": "e.actor1_kind",
        "inter2": "e.actor2_kind",
        "interaction": f"CASE WHEN {both} THEN {two} ELSE coalesce(e.actor1_kind, e.actor2_kind) || ' only' END",
        "civilian_targeting": "CASE WHEN e.civilian_targeting THEN 'Civilians targeted' END",
        "iso": "land.iso",
        "region": "land.region",
        "geo_precision": "CASE WHEN e.place_precision <= 3 THEN e.place_precision END",
        "source": "array_to_string(e.sources, '; ')",
        "fatalities": "e.deaths_best",
        "tags": "array_to_string(list_transform(e.flags, lambda f: 'flag: ' || f), '; ')",
        "timestamp": "epoch(e.last_reported)::BIGINT",
    }


@cache
def _lands() -> str:
    rows = ", ".join(
        f"({quote_sql(land.iso3)}, {int(land.iso)}, {quote_sql(land.region)})"
        for land in sorted(load_countries().countries, key=lambda land: land.iso3)
        if land.iso is not None
    )
    return f"LEFT JOIN (VALUES {rows}) land (iso3, iso, region) ON land.iso3 = e.iso3"
