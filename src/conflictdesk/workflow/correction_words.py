"""Whether a value's words stand in the quotes that a field rests on: only then may a corrected value keep them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from conflictdesk.codebook.actors import ActorRegister
from conflictdesk.codebook.countries import fold_name
from conflictdesk.coding.numbers import Quantity, find_quantities
from conflictdesk.decisions import Blame, Value
from conflictdesk.records import Actor, Dates, Estimate, Place


def has_words(value: Value, quotes: Sequence[str], actors: ActorRegister) -> bool:
    """True when the quotes say the value: its number, its name or another name of it, its day.

    >>> from conflictdesk.codebook.actors import load_actors
    >>> has_words(Estimate.exactly(4), ["four soldiers"], load_actors())
    True
    >>> has_words(Estimate.exactly(5), ["four soldiers"], load_actors())
    False
    """
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return _holds(quotes, value)
    if isinstance(value, Estimate):
        return _say_number(value, quotes)
    if isinstance(value, Dates):
        return _say_days(value, quotes)
    if isinstance(value, Place):
        return _holds(quotes, value.name)
    if isinstance(value, Actor):
        return _name_actor(value.name, quotes, actors)
    named = [name for name in (value.actor, value.by) if name] if isinstance(value, Blame) else []
    return bool(named) and all(_name_actor(name, quotes, actors) for name in named)


def _holds(quotes: Sequence[str], words: str) -> bool:
    wanted = fold_name(words)
    found = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return bool(wanted) and any(found.search(fold_name(quote)) for quote in quotes)


def _name_actor(name: str, quotes: Sequence[str], actors: ActorRegister) -> bool:
    entry = actors.by_name(name)
    names = {name, re.sub(r"\s*\(.*?\)", "", name), *(entry.names if entry else ())}
    return any(_holds(quotes, form) for form in names if form)


def _say_number(value: Estimate, quotes: Sequence[str]) -> bool:
    found = [each.quantity for quote in quotes for each in find_quantities(_cut_words(quote))]
    wanted = {value.low, value.best, *([value.high] if value.high is not None else [])}
    figures = {figure for quantity in found for figure in (quantity.low, quantity.best, quantity.high)}
    return wanted <= figures and (value.high is not None or any(_is_open(quantity) for quantity in found))


def _cut_words(quote: str) -> list[str]:
    return re.findall(r"\d[\d,.]*\d(?!\w)|\w+|[^\w\s]", quote)


def _is_open(quantity: Quantity) -> bool:
    return quantity.high is None


def _say_days(value: Dates, quotes: Sequence[str]) -> bool:
    """A day by its weekday, or by its number and month; more days by the month that they lie in."""
    if value.start != value.end:
        return _holds(quotes, f"{value.start:%B}") and _holds(quotes, f"{value.end:%B}")
    return _holds(quotes, f"{value.start:%A}") or any(_names_day(value.start, quote) for quote in quotes)


def _names_day(day: dt.date, quote: str) -> bool:
    month = _holds([quote], f"{day:%B}") or bool(re.search(rf"\b{day:%b}\b\.?", quote, re.IGNORECASE))
    number = re.search(rf"(?<!\d){day.day}(?:st|nd|rd|th)?(?!\d)", quote)
    return day.isoformat() in quote or (month and number is not None)
