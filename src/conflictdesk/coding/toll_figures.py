"""Tolls told as figures ("the death toll rose to 24") and denied ("no casualties")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conflictdesk.coding.casualty_words import TOLL_VERBS, TollMeasure, list_words
from conflictdesk.coding.numbers import Quantity
from conflictdesk.coding.toll_flags import read_flags
from conflictdesk.coding.toll_marks import Toll
from conflictdesk.coding.victim_sides import read_side
from conflictdesk.coding.word_trees import WordTree
from conflictdesk.records import Estimate

_TURNED = (("the", "number"), ("the", "total"), ("the", "toll"), ("the", "death"), ("the", "overall"))
_LINKS = list_words(
    "to at of is was has reached exceeds exceeded above past stood surpassed as rises climbs hits stands , : "
    "topped tops crosses crossed passed nears"
)


_EARLIER = frozenset({"earlier", "previously", "initially", "previous"})
_POINTED = list_words("it figure number count total tally that dead deaths killed wounded injured")
_PUT_REACH = 12


def read_pointed_figures(tree: WordTree) -> Iterator[Toll]:
    """The 15 of "a hospital source put it at 15": a figure for what was told before, hence `definite`."""
    for found in tree.quantities:
        near = range(found.first - 1, max(-1, found.first - _PUT_REACH), -1)
        n = next((i for i in near if tree.lemma(i) == "put"), None)
        if n is None or tree.lower[found.first - 1] != "at" or not found.quantity.best:
            continue
        words = tree.lower[n + 1 : found.first - 1]
        behind = tree.lower[found.last + 1 : found.last + 2]
        counted = bool(behind) and tree.is_noun(found.last + 1) and behind[0] not in ("people", "dead")
        if not words or words[-1] not in _POINTED or counted or behind in (("%",), ("percent",)):
            continue
        flags = read_flags(tree, n)
        said = tree.child(n, "nsubj")
        yield Toll(
            sentence=tree.sentence.index,
            span=tree.span(n, found.last),
            measure=_measure_of(tree, words[-1]),
            estimate=found.quantity.estimate(),
            value_is=found.quantity.value_is,
            imputed=found.quantity.imputed,
            victims=None,
            victim_text="",
            predicate=n,
            side="unknown",
            said_by=tree.span(*tree.phrase(said)) if said is not None else flags.said_by,
            definite=True,
            cumulative=flags.cumulative,
            unreal=flags.unreal,
        )


def _measure_of(tree: WordTree, word: str) -> TollMeasure:
    hurt = {"wounded", "injured"}
    if word in ("dead", "deaths", "killed"):
        return "deaths"
    return "injured" if word in hurt or hurt & set(tree.lower) else "deaths"


def read_toll_figures(tree: WordTree) -> Iterator[Toll]:
    """ "The death toll rose to 24", "the number of wounded is 30"."""
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
            update=(first < n and not flags.cumulative) or _is_update(tree, start, last, between),
        )


def _is_update(tree: WordTree, start: int, last: int, between: tuple[str, ...]) -> bool:
    """True for "toll rose to", "toll reached", "the number of dead climbed to"."""
    moves = any(
        tree.lemma(i) in TOLL_VERBS and (tree.is_verb(i) or tree.is_noun(i)) for i in range(max(0, start - 4), last)
    )
    return moves and bool({"to", "at", "reached", "hit", "crosses", "crossed", "passed"} & set(between))


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
        if "from" in between[-1:] or _EARLIER & set(between[-4:]):
            continue
        return found.quantity, found.first, found.last
    return None


_HARM: dict[str, tuple[TollMeasure, ...]] = {
    "casualties": ("deaths", "injured"), "casualty": ("deaths", "injured"), "injuries": ("deaths", "injured"),
    "injury": ("deaths", "injured"), "fatalities": ("deaths",), "deaths": ("deaths",), "death": ("deaths",),
    "victims": ("deaths", "injured"),
}  # fmt: skip
_PLAIN_BETWEEN = list_words(
    "immediate reports report reported of any causing cause caused causes damage or and casualties injuries "
    "deaths fatalities injury known human civilian material , in to inflict inflicting inflicted result "
    "resulted resulting lead leading led leave loss life lives immediately there were was are is have "
    "been property structural physical record recorded suffer suffered sustain sustained "
    "damages signs indications indication military american u.s. us israeli troop either side"
)
_LOSS = re.compile(
    r"\b(?:no|without(?: any)?) (?:reported |known )?loss of (?:human )?lives?\b|\bno lives were lost\b", re.I
)


def read_denials(tree: WordTree) -> Iterator[Toll]:
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
