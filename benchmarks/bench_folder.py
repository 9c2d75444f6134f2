"""The folder of other people's benchmarks, which is not part of this repository: where it is and its scorers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

Figures = dict[str, object]


def name_bench() -> Path:
    """Where the benchmark folder should be: CONFLICTDESK_BENCH, else ../shared."""
    return Path(os.environ.get("CONFLICTDESK_BENCH", "../shared"))


def find_bench() -> Path | None:
    """The benchmark folder, None where it is not."""
    path = name_bench()
    return path if (path / "tools").is_dir() else None


def tell_missing(what: str) -> str:
    """The line that says what is left out, and how to bring it in."""
    return f"skipped: {what}: there is no benchmark folder at {name_bench()}; set CONFLICTDESK_BENCH"


def score_predictions(task: str, file: Path, predictions: Path) -> Figures | None:
    """What score_tasks.py makes of a file of predictions; None when there is no scorer or the file holds no gold."""
    bench = find_bench()
    if bench is None:
        return None
    done = _run([str(bench / "tools" / "score_tasks.py"), task, str(file), str(predictions)])
    return done if done.get("n") else None


def score_events(gold: Path, out: Path, *, present: bool = False) -> Figures:
    """What score_events.py makes of a folder of results; with `present` the articles that are there count alone.

    Raises:
        FileNotFoundError: there is no benchmark folder.
    """
    bench = find_bench()
    if bench is None:
        raise FileNotFoundError(tell_missing("score_events.py"))
    scorer = str(bench / "tools" / "score_events.py")
    return _run([scorer, str(gold), str(out), "--json", *(["--present"] if present else [])])


def _run(command: Sequence[str]) -> Figures:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        return {}
    figures: Figures = json.loads(done.stdout)
    return figures
