"""A licensed ACLED export becomes events; every row here is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from import_samples import ACLED_ROW, ask, bring, write_rows

from conflictdesk.errors import ConfigError


def write_acled(path: Path, *changes: Mapping[str, str]) -> Path:
    return write_rows(path, [{**ACLED_ROW, **change} for change in changes])


def test_a_row_becomes_an_event(tmp_path: Path) -> None:
    report = bring(tmp_path / "set", "acled", write_acled(tmp_path / "a.csv", {}))
    assert report.record.version == "2031-02-27"  # the latest edit in the file
    columns = (
        "event_id, date_start, date_end, date_precision, event_type, sub_event_type, original_type, disorder_type,"
        " actor1_kind, actor2_kind, associated, perpetrator, attributed_to, civilian_targeting, iso3,"
        " place_precision, deaths_low, deaths_best, deaths_high, sources, n_sources, notes, flags"
    )
    (row,) = ask(tmp_path / "set", f"SELECT {columns} FROM events")
    day = dt.date(2031, 3, 1)
    assert row == (
        *("acled:GLS1", day, day, 1, "Violence against civilians", "Attack", "Violence against civilians / Attack"),
        *(["Political violence"], "Rebel group", "Civilians", ["Farmers (Chad)", "Women (Chad)"]),
        *("Front of the Glass Hills", None, True, "TCD", 1, 3, 3, 3, ["Hill Post", "Vale Radio"], 2),
        *("An invented note.", []),
    )


def test_text_codes_bom_and_a_date_in_words_read_the_same(tmp_path: Path) -> None:
    plain = write_acled(tmp_path / "a.csv", {})
    worded = write_acled(
        tmp_path / "b.csv", {"inter1": "Rebel group", "inter2": "Civilians", "event_date": "01 March 2031"}
    )
    worded.write_bytes(b"\xef\xbb\xbf" + worded.read_bytes())
    asked = "SELECT * EXCLUDE (import_id) FROM events"
    found = []
    for path in (plain, worded):
        bring(tmp_path / path.stem, "acled", path)
        found.append(ask(tmp_path / path.stem, asked))
    assert found[0] == found[1]


def test_zero_is_kept_and_flagged_as_maybe_unknown(tmp_path: Path) -> None:
    bring(tmp_path / "set", "acled", write_acled(tmp_path / "a.csv", {"fatalities": "0"}))
    assert ask(tmp_path / "set", "SELECT deaths_best, flags FROM events") == [(0, ["zero_may_be_unknown"])]


@pytest.mark.parametrize(
    ("change", "doer"),
    [
        ({}, "Front of the Glass Hills"),
        ({"actor2": "", "inter2": "0"}, "Front of the Glass Hills"),
        ({"inter2": "3"}, None),
        ({"actor1": "Civilians (Chad)", "inter1": "7", "actor2": "Hill Guard", "inter2": "1"}, "Hill Guard"),
        ({"event_type": "Battles", "sub_event_type": "Armed clash", "civilian_targeting": ""}, None),
        (
            {"event_type": "Explosions/Remote violence", "sub_event_type": "Grenade", "inter1": "8"},
            "Front of the Glass Hills",
        ),
    ],
)
def test_the_doer_is_the_one_side_that_is_not_the_target(
    tmp_path: Path, change: dict[str, str], doer: str | None
) -> None:
    bring(tmp_path / "set", "acled", write_acled(tmp_path / "a.csv", change))
    assert ask(tmp_path / "set", "SELECT perpetrator FROM events") == [(doer,)]


def test_older_exports_tell_civilian_targeting_by_type_alone(tmp_path: Path) -> None:
    rows = [
        ACLED_ROW,
        {**ACLED_ROW, "event_id_cnty": "GLS2", "event_type": "Battles", "sub_event_type": "Armed clash"},
        {**ACLED_ROW, "event_id_cnty": "GLS3", "event_type": "Remote violence", "sub_event_type": "Old name"},
    ]
    gone = ("civilian_targeting", "disorder_type", "iso", "timestamp", "tags")
    older = [{"data_id": "9", "iso3": "tcd", **{k: v for k, v in row.items() if k not in gone}} for row in rows]
    report = bring(tmp_path / "set", "acled", write_rows(tmp_path / "old.csv", older))
    assert report.record.version is None
    found = ask(tmp_path / "set", "SELECT civilian_targeting, iso3, event_type, disorder_type FROM events ORDER BY 3")
    assert found == [
        (None, "TCD", "Battles", ["Political violence"]),
        (True, "TCD", "Violence against civilians", ["Political violence"]),
        (None, "TCD", None, None),
    ]


def test_problem_rows_are_counted(tmp_path: Path) -> None:
    rows = [{}, {"event_id_cnty": ""}, {"event_id_cnty": "B", "event_date": "soon"}]
    rows += [{"event_id_cnty": "C", "fatalities": "some"}]
    report = bring(tmp_path / "set", "acled", write_acled(tmp_path / "a.csv", *rows))
    assert (report.record.rows_in, report.record.events) == (4, 1)
    assert dict(report.record.problem_kinds) == {"id-unreadable": 1, "date-unreadable": 1, "figure-unreadable": 1}


def test_an_actor_based_export_is_refused(tmp_path: Path) -> None:
    rows = [ACLED_ROW, {**ACLED_ROW, "actor1": "Civilians (Chad)"}]
    monadic = [{k: v for k, v in row.items() if k not in ("actor2", "assoc_actor_2", "inter2")} for row in rows]
    with pytest.raises(ConfigError, match=r"1 of its 2 rows repeat an event; export it event-based"):
        bring(tmp_path / "set", "acled", write_rows(tmp_path / "a.csv", monadic))
