"""Figures said of several incidents or of a period, after what people decided: tied to incidents, never split."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, get_args

from conflictdesk.decisions import Decision, write_json
from conflictdesk.records import Claim, Measure, Span, ValueIs, hash_id

SplitRule = Literal["not split", "even split", "stated split"]
ClaimState = Literal["suggested", "confirmed", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedClaim:
    """A claim as it stands; `mention_ids` are the incidents it is said of, `rule` how its figure goes with theirs.

    "not split": it is counted for none of them; "even split": each has the same part; "stated split": the article
    gives the parts. `dropped` is the reason where it is dropped.
    """

    claim_id: str
    claim: Claim
    state: ClaimState
    added_by: str | None = None
    mention_ids: tuple[str, ...] = ()
    rule: SplitRule = "not split"
    dropped: str | None = None


def new_claim_id(decision_id: str) -> str:
    """The id of a claim that the decision `decision_id` adds."""
    return hash_id("c", decision_id)


def _text(given: object) -> str | None:
    if given is None or (isinstance(given, str) and given.strip()):
        return given
    raise ValueError("give words or null")


def _day(given: object) -> dt.date | None:
    if given is None:
        return None
    if not isinstance(given, str):
        raise ValueError("give a day such as 2024-03-05, or null")
    return dt.date.fromisoformat(given)


def _number(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < 1e12:
        raise ValueError("give a number from 0")
    return float(given)


def _one_of(known: Sequence[str]) -> Callable[[object], object]:
    def read(given: object) -> object:
        if given not in known:
            raise ValueError(f"give one of {', '.join(known)}")
        return given

    return read


def _ids(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
        raise ValueError("give a list of incidents")
    return tuple(dict.fromkeys(given))


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "by": _text,
    "of": _text,
    "said_by": _text,
    "measure": _one_of(get_args(Measure)),
    "value": _number,
    "value_is": _one_of(get_args(ValueIs)),
    "from_day": _day,
    "to_day": _day,
    "mention_ids": _ids,
    "rule": _one_of(get_args(SplitRule)),
}
CLAIM_PARTS: Final = tuple(_READERS)
_NEEDED: Final = ("measure", "value")


@dataclass(frozen=True, slots=True)
class ClaimParts:
    """What a decision says of a claim: `said` for the claim itself, `ties` and `rule` where they are given."""

    said: Mapping[str, object] = field(default_factory=dict)
    ties: tuple[str, ...] | None = None
    rule: SplitRule | None = None


def read_claim(after: str | None, *, whole: bool) -> ClaimParts:
    """The parts of a claim that a decision's `after` gives: a JSON object with keys of CLAIM_PARTS.

    `whole` is true for a claim that is added: it must say its measure and its value.

    Raises:
        ValueError: a part is unknown, missing or cannot be read; the message names it.

    >>> read_claim('{"measure":"deaths","value":60,"mention_ids":["m-1","m-2"]}', whole=True).ties
    ('m-1', 'm-2')
    """
    given = json.loads(after) if after else {}
    if not isinstance(given, dict) or set(given) - set(CLAIM_PARTS):
        raise ValueError(f"a claim takes {', '.join(CLAIM_PARTS)}")
    missing = [name for name in _NEEDED if whole and name not in given]
    if missing:
        raise ValueError(f"the claim does not say its {' and '.join(missing)}")
    read: dict[str, object] = {}
    for name, value in given.items():
        try:
            read[name] = _READERS[name](value)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    start, end = read.get("from_day"), read.get("to_day")
    if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
        raise ValueError(f"to_day: the window cannot end before it starts: {start}..{end}")
    ties, rule = read.pop("mention_ids", None), read.pop("rule", None)
    return ClaimParts(
        read,
        ties if isinstance(ties, tuple) else None,
        next((known for known in get_args(SplitRule) if known == rule), None),
    )


def write_claim(parts: Mapping[str, object]) -> str:
    """The parts of a claim as canonical JSON, days as texts: what goes into `Decision.after`."""
    return write_json({k: v.isoformat() if isinstance(v, dt.date) else v for k, v in parts.items()})


def fold_claims(
    article_id: str, claims: Iterable[Claim], decisions: Iterable[Decision]
) -> tuple[tuple[DecidedClaim, ...], tuple[Decision, ...]]:
    """The claims of an article after `decisions`, and the decisions that could not be applied."""
    held = {c.claim_id: DecidedClaim(claim_id=c.claim_id, claim=c, state="suggested") for c in claims}
    orphans: list[Decision] = []
    for decision in sorted(decisions, key=lambda d: (d.action != "add", d.track == "final", d.seq)):
        known = held.get(decision.subject_id)
        try:
            if decision.action == "add" and known is None:
                held[decision.subject_id] = _add(article_id, decision)
            elif known is not None and decision.action != "add":
                held[decision.subject_id] = _decide(known, decision)
            else:
                orphans.append(decision)
        except ValueError:
            orphans.append(decision)
    return tuple(held.values()), tuple(orphans)


def _add(article_id: str, decision: Decision) -> DecidedClaim:
    parts = read_claim(decision.after, whole=True)
    empty = Claim(
        claim_id=decision.subject_id,
        article_id=article_id,
        by=None,
        of=None,
        measure="other",
        value=0,
        value_is="exact",
        from_day=None,
        to_day=None,
        said_by=None,
        evidence={},
    )
    bare = DecidedClaim(claim_id=decision.subject_id, claim=empty, state="confirmed", added_by=decision.by)
    return _apply(bare, parts, decision)


def _decide(held: DecidedClaim, decision: Decision) -> DecidedClaim:
    if decision.action == "drop":
        return replace(held, state="dropped", dropped=decision.reason or "other")
    if decision.action == "restore":
        state: ClaimState = "confirmed" if held.added_by else "suggested"
        return replace(held, state=state, dropped=None) if held.state == "dropped" else held
    if decision.action in ("accept", "change"):
        return _apply(replace(held, dropped=None), read_claim(decision.after, whole=False), decision)
    raise ValueError(f"a claim cannot be decided by {decision.action!r}")


def _apply(held: DecidedClaim, parts: ClaimParts, decision: Decision) -> DecidedClaim:
    spans: tuple[Span, ...] = tuple(quoted.span for quoted in decision.evidence)
    claim = replace(held.claim, **parts.said)  # type: ignore[arg-type]
    return replace(
        held,
        claim=replace(claim, evidence={**claim.evidence, "value": spans}) if spans else claim,
        state="confirmed",
        mention_ids=held.mention_ids if parts.ties is None else parts.ties,
        rule=parts.rule or held.rule,
    )
