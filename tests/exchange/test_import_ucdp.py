"""UCDP rows become events without a row, a figure or a code lost."""

from __future__ import annotations

import datetime as dt
import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from import_samples import UCDP_ROW, ask, bring, write_rows, write_ucdp

from conflictdesk.errors import ConfigError
from conflictdesk.exchange.ucdp_rows import UCDP_HEADER

pytestmark = pytest.mark.slow

BENCH = Path(os.environ.get("CONFLICTDESK_BENCH", "../shared")) / "bench" / "ucdp_ged"


def test_a_row_becomes_an_event_with_every_code_beside_ours(tmp_path: Path) -> None:
    report = bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "ged311.csv", {}))
    assert (report.record.rows_in, report.record.events, report.record.problems) == (1, 1, 0)
    assert report.record.version == "31.1"
    columns = (
        "event_id, source_id, date_start, date_precision, event_type, sub_event_type, original_type, actor1_kind,"
        " actor2_kind, perpetrator, attributed_to, civilian_targeting, iso3, place_precision, deaths_low, deaths_best,"
        " deaths_high, deaths_actor2, aggregate, sources, n_sources, first_reported, last_reported, flags"
    )
    (row,) = ask(tmp_path / "set", f"SELECT {columns} FROM events")
    assert row == (
        *("ucdp:700001", "700001", dt.date(2031, 3, 1), 1, "Battles", None, "1 state-based conflict", "State forces"),
        *(None, None, None, False, "TCD", 2, 2, 3, 5, 2, False, ["Hill Post", "Vale Radio"], 2),
        *(dt.date(2031, 3, 2), dt.date(2031, 3, 3), []),
    )


def test_one_sided_violence_names_its_doer(tmp_path: Path) -> None:
    row = {"type_of_violence": "3", "side_b": "Civilians", "number_of_sources": "-1", "event_clarity": "2"}
    bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "a.csv", row))
    asked = "event_type, sub_event_type, perpetrator, actor2_kind, civilian_targeting, n_sources, aggregate"
    (found,) = ask(tmp_path / "set", f"SELECT {asked} FROM events")
    doer = "Government of Chad"
    assert found == ("Violence against civilians", "Attack", doer, "Civilians", True, None, True)


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("date_prec", {"1": 1, "2": 2, "3": 2, "4": 3, "5": 4, "9": None}),
        ("where_prec", {"1.0": 1, "2": 2, "3": 3, "4": 3, "5": 3, "6": 4, "7.0": 4, "": None}),
    ],
)
def test_precision_by_the_crosswalk(tmp_path: Path, field: str, codes: dict[str, int | None]) -> None:
    rows = [{"id": str(number), field: code} for number, code in enumerate(codes)]
    bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "a.csv", *rows))
    ours = "date_precision" if field == "date_prec" else "place_precision"
    found = ask(tmp_path / "set", f"SELECT {ours}, flags FROM events ORDER BY source_id::INT")
    assert [row[0] for row in found] == list(codes.values())
    assert all((f"{ours}_unknown" in str(row[1])) == (code == "9") for code, row in zip(codes, found))


def test_a_file_without_header_is_known_by_its_width(tmp_path: Path) -> None:
    path = write_ucdp(tmp_path / "GEDEvent_v31_0_2.csv", {}, {"id": "700002"})
    path.write_bytes(path.read_bytes().split(b"\r\n", 1)[1])
    report = bring(tmp_path / "set", "ucdp", path)
    assert (report.record.events, report.record.version) == (2, "31.0.2")
    assert report.record.columns == UCDP_HEADER


def test_older_files_with_fewer_columns_and_times_of_day(tmp_path: Path) -> None:
    kept = {name: value for name, value in UCDP_ROW.items() if name not in ("source_office", "source_date")}
    row = {**kept, "date_start": "2031-03-01 00:00:00.000", "date_end": "2031-03-02T00:00:00Z"}
    bring(tmp_path / "set", "ucdp", write_rows(tmp_path / "old.csv", [row]))
    (found,) = ask(tmp_path / "set", "SELECT date_start, date_end, sources, n_sources, first_reported FROM events")
    assert found == (dt.date(2031, 3, 1), dt.date(2031, 3, 2), None, 2, None)


