"""Which reader of causes belongs to which task, and how its predictions are had."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import errors_events, errors_single, errors_tolls
from benchmarks.bench_folder import find_bench, tell_missing
from benchmarks.errors import Miss
from benchmarks.tolls import read_lines, write_predictions

Explainer = Callable[[Path, Sequence[Mapping[str, object]]], tuple[int, list[Miss]]]
EXPLAINERS: Mapping[str, Explainer] = {
    "tolls": errors_tolls.explain_tolls,
    "dates": errors_single.explain_dates,
    "places": errors_single.explain_places,
    "civilian-harm": errors_tolls.explain_civilian_harm,
    "same-event": errors_single.explain_same_event,
    "event-type": errors_single.explain_event_type,
}


def explain(
    task: str, file: str, predictions: Path | None, predict: Callable[[], Sequence[object]]
) -> tuple[int, list[Miss]] | str:
    """The number of records of a file and its misses; a line of words where there is nothing to compare with.

    `predict` runs the task where no `predictions` are given (for `events` a folder of results).
    """
    if task == "events":
        return errors_events.explain_events(file, predictions) if find_bench() else tell_missing("the misses of events")
    if predictions is not None:
        return EXPLAINERS[task](Path(file), read_lines(predictions))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "predictions.jsonl"
        write_predictions(path, predict())
        return EXPLAINERS[task](Path(file), [json.loads(line) for line in path.read_text("utf-8").splitlines()])
