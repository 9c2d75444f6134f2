"""Codes single texts as the product codes pages, each by itself, so that no text is merged with another."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conflictdesk.ingest.pages import fetch_pages
from conflictdesk.merge.events import merge_mentions
from conflictdesk.pipeline import Tools, code_article
from conflictdesk.read.articles import read_articles
from conflictdesk.records import Article, Claim, Event, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text without a headline; `published` is its day of publication as YYYY-MM-DD."""

    name: str
    text: str
    published: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedText:
    """What one text came to."""

    article: Article
    events: tuple[Event, ...]
    claims: tuple[Claim, ...]


def code_texts(texts: Sequence[Text], tools: Tools) -> dict[str, CodedText]:
    """Read and code every text; the answer is by its name.

    Raises:
        ValueError: a text does not come out as one article.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        path.write_text("".join(_document(text) for text in texts), encoding="utf-8")
        pages = [page for page in fetch_pages([path]) if isinstance(page, Page)]
    coded = {page.external_id: _code_page(page, tools) for page in pages}
    if missing := {text.name for text in texts} - coded.keys():
        raise ValueError(f"texts that did not become a page: {', '.join(sorted(missing))}")
    return coded


def _document(text: Text) -> str:
    row = {"id": text.name, "text": text.text, "published": text.published, "language": "en"}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _code_page(page: Page, tools: Tools) -> CodedText:
    articles, problems = read_articles(page)
    if len(articles) != 1:
        told = "; ".join(problem.detail for problem in problems)
        raise ValueError(f"{page.external_id} came out as {len(articles)} articles: {told}")
    coding = code_article(articles[0], tools)
    events, _ = merge_mentions(coding.mentions)
    return CodedText(article=articles[0], events=tuple(events), claims=coding.claims)
