"""Why a decision is refused, and what speaks against finishing an article. Every fault is told, with its mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from conflictdesk.codebook.types import load_event_types
from conflictdesk.decisions import (
    DROP_REASONS,
    FIELDS,
    ROLES,
    SETTLE_REASONS,
    Action,
    DecidedMention,
    Decision,
    SubjectKind,
    read_value,
)
from conflictdesk.records import Actor, Place
from conflictdesk.review.claims import read_claim
from conflictdesk.review.fields import FIELD_ACTIONS, NEEDS_EVIDENCE
from conflictdesk.review.findings import Finding, check_case
from conflictdesk.review.folding import CaseFile, new_claim_id, new_mention_id, pair_id
from conflictdesk.review.standing import list_in_force, read_numbers, read_text

__all__ = ["ACTIONS", "Finding", "check_case", "find_faults"]

LONGEST_WORDS: Final = 2000
"""The most characters of a reason, a note or an explanation."""
LONGEST_NAME: Final = 300
"""The most characters of an actor's or a place's name."""
_TOO_LONG: Final = f"The name is longer than {LONGEST_NAME} characters: shorten it."
ACTIONS: Final[Mapping[SubjectKind, frozenset[Action]]] = {
    "mention": frozenset(
        (*("accept", "change", "reject", "not_stated", "add", "drop", "restore"), *("adopt", "flag", "undo"))
    ),
    "claim": frozenset(("accept", "change", "add", "drop", "restore", "undo")),
    "article": frozenset(
        (*("background", "foreground", "finish", "reopen", "skip", "flag"), *("draw", "settle", "undo"))
    ),
    "event": frozenset(("change", "withdraw", "restore", "undo")),
    "match": frozenset(("same", "different", "unsure", "undo")),
    "user": frozenset(("grant", "revoke")),
}
"""What may be decided of what."""
_EXPLAINED: Final = frozenset(("skip", "flag", "withdraw"))


def find_faults(draft: Decision, file: CaseFile | None) -> tuple[str, ...]:
    """Why a decision cannot be recorded: nothing where it can. Each fault is a sentence that says what to do.

    `file` is the article as it stands on the decision's track ("main" for a final decision); None where the decision
    is about no article. Rights are not looked at here (`rights.may`).
    """
    if draft.action not in ACTIONS.get(draft.subject_kind, frozenset()):
        known = ", ".join(sorted(ACTIONS.get(draft.subject_kind, ())))
        return (f"“{draft.action}” cannot be decided of a {draft.subject_kind}; choose one of: {known}.",)
    return (*_check_words(draft), *_check_spans(draft, file), *_BY_KIND[draft.subject_kind](draft, file))


def _check_words(draft: Decision) -> Iterator[str]:
    if not draft.decision_id or not draft.subject_id:
        yield "The decision names no id of its own, or nothing that it is about."
    for name, words in (("reason", draft.reason), ("explanation", draft.inferred)):
        if words is not None and not words.strip():
            yield f"The {name} is empty: write one, or leave it out."
        if words is not None and len(words) > LONGEST_WORDS:
            yield f"The {name} is longer than {LONGEST_WORDS} characters: shorten it."
    if draft.action in _EXPLAINED and not draft.reason:
        yield f"“{draft.action}” needs a reason: say why in a few words."
    if draft.action == "undo" and not draft.reverts:
        yield "“undo” does not say which decision it takes back."
    if draft.action != "undo" and draft.reverts:
        yield "Only “undo” takes a decision back."


def _check_spans(draft: Decision, file: CaseFile | None) -> Iterator[str]:
    if not draft.evidence:
        return
    if file is None:
        yield "There is no article in which the evidence could stand."
        return
    text = file.article.text
    for quoted in draft.evidence:
        if not 0 <= quoted.start < quoted.end <= len(text):
            yield f"The evidence {quoted.start} to {quoted.end} is outside the article of {len(text)} characters."
        elif text[quoted.start : quoted.end] != quoted.quote:
            yield f"The evidence {quoted.start} to {quoted.end} is not what stands there: load the page again."
        elif not quoted.quote.strip():
            yield f"The evidence {quoted.start} to {quoted.end} holds no words."


def _check_undo(draft: Decision, file: CaseFile | None) -> Iterator[str]:
    if draft.action != "undo" or file is None or not draft.reverts:
        return
    target = next((d for d in file.journal if d.decision_id == draft.reverts), None)
    if target is None:
        yield "The decision to take back is not among those of this article on this track."
        return
    if target.track != draft.track:
        yield f"The decision to take back was made on the track “{target.track}”: take it back there."
    if target not in list_in_force(file.journal):
        yield "That decision was taken back already."


# ---------------------------------------------------------------- incidents


def _check_mention(draft: Decision, file: CaseFile | None) -> Iterator[str]:
    if file is None:
        yield "There is no such article."
        return
    yield from _check_undo(draft, file)
    held = file.mention(draft.subject_id)
    if draft.action == "add":
        if held is not None:
            yield "That incident is there already."
        elif draft.subject_id != new_mention_id(draft.decision_id):
            yield f"A new incident is named after its decision: {new_mention_id(draft.decision_id)}."
    elif draft.action == "adopt":
        if draft.subject_id not in file.adoptable and held is None:
            yield "No second coder added that incident."
    elif draft.action != "undo" and held is None:
        yield "That incident is not there: it may have been taken back. Load the page again."
    elif held is not None:
        yield from _check_life(draft, held)
        yield from _check_field(draft, held)
    if draft.action in FIELD_ACTIONS and draft.track == "final" and not _is_among(draft.reason, SETTLE_REASONS):
        yield f"To settle a field, say why the coders differ: {', '.join(SETTLE_REASONS)}."


def _check_life(draft: Decision, held: DecidedMention | None) -> Iterator[str]:
    if held is None:
        return
    if draft.action == "drop":
        if held.dropped is not None:
            yield "That incident was dropped already."
        if not _is_among(draft.reason, DROP_REASONS):
            yield f"To drop an incident, say why: {', '.join(DROP_REASONS)}."
    if draft.action == "restore" and held.dropped is None:
        yield "That incident was not dropped."
    if draft.action in FIELD_ACTIONS and held.dropped is not None:
        yield "That incident was dropped: restore it first."


def _is_among(reason: str | None, known: tuple[str, ...]) -> bool:
    """True for one of the known reasons, alone or with more words: "other: told of a film"."""
    return reason is not None and reason.split(":")[0].strip() in known


def _check_field(draft: Decision, held: DecidedMention) -> Iterator[str]:
    if draft.action not in FIELD_ACTIONS:
        return
    field = held.fields.get(draft.field or "")
    if field is None:
        yield f"There is no field “{draft.field}”; the fields are: {', '.join(FIELDS)}."
        return
    if draft.action == "reject" and field.suggestion is None:
        yield "Nothing was suggested that could be rejected: say that the article does not say it."
    if draft.action == "accept" and field.suggestion is None:
        yield "Nothing was suggested that could be accepted: enter a value."
    if draft.action in ("reject", "not_stated") and draft.after is not None:
        yield f"“{draft.action}” takes no value."
    if draft.action == "change" or (draft.action == "accept" and draft.after is not None):
        yield from _check_value(field.name, draft.after)
    if draft.action == "change" and field.name in NEEDS_EVIDENCE and not draft.evidence and not draft.inferred:
        yield "The value needs the words of the article that it rests on, or the reason from which you infer it."


def _check_value(name: str, after: str | None) -> Iterator[str]:
    try:
        value = read_value(name, after)
    except ValueError as error:
        yield f"The value cannot be read: {str(error).replace('Value error, ', '')}."
        return
    if value is None:
        yield "No value is given: enter one, or say that the article does not say it."
    elif name == "event_type" and value not in {entry.sub_event_type for entry in load_event_types().types}:
        known = ", ".join(entry.sub_event_type for entry in load_event_types().types)
        yield f"The codebook has no event type “{value}”; it has: {known}."
    elif isinstance(value, Place):
        yield from _check_place(value)
    elif isinstance(value, Actor) and len(value.name) > LONGEST_NAME:
        yield _TOO_LONG
    elif name == "note" and len(str(value)) > LONGEST_WORDS:
        yield f"The note is longer than {LONGEST_WORDS} characters: shorten it."


def _check_place(place: Place) -> Iterator[str]:
    if not place.name.strip():
        yield "The place has no name."
    if len(place.name) > LONGEST_NAME:
        yield _TOO_LONG
    if place.precision not in (1, 2, 3, 4):
        yield "The precision of a place is 1, 2, 3 or 4."
    if (place.latitude is None) != (place.longitude is None):
        yield "A point needs both latitude and longitude."
    if not (-90 <= (place.latitude or 0) <= 90 and -180 <= (place.longitude or 0) <= 180):
        yield "Latitude goes from -90 to 90 and longitude from -180 to 180 degrees."


# ---------------------------------------------------------------- claims, articles, events, matches, users


def _check_claim(draft: Decision, file: CaseFile | None) -> Iterator[str]:
    if file is None:
        yield "There is no such article."
        return
    yield from _check_undo(draft, file)
    held = file.claim(draft.subject_id)
    if draft.action == "add":
        if held is not None:
            yield "That claim is there already."
        elif draft.subject_id != new_claim_id(draft.decision_id):
            yield f"A new claim is named after its decision: {new_claim_id(draft.decision_id)}."
        if not draft.evidence:
            yield "The claim needs the words of the article that it rests on."
    elif draft.action != "undo" and held is None:
        yield "That claim is not there: it may have been taken back. Load the page again."
    elif draft.action == "drop" and not draft.reason:
        yield "To drop a claim, say why."
    elif draft.action == "restore" and held is not None and held.state != "dropped":
        yield "That claim was not dropped."
    if draft.action in ("add", "change", "accept"):
        yield from _check_parts(draft, file)


def _check_parts(draft: Decision, file: CaseFile) -> Iterator[str]:
    if draft.action == "change" and draft.after is None:
        yield "Nothing is changed: say what of the claim is different."
        return
    try:
        parts = read_claim(draft.after, whole=draft.action == "add")
    except ValueError as error:
        yield f"The claim cannot be read: {error}."
        return
    for mention_id in parts.ties or ():
        if file.mention(mention_id) is None:
            yield f"The claim is tied to {mention_id}, which is no incident of this article."


def _check_article(draft: Decision, file: CaseFile | None) -> Iterator[str]:
    if file is None:
        yield "There is no such article."
        return
    yield from _check_undo(draft, file)
    if draft.action in ("background", "foreground"):
        yield from _check_sentences(draft, file)
    if draft.action == "finish":
        yield from (finding.told for finding in check_case(file) if finding.blocking)
    if draft.action == "draw" and not (read_text(draft.after) or "").strip():
        yield "“draw” does not name the group of articles that this one was drawn from."
    if draft.action == "settle" and not file.finished:
        yield "Nobody has finished this article: there is nothing to settle yet."
    if draft.action == "reopen" and not (file.finished or file.skipped or file.settled):
        yield "This article is open already."


def _check_sentences(draft: Decision, file: CaseFile) -> Iterator[str]:
    try:
        numbers = read_numbers(draft.after) | {quoted.sentence for quoted in draft.evidence}
    except ValueError as error:
        yield f"The sentences cannot be read: {error}."
        return
    known = {note.index for note in file.coding.sentences} if file.coding else set()
    if not numbers:
        yield "No sentence is named."
    for number in sorted(numbers - known):
        yield f"The article has no sentence s{number}."


def _check_event(draft: Decision, file: CaseFile | None) -> Iterator[str]:
    if draft.action != "change":
        return
    if draft.field not in FIELDS or draft.field == "note":
        yield f"There is no field “{draft.field}”; the fields are: {', '.join(n for n in FIELDS if n != 'note')}."
        return
    yield from _check_value(draft.field, draft.after)
    if not draft.reason:
        yield "To change an event as a whole, say why its articles do not tell it rightly."


def _check_match(draft: Decision, file: CaseFile | None) -> Iterator[str]:
    left, bar, right = draft.subject_id.partition("|")
    if not bar or not left or not right or "|" in right or left == right:
        yield "A pair is written as two different incidents with a bar between them: “m-1|m-2”."
    elif draft.subject_id != pair_id(left, right):
        yield f"A pair is written with the smaller id first: “{pair_id(left, right)}”."


def _check_user(draft: Decision, file: CaseFile | None) -> Iterator[str]:
    if draft.action == "grant" and read_text(draft.after) not in ROLES:
        yield f"There is no role “{read_text(draft.after)}”; choose one of: {', '.join(ROLES)}."


_BY_KIND: Final[Mapping[SubjectKind, Callable[[Decision, CaseFile | None], Iterator[str]]]] = {
    "mention": _check_mention,
    "claim": _check_claim,
    "article": _check_article,
    "event": _check_event,
    "match": _check_match,
    "user": _check_user,
}
