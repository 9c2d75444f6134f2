"""Compiles the offline gazetteer: a source of places and our own files in, one SQLite file out.

The file is written beside its place under a temporary name and renamed when whole. The same inputs give the same bytes.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from conflictdesk.codebook.countries import load_countries
from conflictdesk.locate.filing import (
    Extent,
    find_parent,
    put_country,
    put_other_name,
    put_regions,
    put_town,
    put_unit,
)
from conflictdesk.locate.regions import load_names, load_regions
from conflictdesk.locate.sources import Packages, PlaceSource, TownRow, UnitRow, read_countries

LICENCE = "GeoNames (https://www.geonames.org/), CC BY 4.0; our own places Apache-2.0"
_STALE_SECONDS = 86_400.0
_TELL_EVERY = 500_000
_SCHEMA = """
CREATE TABLE place(id INTEGER PRIMARY KEY, gid TEXT, name TEXT, kind TEXT, country TEXT, admin1 INTEGER,
    admin2 INTEGER, latitude REAL, longitude REAL, population INTEGER, radius REAL, grade INTEGER, weight INTEGER);
CREATE TABLE raw(fold TEXT, rank INTEGER, place INTEGER);
CREATE TABLE country(iso3 TEXT PRIMARY KEY, name TEXT);
CREATE TABLE about(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
_SORT_NAMES = """
CREATE TABLE name(fold TEXT, place INTEGER, rank INTEGER, PRIMARY KEY(fold, place)) WITHOUT ROWID;
INSERT INTO name SELECT fold, place, min(rank) FROM raw GROUP BY fold, place ORDER BY fold, place;
DROP TABLE raw;
CREATE INDEX by_country ON place(country, kind);
"""


def build_gazetteer(
    path: Path, progress: Callable[[str], None] | None = None, source: PlaceSource | None = None
) -> Path:
    """Compile the gazetteer into the SQLite file `path` and return its path.

    `source` is by default the installed packages (about 40 MB, well under a minute).

    Raises:
        ConfigError: a package is missing, or the source cannot be read.
        CodebookError: one of our own place files breaks its rules.
    """
    tell = progress or (lambda _message: None)
    source = source or Packages()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    _sweep(path, Path(name))
    try:
        with contextlib.closing(sqlite3.connect(name)) as store:
            store.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
            _fill(store, source, tell)
            _sign(store, source)
            store.commit()
            tell("packing the file")
            store.execute("VACUUM")
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    return path


def _sweep(path: Path, fresh: Path) -> None:
    """Remove what compilations that were killed left behind; a live one wrote within the day."""
    limit = fresh.stat().st_mtime - _STALE_SECONDS
    for left in path.parent.glob(f"{path.name}.*.part"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < limit:
                left.unlink()


def _fill(store: sqlite3.Connection, source: PlaceSource, tell: Callable[[str], None]) -> None:
    tell("reading provinces and districts")
    units = {unit.code: unit for unit in source.read_units()}
    tell("reading towns")
    extents = _fill_towns(store, source, units, tell)
    names = load_names()
    tell("placing provinces and districts")
    for unit in units.values():
        put_unit(store, unit, (units.get(find_parent(unit)), extents), names.get(unit.geoname, ()))
    for place, name, usual in source.read_names():
        put_other_name(store, place, name, usual)
    tell("sorting the names")
    store.executescript(_SORT_NAMES)
    ids = read_countries()
    for country in sorted(load_countries().countries, key=lambda each: each.iso3):
        put_country(store, country, ids[country.iso3])
    put_regions(store, load_regions())
    store.execute("DROP INDEX by_country")
    rows = sorted((each.iso3, each.name) for each in load_countries().countries)
    store.executemany("INSERT INTO country VALUES (?,?)", rows)


def _fill_towns(
    store: sqlite3.Connection, source: PlaceSource, units: dict[str, UnitRow], tell: Callable[[str], None]
) -> dict[int, Extent]:
    """File every town, and note where the towns of each unit lie."""
    names, extents = load_names(), dict[int, Extent]()
    for count, town in enumerate(source.read_towns(), 1):
        if count % _TELL_EVERY == 0:
            tell(f"{count:,} places")
        first, second = units.get(town.admin1), units.get(town.admin2)
        if town.kind == "town":
            _note_extent(extents, town, (first, second))
        put_town(store, town, (first, second), names.get(town.geoname, ()))
    return extents


def _note_extent(extents: dict[int, Extent], town: TownRow, units: tuple[UnitRow | None, UnitRow | None]) -> None:
    for unit, grid in zip(units, (0.5, 0.1), strict=True):
        if unit is not None:
            extents.setdefault(unit.geoname, Extent()).add(town, grid)


def _sign(store: sqlite3.Connection, source: PlaceSource) -> None:
    """Write into the file what it was made from; nothing of when or where, so that its bytes stay the same."""
    about = {**source.tell_about(), "licence": LICENCE, "own_places": str(len(load_regions()))}
    for table in ("place", "name"):
        about[f"{table}s"] = str(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    store.executemany("INSERT INTO about VALUES (?,?)", sorted(about.items()))
