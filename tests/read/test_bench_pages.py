"""The benchmark's saved pages read as their plain texts do (left out, and said so, where the benchmark is not)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from conflictdesk.ingest.pages import fetch_pages
from conflictdesk.read.articles import read_articles
from conflictdesk.records import Article, Page

CORPUS = Path(os.environ.get("CONFLICTDESK_BENCH", "../shared")) / "corpus"
pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no benchmark at {CORPUS}: set CONFLICTDESK_BENCH"),
]


def read_all(path: Path) -> list[Article]:
    return [article for page in fetch_pages([path]) if isinstance(page, Page) for article in read_articles(page)[0]]


def squash(text: str) -> str:
    return " ".join(text.split())


def test_saved_pages_give_the_paragraphs_and_days_of_their_texts() -> None:
    rows = [json.loads(line) for line in (CORPUS / "news" / "articles.jsonl").read_text("utf-8").splitlines()]
    told = {row["id"]: row for row in rows}
    read = read_all(CORPUS / "news" / "html")
    missing = extra = total = 0
    for article in read:
        row = told[article.external_id]
        wanted = [squash(line) for line in row["text"].splitlines() if any(map(str.isalnum, line))]
        got = [squash(paragraph) for paragraph in article.text.split("\n\n")[1:]]
        missing += sum(line not in got for line in wanted)
        extra += sum(line not in wanted for line in got)
        total += len(wanted)
        assert str(article.published_on) == row["published"] and article.title == squash(row["title"])
    assert len(read) == sum("html_file" in row for row in rows)
    assert missing <= 0.01 * total and extra <= 0.01 * total


def test_a_page_of_several_articles_is_parted() -> None:
    read = read_all(CORPUS / "arab-news-2021-09-26.page.txt")
    assert [a.external_id.rsplit("#")[-1] for a in read] == ["1", "2", "3", "4", "5", "6"]
    assert {a.published_basis for a in read} == {"stated", "relative"}
