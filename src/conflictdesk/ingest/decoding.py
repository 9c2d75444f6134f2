"""Bytes of unknown encoding to text, and what had to be mended on the way."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
BINARY_HEADS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"BZh",
)
DECLARED = re.compile(
    rb"""(?:charset\s*=\s*["']?|<\?xml[^>]{0,60}encoding\s*=\s*["'])\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE
)
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
SURROGATES = re.compile("[\ud800-\udfff]")
MOST_CONTROLS = 0.01
SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's text and `notes`: (kind, sentence, line) of each thing that had to be mended."""

    text: str
    notes: tuple[tuple[str, str, int | None], ...] = ()


def decode(data: bytes, declared: bool = False, charset: str | None = None) -> Decoded | None:
    """The text of `data`, or None when it is no text in any encoding we can tell.

    Tried in this order: byte order mark, UTF-8, UTF-16 without a mark, the `charset` that the site named when it sent
    the page, with `declared` the charset that the markup names, UTF-8 with a few broken bytes (a note says so),
    Western 8-bit text, charset detection.
    """
    if data.startswith(BINARY_HEADS):
        return None
    decoded = _decode_marked(data) or _try(data, "utf-8")
    if decoded is None or decoded.count("\x00") > len(decoded) * 0.2:
        decoded = _decode_wide(data) or decoded
    if decoded is not None:
        return mend(decoded)
    named = DECLARED.search(data[:4096]) if declared else None
    for name in (charset, named[1].decode("ascii") if named else None):
        decoded = _try(data, _web_name(name)) if name else None
        if decoded is not None:
            return mend(decoded)
    return _decode_broken(data) or _decode_guessed(data)


def mend(text: str) -> Decoded | None:
    """`text` without NUL and halves of characters, each told in a note; None when it is binary after all.

    >>> mend("a\\x00b" + "c" * 200).notes[0][0]
    'nul-removed'
    """
    if len(CONTROLS.findall(text)) > max(1, len(text) * MOST_CONTROLS):
        return None
    notes: list[tuple[str, str, int | None]] = []
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        notes.append(("nul-removed", f"{text.count(chr(0))} NUL characters were taken out; the rest was read.", line))
        text = text.replace("\x00", "")
    if half := SURROGATES.search(text):
        line = text.count("\n", 0, half.start()) + 1
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        notes.append(("broken-characters", "Halves of characters were replaced by the replacement sign.", line))
    return Decoded(text, tuple(notes))


def _decode_marked(data: bytes) -> str | None:
    for bom, name in BOMS:
        if data.startswith(bom):
            return _try(data, name)
    return None


def _decode_wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its Western text is NUL."""
    head = data[:2000]
    for name, nul, letter in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if nul.count(0) > 0.3 * len(nul) > 4 * letter.count(0):
            return _try(data, name)
    return None


def _decode_broken(data: bytes) -> Decoded | None:
    """UTF-8 in which few bytes are broken: at least three good characters beyond ASCII for each broken place."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for char in text if ord(char) > 127) - broken
    mended = mend(text) if good >= 3 * broken else None
    if mended is None:
        return None
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    said = f"{broken} bytes that are not UTF-8 were replaced by the replacement sign; the rest was read."
    return Decoded(mended.text, (*mended.notes, ("broken-characters", said, line)))


def _decode_guessed(data: bytes) -> Decoded | None:
    """Western 8-bit text when nearly all is ASCII, else what charset_normalizer makes of the start."""
    if sum(1 for byte in data if byte > 127) <= 0.06 * len(data):
        text = _try(data, "cp1252")
        if text is not None:
            return mend(text)
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE]).best()
    text = None if best is None else _try(data, best.encoding)
    mended = None if text is None or best is None else mend(text)
    if mended is None or best is None:
        return None
    said = f"No encoding is stated; the text was read as {best.encoding}: check it, or save it as UTF-8."
    return Decoded(mended.text, (*mended.notes, ("guessed-encoding", said, None)))


def _web_name(name: str) -> str:
    """Browsers read Latin-1 and ASCII as their superset windows-1252 (WHATWG Encoding Standard)."""
    return (
        "cp1252" if name.lower().replace("_", "-") in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else name
    )


def _try(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None
