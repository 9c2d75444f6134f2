"""What all charts share: how they look, their axes, their words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.publish.chart_themes import THEMES, Json, Spec, Theme, ThemeName, choose_config
from conflictdesk.questions import Filter, Ratio

Measure = Literal["events", "deaths", "injured", "civilian_targeting"]
Linker = Callable[[Filter], str]
"""Gives the address of the page that lists the events of a filter."""

WIDE: Final = 880
NARROW: Final = 344
SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
LEFT: Final = 58
"""Pixels that the numbers at the left of a plot take."""

_RATIO_WORDS: Final = {
    0.01: "1/100",
    0.02: "1/50",
    0.05: "1/20",
    0.1: "a tenth",
    0.25: "a quarter",
    0.5: "half",
    0.8: "−20 %",
    1.0: "no change",
    1.25: "+25 %",
    2.0: "double",
    4.0: "4 times",
    10.0: "10 times",
    20.0: "20 times",
    50.0: "50 times",
    100.0: "100 times",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a chart is drawn: its theme, its width in pixels, and where its bars lead (nowhere without `link`)."""

    theme: ThemeName = "light"
    width: int = WIDE
    link: Linker | None = None

    @property
    def colours(self) -> Theme:
        """The colours of the theme."""
        return THEMES[self.theme]

    @property
    def narrow(self) -> bool:
        """Whether it is drawn for a phone."""
        return self.width < 520

    def address(self, found: Filter) -> str | None:
        """Where a bar leads."""
        return self.link(found) if self.link else None

    def leads(self) -> Spec:
        """The encoding of a bar's address; nothing where bars lead nowhere, for an empty address is one too."""
        return {"href": {"field": "href", "type": "nominal"}} if self.link else {}


def say_day(day: dt.date) -> str:
    """Say a day as people write it.

    >>> say_day(dt.date(2014, 1, 5))
    '5 January 2014'
    """
    return f"{day.day} {day:%B} {day.year}"


def say_number(value: Json) -> str:
    """Say a mean: one decimal below ten, whole with thousands separators from there on.

    >>> say_number(1234.5), say_number(3.14)
    ('1,234', '3.1')
    """
    number = float(value) if isinstance(value, (int, float)) else math.nan
    return f"{number:,.0f}" if abs(number) >= 10 else f"{number:,.1f}"


def read_number(value: Json) -> float:
    """A number of a row; 0 for anything else."""
    return float(value) if isinstance(value, (int, float)) else 0.0


def time_axis(field: str, ticks: Sequence[dt.date] = ()) -> Spec:
    """Encode a day on the x axis; `ticks` are named by month and year, by year where all are a first of January."""
    axis: Spec = {"title": None, "grid": False, "labelOverlap": "greedy", "labelFlush": True}
    if ticks:
        yearly = all((tick.month, tick.day) == (1, 1) for tick in ticks)
        daily = any(tick.day != 1 for tick in ticks)
        axis["values"] = [tick.isoformat() for tick in ticks]
        axis["format"] = "%Y" if yearly else "%-d %b" if daily else "%b %Y"
    return {"field": field, "type": "temporal", "scale": {"type": "utc", "nice": False}, "axis": axis}


def choose_ticks(first: dt.date, last: dt.date, most: int) -> list[dt.date]:
    """Choose at most `most` first days of months (or years) between two days; days, where no month begins there."""
    months = [
        dt.date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= dt.date(year, month, 1) <= last
    ]
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200):
        kept = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
        if len(kept) <= most:
            break
    if len(kept) >= 2:
        return kept
    step = max(1, (last - first).days // most)
    return [first + dt.timedelta(days=gone) for gone in range(0, (last - first).days + 1, step)]


def find_reach(ratios: Sequence[Ratio]) -> tuple[float, float]:
    """The ends of a log axis: all ratios and intervals, no further than a hundredth and a hundredfold."""
    seen = [1.0]
    for ratio in ratios:
        ends = (ratio.interval.low, ratio.interval.high) if ratio.interval else ()
        seen += [v for v in (ratio.value, *ends) if v is not None and 0 < v < math.inf]
    low, high = max(min(seen), 0.01), min(max(seen), 100.0)
    return min(low / 1.12, 0.8), max(high * 1.12, 1.25)


def ratio_axis(low: float, high: float, narrow: bool) -> Spec:
    """The axis of a ratio, its ticks in words: half, no change, double."""
    skipped: set[float] = {0.8, 1.25} if high / low > (2 if narrow else 6) else set()
    if high / low > 60 and narrow:
        skipped |= {0.02, 0.05, 0.25, 0.5, 2.0, 4.0, 20.0, 50.0}
    ticks = [tick for tick in _RATIO_WORDS if low <= tick <= high and tick not in skipped]
    spoken = " : ".join(f"abs(datum.value - {tick}) < {tick / 1000} ? '{_RATIO_WORDS[tick]}'" for tick in ticks)
    return {"title": None, "values": list(ticks), "labelExpr": f"{spoken} : ''", "labelOverlap": "greedy", "grid": True}


def finish(spec: Spec, look: Look) -> Spec:
    """Add the schema and the theme."""
    return {"$schema": SCHEMA, **spec, "config": choose_config(look.colours)}
