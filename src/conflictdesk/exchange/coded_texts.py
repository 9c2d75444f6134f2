"""The words around a quote: its sentences and its paragraphs, cut from an article's text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Final

Json = dict[str, object]
"""An object of a result file, as read: nothing is known of its values."""

_STOP: Final = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")
_SHORT: Final = re.compile(
    r"(?:\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Capt|Maj|Brig|St|No|Gov|Sen|Rep)"
    r"|\b[A-Z](?:\.[A-Z])*)$"
)


def cut_sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentences begin and end that the stretch `start`..`end` of a text lies in.

    >>> text = "It rained. On Sept. 3 two died in Upper Vale. Help came."
    >>> first, last = cut_sentences(text, 22, 30)
    >>> text[first:last]
    'On Sept. 3 two died in Upper Vale.'
    """
    begins, ends = _list_stops(text)
    before = bisect_right(ends, start)
    after = max(before, bisect_left(begins, end - 1))
    first = ends[before - 1] if before else 0
    last = ends[after] if after < len(ends) else len(text)
    return first, first + len(text[first:last].rstrip())


@lru_cache(maxsize=4)  # an article of many quotes is looked through once, not once for each quote
def _list_stops(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where the stops between sentences begin, and where they end."""
    stops = [stop.span() for stop in _STOP.finditer(text) if "\n" in stop[0] or not _is_short(text, stop.start())]
    return tuple(begin for begin, _ in stops), tuple(end for _, end in stops)


def _is_short(text: str, at: int) -> bool:
    return text[at] == "." and _SHORT.search(text[max(0, at - 12) : at]) is not None


def cut_paragraphs(text: str, start: int, end: int) -> tuple[int, int]:
    r"""Where the paragraph of a stretch begins and ends, with the one before and the one after it.

    >>> text = "one\n\ntwo\n\nthree\n\nfour\n\nfive"
    >>> first, last = cut_paragraphs(text, 11, 13)
    >>> text[first:last]
    'two\n\nthree\n\nfour'
    """
    above, below = text.rfind("\n", 0, start), text.find("\n", end)
    if above >= 0:
        above = text.rfind("\n", 0, len(text[:above].rstrip("\n")))
    if below >= 0:
        after = below + len(text[below:]) - len(text[below:].lstrip("\n"))
        below = text.find("\n", after)
    return above + 1, len(text) if below < 0 else below


def get_text(told: Json, key: str) -> str | None:
    """The text under a key; None for anything else and for nothing."""
    value = told.get(key)
    return value if isinstance(value, str) and value else None


def get_map(told: Json, key: str) -> Json:
    """The object under a key, empty for anything else."""
    value = told.get(key)
    return value if isinstance(value, dict) else {}


def get_items(told: Json, key: str) -> list[object]:
    """The list under a key, empty for anything else."""
    value = told.get(key)
    return value if isinstance(value, list) else []
