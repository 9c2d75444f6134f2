"""The bytes of a file, unpacked and in UTF-8, and whether its quotes are where a table's quotes belong."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from conflictdesk.errors import ConfigError
from conflictdesk.exchange.quoting import QuoteCheck

CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 18
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY: Final = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"\x7fELF", b"Rar!", b"BZh", b"7z\xbc\xaf")
_DELIMITERS: Final = (",", ";", "\t")


class _Bytes(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A table's text on disk in UTF-8 without byte order mark.

    `records` is how many records it holds, its header among them, where every quote is where RFC 4180 puts it and all
    lines end alike; None where a parser could stumble, so that a slower and surer one is needed. `notes` tell what was
    mended on the way.
    """

    path: Path
    delimiter: str
    records: int | None
    notes: tuple[str, ...] = ()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex.

    Raises:
        ConfigError: the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}; check the name and the rights") from None
    return digest.hexdigest()


def unpack_text(path: Path, scratch: Path, encoding: str | None = None) -> TextFile:
    """The text of a file that may be .gz or .zip (holding one file), in whatever encoding it is.

    Tried in this order: `encoding` if given, the byte order mark, UTF-8, UTF-16 without a mark, UTF-8 with few broken
    bytes, Western Windows text, what charset detection says.

    Raises:
        ConfigError: no text, a damaged archive, or an encoding that cannot be told.
    """
    try:
        with _open_unpacked(path) as stream:
            head = stream.read(_SAMPLE)
        if head.startswith(_BINARY) or not head.strip():
            said = "is empty" if not head.strip() else "is no table of text"
            raise ConfigError(f"{path.name} {said}; name a CSV, XLSX or Parquet file")
        for name in [encoding] if encoding else _candidates(head):
            with contextlib.suppress(UnicodeError):
                return _write_text(path, scratch, name)
        return _write_guessed(path, scratch, head, encoding)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise ConfigError(f"{path.name} cannot be unpacked ({error}): fetch it again or unpack it first") from None
    except LookupError:
        raise ConfigError(f"no encoding is called {encoding!r}; write utf-8, cp1252, utf-16 ...") from None


def _candidates(head: bytes) -> list[str]:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return [name]
    wide = [name for name, odd in (("utf-16-le", 1), ("utf-16-be", 0)) if head[odd:2000:2].count(0) > 300]
    even = head[:2000].count(0) * 3 > len(head[:2000])
    return wide[:1] if wide and even else ["utf-8"]


def _write_guessed(path: Path, scratch: Path, head: bytes, encoding: str | None) -> TextFile:
    sample = _sample_of_bytes(path, head)
    told = f"{path.name}: its letters are in an encoding that cannot be told"
    if encoding:
        raise ConfigError(f"{path.name} is not in {encoding}: leave --encoding out or name another")
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(1 for letter in text if ord(letter) > 127) - broken >= 3 * broken > 0:
        written = _write_text(path, scratch, "utf-8", errors="replace")
        note = "some bytes are not UTF-8 and were replaced by the replacement sign"
        return replace(written, notes=(*written.notes, note))
    name = _guess_encoding(sample)
    if name is None:
        raise ConfigError(f"{told}; save it as UTF-8 or name it with --encoding")
    try:
        written = _write_text(path, scratch, name)
    except UnicodeError:
        raise ConfigError(f"{told} (it looked like {name}); save it as UTF-8 or name it with --encoding") from None
    note = f"no encoding is stated; the text was read as {name}: check its letters, or name it with --encoding"
    return replace(written, notes=(*written.notes, note))


def _guess_encoding(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    if sum(1 for byte in sample if byte > 127) <= 0.06 * len(sample):
        with contextlib.suppress(UnicodeError):
            sample.decode("cp1252")
            return "cp1252"
    best = from_bytes(sample).best()
    return None if best is None else best.encoding


def _sample_of_bytes(path: Path, head: bytes) -> bytes:
    """The stretch around the first byte that is not UTF-8, which the start of a long file may not hold."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _open_unpacked(path) as stream:
        while chunk := stream.read(_SAMPLE):
            try:
                decoder.decode(chunk)
            except UnicodeError:
                return chunk
    return head


@contextlib.contextmanager
def _open_unpacked(path: Path) -> Iterator[_Bytes]:
    with path.open("rb") as raw:
        magic = raw.read(4)
        raw.seek(0)
        if magic.startswith(b"\x1f\x8b"):
            with gzip.open(raw) as stream:
                yield stream
        elif magic == b"PK\x03\x04":
            with zipfile.ZipFile(raw) as archive:
                members = [m for m in archive.namelist() if m.lower().endswith((".csv", ".tsv", ".txt"))]
                if len(members) != 1:
                    raise ConfigError(f"{path.name} holds {len(members)} tables: unpack it and name one")
                with archive.open(members[0]) as member:
                    yield member
        else:
            yield raw


def _write_text(path: Path, scratch: Path, encoding: str, errors: str = "strict") -> TextFile:
    """Decode in one pass; a plain UTF-8 file is checked and left where it is."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with path.open("rb") as raw:
        plain = not raw.read(4).startswith((b"\x1f\x8b", b"PK\x03\x04"))
    in_place = plain and encoding == "utf-8" and errors == "strict"
    target = path if in_place else scratch / "unpacked.csv"
    check: QuoteCheck | None = None
    nuls = 0
    with _open_unpacked(path) as stream, contextlib.ExitStack() as files:
        out = None if in_place else files.enter_context(target.open("wb"))
        while True:
            chunk = stream.read(CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            data = chunk if in_place else text.encode()
            if b"\x00" in data:
                if in_place:
                    return _write_text_without_nul(path, scratch)
                nuls += data.count(b"\x00")
                data = data.replace(b"\x00", b"")
            check = check or QuoteCheck(find_delimiter(data))
            check.read(data)
            if out:
                out.write(data)
            if not chunk:
                break
    notes = (f"{nuls} NUL characters were taken out",) if nuls else ()
    return TextFile(path=target, delimiter=check.delimiter, records=check.count_records(), notes=notes)


def _write_text_without_nul(path: Path, scratch: Path) -> TextFile:
    return _write_text(path, scratch, "utf-8-sig")


def find_delimiter(head: bytes) -> str:
    """What parts the fields of a table whose first bytes are these: comma, semicolon or tab.

    >>> find_delimiter(b'id;"a,b";c\\n1;2;3')
    ';'
    """
    line = head.lstrip(b"\r\n").split(b"\n", 1)[0].decode("utf-8", "replace")
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)
