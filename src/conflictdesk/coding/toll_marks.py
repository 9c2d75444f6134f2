"""A word that tells a toll, and the stretch of words that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conflictdesk.coding.casualty_words import TollMeasure
from conflictdesk.coding.victims import Victims
from conflictdesk.coding.word_trees import WordTree

_COMPLETIONS = (
    ("to", "death"), ("hostage",), ("into", "custody"), ("to", "hospital"), ("to", "the", "hospital"),
    ("to", "a", "hospital"), ("for", "injuries"), ("for", "wounds"), ("to", "flee"), ("in", "hospital"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A word that tells a toll (`predicate`), the people it tells of, and the tokens `first`..`last` that show it.

    `weak`: the words tell of a wound or of care, which may be those of people counted elsewhere.
    """

    measure: TollMeasure
    predicate: int
    victims: Victims
    first: int
    last: int
    weak: bool = False


def mark_toll(
    tree: WordTree, n: int, measure: TollMeasure, victims: Victims | None, *, weak: bool = False
) -> Iterator[Trigger]:
    if victims is not None and not (weak and victims.quantity.best == 0):
        first, last = _tight(tree, n, victims)
        yield Trigger(measure=measure, predicate=n, victims=victims, first=first, last=last, weak=weak)


def _tight(tree: WordTree, n: int, victims: Victims) -> tuple[int, int]:
    """From the victims' first word to the predicate, or from the predicate (with its "shot") to their last."""
    first, last = min(victims.first, n), max(victims.last, n)
    for c in tree.children[n]:
        near = c in (last + 1, first - 1) or n < c < last
        if near and (
            tree.lower[c] in ("dead", "down", "fatally", "mortally") or tree.tokens[c].dep in ("auxpass", "prt", "neg")
        ):
            first, last = min(first, c), max(last, c)
    for words in _COMPLETIONS:
        if tree.lower[last + 1 : last + 1 + len(words)] == words:
            return first, last + len(words)
    return first, last
