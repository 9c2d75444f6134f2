"""Tolls told by nouns: "the deaths of 13", "12 bodies were found", "14 deaths and 60 injuries"."""

from __future__ import annotations

from collections.abc import Iterator

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
from conflictdesk.coding.person_nouns import number_of
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
    if tree.lower[head] not in ("with", "in", "for") or tree.tokens[n].dep != "pobj":
        return
    owner = tree.tokens[head].head
    if tree.is_verb(owner):
        subject = tree.child(owner, "nsubjpass", "dobj")
        if subject is None and tree.lemma(owner) not in FINDERS:
            subject = tree.child(owner, "nsubj")
    else:
        subject = owner if tree.is_noun(owner) or tree.quantity_at(owner) is not None else None
    if subject is not None and subject != n and tree.lemma(subject) not in INJURY_NOUNS:
        yield from mark_toll(tree, n, "injured", count_people(tree, subject), weak=True)


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
        if found is not None and tree.has_child(n, {"shooting", "gunshot", "stabbing"}):
            yield from mark_toll(tree, n, "injured", _counted(tree, n, found), weak=True)
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
        yield from mark_toll(tree, n, "deaths", count_people(tree, tree.child(n, "poss") or n))
    elif verbs and tree.lemma(verbs[0]) in FINDING_VERBS and tree.has_child(n, {"a"}):
        first, last = tree.phrase(n)
        yield from mark_toll(
            tree, n, "deaths", Victims(quantity=Quantity.exactly(1), head=n, first=first, last=last, side="unknown")
        )
