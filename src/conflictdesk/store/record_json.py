"""Records as canonical JSON text and back: the same record always gives the same text."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from conflictdesk.casework import EventRecord
from conflictdesk.decisions import write_json

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_Record = TypeVar("_Record")
Plain: TypeAlias = str | int | float | bool | list["Plain"] | dict[str, "Plain"] | None


_ADAPTERS: dict[object, TypeAdapter[object]] = {}


def _adapter(kind: type[_Record]) -> TypeAdapter[_Record]:
    from pydantic import TypeAdapter

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return cast("TypeAdapter[_Record]", _ADAPTERS[kind])


def write_record(record: object) -> str:
    """A record, or a tuple of records, as canonical JSON text.

    >>> from conflictdesk.records import Estimate
    >>> write_record(Estimate.exactly(2))
    '{"best":2,"high":2,"imputed":null,"low":2}'
    """
    return write_json(_make_plain(record))


def read_record(kind: type[_Record], text: str) -> _Record:
    """The record that `write_record` wrote."""
    return _adapter(kind).validate_json(text)


@lru_cache(maxsize=1024)
def read_event(text: str) -> EventRecord:
    """An event that `write_record` wrote; the same text is read once, as events near a busy article often are."""
    return read_record(EventRecord, text)


@cache
def _name_parts(kind: type) -> tuple[str, ...]:
    return tuple(kind.__dataclass_fields__) if dataclasses.is_dataclass(kind) else ()


def _make_plain(value: object) -> Plain:
    if value is None or isinstance(value, (str, int, float)):  # noqa: UP038 (a union is built anew at each look)
        return value
    if parts := _name_parts(type(value)):
        return {name: _make_plain(getattr(value, name)) for name in parts}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _make_plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_make_plain(part) for part in value]
    raise TypeError(f"a record cannot hold {type(value).__name__}")
