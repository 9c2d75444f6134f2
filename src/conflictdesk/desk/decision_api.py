"""The API of the workbench: decisions to record, articles to hold open. JSON both ways; refusals are {"told": ...}."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, cast, get_args

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from conflictdesk.casework import Lock
from conflictdesk.decisions import Action, Mode, SubjectKind, Track
from conflictdesk.desk.blinding import keeps_back
from conflictdesk.desk.office import desk_of, now_of, office_of, user_of
from conflictdesk.desk.signing_in import needs
from conflictdesk.errors import CheckError, RightsError
from conflictdesk.records import Span

if TYPE_CHECKING:
    from conflictdesk.casework import User
    from conflictdesk.store.opening import Reader
    from conflictdesk.workflow.recording import Draft

router = APIRouter(dependencies=[Depends(needs("coder"))])
Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
DEEPEST, MOST_AT_ONCE, LONGEST_ID = 12, 200, 100
_ID: Final = re.compile(r"[A-Za-z0-9._:-]{8,100}")
_TEXTS: Final = ("subject_id", "article_id", "field", "after", "inferred", "reason", "reverts")
_LONGEST: Final[Mapping[str, int]] = {"after": 20_000, "inferred": 2_000, "reason": 4_000}
_KNOWN: Final = frozenset(
    (*_TEXTS, "decision_id", "subject_kind", "action", "spans", "track", "mode", "shown_ms"),
)


@router.post("/desk/api/decisions")
async def take_decisions(request: Request) -> Response:
    """Record the decisions of `{"decisions": [...]}`, all or none; the same decision_id again is recorded once.

    A decision has the names of `workflow.recording.Draft`; `spans` are [start, end] in code points of the text.
    """
    from starlette.concurrency import run_in_threadpool

    told = await read_json(request)
    return await run_in_threadpool(_record, request, told)


def _record(request: Request, told: Json) -> Response:
    from conflictdesk.workflow.recording import record_decisions

    drafts = read_drafts(told)
    user = user_of(request)

    def judge(reader: Reader) -> None:
        _refuse_blind_spots(reader, user, drafts)

    recorded = record_decisions(desk_of(request), drafts, user, now_of(request), judge=judge)
    answers = [
        {"decision_id": one.decision.decision_id, "seq": one.decision.seq, "known": one.known} for one in recorded
    ]
    return JSONResponse({"recorded": answers}, headers={"cache-control": "no-store"})


def _refuse_blind_spots(reader: Reader, user: User, drafts: Sequence[Draft]) -> None:
    """A second coder who has not finished must not reach into the first coder's work."""
    about = {d.article_id for d in drafts if d.track == "main" and d.action not in ("skip", "flag") and d.article_id}
    if any(keeps_back(case, user) for case in reader.cases(sorted(about)).values()):
        raise RightsError("this article waits for your second coding: code it on the second track")


def read_drafts(told: Json) -> list[Draft]:
    """The drafts of a request's JSON.

    Raises:
        HTTPException: 422 with what is wrong, and in which decision.
    """
    listed = told.get("decisions") if isinstance(told, dict) else None
    if not isinstance(listed, list) or not listed:
        raise HTTPException(422, 'send {"decisions": [...]} with one decision at least')
    if len(listed) > MOST_AT_ONCE:
        raise HTTPException(422, f"send at most {MOST_AT_ONCE} decisions at once")
    return [_read_draft(one, f"decision {number}") for number, one in enumerate(listed, 1)]


def _read_draft(told: Json, where: str) -> Draft:
    from conflictdesk.workflow.recording import Draft

    if not isinstance(told, dict):
        raise HTTPException(422, f"{where} is no object")
    if unknown := sorted(set(told) - _KNOWN):
        raise HTTPException(422, f"{where}: there is no {unknown[0][:40]!r}")
    decision_id, subject_id = told.get("decision_id"), _read_text(told, "subject_id", where)
    if subject_id is None and told.get("action") == "add":
        subject_id = ""  # what is added gets its id from the decision
    if not isinstance(decision_id, str) or not _ID.fullmatch(decision_id):
        raise HTTPException(422, f"{where}: decision_id has 8 to {LONGEST_ID} letters, digits, dots and dashes")
    if subject_id is None:
        raise HTTPException(422, f"{where}: subject_id is missing")
    return Draft(
        decision_id=decision_id,
        subject_kind=cast(SubjectKind, _choose(told, "subject_kind", get_args(SubjectKind), where)),
        subject_id=subject_id,
        action=cast(Action, _choose(told, "action", get_args(Action), where)),
        article_id=_read_text(told, "article_id", where),
        field=_read_text(told, "field", where),
        after=_read_text(told, "after", where),
        spans=_read_spans(told.get("spans"), where),
        inferred=_read_text(told, "inferred", where),
        reason=_read_text(told, "reason", where),
        reverts=_read_text(told, "reverts", where),
        track=cast(Track, _choose(told, "track", get_args(Track), where, "main")),
        mode=cast(Mode, _choose(told, "mode", get_args(Mode), where, "assisted")),
        shown_ms=_read_whole(told.get("shown_ms"), where),
    )


