"""One field of one incident: what the machine suggested, and what a decision makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from conflictdesk.decisions import FIELDS, Blame, DecidedField, Decision, FieldState, Value, read_value
from conflictdesk.records import EVIDENCE_FIELDS, Mention, Span

NEEDS_EVIDENCE: Final = frozenset((*EVIDENCE_FIELDS, "attribution"))
"""Fields whose value must rest on a span or on a stated reason."""
FIELD_ACTIONS: Final = frozenset(("accept", "change", "reject", "not_stated"))


def suggest_fields(machine: Mention | None) -> Mapping[str, DecidedField]:
    """Every field of an incident before anybody decided anything; all are empty where no machine proposed it."""
    if machine is None:
        return {name: DecidedField(name=name, state="empty") for name in FIELDS}
    values = _list_values(machine)
    return {name: _suggest(machine, name, values.get(name)) for name in FIELDS}


def _list_values(m: Mention) -> dict[str, Value | None]:
    blame = m.attribution[0] if m.attribution else None
    return {
        "event_type": m.sub_event_type,
        "date": m.dates,
        "place": m.place,
        "actor1": m.actor1,
        "actor2": m.actor2,
        "deaths": m.deaths,
        "injured": m.injured,
        "civilian_targeting": m.civilian_targeting,
        "attribution": Blame(actor=blame.actor, by=blame.by, basis=blame.basis) if blame else None,
    }


def _suggest(m: Mention, name: str, value: Value | None) -> DecidedField:
    spans: tuple[Span, ...] = tuple(m.evidence.get(name, ()))
    if name == "attribution" and m.attribution:
        spans = m.attribution[0].evidence
    told = value is not None
    return DecidedField(
        name=name,
        state="suggested" if told else "empty",
        value=value,
        evidence=spans if told else (),
        inferred=m.inferred.get(name) if told else None,
        suggestion=value,
        suggested=spans if told else (),
        score=m.confidence.get(name),
        cannot_tell=m.cannot_tell.get(name),
    )


def decide_field(held: DecidedField, decision: Decision, machine: Mention | None) -> DecidedField:
    """The field after one more decision.

    An acceptance holds the value that its `after` carries, so that it outlives a later run of another coder; without
    one it holds the machine's suggestion as it is now.

    Raises:
        ValueError: the decision cannot be applied: its value cannot be read, or rests on neither span nor reason.
    """
    if decision.action in ("reject", "not_stated"):
        state: FieldState = "rejected" if decision.action == "reject" else "not_stated"
        return _hold(held, decision, state)
    value = _read_value(held.name, decision.after)
    spans, inferred = tuple(quoted.span for quoted in decision.evidence), decision.inferred
    if decision.action == "accept":
        value = held.suggestion if value is None else value
        if value == held.suggestion and not spans and not inferred:
            spans, inferred = held.suggested, machine.inferred.get(held.name) if machine else None
    if value is None:
        raise ValueError(f"{held.name}: no value is given")
    if held.name in NEEDS_EVIDENCE and not spans and not inferred:
        raise ValueError(f"{held.name}: the value rests on no words of the article and on no stated reason")
    state = "confirmed" if decision.action == "accept" else "changed"
    return _hold(held, decision, state, value=value, evidence=spans, inferred=inferred or None)


_read_value = lru_cache(maxsize=4096)(read_value)
"""Values are read again at every fold of their journal; they never change."""


def _hold(
    held: DecidedField,
    decision: Decision,
    state: FieldState,
    *,
    value: Value | None = None,
    evidence: tuple[Span, ...] = (),
    inferred: str | None = None,
) -> DecidedField:
    """The field as decided; written out, as `dataclasses.replace` would take three times as long."""
    return DecidedField(
        name=held.name,
        state=state,
        value=value,
        evidence=evidence,
        inferred=inferred,
        suggestion=held.suggestion,
        suggested=held.suggested,
        score=held.score,
        cannot_tell=held.cannot_tell,
        by=decision.by,
        decision_id=decision.decision_id,
    )
