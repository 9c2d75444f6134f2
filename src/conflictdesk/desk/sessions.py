"""Who is signed in: random tokens of which the store keeps only a hash, their cookies, and the tokens of forms."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from conflictdesk.casework import User
    from conflictdesk.store.opening import Store

LONGEST: Final = dt.timedelta(days=7)
"""After so long a session ends whatever happens."""
_TOUCH: Final = dt.timedelta(minutes=10)
_RANDOM_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Session:
    """The session that a request brings: whose, the token that its forms carry, and its key in the store."""

    user: User
    csrf: str
    key: str


def hash_token(token: str) -> str:
    """What the store keeps of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make_csrf(token: str) -> str:
    """The token that a form or a script must send back: it cannot be had without the cookie, nor the cookie from it."""
    return hmac.new(token.encode("utf-8", "replace"), b"conflictdesk form", hashlib.sha256).hexdigest()


def is_same(left: str, right: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))


class Sessions:
    """Begins, reads and ends the sessions of one desk; one without a request for `idle` has ended.

    A token is 32 random bytes and the second at which it was made; both are under the hash that is kept, so that the
    second cannot be moved.
    """

    def __init__(self, store: Store, idle: dt.timedelta) -> None:
        self._store, self._idle = store, idle
        self._touched: dict[str, dt.datetime] = {}
        self._lock = threading.Lock()

    def begin(self, user: str, now: dt.datetime, *, instead_of: str | None = None) -> str:
        """A new session, never one that the browser brought along: the token for its cookie."""
        token = f"{secrets.token_urlsafe(_RANDOM_BYTES)}.{int(now.timestamp()):x}"
        with self._store.writing() as writer:
            if instead_of:
                writer.end_session(hash_token(instead_of))
            writer.put_session(hash_token(token), user, now + self._idle)
        return token

    def read(self, token: str | None, now: dt.datetime) -> Session | None:
        """The session of a token; None when it is none, has ended, or its user may no longer work here."""
        issued = read_issued(token)
        if token is None or issued is None or not issued <= now + _TOUCH or now >= issued + LONGEST:
            return None
        key = hash_token(token)
        with self._store.asking() as reader:
            user = reader.session(key, now)
        if user is None or not user.active:
            return None
        self._touch(key, user.name, now, min(now + self._idle, issued + LONGEST))
        return Session(user, make_csrf(token), key)

    def end(self, token: str) -> None:
        """Sign out."""
        with self._store.writing() as writer:
            writer.end_session(hash_token(token))

    def _touch(self, key: str, user: str, now: dt.datetime, expires: dt.datetime) -> None:
        """Move the end of an idle session on, now and then: not every look at a page writes."""
        with self._lock:
            last = self._touched.get(key)
            if last is not None and now - last < _TOUCH:
                return
            if len(self._touched) > 10_000:
                self._touched.clear()
            self._touched[key] = now
        with self._store.writing() as writer:
            # It may have ended since it was read: a session that is gone must not come back.
            if writer.session(key, now) is not None:
                writer.put_session(key, user, expires)


def read_issued(token: str | None) -> dt.datetime | None:
    """The second at which a token says that it was made; None where it says none."""
    if not token or len(token) > 100:
        return None
    _, dot, told = token.rpartition(".")
    try:
        return dt.datetime.fromtimestamp(int(told, 16), dt.UTC) if dot and len(told) <= 9 else None
    except (ValueError, OverflowError):
        return None


class Entry:
    """The one-time token of the address that local use prints: whoever can read the terminal may enter, once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token: str | None = None

    def renew(self) -> str:
        """A new token; the one before it is void."""
        with self._lock:
            self._token = secrets.token_urlsafe(_RANDOM_BYTES)
            return self._token

    def take(self, token: str) -> bool:
        """True once, for the token that is open."""
        with self._lock:
            good = self._token is not None and is_same(self._token, token)
            if good:
                self._token = None
            return good


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of a desk, under names of its own: all ports of a machine share one jar.

    Over https (`always_secure`, or as the request came) their names bind them to this very host.
    """

    desk: str
    always_secure: bool

    def read(self, request: Request, kind: str) -> str | None:
        """The cookie "session" or "form" that a request brings."""
        return request.cookies.get(self._name(kind, self._is_secure(request)))

    def put(self, request: Request, response: Response, kind: str, value: str) -> None:
        """Set a cookie that no script reads; that of a form goes with no request from elsewhere at all."""
        secure = self._is_secure(request)
        name, strict = self._name(kind, secure), kind == "form"
        response.set_cookie(name, value, path="/", httponly=True, secure=secure, samesite="strict" if strict else "lax")

    def drop(self, request: Request, response: Response, kind: str) -> None:
        """Make the browser forget a cookie."""
        secure = self._is_secure(request)
        response.delete_cookie(self._name(kind, secure), path="/", httponly=True, secure=secure, samesite="lax")

    def _is_secure(self, request: Request) -> bool:
        return self.always_secure or request.url.scheme == "https"

    def _name(self, kind: str, secure: bool) -> str:
        return f"{'__Host-' if secure else ''}desk-{self.desk}-{kind}"


def name_cookies(folder: str, *, always_secure: bool) -> Cookies:
    """The cookies of the desk in that folder."""
    return Cookies(hashlib.sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()[:10], always_secure)
