"""The map: where events lie, drawn on a country outline, in SVG units of about a pixel."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, WORLD_HEIGHT = 680, 460, 300
INSET_WIDTH, INSET_HEIGHT = 150, 76
_LAND_SCALE = 10
_LEAST_SPAN = 7.0
_REGION_LIMIT = 110.0
_LABEL_LIMIT = 16
_CROWD = 120


@dataclass(frozen=True, slots=True)
class Point:
    """One event to draw: its number in the report, where it lies and how sure that is (1 to 4)."""

    event: int
    latitude: float
    longitude: float
    precision: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Marker:
    """Events that share one position and precision; `kind` is their event type, "" when they differ."""

    x: float
    y: float
    radius: float
    precision: int
    name: str
    kind: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map, its left or middle at x, y."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class MapView:
    """All that the page needs to draw the map, WIDTH by `height`; `land` is a path in tenths of a unit."""

    height: int
    land: str
    markers: tuple[Marker, ...]
    places: tuple[Label, ...]
    countries: tuple[Label, ...]
    inset_land: str
    inset_box: tuple[float, float, float, float] | None
    inset_corner: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """A stretch of the earth and the flat sheet that shows it."""

    west: float
    south: float
    east: float
    north: float
    world: bool
    width: float
    height: float

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Longitudes and latitudes to x and y of the sheet."""
        if not self.world:
            scale = np.array([self.width / (self.east - self.west), self.height / (self.south - self.north)])
            return np.asarray((points - [self.west, self.north]) * scale)
        ends = np.array([[self.west, 0.0], [self.east, 0.0], [0.0, self.north], [0.0, self.south]])
        (left, _), (right, _), (_, top), (_, bottom) = _equal_earth(ends).tolist()
        even = min(self.width / (right - left), self.height / (top - bottom))
        middle = np.array([(left + right) / 2, (top + bottom) / 2])
        return np.asarray((_equal_earth(points) - middle) * [even, -even] + [self.width / 2, self.height / 2])


@dataclass(frozen=True, slots=True)
class _Detail:
    """How finely land is drawn: snapped to `grid` tenths of a unit, islands under `least` degrees and all but
    every `keep`-th point left out."""

    grid: int
    least: float
    keep: int


def draw_map(
    points: Sequence[Point], rings: Iterable[NDArray[np.float64]], countries: Iterable[tuple[str, float, float]]
) -> MapView:
    """Draw the events on the part of the world that holds them all, with a margin.

    A part under 110 degrees wide is drawn flat with its middle latitude true; the whole world in the Equal Earth
    projection (Savric, Patterson and Jenny, 2018). `countries` are names with latitude and longitude for labels.
    """
    kept = list(rings)
    frame = _choose_frame(points)
    markers = _place_markers(points, frame)
    places = _label_places(markers)
    names = () if frame.world else _label_countries(countries, frame, markers, places)
    inset = _Frame(-180, -56, 180, 80, True, INSET_WIDTH, INSET_HEIGHT)
    return MapView(
        height=WORLD_HEIGHT if frame.world else HEIGHT,
        land=_land_path(kept, frame, _Detail(6, 0.4, 2) if frame.world else _Detail(4, 0.0, 1)),
        markers=markers,
        places=places,
        countries=names,
        inset_land="" if frame.world else _land_path(kept, inset, _Detail(8, 2.0, 8)),
        inset_box=None if frame.world else _inset_box(frame, inset),
        inset_corner=_free_corner(markers, places),
    )


def _equal_earth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    a1, a2, a3, a4, root3 = 1.340264, -0.081106, 0.000893, 0.003796, math.sqrt(3)
    theta = np.arcsin(root3 / 2 * np.sin(np.radians(points[:, 1])))
    square = theta**2
    six = square**3
    x = 2 * root3 * np.radians(points[:, 0]) * np.cos(theta)
    x /= 3 * (9 * a4 * six * square + 7 * a3 * six + 3 * a2 * square + a1)
    y = theta * (a4 * six * square + a3 * six + a2 * square + a1)
    return np.stack([x, y], axis=1)


def _choose_frame(points: Sequence[Point]) -> _Frame:
    world = _Frame(-180, -57, 180, 82, True, WIDTH, WORLD_HEIGHT)
    if not points:
        return world
    west, east = min(p.longitude for p in points), max(p.longitude for p in points)
    south, north = min(p.latitude for p in points), max(p.latitude for p in points)
    if east - west > _REGION_LIMIT or north - south > _REGION_LIMIT * 0.7 or max(abs(south), abs(north)) > 80:
        return world
    middle, centre = (south + north) / 2, (west + east) / 2
    narrow = math.cos(math.radians(middle))
    tall = max((north - south) * 1.35, (east - west) * 1.35 * narrow * HEIGHT / WIDTH, _LEAST_SPAN)
    wide = tall * WIDTH / HEIGHT / narrow
    return _Frame(centre - wide / 2, middle - tall / 2, centre + wide / 2, middle + tall / 2, False, WIDTH, HEIGHT)


def _land_path(rings: Iterable[NDArray[np.float64]], frame: _Frame, detail: _Detail) -> str:
    """Rings as one path in tenths of a unit; rings out of sight left out."""
    margin = 0.0 if frame.world else 0.02 * (frame.east - frame.west)
    path = []
    for ring in rings:
        low, high = ring.min(axis=0), ring.max(axis=0)
        if low[0] > frame.east + margin or high[0] < frame.west - margin:
            continue
        if low[1] > frame.north + margin or high[1] < frame.south - margin:
            continue
        if max(high - low) < detail.least:
            continue
        flat = frame.project(ring[:: detail.keep] if len(ring) > 60 else ring) * _LAND_SCALE
        # Points beyond the sheet are drawn in to just outside it: what is seen inside stays the same.
        edge = 200.0
        flat = np.clip(flat, -edge, np.array([frame.width, frame.height]) * _LAND_SCALE + edge)
        path.append(_ring_path(np.round(flat / detail.grid).astype(np.int64) * detail.grid))
    return "".join(path)


