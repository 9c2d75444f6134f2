"""Where a sentence tells of people killed or hurt, and which words name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from conflictdesk.coding.casualty_words import (
    ARMED,
    POLICE,
    STATE,
    BODY_NOUNS,
    CARE_VERBS,
    COUNTED_DEAD,
    DEATH_NOUNS,
    DEATH_VERBS,
    DYING_VERBS,
    FINDING_VERBS,
    FLEEING_VERBS,
    HITTING_VERBS,
    INJURY_NOUNS,
    INJURY_VERBS,
    MISSILES,
    OTHER_NOUNS,
    OTHER_VERBS,
    SHOOTING_VERBS,
    STATE_WORDS,
    SUFFER_VERBS,
    TollMeasure,
)
from conflictdesk.coding.numbers import FoundQuantity, Quantity
from conflictdesk.coding.victims import PLURAL, Victims, count_people, number_of, read_side
from conflictdesk.coding.word_trees import WordTree

_BE = frozenset("was were is are be been being 's 're got get gets have has had left also all already later both".split())
_NO_TOLL_AFTER = frozenset("toll penalty sentence row squad squads threat threats certificate certificates camp camps rate rates trap".split())
_COMPLETIONS = (
    ("to", "death"), ("hostage",), ("into", "custody"), ("to", "hospital"), ("to", "the", "hospital"), ("to", "a", "hospital"),
    ("for", "injuries"), ("for", "wounds"), ("to", "flee"), ("in", "hospital"),
)  # fmt: skip
_LOST = STATE | POLICE | ARMED | frozenset("man woman relative member child son daughter brother sister colleague".split())
_CONDITIONS = frozenset("critical stable serious guarded grave fair good".split())
_CLINICS = frozenset("hospital hospitals clinic clinics infirmary".split())
_OUTCOME = {"deaths": "injured", "injured": "deaths"}


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


def find_triggers(tree: WordTree) -> Iterator[Trigger]:
    """Yield every toll of the sentence, left to right, doubles included."""
    for n in range(len(tree)):
        yield from _verb_triggers(tree, n)
        yield from _state_triggers(tree, n)
        yield from _noun_triggers(tree, n)


def _trigger(tree: WordTree, n: int, measure: TollMeasure, victims: Victims | None, *, weak: bool = False) -> Iterator[Trigger]:
    if victims is not None:
        first, last = _tight(tree, n, victims)
        yield Trigger(measure=measure, predicate=n, victims=victims, first=first, last=last, weak=weak)


def _tight(tree: WordTree, n: int, victims: Victims) -> tuple[int, int]:
    """From the victims' first word to the predicate, or from the predicate (with its "shot") to their last."""
    first, last = min(victims.first, n), max(victims.last, n)
    for c in tree.children[n]:
        near = c in (last + 1, first - 1) or n < c < last
        if near and (tree.lower[c] in ("dead", "down", "fatally", "mortally") or tree.tokens[c].dep in ("auxpass", "prt", "neg")):
            first, last = min(first, c), max(last, c)
    for words in _COMPLETIONS:
        if tree.lower[last + 1 : last + 1 + len(words)] == words:
            return first, last + len(words)
    return first, last


# ---------------------------------------------------------------- verbs


def verb_measure(tree: WordTree, n: int) -> tuple[TollMeasure, bool] | None:
    """The measure that verb `n` tells of with its patient, and whether it does so weakly."""
    lemma, word = tree.lemma(n), tree.lower[n]
    if lemma in DEATH_VERBS or word in ("killed", "killing", "kills", "slain"):
        return "deaths", False
    if lemma in INJURY_VERBS or word in ("wounded", "injured", "wounding", "injuring"):
        fatal = tree.has_child(n, {"fatally", "mortally"}) or n > 0 and tree.lower[n - 1] in ("fatally", "mortally")
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
    if tree.has_child(n, {"fatally", "mortally", "dead"}) or tree.lower[n - 1] in ("fatally", "mortally") and n > 0:
        return "deaths", False
    if ("to", "death") in zip(around, around[1:], strict=False) and "and" not in around[: around.index("death")]:
        return "deaths", False
    if around[:1] == ("dead",) or lemma in ("gun", "mow", "cut") and "down" in around[:4]:
        return "deaths", False
    if lemma in SHOOTING_VERBS:
        aimless = tree.child(n, "auxpass") is None and tree.has_child(n, {"at", "back", "down", "up", "off", "toward", "into"})
        return None if aimless else ("injured", True)
    if lemma in ("hit", "strike", "graze") and MISSILES & set(around):
        return "injured", True
    return None


