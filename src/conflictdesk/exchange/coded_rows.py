"""What `conflictdesk code` wrote as rows of a dataset: events, the quotes they rest on, and claims.

The lines are read as JSON and not by the room that wrote them: a folder of another day or another desk reads the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

from conflictdesk.datasets.schema import CLAIM_COLUMNS, EVENT_COLUMNS, PROBLEM_COLUMNS, QUOTE_COLUMNS
from conflictdesk.errors import ConfigError
from conflictdesk.exchange.coded_texts import Json, cut_paragraphs, cut_sentences, get_items, get_map, get_text
from conflictdesk.exchange.reading_words import list_flags
from conflictdesk.exchange.tabular import RawTable

FILES: Final = ("events.jsonl", "claims.jsonl", "articles.jsonl", "problems.jsonl")
_BLAME: Final = ("claimed", "accused", "reported")
_TARGETS: Final = ("Civilians", "Protesters")
_SAME: Final = (
    *("date_start", "date_end", "date_precision", "event_type", "sub_event_type", "disorder_type", "actor1"),
    *("actor1_kind", "actor2", "actor2_kind", "civilian_targeting", "country", "iso3", "admin1", "admin2", "location"),
    *("latitude", "longitude", "place_precision", "place_radius_km", "status"),
)
_FLAGS: Final = {
    "low_above_best": "deaths_low > deaths_best",
    "best_above_high": "deaths_best > deaths_high",
    "injured_out_of_order": "injured_low > injured_best OR injured_best > injured_high",
    "end_before_start": "date_end < date_start",
    "point_outside_world": "NOT is_on_earth(latitude, longitude)",
}


def hash_results(folder: Path) -> str:
    """SHA-256 over the names and bytes of the result files.

    Raises:
        ConfigError: the folder holds no results.
    """
    if not (folder / FILES[0]).is_file():
        raise ConfigError(f"{folder} holds no {FILES[0]}: name the folder that `code` wrote with --out")
    digest = hashlib.sha256()
    for name in FILES:
        if (folder / name).is_file():
            digest.update(f"{name}\n".encode() + (folder / name).read_bytes())
    return digest.hexdigest()


def read_results(cursor: duckdb.DuckDBPyConnection, folder: Path, scratch: Path) -> RawTable:
    """The lines of events.jsonl as they came, as Parquet."""
    target = scratch / "original.parquet"
    with _Sheet(scratch / "lines.json") as sheet:
        for number, line in _lines(folder / FILES[0]):
            sheet.write({"row": number, "line": line})
    source = _read_json(sheet, {"row": "BIGINT", "line": "VARCHAR"})
    cursor.execute(f"COPY (SELECT * FROM {source}) TO {_quote(target)} (FORMAT parquet, COMPRESSION zstd)")
    return RawTable(path=target, columns=("line",), rows_in=sheet.rows)


def stage_coded(cursor: duckdb.DuckDBPyConnection, folder: Path, scratch: Path, origin: str) -> None:
    """Make `staged`, `staged_quotes`, `staged_claims` and `staged_problems` from a folder that `code` wrote."""
    problems = [_problem_row(line) for _, line in _lines(folder / "problems.jsonl")]
    articles, broken = _read_articles(folder / "articles.jsonl")
    with _Sheet(scratch / "events.json") as events, _Sheet(scratch / "quotes.json") as quotes:
        for number, line in _lines(folder / "events.jsonl"):
            told = _parse(line)
            row, own = _event_row(told, number, articles) if told is not None else (_broken_row(number), [])
            events.write(row)
            for quote in own:
                quotes.write({**quote, "event_id": f"{origin}:{row['source_id']}"})
    claims = []
    for number, line in _lines(folder / "claims.jsonl"):
        told = _parse(line)
        if told is None or not get_text(told, "claim_id"):
            broken.append(("claims.jsonl", number, line))
        else:
            claims.append(_claim_row(told, articles))
    problems += [_broken_line(name, number, line) for name, number, line in broken]
    staged = {name: kind for name, kind in EVENT_COLUMNS.items() if name not in _IMPORT_COLUMNS}
    source = _read_json(events, {"row": "BIGINT", **staged, **_FAULT})
    flags = f"flags || {list_flags(_FLAGS)}"
    cells = ", ".join(_CELLS.get(name, name if name != "flags" else f"{flags} AS flags") for name in staged)
    cursor.execute(f'CREATE VIEW staged AS SELECT "row", {cells}, fault_kind, fault_detail FROM {source}')
    for table, sheet, columns in (
        ("quotes", quotes, QUOTE_COLUMNS),
        ("claims", _write_rows(scratch / "claims.json", claims), CLAIM_COLUMNS),
        ("problems", _write_rows(scratch / "problems.json", problems), PROBLEM_COLUMNS),
    ):
        source = _read_json(sheet, columns)
        cursor.execute(f"CREATE TABLE staged_{table} AS SELECT * FROM {source}")


_IMPORT_COLUMNS: Final = ("event_id", "origin", "version", "import_id", "row")
_FAULT: Final = {"fault_kind": "VARCHAR", "fault_detail": "VARCHAR"}
_CELLS: Final = {
    "latitude": "CASE WHEN is_on_earth(latitude, longitude) THEN latitude END AS latitude",
    "longitude": "CASE WHEN is_on_earth(latitude, longitude) THEN longitude END AS longitude",
}


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that hold something, numbered from 1; none where there is no file."""
    if not path.is_file():
        return
    number = 0
    with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in lines:
            if line.strip():
                number += 1
                yield number, line.rstrip("\r\n")


