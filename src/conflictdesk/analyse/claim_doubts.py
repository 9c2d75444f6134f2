"""What makes a sentence no plain claim of a total: rates, denials, ranges, figures of some of the dead, turned times.

Each doubt is told in words and keeps the claim from being checked: a figure read as what it is not would be judged with
confidence and wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from conflictdesk.analyse import claim_words as words
from conflictdesk.analyse.claim_figures import NUMBER, FoundChange, FoundFigure

_RATE: Final = re.compile(
    r"(?<!\w)(?:"
    r"(?<!\bin )(?<!\bfor )(?<!\bwithin )(?<!\bover )(?<!\bthan )(?<!\bhalf )(?<!\bonce )(?<!\babout )(?<!\bduring )"
    r"(?:a|per|each|every) (?:single )?(?:day|week|month|quarter|year)"
    r"(?![\w’'-])(?! (?:ago|earlier|later|before|after|on|of|into|when|that|since)\b)"
    r"|(?:each|every) (?:attack|strike|raid|incident|event|bombing|clash|battle)"
    r"|daily|weekly|monthly|on average|average(?:d|s)?|averaging)(?!\w)",
    re.IGNORECASE,
)
_DENIAL: Final = re.compile(
    r"(?<!\w)(?:(?:did|do|does|has|have|had|was|were|is|are|could|would) not|\w+n[’']t|cannot|never|nobody|no one|nor"
    r"|no longer|denie[sd]|denying)(?!\w)(?! (?:fewer|less|more) than)",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(
    rf"(?<![\w.,])(?:between (?:{NUMBER}) and (?:{NUMBER})"
    rf"|(?<!\bfrom )(?:(?:{NUMBER}) (?:to|or) (?:{NUMBER})|\d[\d,]*(?: [–—-] |[–—-])\d[\d,]*))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_DEAD: Final = r"kill(?:ed|ing|s)?|dead|deaths?|died|fatalit(?:y|ies)"
_HURT: Final = r"injur(?:ed|ing|ies|y|es)|wound(?:ed|ing|s)|hurt"
_OR: Final = r"(?:and|or|and/or|and or)"
_BOTH: Final = re.compile(
    rf"(?<!\w)(?:(?:{_DEAD}) {_OR} (?:{_HURT})|(?:{_HURT}) {_OR} (?:{_DEAD}))(?!\w)",
    re.IGNORECASE,
)
_SOME: Final = re.compile(
    r"soldiers?|troops|fighters?|militants?|combatants?|men|women|children|villagers?|residents?|migrants?|refugees?"
    r"|policemen|police officers?|officers?|insurgents?|rebels?",
    re.IGNORECASE,
)
_PARTLY: Final = re.compile(
    r"(?<!\w)(?:mostly|mainly|largely|including|among them|(?:most|many|some|half) of (?:them|whom))(?: were)?"
    rf" (?:\w+ ){{0,2}}?(?:{words.CIVILIANS}|{_SOME.pattern})(?!\w)",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(r"[<>≤≥~±=]\s*$")
_MORE: Final = re.compile(
    rf"(?: (?!(?:than|were)\b)[a-z]+)? (?:{words.UP_THAN}|{words.DOWN_THAN})(?!\w)", re.IGNORECASE
)
_TURN: Final = re.compile(r"(?<!\w)(?:than|as|from|against|versus|compared (?:to|with))(?: the)?\s*$", re.IGNORECASE)
_TURNED: Final = re.compile(r"(?:compared (?:to|with)|against|versus|than)\b", re.IGNORECASE)
_UP: Final = re.compile(rf"(?<!\w)(?:{words.UP_VERBS})(?!\w)(?! to\b)", re.IGNORECASE)
_DOWN: Final = re.compile(rf"(?<!\w)(?:{words.DOWN_VERBS})(?!\w)", re.IGNORECASE)


def find_doubts(masked: str, figures: Sequence[FoundFigure], *, together: bool) -> Iterator[str]:
    """What keeps the figures of a text from being totals; its times and changes are blotted out.

    `together` allows the dead and the injured in one figure, where a person has set the measure.

    >>> said = "About 90 people a day were killed."
    >>> list(find_doubts(said, (FoundFigure(value=90, value_is="about", start=0, end=8),), together=False))
    ['"a day" makes it a rate, which is not checked here: write the total']
    """
    if rate := _RATE.search(masked):
        yield f'"{rate.group()}" makes it a rate, which is not checked here: write the total'
    if denial := _DENIAL.search(masked):
        yield f'"{denial.group()}" may deny the figure, which is not checked here: write it as a plain statement'
    if span := _RANGE.search(masked):
        yield f'"{span.group()}" is a range, which is not checked here: write one figure'
    both = _BOTH.search(masked)
    if both and not together:
        yield f'"{both.group()}" counts the dead and the injured together: give --measure'
    if figures and (partly := _PARTLY.search(masked)):
        yield f'"{partly.group()}" names only a part of the figure: write the claim without it'
    for figure in figures:
        yield from _doubt_figure(masked, figure)


def _doubt_figure(masked: str, figure: FoundFigure) -> Iterator[str]:
    said = masked[figure.start : figure.end]
    if figure.noun and _SOME.fullmatch(figure.noun) and figure.measure in ("deaths", "injured"):
        yield f'"{figure.noun}" are only some of those counted, and the data do not tell them apart'
    if not float(figure.value).is_integer():
        yield f'"{said}" is no whole number: if it means thousands, write a comma, as 33,328'
    if _SIGNED.search(masked[: figure.start]):
        yield f'the sign before "{said}" is not read: write "more than", "fewer than" or "about"'
    if not re.search(r"(?:more|fewer|less)$", said, re.IGNORECASE) and (more := _MORE.match(masked, figure.end)):
        yield f'"{said}{more.group()}" is a mere difference, which is not checked here: write both figures'


def find_turns(
    text: str, later: tuple[int, int] | None, counts: tuple[float, float] | None, changes: Sequence[FoundChange]
) -> Iterator[str]:
    """Where a sentence compares an earlier time with a later one, or says "rose" of figures that fall.

    `later` is the place of the later window's words, `counts` the figures before and after.
    """
    if changes and later and (_TURN.search(text[: later[0]]) or _TURNED.match(text, later[0])):
        yield "the sentence compares the earlier time with the later one: write it the other way round"
    up, down = _UP.search(text), _DOWN.search(text)
    moves = [change.percent for change in changes[:1]] + ([counts[1] - counts[0]] if counts else [])
    told = up or down
    if told and not (up and down) and any(move and (move > 0) is not bool(up) for move in moves):
        yield f'"{told.group()}" and the figures say the opposite: set the sentence right'
