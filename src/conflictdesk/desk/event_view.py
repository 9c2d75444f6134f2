"""One event as its page shows it: values in groups, quotes under their field, versions with what they changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from conflictdesk.analyse.listing import EventSheet, Quote, Version
from conflictdesk.datasets.schema import COLUMN_NOTES
from conflictdesk.desk.chips import DATE_PRECISION, PLACE_PRECISION
from conflictdesk.publish.wording import say_day

_GROUPS: Final = (
    ("What", ("event_type", "sub_event_type", "original_type", "disorder_type", "civilian_targeting", "aggregate")),
    ("When", ("date_start", "date_end", "date_precision", "first_reported", "last_reported")),
    (
        "Who",
        ("actor1", "actor1_kind", "actor2", "actor2_kind", "associated", "perpetrator", "attributed_to"),
    ),
    (
        "Where",
        (
            *("location", "admin2", "admin1", "country", "iso3", "latitude", "longitude"),
            *("place_precision", "place_radius_km"),
        ),
    ),
    (
        "Deaths",
        (
            *("deaths_best", "deaths_low", "deaths_high", "deaths_imputed", "deaths_actor1", "deaths_actor2"),
            *("deaths_civilians", "deaths_unknown"),
        ),
    ),
    ("Injured", ("injured_best", "injured_low", "injured_high")),
    ("Sources", ("sources", "n_sources", "headline", "notes")),
    ("This row", ("event_id", "origin", "source_id", "version", "import_id", "row", "status", "flags")),
)
_TITLES: Final = {
    "event_type": "Type",
    "sub_event_type": "Sub-type",
    "original_type": "Type in the source",
    "disorder_type": "Kind of disorder",
    "civilian_targeting": "Civilians the main target",
    "aggregate": "Sums several incidents",
    "date_start": "First day",
    "date_end": "Last day",
    "date_precision": "Known",
    "actor1": "Actor 1",
    "actor1_kind": "Kind of actor 1",
    "actor2": "Actor 2",
    "actor2_kind": "Kind of actor 2",
    "associated": "Also involved",
    "attributed_to": "Attributed by a source to",
    "admin1": "Province",
    "admin2": "District",
    "iso3": "Country code",
    "place_precision": "Known",
    "place_radius_km": "Reaches up to, km",
    "deaths_best": "Best figure",
    "deaths_low": "Low",
    "deaths_high": "High",
    "deaths_imputed": "Number by the rule",
    "deaths_actor1": "Of actor 1",
    "deaths_actor2": "Of actor 2",
    "deaths_civilians": "Civilians",
    "deaths_unknown": "Side not known",
    "injured_best": "Best figure",
    "injured_low": "Low",
    "injured_high": "High",
    "n_sources": "Number of sources",
    "event_id": "Event",
    "source_id": "Number in the source",
    "version": "Version of the source",
    "import_id": "Import",
    "row": "Row of the file",
}
_QUOTED: Final = ("event_type", "date", "place", "actor1", "actor2", "deaths", "injured", "attribution")
_HIGH: Final = ("deaths_high", "injured_high")


@dataclass(frozen=True, slots=True)
class Value:
    """A column of the event in words; `told` is False where nothing is known, `note` says what the column means."""

    name: str
    title: str
    text: str
    told: bool
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one heading; `told` is False where none of them is known."""

    title: str
    values: tuple[Value, ...]

    @property
    def told(self) -> bool:
        """Whether anything here is known."""
        return any(value.told for value in self.values)


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote in the sentences around it: what stands before it, the quote, what stands after."""

    before: str
    quote: str
    after: str
    source: str | None
    title: str | None
    published_on: dt.date | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version said otherwise: column, this version's value, the value that counts now."""

    title: str
    old: str
    new: str


def title_of(column: str) -> str:
    """A column as a reader is told of it."""
    return _TITLES.get(column, column.replace("_", " ").capitalize())


def group_values(sheet: EventSheet) -> tuple[Group, ...]:
    """All columns of the event under their headings."""
    held = dict(sheet.values)
    return tuple(
        Group(title, tuple(_make_value(name, held.get(name), held) for name in names)) for title, names in _GROUPS
    )


def _make_value(name: str, value: object, held: dict[str, object]) -> Value:
    told = value is not None and value != "" and value != []
    text = say_value(name, value) if told else "not told"
    if name in _HIGH and not told and held.get(name.replace("high", "best")) is not None:
        text, told = "open: the figure is “at least”", True
    return Value(name, title_of(name), text, told, COLUMN_NOTES[name])


def say_value(name: str, value: object) -> str:
    """A value of a column in words.

    >>> say_value("place_precision", 3), say_value("civilian_targeting", True), say_value("sources", ["A", "B"])
    ('a province or large region', 'yes', 'A; B')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return say_day(value)
    if name == "place_precision" and isinstance(value, int):
        return PLACE_PRECISION.get(value, str(value))
    if name == "date_precision" and isinstance(value, int):
        return DATE_PRECISION.get(value, str(value))
    if isinstance(value, (list, tuple)):
        words = (str(part) for part in value)
        return "; ".join(word.replace("_", " ") for word in words) if name == "flags" else "; ".join(words)
    return f"{value:,}" if isinstance(value, int) and name.startswith(("deaths", "injured")) else str(value)


def group_passages(quotes: Sequence[Quote]) -> tuple[tuple[str, tuple[Passage, ...]], ...]:
    """The quotes under the field that rests on them."""
    rank = {name: number for number, name in enumerate(_QUOTED)}
    ordered = sorted(quotes, key=lambda quote: (rank.get(quote.field, len(rank)), quote.field))
    return tuple(
        (title_of(field), tuple(_place_quote(quote) for quote in held))
        for field, held in groupby(ordered, key=lambda quote: quote.field)
    )


def _place_quote(quote: Quote) -> Passage:
    context, start = quote.context or "", quote.start_in_context
    before, after = "", ""
    if start is not None and start >= 0 and context[start : start + len(quote.quote)] == quote.quote:
        before, after = context[:start], context[start + len(quote.quote) :]
    return Passage(before, quote.quote, after, quote.source, quote.article_title, quote.published_on, quote.url)


def find_differences(version: Version, sheet: EventSheet) -> tuple[Difference, ...]:
    """What an earlier version of the event said otherwise, where it came from aside."""
    now = {name: _as_text(value) for name, value in sheet.values}
    aside = ("import_id", "row", "version")
    return tuple(
        Difference(title_of(name), old or "not told", now.get(name) or "not told")
        for name, old in version.values
        if name not in aside and (old or None) != (now.get(name) or None)
    )


def _as_text(value: object) -> str | None:
    """A value as DuckDB casts it to text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
