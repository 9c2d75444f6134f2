"""Our own places: regions, sites and historic names that the packages lack, and the names newspapers prefer."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import cast, get_args

from conflictdesk.errors import CodebookError
from conflictdesk.records import PlaceKind

REGIONS_FILES = ("regions.toml", "lands.toml", "sites.toml", "quarters.toml")
NAMES_FILE = "names.toml"
_WEIGHTS = {"country": 5_000_000, "area": 1_000_000, "water": 1_000_000, "site": 60_000, "town": 60_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place of our own files; `weight` says how prominent it is, on the scale of a town's population.

    `source` says where the entry comes from: its own, else that of its file.
    """

    name: str
    aliases: tuple[str, ...]
    kind: PlaceKind
    country: str | None
    admin1: str | None
    latitude: float
    longitude: float
    radius_km: float
    weight: int
    geoname: int | None
    precision: int | None
    source: str


def read_own(file: str) -> bytes:
    """The bytes of one of this stage's own data files."""
    return files("conflictdesk.locate").joinpath(file).read_bytes()


@functools.cache
def load_regions() -> tuple[Region, ...]:
    """Every place of our own files, in their order.

    Raises:
        CodebookError: an entry lacks a field or holds a value out of range; it names the entry.
    """
    regions: list[Region] = []
    for file in REGIONS_FILES:
        table = tomllib.loads(read_own(file).decode("utf-8"))
        rows = cast(list[dict[str, object]], table["places"])
        regions += [_make_region({"source": table.get("source"), **row}, file) for row in rows]
    return tuple(regions)


def _make_region(row: dict[str, object], file: str) -> Region:
    try:
        kind = cast(PlaceKind, row["kind"])
        lat, lon = cast(list[float], row["at"])
        region = Region(
            name=cast(str, row["name"]),
            aliases=tuple(cast(list[str], row.get("also", []))),
            kind=kind,
            country=cast("str | None", row.get("country")),
            admin1=cast("str | None", row.get("admin1")),
            latitude=float(lat),
            longitude=float(lon),
            radius_km=float(cast(float, row["km"])),
            weight=int(cast(int, row.get("weight", _WEIGHTS.get(kind, 100_000)))),
            geoname=cast("int | None", row.get("geoname")),
            precision=cast("int | None", row.get("precision")),
            source=cast(str, row["source"]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise CodebookError(f"{file}: {row.get('name', row)}: {fault!r}") from fault
    if kind not in get_args(PlaceKind) or not (abs(lat) <= 90 and abs(lon) <= 180 and region.radius_km > 0):
        raise CodebookError(f"{file}: {region.name}: kind, position or radius out of range")
    if not region.source:
        raise CodebookError(f"{file}: {region.name}: it has no source, and its file names none")
    return region


@functools.cache
def load_names() -> dict[int, tuple[str, ...]]:
    """The names newspapers use, by GeoNames number: the usual one first, then others."""
    rows = cast(dict[str, list[str]], tomllib.loads(read_own(NAMES_FILE).decode("utf-8"))["names"])
    return {int(number): tuple(names) for number, names in rows.items()}


@functools.cache
def load_abbreviations() -> dict[str, tuple[str, str]]:
    """Short names of provinces as newspapers write them: "Va." is ("USA", "Virginia")."""
    rows = cast(dict[str, str], tomllib.loads(read_own(NAMES_FILE).decode("utf-8"))["abbreviations"])
    pairs = [(iso3, *pair.split("=", 1)) for iso3, text in rows.items() for pair in text.split()]
    return {short: (iso3, name.replace("_", " ")) for iso3, short, name in pairs}


@functools.cache
def load_points() -> dict[str, tuple[float, float]]:
    """Where maps label a large country (by three-letter code) or province (by GeoNames number)."""
    rows = cast(dict[str, list[float]], tomllib.loads(read_own(NAMES_FILE).decode("utf-8"))["points"])
    return {key: (float(lat), float(lon)) for key, (lat, lon) in rows.items()}
