"""Each measure with the same command line: `python -m benchmarks TASK [FILE --predictions OUT.jsonl]`.

Every task prints a small table and one JSON line. What needs the benchmark folder (CONFLICTDESK_BENCH, default
../shared) says plainly that it is skipped where the folder is not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import civilian_harm, codebook, dates, events, places, sentences, speed, tolls
from benchmarks.bench_folder import Figures, find_bench, score_predictions, tell_missing
from benchmarks.tolls import write_predictions
from conflictdesk.pipeline import open_tools

PREDICTORS: Mapping[str, Callable[[Path], Sequence[object]]] = {
    "tolls": tolls.predict,
    "dates": dates.predict,
    "civilian-harm": civilian_harm.predict,
}
SHORT_SIZES = (100, 1_000)
DEVELOPMENT = (
    ("dates", "dates.dev.jsonl.gz"),
    ("civilian-harm", "civilian_harm.dev.jsonl.gz"),
    ("tolls", "tolls.dev.jsonl.gz"),
)
DEVELOPMENT_PLACES = (
    ("given", "places.LGL.dev.jsonl.gz"),
    ("given", "places.GeoVirus.dev.jsonl.gz"),
    ("found", "places.LGL.dev.jsonl.gz"),
    ("found", "places.GeoVirus.dev.jsonl.gz"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one task, or `all` of them."""
    options = _build_parser().parse_args(arguments)
    options.run(options)
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    tasks = parser.add_subparsers(required=True, metavar="TASK")
    for name in ("places", *PREDICTORS):
        task = tasks.add_parser(name, help=f"predictions of {name} for a benchmark file, scored where it holds gold")
        task.add_argument("file", type=Path, metavar="FILE")
        task.add_argument("--predictions", type=Path, required=True, metavar="OUT.jsonl")
        if name == "places":
            task.add_argument("--spans", choices=("given", "found"), default="given")
        task.set_defaults(run=_run_predictions, task=name)
    jobs = {
        "events": ("the whole job on hand-coded articles", _run_events),
        "sentences": ("our own hand-coded sentences", _run_sentences),
        "codebook": ("the codebook's own examples", _run_codebook),
        "speed": ("start-up, speed, memory, growth", _run_speed),
        "all": ("everything that needs a few minutes", _run_all),
    }
    for name, (help_line, run) in jobs.items():
        task = tasks.add_parser(name, help=help_line)
        if name == "speed":
            task.add_argument("--sizes", type=int, nargs="+", default=list(speed.SIZES), metavar="N")
        task.set_defaults(run=run)
    return parser


# ---------------------------------------------------------------- the tasks


def _run_predictions(options: argparse.Namespace) -> None:
    spans: str = getattr(options, "spans", "")
    records = _predict(options.task, options.file, spans)
    write_predictions(options.predictions, records)
    figures = score_predictions(options.task, options.file, options.predictions)
    name = f"{options.task} {options.file.name} {spans}".strip()
    if figures is None:
        reason = f"{options.file.name} holds no gold" if find_bench() else tell_missing("the score")
        print(f"{name}: {len(records)} records written; {reason}")
    tell(name, {name: figures or {"records": len(records)}})


def _predict(task: str, file: Path, spans: str) -> Sequence[object]:
    if task == "places":
        return places.predict(file, "found" if spans == "found" else "given")
    return PREDICTORS[task](file)


def _run_events(_options: argparse.Namespace) -> None:
    if find_bench() is None:
        print(tell_missing("events"))
        return
    tell("events", events.measure())


def _run_sentences(_options: argparse.Namespace) -> None:
    tell("sentences", sentences.measure(open_tools()))


def _run_codebook(_options: argparse.Namespace) -> None:
    tell("codebook", {"share right": codebook.measure(open_tools())})


def _run_speed(options: argparse.Namespace) -> None:
    if find_bench() is None:
        print(tell_missing("speed on the news articles"))
    tell("speed", {"speed": speed.measure(options.sizes)})


def _run_all(options: argparse.Namespace) -> None:
    _run_sentences(options)
    _run_codebook(options)
    _run_events(options)
    _run_development()
    _run_speed(argparse.Namespace(sizes=SHORT_SIZES))


def _run_development() -> None:
    bench = find_bench()
    if bench is None:
        print(tell_missing("dates, civilian-harm, tolls, places"))
        return
    jobs = [(task, file, "") for task, file in DEVELOPMENT] + [("places", f, spans) for spans, f in DEVELOPMENT_PLACES]
    with tempfile.TemporaryDirectory() as folder:
        for task, file, spans in jobs:
            path = bench / "bench" / file
            _run_predictions(
                argparse.Namespace(task=task, file=path, spans=spans, predictions=Path(folder) / "out.jsonl")
            )


# ---------------------------------------------------------------- telling


def tell(task: str, columns: Mapping[str, Mapping[str, object]]) -> None:
    """Print a table, a row for each figure and a column for each set, then the same as one JSON line."""
    rows = {name: None for figures in columns.values() for name in _flatten(figures)}
    cells = [["", *columns], *([name, *(_show(_flatten(f).get(name)) for f in columns.values())] for name in rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(cells[0]))]
    print(f"\n{task}")
    for first, *rest in cells:
        print("  ".join([first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))]))
    print(json.dumps({"task": task, "figures": columns}, ensure_ascii=False))


def _flatten(figures: Mapping[str, object]) -> Figures:
    flat: Figures = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            flat |= {f"  {inner}": each for inner, each in value.items()}
        else:
            flat[name] = value
    return flat


def _show(value: object) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
