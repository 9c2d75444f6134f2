"""Millions of made-up events through import, counts, comparisons and the web app, beside pandas in the same run.

Import is the product's own command in a process of its own. A question is asked once unmeasured, then five times; the
median counts. `pandas` answers the same questions from a frame in memory that holds only the columns it needs.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.made_events import write_ucdp
from benchmarks.speed import Cost, spend

if TYPE_CHECKING:
    import pandas
    from fastapi.testclient import TestClient

    from conflictdesk.datasets.opening import Dataset

ROWS = 3_000_000
ASKED = 5
SPLIT = dt.date(2015, 6, 1)
ACTOR = "Band 3"
COUNTED = ("year", "month", "country", "admin1", "location", "event_type", "actor", "source")
PAGES = {
    "page: explore": "/",
    "page: explore, one country": "/?country=Land+{n}",
    "page: explore, one actor": "/?actor=Band+{n}",
    "page: events of an actor": "/events?actor=Band+{n}",
    "page: count by country of a province": "/count?by=country&admin1=Province+{n}",
    "page: compare an actor": "/compare?actor=Band+{n}&split=2015-06-01&window=6months",
    "tile: the world, one country": "/tiles/1/1/0.mvt?country=Land+{n}",
    "tile: a region": "/tiles/5/1{n}/14.mvt",
    "tile: a region, one actor": "/tiles/5/18/14.mvt?actor=Band+{n}",
}
"""Asked for five values of n, each for the first time, since the app keeps its answers; the median counts."""


def measure(rows: int = ROWS) -> dict[str, dict[str, float]]:
    """Milliseconds of each question and page, what the import cost, and how many times longer pandas takes."""
    with tempfile.TemporaryDirectory() as folder:
        csv, data = Path(folder) / "GEDEvent_v99_1.csv", Path(folder) / "data"
        write_ucdp(csv, rows)
        cost = import_made(csv, data)
        figures = {"import": {"clock_s": cost.clock, "cpu_s": cost.cpu, "memory_mib": cost.memory}}
        frame = load_frame(csv)
        csv.unlink()
        figures |= ask_all(data, frame)
        figures |= {name: {"ms": value} for name, value in load_pages(data).items()}
    return {name: {key: round(value, 2) for key, value in row.items()} for name, row in figures.items()}


def import_made(csv: Path, data: Path) -> Cost:
    """Import the file by the command line."""
    return spend([sys.executable, "-m", "conflictdesk", "import", "ucdp", str(csv), "--into", str(data), "--json"])


def load_frame(csv: Path) -> pandas.DataFrame:
    """The columns that the questions need, as pandas holds them."""
    import pandas as pd

    kept = ["id", "date_start", "country", "adm_1", "side_a", "side_b", "low", "best", "high", "latitude", "longitude"]
    kept += ["type_of_violence", "source_office", "where_coordinates"]
    return pd.read_csv(csv, usecols=kept, parse_dates=["date_start"], dtype={"country": "str"})


def ask_all(data: Path, frame: pandas.DataFrame) -> dict[str, dict[str, float]]:
    """Each question to the dataset and, where the same few lines of pandas exist, to the frame."""
    from conflictdesk.datasets.opening import open_dataset

    dataset = open_dataset(data)
    rivals = list_rivals(frame)
    figures: dict[str, dict[str, float]] = {}
    for name, ask in list_questions(dataset).items():
        row = figures[name] = {"ms": clock(ask)}
        if name in rivals:
            row["pandas_ms"] = clock(rivals[name])
            row["times_faster"] = row["pandas_ms"] / row["ms"]
    dataset.close()
    return figures


def list_questions(dataset: Dataset) -> dict[str, Callable[[], object]]:
    """The questions, by what they are called in the table."""
    from conflictdesk.analyse.compare import compare_windows
    from conflictdesk.analyse.counts import DIMENSIONS, count_events, tally_events
    from conflictdesk.questions import CompareQuestion, CountQuestion, Filter

    asked: dict[str, Callable[[], object]] = {}
    for dimension in DIMENSIONS:
        if dimension in COUNTED:
            question = CountQuestion(by=(dimension,), limit=100)
            asked[f"count by {dimension}"] = lambda question=question: count_events(dataset, question)  # type: ignore[misc]
    both = CountQuestion(by=("country", "year"), limit=1000)
    asked["count by country, year"] = lambda: count_events(dataset, both)
    asked["sums of an actor"] = lambda: tally_events(dataset, Filter(actor=(ACTOR,)))
    for resamples in (0, 2000):
        compared = CompareQuestion(actor=(ACTOR,), split=SPLIT, window="6months", resamples=resamples)
        name = f"compare, {resamples:,} resamples"
        asked[name] = lambda compared=compared: compare_windows(dataset, compared)  # type: ignore[misc]
    return asked


def list_rivals(frame: pandas.DataFrame) -> dict[str, Callable[[], object]]:
    """The same sums by pandas."""
    sums = {"best": "sum", "low": "sum", "high": "sum", "id": "count"}
    day = frame["date_start"]

    def compare() -> object:
        held = frame[(frame["side_a"] == ACTOR) | (frame["side_b"] == ACTOR)]
        before = held[(held["date_start"] >= "2014-12-01") & (held["date_start"] < "2015-06-01")]
        after = held[(held["date_start"] >= "2015-06-01") & (held["date_start"] < "2015-12-01")]
        return before["best"].sum(), after["best"].sum()

    return {
        "count by year": lambda: frame.groupby(day.dt.year).agg(sums),
        "count by month": lambda: frame.groupby(day.dt.to_period("M")).agg(sums),
        "count by country": lambda: frame.groupby("country").agg(sums),
        "count by admin1": lambda: frame.groupby("adm_1").agg(sums),
        "count by location": lambda: frame.groupby("where_coordinates").agg(sums),
        "count by event_type": lambda: frame.groupby("type_of_violence").agg(sums),
        "count by country, year": lambda: frame.groupby(["country", day.dt.year]).agg(sums),
        "sums of an actor": lambda: frame[(frame["side_a"] == ACTOR) | (frame["side_b"] == ACTOR)].agg(sums),
        "compare, 0 resamples": compare,
    }


def load_pages(data: Path) -> dict[str, float]:
    """Milliseconds at the server of pages and tiles, asked one after the other."""
    from fastapi.testclient import TestClient

    from conflictdesk.desk.app import create_app

    with TestClient(create_app(data), base_url="http://127.0.0.1") as client:
        client.get("/about").raise_for_status()
        return {name: statistics.median(_time_page(client, path)) for name, path in PAGES.items()}


def _time_page(client: TestClient, path: str) -> Iterator[float]:
    for address in dict.fromkeys(path.format(n=n) for n in range(4, 4 + ASKED)):
        begun = time.perf_counter()
        client.get(address).raise_for_status()
        yield (time.perf_counter() - begun) * 1000


def clock(ask: Callable[[], object]) -> float:
    """The median of five tries in milliseconds, after one that is not counted."""
    ask()
    tries = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        ask()
        tries.append((time.perf_counter() - begun) * 1000)
    return statistics.median(tries)
