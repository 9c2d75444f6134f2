"""What is kept from whoever asks: the articles, the events that rest on them, the dataset without those events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from fastapi import Request

from conflictdesk.casework import EventRecord, list_namesakes
from conflictdesk.decisions import Decision
from conflictdesk.desk.blind_dataset import BlindCopy
from conflictdesk.desk.blinding import DueShelf, keeps_back, rests_on
from conflictdesk.desk.office import desk_of, session_of, user_of
from conflictdesk.workflow.projecting import find_articles

if TYPE_CHECKING:
    from conflictdesk.casework import Case
    from conflictdesk.datasets.opening import Dataset
    from conflictdesk.store.opening import Reader


def hidden_articles(request: Request) -> frozenset[str]:
    """The articles whose first coding is kept from whoever asks; looked up once a request."""
    held = getattr(request.state, "hidden_articles", None)
    if isinstance(held, frozenset):
        return held
    user = user_of(request)
    due = {} if user.role == "viewer" else _shelf_of(request).read(desk_of(request).store)
    found = frozenset(article_id for article_id, case in due.items() if keeps_back(case, user))
    request.state.hidden_articles = found
    return found


def due_cases(request: Request) -> dict[str, Case]:
    """All articles that wait for or are in somebody's second coding."""
    return dict(_shelf_of(request).read(desk_of(request).store))


def show_events(request: Request, records: Iterable[EventRecord]) -> list[EventRecord]:
    """Those of some events that whoever asks may see."""
    hidden = hidden_articles(request)
    return [record for record in records if not rests_on(record.event, hidden)]


def hides_event(request: Request, reader: Reader, event_id: str) -> bool:
    """True when an event, or what an event that is gone was made of, is kept from whoever asks."""
    return bool(_find_hidden_events(reader, [event_id], hidden_articles(request)))


def show_decisions(request: Request, reader: Reader, decisions: Sequence[Decision]) -> list[Decision]:
    """Those of some decisions that whoever asks may see: none on a kept article, its incidents, pairs and events."""
    hidden = hidden_articles(request)
    if not hidden:
        return list(decisions)
    events = {d.subject_id for d in decisions if d.subject_kind == "event"}
    kept = _find_hidden_events(reader, sorted(events), hidden)
    pairs = {d.subject_id: d.subject_id.split("|") for d in decisions if d.subject_kind == "match"}
    owners = find_articles(reader, [mention_id for pair in pairs.values() for mention_id in pair]) if pairs else {}
    kept |= {pair for pair, ids in pairs.items() if any(owners.get(mention_id) in hidden for mention_id in ids)}
    return [d for d in decisions if d.article_id not in hidden and d.subject_id not in kept]


def _find_hidden_events(reader: Reader, event_ids: Sequence[str], hidden: frozenset[str]) -> set[str]:
    if not hidden or not event_ids:
        return set()
    kept = {event_id for event_id, record in reader.events(event_ids).items() if rests_on(record.event, hidden)}
    names = {mention_id: event_id for event_id in event_ids for mention_id in list_namesakes(event_id)}
    owners = find_articles(reader, names)
    kept |= {names[mention_id] for mention_id, article_id in owners.items() if article_id in hidden}
    graves = {event_id: grave.into for event_id in event_ids if (grave := reader.tombstone(event_id)) and grave.into}
    into = reader.events(sorted(set(graves.values()))) if graves else {}
    gone = {event_id for event_id, goal in graves.items() if goal in into and rests_on(into[goal].event, hidden)}
    return kept | gone


def narrow_dataset(request: Request, dataset: Dataset) -> Dataset:
    """The dataset as whoever asks may see it.

    One copy serves all who are blind to anything: it leaves out every article that is in its second coding, also those
    that one coded first oneself. So nobody learns from the difference of two copies.
    """
    if session_of(request) is None or not hidden_articles(request):
        return dataset
    due = frozenset(_shelf_of(request).read(desk_of(request).store))
    request.state.left_out = len(due)
    return _copy_of(request).cut(dataset, due)


def _shelf_of(request: Request) -> DueShelf:
    held = getattr(request.app.state, "due_shelf", None)
    if not isinstance(held, DueShelf):
        held = request.app.state.due_shelf = DueShelf()
    return held


def _copy_of(request: Request) -> BlindCopy:
    held = getattr(request.app.state, "blind_copy", None)
    if not isinstance(held, BlindCopy):
        held = request.app.state.blind_copy = BlindCopy()
    return held
