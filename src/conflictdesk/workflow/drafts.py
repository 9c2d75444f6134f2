"""A decision as a person sends it, and what the desk makes of it before it is written down."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from conflictdesk.casework import User
from conflictdesk.decisions import (
    Action,
    DecidedField,
    DecidedMention,
    Decision,
    Mode,
    SubjectKind,
    Track,
    write_value,
)
from conflictdesk.errors import CheckError
from conflictdesk.records import Span
from conflictdesk.review.folding import new_claim_id, new_mention_id
from conflictdesk.workflow.casefiles import Papers


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decision as a person sends it; the desk fills in the rest (see `Decision`).

    `decision_id` is the sender's own, so that sending it twice stores it once. `after` is JSON text (`write_value`).
    The `subject_id` of a mention or claim that is added may be "": it then gets the id that belongs to the decision.
    """

    decision_id: str
    subject_kind: SubjectKind
    subject_id: str
    action: Action
    article_id: str | None = None
    field: str | None = None
    after: str | None = None
    spans: tuple[Span, ...] = ()
    inferred: str | None = None
    reason: str | None = None
    reverts: str | None = None
    track: Track = "main"
    mode: Mode = "assisted"
    shown_ms: int | None = None


def say_action(action: Action) -> str:
    """An action as a word of a sentence.

    >>> say_action("not_stated")
    'say that it is not stated'
    """
    return {
        "not_stated": "say that it is not stated",
        "same": "join two reports",
        "different": "keep two reports apart",
        "unsure": "mark two reports as unsure",
        "background": "set a sentence aside",
        "foreground": "take a sentence up again",
        "draw": "draw an article for the second coder",
    }.get(action, action)


def name_subject(draft: Draft) -> Draft:
    """What is added bears the name that belongs to its decision."""
    if draft.subject_id or draft.action != "add":
        return draft
    name = new_claim_id if draft.subject_kind == "claim" else new_mention_id
    return replace(draft, subject_id=name(draft.decision_id))


def is_same(draft: Draft, known: Decision, user: User) -> bool:
    """True when a draft says what the journal holds; what the desk filled in does not count."""
    named = name_subject(draft)
    given = (named.subject_kind, named.subject_id, named.action, named.track, named.field, named.reverts, named.reason)
    held = (known.subject_kind, known.subject_id, known.action, known.track, known.field, known.reverts, known.reason)
    spans = tuple(quoted.span for quoted in known.evidence)
    return (
        (given, user.name) == (held, known.by)
        and named.after in (known.after, None)
        and named.inferred in (known.inferred, None)
        and named.spans in (spans, ())
    )


def fill_acceptance(draft: Draft, mention: DecidedMention | None, held: DecidedField | None) -> Draft:
    """What is accepted is written out, so that the journal alone says what the person saw."""
    if draft.action != "accept" or mention is None or held is None or draft.after is not None or draft.spans:
        return draft
    reason = mention.machine.inferred.get(held.name) if mention.machine else None
    return replace(
        draft,
        after=write_value(held.name, held.suggestion),
        spans=held.suggested,
        inferred=draft.inferred or reason,
    )


def name_coder(mention: DecidedMention | None, held: DecidedField | None) -> str | None:
    """The coder whose suggestion stood there when it was decided."""
    if mention is None or mention.machine is None or held is None or held.suggestion is None:
        return None
    return mention.machine.coder


def check_spans(spans: Sequence[Span], papers: Papers) -> Sequence[Span]:
    """The spans, if all lie inside the article.

    Raises:
        CheckError: one does not.
    """
    size = len(papers.article.text)
    outside = [f"{span.start} to {span.end}" for span in spans if span.end > size]
    if outside:
        raise CheckError(f"the evidence {', '.join(outside)} is outside the article, which has {size} characters")
    return spans


def refuse_faults(faults: Sequence[str]) -> None:
    """Raise `CheckError` with all faults, if there are any."""
    if faults:
        raise CheckError(" ".join(faults))


def hash_text(text: str) -> str:
    """The SHA-256 of an article's text: which words a person had before them."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def name_codebook() -> str:
    """The codebook's version: a hash of its files."""
    digest = hashlib.sha256()
    for path in sorted(resources.files("conflictdesk.codebook").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