def test_rows_that_cannot_be_read_are_problems_with_their_line(tmp_path: Path) -> None:
    faulty = [
        {"id": "x7"},
        {"id": "2", "date_start": "31 June"},
        {"id": "3", "date_end": "2031-02-30"},
        {"id": "4", "best": "many"},
        {"id": "5", "deaths_a": "-1"},
        {"id": "6", "high": "2.5"},
        {"id": "700001"},
        {"id": "8", "date_start": "0031-03-01"},
        {"id": "9", "low": "1_000"},
    ]
    report = bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "a.csv", {}, *faulty))
    assert (report.record.rows_in, report.record.events, report.record.problems) == (10, 1, 9)
    assert report.record.problem_kinds == {
        "id-unreadable": 1,
        "date-unreadable": 3,
        "figure-unreadable": 4,
        "id-twice": 1,
    }
    assert report.cases["id-twice"].detail == "the id 700001 stands in row 1 already"
    assert report.cases["figure-unreadable"].detail == 'best is "many", not a whole number from 0'
    rows = ask(tmp_path / "set", 'SELECT "row", line FROM problems ORDER BY "row"')
    assert [row[0] for row in rows] == list(range(2, 11))
    lines = (tmp_path / "a.csv").read_text("utf-8").split("\n")[2:11]
    assert [row[1] for row in rows] == [line.rstrip("\r") for line in lines]


def test_figures_are_kept_as_published_and_their_faults_flagged(tmp_path: Path) -> None:
    faulty: list[dict[str, str]] = [
        {"low": "9"},
        {"high": "1"},
        {"deaths_unknown": "4"},
        {"date_end": "2031-02-01"},
        {"latitude": "95"},
        {"longitude": "east"},
        {"country": "Nowhere"},
        {"type_of_violence": "7"},
        {"best": "", "deaths_a": ""},
    ]
    rows = [{**row, "id": str(number)} for number, row in enumerate(faulty)]
    report = bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "a.csv", *rows))
    assert report.record.events == len(faulty)
    found = ask(tmp_path / "set", "SELECT array_to_string(flags, ' ') FROM events ORDER BY source_id")
    assert [row[0] for row in found] == [
        "low_above_best low_above_high",
        "best_above_high low_above_high",
        "parts_differ",
        "end_before_start",
        "point_outside_world",
        "point_unreadable",
        "country_unknown",
        "type_unknown",
        "figure_missing",
    ]
    (sums,) = ask(tmp_path / "set", "SELECT sum(deaths_low), sum(deaths_best), sum(deaths_high) FROM events")
    assert sums == (2 * 8 + 9, 3 * 8, 5 * 8 + 1)


def test_what_is_no_ucdp_file_is_said_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,when\n1,2\n")
    with pytest.raises(ConfigError, match="no column best, country"):
        bring(tmp_path / "set", "ucdp", tmp_path / "a.csv")
    assert not (tmp_path / "set").exists()


