"""How sure each value of a mention is: a probability per field, from named signs and weights learnt on our own texts.

p = 1 / (1 + e^-(start + sum of the weights of the signs that hold)), a logistic regression for each field, written by
`training/fit_confidence.py` into `confidence.toml`. Under "event" stands the probability that this is an event of the
codebook at all; the others hold given that it is one. For a field without a value it is the probability that there is
none to be coded.
"""

from __future__ import annotations

import functools
import importlib.resources
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping

from conflictdesk.coding.signs import SIGNS, Known, list_signs
from conflictdesk.errors import CodebookError

START = "start"
_LOWEST, _HIGHEST = 0.02, 0.98  # a few hundred texts say no more
Weights = Mapping[str, Mapping[str, float]]
Rate = Callable[[Known], Mapping[str, float]]


@functools.cache
def load_weights() -> Weights:
    """The weight of every sign of every field, and each field's `start`.

    Raises:
        CodebookError: confidence.toml and the signs of this version do not fit each other.
    """
    text = importlib.resources.files("conflictdesk.coding").joinpath("confidence.toml").read_text("utf-8")
    weights: Weights = tomllib.loads(text)
    wrong = [
        f"[{field}] {name}"
        for field, signs in SIGNS.items()
        for name in {START, *(s.name for s in signs)} ^ set(weights.get(field, {}))
    ]
    if wrong:
        raise CodebookError(
            f"confidence.toml does not fit the signs ({'; '.join(sorted(wrong))}): run training/fit_confidence.py"
        )
    return weights


def rate_mention(known: Known) -> dict[str, float]:
    """The probability, 0.02 to 0.98, of "event" and of each field of a mention; none of a day or place unknown."""
    return {field: weigh_signs(field, list_signs(field, known)) for field in list_fields(known)}


def list_fields(known: Known) -> tuple[str, ...]:
    """The fields that have a probability: every event has a day and a place, so no value there is never right."""
    unknown = {"date"} if known.dated.dates is None else set()
    unknown |= {"place"} if known.placed.place is None else set()
    return tuple(field for field in SIGNS if field not in unknown)


def weigh_signs(field: str, signs: Iterable[str]) -> float:
    """The probability that a field is right where these signs hold.

    >>> weigh_signs("date", ()) > weigh_signs("date", ("inferred, not said of it", "no day is said"))
    True
    """
    weights = load_weights()[field]
    total = weights[START] + sum(weights[name] for name in signs)
    return round(min(_HIGHEST, max(_LOWEST, 1 / (1 + math.exp(-total)))), 2)
