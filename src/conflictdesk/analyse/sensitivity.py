"""The same comparison with one choice made otherwise: what the answer hangs on.

Kinds: "figures", "window", "season", "placebo", "largest", "place", "day", "sources", "aggregates", "civilians",
"maturity". A choice appears only where the data can bear it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.analyse.area import Area
from conflictdesk.analyse.case_rows import PICKED, CaseRows, join_filters
from conflictdesk.analyse.daily_sums import DailySums
from conflictdesk.analyse.ratios import Figure, Pair, Sampling, compare_sums
from conflictdesk.analyse.windows import (
    Length,
    Span,
    Windows,
    move_months,
    other_length,
    set_windows,
    widen_windows,
)
from conflictdesk.datasets.filters import where
from conflictdesk.errors import ConfigError
from conflictdesk.questions import Filter, Meaning, SensitivityRow, Window

PLACEBO_MONTHS: Final = tuple(months for months in range(-6, 7) if months)
LONGEST_WAIT: Final = 365
"""Reports older than a year are ripe: beyond that, equal maturity leaves nothing out worth telling."""
MOST_SOURCES: Final = 1000
"""A filter of more names than this could not be opened as a web address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to choose fewer events. `known` is the column that a row needs before the choice says anything."""

    kind: str
    words: str
    filter: Filter
    known: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The same question at other windows."""

    kind: str
    words: str
    windows: Windows


_CHOICES: Final[Mapping[str, Choice]] = {
    "exact place": Choice(
        kind="place", words="only exact places", filter=Filter(place_precision=(1,)), known="place_precision"
    ),
    "exact day": Choice(
        kind="day", words="only exact days", filter=Filter(date_precision=(1,)), known="date_precision"
    ),
    "two sources": Choice(
        kind="sources",
        words="only events with two sources or more",
        filter=Filter(sources_at_least=2),
        known="n_sources",
    ),
    "no aggregates": Choice(
        kind="aggregates",
        words="without rows that sum several events",
        filter=Filter(aggregate=False),
        known="aggregate",
    ),
    "civilians": Choice(
        kind="civilians",
        words="only events that target civilians",
        filter=Filter(civilian_targeting=True),
        known="civilian_targeting",
    ),
    "no civilians": Choice(
        kind="civilians",
        words="without events that target civilians",
        filter=Filter(civilian_targeting=False),
        known="civilian_targeting",
    ),
}


def plan_choices(base: Filter, area: Area, windows: Windows) -> dict[str, Choice]:
    """The choices of events to try: the fixed ones, the constant set of sources, equal maturity.

    A choice of what the question itself asks for already is left out.
    """
    planned = dict(_CHOICES)
    if (constant := _keep_constant_sources(area)) is not None:
        planned["constant sources"] = constant
    wait = (area.last_report - windows.edges[2]).days if area.last_report else -1
    if 0 <= wait <= LONGEST_WAIT:
        planned["equal maturity"] = Choice(
            kind="maturity",
            words=f"only events first reported within {wait} days",
            filter=Filter(reported_within=wait),
            known="first_reported",
        )
    return {name: choice for name, choice in planned.items() if join_filters(base, choice.filter) is not None}


def _keep_constant_sources(area: Area) -> Choice | None:
    told, words = area.sources, "only sources that report in both windows"
    if not told.both or not told.one:
        return None
    if len(told.one) <= MOST_SOURCES:
        kept = Filter(without_source=told.one)
    elif len(told.both) <= MOST_SOURCES:
        kept = Filter(source=told.both)
    else:
        return None
    return Choice(kind="sources", words=words, filter=kept, known="nullif(len(sources), 0)")


def plan_moves(length: Length, windows: Windows, area: Area) -> list[Moved]:
    """The other windows to try; dates of which the data do not cover both windows are left out."""
    moves = []
    if other := other_length(length):
        changed = _try_windows(windows.after[0], other)
        if changed is not None and changed != windows:
            words = f"{other.number} {other.unit} on each side"
            moves.append(Moved(kind="window", words=words, windows=changed))
    for days, words in ((30, "windows 30 days longer"), (-30, "windows 30 days shorter")):
        wider = widen_windows(windows, days)
        if wider is not None and (_covers(area, wider) or not _covers(area, windows)):
            moves.append(Moved(kind="window", words=words, windows=wider))
    return moves + [moved for moved in _move_split(length, windows.after[0]) if _covers(area, moved.windows)]


def _move_split(length: Length, split: dt.date) -> Iterator[Moved]:
    for months in (-12, *PLACEBO_MONTHS):
        try:
            day = move_months(split, months)
        except ValueError:
            continue
        if (windows := _try_windows(day, length)) is None:
            continue
        if months == -12:
            yield Moved(kind="season", words=f"same season a year before, {day}", windows=windows)
        else:
            yield Moved(kind="placebo", words=f"split {day}", windows=windows)


