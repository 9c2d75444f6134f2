"""The reading pages and the lead's in a real browser: settling by keyboard, axe, narrow windows, no script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_server import launch, serve
from made_reading import decide, draft, finish_first, finish_second, reading_team
from playwright.sync_api import expect
from team_desk import Team

from conflictdesk.desk.settling_view import view_settling
from conflictdesk.workflow.casefiles import read_papers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
PAGES = (
    *("/article/a-ferry?check=1#s1", "/article/a-arabic", "/article/a-hostile", "/event/e-ferry1", "/event/e-hostile1"),
    *("/history", "/history?event=e-ferry1&as_of=3", "/search?q=killed", "/sources", "/source/Harbour%20Gazette"),
    *("/actor/Coast%20Front", "/adjudicate", "/adjudicate/a-ferry", "/agreement?by=coders", "/feedback"),
    "/agreement/cases?field=deaths",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as started:
        yield started


@pytest.fixture
def team(tmp_path: Path) -> Iterator[tuple[Team, str]]:
    with reading_team(tmp_path / "desk", always_second=True) as made:
        finish_first(made, "ferry")
        finish_second(made)
        decide(made, "rosa", draft("e-hostile1", "withdraw", kind="event", reason="recalled"))
        with serve(made.app) as home:
            yield made, home


@contextmanager
def signed_in(browser: Browser, team: tuple[Team, str], **told: object) -> Iterator[Page]:
    """A window of the lead's; what it asks for outside, or complains of, is a failure."""
    made, home = team
    asked: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": 640 if told.get("narrow") else 1280, "height": 900},
        color_scheme="dark" if told.get("dark") else "light",
        java_script_enabled=told.get("script", True) is True,
    )
    token = made.office.sessions.begin("lena", made.clock.now)
    context.add_cookies([{"name": f"desk-{made.office.cookies.desk}-session", "value": token, "url": home}])
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert [url for url in asked if not url.startswith((home, "data:"))] == []
    assert [words for words in complaints if "responded with a status of 4" not in words] == []
    context.close()


def test_a_lead_settles_an_article_by_keyboard_alone(browser: Browser, team: tuple[Team, str]) -> None:
    made, home = team
    with made.desk.store.reading() as reader:
        settling = view_settling(read_papers(reader, "a-ferry"))
    assert settling is not None
    first = "]" if settling.swapped else "["
    with signed_in(browser, team) as page:
        page.goto(home + "/adjudicate/a-ferry")
        for left in (3, 2):
            page.keyboard.press(first)
            page.keyboard.press("r")
            page.keyboard.press("Enter")
            expect(page.locator("#left")).to_have_text(str(left))
        page.keyboard.press("r")
        page.keyboard.press("Enter")
        assert page.locator("#left").text_content() == "2", "nothing is saved without a choice"
        page.keyboard.press(first)
        page.keyboard.press("Enter")
        expect(page.locator("#left")).to_have_text("1")
        page.keyboard.press(first)
        page.keyboard.press("r")
        page.keyboard.press("r")
        page.keyboard.press("Enter")
        expect(page.locator("#left")).to_have_text("0")
        page.keyboard.press("Enter")
        page.get_by_text("This article is settled").wait_for()
    with made.desk.store.reading() as reader:
        told = [d for d in reader.decisions(article_id="a-ferry") if d.track == "final"]
        case = reader.case("a-ferry")
    assert [d.action for d in told] == ["change", "change", "change", "change", "settle"]
    assert [d.reason for d in told[:4]] == ["ambiguous text", "ambiguous text", "ambiguous text", "rule gap"]
    assert case is not None and case.status == "adjudicated"


def test_another_value_is_typed_and_keys_rest_meanwhile(browser: Browser, team: tuple[Team, str]) -> None:
    with signed_in(browser, team) as page:
        page.goto(team[1] + "/adjudicate/a-ferry")
        page.keyboard.press("o")
        page.keyboard.type("10 12 14")
        page.locator("select[name=reason]").first.select_option("rule gap")
        page.locator("button", has_text="Save").first.click()
        expect(page.locator("#left")).to_have_text("3")
        assert "10 12 14" in (page.locator(".settled-as").first.text_content() or "")
        page.keyboard.press("k")
        page.keyboard.press("o")
        page.keyboard.type("many")
        page.keyboard.press("Enter")
        page.locator(".fault").first.wait_for()
        assert "cannot be read" in (page.locator(".fault").first.text_content() or "")


def test_an_article_is_settled_without_any_script(browser: Browser, team: tuple[Team, str]) -> None:
    with signed_in(browser, team, script=False) as page:
        page.goto(team[1] + "/adjudicate/a-ferry")
        form = page.locator("form.choice").first
        form.locator("input[value=b]").check()
        form.locator("select[name=reason]").select_option("ambiguous text")
        form.locator("button").click()
        assert page.locator("#left").text_content() == "3"
        assert "#g-" in page.url


def test_an_address_opens_at_its_sentence_without_script(browser: Browser, team: tuple[Team, str]) -> None:
    with signed_in(browser, team, script=False) as page:
        page.set_viewport_size({"width": 900, "height": 300})
        page.goto(team[1] + "/article/a-ferry#s5")
        assert page.locator("#s5:target").count() == 1
        box = page.locator("#s5").bounding_box()
        assert box is not None and 0 <= box["y"] < 300


def test_right_to_left_sentences_start_at_the_right(browser: Browser, team: tuple[Team, str]) -> None:
    with signed_in(browser, team) as page:
        page.goto(team[1] + "/article/a-arabic")
        style = page.locator("#s1 > p").first.evaluate(
            "e => [getComputedStyle(e).direction, getComputedStyle(e).textAlign]"
        )
        assert style == ["rtl", "start"]


@pytest.mark.slow
@pytest.mark.parametrize("dark", (False, True))
def test_no_page_has_a_fault_that_axe_finds_nor_runs_hostile_text(
    browser: Browser, team: tuple[Team, str], dark: bool
) -> None:
    with signed_in(browser, team, dark=dark, narrow=dark) as page:
        for path in PAGES:
            page.goto(team[1] + path)
            assert page.title() != "broken", path
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, path
            page.evaluate(AXE.read_text())
            found = page.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
            assert found == [], path
