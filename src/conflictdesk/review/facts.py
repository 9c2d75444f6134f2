"""What was decided of an article as a whole: who is done, what is background, what is asked of the lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from conflictdesk.decisions import Decision, Track
from conflictdesk.review.standing import read_numbers


@dataclass(slots=True)
class Facts:
    """The state of one article, its incidents aside; see `folding.CaseFile`."""

    background: set[int] = field(default_factory=set)
    finished: dict[str, int] = field(default_factory=dict)
    skipped: str | None = None
    flags: list[Decision] = field(default_factory=list)
    settled: bool = False


def reopens(decision: Decision, track: Track) -> bool:
    """True when a decision opens the article again on that track, whoever took it."""
    return decision.action == "reopen" and decision.track == track


def fold_facts(standing: Sequence[Decision]) -> tuple[Facts, list[Decision]]:
    """The facts as they stand, and the decisions that cannot be applied."""
    facts, lost = Facts(), []
    for decision in standing:
        if decision.action == "flag":
            facts.flags.append(decision)
        elif decision.subject_kind == "article":
            try:
                _note_fact(facts, decision)
            except ValueError:
                lost.append(decision)
    return facts, lost


def _note_fact(facts: Facts, decision: Decision) -> None:
    match decision.action:
        case "background":
            facts.background |= read_numbers(decision.after) | {q.sentence for q in decision.evidence}
        case "foreground":
            facts.background -= read_numbers(decision.after) | {q.sentence for q in decision.evidence}
        case "finish":
            facts.finished[decision.by] = decision.seq
            facts.skipped = None
        case "skip":
            facts.skipped = decision.reason or "other"
        case "reopen":
            facts.finished.clear()
            facts.skipped, facts.settled = None, False
        case "settle":
            facts.settled = True
            facts.flags.clear()
        case "draw":
            pass
        case _:
            raise ValueError(f"an article cannot be decided by {decision.action!r}")
