"""The events behind a number, as a list; the values that a filter could still choose, with counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.analyse.counts import count_events
from conflictdesk.datasets.filters import where
from conflictdesk.datasets.opening import Dataset, Row
from conflictdesk.errors import ConfigError
from conflictdesk.questions import CountQuestion, CountRow, Dimension, Filter, Incident

Order = Literal["date", "newest", "deaths", "influence"]
ORDERS: Final[dict[Order, str]] = {
    # The file is sorted by day and id, so that `ordinal` settles what is equal.
    "date": "ordinal",
    "newest": "date_start DESC NULLS LAST, ordinal",
    "deaths": "deaths_best DESC NULLS LAST, ordinal",
    "influence": (
        "greatest(coalesce(deaths_best, 0), coalesce(deaths_high, 0) - coalesce(deaths_low, 0)) DESC,"
        " deaths_best DESC NULLS LAST, ordinal"
    ),
}
"""Influence: what a sum of deaths would lose without the event, or by how much its own range could move the sum."""
PAGE_AT_MOST: Final = 1000
Original = tuple[tuple[str, str | None], ...]
Change = tuple[str, str | None, str | None, str | None, str | None]
_COLUMNS: Final = (
    "event_id, date_start, date_end, date_precision, coalesce(sub_event_type, original_type, event_type, ''),"
    " actor1, actor2, location, admin1, country, place_precision, latitude, longitude,"
    " deaths_low, deaths_best, deaths_high, injured_low, injured_best, injured_high,"
    " sources, coalesce(notes, headline, ''), flags"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An earlier version of an event: every column as text, and why it no longer counts."""

    version: str | None
    superseded_version: str | None
    reason: str
    values: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of an article that a field of an event rests on."""

    field: str
    quote: str
    source: str | None
    article_title: str | None
    published_on: dt.date | None
    url: str | None
    context: str | None
    start_in_context: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSheet:
    """All that a dataset holds of one event: columns in order, quotes, the row as it came, earlier versions, changes.

    `changes` are (field, old, new, old version, new version).
    """

    incident: Incident
    values: tuple[tuple[str, object], ...]
    quotes: tuple[Quote, ...]
    original: Original
    earlier: tuple[Version, ...]
    changes: tuple[Change, ...]


def list_incidents(
    dataset: Dataset, wanted: Filter, *, order: Order = "date", limit: int = 100, offset: int = 0
) -> tuple[Incident, ...]:
    """The events that match a filter, `limit` of them from number `offset` on; equal ones in the order of their ids.

    Raises:
        ConfigError: an unknown order, a limit outside 1..1000, or an offset below 0.
    """
    if order not in ORDERS:
        raise ConfigError(f"cannot order by {str(order)[:40]!r}; know {', '.join(ORDERS)}")
    if not 1 <= limit <= PAGE_AT_MOST or not 0 <= offset <= 10**9:
        raise ConfigError(f"a page holds 1 to {PAGE_AT_MOST} events and begins at 0 or later")
    condition, parameters = where(wanted)
    # The database sorts few columns and fetches the others for one page alone.
    rows = dataset.ask(
        f"SELECT {_COLUMNS} FROM events WHERE {condition} ORDER BY {ORDERS[order]} LIMIT {limit} OFFSET {offset}",
        parameters,
    )
    return tuple(map(read_incident, rows))


def find_incidents(dataset: Dataset, event_ids: Sequence[str]) -> tuple[Incident, ...]:
    """The named events, in the order of the names; unknown names are left out."""
    if not event_ids:
        return ()
    marks = ", ".join("?" * len(event_ids))
    rows = dataset.ask(f"SELECT {_COLUMNS} FROM events WHERE event_id IN ({marks})", list(event_ids))
    found = {incident.event_id: incident for incident in map(read_incident, rows)}
    return tuple(found[key] for key in event_ids if key in found)


def read_incident(row: Row) -> Incident:
    """Make an Incident of the columns that `find_incidents` asks for."""
    place = [str(part) for part in row[7:10] if part]
    low, best, high, hurt_low, hurt, hurt_high = map(_whole, row[13:19])
    return Incident(
        event_id=str(row[0]),
        date_start=_day(row[1]),
        date_end=_day(row[2]),
        date_precision=_whole(row[3]),
        what=str(row[4]),
        actor1=_word(row[5]),
        actor2=_word(row[6]),
        where=", ".join(dict.fromkeys(place)),
        place_precision=_whole(row[10]),
        latitude=_real(row[11]),
        longitude=_real(row[12]),
        deaths=(low, best, high),
        injured=(hurt_low, hurt, hurt_high),
        sources=_words(row[19]),
        notes=str(row[20]),
        flags=_words(row[21]),
    )


def count_facets(
    dataset: Dataset, wanted: Filter, dimensions: Sequence[Dimension], *, limit: int = 12
) -> dict[Dimension, tuple[CountRow, ...]]:
    """For each dimension, its most frequent values among the events that match, with the filter that chooses each."""
    return {
        name: count_events(dataset, CountQuestion(by=(name,), filter=wanted, limit=limit)).rows for name in dimensions
    }


def read_event(dataset: Dataset, event_id: str) -> EventSheet | None:
    """All that the dataset holds of an event; None where it has no such event."""
    return read_events(dataset, [event_id]).get(event_id)


def read_events(dataset: Dataset, event_ids: Sequence[str]) -> dict[str, EventSheet]:
    """All that the dataset holds of these events, by their id; unknown ids are left out.

    A batch is looked up in one query for each table, so that many events cost little more than one.
    """
    from conflictdesk.datasets.schema import EVENT_COLUMNS

    wanted = tuple(dict.fromkeys(event_ids))
    sheets: dict[str, EventSheet] = {}
    for first in range(0, len(wanted), PAGE_AT_MOST):
        sheets |= _read_batch(dataset, wanted[first : first + PAGE_AT_MOST], tuple(EVENT_COLUMNS))
    return sheets


def _read_batch(dataset: Dataset, ids: Sequence[str], names: Sequence[str]) -> dict[str, EventSheet]:
    incidents = {incident.event_id: incident for incident in find_incidents(dataset, ids)}
    columns = ", ".join(f'"{name}"' for name in names)
    rows = dataset.ask(f"SELECT event_id, {columns} FROM events WHERE event_id IN ({_marks(ids)})", ids)
    values = {str(row[0]): dict(zip(names, row[1:])) for row in rows}
    origins = {key: (str(held["import_id"]), _whole(held["row"])) for key, held in values.items()}
    originals = _read_originals(dataset, origins.values())
    quotes, earlier = _read_quotes(dataset, ids), _read_earlier(dataset, ids, names)
    changes = _read_changes(dataset, ids)
    return {
        key: EventSheet(
            incident=incidents[key],
            values=tuple(values[key].items()),
            quotes=tuple(quotes.get(key, ())),
            original=originals.get(origins[key], ()),
            earlier=tuple(earlier.get(key, ())),
            changes=tuple(changes.get(key, ())),
        )
        for key in ids
        if key in incidents
    }


def read_original(dataset: Dataset, import_id: str, number: int | None) -> Original:
    """A row exactly as its file had it: (column, text) in the file's order; empty where no rows are kept."""
    return _read_originals(dataset, [(import_id, number)]).get((import_id, number), ())


