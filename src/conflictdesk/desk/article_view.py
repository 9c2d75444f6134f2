"""One article as its page shows it: sentences cut where spans of incidents begin and end, incidents field by field."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from conflictdesk.casework import SentenceNote
from conflictdesk.decisions import FIELDS, DecidedField, DecidedMention
from conflictdesk.desk.decided_words import STATE_WORDS, say_decided, say_state, title_field
from conflictdesk.records import Article, Span

if TYPE_CHECKING:
    from conflictdesk.review.folding import CaseFile

RIGHT_TO_LEFT: Final = frozenset(("ar", "fa", "he", "ur", "ps", "ckb", "yi", "sd", "ug", "dv", "syr"))
Cover = Literal["assigned", "background", "open", "quiet"]
COVER_WORDS: Final[dict[Cover, str]] = {
    "assigned": "",
    "background": "background",
    "open": "tells of violence, in no incident yet",
    "quiet": "",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of one incident: its number on the page and the field that rests on it."""

    number: int
    field: str
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that no span cuts: the incidents and fields that rest on it.

    `labels` are the incidents that the marked text before did not belong to, to be printed as numbers before this one.
    """

    text: str
    numbers: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()

    @property
    def told(self) -> str:
        """What rests on it, in words."""
        who = " and ".join(f"incident {n}" for n in self.numbers)
        return f"{who}: {', '.join(title_field(f).lower() for f in self.fields)}" if who else ""


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence with its number (0 is the headline), its segments, incidents, and each incident's event."""

    index: int
    segments: tuple[Segment, ...]
    numbers: tuple[int, ...]
    cover: Cover
    counts_in: tuple[tuple[str, int], ...]
    opens_paragraph: bool
    span: Span

    @property
    def cover_words(self) -> str:
        """What the gutter says of it."""
        return COVER_WORDS[self.cover]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote and the number of the sentence where it begins."""

    sentence: int
    quote: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of an incident in words: `why` is the reason where no words of the text carry it."""

    name: str
    title: str
    words: str
    known: bool
    mark: str
    state: str
    evidence: tuple[Evidence, ...]
    why: str | None
    suggested: str | None
    """What the machine had proposed, where that is not what stands."""


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident: its number, headline, fields, and the event it counts in."""

    number: int
    mention_id: str
    title: str
    fields: tuple[FieldRow, ...]
    silent: tuple[str, ...]
    dropped: str | None
    added_by: str | None
    event_id: str | None

    @property
    def colour(self) -> int:
        """One of six colours; the number is always printed beside it."""
        return (self.number - 1) % 6 + 1


def direction_of(language: str) -> str:
    """The direction of a language's script, "auto" where the language does not settle it.

    >>> direction_of("ar"), direction_of("en")
    ('rtl', 'auto')
    """
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "auto"


def cut_text(text: str, span: Span, marks: Sequence[Mark]) -> tuple[Segment, ...]:
    """Cut a stretch of text at every border of a span, so that each segment has one set of incidents and fields.

    The segments' texts joined give the stretch again, character by character.

    >>> [(s.text, s.numbers) for s in cut_text("Two died.", Span(0, 9), [Mark(1, "deaths", Span(0, 3))])]
    [('Two', (1,)), (' died.', ())]
    """
    here = [mark for mark in marks if mark.span.meets(span)]
    borders = {span.start, span.end}
    for mark in here:
        borders |= {max(mark.span.start, span.start), min(mark.span.end, span.end)}
    segments, before = [], frozenset[int]()
    for start, end in pairwise(sorted(borders)):
        on = [mark for mark in here if mark.span.start <= start and end <= mark.span.end]
        numbers = tuple(sorted({mark.number for mark in on}))
        fields = tuple(name for name in FIELDS if any(mark.field == name for mark in on))
        labels = tuple(n for n in numbers if n not in before)
        segments.append(Segment(text[start:end], numbers, fields, labels))
        # Text without a mark in between does not call for the same number again.
        before = frozenset(numbers) or before
    return tuple(segments)


def find_sentence(notes: Sequence[SentenceNote], position: int) -> int:
    """The number of the sentence that holds a position of the text; the one before it where none does."""
    found = 0
    for note in notes:
        if note.start > position:
            break
        found = note.index
    return found


def note_sentences(file: CaseFile) -> tuple[SentenceNote, ...]:
    """The article's sentences: the coder's, or its paragraphs where nobody has coded it."""
    if file.coding is not None and file.coding.sentences:
        return file.coding.sentences
    return tuple(_split_paragraphs(file.article.text))


def _split_paragraphs(text: str) -> Iterable[SentenceNote]:
    start, number = 0, 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            yield SentenceNote(
                index=number, paragraph=number, start=start, end=end, verdict="nothing", rule="", cue=False
            )
            number += 1
        start = end + 1


def mark_spans(mentions: Sequence[DecidedMention]) -> tuple[Mark, ...]:
    """All spans on which the incidents rest, numbered from 1 in the incidents' order; a dropped incident has none."""
    return tuple(
        Mark(number, name, span)
        for number, mention in enumerate(mentions, 1)
        if mention.dropped is None
        for name, field in mention.fields.items()
        for span in field.evidence
    )


