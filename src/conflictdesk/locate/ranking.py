"""Which place each name means, decided jointly for an article.

Every name votes for the countries, provinces and neighbourhoods of the places it may mean, each vote as strong as
the place is likely; then each name is judged again by the votes of the others. A few rounds settle it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conflictdesk.locate.filing import ALIAS, FAR, MAIN
from conflictdesk.locate.gazetteer import Entry
from conflictdesk.locate.points import measure
from conflictdesk.records import Place

_ROUNDS = 4
_WARMTH = 0.55
_PRIOR, _IN_COUNTRY, _IN_PROVINCE, _NEARBY = 1.0, 1.0, 1.1, 0.9
_MOST, _MOST_AT_HOME = 7.0, 10.0
"""However local an article is, "Moscow" in it may still be the capital of Russia."""
_MOST_BY_ALIAS, _GREAT = 3.0, 200_000
_NOWHERE = 1.0
_AS_ACTOR = 0.7
"""A country is often named as one who acts, not as where it happens."""
_BY_PEOPLE = 0.7
"""What an adjective says ("a Lebanese security source")."""
_INSIDE, _OUTSIDE = 7.0, -3.0
_UNIT, _NOT_UNIT = 3.5, -2.0
_CLOSE_KINDS = frozenset({"town", "admin2", "site"})
_UNIT_KINDS = frozenset({"admin1", "admin2", "area"})


@dataclass(slots=True, kw_only=True)
class Name:
    """A place name under judgement: all its uses in one article that must mean the same place.

    `trust` (0..1) says how surely it is a place name at all: a doubtful one votes less. `held_by` lists the entries of
    the names that the text puts around it ("Springfield, Illinois"); `unit` is True for "X province", False for "the
    city of X", None when nothing is said; `countries` are those that an adjective gives ("the Syrian town of X").
    """

    key: str
    entries: tuple[Entry, ...]
    uses: int = 1
    trust: float = 1.0
    held_by: tuple[tuple[Entry, ...], ...] = ()
    unit: bool | None = None
    level: str = ""
    countries: tuple[str, ...] = ()


@dataclass(slots=True)
class _Votes:
    """What the article's names say of where it plays."""

    country: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    province: defaultdict[tuple[str | None, str], float] = field(default_factory=lambda: defaultdict(float))
    cell: defaultdict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(float))

    def add(self, place: Place, weight: float) -> None:
        if place.kind == "country":
            weight = _AS_ACTOR * min(weight, 2.0)
        if place.iso3:
            self.country[place.iso3] += weight
        if place.kind == "country":
            return
        if place.admin1:
            self.province[place.iso3, place.admin1] += weight
        if place.kind in _CLOSE_KINDS and (cell := _find_cell(place)):
            self.cell[cell] += weight

    def weigh(self, place: Place, own: float, most: float, same: _Votes) -> float:
        """What all names but this one say for a place; `same` are the votes of its own other senses."""
        country = max(0.0, self.country.get(place.iso3, 0.0) - same.country.get(place.iso3, 0.0)) if place.iso3 else 0.0
        score = _IN_COUNTRY * math.log1p(2 * country)
        if place.iso3 is None:
            return _NOWHERE
        if place.kind == "country":
            return score
        if place.admin1:
            key = (place.iso3, place.admin1)
            others = self.province.get(key, 0.0) - same.province.get(key, 0.0)
            score += _IN_PROVINCE * math.log1p(2 * max(0.0, others))
        if place.kind in _CLOSE_KINDS and (cell := _find_cell(place)):
            near = sum(
                self.cell.get((cell[0] + a, cell[1] + b), 0.0) * (1.0 if a == b == 0 else 0.7)
                for a in (-1, 0, 1)
                for b in (-1, 0, 1)
            )
            score += _NEARBY * math.log1p(2 * max(0.0, near - own))
        return min(score, most)


