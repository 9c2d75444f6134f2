"""Invented rows in the shapes that importers read: no place, party or figure here is real."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from conflictdesk.datasets.opening import Dataset, open_dataset
from conflictdesk.exchange.imports import ImportReport, ImportRequest, import_file
from conflictdesk.exchange.ucdp_rows import UCDP_HEADER

UCDP_ROW: Mapping[str, str] = {
    "id": "700001.0",
    "year": "2031",
    "active_year": "1",
    "type_of_violence": "1",
    "side_a": "Government of Chad",
    "side_b": "Front of the Glass Hills",
    "number_of_sources": "2",
    "source_article": '"Hill Post,2031-03-02,Clash at Upper Vale";"Vale Radio,2031-03-03,Two dead"',
    "source_office": "Vale Radio;Hill Post;Vale Radio",
    "source_date": "2031-03-03;2031-03-02;2031-03-03",
    "source_headline": "Clash at Upper Vale;Two dead",
    "where_prec": "2",
    "where_coordinates": "Upper Vale",
    "adm_1": "Vale",
    "latitude": "12.5",
    "longitude": "18.25",
    "country": "Chad",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2031-03-01",
    "date_end": "2031-03-01",
    "deaths_a": "1",
    "deaths_b": "2",
    "deaths_civilians": "0",
    "deaths_unknown": "0",
    "best": "3",
    "high": "5",
    "low": "2",
}

ACLED_ROW: Mapping[str, str] = {
    "event_id_cnty": "GLS1",
    "event_date": "2031-03-01",
    "year": "2031",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Violence against civilians",
    "sub_event_type": "Attack",
    "actor1": "Front of the Glass Hills",
    "assoc_actor_1": "",
    "inter1": "2",
    "actor2": "Civilians (Chad)",
    "assoc_actor_2": "Farmers (Chad); Women (Chad)",
    "inter2": "7",
    "interaction": "27",
    "civilian_targeting": "Civilian targeting",
    "iso": "148",
    "region": "Middle Africa",
    "country": "Chad",
    "admin1": "Vale",
    "admin2": "",
    "admin3": "",
    "location": "Upper Vale",
    "latitude": "12.5",
    "longitude": "18.25",
    "geo_precision": "1",
    "source": "Vale Radio; Hill Post",
    "source_scale": "Local",
    "notes": "An invented note.",
    "fatalities": "3",
    "tags": "",
    "timestamp": "1930000000",
}


def write_rows(path: Path, rows: Sequence[Mapping[str, str]], header: Sequence[str] | None = None) -> Path:
    """Write rows as CSV under the header, or under the keys of the first row."""
    names = list(header or rows[0])
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_ucdp(path: Path, *changes: Mapping[str, str]) -> Path:
    """Write UCDP-shaped rows, one for each set of changes to the sample row."""
    return write_rows(path, [{**UCDP_ROW, **change} for change in changes], UCDP_HEADER)


def bring(into: Path, kind: str, path: Path, **options: object) -> ImportReport:
    """Import a file with the options of a request."""
    return import_file(ImportRequest(kind=kind, path=path, into=into, **options))  # type: ignore[arg-type]


def ask(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query on a dataset."""
    dataset: Dataset = open_dataset(folder)
    try:
        return dataset.ask(sql)
    finally:
        dataset.close()
