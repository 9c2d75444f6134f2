"""Nothing that a coder decided is lost: a lost connection, a reload, an answer that never came, a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from desk_server import launch
from workbench_desk import Bench, at_work, await_saved, press, row_of, serve_bench

from conflictdesk.pipeline import Tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Route

pytestmark = pytest.mark.browser
SEND = "**/desk/api/decisions"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as started:
        yield started


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[Bench]:
    with serve_bench(tmp_path_factory.mktemp("bench"), tools, ("strike",)) as served:
        yield served


def test_what_is_decided_without_a_connection_outlives_a_reload_and_is_sent_later(
    browser: Browser, bench: Bench
) -> None:
    with at_work(browser, bench, "strike", breaks=True) as page:
        page.route(SEND, lambda route: route.abort())
        press(page, "a a a")
        page.wait_for_selector(".offline")
        assert "3 decisions wait" in page.locator(".offline").inner_text()
        assert "confirmed" in row_of(page, "place")
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        page.wait_for_selector(".row.on")
        press(page, "1")
        assert "confirmed" in row_of(page, "place") and "suggested" in row_of(page, "deaths")
        assert bench.file("strike").decisions == ()
        page.unroute(SEND)
        page.wait_for_selector(".offline", state="detached", timeout=40_000)
        await_saved(page)
    stood = bench.file("strike").decisions
    assert [(d.action, d.field) for d in stood] == [("accept", "event_type"), ("accept", "date"), ("accept", "place")]


def test_an_answer_that_never_came_stores_it_once(browser: Browser, bench: Bench) -> None:
    sent: list[str] = []

    def swallow(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()  # the server took it, but the page never hears of it
            route.abort()
        else:
            route.continue_()

    with at_work(browser, bench, "strike", breaks=True) as page:
        page.route(SEND, swallow)
        press(page, "a")
        page.wait_for_selector(".offline")
        page.wait_for_selector(".offline", state="detached", timeout=40_000)
        await_saved(page)
    assert len(sent) == 2 and sent[0] == sent[1]
    assert len(bench.file("strike").decisions) == 1


def test_a_refusal_is_told_at_its_field_and_rolled_back_alone(browser: Browser, bench: Bench) -> None:
    def refuse(route: Route) -> None:
        if '"deaths"' in (route.request.post_data or ""):
            route.fulfill(status=409, json={"told": "The lead has settled this field."})
        else:
            route.continue_()

    with at_work(browser, bench, "strike", breaks=True) as page:
        page.route(SEND, refuse)
        press(page, "a Shift+A Shift+A 1")
        page.wait_for_selector(".row.refused")
        assert "The lead has settled this field." in page.locator(".row.refused").inner_text()
        assert "suggested" in row_of(page, "deaths") and "confirmed" in row_of(page, "injured")
        await_saved(page)
    fields = bench.incident("strike", 1).fields
    assert (fields["deaths"].state, fields["injured"].state) == ("suggested", "confirmed")


def test_the_server_is_asked_to_keep_what_the_page_shows(browser: Browser, bench: Bench) -> None:
    """The states of the page after many keys are those that the server tells when the page is loaded anew."""
    with at_work(browser, bench, "strike") as page:
        press(page, "a x n u a c c 2 a n Shift+A Enter u 1 Shift+D")
        page.wait_for_selector(".choices")
        press(page, "3 u")
        await_saved(page)
        shown = page.evaluate(READ_STATES)
        page.reload()
        page.wait_for_selector(".row.on")
        assert page.evaluate(READ_STATES) == shown
        assert any("confirmed" in one for one in shown)


READ_STATES = """async () => {
  const { held } = await import("/static/workbench/desk.js");
  return held.value.incidents.flatMap((i) => Object.entries(i.fields).map(([name, f]) =>
    JSON.stringify([i.number, i.dropped, name, f.state, f.value, f.evidence, f.inferred, f.sure ?? null])))
    .concat(held.value.sentences.map((s) => JSON.stringify([s.n, s.segments, s.background])));
}"""


def test_leaving_asks_only_while_something_is_unsent(browser: Browser, bench: Bench) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    with at_work(browser, bench, "strike", breaks=True) as page:
        page.on("dialog", answer)
        press(page, "a")
        await_saved(page)
        page.reload()
        page.wait_for_selector(".row.on")
        assert asked == []
        page.route(SEND, lambda route: route.abort())
        press(page, "a")
        page.wait_for_selector(".offline")
        page.reload()
        assert asked == ["beforeunload"]
        page.unroute(SEND)
        page.wait_for_selector(".row.on")
        await_saved(page)


def test_signing_in_anew_elsewhere_loses_nothing(browser: Browser, bench: Bench) -> None:
    office = bench.team.office
    with at_work(browser, bench, "strike", breaks=True) as page:
        cookie = f"desk-{office.cookies.desk}-session"
        page.context.clear_cookies()
        press(page, "a")
        page.wait_for_selector("a:has-text('Sign in again')")
        token = office.sessions.begin("carla", bench.team.clock.now)
        page.context.add_cookies([{"name": cookie, "value": token, "url": bench.home}])
        page.wait_for_selector(".offline", state="detached", timeout=40_000)
        await_saved(page)
        assert "confirmed" in row_of(page, "event_type")
    assert [d.field for d in bench.file("strike").decisions] == ["event_type"]


def test_another_person_at_the_same_browser_sends_nothing_of_the_first(browser: Browser, bench: Bench) -> None:
    office = bench.team.office
    with at_work(browser, bench, "strike", breaks=True) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.route(SEND, lambda route: route.abort())
        press(page, "a")
        page.wait_for_selector(".offline")
        cookie = f"desk-{office.cookies.desk}-session"
        token = office.sessions.begin("cem", bench.team.clock.now)
        page.context.add_cookies([{"name": cookie, "value": token, "url": bench.home}])
        page.unroute(SEND)
        page.reload()
        page.wait_for_selector(".row.on")
        assert page.locator("#workbench").get_attribute("data-user") == "cem"
        await_saved(page)
        page.wait_for_timeout(500)
    assert bench.file("strike").decisions == ()
