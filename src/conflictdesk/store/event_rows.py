"""Events as they stand, where withdrawn and joined ones went, and who takes part in which: a projection."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, select

from conflictdesk.casework import EventRecord, Tombstone
from conflictdesk.records import Event
from conflictdesk.store.record_json import read_event, read_record, write_record
from conflictdesk.store.searching import ArticleWordWriter, Searcher
from conflictdesk.store.sessions import Asked, Cells, Session
from conflictdesk.store.tables import ACTORS, EVENT_ACTORS, EVENT_MENTIONS, EVENTS, TOMBSTONES
from conflictdesk.store.words import fold_name, make_key

LONG_DAYS: Final = 31
"""Events that may have happened within more days than this are looked up apart, so that most need one short look."""
_LAST: Final = "\U0010ffff"
_BY_ID = Asked(lambda ids: select(EVENTS.c.event_id, EVENTS.c.body).where(EVENTS.c.event_id.in_(ids)))
_KEYS = Asked(lambda ids: select(EVENTS.c.event_id, EVENTS.c.key).where(EVENTS.c.event_id.in_(ids)))
_GRAVES = Asked(lambda ids: select(TOMBSTONES).where(TOMBSTONES.c.event_id.in_(ids)))
_HOMES = Asked(
    lambda ids: (
        select(EVENT_MENTIONS.c.mention_id, EVENT_MENTIONS.c.event_id, EVENTS.c.body)
        .join(EVENTS, EVENTS.c.event_id == EVENT_MENTIONS.c.event_id)
        .where(EVENT_MENTIONS.c.mention_id.in_(ids))
    )
)
_NOTHING: Final[Mapping[str, EventRecord]] = MappingProxyType({})


class EventReader(Session):
    """Reads events."""

    def event(self, event_id: str) -> EventRecord | None:
        """One event as it stands; None when there is none of that id now (see `tombstone`)."""
        return self.events([event_id]).get(event_id)

    def events(self, event_ids: Iterable[str]) -> dict[str, EventRecord]:
        """Events by id; unknown ids are left out."""
        return {event_id: read_record(EventRecord, body) for event_id, body in self._rows_of(_BY_ID, event_ids)}

    def homes(self, mention_ids: Iterable[str]) -> tuple[dict[str, str], dict[str, EventRecord]]:
        """The event of each mention that is in one, and these events by id."""
        held: dict[str, str] = {}
        bodies: dict[str, str] = {}
        for mention_id, event_id, body in self._rows_of(_HOMES, mention_ids):
            held[mention_id], bodies[event_id] = event_id, body
        return held, {event_id: read_event(body) for event_id, body in bodies.items()}

    def all_events(self) -> Iterator[EventRecord]:
        """Every event, by id."""
        rows = self._walk(select(EVENTS.c.event_id, EVENTS.c.body), EVENTS.c.event_id)
        return (read_record(EventRecord, body) for _, body in rows)

    def event_of(self, mention_ids: Iterable[str]) -> dict[str, str]:
        """The event of each mention that is in one."""
        asked = select(EVENT_MENTIONS.c.mention_id, EVENT_MENTIONS.c.event_id)
        return dict(tuple(row) for row in self._rows_in(asked, EVENT_MENTIONS.c.mention_id, mention_ids))

    def count_events(self) -> dict[str, int]:
        """How many events have each status."""
        rows = self._rows(select(EVENTS.c.status, func.count()).group_by(EVENTS.c.status).order_by(EVENTS.c.status))
        return dict(tuple(row) for row in rows)

    def tombstone(self, event_id: str) -> Tombstone | None:
        """Where an event of that id went."""
        row = self._row(select(TOMBSTONES).where(TOMBSTONES.c.event_id == event_id))
        return Tombstone(**row._mapping) if row else None

    def all_tombstones(self) -> Iterator[Tombstone]:
        """Every tombstone, by id."""
        return (Tombstone(**row._mapping) for row in self._walk(select(TOMBSTONES), TOMBSTONES.c.event_id))

    def near_events(self, iso3: str | None, first_day: dt.date, last_day: dt.date, limit: int) -> list[EventRecord]:
        """Events in a country (None: anywhere) that may have happened between two days, both included, by day."""
        begin = first_day - dt.timedelta(days=min(LONG_DAYS, first_day.toordinal() - 1))
        meets = and_(EVENTS.c.start_day <= last_day, EVENTS.c.end_day >= first_day)
        short = and_(EVENTS.c.start_day >= begin, EVENTS.c.days <= LONG_DAYS, meets)
        found = [*self._list_near(iso3, short, limit), *self._list_near(iso3, and_(_IS_LONG, meets), limit)]
        found.sort(key=lambda row: (abs((row.start_day - first_day).days), row.event_id))
        held = self.events(row.event_id for row in found[:limit])
        near = sorted(found[:limit], key=lambda row: (row.start_day, row.event_id))
        return [held[row.event_id] for row in near]

    def _list_near(
        self, iso3: str | None, meets: ColumnElement[bool], limit: int
    ) -> Sequence[Row[*tuple[object, ...]]]:
        asked = select(EVENTS.c.event_id, EVENTS.c.start_day).where(meets)
        if iso3 is not None:
            asked = asked.where(EVENTS.c.iso3 == iso3)
        return self._rows(asked.order_by(EVENTS.c.start_day.desc(), EVENTS.c.event_id).limit(limit))

    def actor_events(self, name: str, limit: int) -> list[EventRecord]:
        """The newest events in which the actor of that name takes part."""
        asked = select(EVENTS.c.body).join(EVENT_ACTORS, EVENT_ACTORS.c.event_id == EVENTS.c.event_id)
        rows = self._rows(asked.where(EVENT_ACTORS.c.name == name).order_by(EVENT_ACTORS.c.key.desc()).limit(limit))
        return [read_record(EventRecord, row.body) for row in rows]

    def actor_names(self, prefix: str, limit: int) -> list[tuple[str, str, int]]:
        """Actors whose name begins so, case and accents apart: name, kind, events; the most frequent first."""
        folded = fold_name(prefix)
        asked: Select[*tuple[str, str, int]] = select(ACTORS.c.name, ACTORS.c.kind, ACTORS.c.events)
        asked = asked.where(ACTORS.c.folded >= folded, ACTORS.c.folded < folded + _LAST)
        rows = self._rows(asked.order_by(ACTORS.c.events.desc(), ACTORS.c.name, ACTORS.c.kind).limit(limit))
        return [(row.name, row.kind, row.events) for row in rows]


class EventWriter(EventReader, ArticleWordWriter, Searcher):
    """Keeps events up to date."""

    def put_events(self, records: Sequence[EventRecord], held: Mapping[str, EventRecord] = _NOTHING) -> None:
        """Let events stand as given, in place of those of the same ids; a tombstone of such an id is gone.

        `held` are events that stand in the store as given there: of those only what differs is written.
        """
        given = {record.event.event_id: record for record in records}
        stay = {i: held[i] for i, r in given.items() if i in held and _first_day(held[i].event) == _first_day(r.event)}
        self._change_events([(old, given.pop(event_id)) for event_id, old in stay.items()])
        if given:
            self._put_anew(given)

    def _change_events(self, pairs: Sequence[tuple[EventRecord, EventRecord]]) -> None:
        """Change what differs of events whose first day, and so their key, stays."""
        self._change(EVENTS, ((new.event.event_id, _compare(old, new)) for old, new in pairs))
        said = [new for old, new in pairs if _list_found(old) != _list_found(new)]
        keys = {row.event_id: row.key for row in self._rows_of(_KEYS, (r.event.event_id for r in said))}
        told = [(keys[r.event.event_id], *_list_found(r)) for r in said]
        if told:
            self._drop_words("event_words", keys.values())
            self._add_words("event_words", told)
        moved = {n.event.event_id: n for o, n in pairs if _list_mentions(o.event) != _list_mentions(n.event)}
        if moved:
            self._drop(EVENT_MENTIONS, EVENT_MENTIONS.c.event_id, moved)
            self._add_mentions(moved)
        acted = [(old, new) for old, new in pairs if _list_actors(old.event) != _list_actors(new.event)]
        if acted:
            self._change_actors(acted)

    def _change_actors(self, pairs: Sequence[tuple[EventRecord, EventRecord]]) -> None:
        ids = [new.event.event_id for _, new in pairs]
        keys = {row.event_id: row.key for row in self._rows_of(_KEYS, ids)}
        self._drop(EVENT_ACTORS, EVENT_ACTORS.c.event_id, ids)
        self._add_actors([(new, keys[new.event.event_id]) for _, new in pairs], [old for old, _ in pairs])

    def _put_anew(self, given: Mapping[str, EventRecord]) -> None:
        self.drop_events(given)
        self._drop(TOMBSTONES, TOMBSTONES.c.event_id, given)
        wanted = [make_key(_first_day(r.event), event_id) for event_id, r in given.items()]
        keys = self._find_keys(EVENTS.c.key, wanted)
        rows = [_make_row(record, key) for record, key in zip(given.values(), keys, strict=True)]
        self._add(EVENTS, rows)
        self._add_words(
            "event_words", ((key, str(r["title"]), str(r["words"])) for key, r in zip(keys, rows, strict=True))
        )
        self._add_mentions(given)
        self._add_actors(list(zip(given.values(), keys, strict=True)))

    def _add_mentions(self, given: Mapping[str, EventRecord]) -> None:
        held = [{"event_id": i, "mention_id": m} for i, r in given.items() for m in _list_mentions(r.event)]
        self._add(EVENT_MENTIONS, held)

    def _add_actors(self, records: Sequence[tuple[EventRecord, int]], gone: Sequence[EventRecord] = ()) -> None:
        """Note who takes part in events, each given with its key, and count them; `gone` no longer count."""
        parts: list[Cells] = [
            {"event_id": record.event.event_id, "name": name, "kind": kind, "key": key}
            for record, key in records
            for name, kind in _list_actors(record.event)
        ]
        self._add(EVENT_ACTORS, parts)
        change = Counter((str(part["name"]), str(part["kind"])) for part in parts)
        change.subtract(actor for record in gone for actor in _list_actors(record.event))
        self._count_actors(change)

    def bury(self, tombstones: Sequence[Tombstone]) -> None:
        """Say where events went, which stand no longer; a tombstone that stands is left alone, it has no event."""
        given = {stone.event_id: stone for stone in tombstones}
        standing = {Tombstone(**row._mapping) for row in self._rows_of(_GRAVES, given)}
        fresh = [stone for stone in given.values() if stone not in standing]
        self.drop_events(stone.event_id for stone in fresh)
        self._put(
            TOMBSTONES, [{"event_id": stone.event_id, "into": stone.into, "reason": stone.reason} for stone in fresh]
        )

    def drop_events(self, event_ids: Iterable[str]) -> None:
        """Take events out of the projection; the mentions and decisions they came from stay."""
        ids = list(event_ids)
        keys = [row[0] for row in self._rows_in(select(EVENTS.c.key), EVENTS.c.event_id, ids)]
        if not keys:
            return
        gone = self._rows_in(select(EVENT_ACTORS.c.name, EVENT_ACTORS.c.kind), EVENT_ACTORS.c.event_id, ids)
        self._count_actors(Counter({actor: -n for actor, n in Counter(tuple(row) for row in gone).items()}))
        self._drop_words("event_words", keys)
        for table in (EVENT_ACTORS, EVENT_MENTIONS, EVENTS):
            self._drop(table, table.c.event_id, ids)

    def _count_actors(self, change: Counter[tuple[str, str]]) -> None:
        asked = select(ACTORS.c.name, ACTORS.c.kind, ACTORS.c.events)
        held = {
            (row.name, row.kind): row.events
            for row in self._rows_in(asked, ACTORS.c.name, (name for (name, _), n in change.items() if n))
        }
        counts = {actor: held.get(actor, 0) + n for actor, n in change.items() if n}
        cells = [
            {"name": name, "kind": kind, "folded": fold_name(name), "events": n}
            for (name, kind), n in counts.items()
            if n > 0
        ]
        self._put(ACTORS, cells)
        for name, kind in (actor for actor, n in counts.items() if n <= 0):
            self._connection.execute(delete(ACTORS).where(ACTORS.c.name == name, ACTORS.c.kind == kind))


def _compare(old: EventRecord, new: EventRecord) -> Cells:
    """The cells of an event's row in which it differs from the one before."""
    before, after = _make_cells(old), _make_cells(new)
    changed: Cells = {name: cell for name, cell in after.items() if before[name] != cell}
    return changed if old == new else {**changed, "body": write_record(new)}


