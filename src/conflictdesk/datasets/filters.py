"""A filter as SQL and as the query of a web address: the same question wherever it is asked.

Values travel as parameters; every name of a column stands in this file.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from typing import Final

from conflictdesk.errors import ConfigError
from conflictdesk.questions import MEANINGS, Filter

MISSING: Final[dict[str, str]] = {
    "day": "date_start IS NULL",
    "point": "(latitude IS NULL OR longitude IS NULL OR coalesce(place_precision, 1) >= 4)",
    "deaths": "deaths_best IS NULL",
    "injured": "injured_best IS NULL",
    "country": "country IS NULL",
    "admin1": "admin1 IS NULL",
    "admin2": "admin2 IS NULL",
    "location": "location IS NULL",
    "event_type": "event_type IS NULL",
    "sub_event_type": "sub_event_type IS NULL",
    "original_type": "original_type IS NULL",
    "disorder_type": "coalesce(len(disorder_type), 0) = 0",
    "actor": "(actor1 IS NULL AND actor2 IS NULL AND coalesce(len(associated), 0) = 0)",
    "source": "coalesce(len(sources), 0) = 0",
    "origin": "origin IS NULL",
    "status": "status IS NULL",
    "civilian_targeting": "civilian_targeting IS NULL",
    "attribution": "attributed_to IS NULL",
    "first_reported": "first_reported IS NULL",
    "high": "(deaths_best IS NOT NULL AND deaths_high IS NULL)",
    "place_precision": "place_precision IS NULL",
    "date_precision": "date_precision IS NULL",
}
"""What an event may lack, and how that is found. "point" is what cannot be drawn: a whole country is no point."""

_WORDS: Final = (
    *("country", "admin1", "admin2", "location", "event_type", "sub_event_type", "original_type"),
    *("origin", "status", "event_id", "import_id"),
)
_LISTS: Final = {"disorder_type": "disorder_type", "source": "sources", "flag": "flags"}
_DISTANCE = (
    "2 * 6371.0088 * asin(sqrt(least(1, pow(sin(radians(latitude - ?) / 2), 2) +"
    " cos(radians(?)) * cos(radians(latitude)) * pow(sin(radians(longitude - ?) / 2), 2))))"
)
_LONGEST = 500
_MOST = 5000

Parameter = str | int | float | bool | dt.date
"""What a filter hands to the database."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause and its parameters, in the order of their question marks."""

    sql: str
    parameters: tuple[Parameter, ...] = ()


def where(wanted: Filter) -> tuple[str, list[Parameter]]:
    """Write a filter as the condition of a WHERE clause and its parameters.

    >>> where(Filter(country=("Yemen",)))
    ('country = ?', ['Yemen'])
    >>> where(Filter())
    ('TRUE', [])
    """
    parts = [part for part in _conditions(wanted) if part.sql]
    return " AND ".join(part.sql for part in parts) or "TRUE", [p for part in parts for p in part.parameters]


def distance_sql() -> str:
    """Kilometres between an event's point and (latitude, latitude, longitude): three parameters, in that order."""
    return _DISTANCE


def _conditions(f: Filter) -> Iterable[Condition]:
    if f.from_day:
        yield Condition("date_start >= ?", (f.from_day,))
    if f.to_day:
        yield Condition("date_start < ?", (f.to_day,))
    if f.crosses:
        edges = " OR ".join(["(date_start < ? AND date_end >= ?)"] * len(f.crosses))
        yield Condition(f"({edges})", tuple(day for day in f.crosses for _ in range(2)))
    if f.actor:
        yield _by_actor(f)
    for name in _WORDS:
        yield _any_of(name, getattr(f, name))
    for name, column in _LISTS.items():
        yield _any_in(column, getattr(f, name))
    for name in ("date_precision", "place_precision"):
        yield _any_of(name, getattr(f, name))
    for column, least in (("n_sources", f.sources_at_least), ("deaths_best", f.deaths_at_least)):
        if least is not None:
            yield Condition(f"{column} >= ?", (least,))
    for column, most in (("n_sources", f.sources_at_most), ("deaths_best", f.deaths_at_most)):
        if most is not None:
            yield Condition(f"{column} <= ?", (most,))
    if f.reported_within is not None:
        yield Condition("date_diff('day', date_start, first_reported) <= ?", (f.reported_within,))
    yield from _by_place(f)
    yield from _by_rest(f)


