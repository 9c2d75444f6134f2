"""The pages to look with: explore, the list behind a number, one event, and the list as a file."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from conflictdesk.analyse.counts import DIMENSIONS
from conflictdesk.analyse.listing import read_event
from conflictdesk.desk.asking import answer_page, dataset_of, filter_of
from conflictdesk.desk.drawing import draw_bars, draw_map
from conflictdesk.desk.event_view import find_differences, group_passages, group_values
from conflictdesk.desk.exporting import write_csv, write_json
from conflictdesk.desk.facets import count_facet
from conflictdesk.desk.rendering import Links, render
from conflictdesk.desk.views import read_order, read_page, view_explore, view_list

router = APIRouter()
_PAGING = ("page", "order")


@router.get("/", response_class=HTMLResponse)
def show_explore(request: Request) -> Response:
    """The map, time line, facets and list of a view; its changed parts alone where the page asks for them."""
    wanted = filter_of(request, (*_PAGING, "open"))
    asked = request.query_params
    page, order = read_page(asked.get("page")), read_order(asked.get("order"), "newest")
    view = view_explore(dataset_of(request), wanted, page=page, order=order, opened=asked.getlist("open"))
    if request.headers.get("hx-request") != "true":
        return answer_page(
            request, "explore.html.jinja", view=view, oob=False, bars_svg=draw_bars(view.timeline, wanted)
        )
    answer = answer_page(request, "explore_parts.html.jinja", view=view, bars_svg=draw_bars(view.timeline, wanted))
    more = [] if order == "newest" else [("order", order)]
    answer.headers["hx-push-url"] = Links().query("/", wanted, [*more, *([("page", str(page))] if page > 1 else [])])
    return answer


@router.get("/facet/{name}", response_class=HTMLResponse)
def show_facet(request: Request, name: str) -> Response:
    """The values of one facet: what the explore page asks for when the facet is opened."""
    wanted = filter_of(request)
    group = count_facet(dataset_of(request), wanted, name)
    return HTMLResponse(render("facet.html.jinja", group=group, wanted=wanted, countable=frozenset(DIMENSIONS)))


@router.get("/events", response_class=HTMLResponse)
def show_events(request: Request) -> Response:
    """The events that a number is made of, with their own sums."""
    wanted = filter_of(request, _PAGING)
    asked = request.query_params
    page, order = read_page(asked.get("page")), read_order(asked.get("order"), "date")
    view = view_list(dataset_of(request), wanted, page=page, order=order)
    return answer_page(request, "events.html.jinja", view=view)


@router.get("/peek", response_class=HTMLResponse)
def peek_events(request: Request) -> Response:
    """The deadliest few events of a filter: what the map shows of a point."""
    view = view_list(dataset_of(request), filter_of(request), order="deaths")
    from dataclasses import replace

    return HTMLResponse(render("peek.html.jinja", view=replace(view, incidents=view.incidents[:5])))


@router.get("/event/{event_id:path}", response_class=HTMLResponse)
def show_event(request: Request, event_id: str) -> Response:
    """All that is known of one event, and where it is known from."""
    dataset = dataset_of(request)
    sheet = read_event(dataset, event_id)
    if sheet is None:
        raise HTTPException(404, f"The dataset holds no event {event_id[:80]!r}.")
    return answer_page(
        request,
        "event.html.jinja",
        sheet=sheet,
        groups=group_values(sheet),
        passages=group_passages(sheet.quotes),
        earlier=[(version, find_differences(version, sheet)) for version in sheet.earlier],
        source_import=dataset.manifest.find_import(str(dict(sheet.values)["import_id"])),
    )


@router.get("/events.csv")
def download_csv(request: Request) -> Response:
    """Exactly the events of a view, every column."""
    wanted, dataset = filter_of(request), dataset_of(request)
    headers = {"content-disposition": f'attachment; filename="events-{dataset.version}.csv"'}
    return StreamingResponse(write_csv(dataset, wanted), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/events.json")
def download_json(request: Request) -> Response:
    """Exactly the events of a view, every column, with the dataset's version."""
    wanted, dataset = filter_of(request), dataset_of(request)
    headers = {"content-disposition": f'attachment; filename="events-{dataset.version}.json"'}
    return StreamingResponse(write_json(dataset, wanted), media_type="application/json", headers=headers)


@router.get("/map.svg")
def show_map_picture(request: Request) -> Response:
    """The map as a picture, for browsers without WebGL or without JavaScript."""
    wanted = filter_of(request, ("scheme",))
    dark = request.query_params.get("scheme") == "dark"
    return Response(draw_map(dataset_of(request), wanted, dark=dark), media_type="image/svg+xml")
