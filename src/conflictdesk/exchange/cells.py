"""Text cells that a spreadsheet may open: nothing runs as a formula, and every text can be had back.

The rule, for CSV and XLSX alike: a text that begins with = + - @ (or their wide forms), a tab or a line end, with or
without apostrophes before it, gets one apostrophe more. To read it back take one apostrophe off every text that begins
with apostrophes and such a sign. Numbers in columns of numbers are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

DANGEROUS: Final = "=+-@\t\r\n＝＋－＠"
NO_CHARACTER: Final = "\ufffd"
"""Stands in for what a format cannot hold, such as the character NUL."""

_TAMED: Final = re.compile(f"'+[{re.escape(DANGEROUS)}]")
_TO_TAME: Final = re.compile(f"'*[{re.escape(DANGEROUS)}]")
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TEXTS: Final = ("VARCHAR", "VARCHAR[]", "NUMBER")
# Patterns of RE2, for DuckDB; the hyphen last, where it is a plain sign.
_SQL_TAMED: Final = "^''+[=+@\t\r\n＝＋－＠-]"
_SQL_TO_TAME: Final = "^''*[=+@\t\r\n＝＋－＠-]"


def tame(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run.

    >>> tame("=1+1"), tame("'=1+1"), tame("O'Neil"), tame("'quoted'")
    ("'=1+1", "''=1+1", "O'Neil", "'quoted'")
    """
    return f"'{text}" if _TO_TAME.match(text) else text


def untame(text: str) -> str:
    """Take the apostrophe off again: the inverse of `tame`.

    >>> [untame(tame(text)) for text in ("=1+1", "'@x", "'quoted'", "-")]
    ['=1+1', "'@x", "'quoted'", '-']
    """
    return text[1:] if _TAMED.match(text) else text


def clean_for_xml(text: str) -> str:
    """Replace what no XML file can hold (control characters) by U+FFFD."""
    return _NO_XML.sub(NO_CHARACTER, text)


def join_values(values: list[str]) -> str:
    r"""Write several values in one cell, ";" between them; in a value ";" becomes "\;" and "\" becomes "\\".

    >>> join_values(["Radio North", "Blue; Green"])
    'Radio North;Blue\\; Green'
    """
    return ";".join(value.replace("\\", "\\\\").replace(";", "\\;") for value in values)


def split_values(cell: str) -> list[str]:
    """Read several values from one cell: the inverse of `join_values` (an empty cell holds none).

    >>> split_values(join_values(["a;b", "c"]))
    ['a;b', 'c']
    """
    parts = re.findall(r"((?:[^;\\]|\\.)*)(?:;|$)", cell, re.DOTALL)
    found = [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in parts]
    return found[:-1] if cell else []


# ---------------------------------------------------------------- the same in SQL, for millions of rows


def tame_sql(text: str) -> str:
    """The SQL of `tame` for an expression that gives text."""
    return f"CASE WHEN regexp_matches({text}, '{_SQL_TO_TAME}') THEN '''' || {text} ELSE {text} END"


def untame_sql(text: str) -> str:
    """The SQL of `untame` for an expression that gives text."""
    tamed = f"starts_with({text}, '''') AND regexp_matches({text}, '{_SQL_TAMED}')"
    return f"CASE WHEN {tamed} THEN {text}[2:] ELSE {text} END"


def join_sql(values: str, mark: str = ";") -> str:
    """The SQL of `join_values` for an expression that gives a list of texts; an empty list gives NULL."""
    escaped = "replace(replace(v, '\\', '\\\\'), ';', '\\;')"
    return f"nullif(array_to_string(list_transform({values}, lambda v: {escaped}), '{mark}'), '')"


def cells_sql(rows: str, kinds: Mapping[str, str]) -> str:
    """Every cell of a SELECT as CSV text: tamed where it is text, quoted where needed, NULL for what is not known.

    `kinds` maps each column to its SQL type, or to "NUMBER" for texts that ought to be numbers: what is one stays as
    it is. NUL, which readers of CSV choke on, becomes U+FFFD.
    """
    # In three steps, one inside the other, for the planner takes long over one deep expression a cell.
    told = rows
    for write in (_plain_sql, _safe_sql, _quoted_sql):
        told = f"SELECT {', '.join(f'{write(name, kind)} AS {name}' for name, kind in _quoted(kinds))} FROM ({told})"
    return told


def _quoted(kinds: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(f'"{name}"', kind) for name, kind in kinds.items()]


def _plain_sql(cell: str, kind: str) -> str:
    if kind == "DOUBLE":
        return f"CASE WHEN isfinite({cell}) THEN {cell}::VARCHAR END"
    if kind not in _TEXTS:
        return f"{cell}::VARCHAR"
    return f"replace({join_sql(cell) if kind == 'VARCHAR[]' else cell}, chr(0), '{NO_CHARACTER}')"


def _safe_sql(cell: str, kind: str) -> str:
    if kind == "NUMBER":
        return f"CASE WHEN coalesce(isfinite(TRY_CAST({cell} AS DOUBLE)), FALSE) THEN {cell} ELSE {tame_sql(cell)} END"
    return tame_sql(cell) if kind in _TEXTS else cell


def _quoted_sql(cell: str, kind: str) -> str:
    if kind not in _TEXTS:
        return cell
    marks = " OR ".join(f"contains({cell}, {mark})" for mark in ("','", "'\"'", "chr(10)", "chr(13)"))
    return f"CASE WHEN {marks} THEN '\"' || replace({cell}, '\"', '\"\"') || '\"' ELSE {cell} END"
