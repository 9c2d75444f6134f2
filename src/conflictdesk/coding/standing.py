"""How a trigger stands in its sentence: told as fact, or planned, feared, denied, imagined, rehearsed, only named."""

from __future__ import annotations

import re

from conflictdesk.coding.grammar import Tree
from conflictdesk.coding.surrounding_words import Standing, is_known, read_clause, read_governor
from conflictdesk.coding.triggers import Trigger

_TIMES = re.compile(
    r"\b(?:several|many|dozens of|countless|numerous|hundreds of|\d+) times\b|\brepeatedly\b|"
    r"\bevery (?:day|night|week|month)\b",
    re.IGNORECASE,
)

_MODALS = frozenset("could may might would should will shall can must 'll 'd ca wo cannot".split())
# What follows these as infinitive, clause or object has not happened (yet).
_UNREAL_ABOVE = frozenset(
    "threaten plan vow warn want attempt fear prevent avert foil urge call demand hope expect intend consider "
    "promise prepare "
    "seek aim encourage refuse avoid propose discuss mull weigh pledge intend wish advocate predict anticipate "
    "rehearse "
    "simulate plot thwart forestall deter risk need decide offer ask tell design suspect agree authorise "
    "authorize allow "
    "contemplate train imagine suggest oppose resist halt suspend ban outlaw criminalize reject rule fail resume "
    "pressure "
    "order instruct appeal incite conspire schedule deploy try guard protect brace defend counter stop end cease "
    "recommend speculate portray depict recreate dramatize mimic stage-manage commemorate mark remember".split()
)
# With these the thing named did happen, though the verb is about speech.
_TRYING = frozenset("try attempt seek".split())
_DENIAL = frozenset("deny dismiss refute disprove".split())
_UNREAL_NOUNS = frozenset(
    "plan threat fear risk possibility prospect call warning plot danger potential likelihood chance proposal bid hope "
    "preparation ban end halt charge allegation scenario rumor rumour deterrent defense defence protection concern "
    "fears threats warnings anniversary commemoration film movie documentary novel memory memorial "
    "opposition alternative suspicion speculation drill exercise training simulation rehearsal".split()
)
_UNREAL_OBJECT = frozenset(
    "plan prepare threaten consider avert prevent foil thwart plot fear expect avoid anticipate want seek demand "
    "oppose propose "
    "ban simulate rehearse risk deter urge promise vow discuss mull weigh envisage contemplate predict".split()
)
_GOES_ON = frozenset("escalate intensify continue maintain sustain".split())
_SPOKEN_OF = frozenset(
    "claim condemn denounce decry deplore mourn blame investigate probe discuss describe celebrate criticize "
    "criticise praise "
    "justify hail slam lament brand link attribute recall survive film call accuse suspect".split()
)
_CONDITION = frozenset("if unless whether lest until".split())
_UNREAL_MODIFIERS = frozenset(
    "planned possible potential future mock simulated impending imminent upcoming threatened hypothetical feared "
    "proposed "
    "foiled thwarted averted alleged attempted looming further any such would-be nuclear eventual".split()
)
_STILL_FACT = frozenset("attempted further alleged such nuclear".split())
_NEGATIONS = frozenset("no not n't never neither nor without none nobody".split())
_FREQUENT = frozenset(
    "often usually always sometimes regularly frequently routinely daily typically commonly occasionally".split()
)


def read_standing(tree: Tree, trigger: Trigger) -> tuple[Standing, str]:
    """Say how the trigger stands, and the rule that said so."""
    tokens = tree.tokens
    verb = tree.verb_above(trigger.head)
    if verb is not None:
        if _is_refused_report(tree, verb):
            return "denied", "a report is rejected"
        if _is_set_back(tree, _first_of_verbs(tree, verb)):
            return "named", f"so many days before or after {tokens[verb].text}"
        if trigger.act == "capture" and _tells_of_a_place(tree, verb):
            return "named", f"{tokens[verb].text}: how the place came into their hands"
    standing = _noun_standing(tree, trigger, verb) if trigger.noun else read_clause(tree, trigger)
    standing = standing or (read_governor(tree, trigger) if trigger.noun else None)
    if standing:
        return standing
    if verb is None:
        return "fact", "no verb above"
    if trigger.noun and tokens[trigger.head].dep == "pobj" and is_known(tree, trigger):
        return "fact", f"{tokens[trigger.head].text} is spoken of as known"
    return _verb_standing(tree, verb, own=not trigger.noun and tokens[verb].lemma == tokens[trigger.head].lemma)


