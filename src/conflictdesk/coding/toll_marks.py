"""A toll, and the word and the stretch of words that tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conflictdesk.coding.casualty_words import Side, TollMeasure
from conflictdesk.coding.victims import Victims
from conflictdesk.coding.word_trees import WordTree
from conflictdesk.records import Estimate, Span, ValueIs

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """A number of people that one sentence tells of.

    `span` holds the smallest stretch that shows it, `victims` the noun phrase of the people (None when only a
    figure stands there), `predicate` the number of the token that tells what befell them.
    `imputed` names the rule when the words hold no figure. The flags:
    part_of: a subset of a figure before it ("including two children"); never add it.
    added: on top of others ("another three"); also: told with "also".
    definite: points back at people named before ("the victim").
    cumulative: over many events or a period; historic: of a past year; update: a revised total ("toll rises to").
    unreal: threatened, planned, denied or possible only. feared: not known yet. weak: wounds or care, perhaps of
    people counted elsewhere. survived: out of danger, or getting well. apart: told at a
    place of its own ("and three in Dara"). negated: "no casualties", with the estimate 0.
    """

    sentence: int
    span: Span
    measure: TollMeasure
    estimate: Estimate
    value_is: ValueIs
    imputed: str | None
    victims: Span | None
    victim_text: str
    predicate: int
    side: Side
    said_by: Span | None = None
    part_of: bool = False
    added: bool = False
    also: bool = False
    definite: bool = False
    cumulative: bool = False
    historic: bool = False
    update: bool = False
    unreal: bool = False
    feared: bool = False
    weak: bool = False
    survived: bool = False
    apart: bool = False
    negated: bool = False


def mark_toll(
    tree: WordTree, n: int, measure: TollMeasure, victims: Victims | None, *, weak: bool = False
) -> Iterator[Trigger]:
    """Yield the trigger of token `n` when its victims could be told, with the smallest stretch that shows it."""
    if victims is not None and not (weak and (victims.quantity.best == 0 or _is_helper(tree, victims))):
        first, last = _tight(tree, n, victims)
        yield Trigger(measure=measure, predicate=n, victims=victims, first=first, last=last, weak=weak)


def _is_helper(tree: WordTree, victims: Victims) -> bool:
    """True for the bare "officers" of "officers ... with a gunshot wound", whom the parser took for the wounded."""
    return victims.quantity.imputed is not None and tree.lemma(victims.head) in ("police", "officer", "deputy", "medic")


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
