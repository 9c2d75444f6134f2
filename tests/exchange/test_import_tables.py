"""Every row of a table in is a row or a bad row out, whatever its quotes, ends of line and letters."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conflictdesk.errors import ConfigError
from conflictdesk.exchange.quoting import QuoteCheck
from conflictdesk.exchange.tabular import RawTable, read_table


@pytest.fixture(scope="module")
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def read_bytes(
    cursor: duckdb.DuckDBPyConnection, data: bytes, name: str = "rows.csv"
) -> tuple[RawTable, list[list[str]], list[list[str]]]:
    """What is made of a file: the table, its rows as lists of text, its bad rows (row, kind, detail, line)."""
    with tempfile.TemporaryDirectory() as folder:
        path, scratch = Path(folder) / name, Path(folder) / "scratch"
        scratch.mkdir()
        path.write_bytes(data)
        table = read_table(cursor, path, scratch)
        rows = cursor.execute('SELECT * FROM read_parquet(?) ORDER BY "row"', [str(table.path)]).fetchall()
        bad: list[list[str]] = []
        if table.bad:
            with table.bad.open(encoding="utf-8", newline="") as lines:
                bad = list(csv.reader(lines))
        assert table.rows_in == len(rows) + len(bad)
        return table, [[str(cell) for cell in row] for row in rows], bad


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\x02\ufeff", exclude_categories=["Cs"]), max_size=8
)
NASTY = st.one_of(CELLS, st.text(" ,\";'\t\n\rab1é", max_size=6))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(NASTY, min_size=3, max_size=3), max_size=6), ends=st.sampled_from(["\n", "\r\n"]))
@example(rows=[["a\r\nb", 'q"', ""], ["", "", ""]], ends="\r\n")
@example(rows=[["a\rb", "\n", ""]], ends="\n")
def test_what_a_csv_writer_writes_is_read_back_cell_by_cell(
    cursor: duckdb.DuckDBPyConnection, rows: list[list[str]], ends: str
) -> None:
    out = io.StringIO()
    # Python's own writer leaves a lone carriage return unquoted, which no reader could tell from a row's end.
    lone = any("\r" in cell for row in rows for cell in row)
    writer = (
        csv.writer(out, lineterminator=ends, quoting=csv.QUOTE_ALL) if lone else csv.writer(out, lineterminator=ends)
    )
    writer.writerows([["one", "two", "three"], *rows])
    _, read, bad = read_bytes(cursor, out.getvalue().encode())
    assert bad == []
    assert [row[1:] for row in read] == rows
    assert [row[0] for row in read] == [str(number + 1) for number in range(len(rows))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    lines=st.lists(st.text(' ,"ab1', max_size=9).filter(lambda line: line.strip() != ""), max_size=8),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
)
@example(lines=['1,"a', '2,"b",', "3,c"], ends="\n")
@example(lines=['"', '"'], ends="\n")
def test_no_line_is_lost_whatever_its_quotes(cursor: duckdb.DuckDBPyConnection, lines: list[str], ends: str) -> None:
    data = ends.join(["k,v", *lines]) + ends
    _, read, bad = read_bytes(cursor, data.encode())
    letters = sorted(c for c in "".join(lines) if c not in ' ,"')
    came = sorted(c for row in read for cell in row[1:] for c in cell if c not in ' ,"\r\n')
    assert sorted(came + [c for row in bad for c in row[3] if c not in ' ,"\r\n']) == letters


def test_a_stray_quote_costs_one_row_and_not_its_neighbours(cursor: duckdb.DuckDBPyConnection) -> None:
    data = 'id,place,n\n1,"Upper Vale,2\n2,"Lower Vale",3\n3,Harbour,4\n4,5" gun ford,1\n'
    _, read, bad = read_bytes(cursor, data.encode())
    assert [row[1:] for row in read] == [["2", "Lower Vale", "3"], ["3", "Harbour", "4"], ["4", '5" gun ford', "1"]]
    assert bad == [["1", "row-length", "a quote is opened and not closed", '1,"Upper Vale,2']]


def test_ragged_rows_are_told_with_their_line(cursor: duckdb.DuckDBPyConnection) -> None:
    _, read, bad = read_bytes(cursor, b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert read == [["1", "1", "2"], ["4", "7", "8"]]
    assert bad == [
        ["2", "row-length", "1 field instead of 2", "3"],
        ["3", "row-length", "3 fields instead of 2", "4,5,6"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_are_recognised(cursor: duckdb.DuckDBPyConnection, encoding: str) -> None:
    text = "place,n\n" + "Señora Verde,1\nCafé del Río,2\nplain words of a note,3\n" * 40
    table, read, bad = read_bytes(cursor, text.encode(encoding))
    assert (len(read), bad) == (120, [])
    assert read[0][1:] == ["Señora Verde", "1"]
    assert bool(table.notes) == (encoding == "cp1252")


def test_a_few_broken_bytes_in_utf8_are_mended_and_told(cursor: duckdb.DuckDBPyConnection) -> None:
    text = ("place,n\n" + "Señora Verde,1\n" * 40).encode() + b"Caf\xff,2\n"
    table, read, _ = read_bytes(cursor, text)
    assert read[0][1] == "Señora Verde" and read[-1][1] == "Caf�"
    assert any("replacement sign" in note for note in table.notes)


def test_nul_bytes_are_taken_out_and_told(cursor: duckdb.DuckDBPyConnection) -> None:
    table, read, _ = read_bytes(cursor, b"place,n\nUp\x00per,1\n")
    assert read == [["1", "Upper", "1"]]
    assert table.notes == ("1 NUL characters were taken out",)


def test_gz_and_zip_are_unpacked(cursor: duckdb.DuckDBPyConnection) -> None:
    plain = b"place;n\r\nUpper;1\r\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.csv", plain)
    for data, name in ((gzip.compress(plain), "rows.csv.gz"), (packed.getvalue(), "rows.zip")):
        assert read_bytes(cursor, data, name)[1] == [["1", "Upper", "1"]]


def test_xlsx_and_parquet_read_like_csv(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    import datetime as dt

    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["place", "day", "n"])
    book.active.append(["Upper", dt.datetime(2020, 5, 1), 3.0])
    book.save(tmp_path / "rows.xlsx")
    cursor.execute(f"COPY (SELECT 'Upper' AS place, DATE '2020-05-01' AS day, 3 AS n) TO '{tmp_path}/rows.parquet'")
    for name in ("rows.xlsx", "rows.parquet"):
        table, read, _ = read_bytes(cursor, (tmp_path / name).read_bytes(), name)
        assert table.columns == ("place", "day", "n")
        assert read == [["1", "Upper", "2020-05-01", "3"]]


@pytest.mark.parametrize(
    ("data", "word"),
    [(b"", "is empty"), (b"%PDF-1.4 x", "no table"), (b"PAR1 nonsense", "Parquet"), (b"\x1f\x8b broken", "unpack")],
)
def test_what_is_no_table_is_said_so(cursor: duckdb.DuckDBPyConnection, data: bytes, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        read_bytes(cursor, data)


def test_names_of_columns_may_be_hostile(cursor: duckdb.DuckDBPyConnection) -> None:
    table, read, _ = read_bytes(cursor, b'"a"");--",A,a,\n1,2,3,4\n')
    assert table.columns == ('a");--', "A", "a_2", "column_4")
    assert read == [["1", "1", "2", "3", "4"]]


@given(text=st.text('a,"\n', max_size=30), cut=st.integers(1, 30))
def test_the_check_of_quotes_does_not_depend_on_how_a_file_is_cut(text: str, cut: int) -> None:
    whole, parts = QuoteCheck(","), QuoteCheck(",")
    whole.read(text.encode())
    for start in range(0, len(text), cut):
        parts.read(text[start : start + cut].encode())
    assert whole.count_records() == parts.count_records()
