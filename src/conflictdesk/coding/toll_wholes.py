"""Which figures are wholes, parts or additions, told from the words around them before any sum is made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from conflictdesk.coding.tolls import Toll

_OF_THEM = re.compile(r"\bof (?:them|those|whom|the (?:others|survivors))$", re.IGNORECASE)


def mark_wholes(tolls: Sequence[Toll]) -> list[Toll]:
    """Let "one of them died in hospital" add to the dead where the words before it told of the wounded.

    A figure that says it includes the attackers is the whole, whatever was told before it.
    """
    marked: list[Toll] = []
    for toll in tolls:
        last = next((t for t in reversed(marked) if not t.part_of and not t.negated), None)
        hurt = last is not None and toll.measure == "deaths" and last.measure == "injured"
        if hurt and _OF_THEM.search(toll.victim_text) and last is not None and toll.estimate.best < last.estimate.best:
            toll = replace(toll, added=True)
        with_doers = toll.part_of and toll.side == "attackers" and last is not None and last.measure == toll.measure
        if last is not None and with_doers and last.sentence == toll.sentence and last.victims is not None:
            at = max(n for n, t in enumerate(marked) if t is last)
            marked[at] = replace(last, update=True)  # "six people, including the gunman": all of them
        marked.append(toll)
    return marked


MANY = 10


def yield_round(tolls: list[Toll]) -> list[Toll]:
    """Let round words give way to figures, but "dozens" not to the one or two who are told among them."""
    exact = [t for t in tolls if t.imputed is None]
    many = [t for t in tolls if t.imputed is not None and t.estimate.low >= MANY]
    if not exact or not many:
        return exact or tolls
    floor = min(t.estimate.low for t in many)
    among = [t for t in exact if t.estimate.best <= 2 and not (t.added or t.also) and _is_among(t, many)]
    if sum(t.estimate.best for t in exact) * 3 < floor:
        return [t for t in tolls if t in many or (t in exact and t not in among)]
    return [t for t in exact if t not in among] or exact


def _is_among(toll: Toll, many: list[Toll]) -> bool:
    return any(sides_agree(toll.side, t.side) for t in many)


def sides_agree(left: str, right: str) -> bool:
    """True when two figures may be of the same people."""
    return left == right or "unknown" in (left, right)