def _ring_path(points: NDArray[np.int64]) -> str:
    kept = np.concatenate([points[:1], points[1:][np.diff(points, axis=0).any(axis=1)]])
    if len(kept) < 4:
        return ""
    steps = np.diff(kept, axis=0)
    before, after = steps[:-1], steps[1:]
    turns = (before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]) | ((before * after).sum(axis=1) < 0)
    kept = kept[np.concatenate([[True], turns, [True]])]
    pairs = np.diff(kept, axis=0)[:-1].tolist()
    first = kept[0].tolist()
    line = "".join(f"{x if x < 0 or not i else f' {x}'}{y if y < 0 else f' {y}'}" for i, (x, y) in enumerate(pairs))
    return f"M{first[0]} {first[1]}l{line}z"


def _place_markers(points: Sequence[Point], frame: _Frame) -> tuple[Marker, ...]:
    groups: dict[tuple[float, float, int], list[Point]] = {}
    for point in points:
        key = (round(point.latitude, 4), round(point.longitude, 4), min(point.precision, 3))
        groups.setdefault(key, []).append(point)
    markers = []
    shrink = 1.0 if len(groups) <= _CROWD else 0.65
    for (latitude, longitude, precision), group in groups.items():
        (x, y) = frame.project(np.array([[longitude, latitude]]))[0].tolist()
        kinds = {point.kind for point in group}
        radius = shrink * ((5, 8, 14)[precision - 1] + min(3.2 * math.sqrt(len(group) - 1), 16))
        markers.append(
            Marker(
                x=round(x, 1),
                y=round(y, 1),
                radius=round(radius, 1),
                precision=precision,
                name=group[0].name,
                kind=kinds.pop() if len(kinds) == 1 else "",
                events=tuple(point.event for point in group),
            )
        )
    # Large ones first, so that small ones lie on top and can be reached.
    return tuple(sorted(markers, key=lambda marker: (-marker.radius, marker.events)))


def _label_places(markers: Sequence[Marker]) -> tuple[Label, ...]:
    taken = [_box(m.x, m.y, 2 * m.radius, 2 * m.radius) for m in markers]
    labels: list[Label] = []
    for marker in sorted(markers, key=lambda m: (-len(m.events), m.events)):
        if len(labels) == _LABEL_LIMIT or any(label.text == marker.name for label in labels):
            continue
        width = 6.6 * len(marker.name)
        for x in (marker.x + marker.radius + 4, marker.x - marker.radius - 4 - width):
            box = _box(x + width / 2, marker.y, width, 13)
            if 0 < x < WIDTH - width and not any(_overlap(box, other) for other in taken):
                labels.append(Label(round(x, 1), round(marker.y + 4, 1), marker.name))
                taken.append(box)
                break
    return tuple(labels)


def _label_countries(
    countries: Iterable[tuple[str, float, float]],
    frame: _Frame,
    markers: Sequence[Marker],
    places: Sequence[Label],
) -> tuple[Label, ...]:
    taken = [_box(m.x, m.y, 2 * m.radius + 4, 2 * m.radius + 4) for m in markers]
    taken += [_box(p.x + 3.3 * len(p.text), p.y - 4, 6.6 * len(p.text), 15) for p in places]
    labels = []
    for name, latitude, longitude in countries:
        x, y = frame.project(np.array([[longitude, latitude]]))[0].tolist()
        width = 8.4 * len(name)
        box = _box(x, y, width, 16)
        if not (width / 2 < x < WIDTH - width / 2 and 14 < y < HEIGHT - 8):
            continue
        if not any(_overlap(box, other) for other in taken):
            labels.append(Label(round(x, 1), round(y + 4, 1), name))
            taken.append(box)
    return tuple(labels)


def _inset_box(frame: _Frame, inset: _Frame) -> tuple[float, float, float, float]:
    corners = inset.project(np.array([[frame.west, frame.north], [frame.east, frame.south]]))
    (left, top), (right, bottom) = corners.tolist()
    return round(left, 1), round(top, 1), round(max(right - left, 4), 1), round(max(bottom - top, 4), 1)


def _free_corner(markers: Sequence[Marker], places: Sequence[Label]) -> str:
    """The corner of the sheet (bl, br, tl, tr) where the inset hides least."""
    spots = [(m.x, m.y) for m in markers] + [(p.x + 3.3 * len(p.text), p.y) for p in places]
    wide, tall = INSET_WIDTH + 40, INSET_HEIGHT + 40
    corners = {
        "bl": (0, HEIGHT - tall, wide, HEIGHT),
        "br": (WIDTH - wide, HEIGHT - tall, WIDTH, HEIGHT),
        "tl": (0, 0, wide, tall),
        "tr": (WIDTH - wide, 0, WIDTH, tall),
    }
    hidden = {
        name: sum(left <= x <= right and top <= y <= bottom for x, y in spots)
        for name, (left, top, right, bottom) in corners.items()
    }
    return min(corners, key=lambda name: hidden[name])


_Box = tuple[float, float, float, float]


def _box(x: float, y: float, width: float, height: float) -> _Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _overlap(one: _Box, two: _Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
