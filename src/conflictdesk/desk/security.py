"""What keeps the desk on this machine: a check of the Host header, and headers that forbid a page to reach out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "[::1]"))
"""Names under which this machine speaks to itself; any other Host may be a page elsewhere that rebinds its name."""

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No inline script or style, no eval, nothing from elsewhere."""

HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


class LoopbackOnly:
    """Answer only requests that name this machine, and send the headers above with every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = LOOPBACK) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = {name for name, _ in message.get("headers", ())}
                message["headers"] = [*message.get("headers", ()), *(h for h in HEADERS if h[0] not in held)]
            await send(message)

        if _read_host(scope) in self._hosts:
            await self._app(scope, receive, send_guarded)
            return
        from starlette.responses import PlainTextResponse

        refused = PlainTextResponse(self._say_hosts(), status_code=421)
        await refused(scope, receive, send_guarded)

    def _say_hosts(self) -> str:
        if self._hosts == LOOPBACK:
            return "This desk answers only as localhost or 127.0.0.1.\n"
        # The names are no secret, but a stranger needs none of them.
        return "This desk does not answer under that name. Whoever runs it can add the name with --allow-host.\n"


def _read_host(scope: Scope) -> str:
    """The name in the Host header without its port, "" where there is none or more than one."""
    hosts: list[str] = [value.decode("latin-1").strip().lower() for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1:
        return ""
    name, colon, port = hosts[0].rpartition(":")
    return name if colon and port.isdigit() else hosts[0]


def is_from_here(headers: Mapping[str, str]) -> bool:
    """True unless a browser says that a page of another origin sends this; the token is asked for besides.

    A page on another port of this machine is another origin too, though a cookie does not tell the two apart.

    >>> is_from_here({"host": "desk.example", "origin": "https://desk.example"}), is_from_here({"host": "a"})
    (True, True)
    >>> is_from_here({"host": "127.0.0.1:8642", "origin": "http://127.0.0.1:9"}), is_from_here({"origin": "null"})
    (False, False)
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site not in (None, "same-origin", "none"):
        return False
    # A page that is told to send no referrer says "null"; only the browser's other word tells it from a stranger.
    if origin is None or (origin == "null" and site == "same-origin"):
        return True
    try:
        told = urlsplit(origin.strip().lower())
    except ValueError:
        return False
    return told.scheme in ("http", "https") and told.netloc == headers.get("host", "").strip().lower()


class CapBody:
    """Refuse a request whose body is larger than the desk takes, before it is read and while it is read.

    `larger` names the paths (their beginnings) that take more, with how many bytes.
    """

    def __init__(self, app: ASGIApp, most: int, larger: Mapping[str, int]) -> None:
        self._app, self._most, self._larger = app, most, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = max([self._most, *(size for path, size in self._larger.items() if scope["path"].startswith(path))])
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not declared.isdigit() or int(declared) > most:
            await _refuse_body(most, scope, receive, send)
            return
        taken, begun = 0, False

        async def receive_capped() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise _TooLarge
            return message

        async def send_unless_capped(message: Message) -> None:
            nonlocal begun
            # What reads the body may turn the error into an answer of its own: ours counts.
            if taken <= most or begun:
                begun = True
                await send(message)

        try:
            await self._app(scope, receive_capped, send_unless_capped)
        except _TooLarge:
            pass
        finally:
            if taken > most and not begun:
                await _refuse_body(most, scope, receive, send)


class _TooLarge(Exception):
    """The body is larger than it may be."""


async def _refuse_body(most: int, scope: Scope, receive: Receive, send: Send) -> None:
    from starlette.responses import JSONResponse

    told = f"This is larger than the desk takes at once: at most {most / 1_000_000:.0f} million bytes."
    await JSONResponse({"told": told}, 413, headers={"connection": "close"})(scope, receive, send)
