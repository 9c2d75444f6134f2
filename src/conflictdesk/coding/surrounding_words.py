"""What stands right around a trigger: the clause of a verb, the words that govern a noun, figures of speech."""

from __future__ import annotations

from typing import Literal

from conflictdesk.coding.grammar import Tree
from conflictdesk.coding.triggers import Trigger

Standing = Literal["fact", "unreal", "denied", "habit", "named"]


def is_known(tree: Tree, trigger: Trigger) -> bool:
    """True for "the attack", "Saturday's strikes", "two bombings": whatever the verb above says, it happened."""
    return any(
        tree.tokens[c].dep in ("poss", "nummod")
        or tree.tokens[c].text.lower() in ("the", "this", "that", "these", "those", "recent", "latest")
        for c in tree.children(trigger.head)
    )


def read_clause(tree: Tree, trigger: Trigger) -> tuple[Standing, str] | None:
    """What the clause of a verb says by itself: "since", "before", "had", "fighting" as a name, "more people"."""
    tokens = tree.tokens
    head = tokens[trigger.head]
    above = tokens[head.head]
    if head.tag == "VBG" and head.dep == "pcomp" and above.text.lower() == "by":
        ruler = tokens[above.head]
        if ruler.tag in ("VBZ", "VBP") and not tree.children(above.head, "aux", "auxpass"):
            return "habit", f"{ruler.text} by {head.text}: usual"
    if head.lemma == "explode" and any(
        tokens[n].lemma in _FEELINGS for n in tree.after_preposition(trigger.head, "with", "in", "into")
    ):
        return "named", f"{head.text} with a feeling: a figure of speech"
    if tokens[0].text == "Had" and any(tokens[c].text.lower() == "would" for c in tree.children(trigger.head, "aux")):
        return "unreal", "had ... would have"
    marks = {tokens[c].text.lower() for c in tree.children(trigger.head, "mark")}
    if head.lemma == "fight" and head.tag == "VBG" and head.dep in ("acl", "relcl", "amod"):
        return "named", f"{tokens[head.head].text} {head.text}: says who they are"
    if head.dep == "advcl" and "before" in marks:
        return "unreal", f"before {head.text}"
    if head.dep == "advcl" and "since" in marks:
        return "named", f"since {head.text}: told as earlier"
    if head.dep == "relcl" and any(tokens[c].text.lower() == "had" for c in tree.children(trigger.head, "aux")):
        return "named", f"had {head.text}: told as earlier"
    things = tree.children(trigger.head, "dobj")
    if head.lemma == "rally" and any(
        tokens[c].text.lower() in ("behind", "around") for c in tree.children(trigger.head, "prep")
    ):
        return "named", f"{head.text} behind somebody: a figure of speech"
    if head.lemma == "clash" and _is_quarrel(tree, trigger.head):
        return "named", f"{head.text} over something: a quarrel"
    if head.lemma == "protest" and any(
        tokens[c].dep == "ccomp" and c > trigger.head for c in tree.children(trigger.head)
    ):
        return "named", f"{head.text} that: a complaint"
    if trigger.act in ("harm", "kill") and any(_is_comparison(tree, o) for o in things):
        return "habit", f"{head.text} more: a comparison"
    return None


_FEELINGS = frozenset("anger rage laughter joy fury tear applause delight emotion cheer".split())
_ILLS = frozenset(
    "malaria poverty corruption hunger disease crime inflation waste cancer virus pollution aids cholera polio tax "
    "unemployment misinformation racism inequality".split()
)
_FOUGHT_OVER = frozenset(
    "land water grazing pasture territory control cattle border oil mine gold village farm route".split()
)


def _is_quarrel(tree: Tree, verb: int) -> bool:
    """ "The coalition clashed over the budget": words, not arms."""
    things = tree.after_preposition(verb, "over", "about")
    return (
        bool(things)
        and not tree.after_preposition(verb, "with")
        and not any(tree.tokens[n].lemma in _FOUGHT_OVER for n in things)
    )


def _is_comparison(tree: Tree, n: int) -> bool:
    """ "Kill more people", but neither "more than 50" nor "a dozen more"."""
    tokens = tree.tokens
    numbered = any(tokens[c].dep == "nummod" or tokens[c].pos == "NUM" for c in tree.subtree(n))
    return not numbered and any(
        tokens[c].lemma == "more" and tokens[c + 1].text.lower() != "than" and tokens[c - 1].lemma != "dozen"
        for c in tree.children(n, "amod")
        if 0 < c < len(tokens) - 1
    )


# "Bracing for strikes", "warned of an attack": not told as a fact, unless it is "the attack".
_UNREAL_BEFORE = {
    "for": frozenset(
        "brace prepare plan call wait hope ask vote train ready push appeal press look search gear agitate "
        "campaign lobby arm reach".split()
    ),
    "of": frozenset("warn speak talk dream think accuse beware".split()),
    "against": frozenset("warn guard protect defend insure vote advise argue caution harden".split()),
    "about": frozenset("worry warn talk think fret ask".split()),
    "to": frozenset("object lead".split()),
    "with": frozenset("threaten".split()),
    "from": frozenset("refrain recover suffer protect shield save deter".split()),
}
_DOERS = frozenset("protester protestor demonstrator rioter bomber vigilante".split())
_GRIEVANCES = frozenset(("kill", "abduct", "arrest", "sexual", "harm", "attack", "shoot"))
_PROTESTS = frozenset(
    "protest demonstrate rally march anger outrage vigil sit-in demonstration dismay fury alarm".split()
)
_SPEECH = frozenset("say tell demand want call urge vow plan hope intend threaten promise ask believe accuse".split())


def read_governor(tree: Tree, trigger: Trigger) -> tuple[Standing, str] | None:
    """What the words that govern a noun say: "bracing for strikes", "protesters plan to march"."""
    tokens = tree.tokens
    head = tokens[trigger.head]
    above = tokens[head.head]
    if head.dep == "pobj" and not is_known(tree, trigger):
        verb = tokens[above.head]
        if verb.pos in ("VERB", "ADJ") and verb.lemma in _UNREAL_BEFORE.get(above.text.lower(), ()):
            return "unreal", f"{verb.text} {above.text} {head.text}"
        if above.text.lower() in ("if", "unless", "despite"):
            return "named", f"{above.text} {head.text}"
    if any(tokens[n].lemma in _ILLS for n in tree.after_preposition(trigger.head, "on", "against")):
        return "named", f"{head.text} on an ill: a figure of speech"
    if head.dep == "pobj" and above.text.lower() == "over" and trigger.act in _GRIEVANCES:
        return "named", f"over {head.text}: what others are angry about"
    about = head.dep == "pobj" and above.text.lower() in ("over", "against", "at", "about")
    if about and tokens[above.head].lemma in _PROTESTS and trigger.act not in ("protest", "riot", "disperse"):
        return "named", f"{tokens[above.head].text} {above.text} {head.text}"
    if head.dep == "nsubj" and head.lemma in _DOERS and above.lemma in _SPEECH and above.pos == "VERB":
        return "named", f"{head.text} only {above.text}"
    if (
        trigger.act == "other"
        and head.dep == "pobj"
        and above.text.lower() in ("after", "since", "following", "before")
    ):
        return "named", f"{above.text} the {head.text}: told as earlier"
    return None
