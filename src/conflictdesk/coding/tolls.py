"""How many people a sentence says were killed, hurt, driven out, held, taken or lost, and the words that say so."""

from __future__ import annotations

import re
from dataclasses import replace

from conflictdesk.coding.casualty_words import TollMeasure
from conflictdesk.coding.toll_figures import read_denials, read_pointed_figures, read_toll_figures
from conflictdesk.coding.toll_flags import read_flags
from conflictdesk.coding.toll_lists import read_gaps
from conflictdesk.coding.toll_marks import Toll, Trigger
from conflictdesk.coding.toll_parts import read_doers, read_parts
from conflictdesk.coding.toll_triggers import find_triggers
from conflictdesk.coding.word_trees import WordTree
from conflictdesk.records import Sentence

_SURVIVED = re.compile(
    r"\bstable\b|\bnon[- ]?life[- ]threatening|\bnot (?:\w+ )?(?:to be )?life[- ]threatening|n[’']t life[- ]threatening"
    r"|\bexpected to (?:survive|recover|live)|\b(?:good|fair) condition|\b(?:has|have|was|were) (?:since )?released\b"
    r"|\b(?:were|are|remain) (?:still )?in (?:the )?hospitals?\b|\b(?:were|are) being treated\b"
    r"|\bsurvived\b|\brecovering\b|\btreated and released\b",
    re.I,
)

__all__ = ["Toll", "read_tolls"]


def read_tolls(sentence: Sentence) -> tuple[Toll, ...]:
    """Read every toll of a sentence, in the order of its words; none when the sentence has no tokens.

    Hypothetical and denied tolls are kept and flagged `unreal`.
    """
    if not sentence.tokens:
        return ()
    tree = WordTree(sentence)
    tolls = [_make(tree, trigger) for trigger in _distinct(tree, list(find_triggers(tree)))]
    read = [toll for toll in tolls if toll is not None]
    read += read_toll_figures(tree)
    read += read_pointed_figures(tree)
    read += read_denials(tree)
    read = _drop_doubles(read)
    read += read_gaps(tree, read)
    read += [*read_parts(tree, read), *read_doers(tree, read)]
    return tuple(sorted(read, key=lambda toll: (toll.span, toll.measure)))


def _distinct(tree: WordTree, triggers: list[Trigger]) -> list[Trigger]:
    """One trigger for each measure and victim; a wound counts no more when the same people die."""
    kept: list[Trigger] = []
    for trigger in sorted(triggers, key=lambda t: (t.weak, tree.tokens[t.predicate].dep == "amod", t.predicate)):
        same = [t for t in kept if t.victims.head == trigger.victims.head]
        if any(t.measure == trigger.measure for t in same) or (same and tree.tokens[trigger.predicate].dep == "amod"):
            continue
        if trigger.weak and _is_same_as_doer(tree, trigger, kept):
            continue
        if trigger.weak and any(t.measure in ("deaths", "injured") for t in same):
            continue
        kept.append(trigger)
    return sorted(kept, key=lambda t: t.first)


def _is_same_as_doer(tree: WordTree, trigger: Trigger, kept: list[Trigger]) -> bool:
    """True for the "himself" of "a man was taken to hospital after shooting himself", who is counted already."""
    if tree.lower[trigger.victims.head] not in ("himself", "herself"):
        return False
    doers = {tree.child(up, "nsubj", "nsubjpass") for up in [trigger.predicate, *tree.heads(trigger.predicate)]}
    return any(t.victims.head in doers and t.measure == "injured" for t in kept)


def _make(tree: WordTree, trigger: Trigger) -> Toll | None:
    flags = read_flags(tree, trigger.predicate)
    victims = trigger.victims
    zero = victims.quantity.best == 0
    if flags.refused and not zero:
        return None
    span = tree.span(trigger.first, trigger.last)
    named = tree.span(victims.first, victims.last)
    return Toll(
        sentence=tree.sentence.index,
        span=span,
        measure=trigger.measure,
        estimate=victims.quantity.estimate(),
        value_is=victims.quantity.value_is,
        imputed=victims.quantity.imputed,
        victims=named,
        victim_text=tree.text(named),
        predicate=trigger.predicate,
        side=victims.side,
        said_by=flags.said_by,
        part_of=_is_part(tree, trigger),
        added=victims.added,
        also=tree.has_child(trigger.predicate, {"also", "too"}),
        definite=victims.definite,
        cumulative=flags.cumulative,
        historic=flags.historic,
        unreal=flags.unreal,
        feared=flags.feared,
        weak=trigger.weak,
        survived=trigger.measure == "injured" and _SURVIVED.search(tree.sentence.text) is not None,
        negated=zero,
    )


def _is_part(tree: WordTree, trigger: Trigger) -> bool:
    before = tree.lower[max(0, trigger.victims.first - 3) : trigger.victims.first]
    return "including" in before or ("among" in before and "them" in before)


def _drop_doubles(tolls: list[Toll]) -> list[Toll]:
    """Keep one toll where two readings rest on the same words; nobody hurt means nobody killed."""
    figures = [t.span for t in tolls if t.victims is None and not t.negated]
    tolls = [t for t in tolls if t.imputed is None or t.victims is None or not any(f.meets(t.span) for f in figures)]
    kept: list[Toll] = []
    for toll in tolls:
        clash = [
            t for t in kept if t.measure == toll.measure and t.span.meets(toll.span) and t.estimate == toll.estimate
        ]
        if not clash:
            kept.append(toll)
    hurt = [t for t in kept if t.negated and t.measure == "injured" and t.victims is not None]
    unharmed = [replace(t, measure="deaths", imputed="unharmed=0") for t in hurt if not _has_zero(kept, "deaths")]
    return kept + unharmed[:1]


def _has_zero(tolls: list[Toll], measure: TollMeasure) -> bool:
    return any(t.measure == measure for t in tolls)
