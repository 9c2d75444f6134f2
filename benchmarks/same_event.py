"""Measures which articles are held to tell of one incident.

    python -m benchmarks same-event FILE --predictions OUT

FILE holds one JSON object a line (`doc_id`, `title`, `dct`, `text`, perhaps `url`), plain or gzipped; nothing else is
read. OUT gets one object a line: `{"doc_id", "event_id"}`, alike for articles of one incident. Every article is read by
the product's readers of dates, places and tolls, be it of conflict or not, and grouped by its merge stage.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from benchmarks.places import make_article
from benchmarks.tolls import is_telling, read_lines
from conflictdesk.language.parses import SpacyParser
from conflictdesk.locate.places import FileGazetteer, open_gazetteer, read_places
from conflictdesk.merge.events import Profile, group_articles
from conflictdesk.pipeline import profile_parsed
from conflictdesk.records import Article
from conflictdesk.seams import Parser


class Prediction(TypedDict):
    """The incident that one article tells of, by a name of its own."""

    doc_id: str
    event_id: str


def predict(path: Path, parser: Parser | None = None, gazetteer: FileGazetteer | None = None) -> list[Prediction]:
    """Group every article of a benchmark file, in its order."""
    parser, gazetteer = parser or SpacyParser(wanted=is_telling), gazetteer or open_gazetteer()
    records = read_lines(path)
    groups = group_articles([profile_article(_make_article(record), parser, gazetteer) for record in records])
    named = {article_id: group[0] for group in groups for article_id in group}
    return [{"doc_id": record["doc_id"], "event_id": named[record["doc_id"]]} for record in records]


def profile_article(article: Article, parser: Parser, gazetteer: FileGazetteer) -> Profile:
    """What the product's readers make of one article."""
    parse = parser.parse(article)
    return profile_parsed(article, parse, read_places(article, parse, gazetteer))


def _make_article(record: dict[str, str]) -> Article:
    title = (record.get("title") or "").strip()
    article = make_article(record["doc_id"], f"{title}\n\n{record['text']}", record.get("url"))
    published = dt.date.fromisoformat(record["dct"][:10]) if record.get("dct") else None
    return replace(article, title=title, published_on=published)
