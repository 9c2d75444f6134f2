"""What looks like conflict and is not: sport, film, exercises, accidents, ordinary crime."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of nothing: its words, and what speaks against it."""

    name: str
    scope: str
    enough: int
    words: re.Pattern[str]
    unless: re.Pattern[str] | None


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(words) + r")\b", re.IGNORECASE)


@cache
def load_topics() -> tuple[tuple[Topic, ...], re.Pattern[str]]:
    """Read topics.toml: the topics, and the words of armed conflict and unrest."""
    data = tomllib.loads(resources.files(__package__).joinpath("topics.toml").read_text("utf-8"))
    topics = tuple(
        Topic(
            t["name"],
            t["scope"],
            t.get("enough", 1),
            _pattern(t["words"]),
            _pattern(t["unless"]) if "unless" in t else None,
        )
        for t in data["topic"]
    )
    return topics, _pattern(data["armed"]["words"])


def name_article_topic(text: str) -> str | None:
    """The kind of nothing that a whole article is, or None when it may well tell of conflict.

    A topic needs enough different words, and twice as many hits as the words of armed conflict and unrest; as many
    will do where the headline itself names the topic and no conflict.
    """
    topics, armed = load_topics()
    conflict, title = len(armed.findall(text)), text.split("\n", 1)[0]
    best: tuple[int, str] | None = None
    for topic in topics:
        if topic.scope != "article":
            continue
        hits = [m.lower() for m in topic.words.findall(text)]
        named = topic.words.search(title) is not None and armed.search(title) is None
        if (
            len(set(hits)) >= topic.enough
            and len(hits) >= conflict * (1 if named else 2)
            and (best is None or len(hits) > best[0])
        ):
            best = (len(hits), topic.name)
    return best[1] if best else None


def name_sentence_topic(text: str) -> str | None:
    """The kind of nothing that a sentence is, or None."""
    for topic in load_topics()[0]:
        if topic.scope == "sentence" and topic.words.search(text) and not (topic.unless and topic.unless.search(text)):
            return topic.name
    return None
