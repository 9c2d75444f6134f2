"""ACLED's and UCDP's columns: what our events say in them, and what came in them is given back letter for letter."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_exports import Made, build_dataset, make_event, texts

from conflictdesk.errors import StoreError
from conflictdesk.exchange.acled_shape import ACLED_COLUMNS
from conflictdesk.exchange.acled_shape import NOT_OURS as NOT_ACLED
from conflictdesk.exchange.cells import untame
from conflictdesk.exchange.exports import ExportReport, Shape, write_events
from conflictdesk.exchange.ucdp_rows import UCDP_HEADER
from conflictdesk.exchange.ucdp_shape import NOT_OURS as NOT_UCDP
from conflictdesk.questions import Filter

CLASH = make_event(
    7,
    date_start=dt.date(2021, 3, 1),
    date_end=dt.date(2021, 3, 4),
    date_precision=2,
    event_type="Battles",
    sub_event_type="Armed clash",
    disorder_type=["Political violence"],
    actor1="Reed Front",
    actor1_kind="Rebel group",
    actor2="Forces of Ostland",
    actor2_kind="State forces",
    associated=["Hill Guard", "Quay Watch"],
    country="Yemen",
    iso3="YEM",
    admin1="Marsh",
    admin2="Lower Marsh",
    location="Reedham",
    latitude=-12.25,
    longitude=3.5,
    place_precision=3,
    deaths_low=2,
    deaths_best=4,
    deaths_high=9,
    deaths_actor1=1,
    deaths_actor2=3,
    aggregate=False,
    sources=["Invented Gazette", "Quay Radio"],
    n_sources=2,
    first_reported=dt.date(2021, 3, 5),
    last_reported=dt.date(2021, 3, 6),
    headline="Fighting near Reedham",
    notes="Clash at the reed beds",
    flags=["low_above_best"],
)


def export(folder: Path, shape: Shape, made: Made) -> tuple[ExportReport, list[dict[str, str]]]:
    dataset = build_dataset(folder / "dataset", made)
    try:
        report = write_events(dataset, Filter(), shape, folder / "out.csv")
    finally:
        dataset.close()
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return report, list(csv.DictReader(file))


def export_one(folder: Path, shape: Shape, event: Mapping[str, object]) -> dict[str, str]:
    [row] = export(folder, shape, Made(rows=[event]))[1]
    return row


def test_an_event_in_acled_columns(tmp_path: Path) -> None:
    report, [row] = export(tmp_path, "acled", Made(rows=[CLASH]))
    assert tuple(row) == ACLED_COLUMNS
    assert len(row) == 31
    assert {name: cell for name, cell in row.items() if cell} == {
        "event_id_cnty": "made:7",
        "event_date": "2021-03-02",
        "year": "2021",
        "time_precision": "2",
        "disorder_type": "Political violence",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "Reed Front",
        "assoc_actor_1": "Hill Guard; Quay Watch",
        "inter1": "Rebel group",
        "actor2": "Forces of Ostland",
        "inter2": "State forces",
        "interaction": "State forces-Rebel group",
        "iso": "887",
        "region": "Middle East",
        "country": "Yemen",
        "admin1": "Marsh",
        "admin2": "Lower Marsh",
        "location": "Reedham",
        "latitude": "-12.25",
        "longitude": "3.5",
        "geo_precision": "3",
        "source": "Invented Gazette; Quay Radio",
        "notes": "Clash at the reed beds",
        "fatalities": "4",
        "tags": "flag: low_above_best",
        "timestamp": "1614988800",
    }
    assert report.empty_columns == NOT_ACLED
    assert all(row[name] == "" for name in NOT_ACLED)


@pytest.mark.parametrize(
    ("values", "column", "cell"),
    [
        ({"deaths_best": None}, "fatalities", ""),
        ({"deaths_best": 0}, "fatalities", "0"),
        ({"date_precision": 4}, "time_precision", ""),
        ({"place_precision": 4}, "geo_precision", ""),
        ({"civilian_targeting": True}, "civilian_targeting", "Civilians targeted"),
        ({"civilian_targeting": False}, "civilian_targeting", ""),
        ({"actor2_kind": None}, "interaction", "Rebel group only"),
        ({"actor2_kind": "Rebel group"}, "interaction", "Rebel group-Rebel group"),
        ({"actor1_kind": None, "actor2_kind": None}, "interaction", ""),
        ({"date_start": None, "date_end": None}, "event_date", ""),
        ({"iso3": None}, "iso", ""),
    ],
)
def test_what_acled_columns_say_of_less(tmp_path: Path, values: Mapping[str, object], column: str, cell: str) -> None:
    assert export_one(tmp_path, "acled", {**CLASH, **values})[column] == cell


def test_an_event_in_ucdp_columns(tmp_path: Path) -> None:
    report, [row] = export(tmp_path, "ucdp", Made(rows=[CLASH]))
    assert tuple(row) == UCDP_HEADER
    assert len(row) == 49
    assert {name: cell for name, cell in row.items() if cell} == {
        "relid": "made:7",
        "year": "2021",
        "type_of_violence": "1",
        "dyad_name": "Reed Front - Forces of Ostland",
        "side_a": "Reed Front",
        "side_b": "Forces of Ostland",
        "number_of_sources": "2",
        "source_office": "Invented Gazette;Quay Radio",
        "source_date": "2021-03-05",
        "source_headline": "Fighting near Reedham",
        "where_prec": "4",
        "where_coordinates": "Reedham",
        "adm_1": "Marsh",
        "adm_2": "Lower Marsh",
        "latitude": "-12.25",
        "longitude": "3.5",
        "geom_wkt": "POINT (3.5 -12.25)",
        "priogrid_gid": "111968",
        "country": "Yemen",
        "event_clarity": "1",
        "date_prec": "2",
        "date_start": "2021-03-01",
        "date_end": "2021-03-04",
        "deaths_a": "1",
        "deaths_b": "3",
        "best": "4",
        "high": "9",
        "low": "2",
    }
    assert report.empty_columns == NOT_UCDP
    assert all(row[name] == "" for name in NOT_UCDP)


@pytest.mark.parametrize(
    ("values", "column", "cell"),
    [
        ({"actor2_kind": "Political militia"}, "type_of_violence", "2"),
        ({"actor2_kind": "Civilians", "civilian_targeting": True}, "type_of_violence", "3"),
        ({"actor2_kind": "Protesters"}, "type_of_violence", ""),
        ({"actor1_kind": None}, "type_of_violence", ""),
        ({"date_end": dt.date(2021, 3, 1)}, "date_prec", "1"),
        ({"date_end": dt.date(2021, 3, 7)}, "date_prec", "3"),
        ({"date_end": dt.date(2021, 3, 31)}, "date_prec", "4"),
        ({"date_end": dt.date(2021, 4, 20)}, "date_prec", "5"),
        ({"date_start": None, "date_end": None}, "date_prec", ""),
        ({"aggregate": True}, "event_clarity", "2"),
        ({"aggregate": None}, "event_clarity", ""),
        ({"place_precision": 4}, "where_prec", "6"),
        ({"latitude": None, "longitude": None}, "geom_wkt", ""),
        ({"latitude": None, "longitude": None}, "priogrid_gid", ""),
        ({"deaths_high": None}, "high", ""),
    ],
)
def test_what_ucdp_columns_say_of_other_events(
    tmp_path: Path, values: Mapping[str, object], column: str, cell: str
) -> None:
    assert export_one(tmp_path, "ucdp", {**CLASH, **values})[column] == cell


def came(columns: Sequence[str], cells: Sequence[Mapping[str, str]], kind: str) -> Made:
    rows = [{**dict.fromkeys(columns, ""), **cell} for cell in cells]
    events = [make_event(n, import_id="i-came", row=n) for n in range(1, len(rows) + 1)]
    return Made(rows=events, kinds={"i-came": kind}, originals={"i-came": rows})


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(st.lists(st.dictionaries(st.sampled_from(UCDP_HEADER), texts), min_size=1, max_size=3))
def test_rows_that_came_from_ucdp_are_given_back(cells: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        report, rows = export(Path(scratch), "ucdp", came(UCDP_HEADER, cells, "ucdp"))
    assert report.empty_columns == {}
    for row, cell in zip(rows, cells, strict=True):
        for name in UCDP_HEADER:
            # An apostrophe that an export put there is no part of the text.
            assert untame(row[name]) == untame(cell.get(name, "")).replace("\x00", "\ufffd")


def test_rows_that_came_from_acled_are_given_back(tmp_path: Path) -> None:
    cells = [{"event_id_cnty": "OST9", "event_date": "02 March 2021", "iso": "999", "admin3": "Pier", "tags": "a=b"}]
    report, [row] = export(tmp_path, "acled", came([*ACLED_COLUMNS, "iso3", "data_id"], cells, "acled"))
    assert {name: cell for name, cell in row.items() if cell} == cells[0]
    assert "1 rows that came in this shape keep their own cells" in report.notes
    assert any("data_id, iso3" in note for note in report.notes)
    assert any("forbid passing them on" in note for note in report.notes)


def test_rows_from_elsewhere_stand_beside_rows_that_came(tmp_path: Path) -> None:
    made = came(["id", "best_est", "SIDE_A"], [{"id": "12.0", "best_est": "7", "SIDE_A": "Reed Front"}], "ucdp")
    both = Made(rows=[*made.rows, CLASH], kinds={**made.kinds, "i-made": "table"}, originals=made.originals)
    report, rows = export(tmp_path, "ucdp", both)
    assert [(row["id"], row["best"], row["side_a"], row["year"]) for row in rows] == [
        ("", "4", "Reed Front", "2021"),
        ("12.0", "7", "Reed Front", ""),
    ]
    assert report.empty_columns == NOT_UCDP


def test_lost_originals_are_told(tmp_path: Path) -> None:
    dataset = build_dataset(tmp_path / "dataset", came(["id"], [{"id": "1"}], "ucdp"))
    (tmp_path / "dataset" / "originals" / "i-came.parquet").unlink()
    with pytest.raises(StoreError, match=r"i-came\.parquet is gone"):
        write_events(dataset, Filter(), "ucdp", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
    dataset.close()
