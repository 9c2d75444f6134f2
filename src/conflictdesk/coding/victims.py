"""How many people a noun phrase names, and on which side it puts them.

People are counted as a reader counts them: "a boy and a girl" are 2, "his wife and three children" 4, "the driver" 1.
A plural without any number ("killing civilians") is imputed: at least 2, best 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from conflictdesk.coding.casualty_words import (
    GROUPS,
    NOT_PEOPLE,
    PERSONS,
    PLURAL_PRONOUNS,
    SINGULAR_PRONOUNS,
    THINGS,
    Side,
    list_words,
)
from conflictdesk.coding.numbers import FoundQuantity, Quantity
from conflictdesk.coding.person_nouns import is_named_person, is_person, number_of
from conflictdesk.coding.victim_lists import BREAKS, list_company, list_joined
from conflictdesk.coding.victim_sides import read_side
from conflictdesk.coding.word_trees import WordTree

_ONE = Quantity.exactly(1)
PLURAL = Quantity(low=2, best=3, high=None, value_is="at least", imputed="plural=3")
_PAIRS = {"couple": 2, "pair": 2, "duo": 2, "twins": 2, "trio": 3, "brothers": None}
_DEFINITE = list_words("the this that these those his her its their my our your")
_YEAR = re.compile(r"1[89]\d\d|20\d\d")
_ORDINALS = list_words("second third fourth fifth sixth seventh eighth ninth tenth")
_NEW = list_words("another other others further additional")


@dataclass(frozen=True, slots=True, kw_only=True)
class Victims:
    """The people a noun phrase names: tokens `first`..`last`, `head` their noun.

    `definite`: the phrase points back at people named before ("the victim", "he", "two of them").
    `added`: it says that these come on top of others ("another three", "two others").
    """

    quantity: Quantity
    head: int
    first: int
    last: int
    side: Side
    definite: bool = False
    added: bool = False


def count_people(tree: WordTree, head: int, before: int | None = None) -> Victims | None:
    """Count the people of the noun phrase whose head is token `head`, with all that "and" joins to it.

    `before`: only what stands before that token (the three of "left three dead and two in hospital"). None when no
    people are meant, or when their number cannot be told ("them", "the family").
    """
    head = _antecedent(tree, head)
    listed = [*list_joined(tree, head), *list_company(tree, head)]
    parts = [_count_one(tree, part) for part in listed if before is None or part < before or part == head]
    known = [part for part in parts if part is not None]
    if not known or (parts[0] is None and len(known) < len(parts) and not is_person(tree, head)):
        return None
    total = _add(known)
    if len(known) < len(parts) and len(parts) > 1 and _is_group(tree, head):
        total = replace(total, quantity=replace(total.quantity, high=None, value_is="at least"))
    return total


def count_each(tree: WordTree, head: int) -> list[Victims]:
    """Count the people of each noun that "and" joins to token `head`, one by one."""
    head = _antecedent(tree, head)
    found = [_count_one(tree, part) for part in list_joined(tree, head)]
    return [part for part in found if part is not None]


def _antecedent(tree: WordTree, n: int) -> int:
    """ "who" and "that" stand for the noun that their clause hangs on."""
    if tree.lower[n] not in ("who", "that", "which", "whom"):
        return n
    for up in tree.heads(n):
        if tree.tokens[up].dep in ("relcl", "acl"):
            noun = tree.tokens[up].head
            if tree.tokens[noun].dep == "appos" and _is_of_them(tree, noun):
                noun = tree.tokens[noun].head  # "11 villagers, five of them children, who were killed"
            return noun if tree.lower[n] not in ("who", "whom") or is_person(tree, noun) else _far_person(tree, noun)
    return n


def _is_of_them(tree: WordTree, noun: int) -> bool:
    first = tree.left_edge(noun)
    return ("of", "them") in pairwise(tree.lower[first:noun])


def _far_person(tree: WordTree, noun: int) -> int:
    """The "man" of "a man lay on the pavement who had been shot", where the parser chose the nearer noun."""
    if tree.tokens[noun].dep != "pobj":
        return noun
    for up in tree.heads(noun):
        if tree.is_verb(up):
            subject = tree.child(up, "nsubjpass", "dobj", "nsubj")
            found = subject is not None and is_person(tree, subject) and tree.tokens[noun].entity != "PERSON"
            return subject if found and subject is not None else noun
    return noun


def _add(parts: list[Victims]) -> Victims:
    if len(parts) == 1:
        return parts[0]
    quantities = [part.quantity for part in parts]
    highs = [q.high for q in quantities]
    imputed = "; ".join(dict.fromkeys(q.imputed for q in quantities if q.imputed)) or None
    worded = {q.value_is for q in quantities} - {"exact"}
    quantity = Quantity(
        low=sum(q.low for q in quantities),
        best=sum(q.best for q in quantities),
        high=None if None in highs else sum(high for high in highs if high is not None),
        value_is="at least" if None in highs else (sorted(worded)[0] if worded else "exact"),
        imputed=imputed,
    )
    sides = {part.side for part in parts}
    return Victims(
        quantity=quantity,
        head=parts[0].head,
        first=min(part.first for part in parts),
        last=max(part.last for part in parts),
        side=sides.pop() if len(sides) == 1 else "unknown",
        definite=all(part.definite for part in parts),
        added=parts[0].added,
    )


def _count_one(tree: WordTree, n: int) -> Victims | None:
    word = tree.lower[n]
    first, last = tree.phrase(n)
    if _is_age_noun(tree, n):
        return _count_ages(tree, n)
    if word in SINGULAR_PRONOUNS:
        side: Side = "attackers" if word == "himself" or word == "herself" else "unknown"
        return Victims(quantity=_ONE, head=n, first=n, last=n, side=side, definite=True)
    if word in PLURAL_PRONOUNS or word in ("who", "that", "which", "it", "itself", "whom"):
        return None
    found = tree.quantity_at(n) or number_of(tree, n)
    people = _members(tree, n)
    if found is None and people is not None and (word in GROUPS or word in ("number", "total", "group")):
        found = number_of(tree, people) or tree.quantity_at(people)
        if found is None and word not in ("number", "total", "group"):
            return None
        if found is None and tree.tokens[people].tag == "NNS" and is_person(tree, people):
            return Victims(
                quantity=PLURAL, head=n, first=first, last=last, side=read_side(tree.lower[first : last + 1])
            )
    if found is not None and tree.lemma(n) in GROUPS and word not in _PAIRS and not _counts_members(tree, n, found):
        return None
    if _is_not_people(tree, n, people):
        return None
    quantity = found.quantity if found is not None else _bare_quantity(tree, n)
    if quantity is None or (quantity.best == 0 and tree.quantity_at(n) is None and not is_person(tree, n)):
        return None
    if found is not None and found.core == n and people is None and _YEAR.fullmatch(word):
        return None
    if found is not None:
        first = _clip(tree, first, found.first) if found.last <= n else min(first, found.first)
        last = max(last, found.last)
    first = max([first, *(i + 1 for i in range(first, n) if tree.lower[i] in BREAKS)])
    words = tree.lower[first : last + 1]
    return Victims(
        quantity=quantity,
        head=n,
        first=first,
        last=last,
        side=read_side(words),
        definite=words[0] in _DEFINITE and not (found is not None and found.core == first),
        added=_is_added(words, None if found is None else found.core - first),
    )


def _clip(tree: WordTree, first: int, number: int) -> int:
    """The start of a counted phrase: only "the other", "all" and the like may stand before its number."""
    start = number
    while start > first and (
        tree.tokens[start - 1].pos in ("DET", "ADJ", "PRON") or tree.lower[start - 1] in ("another", "all")
    ):
        start -= 1
    return start


def _is_age_noun(tree: WordTree, n: int) -> bool:
    """True for the "old" of "a 16-year-old" standing for a person."""
    return (tree.lower[n] in ("old", "olds") and n >= 2 and tree.lower[n - 1] == "-") or tree.lower[n].endswith(
        ("year-old", "year-olds")
    )


def _count_ages(tree: WordTree, n: int) -> Victims | None:
    age = next((i for i in range(n, max(-1, n - 6), -1) if tree.quantity_at(i) is not None), n)
    before = tree.quantity_at(age - 1) if age else None
    if tree.lower[n].endswith("olds"):
        quantity = before.quantity if before is not None else PLURAL
    else:
        quantity = _ONE
    first = (
        before.first if before is not None else max(0, age - 1) if age and tree.tokens[age - 1].pos == "DET" else age
    )
    words = tree.lower[first : n + 1]
    return Victims(
        quantity=quantity,
        head=n,
        first=first,
        last=n,
        side="unknown",
        definite=words[0] in _DEFINITE,
        added="another" in words,
    )


def _is_added(words: tuple[str, ...], core: int | None) -> bool:
    """True for "another three", "two others" and "three more", not for "more than three"."""
    if words[-2:-1] == ("the",) and words[-1] in ("wounded", "injured"):
        return True  # "two of the wounded died later"
    return bool(_NEW & set(words)) or words[-1] in _ORDINALS or (core is not None and "more" in words[core:])


def _members(tree: WordTree, n: int) -> int | None:
    """The noun after "of": the people of "dozens of people", "a family of five", "two of them"."""
    for c in tree.children[n]:
        if tree.lower[c] == "of" and c > n:
            return tree.child(c, "pobj")
    return None


def _counts_members(tree: WordTree, n: int, found: FoundQuantity) -> bool:
    """True for "a family of five", not for "3,000 families"."""
    return found.core > n or tree.quantity_at(n) is not None


def _is_not_people(tree: WordTree, n: int, people: int | None) -> bool:
    noun = people if people is not None and tree.quantity_at(n) is not None else n
    word, lemma = tree.lower[noun], tree.lemma(noun)
    if word in ("dead", "wounded", "injured") or word in PERSONS or lemma in PERSONS:
        return False
    following = tree.lower[n + 1] if n + 1 < len(tree) else ""
    if tree.quantity_at(n) is not None and following in (
        "%",
        "percent",
        "years",
        "-",
        "year",
        "km",
        "miles",
        "a.m.",
        "p.m.",
    ):
        return True
    return word in NOT_PEOPLE or lemma in NOT_PEOPLE or (lemma in THINGS and tree.is_noun(noun))


def _bare_quantity(tree: WordTree, n: int) -> Quantity | None:
    """The number that a noun without any figure implies: 1, a plural, or none that can be told."""
    token, word = tree.tokens[n], tree.lower[n]
    if word in _PAIRS:
        pair = _PAIRS[word]
        return PLURAL if pair is None else Quantity.exactly(pair)
    if word in GROUPS:
        return None
    # "Killed more people than before" compares; it gives no number.
    if tree.has_child(n, {"every", "each", "any", "more", "fewer", "less", "many"}):
        return None
    plural = token.tag in ("NNS", "NNPS") or word in (
        "people",
        "children",
        "men",
        "women",
        "police",
        "troops",
        "others",
    )
    if plural:
        return PLURAL if is_person(tree, n) or word == "others" else None
    if token.pos == "PROPN":
        return _ONE if is_named_person(tree, n) else None
    if word in ("one", "another") or (word in _ORDINALS and tree.has_child(n, {"a"})):
        return _ONE  # "killed four and wounded a fifth"
    return _ONE if is_person(tree, n) else None


def _is_group(tree: WordTree, n: int) -> bool:
    return tree.lower[n] in GROUPS
