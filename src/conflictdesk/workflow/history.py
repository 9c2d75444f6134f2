"""The history of anything at the desk, and the state of any past day: both are read from the journal alone."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from conflictdesk.casework import EventRecord, StoredCoding, Tombstone, list_namesakes, name_event
from conflictdesk.decisions import Decision, name_pair, write_decision
from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.records import Match
from conflictdesk.review.folding import CaseFile
from conflictdesk.store.opening import Reader
from conflictdesk.workflow.casefiles import PEOPLE, Papers, group_decisions, judge_pairs, read_many_papers
from conflictdesk.workflow.projecting import find_articles
from conflictdesk.workflow.settled_events import Settled, settle_events

_PIECE = 200


# ---------------------------------------------------------------- the journal


def write_line(decision: Decision) -> str:
    """A decision as a line of the journal: JSON, with its place in the chain.

    To check a line: SHA-256 of its number, a line end, `previous`, a line end and the rest as canonical JSON (keys
    sorted, no blanks, letters as they are, without `seq`, `previous` and `hash`) is its `hash`.
    """
    told: dict[str, object] = json.loads(write_decision(decision))
    place = {"seq": decision.seq, "previous": decision.previous, "hash": decision.hash}
    return json.dumps({**place, **told}, ensure_ascii=False, separators=(",", ":"))


def find_history(
    reader: Reader, subject: str | None = None, *, since: dt.datetime | None = None, until: dt.datetime | None = None
) -> Iterator[Decision]:
    """The decisions on an event, article, incident or user, or all, in the order in which they were made.

    An event's history holds what was decided of its incidents and of the pairs that hold it together, and what was
    decided of events that have since joined it. `since` is in, `until` is out.

    Raises:
        CheckError: nothing at the desk is called so.
    """
    for decision in reader.all_decisions() if subject is None else _list_about(reader, subject):
        if (since is None or decision.at >= since) and (until is None or decision.at < until):
            yield decision


def _list_about(reader: Reader, subject: str) -> list[Decision]:
    told: dict[int, Decision] = {}
    if reader.article(subject) is not None:
        told = {d.seq: d for d in reader.decisions(article_id=subject)}
        inside = [m.mention.mention_id for m in reader.mentions_of([subject], every=True)]
        told |= {d.seq: d for d in reader.decisions(subject_ids=[subject, *list_pairs(reader, inside)])}
    elif mentions := _find_mentions(reader, subject):
        events = [name_event(m) for m in mentions] if subject.startswith("e-") else []
        subjects = [subject, *mentions, *events, *list_pairs(reader, mentions)]
        told = {d.seq: d for d in reader.decisions(subject_ids=subjects)}
    else:
        told = {d.seq: d for d in (*reader.decisions(subject_ids=[subject]), *reader.decisions(by=subject))}
        if not told and reader.user(subject) is None:
            raise CheckError(
                f"nothing here is called {subject}: give the id of an event, article or incident, or a name"
            )
    return [decision for _, decision in sorted(told.items())]


def _find_mentions(reader: Reader, subject: str) -> tuple[str, ...]:
    """The incidents of an event, the one that named it among them; an incident is its own."""
    record = reader.event(subject)
    named = find_articles(reader, (subject, *list_namesakes(subject)))
    return tuple(sorted({*named, *(m.mention_id for m in (record.event.mentions if record else ()))}))


def list_pairs(reader: Reader, mention_ids: Iterable[str]) -> list[str]:
    """The pairs with one of these mentions on which people gave a verdict, as the journal names them."""
    return sorted({name_pair(m.left, m.right) for m in reader.matches(sorted(set(mention_ids))) if m.by == PEOPLE})


# ---------------------------------------------------------------- the state of a past day


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The desk as it stood after decision `seq` (`hash` proves which): the events, and where other ids had gone.

    `at` is when that decision was made, None before the first. `statuses` counts the events, `articles` those that
    were coded by then, `finished` those of them that a coder had finished.
    """

    seq: int
    hash: str
    at: dt.datetime | None
    articles: int
    finished: int
    events: tuple[EventRecord, ...]
    tombstones: tuple[Tombstone, ...]

    @property
    def statuses(self) -> Mapping[str, int]:
        """How many events of each status."""
        return dict(sorted(Counter(record.status for record in self.events).items()))

    def event(self, event_id: str) -> EventRecord | None:
        """The event of that id, or the one that it had joined."""
        return self._events().get(self._follow(event_id))

    def grave(self, event_id: str) -> Tombstone | None:
        """Where that id had gone."""
        return next((grave for grave in self.tombstones if grave.event_id == event_id), None)

    def _events(self) -> Mapping[str, EventRecord]:
        return {record.event.event_id: record for record in self.events}

    def _follow(self, event_id: str) -> str:
        grave = self.grave(event_id)
        return grave.into if grave and grave.into else event_id


def find_moment(reader: Reader, told: str) -> int:
    """The number of the last decision of a day (2026-11-22, in UTC), of a moment, or of a decision's own number.

    Raises:
        ConfigError: the text is none of these, or there are not so many decisions.
    """
    head, _ = reader.head()
    if told.isascii() and told.isdigit() and len(told) < 19:
        if int(told) > head:
            raise ConfigError(f"there are {head} decisions, not {told}: give a smaller number or a day")
        return int(told)
    return reader.last_seq_at(read_moment(told, last=True))


