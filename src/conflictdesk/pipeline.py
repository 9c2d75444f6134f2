"""The stages in their order; what a stage could not take further becomes a Problem here and nowhere else."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar, cast

from conflictdesk.coding.mentions import code_mentions, may_tell_of_event, open_coder, read_main_incident
from conflictdesk.errors import CheckError, ConfigError, DeskError
from conflictdesk.ingest.pages import fetch_pages
from conflictdesk.language.parses import SpacyParser
from conflictdesk.locate.gazetteer import FileGazetteer, build_from_dump, choose_gazetteer, open_gazetteer
from conflictdesk.locate.places import Home, find_homes, name_paper, read_places
from conflictdesk.merge.events import Gist, Profile, make_profile, match_articles, merge_mentions
from conflictdesk.read.articles import read_articles
from conflictdesk.read.duplicates import mark_duplicates
from conflictdesk.records import (
    Article,
    Claim,
    Coding,
    Event,
    Match,
    Mention,
    Page,
    Parse,
    Problem,
    PublishedBasis,
    Reading,
    Toponym,
)
from conflictdesk.release.rows import ArticleRow
from conflictdesk.seams import Coder, Parser

_Out = TypeVar("_Out")
CODED_LANGUAGES = frozenset(("en",))
MOST_SENTENCES = 3000
"""Of one article. The rules hold each beside the others; what has more is a collection, not an article."""
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")


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
    """All that one run made: `pages` were read, every article is listed, every mention is in one event.

    `matches` are between mentions, `stories` between articles that tell, or may tell, of one incident.
    """

    pages: int
    articles: tuple[Article, ...]
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    events: tuple[Event, ...]
    matches: tuple[Match, ...]
    stories: tuple[Match, ...]
    problems: tuple[Problem, ...]


@dataclass(kw_only=True)
class Tools:
    """The replaceable parts of a run, each behind its seam."""

    coder: Coder
    parser: Parser
    gazetteer: FileGazetteer


def open_tools(coder: str = "rules", progress: Callable[[str], None] | None = None) -> Tools:
    """The parts we ship: rules, spaCy's small English pipeline, the offline gazetteer (compiled on first use).

    Raises:
        ConfigError: there is no such coder, or the compiled place names cannot be written or read.
    """
    chosen = open_coder(coder)
    return Tools(coder=chosen, parser=SpacyParser(wanted=may_tell_of_event), gazetteer=_open_places(progress))


def _open_places(progress: Callable[[str], None] | None) -> FileGazetteer:
    with _mend_places():
        gazetteer = open_gazetteer(progress=progress)
    try:
        gazetteer.knows("erbil")
    except sqlite3.Error as error:
        raise ConfigError(f"the place names in {gazetteer.path} are damaged ({error}): remove that file") from error
    return gazetteer


@contextlib.contextmanager
def _mend_places() -> Iterator[None]:
    """Say in one line what keeps the compiled place names from being written."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        said = (error.strerror if isinstance(error, OSError) else None) or str(error)
        at = f" {error.filename}" if isinstance(error, OSError) and error.filename else ""
        mend = "name a folder that you may write in CONFLICTDESK_CACHE"
        raise ConfigError(f"the place names cannot be compiled{at}: {said}; {mend}") from error


def build_places(
    tell: Callable[[str], None], *, geonames: str | None = None, sha256: str | None = None, names: bool = False
) -> Path:
    """Compile the place names, those of the packages or of the GeoNames dump at a path or address, and use them now on.

    Raises:
        ConfigError: they cannot be read or written, or an option is given that only a dump has.
    """
    if geonames is None and (sha256 or names):
        raise ConfigError("--sha256 and --alternate-names belong to a dump: give --geonames PATH_OR_URL too")
    with _mend_places():
        if geonames is not None:
            return build_from_dump(geonames, tell, sha256=sha256, names=names)
        choose_gazetteer(dump=False)
        return _open_places(tell).path


def describe_places(tell: Callable[[str], None]) -> dict[str, str]:
    """What the place names in use were made from, and how many there are of each kind."""
    gazetteer = _open_places(tell)
    kinds = {f"kind {kind}": f"{count:,}" for kind, count in gazetteer.count_kinds().items()}
    return {"file": str(gazetteer.path), **gazetteer.tell_about(), **kinds}


