"""The incidents of two coders brought together, and where they differ: what adjudication and agreement start from.

Both coders cut the article into incidents by themselves, so the pairs are chosen as a whole: the assignment with the
greatest sum of likeness (H. W. Kuhn, The Hungarian method for the assignment problem, 1955). Incidents that stay alone
are disagreements too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.decisions import DecidedField, DecidedMention
from conflictdesk.records import Article, Dates, Place, Span
from conflictdesk.review.comparing import COMPARED, differ_on
from conflictdesk.review.coverage import list_spans
from conflictdesk.review.folding import CaseFile
from conflictdesk.review.settling import is_same_place

FLOOR: Final = 0.35
"""The least likeness of a pair, 0 to 1: below it two incidents are held to be different ones."""
_SENTENCES, _DAY, _PLACE, _KIND = 0.5, 0.2, 0.2, 0.1
_NEAR_KM, _FAR_KM = 5.0, 50.0
_GRAIN: Final = 1_000_000
"""Likenesses are compared in millionths, so that the same pairs win on every machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Who found what: pairs in the order of the first coder's incidents, and what only one of the two found."""

    pairs: tuple[tuple[DecidedMention, DecidedMention], ...]
    only_ours: tuple[DecidedMention, ...]
    only_theirs: tuple[DecidedMention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field on which two coders say different things of one incident."""

    field: str
    ours: DecidedField
    theirs: DecidedField


def pair_incidents(ours: Sequence[DecidedMention], theirs: Sequence[DecidedMention], article: Article) -> Pairing:
    """Bring the incidents of two coders together by their sentences, days and places; dropped ones are left out.

    The order in which the incidents are given does not matter to what is paired.
    """
    left, right = _keep_sorted(ours), _keep_sorted(theirs)
    chosen = _assign(left, right, find_bounds(article.text)) if left and right else {}
    pairs = {left[i].mention_id: right[j] for i, j in chosen.items()}
    taken = {mention.mention_id for mention in pairs.values()}
    return Pairing(
        pairs=tuple((m, pairs[m.mention_id]) for m in ours if m.mention_id in pairs),
        only_ours=tuple(m for m in ours if m.dropped is None and m.mention_id not in pairs),
        only_theirs=tuple(m for m in theirs if m.dropped is None and m.mention_id not in taken),
    )


def _keep_sorted(mentions: Sequence[DecidedMention]) -> list[DecidedMention]:
    return sorted((m for m in mentions if m.dropped is None), key=lambda m: m.mention_id)


def _assign(left: Sequence[DecidedMention], right: Sequence[DecidedMention], bounds: Sequence[int]) -> dict[int, int]:
    from scipy.optimize import linear_sum_assignment

    likeness = [[round(_GRAIN * rate_pair(a, b, bounds)) for b in right] for a in left]
    # A pair below the floor is worth nothing, so that it never takes a partner from a pair that counts.
    worth = [[score if score >= FLOOR * _GRAIN else 0 for score in row] for row in likeness]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if worth[i][j] > 0}


# ---------------------------------------------------------------- likeness


def rate_pair(ours: DecidedMention, theirs: DecidedMention, bounds: Sequence[int]) -> float:
    """How alike two incidents are, 0 to 1: shared sentences count half, day and place a fifth each, the kind a tenth.

    What one of the two does not know is left out of the account. `bounds` are the starts of the sentences.
    """
    if ours.mention_id == theirs.mention_id:
        return 1.0
    parts = [(_SENTENCES, _share(_number(ours, bounds), _number(theirs, bounds)))]
    mine, other = ours.fields, theirs.fields
    days = mine["date"].value, other["date"].value
    if isinstance(days[0], Dates) and isinstance(days[1], Dates):
        parts.append((_DAY, _rate_days(days[0], days[1])))
    places = mine["place"].value, other["place"].value
    if isinstance(places[0], Place) and isinstance(places[1], Place):
        parts.append((_PLACE, _rate_places(places[0], places[1])))
    kinds = mine["event_type"].value, other["event_type"].value
    if kinds[0] is not None and kinds[1] is not None:
        parts.append((_KIND, float(kinds[0] == kinds[1])))
    return sum(weight * score for weight, score in parts) / sum(weight for weight, _ in parts)


_STOP: Final = re.compile(r"(?:[.!?؟。]+[\"'”’»)\]]*\s+|\n+)(?=\S)")


def find_bounds(text: str) -> tuple[int, ...]:
    """Where sentences start, roughly: after a full stop or a new line. Good enough to see what two coders share.

    >>> find_bounds("Two died. One fled")
    (0, 10)
    """
    return (0, *(match.end() for match in _STOP.finditer(text)))


def _number(mention: DecidedMention, bounds: Sequence[int]) -> frozenset[int]:
    return frozenset(n for span in list_spans(mention) for n in _touched(span, bounds))


def _touched(span: Span, bounds: Sequence[int]) -> list[int]:
    ends = (*bounds[1:], math.inf)
    return [n for n, (start, end) in enumerate(zip(bounds, ends, strict=True)) if span.start < end and start < span.end]


def _share(ours: frozenset[int], theirs: frozenset[int]) -> float:
    """Dice's measure: twice what both have by what each has."""
    together = len(ours) + len(theirs)
    return 2 * len(ours & theirs) / together if together else 0.0


def _rate_days(ours: Dates, theirs: Dates) -> float:
    both = (min(ours.end, theirs.end) - max(ours.start, theirs.start)).days + 1
    if both <= 0:
        return 0.0
    return both / ((max(ours.end, theirs.end) - min(ours.start, theirs.start)).days + 1)


def _rate_places(ours: Place, theirs: Place) -> float:
    if is_same_place(ours, theirs):
        return 1.0
    apart = _measure_km(ours, theirs)
    if apart is not None and apart <= _NEAR_KM:
        return 0.9
    if ours.iso3 != theirs.iso3:
        return 0.0
    if apart is not None and apart <= _FAR_KM:
        return 0.5
    return 0.4 if ours.admin1 is not None and ours.admin1 == theirs.admin1 else 0.1


def _measure_km(ours: Place, theirs: Place) -> float | None:
    """The great-circle distance in km (haversine, Earth's mean radius 6,371 km); None where a point is unknown."""
    if ours.latitude is None or ours.longitude is None or theirs.latitude is None or theirs.longitude is None:
        return None
    phi, psi = math.radians(ours.latitude), math.radians(theirs.latitude)
    turn = math.radians(theirs.longitude - ours.longitude)
    half = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(turn / 2) ** 2
    return 2 * 6371 * math.asin(min(1.0, math.sqrt(half)))


# ---------------------------------------------------------------- differences


def find_differences(ours: DecidedMention, theirs: DecidedMention) -> tuple[Difference, ...]:
    """The fields on which two coders say different things of one incident, in the order of the card."""
    return tuple(
        Difference(field=name, ours=ours.fields[name], theirs=theirs.fields[name])
        for name in COMPARED
        if differ_on(ours, theirs, name)
    )


def is_disputed(ours: CaseFile, theirs: CaseFile) -> bool:
    """True when two coders of one article differ in any field, or one found an incident that the other did not."""
    found = pair_incidents(ours.mentions, theirs.mentions, ours.article)
    return bool(found.only_ours or found.only_theirs or any(find_differences(a, b) for a, b in found.pairs))
