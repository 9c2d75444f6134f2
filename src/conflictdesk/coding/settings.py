"""When and where, for one trigger of a sentence: which date and which place names belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from conflictdesk.coding.dates import DateExpression
from conflictdesk.coding.grammar import Tree
from conflictdesk.records import Span, Toponym

SPEECH = frozenset(
    "say tell announce add report state declare warn note explain comment confirm claim describe write tweet post "
    "quote speak "
    "condemn denounce urge call vow insist argue recall stress acknowledge admit reveal estimate blame accuse "
    "allege show "
    "publish release issue hold indicate suggest think believe expect know understand cite mourn".split()
)
_FOLLOWED = re.compile(
    r"\b(?:followed|and then|then) by (?:a|an|another|one|more) [^.;]{0,50}\b(?:on|in|at|near|against)\b[^.;]{0,40}$"
)
_FAR = 16.0
_TOO_FAR = 22.0


@dataclass(frozen=True, slots=True)
class When:
    """The date expression that dates a trigger; `by_report` when it only dates the report of it."""

    expression: DateExpression
    by_report: bool
    cost: float


def date_trigger(tree: Tree, trigger: int, dates: Sequence[DateExpression]) -> When | None:
    """The date expression of the sentence that lies nearest to the trigger in the tree."""
    found: list[When] = []
    for expression in dates:
        n = tree.head_of(expression.span)
        if n is None or expression.dates is None:
            continue
        by_report = expression.of_speech or (_hangs_on_speech(tree, n, trigger) and not _stands_after(tree, n, trigger))
        by_report = by_report or _dates_a_count(tree, n, trigger) or _dates_a_ceremony(tree, n, trigger)
        cost = tree.distance(trigger, n) + 0.15 * abs(trigger - n) + (8 if by_report else 0)
        cost += 3 if expression.kind == "period" else 0
        cost += 10 if _describes_other(tree, n, trigger) else 0
        found.append(When(expression, by_report, cost))
    best = min(found, key=lambda w: (w.cost, w.expression.span.start), default=None)
    return best if best is None or best.cost < _TOO_FAR else None


_COUNTS = frozenset("toll number count tally figure".split())
_GROWS = frozenset("rise climb increase jump reach grow stand mount pass exceed hit".split())


def _dates_a_count(tree: Tree, n: int, trigger: int) -> bool:
    """True for "on Saturday" in "the death toll from the attack rose to 23 on Saturday"."""
    verb = tree.verb_above(n)
    if verb is None or verb == trigger or tree.tokens[verb].lemma not in _GROWS:
        return False
    return any(tree.tokens[s].lemma in _COUNTS for s in tree.children(verb, "nsubj"))


_CEREMONIES = frozenset("mourning funeral burial tribute memorial service homage prayer".split())
_HONOURS = frozenset("mourn bury honour honor commemorate identify repatriate exhume".split())


def _dates_a_ceremony(tree: Tree, n: int, trigger: int) -> bool:
    """True for "on Thursday" in "began three days of mourning on Thursday for 92 soldiers killed when ..."."""
    verb = tree.verb_above(n)
    if verb is None or verb == trigger or not any(verb == up for up in tree.ancestors(trigger)):
        return False
    if trigger < n:
        return False  # "buried six people killed on Sunday"
    if tree.tokens[verb].lemma in _HONOURS:
        return True
    objects = tree.children(verb, "dobj", "nsubj", "nsubjpass")
    return any(tree.tokens[m].lemma in _CEREMONIES for o in objects for m in tree.subtree(o) if m < trigger)


def _describes_other(tree: Tree, n: int, trigger: int) -> bool:
    """True for "the October 2020 deal" and "the 2014 war": the date belongs to a noun that is not the trigger."""
    token = tree.tokens[n]
    while token.dep in ("compound", "nmod", "nummod", "amod", "poss") and token.head != n:
        n = token.head
        token = tree.tokens[n]
        if n == trigger:
            return False
        if (
            token.pos in ("NOUN", "PROPN")
            and not token.entity.startswith(("DATE", "TIME"))
            and token.lemma not in ("morning", "night", "evening", "afternoon")
        ):
            return True
    return False


def _stands_after(tree: Tree, n: int, trigger: int) -> bool:
    """True when the words at `n` go with the deed, though the grammar hangs them on "said".

    "The army said its jets bombed a camp on Wednesday", "gunmen killed six in Bama on Sunday, said the mayor".
    """
    verb = tree.verb_above(n)
    if verb is None:
        return False
    if trigger < n < verb:
        return any(t.text == "," for t in tree.tokens[n:verb])
    return verb < trigger < n


def _hangs_on_speech(tree: Tree, n: int, trigger: int) -> bool:
    """True for "on Monday" in "officials said on Monday", unless the trigger itself is that verb's own argument."""
    verb = tree.verb_above(n)
    if verb is None or tree.tokens[verb].lemma not in SPEECH or verb == trigger:
        return False
    above = tree.verb_above(trigger)
    if above != verb:
        return True
    # A noun trigger under the verb of saying: "confirmed the attack on Monday".
    return tree.tokens[trigger].dep in ("dobj", "pobj", "nsubj", "compound", "amod", "poss", "conj")


