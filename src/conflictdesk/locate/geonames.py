"""Reads the official GeoNames dump (https://download.geonames.org/export/dump/), a row at a time.

The layout of its files is that of the readme.txt beside them: tab-separated UTF-8 without quotes or a header.
"""

from __future__ import annotations

import functools
import io
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from conflictdesk.errors import ConfigError
from conflictdesk.locate.downloads import digest_file, fetch_file, is_url
from conflictdesk.locate.folding import UNIT_WORDS
from conflictdesk.locate.regions import read_own
from conflictdesk.locate.sources import TownRow, UnitRow, read_countries
from conflictdesk.records import PlaceKind

FEATURES_FILE = "features.toml"
_COLUMNS = 19
_MAIN = ("allCountries.zip", "allCountries.txt")
_BESIDE = ("admin1CodesASCII.txt", "admin2Codes.txt")
_NAMES = ("alternateNamesV2.zip", "alternateNamesV2.txt")
_NO_NAMES = frozenset("link post iata icao faac tcid unlc wkdt phon piny abbr".split())
_NO_PROVINCES = frozenset("northern southern eastern western central north south east west capital sea river".split())
_UNITS = {"ADM1": 1, "ADM2": 2}
_FAULTS_TOLD = 5
_WORST_SHARE = 0.5


class _Feature(TypedDict):
    kind: PlaceKind
    km: float
    weight: int


@functools.cache
def load_features() -> dict[str, _Feature]:
    """Which feature codes become places, and which (`features.toml`)."""
    return cast(dict[str, _Feature], tomllib.loads(read_own(FEATURES_FILE).decode("utf-8"))["features"])


@dataclass(frozen=True, slots=True)
class DumpFiles:
    """The files of a dump: `places` is needed, the others are not; `digests` maps each file's name to its SHA-256."""

    places: Path
    units: tuple[Path, ...]
    names: Path | None
    digests: dict[str, str]


def find_dump(
    where: str, downloads: Path, tell: Callable[[str], None], *, sha256: str | None = None, names: bool = False
) -> DumpFiles:
    """The dump's files: in a folder, beside a file, or downloaded from an address into the folder `downloads`.

    `where` is allCountries.zip or .txt (or a country's file of the same form), or the folder or address that holds it.
    `sha256` is checked against the file of places; `names` asks for alternateNamesV2 too.

    Raises:
        ConfigError: a file is missing, cannot be fetched, or is not the one that `sha256` names.
    """
    found = _download(where, downloads, tell, names) if is_url(where) else _find_files(Path(where), names)
    tell(f"reading {found[0]}")
    digests = {path.name: digest_file(path) for path in found}
    if sha256 and digests[found[0].name] != sha256.strip().lower():
        if is_url(where):
            found[0].unlink()
        raise ConfigError(f"{found[0]} has SHA-256 {digests[found[0].name]}, not {sha256}: it is another file")
    units = tuple(path for path in found if path.name in _BESIDE)
    return DumpFiles(found[0], units, next((path for path in found if path.name in _NAMES), None), digests)


def _find_files(where: Path, names: bool) -> list[Path]:
    folder = where if where.is_dir() else where.parent
    places = next((folder / name for name in _MAIN if (folder / name).is_file()), None) if where.is_dir() else where
    if places is None or not places.is_file():
        raise ConfigError(f"{where}: there is no such file" if places else f"{where} holds no {' or '.join(_MAIN)}")
    beside = [folder / name for name in _BESIDE if (folder / name).is_file()]
    other = next((folder / name for name in _NAMES if (folder / name).is_file()), None)
    if names and other is None:
        raise ConfigError(f"{folder} holds no {' or '.join(_NAMES)}")
    return [places, *beside, *([other] if other else [])]


def _download(url: str, downloads: Path, tell: Callable[[str], None], names: bool) -> list[Path]:
    base, _, name = url.rpartition("/")
    name = name or _MAIN[0]
    wanted = [(name, False), *((each, True) for each in _BESIDE), *(((_NAMES[0], False),) if names else ())]
    found = []
    for each, optional in wanted:
        tell(f"fetching {base}/{each}")
        if fetch_file(f"{base}/{each}", downloads / each, tell, optional=optional):
            found.append(downloads / each)
        else:
            tell(f"{base}/{each} is not there: done without")
    return found


