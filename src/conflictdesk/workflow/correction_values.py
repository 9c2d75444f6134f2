"""Changed cells of a spreadsheet as a value: places, actors and types are looked up; doubt is told, never guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast, get_args

from conflictdesk.codebook.actors import ActorRegister
from conflictdesk.codebook.countries import Country, CountryTable, fold_name
from conflictdesk.codebook.types import Codebook
from conflictdesk.decisions import Blame, DecidedField, Value
from conflictdesk.records import Actor, ActorKind, AttributionBasis, Dates, Estimate, Place
from conflictdesk.seams import Gazetteer
from conflictdesk.workflow.correction_cells import OR_MORE, CellFault, Cells, write_cells

_PRECISIONS: Final = ("1", "2", "3", "4")
_CLEARLY: Final = 10
"""A place of so many times the people of the next is the one that is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """What changed cells are read with."""

    codebook: Codebook
    countries: CountryTable
    actors: ActorRegister
    gazetteer: Gazetteer


def read_cells(field: DecidedField, cells: Cells, lookups: Lookups) -> Value:
    """The value that a field's changed cells say, some of them not empty; what they leave as it was is kept.

    Raises:
        CellFault: a cell makes no sense, or two do not go together.
    """
    name = field.name
    if name == "date":
        return _read_dates(cells)
    if name in ("deaths", "injured"):
        return _read_people(name, cells)
    if name == "place":
        return _read_place(field, cells, lookups)
    if name in ("actor1", "actor2"):
        return _read_actor(field, cells, lookups)
    if name == "event_type":
        return _read_type(cells[0], lookups.codebook)
    if name == "attribution":
        return _read_blame(cells)
    return cells[0] == "yes" if name == "civilian_targeting" else cells[0]


def _read_type(text: str, codebook: Codebook) -> str:
    known = {fold_name(entry.sub_event_type): entry.sub_event_type for entry in codebook.types}
    if found := known.get(fold_name(text)):
        return found
    raise CellFault("event_type", f"the codebook has no type {text!r}; it has: {', '.join(sorted(known.values()))}")


def _read_dates(cells: Cells) -> Dates:
    start, end, precision = cells
    if not start:
        raise CellFault("date_start", "a day without a first day; write both, or empty all three cells")
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end or start)
    if last < first:
        raise CellFault("date_end", f"{last} is before {first}")
    if not precision and first != last:
        raise CellFault("date_precision", "several days: write 2 for a week, 3 for a month, 4 for anything coarser")
    if precision and precision not in _PRECISIONS:
        raise CellFault("date_precision", f"{precision} is no precision; write 1, 2, 3 or 4")
    return Dates(start=first, end=last, precision=int(precision or 1))


def _read_people(name: str, cells: Cells) -> Estimate:
    low, best, high = cells
    if not best:
        raise CellFault(f"{name}_best", "write the number as reported, or empty all three cells")
    fewest, most = int(low or best), None if high == OR_MORE else int(high or best)
    if fewest > int(best):
        raise CellFault(f"{name}_low", f"{fewest} is more than best, {best}")
    if most is not None and most < int(best):
        raise CellFault(f"{name}_high", f"{most} is less than best, {best}")
    return Estimate(low=fewest, best=int(best), high=most)


def _read_blame(cells: Cells) -> Blame:
    actor, by, basis = cells
    if basis not in get_args(AttributionBasis):
        raise CellFault("blame_basis", f"write one of: {', '.join(get_args(AttributionBasis))}")
    return Blame(actor=actor or None, by=by or None, basis=cast(AttributionBasis, basis))


# ---------------------------------------------------------------- actors


def _read_actor(field: DecidedField, cells: Cells, lookups: Lookups) -> Actor:
    """The actor as written; a new name whose kind was left as it was takes its kind and country from the register."""
    name, kind, country = cells
    before = write_cells(field)
    if not name:
        raise CellFault(field.name, "a kind or a country without a name; write it, or empty all three cells")
    entry = lookups.actors.by_name(name, country=country or None)
    if entry and cells[0] != before[0] and cells[1:] in (before[1:], ("", "")):
        return entry.actor
    kinds = get_args(ActorKind)
    if kind not in kinds:
        told = "the register does not know this actor" if not kind else f"there is no kind {kind!r}"
        raise CellFault(f"{field.name}_kind", f"{told}; write one of: {', '.join(kinds)}")
    home = country if country == before[2] else _find_country(f"{field.name}_country", country, lookups.countries)
    return Actor(name=name, kind=cast(ActorKind, kind), country=home or None)


def _find_country(column: str, text: str, countries: CountryTable) -> str:
    found = countries.by_name(text) if text else None
    if text and found is None:
        raise CellFault(column, f"{text!r} is no country that the codebook knows; write its usual English name")
    return found.name if found else ""


