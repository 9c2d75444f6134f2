"""Files single places in a gazetteer under construction: a row for each, and the keys by which it is found."""

from __future__ import annotations

import functools
import math
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from conflictdesk.codebook.countries import Country, load_countries
from conflictdesk.locate.folding import drop_unit, fold, is_latin, key_variants, plain_name, sound_out, sounds_like
from conflictdesk.locate.regions import Region, load_names, load_points, load_regions
from conflictdesk.locate.sources import CountryRow, TownRow, UnitRow

MAIN, ALIAS, BARE, FAR = 0, 1, 2, 3
"""How a key names its place: by its own name, by another name, by its name without the word for the unit, by a name
of some other language that sounds nothing like its own."""

_ONE_PROVINCE_KM = 40.0
_FEWEST = {1: 100_000, 2: 5_000}
"""The sources count people of towns only, and 0 where they do not know: a province has more, and so has a district."""

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
_PUT = "INSERT OR REPLACE INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"


@dataclass(slots=True)
class Extent:
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


def find_parent(unit: UnitRow) -> str:
    """The code of the province that holds a district; "" for a province."""
    return ".".join(unit.code.split(".")[:2]) if unit.level == 2 else ""


def _put_names(store: sqlite3.Connection, place: int, keys: Iterable[tuple[str, int]]) -> None:
    store.executemany("INSERT INTO raw VALUES (?,?,?)", ((key, rank, place) for key, rank in keys))


def _add_names(store: sqlite3.Connection, place: int, keys: Iterable[tuple[str, int]]) -> None:
    """File further names once the table of names is sorted."""
    put = "INSERT INTO name VALUES (?,?,?) ON CONFLICT DO UPDATE SET rank = min(rank, excluded.rank)"
    store.executemany(put, ((key, place, rank) for key, rank in keys))


def _judge_names(others: Iterable[str], own: Iterable[str], arabic: bool) -> Iterator[tuple[str, int]]:
    """The keys of a place's other names: one that sounds nothing like its own names is of another language."""
    sounds = [sound_out(fold(name)) for name in own]
    for name in others:
        if len(name) > 3 and is_latin(name):
            for key in key_variants(name, arabic):
                if len(key) > 2:
                    yield key, ALIAS if any(sounds_like(sound_out(key), each) for each in sounds) else FAR


