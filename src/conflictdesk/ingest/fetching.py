"""The door to the web: an address becomes the bytes that stand there, or a Problem that says why not and what to do."""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from conflictdesk.ingest.addresses import (
    Refusal,
    Resolver,
    Target,
    hide_password,
    read_redirect,
    read_target,
    resolve_name,
)
from conflictdesk.ingest.files import refuse
from conflictdesk.ingest.hops import Answer, Asker, Bounds, read_type
from conflictdesk.ingest.politeness import ALL_ALLOWED, Pace, RobotRules, allows, read_robots, read_wait
from conflictdesk.records import Problem
from conflictdesk.seams import Fetched, Fetcher

AGENT = "conflictdesk"
VERSION = "0.1"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
FEED_TYPES = frozenset(
    {"application/xml", "text/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml"}
)
GZIP_TYPES = frozenset({"application/gzip", "application/x-gzip"})
ACCEPT = ", ".join((*sorted(PAGE_TYPES), *sorted(FEED_TYPES)))
ROBOTS_HOLD = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How to behave towards the web.

    `contact` is an address of yours that every site sees ("desk@example.org"). Times are seconds. `delay` lies between
    two requests to one host, and a site may ask for up to `longest_delay`; `longest_wait` is how long a site that is
    overloaded is waited for before its one second chance. `allow_loopback` is for tests alone.
    """

    contact: str
    delay: float = 1.0
    longest_delay: float = 30.0
    longest_wait: float = 30.0
    redirects: int = 5
    wire_bytes: int = 10_000_000
    body_bytes: int = 20_000_000
    header_bytes: int = 65_536
    robots_bytes: int = 512_000
    first_byte: float = 20.0
    total: float = 60.0
    any_port: bool = False
    allow_downgrade: bool = False
    allow_loopback: bool = False


class WebFetcher:
    """Fetches pages from the open web, politely; may be used from several threads.

    `resolve` looks up names, `clock` gives seconds that only grow, `sleep` waits, `tls` makes the settings by which
    certificates are checked.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolve: Resolver = resolve_name,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self._settings, self._clock, self._sleep = settings, clock, sleep
        self._asker = Asker(resolve, clock, tls or trust_known_authorities, settings.allow_loopback)
        self._pace = Pace(clock, sleep)
        self._robots: dict[str, tuple[RobotRules, float]] = {}
        contact = "".join(char for char in settings.contact if 32 < ord(char) < 127)[:200]
        self._headers = {"User-Agent": f"{AGENT}/{VERSION} (+{contact})", "Accept": ACCEPT}

    def fetch(self, url: str, etag: str | None = None, modified: str | None = None) -> Fetched | Problem:
        """What stands at `url`; with `etag` or `modified` from last time, a status of 304 when nothing changed."""
        shown = hide_password(url)
        known = _keep_sendable(etag), _keep_sendable(modified)
        try:
            return self._follow(shown, read_target(url, self._settings.any_port), *known)
        except Refusal as refusal:
            return refuse(shown, refusal.kind, refusal.told)

    def _follow(self, url: str, target: Target, etag: str | None, modified: str | None) -> Fetched:
        asked = self._headers | _validators(etag, modified)
        for _ in range(self._settings.redirects + 1):
            rules = self._find_rules(target)
            if not allows(rules, target.path):
                told = f"The site asks programs not to fetch this page ({target.origin}/robots.txt); save it by hand."
                raise Refusal("not-wanted", told)
            answer = self._ask_patiently(target, asked, rules)
            if answer.status not in REDIRECTS:
                return _accept(url, target, answer, etag, modified)
            target = self._send_on(target, answer)
        raise Refusal("sent-in-circles", f"The site sent on more than {self._settings.redirects} times; it was left.")

    def _send_on(self, target: Target, answer: Answer) -> Target:
        settings, location = self._settings, answer.headers.get("location")
        if not location:
            raise Refusal("bad-redirect", "The site sends on without saying where.")
        return read_redirect(target, location, any_port=settings.any_port, allow_downgrade=settings.allow_downgrade)

    def _ask_patiently(self, target: Target, headers: Mapping[str, str], rules: RobotRules) -> Answer:
        """One request; when the site is overloaded and names a bearable time, one more after that time."""
        answer = self._ask(target, headers, rules)
        pause = read_wait(answer.headers.get("retry-after"), answer.headers.get("date"))
        if answer.status in (429, 503) and pause is not None and pause <= self._settings.longest_wait:
            self._sleep(pause)
            answer = self._ask(target, headers, rules)
            pause = read_wait(answer.headers.get("retry-after"), answer.headers.get("date"))
        if answer.status in (429, 503) and pause is not None:
            self._pace.rest(target.host, pause)
        return answer

    def _ask(self, target: Target, headers: Mapping[str, str], rules: RobotRules) -> Answer:
        if rest := self._pace.resting(target.host):
            raise Refusal("asked-to-wait", f"{target.host} asked not to be visited for {rest:.0f} more seconds.")
        delay = max(self._settings.delay, min(rules.delay or 0.0, self._settings.longest_delay))

        def is_readable(status: int, said: Mapping[str, str]) -> bool:
            return status == 200 and _check_type(target, said) is not None

        with self._pace.turn(target.host, delay):
            return self._asker.ask(target, headers, self._bounds(), is_readable)

    def _bounds(self) -> Bounds:
        held = self._settings
        return Bounds(
            wire_bytes=held.wire_bytes,
            body_bytes=held.body_bytes,
            header_bytes=held.header_bytes,
            first_byte=held.first_byte,
            total=held.total,
        )

    # ------------------------------------------------------------ robots.txt

    def _find_rules(self, target: Target) -> RobotRules:
        known = self._robots.get(target.origin)
        if known and self._clock() < known[1]:
            return known[0]
        rules = self._fetch_rules(target)
        self._robots[target.origin] = rules, self._clock() + ROBOTS_HOLD
        return rules

    def _fetch_rules(self, target: Target) -> RobotRules:
        """The rules of the site; where it has none all is allowed, where it cannot say nothing is (RFC 9309, 2.3.1)."""
        asked, bounds = Target(target.scheme, target.host, target.port, "/robots.txt"), self._robot_bounds()
        for _ in range(self._settings.redirects + 1):
            with self._pace.turn(asked.host, self._settings.delay):
                answer = self._asker.ask(asked, self._headers, bounds, lambda status, _: status == 200)
            if answer.status == 200:
                return read_robots(answer.body.decode("utf-8", "replace"), AGENT)
            if answer.status not in REDIRECTS:
                if answer.status == 429 or answer.status >= 500:
                    _refuse_status(answer.status, answer.headers)
                return ALL_ALLOWED
            asked = self._send_on(asked, answer)
        return ALL_ALLOWED

    def _robot_bounds(self) -> Bounds:
        held = self._settings
        return Bounds(
            wire_bytes=2 * held.robots_bytes,
            body_bytes=held.robots_bytes,
            header_bytes=held.header_bytes,
            first_byte=held.first_byte,
            total=held.total,
            cut=True,
        )


