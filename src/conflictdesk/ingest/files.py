"""Which files stand behind the paths that a person names, and their bytes, gzip undone."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from conflictdesk.records import Problem

KINDS = {".txt": "text", ".html": "html", ".htm": "html", ".jsonl": "jsonl"}
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2")
GZIP_MAGIC = b"\x1f\x8b"
READ_ERRORS = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is to be read: where it is, its name as given (posix), its kind, its name without suffixes.

    `kind` is "text", "html", "jsonl", "archive" (see `archives.py`), or "stdin".
    """

    path: Path
    name: str
    kind: str
    stem: str


def refuse(name: str, kind: str, detail: str, line: int | None = None) -> Problem:
    """The Problem of a file or of one of its lines that could not become a Page."""
    return Problem(stage="ingest", subject=name, kind=kind, detail=detail, file=name, line=line)


def name_kind(name: str) -> tuple[str, str] | None:
    """The kind of a file by its suffix, and its stem; None when it is not one we read.

    >>> name_kind("a/karvan.fire.html.gz"), name_kind("notes.pdf"), name_kind("May.tar.bz2")
    (('html', 'karvan.fire'), None, ('archive', 'May'))
    """
    bare = PurePath(name).name
    for suffix in ARCHIVES:
        if bare.lower().endswith(suffix) and len(bare) > len(suffix):
            return "archive", bare[: -len(suffix)]
    if bare.lower().endswith(".gz"):
        bare = bare[:-3]
    stem, suffix = os.path.splitext(bare)
    kind = KINDS.get(suffix.lower())
    return (kind, stem) if kind and stem else None


def list_files(paths: Sequence[Path | str], leave_out: Path | None = None) -> Iterator[Found | Problem]:
    """Every file behind `paths`, sorted by name as given, so that the order of `paths` does not matter.

    Folders are read to their depths; hidden files and files of other suffixes in them are passed over, a folder
    that was already met (a loop of links) is not entered again, nor is `leave_out` (the results of an earlier run).
    A file that is named twice is read once.
    """
    found: list[Found | Problem] = []
    for path in sorted({Path(path).as_posix() for path in paths}):
        found.extend(_look_behind(Path(path), path, {os.path.realpath(leave_out)} if leave_out else set()))
    seen: set[str] = set()
    for item in sorted(found, key=lambda item: item.name if isinstance(item, Found) else item.subject):
        if isinstance(item, Found):
            real = os.path.realpath(item.path)
            if real in seen:
                yield refuse(item.name, "given-twice", "This is a file that was already read under another name.")
                continue
            seen.add(real)
        yield item


def _look_behind(path: Path, name: str, closed: set[str]) -> Iterator[Found | Problem]:
    try:
        if path.is_dir():
            yield from _walk(path, name, closed)
            return
        exists = path.exists()
    except (OSError, ValueError) as error:
        yield refuse(name, "unreadable", f"The file cannot be reached ({_say(error)}); check its name and your rights.")
        return
    named = name_kind(name)
    if not exists:
        yield refuse(name, "not-found", "There is no such file or folder; check the spelling of its path.")
    elif named is None:
        told = f"Only .txt .html .htm .jsonl, each also with .gz, and {' '.join(ARCHIVES)} are read; rename it."
        yield refuse(name, "unknown-suffix", told)
    else:
        yield Found(path, name, *named)


def _walk(top: Path, name: str, closed: set[str]) -> Iterator[Found | Problem]:
    """The files of a folder; a folder with none of ours is a Problem, never a silent nothing."""
    entered = set(closed)
    failed: list[OSError] = []
    count = 0
    for folder, folders, files in os.walk(top, onerror=failed.append, followlinks=True):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        real = os.path.realpath(folder)
        if real in entered:
            folders[:] = []
            continue
        entered.add(real)
        for file in sorted(files):
            named = None if file.startswith(".") else name_kind(file)
            if named:
                count += 1
                yield Found(Path(folder, file), Path(folder, file).as_posix(), *named)
    for error in failed:
        at = Path(error.filename or name).as_posix()
        yield refuse(
            at, "unreadable", f"The folder cannot be opened ({_say(error)}); give yourself the right to read it."
        )
    if not count and not failed:
        yield refuse(
            name, "empty-folder", "The folder holds no .txt .html .htm .jsonl file or archive; name another one."
        )


@contextlib.contextmanager
def open_file(found: Found) -> Iterator[io.BufferedIOBase]:
    """The bytes of a file, gzip undone when its first bytes say so; closed when the block is left.

    Raises:
        OSError: it cannot be opened; later reads may also raise EOFError or zlib.error (see READ_ERRORS).
    """
    if not found.path.is_file():
        raise OSError("not a plain file")
    with open(found.path, "rb") as raw:
        yield undo_gzip(raw)


def undo_gzip(stream: io.BufferedIOBase) -> io.BufferedIOBase:
    """The same stream, unpacked when it starts with the two bytes of gzip; it must allow `peek` or `seek`."""
    head = peek(stream, 2)
    return gzip.open(stream, "rb") if head[:2] == GZIP_MAGIC else stream


def peek(stream: io.BufferedIOBase, size: int) -> bytes:
    """The next bytes of a stream without taking them."""
    if stream.seekable():
        at = stream.tell()
        head = stream.read(size)
        stream.seek(at)
        return head
    if isinstance(stream, Rejoined):
        return stream.look(size)
    raise OSError("the stream cannot be looked into")


class Rejoined(io.BufferedIOBase):
    """A stream that cannot go back (a pipe), whose start can be looked at before it is read."""

    def __init__(self, stream: BinaryIO | io.BufferedIOBase) -> None:
        self._stream = stream
        self._head = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def look(self, size: int) -> bytes:
        """The next bytes, kept for the next read."""
        while len(self._head) < size:
            more = self._stream.read(size - len(self._head))
            if not more:
                break
            self._head += more
        return self._head[:size]

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            taken, self._head = self._head + self._stream.read(), b""
            return taken
        taken, self._head = self._head[:size], self._head[size:]
        return taken + self._stream.read(size - len(taken)) if len(taken) < size else taken

    read1 = read


def explain(error: BaseException) -> tuple[str, str]:
    """The kind and the sentence of a Problem for an error of reading."""
    if isinstance(error, EOFError):
        return "broken-gzip", "The gzip file ends too early; fetch or pack it again."
    if isinstance(error, (gzip.BadGzipFile, zlib.error)):
        return "broken-gzip", f"The gzip file is damaged ({_say(error)}); fetch or pack it again."
    return "unreadable", f"The file cannot be read ({_say(error)}); check that it is a file and that you may read it."


def _say(error: BaseException) -> str:
    """An error in words that are the same on every machine."""
    return (
        error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    ).lower() or "no reason given"
