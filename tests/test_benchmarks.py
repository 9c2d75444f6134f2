"""What must hold in every run on the benchmark's articles; and the scoring of our own sentences sees faults."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.bench_folder import find_bench, name_bench
from benchmarks.events import list_sets, measure_set
from benchmarks.sentences import load_items, score_items, sum_up
from benchmarks.speed import make_up_articles
from conflictdesk.pipeline import Tools

ROOT = Path(__file__).parent.parent
SETS = {each.name: each for each in list_sets(own=False)}
needs_bench = pytest.mark.skipif(
    find_bench() is None, reason=f"no benchmark folder at {name_bench()}: set CONFLICTDESK_BENCH"
)


@pytest.mark.bench
@pytest.mark.slow
@needs_bench
@pytest.mark.parametrize("name", ["page", "news", "news-html"])
def test_every_run_is_exact_grounded_without_copies_and_quiet(name: str) -> None:
    figures = measure_set(SETS[name])
    assert figures["spans_exact"] == 1.0
    assert figures["grounded"] == 1.0
    assert figures["copies"] == 0
    assert figures["quiet"] == 0


def test_scoring_sees_what_is_missing(tools: Tools) -> None:
    """The same coded events score lower against a gold that says another place, another toll and one event more."""
    items = [item for item in load_items() if item["id"] in ("s001", "s002")]
    plain = sum_up(score_items(items, tools))
    assert plain["recall"] == plain["precision"] == 1.0
    for item in items:
        item["events"][0]["location"] = "Reykjavik"
        item["events"][0]["location_also"] = []
        item["events"][0]["deaths"] = [99, 99, 99]
    changed = sum_up(score_items(items, tools))
    assert changed["place"] == 0.0 and changed["deaths"] == 0.0 and changed["strict_f1"] == 0.0
    items[0]["events"].append({**items[0]["events"][0], "event_type": "Protests", "date": ["1999-01-01", "1999-01-01"]})
    assert sum_up(score_items(items, tools))["recall"] < 1.0


def test_made_up_articles_are_many_and_always_the_same() -> None:
    first, again = list(make_up_articles(50)), list(make_up_articles(50))
    assert first == again
    assert len(set(first)) == 50


def test_without_the_folder_a_task_says_what_it_skips(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "events"],
        cwd=ROOT,
        env={"CONFLICTDESK_BENCH": str(tmp_path), "PYTHONPATH": f"{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "skipped: events" in done.stdout and str(tmp_path) in done.stdout


def test_a_task_writes_its_predictions_also_without_gold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "dates.jsonl", tmp_path / "out.jsonl"
    row = {"docid": "d1", "text": "The bridge fell on 3 May 2021 and was raised a week later.", "dct": "2021-06-01"}
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert main(["dates", str(file), "--predictions", str(out)]) == 0
    (written,) = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert written["docid"] == "d1" and written["timex3"][0] == {"start": 19, "end": 29, "value": "2021-05-03"}
    told = capsys.readouterr().out
    assert "1 records written" in told
    assert json.loads(told.splitlines()[-1])["task"] == "dates dates.jsonl"
