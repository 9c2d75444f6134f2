"""Signing in and out: the one-time address of local use, the passwords of a team."""

from __future__ import annotations

import secrets
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.office import Office, office_of, session_of
from conflictdesk.desk.passwords import check_password, hash_password, is_outdated
from conflictdesk.desk.sessions import is_same, make_csrf
from conflictdesk.desk.signing_in import needs, open_to_all
from conflictdesk.desk.throttling import say_wait

router = APIRouter()
FIRST_PAGE: Final = "/queue"
_WRONG: Final = "This name and password do not go together. Capital and small letters differ."
_STALE: Final = "This page was open for too long, or cookies are off. Please try again."


def choose_next(asked: str | None) -> str:
    """Where to go after signing in: a page of this desk alone, whatever an address asks for.

    >>> choose_next("/work/a1?track=second"), choose_next("https://evil.example/"), choose_next("//evil.example")
    ('/work/a1?track=second', '/queue', '/queue')
    """
    if not asked or len(asked) > 2000 or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return FIRST_PAGE
    if "\\" in asked or any(ord(letter) < 32 or ord(letter) == 127 for letter in asked):
        return FIRST_PAGE
    try:
        told = urlsplit(asked)
    except ValueError:
        return FIRST_PAGE
    good = not told.scheme and not told.netloc and told.path not in ("/login", "/logout", "/enter")
    return asked if good else FIRST_PAGE


@router.get("/login", dependencies=[Depends(open_to_all())])
def show_login(request: Request) -> Response:
    """The form to sign in."""
    office = office_of(request)
    wanted = choose_next(request.query_params.get("next"))
    if not office.options.team:
        return RedirectResponse("/enter", status_code=303)
    if session_of(request):
        return RedirectResponse(wanted, status_code=303)
    return _show_form(request, wanted, name="", fault=None, status=200)


def _show_form(
    request: Request, wanted: str, *, name: str, fault: str | None, status: int, wait: float = 0
) -> Response:
    """The form with a token of its own: a page elsewhere cannot sign a person in under another name."""
    token = secrets.token_urlsafe(24)
    page = answer_page(
        request,
        "queue_login.html.jinja",
        status=status,
        form_token=make_csrf(token),
        next=wanted,
        name=name,
        fault=fault,
    )
    office_of(request).cookies.put(request, page, "form", token)
    if wait:
        page.headers["retry-after"] = str(max(1, int(wait + 0.999)))
    return page


@router.post("/login", dependencies=[Depends(open_to_all())])
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    csrf: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Check name and password; begin a session that the browser did not bring along."""
    office, wanted = office_of(request), choose_next(next)
    if not office.options.team:
        raise HTTPException(404, "There are no passwords in local use.")
    held = office.cookies.read(request, "form")
    if held is None or not is_same(make_csrf(held), csrf):
        return _show_form(request, wanted, name=name, fault=_STALE, status=403)
    wait = _count_try(office, request, name)
    if wait:
        told = f"Too many wrong passwords. Wait {say_wait(wait)}, then try again. A lead can set a new password."
        return _show_form(request, wanted, name=name, fault=told, status=429, wait=wait)
    known = _check_name(office, name.strip(), password)
    if known is None:
        return _show_form(request, wanted, name=name, fault=_WRONG, status=401)
    office.names.forget(name.strip().casefold())
    office.addresses.forgive(_address_of(request))
    answer = RedirectResponse(wanted, status_code=303)
    _begin(request, answer, known)
    office.cookies.drop(request, answer, "form")
    return answer


def _count_try(office: Office, request: Request, name: str) -> float:
    now = office.now.timestamp()
    return office.addresses.begin(_address_of(request), now) or office.names.begin(name.strip().casefold(), now)


def _address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _check_name(office: Office, name: str, password: str) -> str | None:
    """The name when the password is right and its user may work here; any refusal takes as long."""
    with office.desk.store.reading() as reader:
        user, held = reader.user(name), reader.password_hash(name)
    good = check_password(held, password)
    if not good or user is None or not user.active:
        return None
    if held is not None and is_outdated(held):
        with office.desk.store.writing() as writer:
            writer.put_user(user, hash_password(password))
    return user.name


def _begin(request: Request, answer: Response, name: str) -> None:
    office = office_of(request)
    token = office.sessions.begin(name, office.now, instead_of=office.cookies.read(request, "session"))
    office.cookies.put(request, answer, "session", token)


@router.get("/enter", dependencies=[Depends(open_to_all())])
def enter(request: Request, token: str = "") -> Response:
    """Local use: the address that was printed opens the desk once."""
    office = office_of(request)
    if office.options.team:
        return RedirectResponse("/login", status_code=303)
    entry, name = office.options.entry, office.options.local_user
    if token and entry is not None and name is not None and entry.take(token[:200]):
        answer = RedirectResponse(FIRST_PAGE, status_code=303)
        _begin(request, answer, name)
        return answer
    if session_of(request):
        return RedirectResponse(FIRST_PAGE, status_code=303)
    return answer_page(request, "queue_enter.html.jinja", status=401 if not token else 403, used=bool(token))


@router.post("/logout", dependencies=[Depends(needs("viewer"))])
def sign_out(request: Request) -> Response:
    """End the session, here and in the store."""
    office = office_of(request)
    held = office.cookies.read(request, "session")
    if held:
        office.sessions.end(held)
    answer = RedirectResponse("/login" if office.options.team else "/enter", status_code=303)
    office.cookies.drop(request, answer, "session")
    answer.headers["clear-site-data"] = '"cache"'
    return answer
