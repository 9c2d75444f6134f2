"""Tolls told by nouns: "the deaths of 13", "12 bodies were found", "14 deaths and 60 injuries"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conflictdesk.coding.casualty_words import (
    BODY_NOUNS,
    CARE_VERBS,
    COUNTED_DEAD,
    DEATH_NOUNS,
    FINDERS,
    FINDING_VERBS,
    INJURY_NOUNS,
    LOST_PEOPLE,
    OTHER_NOUNS,
    SUFFER_VERBS,
    TollMeasure,
    list_words,
)
from conflictdesk.coding.numbers import FoundQuantity, Quantity
from conflictdesk.coding.person_nouns import is_person, number_of
from conflictdesk.coding.toll_marks import Trigger, mark_toll
from conflictdesk.coding.victim_sides import read_side
from conflictdesk.coding.victims import PLURAL, Victims, count_people
from conflictdesk.coding.word_trees import WordTree

_NO_TOLL_AFTER = list_words(
    "toll penalty sentence row squad squads threat threats certificate certificates camp camps rate rates trap"
)
_CONDITIONS = list_words("critical stable serious guarded grave fair good")


def noun_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """Yield the tolls that noun `n` tells."""
    if not tree.is_noun(n) and tree.tokens[n].tag != "VBG":
        return
    lemma, after = tree.lemma(n), tree.lower[n + 1] if n + 1 < len(tree) else ""
    if after in _NO_TOLL_AFTER:
        return
    if lemma in INJURY_NOUNS or (lemma == "condition" and tree.lower[n - 1] in _CONDITIONS and n > 0):
        yield from _with_wounds(tree, n)
    if lemma in BODY_NOUNS:
        yield from _body_triggers(tree, n)
        return
    if lemma in ("shooting", "stabbing", "victim"):
        yield from _shooting_triggers(tree, n)
        return
    if lemma == "loss":
        yield from _loss_triggers(tree, n)
        return
    measure: TollMeasure | None = OTHER_NOUNS.get(lemma)
    if lemma in DEATH_NOUNS:
        measure = "deaths"
    elif lemma in INJURY_NOUNS:
        measure = "injured"
    if lemma in ("martyr", "fatality") or measure is not None:
        yield from _nominal(tree, n, measure or "deaths")


def _with_wounds(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "Two men arrived with gunshot wounds", "three are in critical condition"."""
    head = tree.tokens[n].head
    bare = tree.lower[head] == "from" and tree.lower[tree.tokens[head].head] == "suffering"
    if tree.tokens[n].dep in ("nsubj", "nsubjpass") and tree.lemma(n) in ("injury", "wound"):
        poss = tree.child(n, "poss")
        if poss is not None and _is_judged(tree, n):
            for found in mark_toll(tree, n, "injured", _owner(tree, poss), weak=True):
                yield replace(found, predicate=poss)
        return
    if not (bare or tree.lower[head] in ("with", "in", "for")) or tree.tokens[n].dep != "pobj":
        return
    owner = tree.tokens[head].head
    if tree.is_verb(owner):
        subject = tree.child(owner, "nsubjpass", "dobj")
        if subject is None and tree.lemma(owner) not in FINDERS:
            subject = tree.child(owner, "nsubj")
    else:
        subject = owner if tree.is_noun(owner) or tree.quantity_at(owner) is not None else None
    if tree.lower[head] in ("with", "from") and (subject is None or not _may_be_hurt(tree, subject)):
        subject = bearer_of(tree, head)
    if subject is not None and subject != n and tree.lemma(subject) not in INJURY_NOUNS:
        yield from mark_toll(tree, n, "injured", count_people(tree, subject), weak=True)


def _is_judged(tree: WordTree, n: int) -> bool:
    """True for "his injuries are not life-threatening": what a doctor says of a wound."""
    verb = tree.tokens[n].head
    return bool(
        {tree.lower[i] for i in tree.subtree(verb)} & {"threatening", "life-threatening", "non-life-threatening"}
    )


def _owner(tree: WordTree, n: int) -> Victims | None:
    if tree.lower[n] not in ("his", "her"):
        return count_people(tree, n)
    return Victims(quantity=Quantity.exactly(1), head=n, first=n, last=n, side="unknown", definite=True)


def _may_be_hurt(tree: WordTree, n: int) -> bool:
    return (
        is_person(tree, n)
        or tree.quantity_at(n) is not None
        or tree.tokens[n].pos in ("PRON", "PROPN")
        or tree.lower[n] in ("another", "others")
    )


def bearer_of(tree: WordTree, n: int) -> int | None:
    """The person who bears the wound told at token `n`, sought upwards: "a man walked into a clinic with a wound"."""
    for up in [*tree.heads(n)][:6]:
        if tree.is_noun(up) and is_person(tree, up):
            return up
        if not tree.is_verb(up):
            continue
        found = tree.lemma(up) in FINDERS
        named = tree.child(up, "nsubjpass", "dobj") if found else tree.child(up, "nsubjpass", "nsubj")
        if found and named is None:
            clause = tree.child(up, "ccomp")
            named = None if clause is None else tree.child(clause, "nsubj")
        if named is not None:
            named = tree.tokens[up].head if tree.lower[named] == "who" else named
            return named if _may_be_hurt(tree, named) else None
    return None