class GeoNamesDump:
    """A dump as a PlaceSource; bad rows are left out, counted and told."""

    def __init__(self, files: DumpFiles, tell: Callable[[str], None]) -> None:
        self._files = files
        self._tell = tell
        self._countries = {row.iso2: row.iso3 for row in read_countries().values()}
        self._rows = self._bad = 0
        self._left_out: Counter[str] = Counter()
        self._newest = ""
        self._units: dict[str, UnitRow] = {}

    def read_units(self) -> tuple[UnitRow, ...]:
        """Provinces and districts, by the rows that are such, named as the files of admin codes name them."""
        usual = dict(_read_codes(self._files.units))
        for row in _read_table(self._files.places):
            if len(row) == _COLUMNS and row[7] in _UNITS:
                try:
                    unit = self._make_unit(row, usual)
                except ValueError:
                    continue  # the reading of all rows counts it
                self._units.setdefault(unit.code, unit)
        return tuple(self._units.values())

    def _make_unit(self, row: list[str], usual: dict[str, str]) -> UnitRow:
        level = _UNITS[row[7]]
        code = ".".join((row[8], row[10], row[11])[: level + 1])
        point, people = (_read_degrees(row[4], 90), _read_degrees(row[5], 180)), int(row[14] or 0)
        name, others = _cut_unit(usual.get(code) or row[1], level), (row[1], *row[3].split(","))
        return UnitRow(int(row[0]), code, name, self._find_country(row[8]) or "", level, others, point, people)

    def read_towns(self) -> Iterator[TownRow]:
        """Every row of a feature code that we keep, units and countries aside.

        Raises:
            ConfigError: most rows are bad: this is no GeoNames dump.
        """
        features = load_features()
        for number, row in enumerate(_read_table(self._files.places), 1):
            self._rows += 1
            try:
                if len(row) != _COLUMNS:
                    raise ValueError(f"{len(row)} columns instead of {_COLUMNS}")
                place = self._make_place(row, features.get(row[7]))
            except ValueError as fault:
                self._note_fault(number, str(fault))
                continue
            self._newest = max(self._newest, row[18])
            if place is not None:
                yield place
            elif row[7] not in _UNITS and not row[7].startswith("PCL"):
                self._left_out[row[7] or "none"] += 1
        if self._bad > _WORST_SHARE * self._rows or not self._rows:
            raise ConfigError(f"{self._files.places}: {self._bad} of {self._rows} rows are bad: is it a GeoNames dump?")
        self._tell(f"{self._rows:,} rows read, {self._bad:,} of them bad and left out")

    def _make_place(self, row: list[str], feature: _Feature | None) -> TownRow | None:
        lat, lon, people = _read_degrees(row[4], 90), _read_degrees(row[5], 180), int(row[14] or 0)
        number, country = int(row[0]), self._find_country(row[8])
        if not row[1].strip() or people < 0 or number <= 0:
            raise ValueError("a name, a positive number and no negative population are needed")
        if feature is None:
            return None
        first, second = f"{row[8]}.{row[10]}", f"{row[8]}.{row[10]}.{row[11]}"
        others = tuple(dict.fromkeys(name for name in (row[2], *row[3].split(",")) if name and name != row[1]))
        at = (lat, lon, people, others, second, feature["kind"], feature["km"], feature["weight"])
        return TownRow(number, row[1], country, first, *at)

    def _find_country(self, iso2: str) -> str | None:
        if iso2 and iso2 not in self._countries:
            raise ValueError(f"no country {iso2!r}")
        return self._countries.get(iso2)

    def _note_fault(self, number: int, fault: str) -> None:
        self._bad += 1
        if self._bad <= _FAULTS_TOLD:
            self._tell(f"{self._files.places.name}, row {number} is left out: {fault}")

    def read_names(self) -> Iterator[tuple[int, str, bool]]:
        """The names of alternateNamesV2, where that file is there; True for the preferred English ones."""
        if self._files.names is None:
            return
        self._tell(f"reading {self._files.names}")
        for row in _read_table(self._files.names):
            if len(row) < 8 or not row[1].isdigit():
                self._bad += 1
            elif row[2] not in _NO_NAMES and row[3]:
                yield int(row[1]), row[3], row[2] == "en" and row[4] == "1" and not (row[5] or row[6] or row[7])

    def tell_about(self) -> dict[str, str]:
        """What was read: files with their SHA-256, rows, bad rows, rows left out, the day of the newest change."""
        files = ", ".join(f"{name} sha256:{digest}" for name, digest in sorted(self._files.digests.items()))
        return {
            "source": f"GeoNames dump ({self._files.places.name})",
            "files": files,
            "rows_read": str(self._rows),
            "bad_rows": str(self._bad),
            "left_out": f"{sum(self._left_out.values())} rows of {len(self._left_out)} other feature codes",
            "newest_change": self._newest or "unknown",
        }


def _read_codes(files: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    for path in files:
        yield from ((row[0], row[1]) for row in _read_table(path) if len(row) >= 4 and row[1])


def _cut_unit(name: str, level: int) -> str:
    """A province without the word for it ("Aleppo Governorate"), unless what is left is no name ("Northern State")."""
    words = name.split()
    bare = len(words) > 1 and level == 1 and words[-1].lower() in UNIT_WORDS
    return name if not bare or words[-2].lower() in _NO_PROVINCES else " ".join(words[:-1])


def _read_degrees(text: str, most: float) -> float:
    value = float(text)
    if not abs(value) <= most:
        raise ValueError(f"{text} is no number of degrees up to {most:g}")
    return value


@contextmanager
def _open_table(path: Path) -> Iterator[io.BufferedIOBase]:
    """The bytes of a text file, or of the text file of the same name inside a zip."""
    try:
        if path.suffix != ".zip":
            with path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(path) as archive:
            inside = path.with_suffix(".txt").name
            if inside not in archive.namelist():
                raise ConfigError(f"{path} holds no {inside}")
            with archive.open(inside) as packed:
                yield cast(io.BufferedIOBase, packed)
    except (OSError, zipfile.BadZipFile) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error


def _read_table(path: Path) -> Iterator[list[str]]:
    """The rows of a tab-separated file; a row that is no UTF-8 comes as one empty column."""
    with _open_table(path) as file:
        for line in file:
            try:
                yield line.decode("utf-8").rstrip("\r\n").split("\t")
            except UnicodeDecodeError:
                yield [""]