def view_sentences(file: CaseFile, event_of: Mapping[str, str]) -> tuple[SentenceRow, ...]:
    """The article's sentences with their segments, gutter and events."""
    notes, every = note_sentences(file), sorted(mark_spans(file.mentions), key=lambda mark: mark.span)
    begins, longest = [m.span.start for m in every], max((m.span.end - m.span.start for m in every), default=0)
    paragraph, rows = -1, []
    for note in notes:
        span = Span(note.start, note.end)
        marks = every[bisect_left(begins, span.start - longest) : bisect_left(begins, span.end)]
        numbers = tuple(sorted({mark.number for mark in marks if mark.span.meets(span)}))
        homes = ((event_of.get(file.mentions[n - 1].mention_id), n) for n in numbers)
        rows.append(
            SentenceRow(
                index=note.index,
                segments=cut_text(file.article.text, span, marks),
                numbers=numbers,
                cover=_cover(file, note, numbers),
                counts_in=tuple((event_id, n) for event_id, n in homes if event_id is not None),
                opens_paragraph=note.paragraph != paragraph,
                span=span,
            )
        )
        paragraph = note.paragraph
    return tuple(rows)


def _cover(file: CaseFile, note: SentenceNote, numbers: tuple[int, ...]) -> Cover:
    if numbers:
        return "assigned"
    if note.index in file.background:
        return "background"
    return "open" if note.is_unexplained else "quiet"


def view_incidents(file: CaseFile, event_of: Mapping[str, str]) -> tuple[IncidentView, ...]:
    """The incidents of the article, those dropped too, numbered as in the text."""
    notes = note_sentences(file)
    return tuple(
        _view_incident(number, mention, file.article, notes, event_of.get(mention.mention_id))
        for number, mention in enumerate(file.mentions, 1)
    )


def _view_incident(
    number: int, mention: DecidedMention, article: Article, notes: Sequence[SentenceNote], event_id: str | None
) -> IncidentView:
    ordered = [mention.fields[name] for name in FIELDS if name in mention.fields]
    told = [field for field in ordered if field.state != "empty" or field.cannot_tell]
    return IncidentView(
        number=number,
        mention_id=mention.mention_id,
        title=title_incident(mention),
        fields=tuple(view_field(field, article, notes) for field in told),
        silent=tuple(title_field(f.name) for f in ordered if f.state == "empty" and not f.cannot_tell),
        dropped=mention.dropped,
        added_by=mention.added_by,
        event_id=event_id,
    )


def title_incident(mention: DecidedMention) -> str:
    """An incident in a line: what, and where or when it is told."""
    held = {name: field.value for name, field in mention.fields.items() if field.value is not None}
    what = say_decided(held.get("event_type")) if "event_type" in held else "An incident of a type not told"
    where = held.get("place")
    return f"{what} in {where.name}" if where is not None and hasattr(where, "name") else what


def view_field(field: DecidedField, article: Article, notes: Sequence[SentenceNote]) -> FieldRow:
    """One field in words, each quote with the number of its sentence."""
    other = field.is_decided and field.suggestion is not None and field.suggestion != field.value
    return FieldRow(
        name=field.name,
        title=title_field(field.name),
        words=say_decided(field.value),
        known=field.value is not None,
        mark=STATE_WORDS[field.state][0],
        state=say_state(field),
        evidence=tuple(Evidence(find_sentence(notes, s.start), s.quote(article.text)) for s in field.evidence),
        why=field.inferred or (field.cannot_tell if field.value is None else None),
        suggested=say_decided(field.suggestion) if other else None,
    )
