"""The door of `coding`: articles in, mentions and claims out."""

from __future__ import annotations

from collections.abc import Iterable

from conflictdesk.coding.rules import RuleCoder
from conflictdesk.coding.triggers import may_tell_of_event
from conflictdesk.errors import ConfigError
from conflictdesk.records import Article, Coding, Parse, Toponym
from conflictdesk.seams import Coder

__all__ = ["CODERS", "code_mentions", "may_tell_of_event", "open_coder"]

CODERS = ("rules",)


def open_coder(name: str) -> Coder:
    """The coder of that name.

    Raises:
        ConfigError: there is no such coder.
    """
    if name == "rules":
        return RuleCoder()
    raise ConfigError(f"there is no coder {name!r}: choose one of {', '.join(CODERS)}")


def code_mentions(article: Article, parse: Parse, toponyms: Iterable[Toponym], coder: Coder) -> Coding:
    """Code one article."""
    return coder.code(article, parse, toponyms)
