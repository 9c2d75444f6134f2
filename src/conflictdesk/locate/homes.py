"""Where a newspaper is at home, learnt from the places that its own articles name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from conflictdesk.records import Article, Place

Home = Sequence[tuple[Place, float]]
"""Places where a paper is at home, with weights."""
FEWEST = 4
_KEPT = 12
_SHARE = 0.25
_NAMES = 3
_WEIGHT = 6.0


def name_paper(article: Article) -> str | None:
    """The paper that an article is from: the host of its address, else the name given for its source."""
    return urlsplit(article.url or "").netloc.lower().removeprefix("www.") or article.source


def learn_homes(articles: Iterable[tuple[str, Iterable[Place]]]) -> Mapping[str, tuple[tuple[Place, float], ...]]:
    """For each source that stays in one province: the places it names most, with weights for `read_places`.

    `articles` gives each article's source and the places found in it. A source is at home in the province where it
    names the most different towns, so that one great city of the same name does not decide. Sources with fewer than
    four articles, or without such a province, are left out.
    """
    counts: defaultdict[str, Counter[Place]] = defaultdict(Counter)
    numbers: Counter[str] = Counter()
    for source, places in articles:
        numbers[source] += 1
        counts[source].update({place for place in places if place.kind in ("town", "admin1", "admin2")})
    homes = {source: _find_home(counts[source], numbers[source]) for source in sorted(counts)}
    return {source: home for source, home in homes.items() if home and numbers[source] >= FEWEST}


def _find_home(counts: Counter[Place], articles: int) -> tuple[tuple[Place, float], ...]:
    provinces: Counter[tuple[str, str]] = Counter()
    for place, count in counts.items():
        if place.iso3 and place.admin1:
            provinces[place.iso3, place.admin1] += min(count, 4)
    if not provinces:
        return ()
    best, weight = min(provinces.items(), key=lambda item: (-item[1], item[0]))
    if weight < _SHARE * sum(provinces.values()) or weight < FEWEST:
        return ()
    inside = [
        (place, count)
        for place, count in counts.items()
        if (place.iso3, place.admin1) == best and count * 10 >= articles
    ]
    inside.sort(key=lambda item: (-item[1], item[0].name, item[0].kind))
    if len({place.name for place, _ in inside}) < _NAMES:
        return ()
    total = sum(count for _, count in inside[:_KEPT])
    return tuple((place, round(_WEIGHT * count / total, 3)) for place, count in inside[:_KEPT])
