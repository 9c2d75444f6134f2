"""The figures inside one event's toll: its parts, what each side suffered, and each rival whole with its teller.

"Nine were killed, including two children, the governor said; a hospital put it at 12" gives children 2, everyone 9
(said by the governor) and everyone 12 (said by a hospital). None of them changes the event's own estimate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from conflictdesk.coding.numbers import Quantity, read_quantity
from conflictdesk.coding.toll_sums import is_countable, sum_tolls
from conflictdesk.coding.tolls import Toll
from conflictdesk.coding.victim_sides import read_group, read_side
from conflictdesk.records import Actor, Estimate, Figure, FigureOf, Span

_MEASURES: tuple[Literal["deaths", "injured"], ...] = ("deaths", "injured")
_AND = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_ARMED_KINDS = frozenset({"Rebel group", "Political militia", "Identity militia"})


def list_figures(
    tolls: Sequence[Toll], text: str, actor1: Actor | None = None, actor2: Actor | None = None
) -> tuple[Figure, ...]:
    """List the figures of ONE event's tolls, given in article order; `text` is the article's.

    A whole figure that nobody disputes and nobody is named for is left out: it is the event's own estimate. A side is
    an actor where exactly one of the two can bear it ("soldiers" where only actor 1 is a state's forces).
    """
    found: dict[Figure, None] = {}
    for measure in _MEASURES:
        told = [t for t in tolls if t.measure == measure and is_worth_telling(t)]
        for figure in (*_parts(told, text, actor1, actor2), *_wholes(told, text)):
            found.setdefault(figure)
    return tuple(_without_repeats(list(found)))


def is_worth_telling(toll: Toll) -> bool:
    """True when a toll is said of this event as a fact, with somebody harmed."""
    off = toll.unreal or toll.feared or toll.cumulative or toll.historic or toll.negated or toll.weak
    return not off and toll.estimate.best > 0


def _parts(told: Sequence[Toll], text: str, actor1: Actor | None, actor2: Actor | None) -> Iterator[Figure]:
    for toll in told:
        listed = _by_side(toll, actor1, actor2)
        for of_side, estimate in listed:
            yield _figure(toll, of_side, estimate, text, (toll.span,))
        if listed:
            continue
        of = _of_group(toll, actor1, actor2)
        # "The driver" and "his wife" are people told before, one by one; "the bomber" is a part that says something.
        if of is not None and (toll.part_of or not toll.definite or of == "attackers"):
            yield _figure(toll, of, toll.estimate, text, (toll.span,))


def _by_side(toll: Toll, actor1: Actor | None, actor2: Actor | None) -> list[tuple[FigureOf, Estimate]]:
    """Each side of "three soldiers and nine rebels"; none where the pieces are not all of a side or do not add up."""
    found: list[tuple[FigureOf, Estimate]] = []
    for piece in _AND.split(toll.victim_text):
        side, quantity = read_side(piece.split()), read_quantity(piece)
        if quantity is None and piece.lower().startswith(("a ", "an ", "the ")):
            quantity = Quantity.exactly(1)
        of = _of_group(replace(toll, side=side, victim_text=piece), actor1, actor2)
        if of is None or quantity is None:
            return []
        found.append((of, quantity.estimate()))
    adds_up = sum(estimate.best for _, estimate in found) == toll.estimate.best
    return found if adds_up and len({of for of, _ in found}) == len(found) > 1 else []


def _of_group(toll: Toll, actor1: Actor | None, actor2: Actor | None) -> FigureOf | None:
    """Whose deaths or wounds a toll tells of; None for people of no side."""
    if toll.side == "attackers":
        return "attackers"
    group = read_group(toll.victim_text.split())
    if group is not None and toll.side in ("civilians", "unknown"):
        return group
    if toll.side == "civilians":
        return "civilians"
    if toll.side in ("state", "police"):
        return _bearer([a is not None and _fits_state(a, toll.side) for a in (actor1, actor2)]) or "security forces"
    if toll.side == "armed":
        return _bearer([a is not None and a.kind in _ARMED_KINDS for a in (actor1, actor2)]) or "other"
    return "other" if toll.part_of else None


def _fits_state(actor: Actor, side: str) -> bool:
    named = {"state": "Military Forces", "police": "Police Forces"}[side]
    return actor.kind == "State forces" and actor.name.startswith(named)


def _bearer(fits: Sequence[bool]) -> FigureOf | None:
    """The one actor of two that can bear a loss; None where neither or both can."""
    if list(fits).count(True) != 1:
        return None
    return "actor1" if fits[0] else "actor2"


def _wholes(told: Sequence[Toll], text: str) -> Iterator[Figure]:
    """Each different whole figure with its teller, where there are several or where one is named."""
    wholes = [f for _, group in groupby(told, key=lambda t: t.sentence) for f in _whole_of(list(group), text)]
    wholes.sort(key=lambda f: f.evidence[0])
    wholes = [f for f in wholes if f.estimate.imputed is None] or wholes
    if len({f.estimate for f in wholes}) > 1 or any(f.said_by for f in wholes):
        yield from wholes


def _whole_of(tolls: list[Toll], text: str) -> Iterator[Figure]:
    """What one sentence says of everyone: the sum of its people, and apart from it each bare figure."""
    counted = [t for t in tolls if is_countable(t)]
    for toll in counted:
        if toll.victims is None:
            yield _figure(toll, "everyone", toll.estimate, text, (toll.span,))
    named = [t for t in counted if t.victims is not None]
    if (
        not named
        or any(t.definite or (t.added and not t.apart and t is named[0]) for t in named)
        or not any(_is_general(t) for t in named)
    ):
        return
    total = sum_tolls(named, named[0].measure)
    if total is not None and total.estimate.best > 1:
        yield _figure(named[0], "everyone", total.estimate, text, total.spans)


def _is_general(toll: Toll) -> bool:
    return toll.side == "unknown" and not toll.also


def _figure(toll: Toll, of: FigureOf, estimate: Estimate, text: str, spans: tuple[Span, ...]) -> Figure:
    return Figure(
        measure="deaths" if toll.measure == "deaths" else "injured",
        of=of,
        estimate=estimate,
        said_by=toll.said_by.quote(text).strip() if toll.said_by is not None else None,
        evidence=spans,
    )


def _without_repeats(figures: list[Figure]) -> Iterator[Figure]:
    """Drop what is told again: the same figure of the same people by the same teller, or by nobody in particular."""
    kept: dict[tuple[str, str, Estimate], set[str | None]] = {}
    for figure in figures:
        kept.setdefault((figure.measure, figure.of, figure.estimate), set()).add(figure.said_by)
    done: set[tuple[str, str, Estimate, str | None]] = set()
    for figure in figures:
        key = (figure.measure, figure.of, figure.estimate, figure.said_by)
        named = kept[key[:3]] - {None}
        if key in done or (figure.said_by is None and named):
            continue
        done.add(key)
        yield figure
