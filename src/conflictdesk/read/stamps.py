"""When an article says it was published: stamp lines ("Updated 36 min ago"), date lines and datelines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTHS = {name: n for n, full in enumerate(MONTH_NAMES, 1) for name in (full, full[:3])} | {"sept": 9}
MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +)?"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
FORMS = tuple(
    re.compile(WEEKDAY + form, re.IGNORECASE)
    for form in (
        rf"\b{DAY}(?: of)?[ -]+{MONTH},?[ -]+{YEAR}\b",
        rf"\b{MONTH} +{DAY},? +{YEAR}\b",
        rf"\b{YEAR}[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?!\d)",
        rf"\b{DAY} {MONTH} '?(?P<short>\d\d)\b(?!:)",
        rf"\b(?P<first>[0-3]?\d)[-/.](?P<second>[0-3]?\d)[-/.]{YEAR}\b",
    )
)
ZONE = r"(?:Z|[+-]\d\d:?\d\d|GMT|UTC|BST|EST|EDT|ET|PT|CET|CEST|EET|IST|AST|PST|PDT|local time)"
CLOCK = (
    r"(?:(?:at|@|,|\||-|–|—|·|•|T)? ?\(?\d{1,2}[:.h]\d\d(?::\d\d(?:\.\d+)?)? ?(?:[ap]\.?m\.?)? ?"
    rf"{ZONE}?(?: ?[+-]\d{{1,2}}(?::\d\d)?)?\)?)"
)
SMALL_UNIT = r"(?:sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?)"
SINCE = (
    r"(?:(?P<count>\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) *"
    rf"(?P<unit>{SMALL_UNIT}|h|days?|weeks?)\b(?: +\d+ *{SMALL_UNIT})* +ago"
    r"|(?P<word>just now|moments ago|today|yesterday))"
)
COUNTS = ("an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {"a": 1} | {name: max(1, n) for n, name in enumerate(COUNTS)}
MARK = (
    r"(?P<mark>(?:first |originally |date |story |article )?"
    r"(?:published|posted|publication date|date|dated|created|released|issued)(?: time| date| on| at)?"
    r"|(?:last |story |article )?(?:updated|modified|last modified|last update|edited)(?: on| at)?)"
)
EDGE = r"[ :|,.()/\[\]·•–—-]*"
NAME = r"(?:[A-Z][\w.'’-]*|of|the|and|de|&)"
NAMES = re.compile(rf"{NAME}(?:[, /|]+{NAME}){{0,5}}[, /|]*$")
LONGEST = 160

Form = Literal["published", "updated", "bare"]
ORDER: tuple[Form, ...] = ("published", "bare", "updated")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A line that says when: a stated `day`, or `days_ago` before the newest stated day of the page.

    `form` is "published" or "updated" after that word, "bare" for a date that stands alone or beside a name.
    `fault` tells why a date on the line could not be read (an ambiguous 03/04/2024).
    """

    form: Form
    day: dt.date | None = None
    days_ago: int | None = None
    fault: str | None = None


def read_stamp(line: str) -> Stamp | None:
    """The stamp that a line is, None when the line is anything else.

    >>> read_stamp("Updated 26 September 2021").day
    datetime.date(2021, 9, 26)
    >>> read_stamp("Updated 36 min 29 sec ago").days_ago
    0
    >>> read_stamp("By Lena Okoro | 12 March 2024").day
    datetime.date(2024, 3, 12)
    >>> read_stamp("The bridge was bombed on 12 March 2024, he said.") is None
    True
    """
    if len(line) > LONGEST or not line:
        return None
    return _read_whole(line) or _read_pieces(re.split(r"\s+[|·•/]\s+", line))


