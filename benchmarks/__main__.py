"""Each measure with the same command line: `python -m benchmarks TASK [FILE --predictions OUT.jsonl]`.

Every task prints a small table and one JSON line. What needs the benchmark folder (CONFLICTDESK_BENCH, default
../shared) says plainly that it is skipped where the folder is not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import (
    civilian_harm,
    codebook,
    confidence,
    coverage,
    datasets,
    dates,
    error_causes,
    event_type,
    events,
    muc4,
    places,
    relevance,
    same_event,
    sentences,
    series,
    speed,
    tolls,
)
from benchmarks.bench_folder import Figures, find_bench, score_predictions, tell_missing
from benchmarks.errors import tally_causes, write_page
from benchmarks.gate import check_floors
from benchmarks.tolls import write_predictions
from conflictdesk.pipeline import open_tools

PREDICTORS: Mapping[str, Callable[[Path], Sequence[object]]] = {
    "tolls": tolls.predict,
    "dates": dates.predict,
    "civilian-harm": civilian_harm.predict,
    "same-event": same_event.predict,
    "event-type": event_type.predict_best,
    "relevance": relevance.predict,
    "muc4": muc4.predict,
}
SCORERS: Mapping[str, Callable[[Path, Path], Figures | None]] = {"muc4": muc4.score}  # the others: score_tasks.py
SHORT_SIZES = (100, 1_000)
DEVELOPMENT = (
    ("dates", "dates.dev.jsonl.gz"),
    ("civilian-harm", "civilian_harm.dev.jsonl.gz"),
    ("tolls", "tolls.dev.jsonl.gz"),
    ("same-event", "same_event.dev.jsonl.gz"),
    ("event-type", "event_type.dev.jsonl"),
    ("relevance", "relevant_sentences.dev.jsonl.gz"),
)
DEVELOPMENT_PLACES = (
    ("given", "places.LGL.dev.jsonl.gz"),
    ("given", "places.GeoVirus.dev.jsonl.gz"),
    ("found", "places.LGL.dev.jsonl.gz"),
    ("found", "places.GeoVirus.dev.jsonl.gz"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one task, or `all` of them; 1 where a figure is below its floor."""
    options = _build_parser().parse_args(arguments)
    options.taken = {}  # the figures of this run, by the names of floors.toml
    options.run(options)
    return _tell_floors(options.taken) if options.run in (_run_all, _run_gate) else 0


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
        "confidence": ("whether stated probabilities hold, and what the review order is worth", _run_confidence),
        "speed": ("start-up, speed, memory, growth", _run_speed),
        "datasets": ("millions of made-up events: import, counts, comparisons, pages, beside pandas", _run_datasets),
        "desk": ("the working desk at size: pages, twenty coders at once, SQLite or PostgreSQL", _run_desk),
        "cuts": ("the desk's server killed under load again and again, and a full disk", _run_cuts),
        "coverage": ("whether 95 % intervals hold the true ratio, on made-up conflicts", _run_coverage),
        "gate": ("every figure that has a floor, beside its floor", _run_gate),
        "all": ("everything that needs a few minutes", _run_all),
    }
    for name, (help_line, run) in jobs.items():
        task = tasks.add_parser(name, help=help_line)
        if name == "events":
            task.add_argument("--coder", default="rules", metavar="NAME")
        if name == "speed":
            task.add_argument("--sizes", type=int, nargs="+", default=list(speed.SIZES), metavar="N")
        if name == "datasets":
            task.add_argument("--rows", type=int, default=datasets.ROWS, metavar="N")
        if name in ("desk", "cuts"):
            task.add_argument("--desk", type=Path, metavar="DIR", help="a made-up desk to keep and to use again")
            task.add_argument("--articles", type=int, default=100_000 if name == "desk" else 2_000, metavar="N")
        if name == "desk":
            task.add_argument("--store", metavar="URL", help="the address of an empty PostgreSQL database")
        if name == "cuts":
            task.add_argument("--cuts", type=int, default=200, metavar="N")
        if name == "coverage":
            task.add_argument("--runs", type=int, default=coverage.RUNS, metavar="N")
            task.add_argument("--kinds", nargs="+", choices=series.KINDS, default=list(series.KINDS))
        task.set_defaults(run=run)
    _add_errors(tasks)
    return parser


