"""The differences of two coders as the lead settles them: what each says, on which sentences, what was settled."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.casework import SentenceNote
from conflictdesk.decisions import DecidedField, DecidedMention, Decision
from conflictdesk.desk.article_view import Mark, Segment, cut_text, find_sentence, note_sentences, title_incident
from conflictdesk.desk.decided_words import say_decided, title_field
from conflictdesk.desk.double_coded import fold_before, list_seconds
from conflictdesk.desk.typed_values import HOW_TO
from conflictdesk.records import Article, Span
from conflictdesk.review.comparing import COMPARED
from conflictdesk.review.folding import CaseFile
from conflictdesk.review.pairing import find_differences, pair_incidents
from conflictdesk.review.standing import list_standing
from conflictdesk.workflow.casefiles import Papers

Side = Literal["a", "b"]
INCIDENT: Final = "incident"
_NOTHING: Final = "the article does not say"
"""What a coder says who left a field without a value."""


@dataclass(frozen=True, slots=True)
class SentenceShown:
    """A sentence on which a value rests, with the quoted words marked: numbers 1 for A, 2 for B."""

    index: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One difference: a field of a paired incident, or an incident that one coder alone found (`field` is INCIDENT).

    `ours` is the first coder's word, `theirs` the second's; A and B hide which is which. `settled` is the decision of
    the lead that stands, None while nothing is settled.
    """

    key: str
    field: str
    title: str
    incident: str
    mention_id: str
    a: str
    b: str
    sentences: tuple[SentenceShown, ...]
    ours: DecidedField | None
    theirs: DecidedField | None
    found_by: Side | None
    typed: str | None
    settled: Decision | None

    @property
    def settled_words(self) -> str:
        """What was settled, in words."""
        done = self.settled
        if done is None:
            return ""
        if self.found_by is not None:
            return "it does not count" if done.action == "drop" else "it counts"
        from conflictdesk.desk.decided_words import say_stored

        return _NOTHING if done.action in ("not_stated", "reject") else say_stored(done.field, done.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """An article before the lead: its differences, what is agreed, who coded it (shown when all is settled).

    `seconds` are all second coders who have finished, by name; `second` is the one whose differences these are.
    """

    article: Article
    gaps: tuple[Gap, ...]
    agreed: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    swapped: bool
    first: str
    second: str
    settled: bool
    seconds: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """How many differences wait."""
        return sum(gap.settled is None for gap in self.gaps)

    def name_of(self, side: Side) -> str:
        """The coder behind a letter."""
        return self.second if (side == "b") != self.swapped else self.first

    def find(self, key: str) -> Gap | None:
        """The difference of that key."""
        return next((gap for gap in self.gaps if gap.key == key), None)


def is_swapped(article_id: str) -> bool:
    """Whether A is the second coder: by the article's hash, so that the letters do not betray who coded first."""
    return hashlib.sha256(article_id.encode()).digest()[0] % 2 == 1


def view_settling(papers: Papers, coder: str | None = None) -> Settling | None:
    """The differences of an article with one second coder, the first by name where none is asked for.

    None where no second coder has finished.
    """
    seconds = list_seconds(papers)
    theirs = next((file for file in seconds if coder in (None, file.by)), None)
    if theirs is None:
        return None
    ours = fold_before(papers)
    found = pair_incidents(ours.mentions, theirs.mentions, papers.article)
    maker = _GapMaker(papers, is_swapped(papers.article.article_id))
    gaps = [maker.of_field(a, b, name.field) for a, b in found.pairs for name in find_differences(a, b)]
    gaps += [maker.of_incident(m, first=True) for m in found.only_ours]
    gaps += [maker.of_incident(m, first=False) for m in found.only_theirs]
    return Settling(
        article=papers.article,
        gaps=tuple(gaps),
        agreed=tuple((title_incident(a), _list_agreed(a, b)) for a, b in found.pairs),
        swapped=maker.swapped,
        first=_name_first(ours),
        second=theirs.by or "",
        settled=papers.fold().settled,
        seconds=tuple(file.by or "" for file in seconds),
    )


def _name_first(file: CaseFile) -> str:
    return max(file.finished, key=lambda name: file.finished[name]) if file.finished else ""


def _list_agreed(ours: DecidedMention, theirs: DecidedMention) -> tuple[tuple[str, str], ...]:
    differ = {d.field for d in find_differences(ours, theirs)}
    return tuple(
        (title_field(name), say_decided(ours.fields[name].value))
        for name in COMPARED
        if name not in differ and ours.fields[name].value is not None
    )


class _GapMaker:
    """Makes the differences of one article."""

    def __init__(self, papers: Papers, swapped: bool) -> None:
        self.text = papers.article.text
        self.notes: Sequence[SentenceNote] = note_sentences(papers.fold())
        self.swapped = swapped
        self.final = list_standing(d for d in papers.decisions if d.track == "final")

    def of_field(self, ours: DecidedMention, theirs: DecidedMention, name: str) -> Gap:
        """A field of which both speak, differently."""
        mine, other = ours.fields[name], theirs.fields[name]
        a, b = (other, mine) if self.swapped else (mine, other)
        return Gap(
            key=f"{ours.mention_id}.{name}",
            field=name,
            title=title_field(name),
            incident=title_incident(ours),
            mention_id=ours.mention_id,
            a=_say(a),
            b=_say(b),
            sentences=self._show(a.evidence, b.evidence),
            ours=mine,
            theirs=other,
            found_by=None,
            typed=HOW_TO.get(name),
            settled=self._last(ours.mention_id, name),
        )

    def of_incident(self, mention: DecidedMention, *, first: bool) -> Gap:
        """An incident that one coder alone found."""
        side: Side = "a" if first != self.swapped else "b"
        spans = [span for field in mention.fields.values() for span in field.evidence]
        words = (title_incident(mention), "did not find it")
        a, b = words if side == "a" else words[::-1]
        empty: list[Span] = []
        return Gap(
            key=f"{mention.mention_id}.{INCIDENT}",
            field=INCIDENT,
            title="An incident that one coder alone found",
            incident=title_incident(mention),
            mention_id=mention.mention_id,
            a=a,
            b=b,
            sentences=self._show(spans, empty) if side == "a" else self._show(empty, spans),
            ours=mention.fields["event_type"] if first else None,
            theirs=None if first else mention.fields["event_type"],
            found_by=side,
            typed=None,
            settled=self._last(mention.mention_id, INCIDENT),
        )

    def _last(self, mention_id: str, name: str) -> Decision | None:
        """The lead's last word on a field, or on whether an incident counts."""
        life = ("drop", "restore", "adopt")
        told = [d for d in self.final if d.subject_kind == "mention" and d.subject_id == mention_id]
        if name != INCIDENT:
            return next((d for d in reversed(told) if d.field == name), None)
        return next((d for d in reversed(told) if d.action in life or d.field == "event_type"), None)

    def _show(self, a: Sequence[Span], b: Sequence[Span]) -> tuple[SentenceShown, ...]:
        marks = [*(Mark(1, "event_type", span) for span in a), *(Mark(2, "event_type", span) for span in b)]
        wanted = sorted({find_sentence(self.notes, mark.span.start) for mark in marks})
        held = {note.index: note for note in self.notes}
        return tuple(
            SentenceShown(n, cut_text(self.text, Span(held[n].start, held[n].end), marks)) for n in wanted if n in held
        )


def _say(field: DecidedField) -> str:
    return _NOTHING if field.value is None else say_decided(field.value)
