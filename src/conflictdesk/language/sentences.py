"""Cutting an article's text into sentences, without losing a character's place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conflictdesk.records import Span

# A full stop after one of these does not end a sentence when more of the name, number or date follows.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen col lt maj capt cpl sgt pvt cmdr adm brig rev fr hon sen rep gov pres sec atty supt insp det "
    "st mt ft jr sr no nos vs v etc approx dept univ inc ltd co corp bros "
    "jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun "
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa penn "
    "tenn tex va vt wash wis wyo u.s u.n u.k e.u u.a.e d.c a.m p.m i.e e.g ph.d".split()
)
# Two of these may well end a sentence, so a capital after them decides, unless a name usually follows.
_MAY_END = frozenset("u.s u.n u.k e.u u.a.e d.c a.m p.m inc ltd co corp jr sr etc ph.d bros no".split())
_STARTERS = frozenset(
    "the a an in on at it he she they we but and this that these those there two three four five six several police "
    "officials witnesses no some many after before according earlier later meanwhile since when while as if".split()
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[^\W_])")
_TOKEN_BEFORE = re.compile(r"(\S+)$")


def split_sentences(text: str) -> Iterator[tuple[int, Span]]:
    """Yield (paragraph number from 0, span) of every sentence, in order; the headline is paragraph 0.

    >>> text = "Two die\\n\\nGen. Aziz spoke on Sept. 3. He left."
    >>> [(p, s.quote(text)) for p, s in split_sentences(text)]
    [(0, 'Two die'), (1, 'Gen. Aziz spoke on Sept. 3.'), (1, 'He left.')]
    """
    paragraph = 0
    for line in re.finditer(r"[^\n]+", text):
        if not line.group().strip():
            continue
        for start, end in _cut_line(text, line.start(), line.end()):
            yield paragraph, Span(start, end)
        paragraph += 1


def _cut_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in _END.finditer(text, start, end):
        if _is_boundary(text, at, match):
            yield from _trim(text, at, match.end())
            at = match.end()
    yield from _trim(text, at, end)


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _is_boundary(text: str, start: int, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 40].lstrip()
    if match.group()[0] != ".":
        # "Why?" she asked: a small letter after the quotation goes on with the sentence.
        return not following.lstrip("\"'“‘«([")[:1].islower()
    before = _TOKEN_BEFORE.search(text, start, match.start())
    word = before.group(1).lower().strip("\"'“”‘’([") if before else ""
    head = following.lstrip("\"'“‘«([")
    if head[:1].islower():
        return False
    if word in _ABBREVIATIONS:
        first = re.match(r"[^\W\d_]+", head)
        return word in _MAY_END and first is not None and first.group().lower() in _STARTERS
    # An initial ("J. Smith"), but "Plan B." ends.
    return not (len(word) == 1 and word.isalpha() and before is not None and before.group(1)[0].isupper())
