"""What stands after all decisions, kept up to date: the events and cases that something new touches, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from conflictdesk.casework import Case, EventRecord, Tombstone, name_event
from conflictdesk.decisions import Action, DecidedMention
from conflictdesk.review.cases import make_case
from conflictdesk.review.folding import CaseFile
from conflictdesk.store.opening import Reader, Writer
from conflictdesk.workflow.casefiles import (
    Papers,
    Verdicts,
    group_decisions,
    read_many_papers,
    read_verdicts,
)
from conflictdesk.workflow.settled_events import Settled, settle_events

CODED_AGAIN: Final = "coded again"
TAKEN_BACK: Final = "taken back"
_BRINGS: Final[tuple[Action, ...]] = ("add", "adopt")
_EVENT_ACTIONS: Final[tuple[Action, ...]] = ("change", "withdraw", "restore", "undo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a refresh built again: ids, sorted; `gone` are events that are there no longer."""

    articles: tuple[str, ...]
    events: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(kw_only=True)
class _Scope:
    """All that must be looked at together: mentions tied to one another, and the events in which they were until now.

    `homes` is mention -> event and `records` event id -> event, as the store has them before the refresh.
    """

    reader: Reader
    verdicts: list[Verdicts] = field(default_factory=list)
    mention_ids: set[str] = field(default_factory=set)
    homes: dict[str, str] = field(default_factory=dict)
    records: dict[str, EventRecord] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def look_up(self, mention_ids: Iterable[str]) -> None:
        """Learn in which events these mentions are; what is known is not asked again."""
        fresh = set(mention_ids) - self.asked
        if not fresh:
            return
        self.asked |= fresh
        homes, records = self.reader.homes(sorted(fresh))
        self.homes.update(homes)
        self.records.update(records)

    def list_old(self) -> set[str]:
        """The events in which the mentions were until now."""
        return {self.homes[i] for i in self.mention_ids if i in self.homes}


def refresh(
    writer: Writer,
    article_ids: Iterable[str],
    mention_ids: Iterable[str],
    *,
    papers: Mapping[str, Papers] = MappingProxyType({}),
) -> Touched:
    """Build again the events that `mention_ids` belong or belonged to, and the cases of all articles that tell of them.

    `article_ids` are articles whose case is to be built again too; `papers` are those that are read already. The cost
    grows with what is touched, never with what the store holds.
    """
    scope = _Scope(reader=writer)
    scope.look_up({i for held in papers.values() for i in held.orders})
    _gather(scope, set(mention_ids))
    owners = _find_owners(writer, scope.mention_ids, papers)
    wanted = {*owners.values(), *article_ids}
    held = {i: papers[i] for i in wanted if i in papers}
    held |= read_many_papers(writer, wanted - set(held)) if wanted - set(held) else {}
    files = {article_id: held[article_id].fold() for article_id in sorted(held)}
    settled = _settle(scope, files)
    _put_changes(writer, scope, settled, _bury_lost(owners, held, files))
    writer.put_cases(_make_cases(scope, settled, held, files))
    standing = {record.event.event_id for record in settled.events}
    return Touched(
        articles=tuple(sorted(files)),
        events=tuple(sorted(standing)),
        gone=tuple(sorted(scope.list_old() - standing)),
    )


def _gather(scope: _Scope, frontier: set[str]) -> None:
    """Follow "same" from mention to mention, and from a mention to those that were in its event until now."""
    while frontier:
        scope.mention_ids |= frontier
        scope.look_up(frontier)
        verdicts = read_verdicts(scope.reader, frontier)
        scope.verdicts.append(verdicts)
        reached = {mention_id for pair in verdicts.list_same() for mention_id in pair}
        for event_id in {scope.homes[i] for i in frontier if i in scope.homes}:
            reached |= {m.mention_id for m in scope.records[event_id].event.mentions}
        frontier = reached - scope.mention_ids


def _find_owners(reader: Reader, mention_ids: set[str], papers: Mapping[str, Papers]) -> dict[str, str]:
    owners = {i: article_id for article_id, held in papers.items() for i in held.orders if i in mention_ids}
    missing = mention_ids - set(owners)
    return {**owners, **find_articles(reader, missing)} if missing else owners