def _verb_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    if not tree.is_verb(n) and tree.tokens[n].dep not in ("ROOT", "acl", "relcl", "advcl"):
        return
    lemma = tree.lemma(n)
    measured = verb_measure(tree, n)
    if measured is not None and not _is_mixed(tree, n, measured[0]):
        yield from _trigger(tree, n, measured[0], _patient_of(tree, n), weak=measured[1])
    elif lemma in DYING_VERBS or lemma in FLEEING_VERBS:
        subject = _subject(tree, n)
        victims = None if subject is None else count_people(tree, subject)
        if lemma in FLEEING_VERBS and (victims is None or tree.quantity_at(victims.first) is None):
            return
        yield from _trigger(tree, n, "deaths" if lemma in DYING_VERBS else "displaced", victims)
    elif lemma in CARE_VERBS:
        yield from _care_triggers(tree, n)
    elif lemma in SUFFER_VERBS:
        yield from _suffer_triggers(tree, n)
    elif lemma in ("lose", "claim", "take", "cost"):
        yield from _life_triggers(tree, n)
    elif lemma == "force" and "flee" in tree.lower[n : n + 8]:
        subject = tree.child(n, "nsubjpass", "dobj")
        yield from _trigger(tree, n, "displaced", None if subject is None else count_people(tree, subject))


def _is_mixed(tree: WordTree, n: int, measure: TollMeasure) -> bool:
    """True for "killed and wounded 40": nobody can say how many of each."""
    other = _OUTCOME.get(measure)
    if other is None:
        return False
    for step in (2, -2):
        if 0 <= n + step < len(tree) and 0 <= n + step // 2 and tree.lower[n + step // 2] in ("and", "or", "/"):
            paired = verb_measure(tree, n + step)
            if paired is not None and paired[0] == other and not paired[1] and tree.child(max(n, n + step), "nsubj", "nsubjpass") is None:
                return True
    return False


def _patient_of(tree: WordTree, n: int) -> Victims | None:
    for candidate in _patients(tree, n):
        victims = count_people(tree, candidate)
        if victims is not None:
            return victims
    return None


def _patients(tree: WordTree, n: int) -> Iterator[int]:
    """The nouns that may be the patient of the transitive verb `n`, the likeliest first."""
    token = tree.tokens[n]
    participle = token.tag in ("VBN", "VBD", "JJ")
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
    if not participle:
        shared = _shared_object(tree, n)
        if shared is not None:
            yield shared
        return
    before = _just_before(tree, n)
    if before is not None and not passive:
        yield before
    shared = _shared_object(tree, n)
    if shared is not None and not passive:
        yield shared
        return
    subject = tree.child(n, "nsubj")
    if subject is not None and (passive or tree.child(n, "aux") is None):
        yield subject
        return
    if token.dep in ("acl", "amod") and tree.is_noun(token.head):
        if token.dep == "acl" or number_of(tree, token.head) is not None:
            yield token.head
        return
    if token.dep in ("acl", "relcl"):
        yield token.head
        return
    above = _subject_above(tree, n)
    if above is not None:
        yield above
    elif passive and token.dep != "relcl":
        yield from _lost_subject(tree, n)


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
    for found in tree.quantities:
        if found.last < (n if before is None else before) and found.core >= n - 30 and not any(
            tree.is_verb(i) and tree.tokens[i].tag in ("VBD", "VBZ", "VBP") and tree.tokens[i].dep not in ("aux", "auxpass")
            for i in range(found.last, n)
        ):  # fmt: skip
            noun = tree.tokens[found.core].head
            near = tree.is_noun(noun) and found.last < noun <= found.last + 4
            if near and tree.tokens[noun].entity not in ("DATE", "TIME"):
                yield noun
                return


def _shared_object(tree: WordTree, n: int) -> int | None:
    """The object of "shot and killed three men" belongs to both verbs."""
    for c in tree.children[n]:
        if tree.tokens[c].dep == "conj" and tree.is_verb(c) and c - n <= 3 and tree.child(c, "nsubj", "nsubjpass") is None:
            return tree.child(c, "dobj")
    return None


