"""Which articles repeat an earlier one, word for word or nearly."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from conflictdesk.records import Article

SHINGLE = 8
ALIKE = 0.8
BANDS, ROWS = 16, 4
SEED = 20210926
Shingles = NDArray[np.uint64]


def mark_duplicates(articles: Sequence[Article]) -> list[Article]:
    """The same articles in the same order, `duplicate_of` naming the original of each repeat.

    The original is the one published first (undated ones last), then the one of lower id, so that the order of
    `articles` does not matter. Two texts repeat each other when 80 % of their runs of eight words are the same
    (Jaccard), found by MinHash and then counted exactly (Broder 1997); texts under eight words must be the same.
    """
    by_age = sorted(articles, key=lambda a: (a.published_on or dt.date.max, a.article_id))
    factors = _factors()
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    shingles: list[Shingles] = []
    found: dict[str, str] = {}
    for number, article in enumerate(by_age):
        mine = _cut_shingles(article.text)
        shingles.append(mine)
        keys = _make_keys(mine, factors)
        near = sorted({other for key in keys for other in buckets.get(key, ())})
        original = next((other for other in near if _is_alike(mine, shingles[other])), None)
        if original is None:
            for key in keys:
                buckets[key].append(number)
        elif by_age[original].article_id != article.article_id:
            found[article.article_id] = by_age[original].article_id
    return [replace(a, duplicate_of=found[a.article_id]) if a.article_id in found else a for a in articles]


def _cut_shingles(text: str) -> Shingles:
    """Hashes of the runs of eight words; of the whole text when it is shorter."""
    words = re.findall(r"\w+", text.casefold())
    runs = (" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))
    return np.unique(np.fromiter((zlib.crc32(run.encode("utf-8", "replace")) for run in runs), dtype=np.uint64))


def _factors() -> tuple[Shingles, Shingles]:
    draw = np.random.RandomState(SEED)
    odd = draw.randint(1, 2**62, size=BANDS * ROWS, dtype=np.int64).astype(np.uint64) | np.uint64(1)
    return odd, draw.randint(0, 2**62, size=BANDS * ROWS, dtype=np.int64).astype(np.uint64)


def _make_keys(shingles: Shingles, factors: tuple[Shingles, Shingles]) -> list[tuple[int, bytes]]:
    """The article's MinHash signature in bands: two alike articles share one nearly surely."""
    signature = np.concatenate(
        [
            ((shingles[None, :] * a[:, None] + b[:, None]) >> np.uint64(24)).min(axis=1)
            for a, b in zip(np.split(factors[0], BANDS), np.split(factors[1], BANDS), strict=True)
        ]
    )
    return [(band, signature[band * ROWS : (band + 1) * ROWS].tobytes()) for band in range(BANDS)]


def _is_alike(left: Shingles, right: Shingles) -> bool:
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared >= ALIKE * (len(left) + len(right) - shared)