def read_moment(told: str, *, last: bool = False) -> dt.datetime:
    """A day or a moment in UTC; `last` takes a day's end instead of its beginning.

    Raises:
        ConfigError: the text is neither.

    >>> read_moment("2026-11-22", last=True).isoformat()
    '2026-11-22T23:59:59.999999+00:00'
    """
    try:
        moment = dt.datetime.fromisoformat(told)
    except ValueError:
        raise ConfigError(
            f"{told!r} is no day like 2026-11-22, no moment like 2026-11-22T15:00 and no number"
        ) from None
    if len(told) == 10 and last:
        moment = dt.datetime.combine(moment.date(), dt.time.max)
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def read_past(reader: Reader, seq: int, event_id: str | None = None) -> Past:
    """The desk as it stood after decision `seq`; with `event_id` only what has to do with that event is looked at.

    What the machine coded counts when it was coded before the next decision was made.
    """
    scope = None if event_id is None else _gather(reader, event_id, seq)
    owners = None if scope is None else sorted(set(find_articles(reader, scope).values()))
    files = {file.article.article_id: file for file in _fold_past(reader, seq, owners)}
    mentions = [m for file in files.values() for m in file.mentions if scope is None or m.mention_id in scope]
    settled = _settle_past(reader, {m.mention_id for m in mentions}, files, seq)
    last = reader.decisions(after_seq=seq - 1, until_seq=seq) if seq else []
    return Past(
        seq=seq,
        hash=last[0].hash if last else "",
        at=last[0].at if last else None,
        articles=sum(file.coding is not None for file in files.values()),
        finished=sum(bool(file.finished) for file in files.values()),
        events=settled.events,
        tombstones=settled.tombstones,
    )


def _gather(reader: Reader, event_id: str, seq: int) -> frozenset[str]:
    """Every mention that could have been in this event then: those that rules or people hold to be the same."""
    frontier, found = set(_find_mentions(reader, event_id)), set[str]()
    if not frontier:
        raise CheckError(f"there is no event {event_id}: the ids stand in the list of events")
    while frontier:
        found |= frontier
        machine, people = _read_matches(reader, frontier, seq)
        frontier = {end for m in (*machine, *people) if m.verdict == "same" for end in (m.left, m.right)} - found
    return frozenset(found)


def _read_matches(reader: Reader, mention_ids: Iterable[str], seq: int) -> tuple[list[Match], list[Match]]:
    """The matches of the rules and the verdicts of people up to decision `seq`; a person's word goes first."""
    rows = reader.matches(sorted(set(mention_ids)))
    pairs = sorted({name_pair(m.left, m.right) for m in rows if m.by == PEOPLE})
    people = judge_pairs(reader.decisions(subject_ids=pairs, until_seq=seq)) if pairs else {}
    machine = [m for m in rows if m.by != PEOPLE and name_pair(m.left, m.right) not in people]
    return machine, [match for _, match in sorted(people.items())]


def _settle_past(reader: Reader, known: set[str], files: Mapping[str, CaseFile], seq: int) -> Settled:
    machine, people = _read_matches(reader, known, seq)
    kept = {m for m in machine if m.left in known and m.right in known}
    names = sorted({name_event(mention_id) for mention_id in known})
    decisions = reader.decisions(subject_ids=names, until_seq=seq) if names else []
    return settle_events(
        [m for file in files.values() for m in file.mentions if m.mention_id in known],
        sorted(kept, key=lambda m: (-m.score, m.left, m.right, m.verdict, m.by)),
        [m for m in people if m.left in known and m.right in known],
        group_decisions(d for d in decisions if d.subject_kind == "event"),
    )


def _fold_past(reader: Reader, seq: int, article_ids: list[str] | None) -> Iterator[CaseFile]:
    """The files of articles, all where none are named, as they stood then."""
    wanted = [a.article_id for a in reader.all_articles()] if article_ids is None else article_ids
    codings = _find_codings(reader, seq, frozenset(wanted))
    for start in range(0, len(wanted), _PIECE):
        for article_id, papers in read_many_papers(reader, wanted[start : start + _PIECE]).items():
            yield _turn_back(reader, papers, codings.get(article_id), seq).fold()


def _turn_back(reader: Reader, papers: Papers, coding: StoredCoding | None, seq: int) -> Papers:
    mentions = [m.mention_id for m in coding.mentions] if coding else []
    return replace(
        papers,
        coding=coding,
        decisions=tuple(d for d in papers.decisions if d.seq <= seq),
        orders={mention_id: held.order for mention_id, held in reader.mentions(mentions).items()},
    )


def _find_codings(reader: Reader, seq: int, article_ids: frozenset[str]) -> dict[str, StoredCoding]:
    """The newest coding of each article that was there before decision `seq + 1`."""
    found = reader.codings(sorted(article_ids))
    if all(coding.after_decision <= seq for coding in found.values()):
        return found
    early = (c for c in reader.all_codings(every=True) if c.after_decision <= seq and c.article_id in article_ids)
    return {coding.article_id: coding for coding in early}
