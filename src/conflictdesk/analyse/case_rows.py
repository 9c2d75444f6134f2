"""The rows that a comparison is made of, read once: sums a day under each meaning and each choice.

One pass over the events makes a small table of the actor's rows; one GROUP BY over that gives sums by day and by a
bit mask of conditions. Every window, meaning and choice is then a slice of running sums, so that forty comparisons
cost little more than one. The conditions are those of `datasets.filters.where`, so that a number and the filter that
opens it cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from conflictdesk.analyse.daily_sums import DailySums, Sums, name_sums, run_sums
from conflictdesk.analyse.windows import Span, Windows
from conflictdesk.datasets.filters import Parameter, where
from conflictdesk.datasets.opening import Dataset, Row
from conflictdesk.questions import MEANINGS, Filter, Meaning

if TYPE_CHECKING:
    import duckdb

_COLUMNS: Final = (
    "event_id, origin, date_start, date_end, date_precision, place_precision, actor1, actor2,"
    " associated, perpetrator, attributed_to, civilian_targeting, deaths_low, deaths_best, deaths_high, deaths_imputed,"
    " deaths_actor1, deaths_actor2, injured_low, injured_best, injured_high, aggregate, sources, n_sources,"
    " first_reported, last_reported, flags"
)
PICKED: Final = "comparison_rows"
"""The temporary table of the actor's rows; it has no points, whose columns are slow to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Rows of sums: the number of the day from the reach's first, the bit mask of what holds, the sums."""

    days: Sums
    masks: Sums
    sums: Sums


@dataclass(frozen=True, kw_only=True)
class CaseRows:
    """The rows of the actor in and around the windows. `base` is the filter without the actor."""

    dataset: Dataset
    base: Filter
    actor: tuple[str, ...]
    windows: Windows
    reach: Span
    bits: Mapping[str, int]
    groups: Groups
    _held: dict[tuple[Meaning, str | None], DailySums] = field(default_factory=dict)

    def filter_of(self, meaning: Meaning, span: Span | None = None, choice: Filter | None = None) -> Filter:
        """The filter that finds the actor's events under a meaning, in a span, with a choice besides."""
        wanted = self.base if choice is None else join_filters(self.base, choice)
        if wanted is None:
            raise ValueError("the question asks of this already")
        wanted = replace(wanted, actor=self.actor, meaning=meaning)
        return wanted if span is None else replace(wanted, from_day=span[0], to_day=span[1])

    def daily(self, meaning: Meaning, choice: str | None = None) -> DailySums:
        """The sums a day under a meaning, of the events that meet a choice."""
        key = (meaning, choice)
        if key not in self._held:
            wanted = 1 << self.bits[meaning] | (1 << self.bits[choice] if choice else 0)
            kept = (self.groups.masks & wanted) == wanted
            self._held[key] = self._run(self.groups.days[kept], self.groups.sums[kept])
        return self._held[key]

    def daily_of(self, meaning: Meaning, event_ids: Sequence[str]) -> DailySums:
        """The sums a day of these events alone."""
        wanted = where(Filter(actor=self.actor, meaning=meaning, event_id=tuple(event_ids)))
        groups = _group_rows(self.dataset, self.reach, wanted, ("0", []))
        return self._run(groups.days, groups.sums)

    def ask(self, sql: str, parameters: Sequence[Parameter] = ()) -> list[Row]:
        """Ask the table of the actor's rows."""
        return self.dataset.ask(sql, parameters)

    def _run(self, days: Sums, sums: Sums) -> DailySums:
        first, last = self.reach
        return run_sums(first, (last - first).days, days, sums)


def join_filters(base: Filter, choice: Filter) -> Filter | None:
    """Both filters at once; None where both ask of the same field, for one cannot always say both.

    Names of events that are left out and of values that lack are joined; event ids are taken from the choice, whose
    events are among those of the base.
    """
    empty = Filter()
    asked: dict[str, object] = {}
    for name in (part.name for part in fields(Filter)):
        mine, theirs = getattr(base, name), getattr(choice, name)
        if theirs == getattr(empty, name):
            continue
        if mine != getattr(empty, name) and name not in ("without", "missing", "event_id"):
            return None
        joined = name in ("without", "missing")
        asked[name] = tuple(dict.fromkeys((*mine, *theirs))) if joined else theirs
    return replace(base, **asked)  # type: ignore[arg-type]  # each field takes what the same field held


