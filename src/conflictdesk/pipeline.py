"""The stages in their order; what a stage could not take further becomes a Problem here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from conflictdesk.coding.mentions import code_mentions, may_tell_of_event, open_coder
from conflictdesk.errors import CheckError, DeskError
from conflictdesk.ingest.pages import fetch_pages
from conflictdesk.language.parses import SpacyParser
from conflictdesk.locate.gazetteer import FileGazetteer, open_gazetteer
from conflictdesk.locate.places import read_places
from conflictdesk.merge.events import merge_mentions
from conflictdesk.read.articles import read_articles
from conflictdesk.read.duplicates import mark_duplicates
from conflictdesk.records import Article, Claim, Coder, Coding, Event, Match, Mention, Page, Parser, Problem, Reading
from conflictdesk.release.rows import ArticleRow

_Out = TypeVar("_Out")
CODED_LANGUAGES = frozenset(("en",))


class Progress(Protocol):
    """Told of every step, so that a person can watch: `stage` begins, one more is done, the stage is over."""

    def begin(self, stage: str, total: int | None) -> None: ...
    def step(self) -> None: ...
    def end(self) -> None: ...


class Silence:
    """A Progress that says nothing."""

    def begin(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def step(self) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All that one run made: `pages` were read, every article is listed, every mention is in one event."""

    pages: int
    articles: tuple[Article, ...]
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    events: tuple[Event, ...]
    matches: tuple[Match, ...]
    problems: tuple[Problem, ...]


@dataclass(kw_only=True)
class Tools:
    """The replaceable parts of a run, each behind its seam."""

    coder: Coder
    parser: Parser
    gazetteer: FileGazetteer


def open_tools(coder: str = "rules", progress: Callable[[str], None] | None = None) -> Tools:
    """The parts we ship: rules, spaCy's small English pipeline, the offline gazetteer (compiled on first use)."""
    chosen = open_coder(coder)
    return Tools(coder=chosen, parser=SpacyParser(wanted=may_tell_of_event), gazetteer=open_gazetteer(progress=progress))


@dataclass(kw_only=True)
class _Run:
    strict: bool
    problems: list[Problem] = field(default_factory=list)

    def note(self, problem: Problem) -> None:
        """Keep a Problem; in strict mode stop at it."""
        self.problems.append(problem)
        if self.strict:
            where = f"{problem.file or problem.subject}" + (f", line {problem.line}" if problem.line else "")
            raise CheckError(f"{where}: {problem.kind}: {problem.detail}")

    def attempt(self, stage: str, subject: str, work: Callable[[], _Out], file: str | None = None) -> _Out | None:
        """Do one record's work; what breaks on it is a Problem and the rest goes on."""
        try:
            return work()
        except DeskError:
            raise
        except Exception as error:
            if self.strict:
                raise
            self.note(Problem(stage=stage, subject=subject, kind="failed", detail=f"{type(error).__name__}: {error}", file=file))
            return None


def run_pages(
    paths: Sequence[Path | str],
    tools: Tools,
    *,
    published: dt.date | None = None,
    strict: bool = False,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Results:
    """Take saved pages all the way to events and claims.

    Raises:
        CheckError: `strict` and a record could not be taken further, or a stage lost a record.
        DeskError: a setting or a part is wrong.
    """
    run, show = _Run(strict=strict), progress or Silence()
    show.begin("reading pages", None)
    pages, articles = _read(run, fetch_pages(paths, stdin=stdin), published, show)
    show.end()
    articles = mark_duplicates(articles)
    show.begin("coding articles", len(articles))
    codings = [c for a in articles if (c := _code(run, a, tools, show)) is not None]
    show.end()
    mentions = [m for c in codings for m in c.mentions]
    events, matches = merge_mentions(mentions)
    _check_nothing_lost(mentions, events)
    return Results(
        pages=pages,
        articles=tuple(articles),
        mentions=tuple(mentions),
        claims=tuple(claim for c in codings for claim in c.claims),
        events=tuple(events),
        matches=tuple(matches),
        problems=tuple(run.problems),
    )


def _read(run: _Run, items: Iterator[Page | Problem], published: dt.date | None, show: Progress) -> tuple[int, list[Article]]:
    pages, articles = 0, []
    for item in items:
        if isinstance(item, Problem):
            run.note(item)
            continue
        pages += 1
        done = run.attempt("read", item.external_id, lambda page=item: read_articles(page, published=published), item.file)  # type: ignore[misc]
        if done is not None:
            for problem in done[1]:
                run.note(problem)
            if not done[0] and not done[1]:
                raise CheckError(f"reading lost the page {item.external_id} of {item.file}")
            articles += done[0]
        show.step()
    return pages, _once(articles)


def _once(articles: Iterable[Article]) -> list[Article]:
    """Articles by id, so that their order in the input does not matter."""
    return [a for _, a in sorted({a.article_id: a for a in articles}.items())]


def _code(run: _Run, article: Article, tools: Tools, show: Progress) -> Coding | None:
    show.step()
    if article.language not in CODED_LANGUAGES:
        return None
    return run.attempt("coding", article.external_id, lambda: code_article(article, tools), article.page)


def code_article(article: Article, tools: Tools) -> Coding:
    """Grammar, places, then mentions and claims of one article."""
    parse = tools.parser.parse(article)
    toponyms = read_places(article, parse, tools.gazetteer)
    return code_mentions(article, parse, toponyms, tools.coder)


def _check_nothing_lost(mentions: Sequence[Mention], events: Sequence[Event]) -> None:
    inside = sorted(m.mention_id for e in events for m in e.mentions)
    if inside != sorted(m.mention_id for m in mentions):
        raise CheckError("merging lost or doubled a mention: this is a fault of the desk, please report it")


def explain_article(row: ArticleRow, tools: Tools) -> list[tuple[str, Reading]]:
    """Read a stored article again and say what was made of each of its sentences."""
    day = row["published_on"]
    article = Article(
        article_id=row["article_id"],
        page_id="",
        page=row["page"],
        external_id=row["external_id"],
        title=row["title"],
        text=row["text"],
        published_on=dt.date.fromisoformat(day) if day else None,
        published_basis=row["published_basis"],
        language=row["language"],
        source=row["source"],
        url=row["url"],
    )
    parse = tools.parser.parse(article)
    coding = code_mentions(article, parse, read_places(article, parse, tools.gazetteer), tools.coder)
    return [(s.text, r) for s, r in zip(parse.sentences, coding.readings, strict=True)]
