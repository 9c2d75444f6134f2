"""Which mentions to compare at all: near in time and place, so that cost stays close to linear."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from conflictdesk.merge.scores import NEAREST_KM, SAME, UNSURE, WIDE_KINDS, score_pair
from conflictdesk.records import Match, Mention

_Day: TypeAlias = tuple[str | None, dt.date]
_Cell: TypeAlias = tuple[int, int]
_DEGREE_KM = 110.5  # of latitude, at the least
ONE_STORY = 0.75  # what two articles of one story add for what they both tell
_LONGEST = 62  # days: wider intervals are blocked by their first days only


def match_mentions(mentions: Sequence[Mention], stories: Sequence[Match] = ()) -> list[Match]:
    """Judge every likely pair of mentions by rule; pairs that are plainly different are not listed.

    `stories` says of articles whether they tell of one incident (see `stories.py`): that speaks for their mentions too,
    but never against the day, the place or the kind that they state.
    """
    found = []
    alike = {(m.left, m.right) for m in stories if m.verdict == "same"}
    for a, b in _pairs(mentions):
        if a.article_id == b.article_id and not (_states_both(a) and _states_both(b)):
            continue
        score = score_pair(a, b)
        if score is None:
            continue
        score += ONE_STORY if _in_order(a.article_id, b.article_id) in alike else 0.0
        if score < UNSURE:
            continue
        verdict = "same" if score >= _bar(a, b) else "unsure"
        left, right = _in_order(a.mention_id, b.mention_id)
        told: Literal["same", "unsure"] = "same" if verdict == "same" else "unsure"
        found.append(Match(left=left, right=right, verdict=told, score=round(score, 3), by="rules"))
    return sorted(found, key=lambda m: (-m.score, m.left, m.right))


def is_ruled_out(a: Mention, b: Mention, same: Container[tuple[str, str]]) -> bool:
    """True when two mentions cannot be one incident, whatever others stand between them.

    `same` are the pairs of ids, the smaller first, that were judged the same.
    """
    if _in_order(a.mention_id, b.mention_id) in same:
        return False
    return a.article_id == b.article_id or score_pair(a, b) is None


def _in_order(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _states_both(mention: Mention) -> bool:
    """True when day and place are said outright; else the coder's word stands that these are two incidents."""
    return not {"date", "place"} & set(mention.inferred) and mention.dates is not None and mention.place is not None


def _bar(a: Mention, b: Mention) -> float:
    # One article that tells of two incidents means two; only the very same is a repeat.
    return SAME + 1.0 if a.article_id == b.article_id else SAME


def _pairs(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Every two mentions of a country that share a day, or nearly, and are not both at points far apart."""
    blocks: dict[_Day, dict[_Cell | None, list[Mention]]] = defaultdict(lambda: defaultdict(list))
    seen: set[tuple[str, str]] = set()
    for mention in sorted(mentions, key=lambda m: m.mention_id):
        cell = _find_cell(mention)
        for day in _days(mention):
            for other in _list_near(blocks[day], cell):
                pair = (other.mention_id, mention.mention_id)
                if pair not in seen:
                    seen.add(pair)
                    yield other, mention
            blocks[day][cell].append(mention)


def _list_near(block: Mapping[_Cell | None, list[Mention]], cell: _Cell | None) -> list[Mention]:
    if cell is None:
        return [m for held in block.values() for m in held]
    north, east = cell
    # Meridians draw together towards the poles: more squares to the side lie within reach there.
    wide = math.cos(math.radians(min(89.0, max(abs(north), abs(north + 1)) + 1)))
    reach = math.ceil(NEAREST_KM / (_DEGREE_KM * wide))
    sides = range(-min(reach, 179), min(reach, 179) + 1)
    around = [(north + up, (east + side) % 360) for up in (-1, 0, 1) for side in sides]
    return [m for key in (None, *around) for m in block.get(key, ())]


def _find_cell(mention: Mention) -> _Cell | None:
    """The square degree in which a town lies; None for a wider place or one without a point."""
    place = mention.place
    if place is None or place.kind == "country" or place.kind in WIDE_KINDS:
        return None
    if place.latitude is None or place.longitude is None:
        return None
    return math.floor(place.latitude), math.floor(place.longitude) % 360


def _days(mention: Mention) -> list[_Day]:
    """The days of a mention with one before and one after, each with its country."""
    if mention.dates is None:
        return []
    country = mention.place.country if mention.place else None
    last = min(mention.dates.end, mention.dates.start + dt.timedelta(days=_LONGEST))
    days = (last - mention.dates.start).days
    return [(country, mention.dates.start + dt.timedelta(days=n)) for n in range(-1, days + 2)]
