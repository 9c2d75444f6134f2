"""The map's vector tiles: cells with counts from afar, single sites near by; each knows the filter of its events."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from conflictdesk.datasets.filters import MISSING, Parameter, filter_pairs, where
from conflictdesk.datasets.opening import Dataset, Row
from conflictdesk.desk.asking import dataset_of, filter_of
from conflictdesk.desk.rendering import write_short
from conflictdesk.desk.tile_bytes import EXTENT, TilePoint, write_layer
from conflictdesk.questions import Filter

router = APIRouter()
DEEPEST: Final = 14
_FORMAT: Final = 1
_CELLS: Final = 12
"""Cells along a tile's side: some 43 pixels each, so that the largest discs of neighbours just touch."""
_SITES_FROM: Final = 8
_FEW: Final = 500
"""So many events are drawn as sites from any distance."""
_MOST_SITES: Final = 6000
_POLE: Final = 85.0511287798066
_MEDIA: Final = "application/vnd.mapbox-vector-tile"


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the web map: `zoom` 0 is the world, `x` runs east, `y` south."""

    zoom: int
    x: int
    y: int

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        n = 2**self.zoom
        west, east = self.x / n * 360 - 180, (self.x + 1) / n * 360 - 180
        return west, _latitude_of((self.y + 1) / n), east, _latitude_of(self.y / n)


def _latitude_of(down: float) -> float:
    """Degrees north of a way down the web map, 0 at its upper edge and 1 at its lower."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


@router.get("/tiles/{z}/{x}/{y}.mvt")
def send_tile(request: Request, z: int, x: int, y: int) -> Response:
    """One tile of the events of a filter; its bytes depend on the dataset and the address alone."""
    wanted, dataset = filter_of(request), dataset_of(request)
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise HTTPException(404, f"There is no tile {z}/{x}/{y}: zooms go from 0 to {DEEPEST}.")
    told = f"{_FORMAT} {dataset.version} {z}/{x}/{y} {urlencode(filter_pairs(wanted))}"
    tag = f'"{sha256(told.encode()).hexdigest()[:24]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(draw_tile(dataset, wanted, Tile(z, x, y)), media_type=_MEDIA, headers=headers)


@lru_cache(maxsize=512)
def draw_tile(dataset: Dataset, wanted: Filter, tile: Tile) -> bytes:
    """The bytes of a tile: one layer `events` with `n`, `p` (precision), `d` (deaths), `t` (n in short), `q`.

    `q` is the query that finds exactly the events of the feature. `p`: 1 at a site, 2 near one, 3 in a province, 0 not
    told. Where an event's place is no more than a country, it is not drawn.
    """
    condition, parameters = _events_in(wanted, tile)
    number = dataset.ask(f"SELECT count(*) FROM events WHERE {condition}", parameters)[0][0]
    if not number:
        return b""
    rows: list[Row] = []
    if tile.zoom >= _SITES_FROM or _are_few(dataset, wanted):
        rows = dataset.ask(
            f"{_SITES} WHERE {condition} GROUP BY ALL ORDER BY 1, 2, 3 LIMIT {_MOST_SITES + 1}", parameters
        )
    if not rows or len(rows) > _MOST_SITES:
        rows = dataset.ask(_cells_sql(tile, condition), parameters)
    return write_layer("events", _make_points(rows, wanted, tile))


def _are_few(dataset: Dataset, wanted: Filter) -> bool:
    condition, parameters = where(wanted)
    rows = dataset.ask(f"SELECT 1 FROM events WHERE {condition} LIMIT {_FEW + 1}", parameters)
    return len(rows) <= _FEW


def _events_in(wanted: Filter, tile: Tile) -> tuple[str, list[Parameter]]:
    """The events of a filter in a tile: each stands in exactly one tile of a zoom."""
    west, south, east, north = tile.box
    last = 2**tile.zoom - 1
    parts: list[tuple[str, Parameter]] = [("longitude >= ?", west)]
    parts.append(("longitude <= ?" if tile.x == last else "longitude < ?", east))
    # What lies beyond the edge of the web map is drawn at its edge.
    parts += [("latitude > ?", south)] if tile.y < last else []
    parts += [("latitude <= ?", north)] if tile.y > 0 else []
    condition, parameters = where(wanted)
    inside = " AND ".join(sql for sql, _ in parts)
    return f"({condition}) AND NOT {MISSING['point']} AND {inside}", [*parameters, *(value for _, value in parts)]


