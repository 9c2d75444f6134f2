"""Codes a short text of our own as the product codes an article, once for all the tests that ask of it."""

from __future__ import annotations

import datetime as dt

from conflictdesk.pipeline import Tools, code_article
from conflictdesk.records import Article, Claim, Coding, Estimate, Mention, Span, hash_id

TUESDAY = dt.date(2024, 3, 5)
_DONE: dict[tuple[str, dt.date | None], Coding] = {}


def make_article(body: str, title: str = "", published_on: dt.date | None = TUESDAY) -> Article:
    """An article as `read` hands it on: headline, empty line, body (its paragraphs parted by empty lines)."""
    text = f"{title}\n\n{body}"
    return Article(
        article_id=hash_id("a", text),
        page_id="p-1",
        page="invented.txt",
        external_id="invented",
        title=title,
        text=text,
        published_on=published_on,
        published_basis="given" if published_on else "unknown",
        language="en",
    )


def code_text(tools: Tools, body: str, title: str = "", published_on: dt.date | None = TUESDAY) -> Coding:
    """What the coder makes of a text; published on Tuesday 5 March 2024 when nothing else is said."""
    article = make_article(body, title, published_on)
    key = (article.text, published_on)
    if key not in _DONE:
        _DONE[key] = code_article(article, tools)
    return _DONE[key]


def tell_estimate(estimate: Estimate | None) -> str:
    """An estimate as our tables write it: "3", "12+", "30..40", "2..5..9", "-" for nothing said.

    >>> tell_estimate(Estimate.exactly(3)), tell_estimate(Estimate(low=12, best=12, high=None)), tell_estimate(None)
    ('3', '12+', '-')
    """
    if estimate is None:
        return "-"
    low, best, high = estimate.low, estimate.best, estimate.high
    if high is None:
        return f"{best}+" if low == best else f"{low}..{best}+"
    if low == best == high:
        return str(best)
    return f"{low}..{high}" if low == best else f"{low}..{best}..{high}"


def tell_mention(mention: Mention) -> dict[str, str]:
    """The values of a mention as our tables write them; what is not known is "-"."""
    dates, place = mention.dates, mention.place
    days = "-" if dates is None else f"{dates.start}" + ("" if dates.start == dates.end else f"..{dates.end}")
    return {
        "type": mention.sub_event_type,
        "date": days,
        "date_precision": str(dates.precision) if dates else "-",
        "place": place.name if place else "-",
        "place_kind": place.kind if place else "-",
        "place_precision": str(place.precision) if place else "-",
        "admin1": (place.admin1 if place else None) or "-",
        "country": (place.country if place else None) or "-",
        "actor1": mention.actor1.name if mention.actor1 else "-",
        "actor2": mention.actor2.name if mention.actor2 else "-",
        "deaths": tell_estimate(mention.deaths),
        "injured": tell_estimate(mention.injured),
        "basis": " ".join(sorted({a.basis for a in mention.attribution})) or "-",
    }


def tell_claim(claim: Claim) -> dict[str, str]:
    """The values of a claim as our tables write them; what is not said is "-"."""
    return {
        "measure": claim.measure,
        "value": f"{claim.value:g}",
        "value_is": claim.value_is,
        "by": claim.by or "-",
        "of": claim.of or "-",
        "from": str(claim.from_day or "-"),
        "to": str(claim.to_day or "-"),
        "said_by": claim.said_by or "-",
    }


def tell_all(coding: Coding) -> list[dict[str, str]]:
    """Every mention of a coding, in the order in which the text tells of it."""
    return [tell_mention(m) for m in sorted(coding.mentions, key=_told_at)]


def _told_at(mention: Mention) -> tuple[Span, str]:
    return min(mention.evidence["event_type"]), mention.place.name if mention.place else ""
