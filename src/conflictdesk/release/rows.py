"""What a line of each result file holds, and how a record becomes such a line.

The key names and shapes here are the product's public format; a change to one is a change of version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from conflictdesk.errors import StoreError
from conflictdesk.records import (
    EVIDENCE_FIELDS,
    Actor,
    Article,
    Attribution,
    Claim,
    Estimate,
    Event,
    Figure,
    Mention,
    Place,
    Problem,
    Span,
)

_EXACTLY = ConfigDict(extra="forbid")


@with_config(_EXACTLY)
class SpanRow(TypedDict):
    """A quoted stretch of an article's text: code-point offsets, end excluded."""

    start: int
    end: int
    quote: str


@with_config(_EXACTLY)
class EstimateRow(TypedDict):
    """A number of people; `high` None means "at least"; `imputed` is the rule that put numbers to words ("dozens")."""

    low: int
    best: int
    high: int | None
    imputed: str | None


@with_config(_EXACTLY)
class AttributionRow(TypedDict):
    """Who says that `actor` did it."""

    actor: str | None
    by: str | None
    basis: str
    evidence: list[SpanRow]


@with_config(_EXACTLY)
class FigureRow(TypedDict):
    """A figure inside an event's toll: whose it is (`of`), and who says it."""

    article_id: str
    measure: str
    of: str
    count: EstimateRow
    said_by: str | None
    evidence: list[SpanRow]


@with_config(_EXACTLY)
class MentionRow(TypedDict):
    """What one article says of the event: `evidence` is field -> quotes."""

    mention_id: str
    article_id: str
    external_id: str
    article_title: str
    published_on: str | None
    source: str | None
    coder: str
    evidence: dict[str, list[SpanRow]]


@with_config(_EXACTLY)
class EventRow(TypedDict):
    """One line of events.jsonl; days are YYYY-MM-DD, unknown is None."""

    event_id: str
    event_type: str
    sub_event_type: str
    disorder_type: list[str]
    date_start: str | None
    date_end: str | None
    date_precision: int | None
    actor1: str | None
    actor1_kind: str | None
    actor2: str | None
    actor2_kind: str | None
    associated_actors: list[str]
    civilian_targeting: bool | None
    country: str | None
    iso3: str | None
    admin1: str | None
    admin2: str | None
    location: str | None
    latitude: float | None
    longitude: float | None
    place_precision: int | None
    place_radius_km: float | None
    gazetteer_id: str | None
    deaths: EstimateRow | None
    injured: EstimateRow | None
    figures: list[FigureRow]
    attribution: list[AttributionRow]
    inferred: dict[str, str]
    cannot_tell: dict[str, str]
    confidence: dict[str, float]
    status: str
    disputed: list[str]
    mentions: list[MentionRow]


# The functional form, because `from` is a word of the language.
ClaimRow = TypedDict(
    "ClaimRow",
    {
        "claim_id": str,
        "article_id": str,
        "external_id": str,
        "by": str | None,
        "of": str | None,
        "measure": str,
        "value": float,
        "value_is": str,
        "from": str | None,
        "to": str | None,
        "said_by": str | None,
        "evidence": dict[str, list[SpanRow]],
    },
)


@with_config(_EXACTLY)
class ArticleRow(TypedDict):
    """One line of articles.jsonl."""

    article_id: str
    external_id: str
    page: str
    title: str
    text: str
    published_on: str | None
    published_basis: str
    language: str
    source: str | None
    url: str | None
    duplicate_of: str | None


@with_config(_EXACTLY)
class ProblemRow(TypedDict):
    """One line of problems.jsonl."""

    stage: str
    subject: str
    kind: str
    detail: str
    file: str | None
    line: int | None


with_config(_EXACTLY)(ClaimRow)

_NOWHERE = Place(name="", kind="area", country=None, iso3=None)


def event_row(event: Event, articles: Mapping[str, Article]) -> EventRow:
    """Write an event as a line of events.jsonl, its quotes cut from `articles` (article_id -> Article).

    Raises:
        StoreError: the event rests on an article that is not among `articles`, or on words outside it.
    """
    dates, place = event.dates, event.place or _NOWHERE
    return {
        "event_id": event.event_id,
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "disorder_type": list(event.disorder_type),
        "date_start": _day(dates.start if dates else None),
        "date_end": _day(dates.end if dates else None),
        "date_precision": dates.precision if dates else None,
        "actor1": event.actor1.name if event.actor1 else None,
        "actor1_kind": event.actor1.kind if event.actor1 else None,
        "actor2": event.actor2.name if event.actor2 else None,
        "actor2_kind": event.actor2.kind if event.actor2 else None,
        "associated_actors": _names(event.associated_actors),
        "civilian_targeting": event.civilian_targeting,
        "country": place.country,
        "iso3": place.iso3,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "location": place.name or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "place_precision": place.precision if event.place else None,
        "place_radius_km": place.radius_km,
        "gazetteer_id": place.gazetteer_id,
        "deaths": _estimate(event.deaths),
        "injured": _estimate(event.injured),
        "figures": [_figure(f, find_article(a, articles, event.event_id)) for a, f in event.figures],
        "attribution": [
            _attribution(said, find_article(article_id, articles, event.event_id))
            for article_id, said in event.attribution
        ],
        "inferred": {k: event.inferred[k] for k in _in_field_order(event.inferred)},
        "cannot_tell": {k: event.cannot_tell[k] for k in _in_field_order(event.cannot_tell)},
        "confidence": {k: round(event.confidence[k], 3) for k in _in_field_order(event.confidence)},
        "status": event.status,
        "disputed": list(event.disputed),
        "mentions": [
            _mention(m, find_article(m.article_id, articles, event.event_id))
            for m in sorted(event.mentions, key=_mention_order)
        ],
    }


