"""Placebo dates: how unusual is the ratio at the real date among the ratios at dates when nothing was claimed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceboRank:
    """`at_least` of the `told` placebo ratios lie as far from 1 as the real one, or farther, up or down.

    `share` is (at_least + 1) / (told + 1), the +1 counting the real date itself, so it is never 0 (Phipson and Smyth
    2010); windows at near dates overlap, so it describes and is no exact p-value. `untold` placebos had nothing before
    or nothing after. A ratio of 0 is infinitely far.
    """

    at_least: int
    told: int
    untold: int
    share: float


def placebo_rank(real: float, others: Sequence[float | None]) -> PlaceboRank:
    """The place of the real ratio among those at other dates, by distance from 1 on the log scale.

    Where several dates, actors or areas are tried, the smallest share must be read against their number: see
    `correct_shares`.

    >>> placebo_rank(1.5, [1.0, 0.5, 1.2, None])
    PlaceboRank(at_least=1, told=3, untold=1, share=0.5)
    """
    told = [each for each in others if each is not None]
    at_least = sum(_distance(each) >= _distance(real) * (1 - 1e-12) for each in told)
    return PlaceboRank(
        at_least=at_least, told=len(told), untold=len(others) - len(told), share=(at_least + 1) / (len(told) + 1)
    )


def correct_shares(shares: Sequence[float]) -> tuple[float, ...]:
    """The shares of several comparisons, each raised for the number tried (Holm 1979), in the order given.

    >>> correct_shares([0.01, 0.04, 0.5])
    (0.03, 0.08, 0.5)
    """
    order = sorted(range(len(shares)), key=shares.__getitem__)
    raised, worst = [0.0] * len(shares), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, (len(shares) - rank) * shares[place]))
        raised[place] = worst
    return tuple(raised)


def _distance(ratio: float) -> float:
    return abs(math.log(ratio)) if ratio > 0 else math.inf
