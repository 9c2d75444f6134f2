"""Any table becomes events by a map of its columns; every fault of the map is told at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from import_samples import ask, bring, write_rows

from conflictdesk.errors import ConfigError
from conflictdesk.exchange.import_maps import read_map

MAP = """
[columns]
source_id = "No."
date_start = "Day"
event_type = "Kind"
actor1 = "By"
actor1_kind = "By kind"
actor2 = "Of"
location = "Place"
latitude = "Lat"
longitude = "Lon"
deaths_best = "Dead"
civilian_targeting = "Civil"
sources = "Told by"

[constants]
country = "Chad"
place_precision = 2

[values.event_type]
"raid" = "Violence against civilians"

[values.actor1_kind]
"rebels" = "Rebel group"

[read]
date_format = "%d.%m.%Y"
list_separator = "/"
empty = ["n/a", "?"]
"""
ROW = {
    "No.": "7",
    "Day": "01.03.2031",
    "Kind": "raid",
    "By": "Front of the Glass Hills",
    "By kind": "rebels",
    "Of": "?",
    "Place": "Upper Vale",
    "Lat": "12.5",
    "Lon": "18.25",
    "Dead": "3",
    "Civil": "yes",
    "Told by": "Vale Radio / Hill Post",
}


def import_rows(folder: Path, rows: list[dict[str, str]], text: str = MAP) -> Path:
    (folder / "map.toml").write_text(text, encoding="utf-8")
    path = write_rows(folder / "rows.csv", rows)
    bring(folder / "set", "table", path, map_file=folder / "map.toml")
    return folder / "set"


def test_a_row_becomes_an_event_by_the_map(tmp_path: Path) -> None:
    where = import_rows(tmp_path, [ROW])
    columns = (
        "event_id, date_start, date_end, date_precision, event_type, original_type, actor1_kind, actor2, perpetrator,"
        " civilian_targeting, country, iso3, place_precision, deaths_low, deaths_best, deaths_high, sources, n_sources,"
        " attributed_to, status, flags"
    )
    day = dt.date(2031, 3, 1)
    assert ask(where, f"SELECT {columns} FROM events") == [
        (
            *("table:7", day, day, 1, "Violence against civilians", "Violence against civilians", "Rebel group", None),
            *("Front of the Glass Hills", True, "Chad", "TCD", 2, 3, 3, 3, ["Hill Post", "Vale Radio"], 2, None),
            *("published", []),
        )
    ]


def test_unknown_is_empty_and_faulty_cells_are_problems(tmp_path: Path) -> None:
    rows = [
        {**ROW, "No.": "1", "Dead": "n/a"},
        {**ROW, "No.": "2", "Dead": "three"},
        {**ROW, "No.": "3", "Day": "2031-03-01"},
        {**ROW, "No.": "?"},
        {**ROW, "No.": "5", "Kind": "feud", "By kind": "clan", "Civil": "perhaps"},
    ]
    where = import_rows(tmp_path, rows)
    found = ask(where, "SELECT source_id, deaths_best, event_type, flags FROM events ORDER BY 1")
    assert found == [
        ("1", None, "Violence against civilians", []),
        ("5", 3, None, ["type_unknown", "actor_kind_unknown", "civilian_targeting_unknown"]),
    ]
    kinds = ask(where, 'SELECT "row", kind FROM problems ORDER BY 1')
    assert kinds == [(2, "figure-unreadable"), (3, "date-unreadable"), (4, "id-unreadable")]


def test_rows_without_ids_may_be_numbered(tmp_path: Path) -> None:
    text = '[columns]\ndate_start = "Day"\n[read]\nnumber_rows = true\ndate_format = "%d.%m.%Y"\n'
    where = import_rows(tmp_path, [ROW, ROW], text)
    assert ask(where, "SELECT event_id FROM events ORDER BY 1") == [("table:1",), ("table:2",)]


def test_every_fault_of_a_map_is_told_at_once(tmp_path: Path) -> None:
    text = """
[columns]
dat_start = "Day"
actor1 = 7
country = "Land"
[constants]
country = "Chad"
event_type = "Batles"
[values.location]
"a" = "b"
[read]
date_format = "%d"
list_separator = ""
[extra]
"""
    with pytest.raises(ConfigError) as told:
        import_rows(tmp_path, [ROW], text)
    for word in (
        "columns.dat_start: no such column of ours, did you mean 'date_start'?",
        "columns.actor1 is 7",
        "constants.country is under [columns] too",
        "constants.event_type = 'Batles', did you mean 'Battles'?",
        "values.location: no column is mapped",
        "read.date_format",
        "read.list_separator",
        "[extra] is not known",
        "columns.source_id is missing",
        "columns.date_start is missing",
    ):
        assert word in str(told.value)


def test_columns_that_the_file_lacks_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"(?s)no column 'Day', did you mean 'Days'.*no column 'Dead'"):
        import_rows(tmp_path, [{("Days" if k == "Day" else k): v for k, v in ROW.items() if k != "Dead"}])


def test_the_map_in_the_docs_is_sound(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "import-map.md"
    (tmp_path / "map.toml").write_text(page.read_text("utf-8").split("```")[1].removeprefix("toml"), "utf-8")
    mapped = read_map(tmp_path / "map.toml")
    assert mapped.columns["deaths_high"] == "Dead (most)" and mapped.empty == ("n/a", "-")


def test_hostile_cells_and_names_stay_text(tmp_path: Path) -> None:
    evil = "'; DROP TABLE events; --"
    text = MAP.replace('"Place"', f'"{evil}"').replace('country = "Chad"', f'country = "{evil}"')
    where = import_rows(tmp_path, [{**ROW, evil: evil}], text)
    assert ask(where, "SELECT location, country FROM events") == [(evil, evil)]
