"""What comes in is kept once, with its bytes as they came; the same again is a no-op that is told."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_site import Site, open_site
from tried_desks import NOW

from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.pipeline import Tools
from conflictdesk.seams import Fetcher
from conflictdesk.workflow.adding import add_feeds, add_paths, add_text, add_urls, make_fetcher
from conflictdesk.workflow.desks import OpenDesk, init_desk, open_desk
from conflictdesk.workflow.running import run_desk

PAGE = (
    "<html><head><title>{0}</title><meta property='article:published_time' content='2024-03-05'></head><body><article>"
    "<h1>{0}</h1><p>Gunmen killed six people at a market in Maiduguri on Monday, police said. It was closed.</p>"
    "<p>Traders said that the gunmen came at noon and left with two lorries before soldiers arrived there.</p>"
    "</article></body></html>"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[OpenDesk]:
    init_desk(tmp_path / "desk")
    text = (tmp_path / "desk" / "conflictdesk.toml").read_text()
    opened = 'contact = "t@example.org"\nown_network = true\n'
    (tmp_path / "desk" / "conflictdesk.toml").write_text(
        text.replace("delay_seconds = 2", f"{opened}delay_seconds = 0")
    )
    with open_desk(tmp_path / "desk") as desk:
        yield desk


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture
def fetcher(desk: OpenDesk) -> Fetcher:
    return make_fetcher(desk.settings)


def test_files_are_kept_with_their_bytes_and_the_same_again_is_told(desk: OpenDesk, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    raw = "Zwölf Tote – a headline\r\n\r\nTwelve died in Kano.".encode("cp1252")
    (pages / "a.txt").write_bytes(raw)
    lines = [json.dumps({"id": f"x{n}", "text": f"Police shot dead {n} protesters in Kano."}) for n in range(3)]
    (pages / "b.jsonl").write_text("\n".join(lines))
    (pages / "c.txt").write_bytes(b"\x89PNG\x00")
    first = add_paths(desk, [pages], "ann", NOW)
    assert (len(first.new), first.known, [p.kind for p in first.problems]) == (4, (), ["binary"])
    again = add_paths(desk, [pages], "ben", NOW + dt.timedelta(days=1))
    assert (again.new, len(again.known), [p.kind for p in again.problems]) == ((), 4, ["binary"])
    with desk.store.reading() as reader:
        captures = list(reader.all_pages())
        assert len(reader.problems(10)) == 1
        assert reader.count_rows()["captures"] == 2
    whole = next(c for c in captures if c.page.external_id == "a")
    assert (whole.raw, whole.sha256, whole.by, whole.fetched_at) == (raw, hashlib.sha256(raw).hexdigest(), "ann", NOW)
    assert whole.page.body.decode().startswith("Zwölf Tote")
    assert len({c.sha256 for c in captures if c.page.external_id.startswith("x")}) == 1


def test_pasted_text_comes_in_once_and_nothing_is_refused_in_words(desk: OpenDesk, tools: Tools) -> None:
    day = dt.date(2024, 3, 5)
    text = "Gunmen killed six people at a market in Maiduguri on Monday, police said."
    first = add_text(desk, "Market", text, "https://paper.example/1", day, "ann", NOW)
    assert len(first.new) == 1
    assert add_text(desk, " Market ", f"{text}\n", "https://paper.example/1", day, "ben", NOW).known == first.new
    run_desk(desk, tools, now=NOW)
    with desk.store.reading() as reader:
        (article,) = reader.all_articles()
    assert (article.title, article.published_on, article.url) == ("Market", day, "https://paper.example/1")
    for words in ("", " \n\x00 ", "x" * 400_001):
        with pytest.raises(CheckError):
            add_text(desk, None, words, None, None, "ann", NOW)


def test_a_web_page_is_asked_for_again_only_if_it_changed(desk: OpenDesk, site: Site, fetcher: Fetcher) -> None:
    body = PAGE.format("Market attacked").encode()

    def answer(visit: object) -> None:
        from loopback_site import Visit

        assert isinstance(visit, Visit)
        fresh = visit.headers.get("If-None-Match") != '"v1"'
        visit.say(200 if fresh else 304, body if fresh else b"", ETag='"v1"')

    site.replies["/a"] = answer
    first = add_urls(desk, [f"{site.url}/a", f"{site.url}/gone"], fetcher, "ann", NOW)
    assert (len(first.new), [p.kind for p in first.problems]) == (1, ["not-found"])
    again = add_urls(desk, [f"{site.url}/a"], fetcher, "ann", NOW)
    assert (again.new, again.known, again.unchanged) == ((), (), 1)
    with desk.store.reading() as reader:
        note = reader.find_url(f"{site.url}/a")
        capture = reader.page(first.new[0])
    assert note is not None
    assert capture is not None
    assert (note.etag, note.sha256, capture.raw) == ('"v1"', capture.sha256, body)


def test_a_feed_brings_what_is_new_and_the_rest_of_a_broken_off_visit(
    desk: OpenDesk, site: Site, fetcher: Fetcher
) -> None:
    items = "".join(f"<item><title>Told {n}</title><link>{site.url}/{n}</link></item>" for n in range(3))
    site.page("/feed", f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "application/rss+xml")
    for number in range(2):
        site.page(f"/{number}", PAGE.format(f"Market {number}").encode())
    first = add_feeds(desk, fetcher, "ann", NOW, feeds=[f"{site.url}/feed"])
    assert (len(first.new), [p.kind for p in first.problems]) == (2, ["not-found"])
    site.page("/2", PAGE.format("Market 2").encode())
    site.visits.clear()
    again = add_feeds(desk, fetcher, "ann", NOW, feeds=[f"{site.url}/feed"])
    assert (len(again.new), again.problems) == (1, ())
    assert [path for path in site.paths if path != "/robots.txt"] == ["/feed", "/2"]
    assert add_feeds(desk, fetcher, "ann", NOW, feeds=[f"{site.url}/feed"]).new == ()


def test_without_an_address_of_ones_own_nothing_is_fetched(tmp_path: Path) -> None:
    init_desk(tmp_path)
    with open_desk(tmp_path) as desk, pytest.raises(ConfigError, match=r"fetch\.contact"):
        make_fetcher(desk.settings)
