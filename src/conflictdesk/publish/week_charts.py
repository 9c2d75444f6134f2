"""The chart of a comparison's weeks: deaths, events, sources, and the split day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from conflictdesk.publish.chart_parts import (
    LEFT,
    Look,
    choose_ticks,
    finish,
    read_number,
    say_day,
    say_number,
    time_axis,
)
from conflictdesk.publish.chart_themes import Json, Spec
from conflictdesk.questions import Comparison, Tally, WeekBar


@dataclass(frozen=True, slots=True)
class _Weeks:
    """What the panels draw: a row a week, a row a side, the split day, the ticks of the time axis."""

    rows: tuple[Spec, ...]
    means: tuple[Spec, ...]
    split: dt.date
    ticks: tuple[dt.date, ...]

    def x(self, field: str) -> Spec:
        return time_axis(field, self.ticks)


def draw_weeks(comparison: Comparison, look: Look) -> Spec:
    """Draw the weeks of a comparison: deaths from low to high, events, and the sources that told of them.

    The two sides differ in colour, filling and label; a rule stands at the split day; a dashed line gives each side's
    weekly mean, and a band its lowest and highest reading.
    """
    means = [_mean_row(side, comparison.weeks) for side in ("before", "after")]
    days = [day for week in comparison.weeks for day in (week.from_day, week.to_day)]
    ticks = choose_ticks(min(days), max(days), 4 if look.narrow else 8) if days else []
    data = _Weeks(
        rows=tuple(_week_row(week, look) for week in comparison.weeks),
        means=tuple(row for row in means if row),
        split=comparison.question.split,
        ticks=tuple(ticks),
    )
    spec: Spec = {
        "description": f"Weekly deaths, events and sources before and after {say_day(data.split)}.",
        "vconcat": [_sum_panel("deaths", data, look), _sum_panel("events", data, look), _source_panel(data, look)],
        "spacing": 20,
        "resolve": {"scale": {"x": "shared"}},
    }
    return finish(spec, look)


def _week_row(week: WeekBar, look: Look) -> Spec:
    deaths = week.tally.deaths
    days = (week.to_day - week.from_day).days
    last = week.to_day - dt.timedelta(days=1)
    said = f"{say_day(week.from_day)} to {say_day(last)}" + ("" if days == 7 else f" ({days} days)")
    return {
        "from": week.from_day.isoformat(),
        "to": week.to_day.isoformat(),
        "middle": (week.from_day + dt.timedelta(days=days // 2)).isoformat(),
        "side": week.side,
        "week": said,
        "events": week.tally.events,
        "deaths": deaths.best,
        "low": deaths.low,
        "high": deaths.high,
        "sources": week.sources,
        "said": f"{said}: {week.tally.events:,} events, {deaths.best:,} deaths "
        f"(low {deaths.low:,}, high {deaths.high:,}), {week.sources:,} sources",
        "href": look.address(week.events_filter),
    }


def _mean_row(side: str, weeks: Sequence[WeekBar]) -> Spec | None:
    held = [week for week in weeks if week.side == side]
    days = sum((week.to_day - week.from_day).days for week in held)
    if not days:
        return None
    first, last = min(w.from_day for w in held), max(w.to_day for w in held)

    def mean(take: Callable[[Tally], int]) -> float:
        return round(sum(take(w.tally) for w in held) * 7 / days, 2)

    row: Spec = {"side": side, "from": first.isoformat(), "to": last.isoformat(), "name": side.upper()}
    row["middle"] = (first + (last - first) / 2).isoformat()
    row |= {"deaths": mean(lambda t: t.deaths.best), "events": mean(lambda t: t.events)}
    row |= {"low": mean(lambda t: t.deaths.low), "high": mean(lambda t: t.deaths.high)}
    row |= {f"{name}_said": f"mean {say_number(row[name])} a week" for name in ("deaths", "events")}
    return row


def _sum_panel(measure: Literal["deaths", "events"], data: _Weeks, look: Look) -> Spec:
    colours, deaths = look.colours, measure == "deaths"
    top = max((read_number(row["high" if deaths else "events"]) for row in data.rows), default=0.0)
    # Room above the highest bar for the names of the two sides.
    scale: Spec = {"domain": [0, max(top, 1) * (1.28 if deaths else 1.45)], "nice": False}
    axis: Spec = {"title": None, "format": ",.0f", "tickCount": 4, "tickMinStep": 1, "minExtent": 42}
    y: Spec = {"field": measure, "type": "quantitative", "scale": scale, "axis": axis}
    layers: list[Json] = [_bars(y, data, look), *_mean_layers(measure, y, data, look)]
    if deaths:
        layers.insert(1, _span_lines(y, data, look))
    note = "Bars: best figure. Thin lines: from the low to the high figure. Dashes: the mean of a side."
    short = "Bars: best figure. Thin lines: low to high."
    title: Spec = {"text": "Deaths reported each week" if deaths else "Events each week", "frame": "bounds"}
    if deaths:
        title |= {"subtitle": short if look.narrow else note, "subtitleColor": colours.quiet, "offset": 22}
    return {
        "title": title,
        "width": look.width - LEFT,
        "height": 210 if deaths else 120,
        "layer": [*layers, *_split_layers(data, look, labelled=deaths)],
    }


def _bars(y: Spec, data: _Weeks, look: Look) -> Spec:
    colours = look.colours
    side: Spec = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": ["before", "after"], "range": [colours.before, colours.after]},
        "legend": None,
    }
    tips = {"week": "Week", "events": "Events", "deaths": "Deaths, best", "low": "Deaths, low"}
    tips |= {"high": "Deaths, high", "sources": "Sources"}
    return {
        "data": {"values": list(data.rows)},
        "mark": {"type": "rect", "strokeWidth": 1, "cursor": "pointer"},
        "encoding": {
            "x": data.x("from"),
            "x2": {"field": "to"},
            "y": y,
            "y2": {"datum": 0},
            "color": side,
            "stroke": side,
            # The earlier side is pale with an outline, the later one full: told apart without colour too.
            "fillOpacity": {"condition": {"test": "datum.side === 'before'", "value": 0.4}, "value": 0.95},
            **look.leads(),
            "description": {"field": "said"},
            "tooltip": [{"field": key, "title": title} for key, title in tips.items()],
        },
    }


def _span_lines(y: Spec, data: _Weeks, look: Look) -> Spec:
    return {
        "data": {"values": [{key: row[key] for key in ("middle", "low", "high")} for row in data.rows]},
        "mark": {"type": "rule", "color": look.colours.band, "strokeWidth": 1.4, "opacity": 0.7, "aria": False},
        "encoding": {"x": data.x("middle"), "y": {**y, "field": "low"}, "y2": {"field": "high"}},
    }


def _mean_layers(measure: str, y: Spec, data: _Weeks, look: Look) -> list[Json]:
    colours = look.colours
    shared: Spec = {"data": {"values": list(data.means)}}
    across: Spec = {"x": data.x("from"), "x2": {"field": "to"}}
    band: Spec = {
        **shared,
        "mark": {"type": "rect", "color": colours.source, "opacity": 0.3, "aria": False},
        "encoding": {**across, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
    }
    line: Spec = {
        **shared,
        "mark": {"type": "rule", "color": colours.ink, "strokeWidth": 2, "strokeDash": [6, 3], "aria": False},
        "encoding": {**across, "y": y},
    }
    layers: list[Json] = [band, line] if measure == "deaths" else [line]
    for field, top, weight in (("name", 2, "bold"), (f"{measure}_said", 18, "normal")):
        mark: Spec = {"type": "text", "baseline": "top", "fontWeight": weight, "color": colours.ink, "aria": False}
        place: Spec = {"x": data.x("middle"), "y": {"value": top}, "text": {"field": field}}
        layers += _haloed({**shared, "mark": mark, "encoding": place}, look)
    return layers


def _haloed(layer: Spec, look: Look) -> list[Json]:
    """Text with a rim of paper around it, so that lines behind it do not cross the letters."""
    mark = layer["mark"]
    assert isinstance(mark, dict)
    rim: Spec = {**mark, "stroke": look.colours.paper, "strokeWidth": 4, "strokeJoin": "round"}
    return [{**layer, "mark": rim}, layer]


def _split_layers(data: _Weeks, look: Look, *, labelled: bool) -> list[Json]:
    shared: Spec = {"data": {"values": [{"day": data.split.isoformat(), "said": say_day(data.split)}]}}
    mark: Spec = {"type": "rule", "color": look.colours.rule, "strokeWidth": 2, "aria": False}
    rule: Spec = {**shared, "mark": mark, "encoding": {"x": data.x("day")}}
    letters: Spec = {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": "bold", "aria": False}
    place: Spec = {"x": data.x("day"), "y": {"value": 0}, "text": {"field": "said"}}
    return [rule, {**shared, "mark": letters, "encoding": place}] if labelled else [rule]


def _source_panel(data: _Weeks, look: Look) -> Spec:
    axis: Spec = {"title": None, "tickCount": 2, "format": ",.0f", "tickMinStep": 1, "minExtent": 42}
    bars: Spec = {
        "data": {"values": [{key: row[key] for key in ("from", "to", "sources", "said")} for row in data.rows]},
        "mark": {"type": "rect", "color": look.colours.source, "opacity": 0.85},
        "encoding": {
            "x": data.x("from"),
            "x2": {"field": "to"},
            "y": {"field": "sources", "type": "quantitative", "axis": axis},
            "y2": {"datum": 0},
            "description": {"field": "said"},
        },
    }
    return {
        "title": {"text": "Sources that told of them, each week", "frame": "bounds"},
        "width": look.width - LEFT,
        "height": 52,
        "layer": [bars, *_split_layers(data, look, labelled=False)],
    }
