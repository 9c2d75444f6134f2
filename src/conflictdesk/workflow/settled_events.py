"""Mentions that belong together become events as they stand: pure, the same whatever the order of what comes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.casework import EventRecord, Tombstone, name_event
from conflictdesk.codebook.types import load_event_types
from conflictdesk.decisions import Blame, DecidedMention, Decision, Value, read_value
from conflictdesk.merge.events import build_event, join_mentions
from conflictdesk.records import Actor, Attribution, Dates, Estimate, Event, Match, Mention, Place
from conflictdesk.review.folding import to_mention
from conflictdesk.review.queue import value_look
from conflictdesk.review.settling import settle_group
from conflictdesk.review.standing import list_standing

JOINED: Final = "joined"
UNTYPED: Final = "no event type"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What stands of some mentions: the events, and for every other id that one of them may have borne, where it is."""

    events: tuple[EventRecord, ...]
    tombstones: tuple[Tombstone, ...]


def settle_events(
    mentions: Iterable[DecidedMention],
    matches: Sequence[Match],
    verdicts: Sequence[Match],
    decisions: Mapping[str, Sequence[Decision]],
) -> Settled:
    """Join mentions and build their events; every mention's id ends in an event or in a tombstone that says why not.

    `matches` are those of the rules, `verdicts` those of people; `decisions` by event id are about whole events.
    A dropped mention no longer tells anything, but what it held together stays together, and an event that it named
    keeps its name.
    """
    known = {m.mention_id: m for m in mentions}
    told = {m.mention_id: said for m in known.values() if (said := to_mention(replace(m, dropped=None))) is not None}
    silent = [Tombstone(event_id=name_event(i), into=None, reason=UNTYPED) for i in sorted(known) if i not in told]
    settled = [
        _settle_group([known[m.mention_id] for m in group], told, (matches, verdicts), decisions)
        for group in join_mentions(_in_order(told.values()), matches, verdicts)
    ]
    events = [event for each in settled for event in each.events]
    graves = [*silent, *(grave for each in settled for grave in each.tombstones)]
    return Settled(
        events=tuple(sorted(events, key=lambda e: e.event.event_id)),
        tombstones=tuple(sorted(graves, key=lambda t: t.event_id)),
    )


def _settle_group(
    group: Sequence[DecidedMention],
    told: Mapping[str, Mention],
    judged: tuple[Sequence[Match], Sequence[Match]],
    decisions: Mapping[str, Sequence[Decision]],
) -> Settled:
    ordered = sorted(group, key=lambda m: (m.order, m.mention_id))
    living = [m for m in ordered if m.dropped is None]
    parts = [living] if len(living) == len(ordered) else _part(living, told, judged)
    events: list[EventRecord] = []
    graves: dict[str, Tombstone] = {}
    for mention in ordered:
        if mention.dropped is not None:
            _bury(graves, mention.mention_id, None, mention.dropped)
    for number, part in enumerate(parts):
        # The first part keeps the name of the whole, also where a dropped mention gave it.
        name = name_event((ordered if number == 0 else part)[0].mention_id)
        for mention in part:
            _bury(graves, mention.mention_id, name, JOINED)
        record, withdrawn = _build(part, name, [d for m in part for d in decisions.get(name_event(m.mention_id), ())])
        graves.pop(name, None)
        if withdrawn is None:
            events.append(record)
        else:
            graves[name] = Tombstone(event_id=name, into=None, reason=withdrawn)
    return Settled(events=tuple(events), tombstones=tuple(graves.values()))


def _part(
    living: Sequence[DecidedMention], told: Mapping[str, Mention], judged: tuple[Sequence[Match], Sequence[Match]]
) -> list[list[DecidedMention]]:
    """What is left of a group without its dropped mentions, the part of the earliest mention first."""
    by_id = {m.mention_id: m for m in living}
    parts = join_mentions(_in_order(told[i] for i in by_id), *judged)
    ordered = [sorted((by_id[m.mention_id] for m in p), key=lambda m: (m.order, m.mention_id)) for p in parts]
    return sorted(ordered, key=lambda p: (p[0].order, p[0].mention_id))


