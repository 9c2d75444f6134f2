"""A made-up comparison and a made-up count, for the charts and pages: no real event stands behind them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from conflictdesk.questions import (
    Caveat,
    CompareQuestion,
    Comparison,
    CountAnswer,
    CountQuestion,
    CountRow,
    Dimension,
    Filter,
    Interval,
    MeaningAnswer,
    People,
    Ratio,
    SensitivityRow,
    Tally,
    WeekBar,
    Window,
)

SPLIT = dt.date(2031, 3, 1)
START, END = dt.date(2030, 9, 1), dt.date(2031, 9, 1)
NOBODY = People(low=0, best=0, high=0)


def make_tally(events: int, low: int, best: int, high: int) -> Tally:
    return Tally(
        events=events,
        deaths=People(low=low, best=best, high=high),
        injured=NOBODY,
        civilian_targeting=events // 3,
        deadly=events // 2,
    )


def make_weeks() -> tuple[WeekBar, ...]:
    random = np.random.default_rng(7)
    bars = []
    for side, start, end, rate in (("before", START, SPLIT, 14), ("after", SPLIT, END, 19)):
        day = start
        while day < end:
            last = min(day + dt.timedelta(days=7), end)
            events = int(random.poisson(rate * (last - day).days / 7))
            best = int(random.lognormal(0.4, 1.1, events).sum())
            tally = make_tally(events, int(best * 0.8), best, int(best * 1.35))
            found = Filter(from_day=day, to_day=last, actor=("Red Band",))
            bars.append(
                WeekBar(
                    from_day=day,
                    to_day=last,
                    side="before" if side == "before" else "after",
                    tally=tally,
                    sources=int(random.integers(4, 9)),
                    events_filter=found,
                )
            )
            day = last
    return tuple(bars)


def make_ratio(value: float | None, low: float | None = None, high: float | None = None) -> Ratio:
    interval = Interval(low=low, high=high) if low is not None or high is not None else None
    return Ratio(value=value, interval=interval, measured=interval, method="made up")


def make_window(start: dt.date, end: dt.date, tally: Tally) -> Window:
    return Window(from_day=start, to_day=end, tally=tally, events_filter=Filter(from_day=start, to_day=end))


def make_comparison() -> Comparison:
    before = make_window(START, SPLIT, make_tally(352, 700, 801, 937))
    after = make_window(SPLIT, END, make_tally(471, 812, 928, 1094))
    answer = MeaningAnswer(
        meaning="involving",
        before=before,
        after=after,
        events_ratio=make_ratio(1.34, 1.02, 1.71),
        deaths_ratio=make_ratio(1.16, 0.71, 1.93),
    )
    choices = (
        ("figures", "Lowest figures of deaths"),
        ("figures", "Highest figures of deaths"),
        ("largest", "Without the event that has the most deaths"),
        ("sources", "Only sources that reported in both windows"),
        ("place", "Only events placed in a named town or site"),
        ("dates", "Only events whose day is stated"),
        ("season", "The same months a year before"),
        ("exposure", "182 days on each side"),
    )
    rows = [
        SensitivityRow(
            kind=kind,
            choice=choice,
            meaning="involving",
            before=before,
            after=after,
            events_ratio=make_ratio(1.34 - 0.07 * number, 0.9 - 0.03 * number, 1.8 + 0.05 * number),
            deaths_ratio=make_ratio(1.16, 0.6, 2.4),
        )
        for number, (kind, choice) in enumerate(choices)
    ]
    rows.append(replace(rows[0], kind="season", choice="A window without an event", events_ratio=make_ratio(None)))
    random = np.random.default_rng(3)
    for number, value in enumerate(random.lognormal(0, 0.25, 60)):
        day = SPLIT - dt.timedelta(days=30 * (number + 1))
        row = replace(rows[0], kind="placebo", choice=f"{day:%Y-%m-%d}", events_ratio=make_ratio(float(value)))
        rows.append(replace(row, deaths_ratio=make_ratio(float(value) * 1.1)))
    return Comparison(
        question=CompareQuestion(actor=("Red Band",), split=SPLIT, window="6months"),
        meanings={"involving": answer, "perpetrated": None, "attributed": None},
        crossing=3,
        crossing_filter=Filter(crosses=(SPLIT,)),
        caveats=(Caveat(kind="largest", text="One event holds 12 % of all deaths.", value=0.12),),
        sensitivity=tuple(rows),
        weeks=make_weeks(),
        dataset_version="made-up",
    )


def make_count(by: Dimension, keys: tuple[str, ...]) -> CountAnswer:
    rows = tuple(
        CountRow(
            keys=(key,),
            tally=make_tally(40 + 97 * number % 83, 10 * number, 12 * number + 2, 15 * number + 9),
            share=1 / len(keys),
            events_filter=Filter(),
        )
        for number, key in enumerate(keys)
    )
    return CountAnswer(
        question=CountQuestion(by=(by,)), rows=rows, total=make_tally(999, 90, 99, 109), not_counted={"no day": 3}
    )
