"""The API's questions, in the style that data users know: `field=value`, `field_where=>`, values apart by "|"."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.datasets.filters import KEYS, Parameter, read_day, read_filter, where
from conflictdesk.datasets.schema import EVENT_COLUMNS
from conflictdesk.errors import ConfigError
from conflictdesk.questions import Filter

OPERATORS: Final = ("=", "!=", ">", ">=", "<", "<=", "LIKE", "BETWEEN")
"""What `field_where` may say; without it a field means "="."""
FILTER_KEYS: Final = tuple(key for key in KEYS if key not in EVENT_COLUMNS)
"""The keys of a view's address that name no column: the API takes them too, with the same meaning."""
OWN_KEYS: Final = ("limit", "page", "fields", "_format")
_LONGEST: Final = 500
_MOST: Final = 500
_WHOLE: Final = frozenset(("TINYINT", "INTEGER", "BIGINT"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiQuery:
    """A question to the API as SQL: the condition with its parameters, and the filter that is part of it."""

    condition: str
    parameters: tuple[Parameter, ...]
    filter: Filter


def read_query(pairs: Sequence[tuple[str, str]], own: Iterable[str] = OWN_KEYS) -> ApiQuery:
    """Read the keys of a request to the API.

    Raises:
        ConfigError: unknown keys (with the nearest known one), wrong values: every fault at once.
    """
    known = {*own, *FILTER_KEYS}
    faults, parts, filters = [], [], []
    held = _gather(pairs)
    for key, values in held.items():
        column = key.removesuffix("_where")
        try:
            if key in EVENT_COLUMNS:
                parts.append(_read_column(key, values, held.get(f"{key}_where", ["="])))
            elif key in FILTER_KEYS:
                filters += [(key, value) for value in values]
            elif column != key and column in EVENT_COLUMNS:
                if column not in held:
                    raise ValueError(f"it needs {column}= beside it")
            elif key not in known:
                faults.append(_unknown(key, known))
        except ValueError as error:
            faults.append(f"{key}: {error}")
    try:
        wanted = read_filter(filters)
    except ConfigError as error:
        faults.append(str(error))
    if faults:
        raise ConfigError("; ".join(faults))
    condition, parameters = where(wanted)
    sql = " AND ".join(f"({part})" for part in (condition, *(sql for sql, _ in parts)))
    return ApiQuery(
        condition=sql, parameters=(*parameters, *(value for _, values in parts for value in values)), filter=wanted
    )


def read_fields(text: str | None) -> tuple[str, ...]:
    """The columns of an answer, "|" between them; all when nothing is asked.

    Raises:
        ConfigError: there is no such column.
    """
    asked = tuple(dict.fromkeys(part.strip() for part in (text or "").split("|") if part.strip()))
    for name in asked:
        if name not in EVENT_COLUMNS:
            raise ConfigError(f"fields: {_unknown(name, EVENT_COLUMNS, 'column')}")
    return asked or tuple(EVENT_COLUMNS)


def split_values(text: str) -> list[str]:
    r"""Part values at "|"; a "|" that belongs to a value is written "\|".

    >>> split_values(r"Mali|A \| B")
    ['Mali', 'A | B']
    """
    return [part.replace("\0", "|").strip() for part in text.replace("\\|", "\0").split("|")]


def _gather(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for key, value in pairs:
        held.setdefault(key, []).append(value)
    return held


def _unknown(key: str, known: Iterable[str], what: str = "parameter") -> str:
    names = sorted({*known, *EVENT_COLUMNS})
    close = difflib.get_close_matches(key[:40], names, n=1, cutoff=0.5)
    return f"there is no {what} {key[:40]!r}" + (f"; did you mean {close[0]!r}?" if close else "; see /api")


def _read_column(name: str, texts: list[str], operators: list[str]) -> tuple[str, tuple[Parameter, ...]]:
    operator = operators[0].strip().upper()
    if len(set(operators)) > 1 or operator not in OPERATORS:
        raise ValueError(f"{name}_where is one of {' '.join(OPERATORS)}")
    if any("\0" in text or len(text) > _LONGEST * 20 for text in texts):
        raise ValueError("holds a character that no text holds, or is too long")
    said = [part for text in texts for part in split_values(text)]
    if not all(said):
        raise ValueError(f"no value is given; for events that lack it ask missing={name} where there is such a word")
    if len(said) > _MOST or any(len(part) > _LONGEST for part in said):
        raise ValueError(f"at most {_MOST} values of {_LONGEST} characters")
    kind = EVENT_COLUMNS[name]
    if operator == "LIKE":
        return _read_like(name, kind, said)
    reader = _READERS.get(kind, str)
    values = tuple(reader(part) for part in said)
    if operator == "BETWEEN":
        if len(values) != 2 or kind.endswith("[]"):
            raise ValueError("BETWEEN takes two values with | between them, and no list")
        return f'"{name}" BETWEEN ? AND ?', values
    marks = ", ".join("?" * len(values))
    if operator in ("=", "!="):
        test = f'list_has_any("{name}", [{marks}])' if kind.endswith("[]") else f'"{name}" IN ({marks})'
        return (test if operator == "=" else f"NOT ({test})"), values
    if len(values) != 1 or kind in ("BOOLEAN", "VARCHAR[]"):
        raise ValueError(f"{operator} takes one value that has an order")
    return f'"{name}" {operator} ?', values


def _read_like(name: str, kind: str, said: list[str]) -> tuple[str, tuple[Parameter, ...]]:
    """Text that holds the words, upper and lower case alike; "%" stands for anything."""
    if kind not in ("VARCHAR", "VARCHAR[]"):
        raise ValueError("LIKE is for texts")
    text = f"array_to_string(\"{name}\", ' | ')" if kind == "VARCHAR[]" else f'"{name}"'
    patterns = tuple(part if "%" in part else f"%{part}%" for part in said)
    return " OR ".join([f"{text} ILIKE ?"] * len(patterns)), patterns


def _read_whole(text: str) -> int:
    try:
        number = int(text) if text.isascii() and len(text) < 19 else None
    except ValueError:
        number = None
    if number is None:
        raise ValueError(f"{text[:40]!r} is not a whole number")
    return number


def _read_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]!r} is not a number")
    return number


def _read_truth(text: str) -> bool:
    truth = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower())
    if truth is None:
        raise ValueError(f"{text[:40]!r} is neither true nor false")
    return truth


def _read_any_day(text: str) -> dt.date:
    return read_day(text)


_READERS: Final[dict[str, Callable[[str], Parameter]]] = {
    **dict.fromkeys(_WHOLE, _read_whole),
    "DOUBLE": _read_number,
    "BOOLEAN": _read_truth,
    "DATE": _read_any_day,
}