_ANSWERS = frozenset("response retaliation revenge reprisal reaction anger outrage protest".split())


def is_answered(tree: Tree, trigger: int) -> bool:
    """True for "the killing" in "fired rockets in response to the killing": it happened elsewhere, and before."""
    up = trigger
    for n in tree.ancestors(trigger):
        token = tree.tokens[n]
        if token.pos in ("VERB", "AUX"):
            return False
        if token.lemma in _ANSWERS and tree.tokens[up].text.lower() in ("to", "for", "over", "against", "at"):
            return True
        up = n
    return False


_PEOPLE = frozenset(
    "peacekeeper soldier officer policeman national citizen worker tourist journalist engineer fighter mercenary "
    "migrant refugee troop contractor missionary priest nun pilgrim student doctor nurse aid people man woman child "
    "trader one two three four".split()
)


def _is_origin(tree: Tree, toponym: Toponym) -> bool:
    """True for the country that people come from: "two peacekeepers, from Gabon and Morocco, were killed"."""
    n = tree.head_of(toponym.span)
    if n is None or toponym.place.kind != "country":
        return False
    n = _first_of_list(tree, n)
    up = tree.tokens[n].head
    if tree.tokens[n].dep != "pobj" or tree.tokens[up].text.lower() != "from":
        return False
    return tree.tokens[tree.tokens[up].head].lemma in _PEOPLE


def place_trigger(tree: Tree, trigger: int, toponyms: Sequence[Toponym]) -> tuple[Toponym, ...]:
    """The finest place names of the sentence that belong to the trigger: several only when joined by "and"."""
    toponyms = [t for t in toponyms if not _is_origin(tree, t)]
    if is_answered(tree, trigger):
        under = tree.subtree(trigger)
        toponyms = [t for t in toponyms if tree.head_of(t.span) in under]
    priced = sorted(
        ((_place_cost(tree, trigger, t), t.span.start, t) for t in toponyms if tree.head_of(t.span) is not None),
        key=lambda row: row[:2],
    )
    near = [(cost, t) for cost, _, t in priced if cost < _FAR + 8]
    near = near if near and near[0][0] < _FAR else []
    if not near:
        return ()
    cost, best = near[0]
    for other_cost, other in near[1:]:
        if (
            other_cost <= min(cost + 6, _FAR)
            and _is_finer(other, best)
            and not _in_other_clause(tree, trigger, best, other)
        ):
            best = other
    best = next((t for _, t in near if _is_part_written_first(tree, t, best)), best)
    joined = [
        t
        for c, t in near
        if t is not best
        and c <= cost + 14
        and _same_level(t, best)
        and _are_joined(tree, best, t)
        # "between X and Y", "the X-Y highway" is one place.
        and not (t.relation == "between" and t.phrase == best.phrase)
    ]
    joined += [t for t in _listed_with(tree, best, toponyms) if t not in joined]
    return tuple(sorted((best, *joined), key=lambda t: t.span.start))


_PART_OF = re.compile(
    r"(?: (?:district|township|county|territory|regency|department|municipality|area|subdistrict|sub-county))?"
    r"(?:, | of | in )(?:the )?"
)


