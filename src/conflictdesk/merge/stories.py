"""Which articles tell of one incident, whatever it is: repeats, follow-ups, trials, obituaries."""

from __future__ import annotations

import datetime as dt
import functools
import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from conflictdesk.merge.likeness import Vector, count_run, measure_likeness, score_articles, weigh_terms
from conflictdesk.merge.profiles import Profile
from conflictdesk.records import Match

SAME = 0.75  # points (see likeness.py) from which two articles are held to tell of one incident
UNSURE = -2.0
_RAREST = 60  # terms of an article by which others are looked for
_LATEST = 20  # articles before it, for each of these terms
_NEAREST = 15  # articles with which one is compared, of all those found
_SPEAKERS = 40  # articles that speak for a group
_Verdict = Literal["same", "unsure"]
_Score = Callable[[int, int], float]


def match_articles(profiles: Sequence[Profile]) -> list[Match]:
    """Judge every likely pair of articles: "same" or "unsure", the strongest first.

    The order of `profiles` does not matter. Only articles that share rare terms are compared, so that the cost grows
    with their number and not with its square.
    """
    ordered = _order(profiles)
    return _judge(ordered, *_open_scores(ordered))


def group_articles(profiles: Sequence[Profile]) -> list[tuple[str, ...]]:
    """Bring the ids of articles of one incident together; each article is in exactly one group.

    The strongest pairs join first; two groups join only if all pairs across them speak for it on average.
    """
    ordered = _order(profiles)
    vectors, score = _open_scores(ordered)
    number = {each.article_id: n for n, each in enumerate(ordered)}
    groups: dict[int, list[int]] = {n: [n] for n in number.values()}
    for match in _judge(ordered, vectors, score):
        left, right = groups[number[match.left]], groups[number[match.right]]
        if match.verdict != "same" or left is right:
            continue
        if _average(left, right, score) >= SAME:
            left.extend(right)
            groups.update(dict.fromkeys(right, left))
    unique = {id(group): group for group in groups.values()}
    return sorted(tuple(sorted(ordered[n].article_id for n in group)) for group in unique.values())


def _average(left: Sequence[int], right: Sequence[int], score: _Score) -> float:
    """The mean points across two groups; of great groups every n-th article speaks for all."""
    some, others = left[:: 1 + len(left) // _SPEAKERS], right[:: 1 + len(right) // _SPEAKERS]
    return sum(score(a, b) for a in some for b in others) / (len(some) * len(others))


def _order(profiles: Sequence[Profile]) -> list[Profile]:
    return sorted(profiles, key=lambda p: (p.published_on or dt.date.max, p.article_id))


def _open_scores(ordered: Sequence[Profile]) -> tuple[list[Vector], _Score]:
    vectors, run = weigh_terms(ordered), count_run(ordered)

    @functools.cache
    def score(a: int, b: int) -> float:
        return score_articles(ordered[a], ordered[b], measure_likeness(vectors[a], vectors[b]), run)

    return vectors, lambda a, b: score(min(a, b), max(a, b))


def _judge(ordered: Sequence[Profile], vectors: Sequence[Vector], score: _Score) -> list[Match]:
    found = []
    for a, b in _list_pairs(vectors):
        if (points := score(a, b)) >= UNSURE:
            verdict: _Verdict = "same" if points >= SAME else "unsure"
            left, right = sorted((ordered[a].article_id, ordered[b].article_id))
            found.append(Match(left=left, right=right, verdict=verdict, score=round(points, 3), by="article rules"))
    return sorted(found, key=lambda m: (-m.score, m.left, m.right))


def _list_pairs(vectors: Sequence[Vector]) -> Iterator[tuple[int, int]]:
    """Each article with the earlier ones that share most of its rare terms; of a common term's, only the latest."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        rarest = heapq.nsmallest(_RAREST, vector, key=lambda term: (-vector[term], term))
        shared: dict[int, float] = defaultdict(float)
        for term in rarest:
            for other in holders[term][-_LATEST:]:
                shared[other] += vector[term] * vectors[other][term]
            holders[term].append(number)
        for other in heapq.nsmallest(_NEAREST, shared, key=lambda n: (-shared[n], n)):
            yield other, number
