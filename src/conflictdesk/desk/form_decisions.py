"""Forms that decide: what a form sent, as drafts of decisions, recorded once however often it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import RedirectResponse

from conflictdesk.desk.office import desk_of, now_of, user_of
from conflictdesk.errors import ConfigError
from conflictdesk.records import hash_id

if TYPE_CHECKING:
    from conflictdesk.workflow.recording import Draft


def make_token() -> str:
    """A random word for the forms of one page: what they decide has an id made of it, so that twice is once."""
    return secrets.token_urlsafe(12)


def name_decision(token: str, *parts: str) -> str:
    """The id of a decision that a form sent: the same form with the same choice gives the same id."""
    if not token or len(token) > 100:
        raise ConfigError("this form was not made by a page of this desk: load the page again")
    return hash_id("d", token, *parts)


async def read_form(request: Request) -> dict[str, str]:
    """All fields of a form as text; a file is left out."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def ask_words(form: dict[str, str], name: str, most: int = 500) -> str:
    """A field of a form that must hold words.

    Raises:
        ConfigError: it is empty or too long.
    """
    told = form.get(name, "").strip()
    if not told or len(told) > most:
        raise ConfigError(f"{name}: write it in up to {most} characters")
    return told


def record_form(request: Request, drafts: Sequence[Draft]) -> None:
    """Record what a form decided, all of it or nothing.

    Raises:
        CheckError, RightsError: why it is refused.
    """
    from conflictdesk.workflow.recording import record_decisions

    record_decisions(desk_of(request), drafts, user_of(request), now_of(request))


def go_to(address: str) -> RedirectResponse:
    """Lead the browser on after a form, so that a reload sends nothing again."""
    return RedirectResponse(address, status_code=303)
