"""One article as the workbench gets it: plain JSON of sentences cut into segments, incidents, claims, background.

Offsets are code points of the article's text. Nothing in it depends on the clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from conflictdesk.casework import SentenceNote, name_origin
from conflictdesk.decisions import FIELDS, DecidedField, DecidedMention, Decision, Value, write_value
from conflictdesk.records import Article, Claim, Figure, Mention, Span

if TYPE_CHECKING:
    from conflictdesk.review.folding import CaseFile, DecidedClaim

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
SEGMENT_FIELDS: Final = tuple(name for name in FIELDS if name != "note")


def view_case(file: CaseFile, *, user: str) -> dict[str, Json]:
    """All of one article on one track, ready for `json.dumps`; what `user` decided can be taken back by them.

    Incidents are numbered from 1 in the order in which the text tells them, those that persons added after them.
    """
    numbered = number_incidents(file.mentions)
    article, marks = file.article, list_marks(numbered, file.decisions)
    return {
        "article": _view_article(article),
        "track": file.track,
        "mode": file.mode,
        "finished": user in file.finished,
        "finished_by": sorted(file.finished),
        "skipped": file.skipped,
        "settled": file.settled,
        "sentences": [_view_sentence(note, article, marks, file.background) for note in read_notes(file)],
        "incidents": [_view_incident(number, decided, file.decisions) for number, decided in numbered],
        "claims": [_view_claim(claim) for claim in file.claims],
        "flags": [_view_standing(decision) for decision in file.flags],
        "standing": [_view_standing(decision) for decision in file.decisions],
    }


def write_script_json(value: Json) -> str:
    """JSON that can stand inside a script element: no "</" and no "<!--" can end it or change how it is read.

    >>> write_script_json("</script><!--")
    '"\\\\u003c/script>\\\\u003c!--"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def number_incidents(mentions: Iterable[DecidedMention]) -> list[tuple[int, DecidedMention]]:
    """The incidents with their numbers, dropped ones too, so that a number never changes while one works."""

    def place(decided: DecidedMention) -> tuple[bool, int, tuple[int, int, int]]:
        starts = [span.start for field in decided.fields.values() for span in field.suggested]
        first = min(starts, default=0) if decided.machine is not None else 0
        return decided.added_by is not None, first, decided.order

    return list(enumerate(sorted(mentions, key=place), start=1))


def read_notes(file: CaseFile) -> Sequence[SentenceNote]:
    """The article's sentences: as the coder noted them, else cut again with nothing said of them."""
    if file.coding is not None and file.coding.sentences:
        return file.coding.sentences
    from conflictdesk.language.sentences import split_sentences

    return tuple(
        SentenceNote(
            index=n, paragraph=paragraph, start=span.start, end=span.end, verdict="nothing", rule="", cue=False
        )
        for n, (paragraph, span) in enumerate(split_sentences(file.article.text))
    )


def cut_segments(span: Span, marks: Iterable[tuple[Span, int, str]]) -> list[Json]:
    """Cut a sentence at every border of a mark: [start, end, [[incident, field], ...]], joined they are the sentence.

    >>> cut_segments(Span(0, 9), [(Span(0, 3), 1, "deaths"), (Span(2, 9), 2, "place")])
    [[0, 2, [[1, 'deaths']]], [2, 3, [[1, 'deaths'], [2, 'place']]], [3, 9, [[2, 'place']]]]
    """
    here = [mark for mark in marks if mark[0].meets(span)]
    borders = {span.start, span.end}
    for mark, _, _ in here:
        borders |= {max(mark.start, span.start), min(mark.end, span.end)}
    order = {name: place for place, name in enumerate(SEGMENT_FIELDS)}
    segments: list[Json] = []
    for start, end in pairwise(sorted(borders)):
        on = {(number, name) for mark, number, name in here if mark.start <= start and end <= mark.end}
        told = sorted(on, key=lambda pair: (pair[0], order.get(pair[1], 99)))
        segments.append([start, end, [[number, name] for number, name in told]])
    return segments


def list_marks(
    numbered: Iterable[tuple[int, DecidedMention]], standing: Sequence[Decision]
) -> list[tuple[Span, int, str]]:
    """What the standing incidents rest on: (span, number of the incident, field).

    An incident of which nothing is coded yet stands where a person saw it.
    """
    found = []
    for number, decided in numbered:
        if decided.dropped is not None:
            continue
        own = [
            (span, number, name)
            for name, field in decided.fields.items()
            if name in SEGMENT_FIELDS and field.state != "rejected"
            for span in field.evidence
        ]
        found += own or [(span, number, "event_type") for span in _list_seen(decided, standing)]
    return found


