"""The values that a view could still choose, with the events each would leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from conflictdesk.analyse.counts import narrow_filter
from conflictdesk.datasets.filters import where
from conflictdesk.datasets.opening import Dataset
from conflictdesk.desk.chips import DATE_PRECISION, PLACE_PRECISION
from conflictdesk.desk.narrowing import find_condition
from conflictdesk.errors import ConfigError
from conflictdesk.questions import Filter

_PARTIES = """
    SELECT k, sum(n) AS n FROM (
        SELECT actor1 AS k, count(*) AS n FROM events WHERE {condition} GROUP BY 1
        UNION ALL
        SELECT actor2, count(*) FROM events WHERE actor2 IS DISTINCT FROM actor1 AND ({condition}) GROUP BY 1
        UNION ALL
        SELECT party, count(*) FROM (
            SELECT actor1, actor2, unnest(list_distinct(associated)) AS party
            FROM events WHERE len(associated) > 0 AND ({condition})
        ) WHERE party IS DISTINCT FROM actor1 AND party IS DISTINCT FROM actor2 GROUP BY 1
    ) WHERE k IS NOT NULL GROUP BY k"""
_LISTED = """
    SELECT k, count(*) AS n FROM (
        SELECT unnest(CASE WHEN len({key}) > 1 THEN list_distinct({key}) ELSE {key} END) AS k
        FROM events WHERE {condition}
    ) WHERE k IS NOT NULL GROUP BY k"""
_SINGLE = "SELECT {key} AS k, count(*) AS n FROM events WHERE {condition} AND {key} IS NOT NULL GROUP BY k"


@dataclass(frozen=True, slots=True)
class Facet:
    """A column to choose from: `key` is its SQL, `counting` the query that counts its values.

    `quick` facets are counted with every view, the others when they are opened.
    """

    name: str
    title: str
    key: str
    counting: str = _SINGLE
    quick: bool = False
    labels: Mapping[int, str] | None = None
    shown: int = 8


FACETS: Final = (
    Facet("event_type", "Type", "event_type", quick=True),
    Facet("original_type", "Type in the source", "original_type", quick=True),
    Facet("country", "Country", "country", quick=True),
    Facet("admin1", "Province", "admin1", quick=True),
    Facet("actor", "Actor", "", _PARTIES, quick=True),
    Facet("source", "Source", "sources", _LISTED),
    Facet("year", "Year", "year(date_start)", shown=60),
    Facet(
        "civilian_targeting",
        "Civilians",
        "civilian_targeting",
        labels={True: "were the main target", False: "were not the main target"},
    ),
    Facet("place_precision", "How well the place is known", "place_precision", labels=PLACE_PRECISION),
    Facet("date_precision", "How well the date is known", "date_precision", labels=DATE_PRECISION),
    Facet("flag", "Flags of the source row", "flags", _LISTED),
    Facet("origin", "Imported from", "origin"),
)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value: `toggled` is the view with it chosen or let go, `only` finds exactly the events counted."""

    label: str
    events: int
    chosen: bool
    toggled: Filter
    only: Filter


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The most frequent values of a facet, None where they are not counted yet; `more` counts the values left out."""

    name: str
    title: str
    values: tuple[FacetValue, ...] | None
    more: int

    @property
    def chosen(self) -> bool:
        """Whether the view has chosen here."""
        return any(value.chosen for value in self.values or ())


def count_facets(dataset: Dataset, wanted: Filter, opened: Collection[str] = ()) -> tuple[FacetGroup, ...]:
    """The facets of a view: counted where they are quick, chosen from or named in `opened`, else the bare title.

    A facet in which something is chosen counts as if it were not, so that its other values can be added. A quick
    facet without a choice is left out.
    """
    groups = []
    for facet in FACETS:
        if facet.quick or facet.name in opened or getattr(wanted, facet.name, ()) not in ((), None):
            group = count_facet(dataset, wanted, facet.name)
            if len(group.values or ()) > 1 or group.chosen or not facet.quick:
                groups.append(group)
        else:
            groups.append(FacetGroup(facet.name, facet.title, None, 0))
    return tuple(groups)


@lru_cache(maxsize=512)
def count_facet(dataset: Dataset, wanted: Filter, name: str) -> FacetGroup:
    """One facet of a view.

    Raises:
        ConfigError: there is no such facet.
    """
    facet = next((facet for facet in FACETS if facet.name == name), None)
    if facet is None:
        raise ConfigError(f"there is no facet {name[:40]!r}; know {', '.join(facet.name for facet in FACETS)}")
    free = wanted if name == "year" else _choose(wanted, name, _empty(name))
    condition, parameters = find_condition(dataset, free)
    counting = facet.counting.format(key=facet.key, condition=condition)
    order = "1 DESC" if name == "year" else "2 DESC, 1"
    rows = dataset.ask(
        f"SELECT k, CAST(n AS BIGINT), count(*) OVER () FROM ({counting}) ORDER BY {order} LIMIT {facet.shown}",
        parameters * facet.counting.count("{condition}"),
    )
    values = [_make_value(free, wanted, facet, row[0], int(str(row[1]))) for row in rows]
    values += _count_chosen(dataset, free, wanted, facet, {row[0] for row in rows})
    return FacetGroup(facet.name, facet.title, tuple(values), int(str(rows[0][2])) - len(rows) if rows else 0)


def _count_chosen(
    dataset: Dataset, free: Filter, wanted: Filter, facet: Facet, listed: Collection[object]
) -> list[FacetValue]:
    """What is chosen and too rare to be listed stays in sight all the same."""
    chosen = getattr(wanted, facet.name, ())
    values = []
    for key in chosen[:20] if isinstance(chosen, tuple) else ():
        if key not in listed:
            condition, parameters = where(_choose(free, facet.name, (key,)))
            number = dataset.ask(f"SELECT count(*) FROM events WHERE {condition}", parameters)[0][0]
            values.append(_make_value(free, wanted, facet, key, int(str(number))))
    return values


def _make_value(free: Filter, wanted: Filter, facet: Facet, key: object, events: int) -> FacetValue:
    label = facet.labels.get(key, str(key)) if facet.labels and isinstance(key, int) else str(key)
    if facet.name == "flag":
        label = label.replace("_", " ")
    if facet.name == "year":
        year = int(str(key))
        only = narrow_filter(wanted, "year", dt.date(year, 1, 1))
        return FacetValue(label, events, False, only, only)
    if facet.name == "civilian_targeting":
        chosen = wanted.civilian_targeting is key
        only = replace(free, civilian_targeting=bool(key))
        return FacetValue(label, events, chosen, free if chosen else only, only)
    held: tuple[object, ...] = getattr(wanted, facet.name)
    kept = tuple(one for one in held if one != key) if key in held else (*held, key)
    # Many sources in one row are one row still: the whole address says which of them is meant.
    toggled = _choose(free, facet.name, kept)
    return FacetValue(label, events, key in held, toggled, _choose(free, facet.name, (key,)))


def _choose(wanted: Filter, name: str, value: object) -> Filter:
    return replace(wanted, **{name: value})  # type: ignore[arg-type]  # what is read from a column fits its field


def _empty(name: str) -> object:
    return None if name == "civilian_targeting" else ()
