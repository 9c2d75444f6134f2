"""The sentences that an event rests on, with every span of evidence marked field by field."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from conflictdesk.records import EVIDENCE_FIELDS, Mention, Span

FIELD_LABELS = {
    "event_type": "what",
    "date": "when",
    "actor1": "who",
    "actor2": "to whom",
    "place": "where",
    "deaths": "deaths",
    "injured": "injured",
    "attribution": "attributed",
}
_REACH = 320
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W\d_a-z])|\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same spans: `fields` innermost first, `labels` of the spans that begin here."""

    text: str
    fields: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, or several in a row, of one article; `cut_before`, `cut_after` when a long one was shortened."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


def mark_passages(text: str, mention: Mention) -> tuple[Passage, ...]:
    """Cut out the sentences of `text` that hold the mention's evidence and mark each span in them.

    >>> from types import MappingProxyType
    >>> text = "A calm day. Two died in Orvel. Rain fell."
    >>> spans = MappingProxyType({"deaths": (Span(12, 20),), "event_type": (Span(16, 20),)})
    >>> mention = Mention(mention_id="m", article_id="a", event_type="Battles", sub_event_type="", evidence=spans)
    >>> [[(p.text, p.fields, p.labels) for p in passage.pieces] for passage in mark_passages(text, mention)]
    ... # doctest: +NORMALIZE_WHITESPACE
    [[('Two ', ('deaths',), ('deaths',)), ('died', ('event_type', 'deaths'), ('what',)),
      (' in Orvel.', (), ())]]
    """
    marks = _list_marks(mention)
    windows = _join_windows(text, sorted(_find_window(text, span) for _, span in marks))
    return tuple(_cut_passage(text, window, marks) for window in windows)


def _list_marks(mention: Mention) -> list[tuple[str, Span]]:
    order = [*EVIDENCE_FIELDS, *sorted(set(mention.evidence) - set(EVIDENCE_FIELDS))]
    marks = [(name, span) for name in order for span in mention.evidence.get(name, ())]
    return marks + [("attribution", span) for said in mention.attribution for span in said.evidence]


@dataclass(frozen=True, slots=True, order=True)
class _Window:
    start: int
    end: int
    cut_before: bool
    cut_after: bool


def _find_window(text: str, span: Span) -> _Window:
    low, high = max(0, span.start - _REACH), min(len(text), span.end + _REACH)
    # The pattern looks at the letter after the blank, which may be the span's own first one.
    before = [found.end() for found in _SENTENCE_END.finditer(text, low, span.start + 2) if found.end() <= span.start]
    after = _SENTENCE_END.search(text, span.end - 1, high)
    start, end = before[-1] if before else low, max(after.end(), span.end) if after else high
    start = span.start - len(text[start : span.start].lstrip())
    end = span.end + len(text[span.end : end].rstrip())
    return _Window(start, end, not before and low > 0, after is None and high < len(text))


def _join_windows(text: str, windows: Iterable[_Window]) -> list[_Window]:
    joined: list[_Window] = []
    for window in windows:
        last = joined[-1] if joined else None
        if last is None or text[last.end : window.start].strip(" \t"):
            joined.append(window)
        elif window.end > last.end:
            joined[-1] = _Window(last.start, window.end, last.cut_before, window.cut_after)
    return joined


def _cut_passage(text: str, window: _Window, marks: Iterable[tuple[str, Span]]) -> Passage:
    whole = Span(window.start, window.end)
    inside = [(name, span) for name, span in marks if whole.holds(span)]
    cuts = sorted({whole.start, whole.end, *(edge for _, span in inside for edge in (span.start, span.end))})
    pieces = []
    for start, end in itertools.pairwise(cuts):
        over = sorted((s.end - s.start, name) for name, s in inside if s.holds(Span(start, end)))
        begin = sorted((s.start - s.end, name) for name, s in inside if s.start == start)
        names = tuple(dict.fromkeys(name for _, name in over))
        labels = tuple(dict.fromkeys(FIELD_LABELS.get(name, name) for _, name in begin))
        pieces.append(Piece(text[start:end], names, labels))
    return Passage(tuple(pieces), window.cut_before, window.cut_after)
