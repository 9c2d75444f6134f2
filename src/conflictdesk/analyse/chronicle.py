"""The dated list of incidents at one site: those precisely there, those that may be there, and the rest in numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.analyse.evidence import add_evidence
from conflictdesk.analyse.listing import PAGE_AT_MOST, find_incidents
from conflictdesk.codebook.countries import fold_name
from conflictdesk.datasets.filters import Parameter, distance_sql, where
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.questions import Chronicle, ChronicleQuestion, Filter, Incident

SMALL_AREA_KM: Final = 25.0
"""How far a place of precision 2 ("near") may reach where the data set no radius."""
WIDEST_KM: Final = 500.0
_LISTED_AT_MOST: Final = 5000
_ONE_PLACE_KM: Final = 50.0
_FOUND_WITHIN_KM: Final = 100.0
_PAIR: Final = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A point by name: degrees north and east (WGS 84), and in words where the point comes from."""

    name: str
    latitude: float
    longitude: float
    basis: str


def find_site(dataset: Dataset, place: str) -> Site | None:
    """The point that a place has in the dataset's own location names, or that a pair "36.24,43.96" gives; else None.

    A name that the dataset has at points far apart is not guessed.

    Raises:
        ConfigError: several places are meant (the error lists them), or the pair is no point on Earth.
    """
    pair = _PAIR.fullmatch(place)
    if pair:
        return _read_pair(place, float(pair[1]), float(pair[2]))
    rows = dataset.ask(
        "SELECT location, latitude, longitude, coalesce(admin1, ''), coalesce(country, ''), count(*) AS n FROM events"
        " WHERE location IS NOT NULL AND latitude IS NOT NULL AND longitude IS NOT NULL"
        " AND coalesce(place_precision, 1) <= 2 GROUP BY ALL"
    )
    wanted = fold_name(place)
    held = [row for row in rows if fold_name(str(row[0])) == wanted]
    held = held or [row for row in rows if _holds(fold_name(str(row[0])), wanted)]
    if not held:
        return None
    best = max(held, key=lambda row: (int(str(row[5])), -float(str(row[1])), -float(str(row[2]))))
    point = float(str(best[1])), float(str(best[2]))
    apart = [row for row in held if measure_km(point, (float(str(row[1])), float(str(row[2])))) > _ONE_PLACE_KM]
    if apart or len({fold_name(str(row[0])) for row in held}) > 1:
        told = "; ".join(sorted({", ".join(filter(None, map(str, (row[0], row[3], row[4])))) for row in held})[:6])
        raise ConfigError(f"{place[:60]!r} may be any of: {told}; write its full name or a point such as 36.24,43.96")
    return Site(
        name=str(best[0]), latitude=float(str(best[1])), longitude=float(str(best[2])), basis="the dataset's own point"
    )


def measure_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points (degrees north, east) on a sphere of 6,371 km.

    >>> round(measure_km((36.19, 44.01), (33.31, 44.37)))
    322
    """
    north, south = math.radians(one[0]), math.radians(other[0])
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, half)))


def _read_pair(place: str, latitude: float, longitude: float) -> Site:
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ConfigError(f"{place!r} is no point: latitude is -90 to 90, longitude -180 to 180")
    name = f"{latitude:g}, {longitude:g}"
    return Site(name=name, latitude=latitude, longitude=longitude, basis="the point as given")


def _holds(name: str, wanted: str) -> bool:
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", name) is not None


def write_chronicle(dataset: Dataset, question: ChronicleQuestion, site: Site | None = None) -> Chronicle:
    """List what happened at a site.

    `site` is a point found elsewhere (a gazetteer); without it the place is looked up in the dataset. An event is
    "exact" where its place is precise (place_precision 1) and lies within `km`; "near" where a less precise place, or
    the radius that it may reach, touches the circle. Days are half-open and go by `date_start`.

    Raises:
        ConfigError: the place is not found or not one, or `km` is not between 0 and 500.
    """
    if not 0 < question.km <= WIDEST_KM:
        raise ConfigError(f"--km {question.km:g}: choose more than 0 and at most {WIDEST_KM:g}")
    site = site or find_site(dataset, question.place)
    if site is None:
        near = _similar_places(dataset, question.place)
        told = f"; similar names: {', '.join(near)}" if near else ""
        mend = "write a name as the dataset has it, or a point such as 36.24,43.96"
        raise ConfigError(f"no place of the dataset is called {question.place[:60]!r}{told}: {mend}")
    rows = _rows_around(dataset, question, site)
    dated = [row for row in rows if row.dated]
    exact, near_ids = [row for row in dated if row.exact], [row for row in dated if not row.exact]
    elsewhere, elsewhere_filter = _count_elsewhere(dataset, question, site, rows)
    return Chronicle(
        question=question,
        name=site.name,
        latitude=site.latitude,
        longitude=site.longitude,
        exact=_list_rows(dataset, exact),
        near=_list_rows(dataset, near_ids),
        undated=len(rows) - len(dated),
        elsewhere=elsewhere,
        elsewhere_filter=elsewhere_filter,
        dataset_version=dataset.version,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    event_id: str
    km: float
    exact: bool
    dated: bool


def _window(question: ChronicleQuestion) -> tuple[str, list[Parameter]]:
    """The question's filter and days; events without a day pass, to be counted apart."""
    condition, parameters = where(question.filter)
    days: list[Parameter] = [day for day in (question.from_day, question.to_day) if day]
    parts = [sql for day, sql in ((question.from_day, "date_start >= ?"), (question.to_day, "date_start < ?")) if day]
    if parts:
        condition = f"({condition}) AND (date_start IS NULL OR ({' AND '.join(parts)}))"
    return condition, [*parameters, *days]