@pytest.mark.bench
@pytest.mark.parametrize("name", ["ged191_syria_16566.csv.gz", "ged231_global_sample_1000.csv"])
def test_bench_files_come_in_whole_and_their_sums_are_the_files_own(tmp_path: Path, name: str) -> None:
    pandas = pytest.importorskip("pandas")
    if not (BENCH / name).is_file():
        pytest.skip(f"no {BENCH / name}")
    report = bring(tmp_path / "set", "ucdp", BENCH / name)
    file = pandas.read_csv(BENCH / name, low_memory=False)
    assert (report.record.rows_in, report.record.events, report.record.problems) == (len(file), len(file), 0)
    theirs = ("low", "best", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
    ours = "deaths_low deaths_best deaths_high deaths_actor1 deaths_actor2 deaths_civilians deaths_unknown".split()
    (sums,) = ask(tmp_path / "set", f"SELECT {', '.join(f'sum({column})' for column in ours)} FROM events")
    assert sums == tuple(int(file[column].sum()) for column in theirs)
    found = ask(tmp_path / "set", "SELECT original_type[1]::INT, sum(deaths_best) FROM events GROUP BY 1")
    by_type = {row[0]: row[1] for row in found}
    assert by_type == {int(k): int(v) for k, v in file.groupby("type_of_violence").best.sum().items()}
    assert report.record.faults["low_above_best"] == int((file.low > file.best).sum())
    assert report.record.faults["best_above_high"] == int((file.best > file.high).sum())
    (unknown,) = ask(tmp_path / "set", "SELECT count(*) FROM events WHERE iso3 IS NULL OR date_precision IS NULL")
    assert unknown == (0,)


@pytest.mark.bench
@pytest.mark.parametrize("newer_first", [False, True])
def test_both_bench_files_in_one_dataset_supersede_42_ids_of_which_9_have_other_values(
    tmp_path: Path, newer_first: bool
) -> None:
    names = ["ged191_syria_16566.csv.gz", "ged231_global_sample_1000.csv"]
    if not (BENCH / names[0]).is_file():
        pytest.skip(f"no {BENCH}")
    for name in reversed(names) if newer_first else names:
        report = bring(tmp_path / "set", "ucdp", BENCH / name)
    record = report.record
    assert (record.superseded, record.older) == ((0, 42) if newer_first else (42, 0))
    assert (record.changed, record.reworded, report.events_now) == (9, 33, 16566 + 1000 - 42)
    assert record.changes["deaths_low"] == 4
    assert ask(tmp_path / "set", "SELECT count(*), min(version), max(version) FROM superseded") == [
        (42, "19.1", "19.1")
    ]
    told = ask(tmp_path / "set", "SELECT DISTINCT old_version, new_version FROM changes")
    assert told == [("19.1", "23.1")]
    old, new = ask(tmp_path / "set", "SELECT old, new FROM changes WHERE field = 'deaths_low' ORDER BY event_id")[0]
    assert (old, new) == ("4", "2")


FIGURES = st.one_of(
    st.integers(-5, 10**7).map(str),
    st.integers(0, 999).map(lambda n: f" {n}.0 "),
    st.floats(0, 99).map(str),
    st.sampled_from(["", "nan", "inf", "1_0", "0x1", "1,5", "٣", "1e2", "many", '"', "1\n2", "99999999999999999999"]),
)


def read_figure(text: str) -> int | None:
    """What a cell means by Python's own reading: a whole number from 0, else None."""
    try:
        value = float(text) if text.isascii() and "_" not in text else -1.0
    except ValueError:
        return None
    return int(value) if 0 <= value < 9e15 and value == int(value) else None


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(cells=st.lists(FIGURES, min_size=1, max_size=12))
def test_no_figure_is_read_wrong(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    folder = tmp_path_factory.mktemp("figures")
    rows = [{"id": str(number), "best": cell} for number, cell in enumerate(cells)]
    record = bring(folder / "set", "ucdp", write_ucdp(folder / "a.csv", *rows)).record
    sound = [cell for cell in cells if read_figure(cell) is not None or not cell.strip()]
    assert (record.rows_in, record.events) == (len(cells), len(sound))
    (total,) = ask(folder / "set", "SELECT coalesce(sum(deaths_best), 0) FROM events")
    assert total == (sum(read_figure(cell) or 0 for cell in sound),)


def test_gz_reads_like_the_plain_file(tmp_path: Path) -> None:
    plain = write_ucdp(tmp_path / "ged311.csv", {}, {"id": "2"})
    (tmp_path / "ged311.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    bring(tmp_path / "one", "ucdp", plain)
    bring(tmp_path / "two", "ucdp", tmp_path / "ged311.csv.gz")
    asked = "SELECT * EXCLUDE (import_id) FROM events ORDER BY event_id"
    assert ask(tmp_path / "one", asked) == ask(tmp_path / "two", asked)
