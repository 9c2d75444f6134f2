"""Exports are whole or absent, the same each time, do no harm to what is there, and keep the words of articles in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_exports import Made, build_dataset, make_event

from conflictdesk.datasets.filters import read_filter
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError, StoreError
from conflictdesk.exchange import stata, workbook
from conflictdesk.exchange.exports import SHAPES, ExportOptions, Shape, stream_csv, stream_json, write_events
from conflictdesk.questions import Filter

pytestmark = pytest.mark.slow

EVENTS = [
    make_event(3, country="Yemen", deaths_best=5, latitude=1.0, longitude=2.0, place_precision=4, headline="Three"),
    make_event(1, country="Oman", deaths_best=1, import_id="i-coded", headline="Ana Invented hurt", notes="Ana fell"),
    make_event(2, country="Yemen"),
]
QUOTES = [{"event_id": "made:1", "field": "deaths", "quote": "Ana Invented fell", "start": 1, "end": 18}]
MADE = Made(rows=EVENTS, kinds={"i-made": "table", "i-coded": "coded"}, quotes=QUOTES)


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[Dataset]:
    made = build_dataset(tmp_path / "dataset", MADE)
    yield made
    made.close()


def read_all(path: Path) -> bytes:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return b"".join(file.name.encode() + file.read_bytes() for file in files)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "xlsx"])
def test_the_same_dataset_gives_the_same_bytes(dataset: Dataset, tmp_path: Path, shape: Shape) -> None:
    first = write_events(dataset, Filter(), shape, tmp_path / "out.x")
    assert first.same_bytes
    before = read_all(tmp_path / "out.x")
    time.sleep(1.1)  # some formats write the second down
    write_events(dataset, Filter(), shape, tmp_path / "out.x")
    assert read_all(tmp_path / "out.x") == before


def test_a_workbook_does_not_promise_the_same_bytes(dataset: Dataset, tmp_path: Path) -> None:
    assert not write_events(dataset, Filter(), "xlsx", tmp_path / "out.xlsx").same_bytes


@pytest.mark.parametrize("shape", SHAPES)
def test_no_event_is_a_file_of_none(dataset: Dataset, tmp_path: Path, shape: Shape) -> None:
    report = write_events(dataset, Filter(country=("Nowhere",)), shape, tmp_path / "out.x")
    assert report.rows == 0
    assert (tmp_path / "out.x").exists()
    assert report.notes[0] == "no event matches: the file holds none"


def test_a_filter_keeps_its_events_alone(dataset: Dataset, tmp_path: Path) -> None:
    report = write_events(dataset, read_filter([("country", "Yemen")]), "csv", tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert report.rows == 2
    assert [line.split(",")[0] for line in lines] == ["event_id", "made:2", "made:3"]


@pytest.mark.parametrize("shape", SHAPES)
def test_words_of_articles_stay_in_unless_asked_for(dataset: Dataset, tmp_path: Path, shape: Shape) -> None:
    report = write_events(dataset, Filter(), shape, tmp_path / "out.x")
    assert any("--with-quotes" in note for note in report.notes)
    if shape in ("csv", "acled", "ucdp", "geojson", "dta", "package", "gpkg"):
        assert b"Ana" not in read_all(tmp_path / "out.x")
        assert shape == "acled" or b"Three" in read_all(tmp_path / "out.x")


def test_words_of_articles_come_when_asked_for(dataset: Dataset, tmp_path: Path) -> None:
    report = write_events(dataset, Filter(), "csv", tmp_path / "out.csv", ExportOptions(with_quotes=True))
    assert [Path(file).name for file in report.files] == ["out.csv", "out.columns.csv", "out.quotes.csv"]
    assert b"Ana Invented hurt" in (tmp_path / "out.csv").read_bytes()
    assert b"made:1,deaths,Ana Invented fell,1,18" in (tmp_path / "out.quotes.csv").read_bytes()
    assert not any("--with-quotes" in note for note in report.notes)


def test_quotes_are_those_of_the_events_chosen(dataset: Dataset, tmp_path: Path) -> None:
    write_events(dataset, Filter(country=("Yemen",)), "csv", tmp_path / "out.csv", ExportOptions(with_quotes=True))
    assert b"Ana" not in (tmp_path / "out.quotes.csv").read_bytes()


def test_events_without_a_point_are_counted(dataset: Dataset, tmp_path: Path) -> None:
    report = write_events(dataset, Filter(), "geojson", tmp_path / "out.geojson")
    assert report.without_point == 2
    assert "2 events have no point: their geometry is null" in report.notes
    assert any(note.startswith("1 events are placed no finer than a country") for note in report.notes)


def test_a_byte_order_mark_comes_when_asked_for(dataset: Dataset, tmp_path: Path) -> None:
    write_events(dataset, Filter(), "csv", tmp_path / "out.csv", ExportOptions(bom=True))
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfevent_id,")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_dataset_is_never_written_into(dataset: Dataset, tmp_path: Path, shape: Shape) -> None:
    before = sorted(path.name for path in dataset.folder.iterdir())
    for goal in (dataset.folder, dataset.folder / "out.csv", tmp_path / "dataset" / ".." / "dataset" / "x"):
        with pytest.raises(ConfigError, match="lies in the dataset"):
            write_events(dataset, Filter(), shape, goal)
    assert sorted(path.name for path in dataset.folder.iterdir()) == before


def test_a_folder_of_others_is_left_alone(dataset: Dataset, tmp_path: Path) -> None:
    other = tmp_path / "theirs"
    other.mkdir()
    (other / "datapackage.json").write_text('{"name": "theirs"}', encoding="utf-8")
    with pytest.raises(ConfigError, match="holds other files"):
        write_events(dataset, Filter(), "package", other)
    assert [file.name for file in other.iterdir()] == ["datapackage.json"]


def test_a_package_of_ours_is_replaced_and_a_strange_file_in_it_stays(dataset: Dataset, tmp_path: Path) -> None:
    goal = tmp_path / "package"
    write_events(dataset, Filter(), "package", goal, ExportOptions(with_quotes=True))
    (goal / "my notes.txt").write_text("mine", encoding="utf-8")
    assert (goal / "quotes.csv").exists()
    write_events(dataset, Filter(), "package", goal)
    assert not (goal / "quotes.csv").exists()
    assert (goal / "my notes.txt").read_text("utf-8") == "mine"
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_a_goal_of_the_wrong_kind_is_refused(dataset: Dataset, tmp_path: Path, shape: Shape) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    wrong = tmp_path / ("file" if shape == "package" else "folder")
    with pytest.raises(ConfigError, match="name a"):
        write_events(dataset, Filter(), shape, wrong)
    with pytest.raises(ConfigError, match="is a file"):
        write_events(dataset, Filter(), shape, tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text("utf-8") == "mine"


@pytest.mark.parametrize("shape", ["xlsx", "dta"])
def test_too_many_rows_are_refused_with_a_way_out(
    dataset: Dataset, tmp_path: Path, shape: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    monkeypatch.setattr(stata, "MOST_ROWS", 2)
    with pytest.raises(ConfigError, match=r"3 events are .* csv"):
        write_events(dataset, Filter(), shape, tmp_path / "out.x")
    assert not (tmp_path / "out.x").exists()


def test_a_figure_too_great_for_stata_is_refused(tmp_path: Path) -> None:
    made = build_dataset(tmp_path / "dataset", Made(rows=[make_event(1, deaths_best=2**53 + 2)]))
    with pytest.raises(ConfigError, match="deaths_best holds 9007199254740994"):
        write_events(made, Filter(), "dta", tmp_path / "out.dta")
    made.close()


@pytest.mark.parametrize("shape", ["csv", "parquet", "gpkg", "geojson", "xlsx", "dta"])
def test_a_failed_export_leaves_the_older_file(
    dataset: Dataset, tmp_path: Path, shape: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = tmp_path / "out.x"
    goal.write_text("older", encoding="utf-8")

    def refuse(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StoreError, match="No space left"):
        write_events(dataset, Filter(), shape, goal)
    assert goal.read_text("utf-8") == "older"
    assert not [file for file in tmp_path.iterdir() if ".part" in file.name]


def test_a_page_of_a_list_is_cut_as_asked(dataset: Dataset) -> None:
    asked = ExportOptions(columns=("event_id", "country"), limit=1, offset=1)
    assert b"".join(stream_csv(dataset, Filter(), asked)) == b"event_id,country\nmade:2,Yemen\n"
    assert json.loads(b"".join(stream_json(dataset, Filter(), asked))) == [{"event_id": "made:2", "country": "Yemen"}]


def test_an_unknown_column_is_refused_before_the_first_byte(dataset: Dataset) -> None:
    with pytest.raises(ConfigError, match="there is no column 'secret'"):
        stream_csv(dataset, Filter(), ExportOptions(columns=("secret",)))
    with pytest.raises(ConfigError, match="there is no column"):
        stream_json(dataset, Filter(), ExportOptions(columns=('event_id" FROM quotes --',)))


def test_streams_keep_the_words_of_articles_in(dataset: Dataset) -> None:
    assert b"Ana" not in b"".join(stream_csv(dataset, Filter()))
    assert b"Ana" not in b"".join(stream_json(dataset, Filter()))
    assert b"Ana" in b"".join(stream_json(dataset, Filter(), ExportOptions(with_quotes=True)))


def test_a_path_with_strange_letters_is_a_path(dataset: Dataset, tmp_path: Path) -> None:
    for shape in ("csv", "gpkg", "geoparquet"):
        goal = tmp_path / f'o\'Neil; DROP "x" {shape}.x'
        write_events(dataset, Filter(), shape, goal)
        assert goal.exists()
