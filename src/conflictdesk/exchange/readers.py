"""A few lines for R, Stata and Python that load events.csv with the right types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_R_TYPES: Final = {
    "DATE": "Date",
    "DOUBLE": "numeric",
    "BOOLEAN": "logical",
    "TINYINT": "integer",
    "INTEGER": "integer",
}
_PYTHON_TYPES: Final = {
    "DOUBLE": "float64",
    "BOOLEAN": "boolean",
    "TINYINT": "Int8",
    "INTEGER": "Int32",
    "BIGINT": "Int64",
}
_TEXTS: Final = ("VARCHAR", "VARCHAR[]")


def write_python_reader(kinds: Mapping[str, str]) -> str:
    """The Python reader: `events` is a pandas DataFrame; unknown is <NA>, days are dates."""
    types = "\n".join(
        f'    "{name}": "{_PYTHON_TYPES.get(kind, "string")}",' for name, kind in kinds.items() if kind != "DATE"
    )
    return _PYTHON.format(
        types=types,
        days=", ".join(f'"{name}"' for name in _names(kinds, "DATE")),
        texts=", ".join(f'"{name}"' for name in _names(kinds, "VARCHAR")),
        several=", ".join(f'"{name}"' for name in _names(kinds, "VARCHAR[]")),
    )


def write_r_reader(kinds: Mapping[str, str]) -> str:
    """The R reader, base R alone: `events` is a data frame; unknown is NA, days are Dates.

    Whole numbers that may pass 2^31 are numeric.
    """
    types = ",\n".join(
        f'  {name} = "{"numeric" if kind == "BIGINT" else _R_TYPES.get(kind, "character")}"'
        for name, kind in kinds.items()
    )
    texts = ", ".join(f'"{name}"' for name, kind in kinds.items() if kind in _TEXTS)
    return _R.format(types=types, texts=texts)


def write_stata_reader(kinds: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """The Stata reader: a do-file that loads and labels; true is 1, false 0, unknown is missing."""
    numbers = [name for name, kind in kinds.items() if kind in ("DOUBLE", "TINYINT", "INTEGER", "BIGINT")]
    lines = [f"destring {' '.join(numbers)}, replace"]
    for name in _names(kinds, "BOOLEAN"):
        lines += [
            f'generate byte {name}_ = cond({name} == "true", 1, cond({name} == "false", 0, .))',
            f"order {name}_, after({name})",
            f"drop {name}",
            f"rename {name}_ {name}",
        ]
    for name in _names(kinds, "DATE"):
        lines += [
            f'generate {name}_ = date({name}, "YMD")',
            f"format {name}_ %td",
            f"order {name}_, after({name})",
            f"drop {name}",
            f"rename {name}_ {name}",
        ]
    lines += [f'label variable {name} `"{labels[name]}"\'' for name in kinds]
    return _STATA + "\n".join(lines) + "\n"


def _names(kinds: Mapping[str, str], kind: str) -> list[str]:
    return [name for name, held in kinds.items() if held == kind]


_PYTHON: Final = '''\
"""Load events.csv with the right types: python -i read_events.py"""

import re

import pandas as pd

TYPES = {{
{types}
}}
DAYS = [{days}]
TEXTS = [{texts}]
SEVERAL = [{several}]  # several values in one cell, ";" between them


def as_written(text):
    """A text that a spreadsheet would run as a formula has an apostrophe before it: take it off."""
    return re.sub(r"^'(?='*[=+\\-@\\t\\r\\n＝＋－＠])", "", text)


def split_values(text):
    r"""The values of a cell that holds several; in a value ";" is written "\\;" and "\\" is written "\\\\"."""
    parts = re.findall(r"((?:[^;\\\\]|\\\\.)*)(?:;|$)", text, re.DOTALL)[:-1] if text else []
    return [re.sub(r"\\\\(.)", r"\\1", part, flags=re.DOTALL) for part in parts]


events = pd.read_csv(
    "events.csv",
    dtype={{**TYPES, **dict.fromkeys(DAYS, "string")}},
    na_values=[""],
    keep_default_na=False,
    true_values=["true"],
    false_values=["false"],
    encoding="utf-8-sig",
    lineterminator="\\n",
)
for name in DAYS:
    events[name] = pd.to_datetime(events[name], format="%Y-%m-%d")
for name in TEXTS + SEVERAL:
    events[name] = events[name].map(as_written, na_action="ignore").astype("string")
for name in SEVERAL:
    events[name] = events[name].astype(object).map(split_values, na_action="ignore")
'''

_R: Final = """\
# Load events.csv with the right types; needs base R alone.
types <- c(
{types}
)
events <- read.csv(
  "events.csv", colClasses = types, na.strings = "", strip.white = FALSE, check.names = FALSE,
  fileEncoding = "UTF-8-BOM", quote = "\\"", comment.char = ""
)
# A text that a spreadsheet would run as a formula has an apostrophe before it: take it off.
for (name in c({texts})) {{
  events[[name]] <- sub("^'(?='*[=+@\\\\t\\\\r\\\\n\\uff1d\\uff0b\\uff0d\\uff20-])", "", events[[name]], perl = TRUE)
}}
"""

_STATA: Final = """\
* Load events.csv with the right types; Stata 14 or newer.
import delimited "events.csv", clear varnames(1) case(preserve) encoding("utf-8") stringcols(_all) ///
    bindquote(strict) maxquotedrows(unlimited)
"""
