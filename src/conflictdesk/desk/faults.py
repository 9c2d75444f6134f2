"""How the working desk says no: as a page to a person, as {"told": ...} to a script, with the status that fits."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from conflictdesk.desk import api
from conflictdesk.desk.asking import NoDataset, answer_page
from conflictdesk.errors import CheckError, CodebookError, ConfigError, DeskError, RightsError, StoreError

if TYPE_CHECKING:
    from starlette.exceptions import HTTPException

_TITLES: Final = {
    400: "This cannot be read",
    401: "Sign in first",
    403: "This is not yours to do",
    404: "There is no such page",
    405: "This cannot be asked so",
    409: "This cannot be recorded",
    413: "This is too large",
    422: "This cannot be read",
    500: "Something went wrong",
    429: "Wait a little",
    503: "The desk cannot answer now",
    507: "The disk is full",
}
DISK_FULL: Final = (
    "The disk is full, so nothing was saved and nothing is lost. Free some room, then do it again: "
    "whoever runs the desk finds its size with `conflictdesk doctor`."
)

BROKEN: Final = (
    "The desk made a mistake. What was saved before is saved; this step was not. "
    "Whoever runs the desk finds the reason in the terminal of the server."
)


NOT_FOUND: Final = "Nothing stands at this address. It may be misspelt, or a link to something of another desk."


def say_fault(request: Request, status: int, told: str, headers: dict[str, str] | None = None) -> Response:
    """An answer that is none: its reason in words."""
    told = told[:1].upper() + told[1:]
    if request.url.path.startswith("/api/"):
        return api.say_fault(request, status, told, headers)
    if request.url.path.startswith("/desk/api/") or request.headers.get("hx-request") == "true":
        return JSONResponse({"told": told}, status, headers=headers)
    title = _TITLES.get(status, "This cannot be answered")
    page = answer_page(request, "team_fault.html.jinja", status=status, title=title, told=told)
    page.headers.update(headers or {})
    return page


def is_disk_full(error: BaseException) -> bool:
    """True when a store could not write because there is no room left."""
    return any(
        (isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT))
        or "disk is full" in str(cause).lower()
        or "no space left" in str(cause).lower()
        for cause in _list_causes(error)
    )


def _list_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def status_of(error: DeskError) -> int:
    """The status that fits what went wrong."""
    if isinstance(error, RightsError):
        return 403
    if isinstance(error, CheckError):
        return 409
    if isinstance(error, StoreError):
        return 507 if is_disk_full(error) else 503
    return 400 if isinstance(error, (ConfigError, CodebookError)) else 500


def answer_faults(app: FastAPI) -> None:
    """Teach an app to say what went wrong."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException as StarletteHTTPException

    @app.exception_handler(NoDataset)
    def nothing_yet(request: Request, error: NoDataset) -> Response:
        # Pages that offer no way on are no use: a script hears it, a person is told how to begin.
        if request.url.path.startswith("/api/"):
            return say_fault(request, 503, "there is no event yet: code articles first")
        return answer_page(request, "queue_no_events.html.jinja")

    @app.exception_handler(DeskError)
    def faulty(request: Request, error: DeskError) -> Response:
        status = status_of(error)
        return say_fault(request, status, DISK_FULL if status == 507 else str(error))

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> Response:
        # The error itself goes to the server's log; a page tells no stranger of it.
        with contextlib.suppress(Exception):
            return say_fault(request, 500, BROKEN)
        return JSONResponse({"told": BROKEN}, 500)

    @app.exception_handler(RequestValidationError)
    def wrong_form(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
        return say_fault(request, 422, told)

    @app.exception_handler(StarletteHTTPException)
    def no_such_page(request: Request, error: HTTPException) -> Response:
        told = NOT_FOUND if error.detail == "Not Found" else str(error.detail)
        return say_fault(request, error.status_code, told, dict(error.headers or {}))
