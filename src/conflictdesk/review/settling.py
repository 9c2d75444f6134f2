"""Several articles on one incident: what people decided holds against what nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.casework import EventStatus
from conflictdesk.codebook.types import load_event_types
from conflictdesk.decisions import FIELDS, Blame, DecidedField, DecidedMention, Value
from conflictdesk.records import Actor, Dates, Estimate, Mention, Place
from conflictdesk.review.written import to_mention

SETTLED_FIELDS: Final = tuple(name for name in FIELDS if name != "note")
HELD_BACK: Final = "says otherwise than what was decided; waits for a person"


@dataclass(frozen=True, slots=True)
class Settled:
    """A group of mentions as they enter their event, how far it was looked at, and the fields that are open again."""

    mentions: tuple[Mention, ...]
    status: EventStatus
    open_fields: tuple[str, ...]


def settle_group(mentions: Sequence[DecidedMention]) -> Settled:
    """Let decided fields hold: an undecided mention of the group does not change a field that a person decided.

    Where it would, the field is open again and the event "reopened". So is a field of which people saw nothing when
    they looked the incident through, and of which a later mention says something. Dropped mentions count for nothing.
    The order of `mentions` is kept and changes nothing else.
    """
    kept = [(m, written) for m in mentions if (written := to_mention(m)) is not None]
    group = [m for m, _ in kept]
    decided = {name: _list_decided(group, name) for name in SETTLED_FIELDS}
    settled, changed = [], set()
    for one, written in kept:
        for name in SETTLED_FIELDS:
            if decided[name] and not one.fields[name].is_decided:
                changed |= {name} if _would_change(one, name, group) else set()
                written = _hold_back(written, one.fields[name], decided[name])
        settled.append(written)
    looked_through = any(m.is_touched and m.is_reviewed for m in group)
    fresh = {n for n in SETTLED_FIELDS if looked_through and not decided[n] and _is_news(group, n)}
    open_fields = tuple(name for name in SETTLED_FIELDS if name in changed | fresh)
    return Settled(tuple(settled), _name_status(group, decided, open_fields), open_fields)


def _list_decided(group: Sequence[DecidedMention], name: str) -> list[DecidedField]:
    return [m.fields[name] for m in group if m.fields[name].is_decided]


def _name_status(
    group: Sequence[DecidedMention], decided: dict[str, list[DecidedField]], open_fields: tuple[str, ...]
) -> EventStatus:
    if open_fields:
        return "reopened"
    waits = any(m.fields[n].state == "suggested" and not decided[n] for m in group for n in SETTLED_FIELDS)
    if waits or not any(m.is_touched for m in group):
        return "proposed"
    return "adjudicated" if any(m.track == "final" for m in group) else "reviewed"


def _is_news(group: Sequence[DecidedMention], name: str) -> bool:
    """True when nobody who looked an incident through saw this field, and a mention not looked through has it."""
    return any(m.fields[name].state == "suggested" for m in group if not (m.is_touched and m.is_reviewed))


def _hold_back(written: Mention, undecided: DecidedField, decided: Sequence[DecidedField]) -> Mention:
    """The undecided mention without its word on a decided field, where it says something else than what was decided."""
    name, value = undecided.name, undecided.value
    values = [held.value for held in decided if held.value is not None]
    if value is None or value in values:
        return written
    if name == "event_type":
        entry = load_event_types().by_name(load_event_types().highest(str(v) for v in values) if values else str(value))
        return replace(written, event_type=entry.event_type, sub_event_type=entry.sub_event_type)
    if name == "civilian_targeting":
        return replace(written, civilian_targeting=next((v for v in values if isinstance(v, bool)), None))
    if name == "attribution":
        return replace(written, attribution=())
    written = replace(
        written,
        evidence={k: v for k, v in written.evidence.items() if k != name},
        inferred={k: v for k, v in written.inferred.items() if k not in (name, *_BESIDE.get(name, ()))},
        confidence={k: v for k, v in written.confidence.items() if k != name},
        cannot_tell={**written.cannot_tell, name: HELD_BACK},
        **{_SLOTS[name]: None},  # type: ignore[arg-type]
    )
    return replace(written, figures=tuple(f for f in written.figures if name not in (f.measure, f.of)))


_SLOTS: Final = {"date": "dates", **{n: n for n in ("place", "actor1", "actor2", "deaths", "injured")}}
_BESIDE: Final = {"place": ("country",)}


# ---------------------------------------------------------------- what would change an event


def _would_change(one: DecidedMention, name: str, group: Sequence[DecidedMention]) -> bool:
    """True when the undecided word of a mention, were it counted, says something that the decided ones do not."""
    value = one.fields[name].value
    if value is None:
        return False
    decided = [m.fields[name].value for m in group if m.fields[name].is_decided]
    if name in ("actor1", "actor2") and _is_battle(group):
        # In a battle either side may stand first.
        decided += [m.fields[n].value for m in group for n in ("actor1", "actor2") if m.fields[n].is_decided]
    known = [held for held in decided if held is not None]
    if not known:
        return not _says_little(value)
    return not any(_adds_nothing(value, held, one.fields[name].inferred) for held in known)


def _is_battle(group: Sequence[DecidedMention]) -> bool:
    types = [str(m.fields["event_type"].value) for m in group]
    return all(load_event_types().by_name(name).event_type == "Battles" for name in types)


def _says_little(value: Value) -> bool:
    return isinstance(value, Actor) and value.name.startswith("Unidentified")


def _adds_nothing(value: Value, held: Value, inferred: str | None) -> bool:
    """True when `value` is what was decided, or a coarser word for it, or only inferred where a value was decided.

    >>> _adds_nothing(Estimate.exactly(3), Estimate(low=2, best=3, high=5), None)
    True
    >>> _adds_nothing(Estimate.exactly(9), Estimate(low=2, best=3, high=5), None)
    False
    """
    if value == held:
        return True
    match value, held:
        case Dates(), Dates():
            return value.start <= held.start and held.end <= value.end
        case Place(), Place():
            return is_same_place(value, held) or (value.precision > held.precision and value.iso3 == held.iso3)
        case Actor(), Actor():
            return value.name == held.name or _says_little(value)
        case Estimate(), Estimate():
            return inferred is not None or _lies_within(value, held)
        case Blame(), Blame():
            return (value.actor, value.basis) == (held.actor, held.basis)
        case _:
            return False


def _lies_within(value: Estimate, held: Estimate) -> bool:
    if value.low < held.low:
        return False
    if held.high is None:
        return value.high is None and value.best == held.best
    return (value.best if value.high is None else value.high) <= held.high


def is_same_place(one: Place, other: Place) -> bool:
    """True when two places are one entry of the gazetteer, or bear one name in one country."""
    if one.gazetteer_id is not None and one.gazetteer_id == other.gazetteer_id:
        return True
    return (one.name.casefold(), one.iso3, one.admin1) == (other.name.casefold(), other.iso3, other.admin1)