def _by_rest(f: Filter) -> Iterable[Condition]:
    for column, wanted in (("civilian_targeting", f.civilian_targeting), ("aggregate", f.aggregate)):
        if wanted is not None:
            yield Condition(column if wanted else f"NOT {column}")
    if f.imputed is not None:
        yield Condition(f"deaths_imputed IS {'NOT ' if f.imputed else ''}NULL")
    for name in f.missing:
        yield Condition(MISSING[name])
    if f.text:
        yield Condition("contains(folded, strip_accents(lower(?)))", (f.text,))
    if f.without_source:
        marks = ", ".join("?" * len(f.without_source))
        alone = f"(len(sources) > 0 AND list_has_all([{marks}], sources))"
        yield Condition(f"NOT coalesce({alone}, FALSE)", f.without_source)
    for name, value in f.also:
        yield _by_actor(Filter(actor=(value,))) if name == "actor" else _any_in(_LISTS[name], (value,))
    if f.without:
        yield Condition(f"event_id NOT IN ({', '.join('?' * len(f.without))})", f.without)


def _by_actor(f: Filter) -> Condition:
    marks = ", ".join("?" * len(f.actor))
    if f.meaning == "perpetrated":
        return Condition(f"perpetrator IN ({marks})", f.actor)
    if f.meaning == "attributed":
        return Condition(f"list_has_any(attributed_to, [{marks}])", f.actor)
    parties = f"(actor1 IN ({marks}) OR actor2 IN ({marks}) OR list_has_any(associated, [{marks}]))"
    return Condition(parties, f.actor * 3)


def _by_place(f: Filter) -> Iterable[Condition]:
    if f.near:
        latitude, longitude, km = f.near
        yield Condition(f"{_DISTANCE} <= ?", (latitude, latitude, longitude, km))
    if f.box:
        west, south, east, north = f.box
        join = "AND" if west <= east else "OR"
        sides = f"(longitude >= ? {join} longitude < ?)"
        yield Condition(f"latitude >= ? AND latitude < ? AND {sides}", (south, north, west, east))


def _any_of(column: str, values: tuple[Parameter, ...]) -> Condition:
    if not values:
        return Condition("")
    if len(values) == 1:
        return Condition(f"{column} = ?", values)
    return Condition(f"{column} IN ({', '.join('?' * len(values))})", values)


def _any_in(column: str, values: tuple[Parameter, ...]) -> Condition:
    return Condition(f"list_has_any({column}, [{', '.join('?' * len(values))}])", values) if values else Condition("")


# ---------------------------------------------------------------- as the query of an address


_KEYS: Final[dict[str, str]] = {"from_day": "from", "to_day": "to", "text": "q", "event_id": "id"}
_FIELDS: Final = tuple(part.name for part in fields(Filter))
_ONE: Final = frozenset(part.name for part in fields(Filter) if part.default != ())
KEYS: Final[dict[str, str]] = {_KEYS.get(name, name): name for name in _FIELDS}
"""The keys of a query and the fields of Filter that they fill: `from`, `to`, `q`, `id`, else the field's own name."""


def filter_pairs(wanted: Filter) -> list[tuple[str, str]]:
    """Write a filter as the pairs of a query, always in one order; `read_filter` reads them back.

    >>> filter_pairs(Filter(from_day=dt.date(2021, 2, 12), country=("Yemen", "Oman")))
    [('from', '2021-02-12'), ('country', 'Yemen'), ('country', 'Oman')]
    """
    empty, pairs = Filter(), []
    for name in _FIELDS:
        value = getattr(wanted, name)
        if value == getattr(empty, name):
            continue
        values = (value,) if name in _ONE else value
        pairs += [(_KEYS.get(name, name), _tell(part)) for part in values]
    return pairs


def read_filter(pairs: Iterable[tuple[str, str]], *, besides: Collection[str] = ()) -> Filter:
    """Read a filter from the pairs of a query; an empty value asks nothing, keys in `besides` belong to others.

    Raises:
        ConfigError: unknown keys and values that are no day, number ...: every fault at once, with its mend.
    """
    held: dict[str, list[str]] = {}
    faults = []
    for key, value in pairs:
        if key in besides or not value.strip():
            continue
        if key not in KEYS:
            faults.append(_unknown(key, besides))
            continue
        held.setdefault(KEYS[key], []).append(value)
    read: dict[str, object] = {}
    for name, values in held.items():
        try:
            read[name] = _read_values(name, values)
        except ValueError as error:
            faults.append(f"{_KEYS.get(name, name)}: {error}")
    if faults:
        raise ConfigError("; ".join(dict.fromkeys(faults)))
    return Filter(**read)  # type: ignore[arg-type]  # each reader gives what its field holds


