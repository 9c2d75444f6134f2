"""The static site: pages that work from disk, relative links that lead somewhere, nothing silently missing."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from desk_server import invent_rows
from lxml import html
from made_datasets import make_dataset

from conflictdesk.analyse.checks import read_sentence
from conflictdesk.desk import site
from conflictdesk.desk.site import KeptCheck, SiteParts, SiteReport, write_site
from conflictdesk.errors import StoreError
from conflictdesk.questions import CompareQuestion

pytestmark = pytest.mark.slow
SENTENCE = "Band 1 killed 60 people in the six months after 1 January 2022, 80 in the six months before."
QUESTION = CompareQuestion(actor=("Band 1",), split=dt.date(2022, 1, 1), window="6months", resamples=50)
ROWS = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "made"
    make_dataset(folder, invent_rows(ROWS)).close()
    return folder


@pytest.fixture(scope="module")
def written(made: Path, tmp_path_factory: pytest.TempPathFactory) -> SiteReport:
    from conflictdesk.datasets.opening import open_dataset

    reading = read_sentence(open_dataset(made), SENTENCE)
    parts = SiteParts(comparisons=(QUESTION,), checks=(KeptCheck(reading=reading, asked_on=dt.date(2031, 5, 1)),))
    return write_site(made, tmp_path_factory.mktemp("out") / "site", parts)


def pages_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.html") if ".dossier." not in path.name)


def test_the_site_has_each_kind_of_page(written: SiteReport) -> None:
    kinds = written.pages
    assert kinds["events"] == ROWS and kinds["counts"] >= 6 and kinds["lists of events"] > 50
    assert kinds["comparisons"] == kinds["checks"] == kinds["front"] == kinds["about"] == 1
    held = {path.name for path in written.folder.iterdir()}
    assert {"index.html", "about.html", "counts.html", "questions.html", "events.csv", "map.svg"} <= held
    assert {"compare-1.weeks.svg", "compare-1.weeks.json", "compare-1.answer.json", "check-1.dossier.html"} <= held


def test_every_link_is_relative_and_leads_to_a_file(written: SiteReport) -> None:
    for page in pages_of(written.folder):
        tree = html.fromstring(page.read_text("utf-8"))
        for address in tree.xpath("//*[not(self::a[@rel])]/@href | //@src | //@srcset"):
            assert not re.match(r"/|[a-z]+:", str(address)), f"{page.name}: {address}"
            goal = unquote(str(address).split("#")[0])
            assert not goal or (page.parent / goal).resolve().is_file(), f"{page.name}: {address}"


def test_a_page_has_no_form_and_no_script(written: SiteReport) -> None:
    for page in pages_of(written.folder):
        text = page.read_text("utf-8")
        assert "<form" not in text and "<script" not in text and 'style="' not in text, page.name


def test_a_list_holds_the_events_that_its_number_counts(written: SiteReport) -> None:
    for page in (written.folder / "events").glob("*.html"):
        tree = html.fromstring(page.read_text("utf-8"))
        told = int(tree.xpath('string(//h1//*[@data-sum="events"]/@data-value)'))
        assert len(tree.xpath('//table[@class="events"]/tbody/tr')) == told


def test_the_same_dataset_gives_the_same_site(made: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write_site(made, one)
    write_site(made, two)
    assert [p.relative_to(one) for p in pages_of(one)] == [p.relative_to(two) for p in pages_of(two)]
    for page in pages_of(one):
        assert page.read_bytes() == (two / page.relative_to(one)).read_bytes(), page.name


def test_a_large_dataset_says_what_has_no_page(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "LARGE", 20)
    monkeypatch.setattr(site, "LIST_AT_MOST", 5)
    report = write_site(made, tmp_path / "large")
    assert report.pages["events"] == 10
    assert any(f"Of {ROWS} events only 10 have a page of their own" in told for told in report.left_out)
    front = (tmp_path / "large" / "index.html").read_text("utf-8")
    assert all(told.split(":")[0] in front for told in report.left_out)
    lists = [page.read_text("utf-8") for page in (tmp_path / "large" / "events").glob("*.html")]
    assert any(f"{ROWS - 5} further events not listed on this page" in text for text in lists)
    assert (tmp_path / "large" / "left-out.html").is_file()


def test_a_folder_with_other_files_is_left_alone(made: Path, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds other files"):
        write_site(made, tmp_path)
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_a_site_is_written_over_an_earlier_one(made: Path, tmp_path: Path) -> None:
    write_site(made, tmp_path / "site")
    (tmp_path / "site" / "old.html").write_text("old")
    write_site(made, tmp_path / "site")
    assert not (tmp_path / "site" / "old.html").exists()
