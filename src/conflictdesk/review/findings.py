"""The checks of "finish": what must be mended before an article is coded, and what a coder should look at again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.decisions import FIELDS, DecidedMention
from conflictdesk.records import Claim, Dates, Estimate, Place
from conflictdesk.review.claims import DecidedClaim
from conflictdesk.review.coverage import list_open
from conflictdesk.review.folding import CaseFile

FindingKind = Literal["undecided", "untyped", "unassigned", "toll", "future", "abroad", "count"]
FIELD_WORDS: Final = {
    "event_type": "what happened",
    "date": "when",
    "place": "where",
    "actor1": "who did it",
    "actor2": "to whom",
    "deaths": "the killed",
    "injured": "the injured",
    "civilian_targeting": "whether civilians were the target",
    "attribution": "who is said to have done it",
    "note": "the note",
}
_ABOUT: Final = 0.1
"""How far a sum may lie from a figure that the article gives as "about" so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a check found; `told` is a sentence for the coder. A blocking one must be mended first."""

    kind: FindingKind
    blocking: bool
    told: str
    subject_id: str | None = None
    field: str | None = None
    sentence: int | None = None


def check_case(file: CaseFile) -> tuple[Finding, ...]:
    """Everything that speaks against finishing an article: what blocks first, then the warnings, in text order."""
    numbered = list(enumerate(file.kept, start=1))
    return (
        *_find_undecided(numbered),
        *_find_unassigned(file),
        *_find_tolls(file, numbered),
        *_find_future(file, numbered),
        *_find_abroad(numbered),
        *_find_uncounted(file),
    )


_Numbered = Sequence[tuple[int, DecidedMention]]


def _find_undecided(numbered: _Numbered) -> Iterator[Finding]:
    for number, mention in numbered:
        told = f"Incident {number}: {{}} is not decided. Accept it, change it, or say that the article does not say."
        for name in FIELDS:
            if mention.fields[name].state == "suggested":
                words = told.format(FIELD_WORDS[name])
                yield Finding(kind="undecided", blocking=True, told=words, subject_id=mention.mention_id, field=name)
        held = mention.fields["event_type"]
        if held.value is None:
            words = f"Incident {number} has no event type. Give it one, or drop the incident."
            yield Finding(kind="untyped", blocking=True, told=words, subject_id=mention.mention_id, field="event_type")


def _find_unassigned(file: CaseFile) -> Iterator[Finding]:
    for index in list_open(file):
        words = (
            f"Sentence s{index} has words of violence and is in no incident. Add it to one, or mark it as background."
        )
        yield Finding(kind="unassigned", blocking=True, told=words, sentence=index)


# ---------------------------------------------------------------- a toll said of several incidents


def _find_tolls(file: CaseFile, numbered: _Numbered) -> Iterator[Finding]:
    for held in file.claims:
        if held.state == "dropped" or held.claim.measure not in ("deaths", "injured"):
            continue
        tied = [(n, m) for n, m in numbered if m.mention_id in held.mention_ids]
        told = _compare_toll(held, tied) if tied else None
        if told:
            yield Finding(kind="toll", blocking=False, told=told, subject_id=held.claim_id, field=held.claim.measure)


def _compare_toll(held: DecidedClaim, tied: _Numbered) -> str | None:
    claim = held.claim
    tolls = [m.fields[claim.measure].value for _, m in tied]
    known = [t for t in tolls if isinstance(t, Estimate)]
    least, best = sum(t.low for t in known), sum(t.best for t in known)
    whole = len(known) == len(tied) > 0
    if not _disagrees(claim, least, best, whole):
        return None
    names = ", ".join(str(n) for n, _ in tied)
    said = "" if claim.value_is == "exact" else f"{claim.value_is} "
    word = "killed" if claim.measure == "deaths" else "injured"
    return (
        f"The article says {said}{claim.value:g} {word} for incidents {names} together; "
        f"their own figures come to {best}. Is one of them counted twice, or missing?"
    )


def _disagrees(claim: Claim, least: int, best: int, whole: bool) -> bool:
    """True when the incidents' own figures cannot go with the claim; `whole`: each of them has a figure."""
    slack = claim.value * _ABOUT if claim.value_is == "about" else 0.0
    too_many = claim.value_is != "at least" and least > claim.value + slack
    if not whole:
        return too_many
    too_few = claim.value_is != "at most" and best < claim.value - slack
    beyond = claim.value_is != "at least" and best > claim.value + slack
    return too_many or too_few or beyond


# ---------------------------------------------------------------- days, places, numbers


def _find_future(file: CaseFile, numbered: _Numbered) -> Iterator[Finding]:
    published = file.article.published_on
    for number, mention in numbered:
        dates = mention.fields["date"].value
        if published is None or not isinstance(dates, Dates) or dates.end <= published:
            continue
        after = "is" if dates.start > published else "reaches to"
        words = f"Incident {number} {after} {dates.end}, after the article was published ({published})."
        yield Finding(kind="future", blocking=False, told=words, subject_id=mention.mention_id, field="date")


def _find_abroad(numbered: _Numbered) -> Iterator[Finding]:
    places = [(n, m.mention_id, m.fields["place"].value) for n, m in numbered]
    known = [(n, i, p) for n, i, p in places if isinstance(p, Place) and p.country is not None]
    counts = Counter(p.country for _, _, p in known)
    home, most = min(counts.items(), key=lambda row: (-row[1], row[0] or ""), default=(None, 0))
    if most < 2 or most * 2 <= len(known):
        return
    for number, mention_id, place in known:
        if place.country != home:
            words = f"Incident {number} is in {place.country}, {most} others of this article are in {home}."
            yield Finding(kind="abroad", blocking=False, told=words, subject_id=mention_id, field="place")


_CORE: Final = ("event_type", "deaths", "injured")


def _find_uncounted(file: CaseFile) -> Iterator[Finding]:
    """Sentences with words of violence on which no incident's type or toll rests: perhaps an incident is missing."""
    spans = [s for m in file.mentions for n in _CORE for s in (*m.fields[n].evidence, *m.fields[n].suggested)]
    spans += [f for m in file.mentions if m.machine for figure in m.machine.figures for f in figure.evidence]
    spans += [s for c in file.claims for held in c.claim.evidence.values() for s in held]
    cues = [note for note in (file.coding.sentences if file.coding else ()) if note.cue and note.index > 0]
    waiting = set(list_open(file)) | file.background
    loose = [
        note.index
        for note in cues
        if note.index not in waiting and not any(s.start < note.end and note.start < s.end for s in spans)
    ]
    kept = len(file.kept)
    if loose and kept:
        names = ", ".join(f"s{index}" for index in loose)
        word = "incident" if kept == 1 else "incidents"
        words = (
            f"You have {kept} {word}, but no type and no toll rests on {names}, which tell of violence. Is one missing?"
        )
        yield Finding(kind="count", blocking=False, told=words, sentence=loose[0])
    if kept > len(cues) + 1 and cues:
        words = f"You have {kept} incidents, but only {len(cues)} sentences tell of violence. Is one there twice?"
        yield Finding(kind="count", blocking=False, told=words)
