"""One event's toll from all the sentences that tell of it.

The rules, in their order:

1. Left out: tolls that are unreal, feared, cumulative, historic or a part of another figure.
2. Within one sentence, different people add up ("two soldiers were killed and three rebels died"); the same people
   told twice do not. A zero gives way to any number.
3. The article leads with its figure: the first sentence that has one. Where later words give the same figure, a part
   of it, or the people one by one, nothing is added.
4. A later sentence adds when it says so ("another three", "two of the wounded died"; "also" unless the figure before
   it was a general one) or when its people stand on another side
   ("two policemen" then "three rebels"), as long as no general figure came before.
5. A revised toll ("has since risen to 14") becomes best; the earlier figure stays as low.
6. Another whole figure by another source competes: low is the lowest, high the highest, best the one that the
   article leads with. "At least" leaves high open unless a competing figure closes it.
7. Weak injuries ("shot", "taken to hospital") count only where no firm ones are told. Then as many of them as were
   killed, told by another sentence, are those who were killed.
8. A round word ("dozens") or a bare plural yields to any figure; alone, it is kept with its rule's name. "Dozens" do
   not yield to one or two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from conflictdesk.coding.casualty_words import TollMeasure
from conflictdesk.coding.toll_wholes import MANY, mark_wholes, sides_agree, yield_round
from conflictdesk.coding.tolls import Toll
from conflictdesk.records import Estimate, Span, ValueIs


@dataclass(frozen=True, slots=True, kw_only=True)
class TollSum:
    """The toll of one event in one measure, and the spans it rests on."""

    estimate: Estimate
    value_is: ValueIs
    imputed: str | None
    spans: tuple[Span, ...]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """What one sentence says in sum."""

    estimate: Estimate
    tolls: tuple[Toll, ...]

    @property
    def imputed(self) -> str | None:
        """The rules by which round words were given numbers."""
        return "; ".join(dict.fromkeys(t.imputed for t in self.tolls if t.imputed)) or None

    @property
    def sides(self) -> set[str]:
        """The sides of the people counted."""
        return {t.side for t in self.tolls}


_MALE = frozenset("man boy male he him himself father son brother husband gunman grandfather nephew uncle".split())
_FEMALE = frozenset("woman girl female she her herself mother daughter sister wife grandmother niece aunt".split())
_REFLEXIVES = ("himself", "herself")


def sum_tolls(tolls: Sequence[Toll], measure: TollMeasure) -> TollSum | None:
    """Combine the tolls of ONE event, given in article order, into low, best and high; None when none is told."""
    tolls = mark_wholes(tolls)
    told = [t for t in tolls if t.measure == measure and is_countable(t)]
    positive = [t for t in told if not t.negated and not _died_there(t, tolls)]
    if told and not positive and not any(t.negated for t in told):
        return None
    if not positive:
        denied = [t for t in told if t.negated]
        return _as_sum([_Figure(estimate=t.estimate, tolls=(t,)) for t in denied[:1]], "none")
    firm = [t for t in positive if not t.weak]
    if not firm or (all(t.definite for t in firm) and len(firm) < len(positive)):
        return _less_killed(positive, tolls)
    return _combine_all(firm)


def _combine_all(tolls: list[Toll]) -> TollSum | None:
    exact = yield_round(tolls)
    figures = [f for _, group in groupby(exact, key=lambda t: t.sentence) for f in _figures_of(list(group))]
    while figures and _points_back(figures[0].tolls[0]):
        figures.pop(0)
    return _combine(figures) if figures else None


def _figures_of(tolls: list[Toll]) -> list[_Figure]:
    """What one sentence says in sum, and apart from it each "put it at 15"."""
    own = [t for t in tolls if not _points_back(t)]
    pointed = [_Figure(estimate=t.estimate, tolls=(t,)) for t in tolls if _points_back(t)]
    return [*([_sum_sentence(own)] if own else []), *pointed]


def _points_back(toll: Toll) -> bool:
    return toll.victims is None and toll.definite


def _less_killed(weak: list[Toll], tolls: Sequence[Toll]) -> TollSum | None:
    """The people said to be shot or in care, less those among them who died (rule 7)."""
    shot = _combine_all(weak)
    killed = sum_tolls(tolls, "deaths")
    if shot is None or killed is None or killed.estimate.best == 0 or all(t.added for t in weak):
        return shot
    if all(t.survived for t in weak if t.imputed is None):
        return shot
    left = shot.estimate.best - killed.estimate.best
    if left <= 0:
        dead = [t for t in tolls if t.measure == "deaths" and is_countable(t) and not t.negated]
        others = [t for t in weak if _is_apart(t, dead)]
        return _combine_all(others) if others else None
    return replace(
        shot,
        estimate=Estimate(low=left, best=left, high=None if shot.estimate.high is None else left),
        rule="shot less killed",
    )


def _is_apart(toll: Toll, dead: Sequence[Toll]) -> bool:
    """True when the words keep a hurt person apart from the dead."""
    if (toll.added and not toll.definite) or toll.survived or _is_named_apart(toll, dead) or _stands_apart(toll, dead):
        return True
    sexes = {read_sex(t.victim_text) for t in dead}
    return None not in sexes and len(sexes) == 1 and read_sex(toll.victim_text) not in (None, *sexes)


def read_sex(words: str) -> str | None:
    """ "m" or "f" where a victim phrase tells the sex of its one person, else None."""
    listed = words.lower().replace(",", " ").replace("-", " ").split()
    if len(listed) > 1 and listed[0] in ("his", "her"):
        listed = listed[1:]
    male, female = bool(_MALE & set(listed)), bool(_FEMALE & set(listed))
    return None if male == female else "m" if male else "f"


def _stands_apart(toll: Toll, dead: Sequence[Toll]) -> bool:
    """True when one sentence tells of both: "a man was found dead and a woman had a gunshot wound"."""
    beside = [t for t in dead if t.sentence == toll.sentence]
    all_of_them = toll.victim_text.lower().startswith(("both", "all", "the "))
    return (
        not toll.definite
        and not all_of_them
        and bool(beside)
        and not any(t.definite or t.victims == toll.victims for t in beside)
    )


def _died_there(toll: Toll, tolls: Sequence[Toll]) -> bool:
    """True for "another man was taken to hospital, where he died", and for the same person told hurt and dead."""
    if toll.measure != "injured" or toll.estimate.best != 1 or toll.survived:
        return False
    dead = [t for t in tolls if t.measure == "deaths" and is_countable(t) and t.estimate.best == 1]
    named = set(_name_of(toll)) - {"Police", "Officer"}
    for each in dead:
        if named & set(_name_of(each)) and not _is_named_apart(toll, [each]):
            return True
        here = each.sentence == toll.sentence and each.span.start > toll.span.start
        here = here or (each.sentence == toll.sentence + 1 and not toll.added)
        if here and _is_back_reference(each) and _may_be_one(toll, each):
            return True
    return False


def _may_be_one(left: Toll, right: Toll) -> bool:
    """False where the words tell of a man and of a woman."""
    return len({read_sex(left.victim_text), read_sex(right.victim_text)} - {None}) < 2


def _is_back_reference(toll: Toll) -> bool:
    """True for "he" and "the man", which name nobody new; "her husband" and "himself" do."""
    words = toll.victim_text.lower().split()
    return (
        toll.definite
        and words[:1] in (["the"], ["he"], ["she"], ["him"], ["her"])
        and (len(words) == 1 or words[0] == "the")
    )


def _is_named_apart(toll: Toll, dead: Sequence[Toll]) -> bool:
    """True when a person of two names is none of the dead, who all have other names."""
    name = _name_of(toll)
    names = [_name_of(t) for t in dead if not t.definite]
    return len(name) > 1 and bool(names) and all(len(n) > 1 and n[0] != name[0] for n in names)


def _name_of(toll: Toll) -> list[str]:
    """The capitalised words of a victim phrase, without initials."""
    return [word for word in toll.victim_text.replace(",", " ").split() if word[:1].isupper() and len(word) > 2]


def is_countable(toll: Toll) -> bool:
    """True when a toll may enter the sum of one event."""
    return not (toll.unreal or toll.feared or toll.cumulative or toll.historic or toll.part_of)


def _sum_sentence(tolls: list[Toll]) -> _Figure:
    """Add the different people of one sentence (rule 2)."""
    kept: list[Toll] = []
    for toll in tolls:
        if any(_same_people(toll, other) for other in kept):
            continue
        if toll.update or toll.victims is None:
            return _Figure(estimate=toll.estimate, tolls=(toll,))
        kept.append(toll)
    highs = [t.estimate.high for t in kept]
    estimate = Estimate(
        low=sum(t.estimate.low for t in kept),
        best=sum(t.estimate.best for t in kept),
        high=None if None in highs else sum(h for h in highs if h is not None),
    )
    return _Figure(estimate=estimate, tolls=tuple(kept))


def _same_people(toll: Toll, other: Toll) -> bool:
    if (toll.victim_text.lower() in _REFLEXIVES) != (other.victim_text.lower() in _REFLEXIVES):
        return False
    if toll.victim_text.lower() in ("he", "she") and other.victims is not None and other.estimate.best > 1:
        return False  # "killing five comrades before he was shot dead": the doer
    if (toll.definite and not toll.added) or (other.victims is not None and toll.victims == other.victims):
        return True
    same_words = toll.victim_text.lower() == other.victim_text.lower()
    return not toll.added and (same_words or (toll.estimate == other.estimate and sides_agree(toll.side, other.side)))


def _combine(figures: list[_Figure]) -> TollSum | None:
    lead, rest = figures[0], figures[1:]
    used, rule = [lead], "lead"
    rivals: list[_Figure] = []
    total = lead
    for figure in rest:
        if any(t.update for t in figure.tolls) and figure.estimate.best >= total.estimate.best:
            rivals.append(total)
            total, rule = figure, "update"
            used.append(figure)
        elif _covers(total, figure):
            total = figure
            used.append(figure)
        elif _adds(total, figure):
            total = _Figure(estimate=_plus(total.estimate, figure.estimate), tolls=total.tolls + figure.tolls)
            used.append(figure)
            rule = "added"
        elif _competes(total, figure):
            rivals.append(figure)
            used.append(figure)
    estimate = total.estimate
    for rival in rivals:
        # "Up to 25" says nothing of the lower end.
        at_most = any(t.value_is == "at most" for t in rival.tolls)
        low = rival.estimate.best if at_most else rival.estimate.low
        estimate = _widen(estimate, replace(rival.estimate, low=low))
    found = _as_sum(used, rule if not rivals or rule == "update" else "competing")
    return (
        None
        if found is None
        else replace(found, estimate=replace(estimate, imputed=found.imputed), value_is=_worded(estimate, total))
    )


def _worded(estimate: Estimate, total: _Figure) -> ValueIs:
    if estimate.high is None:
        return "at least"
    return "about" if estimate.low != estimate.high else total.tolls[0].value_is


def _plus(left: Estimate, right: Estimate) -> Estimate:
    high = None if left.high is None or right.high is None else left.high + right.high
    return Estimate(low=left.low + right.low, best=left.best + right.best, high=high)


def _widen(estimate: Estimate, rival: Estimate) -> Estimate:
    top = max(rival.best, rival.high or 0)
    if estimate.high is None:
        high = top if top > estimate.best else None
    else:
        high = max(estimate.high, top)
    return Estimate(low=min(estimate.low, rival.low), best=estimate.best, high=high)


def _adds(total: _Figure, figure: _Figure) -> bool:
    """True when a later sentence's people come on top (rule 4); the headline comes last and adds nothing."""
    if figure.tolls[0].sentence < total.tolls[0].sentence:
        return False
    if (
        all(t.added for t in figure.tolls)
        and figure.estimate != total.estimate
        and not any(t.victims is None for t in total.tolls)
    ):
        return figure.estimate.best < total.estimate.best or total.estimate.best == 1 or len(total.tolls) == 1
    if all(t.also for t in figure.tolls) and _also_adds(total, figure):
        return True
    if total.estimate.best == 1 and figure.tolls[0].measure == "deaths" and _is_kin(total, figure):
        return True
    known, new = total.sides - {"unknown"}, figure.sides - {"unknown"}
    whole = "unknown" in total.sides or "unknown" in figure.sides
    return not whole and bool(known) and bool(new) and not known & new and not any(t.definite for t in figure.tolls)


