"""What the documentation says is true: its commands run, its links lead somewhere, its reference fits the code."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from conflictdesk.codebook.reference import write_reference
from conflictdesk.codebook.types import load_event_types, load_kinds_of_nothing
from conflictdesk.release.rows import ArticleRow, ClaimRow, EventRow, MentionRow, ProblemRow

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "src" / "conflictdesk" / "samples"
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("benchmarks/*.md"), *ROOT.glob("tests/**/*.md")]
)
CONSOLE = re.compile(r"^ *```console\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)")
NAMED_PATH = re.compile(r"`((?:src|tests|docs|benchmarks|\.ci)/[\w./-]+)`")
# These set up an environment over a network, or run all tests; `.ci/run` does that on a fresh machine.
ELSEWHERE = ("make ", "source ", "python -m conflictdesk.codebook.reference")


def read_commands(page: Path) -> Iterator[str]:
    """The commands of a page's console blocks, comments taken off."""
    for block in CONSOLE.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            if line.strip().startswith("$ "):
                yield re.sub(r"\s{2,}# .*$", "", line.strip()[2:])


class Desk:
    """A person at a shell in an empty folder who follows a page and fills in the words in capitals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        binary = folder / "bin" / "conflictdesk"
        binary.parent.mkdir()
        binary.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m conflictdesk "$@"\n', encoding="utf-8")
        binary.chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{binary.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
        }

    def run(self, command: str) -> str:
        if "_ID" in command:
            event = json.loads((self.folder / "out" / "events.jsonl").read_text("utf-8").splitlines()[0])
            command = command.replace("EVENT_ID", event["event_id"])
            command = command.replace("ARTICLE_ID", event["mentions"][0]["article_id"])
        command = command.replace("PAGES...", shlex.quote(str(SAMPLES)))
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def follow(self, page: Path) -> dict[str, str]:
        """Run every command of the page that is not for a fresh machine; the answer is what each printed."""
        return {command: self.run(command) for command in read_commands(page) if not command.startswith(ELSEWHERE)}


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, dict[str, str]]:
    desk = Desk(tmp_path_factory.mktemp("tutorial"))
    return desk, desk.follow(ROOT / "docs" / "tutorial.md")


@pytest.mark.slow
def test_the_tutorial_runs_and_gives_what_it_says(tutorial: tuple[Desk, dict[str, str]]) -> None:
    desk, said = tutorial
    assert len(said) >= 6
    events = [json.loads(line) for line in (desk.folder / "out" / "events.jsonl").read_text("utf-8").splitlines()]
    assert [(e["date_start"], e["location"], e["deaths"]["best"], e["injured"]["best"]) for e in events] == [
        ("2021-09-14", "Bentiu", 2, 3)
    ]
    shown = next(text for command, text in said.items() if " show " in command)
    assert "“farmers”" in shown and "“Tuesday”" in shown
    why = next(text for command, text in said.items() if " why " in command)
    assert "event " in why and "background " in why


@pytest.mark.slow
def test_the_commands_of_the_readme_run(tutorial: tuple[Desk, dict[str, str]]) -> None:
    desk, _ = tutorial
    said = desk.follow(ROOT / "README.md")
    assert len(said) == 19 and all(said.values())


@pytest.mark.slow
def test_every_result_file_that_the_readme_lists_is_written(tutorial: tuple[Desk, dict[str, str]]) -> None:
    desk, _ = tutorial
    listed = set(re.findall(r"^\| `([\w.]+)` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert listed == {path.name for path in (desk.folder / "out").iterdir()}


@pytest.mark.slow
def test_the_worked_example_comes_out_as_the_page_tells_it(tutorial: tuple[Desk, dict[str, str]]) -> None:
    desk, _ = tutorial
    page = (ROOT / "docs" / "how-it-decides.md").read_text("utf-8")
    example = desk.folder / "example"
    example.mkdir()
    (example / "marib.txt").write_text(page.split("```text\n")[1].split("```")[0], encoding="utf-8")
    desk.run("conflictdesk code example --out example-out --published 2022-06-06")
    sentences, events = (read_table(page, head) for head in ("sentence", "date"))
    why = desk.run("conflictdesk why example-out marib")
    verdicts = re.findall(r"^s\d+ +(\w+)", why, re.MULTILINE)
    assert [verdict for verdict in verdicts if verdict != "nothing"] == [row[1] for row in sentences]
    coded = [
        json.loads(line) for line in (desk.folder / "example-out" / "events.jsonl").read_text("utf-8").splitlines()
    ]
    assert {(e["date_start"], e["sub_event_type"], e["actor1"], e["actor2"]) for e in coded} == {
        (row[0], row[1], row[2], row[3]) for row in events
    }


def read_table(page: str, head: str) -> list[list[str]]:
    """The rows of the table whose first column is called so."""
    lines = page[page.index(f"\n| {head} |") :].strip().splitlines()
    rows = itertools.takewhile(lambda line: line.startswith("|"), lines[2:])
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        word
        for page in PAGES
        for word in re.findall(r"`make ([\w-]+)`|^\s*\$ make ([\w-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert {one or other for one, other in named} <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_named_files_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for target, anchor in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path = (page.parent / target) if target else page
        assert path.exists(), f"{page.name} links to {target}"
        if anchor:
            heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    for named in NAMED_PATH.findall(text):
        assert (ROOT / named).exists(), f"{page.name} names {named}"


def test_every_page_is_reached_from_the_index() -> None:
    docs = ROOT / "docs"
    index = (docs / "index.md").read_text("utf-8")
    linked = {(docs / target).resolve() for target, _ in LINK.findall(index) if target}
    assert {page for page in docs.rglob("*.md") if page.name != "index.md"} <= linked


def test_the_codebook_page_is_made_from_the_data() -> None:
    page = (ROOT / "docs" / "reference" / "codebook.md").read_text("utf-8")
    assert page == write_reference(load_event_types(), load_kinds_of_nothing()), (
        "run: python -m conflictdesk.codebook.reference > docs/reference/codebook.md"
    )


@pytest.mark.parametrize("row", [EventRow, MentionRow, ClaimRow, ArticleRow, ProblemRow], ids=lambda row: row.__name__)
def test_the_output_page_names_every_field(row: type) -> None:
    page = (ROOT / "docs" / "reference" / "output.md").read_text("utf-8")
    assert [field for field in row.__annotations__ if f"`{field}`" not in page] == []


def test_every_library_stands_in_the_decision_and_in_the_notice() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [re.split(r"[\[=<>~]", name)[0] for name in project["dependencies"]]
    for page in (ROOT / "docs" / "adr" / "0002-libraries.md", ROOT / "NOTICE"):
        words = page.read_text("utf-8").lower().replace("_", "-")
        assert [name for name in wanted if name not in words] == []
