"""Where a sentence tells of people killed or hurt, and which words name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conflictdesk.coding.casualty_words import (
    BODY_NOUNS,
    CARE_VERBS,
    DEAD_WORDS,
    DYING_VERBS,
    FINDERS,
    FLEEING_VERBS,
    HITTING_VERBS,
    INJURY_NOUNS,
    LOST_PEOPLE,
    STATE_WORDS,
    SUFFER_VERBS,
    TollMeasure,
    list_words,
)
from conflictdesk.coding.numbers import Quantity
from conflictdesk.coding.person_nouns import number_of
from conflictdesk.coding.toll_marks import Trigger, mark_toll
from conflictdesk.coding.toll_nouns import bearer_of, noun_triggers
from conflictdesk.coding.toll_patients import just_before, patient_of, subject_above, subject_of, verb_measure
from conflictdesk.coding.victim_sides import read_side
from conflictdesk.coding.victims import Victims, count_people
from conflictdesk.coding.word_trees import WordTree

_CLINICS = list_words("hospital hospitals clinic clinics infirmary")
_NO_WOUND = list_words("precaution precautionary evaluation evaluated observation psychiatric mental autopsy")
_CAPITALS: dict[str, TollMeasure] = {
    **dict.fromkeys(("KILL", "KILLS", "KILLED", "KILLING"), "deaths"),
    **dict.fromkeys(("WOUND", "WOUNDS", "WOUNDED", "INJURE", "INJURES", "INJURED", "HURT"), "injured"),
}
_LIFE_VERBS = frozenset({"lose", "claim", "take", "cost"})
_OUTCOME = {"deaths": "injured", "injured": "deaths"}


def find_triggers(tree: WordTree) -> Iterator[Trigger]:
    """Yield every toll of the sentence, left to right, doubles included."""
    for n in range(len(tree)):
        yield from _verb_triggers(tree, n)
        yield from _state_triggers(tree, n)
        yield from noun_triggers(tree, n)
        yield from _capital_triggers(tree, n)
        yield from _fatal_triggers(tree, n)
        yield from _idiom_triggers(tree, n)


def _verb_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    if not tree.is_verb(n) and tree.tokens[n].dep not in ("ROOT", "acl", "relcl", "advcl"):
        return
    lemma = tree.lemma(n)
    measured = verb_measure(tree, n)
    if measured is not None and not _is_mixed(tree, n, measured[0]):
        yield from mark_toll(tree, n, measured[0], patient_of(tree, n), weak=measured[1])
    elif lemma in DYING_VERBS or lemma in FLEEING_VERBS:
        subject = subject_of(tree, n)
        victims = None if subject is None else count_people(tree, subject)
        if lemma in FLEEING_VERBS and (victims is None or tree.quantity_at(victims.first) is None):
            return
        yield from mark_toll(tree, n, "deaths" if lemma in DYING_VERBS else "displaced", victims)
    elif lemma in _LIFE_VERBS and _speaks_of_lives(tree, n):
        yield from _life_triggers(tree, n)
    elif lemma in CARE_VERBS:
        yield from _care_triggers(tree, n)
    elif lemma in SUFFER_VERBS or lemma == "recover":
        yield from _suffer_triggers(tree, n)
    elif lemma in ("survive", "recover") and tree.lemma(tree.tokens[n].head) == "expect":
        subject = tree.child(tree.tokens[n].head, "nsubjpass")
        yield from mark_toll(tree, n, "injured", None if subject is None else count_people(tree, subject), weak=True)
    elif lemma == "pass" and tree.lower[n + 1 : n + 2] == ("away",):
        subject = subject_of(tree, n)
        yield from mark_toll(tree, n, "deaths", None if subject is None else count_people(tree, subject))
    elif lemma == "lose":
        yield from _life_triggers(tree, n)
    elif lemma == "force" and "flee" in tree.lower[n : n + 8]:
        subject = tree.child(n, "nsubjpass", "dobj")
        yield from mark_toll(tree, n, "displaced", None if subject is None else count_people(tree, subject))


def _speaks_of_lives(tree: WordTree, n: int) -> bool:
    """True for "claimed 20 lives", not for "taken to hospital with life-threatening wounds"."""
    near = range(n + 1, min(n + 8, len(tree)))
    return any(tree.lower[i] in ("life", "lives") and tree.tokens[i].dep != "npadvmod" for i in near)


def _capital_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "BOMB KILLS 18 SOLDIERS": headlines in capitals, whose verbs no parser knows."""
    measure = _CAPITALS.get(tree.tokens[n].text)
    if measure is None or tree.is_verb(n) or not tree.sentence.text.isupper():
        return
    found = next((q for q in tree.quantities if q.first == n + 1), None)
    if found is not None and found.quantity.best > 0:
        last = found.last
        while last + 1 < len(tree) and last < found.last + 3 and tree.is_noun(last + 1):
            last += 1
        side = read_side(tree.lower[found.first : last + 1])
        victims = Victims(quantity=found.quantity, head=last, first=found.first, last=last, side=side)
        yield from mark_toll(tree, n, measure, victims)


