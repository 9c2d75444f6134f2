"""The words of the calendar in English newspapers, and the small patterns that the date forms are made of.

In a form a blank stands for white space that holds at most one line break, `<NAME>` for a pattern of `PIECES`;
everything is read without regard to case except the names of months and weekdays.
"""

from __future__ import annotations

import functools
import re

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SMALL = tuple(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()

_SPACE = r"(?:[^\S\n]{1,3}|[^\S\n]{0,3}\n[^\S\n]{0,8})"
_SHORT = "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec".split()
_SHORT_DAYS = "Mon Tues Tue Wed Thurs Thur Thu Fri Sat Sun".split()


def _cased(words: tuple[str, ...] | list[str]) -> str:
    return "|".join([*words, *(word.upper() for word in words)])


_COUNTED = rf"[0-9]{{1,3}}|(?:{'|'.join(TENS)})(?:-(?:{'|'.join(SMALL[:9])}))?|{'|'.join(sorted(SMALL, key=len)[::-1])}"

PIECES = {
    "MONTH": rf"(?-i:{_cased(MONTHS)}|(?:{_cased(_SHORT)})\b\.?)",
    "FULLMONTH": rf"(?-i:{_cased(MONTHS)})",
    "WEEKDAY": rf"(?-i:{_cased(WEEKDAYS)})",
    "ANYDAY": rf"(?-i:(?:{_cased(WEEKDAYS)}|(?:{_cased(_SHORT_DAYS)})\b\.?))",
    "DAY": r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9])",
    "YEAR": r"(?:1[5-9]|20)[0-9][0-9](?![0-9])",
    "SPELLED": (
        rf"(?:(?:eighteen|nineteen|twenty)[\s-](?:(?:{'|'.join(TENS)})(?:[\s-](?:{'|'.join(SMALL[:9])}))?"
        rf"|(?:oh|o)[\s-](?:{'|'.join(SMALL[:9])})|{'|'.join(SMALL[9:])})"
        rf"|two thousand and (?:{'|'.join(sorted(SMALL, key=len)[::-1])}))"
    ),
    "DASH": r"[^\S\n]{0,3}[-–—][^\S\n]{0,3}",
    "COUNT": rf"(?:{_COUNTED}|an?)",
    "NUMBER": rf"(?:{_COUNTED})",
    "UNIT": r"(?:hour|day|week|month|year|decade)s?",
    "VAGUE": r"(?:several|some|many|(?:a|the) (?:few|couple(?: of)?)|few)",
    "ABOUT": r"(?:(?:about|around|almost|nearly|roughly|exactly|just|barely|some|more than|less than|over|under) )",
    "PARTOFDAY": r"(?:(?:early |late |mid-?)?(?:morning|afternoon|evening|night|midnight|noon|dawn|dusk|midday))",
    "PART": (
        r"(?:early(?: in| on)?|late(?: in| on)?|mid-?|earlier(?: in| on)?|later(?: in| on)?"
        r"|(?:the )?(?:very )?(?:end|start|beginning|middle|close) of)"
    ),
    "THATYEAR": r"(?:,? (?:of )?(?P<thatyear>this|last|next|the same|that|the previous|the following) year)",
}

# The kinds of words one of which every date expression holds.
KEYS = {
    "month": "<MONTH>",
    "weekday": "<WEEKDAY>|<ANYDAY>",
    "year": (
        r"(?:1[5-9]|20)[0-9][0-9](?![0-9])|9/11"
        r"|(?:eighteen|nineteen|twenty)[\s-](?:oh?\b|[a-z]+t(?:y|een)\b|ten\b)|two thousand and [a-z]+"
    ),
    "unit": r"<UNIT>|weekend|night|morning|afternoon|evening",
    "word": "today|yesterday|tomorrow|tonight|overnight|then",
    "season": "spring|summer|autumn|fall|winter",
    "name": "Christmas|New Year|Valentine|Halloween|Thanksgiving|Boxing Day",
}


@functools.cache
def compile_keys() -> re.Pattern[str]:
    """The pattern that finds any word of `KEYS`; the name of its group is the kind of word."""
    return re.compile(
        r"(?<![A-Za-z0-9])(?:"
        + "|".join(f"(?P<{name}>{_expand(form)})" for name, form in KEYS.items())
        + r")(?![a-rt-z])",
        re.IGNORECASE,
    )


def _expand(form: str) -> str:
    return re.sub(r"<([A-Z]+)>", lambda name: PIECES[name[1]], form).replace(" ", _SPACE)


@functools.cache
def compile_form(form: str) -> re.Pattern[str]:
    """Turn a form with `<NAME>` pieces and blanks into a pattern.

    >>> bool(compile_form("<DAY> <MONTH>").match("11 September"))
    True
    """
    return re.compile(rf"(?<![\w$€£/])(?:{_expand(form)})(?!\w)", re.IGNORECASE)


def month_number(word: str) -> int:
    """The number of a month by its name or its short form, 1 to 12.

    >>> month_number("Sept."), month_number("MAY")
    (9, 5)
    """
    return next(number for number, name in enumerate(MONTHS, 1) if name[:3].upper() == word[:3].upper())


def weekday_number(word: str) -> int:
    """The number of a weekday by its name or its short form, Monday 0 to Sunday 6.

    >>> weekday_number("Tues.")
    1
    """
    return next(number for number, name in enumerate(WEEKDAYS) if name[:3].upper() == word[:3].upper())


def count_number(word: str) -> int:
    """The number that digits or words write; "a" and "an" are one.

    >>> count_number("twenty-four"), count_number("an"), count_number("10")
    (24, 1, 10)
    """
    word = word.lower()
    if word.isdecimal():
        return int(word)
    if word in ("a", "an"):
        return 1
    tens, _, ones = word.partition("-")
    if tens in TENS:
        return 20 + 10 * TENS.index(tens) + (SMALL.index(ones) + 1 if ones else 0)
    return SMALL.index(word) + 1


def spelled_year(words: str) -> int:
    """The year that words write.

    >>> spelled_year("nineteen ninety-four"), spelled_year("two thousand and four"), spelled_year("nineteen oh five")
    (1994, 2004, 1905)
    """
    said = words.lower().replace("-", " ").split()
    if said[0] == "two":
        return 2000 + SMALL.index(said[-1]) + 1
    first = count_number(said[0]) * 100
    if said[1] in ("oh", "o"):
        return first + count_number(said[2])
    return first + count_number("-".join(said[1:]))


def ordinal_number(word: str) -> int | None:
    """The number of an ordinal such as "third" or "20th", None when it is no such word.

    >>> ordinal_number("third"), ordinal_number("20th")
    (3, 20)
    """
    word = word.lower()
    if word in ORDINALS:
        return ORDINALS.index(word) + 1
    digits = re.match(r"[0-9]{1,3}(?=st|nd|rd|th)", word)
    return int(digits[0]) if digits else None
