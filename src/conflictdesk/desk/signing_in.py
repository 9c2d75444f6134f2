"""Who may ask what: the rule that every route declares, the gate before all of them, and the tokens of forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute

from conflictdesk.decisions import ROLES, Role
from conflictdesk.desk.office import hides_work, is_at_least, session_of, user_of
from conflictdesk.desk.sessions import is_same
from conflictdesk.errors import RightsError

if TYPE_CHECKING:
    import re

    from fastapi.dependencies.models import Dependant
    from starlette.routing import BaseRoute

__all__ = ["Needs", "Rule", "hides_work", "list_rules", "needs", "open_to_all", "user_of"]

Least: TypeAlias = Role | Literal["nobody"]
READING: Final = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods that change nothing."""
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class Needs:
    """A dependency: whoever asks has at least this role, and a form that changes something carries its token.

    The gate has asked all this of the request before its body was read, but for the token inside a form.
    """

    def __init__(self, least: Least) -> None:
        self.least = least

    async def ask(self, request: Request) -> None:
        """Let the request pass.

        Raises:
            RightsError: nobody is signed in, the role is too small, or the form's token is not that of the session.
        """
        if self.least == "nobody":
            return
        user = user_of(request)
        if not is_at_least(user.role, self.least):
            raise RightsError(say_needed(self.least))
        if request.method not in READING and not getattr(request.state, "csrf_seen", False):
            session, form = session_of(request), await request.form()
            if session is None or not is_same(str(form.get("csrf", "")), session.csrf):
                raise RightsError(WRONG_TOKEN)
            request.state.csrf_seen = True


WRONG_TOKEN: Final = (
    "this form was not sent from a page of this desk, or you signed in anew since: load the page again, "
    "then send it once more"
)


def say_needed(least: Least) -> str:
    """Which role may do it, in words."""
    return "this needs the role of a lead" if least == "lead" else f"this needs the role of a {least} or more"


Asks: TypeAlias = Callable[[Request], Awaitable[None]]


def needs(least: Role) -> Asks:
    """Declare a route's least role: `APIRouter(dependencies=[Depends(needs("coder"))])`, or on one route."""
    return Needs(least).ask


def open_to_all() -> Asks:
    """Declare that nobody need sign in for a route: for signing in itself, nothing else."""
    return Needs("nobody").ask


@dataclass(frozen=True, slots=True)
class Rule:
    """What one route asks; `least` is None where it declares nothing: then it is refused to all."""

    path: str
    methods: frozenset[str]
    least: Least | None
    pattern: re.Pattern[str]


def list_rules(routers: Sequence[APIRouter], given: Least | None = None) -> list[Rule]:
    """The rules of all routes of some routers, in the order in which a request tries them.

    `given` is the rule of routes that declare none themselves, because they are included with one.

    Raises:
        TypeError: a route is of a kind whose rule cannot be read; it must not slip through.
    """
    return [
        Rule(route.path, frozenset(route.methods or ()), _read_least(route) or given, route.path_regex)
        for router in routers
        for route in _walk(router.routes)
    ]


def find_rule(rules: Sequence[Rule], path: str, method: str) -> Rule | None:
    """The rule of the route that will answer: of the first that takes path and method, else of the path alone."""
    found = [rule for rule in rules if rule.pattern.match(path)]
    return next((rule for rule in found if method in rule.methods), found[0] if found else None)


def _walk(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(inner, APIRouter):
            yield from _walk(inner.routes)
        else:
            raise TypeError(f"{route!r} is no route that the desk can guard")


def _read_least(route: APIRoute) -> Least | None:
    told = [found.least for found in _find_needs(route.dependant)]
    if not told:
        return None
    roles: list[Role] = [least for least in told if least != "nobody"]
    return ROLES[max(ROLES.index(role) for role in roles)] if roles else "nobody"


def _find_needs(dependant: Dependant) -> Iterator[Needs]:
    for part in dependant.dependencies:
        asks = getattr(part.call, "__self__", None)
        if isinstance(asks, Needs):
            yield asks
        yield from _find_needs(part)
