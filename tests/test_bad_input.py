"""Input and disks that fail: a Problem with file, line and reason, the rest coded, result files whole or absent."""

from __future__ import annotations

import os
import re
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from desk_pages import GOMA, KANO, MOSUL, Coded, Desk, read_rows, write_good_pages

from benchmarks.speed import spend
from conflictdesk.cli import main
from conflictdesk.errors import CheckError
from conflictdesk.ingest.pages import Limits, fetch_pages
from conflictdesk.locate.gazetteer import FileGazetteer
from conflictdesk.pipeline import Silence, Tools, run_pages
from conflictdesk.read.articles import read_articles
from conflictdesk.records import Article, Coding, Page, Parse, Problem, Span, Toponym

LINE = '{"title": "Talks", "published": "2024-03-04", "text": "They said that they met on Monday."}\n'
KINDS_AND_LINES = [
    ("empty.txt", "empty", None),
    ("blank.html", "empty", None),
    ("binary.txt", "binary", None),
    ("picture.html", "binary", None),
    ("half-utf8.txt", "broken-characters", 3),
    ("long-line.txt", "line-too-long", 3),
    ("long-line.html", "text-too-long", None),
    ("no-body.html", "no-text", None),
    ("arabic.txt", "language-not-coded", None),
    ("nul.txt", "nul-removed", 5),
    ("cut-short.txt.gz", "broken-gzip", None),
    ("line-7.jsonl", "broken-json", 7),
    ("dates.jsonl", "published-in-future", 1),
    ("dates.jsonl", "bad-date", 2),
    ("dates.jsonl", "broken-characters", 3),
    ("dates.jsonl", "wrong-type", 4),
    ("nested.jsonl", "broken-json", 1),
    ("dangling.txt", "unreadable", None),
    ("pipe.txt", "unreadable", None),
    ("kano.txt.gz", "no-publication-date", None),
    ("misspelt.txt", "not-found", None),
    ("notes.pdf", "unknown-suffix", None),
]


@pytest.mark.parametrize(("file", "kind", "line"), KINDS_AND_LINES)
def test_what_is_wrong_is_told_with_file_line_and_reason(coded: Coded, file: str, kind: str, line: int | None) -> None:
    assert coded.problems_of(file).count((kind, line)) == 1
    found = next(p for p in coded.problems if Path(str(p["file"])).name == file and p["kind"] == kind)
    assert found["subject"] and len(str(found["detail"])) > 20 and found["stage"] in ("ingest", "read")


def test_the_rest_is_still_coded(coded: Coded) -> None:
    read = {str(a["external_id"]) for a in coded.articles}
    assert {f"line-{n}" for n in (1, 2, 3, 4, 5, 6, 8)} <= read and "line-7" not in read
    assert {"mosul", "western", "nul", "arabic", "surrogate"} <= read
    places = {e["location"] for e in coded.events}
    assert {"Mosul", "Goma", "Bukavu", "Taiz", "Kaduna"} <= places


def test_a_good_page_gives_no_problem(coded: Coded) -> None:
    assert coded.problems_of("mosul.txt") == coded.problems_of("goma.html") == coded.problems_of("western.txt") == []


def test_letters_survive_as_they_were(coded: Coded) -> None:
    texts = {str(a["external_id"]): str(a["text"]) for a in coded.articles}
    assert "Gen. Müñoz said — “no more”" in texts["western"]
    assert "🔥" in texts["taiz-1"] and "الشرطة" in texts["arabic"]
    assert "A roadside bomb" in texts["nul"] and "\0" not in texts["nul"]
    assert texts["surrogate"].startswith("Bomb kills two in Basra \ufffd")


def test_in_is_out_plus_problems_at_every_stage(coded: Coded) -> None:
    """Every file and line is an article or is blamed; every article is coded or is blamed."""
    blamed = {str(p["file"]) for p in coded.problems}
    read = {str(a["page"]) for a in coded.articles}
    files = {p.as_posix() for p in coded.pages.rglob("*") if not p.is_dir() and "round" not in p.parts}
    assert {f for f in files if f not in blamed | read} == set()
    known = {a["article_id"] for a in coded.articles}
    assert {a["article_id"] for a in coded.articles if a["language"] != "en"} <= {p["subject"] for p in coded.problems}
    assert {m["article_id"] for e in coded.events for m in rows_of(e["mentions"])} <= known


