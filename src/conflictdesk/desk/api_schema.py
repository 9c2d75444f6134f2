"""What the OpenAPI description says of parameters and answers."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel

from conflictdesk.analyse.counts import DIMENSIONS
from conflictdesk.datasets.filters import KEYS, MISSING
from conflictdesk.datasets.schema import COLUMN_NOTES, EVENT_COLUMNS
from conflictdesk.desk.api_query import FILTER_KEYS, OPERATORS

Json = dict[str, object]


class Fault(BaseModel):
    """Why a question was not answered."""

    status: int
    success: Literal[False]
    error: str


class EventsAnswer(BaseModel):
    """A page of events: `count` stand in `data`, `total` match the question."""

    status: Literal[200]
    success: Literal[True]
    count: int
    total: int
    page: int
    limit: int
    dataset_version: str
    data: list[dict[str, object]]


class EventAnswer(BaseModel):
    """One event with its quotes, the row as it came, and what earlier versions said."""

    status: Literal[200]
    success: Literal[True]
    dataset_version: str
    data: dict[str, object]


class CountAnswerBody(BaseModel):
    """Sums by what was asked; `not_counted` tells why events stand in no row."""

    status: Literal[200]
    success: Literal[True]
    count: int
    dataset_version: str
    data: list[dict[str, object]]
    total: dict[str, object]
    not_counted: dict[str, int]


class MetaAnswer(BaseModel):
    """What the dataset holds."""

    status: Literal[200]
    success: Literal[True]
    dataset_version: str
    data: dict[str, object]


FAULTS: Final[dict[int | str, dict[str, object]]] = {
    400: {"model": Fault, "description": "The question cannot be read; `error` says why"},
    404: {"model": Fault, "description": "There is no such event"},
    422: {"model": Fault, "description": "limit, page or _format is not what it may be"},
}

ALSO_CSV: Final[dict[str, object]] = {
    "description": "A page of events; as CSV with a header where _format=csv",
    "content": {"text/csv": {"schema": {"type": "string"}}},
}

_NOTES: Final = {
    "from": "First day of a window of date_start.",
    "to": "The day after the window's last.",
    "crosses": "Events that start before this day and end on or after it.",
    "actor": "A party by name, in the sense of `meaning`; several keys mean any of them.",
    "meaning": "involving, perpetrated or attributed: how `actor` is meant.",
    "source": "Events that rest on at least one of these sources.",
    "import_id": "Events that this import brought, by its id in the list of imports.",
    "without_source": "Leave out events that rest on these sources alone.",
    "flag": "Events whose row has this fault.",
    "missing": "Events that lack a value: " + ", ".join(MISSING) + ".",
    "near": "latitude,longitude,km",
    "box": "west,south,east,north in degrees; the eastern and northern edge are left out.",
    "q": "Words in notes, names, places and headlines.",
    "id": "Events by their id.",
    "without": "Events, by their id, to leave out.",
}
_FORMS: Final[dict[str, Json]] = {
    "from": {"type": "string", "format": "date"},
    "to": {"type": "string", "format": "date"},
    "meaning": {"type": "string", "enum": ["involving", "perpetrated", "attributed"]},
}


def describe_filters() -> list[Json]:
    """The parameters of every list and count."""
    described = [
        _describe(key, _NOTES.get(key, f"As in the address of a view: {KEYS[key]}."), _FORMS.get(key))
        for key in FILTER_KEYS
    ]
    for name in EVENT_COLUMNS:
        described.append(_describe(name, f'{COLUMN_NOTES[name]} Several values with "|" between them.', None))
        operators: Json = {"type": "string", "enum": list(OPERATORS)}
        described.append(_describe(f"{name}_where", f"How {name} is compared; = when left out.", operators))
    return described


def describe_by() -> Json:
    """The parameter that says what a count goes by."""
    return _describe("by", f"One to three of {', '.join(DIMENSIONS)}, with | between them.", None, required=True)


def _describe(name: str, told: str, form: Json | None, *, required: bool = False) -> Json:
    held = {"name": name, "in": "query", "description": told, "schema": form or {"type": "string"}}
    return {**held, "required": required}


def describe_view() -> list[Json]:
    """The parameters of a view's address."""
    return [
        _describe(key, _NOTES.get(key, f"Events of this {KEYS[key].replace('_', ' ')}."), _FORMS.get(key))
        for key in KEYS
    ]
