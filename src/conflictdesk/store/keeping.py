"""What can never change once it is in the store, kept at hand so that it is read once: articles, codings, the journal.

Rows that are only ever added to mean the same in every process, so that nothing kept here can be out of date. What
one transaction read comes to the others when it has ended well: what it wrote itself may still be undone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar

from conflictdesk.casework import Order, StoredCoding
from conflictdesk.decisions import Decision

FEW: Final = 32
"""Whoever asks for more at once walks through the store, and would push out what others come back to."""
MOST: Final = 2_000
Key: TypeAlias = tuple[Literal["article", "coding", "day", "journal"], str]
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class KeptCoding:
    """A coding, and the place in the history of each of its mentions."""

    coding: StoredCoding
    orders: Mapping[str, Order]


@dataclass(frozen=True, slots=True)
class KeptJournal:
    """The decisions about one article, all those up to number `until`."""

    until: int
    decisions: tuple[Decision, ...]


class Shelf:
    """The last `most` things that were asked for, shared by all transactions of a store in this process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[Key, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> object | None:
        """What is kept under that key."""
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key]

    def take_over(self, found: Mapping[Key, object]) -> None:
        """Keep more; what nobody asked for the longest time goes."""
        with self._lock:
            for key, value in found.items():
                self._held[key] = value
                self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)


class Pocket:
    """What one transaction has at hand: what it read itself, and what lies on the shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._own: dict[Key, object] = {}

    def get(self, key: Key, kind: type[_Kept]) -> _Kept | None:
        """What is kept under that key, of that kind."""
        held = self._own.get(key)
        held = self._shelf.get(key) if held is None else held
        return held if isinstance(held, kind) else None

    def put(self, key: Key, value: object) -> None:
        """Keep what was read."""
        self._own[key] = value
        if len(self._own) > MOST:
            del self._own[next(iter(self._own))]

    def hand_over(self) -> None:
        """The transaction has ended well: let the others have it too."""
        self._shelf.take_over(self._own)
