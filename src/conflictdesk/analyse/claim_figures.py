"""The figures of a sentence and what they count; the change that it states in percent or by a word ("doubled")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from conflictdesk.analyse import claim_words as words
from conflictdesk.analyse.claim_calendar import SMALL_NUMBERS
from conflictdesk.analyse.claim_words import BOUND, Bound, Measure, read_bound

_TENS: Final = {
    w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
_WORD: Final = "|".join(sorted({*SMALL_NUMBERS, *_TENS, *_SCALES}, key=lambda w: -len(w)))
_SCALE: Final = "|".join(_SCALES)
_APART: Final = r"[, \u00a0\u202f\u2009’'\u066c]"
_FIGURE: Final = rf"(?:\d{{1,3}}(?:{_APART}\d{{3}}(?!\d))+|\d{{1,12}})(?:\.\d+)?(?![\d%]|[,.]\d)(?:[ -](?:{_SCALE}))?"
_WORDED: Final = rf"(?:an? (?={_SCALE}))?(?:{_WORD})(?:(?:[ -]| and )(?:{_WORD}))*"
NUMBER: Final = rf"(?:{_FIGURE}|{_WORDED})"
_NUMBER: Final = re.compile(
    rf"(?<![\w.,/#\u066c-])(?<!\d[’'])(?:(?P<bound>{BOUND})\s+)?(?P<number>{NUMBER})(?![\w/])", re.IGNORECASE
)
_PERCENT: Final = r"(?P<n>\d+(?:\.\d+)?)[ \u00a0-]?(?:%|per ?cent(?!\w))"
_HEDGE: Final = rf"(?:(?P<bound>{BOUND}) )?"
_MASK: Final = "\x1a"

_STOPS: Final = (
    r"in|on|at|by|of|to|from|with|and|or|the|a|an|during|over|between|for|since|as|than|last|this|that|previous|were|was|have"
    r"|had|has|are|is|before|after|per|compared|versus|against|up|down|while|when|but|who|a year"
)
_ADJECTIVES: Final = rf"(?:(?!(?:{_STOPS})\b)[^\W\d_][\w’'-]*\s+){{0,3}}?"
_NOUN: Final = re.compile(
    rf"\s+(?:of (?:the |its |their )?)?{_ADJECTIVES}(?P<noun>{words.DEATH_NOUNS}|{words.INJURY_NOUNS}"
    rf"|{words.EVENT_NOUNS}"
    rf"|{words.PEOPLE_NOUNS}|{words.AMBIGUOUS})(?![\w-])",
    re.IGNORECASE,
)
_ALONE_AFTER: Final = re.compile(
    rf"\s*(?:$|[,.;:)!?\u2013\u2014{_MASK}-]|(?:{_STOPS}|killed|dead|died|so far|people)\b)", re.IGNORECASE
)
_ALONE_BEFORE: Final = re.compile(
    r"(?:^|[,;:(\u2013\u2014\n]|\b(?:kill(?:ed|ing|s)|injur(?:ed|ing)|wound(?:ed|ing)|from|to|with|against|than|was|were|versus|and|vs\.?|of|at"
    r"|totall?ed|reached|recorded|counted|compared|only|just|left))\s*$",
    re.IGNORECASE,
)
_VERB: Final = re.compile(rf"(?<![\w-])(?:{words.DEATH_VERBS}|{words.INJURY_VERBS})(?![\w-])", re.IGNORECASE)
_DIFFERENCE: Final = re.compile(
    rf"(?<![\w-])(?:(?:{words.UP_NOUNS}|{words.DOWN_NOUNS}) of|(?:{words.UP_VERBS}|{words.DOWN_VERBS}) by)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFigure:
    """A figure at `start`..`end`, with what it counts and the words that say so (at `said_at`)."""

    value: float
    value_is: Bound
    start: int
    end: int
    noun: str | None = None
    measure: Measure | None = None
    said_at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundChange:
    """A stated change in percent, up positive."""

    percent: float
    change_is: Bound
    start: int
    end: int


def read_number(text: str) -> float | None:
    """The value of a number in figures or words; None where the words make none.

    >>> [read_number(words) for words in ("2.4 million", "twenty-five", "one hundred and five", "a dozen", "33 328")]
    [2400000.0, 25.0, 105.0, 12.0, 33328.0]
    """
    parts = re.sub(rf"(?<=\d){_APART}(?=\d{{3}}(?!\d))", ",", text.lower())
    total, group, seen = 0.0, 0.0, False
    for part in re.split(r"[ -]+", parts):
        if part in ("and", ""):
            continue
        if re.fullmatch(r"[\d,]+(?:\.\d+)?", part):
            group, seen = group + float(part.replace(",", "")), True
        elif part in ("a", "an"):
            group = 1.0
        elif part in SMALL_NUMBERS or part in _TENS:
            group, seen = group + float(SMALL_NUMBERS.get(part) or _TENS[part]), True
        elif part in ("hundred", "dozen"):
            group, seen = (group or 1.0) * _SCALES[part], True
        elif part in _SCALES:
            total, group, seen = total + (group or 1.0) * _SCALES[part], 0.0, True
        else:
            return None
    return round(total + group, 6) if seen else None


def mask_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans blotted out, offset by offset."""
    for start, end in spans:
        text = text[:start] + _MASK * (end - start) + text[end:]
    return text


