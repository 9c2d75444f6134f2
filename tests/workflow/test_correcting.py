"""The sheet of a whole desk: out, changed, and back into the journal, once however often it comes."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_folders import ANA, BEN, START, build_desk, change, copy_desk, decide, find_mention

from conflictdesk.casework import User
from conflictdesk.decisions import Decision
from conflictdesk.errors import ConfigError, RightsError
from conflictdesk.pipeline import Tools
from conflictdesk.records import Estimate
from conflictdesk.workflow.correcting import (
    Applied,
    open_lookups,
    plan_corrections,
    record_corrections,
    write_corrections,
)
from conflictdesk.workflow.corrections import CellProblem, Plan
from conflictdesk.workflow.desks import OpenDesk, open_desk
from conflictdesk.workflow.recording import Draft
from conflictdesk.workflow.upkeep import list_projections

NOW = dt.datetime(2024, 3, 12, 8, tzinfo=dt.UTC)
Row = dict[str, str]


@pytest.fixture(scope="module")
def built(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_desk(tmp_path_factory.mktemp("correcting") / "desk", tools)


@pytest.fixture
def desk(built: Path, tmp_path: Path) -> Iterator[OpenDesk]:
    with open_desk(copy_desk(built, tmp_path / "desk")) as opened:
        yield opened


def write_changed(desk: OpenDesk, path: Path, edit: Callable[[dict[str, Row]], None]) -> Path:
    """The desk's sheet, its rows by incident changed by `edit`."""
    write_corrections(desk, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["incident"]: row for row in csv.DictReader(file)}
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(next(iter(rows.values()))))
        writer.writeheader()
        writer.writerows(rows.values())
    return path


def bring(desk: OpenDesk, path: Path, user: User = ANA) -> tuple[Plan, Applied]:
    plan = plan_corrections(desk, path, user.name, open_lookups())
    return plan, record_corrections(desk, plan, user, NOW)


def read_decisions(desk: OpenDesk) -> list[Decision]:
    with desk.store.reading() as reader:
        return reader.decisions()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_unchanged_sheet_changes_nothing(desk: OpenDesk, tmp_path: Path, ending: str) -> None:
    decide(desk, [change(desk, "mosul", "deaths", Estimate(low=4, best=4, high=None))])
    number = write_corrections(desk, tmp_path / f"sheet.{ending}")
    plan, applied = bring(desk, tmp_path / f"sheet.{ending}")
    assert (plan, applied) == (Plan(rows=number), Applied(recorded=0, refused=()))
    assert number >= 4 and len(read_decisions(desk)) == 1


def test_changed_cells_become_decisions_once(desk: OpenDesk, tmp_path: Path) -> None:
    (first, article), (kano, _) = find_mention(desk, "mosul"), find_mention(desk, "kano")

    def edit(rows: dict[str, Row]) -> None:
        rows[first] |= {"deaths_low": "4", "deaths_best": "4", "deaths_high": "", "reason": "one died later"}
        rows[first] |= {"date_start": "3/3/2024", "place": "Tel Afar", "civilian_targeting": "TRUE"}
        rows[kano]["dropped"] = "not violence"

    path = write_changed(desk, tmp_path / "sheet.csv", edit)
    plan, applied = bring(desk, path)
    assert plan.problems == [] and plan.left == [] and applied == Applied(recorded=4, refused=())
    held = {(d.subject_id, d.field): d for d in read_decisions(desk)}
    assert set(held) == {(first, "deaths"), (first, "place"), (first, "civilian_targeting"), (kano, None)}
    deaths = held[first, "deaths"]
    assert (deaths.by, deaths.at, deaths.article_id, deaths.reason) == ("ana", NOW, article, "one died later")
    assert deaths.inferred == "corrected in a spreadsheet by ana: one died later"
    assert (deaths.before, deaths.after) == (
        '{"best":3,"high":3,"imputed":null,"low":3}',
        '{"best":4,"high":4,"imputed":null,"low":4}',
    )
    assert '"gazetteer_id":"geonames:' in str(held[first, "place"].after)
    before = list_projections(desk.store)
    for user in (ANA, BEN):
        plan, applied = bring(desk, path, user)
        assert (plan.corrections, plan.left, plan.problems, applied.recorded) == ([], [], [], 0)
    assert list_projections(desk.store) == before and len(read_decisions(desk)) == 4


def test_newer_work_at_the_desk_stays(desk: OpenDesk, tmp_path: Path) -> None:
    first, _ = find_mention(desk, "mosul")

    def edit(rows: dict[str, Row]) -> None:
        rows[first] |= {"deaths_low": "4", "deaths_best": "4", "deaths_high": "4", "note": "seen", "reason": "x"}

    path = write_changed(desk, tmp_path / "sheet.csv", edit)
    decide(desk, [change(desk, "mosul", "deaths", Estimate.exactly(5))])
    plan, applied = bring(desk, path)
    assert [(one.field, one.desk, one.by) for one in plan.left] == [("deaths", "5, 5, 5", "ben")]
    assert applied.recorded == 1 and [d.field for d in read_decisions(desk)] == ["deaths", "note"]


