"""Files that are there whole or not at all, and goals that must not be written over."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError, StoreError

MADE_BY = "conflictdesk"


@contextlib.contextmanager
def write_whole(path: Path) -> Iterator[Path]:
    """Hand out a name beside `path` to write to; when all went well that file takes the name `path`.

    Raises:
        StoreError: the file cannot be written (full disk, no permission); an older file is untouched.
    """
    import duckdb

    # The ending stays last: writers of tables and maps look at it.
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except duckdb.IOException as error:
        raise StoreError(f"cannot write {path}: {error}; free some space or choose another --out") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"cannot write {path}: {reason}; free some space or choose another --out") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def write_text_whole(path: Path, text: str) -> None:
    """Write a short text as UTF-8 with LF, whole or not at all.

    Raises:
        StoreError: the file cannot be written.
    """
    with write_whole(path) as part:
        part.write_bytes(text.encode("utf-8", "replace"))


def check_goal(path: Path, dataset: Dataset, *, folder: bool) -> None:
    """Refuse a goal that would harm what is there: the dataset itself, a folder of others, a file in the way.

    Raises:
        ConfigError: what stands in the way, and what to do.
    """
    held, goal = dataset.folder.resolve(), path.resolve()
    if goal == held or held in goal.parents:
        raise ConfigError(f"--out {path} lies in the dataset {dataset.folder}: choose a place outside it")
    above = next(place for place in (goal, *goal.parents) if place.exists())
    if above != goal and not above.is_dir():
        raise ConfigError(f"--out {path} cannot be made: {above} is a file")
    if not goal.exists():
        return
    if folder and not goal.is_dir():
        raise ConfigError(f"--out {path} is a file: name a folder")
    if not folder and not goal.is_file():
        raise ConfigError(f"--out {path} is a folder: name a file")
    if folder and any(goal.iterdir()) and not _is_ours(goal):
        raise ConfigError(f"--out {path} holds other files and no package of ours: name a new or empty folder")


def _is_ours(folder: Path) -> bool:
    try:
        return f'"created_by": "{MADE_BY}"' in (folder / "datapackage.json").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
