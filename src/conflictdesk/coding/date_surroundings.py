"""What the words around a date say of it: does the verb look ahead, did somebody speak, does a story open."""

from __future__ import annotations

import re

from conflictdesk.coding.date_context import Match, Tense

_REACH = 100
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Jan|Feb|Mar|Apr|Aug|Sep|Oct|Nov|Dec|Gen|Col|Maj))(?<!\bSept)(?<!\b[ap]\.m)"
    r"[.!?][\"”’')]*\s+|[;\n]\s*"
)


def look_around(text: str, start: int, end: int, reach: int = _REACH) -> tuple[str, str]:
    """The words of the sentence before and after an expression, a hundred characters at most or as many as `reach`."""
    left, right = text[max(0, start - reach) : start], text[end : end + reach]
    ends = [stop.end() for stop in _SENTENCE_END.finditer(left)]
    stop = _SENTENCE_END.search(right)
    return left[ends[-1] if ends else 0 :], right[: stop.start() + 1 if stop else None]


_AHEAD = (
    r"(?:will|would|shall|must|should|may|might)(?: \w+)? be [a-z]+|to be (?:[a-z]+ed|held|sent)|will|shall|would"
    r"|['’]ll|won['’]t|must|should|due|scheduled|slated|expected|planned|plans|planning|supposed|upcoming"
    r"|forthcoming|reconvenes?|payable|effective|expires?|takes effect"
)
_INTENT = (
    r"(?:agree[sd]?|vow(?:s|ed)|promise[sd]?|intend(?:s|ed)?|want(?:s|ed)?|hope[sd]?|prepar\w+|set|going|about"
    r"|call(?:s|ed) on \w+|urged? \w+|pledged?|call(?:s|ed|ing) for) (?:to|the|an?)"
)
_BEHIND = (
    r"said|says|told|was|were|had|has|have|did|killed|left|began|broke|took|came|went|hit|struck|shot|fell|fought|held"
    r"|met|made|put|set|sent|saw|gave|found|since|ago|became|blew|bought|brought|built|burst|came|caught|chose|cut|drew"
    r"|drove|fled|flew|got|grew|heard|hid|hurt|kept|knew|laid|led|lost|paid|ran|rose|sank|sat|shook|sold|sought|spent"
    r"|spoke|split|spread|stole|stood|swam|swept|threw|tore|thought|withdrew|overthrew|won|wore|wrote|[a-z]{2,}ed"
)
_CUE = re.compile(rf"(?i)\b(?:(?P<ahead>{_AHEAD}|{_INTENT})|(?P<behind>{_BEHIND}))\b")
_LATER_CUE = re.compile(rf"(?i)\b(?:(?P<ahead>{_AHEAD})|(?P<behind>{_BEHIND}))\b")
_NEXT_CUE = re.compile(rf"(?i) (?:\w+ly )?(?:(?P<ahead>{_AHEAD})|(?P<behind>{_BEHIND}))\b")
_AHEAD_OF = re.compile(
    r"(?i)\b(?:ahead of|upcoming|effective|due|expires?|scheduled|deadline|(?:set|slated|planned|called|expected) for)"
    r" (?:on |for |by |from |the )*$"
)
_UP_TO = re.compile(r"(?i)\b(?:by|until|till|through|payable) (?:the )?$")
_GOVERNS = 30


def read_tense(left: str, right: str) -> Tense:
    """Whether the verb nearest before the expression, or after one that opens its clause, looks ahead or behind."""
    if right.startswith(("'s", "’s")):
        return "ahead" if _AHEAD_OF.search(left) else ""
    if cue := _NEXT_CUE.match(right):
        return _tense_of(cue)
    if _AHEAD_OF.search(left):
        return "ahead"
    cues = list(_CUE.finditer(left))
    if cues:
        near = len(left) - cues[-1].end() <= _GOVERNS and not _UP_TO.search(left)
        return _tense_of(cues[-1]) if cues[-1]["ahead"] or near else ""
    first = _LATER_CUE.search(right) if len(left.split()) <= 3 else None
    return _tense_of(first) if first else ""


def _tense_of(cue: Match) -> Tense:
    return "ahead" if cue["ahead"] else "behind"


_ANNIVERSARY = re.compile(r"(?i)\b(?:anniversary|commemorat\w+)\b[^.]*$")
_SPEECH = re.compile(
    r"(?i)\b(?:said|says|told (?:(?!that\b|how\b|of\b)[\w,.'’-]+ ?){1,4}|announced|stated|confirmed"
    r"|(?<!was )(?<!were )(?<!been )reported|added|tweeted"
    r"|(?:in|issued|released) a (?:\w+ )?(?:statement|report|tweet|post|speech|interview)"
    r"(?: (?:published|issued|released))?)"
    r"(?: in (?:a|an|the|its|his|her) [\w' -]{1,30}?)?(?: (?:on|late|early|late on|early on))? $"
)


def is_of_speech(left: str) -> bool:
    """True for the day on which somebody said something, by the words before it.

    >>> is_of_speech("The mayor said on "), is_of_speech("They fled on ")
    (True, False)
    """
    return _SPEECH.search(left) is not None


def is_commemorated(left: str) -> bool:
    """True when the words before a date speak of its anniversary."""
    return _ANNIVERSARY.search(left) is not None


_PLACE_BEFORE = re.compile(
    r"[A-Z][A-Z.'’-]+(?:[ ,/-]+[A-Z][\w.'’-]*){0,6},?[^\S\n]*(?:\([^()\n]{1,30}\),?[^\S\n]*)?[-–—:|]*[^\S\n]*"
)
_DASH_AFTER = re.compile(r"[^\S\n]*,?[^\S\n]*(?:\([^()\n]{1,40}\)|[A-Z]{2,10})?[^\S\n]*(?:--?|[–—_:])")
_LABEL_BEFORE = re.compile(
    r"(?i)(?:(?:first )?published|updated|last (?:updated|modified)|posted|date)(?: (?:on|at))?:?[^\S\n]*"
)


def is_dateline(text: str, match: Match) -> bool:
    """True for the date of the place line that opens a story, and for the stamp of its publication."""
    opening = text[max(text.rfind("\n", 0, match.start()) + 1, match.start() - 80) : match.start()]
    if _LABEL_BEFORE.fullmatch(opening):
        return True
    return _PLACE_BEFORE.fullmatch(opening) is not None and _DASH_AFTER.match(text, match.end()) is not None