def _parse(line: str) -> Json | None:
    try:
        told: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _read_articles(path: Path) -> tuple[dict[str, Json], list[tuple[str, int, str]]]:
    articles: dict[str, Json] = {}
    broken = []
    for number, line in _lines(path):
        told = _parse(line)
        name = get_text(told, "article_id") if told is not None else None
        if told is None or name is None:
            broken.append((path.name, number, line))
        else:
            articles[name] = told
    return articles, broken


def _event_row(told: Json, number: int, articles: Mapping[str, Json]) -> tuple[dict[str, object], list[Json]]:
    source_id = get_text(told, "event_id")
    row: dict[str, object] = {name: told.get(name) for name in _SAME}
    for measure in ("deaths", "injured"):
        figure = get_map(told, measure)
        row |= {f"{measure}_{end}": figure.get(end) for end in ("low", "best", "high")}
    mentions = [m for m in get_items(told, "mentions") if isinstance(m, dict)]
    published = sorted({day for m in mentions if (day := get_text(m, "published_on"))})
    sources = sorted({name for m in mentions if (name := get_text(m, "source"))})
    titles = dict.fromkeys(title for m in mentions if (title := get_text(m, "article_title")))
    doer = told.get("civilian_targeting") is True and told.get("actor1_kind") not in _TARGETS
    row |= {
        "row": number,
        "source_id": source_id,
        "original_type": " / ".join(t for key in ("event_type", "sub_event_type") if (t := get_text(told, key)))
        or None,
        "associated": told.get("associated_actors"),
        "perpetrator": told.get("actor1") if doer else None,
        "attributed_to": _blamed(told),
        "deaths_imputed": get_map(told, "deaths").get("imputed"),
        "deaths_civilians": _civilian_deaths(told),
        "sources": sources or None,
        "n_sources": len(sources) or None,
        "first_reported": published[0] if published else None,
        "last_reported": published[-1] if published else None,
        "headline": "; ".join(titles) or None,
        "flags": [f"disputed_{field}" for field in get_items(told, "disputed")],
    }
    row |= _find_fault(row)
    return _only_sound(row), _quote_rows(mentions, articles)


def _find_fault(row: Mapping[str, object]) -> dict[str, object]:
    if row["source_id"] is None:
        return {"fault_kind": "id-unreadable", "fault_detail": "event_id is missing or no text"}
    for name in ("date_start", "date_end"):
        if row[name] is not None and not _is_day(row[name]):
            detail = f"{name} is {str(row[name])[:60]!r}, not a day like 2021-09-26"
            return {"fault_kind": "date-unreadable", "fault_detail": detail}
    for name in ("deaths_low", "deaths_best", "deaths_high", "injured_low", "injured_best", "injured_high"):
        value = row[name]
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53):
            detail = f"{name} is {str(value)[:60]!r}, not a whole number from 0"
            return {"fault_kind": "figure-unreadable", "fault_detail": detail}
    for name, value in row.items():
        if value is not None and not _fits(value, EVENT_COLUMNS.get(name, "BIGINT")):
            return {"fault_kind": "value-unreadable", "fault_detail": f"{name} is {str(value)[:60]!r}"}
    return {"fault_kind": None, "fault_detail": None}


def _fits(value: object, kind: str) -> bool:
    if kind.endswith("[]"):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == "BOOLEAN":
        return isinstance(value, bool)
    if kind == "DOUBLE":
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
    if kind == "DATE":
        return _is_day(value)
    if kind == "VARCHAR":
        return isinstance(value, str)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < (128 if kind == "TINYINT" else 2**53)


def _is_day(value: object) -> bool:
    import datetime as dt

    try:
        return isinstance(value, str) and len(value) == 10 and dt.date.fromisoformat(value).year >= 1800
    except ValueError:
        return False


def _only_sound(row: dict[str, object]) -> dict[str, object]:
    """A row with a fault keeps its number, its id and the fault, so that its odd values upset no reader."""
    if row["fault_kind"] is None:
        return row
    return {name: row[name] for name in ("row", "source_id", "fault_kind", "fault_detail")}


def _broken_row(number: int) -> dict[str, object]:
    detail = "the line is no JSON object"
    return {"row": number, "source_id": None, "fault_kind": "line-unreadable", "fault_detail": detail}


