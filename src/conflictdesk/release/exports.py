"""The result folder: every file of `out/`, written whole or not at all, and read back.

ACLED's column names live here and nowhere else. The columns are an interchange format; the values are ours.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from conflictdesk.codebook.countries import Country, load_countries
from conflictdesk.errors import StoreError
from conflictdesk.records import Actor, Article, Claim, Dates, Estimate, Event, Problem
from conflictdesk.release.files import dump_lines, load_lines, replace_files
from conflictdesk.release.rows import (
    ArticleRow,
    ClaimRow,
    EventRow,
    ProblemRow,
    article_row,
    claim_row,
    event_row,
    find_article,
    problem_row,
)

ACLED_COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction"),
    *("civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3", "location"),
    *("latitude", "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)
_NUMBERS = frozenset(
    ("year", "time_precision", "iso", "latitude", "longitude", "geo_precision", "fatalities", "timestamp")
)
_KIND_ORDER = (
    *("State forces", "Rebel group", "Political militia", "Identity militia"),
    *("Rioters", "Protesters", "Civilians", "External/Other forces"),
)
REPORT_NAME = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a result folder holds, line for line."""

    articles: tuple[ArticleRow, ...]
    events: tuple[EventRow, ...]
    claims: tuple[ClaimRow, ...]
    problems: tuple[ProblemRow, ...]


def write_results(
    out: Path,
    *,
    articles: Iterable[Article],
    events: Iterable[Event],
    claims: Iterable[Claim],
    problems: Iterable[Problem],
    report_html: str | None = None,
) -> None:
    """Write events, claims, articles and problems to the folder `out`, whole or not at all.

    The files are the same bytes whatever the order of the input. Without `report_html` an older report.html is
    taken away, for it would tell of other events than the files beside it.

    Raises:
        StoreError: the folder cannot be written, or a record rests on an article that is not there.
    """
    by_id = {article.article_id: article for article in articles}
    ordered = sort_events(events)
    rows = [event_row(event, by_id) for event in ordered]
    contents = {
        "articles.jsonl": dump_lines(article_row(by_id[key]) for key in sorted(by_id)),
        "claims.jsonl": dump_lines(claim_row(claim, by_id) for claim in sorted(claims, key=lambda c: c.claim_id)),
        "problems.jsonl": dump_lines(problem_row(problem) for problem in sorted(problems, key=_problem_order)),
        "events.jsonl": dump_lines(rows),
        "events.csv": _csv_text(acled_row(event, by_id) for event in ordered),
        "events.geojson": _geojson_text(rows),
    }
    if report_html is not None:
        contents[REPORT_NAME] = report_html
    replace_files(out, contents, obsolete=() if report_html is not None else (REPORT_NAME,))


def sort_events(events: Iterable[Event]) -> list[Event]:
    """Put events in the order of every export: by day, country, place and id; undated ones last."""
    return sorted(events, key=_event_order)


def read_results(out: Path) -> Results:
    """Read a result folder back.

    Raises:
        StoreError: a file is not there, or a line of it does not fit; the message names file and line.
    """
    return Results(
        articles=_read_rows(out / "articles.jsonl", _article_rows()),
        events=_read_rows(out / "events.jsonl", _event_rows()),
        claims=_read_rows(out / "claims.jsonl", _claim_rows()),
        problems=_read_rows(out / "problems.jsonl", _problem_rows()),
    )


def acled_row(event: Event, articles: Mapping[str, Article]) -> dict[str, str]:
    """Write an event in ACLED's 31 columns, in their order, each cell as text.

    An interval's middle day stands as `event_date`. Deaths are the best figure, and blank when nothing is said:
    never 0. `assoc_actor_1` takes all associated actors, for the record does not say whose side they are on.
    `admin3`, `source_scale` are not known to us. `timestamp` is the newest publication day among all `articles`,
    as Unix seconds at 00:00 UTC. A text cell that a spreadsheet would run as a formula (it starts with = + - @, a
    tab or a carriage return) gets an apostrophe before it.

    Raises:
        StoreError: the event rests on an article that is not among `articles`.
    """
    day, place, country = _middle_day(event.dates), event.place, _country_of(event)
    sources = _source_names(event, articles)
    cells = {
        "event_id_cnty": event.event_id,
        "event_date": day.isoformat() if day else "",
        "year": str(day.year) if day else "",
        "time_precision": _cell(event.dates.precision if event.dates else None),
        "disorder_type": "; ".join(event.disorder_type),
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "actor1": event.actor1.name if event.actor1 else "",
        "assoc_actor_1": "; ".join(actor.name for actor in event.associated_actors),
        "inter1": event.actor1.kind if event.actor1 else "",
        "actor2": event.actor2.name if event.actor2 else "",
        "inter2": event.actor2.kind if event.actor2 else "",
        "interaction": _interaction(event.actor1, event.actor2),
        "civilian_targeting": "Civilians targeted" if event.civilian_targeting else "",
        "iso": _cell(country.iso if country else None),
        "region": country.region if country else "",
        "country": _cell(place.country if place else None),
        "admin1": _cell(place.admin1 if place else None),
        "admin2": _cell(place.admin2 if place else None),
        "location": _cell(place.name if place else None),
        "latitude": _degrees(place.latitude if place else None),
        "longitude": _degrees(place.longitude if place else None),
        "geo_precision": _cell(place.precision if place else None),
        "source": "; ".join(sources),
        "notes": summarise_event(event, sources),
        "fatalities": _cell(event.deaths.best if event.deaths else None),
        "tags": "; ".join(f"disputed: {name}" for name in event.disputed),
        "timestamp": _timestamp(articles.values()),
    }
    return {name: cells.get(name, "") if name in _NUMBERS else _tame(cells.get(name, "")) for name in ACLED_COLUMNS}