def _unknown(key: str, besides: Collection[str]) -> str:
    shown = key[:40]
    close = difflib.get_close_matches(shown, [*KEYS, *besides], n=1)
    return f"there is no filter {shown!r}" + (f"; did you mean {close[0]!r}?" if close else f"; know {', '.join(KEYS)}")


def _read_values(name: str, values: list[str]) -> object:
    read = _READERS.get(name, _read_word)
    if name in _ONE:
        if len(set(values)) > 1:
            raise ValueError(f"give one value, not {len(set(values))}")
        return read(values[0])
    if len(values) > _MOST:
        raise ValueError(f"at most {_MOST} values, not {len(values)}")
    return tuple(dict.fromkeys(read(value) for value in values))


def _read_word(text: str) -> str:
    if len(text) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters")
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds a character that no text holds")
    return text


def read_day(text: str) -> dt.date:
    """Read a day like 2021-09-26.

    Raises:
        ValueError: it is none.
    """
    said = text.strip()
    try:
        if len(said) == 10 and said.isascii():
            return dt.date.fromisoformat(said)
    except ValueError:
        pass
    raise ValueError(f"{text[:40]!r} is not a day like 2021-09-26")


def _read_truth(text: str) -> bool:
    truth = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(text.strip().lower())
    if truth is None:
        raise ValueError(f"{text[:40]!r} is neither yes nor no")
    return truth


def _read_count(text: str) -> int:
    said = text.strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise ValueError(f"{text[:40]!r} is not a number from 0 to 999999999")
    return int(said)


def _read_precision(text: str) -> int:
    if text.strip() not in ("1", "2", "3", "4"):
        raise ValueError(f"{text[:40]!r} is not a precision: 1, 2, 3 or 4")
    return int(text)


def _read_meaning(text: str) -> str:
    return _one_of(text, MEANINGS)


def _read_missing(text: str) -> str:
    return _one_of(text, tuple(MISSING))


def _read_also(text: str) -> tuple[str, str]:
    name, found, value = text.partition(":")
    if not (found and value):
        raise ValueError(f"{text[:40]!r} is not like actor:NAME")
    return _one_of(name, ("actor", "source", "disorder_type")), _read_word(value)


def _one_of(text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise ValueError(f"{text[:40]!r} is not one of {', '.join(known)}")
    return text


def _read_numbers(text: str, names: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != len(names.split(",")) or not all(map(math.isfinite, numbers)):
        raise ValueError(f"{text[:60]!r} is not {names}")
    return numbers


def _read_near(text: str) -> tuple[float, float, float]:
    latitude, longitude, km = _read_numbers(text, "latitude,longitude,km")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180 and 0 < km <= 20_040):
        raise ValueError("latitude is -90 to 90, longitude -180 to 180, km more than 0 and at most 20040")
    return latitude, longitude, km


def _read_box(text: str) -> tuple[float, float, float, float]:
    west, south, east, north = _read_numbers(text, "west,south,east,north")
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("west and east are -180 to 180, south and north -90 to 90, south not above north")
    return west, south, east, north


_READERS: Final[dict[str, Callable[[str], object]]] = {
    **dict.fromkeys(("from_day", "to_day", "crosses"), read_day),
    **dict.fromkeys(("civilian_targeting", "aggregate", "imputed"), _read_truth),
    **dict.fromkeys(
        ("sources_at_least", "sources_at_most", "reported_within", "deaths_at_least", "deaths_at_most"), _read_count
    ),
    **dict.fromkeys(("date_precision", "place_precision"), _read_precision),
    "meaning": _read_meaning,
    "missing": _read_missing,
    "also": _read_also,
    "near": _read_near,
    "box": _read_box,
}


def _tell(value: object) -> str:
    if isinstance(value, tuple) and isinstance(value[0], str):
        return ":".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(repr, value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)
