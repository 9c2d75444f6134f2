"""Points as a Mapbox vector tile: the few parts of the format that points need.

Vector Tile Specification 2.1: a tile is a protobuf message of layers; a layer holds its features and, once each, the
keys and values that they share.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EXTENT = 4096
"""Units along a tile's side."""


@dataclass(frozen=True, slots=True)
class TilePoint:
    """A point in tile units from the upper left, with its properties."""

    x: int
    y: int
    properties: Mapping[str, str | int]


def write_layer(name: str, points: Iterable[TilePoint]) -> bytes:
    """Write one layer as a whole tile; without points the tile is empty bytes.

    >>> write_layer("events", [TilePoint(1, 2, {"n": 3})]).hex()
    '1a210a066576656e7473120b12020000180122030902041a016e220228032880207802'
    """
    keys: dict[str, int] = {}
    values: dict[str | int, int] = {}
    features = []
    for point in points:
        tags = []
        for key, value in point.properties.items():
            tags += [keys.setdefault(key, len(keys)), values.setdefault(value, len(values))]
        geometry = _packed((9, _zigzag(point.x), _zigzag(point.y)))
        features.append(_field(2, _field(2, _packed(tags)) + _number(3, 1) + _field(4, geometry)))
    if not features:
        return b""
    held = [_field(1, name.encode()), *features]
    held += [_field(3, key.encode()) for key in keys]
    held += [_field(4, _value(value)) for value in values]
    return _field(3, b"".join((*held, _number(5, EXTENT), _number(15, 2))))


def _value(value: str | int) -> bytes:
    return _field(1, value.encode()) if isinstance(value, str) else _number(5, value)


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _packed(values: Iterable[int]) -> bytes:
    return b"".join(map(_varint, values))


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return struct.pack(f"{len(parts) + 1}B", *parts, value)
