"""The forms of months, seasons and years: "early August", "last summer", "the first half of 2021", "the 1990s"."""

from __future__ import annotations

import datetime as dt
import re

from conflictdesk.coding.calendar_spans import (
    DAY,
    Stretch,
    cut_part,
    days_stretch,
    month_stretch,
    season_stretch,
    shift_months,
    year_stretch,
)
from conflictdesk.coding.calendar_words import count_number, month_number, ordinal_number, spelled_year
from conflictdesk.coding.date_context import Context, Form, Match, change_of, fit_year, group_of

_BEFORE_A_MONTH = re.compile(
    r"(?i)\b(?:in|since|of|by|until|till|from|to|through|during|last|next|this|and|between|before|after|for|into|or|every"
    r"|around|throughout|early|late|mid|end|the|as|back|it|['’]s)[\s-]+$"
)
_AFTER_A_MONTH = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.?,? (?:to|and|through|until|or) $"
)
_FIRMLY_BEFORE_A_MONTH = re.compile(r"(?i)\b(?:in|since|of|until|during|last|next|this|early|late|mid|end)[\s-]+$")
_IS_NUMBERED_NAME = re.compile(r" [0-9]{1,2} [A-Z]")
_IS_PROPER = re.compile(r"[ -](?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[A-Z][a-z]")


def _resolve_month(match: Match, context: Context) -> Stretch | None:
    number = month_number(match["month"])
    which = group_of(match, "which").lower()
    if not which:
        found = fit_year(match, context, lambda year: month_stretch(year, number))
        return cut_part(found, group_of(match, "part")) if found else None
    if context.published is None:
        return None
    return cut_part(_pick_month(number, which, context.published, context.tense == "ahead"), group_of(match, "part"))


def _pick_month(number: int, which: str, day: dt.date, ahead: bool) -> Stretch:
    if "next" in which or "coming" in which:
        return month_stretch(day.year + (number <= day.month), number)
    if which == "this":
        return month_stretch(day.year - (number > day.month and not ahead and number - day.month > 8), number)
    return month_stretch(day.year - (number >= day.month), number)


def _is_month(match: Match, context: Context) -> bool:
    word = match["month"]
    if (
        group_of(match, "year")
        or group_of(match, "spelled")
        or group_of(match, "thatyear")
        or group_of(match, "part").strip()
        or group_of(match, "which")
    ):
        return True
    if not context.left.strip() and word.isupper():
        return False
    before = _BEFORE_A_MONTH.search(context.left)
    if word in ("May", "March", "MAY", "MARCH") or (len(word.rstrip(".")) < 4 and word not in ("June", "July")):
        if re.search(r"(?i)\b(?:the|an?|['’]s) $", context.left):
            return (
                re.match(
                    r" (?!on\b|for\b|of\b|in\b|to\b|by\b|was\b|is\b|against\b|and\b|from\b|that\b)[a-z]", context.right
                )
                is not None
            )
        if _AFTER_A_MONTH.search(context.left):
            return True
        plain = before is not None and not re.search(
            r"(?i)\b(?:the|to|and|it|or|as|for|after|before|this|back)\s+$", context.left
        )
        return plain and not re.match(r" (?:of|by|on|against) ", context.right) and not _IS_PROPER.match(context.right)
    if _IS_NUMBERED_NAME.match(context.right):
        return False
    return not _IS_PROPER.match(context.right) or _FIRMLY_BEFORE_A_MONTH.search(context.left) is not None


def _resolve_season(match: Match, context: Context) -> Stretch | None:
    which = group_of(match, "which").lower()
    if which in ("last", "this", "next"):
        if context.published is None:
            return None
        day = context.published
        seasons = [season_stretch(year, match["season"]) for year in range(day.year - 2, day.year + 3)]
        if which == "next":
            return next(season for season in seasons if season.start > day)
        over = day if which == "this" else day - DAY
        return next(season for season in reversed(seasons) if (season.start if which == "this" else season.end) <= over)
    return fit_year(match, context, lambda year: season_stretch(year, match["season"]))


