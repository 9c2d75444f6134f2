"""Search over the texts of articles and the values of events, with the words that were found marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.casework import EventRecord, Hit
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.blind_spots import hidden_articles
from conflictdesk.desk.blinding import rests_on
from conflictdesk.desk.office import desk_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.errors import ConfigError
from conflictdesk.publish.wording import say_day
from conflictdesk.store.words import list_words

router = APIRouter(dependencies=[Depends(needs("viewer"))])
Kind: TypeAlias = Literal["article", "event"]
PAGE: Final = 20
MOST_PAGES: Final = 50
_LONGEST: Final = 300
_KINDS: Final = (("", "all"), ("event", "events"), ("article", "articles"))
_WORD: Final = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0670])*")


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: its address, its title and passage cut into pieces, True for those that were looked for."""

    kind: str
    address: str
    title: tuple[tuple[str, bool], ...]
    day: str
    passage: tuple[tuple[str, bool], ...]


@router.get("/search", response_class=HTMLResponse)
def show_search(request: Request) -> Response:
    """The search form, and what was found."""
    text = (request.query_params.get("q") or "").strip()[:_LONGEST]
    kind, page = read_kind(request.query_params.get("kind")), read_number(request.query_params.get("page"))
    asked, hits, hidden = list_words(text), list[Hit](), hidden_articles(request)
    records: Mapping[str, EventRecord] = {}
    if asked:
        with desk_of(request).store.reading() as reader:
            hits = reader.search(text, PAGE + 1, (page - 1) * PAGE, kind=kind)
            records = reader.events(hit.id for hit in hits if hit.kind == "event")
    shown = [hit for hit in hits[:PAGE] if hit.kind == "article" or not rests_on(records[hit.id].event, hidden)]
    query = urlencode([("q", text), *([("kind", kind)] if kind else [])])
    return answer_page(
        request,
        "reading_search.html.jinja",
        text=text,
        kind=kind or "",
        kinds=_KINDS,
        asked=asked,
        found=[view_hit(hit, asked) for hit in shown],
        page=page,
        earlier=f"/search?{query}&page={page - 1}" if page > 1 else None,
        later=f"/search?{query}&page={page + 1}" if len(hits) > PAGE and page < MOST_PAGES else None,
    )


def read_kind(text: str | None) -> Kind | None:
    """What is looked for; None for both.

    Raises:
        ConfigError: there is no such kind.
    """
    for kind in get_args(Kind):
        if text == kind:
            found: Kind = kind
            return found
    if text:
        raise ConfigError(f"kind: {text[:20]!r} is neither article nor event")
    return None


def read_number(text: str | None) -> int:
    """The number of a page of hits.

    Raises:
        ConfigError: it is none, or lies too deep.
    """
    if not text:
        return 1
    if not re.fullmatch(r"[1-9]\d?", text, re.ASCII) or int(text) > MOST_PAGES:
        raise ConfigError(f"page: write a number from 1 to {MOST_PAGES}; more words find fewer pages")
    return int(text)


def view_hit(hit: Hit, asked: Sequence[str]) -> Found:
    """A hit with its words marked; an article opens at its text, an event at its page."""
    place = "article" if hit.kind == "article" else "event"
    return Found(
        kind=hit.kind,
        address=f"/{place}/{quote(hit.id, safe='')}",
        title=mark_words(hit.title or "without a title", asked),
        day=say_day(hit.day) if hit.day else "day not known",
        passage=mark_words(hit.passage, asked),
    )


def mark_words(text: str, asked: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """A text in pieces, True for the words that were asked for, whatever case and accents; the last as a beginning.

    >>> mark_words("Killed in Al-Ḥasakah.", ["hasakah"])
    (('Killed in Al-', False), ('Ḥasakah', True), ('.', False))
    """
    whole, start = frozenset(asked[:-1]), asked[-1] if asked else None
    pieces: list[tuple[str, bool]] = []
    last = 0
    for word in _WORD.finditer(text):
        folded = " ".join(list_words(word[0]))
        if folded in whole or (start is not None and folded.startswith(start)):
            pieces += [(text[last : word.start()], False), (word[0], True)]
            last = word.end()
    pieces.append((text[last:], False))
    return tuple(piece for piece in pieces if piece[0])