def _is_part_written_first(tree: Tree, part: Toponym, whole: Toponym) -> bool:
    """True for the district in "Rueso district of Narathiwat", though a town is called Narathiwat too."""
    if part.place.kind not in ("admin2", "town") or whole.place.kind != "town" or part.span.end >= whole.span.start:
        return False
    if part.place.kind == "town" and part.place.admin1 != whole.place.name:
        return False  # "Nong Chik, Pattani"
    if part.place.country != whole.place.country or part.place.admin1 not in (whole.place.admin1, whole.place.name):
        return False
    if part.place.admin2 is not None and part.place.admin2 == whole.place.admin2:
        return False
    at = tree.sentence.span.start
    return _PART_OF.fullmatch(tree.sentence.text[part.span.end - at : whole.span.start - at]) is not None


def _in_other_clause(tree: Tree, trigger: int, best: Toponym, other: Toponym) -> bool:
    """True when one place hangs on the trigger's verb and the other on a deed joined by "and"."""
    n, m = tree.head_of(best.span), tree.head_of(other.span)
    if n is None or m is None:
        return False
    own, further = tree.verb_above(n), tree.verb_above(m)
    return (
        own == tree.verb_above(trigger)
        and further is not None
        and further != own
        and tree.tokens[further].dep == "conj"
    )


_BETWEEN = re.compile(
    r"^(?:,|,? and| as well as|, or| or)(?: (?:in|near|at|on|around|the|nearby|neighbouring|towns? of))* ?$"
)
# "in Kharkiv, where a house was hit, and in the southern city of Mykolaiv"
_WHERE_AND = re.compile(
    r"^, where [^.;]{3,140}, and (?:also )?(?:in|at|near) (?:the )?(?:\w+ )?(?:(?:city|town|village|port) of )?$"
)
_AND = re.compile(r"\b(?:and|or|as well as)\b")


def _listed_with(tree: Tree, best: Toponym, toponyms: Sequence[Toponym]) -> list[Toponym]:
    """The other names of a written list: "Kunduz, Sar-e Pul and Taloqan". Commas alone make no list."""
    ordered = sorted(toponyms, key=lambda t: t.span.start)
    at, text = tree.sentence.span.start, tree.sentence.text
    if text[: best.span.start - at].lower().endswith("between ") or " between " in text[: best.span.start - at][-40:]:
        return []
    run: list[Toponym] = []
    signs = ""
    for t in ordered:
        between = text[run[-1].span.end - at : t.span.start - at] if run else ""
        if run and _BETWEEN.match(between) and _same_level(run[-1], t):
            run.append(t)
            signs += between
        elif best in run:
            break
        else:
            run, signs = [t], ""
    listed = [t for t in run if t is not best] if best in run and len(run) > 1 and _AND.search(signs) else []
    after = [t for t in ordered if t.span.start > best.span.end and _same_level(best, t)]
    return listed or [t for t in after[:1] if _WHERE_AND.match(text[best.span.end - at : t.span.start - at])]


def _place_cost(tree: Tree, trigger: int, toponym: Toponym) -> float:
    n = tree.head_of(toponym.span)
    assert n is not None
    holds = False
    while tree.tokens[n].dep == "compound" and tree.tokens[tree.tokens[n].head].lemma in _UNITS:
        n = tree.tokens[n].head
        # "the Donetsk cities of Slovyansk and Bakhmut"
        holds = tree.tokens[n].lemma in _TOWNS and any(tree.tokens[m].lemma == "of" for m in tree.children(n, "prep"))
    of = tree.tokens[tree.tokens[n].head]
    if tree.tokens[n].dep == "pobj" and of.lemma == "of" and tree.tokens[of.head].lemma in _UNITS:
        n = of.head
    if tree.tokens[n].dep == "oprd" and tree.tokens[tree.tokens[n].head].dep == "acl":
        # "a village called X": the village says where X belongs in the sentence.
        n = tree.tokens[tree.tokens[n].head].head
    token = tree.tokens[n]
    cost = tree.distance(trigger, n) + 0.12 * abs(trigger - n)
    if _is_told_where(tree, n, trigger):
        cost -= 5
    cost += 12 if holds else 0
    verb, own = tree.verb_above(n), tree.verb_above(trigger)
    if verb is not None and verb != own:
        spoken = tree.tokens[verb].lemma in SPEECH and not (trigger < n and _stands_after(tree, n, trigger))
        cost += 14 if spoken else 2
    first = _first_of_list(tree, n)
    dep = tree.tokens[first].dep
    if dep in ("nsubj", "poss", "compound", "amod", "nmod") and not _receives(tree, first, trigger):
        cost += _FAR if toponym.place.kind == "country" else (9 if dep == "nsubj" else 5)
    if token.dep == "pobj":
        prep = tree.tokens[token.head].text.lower()
        cost += {"from": 9, "to": 3, "of": 2, "by": 9, "for": 5, "with": 5, "between": 1, "than": 9}.get(prep, 0)
        if prep == "of" and tree.tokens[tree.tokens[token.head].head].pos in ("PROPN",):
            cost += 6
    if token.dep == "dobj" and tree.tokens[token.head].lemma in ("leave", "tell", "urge", "accuse", "blame", "visit"):
        cost += 8
    return cost + (2 if toponym.place.kind == "country" else 0)


