"""How often somebody may try a password: after a few failures each further one costs a longer wait."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

FORGET_AFTER: Final = 3600.0
"""Seconds without a failure after which all is forgotten."""
FIRST_WAIT, LONGEST_WAIT = 15.0, 900.0
"""Seconds of the first wait; each further failure doubles it up to the longest."""
_MOST_KEPT: Final = 20_000


@dataclass(slots=True)
class _Tries:
    failed: int = 0
    last: float = 0.0
    closed_until: float = 0.0


class Throttle:
    """Counts failures by key: `allowed` are free, then come waits. Safe to share between threads; time is given.

    >>> throttle = Throttle(2)
    >>> [throttle.begin("ann", now) for now in (0.0, 1.0, 2.0, 3.0)]
    [0.0, 0.0, 14.0, 13.0]
    """

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self._held: OrderedDict[str, _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, key: str, now: float) -> float:
        """Count a try before it is judged, so that many at once do not slip through: the seconds to wait, else 0."""
        with self._lock:
            tries = self._held.get(key)
            if tries is None or now - tries.last > FORGET_AFTER:
                tries = self._held[key] = _Tries()
            self._held.move_to_end(key)
            if now < tries.closed_until:
                return tries.closed_until - now
            tries.failed += 1
            tries.last = now
            if tries.failed >= self._allowed:
                over = min(tries.failed - self._allowed, 10)
                tries.closed_until = now + min(FIRST_WAIT * 2**over, LONGEST_WAIT)
            while len(self._held) > _MOST_KEPT:
                self._held.popitem(last=False)
            return 0.0

    def forget(self, key: str) -> None:
        """The try was good: its key starts anew."""
        with self._lock:
            self._held.pop(key, None)

    def forgive(self, key: str) -> None:
        """The try was good, but others of its key were not: take back this one alone."""
        with self._lock:
            tries = self._held.get(key)
            if tries is not None and tries.failed:
                tries.failed -= 1
                if tries.failed < self._allowed:
                    tries.closed_until = 0.0


def say_wait(seconds: float) -> str:
    """A wait in words.

    >>> say_wait(0.4), say_wait(61), say_wait(900)
    ('1 second', '2 minutes', '15 minutes')
    """
    whole = max(1, int(seconds + 0.999))
    if whole < 60:
        return f"{whole} second" + ("s" if whole != 1 else "")
    minutes = -(-whole // 60)
    return f"{minutes} minute" + ("s" if minutes != 1 else "")
