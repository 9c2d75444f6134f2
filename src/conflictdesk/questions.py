"""What is asked of a dataset and what is answered: frozen records, no input or output.

Days are half-open: an interval holds its `from_day` and not its `to_day`. An event belongs to the window that holds
its `date_start`. Unknown is `None`, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Meaning = Literal["involving", "perpetrated", "attributed"]
MEANINGS: tuple[Meaning, ...] = ("involving", "perpetrated", "attributed")

Dimension = Literal[
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "country",
    "admin1",
    "admin2",
    "location",
    "event_type",
    "sub_event_type",
    "original_type",
    "disorder_type",
    "actor",
    "source",
    "origin",
    "status",
    "civilian_targeting",
]
"""What a count goes by. Weeks are ISO weeks, named by their Monday; `actor`, `source` and `disorder_type` overlap: an
event stands in the row of each of its actors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which events are meant: every part must hold, an empty part asks nothing.

    Several values of one field mean any of them. `actor` is read in the sense of `meaning`: a listed party
    ("involving"), the named doer of violence against civilians ("perpetrated"), or the one whom a source blames
    ("attributed"). `from_day`/`to_day` are a half-open window of `date_start`; `crosses` asks for events that start
    before any of these days and end on or after it. `reported_within` keeps events whose first report came at most so
    many days after `date_start`; `imputed` those whose deaths are (or are not) a number put to words. `near` is
    latitude, longitude and km; `box` is west, south, east, north, west greater than east across the antimeridian.
    `without` lists event ids that are left out. `source` keeps events that rest on at least one of these sources,
    `without_source` drops events that rest on these alone. `also` are pairs ("actor", "source" or "disorder_type",
    value) that must each hold besides. `text` is looked for in notes, actors, places and headlines, case and accents
    aside. `missing` asks for events that lack a value: "day", "point", "deaths", "injured", "country", "actor"...
    `import_id` keeps the events that these imports brought.
    """

    from_day: dt.date | None = None
    to_day: dt.date | None = None
    crosses: tuple[dt.date, ...] = ()
    actor: tuple[str, ...] = ()
    meaning: Meaning = "involving"
    country: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()
    admin2: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    event_type: tuple[str, ...] = ()
    sub_event_type: tuple[str, ...] = ()
    original_type: tuple[str, ...] = ()
    disorder_type: tuple[str, ...] = ()
    civilian_targeting: bool | None = None
    source: tuple[str, ...] = ()
    without_source: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    date_precision: tuple[int, ...] = ()
    place_precision: tuple[int, ...] = ()
    sources_at_least: int | None = None
    sources_at_most: int | None = None
    reported_within: int | None = None
    deaths_at_least: int | None = None
    deaths_at_most: int | None = None
    imputed: bool | None = None
    aggregate: bool | None = None
    flag: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    near: tuple[float, float, float] | None = None
    box: tuple[float, float, float, float] | None = None
    text: str | None = None
    event_id: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    import_id: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A sum of people over events: `low`, `best`, `high` of the events that give a figure.

    `unknown` counts the events without a figure, which add nothing; `open` those whose high is "at least", which
    enter `high` with their best.
    """

    low: int
    best: int
    high: int
    unknown: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a set of events adds up to. `civilian_targeting` counts the events that target civilians."""

    events: int
    deaths: People
    injured: People
    civilian_targeting: int
    deadly: int
    """Events with at least one death (best)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """One line of a count: the value of each dimension in the order asked, and the sums.

    `share` is the part of all events counted that this row holds, 0 to 1. `events_filter` finds exactly its events.
    """

    keys: tuple[str, ...]
    tally: Tally
    share: float
    events_filter: Filter


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQuestion:
    """How many, by what, of which events."""

    by: tuple[Dimension, ...]
    filter: Filter = Filter()
    limit: int | None = None
    """Keep this many rows, the largest first; None keeps all in the order of their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAnswer:
    """A table of sums. `not_counted`: why -> events that match the filter but stand in no row."""

    question: CountQuestion
    rows: tuple[CountRow, ...]
    total: Tally
    not_counted: Mapping[str, int]
    cut: int = 0
    """Rows left out by `limit`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareQuestion:
    """Before and after a day: `window` is "6months", "1year", "26weeks" or "182days"; the split day is "after"."""

    actor: tuple[str, ...]
    split: dt.date
    window: str
    filter: Filter = Filter()
    resamples: int = 2000
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A lower and upper end; None where the data set no bound."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """After divided by before, per day of exposure; `value` None where there is nothing before.

    `interval` is the 95 % process interval ("would it happen again so"); `measured` the span from the lowest to the
    highest reading of the figures ("what was reported"); the two answer different questions and are never merged.
    """

    value: float | None
    interval: Interval | None
    measured: Interval | None
    method: str
    """How the process interval was made, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One side of a comparison: a half-open interval, its sums, and the filter that finds exactly its events."""

    from_day: dt.date
    to_day: dt.date
    tally: Tally
    events_filter: Filter

    @property
    def days(self) -> int:
        """The days of exposure."""
        return (self.to_day - self.from_day).days


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningAnswer:
    """The comparison under one meaning of "by this actor"."""

    meaning: Meaning
    before: Window
    after: Window
    events_ratio: Ratio
    deaths_ratio: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """What a careful statistician would add; computed from the data. `kind` is a fixed word, `value` its figure.

    `events_filter` finds the events it speaks of, where it speaks of events.
    """

    kind: str
    text: str
    value: float | None
    events_filter: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    """The same comparison with one choice made otherwise."""

    kind: str
    choice: str
    meaning: Meaning
    before: Window
    after: Window
    events_ratio: Ratio
    deaths_ratio: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBar:
    """One week of the plot: its Monday or its first day in the window, sums, and the sources that reported in it."""

    from_day: dt.date
    to_day: dt.date
    side: Literal["before", "after"]
    tally: Tally
    sources: int
    events_filter: Filter


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A whole before/after answer. `meanings` holds None for a meaning that the data cannot bear; a caveat says why.

    `crossing` counts the events (first meaning that can be told) whose interval crosses an edge of the windows.
    """

    question: CompareQuestion
    meanings: Mapping[Meaning, MeaningAnswer | None]
    crossing: int
    crossing_filter: Filter
    caveats: tuple[Caveat, ...]
    sensitivity: tuple[SensitivityRow, ...]
    weeks: tuple[WeekBar, ...]
    dataset_version: str
    """The hash of the dataset that was asked."""


