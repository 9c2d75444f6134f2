"""Articles that repeat an earlier one, word for word or nearly, name it as their original."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.read.articles import mark_duplicates
from conflictdesk.records import Article

WORDS = ("shells", "fell", "market", "town", "valley", "killed", "traders", "mayor", "blamed", "front", "truce", "hill")


def write(seed: int, length: int = 120) -> str:
    draw = random.Random(seed)
    return "Headline\n\n" + " ".join(draw.choice(WORDS) + str(draw.randrange(40)) for _ in range(length))


def article(name: str, text: str, day: int | None = None) -> Article:
    return Article(
        article_id=name,
        page_id="p",
        page="x",
        external_id=name,
        title="Headline",
        text=text,
        published_on=None if day is None else dt.date(2024, 3, day),
        published_basis="unknown" if day is None else "stated",
        language="en",
    )


def originals(articles: list[Article]) -> dict[str, str | None]:
    return {a.article_id: a.duplicate_of for a in mark_duplicates(articles)}


def test_copies_and_near_copies_name_the_earliest() -> None:
    text = write(1)
    near = text.replace(text.split()[60], "changed", 1) + " Additional words by the editor."
    found = originals(
        [
            article("a-3", text.upper(), day=5),
            article("a-2", text, day=4),
            article("a-1", near),
            article("a-4", write(2), day=4),
            article("a-5", " ".join(text.split()[:60]), day=6),
        ]
    )
    assert found == {"a-3": "a-2", "a-2": None, "a-1": "a-2", "a-4": None, "a-5": None}


def test_short_texts_must_be_the_same() -> None:
    found = originals([article("a", "Two hurt\n\n"), article("b", "two  hurt."), article("c", "Three hurt\n\n")])
    assert found == {"a": None, "b": "a", "c": None}


@given(st.permutations(range(12)))
def test_the_order_of_articles_does_not_matter(order: list[int]) -> None:
    articles = [article(f"a-{n}", write(n % 5), day=1 + n % 3) for n in range(12)]
    shuffled = [articles[n] for n in order]
    marked = mark_duplicates(shuffled)
    assert [a.article_id for a in marked] == [a.article_id for a in shuffled]
    assert originals(shuffled) == originals(articles)
