"""The forms of dates that count from the day of publication: weekdays, "last month", "two days ago", "overnight".

Where that day is unknown they stay unresolved.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from conflictdesk.coding.calendar_spans import (
    DAY,
    WEEK,
    Stretch,
    cut_part,
    day_stretch,
    days_stretch,
    meet_stretches,
    month_stretch,
    shift_months,
    week_stretch,
    weekend_stretch,
    year_stretch,
)
from conflictdesk.coding.calendar_words import count_number, weekday_number
from conflictdesk.coding.date_context import Context, Form, Match, change_of, group_of

_DAYS_OF = {"day": 1, "night": 1, "week": 7}
_MONTHS_OF = {"month": 1, "year": 12, "decade": 120}


def singular(unit: str) -> str:
    """A unit of time in lower case without its plural s."""
    return unit.lower().rstrip("s")


# ---------------------------------------------------------------- weekdays


def _resolve_weekday(match: Match, context: Context) -> Stretch | None:
    which, week = group_of(match, "which").lower(), group_of(match, "week").lower()
    number = weekday_number(match["weekday"])
    if week:
        whole = find_unit("week", week, context)
        return day_stretch(_on_weekday(whole.start, number, 1)) if whole else None
    if "previous" in which or "following" in which:
        base = context.told_day or (context.published if "previous" in which else None)
        step = change_of(which)
        return day_stretch(_on_weekday(base + DAY * step, number, step)) if base else None
    if context.published is None:
        return None
    ahead = context.tense == "ahead" and "earlier" not in group_of(match, "mod").lower()
    day = _pick_weekday(number, which, context.published, ahead)
    if "overnight" not in group_of(match, "mod").lower():
        return day_stretch(day)
    return Stretch(day - DAY, day if "into" in match["mod"].lower() else day + DAY, 2, day.isoformat())


def _resolve_weeks_ago(match: Match, context: Context) -> Stretch | None:
    """The weekday nearest to so many weeks before publication: "a week ago on Friday"."""
    if context.published is None:
        return None
    middle = context.published - WEEK * count_number(match["count"])
    return day_stretch(_on_weekday(middle - 3 * DAY, weekday_number(match["weekday"]), 1))


def _on_weekday(day: dt.date, number: int, step: int) -> dt.date:
    """The first such weekday from `day` on, forward or backward."""
    return day + DAY * step * ((number - day.weekday()) * step % 7)


def _pick_weekday(number: int, which: str, day: dt.date, ahead: bool) -> dt.date:
    if "next" in which or "coming" in which:
        return _on_weekday(day + DAY, number, 1)
    if "last" in which or "past" in which:
        return _on_weekday(day - DAY, number, -1)
    return _on_weekday(day, number, 1 if ahead else -1)


_NAMED_BEFORE = re.compile(
    r"(?:\b(?i:every|each|per|on most)|\b(?:Black|Good|Bloody|Holy|Easter|Palm|Ash|Super|Cyber|Red|Fat|Shrove|Maundy"
    r"|Great|Casual|Giving))[\s-]+$"
)
_NAMED_WEEKDAY = re.compile(
    r" (?:Night )?(?:Times|Telegraph|Mirror|Express|Mail|World|Vanguard|Trust|Sun|Star|Post|Tribune|Herald|Standard"
    r"|Nation|Monitor|Mosque|Market|Movement|Live|Independent|Business|School|school)\b"
)


def _is_weekday(match: Match, context: Context) -> bool:
    return not _NAMED_BEFORE.search(context.left) and not _NAMED_WEEKDAY.match(context.right)


_WEEKDAYS = (
    Form(
        "weekday",
        (
            r"(?P<mod>(?:early|late|earlier|later|overnight)(?: on| into| in)? )?"
            r"(?P<which>(?:the )?(?:last|next|past|previous|following|coming)|this(?: past| coming)?) ?"
            r"(?P<weekday><WEEKDAY>)(?: <PARTOFDAY>)?"
        ),
        _resolve_weekday,
        _is_weekday,
    ),
    Form("weekday", r"(?P<weekday><WEEKDAY>),? (?P<count><COUNT>) weeks? ago", _resolve_weeks_ago),
    Form(
        "weekday",
        (
            r"(?P<mod>(?:early|late|earlier|later|overnight)(?: on| into| in)? )?(?P<weekday><WEEKDAY>)"
            r"(?: <PARTOFDAY>)?(?: (?:of )?(?P<week>last|this|next|the same|that|the previous|the following) week)?"
        ),
        _resolve_weekday,
        _is_weekday,
    ),
)

# ---------------------------------------------------------------- counted from publication


def _resolve_word(match: Match, context: Context) -> Stretch | None:
    if context.published is None:
        return None
    word = match["word"].lower()
    step = -1 if "yesterday" in word else 1 if "tomorrow" in word else 0
    return day_stretch(context.published + DAY * step * (2 if word.startswith("the") else 1))


def _resolve_night(match: Match, context: Context) -> Stretch | None:
    if context.published is None:
        return None
    word = match[0].lower()
    if word.startswith("overnight"):
        return Stretch(context.published - DAY, context.published, 2)
    return day_stretch(context.published - DAY * word.startswith("last"))


def _is_overnight(_match: Match, context: Context) -> bool:
    return re.match(r"(?i)[ -](?:curfew|success|stay|train|flight|bus|trip|stop)", context.right) is None


def _resolve_unit(match: Match, context: Context) -> Stretch | None:
    found = find_unit(singular(match["unit"]), match["which"].lower(), context)
    return _place_part(found, group_of(match, "part").lower(), context) if found else None


def find_unit(unit: str, which: str, context: Context) -> Stretch | None:
    """The week, weekend, month, year or decade so named, from publication or, pointing back, the narrative."""
    if _points_back(which):
        if context.told is None:
            return None
        base = context.told.start
        return move_unit(base, unit, change_of(which))
    if context.published is None:
        return None
    return move_unit(context.published, unit, change_of(which))


def _points_back(which: str) -> bool:
    return which.startswith(("that", "the same", "the previous", "the following", "the next", "the preceding"))


def move_unit(base: dt.date, unit: str, step: int) -> Stretch:
    """The calendar week, weekend, month, year or decade so many steps from that of `base`."""
    if unit in ("week", "fortnight"):
        # On a Sunday "last week" is the one that has just passed.
        if step < 0 and base.weekday() == 6:
            monday = base + WEEK * step
            return replace(week_stretch(monday), start=monday, end=monday + DAY * 6)
        return week_stretch(base + WEEK * step)
    if unit == "weekend":
        return _shift_weekend(base, step)
    if unit == "month":
        return month_stretch(base.year, base.month + step)
    if unit == "decade":
        first = base.year - base.year % 10 + 10 * step
        return Stretch(dt.date(first, 1, 1), dt.date(first + 9, 12, 31), 4)
    return year_stretch(base.year + step)


def _shift_weekend(base: dt.date, step: int) -> Stretch:
    found = weekend_stretch(base)
    if step < 0 and found.end >= base:
        return weekend_stretch(base - WEEK)
    return weekend_stretch(base + WEEK) if step > 0 else found


def _place_part(found: Stretch, part: str, context: Context) -> Stretch:
    """Narrow "earlier this month" and "later this month" at publication; a period under way ends there."""
    day = context.published
    if day is None or not found.start <= day <= found.end:
        return cut_part(found, part)
    if "end" in part or "close" in part:
        return meet_stretches(cut_part(found, part), day, found.end)
    if part.startswith("later") or (context.tense == "ahead" and not part):
        return meet_stretches(found, day, found.end)
    return meet_stretches(cut_part(found, part), found.start, max(day, found.start))


def _resolve_before_last(match: Match, context: Context) -> Stretch | None:
    return move_unit(context.published, match["unit"].lower(), -2) if context.published else None


def _resolve_ago(match: Match, context: Context) -> Stretch | None:
    if context.published is None:
        return None
    return count_units(context.published, match, -1)


def count_units(base: dt.date, match: Match, sign: int) -> Stretch | None:
    """So many units before or after `base`, as a form counts them; roughly where it gives no number."""
    unit, said = singular(match["unit"]), group_of(match, "count")
    return shift_units(base, unit, sign * count_number(said)) if said else _count_vaguely(base, unit, sign)


def shift_units(base: dt.date, unit: str, number: int) -> Stretch | None:
    """`number` hours, days, weeks, months or years from `base`: a day exactly, anything larger with its play.

    >>> shift_units(dt.date(2021, 9, 13), "week", -2).value
    '2021-W35'
    """
    if unit == "hour":
        far = base + dt.timedelta(hours=number)
        return day_stretch(base) if abs(number) < 6 else days_stretch(min(base, far), max(base, far))
    if unit in ("day", "night"):
        return day_stretch(base + DAY * number)
    if unit == "week":
        middle = base + WEEK * number
        return Stretch(middle - 3 * DAY, middle + 3 * DAY, 2, week_stretch(middle).value)
    if unit == "month":
        return month_stretch(base.year, base.month + number)
    if unit == "year":
        middle = shift_months(base, 12 * number)
        return Stretch(middle - 183 * DAY, middle + 183 * DAY, 4, f"{middle.year:04}")
    if unit == "decade":
        middle = shift_months(base, 120 * number)
        return Stretch(shift_months(middle, -24), shift_months(middle, 24), 4)
    return None


def _count_vaguely(base: dt.date, unit: str, sign: int) -> Stretch | None:
    near, far = {"hour": (0, 1), "day": (2, 7), "week": (7, 31), "month": (31, 365)}.get(unit, (0, 0))
    if not far:
        return None
    start, end = sorted((base + DAY * sign * near, base + DAY * sign * far))
    return Stretch(start, end, {"hour": 2, "day": 2, "week": 3}.get(unit, 4))


def _resolve_recent(match: Match, context: Context) -> Stretch | None:
    length = {"hour": 1, "day": 7, "week": 31, "month": 183}.get(singular(match["unit"]))
    if length is None or context.published is None:
        return None
    return Stretch(context.published - DAY * length, context.published, {1: 2, 7: 2, 31: 3}.get(length, 4))


def _resolve_past(match: Match, context: Context) -> Stretch | None:
    """The window of so many units that ends with publication."""
    if context.published is None or (not group_of(match, "count") and _is_vague(match)):
        return _resolve_recent(match, context)
    return _window_back(context.published, match)


def _is_vague(match: Match) -> bool:
    return bool(group_of(match, "vague")) or match["unit"].lower().endswith("s")


def _window_back(end: dt.date, match: Match) -> Stretch:
    unit, number = singular(match["unit"]), count_number(group_of(match, "count") or "one")
    if unit == "hour":
        start = end - DAY * -(-number // 24)
    elif unit in _DAYS_OF:
        start = end - DAY * number * _DAYS_OF[unit]
    else:
        start = shift_months(end, -number * _MONTHS_OF[unit])
    length = (end - start).days
    return Stretch(start, end, 2 if length <= 7 else 3 if length <= 31 else 4)


def _resolve_duration(match: Match, context: Context) -> Stretch | None:
    return _window_back(context.published, match) if context.published else None


_PERFECT = re.compile(r"(?i)(?:\b(?:has|have)|['’]ve)(?: (?!had)[\w'’-]+){1,9} $")


def _is_lasting(_match: Match, context: Context) -> bool:
    return _PERFECT.search(context.left) is not None


def _resolve_so_far(match: Match, context: Context) -> Stretch | None:
    unit = singular(match["unit"] if match["unit"] else match["unit2"])
    found = move_unit(context.published, unit, 0) if context.published else None
    return meet_stretches(found, found.start, context.published) if found and context.published else None


def _is_no_name(match: Match, context: Context) -> bool:
    """False for "USA TODAY" and "Russia Today"."""
    named = match["word"][0].isupper() and re.search(r"(?:^|[ (])[A-Z][\w.&’']* $", context.left)
    return not named or not context.left.strip() or match["word"].isupper() != context.left.split()[-1].isupper()


_WORDS = (
    Form(
        "relative",
        (
            r"(?:(?:earlier|later|late|early) )?(?P<word>the day before yesterday|the day after tomorrow|today"
            r"|yesterday|tomorrow)(?: <PARTOFDAY>)?"
        ),
        _resolve_word,
        _is_no_name,
    ),
)
_NIGHTS = (
    Form(
        "relative",
        r"(?:early |late )?(?:tonight|overnight|this (?:morning|afternoon|evening)|last (?:night|evening))",
        _resolve_night,
        _is_overnight,
    ),
)
_UNITS = (
    Form("weekday", r"(?P<count><COUNT>) weeks? ago,? (?:on )?(?P<weekday><WEEKDAY>)", _resolve_weeks_ago),
    Form("relative", r"the (?P<unit>week|weekend|month|year) before last", _resolve_before_last),
    Form(
        "period",
        r"(?:so far this (?P<unit>week|month|year)|this (?P<unit2>week|month|year) (?:so far|alone))",
        _resolve_so_far,
        window=True,
    ),
    Form(
        "relative",
        r"(?P<part><PART> )?(?P<which>last|next|this(?: past| coming)?|the(?: past| last| coming)?) (?P<unit>weekend)",
        _resolve_unit,
    ),
    Form(
        "relative",
        r"(?P<part><PART> )?(?P<which>last|this|next|(?:the )?(?:current|coming)) (?P<unit>week|month|year|decade)",
        _resolve_unit,
    ),
    Form("relative", r"(?P<part>earlier|later|late|early) (?P<which>in the) (?P<unit>week|month|year)", _resolve_unit),
    Form(
        "relative",
        r"(?P<part>(?:the )?(?:end|start|beginning|middle) of) (?P<which>the)"
        r" (?P<unit>week|month|year)",
        _resolve_unit,
    ),
    Form(
        "relative",
        (
            r"<ABOUT>?(?:(?:(?P<count><COUNT>)|(?P<vague><VAGUE>)) )?(?P<unit><UNIT>|nights?)(?: or (?:so|two|more))?"
            r" ago"
        ),
        _resolve_ago,
    ),
    Form("relative", r"(?P<vague>recent) (?P<unit>hours|days|weeks|months|years)", _resolve_recent),
    Form(
        "period",
        r"(?:the |these )?(?:past|last) (?:<ABOUT>?(?P<count><NUMBER>)|(?P<vague><VAGUE>|few|couple of))"
        r"[\s-](?P<unit><UNIT>)",
        _resolve_past,
        window=True,
    ),
    Form("period", r"(?:the |this )(?:past|last) (?P<unit>week|month|year|decade)", _resolve_past, window=True),
    Form(
        "period",
        r"for (?:the )?<ABOUT>?(?P<count><COUNT>) (?P<unit>days?|weeks?|months?|years?)",
        _resolve_duration,
        _is_lasting,
        True,
    ),
)

RELATIVE_FORMS: dict[str, tuple[Form, ...]] = {
    "weekday": _WEEKDAYS,
    "word": (*_WORDS, *_WEEKDAYS, *_NIGHTS),
    "unit": (*_NIGHTS, *_UNITS),
}