def _is_season(match: Match, _context: Context) -> bool:
    return bool(
        group_of(match, "year")
        or group_of(match, "thatyear")
        or group_of(match, "which").lower() in ("last", "this", "next")
    )


def _resolve_year(match: Match, _context: Context) -> Stretch:
    return cut_part(year_stretch(int(match["year"])), group_of(match, "part"))


_BEFORE_A_YEAR = re.compile(
    r"(?i)(?:\b(?:in|since|from|until|till|by|of|during|before|after|to|and|through|between|for|the|early|late|mid|fiscal|year"
    r"|into|around|back|or|his|her|its|their|our|throughout|end|post|pre|than|due|as|['’]s|spring|summer|autumn|fall|winter)[\s-]+|\()$"
)
_AFTER_A_COUNT = re.compile(
    r"(?i)[ -](?:(?:\w+ )?(?:people|persons|troops|soldiers|civilians|families|houses|homes|fighters|men|women|children"
    r"|members|tons?|tonnes|acres|hectares|dollars|euros|pounds|rupees|refugees|migrants|prisoners|vehicles|police|officers"
    r"|protesters|demonstrators|students|victims|dead|deaths|others|wounded|injured|barrels|cases|jobs|shares|workers|hours|gmt"
    r"|residents|block|blocks|rounds)\b"
    r"|(?:km|kms|kilomet\w+|met(?:er|re)s?|miles?|feet|ft|kg|mm|lbs|mph|hrs)\b)"
)


def _is_year(match: Match, context: Context) -> bool:
    number, known = int(match["year"]), context.published
    if group_of(match, "part"):
        return True
    if number < 1800 or (known is not None and number > known.year + 60):
        return False
    if _AFTER_A_COUNT.match(context.right) or re.match(r"(?:[,.:][0-9]|[%°/]|-[0-9])", context.right):
        return False
    return _BEFORE_A_YEAR.search(context.left) is not None or context.right[:1] == ")" or not context.left.strip()


def _resolve_years(match: Match, _context: Context) -> Stretch:
    first, last = match["year"], match["year2"]
    return days_stretch(year_stretch(int(first)).start, year_stretch(int(first[: 4 - len(last)] + last)).end)


def _are_years(match: Match, _context: Context) -> bool:
    first, last = match["year"], match["year2"]
    return int(first) < int(first[: 4 - len(last)] + last)


def _resolve_decade(match: Match, _context: Context) -> Stretch:
    first = int(match["year"])
    whole = Stretch(dt.date(first, 1, 1), dt.date(first + 9, 12, 31), 4)
    return cut_part(whole, group_of(match, "part"))


