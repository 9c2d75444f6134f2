"""A person's map from the columns of a table to ours, read from TOML and checked with every fault told at once.

See docs/reference/import-map.md for an example.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from conflictdesk.codebook.types import load_event_types
from conflictdesk.datasets.schema import EVENT_COLUMNS
from conflictdesk.errors import ConfigError
from conflictdesk.records import ActorKind

OURS: Final = tuple(
    name
    for name in EVENT_COLUMNS
    if name not in ("event_id", "origin", "version", "import_id", "row", "disorder_type", "flags")
)
"""The columns that a map may fill."""

_TABLES: Final = ("columns", "constants", "values", "read")
_READ_KEYS: Final = ("date_format", "list_separator", "empty", "number_rows")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMap:
    """Which column of a file means which of ours. `values`: our column -> what the file writes -> what it means.

    `date_format` is a strptime pattern, None for days like 2021-09-26; `number_rows` makes the row's number its id.
    """

    name: str
    sha256: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    empty: tuple[str, ...]
    date_format: str | None
    list_separator: str
    number_rows: bool


def read_map(path: Path) -> ImportMap:
    """Read and check a map.

    Raises:
        ConfigError: with every fault of the file, its key and its mend.
    """
    try:
        data = path.read_bytes()
        told: dict[str, object] = tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}; check the name") from None
    except (UnicodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}; mend the line it names") from None
    reader = _MapReader(told)
    found = ImportMap(
        name=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        columns=reader.read_columns(),
        constants=reader.read_constants(),
        values=reader.read_values(),
        empty=reader.read_empty(),
        date_format=reader.read_date_format(),
        list_separator=reader.read_separator(),
        number_rows=reader.read_number_rows(),
    )
    reader.check_whole(found)
    if reader.faults:
        raise ConfigError(f"{path.name}: " + "\n".join(f"{fault};" for fault in reader.faults).rstrip(";"))
    return found


def check_columns(mapped: ImportMap, held: tuple[str, ...]) -> None:
    """Raise `ConfigError` for every column that the map names and the file has not."""
    missing = [(ours, theirs) for ours, theirs in mapped.columns.items() if theirs not in held]
    if missing:
        faults = [
            f"columns.{ours}: the file has no column {theirs!r}{_suggest(theirs, held)}" for ours, theirs in missing
        ]
        raise ConfigError(f"{mapped.name}: " + ";\n".join(faults) + f"; its columns are {', '.join(held[:60])}")


def _suggest(word: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f", did you mean {near[0]!r}?" if near else ""


class _MapReader:
    def __init__(self, told: Mapping[str, object]) -> None:
        self.faults: list[str] = []
        self._parts = {name: self._table(told, name) for name in _TABLES}
        for key in sorted(set(told) - set(_TABLES)):
            self.faults.append(f"[{key}] is not known{_suggest(key, _TABLES)}: write {', '.join(_TABLES)}")
        for key in sorted(set(self._parts["read"]) - set(_READ_KEYS)):
            self.faults.append(f"read.{key} is not known{_suggest(key, _READ_KEYS)}: write {', '.join(_READ_KEYS)}")

    def _table(self, told: Mapping[str, object], name: str) -> Mapping[str, object]:
        value = told.get(name, {})
        if isinstance(value, dict):
            return value
        self.faults.append(f"{name} is no table: write [{name}] on a line of its own")
        return {}

    def _is_ours(self, part: str, name: str) -> bool:
        if name in OURS:
            return True
        self.faults.append(f"{part}.{name}: no such column of ours{_suggest(name, OURS)}; see docs/reference")
        return False

    def read_columns(self) -> Mapping[str, str]:
        columns = {}
        for ours, theirs in self._parts["columns"].items():
            if not self._is_ours("columns", ours):
                continue
            if isinstance(theirs, str) and theirs:
                columns[ours] = theirs
            else:
                self.faults.append(f'columns.{ours} is {theirs!r}: write {ours} = "name of the file\'s column"')
        return columns

    def read_constants(self) -> Mapping[str, str]:
        constants = {}
        for ours, value in self._parts["constants"].items():
            if not self._is_ours("constants", ours):
                continue
            if ours in self._parts["columns"]:
                self.faults.append(f"constants.{ours} is under [columns] too: keep one of the two")
            if isinstance(value, (str, bool, int, float, dt.date)):
                shown = str(value).lower() if isinstance(value, bool) else str(value)
                constants[ours] = shown
                self._check_value("constants", ours, shown)
            else:
                self.faults.append(f"constants.{ours} is {value!r}: write one value")
        return constants

    def read_values(self) -> Mapping[str, Mapping[str, str]]:
        values: dict[str, dict[str, str]] = {}
        for ours, table in self._parts["values"].items():
            if not self._is_ours("values", ours):
                continue
            if ours not in self._parts["columns"]:
                self.faults.append(f"values.{ours}: no column is mapped to {ours}; add it under [columns]")
            if not isinstance(table, dict):
                self.faults.append(f'values.{ours} is no table: write [values.{ours}] and lines "theirs" = "ours"')
                continue
            values[ours] = {}
            for theirs, value in table.items():
                shown = str(value).lower() if isinstance(value, bool) else str(value)
                values[ours][theirs.strip()] = shown
                if shown:
                    self._check_value(f"values.{ours}", f"{theirs!r}", shown, ours)
        return values

    def _check_value(self, part: str, key: str, value: str, ours: str | None = None) -> None:
        known = _known_values(ours or key)
        if known and value not in known:
            self.faults.append(f"{part}.{key} = {value!r}{_suggest(value, known)}: write one of {', '.join(known)}")

    def read_empty(self) -> tuple[str, ...]:
        value = self._parts["read"].get("empty", [])
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(str(word).strip() for word in value if str(word).strip())
        self.faults.append('read.empty is no list of words: write empty = ["NA", "-"]')
        return ()

    def read_date_format(self) -> str | None:
        value = self._parts["read"].get("date_format")
        if value is None:
            return None
        day = dt.datetime(2021, 9, 26)
        try:
            if isinstance(value, str) and dt.datetime.strptime(day.strftime(value), value).date() == day.date():
                return value
        except ValueError:
            pass
        self.faults.append(f"read.date_format is {value!r}, which is no pattern of a whole day: write it like %d/%m/%Y")
        return None

    def read_separator(self) -> str:
        value = self._parts["read"].get("list_separator", ";")
        if isinstance(value, str) and 0 < len(value) <= 5:
            return value
        self.faults.append(f'read.list_separator is {value!r}: write what parts several names, as ";"')
        return ";"

    def read_number_rows(self) -> bool:
        value = self._parts["read"].get("number_rows", False)
        if isinstance(value, bool):
            return value
        self.faults.append(f"read.number_rows is {value!r}: write true or false")
        return False

    def check_whole(self, found: ImportMap) -> None:
        """An event needs an id and a day."""
        if "source_id" not in found.columns and not found.number_rows:
            self.faults.append("columns.source_id is missing: name the column of ids, or set read.number_rows = true")
        if "source_id" in found.columns and found.number_rows:
            self.faults.append("read.number_rows is true although columns.source_id names a column: keep one")
        if "date_start" not in found.columns:
            self.faults.append("columns.date_start is missing: name the column of days")


def _known_values(ours: str) -> tuple[str, ...]:
    types = load_event_types().types
    known: dict[str, tuple[str, ...]] = {
        "event_type": tuple(dict.fromkeys(entry.event_type for entry in types)),
        "sub_event_type": tuple(entry.sub_event_type for entry in types),
        "actor1_kind": get_args(ActorKind),
        "actor2_kind": get_args(ActorKind),
        "date_precision": ("1", "2", "3", "4"),
        "place_precision": ("1", "2", "3", "4"),
        "civilian_targeting": ("true", "false"),
        "aggregate": ("true", "false"),
    }
    return known.get(ours, ())
