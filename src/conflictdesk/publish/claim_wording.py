"""Readings of claims, windows and incidents in words: what is not known is said to be unknown, never 0."""

from __future__ import annotations

import datetime as dt
import re

from conflictdesk.publish.wording import NOT_SAID, say_day, say_number
from conflictdesk.questions import Chronicle, ChronicleQuestion, ClaimFigure, ClaimReading, Incident, Meaning

MEANING_TITLES: dict[Meaning, str] = {
    "involving": "Events that involve the actor",
    "perpetrated": "Violence against civilians by the actor",
    "attributed": "Attributed to the actor by a source",
}
SIDE_TITLES = {"before": "before", "after": "after", "whole": "the window"}


def say_reading(reading: ClaimReading) -> list[tuple[str, str, str]]:
    """A reading as lines: the part, what it was read as, and the words that it rests on.

    Unknown parts are said to be unknown.
    """
    quotes = reading.quotes
    actor = ", ".join(reading.actor) or (
        f"{reading.actor_said}: not found" if reading.actor_said else "nobody named: all violence"
    )
    counted = {"deaths": "deaths", "events": "events", "injured": "injured people", None: NOT_SAID}[reading.measure]
    rows = [
        ("Actor", actor, quotes.get("actor", "")),
        ("Counted", f"{counted}{' of civilians' if reading.civilians else ''}", quotes.get("measure", "")),
    ]
    kinds = (*reading.sub_event_type, *reading.event_type, *reading.disorder_type)
    if kinds:
        said = next((quotes[name] for name in ("sub_event_type", "event_type", "disorder_type") if name in quotes), "")
        rows.append(("Kind of events", ", ".join(kinds), said))
    place = ", ".join((*reading.admin1, *reading.country)) or "no country named"
    rows.append(("Where", place, quotes.get("country", "")))
    if reading.split:
        rows.append(
            (
                "Split day",
                f"{say_day(reading.split)}, windows of {say_length(reading.window)}",
                quotes.get("split", ""),
            )
        )
    for side in ("before", "after", "whole"):
        if side in reading.windows:
            rows.append((_name_window(side), say_span(reading.windows[side]), quotes.get(side, "")))
    for figure in reading.figures:
        side = "" if figure.side == "whole" else f" {figure.side}"
        rows.append((f"Figure{side}", say_figure(figure), figure.quote))
    if reading.change is not None:
        bound = "" if reading.change_is == "exact" else f"{reading.change_is} "
        rows.append(("Change", f"{bound}{reading.change:+.3g} %", quotes.get("change", "")))
    if reading.said_by:
        rows.append(("Said by", reading.said_by, quotes.get("said_by", "")))
    if "not checked" in quotes:
        rows.append(("Not checked", "a figure of another kind", quotes["not checked"]))
    return rows


def say_figure(figure: ClaimFigure) -> str:
    """A claimed figure with how sure it is said to be: "at least 1,000".

    >>> say_figure(ClaimFigure(value=4e3, value_is="about", side="whole", quote="4k", start=0, end=2))
    'about 4,000'
    """
    bound = "" if figure.value_is == "exact" else f"{figure.value_is} "
    return f"{bound}{say_number(figure.value)}"


def say_length(window: str | None) -> str:
    """The length of a window in words.

    >>> say_length("6months"), say_length("1year"), say_length(None)
    ('6 months', '1 year', 'not said')
    """
    return re.sub(r"(?<=\d)(?=[a-z])", " ", window or NOT_SAID)


def _name_window(side: str) -> str:
    return {"before": "Window before", "after": "Window after"}.get(side, "Window")


def say_span(span: tuple[dt.date, dt.date]) -> str:
    """A half-open window in words, its last day included.

    >>> say_span((dt.date(2021, 2, 12), dt.date(2021, 8, 12)))
    '12 Feb 2021 to 11 Aug 2021'
    """
    return f"{say_day(span[0])} to {say_day(span[1] - dt.timedelta(days=1))}"


def say_period(question: ChronicleQuestion) -> str:
    """The window of a chronicle in words."""
    if question.from_day and question.to_day:
        return say_span((question.from_day, question.to_day))
    if question.from_day:
        return f"from {say_day(question.from_day)}"
    return f"up to {say_day(question.to_day - dt.timedelta(days=1))}" if question.to_day else "all days"


def say_chronicle(chronicle: Chronicle) -> str:
    """What a chronicle adds up to, in one or two sentences."""
    known = [i.deaths[1] for i in chronicle.exact if i.deaths[1] is not None]
    told = f"{sum(known):,} deaths reported in {len(known)} of them" if known else "no deaths reported with a figure"
    exact = len(chronicle.exact)
    return (
        f"{exact} incident{'' if exact == 1 else 's'} at the site as reported, {told}."
        f" {len(chronicle.near)} more may have happened there."
    )


def say_when(incident: Incident) -> str:
    """The day or days of an incident."""
    start, end = incident.date_start, incident.date_end
    if start is None:
        return "day not said"
    return say_day(start) if end is None or end == start else f"{say_day(start)} – {say_day(end)}"


def say_deaths(deaths: tuple[int | None, int | None, int | None]) -> str:
    """Deaths as low, best and high; unknown is "not said", never 0.

    >>> say_deaths((3, 5, 8)), say_deaths((5, 5, 5)), say_deaths((5, 5, None)), say_deaths((None, None, None))
    ('5 (3 to 8)', '5', 'at least 5', 'not said')
    """
    low, best, high = deaths
    if best is None:
        return NOT_SAID
    if high is None:
        return f"at least {best:,}"
    return f"{best:,}" if low == best == high else f"{best:,} ({low or 0:,} to {high:,})"
