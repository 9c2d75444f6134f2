"""The sources of the desk, and the page of one: its articles, its silent days, what could not be read of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.casework import Case, CaseFilter, SourceSheet, place_case
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.blind_spots import hidden_articles
from conflictdesk.desk.decided_words import CASE_WORDS, say_moment
from conflictdesk.desk.office import desk_of, now_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.desk.source_view import read_month, view_days

if TYPE_CHECKING:
    from conflictdesk.store.opening import Reader
    from conflictdesk.workflow.settings import SourceSettings

router = APIRouter(dependencies=[Depends(needs("viewer"))])
PAGE: Final = 50
MOST_PROBLEMS: Final = 50


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source of the list: `age` is the days since its last article."""

    name: str | None
    articles: int
    last: dt.date | None
    age: int | None


@router.get("/sources", response_class=HTMLResponse)
def show_sources(request: Request) -> Response:
    """Every source with its articles and its last day, those with most articles first."""
    today = now_of(request).date()
    with desk_of(request).store.reading() as reader:
        rows = [SourceRow(n, count, last, (today - last).days if last else None) for n, count, last in reader.sources()]
        problems = reader.problems(MOST_PROBLEMS)
    return answer_page(request, "reading_sources.html.jinja", rows=rows, problems=problems)


@router.get("/source/{name:path}", response_class=HTMLResponse)
def show_source(request: Request, name: str) -> Response:
    """One source: what the desk holds of it, and when it said nothing."""
    after = read_after(request.query_params.get("after"))
    desk, today = desk_of(request), now_of(request).date()
    with desk.store.reading() as reader:
        sheet = reader.source_sheet(name)
        wanted = CaseFilter(source=name, order="newest", after=after, limit=PAGE + 1)
        cases, total = reader.list_cases(wanted)
        captured = read_last_capture(reader, cases[0]) if cases and after is None else None
    if not sheet.articles and not sheet.problems:
        raise HTTPException(404, f"The desk holds nothing of a source called {name[:80]!r}.")
    return answer_page(
        request,
        "reading_source.html.jinja",
        sheet=sheet,
        settings=find_settings(desk.sources, name),
        days=view_days(sheet.by_day, read_month(request.query_params.get("to"))),
        age=(today - sheet.last).days if sheet.last else None,
        captured=captured,
        cases=cases[:PAGE],
        status_words=CASE_WORDS,
        hidden=hidden_articles(request),
        total=total,
        first_page=after is None,
        more=_link_after(cases[PAGE - 1]) if len(cases) > PAGE else None,
        undated=count_undated(sheet),
    )


def read_last_capture(reader: Reader, newest: Case) -> str | None:
    """When the newest article was taken in, in words."""
    article = reader.article(newest.article_id)
    capture = reader.page(article.page_id) if article else None
    return say_moment(capture.fetched_at) if capture else None


def count_undated(sheet: SourceSheet) -> int:
    """The articles of which no day is known: they stand on no day of the table."""
    return sheet.articles - sum(number for _, number in sheet.by_day)


def find_settings(sources: tuple[SourceSettings, ...], name: str) -> SourceSettings | None:
    """What the desk's settings say of a source, by its id or its name."""
    return next((source for source in sources if name in (source.id, source.name)), None)


def read_after(text: str | None) -> tuple[str, str] | None:
    """Where the page before ended: a day and an article, as `_link_after` wrote them."""
    day, bar, article_id = (text or "").partition("|")
    return (day, article_id) if bar else None


def _link_after(last: Case) -> str:
    day, article_id = place_case(last, "newest")
    return "?" + urlencode({"after": f"{day}|{article_id}"}) + "#articles"
