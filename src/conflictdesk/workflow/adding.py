"""How pages come in: from files, from the web, from feeds, by pasting. Bytes are kept once, with their hash and moment.

Everything is kept as it comes: whoever stops it half way loses nothing, and the same again is a no-op that is told.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from conflictdesk.casework import Capture, UrlNote
from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.ingest.pages import fetch_pages, read_fetched
from conflictdesk.records import Page, Problem, hash_id
from conflictdesk.seams import Fetched, Fetcher
from conflictdesk.store.opening import Store
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.settings import FILE, Settings, SourceSettings

if TYPE_CHECKING:
    from conflictdesk.ingest.feeds import FeedItem
    from conflictdesk.ingest.fetching import Ask

PASTED: Final = "pasted"
_AT_ONCE: Final = 100  # pages of one transaction
_MOST_RAW: Final = 64_000_000  # bytes: of a greater file each document is kept by itself
_MOST_PASTED: Final = 400_000  # characters
_KNOWN_PROBLEMS: Final = 2000
_One = TypeVar("_One")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """What became of what was added: ids of pages that are `new`, and of those that were `known` already.

    `unchanged` counts addresses whose site says that nothing changed since they were asked last.
    """

    new: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    unchanged: int = 0

    def with_more(self, other: AddReport) -> AddReport:
        """Both together."""
        return AddReport(
            new=(*self.new, *other.new),
            known=(*self.known, *other.known),
            problems=(*self.problems, *other.problems),
            unchanged=self.unchanged + other.unchanged,
        )


def add_paths(
    desk: OpenDesk,
    paths: Sequence[Path | str],
    by: str,
    now: dt.datetime,
    *,
    step: Callable[[], None] | None = None,
) -> AddReport:
    """Take in every document behind files, folders and archives (see `ingest.fetch_pages`); `step` hears of each."""
    report = AddReport()
    reading = _RawFiles()
    for piece in _cut(fetch_pages(paths, leave_out=desk.folder), _AT_ONCE):
        captures = [
            _capture(item, reading.read(item), item.file, by, now) for item in piece if not isinstance(item, Problem)
        ]
        report = report.with_more(_keep(desk.store, captures, [i for i in piece if isinstance(i, Problem)]))
        for _ in piece if step else ():
            step() if step else None
    return report


def add_text(
    desk: OpenDesk,
    title: str | None,
    text: str,
    url: str | None,
    published: dt.date | None,
    by: str,
    now: dt.datetime,
) -> AddReport:
    """Take in a text that somebody pasted.

    Raises:
        CheckError: there is no text, or far too much of it.
    """
    words = text.replace("\x00", "").strip()
    if not words:
        raise CheckError("there is no text: paste the article's words")
    if len(words) > _MOST_PASTED:
        raise CheckError(f"the text has more than {_MOST_PASTED:,} characters: paste one article at a time")
    body = words.encode("utf-8", "replace")
    told = (" ".join((title or "").split()) or None, published.isoformat() if published else None, url or None)
    name = hash_id(PASTED, words, *told)
    page = Page(
        page_id=hash_id("p", name, "text/plain", words, *told),
        file=PASTED,
        line=None,
        media_type="text/plain",
        body=body,
        external_id=name,
        title=told[0],
        published=told[1],
        url=told[2],
    )
    return _keep(desk.store, [_capture(page, body, url or PASTED, by, now)], [])


def add_urls(
    desk: OpenDesk,
    urls: Iterable[str],
    fetcher: Fetcher,
    by: str,
    now: dt.datetime,
    *,
    step: Callable[[], None] | None = None,
) -> AddReport:
    """Take in web pages; a site is asked only for what changed since its page was taken in the last time."""
    from conflictdesk.ingest.feeds import FeedItem

    return _add_items(desk, [FeedItem(url=url) for url in dict.fromkeys(urls)], (fetcher, by, now), step)


def add_feeds(
    desk: OpenDesk,
    fetcher: Fetcher,
    by: str,
    now: dt.datetime,
    *,
    feeds: Sequence[str] = (),
    step: Callable[[], None] | None = None,
) -> AddReport:
    """Take in what feeds and sitemaps name and the desk does not hold yet: `feeds`, or those of all sources."""
    from conflictdesk.ingest.feeds import fetch_feed

    report = AddReport()
    for url in feeds or _list_feeds(desk.sources):
        with desk.store.reading() as reader:
            note = reader.find_url(url)
        answer, found = fetch_feed(
            url, fetcher, etag=note.etag if note else None, modified=note.modified if note else None
        )
        report = report.with_more(_keep(desk.store, [], list(found.problems)))
        with desk.store.reading() as reader:
            fresh = [item for item in found.items if _is_new(reader.find_url(item.url))]
        report = report.with_more(_add_items(desk, fresh, (fetcher, by, now), step))
        if answer is not None:
            # Noted last: a feed whose pages were not all taken in is asked whole the next time.
            _note(desk.store, url, answer, None, now)
            report = report.with_more(AddReport(unchanged=int(answer.status == 304)))
    return report


def make_fetcher(settings: Settings) -> Fetcher:
    """The fetcher for a desk's settings.

    Raises:
        ConfigError: the settings name no address under which sites can reach this desk's people.
    """
    from conflictdesk.ingest.fetching import FetchSettings, WebFetcher

    held = settings.fetch
    if held.contact is None:
        raise ConfigError(f'{FILE}: fetch.contact: is missing: write an address of yours, contact = "desk@example.org"')
    return WebFetcher(
        FetchSettings(
            contact=held.contact,
            delay=held.delay_seconds,
            body_bytes=held.most_bytes,
            total=held.most_seconds,
            allow_loopback=held.own_network,
            any_port=held.own_network,
        )
    )


def _is_new(note: UrlNote | None) -> bool:
    return note is None or note.sha256 is None


def _list_feeds(sources: Sequence[SourceSettings]) -> list[str]:
    found = [url for source in sources for url in (*source.feeds, *([source.sitemap] if source.sitemap else []))]
    return list(dict.fromkeys(found))


_Hand = tuple[Fetcher, str, dt.datetime]
"""Who fetches, for whom, and when."""


def _add_items(desk: OpenDesk, items: Sequence[FeedItem], hand: _Hand, step: Callable[[], None] | None) -> AddReport:
    from conflictdesk.ingest.fetching import fetch_all

    fetcher, by, now = hand
    told = {item.url: item for item in items}
    with desk.store.reading() as reader:
        asks = [_ask(url, reader.find_url(url)) for url in told]
    report = AddReport()
    for answer in fetch_all(asks, fetcher):
        if isinstance(answer, Problem):
            report = report.with_more(_keep(desk.store, [], [answer]))
        else:
            report = report.with_more(_take_answer(desk.store, answer, told.get(answer.url), (by, now)))
        if step:
            step()
    return report


def _ask(url: str, note: UrlNote | None) -> Ask:
    from conflictdesk.ingest.fetching import Ask

    return Ask(url, note.etag, note.modified) if note else Ask(url)


def _take_answer(store: Store, answer: Fetched, item: FeedItem | None, hand: tuple[str, dt.datetime]) -> AddReport:
    by, now = hand
    if answer.status == 304:
        _note(store, answer.url, answer, None, now)
        return AddReport(unchanged=1)
    found = list(read_fetched(answer, title=item.title if item else None, published=item.published if item else None))
    captures = [_capture(p, answer.body, answer.final_url, by, now) for p in found if not isinstance(p, Problem)]
    report = _keep(store, captures, [p for p in found if isinstance(p, Problem)])
    _note(store, answer.url, answer, captures[0].sha256 if captures else None, now)
    return report


def _note(store: Store, url: str, answer: Fetched, sha256: str | None, now: dt.datetime) -> None:
    with store.writing() as writer:
        writer.note_url(url, answer.etag, answer.modified, sha256, now, answer.status)


def _capture(page: Page, raw: bytes, origin: str, by: str, now: dt.datetime) -> Capture:
    sha256 = hashlib.sha256(raw).hexdigest()
    return Capture(page=page, sha256=sha256, raw=raw, fetched_at=now, origin=origin, by=by)


def _keep(store: Store, captures: Sequence[Capture], problems: Sequence[Problem]) -> AddReport:
    """One transaction: the pages, and the problems that were not told before."""
    if not captures and not problems:
        return AddReport()
    with store.writing() as writer:
        new, known = writer.add_captures(captures)
        held = set(writer.problems(_KNOWN_PROBLEMS)) if problems else set()
        writer.add_problems([p for p in dict.fromkeys(problems) if p not in held])
    return AddReport(new=tuple(new), known=tuple(known), problems=tuple(problems))


class _RawFiles:
    """The bytes of a page's file as they came; each file is read once, as its pages come one after the other."""

    def __init__(self) -> None:
        self._name, self._raw = "", b""

    def read(self, page: Page) -> bytes:
        """The file's bytes; those of the document alone where it lies in an archive, a stream or a huge file."""
        if page.file != self._name:
            self._name, self._raw = page.file, _read_file(Path(page.file))
        return self._raw or page.body


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= _MOST_RAW else b""
    except OSError:
        return b""


def _cut(items: Iterable[_One], size: int) -> Iterator[list[_One]]:
    going = iter(items)
    while piece := list(itertools.islice(going, size)):
        yield piece
