"""The page of one event of the working desk, its tombstone, and the forms that judge pairs or mend it as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from conflictdesk.casework import EventRecord, SentenceNote, Tombstone
from conflictdesk.decisions import Action, Decision, name_pair, write_value
from conflictdesk.desk import pages
from conflictdesk.desk.asking import NoDataset, answer_page
from conflictdesk.desk.blind_spots import hidden_articles, hides_event, show_events
from conflictdesk.desk.decided_words import STATUS_WORDS, say_decided, title_field
from conflictdesk.desk.event_sheet_view import (
    EVENT_FIELDS,
    Pairing,
    Report,
    list_attributions,
    say_toll,
    title_event,
    view_disputes,
    view_pairings,
    view_reports,
    view_values,
)
from conflictdesk.desk.form_decisions import ask_words, go_to, make_token, name_decision, read_form, record_form
from conflictdesk.desk.history_view import view_entries
from conflictdesk.desk.office import desk_of, is_at_least, user_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.desk.typed_values import HOW_TO, read_typed
from conflictdesk.errors import ConfigError
from conflictdesk.publish.wording import say_dates
from conflictdesk.records import Article, Event, Mention
from conflictdesk.workflow.casefiles import Verdicts, read_verdicts
from conflictdesk.workflow.projecting import find_articles
from conflictdesk.workflow.recording import Draft

if TYPE_CHECKING:
    from conflictdesk.store.opening import Reader

router = APIRouter()
Form = Annotated[dict[str, str], Depends(read_form)]
MOST_REPORTS: Final = 30
"""Reports that the page shows at first; the rest come on demand."""
MOST_PAIRS: Final = 40
MOST_STRANGERS: Final = 200
MOST_ENTRIES: Final = 5
_NEAR_DAYS: Final = 7
_NEAR_EVENTS: Final = 8
_VERDICTS: Final[dict[str, Action]] = {"same": "same", "different": "different", "unsure": "unsure"}


@dataclass(frozen=True, slots=True)
class NearEvent:
    """An event of the same country and days that nobody has compared with this one."""

    event_id: str
    title: str
    day: str
    killed: str
    pair: Pairing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """All that is read for the page, in one snapshot of the store."""

    record: EventRecord
    mentions: tuple[Mention, ...]
    articles: Mapping[str, Article]
    notes: Mapping[str, Sequence[SentenceNote]]
    verdicts: Verdicts
    others: Mapping[str, tuple[str, str]]
    event_of: Mapping[str, str]
    near: tuple[EventRecord, ...]
    decisions: tuple[Decision, ...]


@router.get("/event/{event_id}", response_class=HTMLResponse, dependencies=[Depends(needs("viewer"))])
def show_event(request: Request, event_id: str) -> Response:
    """An event as it stands, the stone of one that is gone, or the dataset's page of an event that was imported."""
    with desk_of(request).store.reading() as reader:
        record = reader.event(event_id)
        stone = None if record else reader.tombstone(event_id)
        told = _read(reader, record, every=request.query_params.get("all") == "1") if record else None
        decisions = list_decisions(reader, event_id, ()) if stone else ()
        kept = stone is not None and hides_event(request, reader, event_id)
        origin, _, bare = event_id.partition(":")
        copied = bool(origin and bare and not record and not stone and (reader.event(bare) or reader.tombstone(bare)))
    if copied:
        return RedirectResponse("/event/" + quote(bare, safe=""), status_code=307)
    if kept:
        return answer_page(request, "reading_hidden.html.jinja", what="This event", articles=())
    if stone is not None:
        return _show_stone(request, stone, decisions)
    return _show(request, told) if told is not None else _show_imported(request, event_id)


def _show_imported(request: Request, event_id: str) -> Response:
    try:
        return pages.show_event(request, event_id)
    except NoDataset:
        raise HTTPException(404, f"The desk holds no event {event_id[:80]!r}.") from None


