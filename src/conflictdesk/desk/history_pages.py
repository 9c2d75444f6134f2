"""The history of everything, of an article, an event or a person, and any past state of an article or an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.decisions import Decision
from conflictdesk.desk.article_view import IncidentView, view_incidents
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.blind_spots import hidden_articles, hides_event, show_decisions
from conflictdesk.desk.blinding import rests_on
from conflictdesk.desk.decided_words import STATUS_WORDS, say_moment
from conflictdesk.desk.event_sheet_view import view_values
from conflictdesk.desk.history_view import PAGE, view_entries
from conflictdesk.desk.office import desk_of, hides_work
from conflictdesk.desk.signing_in import needs
from conflictdesk.errors import ConfigError
from conflictdesk.workflow.casefiles import read_papers
from conflictdesk.workflow.history import find_history, find_moment, read_past

if TYPE_CHECKING:
    from conflictdesk.store.opening import Reader

router = APIRouter(dependencies=[Depends(needs("viewer"))])
_NOTE: Final = "Where nobody had decided, the machine's suggestions stand."
_LATER: Final = "Where nobody had decided, suggestions stand that the machine made only later."
_FILTERS: Final = ("article", "event", "by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a history is asked for: of one article, one event or one person, before a number, as of a past moment."""

    article: str | None = None
    event: str | None = None
    by: str | None = None
    before: int | None = None
    as_of: str | None = None

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays the same from page to page."""
        return [(name, value) for name in _FILTERS if (value := getattr(self, name))]

    @property
    def heading(self) -> str:
        """The page's title."""
        if self.article:
            return f"History of article {self.article}"
        if self.event:
            return f"History of event {self.event}"
        return f"What {self.by} decided" if self.by else "History"

    @property
    def subject(self) -> str | None:
        """The address of what the history is of."""
        if self.article:
            return "/article/" + quote(self.article, safe="")
        return "/event/" + quote(self.event, safe="") if self.event else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastState:
    """A past state in words; `values` are an event's fields then and now."""

    seq: int
    head: int
    moment: str | None
    note: str | None = None
    incidents: tuple[IncidentView, ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()
    status: str = ""


@router.get("/history", response_class=HTMLResponse)
def show_history(request: Request) -> Response:
    """The time line of decisions, newest first, and the state that was asked for."""
    asked = read_asked(request)
    if asked.article and hides_work(request, asked.article):
        with desk_of(request).store.reading() as reader:
            held = reader.article(asked.article)
        return answer_page(request, "reading_hidden.html.jinja", what="This history", articles=[held] if held else [])
    with desk_of(request).store.reading() as reader:
        if asked.event and hides_event(request, reader, asked.event):
            return answer_page(request, "reading_hidden.html.jinja", what="This history", articles=())
        until = find_moment(reader, asked.as_of) if asked.as_of else None
        decisions, older = read_page(reader, asked, until)
        past = view_past(reader, asked, until, hidden_articles(request)) if until is not None else None
        shown = show_decisions(request, reader, decisions)
    entries = view_entries(shown)
    return answer_page(
        request,
        "reading_history.html.jinja",
        heading=asked.heading,
        subject_link=asked.subject,
        kept=asked.kept,
        as_of=asked.as_of,
        past=past,
        entries=entries,
        withheld=len(decisions) - len(shown),
        newest_link=_link(asked, None) if asked.before else None,
        older_link=_link(asked, older) if older else None,
    )


def _link(asked: Asked, before: int | None) -> str:
    pairs = [*asked.kept]
    pairs += [("as_of", asked.as_of)] if asked.as_of else []
    pairs += [("before", str(before))] if before else []
    return "/history?" + urlencode(pairs) if pairs else "/history"


def read_asked(request: Request) -> Asked:
    """What the address asks for.

    Raises:
        ConfigError: it names two subjects, or a number or day that is none.
    """
    told = {name: request.query_params.get(name) or None for name in (*_FILTERS, "before", "as_of")}
    if sum(told[name] is not None for name in _FILTERS) > 1:
        raise ConfigError("history: ask for one article, one event or one person")
    before = told["before"]
    if before is not None and not (before.isascii() and before.isdigit() and len(before) <= 12):
        raise ConfigError(f"before: {before[:20]!r} is not a number of the journal")
    return Asked(
        article=told["article"],
        event=told["event"],
        by=told["by"],
        before=int(before) if before else None,
        as_of=(told["as_of"] or "").strip() or None,
    )


def read_page(reader: Reader, asked: Asked, until: int | None) -> tuple[tuple[Decision, ...], int | None]:
    """A page of decisions, newest first, and the number before which the next page begins (None on the last).

    All decisions of one article or event are few and are read at once; those of a person or of the desk by key.
    """
    edge = min(asked.before or 10**12, until + 1 if until is not None else 10**12)
    if asked.article or asked.event:
        found = [d for d in read_subject(reader, asked) if d.seq < edge]
        newest = sorted(found, key=lambda d: -d.seq)[: PAGE + 1]
    else:
        newest = reader.last_decisions(PAGE + 1, before_seq=edge, by=asked.by)
    page = tuple(newest[:PAGE])
    return page, page[-1].seq if len(newest) > PAGE else None


def read_subject(reader: Reader, asked: Asked) -> Sequence[Decision]:
    """Every decision on an article, or on an event, its incidents and the pairs that joined them."""
    if asked.article:
        if reader.article(asked.article) is None:
            raise HTTPException(404, f"The desk holds no article {asked.article[:60]!r}.")
        return reader.decisions(article_id=asked.article)
    event_id = asked.event or ""
    if reader.event(event_id) is None and reader.tombstone(event_id) is None:
        raise HTTPException(404, f"The desk holds no event {event_id[:60]!r}.")
    return [d for d in find_history(reader, event_id) if d.track != "second"]


def view_past(reader: Reader, asked: Asked, seq: int, hidden: frozenset[str] = frozenset()) -> PastState:
    """The state of the article or the event after decision no. `seq`; of the desk as a whole only where it stood.

    Where the event then rested on a `hidden` article, nothing is told of it.
    """
    last = reader.last_decisions(1, before_seq=seq + 1)
    bare = PastState(seq=seq, head=reader.head()[0], moment=say_moment(last[0].at) if last else None)
    if asked.article:
        papers = read_papers(reader, asked.article)
        then = replace(papers, decisions=tuple(d for d in papers.decisions if d.seq <= seq))
        later = papers.coding is not None and papers.coding.after_decision > seq
        return replace(bare, note=_LATER if later else _NOTE, incidents=view_incidents(then.fold(), {}))
    return _view_past_event(reader, asked.event, bare, hidden) if asked.event else bare


def _view_past_event(reader: Reader, event_id: str, bare: PastState, hidden: frozenset[str]) -> PastState:
    past, now = read_past(reader, bare.seq, event_id), reader.event(event_id)
    then = next((record for record in past.events if record.event.event_id == event_id), None)
    if then is None:
        grave = past.grave(event_id)
        if grave is None:
            return replace(bare, note="There was no event of this name then.")
        where = f"it was part of event {grave.into}" if grave.into else f"it was not there: {grave.reason}"
        return replace(bare, note=f"Then {where}.")
    if rests_on(then.event, hidden):
        return replace(bare, note="Kept from you until a second coding is finished.")
    today = {row.name: row.words for row in view_values(now)} if now else {}
    rows = tuple((row.title, row.words, today.get(row.name, "the event is gone")) for row in view_values(then))
    count = len(then.event.mentions)
    status = f"{STATUS_WORDS[then.status].capitalize()}; it joined {count} {'report' if count == 1 else 'reports'}."
    return replace(bare, note=_NOTE, values=rows, status=status)
