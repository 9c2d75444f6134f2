"""Pages as they were taken in, what servers said of their addresses, and the articles read from them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Row, Select, exists, func, select

from conflictdesk.casework import Capture, UrlNote
from conflictdesk.decisions import write_json
from conflictdesk.records import Article, Page, Problem
from conflictdesk.store.keeping import FEW
from conflictdesk.store.problem_rows import ProblemWriter
from conflictdesk.store.searching import ArticleWordWriter
from conflictdesk.store.sessions import Asked, Session
from conflictdesk.store.tables import ARTICLES, CAPTURES, CODINGS, PAGE_READS, PAGES, URLS
from conflictdesk.store.words import make_key

_ARTICLE = tuple(ARTICLES.c[part.name] for part in dataclasses.fields(Article))
_BY_ID = Asked(lambda ids: select(*_ARTICLE).where(ARTICLES.c.article_id.in_(ids)))
_TAKEN = Asked(lambda ids: select(PAGES.c.page_id, PAGES.c.fetched_at).where(PAGES.c.page_id.in_(ids)))
_TOLD = tuple(part.name for part in dataclasses.fields(Page) if part.name != "body")


class PageReader(Session):
    """Reads what was taken in."""

    def page(self, page_id: str) -> Capture | None:
        """One page with its bytes as they came."""
        row = self._row(_select_pages().where(PAGES.c.page_id == page_id))
        return _read_page(row) if row else None

    def find_capture(self, sha256: str) -> Capture | None:
        """The first page whose bytes have this SHA-256."""
        row = self._row(_select_pages().where(PAGES.c.sha256 == sha256).order_by(PAGES.c.row).limit(1))
        return _read_page(row) if row else None

    def all_pages(self) -> Iterator[Capture]:
        """Every page in the order of taking in."""
        return map(_read_page, self._walk(_select_pages(), PAGES.c.row))

    def pages_unread(self) -> Iterator[Capture]:
        """The pages whose articles were not read yet, in the order of taking in."""
        read = exists().where(PAGE_READS.c.page_id == PAGES.c.page_id)
        return map(_read_page, self._walk(_select_pages().where(~read), PAGES.c.row))

    def count_unread(self) -> int:
        """How many pages were not read yet."""
        pages, read = self._row(
            select(
                select(func.count()).select_from(PAGES).scalar_subquery(),
                select(func.count()).select_from(PAGE_READS).scalar_subquery(),
            )
        ) or (0, 0)
        return int(pages - read)

    def days_taken(self, page_ids: Iterable[str]) -> dict[str, dt.date]:
        """The day (UTC) on which each page was taken in."""
        wanted = dict.fromkeys(page_ids)
        held = {i: day for i in wanted if (day := self._pocket.get(("day", i), dt.date)) is not None}
        missing = [i for i in wanted if i not in held]
        read = {row.page_id: row.fetched_at.date() for row in self._rows_of(_TAKEN, missing)}
        for page_id, day in read.items() if len(read) <= FEW else ():
            self._pocket.put(("day", page_id), day)
        return held | read

    def find_url(self, url: str) -> UrlNote | None:
        """What the server said when this address was last asked."""
        row = self._row(select(URLS).where(URLS.c.url == url))
        return UrlNote(**row._mapping) if row else None


class ArticleReader(Session):
    """Reads articles."""

    def article(self, article_id: str) -> Article | None:
        """One article."""
        return self.articles([article_id]).get(article_id)

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """Articles by id; unknown ids are left out."""
        wanted = dict.fromkeys(article_ids)
        held = {i: article for i in wanted if (article := self._pocket.get(("article", i), Article)) is not None}
        missing = [i for i in wanted if i not in held]
        read = {row.article_id: Article(**row._mapping) for row in self._rows_of(_BY_ID, missing)}
        for article_id, article in read.items() if len(read) <= FEW else ():
            self._pocket.put(("article", article_id), article)
        return held | read

    def articles_of(self, page_id: str) -> list[Article]:
        """The articles of one page in their order."""
        rows = self._rows(select(*_ARTICLE).where(ARTICLES.c.page_id == page_id).order_by(ARTICLES.c.row))
        return [Article(**row._mapping) for row in rows]

    def all_articles(self) -> Iterator[Article]:
        """Every article in the order of adding."""
        return self._walk_articles(select(ARTICLES.c.row, *_ARTICLE))

    def uncoded(self, coder: str, again: bool) -> Iterator[Article]:
        """The articles that nobody coded yet; with `again`, all that this coder (its name has its version) did not."""
        coded = exists().where(CODINGS.c.article_id == ARTICLES.c.article_id)
        if again:
            coded = coded.where(CODINGS.c.coder == coder)
        return self._walk_articles(select(ARTICLES.c.row, *_ARTICLE).where(~coded))

    def _walk_articles(self, question: Select[*tuple[object, ...]]) -> Iterator[Article]:
        for row in self._walk(question, ARTICLES.c.row):
            yield Article(**{name: value for name, value in row._mapping.items() if name != "row"})


class PageWriter(PageReader, ArticleReader, ArticleWordWriter, ProblemWriter):
    """Adds pages and their articles."""

    def add_captures(self, captures: Sequence[Capture]) -> tuple[list[str], list[str]]:
        """Keep pages that are not known yet: the ids of the new ones, and of those that were known."""
        given = {capture.page.page_id: capture for capture in captures}
        known = self._known(PAGES.c.page_id, given)
        new = [capture for page_id, capture in given.items() if page_id not in known]
        bytes_of = {capture.sha256: capture.raw for capture in new}
        held = self._known(CAPTURES.c.sha256, bytes_of)
        self._add(CAPTURES, ({"sha256": s, "raw": raw} for s, raw in bytes_of.items() if s not in held))
        self._add(PAGES, (_make_page_row(capture) for capture in new))
        return [capture.page.page_id for capture in new], [page_id for page_id in given if page_id in known]

    def note_url(
        self,
        url: str,
        etag: str | None,
        modified: str | None,
        sha256: str | None,
        at: dt.datetime,
        status: int | None,
    ) -> None:
        """Note what a server said of an address; without `sha256` (a 304, an error) the last page's validators stay."""
        old = self.find_url(url)
        if sha256 is None and old is not None:
            etag, modified, sha256 = old.etag, old.modified, old.sha256
        note = UrlNote(url=url, etag=etag, modified=modified, sha256=sha256, at=at, status=status)
        self._put(URLS, [dataclasses.asdict(note)])

    def add_articles(self, page_id: str, articles: Sequence[Article], problems: Sequence[Problem]) -> list[str]:
        """Keep what was read from a page, which counts as read from now on: the ids of its new articles."""
        given = {article.article_id: article for article in articles}
        known = self._known(ARTICLES.c.article_id, given)
        new = [article for article_id, article in given.items() if article_id not in known]
        keys = self._find_keys(ARTICLES.c.key, [make_key(a.published_on, a.article_id) for a in new])
        self._add(ARTICLES, ({**_article_cells(a), "key": key} for a, key in zip(new, keys, strict=True)))
        self._add_article_words(zip(keys, new, strict=True))
        if not self._known(PAGE_READS.c.page_id, [page_id]):
            self._add(PAGE_READS, [{"page_id": page_id, "articles": len(given)}])
            self.add_problems(problems, source=next((a.source for a in articles if a.source), None))
        return [article.article_id for article in new]


def _article_cells(article: Article) -> dict[str, str | dt.date | None]:
    return {column.name: getattr(article, column.name) for column in _ARTICLE}


def _select_pages() -> Select[*tuple[object, ...]]:
    return select(PAGES, CAPTURES.c.raw).join(CAPTURES, CAPTURES.c.sha256 == PAGES.c.sha256)


def _make_page_row(capture: Capture) -> dict[str, str | bytes | dt.datetime | None]:
    page = capture.page
    return {
        "page_id": page.page_id,
        "sha256": capture.sha256,
        "document": write_json({name: getattr(page, name) for name in _TOLD}),
        "body": None if page.body == capture.raw else page.body,
        "origin": capture.origin,
        "fetched_at": capture.fetched_at,
        "by": capture.by,
    }


def _read_page(row: Row[*tuple[object, ...]]) -> Capture:
    page = Page(**json.loads(row.document), body=row.raw if row.body is None else row.body)
    return Capture(page=page, sha256=row.sha256, raw=row.raw, fetched_at=row.fetched_at, origin=row.origin, by=row.by)