def test_what_was_taken_back_stays_taken_back(desk: OpenDesk, tmp_path: Path) -> None:
    first, article = find_mention(desk, "mosul")
    path = write_changed(desk, tmp_path / "sheet.csv", lambda rows: rows[first].update(note="seen"))
    bring(desk, path)
    (done,) = read_decisions(desk)
    undo = Draft(
        decision_id="d-undo", subject_kind="mention", subject_id=first, action="undo", article_id=article,
        reverts=done.decision_id,
    )  # fmt: skip
    decide(desk, [undo], ANA)
    plan, applied = bring(desk, path)
    assert [one.why for one in plan.left] == ["taken back since"] and applied.recorded == 0
    fresh = write_changed(desk, tmp_path / "fresh.csv", lambda rows: rows[first].update(note="seen"))
    assert bring(desk, fresh)[1].recorded == 1


def test_a_dropped_incident_is_corrected_when_it_is_taken_back(desk: OpenDesk, tmp_path: Path) -> None:
    kano, _ = find_mention(desk, "kano")
    bring(desk, write_changed(desk, tmp_path / "one.csv", lambda rows: rows[kano].update(dropped="historic")))
    path = write_changed(desk, tmp_path / "two.csv", lambda rows: rows[kano].update(dropped="", note="it was new"))
    assert bring(desk, path)[1] == Applied(recorded=2, refused=())
    assert [d.action for d in read_decisions(desk)] == ["drop", "restore", "change"]


def test_a_row_twice_is_taken_once_or_not_at_all(desk: OpenDesk, tmp_path: Path) -> None:
    first, _ = find_mention(desk, "mosul")
    same = write_changed(
        desk,
        tmp_path / "same.csv",
        lambda r: r.update(twin={**r[first], "note": "a"}, **{first: {**r[first], "note": "a"}}),
    )
    plan = plan_corrections(desk, same, "ana", open_lookups())
    assert len(plan.corrections) == 1 and plan.problems == []
    other = write_changed(desk, tmp_path / "other.csv", lambda r: r.update(twin={**r[first], "note": "b"}))
    plan = plan_corrections(desk, other, "ana", open_lookups())
    assert plan.corrections == [] and [p.column for p in plan.problems] == ["incident"]


def test_rows_that_belong_to_nothing_are_told_of(desk: OpenDesk, tmp_path: Path) -> None:
    first, _ = find_mention(desk, "mosul")
    path = write_changed(
        desk, tmp_path / "sheet.csv", lambda r: r.update(a={**r[first], "incident": "m-none"}, b={"note": "new"})
    )
    problems = plan_corrections(desk, path, "ana", open_lookups()).problems
    assert [p.column for p in problems] == ["incident", "incident"]
    assert "m-none" in problems[0].told and "added at the desk" in problems[1].told


def test_a_viewer_corrects_nothing(desk: OpenDesk, tmp_path: Path) -> None:
    first, _ = find_mention(desk, "mosul")
    path = write_changed(desk, tmp_path / "sheet.csv", lambda rows: rows[first].update(note="seen"))
    with pytest.raises(RightsError, match="viewer"):
        bring(desk, path, User(name="eve", role="viewer"))
    assert read_decisions(desk) == [] and START < NOW


def test_a_row_that_the_desk_refuses_is_told_of_and_the_rest_goes_on(desk: OpenDesk, tmp_path: Path) -> None:
    first, _ = find_mention(desk, "mosul")
    kano, _ = find_mention(desk, "kano")

    def edit(rows: dict[str, Row]) -> None:
        rows[first]["note"] = "seen"
        rows[kano]["note"] = "seen too"

    plan = plan_corrections(desk, write_changed(desk, tmp_path / "sheet.csv", edit), "ana", open_lookups())
    lost = plan.corrections[0]
    from dataclasses import replace

    plan.corrections[0] = replace(lost, mention_id="m-none")
    applied = record_corrections(desk, plan, ANA, NOW)
    assert applied.recorded == 1 and [type(p) for p in applied.refused] == [CellProblem]
    assert applied.refused[0].row == lost.row


def test_a_file_without_the_columns_is_no_sheet(desk: OpenDesk, tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text("incident,note\nm-1,x\n")
    with pytest.raises(ConfigError, match="no column 'state'"):
        plan_corrections(desk, tmp_path / "sheet.csv", "ana", open_lookups())
