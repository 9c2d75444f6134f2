"""Coded values in words for a reader: what is not known is said to be unknown, and who says a thing is named."""

from __future__ import annotations

import datetime as dt

from conflictdesk.records import Attribution, Claim, Dates, Estimate, Place

NOT_SAID = "not said"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE_PRECISION = {1: "to the day", 2: "within a week", 3: "within a month", 4: "coarser than a month"}
_PLACE_PRECISION = {
    1: "a named town or a site in it",
    2: "near a place or a small area",
    3: "a province or large region",
    4: "the country alone",
}


def say_day(day: dt.date | None) -> str:
    """A day in words.

    >>> say_day(dt.date(2023, 5, 8)), say_day(None)
    ('8 May 2023', 'not said')
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else NOT_SAID


def say_dates(dates: Dates | None) -> str:
    """An interval in words.

    >>> say_dates(Dates(start=dt.date(2023, 5, 1), end=dt.date(2023, 5, 7), precision=2))
    '1–7 May 2023'
    """
    if dates is None:
        return NOT_SAID
    start, end = dates.start, dates.end
    if start == end:
        return say_day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{say_day(end)}"
    if start.year == end.year:
        return f"{start.day} {_MONTHS[start.month - 1]} – {say_day(end)}"
    return f"{say_day(start)} – {say_day(end)}"


def say_date_precision(dates: Dates | None) -> str:
    """How sure the date is."""
    return _DATE_PRECISION[dates.precision] if dates else ""


def say_people(number: Estimate | None) -> str:
    """A number of people: low, best and high, or fewer where they agree.

    >>> [say_people(n) for n in (Estimate.exactly(0), Estimate(low=12, best=12, high=None), None)]
    ['0', 'at least 12', 'not said']
    >>> say_people(Estimate(low=30, best=30, high=40))
    '30–30–40'
    """
    if number is None:
        return NOT_SAID
    if number.high is None:
        return f"at least {number.low}" + (f", best {number.best}" if number.best != number.low else "")
    return str(number.best) if number.low == number.high else f"{number.low}–{number.best}–{number.high}"


def say_place(place: Place | None) -> str:
    """A place with its country, or what is known of it."""
    if place is None:
        return NOT_SAID
    return ", ".join(dict.fromkeys(part for part in (place.name, place.country) if part)) or NOT_SAID


def say_place_precision(place: Place | None) -> str:
    """How sure the place is, and the province it lies in."""
    if place is None:
        return ""
    area = [part for part in (place.admin2, place.admin1) if part and part != place.name]
    return "; ".join([_PLACE_PRECISION.get(place.precision, "the country alone"), *area])


_DOUBTFUL = 0.6


def say_doubt(probability: float | None, *, told: bool = True) -> str:
    """A low probability of a value in words, "" where it is 0.6 or more or not known; `told` is False for no value.

    >>> say_doubt(0.31), say_doubt(0.5), say_doubt(0.9)
    ('more likely wrong than right', 'about as likely wrong as right', '')
    >>> say_doubt(0.5, told=False)
    'one may have been missed'
    """
    if probability is None or probability >= _DOUBTFUL:
        return ""
    if not told:
        return "one may have been missed"
    return "more likely wrong than right" if probability < 1 - _DOUBTFUL else "about as likely wrong as right"


def say_attribution(said: Attribution, source: str | None) -> str:
    """Who says who did it, always as somebody's report and never as our finding.

    >>> accused = Attribution(actor="Ruritania", by="mayor", basis="accused", evidence=())
    >>> say_attribution(accused, "River Post")
    'Accused: Ruritania, by mayor, as reported by River Post'
    """
    actor, by = said.actor or "nobody named", f", says {said.by}" if said.by else ""
    words = {
        "claimed": f"Claimed by {actor}{by}",
        "accused": f"Accused: {actor}, by {said.by or 'a party not named'}",
        "reported": f"Named: {actor}{by}",
        "unclaimed": f"Not claimed by {said.actor or 'anyone'}{by}",
    }
    return f"{words[said.basis]}, as reported by {source or 'a source not named'}"


def say_value(claim: Claim) -> str:
    """A claim's figure with its measure.

    >>> say_number(9312.0), say_number(1.5)
    ('9,312', '1.5')
    """
    how = "" if claim.value_is == "exact" else f"{claim.value_is} "
    measure = {"deaths": "killed", "events": "incidents", "other": ""}.get(claim.measure, claim.measure)
    return f"{how}{say_number(claim.value)} {measure}".strip()


def say_number(value: float) -> str:
    """A figure with thousands apart, whole where it is whole."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,}"


def say_window(claim: Claim) -> str:
    """The time that a claim speaks of."""
    if claim.from_day and claim.to_day:
        return f"{say_day(claim.from_day)} – {say_day(claim.to_day)}"
    if claim.from_day:
        return f"since {say_day(claim.from_day)}"
    return f"until {say_day(claim.to_day)}" if claim.to_day else NOT_SAID
