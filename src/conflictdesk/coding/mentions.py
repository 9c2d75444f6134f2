"""The door of `coding`: articles in, mentions and claims out."""

from __future__ import annotations

from collections.abc import Iterable

from conflictdesk.coding.gists import read_main_incident
from conflictdesk.coding.model import SentenceModel
from conflictdesk.coding.rules import RuleCoder
from conflictdesk.coding.second_opinion import ModelAlone, ModelBeside
from conflictdesk.coding.triggers import may_tell_of_event, tells_of_violence
from conflictdesk.errors import ConfigError
from conflictdesk.records import Article, Coding, Parse, Toponym
from conflictdesk.seams import Coder

__all__ = [
    "CODERS",
    "code_mentions",
    "may_tell_of_event",
    "open_coder",
    "read_main_incident",
    "tells_of_violence",
]

CODERS = ("rules", "model", "hybrid")


def open_coder(name: str) -> Coder:
    """The coder of that name: the rules, the rules with the small model beside them, or the model in their place.

    Raises:
        ConfigError: there is no such coder, or what the model needs is not installed.
    """
    if name == "rules":
        return RuleCoder()
    if name == "hybrid":
        return RuleCoder(opinion=ModelBeside(SentenceModel()))
    if name == "model":
        return RuleCoder(opinion=ModelAlone(SentenceModel()))
    raise ConfigError(f"there is no coder {name!r}: choose one of {', '.join(CODERS)}")


def code_mentions(article: Article, parse: Parse, toponyms: Iterable[Toponym], coder: Coder) -> Coding:
    """Code one article."""
    return coder.code(article, parse, toponyms)
