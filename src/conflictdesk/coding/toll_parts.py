"""Figures that are a part of another one: "including two children", "nine of them civilians"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from conflictdesk.coding.casualty_words import TollMeasure
from conflictdesk.coding.numbers import read_quantity
from conflictdesk.coding.person_nouns import is_person
from conflictdesk.coding.toll_flags import read_flags
from conflictdesk.coding.toll_marks import Toll
from conflictdesk.coding.victim_sides import read_group, read_side
from conflictdesk.coding.victims import Victims, count_each, count_people
from conflictdesk.coding.word_trees import WordTree
from conflictdesk.records import Estimate, Span


def read_parts(tree: WordTree, tolls: list[Toll]) -> Iterator[Toll]:
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
        yield from _split_part(tree, whole, part, n)
    yield from _described(tree, tolls)
    yield from _of_the_dead(tree, tolls)


def _split_part(tree: WordTree, whole: Toll, part: Victims, n: int) -> Iterator[Toll]:
    """One part, or several where children, women and others are told apart."""
    each = count_each(tree, part.head)
    groups = {read_group(tree.lower[one.first : one.last + 1]) for one in each}
    if len(each) < 2 or len(groups) < 2:
        yield _part_of(tree, whole, part, n)
        return
    for place, one in enumerate(each):
        yield _part_of(tree, whole, one, n if place == 0 else one.first)


_BESIDES = re.compile(
    r"(?P<gap>,? )(?:besides|apart from|in addition to|as well as|not counting|excluding|plus|other than) "
    r"(?:(?P<self>himself|herself)|(?P<selves>themselves)|the (?:(?P<number>\w+) )?(?:suicide )?"
    r"(?P<doers>bombers?|attackers?|assailants?|gunm[ae]n|shooters?))\b"
)


def read_doers(tree: WordTree, tolls: list[Toll]) -> Iterator[Toll]:
    """The two bombers of "two women blew themselves up, killing 14 people besides themselves": on top of the 14."""
    text, start = tree.sentence.text, tree.sentence.span.start
    for whole in tolls:
        found = None if whole.victims is None else _BESIDES.match(text, whole.victims.end - start)
        if found is None or whole.measure != "deaths" or whole.part_of or whole.negated:
            continue
        quantity = read_quantity(found["number"] or "")
        if found["selves"]:
            first = next(iter(tree.quantities), None)
            quantity = first.quantity if first is not None and first.last < whole.predicate else read_quantity("two")
        one = found["self"] or not (found["doers"] or "s").endswith(("s", "men"))
        if quantity is None:
            quantity = read_quantity("one" if one else "two")
        if quantity is None or not quantity.best:
            continue
        named = Span(start + found.end("gap"), start + found.end())
        yield replace(
            whole, span=named, estimate=quantity.estimate(), value_is=quantity.value_is, imputed=quantity.imputed,
            victims=named, victim_text=tree.text(named), side="attackers", added=True, definite=False,
        )  # fmt: skip


_THE_DEAD: dict[str, TollMeasure] = {
    "dead": "deaths", "killed": "deaths", "slain": "deaths", "fatalities": "deaths",
    "wounded": "injured", "injured": "injured",
}  # fmt: skip


def _of_the_dead(tree: WordTree, tolls: list[Toll]) -> Iterator[Toll]:
    """ "Two of the dead were children", "among the dead were two nurses", "the dead included four women"."""
    for n, word in enumerate(tree.lower):
        start = n - 1
        if word not in _THE_DEAD or n == 0 or tree.lower[start] not in ("the", "those"):
            continue
        after = tree.lower[n + 1] if n + 1 < len(tree) else ""
        part: Victims | None = None
        if tree.lower[start - 1 : start] == ("of",) and after in ("were", "was", "are"):
            part = _counted_as(tree, start - 2, n + 2)
        elif tree.lower[start - 1 : start] == ("among",) and after in ("were", "was", "are"):
            part = _first_noun(tree, n + 2)
        elif tree.lower[start - 1 : start] == ("among",) and start > 1 and tree.lower[start - 2] in ("were", "was"):
            subject = tree.child(start - 2, "nsubj", "attr")
            part = None if subject is None else count_people(tree, subject)
        elif after in ("included", "include", "includes"):
            part = _first_noun(tree, n + 2)
        if (
            part is not None
            and part.quantity.best
            and not any(t.victims == tree.span(part.first, part.last) for t in tolls)
        ):
            yield from _split_part(tree, _dead(tree, n, _THE_DEAD[word]), part, part.first)


def _counted_as(tree: WordTree, number: int, noun: int) -> Victims | None:
    """The "two ... children" of "two of the dead were children"."""
    found = tree.quantity_at(number) if number >= 0 else None
    while noun < len(tree) and tree.lower[noun] in ("also", "all", "young", "small"):
        noun += 1
    if found is None or noun >= len(tree) or not is_person(tree, noun):
        return None
    side = read_side([tree.lower[noun]])
    return Victims(quantity=found.quantity, head=noun, first=found.first, last=noun, side=side)


def _dead(tree: WordTree, n: int, measure: TollMeasure) -> Toll:
    """The whole, of unknown number, that "the dead" speaks of."""
    flags = read_flags(tree, n)
    return Toll(
        sentence=tree.sentence.index, span=tree.span(n, n), measure=measure,
        estimate=Estimate(low=0, best=0, high=None), value_is="exact", imputed=None,
        victims=None, victim_text="", predicate=n, side="unknown",
        said_by=flags.said_by, cumulative=flags.cumulative, historic=flags.historic, unreal=flags.unreal,
    )  # fmt: skip


def _described(tree: WordTree, tolls: list[Toll]) -> Iterator[Toll]:
    """The "nine of them civilians" of "11 people, nine of them civilians, were killed"."""
    for found in tree.quantities:
        noun = found.last + 3
        if tree.lower[found.last + 1 : noun] not in (("of", "them"), ("of", "whom")):
            continue
        while noun < len(tree) and tree.lower[noun] in ("were", "was", "are", "also"):
            noun += 1
        whole = _whole(tree, tolls, found.first)
        if whole is None or noun >= len(tree) or found.quantity.best == 0 or not is_person(tree, noun):
            continue
        side = read_side([tree.lower[noun]])
        part = Victims(quantity=found.quantity, head=noun, first=found.first, last=noun, side=side)
        if whole.estimate.high is None or part.quantity.low <= whole.estimate.high:
            yield _part_of(tree, whole, part, found.first)


def _part_of(tree: WordTree, whole: Toll, part: Victims, first: int) -> Toll:
    named = tree.span(part.first, part.last)
    return replace(
        whole,
        span=tree.span(first, part.last),
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