def _list_found(record: EventRecord) -> tuple[str, str]:
    """The words by which an event is found: its title and its line."""
    return _say_title(record.event), _list_event_words(record.event)


_IS_LONG: Final = EVENTS.c.days > LONG_DAYS


def _first_day(event: Event) -> dt.date | None:
    return event.dates.start if event.dates else None


def _list_mentions(event: Event) -> list[str]:
    return sorted({mention.mention_id for mention in event.mentions})


def _list_actors(event: Event) -> list[tuple[str, str]]:
    """Each actor once by name, with the kind named first."""
    kinds: dict[str, str] = {}
    for actor in (event.actor1, event.actor2, *event.associated_actors):
        if actor is not None:
            kinds.setdefault(actor.name, actor.kind)
    return list(kinds.items())


def _say_title(event: Event) -> str:
    place = event.place and ", ".join(part for part in (event.place.name, event.place.country) if part)
    day = event.dates and event.dates.start.isoformat()
    return " · ".join(part for part in (event.sub_event_type or event.event_type, place, day) if part)


def _list_event_words(event: Event) -> str:
    """The line of words by which an event is found."""
    place, dates = event.place, event.dates
    where = (place.name, place.admin2, place.admin1, place.country) if place else ()
    when = (dates.start.isoformat(), dates.end.isoformat()) if dates else ()
    who = (name for name, _ in _list_actors(event))
    said = (part for _, blame in event.attribution for part in (blame.actor, blame.by))
    words = (event.event_type, event.sub_event_type, *who, *where, *when, *said, event.event_id)
    return " · ".join(dict.fromkeys(word for word in words if word))


def _make_row(record: EventRecord, key: int) -> dict[str, str | int | dt.date | None]:
    found: dict[str, str | int] = {"event_id": record.event.event_id, "key": key, "body": write_record(record)}
    return {**found, **_make_cells(record)}


def _make_cells(record: EventRecord) -> dict[str, str | int | dt.date | None]:
    event, dates = record.event, record.event.dates
    return {
        "iso3": event.place.iso3 if event.place else None,
        "start_day": dates.start if dates else None,
        "end_day": dates.end if dates else None,
        "days": (dates.end - dates.start).days + 1 if dates else None,
        "status": record.status,
        "title": _say_title(event),
        "words": _list_event_words(event),
    }