def _just_before(tree: WordTree, n: int) -> int | None:
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
    if tree.is_noun(at) or tree.lower[at] in ("others", "more", "other"):
        if number_of(tree, at) is not None and number_before(tree, at):
            return _first_joined(tree, at)
    return None


def _first_joined(tree: WordTree, n: int) -> int:
    """The "wife" of "his wife and three children dead", unless another casualty verb has her."""
    head = tree.tokens[n].head
    if tree.tokens[n].dep == "conj" and tree.is_noun(head) and head < n and tree.lower[head] not in STATE_WORDS:
        verb = tree.tokens[head].head
        if tree.tokens[head].dep not in ("nsubj", "nsubjpass") and verb_measure(tree, verb) is None:
            return head
    return n


def _just_behind(tree: WordTree, n: int) -> int | None:
    """The counted noun right behind an active verb, where the parser gave it to another one."""
    found = next((q for q in tree.quantities if q.first == n + 1), None)
    if found is None:
        return None
    noun = tree.tokens[found.core].head
    near = tree.is_noun(noun) and found.last < noun <= found.last + 3
    return noun if near else found.core


def number_before(tree: WordTree, n: int) -> bool:
    """True when the number of noun `n` stands within four words before it."""
    found = number_of(tree, n)
    return found is not None and n - found.last <= 4


def _subject(tree: WordTree, n: int) -> int | None:
    subject = tree.child(n, "nsubj", "nsubjpass", "csubj")
    if subject is not None:
        return subject
    if tree.tokens[n].dep == "relcl":
        return tree.tokens[n].head
    before = _just_before(tree, n)
    return before if before is not None else _subject_above(tree, n)


def _subject_above(tree: WordTree, n: int) -> int | None:
    """The subject that a verb takes from the verb it goes on from ("was shot and died", "found shot dead")."""
    below = n
    for up in tree.heads(n):
        dep = tree.tokens[below].dep
        if dep not in ("conj", "xcomp", "oprd", "acomp", "ccomp", "attr", "advcl", "aux"):
            return None
        subject = tree.child(up, "nsubjpass", "dobj") if dep in ("oprd", "ccomp", "acomp") else tree.child(up, "nsubjpass")
        if subject is None and (tree.lemma(up) in DYING_VERBS or tree.lemma(up) in ("be", "appear", "believe", "lie", "fall", "collapse", "stagger")):
            subject = tree.child(up, "nsubj")
        if subject is not None and subject != n:
            return subject
        if tree.tokens[up].dep == "relcl" and dep == "conj":
            return tree.tokens[up].head
        below = up
    return None


def _care_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "Five were taken to hospital", "treated for wounds": hurt, and perhaps counted already."""
    lemma, below = tree.lemma(n), {tree.lower[i] for i in tree.subtree(n)}
    hurt = below & (_CLINICS | {"wounds", "injuries", "wound", "burns"}) or lemma.startswith("hospitali")
    if not hurt or tree.tokens[n].tag == "VBG" and lemma != "hospitalize":
        return
    patient = tree.child(n, "nsubjpass") or tree.child(n, "dobj")
    if patient is None and tree.child(n, "auxpass") is not None:
        patient = _subject_above(tree, n)
    if patient is not None and tree.lemma(patient) not in BODY_NOUNS:
        yield from _trigger(tree, n, "injured", count_people(tree, patient), weak=True)


def _suffer_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    thing = tree.child(n, "dobj")
    if thing is None or tree.lemma(thing) not in INJURY_NOUNS:
        return
    subject = _subject(tree, n)
    if subject is None and tree.tokens[n].dep in ("pcomp", "advcl"):
        verb = next((up for up in tree.heads(n) if tree.is_verb(up)), n)
        subject = tree.child(verb, "nsubj", "nsubjpass")
    if subject is None and tree.tokens[n].dep == "acl":
        subject = tree.tokens[n].head
    if subject is not None:
        for found in _trigger(tree, n, "injured", count_people(tree, subject), weak=True):
            yield replace(found, last=max(found.last, thing))


def _with_wounds(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "Two men arrived with gunshot wounds", "three are in critical condition"."""
    head = tree.tokens[n].head
    if tree.lower[head] not in ("with", "in", "for") or tree.tokens[n].dep != "pobj":
        return
    owner = tree.tokens[head].head
    if tree.is_verb(owner):
        subject = tree.child(owner, "nsubjpass", "dobj") or tree.child(owner, "nsubj")
    else:
        subject = owner if tree.is_noun(owner) or tree.quantity_at(owner) is not None else None
    if subject is not None and subject != n and tree.lemma(subject) not in INJURY_NOUNS:
        yield from _trigger(tree, n, "injured", count_people(tree, subject), weak=True)


