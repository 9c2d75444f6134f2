"""Measures the date reader: what date expressions in newswire mean, as TIMEX3 values.

    python -m benchmarks.dates FILE --predictions OUT

FILE holds one JSON object a line (`docid`, `text`, `dct` the day of publication), plain or gzipped. OUT gets one object
a line: `{"docid", "timex3": [{"start", "end", "value"}]}`. A window such as "from May to July" is handed over as
its two dates.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from conflictdesk.coding.dates import DateExpression, read_dates


class Timex(TypedDict):
    """One date expression; `start` and `end` are code points of the text."""

    start: int
    end: int
    value: str


class Prediction(TypedDict):
    """The date expressions of one document."""

    docid: str
    timex3: list[Timex]


def predict(path: Path) -> list[Prediction]:
    """Read the dates of every document of a benchmark file."""
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [_predict_document(json.loads(line)) for line in body.decode("utf-8").split("\n") if line.strip()]


def _predict_document(document: dict[str, str]) -> Prediction:
    day = dt.date.fromisoformat(document["dct"][:10]) if document.get("dct") else None
    found = read_dates(document["text"], day)
    return {"docid": document["docid"], "timex3": [timex for item in found for timex in _list_values(item)]}


def _list_values(item: DateExpression) -> Iterator[Timex]:
    if item.parts:
        for part in item.parts:
            yield from _list_values(part)
    elif item.value:
        yield {"start": item.span.start, "end": item.span.end, "value": item.value}


def _run() -> None:
    parser = argparse.ArgumentParser(description="Measure the date reader.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--predictions", type=Path, required=True)
    choice = parser.parse_args()
    lines = (json.dumps(record, ensure_ascii=False) for record in predict(choice.file))
    choice.predictions.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    _run()
