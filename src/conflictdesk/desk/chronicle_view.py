"""A chronicle as its page shows it: the answer, the filters that find its numbers, and a small map with pins."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from conflictdesk.analyse.counts import tally_events
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.publish.outlines import load_outline
from conflictdesk.questions import Chronicle, Filter, Incident

SIDE: Final = 320
"""Width and height of the map, in units of about a pixel."""
_MOST_NAMED: Final = 400
_KM_PER_DEGREE: Final = 111.195


@dataclass(frozen=True, slots=True)
class Pin:
    """Incidents that share a point: where it is drawn, how well the place is known (1 to 3), which they are.

    `wanted` finds them, None where they are too many to name; `first` is the id of the first of them.
    """

    x: float
    y: float
    radius: float
    precision: int
    title: str
    wanted: Filter | None
    first: str
    number: int


@dataclass(frozen=True, slots=True)
class SiteMap:
    """A square around the site: `land` is a path; `circle` the radius asked for; `bar` so many km in `bar_width`.

    `beyond` counts incidents whose point lies outside the square.
    """

    land: str
    circle: float
    pins: tuple[Pin, ...]
    beyond: int
    bar: float
    bar_width: float


@dataclass(frozen=True, slots=True)
class ChronicleView:
    """A chronicle with the filters that find exactly the events of its numbers; None where none does."""

    answer: Chronicle
    exact_filter: Filter | None
    near_filter: Filter | None
    undated_filter: Filter | None
    map: SiteMap | None


def view_chronicle(dataset: Dataset, answer: Chronicle) -> ChronicleView:
    """Find what opens the numbers of a chronicle, and draw its map."""
    asked = answer.question
    around = replace(asked.filter, near=(answer.latitude, answer.longitude, asked.km))
    dated = replace(around, from_day=asked.from_day, to_day=asked.to_day)
    undated = replace(around, missing=tuple(dict.fromkeys((*around.missing, "day"))))
    return ChronicleView(
        answer=answer,
        exact_filter=_find_filter(
            dataset, len(answer.exact), _name(answer.exact), replace(dated, place_precision=(1,))
        ),
        near_filter=_find_filter(dataset, len(answer.near), _name(answer.near)),
        undated_filter=_find_filter(dataset, answer.undated, undated),
        map=draw_site(answer) if answer.exact or answer.near else None,
    )


def _find_filter(dataset: Dataset, number: int, *offered: Filter | None) -> Filter | None:
    """The first of these filters that finds so many events."""
    held = (wanted for wanted in offered if wanted is not None)
    return next((wanted for wanted in held if number and tally_events(dataset, wanted).events == number), None)


def _name(incidents: Sequence[Incident]) -> Filter | None:
    """The events by name, unless there are too many for an address."""
    ids = tuple(incident.event_id for incident in incidents)
    return Filter(event_id=ids) if 0 < len(ids) <= _MOST_NAMED else None


def draw_site(answer: Chronicle) -> SiteMap:
    """Draw the site, the circle asked for and a pin for each point, true to scale in the middle, north up."""
    reach = answer.question.km * 1.25
    scale = SIDE / 2 / reach
    pins = tuple(_make_pins(answer, scale))
    drawn = sum(pin.number for pin in pins)
    bar = _round_down(reach * 0.6)
    return SiteMap(
        land=_draw_land(answer, scale),
        circle=round(answer.question.km * scale, 1),
        pins=pins,
        beyond=len(answer.exact) + len(answer.near) - drawn,
        bar=bar,
        bar_width=round(bar * scale, 1),
    )


def _make_pins(answer: Chronicle, scale: float) -> Iterator[Pin]:
    groups: dict[tuple[float, float, int], list[Incident]] = {}
    for incident in (*answer.exact, *answer.near):
        if incident.latitude is None or incident.longitude is None:
            continue
        known = min(incident.place_precision or 2, 3)
        groups.setdefault((incident.longitude, incident.latitude, known), []).append(incident)
    # The vaguest lie below, so that the exact ones can be reached.
    for (longitude, latitude, known), held in sorted(groups.items(), key=lambda group: (-group[0][2], group[0])):
        x, y = _project(answer, scale, np.array([[longitude, latitude]]))[0].tolist()
        if not (0 <= x <= SIDE and 0 <= y <= SIDE):
            continue
        yield Pin(
            x=round(x, 1),
            y=round(y, 1),
            radius=round((4.5, 6.0, 9.0)[known - 1] + min(2 * math.sqrt(len(held) - 1), 9), 1),
            precision=known,
            title=f"{held[0].where or 'no place told'}: {len(held)} {'incident' if len(held) == 1 else 'incidents'}",
            wanted=_name(held),
            first=held[0].event_id,
            number=len(held),
        )


def _project(answer: Chronicle, scale: float, points: NDArray[np.float64]) -> NDArray[np.float64]:
    east = (points[:, 0] - answer.longitude + 540) % 360 - 180
    x = SIDE / 2 + east * math.cos(math.radians(answer.latitude)) * _KM_PER_DEGREE * scale
    y = SIDE / 2 - (points[:, 1] - answer.latitude) * _KM_PER_DEGREE * scale
    return np.stack([x, y], axis=1)


def _draw_land(answer: Chronicle, scale: float) -> str:
    """The land around the site as a path; empty where the outline is not installed."""
    try:
        rings = load_outline().rings
    except ConfigError:
        return ""
    return "".join(_draw_rings(answer, scale, rings))


def _draw_rings(answer: Chronicle, scale: float, rings: Iterable[NDArray[np.float64]]) -> Iterator[str]:
    tall = SIDE / 2 / scale / _KM_PER_DEGREE
    wide = tall / max(math.cos(math.radians(answer.latitude)), 0.02)
    for ring in rings:
        (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
        if west > answer.longitude + wide or east < answer.longitude - wide:
            continue
        if south > answer.latitude + tall or north < answer.latitude - tall:
            continue
        flat = _cut_square(_project(answer, scale, ring).tolist())
        if len(flat) > 2:
            yield f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in flat)}Z"


def _cut_square(ring: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    """What of a ring lies on the map and a little around it (Sutherland and Hodgman, 1974)."""
    kept = list(ring)
    for axis, edge, sign in ((0, -20.0, 1), (0, SIDE + 20.0, -1), (1, -20.0, 1), (1, SIDE + 20.0, -1)):
        before, kept = kept, []
        for one, other in zip(before, before[1:] + before[:1]):
            inside, next_inside = (sign * (point[axis] - edge) >= 0 for point in (one, other))
            if inside:
                kept.append(one)
            if inside != next_inside:
                part = (edge - one[axis]) / (other[axis] - one[axis])
                kept.append([one[side] + part * (other[side] - one[side]) for side in (0, 1)])
    return kept


def _round_down(km: float) -> float:
    """A round length of at most so many km.

    >>> _round_down(7.5), _round_down(0.3)
    (5.0, 0.2)
    """
    step: float = 10.0 ** math.floor(math.log10(km))
    return next(step * part for part in (5, 2, 1) if step * part <= km)