def claim_row(claim: Claim, articles: Mapping[str, Article]) -> ClaimRow:
    """Write a claim as a line of claims.jsonl; a whole number stays whole ("140", not "140.0").

    Raises:
        StoreError: the claim's article is not among `articles`.
    """
    article = find_article(claim.article_id, articles, claim.claim_id)
    return {
        "claim_id": claim.claim_id,
        "article_id": claim.article_id,
        "external_id": article.external_id,
        "by": claim.by,
        "of": claim.of,
        "measure": claim.measure,
        "value": int(claim.value) if float(claim.value).is_integer() else claim.value,
        "value_is": claim.value_is,
        "from": _day(claim.from_day),
        "to": _day(claim.to_day),
        "said_by": claim.said_by,
        "evidence": _evidence(claim.evidence, article),
    }


def article_row(article: Article) -> ArticleRow:
    """Write an article as a line of articles.jsonl."""
    return {
        "article_id": article.article_id,
        "external_id": article.external_id,
        "page": article.page,
        "title": article.title,
        "text": article.text,
        "published_on": _day(article.published_on),
        "published_basis": article.published_basis,
        "language": article.language,
        "source": article.source,
        "url": article.url,
        "duplicate_of": article.duplicate_of,
    }


def problem_row(problem: Problem) -> ProblemRow:
    """Write a problem as a line of problems.jsonl."""
    return {
        "stage": problem.stage,
        "subject": problem.subject,
        "kind": problem.kind,
        "detail": problem.detail,
        "file": problem.file,
        "line": problem.line,
    }


def find_article(article_id: str, articles: Mapping[str, Article], subject: str) -> Article:
    """The article that `subject` (an event or claim id) rests on.

    Raises:
        StoreError: there is no such article.
    """
    article = articles.get(article_id)
    if article is None:
        raise StoreError(f"{subject} rests on article {article_id}, which is not among the articles to be written")
    return article


def _mention(mention: Mention, article: Article) -> MentionRow:
    return {
        "mention_id": mention.mention_id,
        "article_id": mention.article_id,
        "external_id": article.external_id,
        "article_title": article.title,
        "published_on": _day(article.published_on),
        "source": article.source,
        "coder": mention.coder,
        "evidence": _evidence(mention.evidence, article),
    }


def _mention_order(mention: Mention) -> tuple[str, str]:
    return mention.article_id, mention.mention_id


def _attribution(said: Attribution, article: Article) -> AttributionRow:
    quotes = [_span(span, article) for span in said.evidence]
    return {"actor": said.actor, "by": said.by, "basis": said.basis, "evidence": quotes}


def _evidence(evidence: Mapping[str, tuple[Span, ...]], article: Article) -> dict[str, list[SpanRow]]:
    return {k: [_span(span, article) for span in evidence[k]] for k in _in_field_order(evidence) if evidence[k]}


def _in_field_order(names: Iterable[str]) -> list[str]:
    order = {name: number for number, name in enumerate(EVIDENCE_FIELDS)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _span(span: Span, article: Article) -> SpanRow:
    if span.end > len(article.text):
        raise StoreError(f"evidence {span.start}..{span.end} lies outside the text of article {article.article_id}")
    return {"start": span.start, "end": span.end, "quote": span.quote(article.text)}


def _estimate(number: Estimate | None) -> EstimateRow | None:
    return _count(number) if number else None


def _count(number: Estimate) -> EstimateRow:
    return {"low": number.low, "best": number.best, "high": number.high, "imputed": number.imputed}


def _figure(figure: Figure, article: Article) -> FigureRow:
    return {
        "article_id": article.article_id,
        "measure": figure.measure,
        "of": figure.of,
        "count": _count(figure.estimate),
        "said_by": figure.said_by,
        "evidence": [_span(span, article) for span in figure.evidence],
    }


def _names(actors: Iterable[Actor]) -> list[str]:
    return [actor.name for actor in actors]


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
