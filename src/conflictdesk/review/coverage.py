"""Which sentences of an article are in an incident, which were set aside, and which still wait for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from conflictdesk.decisions import DecidedMention
from conflictdesk.records import Span
from conflictdesk.review.folding import CaseFile

Cover = Literal["assigned", "background", "open", "ignored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One sentence: "open" has words of violence of which nobody gave an account, "ignored" none.

    `mention_ids` and `claim_ids` are what rests on it; those of dropped incidents count as looked at.
    """

    index: int
    state: Cover
    mention_ids: tuple[str, ...] = ()
    claim_ids: tuple[str, ...] = ()


def list_spans(mention: DecidedMention) -> tuple[Span, ...]:
    """Every span that an incident rests on, each once, in text order; for a dropped one also what was suggested."""
    told = {span for held in mention.fields.values() for span in held.evidence}
    if mention.machine is not None:
        told |= {span for figure in mention.machine.figures for span in figure.evidence}
        told |= {span for said in mention.machine.attribution for span in said.evidence}
    if mention.dropped is not None:
        told |= {span for held in mention.fields.values() for span in held.suggested}
    return tuple(sorted(told))


def cover_sentences(file: CaseFile) -> tuple[Covered, ...]:
    """How each sentence of the article is covered, in order; nothing without a coding, which knows the sentences."""
    mentions = [(m.mention_id, list_spans(m)) for m in file.mentions]
    claims = [(c.claim_id, tuple(s for spans in c.claim.evidence.values() for s in spans)) for c in file.claims]
    found = []
    for note in file.coding.sentences if file.coding else ():
        here = Span(note.start, note.end)
        on, said = _name_meeting(here, mentions), _name_meeting(here, claims)
        state: Cover = "ignored"
        if on or said:
            state = "assigned"
        elif note.index in file.background:
            state = "background"
        elif note.is_unexplained:
            state = "open"
        found.append(Covered(index=note.index, state=state, mention_ids=on, claim_ids=said))
    return tuple(found)


def _name_meeting(here: Span, held: Iterable[tuple[str, tuple[Span, ...]]]) -> tuple[str, ...]:
    return tuple(name for name, spans in held if any(span.meets(here) for span in spans))


def list_open(file: CaseFile) -> tuple[int, ...]:
    """The sentences with words of violence that are in no incident and that neither coder nor person set aside."""
    return tuple(covered.index for covered in cover_sentences(file) if covered.state == "open")
