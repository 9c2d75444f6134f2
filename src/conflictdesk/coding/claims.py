"""Figures said of a period, of several places or of a war: claims, never events."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from conflictdesk.coding.dates import DateExpression
from conflictdesk.coding.grammar import Tree
from conflictdesk.coding.numbers import find_quantities, read_quantity
from conflictdesk.coding.patterns import find_pattern
from conflictdesk.coding.roles import read_roles
from conflictdesk.coding.tolls import Toll
from conflictdesk.coding.triggers import find_triggers
from conflictdesk.records import Actor, Article, Claim, Measure, Sentence, Span, ValueIs, hash_id

NameActor = Callable[[str], Actor | None]

_SEVERAL = find_pattern("several")
_EVENT_NOUNS = frozenset(
    "attack strike airstrike raid incident protest demonstration bombing killing clash ambush violation explosion "
    "abduction kidnapping event case assault shelling battle rally blast massacre execution".split()
)
_MEASURES: dict[str, Measure] = {
    "deaths": "deaths",
    "injured": "injured",
    "displaced": "displaced",
    "detained": "detained",
    "abducted": "other",
    "missing": "other",
}
_LEAST_EVENTS = 5
_VERY_LONG = dt.timedelta(days=31)
_LONG = dt.timedelta(days=8)
_SAID = find_pattern("said")


def is_total(sentence: Sentence, toll: Toll, dates: Sequence[DateExpression]) -> bool:
    """True when a figure covers a period or many events, so that no one event bears it."""
    if toll.unreal or toll.negated:
        return False
    dated = any(d.dates and d.dates.precision <= 3 and not d.duration and not d.of_speech for d in dates)
    if toll.cumulative or (toll.historic and not dated):
        return True
    if _is_running_total(sentence, toll, dates):
        return True
    if (
        toll.measure == "displaced"
        and toll.estimate.best >= _RUNNING_LEAST
        and not any(d.dates and d.dates.precision == 1 and not d.of_speech for d in dates)
    ):
        return True
    if any(d.duration and d.dates is not None and d.dates.end - d.dates.start > _VERY_LONG for d in dates):
        return True
    window = any(d.duration and d.dates is not None and d.dates.end - d.dates.start > _LONG for d in dates)
    return window and _SEVERAL.search(sentence.text) is not None


_RUNNING_LEAST = 100
_LEAD = 3


# "since the protests began", "since fighting broke out in the valley"
_SINCE_IT_BEGAN = re.compile(
    r"\bsince (?:the |its |their |his )?(?:[\w'’-]+ ){1,5}?"
    r"(?:began|begun|started|broke out|erupted|flared(?: up)?|resumed|collapsed)\b"
)


def _is_running_total(sentence: Sentence, toll: Toll, dates: Sequence[DateExpression]) -> bool:
    """ "Over 1,400 people have died": a large figure in the perfect, below the lead, with no day of its own."""
    tree = Tree(sentence)
    perfect = any(sentence.tokens[c].lemma in ("have", "’ve", "'ve") for c in tree.children(toll.predicate, "aux"))
    if perfect and _SINCE_IT_BEGAN.search(sentence.text):
        return True
    if sentence.index <= _LEAD or toll.estimate.best < _RUNNING_LEAST or toll.update:
        return False
    return perfect and not any(d.dates and d.dates.precision == 1 and not d.of_speech for d in dates)


def read_claims(
    article: Article, sentence: Sentence, tolls: Sequence[Toll], dates: Sequence[DateExpression], name: NameActor
) -> list[Claim]:
    """The claims of one sentence: totals of people, and counts of events over a period."""
    if not sentence.tokens:
        return []
    tree = Tree(sentence)
    found = [
        _toll_claim(article, tree, toll, dates, name)
        for toll in tolls
        if is_total(sentence, toll, dates) and not toll.part_of and not _is_one_deed(sentence, dates)
    ]
    found += _event_counts(article, tree, dates, name)
    found += _times(article, tree, dates, name)
    return found


_ONE_DEED = re.compile(
    r"\b(?:in|by|with) an? (?:[\w-]+ ){0,2}?(?:bombing|attack|raid|blast|ambush|explosion|air ?strike|shooting|assault|"
    r"massacre|bomb)\b|\bthe (?:killing|murder|assassination|kidnapping) of (?:a|an|one|two|three|four|five)\b"
)
_YEAR = dt.timedelta(days=300)


def _is_one_deed(sentence: Sentence, dates: Sequence[DateExpression]) -> bool:
    """ "Militants killed 20 people in a car bombing in 2002": one deed of the past, whose day is not said; no total."""
    told = [d for d in dates if d.dates is not None and not d.of_speech]
    years = [d for d in told if not d.duration and d.dates and d.dates.end - d.dates.start >= _YEAR]
    return bool(told) and len(years) == len(told) and _ONE_DEED.search(sentence.text) is not None


_TIMES = find_pattern("times")


def _times(article: Article, tree: Tree, dates: Sequence[DateExpression], name: NameActor) -> list[Claim]:
    """Counts such as "attacked about 135 times since August"."""
    match = _TIMES.search(tree.sentence.text)
    quantity = read_quantity(tree.sentence.text[: match.end("n")].split(",")[-1]) if match else None
    quantity = read_quantity(match["n"]) if match and quantity is None else quantity
    if match is None or quantity is None or quantity.best < _LEAST_EVENTS or quantity.imputed:
        return []
    at = tree.sentence.span.start
    span = Span(at + match.start("n"), at + match.end())
    return [
        _claim(
            article,
            tree.sentence,
            "events",
            float(quantity.best),
            quantity.value_is,
            span=span,
            by=_nearby_doer(tree, name),
            of=None,
            dates=dates,
        )
    ]


def _toll_claim(article: Article, tree: Tree, toll: Toll, dates: Sequence[DateExpression], name: NameActor) -> Claim:
    by = _doer(tree, toll.predicate, name) or _nearby_doer(tree, name)
    of = toll.victim_text.strip() or None
    return _claim(
        article,
        tree.sentence,
        _MEASURES[toll.measure],
        float(toll.estimate.best),
        toll.value_is,
        span=toll.span,
        by=by,
        of=of,
        dates=dates,
    )


def _claim(
    article: Article,
    sentence: Sentence,
    measure: Measure,
    value: float,
    value_is: ValueIs,
    *,
    span: Span,
    by: str | None,
    of: str | None,
    dates: Sequence[DateExpression],
) -> Claim:
    start, end = _window(sentence, dates, article.published_on)
    said = _said_by(sentence)
    return Claim(
        claim_id=hash_id("c", article.article_id, span.start, span.end, measure, value),
        article_id=article.article_id,
        by=by,
        of=of,
        measure=measure,
        value=value,
        value_is=value_is,
        from_day=start,
        to_day=end,
        said_by=said,
        evidence={"value": (span,)},
    )


_AGED = re.compile(
    r"\b(?P<years>\d{1,2})[- ]year[- ](?:old |long )?(?:[\w-]+ )?"
    r"(?:insurgency|war|conflict|rebellion|uprising|occupation|insurrection|campaign)\b"
)


def _window(
    sentence: Sentence, dates: Sequence[DateExpression], published: dt.date | None
) -> tuple[dt.date | None, dt.date | None]:
    windows = [d for d in dates if d.dates is not None and not d.of_speech and not d.future]
    aged = _AGED.search(sentence.text)
    if aged and published and not any(d.duration for d in windows):
        return dt.date(published.year - int(aged["years"]), 1, 1), published
    if not windows:
        return None, None
    widest = max(windows, key=lambda d: (d.duration, (d.dates.end - d.dates.start).days if d.dates else 0))
    assert widest.dates is not None
    return widest.dates.start, widest.dates.end


def _said_by(sentence: Sentence) -> str | None:
    match = _SAID.search(sentence.text)
    if not match or match.lastgroup is None:
        return None
    return match[match.lastgroup].strip(' ,“”"') or None


def _doer(tree: Tree, predicate: int, name: NameActor) -> str | None:
    verb = tree.verb_above(predicate)
    if verb is None:
        return None
    heads = tree.agents(verb) if tree.is_passive(verb) else tree.subjects(verb)
    for head in heads:
        span = tree.phrase(head)
        found = name(_words(tree.sentence, span))
        if found and found.kind != "Civilians":
            return found.name
    return None


_BY_WHOM = re.compile(
    r"\b(?:attributed to|blamed on|caused by|committed by|carried out by|at the hands of|by) "
    r"(?P<who>(?:the )?[^.;,]{2,60})"
)


def _nearby_doer(tree: Tree, name: NameActor) -> str | None:
    match = _BY_WHOM.search(tree.sentence.text)
    found = name(match["who"]) if match else None
    return found.name if found and found.kind != "Civilians" else None


def _words(sentence: Sentence, span: Span) -> str:
    return sentence.text[span.start - sentence.span.start : span.end - sentence.span.start]


def _event_counts(article: Article, tree: Tree, dates: Sequence[DateExpression], name: NameActor) -> list[Claim]:
    """Counts such as "about 200 air attacks in September"."""
    words = [t.text for t in tree.tokens]
    found = []
    for quantity in find_quantities(words):
        after = range(quantity.last + 1, min(quantity.last + 5, len(words)))
        noun = next((n for n in after if tree.tokens[n].tag == "NNS" and tree.tokens[n].lemma in _EVENT_NOUNS), None)
        if noun is None or any(tree.tokens[m].pos in ("VERB", "ADP", "PUNCT") for m in range(quantity.last + 1, noun)):
            continue
        if quantity.quantity.best < _LEAST_EVENTS or quantity.quantity.imputed:
            continue
        triggers = [t for t in find_triggers(tree.tokens) if t.first <= noun <= t.last]
        roles = read_roles(tree, triggers[0]) if triggers else None
        by = next(
            (a.name for h in (roles.agents if roles else ()) if (a := name(_words(tree.sentence, tree.phrase(h))))),
            None,
        )
        of = next(
            (a.name for h in (roles.patients if roles else ()) if (a := name(_words(tree.sentence, tree.phrase(h))))),
            None,
        )
        found.append(
            _claim(
                article,
                tree.sentence,
                "events",
                float(quantity.quantity.best),
                quantity.quantity.value_is,
                span=tree.span(quantity.first, noun),
                by=by,
                of=of,
                dates=dates,
            )
        )
    return found
