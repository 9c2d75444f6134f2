"""Where a newspaper is at home, learnt from the places that its own articles name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from conflictdesk.records import Place

_FEWEST = 3
_KEPT = 12
_WEIGHT = 4.0


def learn_homes(articles: Iterable[tuple[str, Iterable[Place]]]) -> Mapping[str, tuple[tuple[Place, float], ...]]:
    """For each source that stays in one province: the places it names most, with weights for `read_places`.

    `articles` gives each article's source and the places found in it. A source is at home in the province where it
    names the most different towns, so that one great city of the same name does not decide. Sources with fewer than
    three articles, or without such a province, are left out.
    """
    counts: defaultdict[str, Counter[Place]] = defaultdict(Counter)
    numbers: Counter[str] = Counter()
    for source, places in articles:
        numbers[source] += 1
        counts[source].update({place for place in places if place.kind in ("town", "admin1", "admin2")})
    homes = {source: _find_home(counts[source], numbers[source]) for source in sorted(counts)}
    return {source: home for source, home in homes.items() if home and numbers[source] >= _FEWEST}


def _find_home(counts: Counter[Place], articles: int) -> tuple[tuple[Place, float], ...]:
    provinces: Counter[tuple[str, str]] = Counter()
    for place, count in counts.items():
        if place.iso3 and place.admin1:
            provinces[place.iso3, place.admin1] += min(count, 4)
    if not provinces:
        return ()
    best, weight = min(provinces.items(), key=lambda item: (-item[1], item[0]))
    if weight < 0.3 * sum(provinces.values()) or weight < 4:
        return ()
    inside = [
        (place, count)
        for place, count in counts.items()
        if (place.iso3, place.admin1) == best and count * 10 >= articles
    ]
    inside.sort(key=lambda item: (-item[1], item[0].name, item[0].kind))
    total = sum(count for _, count in inside[:_KEPT])
    return tuple((place, round(_WEIGHT * count / total, 3)) for place, count in inside[:_KEPT])
