"""The desk at the command line: what each command prints, refuses and answers, from `init` to `doctor`."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_folders import build_desk, copy_desk, decide, find_mention, list_drafts, spoil, write_desk_pages
from desk_pages import Desk

from conflictdesk.casework import User, name_event
from conflictdesk.cli import main
from conflictdesk.pipeline import Tools
from conflictdesk.workflow.desks import open_desk

Told = tuple[int, str, str]
Tell = Callable[..., Told]


@pytest.fixture(scope="module")
def built(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coded desk on which eight decisions were made."""
    folder = build_desk(tmp_path_factory.mktemp("commands") / "desk", tools)
    with open_desk(folder) as desk:
        decide(desk, list_drafts(desk))
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return copy_desk(built, tmp_path / "desk")


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Give a command in this process: its exit code, stdout and stderr."""

    def run(*words: str | Path) -> Told:
        try:
            code = main([str(word) for word in words])
        except SystemExit as error:
            code = int(error.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


# ---------------------------------------------------------------- a first day, in processes of their own


@pytest.mark.slow
def test_a_first_day_at_the_desk(desk: Desk, tmp_path: Path) -> None:
    pages, home = write_desk_pages(tmp_path / "pages"), tmp_path / "home"

    def run(*words: str | Path, stdin: bytes = b"", rc: int = 0) -> str:
        done = desk(*words, stdin=stdin, cwd=home if home.exists() else tmp_path)
        assert done.returncode == rc, done.stderr.decode()
        assert b"Traceback" not in done.stderr
        return done.stdout.decode()

    assert "is a desk now" in run("init", home, "--name", "Northern desk")
    assert run("add", pages).startswith("4 new, 0 known, 0 problems\n")
    assert run("add", pages, home / "nowhere.txt") == "0 new, 4 known, 1 problem\n"
    text = "Gunmen killed two farmers near Kaduna on Sunday, police said."
    asked = ("add", "--text", "-", "--title", "Two killed", "--published", "2024-03-05")
    assert run(*asked, stdin=text.encode()).startswith("1 new, 0 known")
    assert run(*asked, stdin=text.encode()).startswith("0 new, 1 known")
    assert "5 pages read" in run("run")
    assert run("run").startswith("nothing new\n")
    assert run("export", "--for-correction", "sheet.csv").startswith("sheet.csv: ")
    with (home / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["note"] = "asked the mayor"
    with (home / "sheet.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert "nothing → asked the mayor" in run("import", "corrections", "sheet.csv", rc=2)
    assert "1 decision recorded" in run("import", "corrections", "sheet.csv", "--yes")
    assert "0 changes" in run("import", "corrections", "sheet.csv", "--yes")
    assert "asked the mayor" in run("log", rows[0]["incident"])
    assert "before the first of 1 decisions" in run("as-of", "2024-01-01")
    assert "1 decisions" in run("backup", tmp_path / "desk.zip")
    assert "were verified" in run("restore", tmp_path / "desk.zip", tmp_path / "again")
    assert run("log", "--json", "--desk", tmp_path / "again") == run("log", "--json")
    assert "FAULT" not in run("doctor", "--desk", tmp_path / "again")


# ---------------------------------------------------------------- which desk


def test_the_desk_is_found_from_a_folder_inside_it(folder: Path, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "sources")
    assert tell("log")[0] == 0
    monkeypatch.chdir(folder.parent)
    code, out, err = tell("log")
    assert (code, out) == (2, "") and "no desk here" in err and "--desk DIR" in err
    code, _, err = tell("log", "--desk", folder / "sources")
    assert code == 2 and "is no desk" in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add",), "nothing to add"),
        (("add", "nowhere.txt"), "no such file or folder"),
        (("add", "--text", "nowhere.txt"), "cannot be read"),
        (("add", "--title", "x", "pages"), "belong to --text"),
        (("add", "--text", "-", "-"), "can be read once"),
        (("add", "--feed", "gazette"), "no such source"),
        (("add", "--feed"), "no feed and no sitemap"),
        (("add", "--feed", "https://news.example/rss"), "contact"),
        (("add", "https://news.example/1"), "contact"),
        (("run", "--coder", "magic"), "invalid choice"),
        (("log", "m-none"), "nothing here is called m-none"),
        (("log", "--since", "yesterday"), "no day like"),
        (("as-of", "9"), "8 decisions, not 9"),
        (("as-of", "1", "e-none"), "there is no event e-none"),
        (("backup", "conflictdesk.toml"), "is there already"),
        (("restore", "nowhere.zip", "new"), "no such file"),
        (("restore", "conflictdesk.toml", "new"), "is no backup"),
        (("restore", "nowhere.zip", "."), "holds a desk already"),
        (("init", "."), "holds a desk already"),
        (("import", "corrections", "nowhere.csv"), "cannot be read"),
        (("import", "corrections", "conflictdesk.toml"), "neither .csv nor .xlsx"),
        (("export", "--for-correction", "sheet.ods"), "neither .csv nor .xlsx"),
        (("export", "--for-correction", "sheet.csv", "--to", "csv"), "is of a desk"),
        (("export", "data"), "are required: --to, --out"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_one_line(
    folder: Path, tell: Tell, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(folder)
    code, out, err = tell(*words)
    assert code == 2 and out == ""
    assert told in err.splitlines()[-1], err


# ---------------------------------------------------------------- log and as-of


def test_the_log_tells_who_what_and_why(folder: Path, tell: Tell) -> None:
    code, out, _ = tell("log", "--desk", folder)
    lines = out.splitlines()
    assert code == 0 and lines[0].startswith("#1 10 Mar 2024, 10:00 UTC ben confirmed: killed m-")
    assert "        3 → 4" in lines and "        why: said by the mayor" in lines
    assert any("ben took back a decision" in line for line in lines)
    assert tell("log", "ben", "--desk", folder, "--since", "2024-03-11")[1] == "nothing was decided\n"
    told = [
        json.loads(line) for line in tell("log", "--json", "--until", "2024-03-10", "--desk", folder)[1].splitlines()
    ]
    assert [one["seq"] for one in told] == list(range(1, 9)) and told[1]["previous"] == told[0]["hash"]


def test_the_check_that_the_docs_print_finds_a_changed_line(folder: Path, tell: Tell) -> None:
    page = (Path(__file__).parents[2] / "docs" / "why" / "nothing-is-lost.md").read_text("utf-8")
    script = page.split("```python\n")[1].split("```")[0]
    lines = tell("log", "--json", "--desk", folder)[1]

    def check(text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", script], input=text, capture_output=True, text=True, check=False)

    with open_desk(folder) as desk, desk.store.reading() as reader:
        assert check(lines).stdout == f"whole; the last hash is {reader.head()[1]}\n"
    assert "decision 2 is not whole" in check(lines.replace("mayor", "baker")).stderr
    assert (
        "decision 4 is not whole"
        in check("".join(lines.splitlines(keepends=True)[:3] + lines.splitlines(keepends=True)[4:])).stderr
    )


def test_the_state_of_a_past_day(folder: Path, tell: Tell) -> None:
    with open_desk(folder) as desk:
        event_id = name_event(find_mention(desk, "kano")[0])
    assert "events: " in tell("as-of", "2024-03-09", "--desk", folder)[1]
    before = json.loads(tell("as-of", "2", event_id, "--json", "--desk", folder)[1])
    after = json.loads(tell("as-of", "3", event_id, "--json", "--desk", folder)[1])
    assert before["event"]["event"]["sub_event_type"] == "Peaceful protest" and before["tombstone"] is None
    assert after["event"] is None and after["tombstone"]["reason"] == "not violence"
    whole = json.loads(tell("as-of", "3", "--json", "--desk", folder)[1])
    assert sum(whole["statuses"].values()) == len(whole["events"]) and whole["seq"] == 3
    assert f"{event_id} was no event then: not violence" in tell("as-of", "3", event_id, "--desk", folder)[1]
    assert "  type      Peaceful protest" in tell("as-of", "8", event_id, "--desk", folder)[1]


# ---------------------------------------------------------------- doctor


def test_the_doctor_answers_with_its_exit_code(folder: Path, tell: Tell) -> None:
    code, out, _ = tell("doctor", "--desk", folder, "--json")
    found = [json.loads(line) for line in out.splitlines()]
    assert {"browser", "places", "journal", "projections"} <= {one["name"] for one in found}
    assert code == (0 if all(one["ok"] for one in found) else 1)
    assert all(one["ok"] for one in found if one["name"] != "browser")
    spoil(folder, "DELETE FROM events")
    code, out, _ = tell("doctor", "--desk", folder)
    assert code == 1 and "FAULT  projections" in out and "mend: conflictdesk doctor --rebuild" in out
    assert "projections" not in tell("doctor", "--quick", "--desk", folder)[1]
    out, err = tell("doctor", "--rebuild", "--desk", folder)[1:]
    assert "FAULT  projections" not in out and "built anew: " in err


def test_the_doctor_says_when_the_settings_are_broken(folder: Path, tell: Tell) -> None:
    (folder / "conflictdesk.toml").write_text("[desk]\nnmae = 1\n")
    code, out, err = tell("doctor", "--desk", folder)
    assert code == 1 and "FAULT  settings" in out and "did you mean 'name'" in out and err == ""


def test_an_older_store_is_told_of_and_migrated(folder: Path, tell: Tell) -> None:
    assert tell("doctor", "--migrate", "--desk", folder)[0] in (0, 1)
    spoil(folder, "UPDATE alembic_version SET version_num = '9999'")
    code, out, _ = tell("doctor", "--desk", folder)
    assert code == 1 and "FAULT  store" in out
    assert "a newer Conflict Desk made it" in tell("log", "--desk", folder)[2]


# ---------------------------------------------------------------- corrections


def change_note(sheet: Path, note: str) -> None:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["note"] = note
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_corrections_by_a_user_and_as_json(folder: Path, tell: Tell, tmp_path: Path) -> None:
    with open_desk(folder) as desk, desk.store.writing() as writer:
        writer.put_user(User(name="ana", role="coder"))
        writer.put_user(User(name="eve", role="viewer"))
    sheet = tmp_path / "sheet.csv"
    assert tell("export", "--for-correction", sheet, "--desk", folder)[0] == 0
    change_note(sheet, "seen")
    bring = ("import", "corrections", sheet, "--desk", folder)
    assert "nobody called zoe may work here" in tell(*bring, "--user", "zoe")[2]
    assert "say who does this with --user" in tell(*bring)[2]
    assert "a viewer may not change" in tell(*bring, "--user", "eve", "--yes")[2]
    told = json.loads(tell(*bring, "--user", "ana", "--json")[1])
    assert [one["field"] for one in told["changes"]] == ["note"] and told["recorded"] == 0
    told = json.loads(tell(*bring, "--user", "ana", "--json", "--yes")[1])
    assert told["recorded"] == 1
    assert "ana changed: note" in tell("log", "ana", "--desk", folder)[1]


def test_a_cell_that_cannot_be_read_is_told_with_row_and_column(folder: Path, tell: Tell, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    tell("export", "--for-correction", sheet, "--desk", folder)
    text = sheet.read_text("utf-8-sig").splitlines()
    at = text[0].split(",").index("civilian_targeting")
    rows = list(csv.reader(text))
    rows[1][at] = "perhaps"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    code, out, _ = tell("import", "corrections", sheet, "--yes", "--desk", folder)
    assert code == 1 and "problem: row 2, column civilian_targeting: 'perhaps' cannot be read" in out
