"""The figures that the caveats rest on, read from the actor's rows in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.analyse.case_rows import PICKED, CaseRows
from conflictdesk.datasets.filters import Parameter, where
from conflictdesk.questions import Filter, Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Counts of the actor's events in both windows, by name, and what needs more than counting."""

    counts: Mapping[str, int]
    flags: tuple[str, ...]
    lag: float | None
    late_lag: float | None
    one_figure: tuple[tuple[str, int], ...]
    changed: tuple[str, ...]
    undated: int


_COUNTS: Final[Mapping[str, str]] = {
    "events": "count(*)",
    "deaths": "coalesce(sum(deaths_best), 0)",
    "imputed": "count(*) FILTER (deaths_imputed IS NOT NULL)",
    "imputed_deaths": "coalesce(sum(deaths_best) FILTER (deaths_imputed IS NOT NULL), 0)",
    "single": "count(*) FILTER (n_sources <= 1)",
    "sources_known": "count(n_sources)",
    "coarse_days": "count(*) FILTER (date_precision >= 2)",
    "coarse_places": "count(*) FILTER (place_precision >= 2)",
    "aggregates": "count(*) FILTER (aggregate)",
    "aggregate_deaths": "coalesce(sum(deaths_best) FILTER (aggregate), 0)",
    "flagged": "count(*) FILTER (len(flags) > 0)",
}


def read_sheet(rows: CaseRows, meaning: Meaning) -> Sheet:
    """Count what the caveats ask for, over the actor's events in both windows."""
    start, _, end = rows.windows.edges
    condition, parameters = where(Filter(actor=rows.actor, meaning=meaning, from_day=start, to_day=end))
    inside = f"FROM {PICKED} WHERE {condition}"
    lag = "date_diff('day', date_start, first_reported)"
    columns = ", ".join((*_COUNTS.values(), f"median({lag})", f"quantile_cont({lag}, 0.9)"))
    found = rows.ask(f"SELECT {columns} {inside}", parameters)[0]
    counts = {name: int(str(value)) for name, value in zip(_COUNTS, found)}
    counts["no_point"] = _count_lacking(rows, meaning, "point")
    flags = rows.ask(f"SELECT DISTINCT unnest(flags) AS flag {inside} ORDER BY flag", parameters)
    return Sheet(
        counts=counts,
        flags=tuple(str(row[0]) for row in flags),
        lag=_real(found[-2]),
        late_lag=_real(found[-1]),
        one_figure=_find_one_figure(rows, inside, parameters),
        changed=_find_changed(rows, inside, parameters),
        undated=_count_lacking(rows, meaning, "day"),
    )


def _find_one_figure(rows: CaseRows, inside: str, parameters: Sequence[Parameter]) -> tuple[tuple[str, int], ...]:
    """Origins that write 0 but never leave deaths open and never give a range: their 0 may mean "not known"."""
    ranged = "deaths_best IS NULL OR deaths_low <> deaths_best OR deaths_high IS DISTINCT FROM deaths_best"
    found = rows.ask(
        f"SELECT origin, count(*) FILTER (deaths_best = 0) AS zeros {inside} GROUP BY origin"
        f" HAVING zeros > 0 AND count(*) FILTER ({ranged}) = 0 ORDER BY origin",
        parameters,
    )
    return tuple((str(origin), int(str(zeros))) for origin, zeros in found)


def _find_changed(rows: CaseRows, inside: str, parameters: Sequence[Parameter]) -> tuple[str, ...]:
    ids = f"SELECT event_id {inside}"
    found = rows.ask(f"SELECT DISTINCT event_id FROM changes WHERE event_id IN ({ids}) ORDER BY 1", parameters)
    return tuple(str(row[0]) for row in found)


def _count_lacking(rows: CaseRows, meaning: Meaning, what: str) -> int:
    """The actor's events that lack a point in the windows, or a day anywhere: asked of the dataset itself."""
    start, _, end = rows.windows.edges
    wanted = rows.filter_of(meaning, None if what == "day" else (start, end), Filter(missing=(what,)))
    condition, parameters = where(wanted)
    return int(str(rows.ask(f"SELECT count(*) FROM events WHERE {condition}", parameters)[0][0]))


def _real(value: object) -> float | None:
    return None if value is None else float(str(value))
