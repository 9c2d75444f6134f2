"""Lists of victims: what "and", commas and "along with" join to a noun."""

from __future__ import annotations

from conflictdesk.coding.casualty_words import list_words
from conflictdesk.coding.person_nouns import is_person, number_of
from conflictdesk.coding.word_trees import WordTree

BREAKS = frozenset({"--", "—", "–", ":", ";", "|"})
_AT = list_words("in at near outside inside around")
_DAYS = list_words(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_TOGETHER = frozenset({"along", "together"})
_STATUS = list_words("wounded injured hurt dead killed missing")


def list_joined(tree: WordTree, head: int) -> list[int]:
    """The head and the nouns that "and" joins to it, left to right."""
    # "Five people, all women and children": what follows a counted plural tells of the same people.
    alone = (
        tree.tokens[head].tag in ("NNS", "NNPS", "CD")
        or number_of(tree, head) is not None
        or tree.lower[head] == "people"
    )
    parts = [head, *_stray_items(tree, head)] if alone else [head, *_siblings(tree, head), *_stray_items(tree, head)]
    todo = list(parts)
    while todo:
        for c in tree.children[todo.pop()]:
            if {":", "–", "—", "("} & set(tree.lower[min(c, parts[0]) : max(c, parts[0])]):
                continue
            listed = tree.tokens[c].dep == "conj" or (
                not alone and tree.tokens[c].dep == "appos" and _opens_list(tree, c)
            )
            if listed and c not in parts and _can_be_noun(tree, c) and not _is_elsewhere(tree, parts[0], c):
                parts.append(c)
                todo.append(c)
    return sorted(parts)


def _is_elsewhere(tree: WordTree, first: int, n: int) -> bool:
    """True for the "three" of "two people in Tal Amara and three in Beit Noura", told at a place of its own."""
    behind = tree.quantity_at(n) is not None or number_of(tree, n) is not None
    end = n + 1 + (tree.lower[n + 1 : n + 2] in (("more",), ("others",)))
    return behind and is_at_place(tree, end) and any(is_at_place(tree, i) for i in range(first + 1, n))


def is_at_place(tree: WordTree, n: int) -> bool:
    """True when "in Dara", "in the town of Dara" begins at token `n`."""
    if n + 1 >= len(tree) or tree.lower[n] not in _AT:
        return False
    return any(
        tree.tokens[i].pos == "PROPN" and tree.lower[i] not in _DAYS
        for i in range(n + 1, min(n + 6, len(tree)))
        if not any(tree.is_verb(k) or tree.lower[k] in (",", "and", ";") for k in range(n + 1, i))
    )


def _siblings(tree: WordTree, n: int) -> list[int]:
    """The other subjects of the same verb, where the parser broke a list into several."""
    dep, verb = tree.tokens[n].dep, tree.tokens[n].head
    if dep not in ("nsubjpass", "dobj") or verb == n:
        return []
    return [
        c
        for c in tree.children[verb]
        if c != n
        and not BREAKS & set(tree.lower[min(c, n) : max(c, n)])
        and tree.tokens[c].dep == dep
        and (c < verb) == (n < verb)
        and is_person(tree, c)
    ]


def _stray_items(tree: WordTree, n: int) -> list[int]:
    """The rest of "killing a colonel, three soldiers and a driver", which the parser hung on the verb."""
    verb = tree.tokens[n].head
    if tree.tokens[n].dep != "dobj" or not tree.is_verb(verb):
        return []
    after = [c for c in tree.children[verb] if c > n and tree.tokens[c].dep == "conj" and tree.is_noun(c)]
    return [c for c in after if tree.lower[tree.left_edge(c) - 1] in (",", "and") and is_person(tree, c)]


def _opens_list(tree: WordTree, n: int) -> bool:
    """True for the "wife" of "a farmer, his wife and their sons", which the parser takes for an apposition."""
    joined = [c for c in tree.children[n] if tree.tokens[c].dep == "conj" and tree.is_noun(c)]
    return bool(joined) and is_person(tree, n) and is_person(tree, joined[0]) and tree.has_child(n, {"and"})


def list_company(tree: WordTree, n: int) -> list[int]:
    """The "15 relatives" of "the doctor, along with 15 relatives, was killed"."""
    verb = tree.tokens[n].head
    near = [n] if not tree.is_verb(verb) or tree.tokens[n].dep not in ("nsubjpass", "dobj", "nsubj") else [n, verb]
    found: list[int] = []
    for c in (c for place in near for c in tree.children[place]):
        if tree.lower[c] in ("alongside", "with") and (
            tree.lower[c] == "alongside" or (tree.lower[c - 1] in _TOGETHER and c > 0)
        ):
            noun = tree.child(c, "pobj")
        elif tree.lower[c] in _TOGETHER:
            inner = next((i for i in tree.children[c] if tree.lower[i] == "with"), None)
            noun = None if inner is None else tree.child(inner, "pobj")
        else:
            noun = None
        if noun is not None:
            found += list_joined(tree, noun)
    return found


def _can_be_noun(tree: WordTree, n: int) -> bool:
    if tree.lower[n] in _STATUS or any(
        tree.tokens[c].dep in ("nsubj", "nsubjpass", "aux", "auxpass") for c in tree.children[n]
    ):
        return False
    return tree.tokens[n].pos in ("NOUN", "PROPN", "NUM", "PRON", "DET") or tree.quantity_at(n) is not None
