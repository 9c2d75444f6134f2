"""Cutting an article's text into sentences, without losing a character's place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conflictdesk.records import Span


def _list_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A full stop after one of these does not end a sentence when more of the name, number or date follows.
_ABBREVIATIONS = _list_words(
    "mr mrs ms dr prof gen col lt maj capt cpl sgt pvt cmdr adm brig rev fr hon sen rep gov pres sec atty supt insp "
    "det st mt ft jr sr no nos vs v etc approx dept univ inc ltd co corp bros "
    "jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun "
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa penn "
    "tenn tex va vt wash wis wyo u.s u.n u.k e.u u.a.e d.c a.m p.m i.e e.g ph.d fig"
)
# Two of these may well end a sentence, so a capital after them decides, unless a name usually follows.
_MAY_END = _list_words("u.s u.n u.k e.u u.a.e d.c a.m p.m inc ltd co corp jr sr etc ph.d bros no")
_STARTERS = _list_words(
    "the a an in on at it he she they we but and this that these those there two three four five six several police "
    "officials witnesses no some many after before according earlier later meanwhile since when while as if"
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+(?:[•▪●◦\U0001f300-\U0001faff☀-➿]\ufe0f?\s*)*[\"'“‘«(\[]*[^\W_])")
# "Plan B." and "Camp X." end; "J. Smith" does not.
_LETTERED = _list_words(
    "plan camp block zone group point unit type terminal gate building sector ward vitamin hepatitis area"
)
_INITIALS = re.compile(r"(?:[a-z]\.){1,3}[a-z]$")
_HOUR_GOES_ON = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*day\b|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|[A-Z]{3,4}\b|\w+ time\b"
)
# A semicolon parts two statements that could each stand alone.
_SEMICOLON = re.compile(r";(?=\s+\S)")
_LEAST_PART = 20
# What stands before a paragraph's first statement: "SANAA, Aug 12 (Wire) - ", "12 Oct, Idlib province: ", "14:05 - ".
_CAPITALS = r"[^\W\d_a-zß-ÿ][^\Wa-zß-ÿ]*(?:['’.-][^\Wa-zß-ÿ]*)*"
_DATELINE = re.compile(
    rf"[*•\-–\s]*{_CAPITALS}(?:[ ,/]+{_CAPITALS}){{0,4}}(?:,? [^:–—\n]{{1,45}}?)?"
    r"(?: ?\([^)\n]{2,45}\))?(?:\s?[:—–]|\s?--?|\.-)\s+(?=[\"“'‘]?[A-Z0-9])"
)
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_LEAD_IN = re.compile(
    rf"[*•\-–\s]*(?:(?:On )?(?:\d{{1,2}} {_MONTHS}(?: \d{{4}})?|{_MONTHS} \d{{1,2}}(?:, \d{{4}})?"
    r"|\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{1,2}[:.]\d{2} ?(?:am|pm|GMT|AM|PM)?)"
    r"[^:–—\n]{0,70}?(?::|\s[—–|-]|\s?--)\s+(?:[^|\n]{2,60}\|\s+)?"
    r"|[A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2}(?:, [A-Z][a-z]+)?(?::| [—–])\s+(?=[\"“'‘]?[A-Z0-9]))"
)
_TOKEN_BEFORE = re.compile(r"(\S+)$")


def split_sentences(text: str) -> Iterator[tuple[int, Span]]:
    """Yield (paragraph number from 0, span) of every sentence, in order; the headline is paragraph 0.

    >>> text = "Two die\\n\\nGen. Aziz spoke on Sept. 3. He left."
    >>> [(p, s.quote(text)) for p, s in split_sentences(text)]
    [(0, 'Two die'), (1, 'Gen. Aziz spoke on Sept. 3.'), (1, 'He left.')]
    """
    paragraph = 1 if text.startswith("\n") else 0  # an article without a headline begins with the empty line
    for line in re.finditer(r"[^\n]+", text):
        if not line.group().strip():
            continue
        for start, end in _cut_line(text, line.start(), line.end()):
            yield paragraph, Span(start, end)
        paragraph += 1


def _cut_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    lead = _DATELINE.match(text, start, end) or _LEAD_IN.match(text, start, end)
    at = start
    if lead and end - lead.end() >= _LEAST_PART:
        yield from _trim(text, start, lead.end())
        at = lead.end()
    stops = sorted([*_END.finditer(text, at, end), *_SEMICOLON.finditer(text, at, end)], key=lambda m: m.start())
    for match in stops:
        if _is_boundary(text, at, match) if match.group() != ";" else _parts_well(at, match, end):
            yield from _trim(text, at, match.end())
            at = match.end()
    yield from _trim(text, at, end)


def _parts_well(start: int, match: re.Match[str], end: int) -> bool:
    return match.start() - start >= _LEAST_PART and end - match.end() >= _LEAST_PART


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
    if word.isdigit() and not text[start : match.start()].strip(word + " "):
        return False  # the number of a list
    word = word.rsplit(".-", 1)[-1]
    if word in ("a.m", "p.m") and head[:1].isupper():
        return _HOUR_GOES_ON.match(head) is None
    if word in _ABBREVIATIONS:
        first = re.match(r"[^\W\d_]+", head)
        return word in _MAY_END and first is not None and first.group().lower() in _STARTERS
    if _INITIALS.match(word):
        first = re.match(r"[^\W\d_]+", head)
        return first is not None and first.group().lower() in _STARTERS
    lettered = before is not None and _TOKEN_BEFORE.search(text[start : before.start()].rstrip())
    if lettered and lettered.group(1).lower().strip("\"'“‘([") in _LETTERED:
        return True
    # An initial ("J. Smith").
    return not (len(word) == 1 and word.isalpha() and before is not None and before.group(1)[0].isupper())
