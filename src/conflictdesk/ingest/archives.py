"""Archives of saved pages (.zip, .tar, .tar.gz, .tar.bz2), read as streams: nothing is ever written to the disk."""

from __future__ import annotations

import bz2
import gzip
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from conflictdesk.ingest.files import GZIP_MAGIC, explain, name_kind, refuse
from conflictdesk.ingest.tape import Tape, TapeError
from conflictdesk.records import Problem

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
BZIP_MAGIC = b"BZh"
DRIVE = re.compile(r"[A-Za-z]:")
PACKED = re.compile(r"\.(?:zip|tar|tgz|tbz2?|txz|7z|rar|xz|bz2|tar\.\w+)$", re.IGNORECASE)
FREE_BYTES = 5_000_000
PIECE = 262_144
READ_ERRORS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """What is too much in one archive: files, bytes of one, bytes of all, and times that it may grow in unpacking.

    `ratio` is looked at once more than a few megabytes came out, for small files of blanks pack well too.
    """

    members: int = 50_000
    member_bytes: int = 50_000_000
    total_bytes: int = 4_000_000_000
    ratio: int = 150


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: `name` is its path in there (posix), `body` its bytes, not yet decoded."""

    name: str
    body: bytes


class _Bomb(Exception):
    """More came out than any archive of pages holds."""


class _Budget:
    """What may still come out of an archive; `taken_in` is what has been read of its packed bytes."""

    def __init__(self, limits: ArchiveLimits) -> None:
        self.limits = limits
        self.out = 0

    def spend(self, size: int, taken_in: int) -> None:
        self.out += size
        if self.out > self.limits.total_bytes:
            raise _Bomb(f"more than {self.limits.total_bytes:,} bytes came out")
        if self.out > FREE_BYTES and self.out > self.limits.ratio * max(taken_in, 1):
            raise _Bomb(f"it grew to more than {self.limits.ratio} times its size")


def read_archive(
    path_or_bytes: Path | bytes, name: str | None = None, limits: ArchiveLimits | None = None
) -> Iterator[Member | Problem]:
    """The pages of an archive, in its own order, one in memory at a time; what cannot be read is a Problem.

    Files that are no pages (pictures, styles) and hidden ones are passed over, as in a folder. Refused are names that
    lead outside, links, devices, encrypted files and archives inside the archive. A bomb ends the reading; the pages
    before it stand. `name` is what Problems call the archive.
    """
    bounds = limits or ArchiveLimits()
    called = name or (path_or_bytes.as_posix() if isinstance(path_or_bytes, Path) else "archive")
    try:
        with open(path_or_bytes, "rb") if isinstance(path_or_bytes, Path) else io.BytesIO(path_or_bytes) as stream:
            yield from _count(_read(stream, called, _Budget(bounds)), called)
    except _Bomb as bomb:
        yield refuse(called, "bomb", f"The archive was left where {bomb.args[0]}; pack fewer pages into one archive.")
    except TapeError as error:
        yield refuse(called, "broken-archive", f"The archive is damaged ({error}); pages before that were read.")
    except OSError as error:
        yield refuse(called, *explain(error))
    except READ_ERRORS:
        yield refuse(called, "broken-archive", "The archive is damaged or ends too early; fetch or pack it again.")


def _count(found: Iterator[Member | Problem], called: str) -> Iterator[Member | Problem]:
    """The same, each name once, and a word where nothing came."""
    names: set[str] = set()
    records = 0
    for item in found:
        records += 1
        if isinstance(item, Member):
            if item.name in names:
                yield refuse(f"{called}/{item.name}", "given-twice", "The archive holds a file of this name already.")
                continue
            names.add(item.name)
        yield item
    if not records:
        yield refuse(called, "empty-archive", "The archive holds no .txt .html .htm or .jsonl file; name another one.")


def _read(stream: BinaryIO, called: str, budget: _Budget) -> Iterator[Member | Problem]:
    """By what the first bytes say, whatever the name says."""
    head = stream.read(512)
    stream.seek(0)
    if head.startswith(ZIP_MAGIC):
        yield from _read_zip(stream, called, budget)
    elif head.startswith(GZIP_MAGIC):
        with gzip.open(stream, "rb") as inner:
            yield from _read_tar(inner, stream, called, budget)
    elif head.startswith(BZIP_MAGIC):
        with bz2.open(stream, "rb") as unpacked:
            yield from _read_tar(unpacked, stream, called, budget)
    elif head[257:262] == b"ustar" or Tape.is_header(head):
        yield from _read_tar(stream, stream, called, budget)
    else:
        told = "This is no .zip, .tar, .tar.gz or .tar.bz2; unpack it and name the folder."
        yield refuse(called, "unknown-archive", told)


def judge_name(name: str) -> tuple[str, str] | None:
    """Why a file of this name is refused, as kind and sentence; None when the name is harmless.

    >>> judge_name("a/b.html"), judge_name("../b.html")[0], judge_name("C:\\\\b.html")[0]
    (None, 'unsafe-name', 'unsafe-name')
    """
    plain = name.replace("\\", "/")
    odd = any(ord(char) < 32 or 127 <= ord(char) < 160 for char in plain)
    if odd or plain.startswith("/") or DRIVE.match(plain) or ".." in plain.split("/") or not plain.strip("/. "):
        return "unsafe-name", "The file's name leads out of the archive or cannot be a name; it was left."
    if len(plain) > 1_000:
        return "unsafe-name", "The file's name is too long; it was left."
    if PACKED.search(plain):
        return "nested-archive", "Archives inside an archive are not opened; unpack this one first."
    return None


def _clean_name(name: str) -> str:
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))


def _is_page(name: str) -> bool:
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))
    return not hidden and name_kind(name) is not None


def _shown(called: str, name: str) -> str:
    """A name from an archive, fit to be shown."""
    return f"{called}/{name}"[:1_000].encode("utf-8", "backslashreplace").decode() if name else called


# ---------------------------------------------------------------- zip


def _read_zip(stream: BinaryIO, called: str, budget: _Budget) -> Iterator[Member | Problem]:
    if (size := _size_directory(stream)) > 400 * budget.limits.members:
        raise _Bomb(f"its list of files alone takes {size:,} bytes")
    size = stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream) as archive:
        for number, info in enumerate(archive.infolist()):
            if number >= budget.limits.members:
                raise _Bomb(f"it holds more than {budget.limits.members:,} files")
            fault = _judge_entry(info)
            if fault:
                yield refuse(_shown(called, info.filename), *fault)
            elif not info.is_dir() and _is_page(name := _clean_name(info.filename)):
                yield _take_entry((archive, size), info, name, called, budget)


def _size_directory(stream: BinaryIO) -> int:
    """The bytes of a zip's list of files as its end says (APPNOTE 4.3.14, 4.3.16), before it is taken to memory."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - 65_535 - 22 - 76))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise zipfile.BadZipFile
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    if at >= 76 and tail[at - 76 : at - 72] == b"PK\x06\x06" and tail[at - 20 : at - 16] == b"PK\x06\x07":
        return int.from_bytes(tail[at - 36 : at - 28], "little")
    return size


