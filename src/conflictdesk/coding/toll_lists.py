"""Tolls whose verb is left out: the "three in Beit Noura" of "killed two in Tal Amara and three in Beit Noura"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conflictdesk.coding.casualty_words import Side, list_words
from conflictdesk.coding.numbers import FoundQuantity
from conflictdesk.coding.person_nouns import is_person
from conflictdesk.coding.toll_marks import Toll
from conflictdesk.coding.victim_lists import is_at_place
from conflictdesk.coding.victim_sides import read_side
from conflictdesk.coding.word_trees import WordTree
from conflictdesk.records import Span

_OPENERS = list_words(", and ; another : – —")


def read_gaps(tree: WordTree, tolls: list[Toll]) -> Iterator[Toll]:
    """Yield the people told at a further place: added where the whole has a place of its own, else a part of it."""
    parted: set[Span] = set()
    for found in tree.quantities:
        last = _people_end(tree, found)
        if last is None or found.first == 0 or tree.lower[found.first - 1] not in _OPENERS:
            continue
        start = tree.tokens[found.first].start
        whole = _whole(tree, tolls, found)
        if whole is None or any(t.span.start < tree.tokens[last].end and start < t.span.end for t in tolls):
            continue
        placed = whole.span not in parted and _has_place(tree, whole, found.first)
        if not placed:
            parted.add(whole.span)
        if not placed and whole.estimate.high is not None and found.quantity.low > whole.estimate.high:
            continue
        named = tree.span(found.first, last)
        yield replace(
            whole,
            span=named,
            estimate=found.quantity.estimate(),
            value_is=found.quantity.value_is,
            imputed=found.quantity.imputed,
            victims=named,
            victim_text=tree.text(named),
            side=_side(tree, whole, found.last, last),
            part_of=not placed,
            added=placed,
            apart=placed,
            definite=False,
        )


def _side(tree: WordTree, whole: Toll, number: int, last: int) -> Side:
    return whole.side if last == number else read_side(tree.lower[number + 1 : last + 1])


def _people_end(tree: WordTree, found: FoundQuantity) -> int | None:
    """The last token of "three rebels" in "three rebels in Dara"; None where no place follows."""
    if not found.quantity.best:
        return None
    last = found.last
    while last + 1 < len(tree) and last < found.last + 3 and (tree.is_noun(last + 1) or tree.lower[last + 1] == "more"):
        last += 1
    if last > found.last and not (is_person(tree, last) or tree.lower[last] in ("others", "more")):
        return None
    return last if is_at_place(tree, last + 1) else None


def _whole(tree: WordTree, tolls: list[Toll], found: FoundQuantity) -> Toll | None:
    """The toll told last before the number, in the same clause."""
    start = tree.tokens[found.first].start
    before = [t for t in tolls if t.span.start < start and not t.negated and not t.part_of and not t.weak]
    whole = max(before, key=lambda t: t.span.start, default=None)
    if whole is None or whole.measure not in ("deaths", "injured"):
        return None
    between = [n for n, t in enumerate(tree.tokens) if t.start >= whole.span.end and n < found.first]
    return None if any(tree.is_verb(n) for n in between) else whole


def _has_place(tree: WordTree, whole: Toll, end: int) -> bool:
    after = whole.victims.start if whole.victims is not None else whole.span.start
    return any(is_at_place(tree, n) for n, t in enumerate(tree.tokens) if t.start >= after and n < end)
