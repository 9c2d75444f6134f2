"""Forms of the question pages: what a person wrote, field by field, and the question that it makes.

A form is read from the query of its address. A wrong value stays in the form as it was written, its fault beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Generic, Literal, TypeVar

from conflictdesk.analyse.counts import DIMENSIONS
from conflictdesk.analyse.windows import read_length
from conflictdesk.datasets.filters import KEYS, read_day, read_filter
from conflictdesk.errors import ConfigError
from conflictdesk.publish.charts import MEASURE_TITLES, Measure
from conflictdesk.questions import (
    ChronicleQuestion,
    ClaimFigure,
    ClaimReading,
    CompareQuestion,
    CountQuestion,
    Dimension,
    Filter,
)

Q = TypeVar("Q")
R = TypeVar("R")
Pairs = Sequence[tuple[str, str]]

MOST_ROWS: Final = 200
LONGEST_SENTENCE: Final = 2000
WINDOWS: Final = ("1month", "3months", "6months", "1year", "2years", "26weeks", "182days")
MEASURES: Final[tuple[Measure, ...]] = tuple(MEASURE_TITLES)
ClaimMeasure = Literal["deaths", "events", "injured"]
CLAIM_MEASURES: Final[tuple[ClaimMeasure, ...]] = ("deaths", "events", "injured")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[Q]):
    """A form as it was sent: `told` key -> values as written, `faults` key -> what is wrong, and the question if whole.

    `sent` is false where the page was opened without a question.
    """

    question: Q | None
    told: Mapping[str, tuple[str, ...]]
    faults: Mapping[str, str]
    sent: bool
    pairs: tuple[tuple[str, str], ...] = ()

    def value(self, key: str, otherwise: str = "") -> str:
        """What was written in a field."""
        held = self.told.get(key, ())
        return held[0] if held else otherwise

    def values(self, key: str) -> tuple[str, ...]:
        """All that was written under a key."""
        return self.told.get(key, ())

    def hidden(self, shown: Iterable[str]) -> list[tuple[str, str]]:
        """The pairs that the form has no field for: they travel on unseen, and chips tell them."""
        kept = set(shown)
        return [(key, value) for key, value in self.pairs if key not in kept and value.strip()]


@dataclass(slots=True)
class _Desk:
    """Reads the fields of one form and gathers their faults."""

    told: dict[str, list[str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def one(self, key: str) -> str:
        held = [value.strip() for value in self.told.get(key, ()) if value.strip()]
        return held[0] if held else ""

    def read(self, key: str, reader: Callable[[str], R], otherwise: R) -> R:
        """Read one field; the fault is kept and `otherwise` stands in."""
        text = self.one(key)
        if not text:
            return otherwise
        try:
            return reader(text)
        except (ValueError, ConfigError) as error:
            self.faults[key] = _sentence(str(error))
            return otherwise

    def need(self, key: str, why: str) -> None:
        if not self.one(key) and key not in self.faults:
            self.faults[key] = why

    def read_filter(self, own: Iterable[str]) -> Filter:
        """Read the filter key by key, so that each fault stands beside its field."""
        read = Filter()
        for key, values in self.told.items():
            if key in own:
                continue
            try:
                part = read_filter([(key, value) for value in values])
                name = KEYS.get(key, "")
                if name:
                    read = replace(read, **{name: getattr(part, name)})
            except ConfigError as error:
                self.faults[key] = _sentence(str(error).removeprefix(f"{key}: "))
        if read.from_day and read.to_day and read.from_day >= read.to_day:
            self.faults["to"] = "This day must come after the first day: the end is not counted in."
        return read

    def finish(self, pairs: Pairs, question: Q) -> Form[Q]:
        told = {key: tuple(values) for key, values in self.told.items()}
        sent = any(value.strip() for _, value in pairs)
        whole = question if sent and not self.faults else None
        faults = dict(self.faults) if sent else {}
        return Form(question=whole, told=told, faults=faults, sent=sent, pairs=tuple(pairs))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def _open(pairs: Pairs) -> _Desk:
    desk = _Desk()
    for key, value in pairs:
        desk.told.setdefault(key, []).append(value)
    return desk


COUNT_KEYS: Final = ("by", "measure", "limit")


def read_count(pairs: Pairs) -> Form[CountQuestion]:
    """Read the form of a count; without any key it asks for the years.

    >>> read_count([("by", "year")]).question == CountQuestion(by=("year",), limit=MOST_ROWS)
    True
    >>> read_count([("by", "colour")]).faults["by"]
    "Cannot count by 'colour'; choose one of the list."
    """
    desk = _open(pairs or [("by", "year")])
    by: list[Dimension] = []
    for text in dict.fromkeys(value.strip() for value in desk.told.get("by", ()) if value.strip()):
        if text in DIMENSIONS:
            by.append(text)
        else:
            desk.faults["by"] = f"Cannot count by {text[:40]!r}; choose one of the list."
    if len(by) > 3:
        desk.faults["by"] = "Count by three things at most."
    read_measure_of(desk)
    limit = desk.read("limit", _read_limit, MOST_ROWS)
    wanted = desk.read_filter(COUNT_KEYS)
    return desk.finish(pairs or [("by", "year")], CountQuestion(by=tuple(by) or ("year",), filter=wanted, limit=limit))


def read_measure_of(desk: _Desk) -> Measure:
    """Read which sums the chart shows."""

    def read(text: str) -> Measure:
        if text not in MEASURES:
            raise ValueError(f"there is no sum {text[:40]!r}; know {', '.join(MEASURES)}")
        return text

    return desk.read("measure", read, "events")


def choose_measure(form: Form[Q]) -> Measure:
    """The sums that a chart shows; events where nothing else is asked."""
    text = form.value("measure")
    return next((measure for measure in MEASURES if measure == text), "events")


def _read_limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 5000 and len(text) <= 4):
        raise ValueError("the number of rows is from 1 to 5000")
    return int(text)


COMPARE_KEYS: Final = ("actor", "split", "window", "measure")


def read_compare(pairs: Pairs) -> Form[CompareQuestion]:
    """Read the form of a comparison: actors, the split day, the window, and a filter besides.

    >>> read_compare([("actor", "Red Band"), ("split", "2031-03-01"), ("window", "6months")]).question.window
    '6months'
    >>> sorted(read_compare([("split", "yesterday")]).faults)
    ['actor', 'split']
    """
    desk = _open(pairs)
    actors = tuple(dict.fromkeys(v.strip() for v in desk.told.get("actor", ()) if v.strip()))
    desk.need("actor", "Name the actor, as the dataset writes it.")
    if any(len(actor) > 500 for actor in actors) or len(actors) > 50:
        desk.faults["actor"] = "At most 50 names of at most 500 letters."
    split = desk.read("split", read_day, dt.date(2000, 1, 1))
    desk.need("split", "Give the day that parts before from after, as 2014-06-10.")
    window = desk.read("window", lambda text: read_length(text).tell(), "6months")
    read_measure_of(desk)
    wanted = desk.read_filter(COMPARE_KEYS)
    return desk.finish(pairs, CompareQuestion(actor=actors, split=split, window=window, filter=wanted))


CHRONICLE_KEYS: Final = ("place", "km", "from", "to")


def read_chronicle(pairs: Pairs) -> Form[ChronicleQuestion]:
    """Read the form of a chronicle: a place, how far around it, and the days.

    >>> read_chronicle([("place", "Erbil"), ("km", "10")]).question.km
    10.0
    """
    desk = _open(pairs)
    desk.need("place", "Name a place, or write a point as latitude, longitude.")
    place = desk.one("place")
    if len(place) > 200:
        desk.faults["place"] = "At most 200 letters."
    km = desk.read("km", _read_km, 10.0)
    first = desk.read("from", _read_day_or_none, None)
    last = desk.read("to", _read_day_or_none, None)
    if first and last and first >= last:
        desk.faults["to"] = "This day must come after the first day: the end is not counted in."
    wanted = desk.read_filter(CHRONICLE_KEYS)
    return desk.finish(pairs, ChronicleQuestion(place=place, km=km, from_day=first, to_day=last, filter=wanted))


def _read_day_or_none(text: str) -> dt.date | None:
    return read_day(text)


def _read_km(text: str) -> float:
    try:
        km = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a number of kilometres") from None
    if not 0 < km <= 500:
        raise ValueError("the distance is more than 0 and at most 500 km")
    return km


CHECK_KEYS: Final = (
    *("sentence", "claim", "yes", "actor", "measure", "split", "window", "from", "to"),
    *("country", "civilians", "change", "figure", "side", "value_is"),
)
_SIDES: Final = ("before", "after", "whole")
_KINDS: Final = ("exact", "at least", "at most", "about")


def correct_reading(reading: ClaimReading, pairs: Pairs) -> Form[ClaimReading]:
    """Take a person's corrections into the reading of a sentence; a key that is not there changes nothing.

    Figures come as `figure`, `side` and `value_is`, as often as there are figures, in the order of the sentence;
    a figure left empty is taken out.
    """
    desk = _open(pairs)
    sent = {key for key, _ in pairs}
    fixed = reading
    if "actor" in sent:
        fixed = replace(fixed, actor=tuple(dict.fromkeys(v.strip() for v in desk.told["actor"] if v.strip())))
    if "measure" in sent:
        fixed = replace(fixed, measure=desk.read("measure", _read_claim_measure, None))
    if "split" in sent:
        fixed = replace(fixed, split=desk.read("split", _read_day_or_none, None))
    if "window" in sent:
        fixed = replace(fixed, window=desk.read("window", _read_window_or_none, None))
    if "from" in sent or "to" in sent:
        fixed = replace(fixed, from_day=desk.read("from", _read_day_or_none, None))
        fixed = replace(fixed, to_day=desk.read("to", _read_day_or_none, None))
    if "country" in sent:
        fixed = replace(fixed, country=tuple(dict.fromkeys(v.strip() for v in desk.told["country"] if v.strip())))
    if "civilians" in sent:
        fixed = replace(fixed, civilians=desk.one("civilians") == "yes")
    if "figure" in sent:
        fixed = replace(fixed, figures=_read_figures(desk, reading.figures))
    return desk.finish(pairs, fixed)


def _read_window_or_none(text: str) -> str | None:
    return read_length(text).tell()


def _read_claim_measure(text: str) -> ClaimMeasure | None:
    measure = next((name for name in CLAIM_MEASURES if name == text), None)
    if measure is None:
        raise ValueError("choose deaths, events or injured")
    return measure


def _read_figures(desk: _Desk, read: Sequence[ClaimFigure]) -> tuple[ClaimFigure, ...]:
    sides, kinds = desk.told.get("side", []), desk.told.get("value_is", [])
    figures = []
    for number, text in enumerate(desk.told["figure"][:20]):
        said = text.strip().replace(",", "").replace(" ", "")
        if not said:
            continue
        side = next((s for s in _SIDES if sides[number : number + 1] == [s]), None)
        kind = next((k for k in _KINDS if kinds[number : number + 1] == [k]), "exact")
        try:
            value = float(said)
        except ValueError:
            desk.faults["figure"] = f"{text[:40]!r} is not a number."
            continue
        if not 0 <= value < 1e12:
            desk.faults["figure"] = "A figure is 0 or more."
            continue
        old = read[number] if number < len(read) else None
        figures.append(_make_figure(value, side or (old.side if old else "whole"), kind, old))
    return tuple(figures)


def _make_figure(value: float, side: str, kind: str, old: ClaimFigure | None) -> ClaimFigure:
    return ClaimFigure(
        value=value,
        side=next(s for s in _SIDES if s == side),
        value_is=next(k for k in _KINDS if k == kind),
        quote=old.quote if old else "",
        start=old.start if old else 0,
        end=old.end if old else 0,
    )