@contextmanager
def hold_rows(dataset: Dataset, base: Filter, actor: tuple[str, ...], windows: Windows, reach: Span) -> Iterator[None]:
    """Keep the actor's rows of the days of `reach` as PICKED, and the earlier rows that reach into the windows.

    Rows without a day are left out.
    """
    condition, parameters = where(base)
    who, names = _any_meaning(actor)
    near, early = "date_start >= ? AND date_start < ?", "date_start < ? AND date_end >= ?"
    select = f"SELECT {_COLUMNS} FROM events WHERE {condition} AND {who} AND"
    cursor: duckdb.DuckDBPyConnection = dataset.cursor()
    dataset.ask(f"CREATE OR REPLACE TEMP TABLE {PICKED} AS {select} {near}", [*parameters, *names, *reach])
    try:
        dataset.ask(f"INSERT INTO {PICKED} {select} {early}", [*parameters, *names, reach[0], windows.edges[0]])
        yield
    finally:
        cursor.execute(f"DROP TABLE IF EXISTS {PICKED}")


def holds_all(dataset: Dataset, actor: Sequence[str]) -> bool:
    """Whether the held rows know every one of these names."""
    asked = [where(Filter(actor=(name,), meaning=meaning)) for name in actor for meaning in MEANINGS]
    found = dataset.ask(
        f"SELECT {', '.join(f'bool_or({sql})' for sql, _ in asked)} FROM {PICKED}",
        [p for _, parameters in asked for p in parameters],
    )[0]
    each = len(MEANINGS)
    return all(any(found[each * place : each * (place + 1)]) for place in range(len(actor)))


def _any_meaning(actor: tuple[str, ...]) -> tuple[str, list[Parameter]]:
    held = [where(Filter(actor=actor, meaning=meaning)) for meaning in MEANINGS]
    return f"({' OR '.join(sql for sql, _ in held)})", [p for _, parameters in held for p in parameters]


def read_case(
    dataset: Dataset, question: tuple[Filter, tuple[str, ...], Windows], reach: Span, choices: Mapping[str, Filter]
) -> CaseRows:
    """Sum the held rows by day, meaning and choice. `question` is base filter, actor, windows."""
    base, actor, windows = question
    conditions = {meaning: where(Filter(actor=actor, meaning=meaning)) for meaning in MEANINGS}
    named: dict[str, tuple[str, list[Parameter]]] = {str(meaning): told for meaning, told in conditions.items()}
    named |= {name: where(choice) for name, choice in choices.items()}
    bits = {name: place for place, name in enumerate(named)}
    mask = " + ".join(f"(CASE WHEN {sql} THEN {1 << bits[name]} ELSE 0 END)" for name, (sql, _) in named.items())
    parameters: list[Parameter] = [p for _, some in named.values() for p in some]
    groups = _group_rows(dataset, reach, ("TRUE", []), (mask, parameters))
    return CaseRows(dataset=dataset, base=base, actor=actor, windows=windows, reach=reach, bits=bits, groups=groups)


def _group_rows(
    dataset: Dataset, reach: Span, condition: tuple[str, list[Parameter]], mask: tuple[str, list[Parameter]]
) -> Groups:
    sums = [f"coalesce(CAST({sql} AS BIGINT), 0) AS t{place}" for place, sql in enumerate(name_sums())]
    keys = f"date_diff('day', ?::DATE, date_start)::BIGINT AS day, ({mask[0]})::BIGINT AS mask"
    inside = f"FROM {PICKED} WHERE date_start >= ? AND date_start < ? AND ({condition[0]})"
    parameters = [reach[0], *mask[1], *reach, *condition[1]]
    asked = dataset.cursor().execute(f"SELECT {keys}, {', '.join(sums)} {inside} GROUP BY ALL", parameters)
    found = asked.fetchnumpy()
    return Groups(
        days=np.asarray(found["day"], np.int64),
        masks=np.asarray(found["mask"], np.int64),
        sums=np.stack([np.asarray(found[f"t{place}"], np.int64) for place in range(len(sums))], axis=1),
    )
