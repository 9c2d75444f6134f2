"""Who to whom around a trigger, as the grammar of its sentence says it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conflictdesk.coding.grammar import Tree
from conflictdesk.coding.triggers import Trigger
from conflictdesk.records import Span

# Verbs that only lend a noun its doer: "carried out an attack on", "launched a raid".
_LIGHT = frozenset(
    "carry launch conduct stage mount wage execute perpetrate commit make unleash perform organise organize hold "
    "lead join "
    "start begin open do intensify escalate renew resume step continue claim attend erect set impose call block "
    "sign reach agree announce".split()
)
_RECIPROCAL = frozenset("clash fight battle skirmish exchange trade repel repulse".split())
_TO_WHOM = ("on", "against", "at", "upon", "into", "targeting", "toward", "towards", "with")
_PRONOUNS = frozenset("which that who whom they it them he she him her its their this these those what others".split())
_NOT_PARTIES = frozenset("NUM PUNCT SYM X ADP SCONJ CCONJ PART ADV INTJ".split())


@dataclass(frozen=True, slots=True)
class Roles:
    """Head tokens of the doers and of those it is done to; `mutual` when both fight each other.

    `pronoun`: the doer is only "it", "they" or "the group": somebody told of before.
    """

    agents: tuple[int, ...]
    patients: tuple[int, ...]
    mutual: bool = False
    pronoun: bool = False


def read_roles(tree: Tree, trigger: Trigger) -> Roles:
    """Find the parties of one trigger; empty where the grammar names none."""
    noun = trigger.noun or _is_verbal_noun(tree, trigger.head)
    roles = _noun_roles(tree, trigger) if noun else _verb_roles(tree, trigger)
    roles = _add_users(tree, trigger, roles)
    pronoun = any(_points_back(tree, n) for n in roles.agents)
    return Roles(
        _resolve(tree, roles.agents), _resolve(tree, roles.patients), roles.mutual or trigger.act == "clash", pronoun
    )


def _is_verbal_noun(tree: Tree, n: int) -> bool:
    """True for "in shelling by the army" and "fighting in Beirut left two dead", which the grammar takes for verbs."""
    token = tree.tokens[n]
    return (
        token.tag == "VBG" and token.dep in ("nsubj", "pobj", "pcomp", "dobj") and not tree.children(n, "nsubj", "aux")
    )


# "A landmine laid by rebels", "drones launched by Russia": the weapon's own participle names who used it.
_USED = frozenset("lay plant fire launch drop throw hurl detonate operate lob send release bury place set use".split())
_HELD = frozenset("hold control seize occupy capture take administer run overrun".split())


def _add_users(tree: Tree, trigger: Trigger, roles: Roles) -> Roles:
    """The parties that stand in a clause of their own, on the weapon or on the place taken."""
    beside = [trigger.head, *tree.subjects(trigger.head), *tree.objects(trigger.head)]
    beside += tree.after_preposition(trigger.head, "by", "in", "on") if not trigger.noun else []
    if trigger.act == "disrupt":
        return replace(roles, patients=(*_who_did(tree, beside, _USED), *roles.patients))
    if trigger.act in ("capture", "withdraw"):
        return replace(roles, patients=(*roles.patients, *_losers(tree, trigger.head, beside)))
    return replace(roles, agents=(*roles.agents, *_who_did(tree, beside, _USED)))


def _who_did(tree: Tree, things: list[int], verbs: frozenset[str]) -> list[int]:
    found: list[int] = []
    for clause in (c for thing in things for c in tree.children(thing, "acl", "relcl")):
        if tree.tokens[clause].lemma in verbs:
            own = [n for n in tree.subjects(clause) if tree.tokens[n].text.lower() not in _PRONOUNS]
            found += tree.agents(clause) if tree.is_passive(clause) else own
    return found


def _losers(tree: Tree, verb: int, things: list[int]) -> list[int]:
    """Who held the place before: "retook it from rebels", "a village that Russian forces had held"."""
    named = [*things, *(n for thing in things for n in tree.after_preposition(thing, "of"))]
    named += [n for thing in named for n in tree.children(thing, "appos")]
    clauses = [c for c in tree.children(verb, "advcl", "ccomp") if tree.tokens[c].lemma in _HELD]
    held = [n for c in clauses for n in tree.children(c, "nsubj")]
    return [*tree.after_preposition(verb, "from"), *_who_did(tree, named, _HELD), *held]


_BACK = frozenset("it they he she".split())
_BACK_NOUNS = frozenset(
    "group militia movement organization organisation faction militants rebels insurgents fighters".split()
)


def _points_back(tree: Tree, n: int) -> bool:
    token = tree.tokens[n]
    if token.text.lower() in _BACK:
        return True
    determined = any(tree.tokens[c].text.lower() in ("the", "this") for c in tree.children(n, "det"))
    return determined and token.text.lower() in _BACK_NOUNS and len(tree.children(n)) == 1


def _resolve(tree: Tree, heads: tuple[int, ...]) -> tuple[int, ...]:
    """Replace relative pronouns by what they stand for; drop other pronouns."""
    found: list[int] = []
    for n in heads:
        if tree.tokens[n].text.lower() in ("which", "that", "who", "whom"):
            verb = tree.verb_above(n)
            while verb is not None and tree.tokens[verb].dep not in ("relcl", "acl") and tree.tokens[verb].head != verb:
                verb = tree.tokens[verb].head
            if verb is not None and tree.tokens[verb].dep in ("relcl", "acl"):
                found.append(tree.tokens[verb].head)
        elif tree.tokens[n].text.lower() not in _PRONOUNS and tree.tokens[n].pos not in _NOT_PARTIES - {"NUM"}:
            found.append(n)
    return tuple(dict.fromkeys(found))


def _who_tried(tree: Tree, verb: int) -> list[int]:
    """The doers of "were killed when rebels tried to storm a base": the clause tells of no deed of its own."""
    if tree.tokens[verb].lemma not in ("kill", "wound", "injure"):
        return []
    clauses = [c for c in tree.children(verb, "advcl") if tree.tokens[c].lemma in ("try", "attempt")]
    return [n for c in clauses for n in tree.children(c, "nsubj")]


def _is_cut_off(tree: Tree, verb: int) -> bool:
    """True for the "blocked" of "members of the CJNG blocked roads", which the grammar hangs on the roads."""
    token, before = tree.tokens[verb], tree.tokens[verb - 1] if verb else None
    return token.dep == "amod" and token.head > verb and before is not None and before.pos in ("NOUN", "PROPN")


_AIMED = ("on", "at", "into", "toward", "towards", "against", "among", "amid")


def _verb_roles(tree: Tree, trigger: Trigger) -> Roles:
    verb = trigger.head
    lemma = tree.tokens[verb].lemma
    if _is_cut_off(tree, verb):
        return Roles((verb - 1,), (tree.tokens[verb].head,))
    if tree.is_passive(verb):
        return Roles(tuple(tree.agents(verb) or _who_tried(tree, verb)), tuple(tree.passive_subjects(verb)))
    subjects = tuple(tree.subjects(verb))
    if not subjects and tree.tokens[verb].dep in ("acl", "relcl"):
        subjects = (tree.tokens[verb].head,)
    if not subjects and tree.tokens[verb].tag == "VBG" and verb and tree.tokens[verb - 1].pos in ("PROPN", "NOUN"):
        subjects = (verb - 1,)  # "RSF shelling of the suburbs", read as a verb
    objects = tuple(tree.objects(verb))
    if lemma in _RECIPROCAL:
        others = tuple(tree.after_preposition(verb, "with", "against"))
        if not others:
            others = tuple(n for o in objects for n in tree.after_preposition(o, "with", "against"))
        return Roles(subjects, others or objects, True)
    if lemma in (
        "fire",
        "open",
        *(("fall",) if trigger.act == "strike" else ()),
        "shoot",
        "launch",
        "throw",
        "hurl",
        "lob",
        "drop",
        "blow",
        "detonate",
        "plant",
        "pelt",
        "crash",
        "land",
    ):
        aimed = tuple(n for o in objects for n in tree.after_preposition(o, *_AIMED))
        aimed += tuple(tree.after_preposition(verb, *_AIMED, "in", "near"))
        return Roles(subjects, objects if lemma in ("shoot", "pelt", "blow") and objects else aimed)
    if lemma in ("die", "perish", "fall"):
        return Roles((), subjects)
    return Roles(subjects, objects or tuple(tree.after_preposition(verb, "on", "against")))


def _noun_roles(tree: Tree, trigger: Trigger) -> Roles:
    noun = trigger.head
    agents = list(tree.after_preposition(noun, "by"))
    after = trigger.last + 1
    if not agents and after < len(tree.tokens) and tree.tokens[after].text.lower() == "by":
        agents = tree.with_conjuncts(tree.children(after, "pobj"))
    patients = list(tree.after_preposition(noun, *_TO_WHOM))
    for child in tree.children(noun, "acl", "relcl"):
        if tree.tokens[child].lemma in (
            "target",
            "hit",
            "kill",
            "wound",
            "strike",
            "damage",
            "destroy",
            "injure",
            "leave",
            "claim",
        ):
            patients += tree.objects(child)
        agents += tree.agents(child)
    sides = _name_sides(tree, noun)
    if len(sides) >= 2:
        return Roles(tuple(sides[:1]), tuple(sides[1:]), True)
    if trigger.act in ("kill", "abduct", "arrest", "sexual", "capture", "harm", "shoot"):
        patients += tree.after_preposition(noun, "of")
    if not agents and tree.children(noun, "poss", "compound", "amod", "nmod"):
        agents.append(noun)  # "an Israeli air strike": the phrase itself may name who did it
    verb = tree.verb_above(noun)
    if verb is not None and agents in ([], [noun]):
        agents += _doers_by_verb(tree, trigger, verb)
    if verb is not None and not patients:
        patients += _victims_by_verb(tree, noun, verb)
    return Roles(tuple(agents), tuple(patients))


def _name_sides(tree: Tree, noun: int) -> list[int]:
    """Both sides of "clashes between X and Y", "fighting that pitted X against Y"."""
    between = tree.after_preposition(noun, "between", "among", "involving")
    above = tree.tokens[noun].head
    for verb in (*tree.children(noun, "acl", "relcl"), *((above,) if tree.tokens[noun].dep == "nsubj" else ())):
        if tree.tokens[verb].lemma == "pit":
            objects = tree.objects(verb)
            between = [*objects, *(n for v in (verb, *objects) for n in tree.after_preposition(v, "against"))]
        elif tree.tokens[verb].lemma == "involve" and not between:
            between = tree.objects(verb)
    return between


_IN_COURSE = frozenset("in after during amid following".split())


def _doers_by_verb(tree: Tree, trigger: Trigger, verb: int) -> list[int]:
    tokens, noun = tree.tokens, trigger.head
    if tokens[noun].dep == "pobj" and tokens[tokens[noun].head].lemma == "of":
        noun = tokens[tokens[noun].head].head  # "unleashed a wave of attacks"
    if tokens[noun].dep in ("dobj", "conj", "nsubjpass") and tokens[verb].lemma in _LIGHT:
        return tree.agents(verb) if tree.is_passive(verb) else tree.subjects(verb)
    if tokens[noun].dep != "pobj":
        return []
    if tokens[verb].lemma in ("fight", "kill", "take", "involve", "engage") or (
        tokens[verb].lemma == "lose" and tree.after_preposition(noun, "on", "against")
    ):
        return tree.subjects(verb) if not tree.is_passive(verb) else []
    if trigger.act == "clash" and tokens[tokens[noun].head].text.lower() in _IN_COURSE:
        return [*tree.passive_subjects(verb), *tree.subjects(verb)]
    return []


def _victims_by_verb(tree: Tree, noun: int, verb: int) -> list[int]:
    tokens = tree.tokens
    subject = tokens[noun].dep in ("nsubj", "csubj") and tokens[noun].head == verb
    if subject and tokens[verb].lemma in (
        "kill",
        "hit",
        "target",
        "wound",
        "injure",
        "strike",
        "damage",
        "destroy",
        "claim",
        "leave",
        "flatten",
        "rock",
        "level",
        "tear",
    ):
        return tree.objects(verb) + _left_dead(tree, verb)
    if (
        tokens[noun].dep == "pobj"
        and tree.is_passive(verb)
        and tokens[verb].lemma in ("kill", "wound", "injure", "hit", "destroy", "damage", "hurt", "strike")
    ):
        return tree.passive_subjects(verb)
    if (
        tokens[noun].dep == "pobj"
        and tokens[verb].lemma in ("come", "die", "perish", "fall", "walk", "drive", "run", "lose")
        and tokens[tokens[noun].head].text.lower() in ("under", "in", "after", "into")
    ):
        return tree.subjects(verb)
    return []


def _left_dead(tree: Tree, verb: int) -> list[int]:
    """The "two men" of "left two men dead", which the grammar takes for a clause."""
    return [n for c in tree.children(verb, "ccomp", "oprd") for n in tree.children(c, "nsubj", "nsubjpass")]


def phrase_of(tree: Tree, head: int) -> Span:
    """The words of a party, from its first modifier to its last."""
    return tree.phrase(head)
