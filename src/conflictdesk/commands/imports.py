"""`conflictdesk import`: a file becomes rows of a dataset, and what became of each row is told."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conflictdesk.commands.desk_corrections import add_corrections

if TYPE_CHECKING:
    from conflictdesk.exchange.imports import ImportReport

_KINDS: Final = {
    "ucdp": "a UCDP GED or Candidate CSV, also .gz or .zip",
    "acled": "your own event-based ACLED export as CSV or XLSX",
    "table": "any CSV, XLSX or Parquet, with --map",
    "coded": "the folder that `code` wrote",
}
_SHOWN: Final = 8


def add_import(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `import` takes."""
    kinds = parser.add_subparsers(required=True, metavar="KIND", dest="kind")
    for kind, told in _KINDS.items():
        one = kinds.add_parser(kind, help=told)
        one.add_argument("path", type=Path, metavar="DIR" if kind == "coded" else "FILE", help=told)
        one.add_argument(
            "--into", type=Path, required=True, metavar="DATASET", help="the dataset's folder, made if new"
        )
        one.add_argument("--version", metavar="V", help="version of the file, as 19.1, if its name does not tell")
        one.add_argument("--origin", metavar="NAME", help=f"name of the source in the dataset ({kind})")
        gone = "take out ids of earlier imports of this source that the file does not hold"
        one.add_argument("--replace", action="store_true", help=gone)
        one.add_argument("--json", action="store_true", help="tell the result as JSON")
        if kind == "table":
            meaning = "what its columns mean (see docs/reference/import-map.md)"
            one.add_argument("--map", type=Path, required=True, metavar="MAP.toml", dest="map_file", help=meaning)
        if kind != "coded":
            one.add_argument("--encoding", metavar="NAME", help="encoding of the text, if it is not recognised")
    parser.set_defaults(run=run_import)
    add_corrections(kinds.add_parser("corrections", help="changed cells of a desk's sheet (`export --for-correction`)"))


def run_import(options: argparse.Namespace) -> int:
    """Import and tell."""
    from conflictdesk.datasets.caches import build_cache
    from conflictdesk.datasets.manifest import load_manifest
    from conflictdesk.exchange.imports import ImportRequest, import_file

    report = import_file(
        ImportRequest(
            kind=options.kind,
            path=options.path,
            into=options.into,
            version=options.version,
            origin=options.origin,
            replace=options.replace,
            map_file=getattr(options, "map_file", None),
            encoding=getattr(options, "encoding", None),
        )
    )
    # Made here and not by the first question, so that no question waits for it.
    build_cache(options.into, load_manifest(options.into))
    if options.json:
        print(json.dumps(report_json(report), ensure_ascii=False))
    else:
        for line in tell_report(report, options.into):
            print(line)
    return 0


def report_json(report: ImportReport) -> dict[str, object]:
    """The report for scripts: counts, what changed by field, faults by kind."""
    record = report.record
    return {
        "rows": record.rows_in,
        "events": record.events,
        "problems": record.problems,
        "superseded": record.superseded,
        "older": record.older,
        "withdrawn": record.withdrawn,
        "kept": record.kept,
        "changed": record.changed,
        "reworded": record.reworded,
        "changes": dict(record.changes),
        "flags": dict(record.faults),
        "problem_kinds": {
            kind: {"rows": number, **_case_json(report, kind)} for kind, number in record.problem_kinds.items()
        },
        "no_op": report.no_op,
        "kind": record.kind,
        "origin": record.origin,
        "version": record.version,
        "import_id": record.import_id,
        "notes": list(report.notes),
        "dataset": {"version": report.dataset_version, "events": report.events_now},
    }


def _case_json(report: ImportReport, kind: str) -> dict[str, object]:
    case = report.cases.get(kind)
    return {"first_row": case.row, "detail": case.detail} if case else {}


def tell_report(report: ImportReport, into: Path) -> Iterator[str]:
    """The report as lines for a person."""
    from conflictdesk.terminal import plain

    record = report.record
    if report.no_op:
        version = f", version {record.version}" if record.version else ""
        yield plain(
            f"{record.file} ({record.origin}{version}) is in this dataset already; its rows were not read again."
        )
        if record.withdrawn:
            yield f"{_many(record.withdrawn, 'id')} of earlier imports that it does not hold: withdrawn."
        return
    yield f"{_many(record.rows_in, 'row')} in: {_many(record.events, 'event')}, {_many(record.problems, 'problem')}"
    for kind, number in record.problem_kinds.items():
        case = report.cases.get(kind)
        first = f"; first in row {case.row}: {case.detail}" if case else ""
        yield plain(f"  problem {kind}: {number:,}{first}")
    yield from _tell_versions(report)
    if record.faults:
        yield "kept as published, with these faults flagged:"
        yield from _list_counts(record.faults)
    for note in report.notes:
        yield plain(f"note: {note}")
    yield plain(f"{into} now holds {_many(report.events_now, 'event')} (dataset version {report.dataset_version})")


def _tell_versions(report: ImportReport) -> Iterator[str]:
    record = report.record
    if record.older:
        yield f"{_many(record.older, 'row')} went to the superseded at once: a newer version of them was there"
    if record.superseded:
        yield f"{_many(record.superseded, 'earlier row')} superseded by this file"
    if record.superseded or record.older:
        other = "only in names of places, sources or wording, or a point moved by less than 1 km"
        yield f"  compared id by id: {record.changed:,} with other values, {record.reworded:,} {other}"
    if record.changes:
        yield from _list_counts(record.changes, limit=len(record.changes))
    if record.withdrawn:
        yield f"{_many(record.withdrawn, 'id')} of earlier imports that the file does not hold: withdrawn"
    if record.kept:
        mend = "--replace withdraws them"
        yield f"{_many(record.kept, 'id')} of an older version that the file does not hold: kept; {mend}"


def _list_counts(counts: Mapping[str, int], limit: int = _SHOWN) -> Iterator[str]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for name, number in ranked[:limit]:
        yield f"  {name}: {number:,}"
    if len(ranked) > limit:
        yield f"  and {len(ranked) - limit} more kinds"


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
