"""What a newer version of a source says otherwise: which rows it replaces, and field by field what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import duckdb

from conflictdesk.datasets.manifest import ImportRecord
from conflictdesk.datasets.schema import EVENT_COLUMNS

Verdict = Literal["older", "same", "newer"]

VALUE_FIELDS: Final = (
    *("date_start", "date_end", "date_precision", "event_type", "sub_event_type", "original_type", "disorder_type"),
    *("actor1", "actor1_kind", "actor2", "actor2_kind", "associated", "perpetrator", "attributed_to"),
    *("civilian_targeting", "country", "iso3", "place_precision", "place_radius_km", "deaths_imputed", "aggregate"),
    *("deaths_low", "deaths_best", "deaths_high", "injured_low", "injured_best", "injured_high"),
    *("deaths_actor1", "deaths_actor2", "deaths_civilians", "deaths_unknown"),
)
"""An event has other values when one of these differs, or its point lies NEAR_KM or more away. All else (names of
places, sources, notes, a point moved by less) is reworded; every difference is listed either way."""

NEAR_KM: Final = 1.0

_POINT: Final = ("latitude", "longitude")
_OWN: Final = frozenset(("event_id", "origin", "source_id", "version", "import_id", "row", "flags"))
_COMPARED: Final = tuple(name for name in EVENT_COLUMNS if name not in _OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """How many ids have other values, how many only other words, and how many differ in each field."""

    changed: int
    reworded: int
    fields: dict[str, int]


def compare_versions(standing: str | None, arriving: str | None) -> Verdict:
    """Whether the version that stands is older or newer than the one that arrives; "same" where that is not known.

    >>> [compare_versions(*pair) for pair in (("19.1", "23.1"), ("24.1", "24.0.12"), ("5.1", "5.1"), (None, "5"))]
    ['older', 'newer', 'same', 'same']
    """
    old, new = _numbers(standing), _numbers(arriving)
    if not old or not new or old == new:
        return "same"
    return "older" if old < new else "newer"


def _numbers(version: str | None) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d{1,18}", version or ""))


def pair_ids(
    cursor: duckdb.DuckDBPyConnection, imports: Iterable[ImportRecord], version: str | None, origin: str
) -> None:
    """Make the table `pairs` (event_id, import_id, verdict) of ids that stand and arrive too.

    Reads `standing` and `arrivals`; makes `verdicts` too, one row for each earlier import of this origin.
    """
    cursor.execute("CREATE TABLE verdicts (import_id VARCHAR PRIMARY KEY, version VARCHAR, verdict VARCHAR)")
    for record in imports:
        if record.origin == origin:
            row = [record.import_id, record.version, compare_versions(record.version, version)]
            cursor.execute("INSERT INTO verdicts VALUES (?, ?, ?)", row)
    cursor.execute(
        "CREATE TABLE pairs AS SELECT o.event_id, o.import_id, v.verdict FROM standing o"
        " JOIN verdicts v USING (import_id) JOIN arrivals n ON n.event_id = o.event_id"
    )


def list_changes(cursor: duckdb.DuckDBPyConnection, import_id: str) -> Differences:
    """Make the table `fresh_changes` of what differs between each pair, old and new by version, and count it.

    The differences are listed under `import_id`, the import that showed them, whichever of the two it brought.
    """
    told = ", ".join(
        f"CASE WHEN o.{name} IS DISTINCT FROM n.{name} THEN"
        f" {{'field': '{name}', 'old': {_as_text('o', name)}, 'new': {_as_text('n', name)}}} END"
        for name in _COMPARED
    )
    near = f"coalesce({_DISTANCE} >= {NEAR_KM}, (o.latitude IS NULL) <> (n.latitude IS NULL))"
    cursor.execute(
        "CREATE TABLE differing (event_id VARCHAR, moved BOOLEAN, old_version VARCHAR, new_version VARCHAR,"
        " c STRUCT(field VARCHAR, old VARCHAR, new VARCHAR))"
    )
    for newer, (old, new) in ((False, ("standing", "arrivals")), (True, ("arrivals", "standing"))):
        cursor.execute(
            f"INSERT INTO differing SELECT o.event_id, {near}, o.version, n.version,"
            f" unnest(list_filter([{told}], lambda c: c IS NOT NULL)) FROM {old} o JOIN {new} n USING (event_id)"
            f" WHERE event_id IN (SELECT event_id FROM pairs WHERE (verdict = 'newer') = {newer})"
        )
    cursor.execute(
        "CREATE TABLE fresh_changes AS SELECT event_id, c.field AS field, c.old AS old, c.new AS new,"
        " old_version, new_version, ?::VARCHAR AS import_id FROM differing",
        [import_id],
    )
    return _count_changes(cursor)


# Great-circle distance of two points in km (haversine, mean Earth radius 6371.0088 km).
_DISTANCE: Final = (
    "2 * 6371.0088 * asin(sqrt(least(1, pow(sin(radians(o.latitude - n.latitude) / 2), 2) + cos(radians(o.latitude))"
    " * cos(radians(n.latitude)) * pow(sin(radians(o.longitude - n.longitude) / 2), 2))))"
)


def _count_changes(cursor: duckdb.DuckDBPyConnection) -> Differences:
    values = ", ".join(f"'{name}'" for name in VALUE_FIELDS)
    points = ", ".join(f"'{name}'" for name in _POINT)
    counts = cursor.execute(
        f"SELECT count(DISTINCT event_id) FILTER (c.field IN ({values}) OR (c.field IN ({points}) AND moved)),"
        " count(DISTINCT event_id) FROM differing"
    ).fetchone()
    changed, differing = (int(counts[0]), int(counts[1])) if counts else (0, 0)
    by_field = cursor.execute("SELECT c.field, count(*) FROM differing GROUP BY 1 ORDER BY 1").fetchall()
    fields = {str(name): int(number) for name, number in by_field}
    return Differences(changed=changed, reworded=differing - changed, fields=fields)


def _as_text(side: str, name: str) -> str:
    if EVENT_COLUMNS[name].endswith("[]"):
        return f"array_to_string({side}.{name}, '; ')"
    return f"{side}.{name}::VARCHAR"
