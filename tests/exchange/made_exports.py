"""Invented datasets with quotes, rows as they came and several imports, for the tests of exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from hypothesis import strategies as st

from conflictdesk.datasets.manifest import ImportRecord, Manifest, hash_schema, save_manifest
from conflictdesk.datasets.opening import Dataset, open_dataset
from conflictdesk.datasets.schema import EVENT_COLUMNS, QUOTE_COLUMNS

Row = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a dataset is made of; `originals` maps the id of an import to its rows as they came."""

    rows: Sequence[Row]
    kinds: Mapping[str, str] = field(default_factory=lambda: {"i-made": "table"})
    quotes: Sequence[Row] = ()
    originals: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def make_event(number: int, **values: object) -> dict[str, object]:
    """One invented event that says little."""
    return {
        "event_id": f"made:{number}",
        "origin": "made",
        "source_id": str(number),
        "import_id": "i-made",
        "row": number,
        "status": "published",
        **values,
    }


def build_dataset(folder: Path, made: Made) -> Dataset:
    """Write the parts as a dataset and open it."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(folder / "events.parquet", EVENT_COLUMNS, made.rows)
    files = {"events": "events.parquet"}
    if made.quotes:
        _write_table(folder / "quotes.parquet", QUOTE_COLUMNS, made.quotes)
        files["quotes"] = "quotes.parquet"
    columns: dict[str, tuple[str, ...]] = {}
    for import_id, rows in made.originals.items():
        (folder / "originals").mkdir(exist_ok=True)
        columns[import_id] = tuple(rows[0])
        kinds = {"row": "BIGINT", **dict.fromkeys(rows[0], "VARCHAR")}
        told = [{"row": number, **row} for number, row in enumerate(rows, start=1)]
        _write_table(folder / "originals" / f"{import_id}.parquet", kinds, told)
    imports = tuple(
        ImportRecord(
            import_id=name,
            kind=kind,
            origin=kind,
            file=f"{name}.csv",
            sha256="ab" * 32,
            version=made.versions.get(name),
            rows_in=len(made.rows),
            events=len(made.rows),
            problems=0,
            columns=columns.get(name, ()),
        )
        for name, kind in made.kinds.items()
    )
    save_manifest(folder, Manifest(imports=imports, files=files, counts={}, schema=hash_schema()))
    return open_dataset(folder)


def _write_table(path: Path, kinds: Mapping[str, str], rows: Sequence[Row]) -> None:
    connection = duckdb.connect(":memory:")
    connection.execute(f"CREATE TABLE made ({', '.join(f'{chr(34)}{n}{chr(34)} {k}' for n, k in kinds.items())})")
    if rows:
        # By columns, for many rows one at a time are slow.
        cells = ", ".join(f"unnest(?::{kind}[])" for kind in kinds.values())
        connection.execute(f"INSERT INTO made SELECT {cells}", [[row.get(name) for row in rows] for name in kinds])
    connection.execute("COPY made TO '" + str(path).replace("'", "''") + "' (FORMAT parquet)")
    connection.close()


NASTY = (
    *("=1+1", "+44", "-2", "@name", "'=x", "''@", "\t=", "\r\nx", "\n", "'", "-", "＝1"),
    *('"', '""', ",", ";", "\\", "\\;", "a;b\\", "a,b", 'say "x"', "\r", "end\r", " lead", "trail "),
    *("a\x00b", "\x00", "\x02", "\x1f", "\ufeff", "\ufffe", "\x85", "\u2028"),
    *("NA", "null", "NULL", "true", "0", "#N/A", "1e5", "00012", "_x000D_"),
    *("مدينة خيالية", "Příklad", "😀👩‍👩‍👧", "é", "x" * 300, "q" * 40_000, "ü😀" * 9_000),
)

texts = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
counts = st.none() | st.integers(0, 10**9)
days = st.none() | st.dates(dt.date(1800, 1, 1), dt.date(2200, 12, 31))


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, object]]:
    """A few events whose texts are as hostile as can be; their ids are plain but for one."""
    made = []
    for number in range(draw(st.integers(0, 3))):
        point = draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
        made.append(
            make_event(
                number,
                event_id=f"made:{number}{draw(texts)}",
                date_start=draw(days),
                actor1=draw(st.none() | texts),
                location=draw(st.none() | texts),
                headline=draw(st.none() | texts),
                notes=draw(st.none() | texts),
                sources=draw(st.none() | st.lists(texts, min_size=1, max_size=3)),
                latitude=point and point[0],
                longitude=point and point[1],
                place_precision=draw(st.none() | st.integers(1, 4)),
                civilian_targeting=draw(st.none() | st.booleans()),
                deaths_low=draw(counts),
                deaths_best=draw(counts),
                deaths_high=draw(counts),
                injured_best=draw(counts),
                place_radius_km=draw(st.none() | st.floats(0, 1e6)),
            )
        )
    return made
