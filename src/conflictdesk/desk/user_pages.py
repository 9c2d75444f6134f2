"""The people of a desk: a lead adds them, gives roles, shuts out; everybody changes the own password."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from conflictdesk.casework import User
from conflictdesk.decisions import ROLES, Role
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.office import desk_of, now_of, office_of, user_of
from conflictdesk.desk.passwords import LONGEST, SHORTEST, check_password
from conflictdesk.desk.people import add_person, give_role, set_password, shut_out
from conflictdesk.desk.signing_in import needs
from conflictdesk.desk.throttling import say_wait
from conflictdesk.errors import CheckError, ConfigError, RightsError

router = APIRouter()
_LEAD: Final = [Depends(needs("lead"))]
_VIEWER: Final = [Depends(needs("viewer"))]
ROLE_WORDS: Final[dict[Role, str]] = {
    "viewer": "reads everything, changes nothing",
    "coder": "codes articles, first or second",
    "reviewer": "also reopens articles and decides on whole events",
    "lead": "also settles what two coders differ in, and gives out roles",
}
TOLD: Final = {
    "added": "Added. Tell name and password in person, not by mail; the password can be changed after signing in.",
    "role": "The role is changed, from the next click on.",
    "out": "Shut out: signed out everywhere. What was decided stays.",
    "in": "May work here again.",
    "password": "The password is changed and all sessions are ended.",
}


@router.get("/users", dependencies=_LEAD)
def show_users(request: Request) -> Response:
    """Everybody, with role; a form to add somebody."""
    return _show_users(request, None, 200)


def _show_users(request: Request, fault: str | None, status: int, given: User | None = None) -> Response:
    with desk_of(request).store.reading() as reader:
        people = [(user, reader.password_hash(user.name) is not None) for user in reader.users()]
    return answer_page(
        request,
        "queue_users.html.jinja",
        status=status,
        people=people,
        roles=ROLE_WORDS,
        fault=fault,
        given=given,
        proposed=secrets.token_urlsafe(12),
        told=TOLD.get(request.query_params.get("told", "")),
        shortest=SHORTEST,
        longest=LONGEST,
    )


def _read_role(told: str) -> Role:
    role = next((role for role in ROLES if role == told), None)
    if role is None:
        raise ConfigError(f"a role is one of {', '.join(ROLES)}")
    return role


def _go(told: str) -> Response:
    return RedirectResponse(f"/users?told={told}", status_code=303)


@router.post("/users/add", dependencies=_LEAD)
def add_user(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    role: Annotated[str, Form(max_length=20)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Let somebody work here."""
    user = User(name=name, role=_read_role(role))
    try:
        add_person(desk_of(request), user, password, user_of(request), now_of(request))
    except ConfigError as error:
        return _show_users(request, str(error), 422, user)
    return _go("added")


@router.post("/users/{name}/role", dependencies=_LEAD)
def change_role(request: Request, name: str, role: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Give somebody another role."""
    return _try(request, "role", lambda: _give(request, name, _read_role(role)))


@router.post("/users/{name}/disable", dependencies=_LEAD)
def disable_user(request: Request, name: str) -> Response:
    """Let somebody work here no longer."""
    return _try(request, "out", lambda: shut_out(desk_of(request), name, user_of(request), now_of(request)))


@router.post("/users/{name}/enable", dependencies=_LEAD)
def enable_user(request: Request, name: str, role: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Let somebody work here again."""
    return _try(request, "in", lambda: _give(request, name, _read_role(role)))


@router.post("/users/{name}/password", dependencies=_LEAD)
def reset_password(request: Request, name: str, password: Annotated[str, Form(max_length=2000)] = "") -> Response:
    """Give somebody another password: for those who forgot theirs."""
    return _try(request, "password", lambda: _set(request, name, password))


def _give(request: Request, name: str, role: Role) -> None:
    give_role(desk_of(request), name, role, user_of(request), now_of(request))


def _set(request: Request, name: str, password: str) -> None:
    set_password(desk_of(request), name, password)
    office_of(request).names.forget(name.casefold())


def _try(request: Request, told: str, do: Callable[[], None]) -> Response:
    try:
        do()
    except ConfigError as error:
        return _show_users(request, str(error), 422)
    except CheckError as error:
        return _show_users(request, str(error), 409)
    return _go(told)


# ---------------------------------------------------------------- one's own


@router.get("/account", dependencies=_VIEWER)
def show_account(request: Request) -> Response:
    """Name, role, own password."""
    return _show_account(request, None, 200)


def _show_account(request: Request, fault: str | None, status: int) -> Response:
    with desk_of(request).store.reading() as reader:
        has = reader.password_hash(user_of(request).name) is not None
    return answer_page(
        request,
        "queue_account.html.jinja",
        status=status,
        fault=fault,
        has_password=has,
        roles=ROLE_WORDS,
        shortest=SHORTEST,
        longest=LONGEST,
    )


@router.post("/account/password", dependencies=_VIEWER)
def change_password(
    request: Request,
    old: Annotated[str, Form(max_length=2000)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    again: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Another password of one's own; it asks the old one, and ends all sessions, this one too."""
    office, user = office_of(request), user_of(request)
    wait = office.names.begin(user.name.casefold(), office.now.timestamp())
    if wait:
        return _show_account(request, f"Too many wrong passwords. Wait {say_wait(wait)}, then try again.", 429)
    with office.desk.store.reading() as reader:
        held = reader.password_hash(user.name)
    if held is None:
        raise RightsError("you have no password yet: a lead sets the first one")
    if not check_password(held, old):
        return _show_account(request, "The old password is wrong.", 422)
    office.names.forget(user.name.casefold())
    if password != again:
        return _show_account(request, "The two new passwords differ.", 422)
    try:
        set_password(office.desk, user.name, password)
    except ConfigError as error:
        return _show_account(request, str(error), 422)
    answer = RedirectResponse("/login" if office.options.team else "/enter", status_code=303)
    office.cookies.drop(request, answer, "session")
    return answer