Verdict = Literal["reproduced", "within tolerance", "depends on the meaning", "not reproduced", "cannot tell"]
VERDICTS: tuple[Verdict, ...] = (
    "reproduced",
    "within tolerance",
    "depends on the meaning",
    "not reproduced",
    "cannot tell",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFigure:
    """A figure that a sentence gives for one window: `start`..`end` are its place in the sentence, in code points."""

    value: float
    value_is: Literal["exact", "at least", "at most", "about"]
    side: Literal["before", "after", "whole"]
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReading:
    """How a sentence is understood, to be confirmed by a person.

    `actor_said` is the actor as the sentence names it, `actor` the dataset's names for it. `unread` lists what could
    not be made out ("no day for the split"), in words; a reading with something unread cannot be checked.
    `change` is the stated change in percent or None; `quotes` field -> words of the sentence that it rests on.
    """

    sentence: str
    actor_said: str | None
    actor: tuple[str, ...]
    measure: Literal["deaths", "events", "injured"] | None
    split: dt.date | None
    window: str | None
    from_day: dt.date | None
    to_day: dt.date | None
    figures: tuple[ClaimFigure, ...]
    change: float | None
    quotes: Mapping[str, str]
    unread: tuple[str, ...]
    said_by: str | None = None
    civilians: bool = False
    """The sentence speaks of civilians alone."""
    country: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()
    event_type: tuple[str, ...] = ()
    sub_event_type: tuple[str, ...] = ()
    disorder_type: tuple[str, ...] = ()
    """The kinds of event that the sentence speaks of; empty asks nothing."""
    change_is: Literal["exact", "at least", "at most", "about"] = "exact"
    windows: Mapping[str, tuple[dt.date, dt.date]] = field(default_factory=lambda: MappingProxyType({}))
    """Side -> half-open window as read; `split` and `window` stand only for two equal windows that meet."""
    spans: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    """Field -> place of its quote in the sentence; a quote without a span stands in the article around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningCheck:
    """What the data give under one meaning beside the claimed figures: side -> (found low, best, high)."""

    meaning: Meaning
    found: Mapping[str, People]
    verdict: Verdict
    why: str
    filters: Mapping[str, Filter] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """The check of a published claim: a verdict by fixed rules, and the comparison that it rests on."""

    reading: ClaimReading
    verdict: Verdict
    why: str
    meanings: tuple[MeaningCheck, ...]
    comparison: Comparison | None
    tolerance: float
    asked_on: dt.date
    dataset_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronicleQuestion:
    """All incidents at one site: `place` as asked, or a point; `km` around it; a half-open window."""

    place: str
    km: float
    from_day: dt.date | None = None
    to_day: dt.date | None = None
    filter: Filter = Filter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One event as a list shows it; `distance_km` from the site asked for, None outside a chronicle.

    `evidence` are quotes of the sources (field, quote, source), or the source line of an imported row.
    """

    event_id: str
    date_start: dt.date | None
    date_end: dt.date | None
    date_precision: int | None
    what: str
    actor1: str | None
    actor2: str | None
    where: str
    place_precision: int | None
    latitude: float | None
    longitude: float | None
    deaths: tuple[int | None, int | None, int | None]
    injured: tuple[int | None, int | None, int | None]
    sources: tuple[str, ...]
    notes: str
    flags: tuple[str, ...]
    distance_km: float | None = None
    evidence: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronicle:
    """The dated list of incidents at a site: `exact` lie there by a precise place, `near` may lie there.

    `elsewhere` counts events whose place is too coarse to say (a province that holds the site, a country).
    """

    question: ChronicleQuestion
    name: str
    latitude: float
    longitude: float
    exact: tuple[Incident, ...]
    near: tuple[Incident, ...]
    undated: int
    elsewhere: int
    elsewhere_filter: Filter
    dataset_version: str