def rows_of(held: object) -> list[dict[str, object]]:
    assert isinstance(held, list)
    return held


def test_problems_on_the_terminal_obey_no_control_code(coded: Coded) -> None:
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", coded.stdout + coded.stderr)


# ---------------------------------------------------------------- in this process


def test_small_limits_refuse_what_is_too_much(tmp_path: Path) -> None:
    write_good_pages(tmp_path / "pages")
    for limits in (Limits(file_bytes=50, table_bytes=50, line_bytes=50), Limits(characters=20), Limits(paragraph=10)):
        told = list(fetch_pages([tmp_path / "pages"], limits=limits))
        assert {item.kind for item in told if isinstance(item, Problem)} <= {"too-large", "line-too-long"}
        files = {Path(item.file or "").name for item in told}
        assert files == {"mosul.txt", "goma.html", "kano.txt.gz", "wire.jsonl"}


class Vanish(Silence):
    """Takes the other pages away when the first was read."""

    def __init__(self, files: list[Path]) -> None:
        self.files = files

    def step(self) -> None:
        while self.files:
            self.files.pop().unlink()


def test_a_file_that_vanishes_midway_is_a_problem(tools: Tools, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(MOSUL.replace("Mosul", "Tikrit") if name == "b" else MOSUL)
    results = run_pages([tmp_path], tools, progress=Vanish([tmp_path / "c.txt"]))
    assert [(p.kind, p.file) for p in results.problems] == [("unreadable", f"{tmp_path}/c.txt")]
    assert [a.external_id for a in sorted(results.articles, key=lambda a: a.page)] == ["a", "b"]
    assert {e.place.name for e in results.events if e.place} == {"Mosul", "Tikrit"}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every folder")
def test_a_folder_that_may_not_be_read_is_a_problem(tools: Tools, tmp_path: Path) -> None:
    write_good_pages(tmp_path / "pages")
    (tmp_path / "pages" / "deeper").chmod(0)
    try:
        results = run_pages([tmp_path / "pages"], tools)
    finally:
        (tmp_path / "pages" / "deeper").chmod(0o700)
    assert [p.kind for p in results.problems if (p.file or "").endswith("deeper")] == ["unreadable"]
    assert len(results.articles) == 4


def test_a_folder_that_fails_to_open_is_a_problem(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same as above for the superuser too: the system refuses to list one folder."""
    write_good_pages(tmp_path / "pages")
    real = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("deeper"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    results = run_pages([tmp_path / "pages"], tools)
    (problem,) = (p for p in results.problems if p.stage == "ingest")
    assert (problem.kind, problem.file) == ("unreadable", f"{tmp_path}/pages/deeper")
    assert "permission denied" in problem.detail and len(results.articles) == 4


class FaultyCoder:
    """Goes wrong on articles of Goma in a way of its choice."""

    name = "faulty"

    def __init__(self, tools: Tools, spoil: Callable[[Coding], Coding]) -> None:
        self.real, self.spoil = tools.coder, spoil

    def code(self, article: Article, parse: Parse, toponyms: object) -> Coding:
        assert isinstance(toponyms, tuple | list) and all(isinstance(t, Toponym) for t in toponyms)
        coding = self.real.code(article, parse, toponyms)
        return self.spoil(coding) if "Goma" in article.title else coding


def cite_nothing(coding: Coding) -> Coding:
    mentions = [replace(m, evidence={**m.evidence, "date": (Span(9_000, 9_001),)}) for m in coding.mentions]
    return replace(coding, mentions=tuple(mentions))


def fail(_: Coding) -> Coding:
    raise RecursionError(f"at {object()!r}")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (fail, "RecursionError: at <object object at 0x>"),
        (cite_nothing, "outside the article"),
        (lambda c: replace(c, mentions=(*c.mentions, *c.mentions)), "two records alike"),
        (lambda c: replace(c, mentions=tuple(replace(m, article_id="a-0") for m in c.mentions)), "another article"),
    ],
)
def test_a_coders_fault_costs_one_article(
    tools: Tools, tmp_path: Path, spoil: Callable[[Coding], Coding], reason: str
) -> None:
    (tmp_path / "goma.html").write_text(GOMA)
    (tmp_path / "mosul.txt").write_text(MOSUL)
    results = run_pages([tmp_path], replace(tools, coder=FaultyCoder(tools, spoil)))
    (problem,) = results.problems
    assert (problem.stage, problem.kind, problem.file) == ("coding", "failed", f"{tmp_path}/goma.html")
    assert reason in problem.detail
    assert problem.subject in {a.article_id for a in results.articles}
    assert [e.place.name for e in results.events if e.place] == ["Mosul"]


def test_a_readers_fault_costs_one_page_and_names_its_line(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(page: Page, **_: object) -> tuple[list[Article], list[Problem]]:
        if page.line == 3:
            raise KeyError("x")
        return ([], []) if page.line == 2 else read_articles(page)

    (tmp_path / "a.jsonl").write_text(LINE * 3)
    monkeypatch.setattr("conflictdesk.pipeline.read_articles", stumble)
    results = run_pages([tmp_path], tools)
    failed = [(p.line, p.detail) for p in results.problems if p.kind == "failed"]
    assert failed == [(2, "the page gave neither an article nor a reason"), (3, "KeyError: 'x'")]
    assert len(results.articles) == 1
    with pytest.raises(CheckError, match="line 2: failed"):
        run_pages([tmp_path / "a.jsonl"], tools, strict=True, published=None)


# ---------------------------------------------------------------- the disk


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, as on a disk that is full; only in the block: pytest writes too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 3_000])
def test_a_full_disk_leaves_older_results_whole_and_says_so(
    tools: Tools,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    size: int,
) -> None:
    monkeypatch.setattr("conflictdesk.pipeline.open_tools", lambda *_, **__: tools)
    (tmp_path / "mosul.txt").write_text(MOSUL)
    (tmp_path / "kano.txt").write_text(KANO)
    out = tmp_path / "out"
    assert main(["code", str(tmp_path / "kano.txt"), "--out", str(out)]) == 0
    before = {name: (out / name).read_bytes() for name in os.listdir(out)}
    capsys.readouterr()
    with small_disk(size):
        code = main(["code", str(tmp_path / "mosul.txt"), "--out", str(out)])
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert re.search(rf"^conflictdesk: cannot write the results to {out}: .+$", said.err, re.MULTILINE)
    assert {name: (out / name).read_bytes() for name in os.listdir(out)} == before


@pytest.mark.slow
def test_a_full_disk_through_the_command(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mosul.txt").write_text(MOSUL)
    with small_disk(1_000):  # the command inherits it
        done = desk("code", tmp_path / "mosul.txt", "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines()[-1].startswith("conflictdesk: cannot write the results")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc, whose folders nobody can write")
def test_an_out_that_cannot_be_written_is_one_clear_line(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mosul.txt").write_text(MOSUL)
    done = desk("code", tmp_path / "mosul.txt", "--out", "/proc/self/out")
    assert done.returncode == 2
    assert re.fullmatch(r"conflictdesk: .*/proc/self.*\n", done.stderr.decode().splitlines(keepends=True)[-1])
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
def test_a_hundred_megabytes_are_refused_at_little_cost(gazetteer: FileGazetteer, tmp_path: Path) -> None:
    for name in ("huge.txt", "huge.jsonl", "huge.html"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(100_000_000)
    (tmp_path / "mosul.txt").write_text(MOSUL)
    # In a process of its own that reports on this one child: other tests' children may be larger.
    cost = spend([sys.executable, "-m", "conflictdesk", "code", str(tmp_path), "--out", str(tmp_path / "out")])
    kinds = Counter((Path(str(p["file"])).name, p["kind"]) for p in read_rows(tmp_path / "out/problems.jsonl"))
    assert kinds == {("huge.txt", "too-large"): 1, ("huge.html", "too-large"): 1, ("huge.jsonl", "line-too-long"): 1}
    assert len(read_rows(tmp_path / "out/events.jsonl")) == 1
    assert cost.memory < 976  # mebibytes
