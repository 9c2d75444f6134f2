"""Measures the toll reader on single articles: how many were killed and hurt in a shooting, and on what day.

    python -m benchmarks.tolls FILE --predictions OUT

FILE holds one JSON object a line (`text`, `publish_date`), plain or gzipped. OUT gets one object a line:
`{"i", "killed", "injured", "date"}`; `i` is the number of the line from 0, an article that tells of nobody killed
counts 0, and `date` is None where no day can be told.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from benchmarks.places import make_article
from conflictdesk.coding.article_tolls import read_article_toll
from conflictdesk.coding.dates import DateExpression, read_dates
from conflictdesk.coding.incident_days import choose_incident_day
from conflictdesk.coding.toll_sums import TollSum
from conflictdesk.language.parses import SpacyParser
from conflictdesk.seams import Parser

TELLING = re.compile(
    r"kill|dead|died|dying|\bdies?\b|death|fatal|injur|wound|hurt|shot|shoot|stab|murder|sla(?:in|y)|bod(?:y|ies)"
    r"|hospital|casualt|lives|martyr|struck|condition|toll|homicid|gr[ai]z|\bhit\b|missing",
    re.I,
)


class Prediction(TypedDict):
    """What one article tells."""

    i: int
    killed: int
    injured: int
    date: str | None


def is_telling(text: str) -> bool:
    """True when a sentence has a word by which a toll may be told, so that its grammar is worth reading."""
    return TELLING.search(text) is not None


def predict(path: Path, parser: Parser | None = None, every: int = 1) -> list[Prediction]:
    """Read the tolls of every article of a benchmark file, or of every n-th while developing."""
    parser = parser or SpacyParser(wanted=is_telling)
    records = list(enumerate(read_lines(path)))[::every]
    return [_predict_article(number, record, parser) for number, record in records]


def read_lines(path: Path) -> list[dict[str, str]]:
    """The records of a file of JSON lines, plain or gzipped."""
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in body.decode("utf-8").split("\n") if line.strip()]


def _predict_article(number: int, record: dict[str, str], parser: Parser) -> Prediction:
    parse = parser.parse(make_article(str(number), record["text"]))
    toll = read_article_toll(parse)
    published = dt.date.fromisoformat(record["publish_date"][:10]) if record.get("publish_date") else None
    day = choose_day(record["text"], read_dates(record["text"], published), published)
    return {
        "i": number,
        "killed": _best(toll.deaths),
        "injured": _best(toll.injured),
        "date": None if day is None else day.isoformat(),
    }


def _best(total: TollSum | None) -> int:
    return 0 if total is None else total.estimate.best


def choose_day(text: str, found: Iterable[DateExpression], published: dt.date | None) -> dt.date | None:
    """The first day of what the product takes for the main incident's date, else the day of publication."""
    chosen = choose_incident_day(text, found)
    return chosen.dates.start if chosen is not None and chosen.dates is not None else published


def write_predictions(path: Path, records: Iterable[object]) -> None:
    """Write one JSON object a line."""
    path.write_text("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records), encoding="utf-8")


def _run() -> None:
    parser = argparse.ArgumentParser(description="Measure the toll reader on articles.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--predictions", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="only every n-th record, for a quick look")
    choice = parser.parse_args()
    write_predictions(choice.predictions, predict(choice.file, every=choice.every))


if __name__ == "__main__":
    _run()