def _try_windows(split: dt.date, length: Length) -> Windows | None:
    try:
        return set_windows(split, length)
    except ConfigError:
        return None


def _covers(area: Area, windows: Windows) -> bool:
    if area.first is None or area.last is None:
        return False
    return area.first <= windows.edges[0] and windows.edges[2] <= area.last + dt.timedelta(days=1)


def find_reach(windows: Windows, moves: Sequence[Moved], area: Area) -> Span:
    """The days whose rows are needed for every comparison planned, within those that the data hold."""
    split = windows.edges[1]
    if area.first is None or area.last is None:
        return split, split
    first = min(moved.edges[0] for moved in (windows, *(move.windows for move in moves)))
    last = max(moved.edges[2] for moved in (windows, *(move.windows for move in moves)))
    first, last = max(first, area.first), min(last, area.last + dt.timedelta(days=1))
    return (first, last) if first < last else (split, split)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to try, and how often to draw."""

    moves: Sequence[Moved]
    choices: Mapping[str, Choice]
    sampling: Sampling


def build_sensitivity(rows: CaseRows, meaning: Meaning, plan: Plan) -> list[SensitivityRow]:
    """Every row of the table for one meaning."""
    told = _Teller(rows, meaning, plan.sampling)
    sums = rows.daily(meaning)
    found = [told.tell(("figures", f"{figure}est figures"), sums, figure=figure) for figure in ("low", "high")]
    found += [told.tell((move.kind, move.words), sums, windows=move.windows) for move in plan.moves]
    for count, words in ((1, "without the largest event of each window"), (10, "without the ten largest events")):
        largest = _find_largest(rows, meaning, count)
        if largest:
            left = sums.without(rows.daily_of(meaning, largest))
            found.append(told.tell(("largest", words), left, choice=Filter(without=largest)))
    known = _find_known(rows, meaning, plan.choices)
    for name, choice in plan.choices.items():
        if name in known:
            found.append(told.tell((choice.kind, choice.words), rows.daily(meaning, name), choice=choice.filter))
    return found


@dataclass(frozen=True)
class _Teller:
    rows: CaseRows
    meaning: Meaning
    sampling: Sampling

    def tell(
        self,
        named: tuple[str, str],
        sums: DailySums,
        *,
        windows: Windows | None = None,
        choice: Filter | None = None,
        figure: Figure = "best",
    ) -> SensitivityRow:
        held = windows or self.rows.windows
        pair = compare_sums(sums, held, self.sampling, figure)
        before, after = build_windows(self.rows, (self.meaning, choice), held, pair)
        return SensitivityRow(
            kind=named[0],
            choice=named[1],
            meaning=self.meaning,
            before=before,
            after=after,
            events_ratio=pair.events_ratio,
            deaths_ratio=pair.deaths_ratio,
        )


def build_windows(
    rows: CaseRows, asked: tuple[Meaning, Filter | None], windows: Windows, pair: Pair
) -> tuple[Window, Window]:
    """Both windows with their sums and the filters that find exactly their events. `asked` is meaning and choice."""
    meaning, choice = asked
    before, after = (
        Window(from_day=span[0], to_day=span[1], tally=tally, events_filter=rows.filter_of(meaning, span, choice))
        for span, tally in ((windows.before, pair.before), (windows.after, pair.after))
    )
    return before, after


def _find_largest(rows: CaseRows, meaning: Meaning, count: int) -> tuple[str, ...]:
    """The deadliest event of each window, or the ten deadliest of both together."""
    spans = (
        (rows.windows.before, rows.windows.after) if count == 1 else ((rows.windows.edges[0], rows.windows.edges[2]),)
    )
    found = []
    for span in spans:
        wanted = Filter(actor=rows.actor, meaning=meaning, from_day=span[0], to_day=span[1], deaths_at_least=1)
        condition, parameters = where(wanted)
        order = "ORDER BY deaths_best DESC, date_start, event_id LIMIT"
        found += rows.ask(f"SELECT event_id FROM {PICKED} WHERE {condition} {order} {count}", parameters)
    return tuple(sorted(str(row[0]) for row in found))


def _find_known(rows: CaseRows, meaning: Meaning, choices: Mapping[str, Choice]) -> set[str]:
    """The choices of which at least one event in the windows can say anything."""
    start, _, end = rows.windows.edges
    condition, parameters = where(Filter(actor=rows.actor, meaning=meaning, from_day=start, to_day=end))
    columns = ", ".join(f"count({choice.known})" for choice in choices.values()) or "1"
    found = rows.ask(f"SELECT {columns} FROM {PICKED} WHERE {condition}", parameters)[0]
    return {name for name, count in zip(choices, found) if count}
