"""Every number on every page opens the events that add up to it: walked in a real browser, live and from disk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import pytest
from desk_server import invent_rows, launch, serve
from lxml import html
from made_datasets import make_dataset

from conflictdesk.analyse.checks import read_sentence
from conflictdesk.desk.app import create_app
from conflictdesk.desk.site import KeptCheck, SiteParts, write_site
from conflictdesk.questions import CompareQuestion

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SENTENCE = "Band 1 killed 60 people in the six months after 1 January 2022, 80 in the six months before."
PAGES = (
    *("/", "/?country=Ruritania&from=2021-03-01", "/count", "/count?by=month", "/count?by=actor&measure=injured"),
    *("/count?by=country&by=event_type", "/count?by=source", "/count?by=civilian_targeting", "/count?by=location"),
    *(
        "/compare?actor=Band+1&split=2022-01-01&window=6months",
        "/check?sentence=" + SENTENCE.replace(" ", "+") + "&yes=1",
    ),
    *("/compare?actor=Band+1&actor=Band+2&split=2021-09-01&window=90days&country=Ruritania", "/about", "/claims"),
    *("/chronicle?place=Town+3&km=50", "/event/made:7", "/events?country=Borduria"),
)


class Number(TypedDict):
    """A number of a page: where it leads, which sum it is, its value, and what it shows."""

    href: str
    sum: str
    value: str
    text: str


COLLECT = """() => [...document.querySelectorAll("a.n")].map(a =>
  ({href: a.href, sum: a.dataset.sum, value: a.dataset.value, text: a.textContent.trim()}))"""

# What may stand as a bare number: names, one event's own toll, what is worked out from sums (ratios, shares), days,
# the verdict's own words (.why), whose figures stand as links below it, and what a column means (.words).
BARE = r"""() => {
  const allowed = "a, bdi, .n, .total, .calc, .toll, .why, .words, .unseen, small, code, svg, input, select, textarea";
  const found = [];
  if (document.body.classList.contains("event")) return found;  // one event's own values are no sums
  for (const cell of document.querySelectorAll("td, strong, b, .figure, .sums dd, .lead, .caveats b")) {
    if (cell.closest(allowed) || cell.closest("table.events, .values, .original, .sheet, .event #versions")) continue;
    const copy = cell.cloneNode(true);
    for (const inner of copy.querySelectorAll(allowed)) inner.remove();
    const text = copy.textContent
      .replace(/\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} [A-Z][a-z]+/g, "")
      .replace(/[−+]?[\d.,]+ %|\d+ (days|km)/g, "").replace(/\b(1[89]|20|21)\d\d\b/g, "");
    if (/\d/.test(text)) found.push(cell.tagName + ": " + cell.textContent.trim().slice(0, 120));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as started:
        yield started


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawl") / "made"
    make_dataset(folder, invent_rows(120)).close()
    return folder


def check_page(page: Page, totals: Callable[[str], dict[str, str]], seen: set[tuple[str, str, str]]) -> int:
    """Hold every number of an open page against the page that it opens; how many there were."""
    assert page.evaluate(BARE) == [], page.url
    numbers: Sequence[Number] = page.evaluate(COLLECT)
    for number in numbers:
        key = number["href"], number["sum"], number["value"]
        if key in seen:
            continue
        seen.add(key)
        found = totals(number["href"])
        assert found.get(number["sum"]) == number["value"], f"{page.url}: {number} opens {found}"
        assert re.sub(r"[^\d]", "", number["text"]) == number["value"] or number["text"][-1:] in "kM", number
    return len(numbers)


def read_totals(text: str) -> dict[str, str]:
    """The sums of a list page."""
    marked = html.fromstring(text).xpath('//*[contains(concat(" ", @class, " "), " total ")]')
    return {str(each.get("data-sum")): str(each.get("data-value")) for each in marked}


def test_every_number_of_the_live_pages_opens_its_events(browser: Browser, made: Path) -> None:
    app = create_app(made)
    app.state.today = dt.date(2031, 5, 1)
    seen: set[tuple[str, str, str]] = set()
    held: dict[str, dict[str, str]] = {}
    with serve(app) as home:
        context = browser.new_context(java_script_enabled=True)
        page = context.new_page()

        def totals(address: str) -> dict[str, str]:
            if address not in held:
                answer = context.request.get(address)
                assert answer.status == 200, address
                held[address] = read_totals(answer.text())
            return held[address]

        for path in PAGES:
            answer = page.goto(home + path, wait_until="domcontentloaded")
            assert answer and answer.status == 200, path
            check_page(page, totals, seen)
        context.close()
    assert len(seen) > 300


def test_every_number_of_the_site_opens_its_events_from_disk(browser: Browser, made: Path, tmp_path: Path) -> None:
    from conflictdesk.datasets.opening import open_dataset

    reading = read_sentence(open_dataset(made), SENTENCE)
    question = CompareQuestion(actor=("Band 1",), split=dt.date(2022, 1, 1), window="6months")
    parts = SiteParts(comparisons=(question,), checks=(KeptCheck(reading=reading, asked_on=dt.date(2031, 5, 1)),))
    write_site(made, tmp_path / "site", parts)
    context = browser.new_context(java_script_enabled=True, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def totals(address: str) -> dict[str, str]:
        return read_totals(Path(address.removeprefix("file://")).read_text("utf-8"))

    seen: set[tuple[str, str, str]] = set()
    waiting, walked = [(tmp_path / "site" / "index.html").as_uri()], set()
    while waiting:
        address = waiting.pop()
        if address in walked:
            continue
        walked.add(address)
        page.goto(address)
        check_page(page, totals, seen)
        links: list[str] = page.evaluate("() => [...document.links].map(a => a.href.split('#')[0])")
        waiting += [link for link in links if link.endswith(".html") and "dossier" not in link]
    context.close()
    assert all(url.startswith(("file:", "data:")) for url in asked)
    assert len(seen) > 300 and len(walked) > 120
