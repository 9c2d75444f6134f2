"""Charts of ratios: the same comparison under other choices, and at other dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.publish.chart_parts import Look, find_reach, finish, ratio_axis, say_day
from conflictdesk.publish.chart_themes import Json, Spec
from conflictdesk.questions import Comparison, Meaning, Ratio

Counted = Literal["events", "deaths"]
_NAMES, _FIGURES, _FIGURES_NARROW = 280, 132, 118


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dot:
    """A line of the sensitivity plot; `main` for the comparison as it was asked."""

    label: str
    ratio: Ratio
    main: bool = False


def draw_sensitivity(comparison: Comparison, meaning: Meaning, counted: Counted, look: Look) -> Spec:
    """Draw the ratio under each choice as a dot with its 95 % process interval, on a log axis, a line at "no change".

    The first line is the comparison as asked; other dates (kind "placebo") have a chart of their own.
    """
    answer = comparison.meanings.get(meaning)
    lines = []
    if answer is not None:
        main = answer.events_ratio if counted == "events" else answer.deaths_ratio
        lines.append(_Dot(label="As asked", ratio=main, main=True))
    for row in comparison.sensitivity:
        if row.meaning == meaning and not is_placebo(row.kind):
            lines.append(_Dot(label=row.choice, ratio=row.events_ratio if counted == "events" else row.deaths_ratio))
    return _draw_dots(lines, f"{counted.capitalize()} after against before, under each choice", look)


def is_placebo(kind: str) -> bool:
    """Whether a kind of sensitivity row is the same comparison at another date."""
    return kind.startswith("placebo")


@dataclass(frozen=True, slots=True)
class _Frame:
    """The places of a dot plot: how wide the plot is, how high a line, how far a dot lies below its words."""

    plot: int
    step: int
    drop: int
    low: float
    high: float
    names: Sequence[Json]
    narrow: bool
    orient: Literal["top", "bottom"] = "top"

    def x(self, field: str) -> Spec:
        axis: Spec = {**ratio_axis(self.low, self.high, self.narrow), "orient": self.orient}
        scale: Spec = {"type": "log", "domain": [self.low, self.high], "nice": False, "clamp": True}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    @property
    def y(self) -> Spec:
        axis: Spec = {"title": None, "labelLimit": 0, "ticks": False, "domain": False}
        return {"field": "label", "type": "nominal", "sort": self.names, "axis": None if self.narrow else axis}


def _draw_dots(lines: Sequence[_Dot], title: str, look: Look) -> Spec:
    rows = [_dot_row(line) for line in lines]
    low, high = find_reach([line.ratio for line in lines])
    plot = look.width - (_FIGURES_NARROW + 16 if look.narrow else _NAMES + _FIGURES)
    step, drop = (46, 10) if look.narrow else (26, 0)
    frame = _Frame(plot, step, drop, low, high, [row["label"] for row in rows], look.narrow)
    layers: list[Json] = [_no_change(frame, look), *_dots(frame, look), *_dot_labels(frame, look)]
    note = "Dot: the ratio found. Line: 95 % interval, “would it come out so again?”"
    short = ["Dot: the ratio found. Line: 95 % interval,", "“would it come out so again?”"]
    return finish(
        {
            "title": {
                "text": title,
                "subtitle": short if look.narrow else note,
                "subtitleColor": look.colours.quiet,
                "offset": 12,
                "frame": "bounds",
            },
            "data": {"values": list(rows)},
            "width": plot,
            "height": {"step": step},
            "layer": layers,
        },
        look,
    )


def _no_change(frame: _Frame, look: Look) -> Spec:
    mark: Spec = {"type": "rule", "color": look.colours.rule, "strokeWidth": 1.5, "strokeDash": [4, 3], "aria": False}
    return {"data": {"values": [{"one": 1}]}, "mark": mark, "encoding": {"x": frame.x("one")}}


def _dots(frame: _Frame, look: Look) -> list[Json]:
    colours = look.colours
    main: Spec = {"condition": {"test": "datum.main", "value": colours.after}, "value": colours.plain}
    line: Spec = {"type": "rule", "strokeWidth": 2.5, "opacity": 0.75, "aria": False, "yOffset": frame.drop}
    dot: Spec = {"type": "point", "filled": True, "opacity": 1, "yOffset": frame.drop}
    return [
        {
            "mark": line,
            "encoding": {"x": frame.x("from"), "x2": {"field": "to"}, "y": frame.y, "color": main},
        },
        {
            "mark": dot,
            "encoding": {
                "x": frame.x("value"),
                "y": frame.y,
                "color": main,
                "shape": {"condition": {"test": "datum.main", "value": "diamond"}, "value": "circle"},
                "size": {"condition": {"test": "datum.main", "value": 170}, "value": 80},
                "description": {"field": "said"},
                "tooltip": [{"field": "label", "title": "Choice"}, {"field": "short", "title": "Ratio"}],
            },
        },
    ]


def _dot_labels(frame: _Frame, look: Look) -> list[Json]:
    colours = look.colours
    tone: Spec = {"condition": {"test": "datum.main", "value": colours.ink}, "value": colours.quiet}
    if look.narrow:
        places = [(2, "label", -10), (frame.plot + 8, "short", frame.drop)]
    else:
        places = [(frame.plot + 10, "short", 0)]
    layers: list[Json] = []
    for at, field, dy in places:
        mark: Spec = {"type": "text", "align": "left", "dy": dy, "aria": False}
        encoding: Spec = {"x": {"value": at}, "y": frame.y, "text": {"field": field}}
        # A rim of paper: the lines of the grid do not cross the letters.
        rim: Spec = {**mark, "color": colours.paper, "stroke": colours.paper, "strokeWidth": 4, "strokeJoin": "round"}
        layers += [{"mark": rim, "encoding": encoding}, {"mark": mark, "encoding": {**encoding, "color": tone}}]
    return layers


def _dot_row(line: _Dot) -> Spec:
    ratio = line.ratio
    low, high = (ratio.interval.low, ratio.interval.high) if ratio.interval else (None, None)
    short = "no ratio" if ratio.value is None else f"{ratio.value:.2f}"
    drawn = ratio.value if ratio.value is not None and ratio.value > 0 else None
    if ratio.value is not None and (low is not None or high is not None):
        short += f" ({_say_end(low)}–{_say_end(high)})"
    return {
        "label": line.label,
        "main": line.main,
        "value": drawn,
        # The axis ends at a hundredth and a hundredfold; what lies beyond is drawn to its end.
        "from": max(low or 0.0, 1e-3) if ratio.interval else drawn,
        "to": min(high if high is not None else 1e3, 1e3) if ratio.interval else drawn,
        "short": short,
        "said": f"{line.label}: {short}",
    }


def _say_end(value: float | None) -> str:
    return "?" if value is None else f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def draw_placebos(comparison: Comparison, meaning: Meaning, counted: Counted, look: Look) -> Spec | None:
    """Draw the ratio at other dates as a heap of dots, the real date marked; None where no other date was tried."""
    answer = comparison.meanings.get(meaning)
    rows = [row for row in comparison.sensitivity if row.meaning == meaning and is_placebo(row.kind)]
    found = [(row.choice, row.events_ratio if counted == "events" else row.deaths_ratio) for row in rows]
    dots = [(choice, ratio.value) for choice, ratio in found if ratio.value is not None and ratio.value > 0]
    if answer is None or not dots:
        return None
    real = answer.events_ratio if counted == "events" else answer.deaths_ratio
    ratios = [Ratio(value=value, interval=None, measured=None, method="") for _, value in dots]
    mine = Ratio(value=real.value, interval=None, measured=None, method="")
    low, high = find_reach([*ratios, mine])
    frame = _Frame(look.width - 24, 0, 0, low, high, (), look.narrow, "bottom")
    levels = _heap_dots([value for _, value in dots], frame, 30 if look.narrow else 60)
    values: list[Json] = [
        {"value": value, "level": level, "said": f"{choice}: ratio {value:.2f}"}
        for (choice, value), level in zip(dots, levels, strict=True)
    ]
    y: Spec = {"field": "level", "type": "quantitative", "scale": {"domain": [0, max(*levels, 4) + 2]}, "axis": None}
    x = frame.x("value")
    tips: Spec = {"description": {"field": "said"}, "tooltip": {"field": "said"}}
    layers: list[Json] = [
        _no_change(frame, look),
        {
            "data": {"values": values},
            "mark": {"type": "circle", "size": 60, "opacity": 0.85, "color": look.colours.plain},
            "encoding": {"x": x, "y": y, **tips},
        },
        *_real_date(real, say_day(comparison.question.split), x, frame, look),
    ]
    title: Spec = {"text": f"The same ratio of {counted} at {len(dots):,} other dates", "frame": "bounds", "offset": 22}
    return finish({"title": title, "width": frame.plot, "height": 130, "layer": layers}, look)


_LABEL_GAP: Final = 6


def _real_date(real: Ratio, day: str, x: Spec, frame: _Frame, look: Look) -> list[Json]:
    if real.value is None or real.value <= 0:
        return []
    shared: Spec = {"data": {"values": [{"value": real.value, "said": f"{day}: ratio {real.value:.2f}"}]}}
    reached = math.log(real.value / frame.low) / math.log(frame.high / frame.low)
    align = "left" if reached < 0.3 else "right" if reached > 0.7 else "center"
    mark: Spec = {"type": "rule", "color": look.colours.after, "strokeWidth": 3}
    letters: Spec = {"type": "text", "align": align, "dy": -_LABEL_GAP, "baseline": "bottom", "fontWeight": "bold"}
    place: Spec = {"x": x, "y": {"value": 0}, "text": {"field": "said"}}
    return [
        {**shared, "mark": mark, "encoding": {"x": x, "description": {"field": "said"}}},
        {**shared, "mark": {**letters, "aria": False}, "encoding": place},
    ]


def _heap_dots(values: Sequence[float], frame: _Frame, columns: int) -> list[int]:
    """How high each dot lies where dots of one column are heaped up."""
    heights: dict[int, int] = {}
    levels = []
    for value in values:
        column = math.floor(math.log(value / frame.low) / math.log(frame.high / frame.low) * columns)
        heights[column] = heights.get(column, 0) + 1
        levels.append(heights[column])
    return levels
