"""Before and after a day: the comparison of two windows under each meaning, with its intervals, choices and caveats.

Rules of the count (../../docs/how-to/compare-two-periods.md tells them in words): an event belongs to the window that
holds its `date_start`; the split day belongs to the later window; ratios are per day of exposure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from conflictdesk.analyse.area import Area, list_names_inside, survey_area
from conflictdesk.analyse.case_rows import PICKED, CaseRows, hold_rows, holds_all, read_case
from conflictdesk.analyse.caveats import Facts, list_caveats
from conflictdesk.analyse.intervals import envelope
from conflictdesk.analyse.meanings import Bearing, find_bearings, read_names, resolve_actors
from conflictdesk.analyse.ratios import Sampling, compare_sums
from conflictdesk.analyse.sensitivity import (
    Plan,
    build_sensitivity,
    build_windows,
    find_reach,
    plan_choices,
    plan_moves,
)
from conflictdesk.analyse.weeks import build_weeks
from conflictdesk.analyse.windows import Windows, read_length, set_windows
from conflictdesk.datasets.filters import where
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.questions import (
    MEANINGS,
    CompareQuestion,
    Comparison,
    Filter,
    Interval,
    Meaning,
    MeaningAnswer,
    SensitivityRow,
)

MOST_RESAMPLES = 100_000


def compare_windows(dataset: Dataset, question: CompareQuestion) -> Comparison:
    """Compare the windows on both sides of a day.

    The answer's question holds the names of the actor as the dataset has them. The same question on the same dataset
    gives the same answer to the last digit: draws are seeded.

    Raises:
        ConfigError: an unknown actor (with the nearest names), a window that is none, or a filter that already says
            who or when.
    """
    _check_question(question)
    length = read_length(question.window)
    windows = set_windows(question.split, length)
    said = read_names(question.actor)
    area = survey_area(dataset, question.filter, windows)
    plan = Plan(
        moves=plan_moves(length, windows, area),
        choices=plan_choices(question.filter, area, windows),
        sampling=Sampling(question.resamples, question.seed),
    )
    reach = find_reach(windows, plan.moves, area)
    with hold_rows(dataset, question.filter, said, windows, reach):
        # A name that the rows know needs no search through the whole dataset.
        if holds_all(dataset, said):
            return _answer(dataset, replace(question, actor=said), area, plan)
    actor = resolve_actors(dataset, said)
    with hold_rows(dataset, question.filter, actor, windows, reach):
        return _answer(dataset, replace(question, actor=actor), area, plan)


def _check_question(question: CompareQuestion) -> None:
    f = question.filter
    if f.actor or f.meaning != "involving":
        raise ConfigError("the filter names an actor: a comparison takes it with --actor alone")
    if f.from_day or f.to_day or f.crosses:
        raise ConfigError("the filter sets days: in a comparison the split and the window alone set them")
    if not 0 <= question.resamples <= MOST_RESAMPLES:
        raise ConfigError(f"resamples {question.resamples}: choose 0 (none) to {MOST_RESAMPLES}")
    if question.seed < 0:
        raise ConfigError(f"seed {question.seed}: choose 0 or more")


def _answer(dataset: Dataset, question: CompareQuestion, area: Area, plan: Plan) -> Comparison:
    windows = set_windows(question.split, read_length(question.window))
    filters = {name: choice.filter for name, choice in plan.choices.items()}
    asked = (question.filter, question.actor, windows)
    rows = read_case(dataset, asked, find_reach(windows, plan.moves, area), filters)
    bearings = find_bearings(rows.dataset, area.origins)
    meanings, sensitivity = _answer_meanings(rows, bearings, plan)
    first: Meaning = next((meaning for meaning in MEANINGS if meanings[meaning] is not None), "involving")
    crossing_filter = replace(rows.filter_of(first), crosses=rows.windows.edges)
    crossing = _count_crossing(rows, first)
    facts = Facts(
        rows=rows,
        area=area,
        bearings=bearings,
        answer=meanings[first],
        placebos=[row for row in sensitivity if row.kind == "placebo" and row.meaning == first],
        crossing=crossing.any_edge,
        crossing_filter=crossing_filter,
        names=list_names_inside(rows.dataset, rows.base, rows.windows),
    )
    return Comparison(
        question=question,
        meanings=meanings,
        crossing=crossing.any_edge,
        crossing_filter=crossing_filter,
        caveats=list_caveats(facts),
        sensitivity=tuple(sensitivity),
        weeks=build_weeks(rows, first, area.sources.per_week) if meanings[first] else (),
        dataset_version=rows.dataset.version,
    )


def _answer_meanings(
    rows: CaseRows, bearings: Mapping[Meaning, Bearing], plan: Plan
) -> tuple[Mapping[Meaning, MeaningAnswer | None], list[SensitivityRow]]:
    answers: dict[Meaning, MeaningAnswer | None] = {}
    sensitivity: list[SensitivityRow] = []
    for meaning in MEANINGS:
        answers[meaning] = None
        if bearings[meaning].can:
            answers[meaning] = _answer_meaning(rows, meaning, plan.sampling)
            sensitivity += build_sensitivity(rows, meaning, plan)
    return MappingProxyType(answers), sensitivity


def _answer_meaning(rows: CaseRows, meaning: Meaning, sampling: Sampling) -> MeaningAnswer:
    pair = compare_sums(rows.daily(meaning), rows.windows, sampling)
    before, after = build_windows(rows, (meaning, None), rows.windows, pair)
    counts = pair.before.events, pair.after.events
    measured = _measure_events(counts, _count_crossing(rows, meaning), rows.windows)
    return MeaningAnswer(
        meaning=meaning,
        before=before,
        after=after,
        events_ratio=replace(pair.events_ratio, measured=measured),
        deaths_ratio=pair.deaths_ratio,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crossing:
    """Events of imprecise days: across any edge; into and out of the windows, by where they start and may end."""

    any_edge: int
    over_split: int
    over_end: int
    into_before: int
    into_after: int


def _count_crossing(rows: CaseRows, meaning: Meaning) -> _Crossing:
    start, split, end = rows.windows.edges
    condition, parameters = where(Filter(actor=rows.actor, meaning=meaning, crosses=rows.windows.edges))
    held = "count(*) FILTER (date_start >= ? AND date_start < ? AND date_end >= ?)"
    asked: list[tuple[dt.date, dt.date, dt.date]] = [
        (start, split, split),
        (split, end, end),
        (dt.date.min, start, start),
        (dt.date.min, start, split),
    ]
    found = rows.ask(
        f"SELECT count(*), {', '.join([held] * len(asked))} FROM {PICKED} WHERE {condition}",
        [*(day for days in asked for day in days), *parameters],
    )[0]
    n = [int(str(value)) for value in found]
    return _Crossing(any_edge=n[0], over_split=n[1], over_end=n[2], into_before=n[3], into_after=n[4])


def _measure_events(counts: tuple[int, int], crossing: _Crossing, windows: Windows) -> Interval:
    """The span of the events ratio if every event of imprecise days fell on the side that serves one end best."""
    before, after = counts
    return envelope(
        after - crossing.over_end,
        after + crossing.over_split + crossing.into_after,
        before - crossing.over_split,
        before + crossing.into_before,
        (windows.days[1], windows.days[0]),
    )
