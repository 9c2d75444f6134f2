"""The same pages give the same bytes, whatever their order, the hash seed, the locale or the time zone."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest
from desk_pages import SOURCE, Coded, Desk, Row, write_bad_pages, write_good_pages

from conflictdesk import run_pages, write_results
from conflictdesk.cli import main
from conflictdesk.pipeline import Tools
from conflictdesk.records import Mention

SAMPLES = SOURCE / "conflictdesk" / "samples"
ABOUT_EVENTS = ("events.jsonl", "claims.jsonl", "events.csv", "events.geojson")
FAR_AWAY = {"PYTHONHASHSEED": "12345", "LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Kiritimati"}
OTHERS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "America/Adak"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "4294967295", "LC_ALL": "POSIX", "TZ": "UTC", "PYTHONUTF8": "0", "PYTHONOPTIMIZE": "2"},
]


def read_files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in sorted(os.listdir(folder))}


@pytest.mark.slow
def test_another_order_seed_locale_and_zone_give_the_same_bytes(desk: Desk, coded: Coded, tmp_path: Path) -> None:
    done = desk("code", *reversed(coded.named), "--out", tmp_path / "out", stdin=coded.stdin, env=FAR_AWAY)
    assert done.returncode == 0
    assert read_files(tmp_path / "out") == read_files(coded.out)
    table = done.stdout.decode().splitlines()[:-1]
    assert table == coded.stdout.splitlines()[:-1]


@pytest.mark.slow
@pytest.mark.parametrize("env", OTHERS, ids=lambda env: str(env["LC_ALL"]))
def test_the_samples_are_the_same_everywhere(desk: Desk, tmp_path: Path, env: dict[str, str]) -> None:
    for name, held in (("plain", {}), ("other", env)):
        assert desk("code", SAMPLES, "--out", tmp_path / name, env=held).returncode == 0
    assert read_files(tmp_path / "plain") == read_files(tmp_path / "other")


@pytest.mark.slow
def test_the_order_in_which_files_were_saved_does_not_matter(desk: Desk, tmp_path: Path) -> None:
    write_good_pages(tmp_path / "one" / "pages")
    write_bad_pages(tmp_path / "one" / "pages")
    files = [p for p in sorted((tmp_path / "one" / "pages").rglob("*")) if p.is_file() and "round" not in p.parts]
    for file in reversed(files):
        copy = tmp_path / "two" / file.relative_to(tmp_path / "one")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    for folder in ("one", "two"):
        for extra in ("dangling.txt", "pipe.txt", "round"):
            (tmp_path / folder / "pages" / extra).unlink(missing_ok=True)
        assert desk("code", "pages", "--out", "out", cwd=tmp_path / folder).returncode == 0
    assert read_files(tmp_path / "one" / "out") == read_files(tmp_path / "two" / "out")


# ---------------------------------------------------------------- in this process


@pytest.fixture(scope="module")
def documents(tools: Tools) -> list[Row]:
    """The English sample articles as documents that carry their own ids and days."""
    articles = run_pages([SAMPLES], tools).articles
    return [
        {
            "id": a.external_id,
            "title": a.title,
            "text": a.text.split("\n\n", 1)[1],
            "published": str(a.published_on),
            "source": a.source,
        }
        for a in articles
        if a.language == "en"
    ]


def code_documents(tools: Tools, files: list[list[Row]], folder: Path) -> dict[str, bytes]:
    """The files about events that come of these files of documents."""
    folder.mkdir()
    for number, rows in enumerate(files):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{number:03}.jsonl").write_text(lines, "utf-8")
    results = run_pages([folder], tools)
    assert len(results.articles) == sum(map(len, files))
    out = folder / "out"
    told = (results.articles, results.events, results.claims, results.problems)
    articles, events, claims, problems = told
    write_results(out, articles=articles, events=events, claims=claims, problems=problems)
    return {name: (out / name).read_bytes() for name in ABOUT_EVENTS}


def test_one_file_or_many_in_any_order_tell_of_the_same_events(
    tools: Tools, documents: list[Row], tmp_path: Path
) -> None:
    shuffled = random.Random(7).sample(documents, len(documents))
    together = code_documents(tools, [documents], tmp_path / "together")
    assert together["events.jsonl"].count(b"\n") >= 10
    assert code_documents(tools, [[row] for row in shuffled], tmp_path / "apart") == together


def test_an_article_is_coded_alike_alone_and_in_company(tools: Tools, documents: list[Row], tmp_path: Path) -> None:
    """No state is carried from one article to the next."""
    company = {m.mention_id for m in _mentions(tools, documents, tmp_path / "company")}
    alone = set()
    for number, row in enumerate(reversed(documents)):
        alone |= {m.mention_id for m in _mentions(tools, [row], tmp_path / str(number))}
    assert alone == company


def _mentions(tools: Tools, rows: list[Row], folder: Path) -> tuple[Mention, ...]:
    folder.mkdir()
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return run_pages([folder / "a.jsonl"], tools).mentions


def test_the_order_of_the_names_given_does_not_matter(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("conflictdesk.pipeline.open_tools", lambda *_, **__: tools)
    pages = [str(SAMPLES / name) for name in ("savanna-wire.jsonl", "beirut-live.txt")]
    said = []
    for name, order in (("a", pages), ("b", pages[::-1]), ("c", [*pages, pages[0]])):
        assert main(["code", *order, "--out", str(tmp_path / name)]) == 0
        said.append(capsys.readouterr().out.splitlines()[:-1])
    assert said[0] == said[1] == said[2]
    assert read_files(tmp_path / "a") == read_files(tmp_path / "b") == read_files(tmp_path / "c")