def summarise_event(event: Event, sources: Sequence[str]) -> str:
    """Say in one neutral sentence what was coded, from the values alone, and who reported it."""
    parties = " and ".join(actor.name for actor in (event.actor1, event.actor2) if actor) or "no actor named"
    where = ", ".join(dict.fromkeys(p for p in (event.place.name, event.place.country) if p)) if event.place else ""
    return (
        f"{_when(event.dates)}: {event.sub_event_type}{f' in {where}' if where else ''}; {parties}; "
        f"deaths {_people(event.deaths)}; as reported by {', '.join(sources) or 'an unnamed source'}."
    )


def _event_order(event: Event) -> tuple[dt.date, dt.date, str, str, str]:
    place, last = event.place, dt.date.max
    start, end = (event.dates.start, event.dates.end) if event.dates else (last, last)
    return start, end, (place and place.country) or "", place.name if place else "", event.event_id


def _problem_order(problem: Problem) -> tuple[str, str, int, str, str, str]:
    line = 0 if problem.line is None else problem.line
    return problem.stage, problem.file or "", line, problem.subject, problem.kind, problem.detail


def _csv_text(rows: Iterable[Mapping[str, str]]) -> str:
    lines = [",".join(ACLED_COLUMNS)]
    lines += [",".join(_quote_cell(row[name]) for name in ACLED_COLUMNS) for row in rows]
    return "\n".join(lines) + "\n"


def _quote_cell(text: str) -> str:
    # The csv module leaves a lone carriage return bare when lines end in LF, which breaks the row for readers.
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def _geojson_text(rows: Iterable[EventRow]) -> str:
    features = ",\n".join(json.dumps(_feature(row), ensure_ascii=False, allow_nan=False) for row in rows)
    return f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'


def _feature(row: EventRow) -> dict[str, object]:
    latitude, longitude = row["latitude"], row["longitude"]
    known = latitude is not None and longitude is not None
    flat: dict[str, object] = {k: v for k, v in row.items() if v is None or isinstance(v, (str, int, float))}
    flat = {k: v for k, v in flat.items() if k not in ("latitude", "longitude", "deaths", "injured")}
    flat["disorder_type"] = "; ".join(row["disorder_type"])
    flat["associated_actors"] = "; ".join(row["associated_actors"])
    flat["disputed"] = "; ".join(row["disputed"])
    for name, number in (("deaths", row["deaths"]), ("injured", row["injured"])):
        flat[f"{name}_low"] = number["low"] if number else None
        flat[f"{name}_best"] = number["best"] if number else None
        flat[f"{name}_high"] = number["high"] if number else None
    flat["articles"] = len({mention["article_id"] for mention in row["mentions"]})
    flat["sources"] = "; ".join(sorted({mention["source"] for mention in row["mentions"] if mention["source"]}))
    point = {"type": "Point", "coordinates": [longitude, latitude]} if known else None
    return {"type": "Feature", "id": row["event_id"], "geometry": point, "properties": flat}


def _country_of(event: Event) -> Country | None:
    return _countries().get(event.place.iso3) if event.place and event.place.iso3 else None


@cache
def _countries() -> Mapping[str, Country]:
    return {country.iso3: country for country in load_countries().countries}


def _source_names(event: Event, articles: Mapping[str, Article]) -> list[str]:
    found = (find_article(m.article_id, articles, event.event_id).source for m in event.mentions)
    return sorted({source for source in found if source})


def _interaction(actor1: Actor | None, actor2: Actor | None) -> str:
    kinds = sorted((actor.kind for actor in (actor1, actor2) if actor), key=_KIND_ORDER.index)
    return f"{kinds[0]} only" if len(kinds) == 1 else "-".join(kinds)


def _middle_day(dates: Dates | None) -> dt.date | None:
    return dates.start + (dates.end - dates.start) // 2 if dates else None


def _timestamp(articles: Iterable[Article]) -> str:
    days = [article.published_on for article in articles if article.published_on]
    return str((max(days) - dt.date(1970, 1, 1)).days * 86_400) if days else ""


def _when(dates: Dates | None) -> str:
    if dates is None:
        return "On an unknown day"
    return f"On {dates.start}" if dates.start == dates.end else f"Between {dates.start} and {dates.end}"


def _people(number: Estimate | None) -> str:
    if number is None:
        return "not stated"
    if number.high is None:
        return f"at least {number.low}" + (f" (best {number.best})" if number.best != number.low else "")
    return str(number.best) if number.low == number.high else f"{number.low} to {number.high} (best {number.best})"


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _cell(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _tame(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


_Row = TypeVar("_Row")


def _read_rows(path: Path, shape: TypeAdapter[_Row]) -> tuple[_Row, ...]:
    rows = []
    for number, value in load_lines(path):
        try:
            rows.append(shape.validate_python(value, strict=True))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise StoreError(f"{path}, line {number}: {where}: {first['msg']}") from error
    return tuple(rows)


@cache
def _article_rows() -> TypeAdapter[ArticleRow]:
    return TypeAdapter(ArticleRow)


@cache
def _event_rows() -> TypeAdapter[EventRow]:
    return TypeAdapter(EventRow)


@cache
def _claim_rows() -> TypeAdapter[ClaimRow]:
    return TypeAdapter(ClaimRow)


@cache
def _problem_rows() -> TypeAdapter[ProblemRow]:
    return TypeAdapter(ProblemRow)
