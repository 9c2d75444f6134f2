"""Events leave a dataset here, in the shapes that others read: the door of all exports."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, get_args

from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError, StoreError
from conflictdesk.exchange import acled_shape, ucdp_shape
from conflictdesk.exchange.csv_shape import (
    copy_lines,
    csv_lines_sql,
    dictionary_path,
    stream_lines,
    write_csv,
    write_dictionary,
    write_quotes,
)
from conflictdesk.exchange.geo import (
    stream_json_array,
    write_geojson,
    write_geopackage,
    write_geoparquet,
    write_parquet,
)
from conflictdesk.exchange.licences import describe_sources, warn_of_terms
from conflictdesk.exchange.original_rows import ShapedRows
from conflictdesk.exchange.package import write_package
from conflictdesk.exchange.selection import Chosen, ExportOptions, ExportReport, choose_rows, tell_hidden
from conflictdesk.exchange.stata import STATA_NAMES, write_stata
from conflictdesk.exchange.whole import check_goal
from conflictdesk.exchange.workbook import write_workbook
from conflictdesk.questions import Filter

Shape = Literal["csv", "acled", "ucdp", "xlsx", "parquet", "geoparquet", "gpkg", "geojson", "dta", "package"]
SHAPES: Final[tuple[Shape, ...]] = get_args(Shape)
_AS_CAME: Final = "{n} rows that came in this shape keep their own cells"
_NO_LISTS: Final = 'several values stand in one cell, ";" between them'


def write_events(
    dataset: Dataset, wanted: Filter, shape: Shape, path: Path, options: ExportOptions | None = None
) -> ExportReport:
    """Write the events of a filter to `path`: a file, or a folder for "package"; whole or not at all.

    The same dataset, filter and options give the same bytes in every shape but "xlsx", where the format itself writes
    the hour into the file.

    Raises:
        ConfigError: the goal stands in the way, or there are more rows than the shape can hold.
        StoreError: the file cannot be written, or a file of the dataset is gone.
    """
    import duckdb

    if shape not in SHAPES:
        raise ConfigError(f"there is no shape {shape!r}: choose one of {', '.join(SHAPES)}")
    check_goal(path, dataset, folder=shape == "package")
    given = dataclasses.replace(options or ExportOptions(), columns=(), limit=None, offset=0)
    chosen = choose_rows(dataset, wanted, given)
    try:
        report = _WRITERS[shape](dataset, chosen, path, given)
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise StoreError(f"cannot write {path}: {error}") from error
    return dataclasses.replace(report, notes=(*_tell_always(chosen, given, report), *report.notes))


def stream_csv(dataset: Dataset, wanted: Filter, options: ExportOptions | None = None) -> Iterator[bytes]:
    """Give the events of a filter as CSV, the very bytes of the file, some thousand rows at a time.

    Raises (before the first bytes):
        ConfigError: a column is asked for that no dataset has.
    """
    given = options or ExportOptions()
    chosen = choose_rows(dataset, wanted, given)
    sql = csv_lines_sql(chosen.sorted_sql, chosen.kinds, bom=given.bom)
    return stream_lines(dataset, sql, chosen.parameters)


def stream_json(dataset: Dataset, wanted: Filter, options: ExportOptions | None = None) -> Iterator[bytes]:
    """Give the events of a filter as one JSON array of objects, some thousand rows at a time.

    Raises (before the first bytes):
        ConfigError: a column is asked for that no dataset has.
    """
    return stream_json_array(dataset, choose_rows(dataset, wanted, options or ExportOptions()))


def _tell_always(chosen: Chosen, options: ExportOptions, report: ExportReport) -> tuple[str, ...]:
    empty: tuple[str, ...] = () if chosen.rows else ("no event matches: the file holds none",)
    if options.with_quotes and report.shape not in ("csv", "package"):
        empty = (*empty, "the table of quotes comes with csv and package alone; here headline and notes are let out")
    return (*empty, *tell_hidden(chosen), *(() if report.shape == "package" else _warn_shortly(chosen)))


def _warn_shortly(chosen: Chosen) -> tuple[str, ...]:
    """A word on rows that must not be passed on."""
    if not warn_of_terms(chosen.imports):
        return ()
    return ("rows from ACLED are among these; ACLED's terms forbid passing them on",)


def _report(dataset: Dataset, chosen: Chosen, shape: str, *files: Path) -> ExportReport:
    return ExportReport(
        shape=shape,
        files=tuple(str(file) for file in files),
        rows=chosen.rows,
        without_point=chosen.without_point,
        dataset_version=dataset.version,
    )


def _write_csv(dataset: Dataset, chosen: Chosen, path: Path, options: ExportOptions) -> ExportReport:
    files = [path, dictionary_path(path)]
    write_dictionary(chosen.kinds, files[1])
    if options.with_quotes:
        files.append(path.with_name(f"{path.stem}.quotes.csv"))
        write_quotes(dataset, chosen, files[2], bom=options.bom)
    write_csv(dataset, chosen, path, bom=options.bom)
    return _report(dataset, chosen, "csv", *files)


def _write_acled(dataset: Dataset, chosen: Chosen, path: Path, options: ExportOptions) -> ExportReport:
    shaped = acled_shape.shape_acled(dataset, chosen)
    lines = csv_lines_sql(shaped.sql, acled_shape.ACLED_KINDS, bom=options.bom)
    copy_lines(dataset, lines, chosen.parameters, path)
    coarse = ("time_precision and geo_precision are blank where ACLED has no word for something as vague",)
    return _tell_shaped(_report(dataset, chosen, "acled", path), shaped, acled_shape.NOT_OURS, coarse)


def _write_ucdp(dataset: Dataset, chosen: Chosen, path: Path, options: ExportOptions) -> ExportReport:
    shaped = ucdp_shape.shape_ucdp(dataset, chosen)
    lines = csv_lines_sql(shaped.sql, ucdp_shape.UCDP_KINDS, bom=options.bom)
    copy_lines(dataset, lines, chosen.parameters, path)
    kinds = ("type_of_violence follows the kinds of the two parties, and is blank where they do not say it",)
    return _tell_shaped(_report(dataset, chosen, "ucdp", path), shaped, ucdp_shape.NOT_OURS, kinds)


def _tell_shaped(
    report: ExportReport, shaped: ShapedRows, not_ours: Mapping[str, str], of_ours: tuple[str, ...]
) -> ExportReport:
    notes: tuple[str, ...] = (_AS_CAME.format(n=shaped.put_back),) if shaped.put_back else ()
    if shaped.left_out:
        notes += (f"columns of the files that came, for which this shape has no place: {', '.join(shaped.left_out)}",)
    if report.rows == shaped.put_back:
        return dataclasses.replace(report, notes=notes)
    return dataclasses.replace(report, notes=(*notes, *of_ours), empty_columns=not_ours)


def _write_xlsx(dataset: Dataset, chosen: Chosen, path: Path, options: ExportOptions) -> ExportReport:
    cut = write_workbook(dataset, chosen, path, _about(dataset, chosen, options))
    notes: tuple[str, ...] = (_NO_LISTS, "an .xlsx holds the hour it was made, so its bytes differ each time")
    notes += (f"{cut} texts were longer than Excel allows and are cut; CSV and Parquet hold them whole",) if cut else ()
    return dataclasses.replace(_report(dataset, chosen, "xlsx", path), notes=notes, same_bytes=False)


def _about(dataset: Dataset, chosen: Chosen, options: ExportOptions) -> list[tuple[str, str]]:
    told = [
        ("dataset", dataset.version),
        ("events", str(chosen.rows)),
        ("without a point", str(chosen.without_point)),
        ("empty cells", "nothing is known; never 0"),
        ("formulas", "a text that would run as one has an apostrophe before it"),
    ]
    for source in describe_sources(chosen.imports, options.licence):
        told += [("source", source.citation), ("SHA-256 of the file", source.record.sha256), ("terms", source.terms)]
    return told


def _write_parquet(dataset: Dataset, chosen: Chosen, path: Path, _options: ExportOptions) -> ExportReport:
    write_parquet(dataset, chosen, path)
    return _report(dataset, chosen, "parquet", path)


def _write_geoparquet(dataset: Dataset, chosen: Chosen, path: Path, _options: ExportOptions) -> ExportReport:
    write_geoparquet(dataset, chosen, path)
    return _tell_points(_report(dataset, chosen, "geoparquet", path), chosen)


def _write_gpkg(dataset: Dataset, chosen: Chosen, path: Path, _options: ExportOptions) -> ExportReport:
    write_geopackage(dataset, chosen, path)
    report = _tell_points(_report(dataset, chosen, "gpkg", path), chosen)
    return dataclasses.replace(report, notes=(*report.notes, _NO_LISTS))


def _write_geojson(dataset: Dataset, chosen: Chosen, path: Path, _options: ExportOptions) -> ExportReport:
    write_geojson(dataset, chosen, path)
    return _tell_points(_report(dataset, chosen, "geojson", path), chosen)


def _write_dta(dataset: Dataset, chosen: Chosen, path: Path, _options: ExportOptions) -> ExportReport:
    write_stata(dataset, chosen, path)
    renamed = tuple(f"the column {old} is called {new} there" for old, new in STATA_NAMES.items())
    return dataclasses.replace(_report(dataset, chosen, "dta", path), notes=(_NO_LISTS, *renamed))


def _write_package(dataset: Dataset, chosen: Chosen, path: Path, options: ExportOptions) -> ExportReport:
    names = write_package(dataset, chosen, path, options)
    report = _report(dataset, chosen, "package", *(path / name for name in names))
    return dataclasses.replace(report, notes=warn_of_terms(chosen.imports))


def _tell_points(report: ExportReport, chosen: Chosen) -> ExportReport:
    notes: tuple[str, ...] = ()
    if chosen.without_point:
        notes += (f"{chosen.without_point} events have no point: their geometry is null",)
    if chosen.whole_country:
        notes += (
            f"{chosen.whole_country} events are placed no finer than a country: their point stands for all of it",
        )
    return dataclasses.replace(report, notes=notes)


_WRITERS: Final[Mapping[Shape, Callable[[Dataset, Chosen, Path, ExportOptions], ExportReport]]] = {
    "csv": _write_csv,
    "acled": _write_acled,
    "ucdp": _write_ucdp,
    "xlsx": _write_xlsx,
    "parquet": _write_parquet,
    "geoparquet": _write_geoparquet,
    "gpkg": _write_gpkg,
    "geojson": _write_geojson,
    "dta": _write_dta,
    "package": _write_package,
}

__all__ = ["SHAPES", "ExportOptions", "ExportReport", "Shape", "stream_csv", "stream_json", "write_events"]
