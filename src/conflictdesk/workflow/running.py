"""What is new goes through the stages: pages read, articles coded, mentions matched, events brought up to date.

Each article is one transaction of its own: whoever stops a run loses nothing, and the next run goes on where it was.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from conflictdesk.casework import Case, CaseFilter, Run
from conflictdesk.errors import DeskError
from conflictdesk.locate.places import Home
from conflictdesk.merge.events import Profile, match_articles
from conflictdesk.pipeline import Progress, Silence, Tools, learn_papers
from conflictdesk.records import Article, hash_id
from conflictdesk.store.opening import Reader
from conflictdesk.workflow.coding_articles import Coded, code_stored_article, is_decided, profile_article
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.matching import match_added, match_new, match_stories
from conflictdesk.workflow.projecting import find_mentions, refresh
from conflictdesk.workflow.reading_pages import read_new_pages

KIND: Final = "run"
_STORY_CHUNK: Final = 2000  # articles that are compared with one another as stories
_AT_ONCE: Final = 50
_PAPER_ARTICLES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run did: all zero where nothing was new. `left_alone` are articles that people decided on already."""

    pages: int = 0
    articles: int = 0
    coded: int = 0
    mentions: int = 0
    matches: int = 0
    problems: int = 0
    left_alone: int = 0


@dataclass(kw_only=True)
class _Account:
    """The same while it is counted; `fresh` are the articles coded since the last run that was finished."""

    desk: OpenDesk
    tools: Tools
    show: Progress
    now: dt.datetime
    by: str
    counts: dict[str, int] = field(default_factory=dict)
    fresh: dict[str, Profile | None] = field(default_factory=dict)
    last_seq: int = 0

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[None]:
        """Show a stage while it lasts, also when it breaks off."""
        self.show.begin(name, total)
        try:
            yield
        finally:
            self.show.end()


def run_desk(
    desk: OpenDesk,
    tools: Tools,
    *,
    again: bool = False,
    progress: Progress | None = None,
    now: dt.datetime | None = None,
    by: str = "desk",
) -> RunReport:
    """Read, code and match what is new; what people decided is never touched, and nothing new changes nothing.

    `again` codes articles anew that another coder (or another version of this one) coded and nobody decided on.
    `now` is the moment that the account of the run names, and after whose day no article can be published.

    Raises:
        DeskError: a setting or a part is wrong; what was done until then stays done.
    """
    moment = now or dt.datetime.now(dt.UTC)
    account = _Account(desk=desk, tools=tools, show=progress or Silence(), now=moment, by=by)
    _read_pages(account)
    _find_unfinished(account)
    _match_added(account)
    _code_articles(account, again)
    _finish_stories(account)
    names = RunReport.__dataclass_fields__
    return RunReport(**{name: number for name, number in account.counts.items() if name in names})


def _read_pages(account: _Account) -> None:
    with account.desk.store.reading() as reader:
        unread = reader.count_unread()
    if not unread:
        return
    with account.stage("pages read", unread):
        for read in read_new_pages(account.desk.store, account.now.date()):
            account.count("pages")
            account.count("articles", read.articles)
            account.count("problems", read.problems)
            account.show.step()


def _find_unfinished(account: _Account) -> None:
    """Articles that were coded by a run which did not come to its end: they are still to be compared as stories."""
    with account.desk.store.reading() as reader:
        last = next((run for run in reader.runs(1000) if run.kind == KIND), None)
        finished = last.counts.get("codings", 0) if last else 0
        account.last_seq = last.counts.get("head", 0) if last else 0
        if reader.count_rows()["codings"] > finished:
            for coding in itertools.islice(reader.all_codings(every=True), finished, None):
                account.fresh[coding.article_id] = None


def _code_articles(account: _Account, again: bool) -> None:
    coder = account.tools.coder.name
    with account.desk.store.reading() as reader:
        waiting = [(a.article_id, a.source) for a in reader.uncoded(coder, again)]
    if not waiting:
        return
    homes = _learn_homes(account, {source for _, source in waiting}, [article_id for article_id, _ in waiting])
    with account.stage("articles coded", len(waiting)):
        for start in range(0, len(waiting), _AT_ONCE):
            ids = [article_id for article_id, _ in waiting[start : start + _AT_ONCE]]
            with account.desk.store.reading() as reader:
                articles = reader.articles(ids)
            for article_id in ids:
                _code_one(account, articles[article_id], homes, again)
                account.show.step()
                if len(account.fresh) >= _STORY_CHUNK:
                    _finish_stories(account)


