"""Costly filters of large datasets: looked up once for a page, not once for each of its parts."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from conflictdesk.datasets.filters import Parameter, where
from conflictdesk.datasets.opening import Dataset
from conflictdesk.questions import Filter

_LARGE: Final = 200_000
_KEPT: Final = 4
_own = threading.local()


def find_condition(dataset: Dataset, wanted: Filter) -> tuple[str, list[Parameter]]:
    """The condition of a filter and its parameters, as `where` gives them, or a quicker one of the same events.

    A filter that looks through text or lists is answered into a table of this thread's cursor; the condition then
    names the rows found. It holds until the thread has asked for some other costly filters.
    """
    condition, parameters = where(wanted)
    costly = wanted.text or wanted.actor or wanted.source or wanted.near or wanted.without_source or wanted.also
    if not costly or dataset.manifest.counts.get("events", 0) < _LARGE:
        return condition, parameters
    return f"ordinal IN (SELECT ordinal FROM {_find_rows(dataset, wanted)})", []


def _find_rows(dataset: Dataset, wanted: Filter) -> str:
    """The name of the table of rows; the oldest of a few makes room for the newest."""
    held: OrderedDict[Filter, str] | None = getattr(_own, "held", None)
    if held is None or _own.dataset is not dataset:
        held = _own.held = OrderedDict()
        _own.dataset = dataset
    if wanted in held:
        held.move_to_end(wanted)
        return held[wanted]
    name = held.popitem(last=False)[1] if len(held) >= _KEPT else f"chosen_{len(held)}"
    condition, parameters = where(wanted)
    dataset.ask(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT ordinal FROM events WHERE {condition}", parameters)
    held[wanted] = name
    return name
