"""report.html in a real browser: from disk, without network, with and without JavaScript, on a desk and on a phone."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_pages import Coded, Row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 844}
Look = Callable[..., "Page"]


def miss(reason: str) -> None:
    """A check that cannot be made is skipped in the open; where everything must be checked it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        miss("Chromium is not here: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        miss("playwright is not here: pip install playwright")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, report: Path, *, script: bool = True, **options: object) -> Iterator[Page]:
    """The report in a fresh window; a request beyond the file itself, or a complaint of the browser, is a failure."""
    phone = options.get("phone", False)
    asked: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
        color_scheme="dark" if options.get("dark") else "light",
        java_script_enabled=script,
        offline=True,
    )
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report.as_uri())
    yield page
    assert {url.split("#")[0] for url in asked} == {report.as_uri()}
    assert complaints == []
    context.close()


@pytest.fixture
def report(coded: Coded) -> Path:
    return coded.out / "report.html"


def has_point(event: Row) -> bool:
    """A country's middle is no place to draw a point."""
    precision = event["place_precision"]
    return event["latitude"] is not None and isinstance(precision, int) and precision <= 3


def visible_rows(page: Page) -> int:
    return page.locator("#table tbody tr:visible").count()


def test_rows_and_dots_are_the_events(browser: Browser, report: Path, coded: Coded) -> None:
    with opened(browser, report) as page:
        rows = page.locator("#table tbody tr")
        assert rows.count() == len(coded.events) == visible_rows(page) > 3
        ids = page.locator("details.card .foot code").all_text_contents()
        assert ids == [str(e["event_id"]) for e in coded.events]
        said = [row.inner_text() for row in rows.all()]
        for event, text in zip(coded.events, said, strict=True):
            assert str(event["sub_event_type"]) in text and str(event["location"]) in text
        drawn = [n for mark in page.locator("#map [data-e]").all() for n in str(mark.get_attribute("data-e")).split()]
        assert Counter(map(int, drawn)) == Counter(n for n, e in enumerate(coded.events) if has_point(e))
        assert page.locator("#map .dot:visible").count() == page.locator("#map [data-e]").count()


def test_the_counts_are_those_of_the_files(browser: Browser, report: Path, coded: Coded) -> None:
    with opened(browser, report) as page:
        told = {
            word.rstrip("s"): int(n) for n, word in (t.split() for t in page.locator(".counts li").all_inner_texts())
        }
    assert told["event"] == len(coded.events)
    assert told["article"] == len(coded.articles)
    assert told["problem"] == len(coded.problems)


def test_the_doubtful_come_first_when_asked_and_the_days_again_when_asked_again(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        rows, cards = page.locator("#table tbody tr"), page.locator("details.card")
        by_day = [row.get_attribute("data-n") for row in rows.all()]
        page.click("#doubtful")
        ranks = [int(row.get_attribute("data-r") or "-1") for row in rows.all()]
        assert ranks == sorted(ranks) and len(set(ranks)) == len(ranks)
        shown = [row.get_attribute("data-n") for row in rows.all()]
        assert [card.get_attribute("data-n") for card in cards.all()] == shown != by_day
        page.select_option("#f-kind", index=1)
        assert 0 < visible_rows(page) < len(by_day)
        page.click("#clear")
        page.click("#doubtful")
        assert [row.get_attribute("data-n") for row in rows.all()] == by_day


def test_the_filter_leaves_what_was_asked_for(browser: Browser, report: Path, coded: Coded) -> None:
    kinds = Counter(str(e["event_type"]) for e in coded.events)
    kind, number = min(kinds.items(), key=lambda item: (item[1], item[0]))
    assert number < len(coded.events)
    with opened(browser, report) as page:
        page.select_option("#f-kind", kind)
        assert visible_rows(page) == number == page.locator("details.card:visible").count()
        assert page.locator("#status").inner_text() == f"{number} of {len(coded.events)} shown"
        assert page.locator("#map [data-e]:not(.out)").count() <= number
        page.click("#clear")
        assert visible_rows(page) == len(coded.events)
        page.fill("#f-actor", "nobody of that name")
        assert visible_rows(page) == 0


def test_the_time_line_and_the_map_choose_events(browser: Browser, report: Path, coded: Coded) -> None:
    with opened(browser, report) as page:
        bar = page.locator("#time a").first
        bar.locator(".hit").dispatch_event("click")
        assert visible_rows(page) == len(str(bar.get_attribute("data-e")).split()) < len(coded.events)
        page.click("#clear")
        mark = page.locator("#map [data-e]").first
        mark.locator(".dot").dispatch_event("click")
        assert visible_rows(page) == len(str(mark.get_attribute("data-e")).split()) < len(coded.events)


def test_a_row_leads_to_its_sentences_with_the_words_marked(browser: Browser, report: Path, coded: Coded) -> None:
    with opened(browser, report) as page:
        if page.locator("details.card[open]").count():
            page.locator("details.card").evaluate_all("cards => cards.forEach(card => { card.open = false; })")
        page.locator("#table tbody tr a").nth(2).click()
        card = page.locator("details.card").nth(2)
        assert card.get_attribute("open") is not None
        marks = card.locator("blockquote mark")
        marks.first.wait_for(state="visible")
        head = card.locator("summary").bounding_box()
        assert head is not None and 0 <= head["y"] < 100  # the card's title is in sight
        shown = marks.evaluate_all(
            "all => all.map(m => [...m.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join(''))"
        )
    told = coded.events[2]["mentions"]
    assert isinstance(told, list)
    quotes = {s["quote"] for m in told for held in m["evidence"].values() for s in held}
    assert shown and all(any(words.strip() in quote for quote in quotes) for words in shown)


def test_without_javascript_it_is_a_plain_document(browser: Browser, report: Path, coded: Coded) -> None:
    with opened(browser, report, script=False) as page:
        assert page.locator("#table tbody tr:visible").count() == len(coded.events)
        assert page.locator(".js-only:visible").count() == 0
        assert page.locator("#map .dot:visible").count() > 0
        if page.locator("details.card").last.get_attribute("open") is None:
            page.locator("details.card summary").last.click()
        assert page.locator("details.card").last.locator("mark").first.is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, report: Path, script: bool) -> None:
    with opened(browser, report, script=script, phone=True) as page:
        for details in page.locator("details:not([open]) > summary").all():
            if details.is_visible():
                details.click()
        assert page.locator("body").bounding_box() is not None
        wide = page.evaluate("document.documentElement.scrollWidth") if script else widest(page)
        assert wide <= PHONE["width"]


def widest(page: Page) -> float:
    """The right edge of the widest thing on the page, where no script may ask."""
    boxes = [
        box
        for part in page.locator("header, section, table, details, blockquote").all()
        if (box := part.bounding_box())
    ]
    return max(box["x"] + box["width"] for box in boxes)


def test_letters_stand_out_from_the_ground_in_the_dark(browser: Browser, report: Path) -> None:
    light_and_dark = []
    for dark in (False, True):
        with opened(browser, report, dark=dark) as page:
            asked = "e => { const s = getComputedStyle(e); return [s.color, s.backgroundColor]; }"
            light_and_dark.append([brightness(c) for c in page.locator("body").evaluate(asked)])
    (ink, paper), (dark_ink, dark_paper) = light_and_dark
    assert paper - ink > 150 and dark_ink - dark_paper > 150


def brightness(color: str) -> float:
    parts = [float(part) for part in color.removeprefix("rgb(").removesuffix(")").split(",")]
    return sum(parts[:3]) / 3