_IDIOMS = {
    "pay": (("supreme", "ultimate"), ("price", "sacrifice")), "make": (("supreme", "ultimate"), ("sacrifice",)),
    "embrace": ((), ("martyrdom", "shahadat")), "attain": ((), ("martyrdom",)), "achieve": ((), ("martyrdom",)),
}  # fmt: skip


def _idiom_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "A soldier paid the supreme price", "two constables embraced martyrdom"."""
    marks, things = _IDIOMS.get(tree.lemma(n), ((), ()))
    thing = tree.child(n, "dobj")
    if thing is None or tree.lemma(thing) not in things or (marks and not tree.has_child(thing, set(marks))):
        return
    subject = subject_of(tree, n)
    for found in mark_toll(tree, n, "deaths", None if subject is None else count_people(tree, subject)):
        yield replace(found, last=max(found.last, thing))


def _fatal_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """The dead of "four people were shot, one fatally"."""
    found = tree.quantity_at(n - 1) if n else None
    if tree.lower[n] not in ("fatally", "mortally") or found is None or found.last != n - 1 or not found.quantity.best:
        return
    if n + 1 < len(tree) and tree.is_verb(n + 1):
        return
    if any(tree.lemma(i) in HITTING_VERBS | {"wound", "injure"} for i in range(found.first)):
        victims = Victims(quantity=found.quantity, head=found.core, first=found.first, last=found.last, side="unknown")
        yield from mark_toll(tree, n, "deaths", victims)


def _is_mixed(tree: WordTree, n: int, measure: TollMeasure) -> bool:
    """True for "killed and wounded 40": nobody can say how many of each."""
    other = _OUTCOME.get(measure)
    if other is None:
        return False
    for step in (2, -2):
        if 0 <= n + step < len(tree) and n + step // 2 >= 0 and tree.lower[n + step // 2] in ("and", "or", "/"):
            paired = verb_measure(tree, n + step)
            own = tree.lower[n + step] == "dead" and tree.child(n, "dobj") is not None
            if (
                not own
                and tree.lower[n + step] in ("dead", "wounded", "injured")
                and STATE_WORDS[tree.lower[n + step]] == other
            ):
                return True
            if (
                paired is not None
                and paired[0] == other
                and not paired[1]
                and tree.child(max(n, n + step), "nsubj", "nsubjpass") is None
            ):
                return True
    return False


def _care_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "Five were taken to hospital", "treated for wounds": hurt, and perhaps counted already."""
    lemma, below = tree.lemma(n), {tree.lower[i] for i in tree.subtree(n)}
    hurt = below & (_CLINICS | {"wounds", "injuries", "wound", "burns"}) or lemma.startswith("hospitali")
    hurt = hurt or ("center" in below and bool(below & {"medical", "trauma"}))
    if not hurt or below & _NO_WOUND or (tree.tokens[n].tag == "VBG" and lemma != "hospitalize"):
        return
    patient = tree.child(n, "nsubjpass") or tree.child(n, "dobj")
    if patient is None and tree.child(n, "auxpass") is not None:
        patient = subject_above(tree, n)
    if patient is None and tree.tokens[n].tag == "VBN" and tree.tokens[n].dep == "acl":
        patient = tree.tokens[n].head
    if patient is not None and tree.lemma(patient) not in BODY_NOUNS:
        yield from mark_toll(tree, n, "injured", count_people(tree, patient), weak=True)


def _suffer_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    thing = tree.child(n, "dobj")
    cause = tree.child(n, "prep")
    if thing is None and cause is not None and tree.lower[cause] == "from":
        thing = tree.child(cause, "pobj")
    if thing is None or tree.lemma(thing) not in INJURY_NOUNS:
        return
    finder = tree.tokens[n].head
    if tree.tokens[n].tag == "VBG" and tree.lemma(finder) in FINDERS:
        subject = tree.child(finder, "dobj")
    else:
        subject = subject_of(tree, n)
    if subject is None and tree.tokens[n].dep in ("pcomp", "advcl") and tree.lemma(finder) not in FINDERS:
        verb = next((up for up in tree.heads(n) if tree.is_verb(up)), n)
        subject = tree.child(verb, "nsubj", "nsubjpass")
    if subject is None and tree.tokens[n].dep == "acl":
        subject = tree.tokens[n].head
    if subject is None and tree.tokens[n].dep in ("ccomp", "xcomp", "advcl"):
        subject = tree.child(tree.tokens[n].head, "dobj")
    if subject is None:
        subject = bearer_of(tree, n)
    if subject is not None:
        for found in mark_toll(tree, n, "injured", count_people(tree, subject), weak=True):
            yield replace(found, last=max(found.last, thing))


