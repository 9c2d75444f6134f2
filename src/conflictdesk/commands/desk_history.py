"""`conflictdesk log` and `as-of`: who decided what, when and why, and how things stood on a past day."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from conflictdesk.commands.desk_folder import add_desk, open_here

if TYPE_CHECKING:
    from conflictdesk.decisions import Decision
    from conflictdesk.records import Event
    from conflictdesk.workflow.history import Past


def add_log(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `log` takes."""
    day = "as 2026-11-22 or 2026-11-22T15:00, in UTC"
    about = "an event, article or incident by its id, or a user by name; else everything"
    parser.add_argument("subject", nargs="?", metavar="WHAT", help=about)
    parser.add_argument("--since", metavar="DAY", help=f"from this day or moment on, {day}")
    parser.add_argument("--until", metavar="DAY", help=f"up to this day, itself included, or before this moment, {day}")
    parser.add_argument("--json", action="store_true", help="JSON lines in the order of the chain, fit for checking it")
    add_desk(parser)
    parser.set_defaults(run=run_log)


def run_log(options: argparse.Namespace) -> int:
    """Print the decisions, one line each."""
    from conflictdesk.workflow.history import find_history, read_moment, write_line

    since = read_moment(options.since) if options.since else None
    until = read_moment(options.until, last=True) if options.until else None
    with open_here(options) as desk, desk.store.reading() as reader:
        found = find_history(reader, options.subject, since=since, until=until)
        lines = (write_line(decision) for decision in found) if options.json else _tell_all(found)
        for line in lines:
            print(line)
    return 0


def _tell_all(found: Iterator[Decision]) -> Iterator[str]:
    told = False
    for decision in found:
        told = True
        yield from _tell(decision)
    if not told:
        yield "nothing was decided"


def _tell(decision: Decision) -> Iterator[str]:
    from conflictdesk.desk.decided_words import say_doing, say_moment, say_stored
    from conflictdesk.terminal import plain

    where = f" of {decision.article_id}" if decision.article_id and decision.article_id != decision.subject_id else ""
    track = "" if decision.track == "main" else f" ({decision.track})"
    head = f"#{decision.seq}  {say_moment(decision.at)}  {decision.by}{track}  {say_doing(decision)}"
    yield plain(f"{head}  {decision.subject_id}{where}")
    if decision.field and decision.action in ("accept", "change", "reject", "not_stated"):
        before, after = (say_stored(decision.field, text) for text in (decision.before, decision.after))
        yield f"        {plain(before)} → {plain(after)}"
    # What was concluded in a spreadsheet has its reason in it already.
    given = decision.reason if decision.reason and decision.reason not in (decision.inferred or "") else None
    for told in (decision.inferred, given):
        if told:
            yield f"        why: {plain(told)}"
    for quoted in decision.evidence:
        yield f"        s{quoted.sentence} “{plain(quoted.quote)}”"


# ---------------------------------------------------------------- as-of


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `as-of` takes."""
    moment = "a day (its end, in UTC), a moment as 2026-11-22T15:00, or the number of a decision"
    parser.add_argument("moment", metavar="DAY|NUMBER", help=moment)
    parser.add_argument("event_id", nargs="?", metavar="EVENT_ID", help="this event's values then")
    parser.add_argument("--json", action="store_true", help="the same as JSON; without an event all events then")
    add_desk(parser)
    parser.set_defaults(run=run_as_of)


def run_as_of(options: argparse.Namespace) -> int:
    """Print how the desk, or one event, stood then."""
    from conflictdesk.workflow.history import find_moment, read_past

    with open_here(options) as desk, desk.store.reading() as reader:
        past = read_past(reader, find_moment(reader, options.moment), options.event_id)
        head, _ = reader.head()
    if options.json:
        print(_write_past(past, options.event_id))
        return 0
    for line in _tell_past(past, head) if options.event_id is None else _tell_event(past, options.event_id, head):
        print(line)
    return 0


def _write_past(past: Past, event_id: str | None) -> str:
    from conflictdesk.store.record_json import write_record

    at = past.at.isoformat() if past.at else None
    told: dict[str, object] = {"seq": past.seq, "hash": past.hash, "at": at}
    if event_id is None:
        told |= {"articles": past.articles, "finished": past.finished, "statuses": dict(past.statuses)}
        told |= {"events": json.loads(write_record(past.events))}
        told |= {"tombstones": json.loads(write_record(past.tombstones))}
    else:
        record, grave = past.event(event_id), past.grave(event_id)
        told |= {"event": json.loads(write_record(record)) if record else None}
        told |= {"tombstone": json.loads(write_record(grave)) if grave else None}
    return json.dumps(told, ensure_ascii=False)


def _tell_head(past: Past, head: int) -> str:
    from conflictdesk.desk.decided_words import say_moment

    if past.at is None:
        return f"before the first of {head} decisions" if head else "nobody has decided anything yet"
    return f"after decision {past.seq} of {head}, made {say_moment(past.at)}; its hash is {past.hash}"


def _tell_past(past: Past, head: int) -> Iterator[str]:
    yield _tell_head(past, head)
    yield f"articles coded: {past.articles}, finished by a coder: {past.finished}"
    by_status = ", ".join(f"{number} {status}" for status, number in past.statuses.items())
    yield f"events: {len(past.events)}" + (f" ({by_status})" if by_status else "")


def _tell_event(past: Past, event_id: str, head: int) -> Iterator[str]:
    from conflictdesk.terminal import plain

    yield _tell_head(past, head)
    record, grave = past.event(event_id), past.grave(event_id)
    if grave is not None:
        yield f"{event_id} had joined {grave.into}" if grave.into else f"{event_id} was no event then: {grave.reason}"
    elif record is None:
        yield f"{event_id} was not there yet"
    if record is not None:
        articles = len({mention.article_id for mention in record.event.mentions})
        yield f"{record.event.event_id}: {record.status}, told by {articles} article{'' if articles == 1 else 's'}"
        for name, value in _say_fields(record.event):
            yield f"  {name:<9} {plain(value)}"


def _say_fields(event: Event) -> Iterator[tuple[str, str]]:
    from conflictdesk.desk.decided_words import say_decided

    yield "type", f"{event.sub_event_type} ({event.event_type})"
    for name, value in (("date", event.dates), ("place", event.place), ("actor1", event.actor1)):
        yield name, say_decided(value)
    for name, number in (("actor2", event.actor2), ("deaths", event.deaths), ("injured", event.injured)):
        yield name, say_decided(number)
