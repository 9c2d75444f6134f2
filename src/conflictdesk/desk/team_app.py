"""The app of a working desk: its own pages and API, the pages of the dataset over its events, the gate before all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from conflictdesk.desk import (
    actor_pages,
    adjudicate_pages,
    agreement_pages,
    api,
    article_pages,
    decision_api,
    event_pages,
    feedback_pages,
    history_pages,
    pages,
    paste_page,
    question_pages,
    queue_pages,
    search_page,
    sign_pages,
    source_pages,
    tiles,
    user_pages,
    workbench_pages,
)
from conflictdesk.desk.blind_spots import narrow_dataset
from conflictdesk.desk.faults import answer_faults
from conflictdesk.desk.gate import Gate
from conflictdesk.desk.office import AppOptions, frame_desk, open_office
from conflictdesk.desk.rendering import HERE
from conflictdesk.desk.security import CapBody, LoopbackOnly
from conflictdesk.desk.signing_in import list_rules, needs

if TYPE_CHECKING:
    from conflictdesk.datasets.opening import Dataset
    from conflictdesk.workflow.desks import OpenDesk

MOST_BYTES: Final = 1_000_000
"""Of one request, but for uploads."""
UPLOADS: Final = {"/paste": 20_000_000}
_DATA: Final = (pages.router, question_pages.router, tiles.router, api.router)
"""The pages of a dataset know of no roles: every viewer may read them."""
_OWN: Final = (
    *(sign_pages.router, queue_pages.router, decision_api.router, workbench_pages.router, article_pages.router),
    *(event_pages.router, source_pages.router, actor_pages.router, history_pages.router, search_page.router),
    *(adjudicate_pages.router, agreement_pages.router, feedback_pages.router, user_pages.router, paste_page.router),
)
"""Before the pages of a dataset: `/event/ID` is the desk's own."""


def create_desk_app(desk: OpenDesk, options: AppOptions | None = None) -> FastAPI:
    """Make the app over an open desk; whoever opened the desk closes it after the app has stopped."""
    office = open_office(desk, options or AppOptions())

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        office.dataset.start()
        yield
        office.dataset.stop()

    app = FastAPI(title="Conflict Desk", version="1", docs_url=None, redoc_url=None, openapi_url=None, lifespan=live)
    app.state.office, app.state.dataset, app.state.frame = office, None, frame_desk
    app.state.narrow = narrow_dataset

    def swap(dataset: Dataset) -> None:
        app.state.dataset = dataset

    office.dataset.swapped = swap
    own = (*_OWN, _describe())
    for router in own:
        app.include_router(router, include_in_schema=False)
    for router in _DATA:
        app.include_router(router, include_in_schema=router is api.router, dependencies=[Depends(needs("viewer"))])
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    answer_faults(app)
    rules = app.state.rules = (*list_rules(own), *list_rules(_DATA, given="viewer"))
    # The last one added is asked first.
    app.add_middleware(Gate, office=office, rules=rules)
    app.add_middleware(CapBody, most=MOST_BYTES, larger=UPLOADS)
    app.add_middleware(LoopbackOnly, hosts=office.options.hosts)
    return app


def _describe() -> APIRouter:
    router = APIRouter(dependencies=[Depends(needs("viewer"))])

    @router.get("/api/openapi.json")
    def describe_api(request: Request) -> Response:
        return JSONResponse(request.app.openapi())

    return router
