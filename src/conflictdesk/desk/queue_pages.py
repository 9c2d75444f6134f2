"""The queue: which article to take next, in views that are addresses; skipping one, taking one over."""

from __future__ import annotations

import secrets
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.decision_api import hold_article
from conflictdesk.desk.office import desk_of, is_at_least, now_of, office_of, user_of
from conflictdesk.desk.queue_view import ORDERS, PAGE, read_asked, view_queue
from conflictdesk.desk.sign_pages import choose_next
from conflictdesk.desk.signing_in import needs
from conflictdesk.errors import CheckError, ConfigError

router = APIRouter()
_CODER: Final = [Depends(needs("coder"))]
_VIEWER: Final = [Depends(needs("viewer"))]
SKIP_REASONS: Final = (
    "not about violence or protest",
    "cannot be read (language or broken text)",
    "the same text as another article",
    "needs somebody who knows the place",
    "other",
)
NOTICES: Final = {"skipped": "Skipped. It stands under “Skipped”, with your reason."}


@router.get("/queue", dependencies=_VIEWER)
def show_queue(request: Request) -> Response:
    """One view of the queue."""
    user, asked = user_of(request), read_asked(request.query_params)
    with desk_of(request).store.reading() as reader:
        view = view_queue(reader, asked, user, now_of(request))
    return answer_page(
        request,
        "queue.html.jinja",
        view=view,
        orders=ORDERS,
        page_size=PAGE,
        can_code=is_at_least(user.role, "coder"),
        can_add=is_at_least(user.role, "coder"),
        skip_reasons=SKIP_REASONS,
        here_link=asked.link(after=asked.after),
        notice=NOTICES.get(request.query_params.get("told", "")),
    )


@router.get("/queue/skip/{article_id}", dependencies=_CODER)
def ask_skip(request: Request, article_id: str) -> Response:
    """Why an article is to be skipped."""
    with desk_of(request).store.reading() as reader:
        case = reader.case(article_id)
    if case is None:
        raise CheckError(f"the queue holds no article {article_id[:80]!r}")
    wanted = choose_next(request.query_params.get("next"))
    return answer_page(request, "queue_skip.html.jinja", case=case, next=wanted, skip_reasons=SKIP_REASONS)


@router.post("/queue/skip", dependencies=_CODER)
def skip_article(
    request: Request,
    article_id: Annotated[str, Form(max_length=200)],
    reason: Annotated[str, Form(max_length=200)],
    more: Annotated[str, Form(max_length=500)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Leave an article out of the queue, with the reason: a decision like every other, which can be undone."""
    from conflictdesk.workflow.recording import Draft, record_decisions

    if reason not in SKIP_REASONS:
        raise ConfigError("choose one of the reasons")
    told = f"{reason}: {more.strip()}" if more.strip() else reason
    draft = Draft(
        decision_id=f"skip-{secrets.token_hex(16)}",
        subject_kind="article",
        subject_id=article_id,
        action="skip",
        article_id=article_id,
        reason=told,
    )
    record_decisions(desk_of(request), [draft], user_of(request), now_of(request))
    wanted = choose_next(next)
    return RedirectResponse(wanted + ("&" if "?" in wanted else "?") + "told=skipped", status_code=303)


@router.post("/queue/take", dependencies=_CODER)
def take_over(request: Request, article_id: Annotated[str, Form(max_length=200)]) -> Response:
    """Take over an article that somebody else has open, and open it."""
    hold_article(request, article_id, take_over=True)
    return RedirectResponse(f"/work/{quote(article_id, safe='')}", status_code=303)


@router.post("/dataset/refresh", dependencies=_VIEWER)
def refresh_dataset(request: Request, next: Annotated[str, Form(max_length=2000)] = "/") -> Response:
    """Bring the pages of the dataset up to date with what people decided."""
    office_of(request).dataset.ask()
    return RedirectResponse(choose_next(next), status_code=303)
