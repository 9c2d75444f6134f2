"""Pages of the store that nobody read yet become articles; a repeat of an article that is there already is marked."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.casework import Capture, CaseFilter
from conflictdesk.errors import DeskError
from conflictdesk.read.articles import mark_duplicates, read_articles
from conflictdesk.records import Article, Problem
from conflictdesk.store.opening import Reader, Store

_AT_ONCE: Final = 50  # pages of one transaction
_AROUND: Final = dt.timedelta(days=3)
_MOST: Final = 300  # articles of those days with which new ones are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What one page gave."""

    articles: int
    problems: int


def read_new_pages(store: Store, today: dt.date) -> Iterator[PageRead]:
    """Read every page that was not read yet, some in each transaction; `today` is the last day of publication.

    Repeats are looked for among the articles of the same days, three to each side, and those just read.
    """
    recent: list[Article] = []
    while True:
        with store.reading() as reader:
            captures = list(itertools.islice(reader.pages_unread(), _AT_ONCE))
            if not captures:
                return
            read = [(capture, *_read_page(capture, today)) for capture in captures]
            fresh = {a.article_id: a for _, articles, _ in read for a in articles}
            marked = mark_repeats(list(fresh.values()), [*recent, *_list_near(reader, list(fresh.values()))])
        with store.writing() as writer:
            for capture, articles, problems in read:
                kept = [marked[a.article_id] for a in articles]
                writer.add_articles(capture.page.page_id, kept, problems)
        recent = [*recent, *marked.values()][-_MOST:]
        yield from (PageRead(articles=len(articles), problems=len(problems)) for _, articles, problems in read)


def _read_page(capture: Capture, today: dt.date) -> tuple[list[Article], list[Problem]]:
    page = capture.page
    try:
        return read_articles(page, today=today)
    except DeskError:
        raise
    except Exception as error:
        # One page that breaks the reader is a record of its own and stops nothing.
        said = f"{type(error).__name__}: {error}"
        problem = Problem(
            stage="read", subject=page.page_id, kind="failed", detail=said, file=page.file, line=page.line
        )
        return [], [problem]


def mark_repeats(fresh: Sequence[Article], known: Sequence[Article]) -> dict[str, Article]:
    """The fresh articles by id, each repeat naming the article that it repeats; known ones never change."""
    ids = {a.article_id for a in fresh}
    others = {a.article_id: replace(a, duplicate_of=None) for a in known if a.article_id not in ids}
    marked = mark_duplicates([*others.values(), *fresh])
    repeats = {a.article_id: a.duplicate_of for a in marked if a.duplicate_of is not None}
    # Of a pair the earlier one is the original; where that is the fresh one, the known one cannot be marked any more.
    turned = {original: repeat for repeat, original in sorted(repeats.items()) if repeat in others and original in ids}
    return {a.article_id: replace(a, duplicate_of=repeats.get(a.article_id, turned.get(a.article_id))) for a in fresh}


def _list_near(reader: Reader, fresh: Sequence[Article]) -> list[Article]:
    """Articles of the queue that were published about the same days."""
    days = [a.published_on for a in fresh if a.published_on is not None]
    if not days:
        return []
    latest, earliest = max(days) + _AROUND, min(days) - _AROUND
    after: tuple[float | str, str] = (latest.isoformat(), "~")
    cases, _ = reader.list_cases(CaseFilter(order="newest", after=after, limit=_MOST))
    near = [c.article_id for c in cases if c.published_on is not None and c.published_on >= earliest]
    return list(reader.articles(near).values())