def _list_seen(decided: DecidedMention, standing: Sequence[Decision]) -> list[Span]:
    """Where the person who added an incident saw it."""
    own = (d for d in standing if d.action == "add" and d.subject_id == decided.mention_id)
    return [quoted.span for decision in own for quoted in decision.evidence]


def _view_article(article: Article) -> dict[str, Json]:
    from conflictdesk.desk.article_view import direction_of
    from conflictdesk.desk.rendering import web_address

    return {
        "id": article.article_id,
        "title": article.title,
        "source": name_origin(article),
        "url": web_address(article.url),
        "language": article.language,
        "dir": direction_of(article.language),
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "published_basis": article.published_basis,
        "text_hash": hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
    }


def _view_sentence(
    note: SentenceNote,
    article: Article,
    marks: Sequence[tuple[Span, int, str]],
    background: frozenset[int],
) -> dict[str, Json]:
    span = Span(note.start, note.end)
    return {
        "n": note.index,
        "paragraph": note.paragraph,
        "start": note.start,
        "end": note.end,
        "text": span.quote(article.text),
        "verdict": note.verdict,
        "rule": note.rule,
        "cue": note.is_unexplained,
        "background": note.index in background,
        "segments": cut_segments(span, marks),
    }


def _view_incident(number: int, decided: DecidedMention, standing: Sequence[Decision]) -> dict[str, Json]:
    machine = decided.machine
    reasons = {d.decision_id: d.reason for d in standing if d.subject_id == decided.mention_id}
    return {
        "id": decided.mention_id,
        "number": number,
        "added_by": decided.added_by,
        "dropped": decided.dropped,
        "score": machine.confidence.get("event") if machine else None,
        "rule": machine.rule if machine else "",
        "spans": _view_spans(_list_seen(decided, standing)),
        "fields": {name: _view_field(decided.fields.get(name, _no_field(name)), reasons) for name in FIELDS},
        "figures": [_view_figure(figure) for figure in machine.figures] if machine else [],
        "said": _view_said(machine) if machine else [],
    }


def _no_field(name: str) -> DecidedField:
    return DecidedField(name=name, state="empty")


def _view_field(field: DecidedField, reasons: Mapping[str, str | None]) -> dict[str, Json]:
    return {
        "state": field.state,
        "value": _view_value(field.name, field.value),
        "evidence": _view_spans(field.evidence),
        "inferred": field.inferred,
        "suggestion": _view_value(field.name, field.suggestion),
        "suggested": _view_spans(field.suggested),
        "score": field.score,
        "cannot_tell": field.cannot_tell,
        "by": field.by,
        "decision_id": field.decision_id,
        "sure": reasons.get(field.decision_id or "") if field.state in ("confirmed", "changed") else None,
    }


def _view_value(name: str, value: Value | None) -> Json:
    text = write_value(name, value)
    held: Json = None if text is None else json.loads(text)
    return held


def _view_spans(spans: Iterable[Span]) -> list[Json]:
    return [[span.start, span.end] for span in spans]


def _view_figure(figure: Figure) -> dict[str, Json]:
    estimate = figure.estimate
    return {
        "measure": figure.measure,
        "of": figure.of,
        "low": estimate.low,
        "best": estimate.best,
        "high": estimate.high,
        "said_by": figure.said_by,
        "evidence": _view_spans(figure.evidence),
    }


def _view_said(machine: Mention) -> list[Json]:
    return [
        {"actor": said.actor, "by": said.by, "basis": said.basis, "evidence": _view_spans(said.evidence)}
        for said in machine.attribution
    ]


def _view_claim(decided: DecidedClaim) -> dict[str, Json]:
    return {
        "id": decided.claim_id,
        "state": decided.state,
        "added_by": decided.added_by,
        "incidents": list(decided.mention_ids),
        "rule": decided.rule,
        **_view_figures_of(decided.claim),
    }


def _view_figures_of(claim: Claim) -> dict[str, Json]:
    return {
        "by": claim.by,
        "of": claim.of,
        "measure": claim.measure,
        "value": claim.value,
        "value_is": claim.value_is,
        "from_day": claim.from_day.isoformat() if claim.from_day else None,
        "to_day": claim.to_day.isoformat() if claim.to_day else None,
        "said_by": claim.said_by,
        "evidence": _view_spans(span for spans in claim.evidence.values() for span in spans),
    }


def _view_standing(decision: Decision) -> dict[str, Json]:
    return {
        "decision_id": decision.decision_id,
        "seq": decision.seq,
        "subject_kind": decision.subject_kind,
        "subject_id": decision.subject_id,
        "action": decision.action,
        "field": decision.field,
        "by": decision.by,
        "reason": decision.reason,
    }
