"""Result files that are there whole or not at all, and lines read back from them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from conflictdesk.errors import StoreError

_SURROGATE = re.compile("[\ud800-\udfff]")


def dump_lines(rows: Iterable[Mapping[str, object]]) -> str:
    r"""Write rows as JSON lines: real letters instead of escapes, keys in the order given, LF at each end.

    >>> dump_lines([{"title": "Zürich", "line": None}])
    '{"title": "Zürich", "line": null}\n'
    """
    return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)


def load_lines(path: Path) -> Iterator[tuple[int, object]]:
    """Read a JSON lines file: each line's number, from 1, and its value.

    Raises:
        StoreError: the file cannot be read, or a line is not JSON; the message names file and line.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from error
    if lines[-1] != b"":
        raise StoreError(
            f"{path}, line {len(lines)}: the file breaks off in the middle of a line; code the pages again"
        )
    for number, line in enumerate(lines[:-1], start=1):
        try:
            yield number, json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{path}, line {number}: not a line of JSON ({error})") from error


def replace_files(folder: Path, contents: Mapping[str, str], *, obsolete: Iterable[str] = ()) -> None:
    """Put files (name -> text) into `folder`, all of them or none, and take the `obsolete` ones away.

    Every text is first written beside its goal and flushed to the disk; only when all are safe do they take the
    old files' names. Text is UTF-8 with LF; half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD, so
    that offsets stay true.

    Raises:
        StoreError: the folder cannot be made or written (full disk, no permission); older files are untouched.
    """
    parts = {name: folder / f".{name}.{os.getpid()}.part" for name in contents}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        blocked = [name for name in (*contents, *obsolete) if (folder / name).is_dir()]
        if blocked:
            raise StoreError(f"cannot write the results to {folder}: {blocked[0]} is a folder there")
        for name, text in contents.items():
            _write_through(parts[name], text)
        for name, part in parts.items():
            part.replace(folder / name)
        for name in obsolete:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"cannot write the results to {folder}: {reason}; free some space or choose another --out"
        ) from error
    finally:
        for part in parts.values():
            _remove(part)


def _write_through(path: Path, text: str) -> None:
    with path.open("wb") as file:
        file.write(_SURROGATE.sub("\ufffd", text).encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    # The error that brought us here is the one to report, not this one.
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
