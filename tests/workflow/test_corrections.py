"""A sheet of incidents goes out and comes back: what was changed in it becomes decisions, and nothing else does."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_incidents import PLACES, VALUES, incidents, lookups, make_field, make_incident, span_of, tarsk

from conflictdesk.decisions import DecidedField, Value, read_value
from conflictdesk.errors import ConfigError
from conflictdesk.records import Actor, Dates, Estimate, Place
from conflictdesk.workflow.correction_cells import FIELD_COLUMNS, CellFault, spell_cell, write_cells
from conflictdesk.workflow.correction_files import SheetRow, read_sheet, write_sheet
from conflictdesk.workflow.corrections import ABOUT, HEADS, Correction, Incident, Plan, join_plans, plan_row, write_row


def edit(incident: Incident, **cells: str) -> Plan:
    """What comes of the incident's row with these cells written over."""
    held = dict(zip(HEADS, write_row(incident, 7)))
    assert set(cells) <= set(held)
    return plan_row(SheetRow(number=2, cells={**held, **cells}), incident, "ana", lookups())


def only(plan: Plan) -> Correction:
    assert not plan.problems and not plan.left and len(plan.corrections) == 1, plan
    return plan.corrections[0]


def value_of(correction: Correction) -> Value | None:
    return read_value(correction.field, correction.after)


def bring_back(path: Path, held: list[Incident]) -> Plan:
    known = {incident.mention.mention_id: incident for incident in held}
    return join_plans(plan_row(row, known[row.cells["incident"]], "ana", lookups()) for row in read_sheet(path))


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@given(data=st.data())
def test_a_sheet_that_nobody_changed_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, ending: str, data: st.DataObject
) -> None:
    held = [data.draw(incidents(number)) for number in range(1, data.draw(st.integers(1, 3)) + 1)]
    path = tmp_path_factory.mktemp("sheet") / f"sheet.{ending}"
    assert write_sheet(path, HEADS, [write_row(incident, 7) for incident in held], ABOUT) == len(held)
    plan = bring_back(path, held)
    assert plan.rows == len(held)
    assert (plan.corrections, plan.left, plan.problems) == ([], [], [])


PLAIN = ("event_type", "date", "deaths", "injured", "civilian_targeting", "attribution", "note")


