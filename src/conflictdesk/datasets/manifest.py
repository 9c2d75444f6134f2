"""What a dataset holds, written down beside it: which files, which imports, how many rows.

A dataset is a folder:

```text
DATASET/
  manifest.json                     this record; written last, so that it always names whole files
  events.GENERATION.parquet         EVENT_COLUMNS, sorted by date_start, event_id
  superseded.GENERATION.parquet     EVENT_COLUMNS and superseded_by, superseded_version, reason
  quotes. claims. changes. problems.GENERATION.parquet
  originals/IMPORT_ID.parquet       every row of an imported file as it came: `row` and its columns, all as text
```

`Manifest.files` maps a table's name (one of `TABLES`) to its file, relative to the folder; a table that holds nothing
may be absent. Read the names from there and nowhere else: an import writes a new generation of files beside the old
ones and only then replaces manifest.json, so a reader that holds the old manifest reads on, and a crash leaves the old
dataset whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Final

from conflictdesk.datasets import schema
from conflictdesk.errors import StoreError

FORMAT: Final = 1
"""The version of this layout; a dataset of another is refused with a clear word."""

TABLES: Final = ("events", "superseded", "quotes", "claims", "changes", "problems")

_NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecord:
    """One file that was brought in, and what became of its rows: `rows_in = events + problems + older`.

    `events` are the rows that stand in the dataset's events after this import, `problems` those that could not become
    events, `older` those that went to the superseded at once because a newer version of them was there already.
    `superseded` are rows of earlier imports that this one replaced, `withdrawn` those it took away (`--replace`),
    `kept` those of an older version that the file does not hold and that stay. `changed` counts ids whose new values
    differ in a field that a count or comparison reads; `changes` and `faults` count by field and by flag.
    """

    import_id: str
    kind: str
    origin: str
    file: str
    sha256: str
    version: str | None
    rows_in: int
    events: int
    problems: int
    older: int = 0
    superseded: int = 0
    withdrawn: int = 0
    kept: int = 0
    changed: int = 0
    reworded: int = 0
    changes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    faults: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    problem_kinds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    columns: tuple[str, ...] = ()
    """The columns of the file, in its order, as they stand in originals/IMPORT_ID.parquet."""
    imported_on: str | None = None
    """The day, as 2026-11-22, if the caller told it; no part of the dataset's version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The dataset's table of contents. `files`: table -> file name; `counts`: table -> rows."""

    imports: tuple[ImportRecord, ...] = ()
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    generation: int = 0
    schema: str = ""
    format: int = FORMAT

    @property
    def version(self) -> str:
        """A hash of what the dataset holds, 16 hex digits: the same imports in the same order give the same.

        >>> Manifest().version == Manifest(generation=3).version
        True
        """
        told = _to_json(self)
        for name in ("files", "generation"):
            del told[name]
        told["imports"] = [
            {key: value for key, value in _record_to_json(record).items() if key != "imported_on"}
            for record in self.imports
        ]
        return hashlib.sha256(_dump(told).encode()).hexdigest()[:16]

    def find_import(self, import_id: str) -> ImportRecord | None:
        """The import of this id."""
        return next((record for record in self.imports if record.import_id == import_id), None)


def hash_schema() -> str:
    """A hash of all columns and their types, so that a dataset of other columns is known."""
    tables = (
        schema.EVENT_COLUMNS,
        schema.QUOTE_COLUMNS,
        schema.CLAIM_COLUMNS,
        schema.CHANGE_COLUMNS,
        schema.PROBLEM_COLUMNS,
    )
    return hashlib.sha256(json.dumps([list(columns.items()) for columns in tables]).encode()).hexdigest()[:16]


def load_manifest(folder: Path) -> Manifest:
    """Read a dataset's manifest.

    Raises:
        StoreError: the folder is no dataset, or one of another format or other columns.
    """
    path = folder / _NAME
    try:
        told: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(f"{folder} is no dataset: it holds no {_NAME}; make one with `conflictdesk import`") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}; restore it from a copy or import anew") from None
    manifest = _read_manifest(told, path)
    if manifest.format != FORMAT or manifest.schema != hash_schema():
        mend = "import its files anew into a fresh folder"
        raise StoreError(f"{path} was written by another version of conflictdesk: {mend}")
    return manifest


def has_manifest(folder: Path) -> bool:
    """Whether the folder is a dataset."""
    return (folder / _NAME).is_file()


def save_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest whole or not at all; the folder must be there.

    Raises:
        StoreError: the disk refuses.
    """
    text = json.dumps(_to_json(manifest), ensure_ascii=False, indent=1) + "\n"
    try:
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8", suffix=".part") as part:
            part.write(text)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).chmod(0o644)
        Path(part.name).replace(folder / _NAME)
    except OSError as error:
        raise StoreError(f"{folder / _NAME} cannot be written: {error.strerror or error}") from None


def _to_json(manifest: Manifest) -> dict[str, object]:
    return {
        "format": manifest.format,
        "schema": manifest.schema,
        "generation": manifest.generation,
        "files": dict(sorted(manifest.files.items())),
        "counts": dict(sorted(manifest.counts.items())),
        "imports": [_record_to_json(record) for record in manifest.imports],
    }


def _record_to_json(record: ImportRecord) -> dict[str, object]:
    told: dict[str, object] = {}
    for part in fields(record):
        value: object = getattr(record, part.name)
        if isinstance(value, Mapping):
            value = dict(sorted(value.items()))
        told[part.name] = list(value) if isinstance(value, tuple) else value
    return told


def _dump(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read_manifest(told: object, path: Path) -> Manifest:
    try:
        parts = _mapping(told)
        return Manifest(
            format=_number(parts["format"]),
            schema=_text(parts["schema"]),
            generation=_number(parts["generation"]),
            files=MappingProxyType({k: _file_name(v) for k, v in _mapping(parts["files"]).items() if k in TABLES}),
            counts=_counts(parts["counts"]),
            imports=tuple(_read_record(_mapping(record)) for record in _items(parts["imports"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{path} is not whole ({error}): restore it from a copy or import anew") from None


def _read_record(told: Mapping[str, object]) -> ImportRecord:
    numbers = ("rows_in", "events", "problems", "older", "superseded", "withdrawn", "kept", "changed", "reworded")
    n = {name: _number(told[name]) for name in numbers}
    return ImportRecord(
        import_id=_file_name(told["import_id"]),
        kind=_text(told["kind"]),
        origin=_text(told["origin"]),
        file=_text(told["file"]),
        sha256=_text(told["sha256"]),
        version=_text_or_none(told["version"]),
        rows_in=n["rows_in"],
        events=n["events"],
        problems=n["problems"],
        older=n["older"],
        superseded=n["superseded"],
        withdrawn=n["withdrawn"],
        kept=n["kept"],
        changed=n["changed"],
        reworded=n["reworded"],
        changes=_counts(told["changes"]),
        faults=_counts(told["faults"]),
        problem_kinds=_counts(told["problem_kinds"]),
        columns=tuple(_text(name) for name in _items(told["columns"])),
        imported_on=_text_or_none(told["imported_on"]),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("an object was expected")
    return value


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    return value


def _counts(value: object) -> Mapping[str, int]:
    return MappingProxyType({key: _number(number) for key, number in _mapping(value).items()})


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _file_name(value: object) -> str:
    """A plain name inside the dataset: a manifest from elsewhere must not lead out of its folder."""
    name = _text(value)
    if Path(name).name != name or name in ("", ".", ".."):
        raise ValueError(f"{name!r} is no plain file name")
    return name
