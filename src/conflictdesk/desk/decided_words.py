"""Decisions in words: what a field is called, what a decided value says, what a person did."""

from __future__ import annotations

import datetime as dt
from typing import Final

from conflictdesk.decisions import Blame, DecidedField, Decision, FieldState, Value, read_value
from conflictdesk.publish.wording import (
    NOT_SAID,
    say_date_precision,
    say_dates,
    say_day,
    say_place,
    say_place_precision,
)
from conflictdesk.records import Actor, Dates, Estimate, Place

FIELD_TITLES: Final = {
    "event_type": "What",
    "date": "When",
    "place": "Where",
    "actor1": "Actor 1",
    "actor2": "Actor 2",
    "deaths": "Killed",
    "injured": "Injured",
    "civilian_targeting": "Civilians the main target",
    "attribution": "Who is said to have done it",
    "note": "Note",
}
STATE_WORDS: Final[dict[FieldState, tuple[str, str]]] = {
    "suggested": ("○", "suggested by the machine"),
    "confirmed": ("●", "confirmed"),
    "changed": ("✎", "changed"),
    "rejected": ("✕", "rejected"),
    "not_stated": ("∅", "the article does not say"),
    "empty": ("·", "nothing proposed"),
}
"""A mark and its words for each state of a field; the mark never stands without the words."""
TRACK_WORDS: Final = {"main": "first coder", "second": "second coder", "final": "settled by the lead"}
STATUS_WORDS: Final = {
    "proposed": "proposed by the machine, nobody has looked",
    "reviewed": "reviewed",
    "reopened": "reopened: a new report differs from what was decided",
    "adjudicated": "settled by the lead",
}
CASE_WORDS: Final = {
    "new": "new",
    "open": "begun",
    "coded": "coded",
    "second": "waits for the second coder",
    "disputed": "two coders differ",
    "adjudicated": "settled by the lead",
    "skipped": "skipped",
    "nothing": "no incident proposed",
}
_ACTIONS: Final = {
    "accept": "confirmed",
    "change": "changed",
    "reject": "rejected",
    "not_stated": "marked as not stated",
    "add": "added",
    "drop": "dropped",
    "restore": "restored",
    "adopt": "took over from the second coder",
    "same": "judged to be the same event",
    "different": "judged to be different events",
    "unsure": "could not tell whether it is the same event",
    "background": "marked sentences as background",
    "foreground": "took sentences out of the background",
    "finish": "finished the article",
    "reopen": "reopened the article",
    "skip": "skipped the article",
    "flag": "asked the lead",
    "draw": "drew the article for a second coder",
    "settle": "settled all differences",
    "withdraw": "withdrew the event",
    "undo": "took back a decision",
    "grant": "gave a role",
    "revoke": "took a role away",
}
SUBJECT_WORDS: Final = {
    "mention": "incident",
    "claim": "claim",
    "article": "article",
    "event": "event",
    "match": "pair of reports",
    "user": "user",
}
_BASES: Final = {
    "claimed": "claimed by {actor}",
    "accused": "{actor} is accused by {by}",
    "reported": "{actor}, as reported by {by}",
    "unclaimed": "nobody has claimed it",
}


def title_field(name: str) -> str:
    """A field as a reader is told of it.

    >>> title_field("deaths"), title_field("seen_by")
    ('Killed', 'Seen by')
    """
    return FIELD_TITLES.get(name, name.replace("_", " ").capitalize())


def say_decided(value: Value | None) -> str:
    """A decided value in words; None is "not said", never 0 and never empty.

    >>> say_decided(Estimate(low=2, best=3, high=None)), say_decided(None), say_decided(False)
    ('3 (at least 2)', 'not said', 'no')
    """
    if value is None:
        return NOT_SAID
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Dates):
        return say_dates(value) if value.precision == 1 else f"{say_dates(value)} ({say_date_precision(value)})"
    if isinstance(value, Place):
        finer = [part for part in (value.admin2, value.admin1) if part and part != value.name]
        how = [say_place_precision(value)] if value.precision > 1 else finer
        return f"{say_place(value)} ({'; '.join(how)})" if how else say_place(value)
    if isinstance(value, Actor):
        return value.name
    if isinstance(value, Estimate):
        return say_figures(value)
    return say_blame(value) if isinstance(value, Blame) else value


def say_figures(people: Estimate) -> str:
    """A number of people: the best figure first, low and high after it where they differ.

    >>> say_figures(Estimate(low=9, best=9, high=12)), say_figures(Estimate(low=9, best=9, high=None))
    ('9 (9 to 12)', 'at least 9')
    """
    if people.high is None:
        return (
            f"at least {people.best:,}" if people.low == people.best else f"{people.best:,} (at least {people.low:,})"
        )
    same = people.low == people.best == people.high
    return f"{people.best:,}" if same else f"{people.best:,} ({people.low:,} to {people.high:,})"


def say_blame(blame: Blame) -> str:
    """Who is said to have done it, always with who says so.

    >>> say_blame(Blame(actor="the North Front", by="the army", basis="accused"))
    'the North Front is accused by the army'
    """
    told = _BASES[blame.basis].format(actor=blame.actor or "somebody not named", by=blame.by or "the article")
    return told if blame.basis != "unclaimed" or not blame.by else f"{told}, as reported by {blame.by}"


def say_stored(name: str | None, text: str | None) -> str:
    """A value of the journal in words; a text that is no such value is shown as it stands.

    >>> say_stored("deaths", '{"best":2,"high":2,"low":2}'), say_stored(None, '"deaths >= 25"')
    ('2', 'deaths >= 25')
    """
    if text is None:
        return NOT_SAID
    try:
        return say_decided(read_value(name or "", text))
    except ValueError:
        return text.strip('"')


def say_doing(decision: Decision) -> str:
    """What a decision did, in words, its field and subject named."""
    did = _ACTIONS[decision.action]
    if decision.track == "final" and decision.action in ("accept", "change", "not_stated", "reject"):
        did = "settled"
    if decision.field:
        return f"{did}: {title_field(decision.field).lower()}"
    if decision.action in ("accept", "change", "reject", "not_stated", "add", "drop", "restore"):
        return f"{did} the {SUBJECT_WORDS[decision.subject_kind]}"
    if decision.action == "adopt":
        return f"{did} an incident"
    return did


def say_state(field: DecidedField) -> str:
    """The state of a field in words, with who decided it.

    >>> say_state(DecidedField(name="deaths", state="confirmed", by="ana"))
    'confirmed by ana'
    """
    words = STATE_WORDS[field.state][1]
    return f"{words} by {field.by}" if field.is_decided and field.by and field.state != "not_stated" else words


def say_moment(moment: dt.datetime) -> str:
    """A moment to the minute, in universal time.

    >>> say_moment(dt.datetime(2026, 11, 2, 9, 5, tzinfo=dt.UTC))
    '2 Nov 2026, 09:05 UTC'
    """
    told = moment.astimezone(dt.UTC)
    return f"{say_day(told.date())}, {told:%H:%M} UTC"
