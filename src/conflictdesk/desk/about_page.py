"""The page about the data: where the rows come from, what they cover, what the columns mean, what was left out."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from conflictdesk.analyse.counts import tally_events
from conflictdesk.datasets.manifest import ImportRecord
from conflictdesk.datasets.opening import Dataset
from conflictdesk.datasets.schema import COLUMN_NOTES
from conflictdesk.desk.asking import answer_page, dataset_of
from conflictdesk.desk.event_view import title_of
from conflictdesk.publish.charts import say_day
from conflictdesk.questions import Filter, Tally

router = APIRouter()
MOST_LISTED = 200
_LACKS = ("day", "point", "deaths", "injured", "country", "admin1", "location", "actor", "source", "attribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """A column and how many events fill it."""

    name: str
    title: str
    note: str
    filled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutView:
    """What a dataset says of itself. `lacks` are (what is missing, events that lack it, their filter).

    `imports` are the records, each with the events that it brought and that count today, and their filter.
    """

    imports: tuple[tuple[ImportRecord, int, Filter], ...]
    everything: Tally
    span: str
    lacks: tuple[tuple[str, int, Filter], ...]
    flags: tuple[tuple[str, int, Filter], ...]
    columns: tuple[ColumnRow, ...]
    problems: tuple[tuple[str, int], ...]
    problem_rows: tuple[tuple[object, ...], ...]
    changes: tuple[tuple[str, int], ...]
    change_rows: tuple[tuple[object, ...], ...]
    claims: int


@router.get("/about", response_class=HTMLResponse)
def show_about(request: Request) -> Response:
    """About the data."""
    view = view_about(dataset_of(request))
    return answer_page(request, "about.html.jinja", view=view, most=MOST_LISTED, live=True, nothing=Filter())


def view_about(dataset: Dataset) -> AboutView:
    """Gather what the page about the data shows."""
    first, last = dataset.ask("SELECT min(date_start), max(coalesce(date_end, date_start)) FROM events")[0]
    span = f"{say_day(first)} to {say_day(last)}" if first and last else "no day is told"  # type: ignore[arg-type]
    lacking = [(name, Filter(missing=(name,))) for name in _LACKS]
    return AboutView(
        imports=_count_imports(dataset),
        everything=tally_events(dataset, Filter()),
        span=span,
        lacks=tuple((name, tally_events(dataset, wanted).events, wanted) for name, wanted in lacking),
        flags=_count_flags(dataset),
        columns=_list_columns(dataset),
        problems=_count_by(dataset, "SELECT kind, count(*) FROM problems GROUP BY 1 ORDER BY 2 DESC, 1"),
        problem_rows=tuple(
            dataset.ask(
                'SELECT import_id, "row", kind, detail, line FROM problems'
                f' ORDER BY import_id, "row" LIMIT {MOST_LISTED}'
            )
        ),
        changes=_count_by(dataset, "SELECT field, count(*) FROM changes GROUP BY 1 ORDER BY 2 DESC, 1"),
        change_rows=tuple(
            dataset.ask(
                "SELECT event_id, field, old, new, old_version, new_version FROM changes"
                f" ORDER BY event_id, new_version, field LIMIT {MOST_LISTED}"
            )
        ),
        claims=dataset.manifest.counts.get("claims", 0),
    )


def _count_imports(dataset: Dataset) -> tuple[tuple[ImportRecord, int, Filter], ...]:
    held = dict(_count_by(dataset, "SELECT import_id, count(*) FROM events GROUP BY 1"))
    return tuple(
        (record, held.get(record.import_id, 0), Filter(import_id=(record.import_id,)))
        for record in dataset.manifest.imports
    )


def _count_by(dataset: Dataset, sql: str) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(str(number))) for name, number in dataset.ask(sql))


def _count_flags(dataset: Dataset) -> tuple[tuple[str, int, Filter], ...]:
    found = _count_by(
        dataset, "SELECT flag, count(*) FROM (SELECT unnest(flags) AS flag FROM events) GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return tuple((flag, number, Filter(flag=(flag,))) for flag, number in found)


def _list_columns(dataset: Dataset) -> tuple[ColumnRow, ...]:
    counted = ", ".join(f'count("{name}")' for name in COLUMN_NOTES)
    filled = dataset.ask(f"SELECT {counted} FROM events")[0]
    return tuple(
        ColumnRow(name=name, title=title_of(name), note=note, filled=int(str(number)))
        for (name, note), number in zip(COLUMN_NOTES.items(), filled)
    )
