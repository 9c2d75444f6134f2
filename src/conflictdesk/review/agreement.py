"""How far coders agree, field by field: figures that anyone can read, with what they rest on and where they stop."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.review.coded_pairs import (
    AGREED_FIELDS,
    INCIDENT,
    AgreementCase,
    CodedPair,
    GroupBy,
    group_pairs,
    list_cases,
    list_coded_pairs,
    sort_pair,
)
from conflictdesk.review.comparing import NOT_STATED
from conflictdesk.review.reliability import (
    Scale,
    compute_kappa,
    draw_weights,
    read_alpha,
    tally_units,
    weigh_alphas,
)

__all__ = [
    "AGREED_FIELDS",
    "INCIDENT",
    "AgreementCase",
    "CodedPair",
    "FieldAgreement",
    "FoundAgreement",
    "GroupBy",
    "group_pairs",
    "list_cases",
    "list_coded_pairs",
    "measure_agreement",
    "measure_found",
]

LEVELS: Final[Mapping[str, str]] = {
    "nominal": "nominal: two values are the same or not",
    "ordinal": "ordinal: the further apart in order, the more they differ",
    "interval": "interval on log(1 + figure): 2 and 4 differ as much as 20 and 40, nearly",
}
_SCALES: Final[Mapping[str, Scale]] = {
    "deaths": "interval",
    "injured": "interval",
    "date_precision": "ordinal",
    "place_precision": "ordinal",
}
RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAgreement:
    """How far two coders agree on a field, over the `n` pairs that both coded; `missing` pairs lack one of the two.

    `alpha` and its 95 % interval `low`..`high` rest on `scaled` pairs: on a scale of numbers those where both give one
    ("not stated" has no place on it; `percent` and `kappa` count it as a value). `undefined` says why alpha is None,
    `no_kappa` why kappa is, `no_interval` why the interval is.
    """

    field: str
    n: int
    percent: float | None
    kappa: float | None
    alpha: float | None
    low: float | None
    high: float | None
    undefined: str | None
    level: str
    scaled: int = 0
    missing: int = 0
    no_kappa: str | None = None
    no_interval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAgreement:
    """How far two coders find the same incidents: `f1` is twice what both found by what each found."""

    both: int
    only_ours: int
    only_theirs: int
    f1: float | None
    low: float | None
    high: float | None
    undefined: str | None


def measure_agreement(
    pairs: Sequence[CodedPair], *, field: str, seed: int = 0, resamples: int = RESAMPLES
) -> FieldAgreement:
    """How far coders agree on `field`, by percent, Cohen's kappa and Krippendorff's alpha with its 95 % interval.

    The interval is that of a bootstrap which draws whole articles, for the fields of one article stand or fall together
    (B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13: percentiles). Same pairs, same figures:
    the order of `pairs` does not matter.
    """
    rows = sorted((p for p in pairs if p.field == field), key=sort_pair)
    both = [p for p in rows if p.ours is not None and p.theirs is not None]
    ours, theirs = [p.ours for p in both], [p.theirs for p in both]
    scale = _SCALES.get(field, "nominal")
    kappa = compute_kappa(ours, theirs)
    measured = _measure_alpha(both, scale, seed, resamples)
    return FieldAgreement(
        field=field,
        n=len(both),
        percent=sum(p.ours == p.theirs for p in both) / len(both) if both else None,
        kappa=kappa,
        alpha=measured.alpha,
        low=measured.low,
        high=measured.high,
        undefined=measured.undefined,
        level=LEVELS[scale],
        scaled=measured.scaled,
        missing=len(rows) - len(both),
        no_kappa=_explain(ours, theirs, "kappa") if kappa is None else None,
        no_interval=measured.no_interval,
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    undefined: str | None = None
    scaled: int = 0
    no_interval: str | None = None


def _measure_alpha(both: Sequence[CodedPair], scale: Scale, seed: int, resamples: int) -> _Measured:
    import numpy as np

    placed = [p for p in both if scale == "nominal" or NOT_STATED not in (p.ours, p.theirs)]
    ours = [_place_on(p.ours or "", scale) for p in placed]
    theirs = [_place_on(p.theirs or "", scale) for p in placed]
    clusters = [p.article_id for p in placed]
    tally = tally_units(ours, theirs, scale, clusters)
    alpha = read_alpha(tally)
    if alpha is None:
        words = _explain(ours, theirs, "alpha") if placed or not both else _NO_FIGURES
        return _Measured(undefined=words, scaled=len(placed), no_interval=words)
    articles = len(set(clusters))
    drawn = draw_weights(articles, seed, resamples if articles > 1 else 0)
    found = [float(one) for rows in drawn for one in weigh_alphas(tally, rows) if not np.isnan(one)]
    low, high, none = _cut_interval(found, resamples, articles)
    return _Measured(alpha, low, high, None, len(placed), none)


def _place_on(value: str, scale: Scale) -> str | float:
    if scale == "nominal":
        return value
    return math.log1p(float(value)) if scale == "interval" else float(value)


_NO_FIGURES: Final = "undefined: in no pair do both coders give a figure"


def _explain(ours: Sequence[object], theirs: Sequence[object], measure: str) -> str:
    """Why a measure is undefined, in words."""
    values = {*ours, *theirs}
    if not values:
        return "undefined: no pair was coded by both"
    return (
        f"undefined: both coders give one and the same value in all {len(ours)} pairs. They agree everywhere, but "
        f"{measure} measures agreement beyond chance, and where nothing varies chance cannot be told"
    )


def _cut_interval(
    found: Sequence[float], resamples: int, articles: int
) -> tuple[float | None, float | None, str | None]:
    import numpy as np

    if articles < 2:
        return None, None, "no interval: all pairs are of one article"
    if resamples < 1:
        return None, None, "no interval was asked for"
    if len(found) * 2 < resamples:
        return None, None, "no interval: the values vary in too few articles"
    low, high = np.percentile(np.array(found), [2.5, 97.5])
    return float(low), float(high), None


def measure_found(pairs: Sequence[CodedPair], *, seed: int = 0, resamples: int = RESAMPLES) -> FoundAgreement:
    """How far coders find the same incidents: F1, the harmonic mean of both shares, with its 95 % interval.

    Every incident counts once, whatever the number of its fields among `pairs`.
    """
    import numpy as np

    rows = sorted(
        {(p.article_id, p.coder_a, p.coder_b, p.incident) for p in pairs},
        key=lambda r: (r[0], r[1], r[2], r[3][0] or "", r[3][1] or ""),
    )
    if not rows:
        words = "undefined: no incident was found by either coder"
        return FoundAgreement(both=0, only_ours=0, only_theirs=0, f1=None, low=None, high=None, undefined=words)
    found = np.array([[None not in i, i[1] is None, i[0] is None] for *_, i in rows], dtype=np.float64)
    articles, at = np.unique([row[0] for row in rows], return_inverse=True)
    by_article = np.zeros((len(articles), 3))
    np.add.at(by_article, at, found)
    both, ours, theirs = (int(n) for n in by_article.sum(axis=0))
    drawn: list[float] = []
    for weights in draw_weights(len(articles), seed, resamples if len(articles) > 1 else 0):
        sums = weights @ by_article
        drawn += (2 * sums[:, 0] / (2 * sums[:, 0] + sums[:, 1] + sums[:, 2])).tolist()
    low, high, _ = _cut_interval(drawn, resamples, len(articles))
    f1 = 2 * both / (2 * both + ours + theirs)
    return FoundAgreement(both=both, only_ours=ours, only_theirs=theirs, f1=f1, low=low, high=high, undefined=None)
