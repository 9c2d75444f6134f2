"""Whom a casualty verb befell: the patient among the words around it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from conflictdesk.coding.casualty_words import (
    BODY_PARTS,
    DEATH_VERBS,
    DYING_VERBS,
    HITTING_VERBS,
    INJURY_VERBS,
    MISSILES,
    OTHER_VERBS,
    SHOOTING_VERBS,
    STATE_WORDS,
    TollMeasure,
    list_words,
)
from conflictdesk.coding.person_nouns import number_of
from conflictdesk.coding.victims import Victims, count_people
from conflictdesk.coding.word_trees import WordTree

_BE = list_words("was were is are be been being 's 're got get gets have has had left also all already later both")


def verb_measure(tree: WordTree, n: int) -> tuple[TollMeasure, bool] | None:
    """The measure that verb `n` tells of with its patient, and whether it does so weakly."""
    lemma, word = tree.lemma(n), tree.lower[n]
    if lemma in DEATH_VERBS or word in ("killed", "killing", "kills", "slain"):
        return "deaths", False
    if lemma in INJURY_VERBS or word in ("wounded", "injured", "wounding", "injuring"):
        fatal = tree.has_child(n, {"fatally", "mortally"}) or (n > 0 and tree.lower[n - 1] in ("fatally", "mortally"))
        return ("deaths" if fatal else "injured"), False
    if lemma in HITTING_VERBS:
        return _hit_measure(tree, n)
    if lemma in OTHER_VERBS:
        return OTHER_VERBS[lemma], False
    if lemma == "take" and n + 1 < len(tree) and "hostage" in tree.lower[n + 1 : n + 6]:
        return "abducted", False
    if lemma == "take" and tree.lower[n + 1 : n + 3] == ("into", "custody"):
        return "detained", False
    return None


def _hit_measure(tree: WordTree, n: int) -> tuple[TollMeasure, bool] | None:
    lemma = tree.lemma(n)
    around = tree.lower[n + 1 : n + 8]
    if tree.has_child(n, {"fatally", "mortally", "dead"}) or (tree.lower[n - 1] in ("fatally", "mortally") and n > 0):
        return "deaths", False
    if ("to", "death") in pairwise(around) and "and" not in around[: around.index("death")]:
        return "deaths", False
    if around[:1] == ("dead",) or (lemma in ("gun", "mow", "cut") and "down" in around[:4]):
        return "deaths", False
    if lemma in SHOOTING_VERBS:
        aimless = tree.child(n, "auxpass") is None and tree.has_child(
            n, {"at", "back", "down", "up", "off", "toward", "into"}
        )
        aimless = aimless or any(tree.lower[c] == "at" and not tree.children[c] for c in tree.children[n])
        if tree.lower[n - 2 : n] == ("up", "and") and tree.lemma(n - 3) in ("round", "line"):
            return "deaths", False  # "rounded up and shot"
        aimless = aimless and tree.child(n, "dobj") is None
        return None if aimless else ("injured", True)
    if lemma in ("hit", "strike", "graze") and _is_by_bullet(tree, n, around):
        return "injured", True
    return None


def _is_by_bullet(tree: WordTree, n: int, around: tuple[str, ...]) -> bool:
    """True for "hit by gunfire", "struck in the leg" and "shots that struck a girl"."""
    subject = tree.child(n, "nsubj")
    if MISSILES & set(around) or (subject is not None and tree.lower[subject] in MISSILES):
        return True
    at = next((i for i, word in enumerate(around) if word == "in"), None)
    return at is not None and bool(BODY_PARTS & set(around[at + 1 : at + 4]))


def patient_of(tree: WordTree, n: int) -> Victims | None:
    """The people whom the transitive verb `n` befell: its object, its passive subject, or the noun it describes."""
    for candidate in _patients(tree, n):
        victims = count_people(tree, candidate)
        if victims is not None:
            return victims
    return None


def _patients(tree: WordTree, n: int) -> Iterator[int]:
    """The nouns that may be the patient of the transitive verb `n`, the likeliest first."""
    passive = tree.child(n, "auxpass") is not None
    objects = [c for c in tree.children[n] if tree.tokens[c].dep in ("dobj", "obj") and tree.lower[c] != "dead"]
    if not passive and objects:
        yield from objects
        return
    subject = tree.child(n, "nsubjpass")
    if subject is not None:
        whole = _whole_before(tree, subject, n)
        yield subject if whole is None else whole
        return
    behind = None if passive else _just_behind(tree, n)
    if behind is not None:
        yield behind
        return
    before, shared = just_before(tree, n), _shared_object(tree, n)
    if tree.tokens[n].tag not in ("VBN", "VBD", "JJ"):
        yield from () if shared is None else (shared,)
        return
    if not passive:
        yield from () if before is None else (before,)
        if shared is not None:
            yield shared
            return
    yield from _participle_patients(tree, n, passive=passive)


def _participle_patients(tree: WordTree, n: int, *, passive: bool) -> Iterator[int]:
    """Whom a participle without object befell: "two killed", "people killed in", "was shot and wounded"."""
    token = tree.tokens[n]
    subject = tree.child(n, "nsubj")
    if subject is not None and (passive or tree.child(n, "aux") is None):
        if passive or not _is_doer(tree, n, subject):
            yield subject
        return
    if token.dep in ("acl", "amod") and tree.is_noun(token.head):
        if token.dep == "acl" or number_of(tree, token.head) is not None:
            yield token.head
        return
    if token.dep in ("acl", "relcl"):
        yield token.head
        return
    above = subject_above(tree, n)
    if above is not None:
        yield above
    elif passive and token.dep != "relcl":
        yield from _lost_subject(tree, n)


def _is_doer(tree: WordTree, n: int, subject: int) -> bool:
    """True for "he shot twice" and "the men shot through the door"; headlines drop the article ("Two shot in")."""
    if tree.lemma(n) not in HITTING_VERBS or tree.tokens[n].tag != "VBD":
        return False
    return tree.tokens[subject].pos == "PRON" or tree.has_child(subject, {"the", "his", "her", "their"})


def _whole_before(tree: WordTree, subject: int, n: int) -> int | None:
    """The "12 people" of "12 people, including a nurse, were killed", where the parser took the nurse for subject."""
    edge = tree.left_edge(subject)
    including = next((i for i in range(subject, -1, -1) if tree.lower[i] == "including"), None)
    if including is not None and not any(tree.is_verb(i) for i in range(including + 1, subject)):
        return next(_lost_subject(tree, n, before=including), None)
    all_of = {"all", "most", "mostly", "both", "many"} & set(tree.lower[edge : subject + 1])
    if all_of and edge > 0 and tree.lower[edge - 1] == "," and number_of(tree, subject) is None:
        return next(_lost_subject(tree, n, before=edge), None)
    return None


def _lost_subject(tree: WordTree, n: int, before: int | None = None) -> Iterator[int]:
    """The first counted noun of the clause, where the parser took the subject for something else."""
    end = n if before is None else before
    for found in tree.quantities:
        if found.last < end and found.core >= n - 30 and not _finite_between(tree, found.last, n):
            noun = tree.tokens[found.core].head
            near = tree.is_noun(noun) and found.last < noun <= found.last + 4
            if near and tree.tokens[noun].entity not in ("DATE", "TIME"):
                yield noun
                return


def _finite_between(tree: WordTree, first: int, n: int) -> bool:
    """True when another finite verb stands between."""
    return any(
        tree.tokens[i].tag in ("VBD", "VBZ", "VBP") and tree.tokens[i].dep not in ("aux", "auxpass")
        for i in range(first, n)
    )


def _shared_object(tree: WordTree, n: int) -> int | None:
    """The object of "shot and killed three men" belongs to both verbs."""
    for c in tree.children[n]:
        if (
            tree.tokens[c].dep == "conj"
            and tree.is_verb(c)
            and c - n <= 3
            and tree.child(c, "nsubj", "nsubjpass") is None
        ):
            return tree.child(c, "dobj")
    return None


def just_before(tree: WordTree, n: int) -> int | None:
    """The counted noun right before a participle: the "15" of "8 dead, 15 hurt", the "12" of "and 12 wounded"."""
    if tree.tokens[n].dep == "amod" and tree.tokens[n].head > n:
        return None
    at = n - 1
    while at >= 0 and (tree.lower[at] in _BE or tree.tokens[at].tag == "RB"):
        at -= 1
    if at < 0:
        return None
    found = tree.quantity_at(at)
    if found is not None:
        return found.core
    if (tree.is_noun(at) or tree.lower[at] in ("others", "more", "other")) and number_before(tree, at):
        return _first_joined(tree, at)
    return None


def _first_joined(tree: WordTree, n: int) -> int:
    """The "wife" of "his wife and three children dead", unless another casualty verb has her."""
    head = tree.tokens[n].head
    if any(tree.lower[i] in STATE_WORDS for i in range(head + 1, n)):
        return n  # "one man dead and another wounded"
    if tree.tokens[n].dep == "conj" and tree.is_noun(head) and head < n and tree.lower[head] not in STATE_WORDS:
        verb = tree.tokens[head].head
        if tree.tokens[head].dep not in ("nsubj", "nsubjpass") and verb_measure(tree, verb) is None:
            return head
    return n


def _just_behind(tree: WordTree, n: int) -> int | None:
    """The counted noun right behind an active verb, where the parser gave it to another one."""
    found = next((q for q in tree.quantities if q.first == n + 1), None)
    if found is None:
        words = tree.lower[n + 1 : n + 8]
        return n + 1 + words.index("old") if "old" in words and words[0] in ("a", "an") and "-" in words else None
    noun = tree.tokens[found.core].head
    near = tree.is_noun(noun) and found.last < noun <= found.last + 3
    return noun if near else found.core


def number_before(tree: WordTree, n: int) -> bool:
    """True when the number of noun `n` stands within four words before it."""
    found = number_of(tree, n)
    return found is not None and n - found.last <= 4


def subject_of(tree: WordTree, n: int) -> int | None:
    """The subject of verb `n`, its own or one that it shares."""
    subject = tree.child(n, "nsubj", "nsubjpass", "csubj")
    if subject is not None:
        return subject
    if tree.tokens[n].dep == "relcl":
        return tree.tokens[n].head
    before = just_before(tree, n)
    return before if before is not None else subject_above(tree, n)


def subject_above(tree: WordTree, n: int) -> int | None:
    """The subject that a verb takes from the verb it goes on from ("was shot and died", "found shot dead")."""
    below = n
    for up in tree.heads(n):
        dep = tree.tokens[below].dep
        if dep == "pcomp" or (dep == "prep" and not tree.is_verb(below)):
            if tree.is_verb(up):
                own = tree.child(up, "nsubjpass", "nsubj")
                shares = own is None and tree.tokens[up].dep == "conj"
                return tree.child(tree.tokens[up].head, "nsubjpass", "nsubj") if shares else own
            below = up
            continue
        if dep not in ("conj", "xcomp", "oprd", "acomp", "ccomp", "attr", "advcl", "aux"):
            return None
        subject = (
            tree.child(up, "nsubjpass", "dobj") if dep in ("oprd", "ccomp", "acomp") else tree.child(up, "nsubjpass")
        )
        if subject is None and (
            tree.lemma(up) in DYING_VERBS
            or tree.lemma(up) in ("be", "appear", "believe", "lie", "fall", "collapse", "stagger")
        ):
            subject = tree.child(up, "nsubj")
        if subject is not None and subject != n:
            return subject
        if tree.tokens[up].dep == "relcl" and dep == "conj":
            return tree.tokens[up].head
        below = up
    return None