def _read(reader: Reader, record: EventRecord, *, every: bool) -> _Told:
    event = record.event
    mentions = event.mentions if every else event.mentions[:MOST_REPORTS]
    ids = [m.mention_id for m in event.mentions]
    articles = reader.articles(sorted({m.article_id for m in mentions}))
    verdicts = read_verdicts(reader, ids)
    rows = (*verdicts.people, *verdicts.machine)
    strangers = sorted({i for m in rows for i in (m.left, m.right)} - set(ids))[:MOST_STRANGERS]
    near = read_near(reader, event)
    return _Told(
        record=record,
        mentions=tuple(mentions),
        articles=articles,
        notes={article_id: coding.sentences for article_id in articles if (coding := reader.coding(article_id))},
        verdicts=verdicts,
        others={**name_mentions(reader, strangers), **{m.mention_id: (m.article_id, "") for m in mentions}},
        event_of=reader.event_of(strangers) if strangers else {},
        near=tuple(e for e in near if not {m.mention_id for m in e.event.mentions} & set(strangers)),
        decisions=list_decisions(reader, event.event_id, ids),
    )


def name_mentions(reader: Reader, mention_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The article and the headline of each mention; one that a person added has no row of the machine's."""
    if not mention_ids:
        return {}
    held = find_articles(reader, mention_ids)
    articles = reader.articles(sorted(set(held.values())))
    return {i: (a, articles[a].title or "an article without a headline") for i, a in held.items() if a in articles}


def read_near(reader: Reader, event: Event) -> tuple[EventRecord, ...]:
    """Other events of the country within a week; none where country or day is not known."""
    if event.place is None or event.place.iso3 is None or event.dates is None:
        return ()
    week = dt.timedelta(days=_NEAR_DAYS)
    start, end = event.dates.start, event.dates.end
    found = reader.near_events(
        event.place.iso3,
        start - week if start > dt.date.min + week else start,
        end + week if end < dt.date.max - week else end,
        _NEAR_EVENTS + 1,
    )
    return tuple(other for other in found if other.event.event_id != event.event_id)[:_NEAR_EVENTS]


def list_decisions(reader: Reader, event_id: str, mention_ids: Sequence[str]) -> tuple[Decision, ...]:
    """The decisions on an event and on its incidents, newest first."""
    found = [d for d in reader.decisions(subject_ids=[event_id, *mention_ids]) if d.track != "second"]
    return tuple(sorted(found, key=lambda d: -d.seq))


def _show(request: Request, told: _Told) -> Response:
    record, event, user = told.record, told.record.event, user_of(request)
    if kept := find_kept(request, told.record):
        return answer_page(request, "reading_hidden.html.jinja", what="This event", articles=kept)
    reports = view_reports(told.mentions, told.articles, told.notes)
    own = {m.mention_id for m in event.mentions}
    pairs = view_pairings(told.verdicts, reports, told.others, told.event_of)
    values = view_values(record)
    return answer_page(
        request,
        "reading_event.html.jinja",
        record=record,
        event=event,
        title=title_event(event),
        status_words=STATUS_WORDS[record.status].capitalize(),
        reports=reports,
        more_reports=len(event.mentions) if len(told.mentions) < len(event.mentions) else 0,
        open_titles=[title_field(name) for name in record.open_fields],
        disputes=view_disputes(record, reports),
        inside=[p for p in pairs if p.right in own][:MOST_PAIRS],
        outside=[p for p in pairs if p.right not in own][:MOST_PAIRS],
        near=[view_near(other, reports) for other in show_events(request, told.near)] if reports else [],
        values=values,
        changeable=[v for v in values if v.name in HOW_TO],
        blamed=list_attributions(event, reports),
        entries=view_entries(told.decisions)[:MOST_ENTRIES],
        may_judge=is_at_least(user.role, "coder"),
        may_review=is_at_least(user.role, "reviewer"),
        token=make_token(),
        say_toll=say_toll,
    )


def find_kept(request: Request, record: EventRecord) -> list[Article]:
    """The articles that tell of the event and are kept from whoever asks."""
    kept = hidden_articles(request) & {m.article_id for m in record.event.mentions}
    if not kept:
        return []
    with desk_of(request).store.reading() as reader:
        return list(reader.articles(sorted(kept)).values())


def view_near(other: EventRecord, reports: Sequence[Report]) -> NearEvent:
    """An event nearby, with the pair that a verdict on it would be about: the first report of each."""
    event = other.event
    return NearEvent(
        event.event_id,
        title_event(event),
        say_dates(event.dates),
        say_decided(event.deaths),
        Pairing(
            left=reports[0].mention_id,
            right=event.mentions[0].mention_id,
            ours=f"report {reports[0].number}",
            other=title_event(event),
            other_article=event.mentions[0].article_id,
            other_event=event.event_id,
            verdict="",
            words="",
            by="",
            score="",
        ),
    )


def _show_stone(request: Request, stone: Tombstone, decisions: Sequence[Decision]) -> Response:
    withdrawn = any(d.action == "withdraw" for d in decisions)
    return answer_page(
        request,
        "reading_tombstone.html.jinja",
        status=200 if stone.into else 410,
        stone=stone,
        entries=view_entries(decisions)[:MOST_ENTRIES],
        may_restore=withdrawn and not stone.into and is_at_least(user_of(request).role, "reviewer"),
        token=make_token(),
    )


# ---------------------------------------------------------------- forms


@router.post("/event/{event_id}/match", dependencies=[Depends(needs("coder"))])
def judge_pair(request: Request, event_id: str, form: Form) -> Response:
    """Say of two reports whether they tell of one event; a later word takes the place of this one."""
    action = _VERDICTS.get(form.get("verdict", ""))
    if action is None:
        raise ConfigError("verdict: choose same, different or unsure")
    pair = name_pair(ask_words(form, "left"), ask_words(form, "right"))
    decision_id = name_decision(form.get("token", ""), pair, action)
    draft = Draft(decision_id=decision_id, subject_kind="match", subject_id=pair, action=action)
    record_form(request, [draft])
    return _back(event_id, "#joined-title")


@router.post("/event/{event_id}/change", dependencies=[Depends(needs("reviewer"))])
def change_event(request: Request, event_id: str, form: Form) -> Response:
    """Change one field of the event as a whole, with a reason."""
    name = form.get("field", "")
    if name not in EVENT_FIELDS or name not in HOW_TO:
        raise ConfigError(f"field: {name[:40]!r} cannot be typed; choose it in the workbench")
    after = write_value(name, read_typed(name, form.get("value", "")))
    return _decide(request, event_id, "change", form, field=name, after=after)


@router.post("/event/{event_id}/withdraw", dependencies=[Depends(needs("reviewer"))])
def withdraw_event(request: Request, event_id: str, form: Form) -> Response:
    """Take the event out of all counts; its address keeps the reason."""
    return _decide(request, event_id, "withdraw", form)


@router.post("/event/{event_id}/restore", dependencies=[Depends(needs("reviewer"))])
def restore_event(request: Request, event_id: str, form: Form) -> Response:
    """Bring back an event that was withdrawn."""
    return _decide(request, event_id, "restore", form)


def _decide(
    request: Request,
    event_id: str,
    action: Action,
    form: Mapping[str, str],
    *,
    field: str | None = None,
    after: str | None = None,
) -> Response:
    reason = ask_words(dict(form), "reason")
    draft = Draft(
        decision_id=name_decision(form.get("token", ""), event_id, action, field or "", after or "", reason),
        subject_kind="event",
        subject_id=event_id,
        action=action,
        field=field,
        after=after,
        reason=reason,
    )
    record_form(request, [draft])
    return _back(event_id, "#values-title" if field else "")


def _back(event_id: str, anchor: str) -> Response:
    return go_to(f"/event/{quote(event_id, safe='')}{anchor}")
