"""The offline gazetteer: finds places by name in the SQLite file that `compile.py` builds."""

from __future__ import annotations

import functools
import hashlib
import math
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import cast

from conflictdesk.errors import ConfigError
from conflictdesk.locate.compile import build_gazetteer
from conflictdesk.locate.filing import ALIAS, BARE, FAR, MAIN
from conflictdesk.locate.folding import drop_articles, drop_unit, fold
from conflictdesk.locate.geonames import GeoNamesDump, find_dump
from conflictdesk.locate.regions import NAMES_FILE, REGIONS_FILES, read_own
from conflictdesk.locate.sources import read_versions
from conflictdesk.records import Place, PlaceKind

_CHOSEN = "chosen-gazetteer"
_MADE_OF = (*REGIONS_FILES, NAMES_FILE, "compile.py", "filing.py", "folding.py", "regions.py", "sources.py")
_CITY_STATE_KM = 20.0
_SMALL_KM = 50.0
"""An area up to this radius is precise to "near a place"; a wider one only to a region."""

_FIND = """
SELECT n.rank, p.id, p.gid, p.name, p.kind, p.country, p.admin1, p.admin2, p.latitude, p.longitude, p.population,
       p.radius, p.grade, p.weight, c.name, c.iso3, a.name, b.name
FROM name n JOIN place p ON p.id = n.place
LEFT JOIN country c ON c.iso3 = p.country
LEFT JOIN place a ON a.id = p.admin1 LEFT JOIN place b ON b.id = p.admin2
WHERE n.fold = ? ORDER BY p.weight DESC, p.id LIMIT 300
"""
_FIND_STARTING = _FIND.replace("n.fold = ?", "n.fold >= ? AND n.fold < ?").replace("LIMIT 300", "LIMIT 40")
_KIND_BONUS = {"country": 4.0, "admin1": -1.0, "admin2": -1.6, "town": 0.0, "area": 0.6, "site": 0.0, "water": 0.3}
_FAR_BELOW = 8.0
_RANK_COST = {MAIN: 0.0, ALIAS: 1.6, BARE: 0.9, FAR: 3.2}


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as the gazetteer files it under one name.

    `prior` is how likely a newspaper means it when nothing else is said (a scale of powers of ten);
    `rank` tells a main name (0) from another name (1) and one without the unit's word (2).
    `admin1`, `admin2` number the units that hold it, itself included. `weight` is how prominent it is, on the scale
    of a town's population.
    """

    number: int
    place: Place
    rank: int
    prior: float
    admin1: int | None
    admin2: int | None
    radius_km: float | None
    weight: int


class FileGazetteer:
    """A Gazetteer on a compiled file; look-ups are kept in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self.look_up = functools.lru_cache(maxsize=20_000)(self._look_up)

    def find(self, name: str) -> tuple[Place, ...]:
        """Every place of that name or alias, most prominent first; empty when there is none."""
        return tuple(entry.place for entry in self.look_up(fold(name)))

    def find_starting(self, start: str) -> tuple[Place, ...]:
        """The most prominent places whose name or alias starts so, each once; empty below three letters."""
        key = fold(start)
        if len(key) < 3:
            return ()
        rows = self._store.execute(_FIND_STARTING, (key, key + "\U0010ffff"))
        entries = sorted(map(_make_entry, rows), key=lambda entry: (-entry.prior, entry.number))
        return tuple({entry.number: entry.place for entry in entries}.values())

    def knows(self, name: str) -> bool:
        """True when some place bears that name."""
        return bool(self.look_up(fold(name)))

    def tell_about(self) -> dict[str, str]:
        """What the file was compiled from: source, files with their SHA-256, counts, licence."""
        return dict(self._store.execute("SELECT key, value FROM about ORDER BY key"))

    def count_kinds(self) -> dict[str, int]:
        """How many places of each kind it holds."""
        return dict(self._store.execute("SELECT kind, count(*) FROM place GROUP BY kind ORDER BY kind"))

    def _look_up(self, key: str) -> tuple[Entry, ...]:
        """The entries under a folded name, most prominent first; the Arabic article and the unit's word may differ."""
        found = self._query(key)
        if not found and (bare := drop_articles(key)) != key:
            found = self._query(bare)
        if not found and (short := drop_unit(key)) != key:
            found = [entry for entry in self.look_up(short) if entry.place.kind in ("admin1", "admin2", "area")]
        found = _prefer_seats(found)
        return tuple(sorted(found, key=lambda entry: (-entry.prior, entry.number)))

    def _query(self, key: str) -> list[Entry]:
        return [_make_entry(row) for row in self._store.execute(_FIND, (key,))] if key else []


def _prefer_seats(entries: list[Entry]) -> list[Entry]:
    """A bare name means the town rather than the province named after it, and the country rather than either.

    A town that is a trifle in its province ("Nevada") does not stand before it.
    """
    whole = {entry.place.iso3: entry for entry in entries if entry.place.kind == "country" and entry.rank == MAIN}
    units = {entry.number: entry for entry in entries if entry.place.kind == "admin1"}
    chosen = []
    for entry in entries:
        unit = units.get(entry.admin1 or 0)
        people = entry.place.population
        if unit and entry.place.kind == "town" and people > max(9_999, 0.03 * unit.place.population):
            entry = replace(entry, prior=max(entry.prior, unit.prior + 0.5))
        if entry.place.kind != "country" and (country := whole.get(entry.place.iso3)):
            entry = replace(entry, prior=min(entry.prior, country.prior - _FAR_BELOW))
        chosen.append(entry)
    return chosen