def find_figures(masked: str) -> tuple[tuple[FoundFigure, ...], tuple[int, int] | None]:
    """The figures of a text whose times and changes are blotted out; and where it states a mere difference.

    A figure stands before a noun that is counted, or alone where a count may stand ("compared with 980").
    """
    found: list[FoundFigure] = []
    difference = None
    for match in _NUMBER.finditer(masked):
        value = read_number(match["number"])
        if value is None:
            continue
        if _DIFFERENCE.search(masked[: match.start()]):
            difference = match.span()
            continue
        noun = _NOUN.match(masked, match.end())
        counted = noun or (_ALONE_AFTER.match(masked, match.end()) and _ALONE_BEFORE.search(masked[: match.start()]))
        if not counted or (noun is None and match["number"].lower() in ("one", "a")):
            continue
        bound = "at least" if re.match(r" or more\b", masked[match.end() :]) else read_bound(match["bound"])
        figure = FoundFigure(value=value, value_is=bound, start=match.start(), end=match.end())
        found.append(_name_measure(masked, figure, noun))
    return tuple(_inherit(figure, found) for figure in found), difference


def _name_measure(text: str, figure: FoundFigure, noun: re.Match[str] | None) -> FoundFigure:
    if noun is None:
        verb = _nearest_verb(text, figure, reach=24)
        return replace(figure, measure=_measure_of(verb.group()), said_at=verb.span()) if verb else figure
    said, at = noun["noun"], noun.span("noun")
    measure = _measure_of(said)
    if measure is not None:
        return replace(figure, noun=said, measure=measure, said_at=at)
    verb = _nearest_verb(text, figure, reach=80)
    if verb is None or re.fullmatch(words.AMBIGUOUS, said, re.IGNORECASE):
        return replace(figure, noun=said, said_at=at)
    return replace(figure, noun=said, measure=_measure_of(verb.group()), said_at=verb.span())


def _measure_of(said: str) -> Measure | None:
    if re.fullmatch(words.DEATH_VERBS + "|" + words.DEATH_NOUNS, said, re.IGNORECASE):
        return "deaths"
    if re.fullmatch(words.INJURY_VERBS + "|" + words.INJURY_NOUNS, said, re.IGNORECASE):
        return "injured"
    return "events" if re.fullmatch(words.EVENT_NOUNS, said, re.IGNORECASE) else None


