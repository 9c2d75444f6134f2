"""Settling what two coders differ on: the list of articles, one article's differences, the forms that settle them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.casework import Case, CaseFilter
from conflictdesk.decisions import DROP_REASONS, SETTLE_REASONS
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.double_coded import share_agreed, shelf_of
from conflictdesk.desk.form_decisions import ask_words, go_to, make_token, name_decision, read_form, record_form
from conflictdesk.desk.office import desk_of
from conflictdesk.desk.settling_drafts import draft_choice
from conflictdesk.desk.settling_view import Settling, view_settling
from conflictdesk.desk.signing_in import needs
from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.review.agreement import CodedPair
from conflictdesk.workflow.casefiles import read_papers
from conflictdesk.workflow.recording import Draft

router = APIRouter(dependencies=[Depends(needs("lead"))])
Form = Annotated[dict[str, str], Depends(read_form)]
_SHOWN: Final = 100
_RATED: Final = 500


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A double-coded article of the list: the share of values on which the coders agree, and how many differ."""

    case: Case
    share: float | None
    differ: int


@router.get("/adjudicate", response_class=HTMLResponse)
def show_list(request: Request) -> Response:
    """Articles on which two coders differ, the lowest agreement first; or those that are settled."""
    settled = request.query_params.get("show") == "settled"
    status = "adjudicated" if settled else "disputed"
    store = desk_of(request).store
    with store.reading() as reader:
        cases, total = reader.list_cases(CaseFilter(status=(status,), limit=_RATED))
    measured = shelf_of(request).rate(store, cases)
    rows = rate_cases(cases, measured)
    return answer_page(
        request,
        "lead_adjudicate.html.jinja",
        rows=rows[:_SHOWN],
        total=total,
        settled=settled,
        rated=len(cases),
        waiting=len(cases) - len(rows),
    )


def rate_cases(cases: Sequence[Case], measured: Mapping[str, tuple[CodedPair, ...]]) -> list[CaseRow]:
    """How far the coders of each article agree, the least first; those not measured yet are left out."""
    rows = []
    for case in cases:
        if case.article_id not in measured:
            continue
        pairs = measured[case.article_id]
        differ = sum(p.ours != p.theirs for p in pairs if p.ours is not None and p.theirs is not None)
        rows.append(CaseRow(case, share_agreed(pairs), differ))
    return sorted(rows, key=lambda row: (1.0 if row.share is None else row.share, row.case.article_id))


@router.get("/adjudicate/{article_id}", response_class=HTMLResponse)
def show_case(request: Request, article_id: str) -> Response:
    """One article: only what differs, A and B side by side with the sentences between them."""
    settling = read_settling(request, article_id)
    if settling is None:
        raise HTTPException(404, "No second coder has finished this article yet, so there is nothing to settle.")
    return answer_page(
        request,
        "lead_adjudicate_case.html.jinja",
        s=settling,
        reasons=SETTLE_REASONS,
        drop_reasons=DROP_REASONS,
        token=make_token(),
        asked_with=read_number(request),
        open_names=settling.settled,
        next_article=find_next(request, article_id) if settling.settled else None,
    )


def read_number(request: Request) -> int:
    """Which second coder's differences are asked for, where several have finished: by number, for names stay hidden."""
    told = request.query_params.get("with") or "1"
    return int(told) if told.isascii() and told.isdigit() and 0 < len(told) < 3 else 1


def read_settling(request: Request, article_id: str) -> Settling | None:
    """The differences of an article, with the second coder of the number that the address names, or the first."""
    found = read_all_settling(request, article_id)
    number = read_number(request)
    return found[number - 1] if 0 < number <= len(found) else None


def read_all_settling(request: Request, article_id: str) -> tuple[Settling, ...]:
    """The differences of an article with each second coder who has finished."""
    with desk_of(request).store.reading() as reader:
        if reader.article(article_id) is None:
            raise HTTPException(404, f"The desk holds no article {article_id[:60]!r}.")
        papers = read_papers(reader, article_id)
    first = view_settling(papers)
    names = first.seconds if first else ()
    return tuple(found for name in names if (found := view_settling(papers, name)) is not None)


def find_next(request: Request, article_id: str) -> str | None:
    """The next article that waits, None where none does."""
    with desk_of(request).store.reading() as reader:
        cases, _ = reader.list_cases(CaseFilter(status=("disputed",), limit=2))
    return next((case.article_id for case in cases if case.article_id != article_id), None)


@router.post("/adjudicate/{article_id}/choose")
def choose(request: Request, article_id: str, form: Form) -> Response:
    """Settle one difference: take A's word, take B's, or another; a later choice takes the place of this one."""
    settling = read_settling(request, article_id)
    key = form.get("key", "")
    gap = settling.find(key) if settling else None
    if settling is None or gap is None:
        raise CheckError("that difference is not there any more: load the page again")
    record_form(request, draft_choice(settling, gap, form))
    if request.headers.get("x-asked-by") == "script":
        return Response(status_code=204)
    after = [g for g in settling.gaps[settling.gaps.index(gap) + 1 :] if g.settled is None]
    anchor = f"#g-{after[0].key}" if after else "#settle"
    number = read_number(request)
    return go_to(f"/adjudicate/{quote(article_id, safe='')}{f'?with={number}' if number > 1 else ''}{anchor}")


@router.post("/adjudicate/{article_id}/settle")
def settle(request: Request, article_id: str, form: Form) -> Response:
    """Say that all differences of an article are settled; the coders then find them in their feedback."""
    every = read_all_settling(request, article_id)
    if not every:
        raise CheckError("no second coder has finished this article yet")
    if left := sum(settling.left for settling in every):
        raise CheckError(f"{left} differences are not settled yet: choose for each, then settle the article")
    token = form.get("token", "")
    if not token:
        raise ConfigError(f"token: {ask_words(form, 'token')}")
    draft = Draft(
        decision_id=name_decision(token, article_id, "settle"),
        subject_kind="article",
        subject_id=article_id,
        article_id=article_id,
        action="settle",
        track="final",
    )
    record_form(request, [draft])
    return go_to(f"/adjudicate/{quote(article_id, safe='')}")
