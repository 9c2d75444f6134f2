"""An incident after all decisions, written down as a Mention again: what events are built from."""

from __future__ import annotations

from typing import Final

from conflictdesk.codebook.types import load_event_types
from conflictdesk.decisions import Blame, DecidedField, DecidedMention
from conflictdesk.records import (
    EVIDENCE_FIELDS,
    Actor,
    Attribution,
    Dates,
    Estimate,
    Figure,
    Mention,
    Place,
    Span,
)

NOT_STATED: Final = "not stated in the article"
REJECTED: Final = "the suggestion was rejected at the desk"


def to_mention(decided: DecidedMention) -> Mention | None:
    """The mention that counts now; None where the incident was dropped or has no event type.

    Decided fields take the place of the machine's, with probability 1; who decided is not named. An incident that a
    person added bears the coder "person".

    Raises:
        CodebookError: the codebook no longer has the sub-type that was decided.
    """
    if decided.dropped is not None or not isinstance(decided.fields["event_type"].value, str):
        return None
    if decided.machine is not None and not any(f.is_decided for f in decided.fields.values()):
        return decided.machine
    fields, machine = decided.fields, decided.machine
    entry = load_event_types().by_name(str(fields["event_type"].value))
    actors = fields["actor1"].value, fields["actor2"].value
    dates, place, toll, hurt = (fields[name].value for name in ("date", "place", "deaths", "injured"))
    targeting = fields["civilian_targeting"].value
    return Mention(
        mention_id=decided.mention_id,
        article_id=decided.article_id,
        event_type=entry.event_type,
        sub_event_type=entry.sub_event_type,
        dates=dates if isinstance(dates, Dates) else None,
        place=place if isinstance(place, Place) else None,
        actor1=actors[0] if isinstance(actors[0], Actor) else None,
        actor2=actors[1] if isinstance(actors[1], Actor) else None,
        associated_actors=tuple(a for a in machine.associated_actors if a not in actors) if machine else (),
        civilian_targeting=targeting if isinstance(targeting, bool) else None,
        deaths=toll if isinstance(toll, Estimate) else None,
        injured=hurt if isinstance(hurt, Estimate) else None,
        attribution=_write_attribution(decided),
        figures=_keep_figures(decided),
        evidence=_write_evidence(decided),
        inferred=_write_reasons(decided),
        cannot_tell=_write_doubts(decided),
        confidence=_write_confidence(decided),
        rule=machine.rule if machine else "added at the desk",
        coder=machine.coder if machine else "person",
    )


def _write_attribution(decided: DecidedMention) -> tuple[Attribution, ...]:
    """Who is said to have done it: a confirmed suggestion keeps all that the machine found, a change replaces it."""
    held = decided.fields["attribution"]
    if decided.machine is not None and (not held.is_decided or held.value == held.suggestion is not None):
        return decided.machine.attribution
    blame = held.value
    if not isinstance(blame, Blame):
        return ()
    return (Attribution(actor=blame.actor, by=blame.by, basis=blame.basis, evidence=held.evidence),)


def _keep_figures(decided: DecidedMention) -> tuple[Figure, ...]:
    """The machine's figures, less those of a toll that was taken away and those of a side that is another now."""
    gone = {n for n in ("deaths", "injured") if decided.fields[n].is_decided and decided.fields[n].value is None}
    turned = {n for n in ("actor1", "actor2") if decided.fields[n].value != decided.fields[n].suggestion}
    figures = decided.machine.figures if decided.machine else ()
    return tuple(f for f in figures if f.measure not in gone and f.of not in turned)


def _decided(decided: DecidedMention) -> list[DecidedField]:
    return [decided.fields[name] for name in EVIDENCE_FIELDS if decided.fields[name].is_decided]


def _write_evidence(decided: DecidedMention) -> dict[str, tuple[Span, ...]]:
    told = dict(decided.machine.evidence) if decided.machine else {}
    for held in _decided(decided):
        told.pop(held.name, None)
        if held.evidence:
            told[held.name] = held.evidence
    return told


def _write_reasons(decided: DecidedMention) -> dict[str, str]:
    told = dict(decided.machine.inferred) if decided.machine else {}
    for held in _decided(decided):
        told.pop(held.name, None)
        if held.inferred:
            told[held.name] = held.inferred
    place = decided.fields["place"]
    if place.is_decided:
        told.pop("country", None)
        if isinstance(place.value, Place) and place.value.country and place.value.kind != "country":
            told["country"] = "from the place"
    return told


def _write_doubts(decided: DecidedMention) -> dict[str, str]:
    told = dict(decided.machine.cannot_tell) if decided.machine else {}
    for held in _decided(decided):
        told.pop(held.name, None)
        if held.value is None:
            told[held.name] = NOT_STATED if held.state == "not_stated" else REJECTED
    return told


def _write_confidence(decided: DecidedMention) -> dict[str, float]:
    """1 for what a person decided; that it is an event at all is decided with its type, and by adding it."""
    told = dict(decided.machine.confidence) if decided.machine else {"event": 1.0}
    told.update({held.name: 1.0 for held in _decided(decided)})
    return {**told, "event": 1.0} if decided.fields["event_type"].is_decided else told
