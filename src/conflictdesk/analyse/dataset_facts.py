"""What is true of a dataset as a whole, asked once for as long as it is open: a dataset does not change under us."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from conflictdesk.datasets.filters import Parameter
from conflictdesk.datasets.opening import Dataset, Row

_HELD: WeakKeyDictionary[Dataset, dict[tuple[str, tuple[Parameter, ...]], list[Row]]] = WeakKeyDictionary()
_MOST = 256


def ask_once(dataset: Dataset, sql: str, parameters: Sequence[Parameter] = ()) -> list[Row]:
    """The rows of a query on the whole dataset, remembered; for facts of few rows that many questions need."""
    held = _HELD.setdefault(dataset, {})
    key = (sql, tuple(parameters))
    found = held.get(key)
    if found is None:
        found = dataset.ask(sql, parameters)
        if len(held) < _MOST:
            held[key] = found
    return found
