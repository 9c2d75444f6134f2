"""The gate before every route: who asks, whether the rule lets him, whether a change comes from our own page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from conflictdesk.desk.office import Office, is_at_least
from conflictdesk.desk.security import is_from_here
from conflictdesk.desk.sessions import Session, is_same
from conflictdesk.desk.signing_in import FORMS, READING, WRONG_TOKEN, Rule, find_rule, say_needed

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOREIGN = "this request was sent from a page that is not of this desk"


class Gate:
    """Refuse all that no rule allows. Files under /static are ours and open; they hold nothing of the desk."""

    def __init__(self, app: ASGIApp, office: Office, rules: Sequence[Rule]) -> None:
        self._app, self._office, self._rules = app, office, tuple(rules)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"the desk has no {scope['type']}")
        rule = find_rule(self._rules, scope["path"], scope["method"])
        if rule is None and scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        from starlette.concurrency import run_in_threadpool
        from starlette.requests import Request

        request = Request(scope)
        refused = await run_in_threadpool(self._judge, request, rule)
        await (refused or self._app)(scope, receive, _keep_private(send))

    def _judge(self, request: Request, rule: Rule | None) -> Response | None:
        """The refusal, or None where the request may pass; it notes the session for the pages."""
        from conflictdesk.errors import DeskError

        try:
            session = self._read_session(request)
        except DeskError as error:
            return self._refuse(request, 503, str(error))
        request.state.session = session
        changes = request.method not in READING
        if changes and not is_from_here(request.headers):
            return self._refuse(request, 403, _FOREIGN)
        if rule is not None and rule.least == "nobody":
            return None
        if session is None:
            return self._ask_in(request)
        if rule is None:
            return None
        if rule.least is None:
            return self._refuse(request, 403, "nobody may ask this: the page declares no rule")
        # "nobody" passed above; what is left is a role.
        if rule.least != "nobody" and not is_at_least(session.user.role, rule.least):
            return self._refuse(request, 403, say_needed(rule.least))
        return self._check_token(request, session) if changes else None

    def _read_session(self, request: Request) -> Session | None:
        return self._office.sessions.read(self._office.cookies.read(request, "session"), self._office.now)

    def _check_token(self, request: Request, session: Session) -> Response | None:
        sent = request.headers.get("x-csrf-token")
        if sent is None:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            # A form carries the token inside: `Needs` asks for it when the body is there.
            return None if kind in FORMS else self._refuse(request, 403, WRONG_TOKEN)
        if not is_same(sent, session.csrf):
            return self._refuse(request, 403, WRONG_TOKEN)
        request.state.csrf_seen = True
        return None

    def _ask_in(self, request: Request) -> Response:
        """Send a person to the page where one signs in; tell a script that nobody is signed in."""
        from starlette.responses import RedirectResponse

        to = "/login" if self._office.options.team else "/enter"
        if wants_words(request) or request.method not in ("GET", "HEAD"):
            refused = self._refuse(request, 401, "sign in first")
            if request.headers.get("hx-request") == "true":
                refused.headers["hx-redirect"] = to
            return refused
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        query = f"?{urlencode({'next': here})}" if to == "/login" and here != "/" else ""
        return RedirectResponse(to + query, status_code=303)

    def _refuse(self, request: Request, status: int, told: str) -> Response:
        from conflictdesk.desk.faults import say_fault

        return say_fault(request, status, told)


def wants_words(request: Request) -> bool:
    """True when a script asks, which can make nothing of a page."""
    return request.url.path.startswith(("/desk/api/", "/api/")) or request.headers.get("hx-request") == "true"


_OURS: Final = ((b"cache-control", b"private, no-cache"), (b"referrer-policy", b"same-origin"))
"""A browser that may send no referrer sends the origin of a form as "null", which could be anybody's."""


def _keep_private(send: Send) -> Send:
    """Let no cache between the desk and its user keep a page, nor show it to whoever comes next."""

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", ()) if name != b"cache-control"]
            message["headers"] = [*kept, *_OURS]
        await send(message)

    return send_private