def _nearest_verb(text: str, figure: FoundFigure, reach: int) -> re.Match[str] | None:
    """The verb of killing or hurting next to a figure, in its own clause."""
    best, least = None, reach + 1
    for verb in _VERB.finditer(text):
        gap = figure.start - verb.end() if verb.end() <= figure.start else verb.start() - figure.end
        between = text[min(verb.end(), figure.end) : max(verb.start(), figure.start)]
        if 0 <= gap < least and not re.search(r"[;.]\s", between):
            best, least = verb, gap
    return best


def _inherit(figure: FoundFigure, figures: list[FoundFigure]) -> FoundFigure:
    """A bare figure ("compared with 980") counts what the nearest figure with a noun or verb counts."""
    if figure.measure is not None or figure.noun is not None:
        return figure
    told = [other for other in figures if other.measure or other.noun]
    if not told:
        return figure
    other = min(told, key=lambda f: abs(f.start - figure.start))
    return replace(figure, measure=other.measure, said_at=other.said_at)


_UP: Final = rf"{words.UP_NOUNS}|{words.UP_THAN}"
_DOWN: Final = rf"{words.DOWN_NOUNS}|{words.DOWN_THAN}"
_CHANGES: Final = (
    re.compile(rf"(?<!\w){_HEDGE}{_PERCENT}[ -](?:[\w-]+ )?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?!\w)", re.IGNORECASE),
    re.compile(
        rf"(?<!\w)(?:(?P<up>{words.UP_NOUNS}|{words.UP_VERBS})|(?P<down>{words.DOWN_NOUNS}|{words.DOWN_VERBS}))"
        rf"(?: by| of)? {_HEDGE}{_PERCENT}",
        re.IGNORECASE,
    ),
)
_MULTIPLE: Final = re.compile(
    rf"(?<!\w){_HEDGE}(?P<word>{'|'.join(sorted(map(re.escape, words.MULTIPLES), key=lambda w: -len(w)))})(?!\w)",
    re.IGNORECASE,
)
_FRACTION: Final = re.compile(
    rf"(?<!\w)(?:(?P<up>{words.UP_VERBS})|(?P<down>{words.DOWN_VERBS})) by {_HEDGE}"
    rf"(?P<word>{'|'.join(sorted(words.FRACTIONS, key=lambda w: -len(w)))})(?!\w)",
    re.IGNORECASE,
)
_PART_THAN: Final = re.compile(
    rf"(?<!\w){_HEDGE}(?P<word>{'|'.join(sorted(words.FRACTIONS, key=lambda w: -len(w)))})"
    rf" (?:(?P<up>{words.UP_THAN})|(?P<down>{words.DOWN_THAN}))(?!\w)",
    re.IGNORECASE,
)
SHARE: Final = re.compile(rf"{_PERCENT}", re.IGNORECASE)


def find_changes(text: str) -> tuple[FoundChange, ...]:
    """Every change that a text states: "a 40 % rise", "more than doubled", "fell by a third", "a third fewer"."""
    found = []
    for pattern in _CHANGES:
        for match in pattern.finditer(text):
            sign = 1.0 if match["up"] else -1.0
            found.append(_make_change(match, sign * float(match["n"])))
    found += [_make_change(m, words.MULTIPLES[m["word"].lower()]) for m in _MULTIPLE.finditer(text)]
    for match in (*_FRACTION.finditer(text), *_PART_THAN.finditer(text)):
        found.append(_make_change(match, (1.0 if match["up"] else -1.0) * words.FRACTIONS[match["word"].lower()]))
    kept: list[FoundChange] = []
    for change in found:
        if not any(change.start < other.end and other.start < change.end for other in kept):
            kept.append(change)
    return tuple(sorted(kept, key=lambda change: change.start))


def _make_change(match: re.Match[str], percent: float) -> FoundChange:
    return FoundChange(
        percent=round(percent, 4), change_is=read_bound(match["bound"]), start=match.start(), end=match.end()
    )
