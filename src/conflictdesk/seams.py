"""The seams: what a parser, a gazetteer and a coder must do to stand in for ours. Each is passed in as an argument."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from conflictdesk.records import Article, Coding, Parse, Place, Toponym


class Parser(Protocol):
    """Reads the grammar of an article (see `language/parses.py` for the one we ship)."""

    def parse(self, article: Article) -> Parse: ...


class Gazetteer(Protocol):
    """Finds places by name (see `locate/gazetteer.py`)."""

    def find(self, name: str) -> tuple[Place, ...]:
        """Every place of that name or alias, most prominent first; empty when there is none."""
        ...

    def knows(self, name: str) -> bool:
        """True when some place bears that name."""
        ...


class Coder(Protocol):
    """Turns one article into mentions and claims (see `coding/rules.py` for the default)."""

    name: str

    def code(self, article: Article, parse: Parse, toponyms: Iterable[Toponym]) -> Coding: ...