def _life_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "The attack claimed 20 lives", "12 people lost their lives"."""
    thing = tree.child(n, "dobj")
    if (
        thing is not None
        and tree.lemma(n) == "lose"
        and (tree.lemma(thing) in LOST_PEOPLE or _is_of_fighters(tree, thing))
        and (number_of(tree, thing) or tree.quantity_at(thing)) is not None
    ):
        yield from mark_toll(tree, n, "deaths", count_people(tree, thing))
        return
    if thing is None or tree.lower[thing] not in ("life", "lives"):
        return
    if tree.lemma(n) == "take" and tree.has_child(thing, {"own"}):
        own = tree.child(thing, "poss")
        subject = subject_of(tree, n)
        victims = None if subject is None else count_people(tree, subject)
        if victims is None and own is not None and tree.lower[own] in ("his", "her"):
            one = Quantity.exactly(1)
            victims = Victims(quantity=one, head=own, first=own, last=own, side="unknown", definite=True)
        for found in mark_toll(tree, n, "deaths", victims):
            yield replace(found, last=max(found.last, thing))
        return
    if tree.lemma(n) == "lose":
        subject = subject_of(tree, n)
        victims = None if subject is None else count_people(tree, subject)
    else:
        of = next((c for c in (*tree.children[thing], *tree.children[n]) if tree.lower[c] == "of" and c > thing), None)
        named = None if of is None else tree.child(of, "pobj")
        victims = (
            count_people(tree, thing)
            if number_of(tree, thing)
            else None
            if named is None
            else count_people(tree, named)
        )
    for found in mark_toll(tree, n, "deaths", victims):
        yield replace(found, last=max(found.last, thing))


def _is_of_fighters(tree: WordTree, n: int) -> bool:
    """True for the "four" of "lost four of their fighters"."""
    of = next((c for c in tree.children[n] if tree.lower[c] == "of"), None)
    named = None if of is None else tree.child(of, "pobj")
    return named is not None and tree.lemma(named) in LOST_PEOPLE


def _state_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    word = tree.lower[n]
    measure = STATE_WORDS.get(word)
    if measure is None or (tree.is_verb(n) and (tree.child(n, "dobj") is not None or patient_of(tree, n) is not None)):
        return
    if _is_mixed_state(tree, n) or (n + 1 < len(tree) and tree.lower[n + 1] in ("body", "bodies", "end")):
        return
    head = tree.tokens[n].head
    if tree.is_verb(head) and tree.lemma(head) in HITTING_VERBS and word == "dead":
        return
    yield from mark_toll(tree, n, measure, _state_victims(tree, n))


def _is_mixed_state(tree: WordTree, n: int) -> bool:
    pair = {"deaths": "injured", "injured": "deaths"}.get(STATE_WORDS[tree.lower[n]])
    for step in (2, -2):
        if (
            0 <= n + step < len(tree)
            and tree.lower[n + step // 2] in ("and", "or", "/")
            and STATE_WORDS.get(tree.lower[n + step]) == pair
        ):
            return tree.child(n + step, "dobj") is None
    return False


def _state_victims(tree: WordTree, n: int) -> Victims | None:
    """The people said to be dead, wounded or missing by an adjective or noun."""
    token = tree.tokens[n]
    before = just_before(tree, n)
    if before is not None:
        return count_people(tree, before, n)
    if number_of(tree, n) is not None and token.pos in ("NOUN", "ADJ", "VERB"):
        return count_people(tree, n)
    if token.dep == "amod":
        noun = token.head
        beside = noun < n and (tree.lower[n - 1] == "," or noun == n - 1)
        behind = beside and tree.lower[n] in DEAD_WORDS and _is_found(tree, noun)
        return count_people(tree, noun, n) if behind or (number_of(tree, noun) is not None and noun > n) else None
    if token.dep in ("acomp", "attr", "oprd", "ccomp", "xcomp", "acl", "dobj", "advcl", "conj"):
        head = token.head
        subject = (
            tree.child(head, "nsubjpass", "dobj")
            if token.dep != "acomp"
            else tree.child(head, "nsubj", "nsubjpass", "dobj")
        )
        if subject is None and tree.lemma(head) == "be":
            subject = tree.child(head, "nsubj")
        if subject is None and tree.tokens[head].dep == "conj" and tree.tokens[head].tag in ("VBN", "VBD"):
            subject = subject_above(tree, head)
        own = tree.child(n, "nsubj", "nsubjpass")
        chosen = own if own is not None else subject
        if chosen is not None and chosen != n:
            return count_people(tree, chosen, n if chosen < n else None)
    own = tree.child(n, "nsubj", "nsubjpass")
    return None if own is None or own == n else count_people(tree, own)


def _is_found(tree: WordTree, n: int) -> bool:
    """True after "found", "arrived to find", "left": "they found a woman dead inside"."""
    return any(tree.lemma(i) in FINDERS or tree.lemma(i) == "leave" for i in range(max(0, n - 9), n))
