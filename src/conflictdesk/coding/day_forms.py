"""The forms of a day: "Sept. 11", "11 September 2021", "10-12 March", "11/9/2021", "Christmas Day"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from conflictdesk.coding.calendar_spans import DAY, Stretch, day_stretch, days_stretch, month_stretch, week_stretch
from conflictdesk.coding.calendar_words import month_number, ordinal_number, weekday_number
from conflictdesk.coding.date_context import Context, Form, Match, change_of, fit_year, group_of

_NEW_YORK = dt.date(2001, 9, 11)
_ATTACKS = re.compile(
    r"(?i),? (?:(?P<terror>terror(?:ist)?|al[- ]qaeda) attacks?|attacks|hijackings|hijackers)\b"
    r"(?P<where> (?:on|in|at|near|against) (?!america\b|the united states|the us\b|the u\.s|new york|the world trade"
    r"|the pentagon|washington))?"
)
_GAZA_BORDER = dt.date(2023, 10, 7)
_HAMAS = re.compile(r"\b(?:Hamas|Israel|Israeli|Israelis|Gaza)\b")
_STRIKE = re.compile(r"(?i)\b(?:attacks?|massacre|assault|raid|war|since|hostages?|incursion)\b")
_ANNIVERSARY = re.compile(r"(?i)(\w+) anniversary of (?:the |a )?$")
_NAMED_AFTER = re.compile(
    r"(?i) ?(?:\d+ )?(?:alliance|movement|youth movement|coalition|bloc|camp|brigades?|martyrs|division|street|square"
    r"|bridge|hospital|university|airport|stadium|district|forces|agreement|accords?|mosque|neighbou?rhood|park"
    r"|barracks)\b"
)


def _resolve_day(match: Match, context: Context) -> Stretch | None:
    month, day = month_number(match["month"]), int(re.sub(r"\D", "", match["day"]))
    last = int(re.sub(r"\D", "", group_of(match, "day2")) or day)
    named = _NAMED_DAYS.get((month, day))
    if named and not _WITH_A_YEAR & {name for name, said in match.groupdict().items() if said} and named[1](context):
        return day_stretch(named[0])

    def build(year: int) -> Stretch:
        if group_of(match, "weekof"):
            return week_stretch(dt.date(year, month, day))
        if last == day:
            return day_stretch(dt.date(year, month, day))
        return days_stretch(dt.date(year, month, day), dt.date(year, month, last))

    found = fit_year(match, context, build)
    if found and not (group_of(match, "year") or group_of(match, "spelled")) and context.published:
        found = _by_anniversary(found, build, context) or _by_weekday(match, found, build)
    return day_stretch(found.start - DAY) if found and group_of(match, "eve") else found


def _is_new_york(context: Context) -> bool:
    """True for "the Sept. 11 attacks", but not for those on some other place shortly after that day of the year."""
    named = _ATTACKS.match(context.right)
    if named is None or named["terror"] or not named["where"] or "anniversary" in context.left.lower():
        return named is not None
    return not _lies_just_back(context, 9, 11)


def _is_gaza_border(context: Context) -> bool:
    """True for "the Oct. 7 attack" of Hamas, not for a fight in that land shortly after that day of the year."""
    words = f"{context.left} \N{MIDDLE DOT} {context.right}"
    if context.published is None or context.published < _GAZA_BORDER or not _HAMAS.search(words):
        return False
    return bool(_STRIKE.search(words)) and ("anniversary" in words.lower() or not _lies_just_back(context, 10, 7))


def _lies_just_back(context: Context, month: int, day: int) -> bool:
    known = context.published
    return known is not None and dt.timedelta(0) <= known - dt.date(known.year, month, day) <= 31 * DAY


_NAMED_DAYS = {(9, 11): (_NEW_YORK, _is_new_york), (10, 7): (_GAZA_BORDER, _is_gaza_border)}
_WITH_A_YEAR = frozenset(("year", "spelled", "thatyear"))


def _by_anniversary(found: Stretch, build: Callable[[int], Stretch], context: Context) -> Stretch | None:
    said = _ANNIVERSARY.search(context.left)
    number = ordinal_number(said[1]) if said else None
    if number is None or context.published is None:
        return None
    kept = found.start.year + (context.published - found.start > 183 * DAY)  # the year in which it is kept
    return build(kept - number)


def _by_weekday(match: Match, found: Stretch, build: Callable[[int], Stretch]) -> Stretch:
    word = group_of(match, "weekday")
    if not word or found.start.weekday() == weekday_number(word):
        return found
    for year in (found.start.year + 1, found.start.year - 1):
        try:
            other = build(year)
        except ValueError:
            continue
        if other.start.weekday() == weekday_number(word):
            return other
    return found


def _is_day(match: Match, context: Context) -> bool:
    return not _NAMED_AFTER.match(context.right) and not re.match(
        r"(?:,[0-9]{3}\b|[.:/][0-9]|%| ?per cent)", context.right
    )


_PEOPLE = (
    r"(?! (?:people|persons|civilians|soldiers|troops|police|men|women|children|others|militants|fighters|rebels"
    r"|protesters|demonstrators|members|officers|villagers|dead|wounded|injured)\b)"
)
_WITH_YEAR = r"(?:(?:,? |-)(?P<year><YEAR>)|,? (?P<spelled><SPELLED>)|<THATYEAR>)?"
_WEEKDAY_BEFORE = r"(?:(?P<weekday><ANYDAY>),? (?:the )?)?"
_NIGHT_OF = r"(?:(?:the )?(?:early |late )?(?:nights?|evening|morning|afternoon|early hours) (?:of|between) )?"
_MORE = r"(?:, ?<DAY>(?! ?<MONTH>)){0,4}"
_OF = r"(?:(?P<weekof>the week of )|(?P<eve>the eve of ))?"
_TO = r"(?:<DASH>|,? (?:and|to|until|till|through|or) (?:the )?)"


def _resolve_numeric(match: Match, context: Context) -> Stretch | None:
    first, second, year = int(match["a"]), int(match["b"]), int(match["year"])
    pairs = {(month, day) for day, month in ((first, second), (second, first)) if month <= 12}
    if match["sep"] == "." and second <= 12:
        pairs = {(second, first)}
    days = [dt.date(year, month, day) for month, day in sorted(pairs)]
    if len(days) > 1 and context.day_first is not None:
        month, day = (second, first) if context.day_first else (first, second)
        days = [dt.date(year, month, day)]
    if len(days) > 1 and context.published:
        days = [day for day in days if -DAY <= context.published - day <= 31 * DAY]
    return day_stretch(days[0]) if len(days) == 1 else None


_NUMERIC_DATE = re.compile(r"(?<![\w./-])([0-3]?[0-9])([/-])([0-3]?[0-9])\2(?:1[5-9]|20)[0-9]{2}(?![\w/-])")


def read_day_habit(text: str) -> bool | None:
    """Whether the numeric dates of a text give the day before the month; None where none shows it or they differ.

    >>> read_day_habit("It sat on 3/4/2020 and 13/4/2020."), read_day_habit("It sat on 3/4/2020.")
    (True, None)
    """
    if "/" not in text and "-" not in text:
        return None
    pairs = ((int(found[1]), int(found[3])) for found in _NUMERIC_DATE.finditer(text))
    shown = {first > 12 for first, second in pairs if (first > 12) != (second > 12)}
    return shown.pop() if len(shown) == 1 else None


def _resolve_day_of_month(match: Match, context: Context) -> Stretch | None:
    if context.published is None:
        return None
    month = month_stretch(context.published.year, context.published.month + change_of(match["which"]))
    return day_stretch(month.start.replace(day=int(re.sub(r"\D", "", match["day"]))))


def _resolve_iso(match: Match, _context: Context) -> Stretch:
    return day_stretch(dt.date(int(match["year"]), int(match["month"]), int(match["day"])))


def _resolve_holiday(match: Match, context: Context) -> Stretch | None:
    name = match["name"].lower()
    if name.startswith("thanksgiving"):
        return fit_year(match, context, lambda year: day_stretch(_fourth_thursday(year)))
    fixed = next((day for word, day in _HOLIDAY_DAYS.items() if name.startswith(word)), None)
    month, day = fixed or ((12, 31) if "eve" in name else (1, 1))
    step = DAY * (fixed == (12, 25) and "eve" in name)
    return fit_year(match, context, lambda year: day_stretch(dt.date(year, month, day) - step))


_HOLIDAY_DAYS = {"christmas": (12, 25), "valentine": (2, 14), "halloween": (10, 31), "boxing": (12, 26)}


def _fourth_thursday(year: int) -> dt.date:
    first = dt.date(year, 11, 1)
    return first + DAY * ((3 - first.weekday()) % 7 + 21)


_NUMERIC = (
    Form(
        "absolute", r"(?P<year><YEAR>)[-/](?P<month>0[1-9]|1[0-2])[-/](?P<day>[0-3][0-9])(?:T[0-9:.]+Z?)?", _resolve_iso
    ),
    Form("absolute", r"(?P<a>[0-3]?[0-9])(?P<sep>[/.-])(?P<b>[0-3]?[0-9])[/.-](?P<year><YEAR>)", _resolve_numeric),
    Form("absolute", r"9/11", lambda _m, _c: day_stretch(_NEW_YORK), lambda _m, c: c.right[:1] != "/"),
)
_DAY_RANGES = (
    Form(
        "absolute",
        rf"(?:(?:from|between) )?{_NIGHT_OF}(?:the )?(?P<day><DAY>){_MORE}{_TO}(?P<day2><DAY>)"
        rf" (?:of )?(?P<month><MONTH>){_WITH_YEAR}",
        _resolve_day,
        _is_day,
    ),
    Form(
        "absolute",
        (
            rf"(?:(?:from|between) )?{_NIGHT_OF}(?P<month><MONTH>) (?P<day><DAY>){_MORE}{_TO}(?P<day2><DAY>)"
            rf"(?![,:.][0-9]|[%/]){_PEOPLE}{_WITH_YEAR}"
        ),
        _resolve_day,
        _is_day,
    ),
)
_DAYS = (
    Form(
        "absolute",
        rf"{_OF}{_NIGHT_OF}{_WEEKDAY_BEFORE}(?:the )?(?P<day><DAY>)(?: (?:of )?|-)"
        rf"(?P<month><MONTH>){_WITH_YEAR}",
        _resolve_day,
        _is_day,
    ),
    Form(
        "absolute",
        rf"{_OF}{_NIGHT_OF}{_WEEKDAY_BEFORE}(?P<month><MONTH>) (?:the )?(?P<day><DAY>){_PEOPLE}{_WITH_YEAR}",
        _resolve_day,
        _is_day,
    ),
)
_HOLIDAYS = (
    Form(
        "absolute",
        (
            r"(?P<name>Christmas(?: Day| Eve)?|New Year['’]s (?:Day|Eve)|Valentine['’]?s['’]? Day|Halloween|Boxing Day"
            r"|Thanksgiving(?: Day)?)(?: <PARTOFDAY>)?(?:,? (?P<year><YEAR>)|<THATYEAR>)?"
        ),
        _resolve_holiday,
    ),
)

_DAYS_OF_THE_MONTH = (
    Form("absolute", r"(?:the )?(?P<day><DAY>) of (?P<which>this|last|next) month", _resolve_day_of_month),
)

DAY_FORMS: dict[str, tuple[Form, ...]] = {
    "month": (*_DAY_RANGES, *_DAYS),
    "weekday": _DAYS,
    "year": _NUMERIC,
    "name": _HOLIDAYS,
    "unit": _DAYS_OF_THE_MONTH,
}
