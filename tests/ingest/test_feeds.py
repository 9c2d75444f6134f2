"""Feeds and sitemaps: which pages they name, and that a hostile one reaches nothing and costs little."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback_site import Site, open_site

from conflictdesk.ingest.feeds import FeedItem, fetch_feed, read_feed
from conflictdesk.ingest.fetching import FetchSettings, WebFetcher

BASE = "https://news.example/feeds/all.xml"
RSS = """<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE rss PUBLIC "-//Example//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">
<!-- made <by> hand -->
<rss version="2.0"><channel><title>All</title><description>x</description>
<item><title>Older &amp; &lt;b&gt;bold&lt;/b&gt;</title><link> /a?id=1#part </link>
<pubDate>Mon, 11 Mar 2024 23:30:00 GMT</pubDate></item>
<item><title>Żółw&nbsp;newer</title><link>https://other.example/b</link>
<pubDate>Tue, 12 Mar 2024 03:00:00 +0300</pubDate><description>&lt;p&gt;x</description></item>
<item><title>No day</title><guid isPermaLink="true">https://news.example/c</guid></item>
<item><title>Twice</title><link>/a?id=1</link></item>
<item><title>Script</title><link>javascript:alert(1)</link></item>
<item><title>File</title><link>file:///etc/passwd</link></item>
</channel></rss>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-2"])
def test_rss_names_pages_newest_first_each_once(encoding: str) -> None:
    read = read_feed(RSS.format(encoding=encoding).encode(encoding), BASE)
    assert read.problems == () and read.further == ()
    assert read.items == (
        FeedItem(url="https://other.example/b", title="Żółw newer", published="2024-03-12T03:00:00+03:00"),
        FeedItem(url="https://news.example/a?id=1", title="Older & bold", published="2024-03-11T23:30:00+00:00"),
        FeedItem(url="https://news.example/c", title="No day"),
    )


def test_atom_with_its_own_base_and_days_without_hours() -> None:
    read = read_feed(
        b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://atom.example/x/"><title>t</title>
        <entry><title type="html">&lt;i&gt;Shells&lt;/i&gt; fell</title><link rel="self" href="s"/><link href="p1"/>
        <updated>2024-03-12T08:00:00Z</updated></entry>
        <entry><title>Day</title><link href="p2"/><published>2024-03-13</published></entry></feed>""",
        BASE,
    )
    assert [(i.url, i.title, i.published) for i in read.items] == [
        ("https://atom.example/x/p2", "Day", "2024-03-13"),
        ("https://atom.example/x/p1", "Shells fell", "2024-03-12T08:00:00+00:00"),
    ]


NEWS_MAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/old</loc><lastmod>2023-01-01</lastmod></url>
<url><loc> https://news.example/new </loc><lastmod>2024-05-01</lastmod><news:news>
<news:publication><news:name>Gazette</news:name></news:publication>
<news:publication_date>2024-03-12T01:00:00+03:00</news:publication_date><news:title>Fire</news:title></news:news></url>
<url><loc>https://news.example/undated</loc><lastmod>soon</lastmod></url><url><lastmod>2024-01-01</lastmod></url>
</urlset>"""


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_sitemaps_with_the_days_of_news(pack) -> None:  # type: ignore[no-untyped-def]
    read = read_feed(pack(NEWS_MAP), BASE)
    assert read.problems == ()
    assert read.items == (
        FeedItem(url="https://news.example/new", title="Fire", published="2024-03-12T01:00:00+03:00"),
        FeedItem(url="https://news.example/old", published="2023-01-01"),
        FeedItem(url="https://news.example/undated"),
    )


def test_what_is_too_much_is_cut_and_told() -> None:
    read = read_feed(NEWS_MAP, BASE, most=1)
    assert [item.url for item in read.items] == ["https://news.example/new"]
    assert [problem.kind for problem in read.problems] == ["too-many"]
    assert [p.kind for p in read_feed(gzip.compress(b" " * 60_000_000), BASE).problems] == ["too-large"]
    assert [p.kind for p in read_feed(gzip.compress(NEWS_MAP)[:-9], BASE).problems] == ["broken-gzip"]


def test_of_a_broken_feed_what_can_be_read_is_taken() -> None:
    read = read_feed(RSS.format(encoding="utf-8").partition("<item><title>No day")[0].encode(), BASE)
    assert len(read.items) == 2 and [problem.kind for problem in read.problems] == ["broken-feed"]
    torn = read_feed(NEWS_MAP[: NEWS_MAP.index(b"<url><loc> ") + 7], BASE)
    assert torn.items[0].url == "https://news.example/old" and [p.kind for p in torn.problems] == ["broken-feed"]


LAUGHS = '<!DOCTYPE l [<!ENTITY a "haha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi")
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("hide", ["", "<!-- <a> -->", "<?x <a> ?>", "\n<!-- - -- > -->\n", "<!DOCTYPE x>"])
@pytest.mark.parametrize(
    "attack",
    [
        LAUGHS + "]><rss><channel><item><title>&i;</title><link>/a</link></item></channel></rss>",
        LAUGHS + "]><urlset><url><loc>/&i;</loc></url></urlset>",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]><rss><channel><item><title>&x;</title><link>/a</link></item></channel></rss>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]><urlset><url><loc>/a</loc><title>&x;</title></url>',
        '<!doctype r [<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/dtd">%p;]><urlset><url><loc>/a</loc></url>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:{port}/dtd" [<!ATTLIST a b CDATA "c">]><urlset><url><loc>/a</loc></url>',
    ],
)
def test_entities_are_refused_however_they_are_hidden(tmp_path: Path, attack: str, hide: str, encoding: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("topsecret")
    with open_site() as site:
        said = hide + attack.replace("{secret}", str(secret)).replace("{port}", site.url.rpartition(":")[2])
        begun = time.monotonic()
        read = read_feed(said.encode(encoding), BASE)
        assert time.monotonic() - begun < 2
        assert [problem.kind for problem in read.problems] == ["entities"] and read.items == ()
        assert "topsecret" not in repr(read) and site.visits == []


def test_a_named_dtd_is_not_fetched_and_an_unknown_sign_is_no_file() -> None:
    with open_site() as site:
        read = read_feed(
            f'<!DOCTYPE rss SYSTEM "{site.url}/dtd"><rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><item>'
            f'<title>A&unheardof;B<xi:include href="file:///etc/passwd" parse="text"/></title><link>/a</link>'
            f"</item></channel></rss>".encode(),
            BASE,
        )
        assert [item.url for item in read.items] == ["https://news.example/a"]
        assert "root:" not in repr(read) and site.visits == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no-feed"),
        (b"plain words", "no-feed"),
        (b"<html><body>No feed</body></html>", "no-feed"),
        (b"%PDF-1.7 x", "no-feed"),
        (b"<" * 500_000, "no-feed"),
        (b"<!--" * 500_000, "no-feed"),
        (b"<rss " + b" ".join(b"a%d='1'" % n for n in range(50_000)) + b"/>", "too-large"),
        (b"<rss>" + b"<a/>" * 300_000 + b"</rss>", "too-large"),
        (b"<rss><channel>" + b"<item>" * 200_000, "broken-feed"),
    ],
)
def test_what_is_no_feed_or_a_heavy_one_is_a_problem_at_once(body: bytes, reason: str) -> None:
    begun = time.monotonic()
    read = read_feed(body, BASE)
    assert read.items == () and [problem.kind for problem in read.problems] == [reason]
    assert time.monotonic() - begun < 5


