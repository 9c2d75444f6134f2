"""`conflictdesk export`: a dataset's events in the shapes that others read."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdesk.commands.desk_corrections import run_export_corrections
from conflictdesk.commands.desk_folder import add_desk
from conflictdesk.errors import ConfigError

if TYPE_CHECKING:
    from conflictdesk.exchange.exports import ExportReport

_SHAPES = ("csv", "acled", "ucdp", "xlsx", "parquet", "geoparquet", "gpkg", "geojson", "dta", "package")


def add_export(parser: argparse.ArgumentParser) -> None:
    """Put the arguments of `export` on its parser."""
    where = "keep events with this value, such as country=Yemen or from=2021-01-01; may be repeated"
    quotes = "let out the words of articles, which may name private people"
    sheet = "instead: a desk's incidents as a sheet to correct, .csv or .xlsx; bring it back by `import corrections`"
    parser.add_argument("dataset", nargs="?", type=Path, metavar="DATASET", help="the folder that `import` made")
    parser.add_argument("--to", choices=_SHAPES, metavar="SHAPE", help=f"one of {', '.join(_SHAPES)}")
    parser.add_argument("--out", type=Path, metavar="PATH", help="the file, or the folder of a package")
    parser.add_argument("--for-correction", type=Path, metavar="FILE", help=sheet)
    add_desk(parser)
    parser.add_argument("--where", action="append", default=[], metavar="KEY=VALUE", help=where)
    parser.add_argument("--with-quotes", action="store_true", help=quotes)
    parser.add_argument("--bom", action="store_true", help="begin a CSV with the mark that Excel needs to see UTF-8")
    parser.add_argument("--licence", metavar="NAME", help="the licence of your own rows in a package, as CC-BY-4.0")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(run=run_export, refuse=parser.error)


def run_export(options: argparse.Namespace) -> int:
    """Write the file or the package, or a desk's sheet of corrections, and say what was written."""
    if options.for_correction is not None:
        if options.dataset or options.to or options.out:
            options.refuse("--for-correction is of a desk: give --desk DIR instead of DATASET, --to and --out")
        return run_export_corrections(options)
    needed = {"DATASET": options.dataset, "--to": options.to, "--out": options.out}
    if missing := [name for name, value in needed.items() if value is None]:
        options.refuse(f"the following arguments are required: {', '.join(missing)}")
    from conflictdesk.analyse.known_values import settle_filter
    from conflictdesk.datasets.filters import read_filter
    from conflictdesk.datasets.opening import open_dataset
    from conflictdesk.exchange.exports import ExportOptions, write_events

    wanted = read_filter(read_pairs(options.where))
    dataset = open_dataset(options.dataset)
    try:
        wanted = settle_filter(dataset, wanted)
        given = ExportOptions(with_quotes=options.with_quotes, bom=options.bom, licence=options.licence)
        report = write_events(dataset, wanted, options.to, options.out, given)
    finally:
        dataset.close()
    print(_as_json(report) if options.json else f"{report.rows} events: {options.out}")
    if not options.json:
        for line in tell_report(report):
            print(line, file=sys.stderr)
    return 0


def read_pairs(given: list[str]) -> list[tuple[str, str]]:
    """Read `key=value` arguments.

    Raises:
        ConfigError: one has no equals sign.

    >>> read_pairs(["country=Yemen", "q=a=b"])
    [('country', 'Yemen'), ('q', 'a=b')]
    """
    pairs = [text.partition("=") for text in given]
    for (key, mark, _), text in zip(pairs, given, strict=True):
        if not key or not mark:
            raise ConfigError(f"--where {text}: write a key and a value, as --where country=Yemen")
    return [(key.strip(), value) for key, _, value in pairs]


def tell_report(report: ExportReport) -> list[str]:
    """What a person should know of the file: one line each."""
    told = any("no point" in note for note in report.notes)
    lines = [f"{report.without_point} events have no point"] if report.without_point and not told else []
    by_reason: dict[str, list[str]] = {}
    for column, why in report.empty_columns.items():
        by_reason.setdefault(why, []).append(column)
    empty = [f"empty for rows from elsewhere: {', '.join(names)} ({why})" for why, names in by_reason.items()]
    beside = [f"beside it: {file}" for file in report.files[1:]] if len(report.files) < 4 else []
    return [*lines, *report.notes, *empty, *beside]


def _as_json(report: ExportReport) -> str:
    told = {part.name: getattr(report, part.name) for part in dataclasses.fields(report)}
    return json.dumps({**told, "empty_columns": dict(report.empty_columns)}, ensure_ascii=False, indent=1)
