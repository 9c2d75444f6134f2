"""Which articles a second coder takes up: drawn by stratum, the same whenever and wherever it is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from conflictdesk.codebook.types import load_event_types
from conflictdesk.errors import ConfigError
from conflictdesk.records import Estimate
from conflictdesk.review.folding import CaseFile

NO_INCIDENT = "no incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How many of the articles are coded twice, 0 to 1: `default`, other shares by event type ("Battles": 0.2).

    An article with an incident of `always_from_deaths` killed or more is always drawn; None draws none for its deaths.

    Raises:
        ConfigError: a share is not between 0 and 1, its event type is unknown, or the threshold is below 1.
    """

    default: float = 0.1
    by_type: Mapping[str, float] = field(default_factory=dict)
    always_from_deaths: int | None = 25

    def __post_init__(self) -> None:
        known = {entry.event_type for entry in load_event_types().types} | {NO_INCIDENT}
        strange = sorted(set(self.by_type) - known)
        if strange:
            raise ConfigError(f"no event type is called {', '.join(strange)}; there are: {', '.join(sorted(known))}")
        shares = {"default": self.default, **self.by_type}
        wrong = [f"{name} = {share}" for name, share in shares.items() if not 0 <= share <= 1]
        if wrong:
            raise ConfigError(f"shares of second coding go from 0 to 1, not {', '.join(wrong)}")
        if self.always_from_deaths is not None and self.always_from_deaths < 1:
            raise ConfigError(f"always_from_deaths = {self.always_from_deaths}: give a number from 1, or leave it out")


def choose_stratum(file: CaseFile, shares: Shares, seed: str) -> str | None:
    """The stratum for which this article is drawn, None where it is not drawn.

    An article has one lot, a number from 0 to 1 made of `seed` and its id, and is drawn when the lot is below the
    greatest share of its event types; so the chance of an article is exactly that share, whatever else it tells of.
    """
    kept = file.kept
    tolls = [m.fields["deaths"].value for m in kept]
    threshold = shares.always_from_deaths
    if threshold is not None and any(isinstance(t, Estimate) and t.best >= threshold for t in tolls):
        return f"{threshold} killed or more"
    names = [value for m in kept if isinstance(value := m.fields["event_type"].value, str)]
    types = {load_event_types().by_name(name).event_type for name in names} or {NO_INCIDENT}
    stratum = min(types, key=lambda name: (-shares.by_type.get(name, shares.default), name))
    return stratum if draw_lot(seed, file.article.article_id) < shares.by_type.get(stratum, shares.default) else None


def draw_lot(seed: str, article_id: str) -> float:
    """A number from 0 up to, not including, 1 that nobody can choose: the first 53 bits of a SHA-256.

    >>> 0 <= draw_lot("autumn", "a-1") < 1 and draw_lot("autumn", "a-1") == draw_lot("autumn", "a-1")
    True
    """
    digest = hashlib.sha256(f"{seed}\x1f{article_id}".encode()).digest()
    return (int.from_bytes(digest[:8]) >> 11) / 2**53
