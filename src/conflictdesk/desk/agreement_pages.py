"""How far coders agree: the table, the cases behind each figure, and the CSV of exactly what is shown."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.desk.agreement_view import (
    FEW,
    GROUPS,
    AskedAgreement,
    choose_pairs,
    list_choices,
    read_question,
    tabulate,
    title_agreed,
    write_csv,
)
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.double_coded import Measured, shelf_of
from conflictdesk.desk.office import desk_of, is_at_least, user_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.review.agreement import AGREED_FIELDS, INCIDENT, list_cases

router = APIRouter(dependencies=[Depends(needs("viewer"))])
MOST_CASES: Final = 200


def _read(request: Request) -> tuple[Measured, AskedAgreement]:
    asked = read_question(dict(request.query_params))
    return shelf_of(request).read(desk_of(request).store), asked


def _read_all(request: Request) -> tuple[Measured, AskedAgreement]:
    """The same, refused while articles are still being measured: half of the figures would be other figures."""
    measured, asked = _read(request)
    if measured.waiting:
        raise HTTPException(503, f"{measured.waiting} articles are still being measured: ask again in a moment.")
    return measured, asked


@router.get("/agreement", response_class=HTMLResponse)
def show_agreement(request: Request) -> Response:
    """The figures of every field, and of one field by coders, month, language or mode."""
    measured, asked = _read(request)
    if measured.waiting:
        return answer_page(request, "lead_agreement_wait.html.jinja", measured=measured)
    return answer_page(
        request,
        "lead_agreement.html.jinja",
        asked=asked,
        measured=measured,
        tables=tabulate(measured, asked),
        groups=GROUPS,
        choices=list_choices(measured),
        fields=[(name, title_agreed(name)) for name in AGREED_FIELDS],
        field_title=title_agreed(asked.field),
        few=FEW,
    )


@router.get("/agreement/cases", response_class=HTMLResponse)
def show_cases(request: Request) -> Response:
    """The articles and incidents behind a figure, those on which the coders differ first."""
    measured, asked = _read_all(request)
    chosen = choose_pairs(measured.pairs, asked)
    cases = list_cases(chosen, field=asked.field)
    with desk_of(request).store.reading() as reader:
        articles = reader.articles(sorted({case.article_id for case in cases[:MOST_CASES]}))
    return answer_page(
        request,
        "lead_agreement_cases.html.jinja",
        asked=asked,
        title=title_agreed(asked.field),
        found=asked.field == INCIDENT,
        cases=cases[:MOST_CASES],
        total=len(cases),
        differ=sum(not case.agrees for case in cases),
        titles={article_id: article.title for article_id, article in articles.items()},
        may_settle=is_at_least(user_of(request).role, "lead"),
    )


@router.get("/agreement.csv")
def download_agreement(request: Request) -> Response:
    """Exactly the tables of the page."""
    measured, asked = _read_all(request)
    text = write_csv(tabulate(measured, asked), asked)
    headers = {"content-disposition": 'attachment; filename="agreement.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
