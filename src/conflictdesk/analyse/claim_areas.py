"""Where a sentence says that it happened: countries of the codebook, and places that the codebook does not know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from conflictdesk.analyse.claim_calendar import MONTH
from conflictdesk.codebook.actors import load_actors
from conflictdesk.codebook.countries import load_countries

_PART: Final = (
    r"(?P<part>(?:(?:north|south|east|west|central|coastal|rural)(?:-?(?:east|west))?(?:ern)?|northern|southern|eastern|western"
    r"|government-held|rebel-held) )?"
)
_AT: Final = (
    r"\b(?:(?i:in|across|throughout|within|inside|over|around|near))(?: all of| much of| the whole of)?(?: the)? "
)
_PLACE: Final = re.compile(
    rf"{_AT}{_PART}"
    r"(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)"
    r"(?: (?:province|governorate|district|city|region|state))?"
)


_TARGET: Final = re.compile(
    r"\b(?:attacks?|strikes?|raids?|bombings|operations) (?:on|against)(?: the)? (?P<name>[A-Z][\w’'-]+)"
)


@dataclass(frozen=True, slots=True)
class AreaReading:
    """The countries named, each with its span; in words, what smaller place could not be read."""

    countries: tuple[str, ...]
    span: tuple[int, int] | None
    unread: str | None


@cache
def _country_names() -> re.Pattern[str]:
    forms = sorted(load_countries().name_forms, key=lambda form: (-len(form), form))
    return re.compile(rf"{_AT}{_PART}(?P<name>{'|'.join(map(re.escape, forms))})(?![\w-])")


_SAW: Final = (
    r"(?= (?:saw|suffered|recorded|registered|witnessed|counted)\b|[’']s (?:death|toll|violence|war|conflict))"
)
_OUTSIDE: Final = re.compile(
    r"(?<!\w)(?:outside(?: of)?|excluding|except(?: for| in)?|apart from|other than|not including|beyond)(?: the)?"
    r" (?P<name>[A-Z][\w’'-]+)"
)


@cache
def _joined_countries() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Countries that follow another ("in Syria and Iraq"), and one that is the subject ("Syria saw")."""
    forms = "|".join(map(re.escape, sorted(load_countries().name_forms, key=lambda form: (-len(form), form))))
    joined = rf"(?:,| and| or|, and|, or)(?: in)?(?: the)? (?P<name>{forms})(?![\w-])"
    return re.compile(joined), re.compile(rf"(?<![\w-])(?P<name>{forms}){_SAW}")


def _find_countries(text: str) -> list[tuple[int, int, str, str]]:
    """Where a country is named as the place: start, end, name, and the word for a part of it ("northern ")."""
    joined, subject = _joined_countries()
    found = []
    for match in _country_names().finditer(text):
        found.append((*match.span("name"), match["name"], match["part"] or ""))
        following = joined.match(text, match.end())
        while following:
            found.append((*following.span("name"), following["name"], ""))
            following = joined.match(text, following.end())
    return found + [(*match.span("name"), match["name"], "") for match in subject.finditer(text)]


def read_area(text: str, blocked: Sequence[tuple[int, int]]) -> AreaReading:
    """The countries in which a sentence says that it happened; `blocked` are spans that name no place."""
    countries: list[str] = []
    span = None
    unread = None
    for start, end, name, part in _find_countries(text):
        country = load_countries().by_name(name)
        if country is None or _overlaps(start, end, blocked):
            continue
        if part:
            unread = f'"{part}{name}" is a part of {country.name}: give its provinces (--admin1)'
        countries.append(country.name)
        span = span or (start, end)
    if outside := _OUTSIDE.search(text):
        unread = f'"{outside.group()}" leaves a place out, which is not read: give --country or --admin1'
    for match in (*_PLACE.finditer(text), *_TARGET.finditer(text)):
        start, end = match.span("name")
        said = match["name"]
        if load_actors().by_name(said) or load_countries().by_demonym(said.split()[0]):
            continue
        if _overlaps(start, end, blocked) or load_countries().by_name(said) or re.fullmatch(MONTH, said.split()[0]):
            continue
        if any(load_countries().by_name(part) for part in (said.split()[0], " ".join(said.split()[:2]))):
            continue
        unread = unread or f'"{said}" is no country of the codebook: give --country or --admin1'
    return AreaReading(tuple(dict.fromkeys(countries)), span, unread)


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < last and first < end for first, last in spans)
