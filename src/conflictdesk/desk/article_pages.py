"""The page of one article: numbered sentences with all incidents, what each sentence counts in, the capture's hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.casework import Capture, EventRecord, SentenceNote, name_origin
from conflictdesk.decisions import Decision, Track
from conflictdesk.desk.article_view import (
    Evidence,
    direction_of,
    find_sentence,
    note_sentences,
    view_incidents,
    view_sentences,
)
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.blind_spots import hidden_articles
from conflictdesk.desk.blinding import rests_on
from conflictdesk.desk.decided_words import TRACK_WORDS, say_moment
from conflictdesk.desk.event_sheet_view import title_event
from conflictdesk.desk.office import desk_of, hides_work, is_at_least, user_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.errors import ConfigError
from conflictdesk.publish.wording import NOT_SAID, say_value, say_window
from conflictdesk.records import Claim
from conflictdesk.workflow.casefiles import read_case

if TYPE_CHECKING:
    from conflictdesk.review.claims import DecidedClaim
    from conflictdesk.review.folding import CaseFile
    from conflictdesk.store.opening import Reader

router = APIRouter(dependencies=[Depends(needs("viewer"))])
_SHORT: Final = 60


@dataclass(frozen=True, slots=True)
class CaptureView:
    """The bytes from which an article was read: their hash, when and from where they came."""

    sha256: str
    at: str
    origin: str
    by: str
    size: int


@dataclass(frozen=True, slots=True)
class HashCheck:
    """What a new computation of the hashes found, in words."""

    whole: bool
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A figure said of several incidents: its words, whether a person confirmed it, the incidents it covers."""

    words: str
    state: str
    rule: str
    numbers: tuple[int, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """All that is read for the page, in one snapshot of the store."""

    file: CaseFile
    events: Mapping[str, EventRecord]
    event_of: Mapping[str, str]
    capture: Capture | None
    decisions: Sequence[Decision]


@router.get("/article/{article_id}", response_class=HTMLResponse)
def show_article(request: Request, article_id: str) -> Response:
    """An article as it was captured, with all that was made of it."""
    user = user_of(request)
    track, hidden = read_track(request.query_params.get("track")), hides_work(request, article_id)
    with desk_of(request).store.reading() as reader:
        told = _read(reader, article_id, "second" if hidden else track, user.name if hidden else None)
    article = told.file.article
    asked = request.query_params.get("check") == "1"
    return answer_page(
        request,
        "reading_article.html.jinja",
        article=article,
        origin=name_origin(article),
        file=told.file,
        hidden=hidden,
        double=not hidden and any(d.track != "main" for d in told.decisions),
        track=track,
        tracks=TRACK_WORDS.items(),
        may_code=is_at_least(user.role, "coder"),
        direction=direction_of(article.language),
        sentences=view_sentences(told.file, told.event_of),
        incidents=view_incidents(told.file, told.event_of),
        events={event_id: name_event(record, hidden_articles(request)) for event_id, record in told.events.items()},
        claims=view_claims(told.file),
        capture=view_capture(told.capture),
        text_hash=hash_text(article.text),
        checked=check_hashes(told.capture, article.text, told.decisions) if asked else None,
    )


def name_event(record: EventRecord, hidden: frozenset[str]) -> str:
    """An event in a line; nothing of one that rests on a `hidden` article too."""
    return (
        "kept from you until a second coding is finished"
        if rests_on(record.event, hidden)
        else title_event(record.event)
    )


def read_track(text: str | None) -> Track:
    """Whose work is shown; without a word the first coder's.

    Raises:
        ConfigError: there is no such track.
    """
    for track in get_args(Track):
        if text == track:
            found: Track = track
            return found
    if text:
        raise ConfigError(f"track: {text[:20]!r} is not one of {', '.join(get_args(Track))}")
    return "main"


def _read(reader: Reader, article_id: str, track: Track, by: str | None) -> _Told:
    article = reader.article(article_id)
    if article is None:
        raise HTTPException(404, f"The desk holds no article {article_id[:_SHORT]!r}.")
    decisions = reader.decisions(article_id=article_id)
    if track == "second" and by is None:
        by = next((d.by for d in decisions if d.track == "second"), None)
    file = read_case(reader, article_id, track=track, by=by)
    shown = track != "second"
    event_of = reader.event_of([m.mention_id for m in file.mentions]) if shown else {}
    return _Told(
        file=file,
        events=reader.events(sorted(set(event_of.values()))) if event_of else {},
        event_of=event_of,
        capture=reader.page(article.page_id),
        decisions=decisions,
    )


def view_capture(capture: Capture | None) -> CaptureView | None:
    """The capture without its bytes."""
    if capture is None:
        return None
    return CaptureView(capture.sha256, say_moment(capture.fetched_at), capture.origin, capture.by, len(capture.raw))


def hash_text(text: str) -> str:
    """The SHA-256 of an article's text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check_hashes(capture: Capture | None, text: str, decisions: Sequence[Decision]) -> HashCheck:
    """Compute the hashes anew: of the stored bytes against the capture's, of the text against what decisions kept."""
    told, whole = [], True
    if capture is None:
        told.append("No bytes are kept of this article, so there is nothing to compute the first hash from.")
    else:
        fresh = hashlib.sha256(capture.raw).hexdigest()
        whole = fresh == capture.sha256
        told.append(
            f"The {len(capture.raw):,} stored bytes give the same SHA-256 as at their capture: they are unchanged."
            if whole
            else f"The stored bytes give {fresh}, not the SHA-256 of their capture: they were changed after it."
        )
    kept, now = {d.text_hash for d in decisions if d.text_hash}, hash_text(text)
    odd = {told_hash for told_hash in kept if not now.startswith(told_hash)}
    if not kept:
        told.append("No decision rests on the text yet, so its hash stands alone.")
    elif odd:
        told.append(f"The text gives {now}, but {len(odd)} of the hashes that decisions kept is another.")
    else:
        told.append("The text gives the same SHA-256 as every decision that rests on it kept: it is unchanged.")
    return HashCheck(whole and not odd, tuple(told))


def view_claims(file: CaseFile) -> tuple[ClaimRow, ...]:
    """The figures said of several incidents or a period, those dropped left out."""
    notes = note_sentences(file)
    numbers = {mention.mention_id: number for number, mention in enumerate(file.mentions, 1)}
    return tuple(_view_claim(claim, file.article.text, notes, numbers) for claim in file.claims if not claim.dropped)


def say_claim(claim: Claim) -> str:
    """A figure of many events in a line: how many, of whom, by whom, when, who says so."""
    parts = [say_value(claim)]
    parts += [f"of {claim.of}"] if claim.of else []
    parts += [f"by {claim.by}"] if claim.by else []
    parts += [] if say_window(claim) == NOT_SAID else [f"in the time {say_window(claim)}"]
    parts += [f"says {claim.said_by}"] if claim.said_by else []
    return ", ".join(parts)


def _view_claim(held: DecidedClaim, text: str, notes: Sequence[SentenceNote], numbers: Mapping[str, int]) -> ClaimRow:
    spans = dict.fromkeys(span for spans in held.claim.evidence.values() for span in spans)
    return ClaimRow(
        words=say_claim(held.claim),
        state="confirmed" if held.state == "confirmed" else "suggested by the machine",
        rule=held.rule,
        numbers=tuple(sorted(numbers[m] for m in held.mention_ids if m in numbers)),
        evidence=tuple(Evidence(find_sentence(notes, span.start), span.quote(text)) for span in spans),
    )