def _read_text(told: dict[str, Json], name: str, where: str) -> str | None:
    value = told.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST.get(name, 300):
        raise HTTPException(422, f"{where}: {name} is a text of at most {_LONGEST.get(name, 300)} letters")
    if "\0" in value:
        raise HTTPException(422, f"{where}: {name} holds a character that cannot be kept")
    return value


def _choose(told: dict[str, Json], name: str, allowed: tuple[str, ...], where: str, default: str = "") -> str:
    value = told.get(name, default)
    if not isinstance(value, str) or value not in allowed:
        raise HTTPException(422, f"{where}: {name} is one of {', '.join(allowed)}")
    return value


def _read_spans(told: Json, where: str) -> tuple[Span, ...]:
    found = []
    listed = [] if told is None else told
    if not isinstance(listed, list) or len(listed) > 100:
        raise HTTPException(422, f"{where}: spans are at most 100 pairs [start, end]")
    for pair in listed:
        if not isinstance(pair, list) or len(pair) != 2:
            raise HTTPException(422, f"{where}: a span is [start, end]")
        start, end = (_read_whole(value, where) for value in pair)
        if start is None or end is None or not start < end:
            raise HTTPException(422, f"{where}: a span begins before it ends")
        found.append(Span(start, end))
    return tuple(found)


def _read_whole(value: Json, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise HTTPException(422, f"{where}: {str(value)[:40]!r} is no whole number from 0")
    return value


async def read_json(request: Request) -> Json:
    """The JSON of a request's body, no deeper than it need be and with letters that every store can keep.

    Raises:
        HTTPException: 415 or 422 with what is wrong.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "send JSON, with the content type application/json")
    try:
        body = (await request.body()).decode("utf-8")
        told: Json = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise HTTPException(422, "this is no JSON that the desk can read") from error
    _check_depth(told)
    return told


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


def _check_depth(told: Json) -> None:
    level = [told]
    for _ in range(DEEPEST):
        below: list[Json] = []
        for value in level:
            if isinstance(value, dict):
                below += [*value, *value.values()]
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
                raise HTTPException(422, "a text holds half a letter (a lone surrogate), which cannot be kept")
        level = below
        if not level:
            return
    raise HTTPException(422, f"the JSON is nested more than {DEEPEST} deep")


# ---------------------------------------------------------------- who has an article open


@router.post("/desk/api/lock/{article_id}")
async def take_lock(request: Request, article_id: str) -> Response:
    """Hold an article open: `{}` when nobody else does, `{"take_over": true}` whoever does.

    The answer says whose it is: {"by", "until", "mine"}. A lock hinders nobody: it is shown to others.
    """
    from starlette.concurrency import run_in_threadpool

    told = await read_json(request) if request.headers.get("content-length", "0") != "0" else {}
    over = isinstance(told, dict) and told.get("take_over") is True
    lock = await run_in_threadpool(hold_article, request, article_id, over)
    mine = lock.by == user_of(request).name
    return JSONResponse({"by": lock.by, "until": lock.until.isoformat(), "mine": mine})


@router.post("/desk/api/unlock/{article_id}")
def drop_lock(request: Request, article_id: str) -> Response:
    """Let an article go."""
    with desk_of(request).store.writing() as writer:
        writer.drop_lock(article_id, user_of(request).name)
    return JSONResponse({"dropped": True})


def hold_article(request: Request, article_id: str, take_over: bool) -> Lock:
    """The lock on an article after this user asked for it.

    Raises:
        CheckError: there is no such article.
    """
    office, user = office_of(request), user_of(request)
    until = office.now + dt.timedelta(minutes=office.desk.settings.server.lock_minutes)
    with office.desk.store.writing() as writer:
        if writer.article(article_id) is None:
            raise CheckError(f"the desk holds no article {article_id[:80]!r}")
        held = writer.locks([article_id], office.now).get(article_id)
        if held is not None and held.by != user.name and not take_over:
            return held
        taken = Lock(article_id=article_id, by=user.name, until=until)
        writer.take_lock(taken)
        return taken
