"""Compiles the offline gazetteer: packages and our own files in, one SQLite file out.

The file is written beside its place under a temporary name and renamed when whole. The same inputs give the same bytes.
"""

from __future__ import annotations

import functools
import math
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conflictdesk.codebook.countries import Country, load_countries
from conflictdesk.errors import CodebookError
from conflictdesk.locate.folding import drop_unit, fold, is_latin, key_variants, plain_name, sound_out, sounds_like
from conflictdesk.locate.regions import REGIONS_FILE, Region, load_names, load_points, load_regions
from conflictdesk.locate.sources import (
    CountryRow,
    TownRow,
    UnitRow,
    read_countries,
    read_districts,
    read_towns,
    read_units,
)

MAIN, ALIAS, BARE, FAR = 0, 1, 2, 3
"""How a key names its place: by its own name, by another name, by its name without the word for the unit, by a name
of some other language that sounds nothing like its own."""

_ONE_PROVINCE_KM = 40.0

_ARABIC = frozenset(
    [
        "AFG",
        "ARE",
        "BHR",
        "COM",
        "DJI",
        "DZA",
        "EGY",
        "ERI",
        "ESH",
        "IRN",
        "IRQ",
        "ISR",
        "JOR",
        "KWT",
        "LBN",
        "LBY",
        "MAR",
        "MRT",
        "OMN",
        "PAK",
        "PSE",
        "QAT",
        "SAU",
        "SDN",
        "SOM",
        "SSD",
        "SYR",
        "TCD",
        "TUN",
        "TUR",
        "YEM",
    ]
)
_SCHEMA = """
CREATE TABLE place(id INTEGER PRIMARY KEY, gid TEXT, name TEXT, kind TEXT, country TEXT, admin1 INTEGER,
    admin2 INTEGER, latitude REAL, longitude REAL, population INTEGER, radius REAL, grade INTEGER);
CREATE TABLE raw(fold TEXT, rank INTEGER, place INTEGER);
"""
_FINISH = """
CREATE TABLE name(fold TEXT, place INTEGER, rank INTEGER, PRIMARY KEY(fold, place)) WITHOUT ROWID;
INSERT INTO name SELECT fold, place, min(rank) FROM raw GROUP BY fold, place ORDER BY fold, place;
DROP TABLE raw;
DROP INDEX by_country;
CREATE TABLE country(iso3 TEXT PRIMARY KEY, name TEXT);
"""
_PUT = "INSERT OR REPLACE INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"


