"""The forms of dates that count from the narrative before them: "the next day", "two weeks earlier", "that year".

Where nothing before them is resolved they stay unresolved.
"""

from __future__ import annotations

import re

from conflictdesk.coding.calendar_spans import DAY, Stretch, cut_part, day_stretch, days_stretch
from conflictdesk.coding.date_context import Context, Form, Match, change_of, group_of
from conflictdesk.coding.relative_dates import count_units, find_unit, move_unit, singular


def _resolve_that_day(match: Match, context: Context) -> Stretch | None:
    which, unit = match["which"].lower(), match["unit"].lower()
    if unit in ("week", "weekend", "month", "year", "decade"):
        found = find_unit(unit, which, context)
        return cut_part(found, group_of(match, "part").lower()) if found else None
    step = change_of(which)
    base = context.named_day if step < 0 else context.told_day or context.named_day
    return day_stretch(base + DAY * step) if base else None


def _resolve_same_day(_match: Match, context: Context) -> Stretch | None:
    base = context.told_day or context.named_day
    return day_stretch(base) if base else None


def _resolve_offset(match: Match, context: Context) -> Stretch | None:
    sign = 1 if match["way"].lower() in ("later", "after", "afterwards", "afterward", "on") else -1
    unit = singular(match["unit"])
    if unit in ("hour", "day", "night", "week"):
        base = (context.named_day if sign < 0 else None) or context.told_day or context.named_day
    else:
        base = context.told.start if context.told else context.named_day
    if base is None:
        return None
    found = count_units(base, match, sign)
    if found and unit == "hour" and found.precision == 1:
        return days_stretch(min(base, base + DAY * sign), max(base, base + DAY * sign))
    return found


def _ends_clause(match: Match, context: Context) -> bool:
    way = match["way"].lower()
    if way in ("later", "earlier", "afterwards", "afterward", "previously"):
        return not (way == "earlier" and re.match(r" than\b", context.right))
    return not context.right or context.right[0] in ',.;:!?)"”\n'


def _resolve_neighbour(match: Match, context: Context) -> Stretch | None:
    unit, sign = match["unit"].lower(), -1 if match["way"].lower() == "before" else 1
    if unit in ("week", "weekend", "month", "year"):
        return move_unit(context.told.start, unit, sign) if context.told else None
    base = (context.named_day if sign < 0 else None) or context.told_day
    return day_stretch(base + DAY * sign) if base else None


def _resolve_since_then(_match: Match, context: Context) -> Stretch | None:
    if context.told is None or context.published is None or context.told.start > context.published:
        return None
    return days_stretch(context.told.start, context.published)


_SPELL = r"(?P<unit>day|night|morning|afternoon|evening|week|weekend|month|year)"
_ANAPHORIC = (
    Form(
        "anaphoric",
        r"(?P<part><PART> )?(?P<which>the (?:very )?(?:next|following|previous|preceding|same)|that(?: same| very)?) "
        + _SPELL,
        _resolve_that_day,
        lambda _match, context: not context.right.startswith(" or two"),
    ),
    Form(
        "anaphoric",
        r"(?:earlier|later|late|early) (?:in|on) the day|(?:earlier|later) on the same day",
        _resolve_same_day,
    ),
    Form(
        "anaphoric",
        (
            r"<ABOUT>?(?:(?P<count><COUNT>)|(?P<vague><VAGUE>)) (?P<unit>(?:hour|day|night|week|month|year)s?)"
            r" (?P<way>later|earlier|before|after|afterwards?|previously)"
        ),
        _resolve_offset,
        _ends_clause,
    ),
    Form("anaphoric", r"(?P<unit>hours|days|weeks|months) (?P<way>later|earlier)", _resolve_offset, _ends_clause),
    Form(
        "anaphoric",
        r"the (?P<unit>day|night|evening|week|weekend|month|year) (?P<way>before|after)",
        _resolve_neighbour,
        _ends_clause,
    ),
)
_THEN = (Form("period", r"(?:ever )?since then", _resolve_since_then, window=True),)

NARRATIVE_FORMS: dict[str, tuple[Form, ...]] = {"word": _THEN, "unit": _ANAPHORIC}