def _life_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "The attack claimed 20 lives", "12 people lost their lives"."""
    thing = tree.child(n, "dobj")
    if thing is not None and tree.lemma(n) == "lose" and tree.lemma(thing) in _LOST and number_of(tree, thing) is not None:
        yield from _trigger(tree, n, "deaths", count_people(tree, thing))
        return
    if thing is None or tree.lower[thing] not in ("life", "lives"):
        return
    if tree.lemma(n) == "lose":
        subject = _subject(tree, n)
        victims = None if subject is None else count_people(tree, subject)
    else:
        of = next((c for c in tree.children[thing] if tree.lower[c] == "of"), None)
        named = None if of is None else tree.child(of, "pobj")
        victims = count_people(tree, thing) if number_of(tree, thing) else None if named is None else count_people(tree, named)
    for found in _trigger(tree, n, "deaths", victims):
        yield replace(found, last=max(found.last, thing))


# ---------------------------------------------------------------- "12 dead", "two were wounded"


def _state_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    word = tree.lower[n]
    measure = STATE_WORDS.get(word)
    if measure is None or tree.is_verb(n) and (tree.child(n, "dobj") is not None or _patient_of(tree, n) is not None):
        return
    if _is_mixed_state(tree, n) or n + 1 < len(tree) and tree.lower[n + 1] in ("body", "bodies", "end"):
        return
    head = tree.tokens[n].head
    if tree.is_verb(head) and tree.lemma(head) in HITTING_VERBS and word == "dead":
        return
    yield from _trigger(tree, n, measure, _state_victims(tree, n))


def _is_mixed_state(tree: WordTree, n: int) -> bool:
    pair = {"deaths": "injured", "injured": "deaths"}.get(STATE_WORDS[tree.lower[n]])
    for step in (2, -2):
        if 0 <= n + step < len(tree) and tree.lower[n + step // 2] in ("and", "or", "/") and STATE_WORDS.get(tree.lower[n + step]) == pair:
            return True
    return False


def _state_victims(tree: WordTree, n: int) -> Victims | None:
    """The people said to be dead, wounded or missing by an adjective or noun."""
    token = tree.tokens[n]
    before = _just_before(tree, n)
    if before is not None:
        return count_people(tree, before)
    if number_of(tree, n) is not None and token.pos in ("NOUN", "ADJ", "VERB"):
        return count_people(tree, n)
    if token.dep == "amod":
        noun = token.head
        return count_people(tree, noun) if number_of(tree, noun) is not None and noun > n else None
    if token.dep in ("acomp", "attr", "oprd", "ccomp", "xcomp", "acl", "dobj", "advcl", "conj"):
        head = token.head
        subject = tree.child(head, "nsubjpass", "dobj") if token.dep != "acomp" else tree.child(head, "nsubj", "nsubjpass", "dobj")
        if subject is None and tree.lemma(head) == "be":
            subject = tree.child(head, "nsubj")
        own = tree.child(n, "nsubj", "nsubjpass")
        chosen = own if own is not None else subject
        if chosen is not None and chosen != n:
            return count_people(tree, chosen)
    own = tree.child(n, "nsubj", "nsubjpass")
    return None if own is None or own == n else count_people(tree, own)


# ---------------------------------------------------------------- "the deaths of 13", "12 bodies"


def _noun_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    if not tree.is_noun(n) and tree.tokens[n].tag != "VBG":
        return
    lemma, after = tree.lemma(n), tree.lower[n + 1] if n + 1 < len(tree) else ""
    if after in _NO_TOLL_AFTER:
        return
    if lemma in INJURY_NOUNS or lemma == "condition" and tree.lower[n - 1] in _CONDITIONS and n > 0:
        yield from _with_wounds(tree, n)
    if lemma in BODY_NOUNS:
        yield from _body_triggers(tree, n)
        return
    measure: TollMeasure | None = OTHER_NOUNS.get(lemma)
    if lemma in DEATH_NOUNS:
        measure = "deaths"
    elif lemma in INJURY_NOUNS:
        measure = "injured"
    if lemma in ("martyr", "fatality") or measure is not None:
        yield from _nominal(tree, n, measure or "deaths")


def _nominal(tree: WordTree, n: int, measure: TollMeasure) -> Iterator[Trigger]:
    of = next((c for c in tree.children[n] if tree.lower[c] in ("of", "to", "among") and c > n), None)
    named = None if of is None else tree.child(of, "pobj")
    if named is not None and tree.lower[of or 0] == "of" and measure != "injured" and tree.lemma(named) not in DEATH_NOUNS:
        yield from _trigger(tree, n, measure, count_people(tree, named))
        return
    if named is not None and tree.lower[of or 0] == "to" and measure == "injured" and number_of(tree, named) is not None:
        yield from _trigger(tree, n, measure, count_people(tree, named))
        return
    found = number_of(tree, n) or _number_as_head(tree, n)
    if found is None and _is_caused(tree, n):
        first, last = tree.phrase(n)
        plural = Victims(quantity=PLURAL, head=n, first=first, last=last, side=read_side(tree.lower[first : last + 1]))
        yield from _trigger(tree, n, measure, plural)
        return
    countable = tree.lemma(n) in COUNTED_DEAD or tree.tokens[n].tag == "NNS"
    if measure == "injured" and (tree.lemma(n) != "injury" or tree.lemma(tree.tokens[n].head) in SUFFER_VERBS | CARE_VERBS):
        return
    if found is not None and found.quantity.best > 0 and countable:
        yield from _trigger(tree, n, measure, _counted(tree, n, found), weak=measure == "injured")


def _is_caused(tree: WordTree, n: int) -> bool:
    """True for the bare plural of "caused deaths and injuries"."""
    if tree.tokens[n].tag != "NNS" or tree.lemma(n) not in ("death", "fatality", "injury") or tree.has_child(n, {"no", "the", "any"}):
        return False
    verb = next((up for up in tree.heads(n) if tree.is_verb(up)), None)
    above = set(list(tree.heads(n))[:3])
    return verb is not None and verb in above and tree.lemma(verb) in ("cause", "result", "lead", "inflict") and not tree.has_child(verb, {"not", "n't"})


def _number_as_head(tree: WordTree, n: int) -> FoundQuantity | None:
    """The "dozens" of "dozens of deaths"."""
    token = tree.tokens[n]
    if token.dep == "pobj" and tree.lower[token.head] == "of":
        return tree.quantity_at(tree.tokens[token.head].head)
    return None


def _counted(tree: WordTree, n: int, found: FoundQuantity) -> Victims:
    first = min(found.first, tree.phrase(n)[0])
    return Victims(
        quantity=found.quantity, head=n, first=first, last=max(n, found.last), side=read_side(tree.lower[first : n + 1]),
        added="other" in tree.lower[first:n] or "more" in tree.lower[found.last : n],
    )  # fmt: skip


def _body_triggers(tree: WordTree, n: int) -> Iterator[Trigger]:
    """ "12 bodies were recovered", "the bodies of three men were found"."""
    of = next((c for c in tree.children[n] if tree.lower[c] == "of" and c > n), None)
    named = None if of is None else tree.child(of, "pobj")
    if named is not None:
        yield from _trigger(tree, n, "deaths", count_people(tree, named))
        return
    found = number_of(tree, n) or _number_as_head(tree, n)
    verbs = [up for up in tree.heads(n) if tree.is_verb(up)][:1]
    if found is not None and found.quantity.best > 0:
        yield from _trigger(tree, n, "deaths", _counted(tree, n, found))
    elif verbs and tree.lemma(verbs[0]) in FINDING_VERBS and tree.has_child(n, {"a"}):
        first, last = tree.phrase(n)
        yield from _trigger(
            tree, n, "deaths", Victims(quantity=Quantity.exactly(1), head=n, first=first, last=last, side="unknown")
        )
