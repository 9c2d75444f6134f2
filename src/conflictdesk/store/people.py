"""Who works at the desk: users, sessions, locks. A password's or token's hash never leaves but by its own two doors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import bindparam, delete, select, update

from conflictdesk.casework import Lock, User
from conflictdesk.store.sessions import Cells, Session
from conflictdesk.store.tables import LOCKS, SESSIONS, USERS

_USER = (USERS.c.name, USERS.c.role, USERS.c.active)
_OF_SESSION = (
    select(*_USER)
    .join(SESSIONS, SESSIONS.c.user == USERS.c.name)
    .where(SESSIONS.c.token_hash == bindparam("token"), SESSIONS.c.expires > bindparam("now"), USERS.c.active)
)


class PeopleReader(Session):
    """Reads users, sessions and locks."""

    def users(self) -> list[User]:
        """Everybody who may or might work here, by name."""
        return [User(**row._mapping) for row in self._rows(select(*_USER).order_by(USERS.c.name))]

    def user(self, name: str) -> User | None:
        """One of them."""
        row = self._row(select(*_USER).where(USERS.c.name == name))
        return User(**row._mapping) if row else None

    def password_hash(self, name: str) -> str | None:
        """The hash of an active user's password, for comparing alone; None without one."""
        row = self._row(select(USERS.c.password_hash).where(USERS.c.name == name, USERS.c.active))
        return row.password_hash if row else None

    def session(self, token_hash: str, now: dt.datetime) -> User | None:
        """Whose session a token's hash opens: an active user's, and it has not run out."""
        row = self._connection.execute(_OF_SESSION, {"token": token_hash, "now": now}).first()
        return User(**row._mapping) if row else None

    def locks(self, article_ids: Iterable[str], now: dt.datetime) -> dict[str, Lock]:
        """Who has which of these articles open now."""
        rows = self._rows_in(select(LOCKS).where(LOCKS.c.until > now), LOCKS.c.article_id, article_ids)
        return {row.article_id: Lock(**row._mapping) for row in rows}


class PeopleWriter(PeopleReader):
    """Keeps users, sessions and locks."""

    def put_user(self, user: User, password_hash: str | None = None) -> None:
        """Add a user or change role and activity; without `password_hash` the password stays. One who is not active
        any more is signed out everywhere."""
        cells: Cells = {"name": user.name, "role": user.role, "active": user.active}
        if self.user(user.name):
            self._connection.execute(update(USERS).where(USERS.c.name == user.name).values(cells))
        else:
            self._add(USERS, [cells])
        if password_hash is not None:
            changed = update(USERS).where(USERS.c.name == user.name).values(password_hash=password_hash)
            self._connection.execute(changed)
        if not user.active or password_hash is not None:
            self._connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user.name))

    def put_session(self, token_hash: str, user: str, expires: dt.datetime) -> None:
        """Open a session, or put off its end."""
        self._put(SESSIONS, [{"token_hash": token_hash, "user": user, "expires": expires}])

    def end_session(self, token_hash: str) -> None:
        """Close a session."""
        self._connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == token_hash))

    def end_sessions(self, until: dt.datetime) -> None:
        """Forget the sessions that ran out until then, and the locks."""
        self._connection.execute(delete(SESSIONS).where(SESSIONS.c.expires <= until))
        self._connection.execute(delete(LOCKS).where(LOCKS.c.until <= until))

    def take_lock(self, lock: Lock) -> None:
        """Say who has an article open, in place of who had it."""
        self._put(LOCKS, [{"article_id": lock.article_id, "by": lock.by, "until": lock.until}])

    def drop_lock(self, article_id: str, by: str) -> None:
        """Let go of an article, if it is still this person's."""
        self._connection.execute(delete(LOCKS).where(LOCKS.c.article_id == article_id, LOCKS.c.by == by))
