"""A real article with six incidents, coded at the desk by keyboard alone: the store then holds what its gold says.

What the machine proposes is really proposed by it; an incident that it missed is added. Nothing of the article or of
its gold is in this repository: both are read from the benchmark folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_server import launch, serve
from team_desk import NOW, serve_team
from workbench_desk import Bench, at_work, await_saved, press

from benchmarks.bench_folder import find_bench, name_bench
from conflictdesk.pipeline import Tools
from conflictdesk.records import Actor, Dates, Place
from conflictdesk.release.rows import article_row, event_row
from conflictdesk.workflow.adding import add_paths
from conflictdesk.workflow.running import run_desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.bench, pytest.mark.slow]
MOST_PRESSES = 15
# Every key down that the page hears, Shift and the like too.
COUNT_PRESSES = "window.presses = 0; window.addEventListener('keydown', () => { window.presses += 1 }, true)"


@pytest.fixture(scope="module")
def folder() -> Path:
    bench = find_bench()
    if bench is None:
        pytest.skip(f"there is no benchmark folder at {name_bench()}; set CONFLICTDESK_BENCH")
    return bench


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as started:
        yield started


@pytest.fixture
def bench(folder: Path, tmp_path: Path, tools: Tools) -> Iterator[Bench]:
    with serve_team(tmp_path / "desk") as team:
        add_paths(team.desk, [folder / "corpus" / "arab-news-2021-09-26.page.txt"], "carla", NOW)
        run_desk(team.desk, tools, now=NOW)
        with team.desk.store.reading() as reader:
            ids = {article.title: article.article_id for article in reader.all_articles()}
        first = json.loads((folder / "corpus" / "arab-news-2021-09-26.gold.json").read_text("utf-8"))["articles"][0]
        with serve(team.app) as home:
            yield Bench(team, home, {"first": ids[first["title"]]})


def accept_incident(page: Page, number: int) -> int:
    """Accept what an incident's card suggests, looking at what must be looked at: the key presses the page saw."""
    before: int = page.evaluate("window.presses")
    press(page, f"{number} Shift+A")
    page.wait_for_timeout(150)
    if page.locator("[role=dialog]").count():
        press(page, "Shift+A")
    seen: int = page.evaluate("window.presses")
    return seen - before


def set_aside(page: Page) -> None:
    """Mark the sentences that tell of violence but of no incident as background."""
    for number in page.locator(".sentence.open").evaluate_all("all => all.map(s => Number(s.dataset.s))"):
        go_to(page, number)
        press(page, "b")


def go_to(page: Page, sentence: int) -> None:
    """Move to a sentence with j and k."""
    for _ in range(200):
        here = int(page.locator(".sentence.here").get_attribute("data-s") or 0)
        if here == sentence:
            return
        press(page, "j" if here < sentence else "k")
    raise AssertionError(f"s{sentence} was not reached")


def fill(page: Page, text: str, option: str) -> None:
    """Replace what an open editor holds, wait for an answer of its list, and keep it."""
    page.wait_for_selector(".editor input")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    if option:
        page.wait_for_selector(f"[role=option][aria-selected=true]:has-text('{option}')")
    page.keyboard.press("Enter")


def add_missing(page: Page, sentence: int) -> None:
    """Add the incident that the machine missed: a show of force in Baghdad in June 2020."""
    go_to(page, sentence)
    press(page, "Shift+N")
    fill(page, "change to group", "Change to group/activity")
    for text, option in (("2020-06", ""), ("Baghdad", "Baghdad"), ("Kataib Hezbollah", "Kataib Hezbollah")):
        press(page, "e")
        fill(page, text, option)


def test_the_store_equals_the_gold_after_an_article_by_keyboard(
    browser: Browser, bench: Bench, folder: Path, tmp_path: Path
) -> None:
    gold = json.loads((folder / "corpus" / "arab-news-2021-09-26.gold.json").read_text("utf-8"))
    missed = next(event for event in gold["events"] if event["id"] == "baghdad-2020-06")
    with at_work(browser, bench, "first") as page:
        page.evaluate(COUNT_PRESSES)
        proposed = page.locator(".card").count()
        presses = [accept_incident(page, number) for number in range(1, proposed + 1)]
        await_saved(page)
        where = bench.file("first").article.text.index(missed["quote"])
        notes = bench.file("first").coding
        assert notes is not None
        add_missing(page, next(n.index for n in notes.sentences if n.start <= where < n.end))
        await_saved(page)
        set_aside(page)
        await_saved(page)
        press(page, "Control+Enter")
        page.wait_for_selector(".question h2:has-text('Nothing stands in the way')")
        press(page, "Enter")
        page.wait_for_function(f"() => !location.pathname.endsWith('{bench.ids['first']}')")
    required = [event for event in gold["events"] if event["article"] == 1 and event["required"]]
    assert proposed == len(required) == 6
    assert 0 < max(presses) <= MOST_PRESSES
    print("key presses an incident:", presses)
    file = bench.file("first")
    assert "carla" in file.finished and all(mention.is_reviewed for mention in file.kept)
    added = file.kept[-1]
    day, place, who = (added.fields[name].value for name in ("date", "place", "actor1"))
    assert isinstance(day, Dates) and [str(day.start), str(day.end), day.precision] == [*missed["date"], 3]
    assert isinstance(place, Place) and place.name == "Baghdad"
    assert isinstance(who, Actor) and who.name == "Kataib Hezbollah"
    figures = score(bench, folder, tmp_path)
    assert figures["recall"] == figures["precision"] == figures["strict_f1"] == 1
    fields = figures["fields"]
    assert isinstance(fields, dict) and set(fields.values()) == {1}, fields


def score(bench: Bench, folder: Path, out: Path) -> dict[str, object]:
    """The article's events as the store holds them, against the gold of that article alone."""
    with bench.team.desk.store.reading() as reader:
        article = reader.article(bench.ids["first"])
        assert article is not None
        own = {article.article_id: article}
        events = [r.event for r in reader.all_events() if {m.article_id for m in r.event.mentions} == own.keys()]
    assert all(event.status != "proposed" for event in events)
    (out / "events.jsonl").write_text("".join(json.dumps(event_row(e, own)) + "\n" for e in events), "utf-8")
    (out / "articles.jsonl").write_text(json.dumps(article_row(article)) + "\n", "utf-8")
    (out / "claims.jsonl").write_text("", "utf-8")
    whole = json.loads((folder / "corpus" / "arab-news-2021-09-26.gold.json").read_text("utf-8"))
    own_gold = [event for event in whole["events"] if event["article"] == 1]
    gold = out / "gold.json"
    gold.write_text(json.dumps({**whole, "events": own_gold, "claims": [], "articles": []}), "utf-8")
    command = [sys.executable, str(folder / "tools" / "score_events.py"), str(gold), str(out), "--json"]
    found: dict[str, object] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found