def _loss_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "The loss of 700 troops", "the loss of 12 lives"."""
    of = next((c for c in tree.children[n] if tree.lower[c] == "of" and c > n), None)
    named = None if of is None else tree.child(of, "pobj")
    if named is not None and number_of(tree, named) is not None and tree.lemma(named) in LOST_PEOPLE:
        yield from mark_toll(tree, n, "deaths", count_people(tree, named))


def _shooting_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "The shooting of five people", "the fatal stabbing of a nurse", "two gunshot victims"."""
    if tree.lemma(n) == "victim":
        found = number_of(tree, n)
        if tree.has_child(n, {"shooting", "gunshot", "stabbing"}):
            if found is not None:
                yield from mark_toll(tree, n, "injured", _counted(tree, n, found), weak=True)
            elif tree.has_child(n, {"a", "an"}):
                yield from mark_toll(tree, n, "injured", count_people(tree, n), weak=True)
        return
    of = next((c for c in tree.children[n] if tree.lower[c] == "of" and c > n), None)
    named = None if of is None else tree.child(of, "pobj")
    if named is not None:
        fatal = tree.has_child(n, {"fatal", "deadly"})
        yield from mark_toll(tree, n, "deaths" if fatal else "injured", count_people(tree, named), weak=not fatal)


def _nominal(tree: WordTree, n: int, measure: TollMeasure) -> Iterator[Trigger]:
    of = next((c for c in tree.children[n] if tree.lower[c] in ("of", "to", "among") and c > n), None)
    named = None if of is None else tree.child(of, "pobj")
    if (
        named is not None
        and tree.lower[of or 0] == "of"
        and measure != "injured"
        and tree.lemma(named) not in DEATH_NOUNS
    ):
        yield from mark_toll(tree, n, measure, count_people(tree, named))
        return
    if (
        named is not None
        and tree.lower[of or 0] == "to"
        and measure == "injured"
        and number_of(tree, named) is not None
    ):
        yield from mark_toll(tree, n, measure, count_people(tree, named))
        return
    behind = next((q for q in tree.quantities if q.first == n + 2), None)
    if tree.lower[n + 1 : n + 2] == ("to",) and behind is not None and measure == "injured":
        noun = tree.tokens[behind.core].head
        yield from mark_toll(tree, n, measure, count_people(tree, noun if tree.is_noun(noun) else behind.core))
        return
    found = number_of(tree, n) or _number_as_head(tree, n)
    if found is None and _is_caused(tree, n):
        first, last = tree.phrase(n)
        plural = Victims(quantity=PLURAL, head=n, first=first, last=last, side=read_side(tree.lower[first : last + 1]))
        yield from mark_toll(tree, n, measure, plural)
        return
    countable = tree.lemma(n) in COUNTED_DEAD or tree.tokens[n].tag == "NNS"
    if measure == "injured" and (
        tree.lemma(n) != "injury" or tree.lemma(tree.tokens[n].head) in SUFFER_VERBS | CARE_VERBS
    ):
        return
    if found is not None and found.quantity.best > 0 and countable:
        yield from mark_toll(tree, n, measure, _counted(tree, n, found), weak=measure == "injured")


def _is_caused(tree: WordTree, n: int) -> bool:
    """True for the bare plural of "caused deaths and injuries"."""
    if (
        tree.tokens[n].tag != "NNS"
        or tree.lemma(n) not in ("death", "fatality", "injury")
        or tree.has_child(n, {"no", "the", "any"})
    ):
        return False
    first = n
    while tree.tokens[first].dep == "conj" and tree.tokens[first].head < first:
        first = tree.tokens[first].head
    verb = tree.tokens[first].head
    if tree.tokens[first].dep == "pobj" and tree.lower[verb] in ("in", "to"):
        verb = tree.tokens[verb].head
    elif tree.tokens[first].dep != "dobj":
        return False
    return tree.lemma(verb) in ("cause", "result", "lead", "inflict") and not tree.has_child(verb, {"not", "n't"})


def _number_as_head(tree: WordTree, n: int) -> FoundQuantity | None:
    """The "dozens" of "dozens of deaths"."""
    token = tree.tokens[n]
    if token.dep == "pobj" and tree.lower[token.head] == "of":
        return tree.quantity_at(tree.tokens[token.head].head)
    return None


def _counted(tree: WordTree, n: int, found: FoundQuantity) -> Victims:
    first = min(found.first, tree.phrase(n)[0])
    return Victims(
        quantity=found.quantity,
        head=n,
        first=first,
        last=max(n, found.last),
        side=read_side(tree.lower[first : n + 1]),
        added="other" in tree.lower[first:n] or "more" in tree.lower[found.last : n],
    )


def _body_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "12 bodies were recovered", "the bodies of three men were found"."""
    of = next((c for c in tree.children[n] if tree.lower[c] == "of" and c > n), None)
    named = None if of is None else tree.child(of, "pobj")
    if named is not None:
        yield from mark_toll(tree, n, "deaths", count_people(tree, named))
        return
    found = number_of(tree, n) or _number_as_head(tree, n)
    verbs = [up for up in tree.heads(n) if tree.is_verb(up)][:1]
    if found is not None and found.quantity.best > 0:
        yield from mark_toll(tree, n, "deaths", _counted(tree, n, found))
    elif verbs and tree.lemma(verbs[0]) in FINDING_VERBS and tree.child(n, "poss") is not None:
        owner = tree.child(n, "poss") or n
        owner = tree.tokens[verbs[0]].head if tree.lower[owner] == "whose" else owner
        yield from mark_toll(tree, n, "deaths", count_people(tree, owner))
    elif verbs and tree.lemma(verbs[0]) in FINDING_VERBS and tree.has_child(n, {"a"}):
        first, last = tree.phrase(n)
        yield from mark_toll(
            tree, n, "deaths", Victims(quantity=Quantity.exactly(1), head=n, first=first, last=last, side="unknown")
        )
