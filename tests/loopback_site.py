"""A web site of this machine's own, for tests of fetching: each path is answered by a function, each visit is noted."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[["Visit"], None]


class Visit(BaseHTTPRequestHandler):
    """One request under way, with short ways to answer it."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        with self.server.noting(self):
            reply = self.server.replies.get(self.path.partition("?")[0])
            try:
                if reply is None:
                    self.say(404, b"nothing")
                else:
                    reply(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    def say(self, status: int, body: bytes = b"", kind: str | None = "text/html", **headers: str) -> None:
        """A whole answer; `_` in a header's name stands for a hyphen."""
        self.send_response(status)
        if kind is not None:
            self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class Site(ThreadingHTTPServer):
    """The site: `visits` are (path, headers) in order, `most_at_once` the greatest number of requests at a time."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Visit)
        self.replies: dict[str, Reply] = {}
        self.visits: list[tuple[str, dict[str, str]]] = []
        self.most_at_once = 0
        self._guard, self._now = threading.Lock(), 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.visits]

    def page(self, path: str, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.replies[path] = lambda visit: visit.say(200, body, kind, **headers)

    def send_on(self, path: str, location: str, status: int = 302) -> None:
        self.replies[path] = lambda visit: visit.say(status, Location=location)

    @contextlib.contextmanager
    def noting(self, visit: Visit) -> Iterator[None]:
        with self._guard:
            self.visits.append((visit.path, {name.lower(): value for name, value in visit.headers.items()}))
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield
        finally:
            with self._guard:
                self._now -= 1

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who leaves early is expected here."""


@contextlib.contextmanager
def open_site() -> Iterator[Site]:
    """A running site; closed when the block is left."""
    site = Site()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join(5)


def drip(visit: Visit, start: bytes, piece: bytes, pause: float, seconds: float = 10) -> None:
    """Sends `start`, then `piece` after `piece` until the visitor leaves, at most for `seconds`."""
    visit.close_connection = True
    visit.wfile.write(start)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        visit.wfile.write(piece)
        visit.wfile.flush()
        if pause:
            time.sleep(pause)
