"""Kinds of columns that mean the same on SQLite and PostgreSQL: any text, UTC times, packed bytes."""

from __future__ import annotations

import datetime as dt
import re
import zlib

from sqlalchemy import DateTime, Dialect, LargeBinary, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

_UNKEPT = re.compile("[\x00\ud800-\udfff\ufffe]")
_KEPT = re.compile("\ufffe([0-9a-f]{4})")


def keep_text(text: str) -> str:
    """`text` as both databases can hold it: NUL and half characters, which they refuse, are written as a mark and hex.

    >>> read_text(keep_text("a\\x00b")) == "a\\x00b" and keep_text("plain")
    'plain'
    """
    return _UNKEPT.sub(lambda found: f"\ufffe{ord(found[0]):04x}", text)


def read_text(kept: str) -> str:
    """The text that `keep_text` wrote."""
    return _KEPT.sub(lambda found: chr(int(found[1], 16)), kept) if "\ufffe" in kept else kept


class Words(TypeDecorator[str]):
    """Text of any characters, compared by code point on both databases."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Text, on PostgreSQL with the collation "C", so that order does not depend on the server's language."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is written."""
        return None if value is None else keep_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """What is read."""
        return None if value is None else read_text(value)


class Moment(TypeDecorator[dt.datetime]):
    """A moment in UTC; one without a time zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """What is written: SQLite keeps no time zone, so it gets the UTC figures alone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {value}")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """What is read, always in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Packed(TypeDecorator[bytes]):
    """Bytes, kept compressed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """What is written."""
        return None if value is None else zlib.compress(value, 6)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """What is read."""
        return None if value is None else zlib.decompress(value)
