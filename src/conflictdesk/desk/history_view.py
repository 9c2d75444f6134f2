"""The journal as a time line: each decision with what it changed, who made it, why, and its hash."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.decisions import Decision
from conflictdesk.desk.decided_words import SUBJECT_WORDS, TRACK_WORDS, say_doing, say_moment, say_stored, title_field

PAGE: Final = 50
_SENTENCES: Final = ("background", "foreground")


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision changed of one field, in words before and after; `before` is "" where there is none to tell."""

    title: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        """Whether the value stayed what it was."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision as the time line shows it; `undone` is True where a later one took it back."""

    seq: int
    at: str
    by: str
    did: str
    track: str
    mode: str
    change: Change | None
    reason: str | None
    inferred: str | None
    quotes: tuple[tuple[int, str], ...]
    subject: str
    subject_address: str | None
    article_id: str | None
    reverts: int | None
    undone: bool
    hash: str
    suggestion: str | None


def view_entries(decisions: Sequence[Decision], *, undone: frozenset[str] = frozenset()) -> tuple[Entry, ...]:
    """Decisions as entries of the time line, in the order given; `undone` names those that were taken back."""
    seqs = {d.decision_id: d.seq for d in decisions}
    taken = undone | {d.reverts for d in decisions if d.action == "undo" and d.reverts}
    return tuple(_view_entry(d, seqs, d.decision_id in taken) for d in decisions)


def _view_entry(d: Decision, seqs: dict[str, int], undone: bool) -> Entry:
    return Entry(
        seq=d.seq,
        at=say_moment(d.at),
        by=d.by,
        did=say_doing(d),
        track=TRACK_WORDS[d.track] if d.track != "main" else "",
        mode="blind" if d.mode == "blind" else "",
        change=view_change(d),
        reason=d.reason,
        inferred=d.inferred,
        quotes=tuple((q.sentence, q.quote) for q in d.evidence),
        subject=f"{SUBJECT_WORDS[d.subject_kind]} {d.subject_id}",
        subject_address=_address(d),
        article_id=d.article_id,
        reverts=seqs.get(d.reverts) if d.reverts else None,
        undone=undone,
        hash=d.hash,
        suggestion=d.suggestion,
    )


def _address(d: Decision) -> str | None:
    if d.subject_kind == "event":
        return f"/event/{d.subject_id}"
    return f"/article/{d.article_id}" if d.article_id else None


def view_change(d: Decision) -> Change | None:
    """What the decision changed, None where it is not about a value."""
    if d.field is None:
        words = say_stored(None, d.after) if d.after and d.action in ("draw", "grant", *_SENTENCES) else None
        if words and d.action in _SENTENCES:
            words = ", ".join(f"s{number}" for number in re.findall(r"\d+", words))
        return Change("", "", words) if words else None
    before = say_stored(d.field, d.before)
    if d.action in ("accept", "change", "add"):
        return Change(title_field(d.field), before, say_stored(d.field, d.after if d.after is not None else d.before))
    if d.action == "not_stated":
        return Change(title_field(d.field), before, "the article does not say")
    return Change(title_field(d.field), before, "no value is known to be right") if d.action == "reject" else None
