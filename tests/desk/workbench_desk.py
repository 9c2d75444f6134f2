"""A desk with coded articles of our own invention, served on loopback, and a browser in which somebody is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desk_server import serve
from team_desk import NOW, Team, serve_team

from conflictdesk.decisions import DecidedMention, Track
from conflictdesk.pipeline import Tools
from conflictdesk.review.folding import CaseFile
from conflictdesk.workflow.adding import add_paths
from conflictdesk.workflow.casefiles import read_case
from conflictdesk.workflow.running import run_desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STRIKE = """Two attacks in a day shake the Karst valley

Published 4 March 2024

A car bomb killed three policemen in Mosul on Saturday, the interior ministry said. Nine people were wounded. \
The Islamic State group claimed the attack on Sunday.

Gunmen shot dead two farmers near Kirkuk on Friday, residents said.

“We have been afraid for weeks,” said a teacher who asked not to be named. The bridge was closed on Sunday night.

The two attacks left five people dead, the governor said.
"""
TWIN = """Bomb kills three policemen in Mosul

Published 4 March 2024

A car bomb killed three policemen in Mosul on Saturday, a police officer said. Ten people were wounded.
"""
ARABIC = """انفجار في سوق المدينة

Published 5 March 2024

قالت الشرطة إن انفجارا وقع في سوق المدينة صباح الثلاثاء وأدى إلى مقتل ثلاثة 🔥 أشخاص. وأضاف المتحدث أن التحقيق جار.

وقالت الوزارة إن خمسة من المصابين غادروا المستشفى.
"""
HOSTILE = """<img src=x onerror="document.title='broken'"> Two die in Kano

Published 4 March 2024

</script><script>document.title='broken'</script> Gunmen killed two traders in Kano on Sunday, residents said 🔥.
"""
_TOWNS = ("Gao", "Mopti", "Djibo", "Dori", "Tillaberi", "Menaka", "Ansongo", "Kidal")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def write_long() -> str:
    """A chronicle of forty paragraphs."""
    told = ["A week of attacks: a chronicle", "Published 12 October 2024"]
    for n in range(40):
        told.append(
            f"Gunmen killed {n % 7 + 2} villagers near {_TOWNS[n % 8]} on {_DAYS[n % 6]}, officials said. The "
            f"attackers burned {n + 3} houses. The army sent soldiers. “We heard shooting until dawn,” a trader said."
        )
    return "\n\n".join(told) + "\n"


@dataclass
class Bench:
    """The served desk; `ids` names its articles by what they are here for."""

    team: Team
    home: str
    ids: dict[str, str]

    def file(self, name: str, *, track: Track = "main", by: str | None = None) -> CaseFile:
        """What the store holds of an article now."""
        with self.team.desk.store.reading() as reader:
            return read_case(reader, self.ids[name], track=track, by=by)

    def incident(self, name: str, number: int) -> DecidedMention:
        """An incident by its place in the text, from 1."""
        return self.file(name).mentions[number - 1]


TEXTS = {"strike": STRIKE, "twin": TWIN, "arabic": ARABIC, "hostile": HOSTILE, "long": write_long()}


@contextmanager
def serve_bench(folder: Path, tools: Tools, names: tuple[str, ...] = tuple(TEXTS)) -> Iterator[Bench]:
    """A desk of these articles, coded, with the people of `team_desk`."""
    pages = folder / "pages"
    pages.mkdir()
    for name in names:
        (pages / f"{name}.txt").write_text(TEXTS[name], "utf-8")
    with serve_team(folder / "desk") as team:
        add_paths(team.desk, [pages], "carla", NOW)
        run_desk(team.desk, tools, now=NOW)
        with team.desk.store.reading() as reader:
            ids = {Path(article.page).stem: article.article_id for article in reader.all_articles()}
        with serve(team.app) as home:
            yield Bench(team, home, ids)


@contextmanager
def at_work(browser: Browser, bench: Bench, name: str, **options: object) -> Iterator[Page]:
    """The workbench on an article; a request elsewhere, an error or a breach of the policy is a failure."""
    asked: list[str] = []
    complaints: list[str] = []
    size = options.get("size")
    width, height = size if isinstance(size, tuple) else (1440, 900)
    context = browser.new_context(
        viewport={"width": int(width), "height": int(height)}, color_scheme="dark" if options.get("dark") else "light"
    )
    token = bench.team.office.sessions.begin(str(options.get("who", "carla")), bench.team.clock.now)
    cookie = f"desk-{bench.team.office.cookies.desk}-session"
    context.add_cookies([{"name": cookie, "value": token, "url": bench.home}])
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{bench.home}/work/{bench.ids[name]}")
    page.wait_for_selector("#cards .scroll")
    yield page
    assert [url for url in asked if not url.startswith((bench.home, "data:", "blob:" + bench.home))] == []
    allowed = ("GPU stall", "GL Driver Message", *(("Failed to load resource",) if options.get("breaks") else ()))
    assert [told for told in complaints if not any(part in told for part in allowed)] == []
    context.close()


def press(page: Page, keys: str) -> None:
    """Press keys one after the other; a word in quotes is typed, its spaces written as underscores."""
    for key in keys.split():
        if key.startswith('"'):
            page.keyboard.type(key[1:].replace("_", " "))
        else:
            page.keyboard.press(key)


def await_saved(page: Page) -> None:
    """Wait until nothing is unsent."""
    page.wait_for_selector(".saved[data-waiting='0']")


def row_of(page: Page, field: str) -> str:
    """What the open card says of a field, for the ear."""
    return page.locator(f".row[data-row$=' {field}']").get_attribute("aria-label") or ""


def focused(page: Page) -> tuple[int, str]:
    """The incident and the field in focus, by the DOM's own focus."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    place = page.evaluate("document.activeElement?.dataset.row ?? ''")
    number = page.locator(".card.open").get_attribute("data-incident")
    return int(number or 0), str(place).rpartition(" ")[2]