def _learn_homes(account: _Account, sources: set[str | None], ids: Sequence[str]) -> Mapping[str, Home]:
    """Where the papers of the new articles are at home, by these articles and others of the same papers."""
    with account.desk.store.reading() as reader:
        known = [c.article_id for s in sorted(s for s in sources if s) for c in _list_newest(reader, s)]
        articles = reader.articles(dict.fromkeys([*ids[:5000], *known]))
    return learn_papers(articles.values(), account.tools)


def _list_newest(reader: Reader, source: str) -> list[Case]:
    cases, _ = reader.list_cases(CaseFilter(source=source, order="newest", limit=_PAPER_ARTICLES))
    return cases


def _code_one(account: _Account, article: Article, homes: Mapping[str, Home], again: bool) -> None:
    """Grammar and rules outside, then one short transaction: the coding, its matches, the events that they touch."""
    store = account.desk.store
    with store.reading() as reader:
        if reader.coding(article.article_id) is not None and (not again or is_decided(reader, article.article_id)):
            account.count("left_alone")
            return
    coded = code_stored_article(article, account.tools, homes)
    with store.reading() as reader:
        matches = match_new(reader, coded.coding.mentions)
    with store.writing() as writer:
        held = writer.coding(article.article_id)
        if held is not None and (not again or is_decided(writer, article.article_id)):
            account.count("left_alone")
            return
        if not writer.add_coding(coded.place(writer.head()[0])):
            return
        writer.add_matches(matches, of="mention")
        refresh(writer, [article.article_id], find_mentions(writer, [article.article_id]))
    _tell(account, coded, len(matches))


def _tell(account: _Account, coded: Coded, matches: int) -> None:
    account.fresh[coded.coding.article_id] = coded.profile
    account.count("coded")
    account.count("mentions", len(coded.coding.mentions))
    account.count("problems", len(coded.coding.problems))
    account.count("matches", matches)


def _match_added(account: _Account) -> None:
    """Incidents that people added since the last run are compared with all others too."""
    with account.desk.store.reading() as reader:
        matches = match_added(reader, account.last_seq)
        account.last_seq = reader.head()[0]
    if matches:
        with account.desk.store.writing() as writer:
            added = writer.add_matches(matches, of="mention")
            refresh(writer, [], sorted({i for m in matches for i in (m.left, m.right)}))
        account.count("matches", added)


def _finish_stories(account: _Account) -> None:
    """Compare the fresh articles with one another, then write that all is done up to here."""
    if not account.fresh and not any(account.counts.get(name) for name in ("pages", "matches")):
        return
    store = account.desk.store
    profiles = [p for i, held in sorted(account.fresh.items()) if (p := held or _profile(account, i)) is not None]
    stories = match_articles(profiles) if len(profiles) > 1 else []
    with store.writing() as writer:
        writer.add_matches(stories, of="article")
        matches = match_stories(writer, stories)
        account.count("matches", writer.add_matches(matches, of="mention"))
        if matches:
            refresh(writer, [], sorted({i for m in matches for i in (m.left, m.right)}))
        writer.add_run(_write_run(account, writer))
    account.fresh.clear()


def _profile(account: _Account, article_id: str) -> Profile | None:
    with account.desk.store.reading() as reader:
        article = reader.article(article_id)
    try:
        return profile_article(article, account.tools) if article else None
    except DeskError:
        raise
    except Exception:
        # Its coding holds the Problem; an article that cannot be read is compared with none.
        return None


def _write_run(account: _Account, reader: Reader) -> Run:
    codings, head = reader.count_rows()["codings"], account.last_seq
    return Run(
        run_id=hash_id("r", KIND, codings, head, account.now.isoformat()),
        kind=KIND,
        by=account.by,
        started_at=account.now,
        ended_at=account.now,
        coder=account.tools.coder.name,
        settings_hash=account.desk.settings.sha256,
        counts={**account.counts, "codings": codings, "head": head},
    )
