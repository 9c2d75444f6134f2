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
_AT: Final = r"\b(?:in|across|throughout|within|inside|over|around|near)(?: all of| much of| the whole of)?(?: the)? "
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


def read_area(text: str, blocked: Sequence[tuple[int, int]]) -> AreaReading:
    """The countries in which a sentence says that it happened; `blocked` are spans that name no place."""
    countries: list[str] = []
    span = None
    unread = None
    for match in _country_names().finditer(text):
        start, end = match.span("name")
        country = load_countries().by_name(match["name"])
        if country is None or _overlaps(start, end, blocked):
            continue
        if match["part"]:
            unread = f'"{match["part"]}{match["name"]}" is a part of {country.name}: give its provinces (--admin1)'
        countries.append(country.name)
        span = span or (start, end)
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