def _rows_around(dataset: Dataset, question: ChronicleQuestion, site: Site) -> list[_Row]:
    condition, parameters = _window(question)
    reach = (
        "CASE WHEN place_precision = 1 THEN 0 WHEN place_radius_km IS NOT NULL THEN place_radius_km"
        f" WHEN place_precision = 2 THEN {SMALL_AREA_KM} ELSE 0 END"
    )
    # A degree of latitude is at least 110 km: what is farther off needs no trigonometry.
    rows = dataset.ask(
        "SELECT event_id, km, coalesce(place_precision = 1, FALSE), date_start IS NOT NULL FROM (SELECT event_id,"
        f" date_start, place_precision, {distance_sql()} AS km, {reach} AS reach FROM events"
        f" WHERE abs(latitude - ?) * 110 <= ? + {reach} AND longitude IS NOT NULL AND coalesce(place_precision, 2) < 4"
        f" AND {condition}) WHERE km <= ? + reach ORDER BY date_start NULLS LAST, event_id",
        [site.latitude, site.latitude, site.longitude, site.latitude, question.km, *parameters, question.km],
    )
    return [_Row(str(key), round(float(str(km)), 1), bool(exact), bool(dated)) for key, km, exact, dated in rows]


def _list_rows(dataset: Dataset, rows: Sequence[_Row]) -> tuple[Incident, ...]:
    found: list[Incident] = []
    for first in range(0, len(rows), PAGE_AT_MOST):
        part = rows[first : first + PAGE_AT_MOST]
        km = {row.event_id: row.km for row in part}
        incidents = find_incidents(dataset, list(km))
        found += [replace(incident, distance_km=km[incident.event_id]) for incident in incidents]
    return add_evidence(dataset, found)


def _count_elsewhere(
    dataset: Dataset, question: ChronicleQuestion, site: Site, rows: Sequence[_Row]
) -> tuple[int, Filter]:
    """Events of the site's country whose place is too coarse to say: its own province, an unnamed one, the country."""
    country, admin1 = _find_home(dataset, site)
    if country is None:
        return 0, Filter(event_id=("",))
    condition, parameters = _window(question)
    coarse = dataset.ask(
        "SELECT event_id FROM events WHERE country = ? AND (place_precision >= 4 OR latitude IS NULL OR longitude IS "
        "NULL"
        " OR (place_precision = 3 AND (admin1 IS NULL OR ? = '' OR admin1 = ?)))"
        f" AND {condition} ORDER BY event_id",
        [country, admin1, admin1, *parameters],
    )
    listed = {row.event_id for row in rows}
    ids = [str(row[0]) for row in coarse if str(row[0]) not in listed]
    if len(ids) <= _LISTED_AT_MOST:
        return len(ids), Filter(event_id=tuple(ids) or ("",))
    wanted = replace(
        question.filter, country=(country,), place_precision=(4,), from_day=question.from_day, to_day=question.to_day
    )
    condition, parameters = where(wanted)
    return int(str(dataset.ask(f"SELECT count(*) FROM events WHERE {condition}", parameters)[0][0])), wanted


def _find_home(dataset: Dataset, site: Site) -> tuple[str | None, str]:
    """The country and province of the site: those of the nearest precise event."""
    rows = dataset.ask(
        "SELECT country, coalesce(admin1, '') FROM (SELECT country, admin1, event_id,"
        f" {distance_sql()} AS km FROM events WHERE abs(latitude - ?) * 110 <= {_FOUND_WITHIN_KM}"
        " AND country IS NOT NULL AND longitude IS NOT NULL AND place_precision <= 2)"
        f" WHERE km <= {_FOUND_WITHIN_KM} ORDER BY km, admin1 IS NULL, event_id LIMIT 1",
        [site.latitude, site.latitude, site.longitude, site.latitude],
    )
    return (str(rows[0][0]), str(rows[0][1])) if rows else (None, "")


def _similar_places(dataset: Dataset, place: str) -> list[str]:
    import difflib

    rows = dataset.ask(
        "SELECT location FROM events WHERE location IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 5000"
    )
    folded = {fold_name(str(row[0])): str(row[0]) for row in reversed(rows)}
    return [folded[name] for name in difflib.get_close_matches(fold_name(place), folded, n=4, cutoff=0.6)]
