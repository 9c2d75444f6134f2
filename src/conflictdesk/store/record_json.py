"""Records as canonical JSON text and back: the same record always gives the same text."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

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


def _make_plain(value: object) -> Plain:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _make_plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_make_plain(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {name: _make_plain(getattr(value, name)) for name in value.__dataclass_fields__}
    raise TypeError(f"a record cannot hold {type(value).__name__}")
