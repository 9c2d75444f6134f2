"""One page of text into its articles: where a headline, with its stamps and bylines, begins a new one."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

WINDOW = 16
MOST_BETWEEN = 6
LONG = 420
BODY = 80
INNER_WORDS, INNER_LENGTH = 4, 20
RULED_WORDS = 5
LIST_LINES = 24
BELOW = 5
LONGEST_HEAD = 40
TOP = 40
KICKER_WORDS = 2
SENTENCE_ENDS = '.!?”"’)'
HEAD_KINDS = ("blank", "caption", "furniture", "byline")


@dataclass(frozen=True, slots=True)
class Line:
    """A cleaned line: its kind (see text.py), its folded form, and what was seen in it."""

    text: str
    kind: str
    folded: str
    is_stamp: bool
    is_headline: bool
    has_dateline: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one article, `start`..`end` (end excluded): `headline` is the line of its title or None,
    `body` the first line after its head (stamps, bylines, repeated headlines and captions)."""

    start: int
    end: int
    headline: int | None
    body: int


def split_page(lines: Sequence[Line]) -> list[Part]:
    """The articles on a page, in order; one Part for a page that gives no sign of a second article.

    A head is a headline that is said again before the text begins, with a stamp near it or at the top of the page;
    or a headline right above a stamp, a byline (a standfirst may stand between) or a paragraph with a dateline;
    or, when ruled lines ("***") part the page and each part begins with one, a headline of five words and more.
    """
    heads = sorted({found for i in range(len(lines)) if (found := _read_head(lines, i))} | _read_ruled_heads(lines))
    kept: list[tuple[int, int]] = []
    tops = [at for at, _ in heads] + [len(lines)]
    for at, body in heads:
        if kept and at < kept[-1][1]:
            continue
        if _has_body(lines, body, tops[bisect.bisect_left(tops, body)]):
            kept.append((at, body))
    return _make_parts(lines, kept)


def _make_parts(lines: Sequence[Line], heads: Sequence[tuple[int, int]]) -> list[Part]:
    if not heads or (len(heads) == 1 and _is_inner(lines, heads[0][0])):
        return [_single(lines)]
    starts = _find_starts(lines, heads)
    bounds = [*starts[1:], len(lines)]
    parts = [Part(s, end, head, body) for s, (head, body), end in zip(starts, heads, bounds, strict=True)]
    first = heads[0][0]
    if _is_inner(lines, first):
        lead = _single(lines[:first])
        return [Part(lead.start, first, lead.headline, lead.body), *parts]
    return [Part(0, parts[0].end, parts[0].headline, parts[0].body), *parts[1:]]


def _find_starts(lines: Sequence[Line], heads: Sequence[tuple[int, int]]) -> list[int]:
    """Where each article begins: at its headline, or at the stamp above it when the page's first one stands so too."""
    above = [
        next((i for i in range(head - 1, max(-1, head - BELOW), -1) if lines[i].kind not in ("blank", "rule")), None)
        for head, _ in heads
    ]
    stamped = [at is not None and lines[at].is_stamp for at in above]
    if not all(stamped):
        return [head for head, _ in heads]
    return [head if at is None else at for at, (head, _) in zip(above, heads, strict=True)]


def _is_inner(lines: Sequence[Line], head: int) -> bool:
    """True when real text stands before the first head: then that text is an article of its own."""
    return any(line.kind == "plain" and not line.is_stamp and len(line.text) >= BODY for line in lines[:head])


def _single(lines: Sequence[Line]) -> Part:
    """A page that is one article: its first line is the headline when it looks like one and stands apart; a word or
    two above it ("World news") are passed over."""
    first = next((i for i, line in enumerate(lines) if line.kind in ("plain", "caption") and not line.is_stamp), None)
    if first is not None and len(lines[first].text.split()) <= KICKER_WORDS:
        second = _next_filled(lines, first + 1)
        first = second if second is not None and _stands_apart(lines, second) else first
    if first is None or not _stands_apart(lines, first):
        return Part(0, len(lines), None, 0)
    return Part(0, len(lines), first, _skip_head(lines, first))


