"""Questions kept in a file with their answers: one JSON of question, answer and dataset version, to be asked again."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conflictdesk.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from conflictdesk.publish.answers import Told
    from conflictdesk.questions import CompareQuestion, CountQuestion, Filter

KIND_COUNT: Final = "count"
KIND_COMPARE: Final = "compare"
_SPEC_FORMAT: Final = 1
_SHOWN: Final = 20


@dataclass(frozen=True)
class Kept:
    """A question with its answer: `kind` is "count" or "compare", both parts are as JSON has them."""

    kind: str
    question: Told
    answer: Told
    dataset_version: str


def keep_count(question: CountQuestion) -> Told:
    """The question of a count as JSON."""
    from conflictdesk.publish.answers import tell_filter

    return {"by": list(question.by), "filter": tell_filter(question.filter), "limit": question.limit}


def keep_compare(question: CompareQuestion) -> Told:
    """The question of a comparison as JSON."""
    from conflictdesk.publish.answers import tell_question

    return tell_question(question)


def recall_count(told: Told) -> CountQuestion:
    """Read the question of a count back.

    Raises:
        StoreError: the file was damaged.
    """
    from conflictdesk.questions import CountQuestion

    by, limit = told.get("by"), told.get("limit")
    if not isinstance(by, list) or not all(isinstance(name, str) for name in by):
        raise _damaged("by")
    kept = limit if isinstance(limit, int) and not isinstance(limit, bool) else None
    return CountQuestion(by=tuple(by), filter=_recall_filter(told), limit=kept)


def recall_compare(told: Told) -> CompareQuestion:
    """Read the question of a comparison back.

    Raises:
        StoreError: the file was damaged.
    """
    from conflictdesk.questions import CompareQuestion

    actor, split, window = told.get("actor"), told.get("split"), told.get("window")
    if not isinstance(actor, list) or not all(isinstance(name, str) for name in actor):
        raise _damaged("actor")
    resamples, seed = told.get("resamples", 2000), told.get("seed", 1)
    if not (
        isinstance(split, str) and isinstance(window, str) and isinstance(resamples, int) and isinstance(seed, int)
    ):
        raise _damaged("split, window, resamples or seed")
    try:
        day = dt.date.fromisoformat(split)
    except ValueError:
        raise _damaged("split") from None
    names = tuple(str(name) for name in actor)
    wanted = _recall_filter(told)
    return CompareQuestion(actor=names, split=day, window=window, filter=wanted, resamples=resamples, seed=seed)


def _recall_filter(told: Told) -> Filter:
    from urllib.parse import parse_qsl

    from conflictdesk.datasets.filters import read_filter

    query = told.get("filter") or ""
    if not isinstance(query, str):
        raise _damaged("filter")
    return read_filter(parse_qsl(query))


def _damaged(what: str) -> StoreError:
    return StoreError(f"the kept question has no usable {what}: keep it anew with --spec")


def read_kept(path: Path | None, kind: str) -> Kept | None:
    """Read a kept question of this kind; None without a path.

    Raises:
        StoreError: the file is none.
        ConfigError: it is of another kind.
    """
    if path is None:
        return None
    try:
        told: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read as a kept question: {error}") from None
    if not isinstance(told, dict) or told.get("format") != _SPEC_FORMAT:
        raise StoreError(f"{path} is no kept question of this version: keep it anew with --spec")
    if told.get("kind") != kind:
        raise ConfigError(f"{path} keeps a {told.get('kind')!s:.20}: ask it with that command, not with {kind}")
    question, answer = told.get("question"), told.get("answer")
    if not isinstance(question, dict) or not isinstance(answer, dict):
        raise StoreError(f"{path} is not whole: keep it anew with --spec")
    return Kept(kind, question, answer, str(told.get("dataset_version")))


def give_answer(options: argparse.Namespace, fresh: Kept, kept: Kept | None, show: Callable[[], None]) -> int:
    """Print the answer (`--json` or by `show`), tell what changed since `kept`, and keep it where `--spec` says."""
    changes = [] if kept is None else list_changes(kept.answer, fresh.answer)
    if options.json:
        again: Told = {} if kept is None else {"asked_before": _tell_again(kept, fresh, changes)}
        print(json.dumps({**fresh.answer, **again}, ensure_ascii=False, indent=1))
    else:
        show()
        if kept is not None:
            _print_changes(kept, fresh, changes)
    if options.spec is not None:
        write_kept(options.spec, fresh)
    return 0


def write_kept(path: Path, kept: Kept) -> None:
    """Write a question with its answer.

    Raises:
        StoreError: the disk refuses.
    """
    told = {
        "format": _SPEC_FORMAT,
        "kind": kept.kind,
        "question": kept.question,
        "dataset_version": kept.dataset_version,
        "answer": kept.answer,
    }
    try:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}; name another with --spec") from None


def list_changes(old: object, new: object, place: str = "") -> list[tuple[str, object, object]]:
    """Where two answers differ, as (place, old, new), in the order of the new one.

    >>> list_changes({"total": {"events": 3}}, {"total": {"events": 4}})
    [('total.events', 3, 4)]
    """
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*new, *(key for key in old if key not in new)]
        inner = (list_changes(old.get(k), new.get(k), f"{place}.{k}" if place else str(k)) for k in keys)
        return [change for changes in inner for change in changes]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        inner = (list_changes(a, b, f"{place}[{number}]") for number, (a, b) in enumerate(zip(old, new, strict=True)))
        return [change for changes in inner for change in changes]
    return [] if old == new else [(place, old, new)]


def _tell_again(kept: Kept, fresh: Kept, changes: Sequence[tuple[str, object, object]]) -> Told:
    return {
        "dataset_version": kept.dataset_version,
        "same_dataset": kept.dataset_version == fresh.dataset_version,
        "changes": [{"where": where, "before": _as_json(old), "now": _as_json(new)} for where, old, new in changes],
    }


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _print_changes(kept: Kept, fresh: Kept, changes: Sequence[tuple[str, object, object]]) -> None:
    from conflictdesk.terminal import plain

    figures = [c for c in changes if not c[0].endswith("dataset_version")]
    same = "the same version of the dataset" if kept.dataset_version == fresh.dataset_version else "a changed dataset"
    if not figures:
        print(f"\nAsked again on {same}: nothing in the answer changed.")
        return
    print(f"\nAsked again on {same}: {len(figures):,} values changed.")
    for where, old, new in figures[:_SHOWN]:
        print(plain(f"  {where}: {_shorten(old)} -> {_shorten(new)}"))
    if len(figures) > _SHOWN:
        print(f"  and {len(figures) - _SHOWN:,} more: see --json")


def _shorten(value: object) -> str:
    text = _as_json(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
