"""The expressions of time in a sentence, found by patterns; what they mean together is worked out in claim_windows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.analyse.claim_calendar import (
    NUMBER,
    ORDINALS,
    POINT,
    UNIT,
    Point,
    make_length,
    read_count,
    read_point,
)
from conflictdesk.analyse.windows import Length, Span, move_day, move_months

Side = Literal["before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """An expression of time at `start`..`end` of the sentence.

    One of: a known window (`span`); a `length` on one `side` of an event in words (`event`) or of the other window
    (`event` None); the same period some years earlier (`shift`, in years, or in the year `shift_to`). `problem` says in
    words why it could not be read.
    """

    start: int
    end: int
    quote: str
    span: Span | None = None
    length: Length | None = None
    side: Side | None = None
    event: str | None = None
    shift: int | None = None
    shift_to: int | None = None
    problem: str | None = None


_AFTER: Final = r"after|following|since|from"
_BEFORE: Final = r"before|prior to|preceding|leading up to|ahead of|up to"
_IN: Final = (
    r"(?:(?:in|over|during|for|within|throughout|through|across) )?(?:all of )?(?:the )?(?:whole |entire |full )?"
)
_DURATION: Final = rf"(?:(?P<n>{NUMBER})[ -])?(?P<unit>{UNIT})(?:[’']s?)?"
_PERIOD: Final = r"(?: period| span| stretch)?"
_END: Final = r"(?=\s*(?:[,;:.()—–]|$| and | while | but | when | as | against | compared | versus ))"
_EVENT: Final = (
    r"(?P<event>[^,;:.()—–]+?)(?=\s+(?:(?:has |have |had |was |were )?(?:killed|responsible|rose|fell|doubled|died)|\d)"
    r"|\s*(?:[,;:.()—–]|$))"
)


def _read_dated(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    point = read_point(m["point"])
    span = _place_point(point, published)
    if point is None or span is None:
        return _no_year(m["point"])
    length = make_length(read_count(m["n"]), m["unit"])
    if m["word"].lower() in ("to", "until", "till", "ending", "up to", "leading up to") and point.day is None:
        return {"span": (move_day(span[1], length, -1), span[1])}
    if m["word"].lower() in ("to", "until", "till", "ending"):
        return {"span": (move_day(span[1], length, -1), span[1])}
    if re.fullmatch(_BEFORE, m["word"], re.IGNORECASE):
        return {"span": (move_day(span[0], length, -1), span[0]), "side": "before", "length": length}
    first = span[1] if m["word"].lower() in ("after", "following") and point.day is None else span[0]
    return {"span": (first, move_day(first, length, 1)), "side": "after", "length": length}


def _place_point(point: Point | None, published: dt.date | None) -> Span | None:
    """A point without a year is the last such one before the day of publication."""
    if point is None or point.year is not None or published is None:
        return point.span() if point else None
    span = point.span(published.year)
    return span if span is None or span[0] <= published else point.span(published.year - 1)


def _no_year(words: str) -> dict[str, object]:
    point = read_point(words)
    if point and point.year and point.day:
        return {"problem": f'"{words}" is no day of the calendar'}
    return {"problem": f'no year for "{words}": give the day of publication (--published) or the windows'}


def _read_part_of(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    """ "the first seven months of 2023", "the last two quarters of 2019"."""
    year = _read_year(m["year"], published)
    if year is None:
        return _no_published(m.group())
    length = make_length(read_count(m["n"]), m["unit"])
    start, end = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    if m["which"].lower() in ("last", "final"):
        return {"span": (move_day(end, length, -1), end)}
    return {"span": (start, move_day(start, length, 1))}


def _read_year(words: str | None, published: dt.date | None) -> int | None:
    said = (words or "this year").lower()
    if said.isdigit():
        return int(said)
    if published is None:
        return None
    return published.year - (1 if said.startswith(("last", "the previous")) else 0)


def _no_published(words: str) -> dict[str, object]:
    return {"problem": f'no day of publication: "{words.strip()}" needs one (--published)'}


def _read_fraction(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    """ "the first half of 2022", "H1 2022", "the third quarter of 2020", "Q3 2020"."""
    year = _read_year(m["year"], published)
    if year is None:
        return _no_published(m.group())
    if m["short"]:
        kind, which = m["short"][0].upper(), int(m["short"][1])
    else:
        kind, which = m["kind"][0].upper(), ORDINALS[m["which"].lower()]
    months, parts = (6, 2) if kind == "H" else (3, 4)
    which = parts if which < 0 else which
    if which > parts:
        return {"problem": f'"{m.group().strip()}" is no part of a year'}
    start = move_months(dt.date(year, 1, 1), months * (which - 1))
    return {"span": (start, move_months(start, months))}


def _read_range(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    first, last = read_point(m["first"]), read_point(m["last"])
    if first is None or last is None:
        return {"problem": f'"{m.group().strip()}" is no pair of days'}
    late = last.span(first.year) or _place_point(last, published)
    if late is None:
        return _no_year(m.group().strip())
    early = first.span(late[0].year)
    if early and first.year is None and early[0] >= late[1]:
        early = first.span(late[0].year - 1)
    if early is None or late[1] <= early[0]:
        return {"problem": f'"{m.group().strip()}" does not run forward'}
    return {"span": (early[0], _close_range(first, last, early[0], late))}


def _close_range(first: Point, last: Point, start: dt.date, late: Span) -> dt.date:
    """The last day is in the range, unless both ends are the same day of the month: then whole months lie between."""
    whole = (
        first.day is not None and first.day == last.day and (start.month, start.year) != (late[0].month, late[0].year)
    )
    return late[0] if whole else late[1]


def _read_same(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    said = m["year"].lower()
    if said.isdigit():
        return {"shift_to": int(said)}
    return {"shift": 1}


def _read_earlier(m: re.Match[str], _published: dt.date | None) -> dict[str, object]:
    length = make_length(read_count(m["n"]), m["unit"])
    return {"length": length, "side": "before"}


def _read_later(m: re.Match[str], _published: dt.date | None) -> dict[str, object]:
    return {"length": make_length(read_count(m["n"]), m["unit"]), "side": "after"}


def _read_event(m: re.Match[str], _published: dt.date | None) -> dict[str, object]:
    side = "before" if re.fullmatch(_BEFORE, m["word"], re.IGNORECASE) else "after"
    return {"length": make_length(read_count(m["n"]), m["unit"]), "side": side, "event": m["event"].strip()}


def _read_year_earlier(_m: re.Match[str], _published: dt.date | None) -> dict[str, object]:
    return {"shift": 1}


def _read_to_date(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    if published is None:
        return _no_published(m.group())
    return {"span": (dt.date(published.year, 1, 1), published)}


def _read_last(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    if published is None:
        return _no_published(m.group())
    unit = m["unit"].lower()
    if unit.startswith("year"):
        return {"span": (dt.date(published.year - 1, 1, 1), dt.date(published.year, 1, 1))}
    if unit.startswith("month"):
        this = published.replace(day=1)
        return {"span": (move_months(this, -1), this)}
    if unit.startswith("quarter"):
        this = dt.date(published.year, 3 * ((published.month - 1) // 3) + 1, 1)
        return {"span": (move_months(this, -3), this)}
    monday = published - dt.timedelta(days=published.weekday())
    return {"span": (monday - dt.timedelta(days=7), monday)}


def _read_past(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    if published is None:
        return _no_published(m.group())
    return {"span": (move_day(published, make_length(read_count(m["n"]), m["unit"]), -1), published)}


def _read_since(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    span = _place_point(read_point(m["point"]), published)
    if span is None:
        return _no_year(m["point"])
    if published is None:
        return _no_published(m.group())
    if published <= span[0]:
        return {"problem": f'"{m.group().strip()}" lies after the day of publication'}
    return {"span": (span[0], published)}


def _read_plain(m: re.Match[str], published: dt.date | None) -> dict[str, object]:
    span = _place_point(read_point(m["point"]), published)
    return {"span": span} if span else _no_year(m["point"])


def _compile(pattern: str) -> re.Pattern[str]:
    # Months keep their capital; all else may stand at the head of a sentence.
    return re.compile(rf"(?<![\w-])(?i:{pattern.replace(POINT, f'(?-i:{POINT})')})(?!\w)")


def _read_vague(m: re.Match[str], _published: dt.date | None) -> dict[str, object]:
    return {"problem": f'"{m.group().strip()}" has no clear first and last day: give --split and --window'}


_YEARS: Final = r"(?P<year>(?:19|20)\d{2}|this year|last year|the previous year)"
_RULES: Final[tuple[tuple[str, Callable[[re.Match[str], dt.date | None], dict[str, object]]], ...]] = (
    (
        rf"{_IN}{_DURATION}{_PERIOD} (?P<word>{_AFTER}|{_BEFORE}|to|until|till|ending)(?: in| on| with)? "
        rf"(?P<point>{POINT})",
        _read_dated,
    ),
    (rf"{_IN}(?P<which>first|opening|last|final) {_DURATION} of {_YEARS}", _read_part_of),
    (
        rf"{_IN}(?:(?P<which>{'|'.join(ORDINALS)}) (?P<kind>half|quarter)(?: of)?|(?P<short>[HQ][1-4])(?: of)?) "
        rf"{_YEARS}",
        _read_fraction,
    ),
    (
        rf"{_IN}(?:between|from|compared (?:to|with)|against|versus|\()? ?(?P<first>{POINT}),?"
        rf"(?: (?:and|to|until|till|through|up to) | ?[-–—] ?)(?P<last>{POINT})",
        _read_range,
    ),
    (
        rf"{_IN}(?:same|corresponding|equivalent|comparable)(?: {NUMBER})?(?:[ -]{UNIT})?(?: period| stretch| time)?"
        r"(?: of| in| from| during)? (?:the )?"
        r"(?P<year>(?:19|20)\d{2}|last year|previous year|prior year|year before|year earlier|a year earlier|a year "
        r"before"
        r"|preceding year|a year ago)",
        _read_same,
    ),
    (r"a year (?:earlier|before|ago|previously)", _read_year_earlier),
    (rf"{_IN}(?:previous|preceding|prior) {_DURATION}{_PERIOD}", _read_earlier),
    (
        rf"{_IN}{_DURATION}{_PERIOD} (?:before|earlier|prior|previously|beforehand|before that|before then){_END}",
        _read_earlier,
    ),
    (
        rf"{_IN}{_DURATION}{_PERIOD} (?:after|since|afterwards?|later|that followed|after that|since then){_END}",
        _read_later,
    ),
    (rf"{_IN}(?:following|next|subsequent|ensuing) {_DURATION}{_PERIOD}", _read_later),
    (
        r"(?:so far|thus far|to date|up to now|already) this year|(?:in |during )?this year(?: so far| to date)?",
        _read_to_date,
    ),
    (rf"{_IN}last (?P<unit>year|month|week|quarter)", _read_last),
    (rf"{_IN}(?:last|past) {_DURATION}", _read_past),
    (rf"{_IN}{_DURATION}{_PERIOD} (?P<word>{_AFTER}|{_BEFORE}) {_EVENT}", _read_event),
    (rf"since (?:the (?:start|beginning) of )?(?P<point>{POINT})", _read_since),
    (
        r"(?:(?:in|by|at|since|until|from|during|over|towards?) )?(?:the )?(?:end|start|beginning|middle|close|turn"
        rf"|spring|summer|autumn|fall|winter|(?:early|late) (?:months|days|weeks|part)) of (?P<point>{POINT})",
        _read_vague,
    ),
    (rf"(?:in|during|throughout|over|for|of|across|through|on|all of) (?P<point>{POINT})", _read_plain),
    (
        rf"(?:compared (?:to|with)|than|versus|against|vs\.?) (?P<point>{POINT})"
        r"(?! (?:in|a|during|people|deaths?|fatalities|killed|incidents|events|attacks))",
        _read_plain,
    ),
    (rf"(?P<point>{POINT})(?= (?:saw|brought|was|had))", _read_plain),
)
_COMPILED: Final = tuple((_compile(pattern), read) for pattern, read in _RULES)


def find_times(text: str, published: dt.date | None) -> tuple[TimeWords, ...]:
    """Every expression of time in a text, in order, none within another.

    >>> [time.quote for time in find_times("500 died in the six months after 12 February 2021, 400 in 2019.", None)]
    ['in the six months after 12 February 2021', 'in 2019']
    """
    found: list[TimeWords] = []
    for pattern, read in _COMPILED:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            found.append(_make_time(match, read, published))
    return tuple(sorted(found, key=lambda time: time.start))


def _make_time(
    match: re.Match[str], read: Callable[[re.Match[str], dt.date | None], dict[str, object]], published: dt.date | None
) -> TimeWords:
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    end = match.end() - (len(match.group()) - len(match.group().rstrip()))
    try:
        told = read(match, published)
    except (ValueError, OverflowError):
        told = {"problem": f'"{match.group().strip()}" leaves the calendar'}
    return TimeWords(start=start, end=end, quote=text_of(match, start, end), **told)  # type: ignore[arg-type]  # the readers fill its fields


def text_of(match: re.Match[str], start: int, end: int) -> str:
    """The words of a match between two places of the text it was found in."""
    return match.string[start:end]
