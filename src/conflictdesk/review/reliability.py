"""How far two coders agree beyond chance: Krippendorff's alpha and Cohen's kappa, for pairs of values.

Sources: K. Krippendorff, Content Analysis (4th ed. 2018), ch. 12; J. Cohen, A coefficient of agreement for nominal
scales (1960). A value of None means that the coder did not code the unit; such units say nothing about agreement.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from scipy.sparse import csr_array

    Numbers = npt.NDArray[np.float64]

Scale = Literal["nominal", "ordinal", "interval"]
_ROWS: Final = 64
"""Resamples that are weighed at once: enough to be quick, few enough to be small."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What alpha needs to know of the units both coders coded, by cluster (an article), so that clusters can be drawn.

    `counts`: how often each value was given, a row a cluster. `apart`: the sum of squared differences of each cluster;
    on an ordinal scale, where a difference depends on all counts, how often each pair of `pairs` came up, a row a
    cluster. `values` are those of an interval scale, from their mean.
    """

    scale: Scale
    values: Numbers
    counts: csr_array
    apart: Numbers | csr_array
    pairs: tuple[tuple[int, int], ...]


def tally_units(
    ours: Sequence[float | str], theirs: Sequence[float | str], scale: Scale, clusters: Sequence[str] | None = None
) -> Tally:
    """Count the units that both coders coded; on an interval scale all values are numbers.

    `clusters` names what each unit belongs to, in any order; without it all are one.

    Raises:
        ValueError: the sequences are not of one length, or an interval scale has words.
    """
    import numpy as np
    from scipy.sparse import csr_array

    known = sorted({*ours, *theirs}, key=lambda v: (isinstance(v, str), v))
    place = {value: n for n, value in enumerate(known)}
    first, second = np.array([place[v] for v in ours], int), np.array([place[v] for v in theirs], int)
    names = [""] * len(ours) if clusters is None else clusters
    _, at = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
    size, width = int(at.max(initial=-1)) + 1, len(known)
    ones = np.ones(2 * len(first))
    counts = csr_array((ones, (np.concatenate([at, at]), np.concatenate([first, second]))), shape=(size, width))
    values = np.array([float(v) if scale == "interval" else n for n, v in enumerate(known)])
    values = values - values.mean() if width else values
    if scale == "ordinal":
        pairs, column = np.unique(np.stack([first, second]), axis=1, return_inverse=True)
        table = csr_array((np.ones(len(at)), (at, column.ravel())), shape=(size, pairs.shape[1]))
        return Tally(scale, values, counts, table, tuple((int(a), int(b)) for a, b in pairs.T))
    squared = (first != second).astype(float) if scale == "nominal" else (values[first] - values[second]) ** 2
    return Tally(scale, values, counts, np.bincount(at, squared, size), ())


def weigh_alphas(tally: Tally, weights: Numbers) -> Numbers:
    """Alpha where each cluster counts so many times: one for each row of `weights`, not a number where undefined.

    Alpha is 1 less observed by expected disagreement. The difference of two ordinal values is that of their mean ranks,
    which is Krippendorff's sum over the values between them; so both metric scales have one closed form.
    """
    import numpy as np

    counts = (tally.counts.T @ weights.T).T
    total = counts.sum(axis=1)
    if tally.scale == "nominal":
        observed = 2 * (weights @ tally.apart)
        expected = total**2 - (counts**2).sum(axis=1)
    else:
        at = np.cumsum(counts, axis=1) - counts / 2 if tally.scale == "ordinal" else tally.values[np.newaxis, :]
        mean = (counts * at).sum(axis=1) / np.maximum(total, 1)
        expected = 2 * total * (counts * (at - mean[:, np.newaxis]) ** 2).sum(axis=1)
        observed = 2 * (_sum_ranks(tally, weights, at) if tally.scale == "ordinal" else weights @ tally.apart)
    defined = np.count_nonzero(counts, axis=1) > 1
    ratio = np.divide((total - 1) * observed, expected, out=np.full(len(weights), np.nan), where=defined)
    return np.asarray(1 - ratio, dtype=np.float64)


def _sum_ranks(tally: Tally, weights: Numbers, at: Numbers) -> Numbers:
    import numpy as np

    left, right = np.array(tally.pairs, int).reshape(-1, 2).T
    times = (tally.apart.T @ weights.T).T
    return np.asarray((times * (at[:, left] - at[:, right]) ** 2).sum(axis=1), dtype=np.float64)


def draw_weights(clusters: int, seed: int, resamples: int) -> Iterator[Numbers]:
    """How often each cluster comes up in each resample, some rows at a time: counts that add up to `clusters`."""
    import numpy as np

    rng = np.random.default_rng(seed)
    for start in range(0, resamples, _ROWS):
        rows = min(_ROWS, resamples - start)
        drawn = rng.integers(clusters, size=(rows, clusters)) + clusters * np.arange(rows)[:, np.newaxis]
        yield np.bincount(drawn.ravel(), minlength=rows * clusters).reshape(rows, clusters).astype(np.float64)


def compute_alpha(
    ours: Sequence[float | str | None], theirs: Sequence[float | str | None], scale: Scale
) -> float | None:
    """Krippendorff's alpha of two coders: 1 is perfect, 0 is chance; None where it is undefined.

    It is undefined when no unit was coded by both, or when all values are the same: then nothing could have differed.

    >>> compute_alpha(["a", "a", "b", None], ["a", "b", "b", "a"], "nominal")
    0.4444444444444444
    >>> compute_alpha(["a", "a"], ["a", "a"], "nominal") is None
    True
    """
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    return read_alpha(tally_units([a for a, _ in pairs], [b for _, b in pairs], scale))


def read_alpha(tally: Tally) -> float | None:
    """Alpha of the units as they are; None where it is undefined."""
    import numpy as np

    size = tally.counts.shape[0]
    alpha = float(weigh_alphas(tally, np.ones((1, size)))[0]) if size else math.nan
    return None if math.isnan(alpha) else alpha


def compute_kappa(ours: Sequence[Hashable | None], theirs: Sequence[Hashable | None]) -> float | None:
    """Cohen's kappa of two coders on unordered values; None where no unit was coded by both or all values are one.

    >>> compute_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    0.5
    """
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    mine, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    same = sum(a == b for a, b in pairs)
    # Whole numbers as long as possible, so that "all values are one" is seen exactly.
    chance = sum(times * other[value] for value, times in mine.items())
    if not pairs or chance == len(pairs) ** 2:
        return None
    return (same * len(pairs) - chance) / (len(pairs) ** 2 - chance)
