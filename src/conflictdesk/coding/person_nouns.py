"""Nouns that name people, and the numbers that count them."""

from __future__ import annotations

from conflictdesk.coding.casualty_words import NOT_PEOPLE, PERSON_ENDINGS, PERSONS, THINGS, list_words
from conflictdesk.coding.numbers import FoundQuantity
from conflictdesk.coding.word_trees import WordTree

_TITLES = list_words("mr mrs ms dr gen col lt maj capt cpl sgt pvt pfc cmdr brig abu sheikh prof rev fr cst spc")


def is_person(tree: WordTree, n: int) -> bool:
    """True when the noun is one that names people."""
    word, lemma = tree.lower[n], tree.lemma(n)
    if word in PERSONS or lemma in PERSONS:
        return True
    if tree.tokens[n].pos == "NOUN" and len(lemma) > 4 and lemma.endswith(PERSON_ENDINGS):
        return lemma not in THINGS and lemma not in NOT_PEOPLE and tree.tokens[n].tag != "VBG"
    return ("-" in word and word.rpartition("-")[2] in PERSONS) or word.endswith("-old")


def is_named_person(tree: WordTree, n: int) -> bool:
    """True when a proper noun names a person rather than a place, a group or a day."""
    if tree.tokens[n].entity == "PERSON" or is_person(tree, n):
        return True
    if tree.tokens[n].entity in ("GPE", "LOC", "FAC", "DATE", "TIME", "EVENT", "LAW", "LANGUAGE", "NORP"):
        return False
    if tree.tokens[n].entity == "" and not tree.lower[n].isupper() and tree.tokens[n].dep in ("nsubjpass", "dobj"):
        return True
    if any(tree.tokens[c].dep == "relcl" and _is_whose(tree, c) for c in tree.children[n]):
        return True
    named_wrong = {"PRODUCT": ("nsubjpass", "dobj"), "WORK_OF_ART": ("nsubjpass", "dobj"), "ORG": ("nsubjpass",)}
    if tree.tokens[n].dep in named_wrong.get(tree.tokens[n].entity, ()) and tree.tokens[n].text.istitle():
        return not any(tree.lower[c] == "the" for c in tree.children[n])
    # A title ("Gen. Qasim") or an age after the name ("Amir Haddad, 19,") makes a person of a name.
    first, _ = tree.phrase(n)
    if any(tree.lower[i].rstrip(".") in _TITLES or tree.lower[i] in PERSONS for i in range(first, n)):
        return True
    following = tree.lower[n + 1 : n + 4]
    return len(following) == 3 and following[0] == "," and following[1].isdigit()


def _is_whose(tree: WordTree, clause: int) -> bool:
    """True for the clause of "Adan, who sold bread"."""
    return any(tree.lower[c] in ("who", "whom") for c in tree.children[clause])


def number_of(tree: WordTree, n: int) -> FoundQuantity | None:
    """The number that counts noun `n`: the last one in the words to its left that is no age or date."""
    edge = tree.left_edge(n)
    for found in reversed(tree.quantities):
        if found.last < n and found.core >= edge and not _is_aside(tree, found, n):
            return found
    return None


def _is_aside(tree: WordTree, found: FoundQuantity, n: int) -> bool:
    between = tree.lower[found.last + 1 : n]
    if any(
        word in ("year", "years", "month", "months", "day", "week", "old", "%", "percent", "km", "th")
        for word in between
    ):
        return True
    if any(tree.is_verb(i) and tree.tokens[i].tag in ("VBD", "VBZ", "VBP", "MD") for i in range(found.last + 1, n)):
        return True
    if between[:1] == ("-",) or (found.core > 0 and tree.lower[found.core - 1] in ("every", "per")):
        return True
    return found.core > 0 and tree.lower[found.core - 1] in ("$", "€", "£", "aged", "age")
