"""How much speaks for two articles telling of one incident: the words they share, day, place, figures and ages.

The points are natural logarithms of odds, set by hand: 1 point makes one incident about three times as likely. An
article's own words weigh most, for a street, a name or an hour is seldom shared by chance; day and town come next.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conflictdesk.merge.profiles import Profile
from conflictdesk.merge.scores import measure_km
from conflictdesk.records import Dates, Estimate, Place

Terms = tuple[str, ...]
Vector = Mapping[str, float]

FURNITURE_DAYS = 30  # a paragraph that comes back after longer stands on the page, not in the story
PRIOR = 1000  # articles that we imagine beside those of the run, so that in a small run not every word is rare
PRIOR_SHARE = {"name": 0.001, "number": 0.01, "word": 0.02}  # of the imagined articles that hold such a term
ALIKE = 0.15  # the cosine at which shared words speak neither for nor against
WORD_POINTS = 2.0
LEAST_POINTS = -10.0  # two articles without a rare word in common
SAME_DAY_POINTS = 2.5  # at most: less where much of the run is of that day
NEXT_DAY_SHARE = 0.4
TOLD_POINTS = {1: 1.5, 2: 1.0, 3: 0.5}  # the later article names the earlier one's day, week, month
GAP_POINTS = ((10, 0.0), (60, -1.0))  # days between the two, at most
FAR_DAY_POINTS = -2.5
AFTERMATH_POINTS = 1.0  # what a trial or a funeral gives back of those lost by a gap
UNDATED_POINTS = -1.0
FORETOLD_POINTS = ((0, 0.0), (3, -1.0))  # days by which one was out before the other's incident, at most
LONG_BEFORE_POINTS = -2.0
SAME_TOWN_POINTS = 1.5  # at most, likewise
PLACE_POINTS = ((25.0, 0.5), (80.0, 0.0), (200.0, -0.5))  # kilometres between the nearest towns
FAR_POINTS = -1.5
SAME_AGE_POINTS, OTHER_AGE_POINTS = 1.5, -1.5
OTHER_TOLL_POINTS = -0.5


def weigh_terms(profiles: Sequence[Profile]) -> list[Vector]:
    """For each article its terms with their weights, of length 1 as a vector: rare terms weigh most.

    The weight is (1 + ln count) * idf ** 1.5, with smoothed counts of articles; the furniture of pages is left out.
    """
    furniture = _find_furniture(profiles)
    counts = [Counter(t for p in each.paragraphs if p not in furniture for t in p) for each in profiles]
    holding = Counter(term for count in counts for term in count)
    rarity = {term: _weigh(term, number, len(profiles)) for term, number in holding.items()}
    return [_scale({term: (1 + math.log(n)) * rarity[term] for term, n in count.items()}) for count in counts]


def _find_furniture(profiles: Iterable[Profile]) -> set[Terms]:
    """Paragraphs met in articles published more than a month apart: notes on comments, lists of staff, addresses."""
    days: dict[Terms, list[dt.date]] = defaultdict(list)
    for each in profiles:
        if each.published_on is not None:
            for paragraph in each.paragraphs:
                days[paragraph].append(each.published_on)
    return {paragraph for paragraph, on in days.items() if (max(on) - min(on)).days > FURNITURE_DAYS}


def _weigh(term: str, holding: int, articles: int) -> float:
    share = PRIOR_SHARE["name" if " " in term else "number" if term[0] == "#" else "word"]
    rarity = math.log((articles + PRIOR) / (holding + PRIOR * share))
    return float(max(0.0, rarity) ** 1.5)


def _scale(vector: dict[str, float]) -> Vector:
    length = math.sqrt(sum(x * x for x in vector.values()))
    return {term: x / length for term, x in vector.items()} if length else {}


@dataclass(frozen=True, slots=True)
class Run:
    """What a whole run shows of chance: how many articles are of each day, and how many name each town."""

    articles: int
    days: Mapping[dt.date, int]
    towns: Mapping[Place, int]

    def surprise(self, number: int) -> float:
        """How much it says that two articles share what `number` articles of the run have."""
        return math.log(self.articles / max(1, number))


def count_run(profiles: Sequence[Profile]) -> Run:
    """Count the days and towns of a run."""
    days = Counter(each.dates.start for each in profiles if each.dates is not None)
    towns = Counter(town for each in profiles for town in each.towns)
    return Run(len(profiles), days, towns)


def measure_likeness(left: Vector, right: Vector) -> float:
    """The cosine of two articles' terms, 0 to 1."""
    short, long = sorted((left, right), key=len)
    return sum(x * long[term] for term, x in short.items() if term in long)


