"""The incidents of one article after all decisions: the machine's and those that people added."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from conflictdesk.casework import Order, StoredCoding
from conflictdesk.decisions import DecidedField, DecidedMention, Decision, Track
from conflictdesk.records import Article, Mention
from conflictdesk.review.fields import FIELD_ACTIONS, decide_field, suggest_fields
from conflictdesk.review.standing import read_text

_LIFE: Final = frozenset(("drop", "restore", "adopt"))


@dataclass(frozen=True, slots=True)
class FoldedMention:
    """One incident, what it was folded from, and which of that could not be applied."""

    told: tuple[Decision, ...]
    mention: DecidedMention
    lost: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """What the incidents of an article are folded from."""

    coding: StoredCoding | None
    standing: Sequence[Decision]
    others: Sequence[Decision]
    """What second coders decided: counts only where the lead adopted it."""
    track: Track
    orders: Mapping[str, Order]
    known: dict[str, FoldedMention] = field(default_factory=dict)
    """Incidents of an earlier fold of the same coding on the same track; those of this one are put in."""


def adds_mention(decision: Decision) -> bool:
    """True when a decision makes an incident that the machine did not propose."""
    return decision.subject_kind == "mention" and decision.action == "add"


def fold_mentions(article: Article, book: Book) -> tuple[list[DecidedMention], list[Decision]]:
    """The incidents as they stand, and the decisions on what is not there or that cannot be applied."""
    machine = {m.mention_id: (m, n) for n, m in enumerate(book.coding.mentions if book.coding else ())}
    by_subject: dict[str, list[Decision]] = {mention_id: [] for mention_id in machine}
    for decision in book.standing:
        if decision.subject_kind == "mention":
            by_subject.setdefault(decision.subject_id, []).append(decision)
    found: list[DecidedMention] = []
    orphans: list[Decision] = []
    for mention_id, told in by_subject.items():
        told = sorted((*_adopted(told, mention_id, book.others), *told), key=lambda d: (_RANK[d.track], d.seq))
        known = book.known.get(mention_id)
        if known is not None and len(known.told) == len(told) and all(map(operator.is_, known.told, told)):
            found.append(known.mention)
            orphans += known.lost
            continue
        start = _start(article.article_id, mention_id, machine.get(mention_id), told, book)
        if start is None:
            orphans += told
            continue
        folded, lost = _fold_mention(start, told)
        found.append(folded)
        orphans += lost
        book.known[mention_id] = FoldedMention(tuple(told), folded, tuple(lost))
    return found, orphans


_RANK: Final[Mapping[Track, int]] = {"main": 0, "second": 1, "final": 2}
"""Which track has the last word: what was adopted goes over the first coder's, what the lead settled over both."""


def _adopted(told: Sequence[Decision], mention_id: str, others: Sequence[Decision]) -> list[Decision]:
    """What the second coder decided of an incident that the lead adopted; `after` may name that coder."""
    adopted = [d for d in told if d.action == "adopt"]
    if not adopted:
        return []
    name = read_text(adopted[-1].after)
    of_it = [d for d in others if d.subject_kind == "mention" and d.subject_id == mention_id]
    return [d for d in of_it if name in (None, d.by) and d.action in (*FIELD_ACTIONS, "add")]


def _start(
    article_id: str, mention_id: str, machine: tuple[Mention, int] | None, told: Sequence[Decision], book: Book
) -> DecidedMention | None:
    """The incident before any field was decided; None where neither the machine nor a person made it."""
    if machine is not None:
        mention, row = machine
        order = book.orders.get(mention_id, (book.coding.after_decision if book.coding else 0, 1, row))
        fields = suggest_fields(mention)
        return DecidedMention(
            mention_id=mention_id,
            article_id=article_id,
            machine=mention,
            fields=fields,
            track=book.track,
            order=order,
        )
    added = next((d for d in told if d.action == "add"), None)
    if added is None:
        return None
    # An adopted incident is as old as its adoption: it must not give its id to an event that was there before.
    since = next((d for d in told if d.action == "adopt"), added)
    return DecidedMention(
        mention_id=mention_id,
        article_id=article_id,
        machine=None,
        fields=suggest_fields(None),
        added_by=added.by,
        track=book.track,
        order=(since.seq, 0, 0),
    )


def _fold_mention(start: DecidedMention, told: Sequence[Decision]) -> tuple[DecidedMention, list[Decision]]:
    fields: dict[str, DecidedField] = dict(start.fields)
    dropped: str | None = None
    lost: list[Decision] = []
    for decision in told:
        if decision.action in _LIFE:
            dropped = (decision.reason or "other") if decision.action == "drop" else None
        elif decision.action in FIELD_ACTIONS:
            try:
                fields[decision.field or ""] = decide_field(fields[decision.field or ""], decision, start.machine)
            except (KeyError, ValueError):
                lost.append(decision)
        elif decision.action not in ("add", "flag"):
            lost.append(decision)
    final = any(d.track == "final" and d not in lost for d in told)
    track: Track = "final" if final else start.track
    return replace(start, fields=fields, dropped=dropped, track=track), lost
