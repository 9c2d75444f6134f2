"""An article of thousands of sentences stops no run: it becomes a Problem, and people can still read it."""

from __future__ import annotations

import datetime as dt

from conflictdesk.pipeline import MOST_SENTENCES, open_tools
from conflictdesk.records import Article
from conflictdesk.workflow.coding_articles import code_stored_article, profile_article


def test_too_many_sentences_are_a_problem_and_keep_their_places() -> None:
    number = MOST_SENTENCES + 1
    text = "A long list\n\n" + "\n".join(f"Item {n} is kept." for n in range(number))
    article = Article(
        article_id="a-1",
        page_id="p-1",
        page="long.txt",
        external_id="long",
        title="A long list",
        text=text,
        published_on=dt.date(2024, 3, 4),
        published_basis="given",
        language="en",
    )
    tools = open_tools("rules")
    coded = code_stored_article(article, tools, {})
    assert [problem.kind for problem in coded.coding.problems] == ["too-many-sentences"]
    assert not coded.coding.mentions
    assert len(coded.coding.sentences) >= number
    assert profile_article(article, tools) is None