def score_articles(left: Profile, right: Profile, likeness: float, run: Run) -> float:
    """The points for two articles telling of one incident; above SAME it is held to be so."""
    points = WORD_POINTS * math.log(likeness / ALIKE) if likeness > 0 else LEAST_POINTS
    return max(LEAST_POINTS, points) + sum(
        (
            _score_days(left, right, run),
            _score_reports(left, right),
            _score_towns(left.towns, right.towns, run),
            _score_tolls(left.deaths, right.deaths),
            _score_tolls(left.injured, right.injured),
            _score_ages(left.ages, right.ages),
        )
    )


def _score_days(left: Profile, right: Profile, run: Run) -> float:
    if left.dates is None or right.dates is None:
        return UNDATED_POINTS
    early, late = (left, right) if left.dates.start <= right.dates.start else (right, left)
    gap = _count_days_between(early, late)
    if gap <= 1:
        shared = max(run.days[left.dates.start], run.days[right.dates.start])
        return min(SAME_DAY_POINTS, run.surprise(shared) / 2) * (NEXT_DAY_SHARE if gap else 1.0)
    told = max((TOLD_POINTS.get(each.precision, -math.inf) for each in late.told if _covers(each, early)), default=0.0)
    if told > 0:
        return told
    points = next((points for most, points in GAP_POINTS if gap <= most), FAR_DAY_POINTS)
    return min(0.0, points + AFTERMATH_POINTS) if late.follows else points


def _count_days_between(early: Profile, late: Profile) -> int:
    return max(0, (late.dates.start - early.dates.end).days) if early.dates and late.dates else 0


def _covers(dates: Dates, other: Profile) -> bool:
    return other.dates is not None and dates.start <= other.dates.start and other.dates.end <= dates.end


def _score_reports(left: Profile, right: Profile) -> float:
    """An article that was out before the day of an incident cannot tell of it; but a day may be misread."""
    ahead = [
        (one.dates.start - other.published_on).days
        for one, other in ((left, right), (right, left))
        if one.dates is not None and other.published_on is not None
    ]
    return next((p for most, p in FORETOLD_POINTS if max(ahead, default=0) <= most), LONG_BEFORE_POINTS)


def _score_towns(left: Sequence[Place], right: Sequence[Place], run: Run) -> float:
    shared = [run.towns[town] for town in left if town in right]
    if shared:
        return min(SAME_TOWN_POINTS, run.surprise(min(shared)) / 4)
    gaps = [km for a in left for b in right if (km := measure_km(a, b)) is not None]
    if not gaps:
        return 0.0
    return next((points for most, points in PLACE_POINTS if min(gaps) <= most), FAR_POINTS)


def _score_tolls(left: Estimate | None, right: Estimate | None) -> float:
    """A figure above one is seldom the same by chance, the higher the more seldom; early reports differ."""
    if left is None or right is None:
        return 0.0
    if left.best == right.best:
        return min(1.25, 0.6 * math.log(max(1, left.best)))
    return OTHER_TOLL_POINTS


def _score_ages(left: frozenset[int], right: frozenset[int]) -> float:
    if not left or not right:
        return 0.0
    if left <= right or right <= left:
        return SAME_AGE_POINTS
    return 0.0 if left & right else OTHER_AGE_POINTS