@dataclass(kw_only=True)
class _Run:
    """What a run keeps account of: its Problems, the records they blame, and the line on which each page began."""

    strict: bool
    show: Progress
    problems: list[Problem] = field(default_factory=list)
    blamed: set[str] = field(default_factory=set)
    lines: dict[str, int | None] = field(default_factory=dict)

    def note(self, problem: Problem) -> None:
        """Keep a Problem; in strict mode stop at it."""
        self.problems.append(problem)
        self.blamed.add(problem.subject)
        if self.strict:
            where = f"{problem.file or problem.subject}" + (f", line {problem.line}" if problem.line else "")
            raise CheckError(f"{where}: {problem.kind}: {problem.detail} (--strict stops at the first problem)")

    def attempt(self, work: Callable[[], _Out], blame: Callable[[str], Problem]) -> _Out | None:
        """Do one record's work; what breaks on it is a Problem and the rest goes on."""
        try:
            return work()
        except DeskError:
            raise
        except Exception as error:
            # An object's address would differ from run to run.
            said = _ADDRESS.sub("0x", f"{type(error).__name__}: {error}")
        self.note(blame(said))
        return None

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[None]:
        """Show a stage while it lasts, also when it breaks off."""
        self.show.begin(name, total)
        try:
            yield
        finally:
            self.show.end()


