"""Measures the toll reader on incident narratives: civilians killed and hurt, lowest and highest.

    python -m benchmarks.civilian_harm FILE --predictions OUT

FILE holds one JSON object a line (`file`, `summary`), plain or gzipped; nothing but the summary is read. OUT gets one
object a line: `{"file", "killed_low", "killed_high", "injured_low", "injured_high"}`, None where the narrative tells
nothing. These narratives open with their own finding, write "at least 7" for 7 and more, and count a plural without a
number as two and "dozens" as one dozen to two.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TypedDict

from benchmarks.places import make_article
from benchmarks.tolls import is_telling, read_lines, write_predictions
from conflictdesk.coding.article_tolls import read_article_toll
from conflictdesk.coding.casualty_words import Side
from conflictdesk.coding.toll_sums import TollSum
from conflictdesk.language.parses import SpacyParser
from conflictdesk.seams import Parser

NO_CIVILIANS: frozenset[Side] = frozenset({"armed"})
# A name on a line of its own belongs to the sentence around it.
BROKEN_LINE = re.compile(r"(?<![.!?”\"…])\n")


class Prediction(TypedDict):
    """What one narrative tells."""

    file: str
    killed_low: int | None
    killed_high: int | None
    injured_low: int | None
    injured_high: int | None


def predict(path: Path, parser: Parser | None = None, every: int = 1) -> list[Prediction]:
    """Read the tolls of every narrative of a benchmark file, or of every n-th while developing."""
    parser = parser or SpacyParser(wanted=is_telling)
    return [_predict_narrative(record["file"], record["summary"], parser) for record in read_lines(path)[::every]]


def _predict_narrative(file: str, summary: str, parser: Parser) -> Prediction:
    text = BROKEN_LINE.sub(" ", summary.replace("\xa0", " "))
    toll = read_article_toll(parser.parse(make_article(file, text)), without=NO_CIVILIANS, findings_first=True)
    killed, injured = _range(toll.deaths), _range(toll.injured)
    return {
        "file": file,
        "killed_low": killed[0],
        "killed_high": killed[1],
        "injured_low": injured[0],
        "injured_high": injured[1],
    }


def _range(total: TollSum | None) -> tuple[int | None, int | None]:
    if total is None:
        return None, None
    estimate = total.estimate
    if total.imputed is not None:
        return (12, 24) if "dozen" in total.imputed else (2, 2) if estimate.best == 3 else (estimate.low, estimate.best)
    # "Up to five were killed" says that somebody was.
    low = max(estimate.low, min(1, estimate.best))
    return low, estimate.best if estimate.high is None else estimate.high


def _run() -> None:
    parser = argparse.ArgumentParser(description="Measure the toll reader on incident narratives.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--predictions", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="only every n-th record, for a quick look")
    choice = parser.parse_args()
    write_predictions(choice.predictions, predict(choice.file, every=choice.every))


if __name__ == "__main__":
    _run()