# A cell gathers sites and what lies near them (12); a province is drawn apart.
_KIND: Final = "CASE WHEN place_precision IS NULL THEN 0 WHEN place_precision <= 2 THEN 12 ELSE 3 END"
_SITES: Final = (
    "SELECT longitude, latitude, coalesce(place_precision, 0) AS kind, count(*), coalesce(sum(deaths_best), 0),"
    " longitude, longitude, latitude, latitude, kind FROM events"
)


def _cells_sql(tile: Tile, condition: str) -> str:
    """Events gathered in the cells of a tile. Sums are of whole numbers: sums of fractions depend on their order."""
    west, _, east, _ = tile.box
    # Cells down the tile by their edges: eleven comparisons cost less than a logarithm for each event.
    edges = (_latitude_of((tile.y * _CELLS + step) / (2**tile.zoom * _CELLS)) for step in range(1, _CELLS))
    down = " + ".join(f"CAST(latitude <= {edge!r} AS UTINYINT)" for edge in edges)
    across = f"least({_CELLS - 1}, greatest(0, floor((longitude - {west!r}) * {_CELLS / (east - west)!r})))"
    return (
        "SELECT sum(CAST(longitude * 1e5 AS BIGINT)) / 1e5 / count(*),"
        " sum(CAST(latitude * 1e5 AS BIGINT)) / 1e5 / count(*), min(coalesce(place_precision, 0)),"
        " count(*), coalesce(sum(deaths_best), 0), min(longitude), max(longitude), min(latitude), max(latitude), kind"
        f" FROM (SELECT longitude, latitude, place_precision, deaths_best, {_KIND} AS kind,"
        f" CAST({across} AS UTINYINT) AS across, {down} AS down FROM events WHERE {condition})"
        " GROUP BY across, down, kind ORDER BY across, down, kind"
    )


def _make_points(rows: list[Row], wanted: Filter, tile: Tile) -> Iterator[TilePoint]:
    for row in rows:
        longitude, latitude = _real(row[0]), _real(row[1])
        drawn, events, deaths = (int(str(value)) for value in row[2:5])
        edges = tuple(_real(value) for value in row[5:9])
        query = urlencode(filter_pairs(_only_these(wanted, edges, int(str(row[9])))))
        x, y = _place_in(tile, longitude, latitude)
        yield TilePoint(x, y, {"n": events, "p": drawn, "d": deaths, "t": write_short(events), "q": query})


def _only_these(wanted: Filter, edges: tuple[float, ...], kind: int) -> Filter:
    """The filter of a feature's events: the box that just holds them, and how well their place is known."""
    west, east, south, north = edges
    # A box leaves its eastern and northern edge out: they move to the next number there is.
    east = math.nextafter(east, math.inf) if east < 180 else -180.0
    north = math.nextafter(north, math.inf) if north < 90 else 90.0
    inside = replace(wanted, box=(west, south, east, north))
    if kind == 0:
        return replace(inside, missing=tuple(dict.fromkeys((*wanted.missing, "place_precision"))))
    kinds = (1, 2) if kind == 12 else (kind,)
    asked = tuple(one for one in kinds if not wanted.place_precision or one in wanted.place_precision)
    return replace(inside, place_precision=asked)


def _place_in(tile: Tile, longitude: float, latitude: float) -> tuple[int, int]:
    n = 2**tile.zoom
    turned = math.asinh(math.tan(math.radians(max(-_POLE, min(_POLE, latitude)))))
    across, down = (longitude + 180) / 360 * n - tile.x, (0.5 - turned / (2 * math.pi)) * n - tile.y
    x, y = (max(0, min(EXTENT - 1, math.floor(part * EXTENT))) for part in (across, down))
    return x, y


def _real(value: object) -> float:
    return float(str(value))
