"""Text cells: no spreadsheet runs them, and every text can be had back; SQL and Python do the same."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_exports import NASTY, texts

from conflictdesk.exchange.cells import (
    DANGEROUS,
    cells_sql,
    clean_for_xml,
    join_sql,
    join_values,
    split_values,
    tame,
    tame_sql,
    untame,
    untame_sql,
)


@pytest.fixture(scope="module")
def sql() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


@given(texts)
def test_no_tamed_text_begins_like_a_formula_and_each_can_be_had_back(text: str) -> None:
    told = tame(text)
    assert told[0] not in DANGEROUS
    assert untame(told) == text


@given(texts, texts)
def test_two_texts_never_become_one(one: str, other: str) -> None:
    assert (tame(one) == tame(other)) == (one == other)


@given(st.lists(texts, max_size=4))
def test_several_values_in_one_cell_are_read_back(values: list[str]) -> None:
    assert split_values(join_values(values)) == values


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=6))
def test_sql_does_what_python_does(values: list[str]) -> None:
    sql = duckdb.connect(":memory:")
    for text in values:
        asked = f"SELECT {tame_sql('v')}, {untame_sql('v')} FROM (SELECT ?::VARCHAR AS v)"
        assert sql.execute(asked, [text]).fetchone() == (tame(text), untame(text))
    assert sql.execute(f"SELECT {join_sql('v')} FROM (SELECT ?::VARCHAR[] AS v)", [values]).fetchone() == (
        join_values(values),
    )


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text)[:20])
def test_a_cell_is_one_cell_to_a_csv_reader(sql: duckdb.DuckDBPyConnection, text: str) -> None:
    row = sql.execute(cells_sql("SELECT ?::VARCHAR AS v", {"v": "VARCHAR"}), [text]).fetchone()
    assert row is not None
    [[cell, last]] = csv.reader(io.StringIO(f"{row[0]},end\n", newline=""))
    assert (untame(cell), last) == (text.replace("\x00", "\ufffd"), "end")


@pytest.mark.parametrize(
    ("text", "cell"),
    [("-12.5", "-12.5"), ("300380.0", "300380.0"), ("=1+1", "'=1+1"), ("-inf", "'-inf"), (None, None)],
)
def test_a_number_stays_a_number_and_what_is_none_is_tamed(
    sql: duckdb.DuckDBPyConnection, text: str | None, cell: str | None
) -> None:
    asked = cells_sql("SELECT ?::VARCHAR AS v", {"v": "NUMBER"})
    assert sql.execute(asked, [text]).fetchone() == (cell,)


def test_a_number_that_is_none_is_unknown(sql: duckdb.DuckDBPyConnection) -> None:
    asked = cells_sql("SELECT unnest(['1.5', 'nan', 'inf', NULL, '-0.25'])::DOUBLE AS v", {"v": "DOUBLE"})
    assert sql.execute(asked).fetchall() == [("1.5",), (None,), (None,), (None,), ("-0.25",)]


@given(texts)
def test_what_xml_cannot_hold_is_replaced_one_for_one(text: str) -> None:
    clean = clean_for_xml(text)
    assert len(clean) == len(text)
    assert all(new in (old, "\ufffd") for old, new in zip(text, clean, strict=True))