_KIN = frozenset(
    "bodyguard guard driver aide assistant secretary colleague companion wife husband son daughter brother sister "
    "mother father nephew niece uncle cousin".split()
)


def _is_kin(total: _Figure, figure: _Figure) -> bool:
    """True for "his bodyguard" after a lawmaker killed alone: another one, belonging to the first."""
    words = figure.tolls[0].victim_text.lower().split()
    near = figure.tolls[0].sentence - total.tolls[-1].sentence <= 2
    one = near and len(figure.tolls) == 1 and figure.estimate.best == 1
    return one and len(words) > 1 and words[0] in ("his", "her") and words[-1] in _KIN


_SOON = 3  # sentences


def _covers(total: _Figure, figure: _Figure) -> bool:
    """True for the 60 of "it began when a herder was stabbed to death; at least 60 people died": one of them led."""
    if total.estimate.best > 1 or figure.estimate.best < MANY or figure.imputed is not None:
        return False
    near = figure.tolls[0].sentence - total.tolls[-1].sentence <= _SOON
    return near and figure.sides == {"unknown"} and not any(t.definite or t.added or t.also for t in figure.tolls)


def _also_adds(total: _Figure, figure: _Figure) -> bool:
    """True for "killing a woman; her two children were also killed" and "the bomber also died".

    After a general figure ("15 people"), "X was also killed" may tell of one of them: nothing is added then.
    """
    if figure.sides == {"attackers"}:
        return "attackers" not in total.sides
    return total.estimate.best == 1 or "unknown" not in total.sides


def _competes(total: _Figure, figure: _Figure) -> bool:
    """True when a later figure speaks of the same whole by another source (rule 6)."""
    first, other = total.tolls[0], figure.tolls[0]
    if figure.estimate == total.estimate or len(figure.tolls) > 1 or figure.sides == {"attackers"}:
        return False
    if other.victims is None:
        return True
    if any(t.definite for t in figure.tolls):
        return False
    if figure.estimate.best <= 1:
        return False
    return (other.said_by is not None or figure.estimate.best > total.estimate.best) and sides_agree(
        first.side, other.side
    )


def _as_sum(figures: list[_Figure], rule: str) -> TollSum | None:
    if not figures:
        return None
    tolls = [t for figure in figures for t in figure.tolls]
    spans = tuple(dict.fromkeys(t.span for t in tolls))
    imputed = figures[0].imputed
    return TollSum(
        estimate=replace(figures[0].estimate, imputed=imputed),
        value_is=tolls[0].value_is,
        imputed=imputed,
        spans=spans,
        rule=rule,
    )
