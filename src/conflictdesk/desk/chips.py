"""A filter in words: one chip a part, each with the filter that asks for all but it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Final

from conflictdesk.publish.wording import say_day
from conflictdesk.questions import Filter

PLACE_PRECISION: Final = {
    1: "a named town or site",
    2: "near a place, or a small area",
    3: "a province or large region",
    4: "the country alone",
}
DATE_PRECISION: Final = {1: "to the day", 2: "within a week", 3: "within a month", 4: "coarser than a month"}
MISSING: Final = {
    "day": "no day told",
    "point": "no point to draw",
    "deaths": "nothing said of deaths",
    "injured": "nothing said of injured",
    "high": "deaths told as “at least”",
}
_TITLES: Final = {
    "event_type": "type",
    "sub_event_type": "sub-type",
    "original_type": "type in the source",
    "disorder_type": "kind of disorder",
    "admin1": "province",
    "admin2": "district",
    "location": "place",
    "event_id": "event",
    "flag": "flagged",
    "origin": "from",
    "without_source": "not only from",
    "without": "without",
    "import_id": "import",
}
_PLAIN: Final = frozenset(("event_type", "sub_event_type", "original_type", "country", "disorder_type"))
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of a filter in words; `without` asks for all other parts."""

    text: str
    without: Filter


def say_filter(wanted: Filter) -> tuple[Chip, ...]:
    """Tell a filter part by part.

    >>> [chip.text for chip in say_filter(Filter(from_day=dt.date(2013, 1, 1), country=("Mali", "Chad")))]
    ['since 1 Jan 2013', 'Mali or Chad']
    """
    return tuple(_say_parts(wanted))


def _say_parts(f: Filter) -> Iterable[Chip]:
    empty = Filter()
    if f.from_day or f.to_day:
        yield Chip(_say_window(f), replace(f, from_day=None, to_day=None))
    for part in fields(Filter):
        name, value = part.name, getattr(f, part.name)
        if name in ("from_day", "to_day", "meaning") or value == getattr(empty, name):
            continue
        blank = replace(f, **{name: getattr(empty, name)})
        yield Chip(_say_part(f, name, value), replace(blank, meaning="involving") if name == "actor" else blank)


def _say_window(f: Filter) -> str:
    if f.from_day and f.to_day:
        last = f.to_day - dt.timedelta(days=1)
        return say_day(f.from_day) if last <= f.from_day else f"{say_day(f.from_day)} – {say_day(last)}"
    return f"since {say_day(f.from_day)}" if f.from_day else f"before {say_day(f.to_day)}"


def _say_part(f: Filter, name: str, value: object) -> str:
    if isinstance(value, bool):
        words = {
            "civilian_targeting": ("civilians were the main target", "civilians were not the main target"),
            "aggregate": ("rows that sum several incidents", "single incidents"),
            "imputed": ("deaths put as a number by a rule", "deaths told as a number"),
        }
        return words[name][0 if value else 1] if name in words else f"{name}: {value}"
    if isinstance(value, (str, int)):
        return _say_one(name, value)
    parts = value if isinstance(value, tuple) else ()
    if name == "near":
        return f"within {parts[2]:g} km of {parts[0]:.3f}, {parts[1]:.3f}"
    if name == "box":
        return "an area of the map" if parts[0] != parts[2] else "one point of the map"
    return _say_many(f, name, parts)


def _say_many(f: Filter, name: str, parts: tuple[object, ...]) -> str:
    told = [_say_value(name, part) for part in parts[:_SHOWN]]
    if len(parts) > _SHOWN:
        told.append(f"{len(parts) - _SHOWN} more")
    many = " or ".join(told)
    if name == "actor":
        how = {"involving": "involving", "perpetrated": "violence against civilians by", "attributed": "attributed to"}
        return f"{how[f.meaning]} {many}"
    if name in ("missing", "also"):
        return " and ".join(told)
    if name == "crosses":
        return f"days on both sides of {many}"
    if name in ("place_precision", "date_precision"):
        return f"{'place' if name == 'place_precision' else 'date'} known: {many}"
    return many if name in _PLAIN else f"{_TITLES.get(name, name.replace('_', ' '))} {many}"


def _say_value(name: str, value: object) -> str:
    if name == "missing":
        return MISSING.get(str(value), f"no {str(value).replace('_', ' ')} told")
    if name == "place_precision" and isinstance(value, int):
        return PLACE_PRECISION[value]
    if name == "date_precision" and isinstance(value, int):
        return DATE_PRECISION[value]
    if name == "flag":
        return str(value).replace("_", " ")
    if isinstance(value, tuple):
        return f"{value[0]} {value[1]}"
    return say_day(value) if isinstance(value, dt.date) else str(value)


def _say_one(name: str, value: str | int) -> str:
    words = {
        "text": f"“{value}” in the text",
        "sources_at_least": f"at least {value} sources",
        "sources_at_most": f"at most {value} sources",
        "deaths_at_least": f"at least {value} deaths",
        "deaths_at_most": f"at most {value} deaths",
        "reported_within": f"reported within {value} days",
    }
    return words.get(name, f"{name.replace('_', ' ')}: {value}")