@dataclass(slots=True)
class _Extent:
    """Where the towns of a unit lie: the cells they occupy, so that a metropolis does not draw the centre to itself."""

    cells: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)
    people: int = 0

    def add(self, town: TownRow, grid: float) -> None:
        cell = (int(town.latitude // grid), int(town.longitude // grid))
        self.cells.setdefault(cell, (town.latitude, town.longitude))
        self.people += town.population

    def point(self) -> tuple[float, float]:
        count = len(self.cells)
        return (
            round(sum(lat for lat, _ in self.cells.values()) / count, 4),
            round(sum(lon for _, lon in self.cells.values()) / count, 4),
        )

    def radius(self) -> float:
        lat, lon = self.point()
        wide = math.cos(math.radians(lat))
        far = sorted(math.hypot(a - lat, (b - lon) * wide) for a, b in self.cells.values())
        return round(111.2 * far[int(len(far) * 0.9)], 1) if len(far) > 1 else 10.0


def build_gazetteer(path: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Compile the gazetteer into the SQLite file `path` (about 80 MB, well under a minute) and return its path.

    Raises:
        ConfigError: a package is missing. CodebookError: one of our own place files breaks its rules.
    """
    tell = progress or (lambda _message: None)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".part", dir=path.parent)
    os.close(handle)
    try:
        with sqlite3.connect(name) as store:
            store.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
            _fill(store, tell)
            tell("sorting the names")
            store.executescript(_FINISH)
            rows = sorted((each.iso3, each.name) for each in load_countries().countries)
            store.executemany("INSERT INTO country VALUES (?,?)", rows)
            store.commit()
            store.execute("VACUUM")
        store.close()
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    return path


def _fill(store: sqlite3.Connection, tell: Callable[[str], None]) -> None:
    units = {unit.code: unit for unit in read_units()}
    by_line = {unit.line: unit for unit in units.values()}
    tell("reading districts")
    districts = {
        town: max((by_line[line] for line in lines if line in by_line), key=lambda unit: unit.level, default=None)
        for town, lines in read_districts()
    }
    tell("reading towns")
    names = load_names()
    extents: dict[int, _Extent] = {}
    for town in read_towns():
        first, second = units.get(town.admin1), districts.get(town.geoname)
        if second is not None and second.level != 2:
            second = None
        for unit, grid in ((first, 0.5), (second, 0.1)):
            if unit is not None:
                extents.setdefault(unit.geoname, _Extent()).add(town, grid)
        _put_town(store, town, (first, second), names.get(town.geoname, ()))
    tell("placing provinces and districts")
    for unit in units.values():
        _put_unit(store, unit, (units.get(_parent(unit)), extents), names.get(unit.geoname, ()))
    store.execute("CREATE INDEX by_country ON place(country, kind)")
    store.execute("CREATE INDEX by_fold ON raw(fold)")
    ids = read_countries()
    for country in sorted(load_countries().countries, key=lambda each: each.iso3):
        _put_country(store, country, ids[country.iso3])
    _put_regions(store, load_regions())


def _parent(unit: UnitRow) -> str:
    return ".".join(unit.code.split(".")[:2]) if unit.level == 2 else ""


def _put_names(store: sqlite3.Connection, place: int, keys: Iterable[tuple[str, int]]) -> None:
    store.executemany("INSERT INTO raw VALUES (?,?,?)", ((key, rank, place) for key, rank in keys))


def _town_keys(town: TownRow, given: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    arabic = town.country in _ARABIC
    for name in (town.name, *given):
        yield from ((key, MAIN) for key in key_variants(name, arabic))
    own = [sound_out(fold(name)) for name in (town.name, *given)]
    for name in town.others:
        if len(name) > 3 and is_latin(name):
            for key in key_variants(name, arabic):
                if len(key) > 2:
                    yield key, ALIAS if any(sounds_like(sound_out(key), each) for each in own) else FAR


def _put_town(
    store: sqlite3.Connection, town: TownRow, units: tuple[UnitRow | None, UnitRow | None], given: tuple[str, ...]
) -> None:
    first, second = (unit.geoname if unit else None for unit in units)
    name = given[0] if given else plain_name(town.name)
    row = (town.geoname, f"geonames:{town.geoname}", name, "town", town.country, first, second)
    store.execute(_PUT, (*row, town.latitude, town.longitude, town.population, 5.0, None))
    _put_names(store, town.geoname, _town_keys(town, given))


def name_unit(unit: UnitRow) -> str:
    """The usual English name of a province: from "Aleppo Governorate" where the package has it so, else its own."""
    if unit.level == 1 and (not unit.name.isascii() or fold(unit.name).endswith((" oblast", " kray"))):
        for other in unit.others:
            short = drop_unit(fold(other))
            if other.isascii() and short != fold(other) and fold(other[: len(short)]) == short:
                return other[: len(short)]
    return plain_name(unit.name)


def _unit_keys(unit: UnitRow, given: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    arabic = unit.country in _ARABIC
    for name, rank in ((unit.name, MAIN), (name_unit(unit), MAIN), *((name, MAIN) for name in given)):
        for key in key_variants(name, arabic):
            yield key, rank
            if (short := drop_unit(key)) != key:
                yield short, BARE
    for name in unit.others:
        if len(name) > 3 and is_latin(name):
            for key in key_variants(name, arabic):
                short = drop_unit(key)
                yield key, ALIAS
                if short != key:
                    yield short, BARE if unit.level == 2 else ALIAS


def _put_unit(
    store: sqlite3.Connection,
    unit: UnitRow,
    around: tuple[UnitRow | None, dict[int, _Extent]],
    given: tuple[str, ...],
) -> None:
    parent, extents = around
    extent = extents.get(unit.geoname) or (extents.get(parent.geoname) if parent else None)
    lat, lon = load_points().get(str(unit.geoname)) or (extent.point() if extent else (None, None))
    people = extents[unit.geoname].people if unit.geoname in extents else 0
    name = given[0] if given else name_unit(unit)
    own = (unit.geoname, None) if unit.level == 1 else (parent.geoname if parent else None, unit.geoname)
    row = (unit.geoname, f"geonames:{unit.geoname}", name, f"admin{unit.level}", unit.country, *own)
    store.execute(_PUT, (*row, lat, lon, people, extent.radius() if extent else None, None))
    _put_names(store, unit.geoname, _unit_keys(unit, given))


def _put_country(store: sqlite3.Connection, country: Country, known: CountryRow) -> None:
    number = known.geoname
    radius = round(math.sqrt(known.area / math.pi), 1) if known.area else None
    row = (number, f"geonames:{number}", country.name, "country", known.iso3, None, None)
    lat, lon = load_points().get(country.iso3, (country.latitude, country.longitude))
    store.execute(_PUT, (*row, lat, lon, known.population, radius, None))
    arabic = known.iso3 in _ARABIC
    parts = _list_parts(store, country.iso3) - {fold(country.name)}
    keys = [(key, MAIN) for name in (country.name, *country.aliases) for key in key_variants(name, arabic)]
    _put_names(store, number, (pair for pair in keys if pair[0] not in parts))


def _list_parts(store: sqlite3.Connection, iso3: str) -> set[str]:
    """Names of a country's own provinces and regions, which are no names of the whole ("Scotland", "West Bank")."""
    units = store.execute("SELECT name FROM place WHERE kind = 'admin1' AND country = ?", (iso3,))
    return {fold(name) for (name,) in units} | _list_own_names()


@functools.cache
def _list_own_names() -> frozenset[str]:
    return frozenset(fold(name) for region in load_regions() for name in (region.name, *region.aliases)) | {"gaza"}


def _put_regions(store: sqlite3.Connection, regions: tuple[Region, ...]) -> None:
    by_name = {each.name: each.iso3 for each in load_countries().countries}
    for number, region in enumerate(regions, 1):
        iso3 = by_name[region.country] if region.country else None
        keys = [(key, MAIN) for name in (region.name, *region.aliases) for key in key_variants(name, True)]
        place = region.geoname or _find_twin(store, iso3, region, [key for key, _ in keys]) or -number
        point = (region.latitude, region.longitude)
        known = store.execute("SELECT kind, admin1, admin2, population FROM place WHERE id = ?", (place,)).fetchone()
        kind, first, second, people = known or (region.kind, _find_unit(store, iso3, region), None, 0)
        gid = f"geonames:{place}" if place > 0 else None
        row = (place, gid, region.name, region.kind if kind == "town" else kind, iso3, first, second)
        store.execute(_PUT, (*row, *point, max(region.weight, people), region.radius_km, region.precision))
        _put_names(store, place, keys)


def _find_twin(store: sqlite3.Connection, iso3: str | None, region: Region, keys: list[str]) -> int | None:
    """The number of the package's own entry for the same place: of the same name, as near as its size allows."""
    kind = "town" if region.kind in ("town", "site") else "admin1"
    reach = max(0.1, region.radius_km / 111.2) if kind == "admin1" else 0.1
    query = f"""SELECT p.id, p.latitude, p.longitude FROM raw r JOIN place p ON p.id = r.place
                WHERE r.fold IN ({",".join("?" * len(keys))}) AND r.rank = ? AND p.kind = ? AND p.country = ?
                ORDER BY p.id"""
    for number, lat, lon in store.execute(query, (*keys, MAIN, kind, iso3)):
        if lat is not None and abs(lat - region.latitude) <= reach and abs(lon - region.longitude) <= reach:
            return int(number)
    return None


def _find_unit(store: sqlite3.Connection, iso3: str | None, region: Region) -> int | None:
    """The province that the entry names; for a small place that names none, that of the nearest town."""
    if region.admin1 is not None:
        query = "SELECT id FROM place WHERE kind = 'admin1' AND country = ? AND name = ?"
        found = store.execute(query, (iso3, region.admin1)).fetchone()
        if found is None:
            raise CodebookError(f"{REGIONS_FILE}: {region.name}: no province {region.admin1!r} in {region.country}")
        return int(found[0])
    if region.kind not in ("town", "site") and region.radius_km > _ONE_PROVINCE_KM:
        return None
    lat, lon = region.latitude, region.longitude
    query = """SELECT admin1 FROM place WHERE kind = 'town' AND country = ? AND latitude BETWEEN ? AND ?
               AND longitude BETWEEN ? AND ? AND admin1 IS NOT NULL
               ORDER BY (latitude - ?) * (latitude - ?) + (longitude - ?) * (longitude - ?), id LIMIT 1"""
    near = store.execute(query, (iso3, lat - 0.8, lat + 0.8, lon - 0.8, lon + 0.8, lat, lat, lon, lon)).fetchone()
    return int(near[0]) if near else None