@given(data=st.data())
def test_random_edits_become_exactly_these_decisions(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    incident = data.draw(incidents())
    path = tmp_path_factory.mktemp("sheet") / "sheet.csv"
    row = dict(zip(HEADS, write_row(incident, 7)))
    wanted: dict[str, Value] = {}
    for name in data.draw(st.sets(st.sampled_from(PLAIN))):
        value = data.draw(VALUES[name])
        cells = write_cells(DecidedField(name=name, state="changed", value=value))
        if cells == write_cells(incident.mention.fields[name]):
            continue
        wanted[name] = value
        row.update(zip((column.name for column in FIELD_COLUMNS[name]), cells))
    row["reason"] = "the agency corrected itself"
    write_sheet(path, HEADS, [list(row.values())], ABOUT)
    plan = bring_back(path, [incident])
    assert plan.problems == [] and plan.left == []
    made = {
        c.field: write_cells(DecidedField(name=c.field, state="changed", value=value_of(c))) for c in plan.corrections
    }
    assert made == {name: write_cells(DecidedField(name=name, state="changed", value=v)) for name, v in wanted.items()}
    # Once they stand, the same sheet has nothing more to say.
    fields = {
        **incident.mention.fields,
        **{c.field: DecidedField(name=c.field, state="changed", value=value_of(c)) for c in plan.corrections},
    }
    after = dataclasses.replace(incident, mention=dataclasses.replace(incident.mention, fields=fields))
    again = bring_back(path, [after])
    assert (again.corrections, again.left, again.problems) == ([], [], [])


def test_nothing_in_a_sheet_runs_as_a_formula(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    incident = make_incident({"note": make_field("note", '=HYPERLINK("http://x.example","a")')})
    for ending in ("csv", "xlsx"):
        write_sheet(tmp_path / f"sheet.{ending}", HEADS, [write_row(incident, 7)], ABOUT)
        assert not bring_back(tmp_path / f"sheet.{ending}", [incident]).corrections
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["note"].startswith("'=")
    sheet = load_workbook(tmp_path / "sheet.xlsx")["incidents"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


# ---------------------------------------------------------------- what spreadsheets do


def change_workbook(path: Path, column: str, value: object) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book["incidents"]
    sheet.cell(row=2, column=HEADS.index(column) + 1).value = value
    book.save(path)


@pytest.mark.parametrize(
    ("column", "value", "after"),
    [
        ("deaths_best", 3.0, None),
        ("date_start", dt.datetime(2024, 3, 3), None),
        ("date_start", 45354, None),
        ("date_precision", "1", None),
        ("place_precision", True, "place_precision"),
        ("deaths_best", "=1+2", "deaths_best"),
        ("deaths_best", "#REF!", "deaths_best"),
        ("deaths_best", "some", "deaths_best"),
        ("date_start", dt.datetime(2024, 3, 3, 15, 30), "date_start"),
    ],
)
def test_cells_as_excel_leaves_them(tmp_path: Path, column: str, value: object, after: str | None) -> None:
    incident, path = tarsk(), tmp_path / "sheet.xlsx"
    write_sheet(path, HEADS, [write_row(incident, 7)], ABOUT)
    change_workbook(path, column, value)
    plan = bring_back(path, [incident])
    assert plan.corrections == []
    assert [(problem.row, problem.column) for problem in plan.problems] == ([(2, after)] if after else [])


def test_a_csv_with_semicolons_and_the_days_of_another_country(tmp_path: Path) -> None:
    incident = tarsk()
    row = dict(zip(HEADS, write_row(incident, 7)))
    changed = {
        "date_start": "3/3/24",
        "date_end": "03.03.2024",
        "latitude": "36,34",
        "longitude": "43,12",
        "deaths_best": "3,00",
    }
    path = tmp_path / "sheet.csv"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=";").writerows([HEADS, list({**row, **changed}.values()), [""] * len(HEADS)])
        plan = bring_back(path, [incident])
        assert (plan.rows, plan.corrections, plan.left, plan.problems) == (1, [], [], [])


def test_a_day_that_may_be_two_is_asked_for_unless_one_of_them_stood_there() -> None:
    day = dt.date(2024, 4, 3)
    incident = make_incident({"date": make_field("date", Dates(start=day, end=day, precision=1), "Sunday")})
    assert edit(incident, date_start="4/3/2024", date_end="3/4/2024") == Plan(rows=1)
    told = edit(incident, date_start="5/3/2024", date_end="").problems[0]
    assert told.column == "date_start" and "2024-03-05" in told.told and "2024-05-03" in told.told
    assert value_of(only(edit(incident, date_start="25/3/2024", date_end="", reason="so the mayor"))) == Dates(
        start=dt.date(2024, 3, 25), end=dt.date(2024, 3, 25), precision=1
    )


@pytest.mark.parametrize(
    ("column", "raw", "spelt"),
    [
        ("deaths_best", "1,200", "1200"),
        ("deaths_best", "1 200", "1200"),
        ("deaths_high", "OR MORE", "or more"),
        ("latitude", "-33,456789", "-33.45679"),
        ("latitude", "−5", "-5"),
        ("date_start", "5 March 2024", "2024-03-05"),
        ("date_start", "5-Mar-24", "2024-03-05"),
        ("date_start", "2024-03-05 00:00:00", "2024-03-05"),
        ("civilian_targeting", "TRUE", "yes"),
        ("civilian_targeting", "0", "no"),
        ("note", "  two\r\nlines ", "two\nlines"),
    ],
)
def test_spellings(column: str, raw: str, spelt: str) -> None:
    found = next(c for columns in FIELD_COLUMNS.values() for c in columns if c.name == column)
    assert spell_cell(found, raw) == (spelt,)


@pytest.mark.parametrize(
    ("column", "raw"),
    [
        *(("deaths_best", raw) for raw in ("-1", "1.5", "1.000", "three", "12-15", "########")),
        *(("date_start", raw) for raw in ("2024-02-30", "yesterday", "1.1", "31/31/2024", "7")),
        *(("latitude", raw) for raw in ("north", "1,234.5", "nan", "inf")),
        ("civilian_targeting", "maybe"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_column(column: str, raw: str) -> None:
    found = next(c for columns in FIELD_COLUMNS.values() for c in columns if c.name == column)
    with pytest.raises(CellFault) as fault:
        spell_cell(found, raw)
    assert fault.value.column == column


# ---------------------------------------------------------------- what a change becomes


def test_a_number_that_stands_in_the_quotes_keeps_them() -> None:
    incident = tarsk()
    fields = {**incident.mention.fields, "deaths": make_field("deaths", Estimate.exactly(2), "killed three soldiers")}
    found = only(edit(make_incident(fields), deaths_low="3", deaths_best="3", deaths_high="3"))
    assert (found.action, value_of(found), found.spans) == (
        "change",
        Estimate.exactly(3),
        (span_of("killed three soldiers"),),
    )
    assert found.inferred is None and (found.before, found.told) == ("2, 2, 2", "3, 3, 3")


def test_a_value_that_is_not_in_the_quotes_needs_a_reason() -> None:
    plan = edit(tarsk(), deaths_best="4", deaths_low="", deaths_high="or more")
    assert [(p.row, p.column) for p in plan.problems] == [(2, "reason")] and "three soldiers" in plan.problems[0].told
    found = only(edit(tarsk(), deaths_best="4", deaths_low="", deaths_high="or more", reason="one died later"))
    assert value_of(found) == Estimate(low=4, best=4, high=None)
    assert (found.spans, found.inferred) == ((), "corrected in a spreadsheet by ana: one died later")


def test_emptied_cells_and_the_words_not_stated() -> None:
    assert only(edit(tarsk(), injured_low="", injured_best="", injured_high="")).action == "reject"
    assert only(edit(tarsk(), injured_best="Not stated")).action == "not_stated"
    assert edit(tarsk(), event_type="").problems[0].column == "event_type"


def test_dropping_and_taking_back() -> None:
    found = only(edit(tarsk(), dropped="Historic"))
    assert (found.action, found.reason) == ("drop", "historic")
    assert edit(tarsk(), dropped="silly").problems[0].column == "dropped"
    gone = make_incident(tarsk().mention.fields, dropped="historic")
    assert only(edit(gone, dropped="")).action == "restore"


def test_an_actor_is_looked_up_in_the_register() -> None:
    found = only(edit(tarsk(), actor1="Boko Haram", reason="the army named it"))
    assert value_of(found) == lookups().actors.by_name("Boko Haram").actor  # type: ignore[union-attr]
    unknown = edit(tarsk(), actor1="Front of Tarsk", reason="so the army")
    assert unknown.problems[0].column == "actor1_kind"
    found = only(edit(tarsk(), actor1="Front of Tarsk", actor1_kind="Rebel group", actor1_country="iraq", reason="x"))
    assert value_of(found) == Actor(name="Front of Tarsk", kind="Rebel group", country="Iraq")


def test_a_place_is_looked_up_and_doubt_is_told() -> None:
    told = edit(tarsk(), place="Olm", reason="x").problems[0]
    assert told.column == "place" and "Diyala, Iraq; Anbar, Iraq" in told.told
    found = value_of(only(edit(tarsk(), place="Olm", admin1="anbar", reason="x")))
    assert isinstance(found, Place) and (found.gazetteer_id, found.latitude) == ("made:olm1", 34.0)
    found = value_of(only(edit(tarsk(), place="Nowhere", reason="x")))
    assert isinstance(found, Place) and (found.name, found.country, found.admin1, found.latitude) == (
        "Nowhere",
        "Iraq",
        None,
        None,
    )
    found = value_of(only(edit(tarsk(), latitude="36.5")))
    assert isinstance(found, Place) and (found.latitude, found.longitude, found.gazetteer_id) == (36.5, 43.12, None)
    assert edit(tarsk(), latitude="136.5").problems[0].column == "latitude"
    assert edit(tarsk(), country="Iraqistan", reason="x").problems[0].column == "country"
    abroad = edit(make_incident({"place": make_field("place", PLACES["tarsk"][0], "Tarsk")}), place="Perm", reason="x")
    assert abroad.problems[0].column == "country" and "Russia" in abroad.problems[0].told
    moved = value_of(only(edit(tarsk(), place="Perm", country="russia", admin1="", reason="x")))
    assert isinstance(moved, Place) and (moved.iso3, moved.gazetteer_id) == ("RUS", "made:perm")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"deaths_low": "5"}, "deaths_low"),
        ({"deaths_high": "2"}, "deaths_high"),
        ({"deaths_best": ""}, "deaths_best"),
        ({"date_end": "2024-03-01"}, "date_end"),
        ({"date_start": ""}, "date_start"),
        ({"date_end": "2024-03-09", "date_precision": ""}, "date_precision"),
        ({"date_precision": "9"}, "date_precision"),
        ({"place": ""}, "place"),
        ({"event_type": "Quarrel"}, "event_type"),
        ({"blamed": "somebody"}, "blame_basis"),
        ({"state": "cd1.7"}, "state"),
    ],
)
def test_cells_that_do_not_go_together(cells: dict[str, str], column: str) -> None:
    plan = edit(tarsk(), **cells, reason="x")
    assert plan.corrections == [] and [(p.row, p.column) for p in plan.problems] == [(2, column)]


# ---------------------------------------------------------------- others were there too


def test_what_the_desk_changed_since_is_left() -> None:
    before = dict(zip(HEADS, write_row(tarsk(), 7)))
    newer = {
        **tarsk().mention.fields,
        "deaths": DecidedField(name="deaths", state="changed", value=Estimate.exactly(9), by="ben"),
    }
    cells = {**before, "deaths_best": "4", "deaths_low": "4", "deaths_high": "4", "injured_best": "6", "reason": "x"}
    plan = plan_row(SheetRow(number=2, cells={**cells, "injured_high": "6"}), make_incident(newer), "ana", lookups())
    assert [c.field for c in plan.corrections] == ["injured"]
    assert [(one.field, one.why, one.sheet, one.desk, one.by) for one in plan.left] == [
        ("deaths", "changed at the desk since", "4, 4, 4", "9, 9, 9", "ben")
    ]


def test_what_was_taken_back_is_not_done_again_by_the_same_sheet() -> None:
    found = only(edit(tarsk(), note="see the mayor"))
    known = dataclasses.replace(tarsk(), known={found.decision_id: False})
    plan = edit(known, note="see the mayor")
    assert plan.corrections == [] and [one.why for one in plan.left] == ["taken back since"]
    fresh = dict(zip(HEADS, write_row(tarsk(), 9)))
    later = plan_row(SheetRow(number=2, cells={**fresh, "note": "see the mayor"}), known, "ana", lookups())
    assert len(later.corrections) == 1


def test_the_same_sheet_again_says_nothing_even_where_the_desk_filled_in_the_rest() -> None:
    cells = {"place": "Olm", "admin1": "anbar", "reason": "so the mayor"}
    found = only(edit(tarsk(), **cells))
    place = DecidedField(name="place", state="changed", value=value_of(found), decision_id=found.decision_id)
    after = make_incident({**tarsk().mention.fields, "place": place})
    sheet = SheetRow(number=2, cells={**dict(zip(HEADS, write_row(tarsk(), 7))), **cells})
    known = {found.decision_id: True}
    assert plan_row(sheet, dataclasses.replace(after, known=known), "ana", lookups()) == Plan(rows=1)
    later = make_incident({**tarsk().mention.fields, "place": dataclasses.replace(place, decision_id="d-9", by="ben")})
    plan = plan_row(sheet, dataclasses.replace(later, known=known), "ana", lookups())
    assert plan.corrections == [] and [one.why for one in plan.left] == ["changed at the desk since"]


def test_a_column_that_was_sorted_alone_is_found() -> None:
    other = make_incident(tarsk().mention.fields, "m-2")
    state = dict(zip(HEADS, write_row(other, 7)))["state"]
    assert "sorted" in edit(tarsk(), state=state).problems[0].told


def test_columns_may_be_taken_out_moved_and_added(tmp_path: Path) -> None:
    row = dict(zip(HEADS, write_row(tarsk(), 7)))
    row["civilian_targeting"] = "no"
    kept = ["civilian_targeting", "my own column", "state", "incident"]
    path = tmp_path / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([kept, [row.get(name, "=1") for name in kept]])
    assert [c.field for c in bring_back(path, [tarsk()]).corrections] == ["civilian_targeting"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.ods", b"x", "neither .csv nor .xlsx"),
        ("a.xlsx", b"no workbook", "no workbook"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"incident,note,note\n", "there twice"),
        ("a.csv", b'incident,note\n"m-1,x\n', "save it as CSV anew"),
    ],
)
def test_files_that_are_no_sheet(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=told):
        list(read_sheet(tmp_path / name))
