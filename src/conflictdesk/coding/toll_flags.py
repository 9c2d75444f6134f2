"""What a sentence says about a toll beside the number: who says it, whether it happened, over what time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from conflictdesk.coding.casualty_words import DENIAL_VERBS, REAL_HEADS, SAYING_VERBS, UNREAL_HEADS, list_words
from conflictdesk.coding.toll_periods import is_cumulative, is_historic
from conflictdesk.coding.word_trees import WordTree
from conflictdesk.records import Span

_MODALS = list_words("could would might may can should must will 'll wo ca shall cannot")
_NOT_DONE = list_words("without avoid prevent stop bar deter keep avert")
_NOT_YET = list_words(
    "attempt bid plot plan threat intent intention effort right order capable aim aimed risk ability chance"
)
_OPEN = list_words("possible unclear unknown unconfirmed uncertain")
_COUNTING = list_words("count give tally")
_IF = list_words("if unless whether lest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """How a toll is said: see the fields of the same names in `tolls.Toll`."""

    unreal: bool
    feared: bool
    refused: bool
    cumulative: bool
    historic: bool
    said_by: Span | None


def read_flags(tree: WordTree, predicate: int) -> Flags:
    """Read what hangs about the word that tells the toll."""
    feared = _is_feared(tree, predicate)
    return Flags(
        unreal=_is_unreal(tree, predicate),
        feared=feared,
        refused=_is_refused(tree, predicate),
        cumulative=is_cumulative(tree, predicate),
        historic=is_historic(tree, predicate),
        said_by=_speaker(tree, predicate),
    )


def _chain(tree: WordTree, predicate: int) -> list[int]:
    """The predicate, and the verbs that it only goes on from ("threatened to find and kill")."""
    chain = [predicate]
    for up in tree.heads(predicate):
        below = tree.tokens[chain[-1]].dep
        if below == "conj" and tree.child(chain[-1], "nsubj", "nsubjpass", "aux", "auxpass", "mark") is None:
            chain.append(up)
        else:
            break
    return chain


def _is_unreal(tree: WordTree, predicate: int) -> bool:
    return any(_one_is_unreal(tree, n) for n in _chain(tree, predicate))


def _one_is_unreal(tree: WordTree, n: int) -> bool:
    governor = n
    if not tree.is_verb(n):
        governor = next((up for up in tree.heads(n) if tree.is_verb(up)), n)
    for c in tree.children[governor]:
        word = tree.lower[c]
        if (tree.tokens[c].dep in ("aux", "auxpass") and word in _MODALS) or (
            tree.tokens[c].dep == "mark" and word in _IF
        ):
            return True
    if _is_doubted(tree, n):
        return True
    before = set(tree.lower[max(0, n - 2) : n])
    if before & {"nearly", "almost"} and tree.is_verb(n) and tree.quantity_at(n - 1) is None:
        return tree.lower[n - 1] in ("nearly", "almost")
    if governor == n and _is_bare_infinitive(tree, n):
        return _infinitive_is_unreal(tree, n)
    if any(
        tree.lower[i] in _NOT_DONE or tree.lemma(i) in _NOT_DONE or tree.lemma(i) in DENIAL_VERBS
        for i in _above(tree, n)
    ):
        return True
    return tree.tokens[n].tag == "VBG" and any(tree.lower[i] in _NOT_YET for i in _above(tree, n))


def _above(tree: WordTree, n: int) -> list[int]:
    """The words that the predicate hangs on: one or two heads, through a preposition or "that"."""
    above: list[int] = []
    for up in tree.heads(n):
        above.append(up)
        if len(above) == 2 or tree.tokens[up].dep == "ROOT":
            break
    if tree.tokens[n].dep in ("relcl", "conj", "ROOT"):
        return []
    return [up for up in above if up < n]


def _is_doubted(tree: WordTree, n: int) -> bool:
    """True for "it is possible that a guard was shot", "no reports that anyone was hurt", "attempted murder"."""
    if not tree.is_verb(n):
        return tree.has_child(n, {"attempted"})
    for up in _above(tree, n):
        if tree.lemma(up) in ("be", "’s", "'s") and any(
            tree.lower[c] in _OPEN for c in tree.children[up] if tree.tokens[c].dep in ("acomp", "attr")
        ):
            return True
        if tree.lemma(up) in ("report", "word", "indication", "evidence", "sign") and tree.has_child(up, {"no"}):
            return True
    return False


def _is_bare_infinitive(tree: WordTree, n: int) -> bool:
    words = {tree.lower[c] for c in tree.children[n] if tree.tokens[c].dep in ("aux", "auxpass")}
    return "to" in words and not words & {"have", "having"} and tree.tokens[n].tag in ("VB", "VBN")


def _infinitive_is_unreal(tree: WordTree, n: int) -> bool:
    head = tree.tokens[n].head
    if tree.lemma(head) in UNREAL_HEADS or tree.lower[head] in _NOT_YET:
        return True
    if tree.lemma(head) in REAL_HEADS:
        return tree.lower[head] == "going"
    # "the first to be killed", "the third soldier to die"
    ordinals = {"first", "second", "third", "fourth", "fifth", "latest", "last", "only", "next", "sixth"}
    return not (tree.lower[head] in ordinals or tree.has_child(head, ordinals))


def _is_feared(tree: WordTree, n: int) -> bool:
    near = range(max(0, n - 3), n)
    if any(tree.lower[i] in ("feared", "presumed") and not _describes_doer(tree, i, n) for i in near):
        return True
    return any(tree.lemma(up) == "fear" for up in _above(tree, n))


def _describes_doer(tree: WordTree, cue: int, n: int) -> bool:
    """True for the "presumed" of "presumed rebels killed nine": in doubt is who did it, not what was done."""
    noun = tree.tokens[cue].head
    return tree.tokens[cue].dep == "amod" and cue < noun < n and tree.tokens[noun].dep in ("nsubj", "pobj")


def _is_refused(tree: WordTree, n: int) -> bool:
    """True for "was not injured": the words say of these people that it did not happen."""
    above = list(tree.heads(n))[:1]
    goes_on = not tree.is_verb(n) or tree.tokens[n].dep == "xcomp"
    verbs = [n] + [up for up in above if tree.is_verb(up) and goes_on]
    return any(
        tree.tokens[c].dep == "neg" or tree.lower[c] in ("not", "n't", "never") for v in verbs for c in tree.children[v]
    )


def _speaker(tree: WordTree, predicate: int) -> Span | None:
    for n, word in enumerate(tree.lower[:-1]):
        if word == "according" and tree.lower[n + 1] == "to":
            named = tree.child(n + 1, "pobj")
            if named is not None:
                return tree.span(*tree.phrase(named))
    chain = [predicate, *tree.heads(predicate)]
    for below, up in pairwise(chain):
        if (tree.lemma(up) in SAYING_VERBS or tree.lemma(up) in _COUNTING) and tree.tokens[below].dep in (
            "ccomp",
            "parataxis",
            "advcl",
            "dobj",
            "prep",
            "xcomp",
        ):
            subject = tree.child(up, "nsubj")
            if subject is not None and subject not in chain:
                return tree.span(*tree.phrase(subject))
    for up in chain:
        for c in tree.children[up]:
            if tree.tokens[c].dep in ("parataxis", "ccomp") and tree.lemma(c) in SAYING_VERBS:
                subject = tree.child(c, "nsubj")
                if subject is not None:
                    return tree.span(*tree.phrase(subject))
    return None
