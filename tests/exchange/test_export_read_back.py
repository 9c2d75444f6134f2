"""Hostile texts and all figures survive each shape: what is written is read back by somebody else's reader."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from made_exports import Made, build_dataset, make_event, rows

from conflictdesk.datasets.schema import EVENT_COLUMNS
from conflictdesk.exchange.cells import clean_for_xml, join_values, split_values, untame
from conflictdesk.exchange.exports import Shape, stream_csv, stream_json, write_events
from conflictdesk.questions import Filter

Row = dict[str, object]
EVERYTHING = Filter()
SUMMED = [name for name, kind in EVENT_COLUMNS.items() if kind == "BIGINT" and name != "row"]


def in_order(made: Sequence[Row]) -> list[Row]:
    """The order of every export: by day and id (as bytes), undated events last."""
    return sorted(made, key=lambda row: (row.get("date_start") or dt.date.max, str(row["event_id"]).encode()))


def write_and_read(made: Sequence[Row], shape: Shape, read: Callable[[Path], list[Row]]) -> list[Row]:
    with tempfile.TemporaryDirectory() as scratch:
        dataset = build_dataset(Path(scratch) / "dataset", Made(rows=made))
        path = Path(scratch) / f"out.{shape}"
        try:
            report = write_events(dataset, EVERYTHING, shape, path)
            assert report.rows == len(made)
            assert report.without_point == sum(row["latitude"] is None for row in made)
            return read(path)
        finally:
            dataset.close()


def expect_same(found: list[Row], made: Sequence[Row], clean: Callable[[str], str], lists: bool = False) -> None:
    assert len(found) == len(made)
    for got, row in zip(found, in_order(made), strict=True):
        for name in EVENT_COLUMNS:
            value, expected = got[name], row.get(name)
            if isinstance(expected, str):
                expected = clean(expected)
            elif isinstance(expected, list):
                expected = [clean(v) for v in expected] if lists else clean(join_values(expected))
            if isinstance(expected, float):
                assert isinstance(value, float | int) and math.isclose(value, expected, abs_tol=1e-300)
            else:
                assert value == expected, name
    for name in SUMMED:
        total = sum(int(float(str(row[name]))) for row in found if row[name] is not None)
        assert total == sum(int(str(row[name])) for row in made if row.get(name) is not None)


def no_nul(text: str) -> str:
    return text.replace("\x00", "\ufffd")


def read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {name: read_cell(cell, EVENT_COLUMNS[name]) for name, cell in row.items()} for row in csv.DictReader(file)
        ]


def read_cell(cell: str, kind: str) -> object:
    if cell == "":
        return None
    readers: Mapping[str, Callable[[str], object]] = {
        "VARCHAR": untame,
        "VARCHAR[]": untame,
        "DATE": dt.date.fromisoformat,
        "DOUBLE": float,
        "BOOLEAN": {"true": True, "false": False}.__getitem__,
    }
    return readers.get(kind, int)(cell)


@settings(deadline=None, max_examples=30)
@given(rows())
def test_csv(made: list[Row]) -> None:
    expect_same(write_and_read(made, "csv", read_csv), made, no_nul)


def read_parquet(path: Path) -> list[Row]:
    found: list[Row] = pq.read_table(path).select(list(EVENT_COLUMNS)).to_pylist()
    return found


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(rows())
def test_parquet_keeps_all_letters_lists_and_days(made: list[Row]) -> None:
    expect_same(write_and_read(made, "parquet", read_parquet), made, str, lists=True)


@pytest.mark.slow
@settings(deadline=None, max_examples=8)
@given(rows())
def test_geoparquet(made: list[Row]) -> None:
    expect_same(write_and_read(made, "geoparquet", read_parquet), made, str, lists=True)


def read_geojson(path: Path) -> list[Row]:
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["type"] == "FeatureCollection"
    return [read_feature(feature) for feature in told["features"]]


def read_feature(feature: dict[str, object]) -> Row:
    found = feature["properties"]
    assert isinstance(found, dict)
    assert (feature["type"], feature["id"]) == ("Feature", found["event_id"])
    point = {"type": "Point", "coordinates": [found["longitude"], found["latitude"]]}
    assert feature["geometry"] == (None if found["latitude"] is None else point)
    return read_object(found)


def read_object(found: Row) -> Row:
    days = [name for name, kind in EVENT_COLUMNS.items() if kind == "DATE" and found[name] is not None]
    return {**found, **{name: dt.date.fromisoformat(str(found[name])) for name in days}}


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(rows())
def test_geojson(made: list[Row]) -> None:
    expect_same(write_and_read(made, "geojson", read_geojson), made, str, lists=True)


def read_workbook(path: Path) -> list[Row]:
    book = openpyxl.load_workbook(path)
    sheet = iter(book["events"].iter_rows(values_only=True))
    names = [str(name) for name in next(sheet)]
    # Empty cells at a row's end are not in the file.
    found = [dict.fromkeys(names) | dict(zip(names, map(read_excel, row, names), strict=False)) for row in sheet]
    book.close()
    return found


def read_excel(value: object, name: str) -> object:
    if isinstance(value, dt.datetime):
        return value.date()
    if EVENT_COLUMNS[name] == "DATE" and isinstance(value, str):
        return dt.date.fromisoformat(value)
    return untame(value) if isinstance(value, str) else value


def fit_excel(text: str) -> str:
    clean = clean_for_xml(text)
    return clean if len(clean.encode("utf-16-le")) <= 2 * 32_767 else clean[:10]


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(rows())
def test_workbook(made: list[Row]) -> None:
    found = write_and_read(made, "xlsx", read_workbook)
    for row in found:
        for name, value in row.items():
            if isinstance(value, str) and value.endswith("… [cut]"):
                row[name] = value[:10]
    expect_same(found, made, fit_excel)


def read_geopackage(path: Path) -> list[Row]:
    package = sqlite3.connect(path)
    package.row_factory = sqlite3.Row
    try:
        found = [dict(row) for row in package.execute("SELECT * FROM events ORDER BY fid")]
    finally:
        package.close()
    for row in found:
        assert (row["geom"] is None) == (row["latitude"] is None)
    return [{name: read_sqlite(row[name], kind) for name, kind in EVENT_COLUMNS.items()} for row in found]


def read_sqlite(value: object, kind: str) -> object:
    if value is None or kind not in ("DATE", "BOOLEAN"):
        return value
    return dt.date.fromisoformat(str(value)) if kind == "DATE" else bool(value)


@pytest.mark.slow
@settings(deadline=None, max_examples=8)
@given(rows())
def test_geopackage(made: list[Row]) -> None:
    expect_same(write_and_read(made, "gpkg", read_geopackage), made, no_nul)


def read_stata(path: Path) -> list[Row]:
    table = pd.read_stata(path).rename(columns={"is_aggregate": "aggregate"})
    return [
        {name: read_stata_cell(row[name], kind) for name, kind in EVENT_COLUMNS.items()}
        for row in table.to_dict("records")
    ]


def read_stata_cell(value: object, kind: str) -> object:
    if value == "" or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, float):
        return bool(value) if kind == "BOOLEAN" else value
    return value


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(rows())
def test_stata(made: list[Row]) -> None:
    expect_same(write_and_read(made, "dta", read_stata), made, no_nul)


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(rows())
def test_the_streams_for_the_web_are_the_files(made: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        dataset = build_dataset(Path(scratch) / "dataset", Made(rows=made))
        write_events(dataset, EVERYTHING, "csv", Path(scratch) / "out.csv")
        assert b"".join(stream_csv(dataset, EVERYTHING)) == (Path(scratch) / "out.csv").read_bytes()
        found = [read_object(row) for row in json.loads(b"".join(stream_json(dataset, EVERYTHING)))]
        dataset.close()
    expect_same(found, made, str, lists=True)


def test_lists_in_one_cell_are_read_back(tmp_path: Path) -> None:
    row: Row = {"event_id": "made:1", "import_id": "i-made", "sources": ["=a;b", "c\\", "d"]}
    dataset = build_dataset(tmp_path / "dataset", Made(rows=[row]))
    write_events(dataset, EVERYTHING, "csv", tmp_path / "out.csv")
    [found] = read_csv(tmp_path / "out.csv")
    assert split_values(str(found["sources"])) == ["=a;b", "c\\", "d"]
    dataset.close()


def lots(stream: Iterator[bytes]) -> int:
    return sum(1 for _ in stream)


def test_a_long_stream_comes_in_lots(tmp_path: Path) -> None:
    made: list[Row] = [{"event_id": f"made:{number:05}", "import_id": "i-made"} for number in range(5_000)]
    dataset = build_dataset(tmp_path / "dataset", Made(rows=made))
    assert lots(stream_csv(dataset, EVERYTHING)) > 2
    assert len(json.loads(b"".join(stream_json(dataset, EVERYTHING)))) == 5_000
    dataset.close()


def test_geographers_readers_see_points_days_and_counts(tmp_path: Path) -> None:
    """Days before 1970 too, which the writer of DuckDB 1.5.5 gets wrong when it is handed days."""
    made = [
        make_event(1, date_start=dt.date(1803, 2, 1), latitude=-12.5, longitude=3.25, deaths_best=2),
        make_event(2, date_start=dt.date(1969, 12, 31), deaths_best=0),
        make_event(3, date_start=dt.date(2021, 3, 4)),
    ]
    dataset = build_dataset(tmp_path / "dataset", Made(rows=made))
    write_events(dataset, EVERYTHING, "gpkg", tmp_path / "out.gpkg")
    write_events(dataset, EVERYTHING, "geoparquet", tmp_path / "out.parquet")
    asked = "SELECT date_start, typeof(date_start), ST_X({0}), ST_Y({0}), deaths_best FROM {1} ORDER BY event_id"
    for column, source in (("geom", "ST_Read(?)"), ("geometry", "read_parquet(?)")):
        path = tmp_path / ("out.gpkg" if column == "geom" else "out.parquet")
        assert dataset.ask(asked.format(column, source), [str(path)]) == [
            (dt.date(1803, 2, 1), "DATE", 3.25, -12.5, 2),
            (dt.date(1969, 12, 31), "DATE", None, None, 0),
            (dt.date(2021, 3, 4), "DATE", None, None, None),
        ]
    dataset.close()
    told = json.loads(pq.read_metadata(tmp_path / "out.parquet").metadata[b"geo"])
    assert told["primary_column"] == "geometry"
    assert told["columns"]["geometry"]["encoding"] == "WKB"
    assert told["columns"]["geometry"]["geometry_types"] == ["Point"]
    package = sqlite3.connect(tmp_path / "out.gpkg")
    assert package.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    layer = "SELECT table_name, srs_id, geometry_type_name FROM gpkg_geometry_columns"
    assert package.execute(layer).fetchall() == [("events", 4326, "POINT")]
    assert package.execute("SELECT last_change FROM gpkg_contents").fetchall() == [("2000-01-01T00:00:00.000Z",)]
    package.close()
