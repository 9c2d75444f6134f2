"""What the page of a view shows: sums, chips, facets, time line and one page of its events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from conflictdesk.analyse.counts import DIMENSIONS, TALLY, read_tally
from conflictdesk.analyse.listing import ORDERS, Order, list_incidents
from conflictdesk.datasets.filters import MISSING, filter_pairs
from conflictdesk.datasets.opening import Dataset, Row
from conflictdesk.desk.chips import Chip, say_filter
from conflictdesk.desk.facets import FacetGroup, count_facets
from conflictdesk.desk.narrowing import find_condition
from conflictdesk.desk.timeline import Timeline, read_timeline
from conflictdesk.errors import ConfigError
from conflictdesk.questions import Filter, Incident, Tally

PAGE_SIZE: Final = 50
ORDER_WORDS: Final[tuple[tuple[Order, str], ...]] = (
    ("newest", "newest"),
    ("date", "oldest"),
    ("deaths", "deaths"),
    ("influence", "influence"),
)
_DEEPEST: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """A page of the events of a filter, and what all of them add up to."""

    wanted: Filter
    tally: Tally
    chips: tuple[Chip, ...]
    incidents: tuple[Incident, ...]
    page: int
    order: Order
    default_order: Order
    orders: tuple[tuple[Order, str], ...] = ORDER_WORDS
    civilian_deaths: int | None = None
    """The sum of civilian deaths (best figures); None where no event tells any."""

    @property
    def first(self) -> int:
        """The number of the page's first event, from 1."""
        return (self.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The number of the page's last event."""
        return self.first + len(self.incidents) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ExploreView(ListView):
    """A list with its map, time line and facets; the bounds hold all that can be drawn."""

    no_point: int
    undated: int
    bounds: str
    facets: tuple[FacetGroup, ...]
    timeline: Timeline
    countable: frozenset[str] = frozenset(DIMENSIONS)

    @property
    def query(self) -> str:
        """The filter as the query of an address."""
        return urlencode(filter_pairs(self.wanted))

    @property
    def pointless(self) -> Filter:
        """The events that cannot be drawn."""
        return _lacking(self.wanted, "point")

    @property
    def no_deaths(self) -> Filter:
        """The events of which nothing is said about deaths."""
        return _lacking(self.wanted, "deaths")

    @property
    def civilians(self) -> Filter:
        """The events that targeted civilians; where the view asks for others alone, there are none."""
        if self.wanted.civilian_targeting is False:
            return self.wanted
        return replace(self.wanted, civilian_targeting=True)

    @property
    def kept_pairs(self) -> list[tuple[str, str]]:
        """What the search form carries along: all that it has no field for."""
        return filter_pairs(replace(self.wanted, text=None, from_day=None, to_day=None))

    @property
    def time_data(self) -> dict[str, object]:
        """The bars of the time line for the browser's chart."""
        f = self.wanted
        return {
            "step": self.timeline.step,
            "from": f.from_day.isoformat() if f.from_day else None,
            "to": f.to_day.isoformat() if f.to_day else None,
            "bars": [
                [bar.from_day.isoformat(), bar.to_day.isoformat(), bar.events, bar.deaths, int(bar.chosen)]
                for bar in self.timeline.bars
            ],
        }


def _lacking(wanted: Filter, what: str) -> Filter:
    return replace(wanted, missing=tuple(dict.fromkeys((*wanted.missing, what))))


def read_page(text: str | None) -> int:
    """The number of a page.

    Raises:
        ConfigError: it is no number from 1 on, or one that lies too deep.
    """
    if text is None or text == "":
        return 1
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise ConfigError(f"page: {text[:20]!r} is not a number from 1 on")
    if (int(text) - 1) * PAGE_SIZE > _DEEPEST:
        raise ConfigError(f"page: no page lies beyond event {_DEEPEST:,}; narrow the question or take the CSV")
    return int(text)


def read_order(text: str | None, default: Order) -> Order:
    """The order of a list.

    Raises:
        ConfigError: there is no such order.
    """
    if not text:
        return default
    if text not in ORDERS:
        raise ConfigError(f"order: {text[:20]!r} is not one of {', '.join(ORDERS)}")
    return text


def view_list(dataset: Dataset, wanted: Filter, *, page: int = 1, order: Order = "date") -> ListView:
    """A page of the plain list of events."""
    condition, parameters = find_condition(dataset, wanted)
    row = dataset.ask(f"SELECT sum(deaths_civilians), {TALLY} FROM events WHERE {condition}", parameters)[0]
    return ListView(
        wanted=wanted,
        tally=read_tally(row[1:]),
        civilian_deaths=None if row[0] is None else int(str(row[0])),
        chips=say_filter(wanted),
        incidents=_read_incidents(dataset, wanted, page, order),
        page=page,
        order=order,
        default_order="date",
    )


def view_explore(
    dataset: Dataset, wanted: Filter, *, page: int = 1, order: Order = "newest", opened: Collection[str] = ()
) -> ExploreView:
    """All parts of the explore page; `opened` names facets to count besides the quick ones."""
    row = _sum_up(dataset, wanted)
    corners = row[2:6]
    return ExploreView(
        wanted=wanted,
        tally=read_tally(row[6:]),
        chips=say_filter(wanted),
        incidents=_read_incidents(dataset, wanted, page, order),
        page=page,
        order=order,
        default_order="newest",
        no_point=int(str(row[0])),
        undated=int(str(row[1])),
        bounds="" if None in corners else ",".join(map(str, corners)),
        facets=count_facets(dataset, wanted, opened),
        timeline=read_timeline(dataset, wanted),
    )


@lru_cache(maxsize=256)
def _sum_up(dataset: Dataset, wanted: Filter) -> Row:
    """Events that cannot be drawn, that have no day; west, south, east, north of those drawn; the sums of TALLY."""
    condition, parameters = find_condition(dataset, wanted)
    drawn = f"NOT {MISSING['point']}"
    edges = ", ".join(
        f"{side}({column}) FILTER ({drawn})" for side in ("min", "max") for column in ("longitude", "latitude")
    )
    return dataset.ask(
        f"SELECT count(*) FILTER ({MISSING['point']}), count(*) FILTER ({MISSING['day']}), {edges}, {TALLY}"
        f" FROM events WHERE {condition}",
        parameters,
    )[0]


def _read_incidents(dataset: Dataset, wanted: Filter, page: int, order: Order) -> tuple[Incident, ...]:
    return list_incidents(dataset, wanted, order=order, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