def _judge_entry(info: zipfile.ZipInfo) -> tuple[str, str] | None:
    fault = judge_name(info.filename) or judge_name(info.orig_filename)
    mode = stat.S_IFMT(info.external_attr >> 16)
    if fault and not (fault[0] == "nested-archive" and info.is_dir()):
        return fault
    if stat.S_ISLNK(mode):
        return "link", "A link is not followed out of an archive; put the page itself in."
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return "device", "This is no file but a device or a pipe; it was left."
    if info.flag_bits & 0x1:
        return "encrypted", "The file is locked with a password; unpack it yourself."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "unknown-packing", "The file is packed in a rare way; pack it again as an ordinary zip."
    return None


def _take_entry(
    opened: tuple[zipfile.ZipFile, int], info: zipfile.ZipInfo, name: str, called: str, budget: _Budget
) -> Member | Problem:
    """One file; `opened` is the archive and its bytes in all (files may overlap in it, and still count once)."""
    archive, packed_size = opened
    most = budget.limits.member_bytes
    if info.file_size > most:
        return refuse(f"{called}/{name}", "too-large", f"More than {most:,} bytes unpacked; split the file.")
    taken = bytearray()
    try:
        with archive.open(info) as packed:
            while piece := packed.read(PIECE):
                taken += piece
                budget.spend(len(piece), packed_size)
                if len(taken) > FREE_BYTES and len(taken) > budget.limits.ratio * info.compress_size:
                    raise _Bomb(f"{name} grew to more than {budget.limits.ratio} times its size")
    except READ_ERRORS:
        told = "This file of the archive is damaged; fetch or pack it again."
        return refuse(f"{called}/{name}", "broken-archive", told)
    return Member(name, bytes(taken))


# ---------------------------------------------------------------- tar


def _read_tar(
    stream: BinaryIO | gzip.GzipFile | bz2.BZ2File, raw: BinaryIO, called: str, budget: _Budget
) -> Iterator[Member | Problem]:
    tape = Tape(stream, lambda size: budget.spend(size, raw.tell()))
    for number, entry in enumerate(tape.entries()):
        if number >= budget.limits.members:
            raise _Bomb(f"it holds more than {budget.limits.members:,} files")
        fault = judge_name(entry.name)
        if entry.kind == "folder" and (fault is None or fault[0] == "nested-archive" or not entry.name.strip("/. ")):
            continue
        if fault or entry.kind != "file":
            told = "This is a link, a device or another thing that is no plain file; it was left."
            yield refuse(_shown(called, entry.name), *(fault or (entry.kind, told)))
        elif _is_page(name := _clean_name(entry.name)):
            if entry.size > budget.limits.member_bytes:
                told = f"More than {budget.limits.member_bytes:,} bytes unpacked; split the file."
                yield refuse(f"{called}/{name}", "too-large", told)
            else:
                yield Member(name, tape.read(entry.size))
