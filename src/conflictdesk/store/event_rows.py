"""Events as they stand, where withdrawn and joined ones went, and who takes part in which: a projection."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, select

from conflictdesk.casework import EventRecord, Tombstone
from conflictdesk.records import Event
from conflictdesk.store.record_json import read_record, write_record
from conflictdesk.store.searching import ArticleWordWriter, Searcher
from conflictdesk.store.sessions import Cells, Session
from conflictdesk.store.tables import ACTORS, EVENT_ACTORS, EVENT_MENTIONS, EVENTS, TOMBSTONES
from conflictdesk.store.words import fold_name, make_key

LONG_DAYS: Final = 31
"""Events that may have happened within more days than this are looked up apart, so that most need one short look."""
_LAST: Final = "\U0010ffff"


class EventReader(Session):
    """Reads events."""

    def event(self, event_id: str) -> EventRecord | None:
        """One event as it stands; None when there is none of that id now (see `tombstone`)."""
        return self.events([event_id]).get(event_id)

    def events(self, event_ids: Iterable[str]) -> dict[str, EventRecord]:
        """Events by id; unknown ids are left out."""
        rows = self._rows_in(select(EVENTS.c.event_id, EVENTS.c.body), EVENTS.c.event_id, event_ids)
        return {event_id: read_record(EventRecord, body) for event_id, body in rows}

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

    def put_events(self, records: Sequence[EventRecord]) -> None:
        """Let events stand as given, in place of those of the same ids; a tombstone of such an id is gone."""
        given = {record.event.event_id: record for record in records}
        self.drop_events(given)
        self._drop(TOMBSTONES, TOMBSTONES.c.event_id, given)
        wanted = [make_key(_first_day(r.event), event_id) for event_id, r in given.items()]
        keys = self._find_keys(EVENTS.c.key, wanted)
        rows = [_make_row(record, key) for record, key in zip(given.values(), keys, strict=True)]
        self._add(EVENTS, rows)
        self._add_words(
            "event_words", ((key, str(r["title"]), str(r["words"])) for key, r in zip(keys, rows, strict=True))
        )
        held = [{"event_id": i, "mention_id": m} for i, r in given.items() for m in _list_mentions(r.event)]
        self._add(EVENT_MENTIONS, held)
        parts: list[Cells] = [
            {"event_id": event_id, "name": name, "kind": kind, "key": key}
            for (event_id, record), key in zip(given.items(), keys, strict=True)
            for name, kind in _list_actors(record.event)
        ]
        self._add(EVENT_ACTORS, parts)
        self._count_actors(Counter((str(part["name"]), str(part["kind"])) for part in parts))

    def bury(self, tombstones: Sequence[Tombstone]) -> None:
        """Say where events went, which stand no longer."""
        self.drop_events(stone.event_id for stone in tombstones)
        self._put(
            TOMBSTONES,
            [{"event_id": stone.event_id, "into": stone.into, "reason": stone.reason} for stone in tombstones],
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
            for row in self._rows_in(asked, ACTORS.c.name, (name for name, _ in change))
        }
        counts = {actor: held.get(actor, 0) + n for actor, n in change.items()}
        cells = [
            {"name": name, "kind": kind, "folded": fold_name(name), "events": n}
            for (name, kind), n in counts.items()
            if n > 0
        ]
        self._put(ACTORS, cells)
        for name, kind in (actor for actor, n in counts.items() if n <= 0):
            self._connection.execute(delete(ACTORS).where(ACTORS.c.name == name, ACTORS.c.kind == kind))


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
    event, dates = record.event, record.event.dates
    return {
        "event_id": event.event_id,
        "key": key,
        "iso3": event.place.iso3 if event.place else None,
        "start_day": dates.start if dates else None,
        "end_day": dates.end if dates else None,
        "days": (dates.end - dates.start).days + 1 if dates else None,
        "status": record.status,
        "title": _say_title(event),
        "words": _list_event_words(event),
        "body": write_record(record),
    }
