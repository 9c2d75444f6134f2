"""UCDP rows: import, export to UCDP's shape, import again: the same events and the same cells."""

from __future__ import annotations

import csv
import gzip
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_exports import texts

from conflictdesk.datasets.opening import Row, open_dataset
from conflictdesk.exchange.cells import untame
from conflictdesk.exchange.exports import write_events
from conflictdesk.exchange.imports import ImportRequest, import_file
from conflictdesk.exchange.ucdp_rows import UCDP_HEADER
from conflictdesk.questions import Filter

BENCH = (
    Path(os.environ.get("CONFLICTDESK_BENCH", str(Path(__file__).parents[2] / ".." / "shared"))) / "bench" / "ucdp_ged"
)
SAME = 'SELECT * EXCLUDE (import_id, "row") FROM events ORDER BY event_id'


def go_round(file: Path, scratch: Path, version: str) -> tuple[list[Row], list[Row], Path]:
    """The events of a file, those of its export, and the export."""
    import_file(ImportRequest(kind="ucdp", path=file, into=scratch / "first", version=version))
    first = open_dataset(scratch / "first")
    back = scratch / "back.csv"
    write_events(first, Filter(), "ucdp", back)
    import_file(ImportRequest(kind="ucdp", path=back, into=scratch / "second", version=version))
    second = open_dataset(scratch / "second")
    try:
        return first.ask(SAME), second.ask(SAME), back
    finally:
        first.close()
        second.close()


def read_cells(text: str) -> dict[str, Mapping[str, str]]:
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


@pytest.mark.bench
@pytest.mark.slow
@pytest.mark.parametrize("name", ["ged191_syria_16566.csv.gz", "ged231_global_sample_1000.csv"])
def test_real_rows_come_round(tmp_path: Path, name: str) -> None:
    file = BENCH / name
    if not file.exists():
        pytest.skip(f"{name} is not here")
    first, second, back = go_round(file, tmp_path, "1")
    assert len(first) > 900
    assert first == second
    came = read_cells((gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()).decode())
    gone = read_cells(back.read_bytes().decode())
    assert list(next(iter(gone.values()))) == list(UCDP_HEADER)
    for key, row in came.items():
        assert {column: untame(gone[key][column]) for column in row} == row


@st.composite
def ucdp_rows(draw: st.DrawFn) -> list[dict[str, str]]:
    """Invented rows with hostile texts; some break low <= best <= high, lack a point or a figure."""
    figure = st.sampled_from(["", "0", "3", "12.0"])
    rows = []
    for number in range(draw(st.integers(1, 4))):
        free = {
            name: draw(texts) for name in ("source_headline", "where_coordinates", "side_a", "source_office", "adm_1")
        }
        rows.append(
            {
                **dict.fromkeys(UCDP_HEADER, ""),
                **{name: draw(figure) for name in ("best", "high", "low", "deaths_a", "deaths_civilians")},
                **{name: "".join(c for c in text if c not in "\x00\x02") for name, text in free.items()},
                "id": f"{number + 1}{draw(st.sampled_from(['', '.0']))}",
                "type_of_violence": draw(st.sampled_from(["1", "2.0", "3", "9", ""])),
                "country": "Yemen (North Yemen)",
                "latitude": draw(st.sampled_from(["-12.5", "", "95", "15"])),
                "longitude": draw(st.sampled_from(["-0.25", "", "44.20"])),
                "date_start": "2021-03-04",
                "date_end": draw(st.sampled_from(["2021-03-04", "2021-03-09", "2021-03-01", ""])),
                "date_prec": draw(st.sampled_from(["1", "5", ""])),
                "where_prec": draw(st.sampled_from(["1", "4", "7", "x"])),
            }
        )
    return rows


def write_file(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, UCDP_HEADER, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.slow
@settings(deadline=None, max_examples=20)
@given(ucdp_rows())
def test_invented_rows_come_round(made: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "made.csv"
        write_file(file, made)
        first, second, back = go_round(file, Path(scratch), "1")
        gone = read_cells(back.read_bytes().decode())
    assert len(first) == len(made)
    assert first == second
    for row in made:
        assert {name: untame(cell) for name, cell in gone[row["id"]].items()} == {
            name: untame(cell) for name, cell in row.items()
        }


def test_a_formula_comes_round_twice(tmp_path: Path) -> None:
    """What an export tamed is the same text after an import, and is tamed no further by the next export."""
    row = {**dict.fromkeys(UCDP_HEADER, ""), "id": "1", "type_of_violence": "1", "side_a": "=1+1", "side_b": "@b"}
    row |= {
        "country": "Yemen",
        "date_start": "2021-03-04",
        "date_end": "2021-03-04",
        "best": "1",
        "high": "1",
        "low": "1",
    }
    write_file(tmp_path / "made.csv", [row])
    first, second, back = go_round(tmp_path / "made.csv", tmp_path / "a", "1")
    third, fourth, again = go_round(back, tmp_path / "b", "1")
    assert first == second == third == fourth
    assert back.read_bytes() == again.read_bytes()
    assert "'=1+1" in back.read_text("utf-8")
