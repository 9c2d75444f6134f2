"""The pages of questions: count and compare, with their charts and files to take away."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.analyse.counts import DIMENSIONS
from conflictdesk.datasets.opening import Dataset
from conflictdesk.desk import about_page, claim_pages
from conflictdesk.desk.asking import answer_page, dataset_of
from conflictdesk.desk.chips import say_filter
from conflictdesk.desk.count_table import write_table
from conflictdesk.desk.question_forms import (
    MEASURES,
    WINDOWS,
    Form,
    choose_measure,
    read_compare,
    read_count,
)
from conflictdesk.desk.question_views import answer_compare, answer_count, drawings_of, view_compare, view_count
from conflictdesk.desk.question_words import COMPARE_WORDS
from conflictdesk.desk.rendering import Links
from conflictdesk.errors import ConfigError
from conflictdesk.publish.answers import tell_comparison, tell_count
from conflictdesk.publish.charts import (
    MEASURE_TITLES,
    Linker,
    Look,
    Spec,
    draw_counts,
    draw_png,
    draw_svg,
)
from conflictdesk.questions import CompareQuestion, CountQuestion, Filter

router = APIRouter()
router.include_router(claim_pages.router)
router.include_router(about_page.router)

COUNT_SHOWN = ("by", "measure", "from", "to", "country", "event_type", "actor", "q")
COMPARE_SHOWN = ("actor", "split", "window", "measure", "country", "event_type")


def link_events(wanted: Filter) -> str:
    """Where the bars of a chart lead."""
    return Links().events(wanted)


@router.get("/count", response_class=HTMLResponse)
def show_count(request: Request) -> Response:
    """A count: form, chart, table."""
    form = read_count(request.query_params.multi_items())
    dataset = dataset_of(request)
    fault, view = "", None
    if form.question:
        try:
            view = view_count(dataset, form.question, choose_measure(form), link_events)
        except ConfigError as error:
            fault = str(error)
    shown = {"form": form, "view": view, "fault": fault, **count_context(dataset, form)}
    return answer_page(request, "count.html.jinja", status=_status(form, fault), **shown)


def count_context(dataset: Dataset, form: Form[CountQuestion]) -> dict[str, object]:
    """What the template of a count needs besides its form and its answer."""
    wanted = form.question.filter if form.question else Filter()
    return {
        **COMPARE_WORDS,
        "live": True,
        "dimensions": DIMENSIONS,
        "measures": [(measure, MEASURE_TITLES[measure]) for measure in MEASURES],
        "suggestions": suggest_values(dataset),
        "hidden": form.hidden((*COUNT_SHOWN, "limit")),
        "chips": say_filter(wanted),
        "pairs": list(form.pairs),
    }


@router.get("/compare", response_class=HTMLResponse)
def show_compare(request: Request) -> Response:
    """A comparison: form, answer in words, table, charts, caveats, the events that weigh most."""
    form = read_compare(request.query_params.multi_items())
    dataset = dataset_of(request)
    fault, view = "", None
    if form.question:
        try:
            view = view_compare(dataset, form.question, link_events)
        except ConfigError as error:
            fault = str(error)
    shown = {"form": form, "view": view, "fault": fault, **compare_context(dataset, form)}
    return answer_page(request, "compare.html.jinja", status=_status(form, fault), **shown)


def compare_context(dataset: Dataset, form: Form[CompareQuestion]) -> dict[str, object]:
    """What the template of a comparison needs besides its form and its answer."""
    wanted = form.question.filter if form.question else Filter()
    return {
        **COMPARE_WORDS,
        "live": True,
        "windows": WINDOWS,
        "suggestions": suggest_values(dataset),
        "hidden": form.hidden(COMPARE_SHOWN),
        "chips": say_filter(wanted),
        "pairs": list(form.pairs),
    }


def _status(form: Form[CountQuestion] | Form[CompareQuestion], fault: str) -> int:
    return 422 if form.faults or fault else 200


def suggest_values(dataset: Dataset) -> dict[str, Sequence[str]]:
    """Names that forms offer: the actors, countries and types with the most events."""

    def most(by: str, limit: int) -> list[str]:
        name = next(each for each in DIMENSIONS if each == by)
        return [row.keys[0] for row in answer_count(dataset, CountQuestion(by=(name,), limit=limit)).rows]

    return {"actor": most("actor", 400), "country": most("country", 250), "event_type": most("event_type", 20)}


# ---------------------------------------------------------------- files to take away


@router.get("/count/{name}")
def take_count(request: Request, name: str) -> Response:
    """The count as answer.json, table.csv, or its chart as chart.svg, chart.png, chart.json."""
    form = read_count(request.query_params.multi_items())
    if form.question is None:
        raise ConfigError("; ".join(f"{key}: {fault}" for key, fault in form.faults.items()))
    file = write_count_file(dataset_of(request), (form.question, form), name)
    if file is None:
        raise HTTPException(404, f"There is no file {name[:40]!r} of a count.")
    return _send(file, f"count-{name}")


File = tuple[str | bytes, str]
"""The content of a file and its media type."""


def write_count_file(dataset: Dataset, asked: tuple[CountQuestion, Form[CountQuestion]], name: str) -> File | None:
    """A file of a count; None where there is none of that name."""
    question, form = asked
    answer = answer_count(dataset, question)
    if name == "answer.json":
        return dump(tell_count(answer)), "application/json"
    if name == "table.csv":
        return write_table(answer), "text/csv; charset=utf-8"
    stem, _, kind = name.partition(".")
    spec = draw_counts(answer, choose_measure(form), Look()) if stem == "chart" else None
    return write_chart(spec, kind) if spec else None


@router.get("/compare/{name}")
def take_comparison(request: Request, name: str) -> Response:
    """The comparison as answer.json and methods.txt, or a chart of it: weeks.svg, events-choices.png, weeks.json ..."""
    form = read_compare(request.query_params.multi_items())
    if form.question is None:
        raise ConfigError("; ".join(f"{key}: {fault}" for key, fault in form.faults.items()) or "no question is asked")
    file = write_compare_file(dataset_of(request), form.question, name, link_events)
    if file is None:
        raise HTTPException(404, f"There is no file {name[:40]!r} of a comparison.")
    return _send(file, f"compare-{name}")


def write_compare_file(dataset: Dataset, question: CompareQuestion, name: str, link: Linker) -> File | None:
    """A file of a comparison; None where there is none of that name."""
    answer = answer_compare(dataset, question)
    if name == "answer.json":
        return dump(tell_comparison(answer)), "application/json"
    stem, _, kind = name.partition(".")
    drawn = drawings_of(answer).get(stem)
    spec = drawn[1](Look()) if drawn else None
    return write_chart(spec, kind) if spec else None


def write_chart(spec: Spec, kind: str) -> File | None:
    """A chart as a file: "svg", "png" or "json" (the Vega-Lite spec with its data)."""
    if kind == "svg":
        return draw_svg(spec), "image/svg+xml"
    if kind == "png":
        return draw_png(spec), "image/png"
    return (dump(spec), "application/json") if kind == "json" else None


def dump(told: object) -> str:
    """JSON for people and programs."""
    return json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n"


def _send(file: File, name: str) -> Response:
    content, media_type = file
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
