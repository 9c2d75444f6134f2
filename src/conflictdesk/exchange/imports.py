"""The door of import: a file of somebody else's, or of `code`, becomes rows of a dataset."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from conflictdesk.datasets.manifest import ImportRecord, Manifest, load_manifest
from conflictdesk.datasets.storing import Shipment, store_shipment, withdraw_older
from conflictdesk.datasets.table_files import Workshop, open_workshop, read_file
from conflictdesk.errors import ConfigError
from conflictdesk.exchange.acled_rows import find_acled_version, stage_acled
from conflictdesk.exchange.coded_rows import hash_results, read_results, stage_coded
from conflictdesk.exchange.import_maps import ImportMap, read_map
from conflictdesk.exchange.packed import hash_file
from conflictdesk.exchange.reading_words import prepare_words
from conflictdesk.exchange.table_rows import stage_table
from conflictdesk.exchange.tabular import RawTable, read_table
from conflictdesk.exchange.ucdp_rows import UCDP_HEADER, find_ucdp_version, stage_ucdp

ImportKind = Literal["ucdp", "acled", "table", "coded"]
IMPORT_KINDS: Final[tuple[ImportKind, ...]] = ("ucdp", "acled", "table", "coded")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What to bring in: `path` is a file, or for "coded" the folder that `code` wrote; `into` the dataset.

    `replace` takes out ids of earlier imports of this origin that the file does not hold. `imported_on` is the day, if
    it is to be kept; the dataset's version does not depend on it.
    """

    kind: ImportKind
    path: Path
    into: Path
    version: str | None = None
    origin: str | None = None
    replace: bool = False
    map_file: Path | None = None
    encoding: str | None = None
    imported_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCase:
    """The first row of one kind of problem."""

    row: int | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of the file's rows; `no_op`: it was there already. `cases`: kind of problem -> its first case."""

    record: ImportRecord
    no_op: bool
    dataset_version: str
    events_now: int
    cases: Mapping[str, FirstCase]
    notes: tuple[str, ...] = ()


def import_file(request: ImportRequest) -> ImportReport:
    """Add a file's rows to a dataset, which is made if it is not there; every row becomes an event or a problem.

    Raises:
        ConfigError: the file, the map or an option is wrong.
        StoreError: the dataset cannot be read or written.
    """
    request = _check_request(request)
    sha256 = hash_results(request.path) if request.kind == "coded" else hash_file(request.path)
    mapped = read_map(request.map_file) if request.map_file else None
    with open_workshop(request.into) as shop:
        same = _find_same(shop.manifest, request, sha256, mapped)
        if same is not None:
            if request.replace and (same.kept or not same.withdrawn):
                same = withdraw_older(shop, same)
            return _report(request.into, same, no_op=True, notes=())
        record, notes = _import_into(shop, request, sha256, mapped)
    return _report(request.into, record, no_op=False, notes=notes)


def _check_request(request: ImportRequest) -> ImportRequest:
    origin = request.origin or request.kind
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", origin):
        raise ConfigError(f"--origin {origin!r}: write letters, digits, - or _ without blanks, 40 at most")
    if (request.kind == "table") != (request.map_file is not None):
        said = "needs --map MAP.toml, which says what its columns mean" if request.kind == "table" else "takes no --map"
        raise ConfigError(f"import {request.kind} {said}")
    if request.version is not None and not re.fullmatch(r"[\w.+-]{1,40}", request.version):
        raise ConfigError(f"--version {request.version!r}: write it like 19.1 or 2024-05-31")
    if request.kind == "coded" and not request.path.is_dir():
        raise ConfigError(f"{request.path} is no folder: name the one that `code` wrote with --out")
    if request.kind != "coded" and not request.path.is_file():
        raise ConfigError(f"{request.path}: there is no such file; check the spelling")
    if request.kind == "coded" and request.encoding:
        raise ConfigError("import coded takes no --encoding: `code` writes UTF-8")
    return dataclasses.replace(request, origin=origin)


def _find_same(
    manifest: Manifest, request: ImportRequest, sha256: str, mapped: ImportMap | None
) -> ImportRecord | None:
    """The import of these very bytes, read the same way: whatever the file is called now."""
    for record in manifest.imports:
        wanted = _import_id(request, sha256, record.version, mapped)
        if record.import_id == wanted and request.version in (None, record.version):
            return record
    return None


def _import_id(request: ImportRequest, sha256: str, version: str | None, mapped: ImportMap | None) -> str:
    told = [sha256, request.kind, request.origin, version, mapped.sha256 if mapped else None, request.encoding]
    return "i-" + hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def _import_into(
    shop: Workshop, request: ImportRequest, sha256: str, mapped: ImportMap | None
) -> tuple[ImportRecord, tuple[str, ...]]:
    prepare_words(shop.cursor)
    raw = _read_raw(shop, request)
    version = request.version or _find_version(shop, request, raw)
    import_id = _import_id(request, sha256, version, mapped)
    if request.kind == "ucdp":
        stage_ucdp(shop.cursor, raw, request.path.name)
    elif request.kind == "acled":
        stage_acled(shop.cursor, raw, request.path.name)
    elif mapped:
        stage_table(shop.cursor, raw, mapped)
    else:
        stage_coded(shop.cursor, request.path, shop.scratch, request.origin or "coded")
    shipment = Shipment(
        import_id=import_id,
        kind=request.kind,
        origin=request.origin or request.kind,
        file=request.path.resolve().name,
        sha256=sha256,
        version=version,
        columns=raw.columns,
        rows_in=raw.rows_in,
        original=raw.path,
        bad=raw.bad,
        has_texts=request.kind == "coded",
        imported_on=request.imported_on,
    )
    return store_shipment(shop, shipment, withdraw=request.replace), raw.notes


def _read_raw(shop: Workshop, request: ImportRequest) -> RawTable:
    if request.kind == "coded":
        return read_results(shop.cursor, request.path, shop.scratch)
    names = UCDP_HEADER if request.kind == "ucdp" else ()
    return read_table(shop.cursor, request.path, shop.scratch, names, request.encoding)


def _find_version(shop: Workshop, request: ImportRequest, raw: RawTable) -> str | None:
    if request.kind == "ucdp":
        return find_ucdp_version(request.path.name)
    return find_acled_version(shop.cursor, raw) if request.kind == "acled" else None


def _report(into: Path, record: ImportRecord, *, no_op: bool, notes: tuple[str, ...]) -> ImportReport:
    manifest = load_manifest(into)
    return ImportReport(
        record=record,
        no_op=no_op,
        dataset_version=manifest.version,
        events_now=manifest.counts.get("events", 0),
        cases=_find_cases(into, manifest, record.import_id) if record.problems else {},
        notes=notes,
    )


def _find_cases(into: Path, manifest: Manifest, import_id: str) -> Mapping[str, FirstCase]:
    import duckdb

    with duckdb.connect(":memory:") as cursor:
        found = cursor.execute(
            f'SELECT kind, min("row"), arg_min(detail, "row") FROM {read_file(into / manifest.files["problems"])}'
            ' WHERE import_id = ? AND "row" IS NOT NULL GROUP BY kind ORDER BY kind',
            [import_id],
        ).fetchall()
    return {str(kind): FirstCase(row=int(row), detail=str(detail)) for kind, row, detail in found}
