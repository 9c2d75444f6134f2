"""Points that follow from what a text says: so far from a place, between two places, in a side of a country."""

from __future__ import annotations

import math
from dataclasses import replace

from conflictdesk.records import Place

_EARTH_KM = 6371.0
_FURTHEST_KM, _FURTHEST_APART_KM = 300.0, 500.0
"""Beyond these, "so far from" and "between" say less than the places themselves."""
_NEAR_KM, _OUTSKIRTS_KM = 15.0, 10.0
_AZIMUTHS = {"north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0}
_AZIMUTHS |= {"south": 180.0, "southwest": 225.0, "west": 270.0, "northwest": 315.0}


def plain_way(way: str) -> str:
    """A direction in one word without its ending; "" for "central" and "rural".

    >>> plain_way("North-Western"), plain_way("south"), plain_way("central")
    ('northwest', 'south', '')
    """
    short = "".join(letter for letter in way.lower() if letter.isalpha()).removesuffix("ern")
    return short if short in _AZIMUTHS else ""


def take_part(country: Place, way: str, radius_km: float) -> Place:
    """A side of a country, "northern Mali": a large region around a point half-way to that side."""
    name = f"{way} {country.name}"
    part = replace(country, name=name, kind="area", precision=3, gazetteer_id=None, population=0)
    middle = _go(country, 0.5 * radius_km, plain_way(way)) if plain_way(way) else country
    lat, lon = (None if each is None else round(each, 2) for each in (middle.latitude, middle.longitude))
    return replace(part, latitude=lat, longitude=lon, radius_km=round(0.6 * radius_km, 1) or None)


def take_distance(place: Place, km: float | None, way: str) -> Place:
    """Where "30 km south of X" is: a computed point when the direction is said, else X with that radius."""
    if km is None or km > _FURTHEST_KM:
        return take_near(place, "near")
    if not plain_way(way):
        return _loosen(place, max(5.0, km))
    return _loosen(_go(place, km, plain_way(way)), max(5.0, 0.3 * km))


def take_near(place: Place, relation: str) -> Place:
    """Where "near X" or "the outskirts of X" is: X, less precise."""
    return _loosen(place, _OUTSKIRTS_KM if relation == "outskirts" else _NEAR_KM)


def take_between(place: Place, other: Place) -> Place:
    """Where "between X and Y" is: the middle of both, with half of their distance as its radius."""
    km = measure(place, other)
    if not 0 < km <= _FURTHEST_APART_KM:
        return take_near(place, "near")
    mean = _find_middle(place, other)
    return replace(_loosen(place, max(5.0, km / 2)), latitude=mean[0], longitude=mean[1])


def measure(one: Place, two: Place) -> float:
    """Kilometres along the great circle between two places; infinite when one has no point."""
    if one.latitude is None or one.longitude is None or two.latitude is None or two.longitude is None:
        return math.inf
    a, b = math.radians(one.latitude), math.radians(two.latitude)
    h = math.sin((b - a) / 2) ** 2
    h += math.cos(a) * math.cos(b) * math.sin(math.radians(two.longitude - one.longitude) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def _loosen(place: Place, radius_km: float) -> Place:
    if place.precision != 1:
        return place
    return replace(place, precision=2, radius_km=round(radius_km, 1))


def _go(place: Place, km: float, way: str) -> Place:
    """The place moved along a great circle; a place without a point stays as it is."""
    if place.latitude is None or place.longitude is None:
        return place
    lat, lon, azimuth, arc = (*map(math.radians, (place.latitude, place.longitude, _AZIMUTHS[way])), km / _EARTH_KM)
    top = math.asin(math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(azimuth))
    turn = math.sin(azimuth) * math.sin(arc) * math.cos(lat)
    side = lon + math.atan2(turn, math.cos(arc) - math.sin(lat) * math.sin(top))
    around = (math.degrees(side) + 540) % 360 - 180
    return replace(place, latitude=round(math.degrees(top), 4), longitude=round(around, 4))


def _find_middle(one: Place, two: Place) -> tuple[float, float]:
    assert one.latitude is not None and one.longitude is not None
    assert two.latitude is not None and two.longitude is not None
    lon = (one.longitude + two.longitude) / 2
    if abs(one.longitude - two.longitude) > 180:
        lon = lon - 180 if lon > 0 else lon + 180
    return round((one.latitude + two.latitude) / 2, 4), round(lon, 4)
