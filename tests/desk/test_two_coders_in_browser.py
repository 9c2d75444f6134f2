"""Two coders and a lead in real Chromium, by keyboard: a first coding, a blind second one, what is settled, figures."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_server import launch
from workbench_desk import Bench, at_work, await_saved, press, serve_bench

from conflictdesk.desk.settling_view import is_swapped
from conflictdesk.pipeline import Tools
from conflictdesk.records import Estimate
from conflictdesk.review.agreement import AGREED_FIELDS, measure_agreement, measure_found
from conflictdesk.workflow.seconds import list_pairs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TELLING = "Zarqonia-by-the-Lake"
"""A word that the first coder alone writes."""
SHOTS = os.environ.get("CONFLICTDESK_SHOTS")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as started:
        yield started


@pytest.fixture
def bench(tmp_path: Path, tools: Tools) -> Iterator[Bench]:
    with serve_bench(tmp_path, tools, ("strike", "arabic")) as served:
        settings = served.team.desk.settings
        told = replace(settings, second=replace(settings.second, share=1.0, shares={}))
        object.__setattr__(served.team.desk, "settings", told)
        yield served


def look(page: Page, name: str) -> None:
    """Keep a picture in light and dark where somebody wants to look at them."""
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.wait_for_timeout(250)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")


@contextmanager
def reading(browser: Browser, bench: Bench, name: str, path: str) -> Iterator[Page]:
    """A page of the desk as somebody sees it; errors of the page are failures."""
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900})
    token = bench.team.office.sessions.begin(name, bench.team.clock.now)
    cookie = f"desk-{bench.team.office.cookies.desk}-session"
    context.add_cookies([{"name": cookie, "value": token, "url": bench.home}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(bench.home + path)
    yield page
    assert [told for told in complaints if "GPU stall" not in told and "GL Driver" not in told] == []
    context.close()


def go_to(page: Page, sentence: int) -> None:
    """Move to a sentence with j and k."""
    for _ in range(80):
        here = int(page.locator(".sentence.here").get_attribute("data-s") or 0)
        if here == sentence:
            return
        press(page, "j" if here < sentence else "k")
    raise AssertionError(f"s{sentence} was not reached")


def sentence_of(bench: Bench, words: str) -> int:
    """The number of the sentence that holds some words."""
    file = bench.file("strike")
    assert file.coding is not None
    at = file.article.text.index(words)
    return next(note.index for note in file.coding.sentences if note.start <= at < note.end)


def fill(page: Page, field: str, text: str, option: str = "") -> None:
    """Go to a field, replace what its editor holds, wait for its list where it has one, and keep it."""
    for _ in range(24):
        row = page.locator(".row.on").get_attribute("data-row") or ""
        if row.endswith(f" {field}"):
            break
        press(page, "ArrowDown" if page.locator(f".row.on ~ .row[data-row$=' {field}']").count() else "ArrowUp")
    if not page.locator(".editor").count():
        press(page, "e")
    page.wait_for_selector(".editor input, .editor textarea")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    if option:
        page.wait_for_selector(f"[role=option][aria-selected=true]:has-text('{option}')")
    page.keyboard.press("Enter")


def add(page: Page, sentence: int, **values: str) -> None:
    """A new incident of a sentence, field by field; `event_type` first."""
    go_to(page, sentence)
    press(page, "Shift+N")
    options = {"event_type", "place", "actor1", "actor2"}
    for field, text in values.items():
        fill(page, field, text, text if field in options else "")


def set_aside(page: Page) -> None:
    """Every sentence of violence that is left over is background."""
    for number in page.locator(".sentence.open").evaluate_all("all => all.map(s => Number(s.dataset.s))"):
        go_to(page, number)
        press(page, "b")


def finish(page: Page) -> None:
    await_saved(page)
    press(page, "Control+Enter")
    page.wait_for_selector("[role=dialog] h2:has-text('Nothing stands in the way'), [role=dialog] .finding, .tag.done")
    if page.locator("[role=dialog]").count():
        assert not page.locator(".finding.blocking").count(), page.locator("[role=dialog]").inner_text()
        press(page, "Enter")
    page.wait_for_function("() => !document.querySelector('[role=dialog]')")
    await_saved(page)


def code_first(browser: Browser, bench: Bench) -> None:
    """carla takes what is proposed, writes a note that nobody else would write, and finishes."""
    with at_work(browser, bench, "strike") as page:
        for number in (1, 2):
            press(page, f"{number} Shift+A")
            page.wait_for_timeout(150)
            if page.locator("[role=dialog]").count():
                press(page, "Shift+A")
        press(page, "1")
        fill(page, "note", TELLING)
        set_aside(page)
        look(page, "1-first")
        finish(page)


def code_second(browser: Browser, bench: Bench) -> None:
    """cem finds it in his queue, sees nothing of it, and codes it: four killed, not three; no farmers; a bridge."""
    with reading(browser, bench, "cem", "/queue?view=second") as page:
        look(page, "2-queue")
        assert TELLING not in page.content() and "carla" not in page.locator("main").inner_text()
        answers: list[str] = []
        page.on("response", lambda r: answers.append(r.text()) if "/desk/api/" in r.url else None)
        press(page, "j Enter")
        page.wait_for_selector("#cards .scroll")
        assert "track=second" in page.url
        assert page.locator(".card").count() == 0
        assert "blind" in page.locator(".case-tags").inner_text()
        look(page, "3-blind")
        car = sentence_of(bench, "A car bomb")
        add(page, car, event_type="Remote explosive", date="2024-03-02", place="Mosul", deaths="4")
        press(page, "1")
        fill(page, "actor1", "Islamic State", "Islamic State")
        fill(page, "injured", "9")
        add(page, sentence_of(bench, "The bridge was closed"), event_type="Looting", date="2024-03-03")
        set_aside(page)
        look(page, "4-second")
        assert TELLING not in page.content() and "carla" not in page.locator("#workbench").inner_text()
        finish(page)
        assert answers and not any(TELLING in told or "carla" in told for told in answers)


def settle_in_workbench(page: Page) -> None:
    """Another value than A's or B's is chosen in the workbench, which opens at the field with the reason."""
    press(page, "r o")
    page.wait_for_selector("#cards .scroll")
    assert "track=final" in page.url
    assert (page.locator(".row.on").get_attribute("data-row") or "").endswith(" attribution")
    assert page.locator("#why").input_value() == "ambiguous text"
    look(page, "6b-workbench")
    press(page, "a")
    await_saved(page)
    press(page, "Control+Enter")
    page.wait_for_selector(".difference.done:has-text('Who is said to have done it')")


def settle(browser: Browser, bench: Bench) -> None:
    """lena settles every difference by keyboard: the second coder's deaths count, else what the first coder says."""
    first, second = ("]", "[") if is_swapped(bench.ids["strike"]) else ("[", "]")
    with reading(browser, bench, "lena", "/adjudicate") as page:
        look(page, "5-list")
        page.locator("td a, th a").first.click()
        page.wait_for_selector(".difference")
        told = page.locator("main").inner_text()
        assert not re.search(r"\b(carla|cem)\b", told)
        look(page, "6-differences")
        total = page.locator(".difference").count()
        for _ in range(total):
            here = page.locator(".difference.here")
            title = here.locator("h2").inner_text()
            if "Who is said" in title:
                settle_in_workbench(page)
                continue
            press(page, second if "Killed" in title else first)
            press(page, "d r Enter" if here.locator("select[name=drop]").count() else "r Enter")
            number = title.split(".")[0]
            page.wait_for_selector(f".difference.done h2:has-text('{number}.')")
        assert page.locator("#left").inner_text() == "0"
        look(page, "7-all-chosen")
        press(page, "Enter")
        page.wait_for_selector(".sound")
        told = page.locator("main").inner_text()
        assert "carla" in told and "cem" in told
        look(page, "8-settled")