def _resolve_share(match: Match, context: Context) -> Stretch | None:
    """ "the first six months of 2021", "the second half of last year"."""
    whole = _whole_of(match, context)
    if whole is None:
        return None
    last = match["which"].lower() in ("last", "final")
    unit, count = match["size"].lower(), count_number(group_of(match, "count") or "one")
    if unit in ("half", "quarter") and group_of(match, "month"):
        return None if unit == "quarter" else _halve_month(whole, match["which"].lower() != "first")
    if unit in ("half", "quarter"):
        size = 6 if unit == "half" else 3
        number = (12 // size if last else ordinal_number(match["which"]) or 1) - 1
        start = shift_months(whole.start, number * size)
        return Stretch(start, shift_months(start, size) - DAY, 4)
    if unit.startswith("month"):
        start = shift_months(whole.end + DAY, -count) if last else whole.start
        return days_stretch(start, shift_months(start, count) - DAY)
    length = DAY * count * (7 if unit.startswith("week") else 1)
    return (
        days_stretch(whole.end - length + DAY, whole.end)
        if last
        else days_stretch(whole.start, whole.start + length - DAY)
    )


def _halve_month(month: Stretch, second: bool) -> Stretch:
    middle = month.start + DAY * 15
    return days_stretch(middle, month.end) if second else days_stretch(month.start, middle - DAY)


def _whole_of(match: Match, context: Context) -> Stretch | None:
    if month := group_of(match, "month"):
        return fit_year(match, context, lambda year: month_stretch(year, month_number(month)))
    if year := group_of(match, "yearalone"):
        return year_stretch(int(year))
    return year_stretch(context.published.year + change_of(group_of(match, "whole"))) if context.published else None


def _resolve_numbered_part(match: Match, _context: Context) -> Stretch:
    """ "Q3 2020", "H1 2021"."""
    size = 3 if match["letter"].upper() == "Q" else 6
    start = dt.date(int(match["year"]), size * (int(match["number"]) - 1) + 1, 1)
    return Stretch(start, shift_months(start, size) - DAY, 4)


def _is_part(match: Match, _context: Context) -> bool:
    return match["letter"].upper() == "Q" or match["number"] in "12"


def _resolve_spelled(match: Match, _context: Context) -> Stretch:
    return cut_part(year_stretch(spelled_year(match["spelled"])), group_of(match, "part"))


_A_COUNT = re.compile(r"(?i)[ -](?:[a-z]+[ -])?(?:[a-z]{2,}s|people|men|women|children|troops|police)\b")


def _is_spelled_year(_match: Match, context: Context) -> bool:
    return _BEFORE_A_YEAR.search(context.left) is not None and not _A_COUNT.match(context.right)


_NO_COUNT = r"(?!,?[0-9]| (?:people|persons|civilians|soldiers|troops|families|refugees)\b)"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_MONTHS = (
    Form(
        "month",
        (
            rf"(?P<part><PART>[\s-]?)?(?P<month><MONTH>)(?:,? (?:of )?(?P<year><YEAR>){_NO_COUNT}"
            r"|,? (?P<spelled><SPELLED>)|<THATYEAR>)?"
        ),
        _resolve_month,
        _is_month,
    ),
    Form(
        "month",
        r"(?P<part><PART> )?(?P<which>last|next|this(?: past| coming)?|(?:the )?coming) (?P<month><FULLMONTH>)",
        _resolve_month,
    ),
)
_SEASONS = (
    Form(
        "absolute",
        rf"(?:(?P<which>last|this|next|the) )?(?:early |mid-?|late )?{_SEASON}"
        r"(?:(?: of|,)? (?P<year><YEAR>)|<THATYEAR>)?",
        _resolve_season,
        _is_season,
    ),
)
_SHARES = (
    Form(
        "period",
        (
            r"(?:the )?(?P<which>first|second|third|fourth|last|final) (?:(?P<count><NUMBER>) )?"
            r"(?P<size>half|quarter|months?|weeks?|days?)"
            r" of (?:(?P<month><FULLMONTH>)(?:,? (?P<year><YEAR>))?"
            r"|(?P<whole>this|last|next|the) year|(?P<yearalone><YEAR>))"
        ),
        _resolve_share,
        window=True,
    ),
)
_YEARS = (
    Form(
        "period",
        r"(?:from |between )?(?P<year><YEAR>)(?:<DASH>|/)(?P<year2><YEAR>|[0-9]{2})",
        _resolve_years,
        _are_years,
        True,
    ),
    Form("absolute", r"(?:the )?(?P<part>early |mid-?|late )?(?P<year>(?:1[5-9]|20)[0-9]0)['’]?s", _resolve_decade),
    Form("absolute", r"(?P<letter>Q|H)(?P<number>[1-4])(?: of)? (?P<year><YEAR>)", _resolve_numbered_part, _is_part),
    Form("absolute", r"(?P<part><PART>[\s-]?)?(?P<year><YEAR>)", _resolve_year, _is_year),
    Form("absolute", r"(?P<part><PART>[\s-]?)?(?P<spelled><SPELLED>)", _resolve_spelled, _is_spelled_year),
)
MONTH_FORMS: dict[str, tuple[Form, ...]] = {
    "month": (*_SHARES, *_MONTHS),
    "year": (*_SHARES, *_YEARS),
    "season": _SEASONS,
    "unit": _SHARES,
}
