"""What a feed (RSS, Atom) or a map of a site (sitemap) names: addresses of pages, their titles and days."""

from __future__ import annotations

import calendar
import datetime as dt
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import cast
from urllib.parse import urldefrag, urljoin

from lxml import etree

from conflictdesk.ingest.decoding import decode
from conflictdesk.ingest.files import refuse
from conflictdesk.ingest.unpacking import GZIP_HEAD, Broken, TooMuch, unpack
from conflictdesk.records import Problem
from conflictdesk.seams import Fetched, Fetcher

MOST_BYTES = 50_000_000
MOST_FEED_BYTES = 10_000_000
MOST_ELEMENTS, MOST_ATTRIBUTES = 200_000, 100
MOST_ITEMS = 10_000
MOST_SITEMAPS = 20
LONGEST_TITLE = 500
# The longest parts of an entry, of which nothing is wanted here.
UNREAD = ("{*}description", "{*}encoded", "{*}summary", "{*}content")
BEFORE_ROOT = (("<?", "?>"), ("<!--", "-->"))
PLAIN_DOCTYPE = re.compile(r"<!DOCTYPE[^\[\]<>]{0,1000}>", re.IGNORECASE)
NAMED_SIGN = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
KEPT_SIGNS = ("amp", "lt", "gt", "quot", "apos")
TAG = re.compile(r"<[^<>]*>")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
EARLY = dt.datetime(1, 1, 2, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """A page that a feed names; `published` as ISO 8601 with the feed's own offset ("2024-03-12T08:00:00+03:00")."""

    url: str
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItems:
    """The pages that a feed names, newest first, undated ones last; `further` are the sitemaps that an index names."""

    items: tuple[FeedItem, ...] = ()
    further: tuple[FeedItem, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_feed(body: bytes, base_url: str, *, most: int = MOST_ITEMS) -> FeedItems:
    """What an RSS or Atom feed, a sitemap or an index of sitemaps names; gzip is undone.

    Links are resolved against `base_url`; those that are not http(s) are left out, each address comes once. Nothing is
    fetched; a feed that defines its own entities is refused, for they can blow up or name files of this machine.

    >>> feed = b"<rss version='2.0'><channel><item><title>Fire</title><link>/a</link></item></channel></rss>"
    >>> read_feed(feed, "https://news.example/feed").items[0].url
    'https://news.example/a'
    """
    text = _read_text(body, base_url)
    if isinstance(text, Problem):
        return FeedItems(problems=(text,))
    root, problems = _read_tree(text, base_url)
    if root is None:
        return FeedItems(problems=problems)
    name = etree.QName(root).localname.lower()
    if name in ("rss", "rdf", "feed"):
        if len(text) > MOST_FEED_BYTES or not _is_bearable(root):
            told = "The feed is longer, or its markup heavier, than any feed of news; it was left."
            return FeedItems(problems=(refuse(base_url, "too-large", told),))
        return _order(_read_entries(root, base_url), (), problems, base_url, most)
    if name == "urlset":
        return _order(_read_map(root, "url", base_url), (), problems, base_url, most)
    if name == "sitemapindex":
        return _order((), _read_map(root, "sitemap", base_url), problems, base_url, most)
    return FeedItems(problems=(_no_feed(base_url),))


def fetch_feed(
    url: str,
    fetcher: Fetcher,
    *,
    etag: str | None = None,
    modified: str | None = None,
    sitemaps: int = MOST_SITEMAPS,
    most: int = MOST_ITEMS,
) -> tuple[Fetched | None, FeedItems]:
    """The feed at `url`, and what it names; of an index, the `sitemaps` newest maps are read as well.

    The first is None when the feed could not be had; its status is 304, and no items come, when nothing changed.
    """
    answer = fetcher.fetch(url, etag, modified)
    if isinstance(answer, Problem):
        return None, FeedItems(problems=(answer,))
    if answer.status == 304:
        return answer, FeedItems()
    read = read_feed(answer.body, answer.final_url, most=most)
    items, problems = list(read.items), list(read.problems)
    for part in read.further[:sitemaps]:
        found = fetcher.fetch(part.url)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        inner = read_feed(found.body, found.final_url, most=most)
        items += inner.items
        problems += inner.problems
    if len(read.further) > sitemaps:
        told = f"The index names {len(read.further)} sitemaps; the {sitemaps} newest were read. Add others by address."
        problems.append(refuse(url, "too-many", told))
    return answer, _order(items, (), tuple(problems), url, most)


# ---------------------------------------------------------------- markup


def _read_text(body: bytes, base_url: str) -> str | Problem:
    """The markup from its first element on: no declaration and no entity can stand there any more."""
    try:
        body = unpack((body,), "gzip" if body.startswith(GZIP_HEAD) else "", MOST_BYTES)
    except TooMuch:
        return refuse(base_url, "too-large", f"The feed unpacks to more than {MOST_BYTES:,} bytes; it was left.")
    except Broken:
        return refuse(base_url, "broken-gzip", "The feed came packed and damaged; try again later.")
    decoded = decode(body, declared=True)
    if decoded is None:
        return _no_feed(base_url)
    text = _skip_prolog(decoded.text)
    if text[:9].upper() == "<!DOCTYPE":
        told = "The feed defines its own entities, as attacks do; it was not read. Ask the site for a plain feed."
        return refuse(base_url, "entities", told)
    return text if text.startswith("<") else _no_feed(base_url)


def _skip_prolog(text: str) -> str:
    """The markup after its declaration, instructions, comments and a DOCTYPE that only names a DTD."""
    at = 0
    while True:
        at += len(text[at : at + 10_000]) - len(text[at : at + 10_000].lstrip("\ufeff \t\r\n"))
        end = next((text.find(stop, at) + len(stop) for start, stop in BEFORE_ROOT if text.startswith(start, at)), 0)
        if doctype := PLAIN_DOCTYPE.match(text, at):
            end = doctype.end()
        if end <= at:
            return text[at:]
        at = end


def _read_tree(text: str, base_url: str) -> tuple[etree._Element | None, tuple[Problem, ...]]:
    """The elements, small faults mended; libxml2 reads no DTD, no file and no address, and stops at great depth."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_pis=True
    )
    spelt = NAMED_SIGN.sub(lambda said: said[0] if said[1] in KEPT_SIGNS else html.unescape(said[0]), text)
    try:
        root = cast("etree._Element | None", etree.fromstring(spelt.encode("utf-8"), parser))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return None, (_no_feed(base_url),)
    if root.getroottree().docinfo.internalDTD is not None:
        return None, (refuse(base_url, "entities", "The feed defines its own entities; it was not read."),)
    fault = next((entry for entry in parser.error_log if entry.level >= etree.ErrorLevels.ERROR), None)
    if fault is None:
        return root, ()
    told = "The feed's markup is broken; what could be read was taken, and entries may be missing."
    return root, (refuse(base_url, "broken-feed", told, fault.line),)


def _is_bearable(root: etree._Element) -> bool:
    """False where feedparser would take minutes: its time grows with the square of the attributes of an element."""
    for number, element in enumerate(root.iter(etree.Element)):
        if number > MOST_ELEMENTS or len(element.attrib) > MOST_ATTRIBUTES or len(element.nsmap) > MOST_ATTRIBUTES:
            return False
    return True


def _no_feed(base_url: str) -> Problem:
    return refuse(base_url, "no-feed", "This is no RSS, Atom or sitemap; look for the feed's address on the site.")


# ---------------------------------------------------------------- entries


def _read_entries(root: etree._Element, base_url: str) -> Iterator[FeedItem]:
    """The entries of RSS or Atom by feedparser, which gets well-formed bytes and never asks for anything itself."""
    import io

    import feedparser

    etree.strip_elements(root, *UNREAD, with_tail=False)
    said = feedparser.parse(
        io.BytesIO(etree.tostring(root, encoding="utf-8", xml_declaration=True)),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": base_url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    for entry in cast("list[dict[str, object]]", said.entries):
        url = _resolve(_word(entry.get("link")) or _permalink(entry), base_url)
        stamp = next((e for key in ("published", "updated") if (e := _read_time(_word(entry.get(key))))), None)
        parsed = entry.get("published_parsed") or entry.get("updated_parsed")
        if stamp is None and isinstance(parsed, tuple):
            stamp = dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC).isoformat()
        if url:
            yield FeedItem(url=url, title=_clean(_word(entry.get("title"))), published=stamp)


def _permalink(entry: dict[str, object]) -> str | None:
    """An item without a link whose id is its address."""
    given = _word(entry.get("id"))
    return given if given and given.startswith(("http://", "https://")) else None


def _read_map(root: etree._Element, kind: str, base_url: str) -> Iterator[FeedItem]:
    """The entries of a sitemap (sitemaps.org 0.9) and of Google's news sitemaps."""
    for entry in root:
        if not isinstance(entry.tag, str) or etree.QName(entry).localname != kind:
            continue
        said: dict[str, str] = {}
        for part in entry.iter(etree.Element):
            if part.text:
                said.setdefault(etree.QName(part).localname, part.text.strip())
        url = _resolve(said.get("loc"), base_url)
        stamp = _read_time(said.get("publication_date")) or _read_time(said.get("lastmod"))
        if url:
            yield FeedItem(url=url, title=_clean(said.get("title")), published=stamp)


def _order(
    items: Iterable[FeedItem], further: Iterable[FeedItem], problems: tuple[Problem, ...], url: str, most: int
) -> FeedItems:
    """Each address once, newest first, not more than `most`."""
    kept = _sort(items)
    if len(kept) > most:
        told = f"The feed names {len(kept):,} pages; the {most:,} newest were taken."
        problems = (*problems, refuse(url, "too-many", told))
    return FeedItems(items=kept[:most], further=_sort(further)[:most], problems=problems)


def _sort(items: Iterable[FeedItem]) -> tuple[FeedItem, ...]:
    first: dict[str, FeedItem] = {}
    for item in items:
        first.setdefault(item.url, item)
    return tuple(sorted(first.values(), key=lambda item: _moment(item.published), reverse=True))


def _moment(stamp: str | None) -> dt.datetime:
    when = dt.datetime.fromisoformat(stamp) if stamp else EARLY
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)


# ---------------------------------------------------------------- values


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _clean(title: str | None) -> str | None:
    """A title as plain words."""
    if title is None:
        return None
    return " ".join(html.unescape(TAG.sub(" ", title[: 4 * LONGEST_TITLE])).split())[:LONGEST_TITLE] or None


def _resolve(link: str | None, base_url: str) -> str | None:
    if not link:
        return None
    try:
        url = urldefrag(urljoin(base_url, "".join(link.split()))).url
    except ValueError:
        return None
    return url if url.lower().startswith(("http://", "https://")) and len(url) <= 8_000 else None


def _read_time(said: str | None) -> str | None:
    """A moment as feeds write it (RFC 822, or ISO 8601) as ISO 8601; the site's own offset, and so its day, is kept.

    >>> _read_time("Tue, 12 Mar 2024 01:30:00 +0300"), _read_time("2024-03-12"), _read_time("yesterday")
    ('2024-03-12T01:30:00+03:00', '2024-03-12', None)
    """
    if said is None or len(said) > 100:
        return None
    said = said.strip()
    try:
        when = dt.datetime.fromisoformat(said)
        _moment(when.isoformat()).timestamp()
        return said if DAY.fullmatch(said) else when.isoformat()
    except (ValueError, OverflowError):
        pass
    try:
        when = parsedate_to_datetime(said)
        _moment(when.isoformat()).timestamp()
        return when.isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
