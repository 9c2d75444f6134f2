"""Versions of a source on top of each other: nothing lost, the newer on top, all or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from import_samples import ask, bring, write_ucdp

from conflictdesk.commands.imports import report_json, tell_report
from conflictdesk.datasets import table_files
from conflictdesk.datasets.manifest import load_manifest
from conflictdesk.errors import StoreError


def test_the_same_file_again_is_a_no_op_whatever_its_name(tmp_path: Path) -> None:
    path = write_ucdp(tmp_path / "ged311.csv", {})
    first = bring(tmp_path / "set", "ucdp", path)
    again = bring(tmp_path / "set", "ucdp", path)
    renamed = bring(tmp_path / "set", "ucdp", path.rename(tmp_path / "copy.csv"))
    assert (first.no_op, again.no_op, renamed.no_op) == (False, True, True)
    assert first.dataset_version == again.dataset_version == renamed.dataset_version
    assert "in this dataset already" in next(tell_report(again, tmp_path))


def test_a_newer_version_supersedes_and_the_difference_is_told(tmp_path: Path) -> None:
    bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "ged301.csv", {}, {"id": "2"}, {"id": "3"}))
    changed = {"best": "4", "low": "1", "deaths_b": "3", "source_headline": "New"}
    newer = write_ucdp(tmp_path / "ged311.csv", changed, {"id": "2", "adm_1": "Vale district"})
    report = bring(tmp_path / "set", "ucdp", newer)
    record = report.record
    assert (record.superseded, record.changed, record.reworded, record.kept) == (2, 1, 1, 1)
    expected = {"deaths_best": 1, "deaths_low": 1, "deaths_actor2": 1, "headline": 1, "admin1": 1}
    assert dict(record.changes) == expected
    where = tmp_path / "set"
    rows = ask(where, "SELECT event_id, deaths_best, version FROM superseded ORDER BY 1")
    assert rows == [("ucdp:2", 3, "30.1"), ("ucdp:700001", 3, "30.1")]
    told = ask(where, "SELECT superseded_version, reason FROM superseded LIMIT 1")
    assert told == [("31.1", "a newer version came")]
    assert ask(where, "SELECT old, new FROM changes WHERE field = 'deaths_best'") == [("3", "4")]
    assert ask(where, "SELECT sum(deaths_best), count(*) FROM events") == [(4 + 3 + 3, 3)]
    said = "\n".join(tell_report(report, where))
    assert "2 earlier rows superseded" in said and "deaths_best: 1" in said and "--replace withdraws" in said
    shown = json.loads(json.dumps(report_json(report)))
    assert shown["rows"] == 2 and shown["changes"] == expected and shown["no_op"] is False


def test_an_older_version_that_comes_later_goes_beneath(tmp_path: Path) -> None:
    bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "ged311.csv", {"best": "4"}))
    older = write_ucdp(tmp_path / "ged301.csv", {}, {"id": "2"})
    record = bring(tmp_path / "set", "ucdp", older).record
    assert (record.rows_in, record.events, record.older, record.superseded, record.changed) == (2, 1, 1, 0, 1)
    where = tmp_path / "set"
    assert ask(where, "SELECT event_id, deaths_best FROM events ORDER BY 1") == [("ucdp:2", 3), ("ucdp:700001", 4)]
    found = ask(where, "SELECT version, superseded_version, reason FROM superseded")
    assert found == [("30.1", "31.1", "a newer version was there")]
    assert ask(where, "SELECT old, new FROM changes WHERE field = 'deaths_best'") == [("3", "4")]


@pytest.mark.parametrize("at_once", [True, False])
def test_replace_withdraws_what_the_newer_file_does_not_hold(tmp_path: Path, at_once: bool) -> None:
    where = tmp_path / "set"
    bring(where, "ucdp", write_ucdp(tmp_path / "ged301.csv", {}, {"id": "2"}, {"id": "3"}))
    newer = write_ucdp(tmp_path / "ged311.csv", {})
    if not at_once:
        assert bring(where, "ucdp", newer).record.kept == 2
    report = bring(where, "ucdp", newer, replace=True)
    assert (report.no_op, report.record.withdrawn, report.events_now) == (not at_once, 2, 1)
    reasons = ask(where, "SELECT event_id, reason FROM superseded ORDER BY 1")
    assert reasons[:2] == [(f"ucdp:{n}", "withdrawn: not in the newer file") for n in (2, 3)]
    assert len(reasons) == 3


def test_a_point_that_moves_by_less_than_a_kilometre_is_no_other_value(tmp_path: Path) -> None:
    where = tmp_path / "set"
    bring(where, "ucdp", write_ucdp(tmp_path / "ged301.csv", {}, {"id": "2"}, {"id": "3"}))
    moved = [{"latitude": "12.505"}, {"id": "2", "latitude": "12.51"}, {"id": "3", "latitude": ""}]
    record = bring(where, "ucdp", write_ucdp(tmp_path / "ged311.csv", *moved)).record
    assert (record.changed, record.reworded) == (2, 1)


def test_two_sources_do_not_touch_each_other(tmp_path: Path) -> None:
    bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "ged301.csv", {}))
    record = bring(tmp_path / "set", "ucdp", write_ucdp(tmp_path / "ged311.csv", {}), origin="mine").record
    assert (record.superseded, record.kept) == (0, 0)
    assert ask(tmp_path / "set", "SELECT event_id FROM events ORDER BY 1") == [("mine:700001",), ("ucdp:700001",)]


def test_a_crash_leaves_the_dataset_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = tmp_path / "set"
    first = bring(where, "ucdp", write_ucdp(tmp_path / "ged301.csv", {}))

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(table_files, "save_manifest", break_off)
        with pytest.raises(KeyboardInterrupt):
            bring(where, "ucdp", write_ucdp(tmp_path / "ged311.csv", {"best": "9"}))
    assert load_manifest(where).version == first.dataset_version
    assert ask(where, "SELECT deaths_best FROM events") == [(3,)]
    assert not list(where.glob(".part-*"))
    assert bring(where, "ucdp", tmp_path / "ged311.csv").record.superseded == 1


def test_a_reader_that_holds_the_dataset_reads_on(tmp_path: Path) -> None:
    from conflictdesk.datasets.opening import open_dataset

    where = tmp_path / "set"
    bring(where, "ucdp", write_ucdp(tmp_path / "ged301.csv", {}))
    held = open_dataset(where)
    bring(where, "ucdp", write_ucdp(tmp_path / "ged311.csv", {"best": "9"}))
    assert held.ask("SELECT deaths_best FROM events") == [(3,)]
    held.close()


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    path = write_ucdp(tmp_path / "ged301.csv", {})
    with pytest.raises(StoreError, match="not empty"):
        bring(tmp_path, "ucdp", path)
    with pytest.raises(StoreError, match="is a file"):
        bring(path, "ucdp", path)


def test_odd_names_of_folders_are_taken_as_they_are(tmp_path: Path) -> None:
    where = tmp_path / "it's [a] set"
    where.mkdir()
    path = write_ucdp(where / "ged301 [x].csv", {}, {"id": "bad"})
    assert bring(where / "set*", "ucdp", path).record.problems == 1


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(
    files=st.lists(
        st.tuples(st.integers(1, 3), st.dictionaries(st.integers(1, 4), st.integers(0, 3), min_size=1)),
        min_size=1,
        max_size=3,
        unique_by=lambda file: file[0],
    )
)
def test_the_newest_version_of_each_id_stands_whatever_the_order(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[int, dict[int, int]]]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    for version, rows in files:
        told = [{"id": str(number), "best": str(best)} for number, best in rows.items()]
        bring(folder / "set", "ucdp", write_ucdp(folder / f"ged3{version}1.csv", *told))
    newest = {number: best for _, rows in sorted(files, key=lambda f: f[0]) for number, best in rows.items()}
    found = ask(folder / "set", "SELECT source_id::INT, deaths_best FROM events ORDER BY 1")
    assert found == sorted(newest.items())
    (beneath,) = ask(folder / "set", "SELECT count(*) FROM superseded")
    assert beneath == (sum(len(rows) for _, rows in files) - len(newest),)