def _add_errors(tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    task = tasks.add_parser("errors", help="the misses of a task by cause, with a page to read them on")
    task.add_argument("task", choices=(*error_causes.EXPLAINERS, "events"), metavar="TASK")
    task.add_argument("file", metavar="FILE", help="the benchmark file; for `events` the gold or the name of a set")
    task.add_argument("--predictions", type=Path, metavar="PRED", help="what the task wrote; else it is run first")
    task.add_argument("--out", type=Path, metavar="PAGE.html")
    task.set_defaults(run=_run_errors)


# ---------------------------------------------------------------- the tasks


def _run_predictions(options: argparse.Namespace) -> None:
    spans: str = getattr(options, "spans", "")
    records = _predict(options.task, options.file, spans)
    write_predictions(options.predictions, records)
    scorer = SCORERS.get(options.task)
    if scorer is None:
        figures = score_predictions(options.task, options.file, options.predictions)
    else:
        figures = scorer(options.file, options.predictions)
    name = f"{options.task} {options.file.name} {spans}".strip()
    if figures is None:
        reason = f"{options.file.name} holds no gold" if find_bench() else tell_missing("the score")
        print(f"{name}: {len(records)} records written; {reason}")
    else:
        options.taken[_name_measure(options.task, options.file, spans)] = figures
    tell(name, {name: figures or {"records": len(records)}})


def _name_measure(task: str, file: Path, spans: str) -> str:
    """The name under which floors.toml has a task's figures: "tolls", "places.found.LGL"."""
    return ".".join(filter(None, (task, spans, file.name.split(".")[1] if task == "places" else "")))


def _keep(options: argparse.Namespace, task: str, columns: Mapping[str, Mapping[str, object]]) -> None:
    tell(task, columns)
    options.taken.update({f"{task}.{name}": figures for name, figures in columns.items()})


def _predict(task: str, file: Path, spans: str) -> Sequence[object]:
    if task == "places":
        return places.predict(file, "found" if spans == "found" else "given")
    return PREDICTORS[task](file)


def _run_errors(options: argparse.Namespace) -> None:
    def predict() -> Sequence[object]:
        return _predict(options.task, Path(options.file), "given")

    found = error_causes.explain(options.task, options.file, options.predictions, predict)
    if isinstance(found, str):
        print(found)
        return
    records, misses = found
    counts = {tally.cause: len(tally.misses) for tally in tally_causes(misses)}
    tell(f"errors {options.task}", {"misses": {"records": records, "misses": len(misses), **counts}})
    if options.out:
        write_page(options.out, f"Misses of {options.task}: {Path(options.file).name}", records, misses)
        print(f"{options.out}: {len(misses)} misses; the page holds other people's text, keep it to yourself")


def _run_events(options: argparse.Namespace) -> None:
    if find_bench() is None:
        print(tell_missing("events"))
        return
    _keep(options, "events", events.measure(coder=getattr(options, "coder", "rules")))


def _run_sentences(options: argparse.Namespace) -> None:
    _keep(options, "sentences", sentences.measure(open_tools()))


def _run_codebook(options: argparse.Namespace) -> None:
    figures = codebook.measure(open_tools())
    tell("codebook", {"share right": figures})
    options.taken["codebook"] = figures


def _run_confidence(_options: argparse.Namespace) -> None:
    if find_bench() is None:
        print(tell_missing("confidence on real text"))
    tables, sums, reviews = confidence.measure(open_tools())
    for name, bins in tables.items():
        tell(f"reliability: {name}", confidence.turn(bins))
    for name, fields in sums.items():
        tell(f"calibration: {name}", confidence.turn(fields))
    tell("review order: share of wrong fields in the first quarter of looks", reviews)


def _run_speed(options: argparse.Namespace) -> None:
    if find_bench() is None:
        print(tell_missing("speed on the news articles"))
    tell("speed", {"speed": speed.measure(options.sizes)})


def _run_datasets(options: argparse.Namespace) -> None:
    tell(f"datasets of {options.rows:,} events", confidence.turn(datasets.measure(options.rows)))


def _run_coverage(options: argparse.Namespace) -> None:
    coverage.tell_coverage(options.runs, options.kinds)


def _run_desk(options: argparse.Namespace) -> None:
    from benchmarks import desk_load, desk_pages, made_desk

    with _open_folder(options.desk) as folder:
        if not (folder / "conflictdesk.toml").exists():
            made_desk.build_desk(folder, options.articles, store_url=options.store).store.close()
        tell("desk: pages", desk_pages.measure_pages(folder))
        loads = {
            "no pause": desk_load.measure_load(folder),
            "0.2 s pause": desk_load.measure_load(folder, skip=desk_load.TAKEN, pause=0.2),
        }
        tell("desk: twenty coders at once", loads)


def _run_cuts(options: argparse.Namespace) -> None:
    from benchmarks import desk_kill, made_desk

    with _open_folder(options.desk) as folder:
        if not (folder / "conflictdesk.toml").exists():
            made_desk.build_desk(folder, options.articles).store.close()
        full = desk_kill.measure_full_disk(folder)
        tell("cuts: full disk", {"full disk": full or {"skipped: no small disk can be mounted here": 0.0}})
        tell("cuts: kill -9", {"kill -9": desk_kill.measure_cuts(folder, cuts=options.cuts)})


@contextlib.contextmanager
def _open_folder(named: Path | None) -> Iterator[Path]:
    """The folder that was named, made if it is not there, or one that goes away afterwards."""
    if named is not None:
        yield named
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "desk"


def _run_gate(options: argparse.Namespace) -> None:
    _run_sentences(options)
    _run_codebook(options)
    _run_events(options)
    _run_development(options)


def _tell_floors(taken: Mapping[str, Mapping[str, object]]) -> int:
    """Print each figure beside its floor, then what was skipped; 1 where one is below."""
    checked = check_floors(taken)
    print("\nfloors")
    for each in checked:
        print(each.tell())
    below = [each for each in checked if not each.is_kept]
    if skipped := sorted({each.measure for each in checked if each.value is None}):
        print(f"{tell_missing(', '.join(skipped))}")
    print(f"{len(below)} of {len(checked)} figures are below their floor")
    return 1 if below else 0


def _run_all(options: argparse.Namespace) -> None:
    _run_gate(options)
    _run_speed(argparse.Namespace(sizes=SHORT_SIZES, taken=options.taken))


def _run_development(options: argparse.Namespace) -> None:
    bench = find_bench()
    if bench is None:
        print(tell_missing(", ".join((*(task for task, _ in DEVELOPMENT), "places"))))
        return
    jobs = [(task, file, "") for task, file in DEVELOPMENT] + [("places", f, spans) for spans, f in DEVELOPMENT_PLACES]
    with tempfile.TemporaryDirectory() as folder:
        for task, file, spans in jobs:
            path = bench / "bench" / file
            out = Path(folder) / "out.jsonl"
            _run_predictions(
                argparse.Namespace(task=task, file=path, spans=spans, predictions=out, taken=options.taken)
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
