"""The queue as it is shown: the saved views, the rows with their reasons in words, the address of every view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, cast, get_args
from urllib.parse import quote, urlencode

from conflictdesk.casework import Case, CaseFilter, CaseStatus, Lock, User, place_case
from conflictdesk.desk.blinding import is_due
from conflictdesk.desk.office import is_at_least
from conflictdesk.workflow.seconds import list_begun

if TYPE_CHECKING:
    from conflictdesk.store.opening import Reader

Ordering = Literal["priority", "newest", "oldest", "deaths"]
ORDERS: Final[Mapping[str, str]] = {
    "priority": "most worth a look",
    "newest": "newest first",
    "oldest": "oldest first",
    "deaths": "most deaths first",
}
STALE_AFTER: Final = dt.timedelta(days=7)
WAITING: Final[tuple[CaseStatus, ...]] = ("new", "open")
DONE: Final[tuple[CaseStatus, ...]] = ("coded", "adjudicated", "nothing")
VIEWS: Final[tuple[tuple[str, str, str], ...]] = (
    ("todo", "To do", "nobody has finished them"),
    ("new", "New", "nobody has begun"),
    ("mine", "Mine", "you took part in them"),
    ("second", "Second coding", "drawn to be coded again by somebody else"),
    ("disputed", "Disputed", "two coders differ; a lead settles it"),
    ("flagged", "Flagged", "somebody asks the lead a question"),
    ("stale", "Stale", "waiting for more than a week"),
    ("skipped", "Skipped", "left out, with the reason"),
    ("done", "Done", "coded, settled, or without an incident"),
    ("all", "All", "every article of the desk"),
)
STATUS_WORDS: Final[Mapping[CaseStatus, str]] = {
    "new": "not begun",
    "open": "begun",
    "coded": "coded",
    "second": "waits for a second coder",
    "disputed": "two coders differ",
    "adjudicated": "settled by a lead",
    "skipped": "skipped",
    "nothing": "no incident proposed",
}
PAGE: Final = 50
MOST_LISTED: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAsked:
    """What an address asks of the queue; each view is one address."""

    view: str = "todo"
    source: str | None = None
    language: str | None = None
    text: str | None = None
    min_deaths: int | None = None
    order: Ordering = "priority"
    after: tuple[str, str] | None = None

    def link(self, **changes: str | int | tuple[str, str] | None) -> str:
        """The address of this view, or of one that differs; another view begins at its first page.

        >>> QueueAsked(view="new").link(source="Harbour Gazette")
        '/queue?view=new&source=Harbour+Gazette'
        """
        told = {"after": None, **changes}
        held = {name: told.get(name, getattr(self, name)) for name in QueueAsked.__slots__}
        pairs = [(key, str(held[name])) for name, key in _KEYS if held[name] not in (None, "", _USUAL.get(name))]
        after = held["after"]
        if isinstance(after, tuple):
            pairs += [("key", str(after[0])), ("after", str(after[1]))]
        return "/queue" + (f"?{urlencode(pairs)}" if pairs else "")


_KEYS: Final = (
    ("view", "view"),
    ("source", "source"),
    ("language", "language"),
    ("text", "q"),
    ("min_deaths", "deaths"),
    ("order", "order"),
)
_USUAL: Final = {"view": "todo", "order": "priority"}


def read_asked(query: Mapping[str, str]) -> QueueAsked:
    """What an address asks; a value that there is none of asks for nothing."""
    view, order = query.get("view", "todo"), query.get("order", "priority")
    deaths = query.get("deaths", "")
    return QueueAsked(
        view=view if any(view == name for name, _, _ in VIEWS) else "todo",
        source=query.get("source") or None,
        language=query.get("language") or None,
        text=query.get("q", "").strip()[:200].replace("\0", "") or None,
        min_deaths=int(deaths) if deaths.isascii() and deaths.isdigit() and len(deaths) < 8 else None,
        order=cast(Ordering, order) if order in get_args(Ordering) else "priority",
        after=(query["key"][:60], query["after"][:100]) if query.get("after") and "key" in query else None,
    )


def filter_cases(asked: QueueAsked, user: User, today: dt.date) -> CaseFilter:
    """The filter of a view: its own part, and what the address narrows."""
    view = filter_view(asked.view, user, today)
    if is_at_least(user.role, "coder") and (asked.min_deaths is not None or asked.order == "deaths"):
        # Deaths are the first coder's word: what waits for a second one is not found by them.
        view = replace(view, status=tuple(s for s in view.status or get_args(CaseStatus) if s != "second"))
    return replace(
        view,
        source=asked.source,
        language=asked.language,
        text=asked.text,
        min_deaths=asked.min_deaths,
        order=asked.order,
        after=_read_after(asked),
        limit=PAGE,
    )


def filter_view(view: str, user: User, today: dt.date) -> CaseFilter:
    """The filter of a saved view alone."""
    known: dict[str, CaseFilter] = {
        "todo": CaseFilter(status=WAITING),
        "all": CaseFilter(),
        "mine": CaseFilter(mine=user.name),
        "second": CaseFilter(status=("second",), not_by=user.name, untaken=True),
        "flagged": CaseFilter(flagged=True),
        "stale": CaseFilter(status=WAITING, stale_before=today - STALE_AFTER),
        "done": CaseFilter(status=DONE),
    }
    return known.get(view) or CaseFilter(status=(view,))


def make_fair(asked: QueueAsked, user: User) -> QueueAsked:
    """What may be asked of the articles that wait for this user's second coding: nothing of the first one's deaths."""
    if asked.view != "second" or not is_at_least(user.role, "coder"):
        return asked
    return replace(asked, min_deaths=None, order="priority" if asked.order == "deaths" else asked.order)


def _read_after(asked: QueueAsked) -> tuple[float | str, str] | None:
    if asked.after is None:
        return None
    key, article_id = asked.after
    if asked.order in ("newest", "oldest"):
        return key, article_id
    try:
        return float(key), article_id
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One article of the queue.

    `blind`: this user may be its second coder, so nothing of its coding is shown but the words of `told`.
    """

    case: Case
    status: str
    age: str
    open_at: str
    blind: bool
    told: str
    lock: Lock | None
    lock_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A saved view with how many articles it holds now."""

    name: str
    title: str
    told: str
    count: int
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """All that the queue's page shows. `sources` and `languages` are (value, articles, address)."""

    asked: QueueAsked
    title: str
    told: str
    views: tuple[SavedView, ...]
    rows: tuple[QueueRow, ...]
    total: int
    next_link: str | None
    sources: tuple[tuple[str, int, str], ...]
    languages: tuple[tuple[str, int, str], ...]
    articles: int


