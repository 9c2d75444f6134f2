"""Which mentions to compare at all: near in time and in one country, so that cost stays close to linear."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from conflictdesk.merge.scores import SAME, UNSURE, score_pair
from conflictdesk.records import Match, Mention

_LONGEST = 62  # days: wider intervals are blocked by their first days only


def match_mentions(mentions: Sequence[Mention]) -> list[Match]:
    """Judge every likely pair of mentions by rule; pairs that are plainly different are not listed."""
    found = []
    for a, b in _pairs(mentions):
        if a.article_id == b.article_id and not (_states_both(a) and _states_both(b)):
            continue
        score = score_pair(a, b)
        if score is None or score < UNSURE:
            continue
        verdict = "same" if score >= _bar(a, b) else "unsure"
        left, right = sorted((a.mention_id, b.mention_id))
        told: Literal["same", "unsure"] = "same" if verdict == "same" else "unsure"
        found.append(Match(left=left, right=right, verdict=told, score=round(score, 3), by="rules"))
    return sorted(found, key=lambda m: (-m.score, m.left, m.right))


def _states_both(mention: Mention) -> bool:
    """True when day and place are said outright; else the coder's word stands that these are two incidents."""
    return not {"date", "place"} & set(mention.inferred) and mention.dates is not None and mention.place is not None


def _bar(a: Mention, b: Mention) -> float:
    # One article that tells of two incidents means two; only the very same is a repeat.
    return SAME + 1.0 if a.article_id == b.article_id else SAME


def _pairs(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    blocks: dict[tuple[str | None, dt.date], list[Mention]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for mention in sorted(mentions, key=lambda m: m.mention_id):
        for key in _keys(mention):
            for other in blocks[key]:
                pair = (other.mention_id, mention.mention_id)
                if pair not in seen:
                    seen.add(pair)
                    yield other, mention
        for key in _keys(mention):
            blocks[key].append(mention)


def _keys(mention: Mention) -> list[tuple[str | None, dt.date]]:
    if mention.dates is None:
        return []
    country = mention.place.country if mention.place else None
    last = min(mention.dates.end, mention.dates.start + dt.timedelta(days=_LONGEST))
    days = (last - mention.dates.start).days
    return [(country, mention.dates.start + dt.timedelta(days=n)) for n in range(-1, days + 2)]