def _blamed(told: Json) -> list[str]:
    """Those whom a source names as doers: who claim it, are accused, or are reported to have done it."""
    rows = [row for row in get_items(told, "attribution") if isinstance(row, dict) and row.get("basis") in _BLAME]
    return sorted({actor for row in rows if (actor := get_text(row, "actor"))})


def _civilian_deaths(told: Json) -> object:
    """Civilian deaths, where every article that gives them gives the same."""
    figures = [row for row in get_items(told, "figures") if isinstance(row, dict)]
    wanted = [row for row in figures if row.get("measure") == "deaths" and row.get("of") == "civilians"]
    best = [get_map(row, "count").get("best") for row in wanted]
    return best[0] if best and all(value == best[0] for value in best) else None


def _quote_rows(mentions: Sequence[Json], articles: Mapping[str, Json]) -> list[Json]:
    rows: list[Json] = []
    for mention in mentions:
        article = articles.get(get_text(mention, "article_id") or "", {})
        text = get_text(article, "text") or ""
        for field, spans in get_map(mention, "evidence").items():
            for span in spans if isinstance(spans, list) else []:
                if isinstance(span, dict):
                    rows.append({"field": field, **_span_row(span, text), **_article_row(mention, article)})
    return rows


def _span_row(span: Json, text: str) -> Json:
    start, end = span.get("start"), span.get("end")
    row: Json = {"quote": span.get("quote"), "start": start, "end": end, "context": None, "context_start": None}
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text):
        first, last = cut_sentences(text, start, end)
        row |= {"context": text[first:last], "context_start": first}
    return row


def _article_row(mention: Json, article: Json) -> Json:
    return {
        "article_id": get_text(mention, "article_id"),
        "article_title": get_text(mention, "article_title") or get_text(article, "title"),
        "source": get_text(mention, "source") or get_text(article, "source"),
        "published_on": _day_or_none(mention.get("published_on") or article.get("published_on")),
        "url": get_text(article, "url"),
    }


def _day_or_none(value: object) -> object:
    return value if _is_day(value) else None


_CLAIM_PARAGRAPHS = 5


def _claim_row(told: Json, articles: Mapping[str, Json]) -> Json:
    article = articles.get(get_text(told, "article_id") or "", {})
    text = get_text(article, "text") or ""
    spans = [s for items in get_map(told, "evidence").values() if isinstance(items, list) for s in items]
    span = next((s for s in spans if isinstance(s, dict)), {})
    start, end = span.get("start"), span.get("end")
    value = told.get("value")
    row: Json = {name: get_text(told, name) for name in ("claim_id", "by", "of", "measure", "value_is", "said_by")}
    row |= {"from_day": _day_or_none(told.get("from")), "to_day": _day_or_none(told.get("to"))}
    row |= {"value": value if isinstance(value, int | float) and not isinstance(value, bool) else None}
    row |= {"quote": get_text(span, "quote"), "sentence": None, "context": None, **_article_row(told, article)}
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text):
        (first, last), (above, below) = cut_sentences(text, start, end), (start, end)
        # A claim's windows are often told in days some paragraphs away from its figures.
        for _ in range(_CLAIM_PARAGRAPHS):
            above, below = cut_paragraphs(text, above, below)
        row |= {"sentence": text[first:last], "context": text[above:below]}
    return row


def _problem_row(line: str) -> dict[str, object]:
    """A problem that `code` met: it belongs to no row of events, so its row stays empty."""
    told = _parse(line) or {}
    kind = f"code: {get_text(told, 'kind') or 'unknown'}"
    detail = ": ".join(t for key in ("subject", "detail") if (t := get_text(told, key)))
    return {"row": None, "kind": kind, "detail": detail, "line": line}


def _broken_line(name: str, number: int, line: str) -> dict[str, object]:
    detail = f"line {number} of {name} is no JSON object of its kind"
    return {"row": None, "kind": "line-unreadable", "detail": detail, "line": line}


class _Sheet:
    """Rows on their way into the database: a line of JSON each, so that none of them has to stay in memory."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows, self.longest = path, 0, 0

    def __enter__(self) -> _Sheet:
        self._out = self.path.open("w", encoding="ascii")
        return self

    def __exit__(self, *_told: object) -> None:
        self._out.close()

    def write(self, row: Mapping[str, object]) -> None:
        """Add one row."""
        line = json.dumps(row, ensure_ascii=True)
        self._out.write(line + "\n")
        self.rows, self.longest = self.rows + 1, max(self.longest, len(line))


def _write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> _Sheet:
    with _Sheet(path) as sheet:
        for row in rows:
            sheet.write(row)
    return sheet


def _read_json(sheet: _Sheet, columns: Mapping[str, str]) -> str:
    kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    # The database sets aside several times this much for each of its threads.
    size = max(sheet.longest + 1024, 1 << 20)
    path = _quote(sheet.path)
    return f"read_json({path}, format = 'newline_delimited', columns = {{{kinds}}}, maximum_object_size = {size})"


def _quote(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
