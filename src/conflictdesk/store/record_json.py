"""Records as canonical JSON text and back: the same record always gives the same text."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, cast

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


_PARTS: dict[type, tuple[str, ...]] = {}


def _name_parts(kind: type) -> tuple[str, ...]:
    if kind not in _PARTS:
        _PARTS[kind] = tuple(p.name for p in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()
    return _PARTS[kind]


_BARE: Final = frozenset((str, int, float, bool, type(None)))


def _make_plain(value: object) -> Plain:
    # Most parts are bare: they are looked at in place, as this is the desk's most frequent work.
    if value is None or isinstance(value, (str, int, float)):
        return value
    if parts := _name_parts(type(value)):
        return {name: part if type(part := getattr(value, name)) in _BARE else _make_plain(part) for name in parts}
    if isinstance(value, tuple | list):
        return [_make_plain(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _make_plain(part) for name, part in value.items()}
    raise TypeError(f"a record cannot hold {type(value).__name__}")
