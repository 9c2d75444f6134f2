"""Undo gzip and deflate piece by piece, and stop as soon as too much comes out."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

GZIP_HEAD = b"\x1f\x8b"
PIECE = 65_536
MOST_PARTS = 1_000


class TooMuch(Exception):
    """More came out than was allowed."""


class Broken(Exception):
    """The packed bytes are damaged or end too early."""


class Unpacker:
    """Takes packed bytes as they come; `way` is "gzip", "deflate" (with or without its head) or "" (not packed).

    `most` bounds what may come out in all.
    """

    def __init__(self, way: str, most: int) -> None:
        self._way, self._left = way, most
        self._state = zlib.decompressobj(31) if way == "gzip" else None
        self._begun = self._over = False
        self._parts = 1

    def feed(self, data: bytes) -> bytes:
        """What `data` holds, unpacked.

        Raises:
            TooMuch: more than `most` in all.
            Broken: it is damaged.
        """
        if not self._way:
            return self._count(data)
        return b"".join(self._feed_piece(data[at : at + PIECE]) for at in range(0, len(data), PIECE))

    def _feed_piece(self, data: bytes) -> bytes:
        out: list[bytes] = []
        while data and not self._over:
            state = self._state = self._state or self._begin(data)
            self._begun = True
            try:
                out.append(self._count(state.decompress(data, PIECE)))
            except zlib.error:
                raise Broken from None
            data = state.unconsumed_tail
            if state.eof:
                data = self._next_part(state.unused_data)
        return b"".join(out)

    def close(self) -> None:
        """Say that there are no more bytes.

        Raises:
            Broken: the packed bytes were not at their end.
        """
        if self._way and self._begun and not self._over and self._state is not None and not self._state.eof:
            raise Broken

    def _begin(self, data: bytes) -> zlib._Decompress:
        """Deflate comes with a head (RFC 1950) or, from careless servers, without."""
        headed = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
        return zlib.decompressobj(15 if headed else -15)

    def _next_part(self, rest: bytes) -> bytes:
        """A gzip file may have several parts; anything else after the end is padding and passed over."""
        if self._way == "gzip" and rest.startswith(GZIP_HEAD):
            self._parts += 1
            if self._parts > MOST_PARTS:
                raise Broken
            self._state = zlib.decompressobj(31)
            return rest
        self._over = True
        return b""

    def _count(self, piece: bytes) -> bytes:
        self._left -= len(piece)
        if self._left < 0:
            raise TooMuch
        return piece


def unpack(pieces: Iterable[bytes], way: str, most: int) -> bytes:
    """All that `pieces` hold.

    >>> import gzip
    >>> unpack([gzip.compress(b"one ") + gzip.compress(b"two")], "gzip", 100)
    b'one two'

    Raises:
        TooMuch, Broken: see `Unpacker.feed`.
    """
    unpacker = Unpacker(way, most)
    out = [unpacker.feed(piece) for piece in pieces]
    unpacker.close()
    return b"".join(out)
