"""Who works at the desk: added, given a role, shut out, each as a decision in the journal; passwords beside it."""

from __future__ import annotations

import datetime as dt
import getpass
import re
import secrets
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from conflictdesk.casework import User
from conflictdesk.decisions import Role, write_json
from conflictdesk.desk.passwords import hash_password
from conflictdesk.errors import CheckError, ConfigError

if TYPE_CHECKING:
    from conflictdesk.workflow.desks import OpenDesk

_NAME: Final = re.compile(r"[^\W_][\w.-]{0,39}")
RESERVED: Final = frozenset(("desk", "people", "machine", "nobody", "system"))
"""Names by which the journal means no person."""


def check_name(name: str) -> str:
    """A name as it is kept.

    Raises:
        ConfigError: it is no name; the message says what one looks like.

    >>> check_name("amal.k")
    'amal.k'
    """
    kept = unicodedata.normalize("NFC", name.strip())
    if not _NAME.fullmatch(kept):
        raise ConfigError(f"{name[:60]!r} is no name: letters and digits, with . - _ between, 40 at most")
    if kept.casefold() in RESERVED:
        raise ConfigError(f"the name {kept!r} is kept for the desk itself: choose another")
    return kept


def find_person(desk: OpenDesk, name: str) -> User:
    """The user of that name.

    Raises:
        ConfigError: there is none.
    """
    with desk.store.reading() as reader:
        user, known = reader.user(name), [one.name for one in reader.users()]
    if user is None:
        raise ConfigError(f"there is no user {name[:60]!r}; there are {', '.join(known) or 'none'}")
    return user


def add_person(desk: OpenDesk, user: User, password: str, by: User, now: dt.datetime) -> User:
    """Add somebody who may sign in.

    Raises:
        ConfigError: name or password will not do, or the name is taken.
        RightsError: `by` is no lead.
    """
    name = check_name(user.name)
    hashed = hash_password(password, name)
    with desk.store.reading() as reader:
        taken = [one.name for one in reader.users() if one.name.casefold() == name.casefold()]
    if taken:
        raise ConfigError(f"there is a user {taken[0]} already: change the password or role instead")
    _decide(desk, name, "grant", user.role, by, now)
    added = User(name=name, role=user.role)
    _put(desk, added, hashed)
    return added


def give_role(desk: OpenDesk, name: str, role: Role, by: User, now: dt.datetime) -> None:
    """Give somebody a role; whoever was shut out may work here again.

    Raises:
        ConfigError: there is no such user.
        CheckError: no lead would be left.
    """
    user = find_person(desk, name)
    if user.active and user.role == role:
        return
    if role != "lead":
        _keep_a_lead(desk, user)
    _decide(desk, name, "grant", role, by, now)


def shut_out(desk: OpenDesk, name: str, by: User, now: dt.datetime) -> None:
    """Let somebody work here no longer: signed out everywhere at once; what they decided stays.

    Raises:
        ConfigError: there is no such user.
        CheckError: no lead would be left.
    """
    user = find_person(desk, name)
    if user.active:
        _keep_a_lead(desk, user)
        _decide(desk, name, "revoke", None, by, now)


def set_password(desk: OpenDesk, name: str, password: str) -> None:
    """Give somebody another password, which ends all their sessions.

    Raises:
        ConfigError: there is no such user, or the password will not do.
    """
    user = find_person(desk, name)
    _put(desk, user, hash_password(password, name))


def welcome_local(desk: OpenDesk, now: dt.datetime) -> User:
    """The user of this machine's account, who works here alone: a lead, made when first needed.

    Raises:
        ConfigError: the account was shut out of this desk.
    """
    name = name_local()
    with desk.store.reading() as reader:
        user = reader.user(name)
    if user is None:
        _decide(desk, name, "grant", "lead", User(name=name, role="lead"), now)
        return find_person(desk, name)
    if not user.active:
        raise ConfigError(f"{name} was shut out of this desk: `conflictdesk user enable {name}` takes that back")
    return user


def name_local() -> str:
    """The name of this machine's account, as a name of the desk."""
    try:
        told = getpass.getuser()
    except (OSError, KeyError):
        told = ""
    kept = re.sub(r"[^\w.-]", "-", unicodedata.normalize("NFC", told)).lstrip("_.-")[:40]
    return kept if kept and kept.casefold() not in RESERVED else "local"


def _keep_a_lead(desk: OpenDesk, user: User) -> None:
    with desk.store.reading() as reader:
        others = [one for one in reader.users() if one.active and one.role == "lead" and one.name != user.name]
    if user.role == "lead" and user.active and not others:
        raise CheckError(f"{user.name} is the only lead: give somebody else that role first")


def _decide(
    desk: OpenDesk, name: str, action: Literal["grant", "revoke"], role: Role | None, by: User, now: dt.datetime
) -> None:
    from conflictdesk.workflow.recording import Draft, record_decisions

    draft = Draft(
        decision_id=f"user-{secrets.token_hex(16)}",
        subject_kind="user",
        subject_id=name,
        action=action,
        after=write_json(role) if role else None,
        reason=None if role else "may no longer work here",
    )
    record_decisions(desk, [draft], by, now)


def _put(desk: OpenDesk, user: User, hashed: str) -> None:
    with desk.store.writing() as writer:
        held = writer.user(user.name)
        writer.put_user(replace(held or user), hashed)
