"""The desk's web app: which dataset it shows, which pages it has, how it answers when a question is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from conflictdesk.datasets.opening import open_dataset
from conflictdesk.desk import api, pages, question_pages, tiles
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.rendering import HERE
from conflictdesk.desk.security import LoopbackOnly
from conflictdesk.errors import ConfigError, DeskError

if TYPE_CHECKING:
    from starlette.exceptions import HTTPException


def create_app(dataset_folder: Path, *, in_memory: bool = False) -> FastAPI:
    """Make the app that shows one dataset; `in_memory` loads its events once, for large ones.

    Raises:
        StoreError: there is no dataset in that folder, or it is broken.
    """
    dataset = open_dataset(dataset_folder, in_memory=in_memory)
    app = FastAPI(
        title="Conflict Desk",
        description="The events of one dataset, on this machine alone. Days are YYYY-MM-DD; unknown is null, never 0.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.dataset = dataset
    app.add_middleware(LoopbackOnly)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(question_pages.router, include_in_schema=False)
    app.include_router(tiles.router, include_in_schema=False)
    app.include_router(api.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _answer_faults(app)
    return app


def _answer_faults(app: FastAPI) -> None:
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException as StarletteHTTPException

    @app.exception_handler(ConfigError)
    def wrong_question(request: Request, error: ConfigError) -> Response:
        return _say_fault(request, 400, str(error))

    @app.exception_handler(DeskError)
    def broken_dataset(request: Request, error: DeskError) -> Response:
        return _say_fault(request, 503, str(error))

    @app.exception_handler(RequestValidationError)
    def wrong_form(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
        return _say_fault(request, 422, told)

    @app.exception_handler(StarletteHTTPException)
    def no_such_page(request: Request, error: HTTPException) -> Response:
        return _say_fault(request, error.status_code, str(error.detail), dict(error.headers or {}))


def _say_fault(request: Request, status: int, told: str, headers: dict[str, str] | None = None) -> Response:
    if request.url.path.startswith("/api/"):
        return api.say_fault(request, status, told, headers)
    title = {404: "There is no such page", 400: "This question cannot be read", 422: "This question cannot be read"}
    words = title.get(status, "This cannot be answered")
    return answer_page(request, "fault.html.jinja", status=status, title=words, told=told)