def find_mentions(reader: Reader, article_ids: Iterable[str]) -> list[str]:
    """Every incident of these articles that counts or once counted, whether the machine or a person found it."""
    wanted = sorted(set(article_ids))
    found = {mention_id for held in reader.mention_orders(wanted).values() for mention_id in held}
    told = reader.decisions(article_ids=wanted, actions=_BRINGS)
    return sorted(found | {d.subject_id for d in told if d.subject_kind == "mention" and d.track != "second"})


def find_articles(reader: Reader, mention_ids: Iterable[str], *, second: bool = False) -> dict[str, str]:
    """The article of each mention, whether the machine or a person found it; unknown ids are left out.

    What a second coder added is known only where the lead adopted it, or where `second` asks for it.
    """
    wanted = sorted(set(mention_ids))
    owners = {mention_id: held.mention.article_id for mention_id, held in reader.mentions(wanted).items()}
    added = [mention_id for mention_id in wanted if mention_id not in owners]
    if added:
        for decision in reader.decisions(subject_ids=added, actions=_BRINGS):
            counts = decision.subject_kind == "mention" and (second or decision.track != "second")
            if decision.article_id is not None and counts:
                owners.setdefault(decision.subject_id, decision.article_id)
    return owners


def _settle(scope: _Scope, files: Mapping[str, CaseFile]) -> Settled:
    mentions: list[DecidedMention] = [
        m for file in files.values() for m in file.mentions if m.mention_id in scope.mention_ids
    ]
    # A pair stands in the answers for both of its mentions.
    matches = {m for each in scope.verdicts for m in each.machine}
    people = {m for each in scope.verdicts for m in each.people}
    names = sorted({name_event(m.mention_id) for m in mentions})
    decisions = scope.reader.decisions_about("event", names) if names else []
    return settle_events(
        mentions,
        sorted(matches, key=lambda m: (-m.score, m.left, m.right, m.verdict, m.by)),
        sorted(people, key=lambda m: (m.left, m.right)),
        group_decisions(d for d in decisions if d.action in _EVENT_ACTIONS),
    )


def _bury_lost(
    owners: Mapping[str, str], papers: Mapping[str, Papers], files: Mapping[str, CaseFile]
) -> list[Tombstone]:
    """The events of incidents that only an earlier coding told of, or whose adding was taken back."""
    standing = {m.mention_id for file in files.values() for m in file.mentions}
    coded = {mention_id for held in papers.values() for mention_id in held.orders}
    return [
        Tombstone(event_id=name_event(i), into=None, reason=CODED_AGAIN if i in coded else TAKEN_BACK)
        for i in sorted((coded | set(owners)) - standing)
    ]


def _put_changes(writer: Writer, scope: _Scope, settled: Settled, lost: list[Tombstone]) -> None:
    """Write what differs from what is there."""
    standing = {record.event.event_id for record in settled.events}
    gone = sorted(scope.list_old() - standing)
    if gone:
        writer.drop_events(gone)
    if settled.tombstones or lost:
        writer.bury([*settled.tombstones, *lost])
    changed = [r for r in settled.events if scope.records.get(r.event.event_id) != r]
    if changed:
        moved = {stone.event_id for stone in (*settled.tombstones, *lost)}
        writer.put_events(changed, {i: record for i, record in scope.records.items() if i not in moved})


def _make_cases(
    scope: _Scope, settled: Settled, papers: Mapping[str, Papers], files: Mapping[str, CaseFile]
) -> list[Case]:
    """The queue's row of each article, from its file and the events that it tells of."""
    homes = {m.mention_id: r.event.event_id for r in settled.events for m in r.event.mentions}
    others = {m.mention_id for file in files.values() for m in file.mentions} - scope.mention_ids
    scope.look_up(others)
    homes |= {i: scope.homes[i] for i in others if i in scope.homes}
    records = {**scope.records, **{r.event.event_id: r for r in settled.events}}
    days = scope.reader.days_taken({file.article.page_id for file in files.values()})
    cases = []
    for article_id, file in files.items():
        names = sorted({homes[m.mention_id] for m in file.mentions if m.mention_id in homes})
        told = [records[name] for name in names]
        beside = {m.article_id for record in told for m in record.event.mentions} - {article_id}
        look = sum(record.look for record in told)
        case = make_case(file, papers[article_id].fold_second(), look, len(beside))
        cases.append(replace(case, added_on=days.get(file.article.page_id)))
    return cases