def trust_known_authorities() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities and certifi's."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _keep_sendable(value: str | None) -> str | None:
    """What may stand in a header; anything else is left out."""
    return value if value and len(value) < 1_000 and all(31 < ord(char) < 127 for char in value) else None


def _validators(etag: str | None, modified: str | None) -> dict[str, str]:
    """Headers that ask for a page only if it changed."""
    given = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in given.items() if value}


def _check_type(target: Target, headers: Mapping[str, str]) -> tuple[str, str | None] | None:
    """The media type, where it is one we read, and the charset."""
    kind, charset = read_type(headers.get("content-type"))
    packed_map = kind in GZIP_TYPES and target.path.partition("?")[0].endswith(".xml.gz")
    return (kind, charset) if kind and (kind in PAGE_TYPES or kind in FEED_TYPES or packed_map) else None


def _accept(url: str, target: Target, answer: Answer, etag: str | None, modified: str | None) -> Fetched:
    said = answer.headers
    if answer.status == 304 and (etag or modified):
        kept = said.get("etag", etag), said.get("last-modified", modified)
        return Fetched(
            url=url, final_url=target.url, status=304, etag=kept[0], modified=kept[1],
            media_type=None, charset=None, body=b"",
        )  # fmt: skip
    if answer.status != 200:
        _refuse_status(answer.status, said)
    known = _check_type(target, said)
    if known is None:
        told = (
            f"The address gives {said.get('content-type', 'something unnamed')!r}, not a page or a feed; it was left."
        )
        raise Refusal("unknown-type", told)
    if not answer.body.strip():
        raise Refusal("empty", "The page has no words; look at the address in a browser.")
    return Fetched(
        url=url, final_url=target.url, status=200, etag=said.get("etag"), modified=said.get("last-modified"),
        media_type=known[0], charset=known[1], body=answer.body,
    )  # fmt: skip


def _refuse_status(status: int, headers: Mapping[str, str]) -> NoReturn:
    pause = read_wait(headers.get("retry-after"), headers.get("date"))
    if status == 429 or (status == 503 and pause is not None):
        when = "later" if pause is None else f"in {pause:.0f} seconds or more"
        raise Refusal("asked-to-wait", f"The site asks for fewer visits (status {status}); come again {when}.")
    if status >= 500:
        raise Refusal("site-in-trouble", f"The site has trouble of its own (status {status}); come again later.")
    if status in (404, 410):
        raise Refusal("not-found", f"There is no such page (status {status}); check the address.")
    if status in (401, 402, 403, 407, 451):
        raise Refusal("not-allowed", f"The site does not show this page to us (status {status}); save it by hand.")
    raise Refusal("bad-answer", f"The site answered with status {status} instead of a page; look at it in a browser.")


# ---------------------------------------------------------------- many addresses


@dataclass(frozen=True, slots=True)
class Ask:
    """An address and what the site said of it last time (see `Fetched`)."""

    url: str
    etag: str | None = None
    modified: str | None = None


def fetch_all(urls: Iterable[str | Ask], fetcher: Fetcher, at_once: int = 4) -> Iterator[Fetched | Problem]:
    """Each address once, as the answers come: hosts side by side, up to `at_once`, and one address of a host at a time.

    Stop whenever you like: what was not handed on was not taken, apart from at most `at_once` requests under way.
    Which address an answer belongs to stands in `Fetched.url` or `Problem.subject`.
    """
    hosts: dict[str, deque[Ask]] = {}
    for ask in dict.fromkeys(url if isinstance(url, Ask) else Ask(url) for url in urls):
        hosts.setdefault(_host_of(ask.url), deque()).append(ask)
    waiting = deque(hosts.values())
    running: dict[Future[Fetched | Problem], deque[Ask]] = {}
    pool = ThreadPoolExecutor(max(1, at_once), thread_name_prefix="fetch")
    try:
        while waiting or running:
            while waiting and len(running) < max(1, at_once):
                queue = waiting.popleft()
                ask = queue.popleft()
                running[pool.submit(fetcher.fetch, ask.url, ask.etag, ask.modified)] = queue
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                queue = running.pop(done)
                if queue:
                    waiting.append(queue)
                yield done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
