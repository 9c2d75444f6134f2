"""Makes one window of the dates that open and close it: "from January to March", "since last week"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from conflictdesk.coding.calendar_spans import DAY, Stretch, day_stretch, days_stretch, shift_years
from conflictdesk.coding.calendar_words import PIECES, count_number
from conflictdesk.coding.date_context import Found, Match
from conflictdesk.coding.date_surroundings import look_around
from conflictdesk.coding.relative_dates import shift_units

_HOUR = r"(?:(?:[0-9]{1,2}(?:[:.][0-9]{2})?\s?(?:[ap]\.?m\.?)?|noon|midnight|dawn|dusk)\s+(?:on\s+)?)?"
_RANGE = re.compile(
    r"\s*,?\s*(?:(?P<to>to|until|till|through|up to|-|–|—)|(?P<into>(?:and )?into)|(?P<both>and))\s+(?:the\s+)?"
    rf"{_HOUR}$"
)
_OPENS_RANGE = re.compile(rf"(?i)\b(?P<word>from|between)\s+(?:the\s+)?{_HOUR}$")
_STEP = re.compile(
    rf"(?i)(?<!\bto )\b(?P<count>the|{PIECES['COUNT']})\s+(?P<unit>day|night|week|month|year)s?\s+(?P<way>before|after)"
    r"(?:\s+[\w'’-]+){0,7}\s+$"
)
_SINCE = re.compile(r"(?i)\b(?:ever\s+)?since(?:\s+(?!then\b)[\w'’\"“”-]+){0,8}\s+$")


_BESIDE = re.compile(r",?\s\(?")


def agree_weekdays(text: str, found: list[Found]) -> list[Found]:
    """Let "Tuesday (Sept. 14)" and "late on Sunday, Sept. 19" mean the day whose date stands beside the weekday."""
    for index, (left, right) in enumerate(pairwise(found)):
        if left.kind != "weekday" or right.kind != "absolute" or not left.stretch or not right.stretch:
            continue
        days = (left.stretch, right.stretch)
        if any(day.precision != 1 for day in days) or left.stretch.start.weekday() != right.stretch.start.weekday():
            continue
        if _BESIDE.fullmatch(text[left.end : right.start]):
            found[index] = replace(left, stretch=right.stretch)
    return found


_FROM_EVENT = re.compile(
    r"(?i)\b(?P<unit>day|night|week)s?\s+(?P<way>before|after)\s+(?:the|that|this|his|her|their|its)\s+(?:[\w'’-]+\s+)?(?P<noun>[a-z]{4,})\b"
)
_COUNT_BEFORE = re.compile(rf"(?i)(?<!\bto )\b(?P<count>the|{PIECES['COUNT']})\s+$")


def count_from_events(text: str, found: list[Found]) -> list[Found]:
    """Add the days told by their distance from an event: "three days after the truce", where a truce was dated before.

    Nothing is added where the event has no date of its own, or dates that differ.
    """
    steps = []
    for step in _FROM_EVENT.finditer(text):
        said = _COUNT_BEFORE.search(text, max(0, step.start() - 24), step.start())
        if said is None or any(item.start < step.end() + 40 and said.start() < item.end for item in found):
            continue  # it is counted from nothing, or says its day itself
        stems = {step["noun"].lower(), step["noun"].lower().removesuffix("s")}
        before = (item for item in found if item.end < said.start() and _is_of(text, item, stems))
        days = {item.stretch.start for item in before if item.stretch}
        if len(days) == 1 and (stretch := _shift(days.pop(), said["count"], step)):
            steps.append(Found(start=said.start(), end=step.end("way"), kind="anaphoric", stretch=stretch))
    return sorted([*found, *steps], key=lambda item: item.start) if steps else found


def _is_of(text: str, item: Found, stems: set[str]) -> bool:
    """True for the single day of a sentence that speaks of such an event."""
    if item.window or item.of_speech or item.kind == "dateline" or not item.stretch or item.stretch.precision != 1:
        return False
    words = " ".join(look_around(text, item.start, item.end)).lower()
    return any(re.search(rf"\b{stem}s?\b", words) for stem in stems)


def join_windows(text: str, found: list[Found], published: dt.date | None) -> Iterator[Found]:
    """Make one of "from January to March" and of "since" with its date."""
    index = 0
    while index < len(found):
        left, right = found[index], found[index + 1] if index + 1 < len(found) else None
        floor = found[index - 1].end if index else 0
        joined = _join_range(text, left, right, floor) if right else None
        index += 2 if joined else 1
        if step := _step_aside(text, left, floor):
            yield step
        yield joined or _open_since(text, left, step.end if step else floor, published)


def _step_aside(text: str, item: Found, floor: int) -> Found | None:
    """The day that is told by its distance from a date: "two days after" of "two days after Friday's attack"."""
    step = _STEP.search(text, max(floor, item.start - 80), item.start)
    if step is None or item.window or item.stretch is None or item.stretch.precision != 1:
        return None
    stretch = _shift(item.stretch.start, step["count"], step)
    return Found(start=step.start(), end=step.end("way"), kind="anaphoric", stretch=stretch) if stretch else None


def _shift(day: dt.date, count: str, step: Match) -> Stretch | None:
    """So many of the units of `step` before or after a day; None beyond the calendar."""
    number = 1 if count.lower() == "the" else count_number(count)
    try:
        return shift_units(day, step["unit"].lower(), -number if step["way"].lower() == "before" else number)
    except (ValueError, OverflowError):
        return None


def _join_range(text: str, left: Found, right: Found, floor: int) -> Found | None:
    if left.window or right.window or "dateline" in (left.kind, right.kind):
        return None
    if "\n\n" in text[left.end : right.start]:
        return None  # no range goes over the end of a paragraph
    if text[left.start : left.end].lower().startswith("overnight") and left.stretch and left.stretch.value:
        left = replace(left, stretch=day_stretch(dt.date.fromisoformat(left.stretch.value)))
    gap = _RANGE.fullmatch(
        text[left.end : right.start] + ("" if text[right.start - 1 : right.start].isspace() else " ")
    )
    opens = _OPENS_RANGE.search(text, max(floor, left.start - 32), left.start)
    word = opens["word"].lower() if opens else ""
    if left.stretch and right.stretch and left.stretch.precision != right.stretch.precision and not word:
        return None
    if text.startswith(("'s", "’s"), right.end):
        return None
    if gap is None or (gap["both"] and word != "between") or not left.stretch or not right.stretch:
        return None
    first = _move_before(left.stretch, right.stretch.end) if _lacks_year(left) else left.stretch
    if first is None or first.start > right.stretch.start:
        return None
    whole = days_stretch(first.start, right.stretch.end)
    one_night = whole.end - whole.start <= DAY  # "Friday night into Saturday" may date a single event
    return Found(
        start=opens.start() if opens else left.start,
        end=right.end,
        kind=left.kind if one_night else "period",
        stretch=whole,
        window=not one_night,
        parts=(replace(left, stretch=first), right),
    )


def _lacks_year(item: Found) -> bool:
    return item.kind in ("absolute", "month") and not item.own_year


def _move_before(stretch: Stretch, end: dt.date) -> Stretch | None:
    """The stretch in the latest year in which it does not begin after `end`."""
    for years in range(2):
        try:
            moved = shift_years(stretch, end.year - stretch.start.year - years) if stretch.start > end else stretch
        except ValueError:
            continue
        if moved.start <= end:
            return moved
    return None


def _open_since(text: str, item: Found, floor: int, published: dt.date | None) -> Found:
    """Widen a date to the window that it opens: since a day until publication."""
    if item.window or item.kind == "dateline":
        return item
    since = _SINCE.search(text, max(floor, item.start - 80), item.start)
    if since is None:
        return item
    stretch = None
    if published and item.stretch and item.stretch.start <= published:
        stretch = days_stretch(item.stretch.start, published)
    return Found(start=since.start(), end=item.end, kind="period", stretch=stretch, window=True, parts=(item,))