def test_two_coders_and_a_lead(browser: Browser, bench: Bench) -> None:
    code_first(browser, bench)
    with bench.team.desk.store.reading() as reader:
        case = reader.case(bench.ids["strike"])
    assert case is not None and case.status == "second"
    code_second(browser, bench)
    with bench.team.desk.store.reading() as reader:
        case = reader.case(bench.ids["strike"])
    assert case is not None and case.status == "disputed" and case.second_by == ("cem",)
    settle(browser, bench)
    check_figures(browser, bench)
    check_feedback(browser, bench)
    check_event(browser, bench)


def check_figures(browser: Browser, bench: Bench) -> None:
    """The page shows what is computed from the store."""
    with bench.team.desk.store.reading() as reader:
        pairs = list(list_pairs(reader))
    found = measure_found(pairs)
    assert (found.both, found.only_ours, found.only_theirs) == (1, 1, 1)
    with reading(browser, bench, "lena", "/agreement") as page:
        look(page, "9-agreement")
        assert f"F1 {found.f1:.2f}" in page.locator("main").inner_text()
        rows = page.locator("section[aria-labelledby=fields-title] tbody tr").all_inner_texts()
        assert len(rows) == len(AGREED_FIELDS)
        for name, row in zip(AGREED_FIELDS, rows, strict=True):
            told = measure_agreement(pairs, field=name)
            cells = row.split("\t")
            assert cells[5].strip() == str(told.n), (name, row)
            shown = "undefined" if told.percent is None else f"{100 * told.percent:.0f} %"
            assert cells[4].strip() == shown, (name, row)


def check_feedback(browser: Browser, bench: Bench) -> None:
    for name in ("carla", "cem"):
        with reading(browser, bench, name, "/feedback") as page:
            look(page, f"10-feedback-{name}")
            told = page.locator("main").inner_text()
            assert "Two attacks in a day" in told and "lena" in told
            assert ("Killed" in told) == (name == "carla"), told


def check_event(browser: Browser, bench: Bench) -> None:
    """What was settled counts, and the history tells how it came."""
    mention = bench.incident("strike", 1)
    assert mention.fields["deaths"].value == Estimate.exactly(4)
    with bench.team.desk.store.reading() as reader:
        event_id = reader.event_of([mention.mention_id])[mention.mention_id]
        record = reader.event(event_id)
        case = reader.case(bench.ids["strike"])
    assert case is not None and case.status == "adjudicated"
    assert record is not None and record.event.deaths == Estimate.exactly(4) and record.status == "adjudicated"
    with reading(browser, bench, "cem", f"/history?article={bench.ids['strike']}") as page:
        look(page, "11-history")
        told = page.locator("main").inner_text()
        assert all(name in told for name in ("carla", "cem", "lena", "desk", TELLING))
    with reading(browser, bench, "cem", f"/event/{event_id}") as page:
        look(page, "12-event")
        assert "4" in page.locator("#v-deaths").inner_text()
