"""Two coders' words on one field, in a form in which they can be compared."""

from __future__ import annotations

from typing import Final

from conflictdesk.decisions import FIELDS, Blame, DecidedField, DecidedMention, Value
from conflictdesk.records import Actor, Dates, Estimate, Place

COMPARED: Final = tuple(name for name in FIELDS if name != "note")
"""The fields on which coders can differ: a note is nobody's finding."""
NOT_STATED: Final = "not stated"


def write_coded(held: DecidedField, *, done: bool = True) -> str | None:
    """What a coder says of a field, as a text that is the same exactly when the value is.

    "not stated" is a value: the coder looked and the article does not say. None means that this coder has not coded the
    field: it waits for him, or is empty and he is not `done`.
    """
    if held.value is not None:
        return write_same(held.value)
    if held.state in ("not_stated", "rejected") or done:
        return NOT_STATED
    return None


def write_same(value: Value) -> str:
    """A value in words, the same for two coders who mean the same.

    >>> write_same(Estimate(low=2, best=3, high=None)), write_same(Estimate.exactly(3)), write_same(True)
    ('3 (2 or more)', '3', 'yes')
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case Dates():
            return f"{value.start}" if value.start == value.end else f"{value.start} to {value.end}"
        case Place():
            parts = (value.name, value.admin1, value.country)
            return f"{', '.join(dict.fromkeys(p for p in parts if p))} ({value.kind})"
        case Actor():
            return value.name
        case Estimate():
            return _write_estimate(value)
        case Blame():
            return f"{value.actor or 'nobody named'} ({value.basis}{f' by {value.by}' if value.by else ''})"


def _write_estimate(value: Estimate) -> str:
    if value.low == value.best == value.high:
        return str(value.best)
    if value.high is None:
        return f"{value.best} ({value.low} or more)"
    return f"{value.best} ({value.low} to {value.high})"


def differ_on(ours: DecidedMention, theirs: DecidedMention, name: str) -> bool:
    """True when two coders say different things of a field; a span or a reason that differs is no difference.

    Where both name a place of the gazetteer its entry decides; who repeats an accusation is left out of account.
    """
    mine, other = ours.fields[name].value, theirs.fields[name].value
    match mine, other:
        case Place(), Place() if mine.gazetteer_id and other.gazetteer_id:
            return (mine.gazetteer_id, mine.precision) != (other.gazetteer_id, other.precision)
        case Place(), Place():
            return (write_same(mine), mine.precision) != (write_same(other), other.precision)
        case Blame(), Blame():
            return (mine.actor, mine.basis) != (other.actor, other.basis)
        case Actor(), Actor():
            return mine.name != other.name
        case _:
            return mine != other