def _read_pieces(pieces: list[str]) -> Stamp | None:
    """The stamp of a line such as "Valley Post | Published 8 July 2022 | Updated 9 July 2022"."""
    stamps = {piece: _read_whole(piece) for piece in pieces}
    found = [stamp for stamp in stamps.values() if stamp]
    if len(pieces) < 2 or not found or not all(stamps[piece] or NAMES.match(piece) for piece in pieces):
        return None
    return min(found, key=lambda stamp: ORDER.index(stamp.form))


def _read_whole(line: str) -> Stamp | None:
    mark = re.match(rf"{EDGE}{MARK}{EDGE}", line, re.IGNORECASE)
    rest = line[mark.end() :] if mark else line
    form: Form = "bare"
    if mark:
        form = "updated" if re.search("updat|modif|edit", mark["mark"], re.IGNORECASE) else "published"
    since = re.match(rf"{SINCE}{EDGE}$", rest, re.IGNORECASE)
    if since:
        return Stamp(form, days_ago=_count_days(since)) if mark or since["count"] else None
    found = find_date(rest)
    if found is None:
        return None
    day, fault, start, end = found
    before, after = rest[:start], rest[end:]
    if not _is_margin(before, after, bool(mark)):
        return None
    return Stamp(form, day=day, fault=fault)


def _count_days(since: re.Match[str]) -> int:
    if since["word"]:
        return int(since["word"].lower() == "yesterday")
    count = int(since["count"]) if since["count"].isdecimal() else NUMBERS.get(since["count"].lower())
    unit = since["unit"].lower()
    if count is None or count > 10_000:
        return 0
    if unit.startswith("h"):
        return count // 24
    return count * {"d": 1, "w": 7}.get(unit[0], 0)


def _is_margin(before: str, after: str, marked: bool) -> bool:
    """True when the words around a date are a name, a clock or another stamp, not a sentence."""
    clean = re.sub(rf"{CLOCK}", " ", after, flags=re.IGNORECASE)
    clean = re.sub(rf"{EDGE}{MARK}.*$", " ", clean, flags=re.IGNORECASE)
    clean = re.sub(r"[|(·•,–—-]? ?\b(?:by|updated|in) [A-Z].{0,60}$", " ", clean)
    if re.sub(EDGE, "", clean) and not (marked and len(clean) < 30):
        return False
    dash = before.rstrip(" ")[-1:] in set(",|–—-·•")
    before = re.sub(rf"^{EDGE}{CLOCK}", "", before, flags=re.IGNORECASE).strip(" :|,.()[]·•–—-")
    if not before:
        return True
    if re.search(r"\b(?:was|were|said|on|in the)\b", before) or len(before) > 90:
        return False
    if marked and len(before) <= 30:
        return True
    return bool(re.match(r"(?:By|BY|Written by)\b.{2,90}$", before) or (dash and NAMES.match(before)))


def find_date(text: str) -> tuple[dt.date | None, str | None, int, int] | None:
    """The first full date in `text`: the day (None when it cannot be one), the fault, and where it stands.

    >>> find_date("seen 03/04/2024")[1]
    'day and month of 03/04/2024 cannot be told apart'
    """
    hits = [(match.start(), number, match) for number, form in enumerate(FORMS) if (match := form.search(text))]
    if not hits:
        return None
    match = min(hits, key=lambda hit: hit[:2])[2]
    parts = match.groupdict()
    short = int(parts.get("short") or 0)
    year = int(parts["year"]) if "year" in parts else short + (1900 if short >= 50 else 2000)
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        dotted = "." in match[0]
        if first <= 12 and second <= 12 and first != second and not dotted:
            return None, f"day and month of {match[0].strip()} cannot be told apart", match.start(), match.end()
        day, month = (second, first) if second > 12 and not dotted else (first, second)
    else:
        named = parts["month"].lower().rstrip(".")
        day, month = int(parts["day"]), MONTHS.get(named) or int(named)
    try:
        return dt.date(year, month, day), None, match.start(), match.end()
    except ValueError:
        return None, f"{match[0].strip()} is no day of the calendar", match.start(), match.end()


