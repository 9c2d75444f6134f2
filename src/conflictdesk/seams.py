"""The seams: what a parser, a gazetteer, a coder and a fetcher must do to stand in for ours; each is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from conflictdesk.records import Article, Coding, Parse, Place, Problem, Toponym


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address of the web gave: `url` as asked, `final_url` after redirects.

    `status` is 200, or 304 with an empty `body` when nothing changed since `etag` or `modified` (as the site wrote
    them; hand them back next time). `media_type` like "text/html", None with 304; `charset` as the site says it,
    unchecked. `body` is unpacked.
    """

    url: str
    final_url: str
    status: int
    etag: str | None
    modified: str | None
    media_type: str | None
    charset: str | None
    body: bytes


class Fetcher(Protocol):
    """Asks an address of the web (see `ingest/fetching.py`); called from several threads at once."""

    def fetch(self, url: str, etag: str | None = None, modified: str | None = None) -> Fetched | Problem: ...
