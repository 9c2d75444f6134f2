"""The lead's choice on one difference, as decisions of the final track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.decisions import DROP_REASONS, SETTLE_REASONS, DecidedField, write_json, write_value
from conflictdesk.desk.form_decisions import name_decision
from conflictdesk.desk.settling_view import Gap, Settling
from conflictdesk.desk.typed_values import read_typed
from conflictdesk.errors import ConfigError
from conflictdesk.records import Span
from conflictdesk.workflow.recording import Draft

_AS_CODED: Final = "as the coder concluded it"


@dataclass(frozen=True, slots=True)
class _Chosen:
    settling: Settling
    gap: Gap
    reason: str
    token: str
    choice: str

    def draft(self, action: str, **more: object) -> Draft:
        """A decision of the final track on the incident."""
        parts = (self.gap.key, action, self.choice, self.reason, str(more.get("after") or ""))
        return Draft(
            decision_id=name_decision(self.token, *parts),
            subject_kind="mention",
            subject_id=self.gap.mention_id,
            article_id=self.settling.article.article_id,
            action=action,  # type: ignore[arg-type]
            track="final",
            reason=self.reason,
            **more,  # type: ignore[arg-type]
        )


def draft_choice(settling: Settling, gap: Gap, form: Mapping[str, str]) -> tuple[Draft, ...]:
    """What a form chose on a difference: "a", "b" or "other" of a field, "counts" or "not" of an incident.

    Raises:
        ConfigError: no choice, no reason of the list, or another value that cannot be read.
    """
    choice, reason = form.get("choice", ""), form.get("reason", "")
    if reason not in SETTLE_REASONS:
        raise ConfigError(f"reason: say why the coders differ, one of: {', '.join(SETTLE_REASONS)}")
    chosen = _Chosen(settling, gap, reason, form.get("token", ""), choice)
    if gap.found_by is not None:
        return _draft_incident(chosen, form)
    if choice == "other":
        return (_draft_other(chosen, form),)
    if choice not in ("a", "b"):
        raise ConfigError("choice: take A, take B, or write another value")
    field = gap.ours if (choice == "a") != settling.swapped else gap.theirs
    return (_draft_field(chosen, gap.field, field),)


def _draft_field(chosen: _Chosen, name: str, field: DecidedField | None) -> Draft:
    if field is None or field.value is None:
        return chosen.draft("not_stated", field=name)
    spans = field.evidence
    inferred = field.inferred or (None if spans else _AS_CODED)
    return chosen.draft("change", field=name, after=write_value(name, field.value), spans=spans, inferred=inferred)


def _draft_other(chosen: _Chosen, form: Mapping[str, str]) -> Draft:
    """Another value: it rests on the words of both coders, or on what the lead concludes."""
    gap, told = chosen.gap, form.get("other", "").strip()
    if not told:
        return chosen.draft("not_stated", field=gap.field)
    value = read_typed(gap.field, told)
    spans: tuple[Span, ...] = tuple(
        dict.fromkeys(span for field in (gap.ours, gap.theirs) if field is not None for span in field.evidence)
    )
    inferred = form.get("why", "").strip()[:500] or (None if spans else "concluded by the lead from the whole text")
    return chosen.draft("change", field=gap.field, after=write_value(gap.field, value), spans=spans, inferred=inferred)


def _draft_incident(chosen: _Chosen, form: Mapping[str, str]) -> tuple[Draft, ...]:
    """An incident that one coder alone found: it counts, or it does not.

    What the second coder alone found is taken over first, so that the reason for dropping it has a place to stand.
    """
    settling, gap = chosen.settling, chosen.gap
    by_first = (gap.found_by == "a") != settling.swapped
    dropped = gap.settled is not None and gap.settled.action == "drop"
    known = by_first or gap.settled is not None
    begin = () if known else (chosen.draft("adopt", after=write_json(settling.second)),)
    if chosen.choice == "counts":
        if not by_first:
            return begin or ((chosen.draft("restore"),) if dropped else ())
        kept = _draft_field(chosen, "event_type", gap.ours)
        return (chosen.draft("restore"), kept) if dropped else (kept,)
    if chosen.choice != "not":
        raise ConfigError("choice: say whether the incident counts")
    why = form.get("drop", "")
    if why not in DROP_REASONS:
        raise ConfigError(f"drop: say why it is no incident, one of: {', '.join(DROP_REASONS)}")
    if dropped:
        return ()
    return (*begin, replace(chosen.draft("drop"), reason=f"{why}: {chosen.reason}"))
