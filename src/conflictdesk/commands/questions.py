"""`conflictdesk count` and `conflictdesk compare`: a question, its answer on the terminal, as JSON, or kept in a file.

A kept answer (`--spec FILE`) is one JSON file: question, answer, version of the dataset. `--from-spec FILE` asks the
same question again and, where the dataset has changed since, says which figures did.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdesk.commands.kept import (
    KIND_COMPARE,
    KIND_COUNT,
    Kept,
    give_answer,
    keep_compare,
    keep_count,
    read_kept,
    recall_compare,
    recall_count,
)
from conflictdesk.errors import ConfigError

if TYPE_CHECKING:
    from conflictdesk.datasets.opening import Dataset
    from conflictdesk.questions import CompareQuestion, CountQuestion, Filter

_WHERE = "keep events with this value, such as country=Yemen or from=2021-01-01; may be repeated"


def add_count(parser: argparse.ArgumentParser) -> None:
    """Put the arguments of `count` on its parser."""
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="the folder that `import` made")
    by = "what to count by, one to three: year, month, country, admin1, event_type, actor, source ..."
    parser.add_argument("--by", metavar="NAME[,NAME]", help=by)
    parser.add_argument("--actor", action="append", default=[], metavar="NAME", help="events that involve this actor")
    parser.add_argument("--where", action="append", default=[], metavar="KEY=VALUE", help=_WHERE)
    parser.add_argument("--limit", type=int, metavar="N", help="only the N largest rows")
    _add_output(parser)
    parser.set_defaults(run=run_count)


def add_compare(parser: argparse.ArgumentParser) -> None:
    """Put the arguments of `compare` on its parser."""
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="the folder that `import` made")
    parser.add_argument("--actor", action="append", default=[], metavar="NAME", help="as the dataset names it")
    parser.add_argument("--split", type=_read_day, metavar="DATE", help="the first day of the later window")
    window = "the length of each window: 6months, 1year, 26weeks, 182days"
    parser.add_argument("--window", metavar="LENGTH", help=window)
    area = "a country, or country/province; may be repeated"
    parser.add_argument("--area", action="append", default=[], metavar="COUNTRY[/PROVINCE]", help=area)
    parser.add_argument("--type", action="append", default=[], metavar="TYPE", help="an event type; may be repeated")
    parser.add_argument("--where", action="append", default=[], metavar="KEY=VALUE", help=_WHERE)
    measure = "which figures the sentence at the top tells"
    parser.add_argument("--measure", choices=("events", "deaths", "both"), default="both", help=measure)
    draws = "how often to draw anew for the interval of deaths (2000); 0 for none"
    parser.add_argument("--resamples", type=int, default=2000, metavar="N", help=draws)
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the seed of these draws (1)")
    _add_output(parser)
    parser.set_defaults(run=run_compare)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--spec", type=Path, metavar="FILE", help="keep question, answer and dataset version here")
    again = "ask the question of a kept file again and say what changed"
    parser.add_argument("--from-spec", type=Path, metavar="FILE", help=again)


def _read_day(text: str) -> dt.date:
    from conflictdesk.datasets.filters import read_day

    try:
        return read_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


# ---------------------------------------------------------------- running


def run_count(options: argparse.Namespace) -> int:
    """Count, and print or keep the answer."""
    from conflictdesk.analyse.counts import count_events
    from conflictdesk.analyse.known_values import settle_filter
    from conflictdesk.commands.showing import show_count
    from conflictdesk.publish.answers import tell_count
    from conflictdesk.terminal import open_console

    kept = read_kept(options.from_spec, KIND_COUNT)
    question = _read_count(options) if kept is None else recall_count(kept.question)
    with _opened(options.dataset) as dataset:
        if kept is None:
            question = replace(question, filter=settle_filter(dataset, question.filter))
        answer = count_events(dataset, question)
        fresh = Kept(KIND_COUNT, keep_count(question), tell_count(answer), dataset.version)
    return give_answer(options, fresh, kept, lambda: show_count(open_console(), answer))


def run_compare(options: argparse.Namespace) -> int:
    """Compare, and print or keep the answer."""
    from conflictdesk.analyse.compare import compare_windows
    from conflictdesk.analyse.known_values import settle_filter
    from conflictdesk.commands.showing import show_comparison
    from conflictdesk.publish.answers import tell_comparison
    from conflictdesk.terminal import open_console

    kept = read_kept(options.from_spec, KIND_COMPARE)
    question = _read_compare(options) if kept is None else recall_compare(kept.question)
    with _opened(options.dataset) as dataset:
        if kept is None:
            settle_filter(dataset, replace(question.filter, actor=()))
        answer = compare_windows(dataset, question)
        fresh = Kept(KIND_COMPARE, keep_compare(answer.question), tell_comparison(answer), dataset.version)
    return give_answer(options, fresh, kept, lambda: show_comparison(open_console(), answer, options.measure))


class _opened:
    """A dataset for the length of a `with`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Dataset:
        from conflictdesk.datasets.opening import open_dataset

        self._dataset = open_dataset(self._folder)
        return self._dataset

    def __exit__(self, *_raised: object) -> None:
        self._dataset.close()


# ---------------------------------------------------------------- questions from the command line


def _read_count(options: argparse.Namespace) -> CountQuestion:
    from conflictdesk.questions import CountQuestion

    if not options.by:
        raise ConfigError("say what to count by, as --by year or --by year,country")
    by = tuple(name.strip() for name in options.by.split(","))
    asked = [*_read_pairs(options.where), *(("actor", name) for name in options.actor)]
    return CountQuestion(by=by, filter=_read_filter(asked), limit=options.limit)


def _read_compare(options: argparse.Namespace) -> CompareQuestion:
    from conflictdesk.questions import CompareQuestion

    lacking = [f"--{name}" for name in ("actor", "split", "window") if not getattr(options, name)]
    if lacking:
        raise ConfigError(
            f"a comparison needs {', '.join(lacking)}: as --actor NAME --split 2021-09-15 --window 6months"
        )
    asked = _read_pairs(options.where) + [("event_type", name) for name in options.type]
    for area in options.area:
        country, _, province = area.partition("/")
        asked += [("country", country.strip())] + ([("admin1", province.strip())] if province.strip() else [])
    return CompareQuestion(
        actor=tuple(options.actor),
        split=options.split,
        window=options.window,
        filter=_read_filter(asked),
        resamples=options.resamples,
        seed=options.seed,
    )


def _read_pairs(given: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [text.partition("=") for text in given]
    for (key, mark, value), text in zip(pairs, given, strict=True):
        if not (key.strip() and mark and value.strip()):
            raise ConfigError(f"--where {text}: write a key and a value, as --where country=Yemen")
    return [(key.strip(), value) for key, _, value in pairs]


def _read_filter(pairs: Sequence[tuple[str, str]]) -> Filter:
    from conflictdesk.datasets.filters import read_filter

    return read_filter(pairs)
