"""The explore page in a real browser: map, brush, facets, keyboard, hostile names, light, dark and phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_server import invent_rows, launch, opened, serve
from made_datasets import make_dataset

from conflictdesk.desk.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FloatRect, Page

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as started:
        yield started


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("explore") / "made"
    make_dataset(folder, invent_rows()).close()
    with serve(create_app(folder)) as address:
        yield address


def await_map(page: Page) -> None:
    page.wait_for_selector("#map.idle", timeout=60_000)


def count_of(page: Page) -> int:
    return int(page.locator('#summary a.n[data-sum="events"]').first.get_attribute("data-value") or "-1")


def test_the_map_is_drawn_and_a_click_opens_its_events(browser: Browser, home: str) -> None:
    with opened(browser, home) as page:
        await_map(page)
        place = page.evaluate(
            """async () => {
                const { conflictMap } = await import("/static/map.js");
                const found = conflictMap().queryRenderedFeatures({ layers: ["areas", "near", "exact"] });
                const one = found.find((f) => f.properties.n > 1);
                return { ...conflictMap().project(one.geometry.coordinates), n: one.properties.n };
            }"""
        )
        page.locator("#map canvas").click(position={"x": place["x"], "y": place["y"]})
        page.wait_for_selector(".maplibregl-popup .peek-sum")
        link = page.locator(".maplibregl-popup .peek-sum a.n").first
        number = link.get_attribute("data-value")
        link.click()
        page.wait_for_url("**/events?**")
        assert page.locator('.total[data-sum="events"]').first.get_attribute("data-value") == number


def find_chart(page: Page) -> FloatRect:
    """Where the time line stands; while the page settles, the chart is drawn anew and is nowhere for a moment."""
    for _ in range(100):
        box = page.locator("#time-chart svg").bounding_box()
        page.wait_for_timeout(100)
        if box is not None and box == page.locator("#time-chart svg").bounding_box():
            return box
    raise AssertionError("the time line does not come to rest")


def test_the_brush_sets_the_days_of_the_whole_view(browser: Browser, home: str) -> None:
    with opened(browser, home) as page:
        await_map(page)
        page.wait_for_selector("#time-chart.drawn svg")
        before = count_of(page)
        chart = find_chart(page)
        y = chart["y"] + 50
        page.mouse.move(chart["x"] + chart["width"] * 0.3, y)
        page.mouse.down()
        page.mouse.move(chart["x"] + chart["width"] * 0.45, y, steps=5)
        page.mouse.move(chart["x"] + chart["width"] * 0.6, y, steps=5)
        page.mouse.up()
        page.wait_for_url(re.compile(r"from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d"))
        page.wait_for_function("() => document.getElementById('f-from').value !== ''")
        assert 0 < count_of(page) < before
        assert page.locator("#summary .chip").count() == 1
        page.go_back()
        page.wait_for_function("() => document.getElementById('f-from').value === ''")
        assert count_of(page) == before


def test_a_facet_by_keyboard_narrows_every_part_and_the_map_stays(browser: Browser, home: str) -> None:
    with opened(browser, home) as page:
        await_map(page)
        page.evaluate("document.querySelector('#map canvas').dataset.same = 'yes'")
        pick = page.locator("#facet-event_type .pick").first
        told = page.locator("#facet-event_type a.n").first.get_attribute("data-value")
        pick.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("event_type="))
        page.wait_for_selector("#summary .chip")
        assert str(count_of(page)) == told
        assert page.locator("#facet-event_type .on").count() == 1
        assert page.locator("#map canvas").get_attribute("data-same") == "yes"
        assert page.evaluate("document.activeElement.id").startswith("pick-event_type")


def test_hostile_names_are_text(browser: Browser, home: str) -> None:
    with opened(browser, home, "/events?q=Invented+note&order=date") as page:
        assert page.locator("table.events img, table.events script").count() == 0
        assert "onerror" in page.locator("main").inner_text() or page.locator("a[rel=next]").count()
    with opened(browser, home, "/event/made:60") as page:
        assert page.locator("main img, main script").count() == 0
        assert "<img src=x" in page.locator("main").inner_text()
        assert "Conflict Desk" in page.title()


def test_all_of_it_works_without_javascript(browser: Browser, home: str) -> None:
    with opened(browser, home, script=False) as page:
        assert page.locator("noscript img, .mapbox img").count() >= 1
        assert page.locator("#time-chart svg a").count() > 5
        page.locator("#facet-country .pick").first.click()
        assert "country=" in page.url
        page.fill("#f-q", "Town 3")
        page.locator("#filters button[type=submit]").click()
        assert "q=Town" in page.url and page.locator("table.events tbody tr").count() > 0


@pytest.mark.parametrize("path", ["/", "/events?country=Ruritania", "/event/made:60", "/api"])
def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, home: str, path: str) -> None:
    with opened(browser, home, path, phone=True) as page:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
@pytest.mark.parametrize("path", ["/", "/events?country=Ruritania", "/event/made:60", "/api"])
def test_axe_finds_nothing_serious(browser: Browser, home: str, path: str, look: str) -> None:
    with opened(browser, home, path, dark=look == "dark", phone=look == "phone") as page:
        page.wait_for_load_state("networkidle")
        if path == "/":
            page.wait_for_selector("#time-chart.drawn")
        # Through the debugger, which the page's policy does not bind.
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("async () => (await axe.run()).violations")
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"]][:3])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []


def test_every_sum_of_the_page_is_that_of_its_events(browser: Browser, home: str) -> None:
    with opened(browser, home, "/?country=Ruritania") as page:
        links = page.locator("main a.n").evaluate_all(
            "all => all.map((a) => [a.getAttribute('href'), a.dataset.sum, a.dataset.value])"
        )
        assert len(links) > 20
        for href, name, value in links:
            page.goto(home + href)
            assert page.locator(f'.total[data-sum="{name}"]').first.get_attribute("data-value") == value, href


def test_without_webgl_there_is_a_picture(browser: Browser, home: str) -> None:
    page = browser.new_page()
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        " return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"
    )
    page.goto(home)
    page.wait_for_selector("#map picture img")
    page.wait_for_function("() => document.querySelector('#map picture img').naturalWidth > 0")
    page.locator("#facet-country .pick").first.click()
    page.wait_for_url(re.compile("country="))
    page.wait_for_function("() => document.querySelector('#map picture img').src.includes('country=')")
    page.close()