def _town_keys(town: TownRow, given: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    arabic = town.country in _ARABIC
    for name in (town.name, *given, *_split_double(town.name)):
        yield from ((key, MAIN) for key in key_variants(name, arabic))
    yield from _judge_names(town.others, (town.name, *given), arabic)


def _split_double(name: str) -> list[str]:
    """The two names of a town that bears one in each of its languages.

    >>> _split_double("Donostia / San Sebastián"), _split_double("Perm")
    (['Donostia', 'San Sebastián'], [])
    """
    return [part.strip() for part in name.split(" / ")] if " / " in name else []


def put_town(
    store: sqlite3.Connection, town: TownRow, units: tuple[UnitRow | None, UnitRow | None], given: tuple[str, ...]
) -> None:
    """File a town, or another place that a unit holds, under all its names; `given` are those newspapers use."""
    first, second = (unit.geoname if unit else None for unit in units)
    name = given[0] if given else plain_name(town.name)
    row = (town.geoname, f"geonames:{town.geoname}", name, town.kind, town.country, first, second)
    weight = max(town.population, town.weight)
    store.execute(_PUT, (*row, town.latitude, town.longitude, town.population, town.radius_km, None, weight))
    _put_names(store, town.geoname, _town_keys(town, given))


def put_other_name(store: sqlite3.Connection, place: int, name: str, usual: bool) -> None:
    """File one more name of a place, where the place is known; the usual English one becomes the name that is shown."""
    known = store.execute("SELECT name, country FROM place WHERE id = ?", (place,)).fetchone()
    if known is None:
        return
    arabic = known[1] in _ARABIC
    if not usual:
        _put_names(store, place, _judge_names((name,), (known[0],), arabic))
        return
    _put_names(store, place, ((key, MAIN) for key in key_variants(name, arabic)))
    if place not in load_names():
        store.execute("UPDATE place SET name = ? WHERE id = ?", (plain_name(name), place))


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


def put_unit(
    store: sqlite3.Connection,
    unit: UnitRow,
    around: tuple[UnitRow | None, dict[int, Extent]],
    given: tuple[str, ...],
) -> None:
    """File a province or district; its point is the source's or ours, else the middle of its towns."""
    parent, extents = around
    extent = extents.get(unit.geoname) or (extents.get(parent.geoname) if parent else None)
    lat, lon = load_points().get(str(unit.geoname)) or unit.point or (extent.point() if extent else (None, None))
    people = max(unit.population, extents[unit.geoname].people if unit.geoname in extents else 0)
    name = given[0] if given else name_unit(unit)
    own = (unit.geoname, None) if unit.level == 1 else (parent.geoname if parent else None, unit.geoname)
    row = (unit.geoname, f"geonames:{unit.geoname}", name, f"admin{unit.level}", unit.country, *own)
    weight = max(people, _FEWEST[unit.level])
    store.execute(_PUT, (*row, lat, lon, people, extent.radius() if extent else None, None, weight))
    _put_names(store, unit.geoname, _unit_keys(unit, given))


def put_country(store: sqlite3.Connection, country: Country, known: CountryRow) -> None:
    """File a country of the codebook."""
    number = known.geoname
    radius = round(math.sqrt(known.area / math.pi), 1) if known.area else None
    row = (number, f"geonames:{number}", country.name, "country", known.iso3, None, None)
    lat, lon = load_points().get(country.iso3, (country.latitude, country.longitude))
    store.execute(_PUT, (*row, lat, lon, known.population, radius, None, known.population))
    arabic = known.iso3 in _ARABIC
    parts = _list_parts(store, country.iso3) - {fold(country.name)}
    keys = [(key, MAIN) for name in (country.name, *country.aliases) for key in key_variants(name, arabic)]
    _add_names(store, number, (pair for pair in keys if pair[0] not in parts))


def _list_parts(store: sqlite3.Connection, iso3: str) -> set[str]:
    """Names of a country's own provinces and regions, which are no names of the whole ("Scotland", "West Bank")."""
    units = store.execute("SELECT name FROM place WHERE kind = 'admin1' AND country = ?", (iso3,))
    return {fold(name) for (name,) in units} | _list_own_names()


@functools.cache
def _list_own_names() -> frozenset[str]:
    return frozenset(fold(name) for region in load_regions() for name in (region.name, *region.aliases)) | {"gaza"}


def put_regions(store: sqlite3.Connection, regions: tuple[Region, ...]) -> None:
    """File our own places, each over the source's entry for the same place where there is one."""
    by_name = {each.name: each.iso3 for each in load_countries().countries}
    for number, region in enumerate(regions, 1):
        iso3 = by_name[region.country] if region.country else None
        keys = [(key, MAIN) for name in (region.name, *region.aliases) for key in key_variants(name, True)]
        place = region.geoname or _find_twin(store, iso3, region, [key for key, _ in keys]) or -number
        point = (region.latitude, region.longitude)
        query = "SELECT kind, admin1, admin2, population, weight FROM place WHERE id = ?"
        known = store.execute(query, (place,)).fetchone()
        kind, first, second, people, weight = known or (region.kind, _find_unit(store, iso3, region), None, 0, 0)
        gid = f"geonames:{place}" if place > 0 else None
        row = (place, gid, region.name, region.kind if kind == "town" else kind, iso3, first, second)
        weight = max(region.weight, people, weight)
        store.execute(_PUT, (*row, *point, people, region.radius_km, region.precision, weight))
        _add_names(store, place, keys)


def _find_twin(store: sqlite3.Connection, iso3: str | None, region: Region, keys: list[str]) -> int | None:
    """The number of the package's own entry for the same place: of the same name, as near as its size allows."""
    small = region.kind in ("town", "site")
    kinds = ("town", "site", "town") if small else ("admin1", "area", "water")
    reach = 0.1 if small else max(0.1, region.radius_km / 111.2)
    query = f"""SELECT p.id, p.latitude, p.longitude FROM name n JOIN place p ON p.id = n.place
                WHERE n.fold IN ({",".join("?" * len(keys))}) AND n.rank = ? AND p.kind IN (?,?,?)
                AND p.country IS ? AND p.id > 0
                ORDER BY p.kind <> ?, p.id"""
    for number, lat, lon in store.execute(query, (*keys, MAIN, *kinds, iso3, region.kind)):
        if lat is not None and abs(lat - region.latitude) <= reach and abs(lon - region.longitude) <= reach:
            return int(number)
    return None


def _find_unit(store: sqlite3.Connection, iso3: str | None, region: Region) -> int | None:
    """The province that the entry names; for a small place that names none, that of the nearest town."""
    if region.admin1 is not None:
        query = """SELECT p.id FROM name n JOIN place p ON p.id = n.place WHERE n.fold = ? AND p.kind = 'admin1'
                   AND p.country = ? ORDER BY n.rank, p.id LIMIT 1"""
        found = store.execute(query, (fold(region.admin1), iso3)).fetchone()
        return int(found[0]) if found else None
    if region.kind not in ("town", "site") and region.radius_km > _ONE_PROVINCE_KM:
        return None
    lat, lon = region.latitude, region.longitude
    query = """SELECT admin1 FROM place WHERE kind = 'town' AND country = ? AND latitude BETWEEN ? AND ?
               AND longitude BETWEEN ? AND ? AND admin1 IS NOT NULL
               ORDER BY (latitude - ?) * (latitude - ?) + (longitude - ?) * (longitude - ?), id LIMIT 1"""
    near = store.execute(query, (iso3, lat - 0.8, lat + 0.8, lon - 0.8, lon + 0.8, lat, lat, lon, lon)).fetchone()
    return int(near[0]) if near else None
