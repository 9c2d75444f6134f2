"""The whole job on hand-coded articles: the product's own command, then the scorer of the bench folder.

Sets: the page and the news articles of the bench folder (as text and as HTML), and our own invented articles in
tests/gold (pages and wire), tune and hold apart.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_folder import Figures, find_bench, score_events
from benchmarks.product import code_pages

GOLD = Path(__file__).parent.parent / "tests" / "gold"
TUNE_PAGES = range(1, 7)
TUNE_WIRE = range(1, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Pages with their gold; `numbers` chooses a part of our own by the number in the name, None takes all."""

    name: str
    pages: Path
    gold: Path
    present: bool = False
    numbers: range | None = None


def measure(*, own: bool = True, coder: str = "rules") -> dict[str, Figures]:
    """The figures of every set; without the bench folder there is no scorer and so no figure."""
    return {each.name: measure_set(each, coder) for each in list_sets(own=own)}


def list_sets(*, own: bool = True) -> list[Set]:
    """The sets that are there."""
    bench = find_bench()
    if bench is None:
        return []
    corpus = bench / "corpus"
    news = corpus / "news" / "gold.json"
    sets = [
        Set(
            name="page",
            pages=corpus / "arab-news-2021-09-26.page.txt",
            gold=corpus / "arab-news-2021-09-26.gold.json",
        ),
        Set(name="news", pages=corpus / "news" / "articles.jsonl", gold=news),
        Set(name="news-html", pages=corpus / "news" / "html", gold=news, present=True),
    ]
    return sets + (_list_own() if own else [])


def _list_own() -> list[Set]:
    pages, wire = GOLD / "articles", GOLD / "wire" / "articles.jsonl"
    parts = (
        ("own pages, tune", pages, GOLD / "articles.gold.json", TUNE_PAGES),
        ("own pages, hold", pages, GOLD / "articles.gold.json", range(TUNE_PAGES.stop, 100)),
        ("own wire, tune", wire, GOLD / "wire" / "gold.json", TUNE_WIRE),
        ("own wire, hold", wire, GOLD / "wire" / "gold.json", range(TUNE_WIRE.stop, 100)),
    )
    return [Set(name=name, pages=path, gold=gold, present=True, numbers=numbers) for name, path, gold, numbers in parts]


def measure_set(chosen: Set, coder: str = "rules") -> Figures:
    """Code the pages of one set and score what came out."""
    with tempfile.TemporaryDirectory() as folder, choose_pages(chosen) as pages:
        out = Path(folder) / "out"
        code_pages(pages, out, coder)
        return score_events(chosen.gold, out, present=chosen.present)


@contextmanager
def choose_pages(chosen: Set) -> Iterator[Path]:
    """The pages of the set's part, in a folder of their own."""
    if chosen.numbers is None:
        yield chosen.pages
        return
    with tempfile.TemporaryDirectory() as folder:
        if chosen.pages.is_dir():
            for page in sorted(chosen.pages.glob("*.txt")):
                if int(page.name[:2]) in chosen.numbers:
                    shutil.copy(page, folder)
        else:
            lines = chosen.pages.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if int(line.split('"id": "w')[1][:2]) in chosen.numbers]
            (Path(folder) / "articles.jsonl").write_text("".join(kept), encoding="utf-8")
        yield Path(folder)