def make_row(case: Case, user: User, lock: Lock | None, now: dt.datetime) -> QueueRow:
    """A row in words."""
    codes = is_at_least(user.role, "coder")
    second = is_due(case) and user.name not in case.coded_by and codes
    taken = second and bool(case.second_by) and user.name not in case.second_by
    place = "work" if codes and not taken else "article"
    if case.status == "disputed" and user.role == "lead":
        place = "adjudicate"
    return QueueRow(
        case=case,
        status=STATUS_WORDS[case.status],
        age=say_age(case.added_on or case.published_on, now.date()),
        open_at=f"/{place}/{quote(case.article_id, safe='')}" + ("?track=second" if second and not taken else ""),
        blind=second,
        told=_say_second(case, user, taken) if second else "",
        # Who coded first is not told to the second coder, though the article may still be open there.
        lock=lock if lock is not None and lock.by != user.name and not (second and lock.by in case.coded_by) else None,
        lock_minutes=max(1, round((lock.until - now).total_seconds() / 60)) if lock else 0,
    )


def _say_second(case: Case, user: User, taken: bool) -> str:
    if taken:
        return "somebody codes it a second time now; its coding is shown when that is finished"
    if user.name in case.second_by:
        return "you have begun to code it a second time: go on"
    return "coded by somebody else; you would code it without seeing that work"


def say_age(day: dt.date | None, today: dt.date) -> str:
    """How long an article waits.

    >>> say_age(dt.date(2021, 3, 1), dt.date(2021, 3, 4)), say_age(dt.date(2020, 3, 1), dt.date(2021, 3, 4))
    ('3 days', '1 year')
    """
    if day is None:
        return "not known"
    days = (today - day).days
    if days < 1:
        return "today"
    for size, word in ((365, "year"), (60, "month"), (1, "day")):
        if days >= size:
            number = days // (30 if word == "month" else size)
            return f"{number} {word}" + ("s" if number != 1 else "")
    return "today"


def view_queue(reader: Reader, asked: QueueAsked, user: User, now: dt.datetime) -> QueueView:
    """Gather what the queue's page shows."""
    today = now.date()
    asked = make_fair(asked, user)
    wanted = filter_cases(asked, user, today)
    cases, total = reader.list_cases(wanted)
    locks = reader.locks([case.article_id for case in cases], now)
    counts = reader.count_cases(replace(wanted, after=None), by_status=False)
    everything = sum(reader.count_cases().status.values())
    last = place_case(cases[-1], asked.order) if len(cases) == PAGE else None
    begun = list_begun(reader, user) if asked == QueueAsked(view="second") else []
    _, title, told = next(one for one in VIEWS if one[0] == asked.view)
    return QueueView(
        asked=asked,
        title=title,
        told=told,
        views=_count_views(reader, asked, user, today),
        rows=tuple(make_row(case, user, locks.get(case.article_id), now) for case in (*begun, *cases)),
        total=total + len(begun),
        next_link=asked.link(after=(str(last[0]), last[1])) if last else None,
        sources=_list_facet({name or "": n for name, n in counts.sources.items()}, asked, "source"),
        languages=_list_facet(counts.languages, asked, "language"),
        articles=everything,
    )


def _count_views(reader: Reader, asked: QueueAsked, user: User, today: dt.date) -> tuple[SavedView, ...]:
    """Every saved view with its count: those of statuses from one count, the others asked one by one."""
    status = reader.count_cases().status
    found = []
    for name, title, told in VIEWS:
        view = filter_view(name, user, today)
        whole = view == CaseFilter(status=view.status)
        count = sum(n for s, n in status.items() if not view.status or s in view.status) if whole else None
        if count is None:
            _, count = reader.list_cases(replace(view, limit=1))
        count += len(list_begun(reader, user)) if name == "second" else 0
        found.append(SavedView(name=name, title=title, told=told, count=count, link=QueueAsked(view=name).link()))
    return tuple(found)


def _list_facet(counted: Mapping[str, int], asked: QueueAsked, name: str) -> tuple[tuple[str, int, str], ...]:
    most = sorted(((n, value) for value, n in counted.items() if value and n), key=lambda one: (-one[0], one[1]))
    return tuple((value, n, asked.link(**{name: value})) for n, value in most[:MOST_LISTED])
