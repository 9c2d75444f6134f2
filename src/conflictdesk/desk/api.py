"""The API: events, one event, counts and what the dataset holds, as JSON or CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Final, Literal, cast

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from conflictdesk.analyse.counts import count_events
from conflictdesk.analyse.listing import read_event
from conflictdesk.datasets.schema import COLUMN_NOTES, EVENT_COLUMNS
from conflictdesk.desk import api_schema as schema
from conflictdesk.desk.api_query import (
    FILTER_KEYS,
    OPERATORS,
    OWN_KEYS,
    ApiQuery,
    read_fields,
    read_query,
    split_values,
)
from conflictdesk.desk.asking import answer_page, dataset_of, filter_of
from conflictdesk.desk.exporting import plain_value
from conflictdesk.errors import ConfigError
from conflictdesk.exchange.csv_shape import csv_lines_sql, stream_lines
from conflictdesk.exchange.selection import ORDER, ExportOptions, choose_rows
from conflictdesk.questions import CountQuestion, Dimension, Filter, Tally

router = APIRouter(tags=["data"])
MOST_ROWS: Final = 5000
_DEEPEST: Final = 1_000_000


@router.get("/api", include_in_schema=False, response_class=HTMLResponse)
def show_api(request: Request) -> Response:
    """How to ask the API, for people."""
    return answer_page(
        request, "api.html.jinja", columns=COLUMN_NOTES, kinds=EVENT_COLUMNS, operators=OPERATORS, filters=FILTER_KEYS
    )


@router.get(
    "/api/events",
    response_model=schema.EventsAnswer,
    responses={**schema.FAULTS, 200: schema.ALSO_CSV},
    openapi_extra={"parameters": schema.describe_filters()},
)
def send_events(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows of a page.")] = 500,
    page: Annotated[int, Query(ge=1, le=_DEEPEST, description="Which page, from 1.")] = 1,
    fields: Annotated[str | None, Query(description='Columns, with "|" between them; all when left out.')] = None,
    form: Annotated[Literal["json", "csv"], Query(alias="_format", description="json or csv")] = "json",
) -> Response:
    """Events by day and id; words of articles (notes, headline of coded events) stay behind, as in every export."""
    dataset, names = dataset_of(request), read_fields(fields)
    asked = read_query(request.query_params.multi_items(), OWN_KEYS)
    offset = (page - 1) * limit
    if offset > _DEEPEST:
        raise ConfigError(f"page: no page lies beyond event {_DEEPEST:,}; narrow the question or export the dataset")
    kinds = {name: EVENT_COLUMNS[name] for name in names}
    sql = f"{_rows_sql(request, names, asked)} {ORDER} LIMIT {limit} OFFSET {offset}"
    if form == "csv":
        lines = stream_lines(dataset, csv_lines_sql(sql, kinds), asked.parameters)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8")
    rows = dataset.ask(sql, asked.parameters)
    total = dataset.ask(f"SELECT count(*) FROM events WHERE {asked.condition}", asked.parameters)[0][0]
    data = [dict(zip(names, map(plain_value, row))) for row in rows]
    page_of = {"total": int(str(total)), "page": page, "limit": limit}
    return _answer(request, data, count=len(data), **page_of)


@router.get("/api/events/{event_id}", response_model=schema.EventAnswer, responses=schema.FAULTS)
def send_event(request: Request, event_id: str) -> Response:
    """One event: every column, its quotes, the row as it came, and what a newer version changed."""
    sheet = read_event(dataset_of(request), event_id)
    if sheet is None:
        raise HTTPException(404, f"there is no event {event_id[:80]!r}")
    quotes = [{name: plain_value(value) for name, value in asdict(quote).items()} for quote in sheet.quotes]
    changes = [dict(zip(("field", "old", "new", "old_version", "new_version"), change)) for change in sheet.changes]
    earlier = [
        {
            "version": one.version,
            "superseded_by_version": one.superseded_version,
            "reason": one.reason,
            **dict(one.values),
        }
        for one in sheet.earlier
    ]
    data: dict[str, object] = {name: plain_value(value) for name, value in sheet.values}
    data |= {"quotes": quotes, "original": dict(sheet.original), "earlier": earlier, "changes": changes}
    return _answer(request, data)


@router.get(
    "/api/count",
    response_model=schema.CountAnswerBody,
    responses=schema.FAULTS,
    openapi_extra={"parameters": [schema.describe_by(), *schema.describe_view()]},
)
def send_count(request: Request) -> Response:
    """Events and people by time, place, type, actor or source; filters as in the address of a view."""
    pairs = request.query_params.multi_items()
    by = [part for key, value in pairs if key == "by" for part in split_values(value)]
    wanted = filter_of(request, ("by",))
    counted = count_events(dataset_of(request), CountQuestion(by=tuple(cast("list[Dimension]", by)), filter=wanted))
    data = [{**dict(zip(by, row.keys)), "share": round(row.share, 6), **_tell(row.tally)} for row in counted.rows]
    return _answer(request, data, count=len(data), total=_tell(counted.total), not_counted=dict(counted.not_counted))


@router.get("/api/meta", response_model=schema.MetaAnswer, responses=schema.FAULTS)
def send_meta(request: Request) -> Response:
    """Columns and their meaning, the days covered, the imports, and how many rows each table holds."""
    if unknown := sorted(request.query_params.keys()):
        raise ConfigError(f"there is no parameter {unknown[0][:40]!r}: this answer takes none")
    dataset = dataset_of(request)
    first, last, countries = dataset.ask(
        "SELECT min(date_start), max(date_start), count(DISTINCT country) FROM events"
    )[0]
    imports = [
        {"import_id": one.import_id, "kind": one.kind, "origin": one.origin, "file": one.file, "version": one.version}
        | {"rows_in": one.rows_in, "events": one.events, "problems": one.problems}
        for one in dataset.manifest.imports
    ]
    columns = [{"name": name, "type": kind, "meaning": COLUMN_NOTES[name]} for name, kind in EVENT_COLUMNS.items()]
    covered = {"first_day": plain_value(first), "last_day": plain_value(last), "countries": countries}
    data = {"columns": columns, "coverage": covered, "counts": dict(dataset.manifest.counts), "imports": imports}
    return _answer(request, data)


def say_fault(request: Request, status: int, told: str, headers: dict[str, str] | None = None) -> Response:
    """A question that could not be answered, as the API says it."""
    return JSONResponse({"status": status, "success": False, "error": told}, status, headers=headers)


def _answer(request: Request, data: object, **more: object) -> Response:
    head = {"status": 200, "success": True, **more, "dataset_version": dataset_of(request).version}
    return JSONResponse({**head, "data": data}, headers={"cache-control": "no-cache"})


def _rows_sql(request: Request, names: tuple[str, ...], asked: ApiQuery) -> str:
    """The rows of a question; `choose_rows` sees to it that the words of articles stay behind."""
    kept = tuple(dict.fromkeys((*names, "date_start", "event_id")))
    columns = ", ".join(f'"{name}"' for name in names)
    chosen = choose_rows(dataset_of(request), Filter(), ExportOptions(columns=kept))
    within = f"event_id IN (SELECT event_id FROM events WHERE {asked.condition})"
    return f"SELECT {columns} FROM ({chosen.sql}) WHERE {within}"


def _tell(tally: Tally) -> dict[str, object]:
    return asdict(tally)
