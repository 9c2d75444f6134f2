"""What every page asks of a request: the dataset, the filter of its address, the frame around the page."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import Request
from fastapi.responses import HTMLResponse

from conflictdesk.datasets.filters import read_filter
from conflictdesk.datasets.opening import Dataset
from conflictdesk.desk.rendering import render
from conflictdesk.errors import StoreError
from conflictdesk.questions import Filter


class NoDataset(StoreError):
    """The pages of a dataset are asked for before there is one."""


def dataset_of(request: Request) -> Dataset:
    """The dataset that this app shows; one and the same for the whole of a request, though a newer one may come in.

    A working desk leaves out of it what is kept from whoever asks.

    Raises:
        NoDataset: a desk has no event to show yet.
    """
    known = getattr(request.state, "dataset", None)
    if isinstance(known, Dataset):
        return known
    held = request.app.state.dataset
    if not isinstance(held, Dataset):
        raise NoDataset("there is no event yet")
    narrow = getattr(request.app.state, "narrow", None)
    shown = narrow(request, held) if callable(narrow) else held
    request.state.dataset = shown
    return shown


def filter_of(request: Request, besides: Collection[str] = ()) -> Filter:
    """The filter of an address; `besides` are the page's own keys.

    Raises:
        ConfigError: a key or a value that no filter has.
    """
    return read_filter(request.query_params.multi_items(), besides=besides)


def frame_of(request: Request) -> dict[str, object]:
    """What the base template needs: where we are, and of which dataset; a desk has a frame of its own."""
    framed = getattr(request.app.state, "frame", None)
    if callable(framed):
        return dict(framed(request))
    dataset = dataset_of(request)
    return {
        "here": request.url.path,
        "dataset_name": dataset.folder.resolve().name,
        "dataset_version": dataset.version,
        "dataset_events": dataset.manifest.counts.get("events", 0),
    }


def answer_page(request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """A whole page: the template, filled with the frame and what it asks for.

    A `HEAD`, a reload and a crawler get the same bytes: nothing in it depends on the clock or on who asks.
    """
    page = render(template, **frame_of(request), **context)
    headers = {"cache-control": "no-cache", "vary": "hx-request"}
    return HTMLResponse(page, status_code=status, headers=headers)
