"""What was settled otherwise than one coded it, with the lead's reason and the sentence: to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.casework import Case, CaseFilter, place_case
from conflictdesk.decisions import write_value
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.decided_words import say_decided, say_moment
from conflictdesk.desk.office import desk_of, user_of
from conflictdesk.desk.settling_view import INCIDENT, Gap, SentenceShown, Settling, view_settling
from conflictdesk.desk.signing_in import needs
from conflictdesk.desk.source_pages import read_after
from conflictdesk.workflow.casefiles import Papers, read_many_papers

if TYPE_CHECKING:
    from conflictdesk.store.opening import Reader

router = APIRouter(dependencies=[Depends(needs("coder"))])
PAGE: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One value that was settled otherwise: what I said, what counts, why, who settled it and when."""

    title: str
    incident: str
    mine: str
    settled: str
    reason: str
    by: str
    at: str
    sentences: tuple[SentenceShown, ...]


@dataclass(frozen=True, slots=True)
class ArticleLessons:
    """An article that was settled, with what one can learn from it."""

    case: Case
    lessons: tuple[Lesson, ...]
    agreed: int


@router.get("/feedback", response_class=HTMLResponse)
def show_feedback(request: Request) -> Response:
    """My settled articles, newest first, with every value that was settled otherwise than I coded it."""
    name, after = user_of(request).name, read_after(request.query_params.get("after"))
    with desk_of(request).store.reading() as reader:
        wanted = CaseFilter(status=("adjudicated",), mine=name, order="newest", after=after, limit=PAGE + 1)
        cases, total = reader.list_cases(wanted)
        articles = list(read_lessons(reader, cases[:PAGE], name))
    return answer_page(
        request,
        "lead_feedback.html.jinja",
        articles=articles,
        total=total,
        name=name,
        more="?" + urlencode({"after": "|".join(map(str, place_case(cases[PAGE - 1], "newest")))})
        if len(cases) > PAGE
        else None,
    )


def read_lessons(reader: Reader, cases: list[Case], name: str) -> Iterator[ArticleLessons]:
    """What one coder can learn from each of some settled articles."""
    papers = read_many_papers(reader, [case.article_id for case in cases])
    for case in cases:
        settling = find_settling(papers[case.article_id], name) if case.article_id in papers else None
        if settling is not None:
            lessons = tuple(_list_lessons(settling, name))
            yield ArticleLessons(case, lessons, sum(gap.settled is not None for gap in settling.gaps) - len(lessons))


def find_settling(papers: Papers, name: str) -> Settling | None:
    """The differences in which this coder took part; None for whoever coded neither first nor second."""
    own = view_settling(papers, name)
    settling = own or view_settling(papers)
    return settling if settling is not None and name in (settling.first, settling.second) else None


def _list_lessons(settling: Settling, name: str) -> Iterator[Lesson]:
    first = name == settling.first
    for gap in settling.gaps:
        mine = _say_mine(gap, settling, first=first)
        if gap.settled is None or mine is None:
            continue
        yield Lesson(
            title="Incident" if gap.field == INCIDENT else gap.title,
            incident=gap.incident,
            mine=mine,
            settled=gap.settled_words,
            reason=gap.settled.reason or "no reason was kept",
            by=gap.settled.by,
            at=say_moment(gap.settled.at),
            sentences=gap.sentences,
        )


def _say_mine(gap: Gap, settling: Settling, *, first: bool) -> str | None:
    """What this coder had said, None where it was settled just so."""
    settled = gap.settled
    if settled is None:
        return None
    if gap.found_by is not None:
        found = ((gap.found_by == "a") != settling.swapped) == first
        counts = settled.action != "drop"
        if found == counts:
            return None
        return "you coded this incident" if found else "you did not find this incident"
    field = gap.ours if first else gap.theirs
    value = field.value if field is not None else None
    after = settled.after if settled.action not in ("not_stated", "reject") else None
    if write_value(gap.field, value) == after:
        return None
    return say_decided(value) if value is not None else "the article does not say"
