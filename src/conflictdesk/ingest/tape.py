"""The blocks of a tar file (POSIX.1-2001 ustar and pax, and GNU's long names), from a stream that only goes forward.

Python's `tarfile` takes headers of any size to memory, and searches them in ways that a hostile file can make slow.
"""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

BLOCK = 512
PIECE = 262_144
LONGEST_EXTRA = 65_536
FILE_TYPES = b"0\x007"
KINDS: dict[bytes, Literal["link", "device", "folder"]] = {
    b"1": "link", b"2": "link", b"3": "device", b"4": "device", b"5": "folder", b"6": "device",
}  # fmt: skip


class TapeError(Exception):
    """The blocks make no tar file; the message says where it goes wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing on the tape: "other" is what only some programs know (sparse files, volume names)."""

    name: str
    kind: Literal["file", "folder", "link", "device", "other"]
    size: int


class Tape:
    """Walks through a tar stream; `spend` is told of all bytes that are read and may raise to stop."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile | bz2.BZ2File, spend: Callable[[int], None]) -> None:
        self._stream, self._spend = stream, spend
        self._left = 0

    @staticmethod
    def is_header(block: bytes) -> bool:
        """True when the block's checksum is that of a tar header."""
        if len(block) != BLOCK or not block.rstrip(b"\0"):
            return False
        said = _number(block[148:156])
        return said == sum(block[:148]) + 8 * 32 + sum(block[156:])

    def entries(self) -> Iterator[Entry]:
        """Each thing on the tape; what `read` left of a file is passed over.

        Raises:
            TapeError: a header is damaged, or the tape ends in the middle of a file.
        """
        extra: dict[str, str] = {}
        while True:
            self._skip(self._left)
            block = self._take(BLOCK, at_end=True)
            if not block.rstrip(b"\0"):
                return
            if not self.is_header(block):
                raise TapeError("a header is not right")
            kind, size = block[156:157], _number(block[124:136])
            if size is None:
                raise TapeError("a file has no length")
            if kind in (b"x", b"g", b"L", b"K"):
                self._left = -(-size // BLOCK) * BLOCK
                extra |= self._read_extra(kind, size)
                continue
            size = int(extra["size"]) if extra.get("size", "").isdecimal() else size
            entry = _make_entry(block, kind, size, extra)
            extra = {}
            self._left = 0 if kind in KINDS else -(-size // BLOCK) * BLOCK
            yield entry

    def read(self, size: int) -> bytes:
        """The bytes of the file that `entries` just named.

        Raises:
            TapeError: the tape ends in the middle of it.
        """
        data = self._take(size)
        self._left -= size
        return data

    def _read_extra(self, kind: bytes, size: int) -> dict[str, str]:
        if size > LONGEST_EXTRA:
            raise TapeError("a file's name takes too much room")
        data = self.read(size)
        if kind == b"L":
            return {"path": _text(data.rstrip(b"\0"))}
        return _read_pax(data) if kind == b"x" else {}

    def _skip(self, size: int) -> None:
        while size > 0:
            size -= len(self._take(min(size, PIECE)))
        self._left = 0

    def _take(self, size: int, at_end: bool = False) -> bytes:
        pieces: list[bytes] = []
        missing = size
        while missing:
            piece = self._stream.read(min(missing, PIECE))
            if not piece:
                break
            self._spend(len(piece))
            pieces.append(piece)
            missing -= len(piece)
        if missing and not (at_end and missing == size):
            raise TapeError("it ends too early")
        return b"".join(pieces)


def _make_entry(block: bytes, kind: bytes, size: int, extra: dict[str, str]) -> Entry:
    name = _text(block[:100].partition(b"\0")[0])
    if block[257:263] == b"ustar\0" and (prefix := _text(block[345:500].partition(b"\0")[0])):
        name = f"{prefix}/{name}"
    name = extra.get("path", name)
    if any(key.startswith("GNU.sparse") for key in extra):
        return Entry(name, "other", size)
    if kind and kind in FILE_TYPES:
        old_folder = kind == b"\0" and name.endswith("/")
        return Entry(name, "folder" if old_folder else "file", size)
    return Entry(name, KINDS.get(kind, "other"), size)


def _read_pax(data: bytes) -> dict[str, str]:
    """The records "LENGTH KEY=VALUE" of a pax header, each with its line end."""
    found: dict[str, str] = {}
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 10)
        length = data[at:space] if space > 0 else b""
        if not length.isdigit() or int(length) <= space - at + 1 or at + int(length) > len(data):
            raise TapeError("a header is not right")
        key, _, value = data[space + 1 : at + int(length) - 1].partition(b"=")
        found[_text(key)] = _text(value)
        at += int(length)
    return found


def _number(field: bytes) -> int | None:
    """A number in octal digits, or in binary where the first bit says so (GNU); None when it is neither or negative."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if not digits or digits.strip(b"01234567"):
        return 0 if not digits else None
    return int(digits, 8)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
