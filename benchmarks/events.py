"""The whole job on hand-coded articles: the product's own command, then the scorer of the bench folder."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path


def code(pages: Path, out: Path) -> None:
    """Run `conflictdesk code` on the pages as a user would."""
    command = [sys.executable, "-m", "conflictdesk", "code", str(pages), "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def score(scorer: Path, gold: Path, out: Path, *, present: bool = False) -> dict[str, object]:
    """Score a folder of results with score_events.py."""
    command = [sys.executable, str(scorer), str(gold), str(out), "--json", *(["--present"] if present else [])]
    figures: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def measure(bench: Path) -> dict[str, dict[str, object]]:
    """The figures of every hand-coded set: the page, the news articles as text and as HTML."""
    scorer, corpus = bench / "tools" / "score_events.py", bench / "corpus"
    sets = {
        "page": (corpus / "arab-news-2021-09-26.page.txt", corpus / "arab-news-2021-09-26.gold.json", False),
        "news": (corpus / "news" / "articles.jsonl", corpus / "news" / "gold.json", False),
        "news-html": (corpus / "news" / "html", corpus / "news" / "gold.json", True),
    }
    figures = {}
    for name, (pages, gold, present) in sets.items():
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            code(pages, out)
            figures[name] = score(scorer, gold, out, present=present)
    return figures
