"""Kept questions as pages of a static site: files that `count`, `compare` and `check` write with `--spec`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdesk.commands.kept import KIND_COMPARE, KIND_COUNT, read_kept, recall_compare, recall_count
from conflictdesk.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from conflictdesk.analyse.claim_sentences import GivenParts
    from conflictdesk.datasets.opening import Dataset
    from conflictdesk.desk.site import KeptCheck, SiteParts
    from conflictdesk.questions import CompareQuestion, CountQuestion


@dataclass(slots=True)
class _Found:
    """The questions of the files read so far; `notes` tells what a reader of the site should know."""

    counts: list[CountQuestion] = field(default_factory=list)
    comparisons: list[CompareQuestion] = field(default_factory=list)
    checks: list[KeptCheck] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_parts(folder: Path, paths: Sequence[Path]) -> tuple[SiteParts, tuple[str, ...]]:
    """Read the kept questions, and in words which of them were first asked of another version of the dataset.

    Raises:
        StoreError: a file is no kept question, or damaged; there is no dataset.
        ConfigError: it keeps a chronicle, or an actor or claim that the dataset does not have.
    """
    from conflictdesk.datasets.opening import open_dataset
    from conflictdesk.desk.site import SiteParts

    found = _Found()
    if paths:
        dataset = open_dataset(folder)
        try:
            for path in paths:
                _read_part(dataset, path, found)
        finally:
            dataset.close()
    parts = SiteParts(counts=tuple(found.counts), comparisons=tuple(found.comparisons), checks=tuple(found.checks))
    return parts, tuple(found.notes)


def _read_part(dataset: Dataset, path: Path, found: _Found) -> None:
    told = _load(path)
    version = told.get("dataset_version")
    if "check" in told:
        found.checks.append(_recall_check(dataset, path, told["check"]))
        answer = told.get("answer")
        version = answer.get("dataset_version") if isinstance(answer, dict) else None
    elif "chronicle" in told:
        raise ConfigError(f"{path} keeps a chronicle, which has no page in a site: `chronicle --out` writes its report")
    elif told.get("kind") == KIND_COMPARE:
        kept = read_kept(path, KIND_COMPARE)
        found.comparisons += [recall_compare(kept.question)] if kept else []
    else:
        kept = read_kept(path, KIND_COUNT)
        found.counts += [recall_count(kept.question)] if kept else []
    if version != dataset.version:
        found.notes.append(f"{path.name} was asked of another version of the dataset; it is asked anew of this one.")


def _load(path: Path) -> dict[str, object]:
    try:
        told: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read as a kept question: {error}") from None
    if not isinstance(told, dict):
        raise StoreError(f"{path} is no kept question: write one with --spec of count, compare or check")
    return told


def _recall_check(dataset: Dataset, path: Path, told: object) -> KeptCheck:
    from conflictdesk.analyse.checks import read_claim, read_sentence
    from conflictdesk.datasets.filters import read_day
    from conflictdesk.desk.site import KeptCheck

    if not isinstance(told, dict):
        raise _damaged(path)
    sentence, claim = told.get("sentence"), told.get("claim")
    tolerance, resamples = told.get("tolerance"), told.get("resamples")
    if not isinstance(tolerance, (int, float)) or not isinstance(resamples, int):
        raise _damaged(path)
    try:
        given, published = _recall_given(told), _recall_day(told, "published")
        asked_on = read_day(str(told.get("asked_on")))
    except ValueError:
        raise _damaged(path) from None
    if isinstance(sentence, str) and sentence:
        reading = read_sentence(dataset, sentence, published=published, given=given)
    elif isinstance(claim, str) and claim:
        reading = read_claim(dataset, claim, given=given, published=published).reading
    else:
        raise _damaged(path)
    return KeptCheck(reading=reading, asked_on=asked_on, tolerance=tolerance, resamples=resamples)


def _recall_given(told: Mapping[str, object]) -> GivenParts:
    from conflictdesk.analyse.claim_sentences import GivenParts
    from conflictdesk.analyse.windows import read_length

    names = {name: _recall_names(told, name) for name in ("actor", "country", "admin1")}
    window, measure = told.get("window"), told.get("measure")
    return GivenParts(
        actor=names["actor"],
        country=names["country"],
        admin1=names["admin1"],
        split=_recall_day(told, "split"),
        window=read_length(window) if isinstance(window, str) else None,
        measure=measure if measure == "deaths" or measure == "events" or measure == "injured" else None,
    )


def _recall_names(told: Mapping[str, object], key: str) -> tuple[str, ...]:
    held = told.get(key)
    return tuple(str(name) for name in held) if isinstance(held, list) else ()


def _recall_day(told: Mapping[str, object], key: str) -> dt.date | None:
    from conflictdesk.datasets.filters import read_day

    held = told.get(key)
    return None if held is None else read_day(str(held))


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path} is not whole: keep the check anew with --spec")
