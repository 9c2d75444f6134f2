"""Charts of counts: columns over time, bars for names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from conflictdesk.publish.chart_parts import LEFT, Look, Measure, choose_ticks, finish, read_number, time_axis
from conflictdesk.publish.chart_themes import Json, Spec
from conflictdesk.questions import CountAnswer, CountRow, Dimension

MEASURE_TITLES: Final[Mapping[Measure, str]] = {
    "events": "Events",
    "deaths": "Deaths reported",
    "injured": "Injured reported",
    "civilian_targeting": "Events that target civilians",
}
TIMES: Final[frozenset[Dimension]] = frozenset({"year", "quarter", "month", "week", "day"})
MOST_BARS: Final = 30
MOST_BARS_NARROW: Final = 15
_NAMES, _FIGURES = 260, 140
_NOTE = "Bars: best figure. Thin lines: from the low to the high figure."
_NOTE_NARROW = "Bars: best figure. Thin lines: low to high."


def draw_counts(answer: CountAnswer, measure: Measure, look: Look) -> Spec | None:
    """Draw a count by one dimension: columns over time, else bars with their names, the largest MOST_BARS of them.

    None for a count by several dimensions or without a row: there the table alone is clearer.
    """
    if len(answer.question.by) != 1 or not answer.rows:
        return None
    by = answer.question.by[0]
    rows = [_count_row(row, measure, look) for row in answer.rows]
    spans = [_read_time(by, row.keys[0]) for row in answer.rows] if by in TIMES else [None]
    held = [span for span in spans if span]
    if len(held) == len(spans):
        return _draw_columns(by, [_add_span(*pair) for pair in zip(rows, held, strict=True)], measure, look)
    return _draw_names(by, rows, measure, look)


def _count_row(row: CountRow, measure: Measure, look: Look) -> Spec:
    people = {"deaths": row.tally.deaths, "injured": row.tally.injured}.get(measure)
    value = row.tally.events if measure == "events" else row.tally.civilian_targeting
    low, best, high = (people.low, people.best, people.high) if people else (value, value, value)
    said = f"{best:,}" if low == best == high else f"{best:,} ({low:,}–{high:,})"
    href, name = look.address(row.events_filter), row.keys[0]
    return {
        "name": name,
        "value": best,
        "low": low,
        "high": high,
        "said": said,
        "href": href,
        "label": f"{name}: {said}",
    }


def _read_time(by: Dimension, key: str) -> tuple[dt.date, dt.date] | None:
    """The half-open interval that a key of time means; None for a key that is none.

    >>> _read_time("quarter", "2013-Q2")
    (datetime.date(2013, 4, 1), datetime.date(2013, 7, 1))
    """
    try:
        months = {"year": 12, "quarter": 3, "month": 1}.get(by)
        if months:
            part = 1 if by == "year" else int(key[6:] if by == "quarter" else key[5:])
            year, start = int(key[:4]), (part - 1) * months
            end = start + months
            return dt.date(year, start + 1, 1), dt.date(year + end // 12, end % 12 + 1, 1)
        day = dt.date.fromisoformat(key)
        return day, day + dt.timedelta(days=7 if by == "week" else 1)
    except (ValueError, OverflowError):
        return None


def _add_span(row: Spec, span: tuple[dt.date, dt.date]) -> Spec:
    middle = span[0] + (span[1] - span[0]) / 2
    return {**row, "from": span[0].isoformat(), "to": span[1].isoformat(), "middle": middle.isoformat()}


def _draw_columns(by: Dimension, rows: Sequence[Spec], measure: Measure, look: Look) -> Spec:
    axis: Spec = {"title": None, "format": ",.0f", "tickCount": 5, "tickMinStep": 1}
    first, last = (dt.date.fromisoformat(str(row[key])) for row, key in ((rows[0], "from"), (rows[-1], "to")))
    x = time_axis("from", choose_ticks(first, last, 4 if look.narrow else 9))
    if by == "year" and isinstance(x["axis"], dict):
        step = -(-len(rows) // (6 if look.narrow else 14))
        x["axis"] |= {"values": [row["middle"] for row in rows][::step], "format": "%Y", "labelFlush": False}
    y: Spec = {"field": "value", "type": "quantitative", "axis": axis}
    bars: Spec = {
        "mark": {"type": "rect", "color": look.colours.plain, "cursor": "pointer", "stroke": look.colours.paper},
        "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "y2": {"datum": 0}, **_bar_words(by, look)},
    }
    layers: list[Json] = [bars]
    spread = any(row["low"] != row["high"] for row in rows)
    if spread:
        place: Spec = {"x": {**x, "field": "middle"}, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
        layers.append({"mark": _thin_line(look), "encoding": place})
    title = _title(measure, f"by {say_dimension(by)}", _note(look) if spread else None, look)
    spec: Spec = {"title": title, "data": {"values": list(rows)}, "width": look.width - LEFT, "height": 220}
    return finish({**spec, "layer": layers}, look)


def _bar_words(by: Dimension, look: Look) -> Spec:
    tips: Spec = {
        "tooltip": [{"field": "name", "title": say_dimension(by).capitalize()}, {"field": "said", "title": "Sum"}]
    }
    return {**look.leads(), "description": {"field": "label"}, **tips}


def _thin_line(look: Look, drop: int = 0) -> Spec:
    mark: Spec = {"type": "rule", "color": look.colours.band, "strokeWidth": 1.4, "opacity": 0.7, "aria": False}
    return {**mark, "yOffset": drop} if drop else mark


def _note(look: Look) -> str:
    return _NOTE_NARROW if look.narrow else _NOTE


def _title(measure: Measure, tail: str, note: str | None, look: Look) -> Spec:
    said: Spec = {"text": f"{MEASURE_TITLES[measure]} {tail}", "frame": "bounds"}
    return {**said, "subtitle": note, "subtitleColor": look.colours.quiet} if note else said


def _draw_names(by: Dimension, rows: Sequence[Spec], measure: Measure, look: Look) -> Spec:
    shown = sorted(rows, key=lambda row: (-read_number(row["value"]), str(row["name"])))[
        : MOST_BARS_NARROW if look.narrow else MOST_BARS
    ]
    plot = look.width - (24 if look.narrow else _NAMES + _FIGURES)
    names: Spec = {"title": None, "labelLimit": 0, "ticks": False, "domain": False}
    # Names are cut here and not by the drawing engine, which would measure each again and again.
    shown = [{**row, "short": _shorten(str(row["name"]), 32 if look.narrow else 36)} for row in shown]
    shown = _tell_apart(shown)
    sort: list[Json] = [row["short"] for row in shown]
    y: Spec = {"field": "short", "type": "nominal", "sort": sort, "axis": None if look.narrow else names}
    top = max(read_number(row["high"]) for row in shown)
    x: Spec = {"field": "value", "type": "quantitative", "scale": {"domain": [0, max(top, 1)], "nice": False}}
    x["axis"] = {
        "title": None,
        "format": ",.0f",
        "tickCount": 3 if look.narrow else 5,
        "tickMinStep": 1,
        "grid": not look.narrow,
    }
    drop = 9 if look.narrow else 0
    bar: Spec = {"type": "bar", "color": look.colours.plain, "cursor": "pointer"}
    if look.narrow:
        bar |= {"height": 12, "yOffset": drop}
    layers: list[Json] = [{"mark": bar, "encoding": {"x": x, "y": y, **_bar_words(by, look)}}]
    spread = any(row["low"] != row["high"] for row in shown)
    if spread:
        across: Spec = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}
        layers.append({"mark": _thin_line(look, drop), "encoding": across})
    note = f"The {len(shown)} largest of {len(rows):,}; the table has all." if len(rows) > len(shown) else None
    title = _title(measure, f"by {say_dimension(by)}", note or (_note(look) if spread else None), look)
    layers += _name_labels(y, plot)
    step: Spec = {"step": 40 if look.narrow else 24}
    return finish(
        {"title": title, "data": {"values": list(shown)}, "width": plot, "height": step, "layer": layers}, look
    )


def _shorten(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _tell_apart(rows: Sequence[Spec]) -> list[Spec]:
    """Rows whose shortened names are all different: a number stands behind those that were not."""
    seen: dict[str, int] = {}
    told: list[Spec] = []
    for row in rows:
        name = str(row["short"])
        seen[name] = seen.get(name, 0) + 1
        told.append({**row, "short": name if seen[name] == 1 else f"{name} ({seen[name]})"})
    return told


def _name_labels(y: Spec, plot: int) -> list[Json]:
    if plot < 340:
        places = [("left", 0, "short", -8), ("right", plot, "said", -8)]
    else:
        places = [("left", plot + 8, "said", 0)]
    return [
        {
            "mark": {"type": "text", "align": align, "dy": dy, "aria": False},
            "encoding": {"x": {"value": at}, "y": y, "text": {"field": field}},
        }
        for align, at, field, dy in places
    ]


def say_dimension(by: Dimension) -> str:
    """Say a dimension in words.

    >>> say_dimension("sub_event_type")
    'sub-type of event'
    """
    words = {
        "admin1": "province",
        "admin2": "district",
        "location": "place",
        "event_type": "type of event",
        "sub_event_type": "sub-type of event",
        "original_type": "type in the source's words",
        "disorder_type": "kind of disorder",
        "origin": "where the rows come from",
        "civilian_targeting": "whether civilians were the target",
        "status": "state of review",
    }
    return words.get(by, by)
