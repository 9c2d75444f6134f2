"""What keeps the desk on this machine: a check of the Host header, and headers that forbid a page to reach out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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

        refused = PlainTextResponse("This desk answers only as localhost or 127.0.0.1.\n", status_code=421)
        await refused(scope, receive, send_guarded)


def _read_host(scope: Scope) -> str:
    """The name in the Host header without its port, "" where there is none or more than one."""
    hosts: list[str] = [value.decode("latin-1").strip().lower() for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1:
        return ""
    name, colon, port = hosts[0].rpartition(":")
    return name if colon and port.isdigit() else hosts[0]
