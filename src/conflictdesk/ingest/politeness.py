"""Manners towards a site: what its robots.txt allows, how long to wait between two requests, when to come again."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import quote, unquote_to_bytes

MOST_RULES = 20_000


@dataclass(frozen=True, slots=True)
class RobotRules:
    """The rules of a robots.txt for us: (allowed, path pattern), and the seconds it asks for between requests."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None


ALL_ALLOWED = RobotRules()


def read_robots(text: str, agent: str) -> RobotRules:
    """The rules for `agent`, else those for everybody ("*"), of a robots.txt (RFC 9309).

    Python's own `urllib.robotparser` takes the first rule that fits and knows no wildcards; the standard wants the
    longest, with `*` and `$`.

    >>> rules = read_robots("User-agent: *\\nDisallow: /\\nAllow: /news/*.html$", "conflictdesk")
    >>> allows(rules, "/news/a.html"), allows(rules, "/news/a.html?print"), allows(rules, "/")
    (True, False, False)
    """
    groups: dict[str, list[tuple[bool, str]]] = {}
    delays: dict[str, float] = {}
    names: list[str] = []
    open_group = False
    for line in text.lstrip("\ufeff").splitlines()[: 4 * MOST_RULES]:
        field, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        field = field.lower()
        if field == "user-agent":
            names = [*(names if open_group else []), value.lower()]
            groups.setdefault(value.lower(), [])
            open_group = True
        elif field in ("allow", "disallow", "crawl-delay"):
            open_group = False
            _take_rule(field, value, names, groups, delays)
    ours = agent.lower() if agent.lower() in groups else "*"
    return RobotRules(tuple(groups.get(ours, [])[:MOST_RULES]), delays.get(ours))


def _take_rule(
    field: str, value: str, names: list[str], groups: dict[str, list[tuple[bool, str]]], delays: dict[str, float]
) -> None:
    if field == "crawl-delay":
        if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value):
            delays.update(dict.fromkeys(names, float(value)))
    elif value:
        for name in set(names):
            groups[name].append((field == "allow", _spell(value)))


def allows(rules: RobotRules, path: str) -> bool:
    """True when `path` (with its query) may be fetched: the longest fitting pattern decides, `Allow` wins a tie."""
    spelt = _spell(path)
    fitting = [(len(pattern), allowed) for allowed, pattern in rules.rules if _fits(pattern, spelt)]
    return max(fitting)[1] if fitting else True


def _fits(pattern: str, path: str) -> bool:
    """Piece after piece between the `*`, each at its first place: no pattern can take long."""
    anchored = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = pieces.pop() if anchored and pieces else None
    for piece in pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if last is not None:
        return len(path) - len(last) >= at and path.endswith(last)
    return not anchored or at == len(path)


def _spell(path: str) -> str:
    """One spelling for a path: what needs no percent sign has none, everything else has one."""
    return quote(unquote_to_bytes(path.encode("utf-8", "replace")), safe="/?&=*$:;,@!'()+~%")


def read_wait(retry_after: str | None, date: str | None) -> float | None:
    """The seconds that a `Retry-After` header asks for: a number, or a day and time held against the answer's `Date`.

    >>> read_wait("120", None), read_wait("soon", None)
    (120.0, None)
    """
    if retry_after is None:
        return None
    if re.fullmatch(r"\d{1,9}", retry_after.strip()):
        return float(retry_after)
    try:
        wait = parsedate_to_datetime(retry_after) - parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return max(wait.total_seconds(), 0.0)


class Pace:
    """One request at a time to a host, and a pause between two; `clock` gives seconds, `sleep` waits for some."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock, self._sleep = clock, sleep
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._ended: dict[str, float] = {}
        self._rests: dict[str, float] = {}

    @contextlib.contextmanager
    def turn(self, host: str, delay: float) -> Iterator[None]:
        """Our turn to ask `host`, at least `delay` seconds after the last one ended."""
        with self._guard:
            lock = self._locks.setdefault(host, threading.Lock())
        with lock:
            ended = self._ended.get(host)
            if ended is not None and (wait := ended + delay - self._clock()) > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                self._ended[host] = self._clock()

    def rest(self, host: str, seconds: float) -> None:
        """Leave `host` alone for `seconds`."""
        self._rests[host] = self._clock() + seconds

    def resting(self, host: str) -> float:
        """The seconds for which `host` still wants to be left alone; 0 when it does not."""
        until = self._rests.get(host)
        return 0.0 if until is None else max(until - self._clock(), 0.0)
