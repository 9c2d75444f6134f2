"""The workbench: one article with its incidents, decided by keyboard. A page with its JSON, and the JSON alone."""

from __future__ import annotations

import datetime as dt
import re
import threading
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from conflictdesk.casework import CaseFilter
from conflictdesk.codebook.countries import load_countries
from conflictdesk.codebook.types import load_event_types
from conflictdesk.decisions import DROP_REASONS, MUST_LOOK, SETTLE_REASONS, Track
from conflictdesk.desk.asking import answer_page
from conflictdesk.desk.blind_spots import hidden_articles, show_events
from conflictdesk.desk.case_view import Json, number_incidents, view_case, write_script_json
from conflictdesk.desk.office import desk_of, hides_work, now_of, office_of, session_of, user_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.desk.workbench_lookups import find_actors, find_places, list_near, list_twins, view_place
from conflictdesk.errors import ConfigError, RightsError
from conflictdesk.review.checks import Finding, check_case
from conflictdesk.review.folding import CaseFile, to_mention
from conflictdesk.workflow.casefiles import read_case
from conflictdesk.workflow.seconds import list_second_cases

if TYPE_CHECKING:
    from conflictdesk.casework import User
    from conflictdesk.locate.gazetteer import FileGazetteer
    from conflictdesk.store.opening import Reader

router = APIRouter(dependencies=[Depends(needs("coder"))])
LOW_SCORE: Final = 0.8
"""Below this probability "accept all" asks before it takes a suggestion."""
_LONGEST: Final = 120
_NEXT: Final = 12
_NAMES, _FEW = 40, 6
_WEEK: Final = dt.timedelta(days=7)
_INCIDENT: Final = re.compile(r"^Incident \d+")
_GAZETTEER = threading.Lock()


@router.get("/work/{article_id}", response_class=HTMLResponse)
def show_workbench(request: Request, article_id: str) -> Response:
    """The workbench with one article's case inside the page."""
    from markupsafe import Markup

    file, shown = _read(request, article_id)
    user, session = user_of(request), session_of(request)
    data: dict[str, Json] = {
        "user": user.name,
        "role": user.role,
        "csrf": session.csrf if session else "",
        "local": not office_of(request).options.team,
        "threshold": LOW_SCORE,
        "codebook": view_codebook(),
        "case": shown,
    }
    return answer_page(
        request,
        "workbench.html.jinja",
        headline=file.article.title or article_id,
        article_id=article_id,
        data=Markup(write_script_json(data)),
    )


@router.get("/desk/api/case/{article_id}")
def tell_case(request: Request, article_id: str) -> Response:
    """One article's case as the page holds it: {"case": ...}."""
    return _answer({"case": _read(request, article_id)[1]})


@router.get("/desk/api/case/{article_id}/checks")
def tell_checks(request: Request, article_id: str) -> Response:
    """What stands against finishing: {"findings": [{kind, blocking, told, subject_id, field, sentence}, ...]}."""
    file, _ = _read(request, article_id)
    numbers = {decided.mention_id: number for number, decided in number_incidents(file.mentions)}
    findings: list[Json] = [_view_finding(finding, numbers) for finding in check_case(file)]
    return _answer({"findings": findings})


@router.get("/desk/api/places")
def tell_places(request: Request, q: str = "", near: str | None = None) -> Response:
    """Places by name: {"places": [...]}, at most twelve; `near` is a country whose places go first."""
    gazetteer = _find_gazetteer()
    if gazetteer is None:
        raise HTTPException(503, "the place names are not compiled on this machine: run `conflictdesk gazetteer build`")
    with _GAZETTEER:
        found = find_places(gazetteer, _cut(q), near)
    return _answer({"places": [view_place(place) for place in found]})


@router.get("/desk/api/actors")
def tell_actors(request: Request, q: str = "", country: str | None = None) -> Response:
    """Actors by any of their names: {"actors": [{name, kind, country, aliases, matched, used}, ...]}."""
    asked = _cut(q)
    with desk_of(request).store.reading() as reader:
        used = _list_used(request, reader, asked) if asked else []
    return _answer({"actors": [*find_actors(asked, country or None, used)]})


@router.get("/desk/api/near")
def tell_near(request: Request, iso3: str, lat: float, lon: float, mention: str | None = None) -> Response:
    """Events within 25 km and 7 days of `from`..`to`: {"events": [...]}, nearest first.

    The event that the incident `mention` is part of is left out.
    """
    first, last = (_read_day(request.query_params.get(name)) for name in ("from", "to"))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or last < first:
        raise ConfigError("a point is given as lat and lon in degrees, the days as from and to")
    with desk_of(request).store.reading() as reader:
        own = set(reader.event_of([mention]).values()) if mention else set()
        records = reader.near_events(iso3[:3], first - _WEEK, last + _WEEK, 200)
    others = [record for record in show_events(request, records) if record.event.event_id not in own]
    return _answer({"events": [*list_near(others, lat, lon)][:20]})


@router.get("/desk/api/duplicates")
def tell_duplicates(request: Request, mention: str) -> Response:
    """Incidents of other articles that may be the same as `mention`: {"twins": [...]}; nothing for a blind coder."""
    with desk_of(request).store.reading() as reader:
        article_id = _find_article(reader, mention, request.query_params.get("article"))
        if article_id is None or hides_work(request, article_id):
            return _answer({"twins": []})
        decided = read_case(reader, article_id).mention(mention)
        twins = list_twins(reader, mention, to_mention(decided) if decided else None, hidden_articles(request))
    return _answer({"twins": [*twins]})