PARTS = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "<link>", "/a", "</link>", "</item>", "<title>", "&amp;", "&x;", "<!DOCTYPE r [",
     "<![CDATA[", "]]>", "<urlset>", "<url>", "<loc>http://[", "<pubDate>", "Tue, 99 Foo 2024", "<feed>", "<entry>",
     "é", "<link href='http://['/>", "0000-00-00", "9999-12-31T23:59:59-23:59", "<lastmod>"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), st.lists(PARTS, max_size=30).map(lambda parts: "".join(parts).encode())))
def test_any_bytes_give_an_answer_with_web_addresses_only(body: bytes) -> None:
    for item in read_feed(body, BASE).items:
        assert item.url.lower().startswith(("http://", "https://"))


# ---------------------------------------------------------------- from a site


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as opened:
        yield opened


@pytest.fixture
def fetcher() -> WebFetcher:
    held = FetchSettings(contact="desk@news.example", delay=0.0, any_port=True, allow_loopback=True, total=5.0)
    return WebFetcher(held)


def test_a_feed_is_fetched_and_not_again_when_unchanged(site: Site, fetcher: WebFetcher) -> None:
    site.page("/feed", RSS.format(encoding="utf-8").encode(), "application/rss+xml", ETag='"1"')
    first, read = fetch_feed(f"{site.url}/feed", fetcher)
    assert first is not None and first.etag == '"1"'
    assert f"{site.url}/a?id=1" in [item.url for item in read.items]
    site.replies["/feed"] = lambda visit: visit.say(304, kind=None)
    second, nothing = fetch_feed(f"{site.url}/feed", fetcher, etag=first.etag)
    assert second is not None and second.status == 304 and (nothing.items, nothing.problems) == ((), ())
    gone, told = fetch_feed(f"{site.url}/nowhere", fetcher)
    assert gone is None and [problem.kind for problem in told.problems] == ["not-found"]


def test_an_index_leads_to_its_newest_sitemaps(site: Site, fetcher: WebFetcher) -> None:
    index = "".join(
        f"<sitemap><loc>{site.url}/{n}.xml.gz</loc><lastmod>2024-0{n}-01</lastmod></sitemap>" for n in (1, 3, 2)
    )
    site.page("/index.xml", f"<sitemapindex>{index}</sitemapindex>".encode(), "application/xml")
    for number in (1, 2, 3):
        part = f"<urlset><url><loc>/p{number}</loc></url><url><loc>/both</loc></url></urlset>".encode()
        site.page(f"/{number}.xml.gz", gzip.compress(part), "application/gzip")
    answer, read = fetch_feed(f"{site.url}/index.xml", fetcher, sitemaps=2)
    assert answer is not None
    assert {item.url for item in read.items} == {f"{site.url}/{name}" for name in ("p3", "p2", "both")}
    assert [problem.kind for problem in read.problems] == ["too-many"]
    assert "/1.xml.gz" not in site.paths