def _make_entry(row: tuple[object, ...]) -> Entry:
    rank, number, gid, name, kind, _iso3, admin1, admin2, lat, lon, people, radius, *rest = row
    grade, weight, country, iso3, first, second = rest
    place = Place(
        name=cast(str, name),
        kind=cast(PlaceKind, kind),
        country=cast("str | None", country),
        iso3=cast("str | None", iso3),
        admin1=cast("str | None", first),
        admin2=cast("str | None", second),
        latitude=cast("float | None", lat),
        longitude=cast("float | None", lon),
        precision=cast("int | None", grade) or _grade(cast(str, kind), cast("float | None", radius)),
        gazetteer_id=cast("str | None", gid),
        population=cast(int, people),
        radius_km=None if kind == "town" else cast("float | None", radius),
    )
    prior = math.log10(10 + cast(int, weight)) + _KIND_BONUS[place.kind] - _RANK_COST[cast(int, rank)]
    return Entry(
        cast(int, number),
        place,
        cast(int, rank),
        prior,
        cast("int | None", admin1),
        cast("int | None", admin2),
        cast("float | None", radius),
        cast(int, weight),
    )


def _grade(kind: str, radius: float | None) -> int:
    if kind == "country" and radius is not None and radius <= _CITY_STATE_KM:
        return 2
    if kind == "country" or (radius or 0) > 1500:
        return 4
    if kind in ("town", "site"):
        return 1
    if kind == "admin2" or (kind in ("area", "water") and radius is not None and radius <= _SMALL_KM):
        return 2
    return 3


def find_cache() -> Path:
    """The folder for compiled files: `CONFLICTDESK_CACHE`, else the user's cache folder."""
    if given := os.environ.get("CONFLICTDESK_CACHE"):
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "conflictdesk"


def name_version(dump: bool = False) -> str:
    """Twelve hex digits that change when anything of ours or of the packages that a gazetteer is compiled from changes.

    `dump` names the version of one that is compiled from a GeoNames dump; the dump itself is not part of it.
    """
    digest = hashlib.sha256(repr(read_versions()).encode())
    more = ("geonames.py", "features.toml") if dump else ()
    for file in (*_MADE_OF, *more):
        digest.update(read_own(file))
    digest.update(files("conflictdesk.codebook").joinpath("countries.toml").read_bytes())
    return digest.hexdigest()[:12]


def find_gazetteer(dump: bool | None = None) -> Path:
    """Where the compiled gazetteer lies or will lie; `dump` None: the one that was chosen by compiling it last."""
    if dump is None:
        dump = (find_cache() / _CHOSEN).exists()
    return find_cache() / f"{'geonames' if dump else 'gazetteer'}-{name_version(dump)}.sqlite"


def choose_gazetteer(dump: bool) -> None:
    """Let runs use the gazetteer of the GeoNames dump from now on, or that of the packages."""
    mark = find_cache() / _CHOSEN
    if dump:
        mark.write_text("places come from the GeoNames dump; `conflictdesk gazetteer build` undoes this\n", "utf-8")
    else:
        mark.unlink(missing_ok=True)


def open_gazetteer(path: Path | None = None, progress: Callable[[str], None] | None = None) -> FileGazetteer:
    """Open the gazetteer at `path`, by default the chosen one in the user's cache folder.

    That of the packages is built first when it is not there.

    Raises:
        ConfigError: the chosen one is of a GeoNames dump and must be compiled anew, for its rules changed.
    """
    chosen = path or find_gazetteer()
    if not chosen.exists():
        if path is None and chosen != find_gazetteer(dump=False):
            mend = "run `conflictdesk gazetteer build --geonames ...` again, or without --geonames for the small list"
            raise ConfigError(f"the place names of the GeoNames dump were compiled by another version: {mend}")
        build_gazetteer(chosen, progress)
    return FileGazetteer(chosen)


def build_from_dump(
    where: str, progress: Callable[[str], None], *, sha256: str | None = None, names: bool = False
) -> Path:
    """Compile the GeoNames dump at a path or an address, and use it from now on.

    `sha256` is checked against the file of places; with `names` the names of alternateNamesV2 are read too.
    A download is removed once it is compiled; until then the same call goes on with it.

    Raises:
        ConfigError: a file is missing, broken, is not a dump, or is not the one that `sha256` names.
    """
    downloads = find_cache() / "downloads" / hashlib.sha256(where.rpartition("/")[0].encode()).hexdigest()[:12]
    dump = find_dump(where, downloads, progress, sha256=sha256, names=names)
    built = build_gazetteer(find_gazetteer(dump=True), progress, GeoNamesDump(dump, progress))
    choose_gazetteer(dump=True)
    shutil.rmtree(downloads, ignore_errors=True)
    return built
