"""Answers as JSON, for scripts: the fixed shapes of `--json`, of the API and of saved answers.

Days are ISO texts, windows `[from, to]` half-open, intervals `[low, high]` with null for an open end, unknown is null.
Beside every sum stands `filter`, the query that finds exactly its events (`conflictdesk count DATASET --where ...`, or
an address of `explore`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import urlencode

from conflictdesk.datasets.filters import filter_pairs
from conflictdesk.questions import (
    Caveat,
    CheckAnswer,
    Chronicle,
    ClaimReading,
    CompareQuestion,
    Comparison,
    CountAnswer,
    CountRow,
    Dimension,
    Filter,
    Incident,
    Interval,
    MeaningAnswer,
    MeaningCheck,
    People,
    Ratio,
    SensitivityRow,
    Tally,
    WeekBar,
    Window,
)

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Told: TypeAlias = "dict[str, Json]"
FORMAT: Final = 1
"""The version of these shapes; it grows when a key changes its meaning, not when one is added."""


def tell_filter(wanted: Filter | None) -> str | None:
    """A filter as the query of an address.

    >>> tell_filter(Filter(country=("Yemen",), from_day=dt.date(2021, 1, 1)))
    'from=2021-01-01&country=Yemen'
    """
    return None if wanted is None else urlencode(filter_pairs(wanted))


# ---------------------------------------------------------------- count


def tell_count(answer: CountAnswer) -> Told:
    """`{"rows": [{"year": 2013, "events": n, "deaths": {...}}], "total": {...}, "not_counted": {reason: n}}`."""
    by = answer.question.by
    return {
        "by": list(by),
        "filter": tell_filter(answer.question.filter),
        "rows": [_tell_row(row, by) for row in answer.rows],
        "total": tell_tally(answer.total),
        "not_counted": dict(answer.not_counted),
        "rows_left_out": answer.cut,
    }


def _tell_row(row: CountRow, by: Sequence[Dimension]) -> Told:
    keys: Told = {name: int(key) if name == "year" else key for name, key in zip(by, row.keys, strict=True)}
    return {**keys, **tell_tally(row.tally), "share": row.share, "filter": tell_filter(row.events_filter)}


def tell_tally(tally: Tally) -> Told:
    """Events, deaths and injured; events that target civilians; events with a death."""
    return {
        "events": tally.events,
        "deaths": tell_people(tally.deaths),
        "injured": tell_people(tally.injured),
        "events_targeting_civilians": tally.civilian_targeting,
        "deadly_events": tally.deadly,
    }


def tell_people(people: People) -> Told:
    """Low, best and high; the events without a figure, and those whose high is "at least"."""
    return {
        "low": people.low,
        "best": people.best,
        "high": people.high,
        "unknown": people.unknown,
        "open": people.open,
    }


# ---------------------------------------------------------------- compare


def tell_comparison(answer: Comparison) -> Told:
    """The shape of `compare --json`; a meaning that the data cannot bear is null, its reason is among the caveats."""
    return {
        "question": tell_question(answer.question),
        "windows": _tell_windows(answer),
        "meanings": {
            meaning: None if told is None else tell_meaning(told) for meaning, told in answer.meanings.items()
        },
        "crossing": answer.crossing,
        "crossing_filter": tell_filter(answer.crossing_filter),
        "caveats": [tell_caveat(caveat) for caveat in answer.caveats],
        "sensitivity": [tell_sensitivity(row) for row in answer.sensitivity],
        "weeks": [_tell_week(week) for week in answer.weeks],
        "dataset_version": answer.dataset_version,
    }


def tell_question(asked: CompareQuestion) -> Told:
    """A question of a comparison, so that it can be kept and asked again."""
    return {
        "actor": list(asked.actor),
        "split": asked.split.isoformat(),
        "window": asked.window,
        "filter": tell_filter(asked.filter),
        "resamples": asked.resamples,
        "seed": asked.seed,
    }


def _tell_windows(answer: Comparison) -> Told:
    told = next((meaning for meaning in answer.meanings.values() if meaning is not None), None)
    if told is not None:
        spans = [(told.before.from_day, told.before.to_day), (told.after.from_day, told.after.to_day)]
    else:
        # Where no meaning can be told, the edges still stand in the filter of what crosses them.
        start, split, end = answer.crossing_filter.crosses
        spans = [(start, split), (split, end)]
    return {side: [day.isoformat() for day in span] for side, span in zip(("before", "after"), spans, strict=True)}


def tell_meaning(answer: MeaningAnswer) -> Told:
    """Both windows and both ratios under one meaning."""
    return {
        "before": tell_window(answer.before),
        "after": tell_window(answer.after),
        "events_ratio": tell_ratio(answer.events_ratio),
        "deaths_ratio": tell_ratio(answer.deaths_ratio),
    }


def tell_window(window: Window) -> Told:
    """One side: its days, its sums, the query of its events."""
    return {
        "from": window.from_day.isoformat(),
        "to": window.to_day.isoformat(),
        "days": window.days,
        **tell_tally(window.tally),
        "filter": tell_filter(window.events_filter),
    }


def tell_ratio(ratio: Ratio) -> Told:
    """After divided by before, per day; `interval` of the process, `measured` of the figures."""
    return {
        "value": ratio.value,
        "interval": _tell_interval(ratio.interval),
        "measured": _tell_interval(ratio.measured),
        "method": ratio.method,
    }


def tell_caveat(caveat: Caveat) -> Told:
    """A caveat: its fixed kind, its text, its figure, the query of the events that it speaks of."""
    return {
        "kind": caveat.kind,
        "text": caveat.text,
        "value": caveat.value,
        "filter": tell_filter(caveat.events_filter),
    }


def tell_sensitivity(row: SensitivityRow) -> Told:
    """The same comparison with one choice made otherwise."""
    return {
        "kind": row.kind,
        "choice": row.choice,
        "meaning": row.meaning,
        "before": tell_window(row.before),
        "after": tell_window(row.after),
        "events_ratio": tell_ratio(row.events_ratio),
        "deaths_ratio": tell_ratio(row.deaths_ratio),
    }


def _tell_interval(interval: Interval | None) -> list[Json] | None:
    return None if interval is None else [interval.low, interval.high]


def _tell_week(week: WeekBar) -> Told:
    return {
        "from": week.from_day.isoformat(),
        "to": week.to_day.isoformat(),
        "side": week.side,
        **tell_tally(week.tally),
        "sources": week.sources,
        "filter": tell_filter(week.events_filter),
    }


# ---------------------------------------------------------------- check


def tell_check(answer: CheckAnswer) -> Told:
    """The shape of `check --json`: how the sentence was read, the verdict, the comparison that it rests on."""
    return {
        "reading": tell_reading(answer.reading),
        "verdict": answer.verdict,
        "why": answer.why,
        "meanings": [_tell_meaning_check(check) for check in answer.meanings],
        "comparison": None if answer.comparison is None else tell_comparison(answer.comparison),
        "tolerance": answer.tolerance,
        "asked_on": answer.asked_on.isoformat(),
        "dataset_version": answer.dataset_version,
    }


def tell_reading(reading: ClaimReading) -> Told:
    """How a sentence is understood, with the words that each part rests on."""
    return {
        "sentence": reading.sentence,
        "actor_said": reading.actor_said,
        "actor": list(reading.actor),
        "measure": reading.measure,
        "split": _tell_day(reading.split),
        "window": reading.window,
        "from": _tell_day(reading.from_day),
        "to": _tell_day(reading.to_day),
        "figures": [
            {"value": f.value, "value_is": f.value_is, "side": f.side, "quote": f.quote, "start": f.start, "end": f.end}
            for f in reading.figures
        ],
        "change": reading.change,
        "quotes": dict(reading.quotes),
        "unread": list(reading.unread),
        "said_by": reading.said_by,
        "civilians": reading.civilians,
        "country": list(reading.country),
        "admin1": list(reading.admin1),
        "event_type": list(reading.event_type),
        "sub_event_type": list(reading.sub_event_type),
        "disorder_type": list(reading.disorder_type),
        "change_is": reading.change_is,
        "windows": {side: [_tell_day(day) for day in span] for side, span in reading.windows.items()},
        "spans": {name: list(span) for name, span in reading.spans.items()},
    }


def _tell_meaning_check(check: MeaningCheck) -> Told:
    return {
        "meaning": check.meaning,
        "verdict": check.verdict,
        "why": check.why,
        "found": {side: tell_people(people) for side, people in check.found.items()},
        "filters": {side: tell_filter(wanted) for side, wanted in check.filters.items()},
    }


# ---------------------------------------------------------------- chronicle


def tell_chronicle(answer: Chronicle) -> Told:
    """The dated incidents at a site: `exact` lie there by a precise place, `near` may lie there."""
    asked = answer.question
    return {
        "question": {
            "place": asked.place,
            "km": asked.km,
            "from": _tell_day(asked.from_day),
            "to": _tell_day(asked.to_day),
            "filter": tell_filter(asked.filter),
        },
        "site": {"name": answer.name, "latitude": answer.latitude, "longitude": answer.longitude},
        "exact": [tell_incident(incident) for incident in answer.exact],
        "near": [tell_incident(incident) for incident in answer.near],
        "undated": answer.undated,
        "elsewhere": answer.elsewhere,
        "elsewhere_filter": tell_filter(answer.elsewhere_filter),
        "dataset_version": answer.dataset_version,
    }


def tell_incident(incident: Incident) -> Told:
    """One event as a list shows it."""
    return {
        "event_id": incident.event_id,
        "date_start": _tell_day(incident.date_start),
        "date_end": _tell_day(incident.date_end),
        "date_precision": incident.date_precision,
        "what": incident.what,
        "actor1": incident.actor1,
        "actor2": incident.actor2,
        "where": incident.where,
        "place_precision": incident.place_precision,
        "latitude": incident.latitude,
        "longitude": incident.longitude,
        "distance_km": incident.distance_km,
        "deaths": dict(zip(("low", "best", "high"), incident.deaths, strict=True)),
        "injured": dict(zip(("low", "best", "high"), incident.injured, strict=True)),
        "sources": list(incident.sources),
        "notes": incident.notes,
        "flags": list(incident.flags),
        "evidence": [{"field": f, "quote": quote, "source": source} for f, quote, source in incident.evidence],
    }


def _tell_day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
