"""Who is meant, and in which sense: the names of a dataset, and the meanings of "by this actor" that it can bear."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.analyse.claim_actors import find_known_names
from conflictdesk.analyse.dataset_facts import ask_once
from conflictdesk.datasets.filters import Parameter, where
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.questions import MEANINGS, Filter, Meaning

MEANING_WORDS: Final[Mapping[Meaning, str]] = {
    "involving": "events that involve the actor",
    "perpetrated": "violence against civilians by the actor as the named doer",
    "attributed": "events that a source attributes to the actor",
}
"""Each meaning in words."""
HAS_MEANING: Final[Mapping[Meaning, str]] = {
    "involving": "(actor1 IS NOT NULL OR actor2 IS NOT NULL OR len(associated) > 0)",
    "perpetrated": "(perpetrator IS NOT NULL)",
    "attributed": "(attributed_to IS NOT NULL)",
}
"""What a row must hold before it can say anything under a meaning; an empty list of the blamed says "nobody"."""
_NAMES: Final = (
    "SELECT actor1 AS name FROM events UNION SELECT actor2 FROM events UNION SELECT perpetrator FROM events"
    " UNION SELECT unnest(associated) FROM events UNION SELECT unnest(attributed_to) FROM events"
)
_HELD: Final = (
    "SELECT 1 FROM events WHERE actor1 = ? OR actor2 = ? OR perpetrator = ?"
    " OR list_contains(associated, ?) OR list_contains(attributed_to, ?) LIMIT 1"
)
_MOST_COMPARED: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What the rows of the windows can say under a meaning.

    `share` is the part of the rows, 0 to 1, whose origin keeps what the meaning needs; None where there are no rows.
    """

    can: bool
    share: float | None
    lacking: tuple[str, ...]
    """The origins that keep nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginRows:
    """The rows of one origin in the windows, and how many of them hold what each meaning needs."""

    origin: str
    events: int
    told: Mapping[Meaning, int]


def resolve_actors(dataset: Dataset, said: Sequence[str]) -> tuple[str, ...]:
    """The dataset's own names for these actors: the same name, else the same aside from capitals; never a guess.

    Raises:
        ConfigError: no name is given, or the dataset has none like it; the error tells the nearest names.
    """
    wanted = read_names(said)
    found = [name for name in wanted if dataset.ask(_HELD, [name] * 5)]
    if len(found) == len(wanted):
        return wanted
    names = list_names(dataset)
    return tuple(dict.fromkeys(each for name in wanted for each in _find_name(name, names)))


def read_names(said: Sequence[str]) -> tuple[str, ...]:
    """The names as asked, trimmed, each once.

    Raises:
        ConfigError: there is none.
    """
    wanted = tuple(dict.fromkeys(name.strip() for name in said if name.strip()))
    if not wanted:
        raise ConfigError("no actor is named: give the name as the dataset has it, with --actor")
    return wanted


def list_names(dataset: Dataset) -> list[str]:
    """Every name of an actor that the dataset holds, sorted."""
    return [str(row[0]) for row in dataset.ask(f"SELECT name FROM ({_NAMES}) WHERE name IS NOT NULL ORDER BY name")]


def _find_name(wanted: str, names: Sequence[str]) -> list[str]:
    if wanted in names:
        return [wanted]
    folded = wanted.casefold()
    same = [name for name in names if name.casefold() == folded]
    if not same:
        near = find_known_names(wanted, names) or find_near_names(wanted, names, most=3)
        told = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        mend = f"{told} Names" if told else ": names"
        raise ConfigError(f"the dataset has no actor {wanted[:80]!r}{mend} must be as the dataset has them")
    return same


def find_near_names(wanted: str, names: Sequence[str], most: int = 5) -> list[str]:
    """The names that hold the wanted one or are spelt much like it, nearest first.

    >>> find_near_names("red band", ["Red Band of the North", "Blue Company", "Red Bund"])
    ['Red Band of the North', 'Red Bund']
    """
    folded = wanted.casefold()
    holding = sorted((name for name in names if folded in name.casefold()), key=len)
    spelt = {name.casefold(): name for name in reversed(names[:_MOST_COMPARED])}
    alike = [spelt[near] for near in difflib.get_close_matches(folded, spelt, n=most, cutoff=0.6)]
    return list(dict.fromkeys((*holding, *alike)))[:most]


def find_bearings(dataset: Dataset, rows: Sequence[OriginRows]) -> dict[Meaning, Bearing]:
    """Which meanings the data can bear, from the rows of all actors in the windows.

    An origin that never fills a column, in the whole dataset, cannot say anything under that meaning. Where the windows
    hold no row at all, the whole dataset is asked.
    """
    total = sum(row.events for row in rows)
    held: dict[Meaning, Bearing] = {}
    for meaning in MEANINGS:
        silent = [row for row in rows if not row.told[meaning] and not _ever_told(dataset, meaning, row.origin)]
        mute = sum(row.events for row in silent)
        held[meaning] = Bearing(
            can=mute < total if rows else _ever_told(dataset, meaning),
            share=(total - mute) / total if total else None,
            lacking=tuple(sorted(row.origin for row in silent)),
        )
    return held


def _ever_told(dataset: Dataset, meaning: Meaning, origin: str | None = None) -> bool:
    parameters: list[Parameter] = []
    condition = HAS_MEANING[meaning]
    if origin is not None:
        more, parameters = where(Filter(origin=(origin,)))
        condition = f"{condition} AND {more}"
    return bool(ask_once(dataset, f"SELECT 1 FROM events WHERE {condition} LIMIT 1", parameters))
