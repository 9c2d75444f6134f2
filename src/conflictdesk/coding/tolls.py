"""How many people a sentence says were killed, hurt, driven out, held, taken or lost, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from conflictdesk.coding.casualty_words import TOLL_VERBS, Side, TollMeasure, list_words
from conflictdesk.coding.numbers import Quantity
from conflictdesk.coding.toll_flags import read_flags
from conflictdesk.coding.toll_marks import Trigger
from conflictdesk.coding.toll_triggers import find_triggers
from conflictdesk.coding.victim_sides import read_side
from conflictdesk.coding.victims import Victims, count_people
from conflictdesk.coding.word_trees import WordTree
from conflictdesk.records import Estimate, Sentence, Span, ValueIs


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """A number of people that one sentence tells of.

    `span` holds the smallest stretch that shows it, `victims` the noun phrase of the people (None when only a
    figure stands there), `predicate` the number of the token that tells what befell them.
    `imputed` names the rule when the words hold no figure. The flags:
    part_of: a subset of a figure before it ("including two children"); never add it.
    added: on top of others ("another three"). definite: points back at people named before ("the victim").
    cumulative: over many events or a period; historic: of a past year; update: a revised total ("toll rises to").
    unreal: threatened, planned, denied or possible only. feared: not known yet. weak: wounds or care, perhaps of
    people counted elsewhere. negated: "no casualties", with the estimate 0.
    """

    sentence: int
    span: Span
    measure: TollMeasure
    estimate: Estimate
    value_is: ValueIs
    imputed: str | None
    victims: Span | None
    victim_text: str
    predicate: int
    side: Side
    said_by: Span | None = None
    part_of: bool = False
    added: bool = False
    definite: bool = False
    cumulative: bool = False
    historic: bool = False
    update: bool = False
    unreal: bool = False
    feared: bool = False
    weak: bool = False
    negated: bool = False


def read_tolls(sentence: Sentence) -> tuple[Toll, ...]:
    """Read every toll of a sentence, in the order of its words; none when the sentence has no tokens.

    Hypothetical and denied tolls are kept and flagged `unreal`.
    """
    if not sentence.tokens:
        return ()
    tree = WordTree(sentence)
    tolls = [_make(tree, trigger) for trigger in _distinct(tree, list(find_triggers(tree)))]
    read = [toll for toll in tolls if toll is not None]
    read += _toll_figures(tree)
    read += _without(tree)
    read = _drop_doubles(read)
    read += _parts(tree, read)
    return tuple(sorted(read, key=lambda toll: (toll.span, toll.measure)))


def _distinct(tree: WordTree, triggers: list[Trigger]) -> list[Trigger]:
    """One trigger for each measure and victim; a wound counts no more when the same people die."""
    kept: list[Trigger] = []
    for trigger in sorted(triggers, key=lambda t: (t.weak, tree.tokens[t.predicate].dep == "amod", t.predicate)):
        same = [t for t in kept if t.victims.head == trigger.victims.head]
        if any(t.measure == trigger.measure for t in same) or (same and tree.tokens[trigger.predicate].dep == "amod"):
            continue
        if trigger.weak and any(t.measure in ("deaths", "injured") for t in same):
            continue
        kept.append(trigger)
    return sorted(kept, key=lambda t: t.first)


def _make(tree: WordTree, trigger: Trigger) -> Toll | None:
    flags = read_flags(tree, trigger.predicate)
    victims = trigger.victims
    zero = victims.quantity.best == 0
    if flags.refused and not zero:
        return None
    span = tree.span(trigger.first, trigger.last)
    named = tree.span(victims.first, victims.last)
    return Toll(
        sentence=tree.sentence.index,
        span=span,
        measure=trigger.measure,
        estimate=victims.quantity.estimate(),
        value_is=victims.quantity.value_is,
        imputed=victims.quantity.imputed,
        victims=named,
        victim_text=tree.text(named),
        predicate=trigger.predicate,
        side=victims.side,
        said_by=flags.said_by,
        part_of=_is_part(tree, trigger),
        added=victims.added,
        definite=victims.definite,
        cumulative=flags.cumulative,
        historic=flags.historic,
        unreal=flags.unreal,
        feared=flags.feared,
        weak=trigger.weak,
        negated=zero,
    )


def _is_part(tree: WordTree, trigger: Trigger) -> bool:
    before = tree.lower[max(0, trigger.victims.first - 3) : trigger.victims.first]
    return "including" in before or ("among" in before and "them" in before)


# ---------------------------------------------------------------- "the death toll rose to 24"

_TURNED = (("the", "number"), ("the", "total"), ("the", "toll"), ("the", "death"), ("the", "overall"))
_LINKS = list_words(
    "to at of is was has reached exceeds exceeded above past stood surpassed as rises climbs hits stands , : "
    "topped tops crosses crossed passed nears"
)


def _toll_figures(tree: WordTree) -> Iterator[Toll]:
    for n, word in enumerate(tree.lower):
        measure: TollMeasure = "deaths"
        start = n
        if word == "toll":
            if n and tree.lower[n - 1] in ("death", "injury", "casualty"):
                start = n - 1
                measure = "injured" if tree.lower[start] == "injury" else "deaths"
        elif (
            word in ("dead", "killed", "deaths", "fatalities", "wounded", "injured")
            and "number" in tree.lower[max(0, n - 5) : n]
        ):
            start = max(i for i in range(max(0, n - 5), n) if tree.lower[i] == "number")
            measure = "injured" if word in ("wounded", "injured") else "deaths"
        else:
            continue
        figure = _figure_after(tree, n)
        if figure is None:
            continue
        quantity, first, last = figure
        start = min(start, first)
        last = max(last, n)
        between = tree.lower[n + 1 : last]
        flags = read_flags(tree, n)
        yield Toll(
            sentence=tree.sentence.index,
            span=tree.span(start, last),
            measure=measure,
            estimate=quantity.estimate(),
            value_is=quantity.value_is,
            imputed=quantity.imputed,
            victims=None,
            victim_text="",
            predicate=n,
            side="unknown",
            said_by=flags.said_by,
            cumulative=flags.cumulative,
            historic=flags.historic,
            unreal=flags.unreal,
            update=_is_update(tree, start, last, between),
        )


def _is_update(tree: WordTree, start: int, last: int, between: tuple[str, ...]) -> bool:
    """True for "toll rose to", "toll reached", "the number of dead climbed to"."""
    moves = any(
        tree.lemma(i) in TOLL_VERBS and (tree.is_verb(i) or tree.is_noun(i)) for i in range(max(0, start - 4), last)
    )
    return moves and bool({"to", "at", "reached", "hit"} & set(between))


def _figure_after(tree: WordTree, n: int) -> tuple[Quantity, int, int] | None:
    """The figure of a toll, with its first and last token: "toll rose to 24", "brings to 77 the number killed"."""
    turned = next((q for q in tree.quantities if q.last < n and tree.lower[q.last + 1 : q.last + 3] in _TURNED), None)
    if turned is not None and tree.lower[turned.first - 1 : turned.first] == ("to",):
        return turned.quantity, turned.first, turned.last
    for found in tree.quantities:
        if found.first <= n or found.first > n + 12:
            continue
        between = tree.lower[n + 1 : found.first]
        if not set(between[-1:]) & _LINKS or found.quantity.best == 0:
            continue
        if found.last + 1 < len(tree) and tree.lower[found.last + 1] in ("%", "percent", "days", "years", "weeks"):
            continue
        if "from" in between[-1:]:
            continue
        return found.quantity, found.first, found.last
    return None


# ---------------------------------------------------------------- "no casualties"

_HARM: dict[str, tuple[TollMeasure, ...]] = {
    "casualties": ("deaths", "injured"), "casualty": ("deaths", "injured"), "injuries": ("deaths", "injured"),
    "injury": ("deaths", "injured"), "fatalities": ("deaths",), "deaths": ("deaths",), "death": ("deaths",),
    "victims": ("deaths", "injured"),
}  # fmt: skip
_PLAIN_BETWEEN = list_words(
    "immediate reports report reported of any causing cause caused causes damage or and casualties injuries "
    "deaths fatalities injury known human civilian word material , in to inflict inflicting inflicted result "
    "resulted resulting lead leading led leave loss life lives confirmed immediately there were was are is have "
    "been initial information property structural physical record recorded suffer suffered sustain sustained "
    "damages signs indications indication military american u.s. us israeli troop on either side"
)
_LOSS = re.compile(
    r"\b(?:no|without(?: any)?) (?:reported |known )?loss of (?:human )?lives?\b|\bno lives were lost\b", re.I
)


def _without(tree: WordTree) -> Iterator[Toll]:
    """ "No casualties", "no reports of injuries", "did not cause any casualties", "no one was hurt"."""
    for n, word in enumerate(tree.lower):
        if word in _HARM:
            start = _refuser(tree, n)
            if start is not None:
                for measure in _HARM[word]:
                    yield _zero(
                        tree,
                        start,
                        n,
                        measure,
                        "unharmed=0" if word.startswith("injur") and measure == "deaths" else None,
                    )
    for found in _LOSS.finditer(tree.sentence.text):
        start_at = tree.sentence.span.start + found.start()
        end_at = tree.sentence.span.start + found.end()
        inside = [n for n, t in enumerate(tree.tokens) if t.start >= start_at and t.end <= end_at]
        if inside:
            yield _zero(tree, inside[0], inside[-1], "deaths", None)


def _refuser(tree: WordTree, n: int) -> int | None:
    """The token from which "no ... casualties" runs, when the words between leave nothing open."""
    for at in range(n - 1, max(-1, n - 12), -1):
        word = tree.lower[at]
        if word in ("no", "without", "zero", "neither", "nor"):
            return at
        if word in ("not", "n't", "never"):
            between = tree.lower[at + 1 : n]
            done = {"cause", "caused", "report", "reported", "result", "inflict", "lead", "leave", "suffer", "record"}
            first = (
                at - 1
                if at and tree.lower[at - 1] in ("did", "do", "does", "have", "has", "had", "was", "were")
                else at
            )
            return first if done & set(between) else None
        if word not in _PLAIN_BETWEEN:
            return None
    return None


def _zero(tree: WordTree, first: int, last: int, measure: TollMeasure, imputed: str | None) -> Toll:
    flags = read_flags(tree, last)
    return Toll(
        sentence=tree.sentence.index, span=tree.span(first, last), measure=measure, estimate=Estimate.exactly(0),
        value_is="exact", imputed=imputed, victims=None, victim_text="", predicate=last,
        side=read_side(tree.lower[first : last + 1]), said_by=flags.said_by, historic=flags.historic, negated=True,
    )  # fmt: skip


# ---------------------------------------------------------------- doubles and parts


def _drop_doubles(tolls: list[Toll]) -> list[Toll]:
    """Keep one toll where two readings rest on the same words; nobody hurt means nobody killed."""
    figures = [t.span for t in tolls if t.victims is None and not t.negated]
    tolls = [t for t in tolls if t.imputed is None or t.victims is None or not any(f.meets(t.span) for f in figures)]
    kept: list[Toll] = []
    for toll in tolls:
        clash = [
            t for t in kept if t.measure == toll.measure and t.span.meets(toll.span) and t.estimate == toll.estimate
        ]
        if not clash:
            kept.append(toll)
    hurt = [t for t in kept if t.negated and t.measure == "injured" and t.victims is not None]
    unharmed = [replace(t, measure="deaths", imputed="unharmed=0") for t in hurt if not _has_zero(kept, "deaths")]
    return kept + unharmed[:1]


def _has_zero(tolls: list[Toll], measure: TollMeasure) -> bool:
    return any(t.measure == measure for t in tolls)


def _parts(tree: WordTree, tolls: list[Toll]) -> Iterator[Toll]:
    """The "two children" of "five people, including two children, were killed"."""
    for n, word in enumerate(tree.lower):
        opens = word in ("including", "includes", "include") or (
            word == "among" and tree.lower[n + 1 : n + 2] in (("them",), ("whom",))
        )
        if not opens:
            continue
        whole = _whole(tree, tolls, n)
        part = None if whole is None else _first_noun(tree, n + (2 if word == "among" else 1))
        if (
            whole is None
            or part is None
            or part.quantity.best == 0
            or any(t.victims == tree.span(part.first, part.last) for t in tolls)
        ):
            continue
        top = whole.estimate.high
        if top is not None and part.quantity.low > top:
            continue
        named = tree.span(part.first, part.last)
        yield replace(
            whole,
            span=tree.span(n, part.last),
            estimate=part.quantity.estimate(),
            value_is=part.quantity.value_is,
            imputed=part.quantity.imputed,
            victims=named,
            victim_text=tree.text(named),
            side=part.side,
            part_of=True,
            weak=False,
        )


def _whole(tree: WordTree, tolls: list[Toll], n: int) -> Toll | None:
    at = tree.tokens[n].start
    before = [t for t in tolls if t.span.start < at and not t.negated and not t.part_of and t.estimate.best > 1]
    return (
        max(before, key=lambda t: t.victims.start if t.victims and t.victims.start < at else t.span.start)
        if before
        else None
    )


def _first_noun(tree: WordTree, start: int) -> Victims | None:
    """The people of the first noun phrase from token `start`, with what "and" joins to it."""
    for n in range(start, min(start + 10, len(tree))):
        if tree.is_verb(n) and tree.tokens[n].tag in ("VBD", "VBZ", "VBP"):
            return None
        found = tree.quantity_at(n)
        if found is not None and n < found.core:
            continue
        head = tree.tokens[n].head
        if tree.is_noun(n) or (tree.quantity_at(n) is not None and (head < n or not tree.is_noun(head))):
            while (
                tree.tokens[n].dep in ("compound", "nmod", "amod", "nummod", "poss")
                and tree.is_noun(tree.tokens[n].head)
                and tree.tokens[n].head > n
            ):
                n = tree.tokens[n].head
            return count_people(tree, n)
    return None
