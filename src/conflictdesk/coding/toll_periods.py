"""Whether a toll is of one event, of a whole period, or of the past."""

from __future__ import annotations

import re

from conflictdesk.coding.casualty_words import SAYING_VERBS, list_words
from conflictdesk.coding.word_trees import WordTree

# What "has killed 20,000 people" over its whole course.
_LONG_AFFAIRS = list_words("war conflict insurgency uprising crackdown rebellion famine genocide")
_COUNT = r"(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|a few|few)"
_ABOUT = r"(?:just |about |nearly |almost |more than |less than |roughly |at least )?"
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:1[89]\d\d|20\d\d)"
_PERIOD = re.compile(
    "|".join(
        (
            r"\bsince\b(?! (?:then|dawn|morning|midnight|noon|sunrise|been|\w+(?:ed|en)\b))",
            r"\bso far (?:this|in)\b|\bthis year\b|\bto date\b|\bover the years\b|\bevery (?:day|week|month|year)\b",
            rf"\b(?:in|over|during|within|for) {_ABOUT}(?:the )?(?:past|last|previous|first|final)?\s?{_COUNT}?"
            r"[ -](?:days?|weeks?|months?|years?|decades?)\b(?! old| ago|-old)",
            r"\b(?:separate|unrelated|different) (?:\w+ )?"
            r"(?:shootings|incidents|attacks|stabbings|crimes|locations|murders|homicides|killings)\b",
            r"\bin (?:\w+ )?shootings\b|\b(?:hours?|days?|miles?|blocks?) apart\b",
            r"\b(?:per|each|a) (?:day|week|month|year)\b(?! (?:after|ago|before|earlier|later|old))|\bannually\b",
            rf"\b(?:recorded|registered|documented|logged|tallied)\b[^.;]* in {_MONTH}\b",
            r"\b(?:during|over the course of|throughout|in) the (?:\w+ )?"
            r"(?:war|conflict|uprising|insurgency|crackdown|campaign|revolt|rebellion)\b",
        )
    ),
    re.I,
)
# "A series of attacks across Iraq killed 15": the sum of several events.
_SERIES = re.compile(
    r"\b(?:series|string|spate|wave|rash|succession) of (?:\w+ ){0,3}?"
    r"(?:attacks|bombings|blasts|explosions|shootings|killings|assaults|raids|clashes|incidents)\b"
    r"(?=[^.;]*\b(?:across|throughout|around|in (?:several|various|different|many)) )",
    re.I,
)
_BRING = re.compile(
    r"\b(?:bring|brings|bringing|brought|takes|taking|took)\b[^.;]*\b(?:total|toll|number|count|tally)\b"
    r"|\bto \d[\d,]* the (?:total|number)\b",
    re.I,
)
# "Brings the death toll to 31" revises one event's toll, unless the sentence goes on to speak of a period.
_ONE_TOLL = re.compile(
    r"\b(?:toll|number of (?:the )?(?:dead|deaths|killed|fatalities|victims|wounded|injured))\b", re.I
)
_OVER_TIME = re.compile(
    r"\b(?:total|overall|so far|this (?:week|month|year|season)|war|conflict|campaign|crisis|offensive)\b"
    r"|\b(?:unrest|uprising)\b|\b(?:country|nation|province|region|city|world)wide\b|\b(?:attacks|strikes|airstrikes|protests|clashes|days)\b",
    re.I,
)
_PAST = re.compile(
    "|".join(
        (
            rf"\b(?:in|of|from|during|between|by|until) (?:(?:early|late|mid|the summer of|the) ?-?)?{_YEAR}s?\b",
            rf"\bin {_MONTH},? {_YEAR}\b",
            r"\blast (?:year|decade|century)\b|\b(?:a|one) (?:year|decade) (?:ago|earlier)\b|\banniversary\b",
            r"\b(?:years|decades|months|weeks) (?:ago|earlier|before)\b",
        )
    ),
    re.I,
)
# "The first death since April" tells of one death.
_SUPERLATIVES = list_words("first worst deadliest highest biggest bloodiest largest latest only")
_THIS = re.compile(r"\bthis (?:week|month)\b", re.I)


def is_cumulative(tree: WordTree, predicate: int) -> bool:
    """True when the toll is counted over many events or a period ("since January", "in six months")."""
    text, start = tree.sentence.text, tree.sentence.span.start
    bring = _BRING.search(text)
    if bring is not None and start + bring.start() <= tree.tokens[predicate].start:
        return (
            _ONE_TOLL.search(text[bring.start() :]) is None
            or _OVER_TIME.search(text) is not None
            or bool(_PERIOD.search(text))
        )
    subject = tree.child(predicate, "nsubj")
    if subject is not None and tree.lemma(subject) in _LONG_AFFAIRS:
        return True
    if any(_is_perfect(tree, n) and _is_unrest(tree, n) for n in (predicate, tree.tokens[predicate].head)):
        return True
    if _is_perfect(tree, predicate) and _governs(tree, predicate, _THIS):
        return True
    return _governs(tree, predicate, _PERIOD) or _governs(tree, predicate, _SERIES)


def is_historic(tree: WordTree, predicate: int) -> bool:
    """True when the toll is said of a year or of years gone by."""
    return _governs(tree, predicate, _PAST)


def _is_unrest(tree: WordTree, n: int) -> bool:
    """True for "the unrest has left 30 dead"."""
    subject = tree.child(n, "nsubj")
    return subject is not None and tree.lemma(subject) in ("unrest", "violence", "crisis", "strife")


def _is_perfect(tree: WordTree, n: int) -> bool:
    return tree.has_child(n, {"have", "has", "'ve"})


def _governs(tree: WordTree, predicate: int, cue: re.Pattern[str]) -> bool:
    """True when a cue of the sentence belongs to the predicate's own clause."""
    start, text = tree.sentence.span.start, tree.sentence.text
    for found in cue.finditer(text):
        at = next((n for n, t in enumerate(tree.tokens) if t.end > start + found.start()), None)
        if at is None or _SUPERLATIVES & set(tree.lower[max(0, at - 6) : at]):
            continue
        # "the attack was in 2002, when militants killed 20": the year is that of the clause that follows.
        if re.match(r",? when\b", text[found.end() :]) and tree.tokens[predicate].start > start + found.end():
            return True
        if _same_clause(tree, at, predicate):
            return True
    return False


def _same_clause(tree: WordTree, at: int, predicate: int) -> bool:
    chain = list(tree.heads(at))
    if predicate == at:
        return True
    if predicate in chain:
        return not any(tree.tokens[i].dep == "advcl" for i in chain[: chain.index(predicate)])
    verb = next((up for up in chain if tree.is_verb(up)), None)
    if verb is None:
        return True
    if tree.tokens[verb].tag == "VBG" and tree.tokens[verb].dep == "advcl":
        verb = tree.tokens[verb].head  # "in the six months preceding the vote, they killed 40"
    above, below = [], predicate
    for up in tree.heads(predicate):
        if tree.tokens[below].dep in ("relcl", "advcl", "parataxis"):
            break
        above.append(up)
        below = up
    # A cue on "said" dates the saying, unless it stands in what is said ("said that in six months 9,000 died").
    return verb in above and (tree.lemma(verb) not in SAYING_VERBS or verb < at < predicate)