def _stands_apart(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if not line.is_headline or line.has_dateline:
        return False
    after = lines[at + 1] if at + 1 < len(lines) else None
    return after is None or after.kind != "plain" or after.is_stamp or after.has_dateline or after.folded == line.folded


def _read_head(lines: Sequence[Line], at: int) -> tuple[int, int] | None:
    """The head that begins at line `at`: its line and the first line of its body."""
    line = lines[at]
    if line.kind != "plain" or not line.is_headline or line.is_stamp or line.has_dateline:
        return None
    before = lines[at - 1] if at else None
    if before is not None and before.kind == "plain" and not before.is_stamp and before.text[-1] not in SENTENCE_ENDS:
        return None
    top = not any(line.kind == "plain" and not line.is_stamp for line in lines[max(0, at - TOP) : at]) and at <= TOP
    last = _last_repeat(lines, at)
    if last is not None and (top or _has_sign(lines, at, last)):
        return at, _skip_head(lines, _find_stamp_below(lines, last) or last, at)
    if not top and (len(line.text.split()) < INNER_WORDS or len(line.text) < INNER_LENGTH or _is_listed(lines, at)):
        return None
    return _read_plain_head(lines, at)


def _is_listed(lines: Sequence[Line], at: int) -> bool:
    """True for a line in a list of other stories ("Most popular"), which ends where sentences begin again."""
    for i in range(at - 1, max(-1, at - LIST_LINES), -1):
        line = lines[i]
        if line.kind == "list head":
            return True
        if line.kind == "rule" or (line.kind == "plain" and not line.is_stamp and not line.is_headline):
            return False
    return False


def _read_ruled_heads(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """The heads of the parts between ruled lines, none unless every part that holds text begins with a headline."""
    starts = [0] + [i + 1 for i, line in enumerate(lines) if line.kind == "rule"]
    heads: set[tuple[int, int]] = set()
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if not _has_body(lines, start, end):
            continue
        first = _next_filled(lines, start)
        if first is None or not _stands_apart(lines, first) or len(lines[first].text.split()) < RULED_WORDS:
            return set()
        heads.add((first, _skip_head(lines, first)))
    return heads if len(heads) > 1 else set()


def _last_repeat(lines: Sequence[Line], at: int) -> int | None:
    """The last line near `at` that says the same headline, with nothing but head matter between."""
    last, between = None, 0
    for i in range(at + 1, min(at + WINDOW, len(lines))):
        line = lines[i]
        if line.folded == lines[at].folded:
            last, between = i, 0
        elif line.kind == "plain" and not line.is_stamp:
            between += 1
            if between > MOST_BETWEEN or len(line.text) > LONG or line.has_dateline:
                break
    return last


def _has_sign(lines: Sequence[Line], at: int, last: int) -> bool:
    """A repeated headline inside a page begins an article when a stamp or byline is with it or a dateline follows."""
    body = _skip_head(lines, last, at)
    near = lines[at:body]
    return any(line.is_stamp or line.kind == "byline" for line in near) or (
        body < len(lines) and (lines[body].has_dateline or _find_stamp_below(lines, last) is not None)
    )


def _find_stamp_below(lines: Sequence[Line], last: int) -> int | None:
    """A stamp soon below a headline, with captions of unknown form between at most."""
    for i in range(last + 1, min(last + BELOW, len(lines))):
        if lines[i].is_stamp:
            return i
        if lines[i].has_dateline or lines[i].kind == "bullet" or len(lines[i].text) > LONG:
            return None
    return None


def _read_plain_head(lines: Sequence[Line], at: int) -> tuple[int, int] | None:
    """A headline said once, a stamp, a byline or a dateline right below it (a standfirst may stand between)."""
    i = _next_filled(lines, at + 1)
    if i is None or i - at > 3:
        return None
    if lines[i].has_dateline and i - at <= 3:
        return at, i
    if lines[i].kind == "plain" and not lines[i].is_stamp and len(lines[i].text) <= LONG and not lines[i].is_headline:
        after = _next_filled(lines, i + 1)
        if after is None or after - i > 2:
            return None
        if not (lines[after].is_stamp or lines[after].kind == "byline"):
            return None
        return at, i
    if lines[i].is_stamp or lines[i].kind == "byline":
        return at, _skip_head(lines, at)
    return None


def _next_filled(lines: Sequence[Line], start: int) -> int | None:
    return next((i for i in range(start, len(lines)) if lines[i].kind != "blank"), None)


def _skip_head(lines: Sequence[Line], last: int, headline: int | None = None) -> int:
    """The first line after `last` that belongs to the body: stamps, bylines, captions, the headline are passed over."""
    said = lines[last if headline is None else headline].folded
    i = last + 1
    while i < min(len(lines), last + LONGEST_HEAD):
        line = lines[i]
        skipped = line.kind in HEAD_KINDS or line.is_stamp or line.folded == said
        if not skipped and not _is_name(lines, i):
            break
        i += 1
    return i


def _is_name(lines: Sequence[Line], at: int) -> bool:
    """The writer's bare name between a stamp and the text."""
    words = lines[at].text.split()
    if not 2 <= len(words) <= 4 or not all(
        re.fullmatch(r"[^\W\d_][\w.'’-]*", word) and word[0].isupper() for word in words
    ):
        return False
    before = next((lines[i] for i in range(at - 1, -1, -1) if lines[i].kind != "blank"), None)
    after = _next_filled(lines, at + 1)
    return before is not None and before.is_stamp and after is not None and len(lines[after].text) >= BODY


def _has_body(lines: Sequence[Line], start: int, end: int) -> bool:
    return any(
        line.kind in ("plain", "bullet") and not line.is_stamp and len(line.text) >= BODY for line in lines[start:end]
    )
