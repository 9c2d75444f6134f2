"""Whether the quotes of a CSV file stand where RFC 4180 puts them, and how many records that makes.

A parser that guesses may swallow rows after a stray quote. Here every quote is looked at: one that opens must follow a
delimiter or a line's end, one that closes must precede one, and inside a field they come in pairs. Then a line's end is
a record's end exactly where an even number of quotes came before it, and the records can be counted without parsing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

_QUOTE: Final = 34
_LF: Final = 10
_CR: Final = 13
_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.intp]


class QuoteCheck:
    """Reads a file's bytes chunk by chunk; then `count_records` tells how many records, or None for a doubtful file.

    >>> check = QuoteCheck(",")
    >>> check.read(b'a,b\\n1,"x')
    >>> check.read(b'\\ny"\\n')
    >>> check.count_records()
    2
    >>> stray = QuoteCheck(",")
    >>> stray.read(b'a,b\\n1,5" gun\\n')
    >>> stray.count_records() is None
    True
    """

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self._around = np.array([ord(delimiter), _LF, _CR, _QUOTE], dtype=np.uint8)
        self._quotes = 0
        self._records = 0
        self._lone = 0
        self._crlf = 0
        self._before = b"\n"
        self._held = b""
        self._regular = True

    def read(self, data: bytes) -> None:
        """Look at the next bytes; the last byte of each chunk waits for its successor."""
        if not self._regular:
            return
        block = self._held + data
        self._held = block[-1:]
        if len(block) > 1:
            self._look(block[:-1], block[-1:])

    def count_records(self) -> int | None:
        """How many records the bytes so far make, the header among them; None when that is not certain."""
        if self._regular and self._held:
            last, self._held = self._held, b""
            self._look(last, b"\n")
            if last != b"\n":
                self._records += 1
                self._lone += self._crlf == 0
        even = self._quotes % 2 == 0
        return self._records if self._regular and even and not (self._lone and self._crlf) else None

    def _look(self, data: bytes, after: bytes) -> None:
        block = np.frombuffer(self._before + data + after, dtype=np.uint8)
        self._before = data[-1:]
        here = block[1:-1]
        quotes = np.flatnonzero(here == _QUOTE)
        parity = (self._quotes + np.arange(len(quotes))) % 2
        opening, closing = quotes[parity == 0], quotes[parity == 1]
        if not (np.isin(block[opening], self._around).all() and np.isin(block[closing + 2], self._around).all()):
            self._regular = False
            return
        self._count_ends(block, here, quotes)
        self._quotes += len(quotes)

    def _find_outside(self, here: _Bytes, quotes: _Places, sign: int) -> _Places:
        found = np.flatnonzero(here == sign)
        outside: _Places = found[(self._quotes + np.searchsorted(quotes, found)) % 2 == 0]
        return outside

    def _count_ends(self, block: _Bytes, here: _Bytes, quotes: _Places) -> None:
        feeds, returns = (self._find_outside(here, quotes, sign) for sign in (_LF, _CR))
        after_return = block[feeds] == _CR
        blank = (block[feeds] == _LF) | (after_return & (feeds > 0) & (block[np.maximum(feeds - 1, 0)] == _LF))
        if blank.any() or (block[returns + 2] != _LF).any():
            self._regular = False
        self._records += len(feeds)
        self._crlf += int(after_return.sum())
        self._lone += int(len(feeds) - after_return.sum())
