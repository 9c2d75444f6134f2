"""Events as CSV in the 49 columns of UCDP GED: rows that came from there keep every cell, others are filled by ours."""

from __future__ import annotations

from typing import Final

from conflictdesk.datasets.opening import Dataset
from conflictdesk.exchange.original_rows import ShapedRows, Shaping, shape_rows
from conflictdesk.exchange.reading_words import read_codes
from conflictdesk.exchange.selection import POINT, Chosen
from conflictdesk.exchange.ucdp_rows import UCDP_HEADER

_NUMBERS: Final = frozenset(
    (
        *("id", "year", "active_year", "type_of_violence", "number_of_sources", "where_prec", "latitude", "longitude"),
        *("conflict_dset_id", "conflict_new_id", "dyad_dset_id", "dyad_new_id", "side_a_dset_id", "side_a_new_id"),
        *("side_b_dset_id", "side_b_new_id", "priogrid_gid", "country_id", "event_clarity", "date_prec"),
        *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
    )
)
UCDP_KINDS: Final = {name: "NUMBER" if name in _NUMBERS else "VARCHAR" for name in UCDP_HEADER}
_REGISTER: Final = "a number of UCDP's own registers, which only UCDP gives"
NOT_OURS: Final = {
    "id": "a number that UCDP gives; the event's id here stands in relid",
    "active_year": "UCDP's threshold of 25 deaths a year is not computed here",
    "code_status": "the state of UCDP's own coding",
    "conflict_name": "a conflict is UCDP's own frame around events",
    **dict.fromkeys(("conflict_dset_id", "conflict_new_id", "dyad_dset_id", "dyad_new_id"), _REGISTER),
    **dict.fromkeys(("side_a_dset_id", "side_a_new_id", "side_b_dset_id", "side_b_new_id"), _REGISTER),
    **dict.fromkeys(("country_id", "gwnoa", "gwnob"), "a code of Gleditsch and Ward, which a dataset does not keep"),
    "source_article": "outlet, day and title in one text; source_office and source_headline have what is known",
    "source_original": "whom the source quotes is not kept in a column",
    "where_description": "a dataset names a place and does not describe it",
    "region": "UCDP's five regions differ from the codebook's",
}
"""Columns that stay empty for rows that did not come from UCDP, and why."""

_ARMED: Final = "('Rebel group', 'Political militia', 'Identity militia')"
_FIGHTERS: Final = "('State forces', 'Rebel group', 'Political militia', 'Identity militia')"
_DAYS: Final = "(e.date_end - e.date_start)"


def shape_ucdp(dataset: Dataset, chosen: Chosen) -> ShapedRows:
    """Put the chosen events in UCDP's columns; rows that came from UCDP keep their own cells, letter for letter."""
    filled = {**_who_and_what(), **_where(), **_when_and_how_many()}
    ours = {name: filled.get(name, "NULL") for name in UCDP_HEADER}
    aliases = {code.theirs: code.ours for code in read_codes("ucdp_columns")}
    return shape_rows(dataset, chosen, Shaping(kind="ucdp", ours=ours, aliases=aliases))


def _who_and_what() -> dict[str, str]:
    civilians = "(e.civilian_targeting AND 'Civilians' IN (e.actor1_kind, e.actor2_kind))"
    armed = f"(e.actor1_kind IN {_FIGHTERS} OR e.actor2_kind IN {_FIGHTERS})"
    both = f"(e.actor1_kind IN {_FIGHTERS} AND e.actor2_kind IN {_FIGHTERS})"
    rebels = f"(e.actor1_kind IN {_ARMED} AND e.actor2_kind IN {_ARMED})"
    return {
        "relid": "e.event_id",
        # Where the kinds of the parties do not say it, the type stays empty.
        "type_of_violence": f"CASE WHEN {civilians} AND {armed} THEN 3 WHEN {rebels} THEN 2 WHEN {both} THEN 1 END",
        "dyad_name": "e.actor1 || ' - ' || e.actor2",
        "side_a": "e.actor1",
        "side_b": "e.actor2",
        "number_of_sources": "e.n_sources",
        "source_office": "array_to_string(e.sources, ';')",
        "source_date": "e.first_reported",
        "source_headline": "e.headline",
    }


def _where() -> dict[str, str]:
    cell = "(floor((e.latitude + 90) * 2) * 720 + floor((e.longitude + 180) * 2) + 1)::BIGINT"
    point = POINT.replace("latitude", "e.latitude").replace("longitude", "e.longitude")
    return {
        "where_prec": "CASE e.place_precision WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 4 WHEN 4 THEN 6 END",
        "where_coordinates": "e.location",
        "adm_1": "e.admin1",
        "adm_2": "e.admin2",
        "latitude": f"CASE WHEN {point} THEN e.latitude END",
        "longitude": f"CASE WHEN {point} THEN e.longitude END",
        "geom_wkt": f"CASE WHEN {point} THEN 'POINT (' || e.longitude || ' ' || e.latitude || ')' END",
        # The half-degree cells of PRIO-GRID are counted from 90 S, 180 W, row by row, from 1.
        "priogrid_gid": f"CASE WHEN {point} AND abs(e.latitude) < 90 AND abs(e.longitude) < 180 THEN {cell} END",
        "country": "e.country",
    }


def _when_and_how_many() -> dict[str, str]:
    month = "date_trunc('month', e.date_start) = date_trunc('month', e.date_end)"
    return {
        "year": "year(e.date_start)",
        "event_clarity": "CASE e.aggregate WHEN TRUE THEN 2 WHEN FALSE THEN 1 END",
        "date_prec": f"CASE WHEN {_DAYS} = 0 THEN 1 WHEN {_DAYS} <= 5 THEN 2 WHEN {_DAYS} = 6 THEN 3"
        f" WHEN {month} THEN 4 WHEN {_DAYS} IS NOT NULL THEN 5 END",
        "date_start": "e.date_start",
        "date_end": "e.date_end",
        "deaths_a": "e.deaths_actor1",
        "deaths_b": "e.deaths_actor2",
        "deaths_civilians": "e.deaths_civilians",
        "deaths_unknown": "e.deaths_unknown",
        "best": "e.deaths_best",
        "high": "e.deaths_high",
        "low": "e.deaths_low",
    }
