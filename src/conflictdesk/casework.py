"""What the working desk keeps, beside what people decide: captures, codings, cases of the queue, events, users."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from conflictdesk.decisions import Role, Track
from conflictdesk.records import Article, Claim, Event, Mention, Page, Problem

_HOST: Final = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?(\[[^\]]*\]|[^/?#:@]+)", re.IGNORECASE)

Order: TypeAlias = tuple[int, int, int]
"""A mention's place in the history of the desk: (decisions before it, 1 for a machine's else 0, number of its row).

The earliest mention of an event gives the event its id, which so lives through later joins and parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page as it was taken in: its bytes as they came (`raw`), their SHA-256, from where and when.

    One capture may hold several documents (a .jsonl file): each is a Page of its own with the same `sha256`.
    """

    page: Page
    sha256: str
    raw: bytes
    fetched_at: dt.datetime
    origin: str
    """The file's name or the address after redirects."""
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceNote:
    """One sentence of an article (0 is the headline): where it stands and what the coder made of it.

    `verdict` is "event", "claim", "background" or "nothing"; `cue` is true where its words may tell of violence.
    """

    index: int
    paragraph: int
    start: int
    end: int
    verdict: str
    rule: str
    cue: bool

    @property
    def is_unexplained(self) -> bool:
        """True when its words may tell of violence and the coder has no account of it: a person must say what it is."""
        return self.cue and self.verdict == "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCoding:
    """All that one coder made of one article, in one run; `after_decision` is the journal's last number then."""

    coding_id: str
    article_id: str
    coder: str
    after_decision: int
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    sentences: tuple[SentenceNote, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMention:
    """A machine's mention with its place in the history."""

    mention: Mention
    order: Order


def name_event(mention_id: str) -> str:
    """The id of the event whose earliest mention this is; the event keeps it through later joins and parts.

    >>> name_event("m-00c0ffee"), name_event("odd")
    ('e-00c0ffee', 'e-odd')
    """
    return f"e-{mention_id.removeprefix('m-')}"


def list_namesakes(event_id: str) -> tuple[str, ...]:
    """The ids of the mentions from which an event of this id may have its name.

    >>> list_namesakes("e-00c0ffee")
    ('m-00c0ffee', '00c0ffee')
    """
    bare = event_id.removeprefix("e-")
    return (f"m-{bare}", bare) if event_id.startswith("e-") else ()


EventStatus = Literal["proposed", "reviewed", "reopened", "adjudicated"]
"""`reopened`: a new mention differs from what people decided, in the fields that `EventRecord.open_fields` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """An event as it stands: a view over mentions, matches and decisions that can be built again at any time."""

    event: Event
    status: EventStatus
    open_fields: tuple[str, ...]
    look: float
    """How much error a look is expected to find (`review.queue.value_look`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """Where an event went: `into` another (joined, None where withdrawn), and why."""

    event_id: str
    into: str | None
    reason: str


CaseStatus = Literal["new", "open", "coded", "second", "disputed", "adjudicated", "skipped", "nothing"]
"""new: nobody decided anything; open: begun; coded: finished; second: waits for the second coder; disputed: two coders
differ and the lead has not settled it; nothing: the coder proposed no incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One article as a row of the queue; rebuilt like an event.

    `priority` orders the queue (higher first), `reasons` say why in words. `duplicates` counts other articles that
    tell of the same incidents. `coded_by`: who decided on the main track, `second_by` on the second.
    """

    article_id: str
    title: str
    source: str | None
    language: str
    published_on: dt.date | None
    status: CaseStatus
    incidents: int
    max_deaths: int | None
    priority: float
    reasons: tuple[str, ...]
    duplicates: int = 0
    undecided: int = 0
    flagged: bool = False
    coded_by: tuple[str, ...] = ()
    second_by: tuple[str, ...] = ()
    stratum: str | None = None
    """Set when a second coder was drawn: the stratum."""
    sentences_open: int = 0
    """Sentences with words of violence that are in no incident and not marked as background."""
    last_seq: int = 0
    added_on: dt.date | None = None
    origin: str = ""
    """What stands where a source is not named: see `name_origin`."""


def name_origin(article: Article) -> str:
    """From where an article is, as far as it can be told: its source, else the host of its address, else its file.

    >>> article = Article(article_id="a-1", page_id="p-1", page="in/kano-7.txt", external_id="x", title="", text="",
    ...     published_on=None, published_basis="unknown", language="en", url="https://www.gazette.example/7")
    >>> name_origin(article)
    'gazette.example'
    """
    if article.source:
        return article.source
    for address in (article.url or "", article.page):
        if found := _HOST.match(address):
            return found[1].lower()
    return re.split(r"[/\\]", article.page.rstrip("/\\"))[-1] or "source not known"


QueueOrder = Literal["priority", "newest", "oldest", "deaths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """A view of the queue; None and () ask for nothing. `text` is searched in titles; `mine` is a coder's name."""

    status: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None
    text: str | None = None
    mine: str | None = None
    not_by: str | None = None
    """Leave out cases that this coder took part in (for second coding)."""
    untaken: bool = False
    """Leave out cases that somebody codes second already."""
    flagged: bool | None = None
    min_deaths: int | None = None
    stale_before: dt.date | None = None
    order: QueueOrder = "priority"
    after: tuple[float | str, str] | None = None
    """Where the last row of the page before stands (`place_case`): its order key and article id."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who may work at the desk; the password's hash never leaves the store."""

    name: str
    role: Role
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Who has an article open, until when: shown to others, who may take it over."""

    article_id: str
    by: str
    until: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article or event that holds the words that were looked for; `passage` is the text around them."""

    kind: Literal["article", "event"]
    id: str
    title: str
    day: dt.date | None
    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSheet:
    """What the desk holds of one source: its articles by day (the silent days are those missing), and its errors."""

    source: str
    articles: int
    first: dt.date | None
    last: dt.date | None
    by_day: tuple[tuple[dt.date, int], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFile:
    """Everything of one article on one track: what the workbench and the article's page show."""

    article: Article
    coding: StoredCoding | None
    track: Track


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlNote:
    """What a server said of an address when it was last asked: its validators, the bytes' SHA-256, when, its status.

    `status` is the HTTP status, None when no answer came. After an answer without a page (304, an error) `etag`,
    `modified` and `sha256` are still those of the last page that came.
    """

    url: str
    etag: str | None
    modified: str | None
    sha256: str | None
    at: dt.datetime
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the desk ("add", "run", "rebuild" ...): who started it, with which settings and coder, what came."""

    run_id: str
    kind: str
    by: str
    started_at: dt.datetime
    ended_at: dt.datetime
    coder: str | None = None
    settings_hash: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCounts:
    """How many cases a view of the queue holds, and by status, source and language.

    Each of the three is counted under all the view's other conditions, so that one sees what another choice would give.
    """

    total: int
    status: Mapping[str, int]
    sources: Mapping[str | None, int]
    languages: Mapping[str, int]


def place_case(case: Case, order: QueueOrder) -> tuple[float | str, str]:
    """Where a case stands in a view of that order: `CaseFilter.after` for the page that follows it.

    Without a day or a toll it stands last: "" or "9999-99-99", and -1.
    """
    day = case.published_on.isoformat() if case.published_on else None
    keys: dict[QueueOrder, float | str] = {
        "priority": case.priority,
        "newest": day or "",
        "oldest": day or "9999-99-99",
        "deaths": float(-1 if case.max_deaths is None else case.max_deaths),
    }
    return keys[order], case.article_id
