"""The events behind a number, as a list; the values that a filter could still choose, with counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.analyse.counts import count_events
from conflictdesk.datasets.filters import where
from conflictdesk.datasets.opening import Dataset, Row
from conflictdesk.errors import ConfigError
from conflictdesk.questions import CountQuestion, CountRow, Dimension, Filter, Incident

Order = Literal["date", "newest", "deaths", "influence"]
ORDERS: Final[dict[Order, str]] = {
    "date": "date_start ASC NULLS LAST, ordinal",
    "newest": "date_start DESC NULLS LAST, ordinal",
    "deaths": "deaths_best DESC NULLS LAST, date_start ASC NULLS LAST, ordinal",
    "influence": (
        "greatest(coalesce(deaths_best, 0), coalesce(deaths_high, 0) - coalesce(deaths_low, 0)) DESC,"
        " deaths_best DESC NULLS LAST, date_start ASC NULLS LAST, ordinal"
    ),
}
"""Influence: what a sum of deaths would lose without the event, or by how much its own range could move the sum."""
PAGE_AT_MOST: Final = 1000
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
    original: tuple[tuple[str, str | None], ...]
    earlier: tuple[Version, ...]
    changes: tuple[tuple[str, str | None, str | None, str | None, str | None], ...]


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
    # Few columns are sorted, and the rest is fetched for one page alone.
    keys = dataset.ask(
        f"SELECT ordinal FROM events WHERE {condition} ORDER BY {ORDERS[order]} LIMIT {limit} OFFSET {offset}",
        parameters,
    )
    return _fetch_incidents(dataset, "ordinal", [int(str(key[0])) for key in keys])


def find_incidents(dataset: Dataset, event_ids: Sequence[str]) -> tuple[Incident, ...]:
    """The named events, in the order of the names; unknown names are left out."""
    return _fetch_incidents(dataset, "event_id", event_ids)


def _fetch_incidents(
    dataset: Dataset, column: Literal["event_id", "ordinal"], keys: Sequence[str | int]
) -> tuple[Incident, ...]:
    if not keys:
        return ()
    marks = ", ".join("?" * len(keys))
    rows = dataset.ask(f"SELECT {column}, {_COLUMNS} FROM events WHERE {column} IN ({marks})", list(keys))
    found = {row[0]: read_incident(row[1:]) for row in rows}
    return tuple(found[key] for key in keys if key in found)


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
    from conflictdesk.datasets.schema import EVENT_COLUMNS

    incidents = find_incidents(dataset, [event_id])
    if not incidents:
        return None
    names = list(EVENT_COLUMNS)
    columns = ", ".join(f'"{name}"' for name in names)
    row = dataset.ask(f"SELECT {columns} FROM events WHERE event_id = ?", [event_id])[0]
    values = tuple(zip(names, row))
    return EventSheet(
        incident=incidents[0],
        values=values,
        quotes=_read_quotes(dataset, event_id),
        original=read_original(dataset, str(dict(values)["import_id"]), _whole(dict(values)["row"])),
        earlier=_read_earlier(dataset, event_id, names),
        changes=_read_changes(dataset, event_id),
    )


def read_original(dataset: Dataset, import_id: str, number: int | None) -> tuple[tuple[str, str | None], ...]:
    """A row exactly as its file had it: (column, text) in the file's order; empty where no rows are kept."""
    path = dataset.original_path(import_id)
    if number is None or not path.is_file():
        return ()
    cursor = dataset.cursor().execute('SELECT * FROM read_parquet(?) WHERE "row" = ?', [str(path), number])
    names = [str(column[0]) for column in cursor.description or ()]
    row = cursor.fetchone()
    return () if row is None else tuple((n, _word(v)) for n, v in zip(names, row) if n != "row")


def _read_quotes(dataset: Dataset, event_id: str) -> tuple[Quote, ...]:
    rows = dataset.ask(
        'SELECT field, quote, source, article_title, published_on, url, context, "start" - context_start FROM quotes'
        ' WHERE event_id = ? ORDER BY field, published_on NULLS LAST, article_id, "start"',
        [event_id],
    )
    return tuple(
        Quote(
            field=str(field),
            quote=str(quote),
            source=_word(source),
            article_title=_word(title),
            published_on=_day(published),
            url=_word(url),
            context=_word(context),
            start_in_context=_whole(start),
        )
        for field, quote, source, title, published, url, context, start in rows
    )


def _read_earlier(dataset: Dataset, event_id: str, names: Sequence[str]) -> tuple[Version, ...]:
    columns = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in names)
    rows = dataset.ask(
        f"SELECT version, superseded_version, reason, {columns} FROM superseded WHERE event_id = ?"
        ' ORDER BY version, import_id, "row"',
        [event_id],
    )
    return tuple(
        Version(
            version=_word(row[0]),
            superseded_version=_word(row[1]),
            reason=str(row[2]),
            values=tuple((name, _word(value)) for name, value in zip(names, row[3:])),
        )
        for row in rows
    )


def _read_changes(
    dataset: Dataset, event_id: str
) -> tuple[tuple[str, str | None, str | None, str | None, str | None], ...]:
    rows = dataset.ask(
        "SELECT field, old, new, old_version, new_version FROM changes WHERE event_id = ? ORDER BY new_version, field",
        [event_id],
    )
    return tuple((str(f), _word(old), _word(new), _word(was), _word(now)) for f, old, new, was, now in rows)


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