def _list_used(request: Request, reader: Reader, asked: str) -> list[tuple[str, str, int]]:
    """Actors that events of this desk name; where some events are kept from this user, none that they alone name."""
    used = reader.actor_names(asked, _NAMES)
    if not hidden_articles(request):
        return used

    def is_shown(name: str, number: int) -> bool:
        newest = show_events(request, reader.actor_events(name, _FEW))
        return bool(newest or (number > _FEW and show_events(request, reader.actor_events(name, number))))

    return [(name, kind, number) for name, kind, number in used if is_shown(name, number)]


# ---------------------------------------------------------------- reading a case


def _read(request: Request, article_id: str) -> tuple[CaseFile, dict[str, Json]]:
    user = user_of(request)
    track = _choose_track(request, article_id, user)
    blind = desk_of(request).settings.second.blind
    with desk_of(request).store.reading() as reader:
        if reader.article(article_id) is None:
            raise HTTPException(404, f"the desk holds no article {article_id[:60]!r}")
        by = user.name if track == "second" else None
        # What a lead settles lies over the first coder's work, which is the main track.
        file = read_case(reader, article_id, track="second" if track == "second" else "main", by=by, blind=blind)
        shown = view_case(file, user=user.name)
        following = find_next(reader, article_id, track, user, now_of(request))
    return file, {**shown, "track": track, "next": following}


def _choose_track(request: Request, article_id: str, user: User) -> Track:
    """The second coder's track wherever the first coder's work is kept from this user; else as asked.

    Raises:
        RightsError: somebody else than a lead asks for the track on which differences are settled.
    """
    asked = request.query_params.get("track") or "main"
    if hides_work(request, article_id):
        return "second"
    if asked == "final":
        if user.role != "lead":
            raise RightsError("only a lead settles differences")
        return "final"
    if asked not in ("main", "second"):
        raise ConfigError(f"track: {asked[:20]!r} is not one of main, second, final")
    return "second" if asked == "second" else "main"


def find_next(reader: Reader, article_id: str, track: Track, user: User, now: dt.datetime) -> Json:
    """The article that follows in the queue: the first that waits, is not this one and is held open by nobody else."""
    if track == "final":
        return None
    if track == "second":
        cases = list_second_cases(reader, user, _NEXT)
    else:
        cases, _ = reader.list_cases(CaseFilter(status=("new", "open"), limit=_NEXT))
    locks = reader.locks([case.article_id for case in cases], now)
    for case in cases:
        lock = locks.get(case.article_id)
        if case.article_id != article_id and (lock is None or lock.by == user.name):
            return {"id": case.article_id, "title": case.title}
    return None


def _find_article(reader: Reader, mention_id: str, given: str | None) -> str | None:
    stored = reader.mentions([mention_id]).get(mention_id)
    if stored is not None:
        return stored.mention.article_id
    return given if given and reader.article(given) is not None else None


def _view_finding(finding: Finding, numbers: dict[str, int]) -> dict[str, Json]:
    number = numbers.get(finding.subject_id or "")
    told = _INCIDENT.sub(f"Incident {number}", finding.told) if number else finding.told
    return {
        "kind": finding.kind,
        "blocking": finding.blocking,
        "told": told,
        "subject_id": finding.subject_id,
        "field": finding.field,
        "sentence": finding.sentence,
    }


@dataclass(frozen=True, slots=True)
class _Not:
    sentence: str
    becomes: str | None
    reason: str


@cache
def view_codebook() -> Json:
    """The codebook as the page holds it: types in hierarchy order, countries by name, reasons for dropping."""
    types: list[Json] = [
        {
            "name": entry.sub_event_type,
            "event_type": entry.event_type,
            "definition": entry.definition,
            "takes_over": entry.takes_over,
            "examples": list(entry.examples[:3]),
            "not": [asdict(_Not(n.sentence, n.becomes, n.reason)) for n in entry.counter_examples[:3]],
        }
        for entry in load_event_types().types
    ]
    countries: list[Json] = [{"country": c.name, "iso3": c.iso3} for c in load_countries().countries]
    return {
        "types": types,
        "countries": countries,
        "drop_reasons": list(DROP_REASONS),
        "settle_reasons": list(SETTLE_REASONS),
        "must_look": sorted(MUST_LOOK),
    }


def _find_gazetteer() -> FileGazetteer | None:
    """The compiled place names, where they are compiled: a page never waits for that."""
    from conflictdesk.locate.gazetteer import find_gazetteer

    path = find_gazetteer()
    return _open_gazetteer(path) if path.exists() else None


@cache
def _open_gazetteer(path: Path) -> FileGazetteer:
    from conflictdesk.locate.gazetteer import open_gazetteer

    return open_gazetteer(path)


def _read_day(text: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError as error:
        raise ConfigError("a day is written as 2026-03-05") from error


def _cut(text: str) -> str:
    return text.replace("\0", "").strip()[:_LONGEST]


def _answer(body: dict[str, Json]) -> JSONResponse:
    return JSONResponse(body, headers={"cache-control": "no-store"})