_REPORTS = frozenset("report claim allegation rumor rumour accusation charge story".split())
_REFUSALS = frozenset("reject deny dismiss refute rebut disprove".split())


def _is_refused_report(tree: Tree, verb: int) -> bool:
    """ "Rebels rejected a report that they had burned villages"."""
    for up in (verb, *tree.ancestors(verb)):
        head = tree.tokens[up].head
        if tree.tokens[up].dep in ("acl", "ccomp", "relcl") and tree.tokens[head].lemma in _REPORTS:
            return tree.tokens[tree.tokens[head].head].lemma in _REFUSALS
    return False


_PLACES = frozenset("region province district area town city village peninsula island oblast territory state".split())


def _tells_of_a_place(tree: Tree, verb: int) -> bool:
    """ "In the region, which rebels seized early in the war, troops fired rockets": a clause without its own day."""
    clause = tree.tokens[verb]
    if clause.dep != "relcl" or tree.tokens[tree.tokens[clause.head].head].pos == "VERB":
        return False
    thing = tree.tokens[clause.head]
    here = thing.lemma.lower() in _PLACES or thing.entity in ("GPE", "LOC", "FAC")
    dated = any(tree.tokens[n].entity in ("DATE", "TIME") for n in tree.subtree(verb))
    return here and thing.dep == "pobj" and not dated


def _first_of_verbs(tree: Tree, verb: int) -> int:
    """The first of verbs joined by "and": it carries their tense and their time."""
    tokens = tree.tokens
    while tokens[verb].dep == "conj" and tokens[tokens[verb].head].pos == "VERB" and tokens[verb].head != verb:
        verb = tokens[verb].head
    return verb


def _is_generic(tree: Tree, trigger: Trigger, verb: int) -> bool:
    """ "Attacks are prolonging the war": bare plural before a verb in the present."""
    head = tree.tokens[trigger.head]
    if head.dep != "nsubj" or head.tag != "NNS" or tree.sentence.paragraph == 0:
        return False
    if tree.tokens[verb].lemma == "be" and any(
        tree.tokens[c].lemma in _USUAL for c in tree.children(verb, "acomp", "attr")
    ):
        return True
    if any(tree.tokens[c].dep in ("det", "nummod", "poss") for c in tree.children(trigger.head)):
        return False
    present = tree.tokens[verb].tag in ("VBP", "VBZ") or any(
        tree.tokens[c].text.lower() in ("are", "is", "’re", "'re") for c in tree.children(verb, "aux")
    )
    return present and tree.tokens[verb].lemma not in ("continue", "rage", "be", *_PAST_ALIKE)


_USUAL = frozenset("common frequent rare routine usual regular daily rife widespread commonplace unusual".split())
_MANY = frozenset(
    "uptick rise increase surge spate series string wave escalation spike cycle campaign number resurgence "
    "upsurge spiral pattern".split()
)


def _is_one_of_many(tree: Tree, trigger: Trigger) -> bool:
    """ "An uptick in attacks", "a series of bombings", with no day said."""
    tokens = tree.tokens
    head = tokens[trigger.head]
    if head.dep != "pobj" or head.tag not in ("NNS", "NN") or tokens[head.head].lemma not in ("in", "of"):
        return False
    return tokens[tokens[head.head].head].lemma in _MANY


def _is_set_back(tree: Tree, verb: int) -> bool:
    """ "Eleven days after gunmen killed six policemen": the clause tells of another time, which is not said."""
    tokens = tree.tokens
    for c in tree.children(verb, "mark", "advmod", "prep"):
        if (
            tokens[c].text.lower() in ("after", "before")
            and c >= 2
            and tokens[c - 1].lemma in ("day", "week", "month", "year", "hour")
        ):
            under = [tokens[n] for n in tree.subtree(verb) if n > c]
            return tokens[c - 1].lemma != "hour" and not any(t.entity == "DATE" for t in under)
    return False