def _in_order(mentions: Iterable[Mention]) -> list[Mention]:
    return sorted(mentions, key=lambda m: m.mention_id)


def _bury(graves: dict[str, Tombstone], mention_id: str, into: str | None, reason: str) -> None:
    name = name_event(mention_id)
    graves[name] = Tombstone(event_id=name, into=into, reason=reason)


def _build(part: Sequence[DecidedMention], name: str, decisions: Sequence[Decision]) -> tuple[EventRecord, str | None]:
    """The event of mentions that belong together, and the reason where it was withdrawn.

    What people decided of an event that has since joined this one counts here too; a withdrawal is for its own id only.
    """
    settled = settle_group(sorted(part, key=lambda m: m.mention_id))
    event = replace(build_event(settled.mentions, name), status=settled.status)
    decided: set[str] = set()
    withdrawn: str | None = None
    for decision in list_standing(decisions):
        if decision.action == "change" and decision.field is not None:
            event = change_event(event, decision)
            decided.add(decision.field)
        elif decision.subject_id == name and decision.action == "withdraw":
            withdrawn = decision.reason or WITHDRAWN
        elif decision.subject_id == name and decision.action == "restore":
            withdrawn = None
    open_fields = tuple(f for f in settled.open_fields if f not in decided)
    status = "reviewed" if settled.status == "reopened" and not open_fields else settled.status
    event = replace(event, status=status)
    return EventRecord(event=event, status=status, open_fields=open_fields, look=value_look(event)), withdrawn


def change_event(event: Event, decision: Decision) -> Event:
    """An event with one field as a person decided it; why stands under `inferred`, as no single article says it."""
    name = decision.field or ""
    value = read_value(name, decision.after)
    said = decision.inferred or decision.reason
    reason = f"decided by {decision.by}" + (f": {said}" if said else "")
    changed = _put(event, name, value, decision)
    return replace(
        changed,
        disputed=tuple(f for f in event.disputed if f != name),
        confidence={**event.confidence, name: 1.0} if name in event.confidence else event.confidence,
        cannot_tell={f: told for f, told in event.cannot_tell.items() if f != name},
        inferred={**{f: told for f, told in event.inferred.items() if f != name}, name: reason},
    )


def _put(event: Event, name: str, value: Value | None, decision: Decision) -> Event:
    if name == "event_type" and isinstance(value, str):
        kind = load_event_types().by_name(value)
        return replace(
            event, event_type=kind.event_type, sub_event_type=kind.sub_event_type, disorder_type=kind.disorder_type
        )
    if name == "attribution" and isinstance(value, Blame):
        article = event.mentions[0].article_id
        said = Attribution(actor=value.actor, by=value.by, basis=value.basis, evidence=())
        return replace(event, attribution=((decision.article_id or article, said),))
    return _put_plain(event, name, value)


def _put_plain(event: Event, name: str, value: Value | None) -> Event:
    if name == "date" and (value is None or isinstance(value, Dates)):
        return replace(event, dates=value)
    if name == "place" and (value is None or isinstance(value, Place)):
        return replace(event, place=value)
    if name == "actor1" and (value is None or isinstance(value, Actor)):
        return replace(event, actor1=value)
    if name == "actor2" and (value is None or isinstance(value, Actor)):
        return replace(event, actor2=value)
    if name == "deaths" and (value is None or isinstance(value, Estimate)):
        return replace(event, deaths=value)
    if name == "injured" and (value is None or isinstance(value, Estimate)):
        return replace(event, injured=value)
    if name == "civilian_targeting" and (value is None or isinstance(value, bool)):
        return replace(event, civilian_targeting=value)
    return event


def get_event_value(event: Event, name: str) -> Value | None:
    """What an event says of a field now."""
    if name == "attribution":
        said = event.attribution[0][1] if event.attribution else None
        return Blame(actor=said.actor, by=said.by, basis=said.basis) if said else None
    values: dict[str, Value | None] = {
        "event_type": event.sub_event_type,
        "date": event.dates,
        "place": event.place,
        "actor1": event.actor1,
        "actor2": event.actor2,
        "deaths": event.deaths,
        "injured": event.injured,
        "civilian_targeting": event.civilian_targeting,
    }
    return values.get(name)