_TOWNS = frozenset("city town village settlement district suburb neighbourhood neighborhood".split())
_UNITS = frozenset(
    "province region state governorate district city town village county oblast department area township "
    "prefecture municipality camp airport island valley regency territory commune canton township".split()
)


def _is_told_where(tree: Tree, n: int, trigger: int) -> bool:
    """True for the place before "where": "in Kharkiv, where a house was hit"."""
    for up in (trigger, *tree.ancestors(trigger)):
        if tree.tokens[up].dep == "relcl":
            return tree.tokens[up].head == n
    return False


def _first_of_list(tree: Tree, n: int) -> int:
    while tree.tokens[n].dep == "conj" and tree.tokens[n].head != n:
        n = tree.tokens[n].head
    return n


def _receives(tree: Tree, n: int, trigger: int) -> bool:
    """True when the place itself is hit: "Kharkiv was shelled", "Idlib came under fire", "the Gaza protest"."""
    head = tree.tokens[n].head
    if tree.tokens[n].dep == "nsubj":
        return tree.tokens[head].lemma in ("come", "see", "witness", "suffer", "experience", "fall", "face")
    return head == trigger or tree.distance(trigger, head) <= 2


def _is_finer(a: Toponym, b: Toponym) -> bool:
    if _rank(a) <= _rank(b):
        return False
    if a.place.country != b.place.country:
        return False
    return (
        b.place.kind in ("country", "area", "water")
        or a.place.admin1 is None
        or (b.place.admin1 or b.place.name) == a.place.admin1
    )


_RANKS = {"country": 0, "water": 2, "admin1": 2, "area": 3, "admin2": 4, "town": 5, "site": 6}


def _rank(toponym: Toponym) -> int:
    place = toponym.place
    part = place.kind == "area" and place.country is not None and place.name.endswith(f" {place.country}")
    return 1 if part else _RANKS[place.kind]  # "Yala province of southern Thailand"


def _same_level(a: Toponym, b: Toponym) -> bool:
    if _is_finer(a, b) or _is_finer(b, a):
        return False  # "Jowhar, southern Somalia" is one place
    coarse = ("country", "water")
    return (a.place.kind in coarse) == (b.place.kind in coarse) and (a.place.kind == "admin1") == (
        b.place.kind == "admin1"
    )


def _are_joined(tree: Tree, a: Toponym, b: Toponym) -> bool:
    """True when "and" or commas alone stand between the two names of a list."""
    first, second = (a, b) if a.span < b.span else (b, a)
    n, m = tree.head_of(first.span), tree.head_of(second.span)
    if n is None or m is None:
        return False
    n, m = (
        tree.tokens[x].head if tree.tokens[x].dep == "pobj" and tree.tokens[tree.tokens[x].head].dep == "conj" else x
        for x in (n, m)
    )
    heads = {n, *_up_conj(tree, n)} & {m, tree.tokens[m].head, *_up_conj(tree, m)}
    heads |= {tree.tokens[n].head, n} & set(_up_conj(tree, m))
    at = tree.sentence.span.start
    between = tree.sentence.text[first.span.end - at : second.span.start - at]
    if re.fullmatch(r"(?: (?:City|city|town|village|district))?, ", between):
        return False  # "Tacurong City, Sultan Kudarat": a place and what holds it
    return a.place != b.place and (bool(heads) or _FOLLOWED.search(between) is not None)


def _up_conj(tree: Tree, n: int) -> list[int]:
    found: list[int] = []
    for up in tree.ancestors(n):
        below = found[-1] if found else n
        if tree.tokens[below].dep != "conj":
            break
        found.append(up)
    return found


def spans_of(toponyms: Sequence[Toponym]) -> tuple[Span, ...]:
    """The words that show the places."""
    return tuple(dict.fromkeys(t.phrase for t in toponyms))