def run_pages(
    paths: Sequence[Path | str],
    tools: Tools,
    *,
    published: dt.date | None = None,
    today: dt.date | None = None,
    strict: bool = False,
    leave_out: Path | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Results:
    """Take saved pages all the way to events and claims.

    `published` dates pages that state no day; with `today` a later day is a Problem; `leave_out` is a folder that is
    passed over when it lies inside one of `paths` (the results of an earlier run).
    The order of `paths` does not matter.

    Raises:
        CheckError: `strict` and a record could not be taken further, or a stage lost a record.
        DeskError: a setting or a part is wrong.
    """
    run = _Run(strict=strict, show=progress or Silence())
    with run.stage("pages read", None):
        items = fetch_pages(paths, stdin=stdin, leave_out=leave_out)
        pages, articles = _read(run, items, lambda page: read_articles(page, published=published, today=today))
    articles = mark_duplicates(_once(run, articles))
    homes = learn_papers(articles, tools)
    with run.stage("articles coded", len(articles)):
        done = [d for a in articles if (d := _code(run, a, tools, homes)) is not None]
    codings = [coding for coding, _ in done]
    mentions = [m for c in codings for m in c.mentions]
    stories = match_articles([profile for _, profile in done])
    events, matches = merge_mentions(mentions, stories)
    _check_nothing_lost(mentions, events)
    return Results(
        pages=pages,
        articles=tuple(articles),
        mentions=tuple(mentions),
        claims=tuple(claim for c in codings for claim in c.claims),
        events=tuple(events),
        matches=tuple(matches),
        stories=tuple(stories),
        problems=tuple(run.problems),
    )


_Reader = Callable[[Page], tuple[list[Article], list[Problem]]]


def _read(run: _Run, items: Iterable[Page | Problem], reader: _Reader) -> tuple[int, list[Article]]:
    """Every page gives an article or a Problem."""
    pages: int = 0
    articles: list[Article] = []
    for item in items:
        if isinstance(item, Problem):
            run.note(item)
            continue
        pages += 1
        run.lines[item.page_id] = item.line
        found, told = _read_page(run, item, reader)
        articles += found
        for problem in told:
            run.note(problem)
        run.show.step()
    return pages, articles


def _read_page(run: _Run, page: Page, reader: _Reader) -> tuple[list[Article], list[Problem]]:
    def blame(said: str) -> Problem:
        return Problem(stage="read", subject=page.page_id, kind="failed", detail=said, file=page.file, line=page.line)

    done = run.attempt(lambda: reader(page), blame)
    if done is None:
        return [], []
    return done if done[0] or done[1] else ([], [blame("the page gave neither an article nor a reason")])


def _once(run: _Run, articles: Iterable[Article]) -> list[Article]:
    """Articles by id, so that their order in the input does not matter; one met twice is said to be."""
    kept: dict[str, Article] = {}
    for article in articles:
        if article.article_id in kept:
            said = f"The article {article.external_id} was met before with the same words; it was left out."
            run.note(_blame(run, "read", article, "same-article", said))
        kept.setdefault(article.article_id, article)
    return [article for _, article in sorted(kept.items())]


def _blame(run: _Run, stage: str, article: Article, kind: str, detail: str) -> Problem:
    line = run.lines.get(article.page_id)
    return Problem(stage=stage, subject=article.article_id, kind=kind, detail=detail, file=article.page, line=line)


def _code(run: _Run, article: Article, tools: Tools, homes: Mapping[str, Home]) -> tuple[Coding, Profile] | None:
    """Every article gives a Coding, and what it is compared by, or a Problem."""
    run.show.step()
    if article.language not in CODED_LANGUAGES:
        if article.article_id not in run.blamed:
            said = f"The article is in {article.language!r}, a language that is not coded yet."
            run.note(_blame(run, "coding", article, "language-not-coded", said))
        return None

    def work() -> tuple[Coding, Profile]:
        parse = tools.parser.parse(article)
        if said := say_too_long(parse):
            raise ValueError(said)
        toponyms = read_places(article, parse, tools.gazetteer, _home_of(article, homes))
        coding = code_mentions(article, parse, toponyms, tools.coder)
        check_coding(article, coding)
        return coding, profile_parsed(article, parse, toponyms)

    return run.attempt(work, lambda said: _blame(run, "coding", article, "failed", said))


def say_too_long(parse: Parse) -> str | None:
    """Why an article holds too much to be coded as one; None when it does not."""
    if len(parse.sentences) <= MOST_SENTENCES:
        return None
    return f"The article has {len(parse.sentences):,} sentences, more than {MOST_SENTENCES:,}; split it."


def learn_papers(articles: Iterable[Article], tools: Tools) -> Mapping[str, Home]:
    """Where each paper is at home, by the places that its own articles of this run name (see `find_homes`).

    The order of the articles does not matter; copies and languages that are not coded are left out.
    """
    own = (a for a in articles if a.language in CODED_LANGUAGES and a.duplicate_of is None)
    return find_homes(own, tools.gazetteer)


def code_article(article: Article, tools: Tools, homes: Mapping[str, Home] | None = None) -> Coding:
    """Grammar, places, then mentions and claims of one article; `homes` as `learn_papers` gives them."""
    parse = tools.parser.parse(article)
    toponyms = read_places(article, parse, tools.gazetteer, _home_of(article, homes))
    return code_mentions(article, parse, toponyms, tools.coder)


def profile_parsed(article: Article, parse: Parse, toponyms: Sequence[Toponym]) -> Profile:
    """What one article is compared with others by; it holds names of people and is never written out."""
    main = read_main_incident(article, parse)
    gist = Gist(dates=main.dates, told=main.told, deaths=main.deaths, injured=main.injured)
    return make_profile(article, toponyms, gist)


def _home_of(article: Article, homes: Mapping[str, Home] | None) -> Home:
    paper = name_paper(article)
    return homes.get(paper, ()) if homes and paper else ()


def check_coding(article: Article, coding: Coding) -> None:
    """A coder's faults stay with their article: ids that are not its own or met twice, spans outside the text."""
    told: tuple[Mention | Claim, ...] = (*coding.mentions, *coding.claims)
    ids = [m.mention_id for m in coding.mentions] + [c.claim_id for c in coding.claims]
    if len(set(ids)) != len(ids) or any(record.article_id != article.article_id for record in told):
        raise ValueError("the coder named two records alike, or took another article's id")
    spans = [span for record in told for held in record.evidence.values() for span in held]
    spans += [span for mention in coding.mentions for said in mention.attribution for span in said.evidence]
    if any(span.end > len(article.text) for span in spans):
        raise ValueError("the coder cited words outside the article")


def _check_nothing_lost(mentions: Sequence[Mention], events: Sequence[Event]) -> None:
    inside = sorted(m.mention_id for e in events for m in e.mentions)
    if inside != sorted(m.mention_id for m in mentions):
        raise CheckError("merging lost or doubled a mention: this is a fault of the desk, please report it")


def explain_article(row: ArticleRow, tools: Tools, rows: Sequence[ArticleRow] = ()) -> list[tuple[str, Reading]]:
    """Read a stored article again and say what was made of each of its sentences.

    `rows` are the articles of its run: from them it is learnt again where its paper is at home.

    Raises:
        CheckError: the article is in a language that is not coded.
    """
    if row["language"] not in CODED_LANGUAGES:
        raise CheckError(f"article {row['article_id']} is in {row['language']!r}, a language that is not coded yet")
    article = _restore(row)
    homes = learn_papers((_restore(each) for each in rows), tools)
    parse = tools.parser.parse(article)
    toponyms = read_places(article, parse, tools.gazetteer, _home_of(article, homes))
    coding = code_mentions(article, parse, toponyms, tools.coder)
    return [(s.text, r) for s, r in zip(parse.sentences, coding.readings, strict=True)]


def _restore(row: ArticleRow) -> Article:
    day = row["published_on"]
    return Article(
        article_id=row["article_id"],
        page_id="",
        page=row["page"],
        external_id=row["external_id"],
        title=row["title"],
        text=row["text"],
        published_on=dt.date.fromisoformat(day) if day else None,
        published_basis=cast(PublishedBasis, row["published_basis"]),
        language=row["language"],
        source=row["source"],
        url=row["url"],
        duplicate_of=row["duplicate_of"],
    )