def _find_cell(place: Place) -> tuple[int, int] | None:
    if place.latitude is None or place.longitude is None:
        return None
    return math.floor(place.latitude), math.floor(place.longitude * math.cos(math.radians(place.latitude)))


def is_inside(entry: Entry, holder: Entry) -> bool:
    """True when the first place lies in the second: by the units that hold it, or by distance."""
    if entry.number == holder.number:
        return False
    kind = holder.place.kind
    if kind == "country":
        return entry.place.iso3 == holder.place.iso3
    if kind == "admin1":
        return entry.admin1 == holder.number
    if kind == "admin2":
        return entry.admin2 == holder.number
    return measure_km(entry, holder) <= max(25.0, holder.radius_km or 0.0)


def measure_km(left: Entry, right: Entry) -> float:
    """Kilometres along the great circle between two places; infinite when one has no point."""
    return measure(left.place, right.place)


def _judge_alone(name: Name, entry: Entry) -> float:
    """How likely the entry is by what stands beside the name, without the rest of the article."""
    score = _PRIOR * entry.prior
    for holders in name.held_by:
        best = max(
            (_INSIDE - 0.3 * n for n, holder in enumerate(holders[:8]) if is_inside(entry, holder)), default=None
        )
        score += _OUTSIDE if best is None else best
    if name.unit is not None:
        kind = entry.place.kind
        fits = (kind in _UNIT_KINDS) == name.unit
        score += _UNIT if fits else _NOT_UNIT
        if name.level and kind == name.level:
            score += 1.5
    if name.countries:
        score += 2.5 if entry.place.iso3 in name.countries else -1.0
    return score


def _cap(name: Name, entry: Entry, most: float) -> float:
    """How much the rest of the article can say for an entry: little against a great city whose own name it is."""
    great = any(each.rank == MAIN and each.weight >= _GREAT for each in name.entries)
    return min(most, _MOST_BY_ALIAS) if great and entry.rank in (ALIAS, FAR) else most


def _soften(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    shares = [math.exp(_WARMTH * 2.3 * (score - top)) for score in scores]
    total = sum(shares)
    return [share / total for share in shares]


def rank_names(
    names: Sequence[Name], adjectives: Mapping[str, float], home: Sequence[tuple[Place, float]] = ()
) -> list[tuple[Entry, float]]:
    """For each name its likeliest place and how certain that is (0..1).

    `adjectives` counts countries named by adjectives ("Syrian") by their three-letter code; `home` holds places where
    the paper is at home, with weights.
    """
    alone = [[_judge_alone(name, entry) for entry in name.entries] for name in names]
    shares = [_soften(scores) for scores in alone]
    most = _MOST_AT_HOME if home else _MOST
    for _ in range(_ROUNDS if len(names) > 1 or adjectives or home else 0):
        votes = _Votes()
        for code, weight in adjectives.items():
            votes.country[code] += _BY_PEOPLE * math.sqrt(weight)
        for place, weight in home:
            votes.add(place, weight)
        weights = [name.trust * math.sqrt(name.uses) for name in names]
        own = [_Votes() for _ in names]
        for name, share, weight, mine in zip(names, shares, weights, own, strict=True):
            for entry, part in zip(name.entries, share, strict=True):
                if part > 0.02:
                    votes.add(entry.place, part * weight)
                    mine.add(entry.place, part * weight)
        shares = [
            _soften(
                [
                    score
                    + votes.weigh(entry.place, part * weight if part > 0.02 else 0.0, _cap(name, entry, most), mine)
                    for entry, score, part in zip(name.entries, scores, share, strict=True)
                ]
            )
            for name, scores, share, weight, mine in zip(names, alone, shares, weights, own, strict=True)
        ]
    best = [max(range(len(share)), key=share.__getitem__) for share in shares]
    return [(name.entries[n], share[n]) for name, share, n in zip(names, shares, best, strict=True)]
