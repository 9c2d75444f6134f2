"""Figures that are a part of another one: "including two children", "nine of them civilians"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conflictdesk.coding.person_nouns import is_person
from conflictdesk.coding.toll_marks import Toll
from conflictdesk.coding.victim_sides import read_side
from conflictdesk.coding.victims import Victims, count_people
from conflictdesk.coding.word_trees import WordTree


def read_parts(tree: WordTree, tolls: list[Toll]) -> Iterator[Toll]:
    """The "two children" of "five people, including two children, were killed"."""
    for n, word in enumerate(tree.lower):
        opens = word in ("including", "includes", "include") or (
            word == "among" and tree.lower[n + 1 : n + 2] in (("them",), ("whom",))
        )
        if not opens:
            continue
        whole = _whole(tree, tolls, n)
        part = None if whole is None else _first_noun(tree, n + (2 if word == "among" else 1))
        if (
            whole is None
            or part is None
            or part.quantity.best == 0
            or any(t.victims == tree.span(part.first, part.last) for t in tolls)
        ):
            continue
        top = whole.estimate.high
        if top is not None and part.quantity.low > top:
            continue
        yield _part_of(tree, whole, part, n)
    yield from _described(tree, tolls)


def _described(tree: WordTree, tolls: list[Toll]) -> Iterator[Toll]:
    """The "nine of them civilians" of "11 people, nine of them civilians, were killed"."""
    for found in tree.quantities:
        noun = found.last + 3
        if tree.lower[found.last + 1 : noun] not in (("of", "them"), ("of", "whom")):
            continue
        while noun < len(tree) and tree.lower[noun] in ("were", "was", "are", "also"):
            noun += 1
        whole = _whole(tree, tolls, found.first)
        if whole is None or noun >= len(tree) or found.quantity.best == 0 or not is_person(tree, noun):
            continue
        side = read_side([tree.lower[noun]])
        part = Victims(quantity=found.quantity, head=noun, first=found.first, last=noun, side=side)
        if whole.estimate.high is None or part.quantity.low <= whole.estimate.high:
            yield _part_of(tree, whole, part, found.first)


def _part_of(tree: WordTree, whole: Toll, part: Victims, first: int) -> Toll:
    named = tree.span(part.first, part.last)
    return replace(
        whole,
        span=tree.span(first, part.last),
        estimate=part.quantity.estimate(),
        value_is=part.quantity.value_is,
        imputed=part.quantity.imputed,
        victims=named,
        victim_text=tree.text(named),
        side=part.side,
        part_of=True,
        weak=False,
    )


def _whole(tree: WordTree, tolls: list[Toll], n: int) -> Toll | None:
    at = tree.tokens[n].start
    before = [t for t in tolls if t.span.start < at and not t.negated and not t.part_of and t.estimate.best > 1]
    return (
        max(before, key=lambda t: t.victims.start if t.victims and t.victims.start < at else t.span.start)
        if before
        else None
    )


def _first_noun(tree: WordTree, start: int) -> Victims | None:
    """The people of the first noun phrase from token `start`, with what "and" joins to it."""
    for n in range(start, min(start + 10, len(tree))):
        if tree.is_verb(n) and tree.tokens[n].tag in ("VBD", "VBZ", "VBP"):
            return None
        found = tree.quantity_at(n)
        if found is not None and n < found.core:
            continue
        head = tree.tokens[n].head
        if tree.is_noun(n) or (tree.quantity_at(n) is not None and (head < n or not tree.is_noun(head))):
            while (
                tree.tokens[n].dep in ("compound", "nmod", "amod", "nummod", "poss")
                and tree.is_noun(tree.tokens[n].head)
                and tree.tokens[n].head > n
            ):
                n = tree.tokens[n].head
            return count_people(tree, n)
    return None
