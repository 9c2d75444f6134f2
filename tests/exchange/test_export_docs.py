"""The pages on datasets and exports say what the code does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from conflictdesk.datasets import schema
from conflictdesk.exchange.csv_shape import PLAIN_TYPES, UNITS
from conflictdesk.exchange.exports import SHAPES

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "dataset.md").read_text("utf-8")
HOW_TO = (DOCS / "how-to" / "export-a-dataset.md").read_text("utf-8")


def write_rows() -> str:
    """The table of the events' columns, as the page must have it."""
    rows = ["| column | type | unit | meaning |", "|---|---|---|---|"]
    for name, kind in schema.EVENT_COLUMNS.items():
        plain = PLAIN_TYPES[kind].split(",")[0]
        rows.append(f"| `{name}` | {plain} | {UNITS.get(name, '')} | {schema.COLUMN_NOTES[name]} |")
    return "\n".join(rows)


def test_the_reference_has_every_column_with_its_meaning() -> None:
    assert write_rows() in REFERENCE, f"docs/reference/dataset.md must hold:\n{write_rows()}"


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("quotes", schema.QUOTE_COLUMNS),
        ("claims", schema.CLAIM_COLUMNS),
        ("changes", schema.CHANGE_COLUMNS),
        ("problems", schema.PROBLEM_COLUMNS),
    ],
)
def test_the_reference_has_the_columns_of_the_other_tables(table: str, columns: Mapping[str, str]) -> None:
    line = next(line for line in REFERENCE.splitlines() if line.startswith(f"| `{table}` |"))
    assert re.findall(r"`(\w+)`", line)[1:] == list(columns)


def test_the_how_to_names_every_shape_and_no_other() -> None:
    assert re.findall(r"^\| `(\w+)` \|", HOW_TO, re.MULTILINE) == list(SHAPES)