def _noun_standing(tree: Tree, trigger: Trigger, verb: int | None) -> tuple[Standing, str] | None:
    """What stands around a noun: "planned", "no", "a wave of", "the threat of"."""
    tokens = tree.tokens
    if verb is not None and _is_generic(tree, trigger, verb):
        return "habit", f"{tokens[trigger.head].text}: in general"
    if _is_one_of_many(tree, trigger):
        return "habit", f"{tokens[trigger.head].text}: many, over time"
    for child in tree.children(trigger.head):
        word = tokens[child].lemma
        forms = {word, tokens[child].text.lower()}
        if tokens[child].dep in ("amod", "compound", "det", "neg") and forms & (_UNREAL_MODIFIERS - _STILL_FACT):
            return "unreal", f"{word} {tokens[trigger.head].text}"
        if tokens[child].dep in ("det", "neg") and word == "no":
            return "denied", "no " + tokens[trigger.head].text
    if tokens[trigger.head].dep in ("dobj", "nsubjpass", "pobj") and _is_spoken_of(tree, trigger):
        return "named", f"{tokens[trigger.head].text} is only spoken of"
    above = tokens[tokens[trigger.head].head]
    if tokens[trigger.head].dep == "dobj" and above.lemma in _UNREAL_OBJECT:
        return "unreal", f"{above.text} {tokens[trigger.head].text}"
    if tokens[trigger.head].dep == "dobj" and above.lemma in _GOES_ON:
        return "habit", f"{above.text} {tokens[trigger.head].text}: goes on"
    # An attack that is the object of "plot", "threat of", "fear of" is not told as a fact.
    for up in tree.ancestors(trigger.head):
        if tokens[up].pos in ("VERB", "AUX"):
            break
        if tokens[up].pos == "ADP" and tokens[up].lemma == "without":
            return "denied", "without " + tokens[trigger.head].text
        if tokens[up].pos in ("NOUN", "PROPN") and tokens[up].lemma in _UNREAL_NOUNS:
            return "unreal", f"{tokens[up].text} ... {tokens[trigger.head].text}"
    if tokens[trigger.head].dep in ("compound", "amod", "nmod", "npadvmod") and tokens[
        tokens[trigger.head].head
    ].pos in ("NOUN", "PROPN"):
        return "named", f"{tokens[trigger.head].text} only names {tokens[tokens[trigger.head].head].text}"
    return None


def _is_spoken_of(tree: Tree, trigger: Trigger) -> bool:
    """True for "claimed the attack", "responsibility for the blast", "condemned the killings"."""
    tokens = tree.tokens
    up = tokens[trigger.head].head
    if tokens[trigger.head].dep == "pobj":
        if tokens[up].lemma not in ("for", "of", "over", "after", "in", "with"):
            return False
        up = tokens[up].head
        return tokens[up].lemma in _SPOKEN_OF or tokens[up].lemma in (
            "responsibility",
            "condemnation",
            "investigation",
            "blame",
            "condolence",
            "role",
            "involvement",
            "credit",
            "outrage",
            "grief",
            "anger",
        )
    return tokens[up].lemma in _SPOKEN_OF


def _verb_standing(tree: Tree, verb: int, *, own: bool) -> tuple[Standing, str]:
    tokens = tree.tokens
    below: int | None = None
    for steps, n in enumerate((verb, *tree.ancestors(verb))):
        token = tokens[n]
        if token.pos not in ("VERB", "AUX"):
            if (
                token.pos in ("NOUN", "PROPN")
                and token.lemma in _UNREAL_NOUNS
                and below is not None
                and tokens[below].dep in ("acl", "relcl", "pcomp")
            ):
                if tokens[below].dep == "acl" and _is_infinitive(tree, below):
                    return "unreal", f"{token.text} to {tokens[below].text}"
                if tokens[below].dep == "pcomp":
                    return "unreal", f"{token.text} of {tokens[below].text}"
                break
            if token.pos in ("NOUN", "PROPN") and below is not None and tokens[below].dep in ("acl", "relcl"):
                break
            if token.pos == "ADP" and token.lemma == "without":
                return "denied", "without"
            if tokens[n].dep in ("nsubj", "nsubjpass", "dobj") and below is not None and tokens[below].dep == "relcl":
                break
            below = n
            continue
        found = _own_marks(tree, n, steps, own)
        if found and not (below is not None and tokens[below].dep in ("relcl", "advcl") and found[0] != "fact"):
            return found
        if below is not None and tokens[below].dep == "relcl":
            break
        if below is not None and (steps > 0 or not own):
            above = _above_marks(tree, n, below)
            if above:
                return above
        if token.dep in ("relcl", "advcl") and not _is_infinitive(tree, n) and not _has_condition(tree, n):
            break
        below = n
    return _habit(tree, verb) or ("fact", "told as a fact")


