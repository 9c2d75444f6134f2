"""What people decide at the desk: frozen records, and the one way in which a decided value is written and read.

A Decision is only ever added to the journal. What stands now is always the fold of all of them (`review`), never a
stored state of its own. Values travel as canonical JSON text, so that a hash of them means the same on every machine.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from conflictdesk.records import Actor, AttributionBasis, Dates, Estimate, Mention, Place, Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SubjectKind = Literal["mention", "claim", "article", "event", "match", "user"]
Action = Literal[
    "accept",  # mention, claim: the suggestion is right
    "change",  # mention, event: another value
    "reject",  # mention: the suggestion is wrong and no value is known to be right
    "not_stated",  # mention: the article does not say
    "add",  # mention, claim: what the machine missed
    "drop",  # mention, claim: none, with the reason
    "restore",  # mention, event: dropped or withdrawn by mistake
    "adopt",  # mention, by the lead: an incident of the second coder counts
    "same",  # match: two mentions tell of one event (`name_pair` makes the subject's id)
    "different",  # match
    "unsure",  # match
    "background",  # article: sentences that tell of no incident
    "foreground",  # article: those sentences are to be assigned after all
    "finish",  # article: this coder is done
    "reopen",  # article
    "skip",  # article, with the reason
    "flag",  # article, mention: a question to the lead
    "draw",  # article: a second coder shall code it; `after` is the stratum
    "settle",  # article, by the lead: all differences are settled
    "withdraw",  # event, with the reason
    "undo",  # takes back the decision named in `reverts`
    "grant",  # user: `after` is the role
    "revoke",  # user
]
Track = Literal["main", "second", "final"]
"""Whose coding: the first coder's, the second coder's, or what the lead settled. Only main and final make events."""
Mode = Literal["assisted", "blind"]
Role = Literal["viewer", "coder", "reviewer", "lead"]
ROLES: Final[tuple[Role, ...]] = ("viewer", "coder", "reviewer", "lead")
"""From the least to the most: each may do what those before it may."""

FIELDS: Final = (
    *("event_type", "date", "place", "actor1", "actor2", "deaths", "injured"),
    *("civilian_targeting", "attribution", "note"),
)
"""What is decided of an incident, in the order of the card."""
MUST_LOOK: Final = frozenset(("deaths", "place", "actor1", "actor2"))
"""Fields that "accept all" does not take without asking."""
DROP_REASONS: Final = ("not violence", "historic", "duplicate in text", "threat only", "other")
SETTLE_REASONS: Final = ("ambiguous text", "rule gap", "coder slip", "source conflict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """Who is reported to have done it: `by` says so, on that `basis`. As reported, never our own finding."""

    actor: str | None
    by: str | None
    basis: AttributionBasis


Value: TypeAlias = str | bool | Dates | Place | Actor | Estimate | Blame
"""A decided value: str for event_type (the sub-event type's name) and note, bool for civilian_targeting."""
_KINDS: Final[Mapping[str, type]] = {
    "event_type": str,
    "date": Dates,
    "place": Place,
    "actor1": Actor,
    "actor2": Actor,
    "deaths": Estimate,
    "injured": Estimate,
    "civilian_targeting": bool,
    "attribution": Blame,
    "note": str,
}


@cache
def _adapter(kind: type) -> TypeAdapter[Value]:
    from pydantic import ConfigDict, TypeAdapter

    return TypeAdapter(kind, config=ConfigDict(strict=True) if kind in (str, bool) else None)


def write_json(value: object) -> str:
    """Canonical JSON: keys sorted, no spaces, letters as they are.

    >>> write_json({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write_value(name: str, value: Value | None) -> str | None:
    """A value of the field `name` as canonical JSON text; None stays None.

    >>> write_value("deaths", Estimate(low=2, best=2, high=None))
    '{"best":2,"high":null,"imputed":null,"low":2}'
    """
    return None if value is None else write_json(_adapter(_KINDS[name]).dump_python(value, mode="json"))


def read_value(name: str, text: str | None) -> Value | None:
    """The value of the field `name` that `write_value` wrote; None stays None.

    Raises:
        ValueError: there is no such field, or the text is no such value; the message says what is wrong.

    >>> read_value("date", '{"start":"2021-02-15","end":"2021-02-15","precision":1}').start
    datetime.date(2021, 2, 15)
    """
    if name not in _KINDS:
        raise ValueError(f"there is no field {name!r}")
    if text is None:
        return None
    from pydantic import ValidationError

    kind = _KINDS[name]
    try:
        given = json.loads(text)
        if kind not in (str, bool):
            known = {part.name for part in dataclasses.fields(kind)}
            if not isinstance(given, dict) or set(given) - known:
                raise ValueError(f"{name} takes {', '.join(sorted(known))}")
        value = _adapter(kind).validate_python(given)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))} {e['msg']}".strip() for e in error.errors())
        raise ValueError(f"{name}: {told}") from error
    if isinstance(value, str) and not value.strip():
        raise ValueError(f"{name} cannot be empty")
    return value


def name_pair(one: str, other: str) -> str:
    """The `subject_id` of a verdict on two mentions ("same", "different", "unsure"): both ids, the smaller first.

    >>> name_pair("m-b", "m-a")
    'm-a|m-b'
    """
    return "|".join(sorted((one, other)))


def read_pair(subject_id: str) -> tuple[str, str]:
    """The two mentions of a verdict's `subject_id`.

    Raises:
        ValueError: it names no two different mentions, the smaller first.
    """
    left, bar, right = subject_id.partition("|")
    if not (left and bar and left < right and "|" not in right):
        raise ValueError(f"{subject_id!r} names no pair: write two mentions' ids, the smaller first, as m-1|m-2")
    return left, right


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Evidence as it is kept: a span of the article's text, the words themselves, 32 characters to each side.

    `sentence` is the number of the sentence where it begins (0 is the headline).
    """

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    sentence: int

    @property
    def span(self) -> Span:
        """The stretch of text alone."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing that one person decided, with all that is needed to understand it years later.

    `decision_id` is chosen by whoever sends it, so that sending it twice stores it once. `before` and `after` are
    canonical JSON (see `write_value`). `suggestion` names the coder whose value stood there; `text_hash` the article's
    text; `shown_ms` the milliseconds from showing to deciding. `seq`, `previous` and `hash` are given by the store:
    numbers from 1 without gaps, and a chain in which no row can be changed or taken out unseen.
    """

    decision_id: str
    subject_kind: SubjectKind
    subject_id: str
    action: Action
    by: str
    at: dt.datetime
    article_id: str | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    evidence: tuple[Quoted, ...] = ()
    inferred: str | None = None
    reason: str | None = None
    reverts: str | None = None
    track: Track = "main"
    mode: Mode = "assisted"
    suggestion: str | None = None
    codebook: str | None = None
    text_hash: str | None = None
    shown_ms: int | None = None
    seq: int = 0
    previous: str = ""
    hash: str = ""


def write_decision(decision: Decision) -> str:
    """A decision as canonical JSON, without its place in the chain: what is hashed, and a line of the journal."""
    told = {
        name: getattr(decision, name)
        for name in (part.name for part in dataclasses.fields(Decision))
        if name not in ("seq", "previous", "hash", "at", "evidence")
    }
    quotes = [
        {name: getattr(q, name) for name in (part.name for part in dataclasses.fields(Quoted))}
        for q in decision.evidence
    ]
    at = decision.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return write_json({**told, "at": at, "evidence": quotes})


def chain_decision(decision: Decision, seq: int, previous: str) -> Decision:
    """The decision at its place in the chain: its hash covers its number, what it says and the hash before it."""
    told = f"{seq}\n{previous}\n{write_decision(decision)}"
    return replace(decision, seq=seq, previous=previous, hash=hashlib.sha256(told.encode()).hexdigest())


# ---------------------------------------------------------------- what stands after all decisions

FieldState = Literal["suggested", "confirmed", "changed", "rejected", "not_stated", "empty"]
DECIDED: Final = frozenset(("confirmed", "changed", "rejected", "not_stated"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedField:
    """What stands of one field of one incident: "empty" when neither the machine nor a person said anything.

    `value` and `evidence` are those that count now; `suggestion` and `suggested` what the machine proposed, `score` its
    probability of being right, `cannot_tell` why it proposed nothing. `by` and `decision_id` name the last decision.
    """

    name: str
    state: FieldState
    value: Value | None = None
    evidence: tuple[Span, ...] = ()
    inferred: str | None = None
    suggestion: Value | None = None
    suggested: tuple[Span, ...] = ()
    score: float | None = None
    cannot_tell: str | None = None
    by: str | None = None
    decision_id: str | None = None

    @property
    def is_decided(self) -> bool:
        """True when a person has decided it."""
        return self.state in DECIDED


def _no_fields() -> Mapping[str, DecidedField]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedMention:
    """What one article says of one incident, after all decisions on one track.

    `machine` is the coder's mention, None where a person added it; `added_by` names that person. `dropped` is the
    reason for which it is no incident. `order` is its place in the history of the desk (see `casework.Order`).
    """

    mention_id: str
    article_id: str
    machine: Mention | None
    fields: Mapping[str, DecidedField] = field(default_factory=_no_fields)
    dropped: str | None = None
    added_by: str | None = None
    track: Track = "main"
    order: tuple[int, int, int] = (0, 0, 0)

    @property
    def is_touched(self) -> bool:
        """True when a person has decided anything of it."""
        return bool(self.dropped or self.added_by or any(f.is_decided for f in self.fields.values()))

    @property
    def is_reviewed(self) -> bool:
        """True when nothing that the machine suggested still waits for a person."""
        return self.dropped is not None or not any(f.state == "suggested" for f in self.fields.values())
