"""The page of one actor: its events by role, the names it goes by, since when and as what it is reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.casework import EventRecord
from conflictdesk.codebook.actors import ActorEntry, load_actors
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.blind_spots import show_events
from conflictdesk.desk.decided_words import say_decided
from conflictdesk.desk.event_sheet_view import title_event
from conflictdesk.desk.office import desk_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.publish.wording import say_dates
from conflictdesk.questions import Filter
from conflictdesk.records import Actor, Event

router = APIRouter(dependencies=[Depends(needs("viewer"))])
MOST_EVENTS: Final = 200
ROLES: Final = ("Actor 1", "Actor 2", "Also involved", "Said to have done it")


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in the actor's list."""

    event_id: str
    title: str
    day: str
    killed: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorView:
    """An actor as its events tell of it."""

    name: str
    roles: tuple[tuple[str, tuple[EventLine, ...]], ...]
    kinds: tuple[tuple[str, int], ...]
    first: dt.date | None
    last: dt.date | None
    events: int


@router.get("/actor/{name:path}", response_class=HTMLResponse)
def show_actor(request: Request, name: str) -> Response:
    """An actor of the events, or of the codebook's list where no event names it yet."""
    entry = load_actors().by_name(name)
    with desk_of(request).store.reading() as reader:
        found = reader.actor_events(name, MOST_EVENTS + 1)
    records = show_events(request, found)
    if not records and entry is None:
        raise HTTPException(404, f"Neither an event nor the codebook's list names an actor {name[:80]!r}.")
    return answer_page(
        request,
        "reading_actor.html.jinja",
        actor=view_actor(name, records[:MOST_EVENTS]),
        entry=entry,
        aliases=list_aliases(entry, name),
        more=len(found) > MOST_EVENTS,
        wanted=Filter(actor=(name,)),
    )


def list_aliases(entry: ActorEntry | None, name: str) -> tuple[str, ...]:
    """The other names of an actor by the codebook's list."""
    return tuple(alias for alias in entry.names if alias != name) if entry else ()


def view_actor(name: str, records: Sequence[EventRecord]) -> ActorView:
    """Gather an actor's events under its roles, the newest first."""
    events = sorted((record.event for record in records), key=_newest_first)
    by_role = [(role, tuple(_view_line(e, name) for e in events if role in find_roles(e, name))) for role in ROLES]
    kinds: dict[str, int] = {}
    for event in events:
        for kind in {actor.kind for actor in _parties(event) if actor.name == name}:
            kinds[kind] = kinds.get(kind, 0) + 1
    days = [event.dates for event in events if event.dates]
    return ActorView(
        name=name,
        roles=tuple((role, lines) for role, lines in by_role if lines),
        kinds=tuple(sorted(kinds.items(), key=lambda row: (-row[1], row[0]))),
        first=min((d.start for d in days), default=None),
        last=max((d.end for d in days), default=None),
        events=len(events),
    )


def find_roles(event: Event, name: str) -> tuple[str, ...]:
    """What an actor is in an event, as reported; it may be more than one."""
    held = (
        (ROLES[0], event.actor1 is not None and event.actor1.name == name),
        (ROLES[1], event.actor2 is not None and event.actor2.name == name),
        (ROLES[2], any(actor.name == name for actor in event.associated_actors)),
        (ROLES[3], any(said.actor == name for _, said in event.attribution)),
    )
    return tuple(role for role, holds in held if holds)


def _parties(event: Event) -> tuple[Actor, ...]:
    return tuple(a for a in (event.actor1, event.actor2, *event.associated_actors) if a is not None)


def _newest_first(event: Event) -> tuple[int, str]:
    return (-event.dates.start.toordinal() if event.dates else 0, event.event_id)


def _view_line(event: Event, name: str) -> EventLine:
    others = dict.fromkeys(a.name for a in _parties(event) if a.name != name)
    return EventLine(
        event.event_id, title_event(event), say_dates(event.dates), say_decided(event.deaths), tuple(others)
    )