def _own_marks(tree: Tree, n: int, steps: int, own: bool) -> tuple[Standing, str] | None:
    tokens = tree.tokens
    for child in tree.children(n):
        word = tokens[child].text.lower()
        if tokens[child].dep == "aux" and word in _MODALS and not (word == "would" and _reported_past(tree, n)):
            if any(tokens[c].lemma == "have" for c in tree.children(n, "aux")) and word in ("may", "might", "must"):
                continue
            return "unreal", f"{word} {tokens[n].text}"
        if tokens[child].dep == "neg" or (tokens[child].dep == "advmod" and word in ("never",)):
            return "denied", f"{word} {tokens[n].text}"
    for subject in tree.children(n, "nsubj", "nsubjpass"):
        if tokens[subject].text.lower() in ("nobody", "none", "neither", "nothing") or any(
            tokens[c].text.lower() in ("no", "neither") for c in tree.children(subject, "det", "neg")
        ):
            return "denied", f"nobody {tokens[n].text}"
    if _has_condition(tree, n):
        return "unreal", "if"
    if _is_infinitive(tree, n) and tokens[n].dep in ("acl", "advcl", "ROOT", "relcl"):
        return "unreal", f"to {tokens[n].text}"
    if tokens[n].lemma in ("deny", "dismiss") and steps > 0:
        return "denied", tokens[n].text
    return None


def _reported_past(tree: Tree, n: int) -> bool:
    return any(tree.tokens[c].lemma == "have" for c in tree.children(n, "aux"))


def _has_condition(tree: Tree, n: int) -> bool:
    return any(tree.tokens[c].text.lower() in _CONDITION - {"until"} for c in tree.children(n, "mark"))


def _is_infinitive(tree: Tree, n: int) -> bool:
    return any(tree.tokens[c].text.lower() == "to" and tree.tokens[c].dep == "aux" for c in tree.children(n))


def _above_marks(tree: Tree, n: int, below: int) -> tuple[Standing, str] | None:
    token, under = tree.tokens[n], tree.tokens[below]
    if token.lemma in _DENIAL and under.dep in ("xcomp", "ccomp", "dobj", "prep", "pcomp"):
        return "denied", token.text
    if token.lemma in _UNREAL_ABOVE and under.dep in ("xcomp", "ccomp", "dobj", "prep", "pcomp"):
        clause = under.dep in ("ccomp", "dobj", "prep") and token.lemma in (
            *_TRYING,
            "mark",
            "remember",
            "tell",
            "suspect",
            "suggest",
            "defend",
            "resist",
            "counter",
            "fail",
            "halt",
            "stop",
            "end",
            "oppose",
            "reject",
            "order",
            "authorise",
            "authorize",
            "deploy",
            "plan",
            "call",
            "resume",
        )
        if clause and not (
            token.lemma in ("plan", "call", "order", "authorise", "authorize", "oppose", "reject", "resume")
            and under.dep in ("dobj", "prep")
        ):
            return None
        return "unreal", f"{token.text} ... {under.text}"
    if token.lemma in ("be",) and under.dep == "xcomp" and _is_infinitive(tree, below):
        return "unreal", "is to " + under.text
    if token.lemma in _MOVES and under.dep in ("xcomp", "advcl") and _is_infinitive(tree, below):
        return "unreal", f"{token.text} to {under.text}"
    return None


# Verbs whose past looks like their present: the parser's guess says nothing.
_PAST_ALIKE = frozenset("set hit cut put hurt beat shut cast burst split spread let shed".split())
_MOVES = frozenset("seek go come arrive rush head travel return gather meet wait stand need send bring enter".split())


def _habit(tree: Tree, verb: int) -> tuple[Standing, str] | None:
    """Present simple with a plural doer tells of what is usual: "militias carry out strikes"."""
    tokens = tree.tokens
    if tokens[verb].lemma in ("say", "tell", "be", "report", "come") or tree.sentence.paragraph == 0:
        return None
    if any(tokens[c].text.lower() in _FREQUENT for c in tree.children(verb, "advmod")):
        return "habit", "often"
    if _TIMES.search(tree.sentence.text):
        return "habit", "many times"
    auxiliaries = tree.children(verb, "aux", "auxpass")
    first = _first_of_verbs(tree, verb)
    usual = (
        tokens[first].tag == "VBP" and not tree.children(first, "aux", "auxpass") and tokens[verb].tag in ("VB", "VBP")
    )
    if first != verb and usual and not auxiliaries and tokens[first].lemma not in ("say", "report", *_PAST_ALIKE):
        return "habit", f"{tokens[first].text} ... {tokens[verb].text}: present, usual"
    joined = tokens[verb].tag == "VBP" and any(tokens[c].tag == "VBP" for c in tree.children(verb, "conj"))
    if joined and not auxiliaries and tokens[verb].lemma in _PAST_ALIKE:
        return "habit", f"{tokens[verb].text}: present, usual"
    if tokens[verb].tag == "VBP" and not auxiliaries and tokens[verb].lemma not in _PAST_ALIKE:
        return "habit", f"{tokens[verb].text}: present, usual"
    return None