def _read_originals(
    dataset: Dataset, origins: Iterable[tuple[str, int | None]]
) -> dict[tuple[str, int | None], Original]:
    wanted: dict[str, list[int]] = {}
    for import_id, number in origins:
        if number is not None:
            wanted.setdefault(import_id, []).append(number)
    found: dict[tuple[str, int | None], Original] = {}
    for import_id, numbers in wanted.items():
        path = dataset.original_path(import_id)
        if not path.is_file():
            continue
        sql = f'SELECT * FROM read_parquet(?) WHERE "row" IN ({_marks(numbers)})'
        cursor = dataset.cursor().execute(sql, [str(path), *numbers])
        names = [str(column[0]) for column in cursor.description or ()]
        for row in cursor.fetchall():
            told = tuple((name, _word(value)) for name, value in zip(names, row) if name != "row")
            found.setdefault((import_id, _whole(row[names.index("row")])), told)
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _read_quotes(dataset: Dataset, ids: Sequence[str]) -> dict[str, list[Quote]]:
    rows = dataset.ask(
        'SELECT event_id, field, quote, source, article_title, published_on, url, context, "start" - context_start'
        f" FROM quotes WHERE event_id IN ({_marks(ids)})"
        ' ORDER BY field, published_on NULLS LAST, article_id, "start"',
        ids,
    )
    held: dict[str, list[Quote]] = {}
    for key, field, quote, source, title, published, url, context, start in rows:
        told = Quote(
            field=str(field),
            quote=str(quote),
            source=_word(source),
            article_title=_word(title),
            published_on=_day(published),
            url=_word(url),
            context=_word(context),
            start_in_context=_whole(start),
        )
        held.setdefault(str(key), []).append(told)
    return held


def _read_earlier(dataset: Dataset, ids: Sequence[str], names: Sequence[str]) -> dict[str, list[Version]]:
    columns = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in names)
    rows = dataset.ask(
        f"SELECT event_id, version, superseded_version, reason, {columns} FROM superseded"
        f' WHERE event_id IN ({_marks(ids)}) ORDER BY version, import_id, "row"',
        ids,
    )
    held: dict[str, list[Version]] = {}
    for row in rows:
        told = Version(
            version=_word(row[1]),
            superseded_version=_word(row[2]),
            reason=str(row[3]),
            values=tuple((name, _word(value)) for name, value in zip(names, row[4:])),
        )
        held.setdefault(str(row[0]), []).append(told)
    return held


def _read_changes(dataset: Dataset, ids: Sequence[str]) -> dict[str, list[Change]]:
    rows = dataset.ask(
        "SELECT event_id, field, old, new, old_version, new_version FROM changes"
        f" WHERE event_id IN ({_marks(ids)}) ORDER BY new_version, field",
        ids,
    )
    held: dict[str, list[Change]] = {}
    for key, field, old, new, was, now in rows:
        held.setdefault(str(key), []).append((str(field), _word(old), _word(new), _word(was), _word(now)))
    return held


def _day(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(part) for part in value) if isinstance(value, (list, tuple)) else ()
