"""A copy of the desk's events as a dataset, for the pages that count and compare: made anew, then put in place at once.

The dataset holds exactly what stands: what was withdrawn or dropped is not in it, for the journal keeps that.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from conflictdesk.decisions import Decision, write_json
from conflictdesk.errors import StoreError
from conflictdesk.release.rows import article_row, claim_row, event_row, problem_row
from conflictdesk.workflow.casefiles import read_many_papers

if TYPE_CHECKING:
    from conflictdesk.datasets.manifest import Manifest
    from conflictdesk.store.opening import Reader
    from conflictdesk.workflow.desks import OpenDesk

FOLDER: Final = "dataset"
ORIGIN: Final = "desk"
_SHOWS: Final = "desk.json"
_FORMAT: Final = 1
_One = TypeVar("_One")
_AT_ONCE: Final = 500
_MOST_PROBLEMS: Final = 100_000
_KEPT: Final = ("codings", "matches", "decisions", "articles", "problems")


def refresh_dataset(desk: OpenDesk) -> Path:
    """Bring `DIR/dataset` up to date with the desk's events, if anything changed since; its folder.

    It is written beside and takes the old one's place when it is whole; who reads the old one may finish.

    Raises:
        StoreError: the disk refuses, or somebody else renewed it meanwhile; the old one stays.
    """
    from conflictdesk.datasets.caches import build_cache
    from conflictdesk.datasets.manifest import load_manifest

    target = desk.folder / FOLDER
    with desk.store.reading() as reader:
        shows = _tell_state(reader)
        if read_shown(target) == shows:
            return target
        try:
            scratch = Path(tempfile.mkdtemp(prefix=".dataset-", dir=desk.folder))
        except OSError as error:
            raise StoreError(f"{desk.folder} cannot be written: {error.strerror or error}") from None
        with _removing(scratch):
            _write_results(reader, scratch / "results")
            _import_results(scratch)
            _publish(scratch / FOLDER, target)
    _write_shown(target, shows)
    build_cache(target, load_manifest(target))
    return target


def read_shown(target: Path) -> Mapping[str, object] | None:
    """What the dataset shows: the journal's head and how much was stored then; None where that is not known."""
    from conflictdesk.datasets.manifest import has_manifest

    try:
        told: object = json.loads((target / _SHOWS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and has_manifest(target) else None


def _tell_state(reader: Reader) -> dict[str, object]:
    seq, last = reader.head()
    counts = reader.count_rows()
    return {"format": _FORMAT, "seq": seq, "hash": last, **{name: counts[name] for name in _KEPT}}


def _write_shown(target: Path, shows: Mapping[str, object]) -> None:
    part = target / f".{_SHOWS}.{os.getpid()}"
    try:
        part.write_text(write_json(dict(shows)), "utf-8")
        part.replace(target / _SHOWS)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror or error}") from None


@contextlib.contextmanager
def _removing(folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------- the desk's events as result files


def _write_results(reader: Reader, out: Path) -> None:
    """The result files that `code` writes, a line at a time: a desk may hold more than the memory does."""
    try:
        out.mkdir()
        _write_lines(out / "events.jsonl", _event_lines(reader))
        _write_lines(out / "claims.jsonl", _claim_lines(reader))
        _write_lines(out / "articles.jsonl", (article_row(article) for article in reader.all_articles()))
        _write_lines(out / "problems.jsonl", (problem_row(p) for p in reversed(reader.problems(_MOST_PROBLEMS))))
    except OSError as error:
        raise StoreError(f"{out} cannot be written: {error.strerror or error}; free some space") from None


def _write_lines(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")


def _event_lines(reader: Reader) -> Iterator[Mapping[str, object]]:
    for records in _cut(reader.all_events()):
        articles = reader.articles({m.article_id for record in records for m in record.event.mentions})
        yield from (event_row(record.event, articles) for record in records)


def _claim_lines(reader: Reader) -> Iterator[Mapping[str, object]]:
    """The claims of all articles as they stand: dropped ones left out, those that people changed as they said."""
    decided = {d.article_id for d in reader.decisions(actions=("accept", "change", "add", "drop")) if _is_claim(d)}
    touched = {article_id for article_id in decided if article_id is not None}
    for codings in _cut(c for c in reader.all_codings() if c.claims and c.article_id not in touched):
        articles = reader.articles({coding.article_id for coding in codings})
        yield from (claim_row(claim, articles) for coding in codings for claim in coding.claims)
    for article_id, papers in read_many_papers(reader, touched).items():
        kept = [c.claim for c in papers.fold().claims if c.state != "dropped"]
        yield from (claim_row(claim, {article_id: papers.article}) for claim in kept)


def _is_claim(decision: Decision) -> bool:
    return decision.subject_kind == "claim" and decision.track != "second"


def _cut(items: Iterable[_One]) -> Iterator[list[_One]]:
    going = iter(items)
    while piece := list(itertools.islice(going, _AT_ONCE)):
        yield piece


# ---------------------------------------------------------------- from result files to the dataset


def _import_results(scratch: Path) -> None:
    from conflictdesk.exchange.imports import ImportRequest, import_file

    import_file(ImportRequest(kind="coded", path=scratch / "results", into=scratch / FOLDER, origin=ORIGIN))


def _publish(fresh: Path, target: Path) -> None:
    """Put a fresh dataset in the place of the old one: its files first, under new names, its manifest last of all.

    The files of the one before stay until the next time, for a reader may still hold them.
    """
    from conflictdesk.datasets.manifest import Manifest, has_manifest, load_manifest, save_manifest

    made = load_manifest(fresh)
    old = load_manifest(target) if has_manifest(target) else Manifest()
    number = old.generation + 1
    names = {table: f"{table}.{number}.parquet" for table in made.files}
    try:
        (target / "originals").mkdir(parents=True, exist_ok=True)
        for table, name in made.files.items():
            (fresh / name).replace(target / names[table])
        for path in sorted((fresh / "originals").glob("*.parquet")):
            path.replace(target / "originals" / path.name)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror or error}; the old one stays") from None
    if has_manifest(target) and load_manifest(target).generation != old.generation:
        raise StoreError(f"{target} was renewed by somebody else meanwhile: run this again")
    manifest = replace(made, files=MappingProxyType(names), generation=number)
    save_manifest(target, manifest)
    _clear_older(target, (manifest, old))


def _clear_older(target: Path, named: tuple[Manifest, ...]) -> None:
    kept = {name for manifest in named for name in manifest.files.values()}
    kept |= {f"{record.import_id}.parquet" for manifest in named for record in manifest.imports}
    for path in (*target.glob("*.parquet"), *(target / "originals").glob("*.parquet")):
        if path.name not in kept:
            with contextlib.suppress(OSError):
                path.unlink()