# ---------------------------------------------------------------- places


def _read_place(field: DecidedField, cells: Cells, lookups: Lookups) -> Place:
    """The place: looked up again where a name changed, unless a new point was written beside it."""
    before = write_cells(field)
    name, country = cells[:2]
    if not name:
        raise CellFault("place", "a place without a name; write it, or empty all its cells")
    if cells[6] and cells[6] not in _PRECISIONS:
        raise CellFault("place_precision", f"{cells[6]} is no precision; write 1, 2, 3 or 4")
    land = lookups.countries.by_name(country) if country else None
    if country and land is None and country != before[1]:
        _find_country("country", country, lookups.countries)
    held = field.value if isinstance(field.value, Place) else None
    point = _read_point(cells)
    if cells[:4] == before[:4] and held is not None:
        return _move_place(held, cells, before, point)
    if cells[4:6] != before[4:6] and point is not None:
        return _place_by_hand(cells, land, held, point)
    return _find_place(cells, before, land, lookups.gazetteer)


def _read_point(cells: Cells) -> tuple[float, float] | None:
    if not cells[4] and not cells[5]:
        return None
    for column, text, most in zip(("latitude", "longitude"), cells[4:6], (90, 180)):
        if not text or abs(float(text)) > most:
            raise CellFault(column, f"{text or 'nothing'} is no {column}; write both degrees, or empty both cells")
    return float(cells[4]), float(cells[5])


def _move_place(held: Place, cells: Cells, before: Cells, point: tuple[float, float] | None) -> Place:
    placed = replace(held, precision=int(cells[6] or held.precision))
    if cells[4:6] == before[4:6]:
        return placed
    latitude, longitude = point or (None, None)
    return replace(placed, latitude=latitude, longitude=longitude, gazetteer_id=None, population=0, radius_km=None)


def _place_by_hand(cells: Cells, land: Country | None, held: Place | None, point: tuple[float, float] | None) -> Place:
    latitude, longitude = point or (None, None)
    return Place(
        name=cells[0],
        kind=held.kind if held else "town",
        country=land.name if land else cells[1] or None,
        iso3=land.iso3 if land else None,
        admin1=cells[2] or None,
        admin2=cells[3] or None,
        latitude=latitude,
        longitude=longitude,
        precision=int(cells[6] or 1),
    )


def _find_place(cells: Cells, before: Cells, land: Country | None, gazetteer: Gazetteer) -> Place:
    """The place of that name in that country, and in that province where it was written anew; no point if unknown."""
    name, country, *units = cells[:4]
    asked = tuple(unit if unit != old else "" for unit, old in zip(units, before[2:4]))
    known = gazetteer.find(name)
    found = [p for p in known if not country or (land is not None and p.iso3 == land.iso3)]
    if known and not found and country == before[1]:
        told = f"the place names know no {name} in {country}, but in {_tell_lands(known)}"
        raise CellFault("country", f"{told}; write its country, or its latitude and longitude if it is in {country}")
    found = [p for p in found if all(not unit or _is_in(p, unit) for unit in asked)]
    near = [p for p in found if cells[2] and _is_in(p, cells[2])] or found
    if not near:
        return _place_by_hand((name, country, *asked, "", "", cells[6]), land, None, None)
    chosen = _choose_place(near)
    if chosen is None:
        told = f"{len(near)} places are called so ({_tell_places(near)})"
        raise CellFault("place", f"{told}; write its country and admin1 too, or its latitude and longitude")
    written = cells[6] if cells[6] != before[6] else ""
    return replace(chosen, precision=int(written) if written else chosen.precision)


def _is_in(place: Place, unit: str) -> bool:
    return fold_name(unit) in {fold_name(name) for name in (place.admin1, place.admin2) if name}


def _choose_place(kept: Sequence[Place]) -> Place | None:
    """The one that is meant, None in doubt."""
    first, *others = kept
    rivals = [
        p for p in others if p.gazetteer_id != first.gazetteer_id and (p.iso3, p.admin1) != (first.iso3, first.admin1)
    ]
    beaten = all(first.population >= _CLEARLY * max(p.population, 1) for p in rivals)
    return first if first.kind == "country" or beaten else None


def _tell_lands(known: Sequence[Place]) -> str:
    lands = list(dict.fromkeys(place.country or "the high seas" for place in known))
    return ", ".join([*lands[:4], *(["…"] if len(lands) > 4 else [])])


def _tell_places(kept: Sequence[Place]) -> str:
    told = dict.fromkeys(", ".join(part for part in (p.admin1, p.country) if part) for p in kept)
    return "; ".join([*list(told)[:4], *(["…"] if len(told) > 4 else [])])
