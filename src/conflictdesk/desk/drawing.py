"""Pictures that need no script: the map as SVG, and the bars of the time line."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from conflictdesk.datasets.filters import MISSING, where
from conflictdesk.datasets.opening import Dataset, Row
from conflictdesk.desk.rendering import HERE, Links
from conflictdesk.desk.timeline import Timeline
from conflictdesk.publish.wording import say_day
from conflictdesk.questions import Filter

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH, HEIGHT = 960, 480
_CELLS: Final = 36
_LIGHT: Final = {"sea": "#e6eef3", "land": "#f7f4ec", "line": "#bdb9ac", "mark": "#9c3d12"}
_DARK: Final = {"sea": "#161c22", "land": "#272d33", "line": "#4b535c", "mark": "#f0a36b"}

Line = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What part of the world is drawn: its middle, and pixels a degree."""

    longitude: float
    latitude: float
    scale: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        shrink = math.cos(math.radians(self.latitude))
        x = WIDTH / 2 + (longitude - self.longitude) * self.scale * shrink
        return round(x, 1), round(HEIGHT / 2 - (latitude - self.latitude) * self.scale, 1)


def draw_map(dataset: Dataset, wanted: Filter, *, dark: bool = False) -> str:
    """The events of a filter on the world's outline, gathered where they lie close; one SVG picture."""
    condition, parameters = where(wanted)
    drawn = f"({condition}) AND NOT {MISSING['point']}"
    edges = dataset.ask(
        f"SELECT min(longitude), min(latitude), max(longitude), max(latitude) FROM events WHERE {drawn}", parameters
    )[0]
    frame = _choose_frame(edges)
    cell = WIDTH / _CELLS / frame.scale
    rows = dataset.ask(
        "SELECT sum(CAST(round(longitude * 1e5) AS BIGINT)) / 1e5 / count(*),"
        " sum(CAST(round(latitude * 1e5) AS BIGINT)) / 1e5 / count(*), count(*),"
        f" CASE WHEN coalesce(place_precision, 2) >= 3 THEN 3 ELSE min(coalesce(place_precision, 2)) END FROM events"
        f" WHERE {drawn} GROUP BY floor(longitude / {cell!r}), floor(latitude / {cell!r}),"
        " coalesce(place_precision, 2) >= 3, place_precision ORDER BY 4 DESC, 3 DESC, 1, 2",
        parameters,
    )
    colours = _DARK if dark else _LIGHT
    land = f'<path d="{_land_path(frame)}" fill="{colours["land"]}" stroke="{colours["line"]}" stroke-width=".8"/>'
    marks = "".join(_draw_mark(row, frame, colours["mark"]) for row in rows)
    sea = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours["sea"]}"/>'
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{sea}{land}{marks}</svg>'


def _choose_frame(edges: Row) -> _Frame:
    if None in edges:
        return _Frame(10, 10, WIDTH / 360)
    west, south, east, north = (float(str(edge)) for edge in edges)
    latitude = (south + north) / 2
    across = max(2.0, east - west) * 1.15 * math.cos(math.radians(latitude))
    scale = min(WIDTH / max(across, 0.5), HEIGHT / (max(1.0, north - south) * 1.15))
    return _Frame((west + east) / 2, latitude, scale)


def _draw_mark(row: Row, frame: _Frame, colour: str) -> str:
    longitude, latitude = float(str(row[0])), float(str(row[1]))
    events, kind = int(str(row[2])), int(str(row[3]))
    x, y = frame.place(longitude, latitude)
    radius = round(3.5 + 3.2 * math.log10(events) + (5 if kind >= 3 else 0), 1)
    look = {1: ".85", 2: ".12"}.get(kind, ".14")
    edge = f'stroke="{colour}" stroke-width="{ {1: 0.8, 2: 1.8}.get(kind, 1.3) }"'
    if kind >= 3:
        edge += ' stroke-dasharray="4 3"'
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" fill-opacity="{look}" {edge}/>'


@cache
def _load_rings() -> tuple[Line, ...]:
    """The rings of the world's land, none where the browser parts have not been put together."""
    path = HERE / "static" / "vendor" / "world.json"
    if not path.is_file():
        return ()
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    land = (one["geometry"]["coordinates"] for one in features if one["properties"]["part"] == "land")
    return tuple(ring for polygons in land for rings in polygons for ring in rings)


def _land_path(frame: _Frame) -> str:
    shrink = math.cos(math.radians(frame.latitude))
    half_width, half_height = WIDTH / frame.scale / shrink / 2 + 1, HEIGHT / frame.scale / 2 + 1
    west, east = frame.longitude - half_width, frame.longitude + half_width
    south, north = frame.latitude - half_height, frame.latitude + half_height
    parts = []
    for ring in _load_rings():
        xs, ys = [point[0] for point in ring], [point[1] for point in ring]
        if max(xs) < west or min(xs) > east or max(ys) < south or min(ys) > north:
            continue
        parts.append(_path_of(frame.place(x, y) for x, y in ring))
    return "".join(part for part in parts if part)


def _path_of(points: Iterable[tuple[float, float]]) -> str:
    kept: list[tuple[float, float]] = []
    for point in points:
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= 0.7:
            kept.append(point)
    return f"M{'L'.join(f'{x:g} {y:g}' for x, y in kept)}Z" if len(kept) > 2 else ""


def draw_bars(timeline: Timeline, wanted: Filter) -> Markup:
    """The time line as plain SVG, each bar a link to its events; what stands there until the chart is drawn."""
    from markupsafe import Markup

    if not timeline.bars:
        return Markup("")
    first, last = timeline.bars[0].from_day.toordinal(), timeline.bars[-1].to_day.toordinal()
    scale, links = WIDTH / (last - first), Links()
    parts = []
    for bar in timeline.bars:
        x = (bar.from_day.toordinal() - first) * scale
        width = max(0.6, (bar.to_day.toordinal() - bar.from_day.toordinal()) * scale - 0.5)
        tall = 90 * bar.events / timeline.tallest
        href = links.events(replace(wanted, from_day=bar.from_day, to_day=bar.to_day))
        said = f"from {say_day(bar.from_day)}: {bar.events:,} events, {bar.deaths:,} deaths reported"
        look = "on" if bar.chosen else "off"
        parts.append(
            f'<a href={quoteattr(href)} tabindex="-1"><title>{said}</title><rect class="{look}"'
            f' x="{x:.2f}" y="{92 - tall:.2f}" width="{width:.2f}" height="{tall:.2f}"/></a>'
        )
    body = "".join(parts)
    return Markup(f'<svg viewBox="0 0 {WIDTH} 92" preserveAspectRatio="none" class="bars">{body}</svg>')
