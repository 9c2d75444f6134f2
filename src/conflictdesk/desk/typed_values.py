"""A value typed into one input: read strictly, so that doubt is told and never guessed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from conflictdesk.codebook.actors import load_actors
from conflictdesk.codebook.types import load_event_types
from conflictdesk.decisions import Value
from conflictdesk.errors import ConfigError
from conflictdesk.records import Dates, Estimate

HOW_TO: Final = {
    "event_type": "a sub-type of the codebook, for example: Armed clash",
    "date": "2026-03-05, or 2026-03-05 to 2026-03-09",
    "deaths": "12, or low best high as 10 12 15, or 12+ for “at least 12”",
    "injured": "12, or low best high as 10 12 15, or 12+ for “at least 12”",
    "actor1": "a name of the actor list",
    "actor2": "a name of the actor list",
    "civilian_targeting": "yes or no",
    "note": "any words",
}
"""How to write each field that can be typed; a place is chosen in the workbench, where it can be seen on the map."""
_DAY: Final = r"(\d{4}-\d{2}-\d{2})"
_DATES: Final = re.compile(rf"{_DAY}(?:\s*(?:to|–|/)\s*{_DAY})?")
_WEEK, _MONTH = 7, 31


def read_typed(name: str, text: str) -> Value:
    """The value of a field that somebody typed.

    Raises:
        ConfigError: it cannot be read; the message says how it is written.

    >>> read_typed("deaths", "10 12 15"), read_typed("deaths", "12+")
    (Estimate(low=10, best=12, high=15), Estimate(low=12, best=12, high=None))
    >>> read_typed("date", "2026-03-05 to 2026-03-09").precision
    2
    """
    told = " ".join(text.split())
    value: Value | None = None
    if told and name in HOW_TO:
        value = _read(name, told)
    if value is None:
        raise ConfigError(f"{name}: {text[:60]!r} cannot be read; write {HOW_TO.get(name, 'it in the workbench')}")
    return value


def _read(name: str, told: str) -> Value | None:
    if name == "date":
        return _read_dates(told)
    if name in ("deaths", "injured"):
        return _read_people(told)
    if name in ("actor1", "actor2"):
        entry = load_actors().by_name(told, country=None)
        return entry.actor if entry else None
    if name == "civilian_targeting":
        return {"yes": True, "no": False}.get(told.lower())
    if name == "event_type":
        known = {entry.sub_event_type.lower(): entry.sub_event_type for entry in load_event_types().types}
        return known.get(told.lower())
    return told


def _read_dates(told: str) -> Dates | None:
    found = _DATES.fullmatch(told)
    if not found:
        return None
    try:
        start = dt.date.fromisoformat(found[1])
        end = dt.date.fromisoformat(found[2] or found[1])
        days = (end - start).days + 1
        return Dates(
            start=start, end=end, precision=1 if days == 1 else 2 if days <= _WEEK else 3 if days <= _MONTH else 4
        )
    except ValueError:
        return None


def _read_people(told: str) -> Estimate | None:
    if re.fullmatch(r"\d{1,7}\+", told):
        number = int(told[:-1])
        return Estimate(low=number, best=number, high=None)
    if not re.fullmatch(r"\d{1,7}(?: \d{1,7} \d{1,7})?", told):
        return None
    parts = [int(part) for part in told.split()]
    low, best, high = parts if len(parts) > 1 else parts * 3
    return Estimate(low=low, best=best, high=high) if low <= best <= high else None
