"""Measures what coding costs: start-up, articles per CPU-second, peak memory, and how cost grows with the number.

Start-up is a process that opens all parts and loads the grammar. The command on one page of one sentence (`one_page`)
is taken off before a cost is shared among articles.
Every run is the product's own command in a process of its own; CPU-seconds are those of that process (user and system),
so other work on the machine counts little. The growing sets are made up: three of our own gold sentences an article,
shuffled, with other towns and other days.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_folder import find_bench
from benchmarks.product import name_environment, write_command
from benchmarks.sentences import GoldItem, load_items

SIZES = (100, 1_000, 10_000)
SENTENCES = 3
TRIES = 3
START = "from conflictdesk.pipeline import open_tools; open_tools().parser.warm()"
FIRST_DAY = dt.date(2005, 1, 1)
DAYS = 7_300
_PROBE = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(json.loads(sys.argv[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process used: seconds of CPU, seconds on the clock, mebibytes at most."""

    cpu: float
    clock: float
    memory: float


def measure(sizes: Sequence[int] = SIZES) -> dict[str, float]:
    """The figures of speed; those on the news articles only where the bench folder is."""
    start = min((spend([sys.executable, "-c", START]) for _ in range(TRIES)), key=lambda cost: cost.cpu)
    begin = _spend_least(json.dumps({"id": "one", "text": load_items()[0]["text"], "published": "2022-05-18"}))
    figures: dict[str, float] = {
        "startup_cpu_s": round(start.cpu, 2),
        "startup_clock_s": round(start.clock, 2),
        "one_page_cpu_s": round(begin.cpu, 2),
        "one_page_memory_mib": round(begin.memory),
    }
    figures |= _measure_news(begin)
    return figures | _measure_growth(sizes, begin)


def _spend_least(line: str) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "one.jsonl"
        pages.write_text(f"{line}\n", encoding="utf-8")
        return min((spend_coding(pages) for _ in range(TRIES)), key=lambda cost: cost.cpu)


def _measure_news(begin: Cost) -> dict[str, float]:
    bench = find_bench()
    if bench is None:
        return {}
    pages = bench / "corpus" / "news" / "articles.jsonl"
    count = len(pages.read_text(encoding="utf-8").splitlines())
    cost = min((spend_coding(pages) for _ in range(TRIES)), key=lambda cost: cost.cpu)
    return {
        "news_articles": count,
        "news_articles_per_cpu_s": round(count / (cost.cpu - begin.cpu), 2),
        "news_memory_mib": round(cost.memory),
    }


def _measure_growth(sizes: Sequence[int], begin: Cost) -> dict[str, float]:
    figures: dict[str, float] = {}
    per_article: list[float] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            pages = Path(folder) / "made_up.jsonl"
            with pages.open("w", encoding="utf-8") as file:
                file.writelines(make_up_articles(size))
            cost = spend_coding(pages)
        per_article.append((cost.cpu - begin.cpu) / size)
        figures[f"made_up_{size}_cpu_s"] = round(cost.cpu, 1)
        figures[f"made_up_{size}_ms_an_article"] = round(1000 * per_article[-1], 1)
        figures[f"made_up_{size}_memory_mib"] = round(cost.memory)
    if len(per_article) > 1:
        figures["cost_an_article_last_to_first"] = round(per_article[-1] / per_article[0], 2)
    return figures


def make_up_articles(count: int) -> Iterator[str]:
    """That many different documents as JSON lines, the same ones every time."""
    chance, items = random.Random(0), load_items()
    towns = sorted({event["location"] for item in items for event in item["events"]})
    for number in range(count):
        chosen = [_move(item, towns, chance) for item in chance.sample(items, SENTENCES)]
        day = FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS))
        row = {
            "id": f"made-up-{number}",
            "title": f"Report {number} from {chance.choice(towns)}",
            "text": "\n\n".join(chosen),
            "published": day.isoformat(),
            "source": f"Source {number % 40}",
        }
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _move(item: GoldItem, towns: Sequence[str], chance: random.Random) -> str:
    """The item's text with another town in the place of its own."""
    text = item["text"]
    for event in item["events"]:
        text = text.replace(event["location"], chance.choice(towns))
    return text


def spend_coding(pages: Path) -> Cost:
    """What `conflictdesk code` uses on these pages."""
    with tempfile.TemporaryDirectory() as out:
        return spend(write_command(pages, Path(out) / "out"))


def spend(command: Sequence[str]) -> Cost:
    """Run a command to its end, as the only child of a process of its own, and read what it used.

    Raises:
        RuntimeError: the command fails.
    """
    probe = [sys.executable, "-c", _PROBE, json.dumps(list(command))]
    done = subprocess.run(probe, check=True, capture_output=True, text=True, env=name_environment())
    code, cpu, clock, kibibytes = json.loads(done.stdout)
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return Cost(cpu=cpu, clock=clock, memory=kibibytes / 1024)