def choose_day(
    stamps: Sequence[Stamp], dateline: dt.date | None, newest: dt.date | None
) -> tuple[dt.date, Literal["stated", "relative"]] | None:
    """The day of publication by an article's stamps: "published" before bare dates before "updated", then its
    dateline, then so many days before `newest`, the newest stated day of the page."""
    ranked = sorted(stamps, key=lambda stamp: ORDER.index(stamp.form))
    stated = next((stamp.day for stamp in ranked if stamp.day), None) or dateline
    if stated:
        return stated, "stated"
    ago = next((stamp.days_ago for stamp in ranked if stamp.days_ago is not None), None)
    if ago is None or newest is None:
        return None
    return newest - dt.timedelta(days=min(ago, newest.toordinal() - 1)), "relative"


def parse_day(text: str) -> tuple[dt.date | None, str | None]:
    """The day of a field such as "2024-03-12T08:15:00Z" or "12 March 2024", and why not when there is none.

    >>> parse_day("2024-03-12T08:15:00Z")[0]
    datetime.date(2024, 3, 12)
    """
    compact = re.fullmatch(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?\s*", text)
    if compact:
        text = "-".join(compact.groups())
    found = find_date(text[:200])
    if found is None:
        return None, f"no date can be read in {text[:60]!r}"
    return found[0], found[1]


CAP = "A-Z\u00c0-\u00de"
PLACE_WORD = rf"(?:[{CAP}][\w.'’-]*)"
DATELINE = re.compile(
    rf"^(?P<place>{PLACE_WORD}(?:[ ,/]+(?:(?:and|de|near|of|the|al-)[ -])?{PLACE_WORD}){{0,6}}?)"
    r"(?P<rest>(?:,? ?[(]|, | \d|,? [A-Z][a-z]{2,8}\.? \d)[^:]{0,80}?)?"
    r"\s*(?P<dash>:(?= )| ?[—–―]| -{1,2}(?= )|--)\s*(?=\S)"
)
SHORT_DATE = re.compile(rf"\b(?:{MONTH} [0-3]?\d|[0-3]?\d {MONTH.replace('?P<month>', '?:')})", re.IGNORECASE)
AGENCY = re.compile(r"\([A-Z][\w/. -]{1,40}\)\s*$")


def read_dateline(paragraph: str) -> tuple[bool, dt.date | None]:
    """Whether a paragraph begins with a dateline, and the day that it states with its year.

    A dateline is a place in capitals, or a place with an agency in brackets or a date, before a dash or colon.

    >>> read_dateline("KARVAN, 3 March 2024 - At least two people were killed")
    (True, datetime.date(2024, 3, 3))
    >>> read_dateline("LONDON: Seven months after the vote")
    (True, None)
    >>> read_dateline("The army said: no comment")
    (False, None)
    """
    match = DATELINE.match(paragraph[:160])
    if match is None:
        return False, None
    place, rest = match["place"], (match["rest"] or "").strip()
    found = find_date(rest)
    capitals = place.split(",")[0].split(" and ")[0].isupper() and len(place) >= 4
    dated = found is not None or SHORT_DATE.search(rest) is not None
    if match["dash"] == ":" and rest and not dated and not AGENCY.search(rest):
        return False, None
    plain_rest = not rest or dated or AGENCY.search(rest) is not None or rest.strip(" ,").istitle()
    if (capitals and plain_rest) or (len(place.split()) <= 4 and (dated or AGENCY.search(rest))):
        found = found or _find_day_next(paragraph[match.end() :])
        return True, found[0] if found else None
    return False, None


def _find_day_next(text: str) -> tuple[dt.date | None, str | None, int, int] | None:
    """The date that stands between two dashes: "KARVAN (Wire) - 3 March 2024 - Two people"."""
    found = find_date(text[:40])
    return found if found and found[2] == 0 and re.match(r" ?[:—–―-]", text[found[3] :]) else None
