"""The slower, surer reading of a CSV file whose quotes or row lengths are not as they should be.

A row that has not the header's number of fields is a bad row. If it spans several lines, a stray quote may have pulled
in its neighbours: then only its first line is bad and reading goes on with the second, so that no row is swallowed.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_MOST_LINES: Final = 1000
_LONGEST_FIELD: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One data row: its `fields`, or None with the `fault` and the line as it came."""

    number: int
    fields: list[str] | None
    line: str = ""
    fault: str = ""


class _Lines(Iterator[str]):
    """Lines of a file that can be given back; `taken` are those of the record being read."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self.taken: list[str] = []
        self.broken_off = False

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:
            self.broken_off = True
            raise StopIteration
        try:
            line = self._returned.popleft() if self._returned else next(self._lines)
        except StopIteration:
            self.broken_off = bool(self.taken)
            raise
        self.taken.append(line)
        return line

    def start_record(self) -> None:
        self.taken = []
        self.broken_off = False

    def keep_first(self) -> str:
        """Give back all lines of this record but the first, which is returned."""
        first, *others = self.taken
        self._returned.extendleft(reversed(others))
        self.taken = [first]
        return first


def read_csv_rows(lines: Iterable[str], delimiter: str, width: int) -> Iterator[CsvRow]:
    r"""The data rows of `lines` (ends kept, header left out), numbered from 1; blank lines are no rows.

    >>> rows = read_csv_rows(['1,"a\n', '2,b\n', '3,"c ""d"\n', '4\n'], ",", 2)
    >>> [(row.number, row.fields, row.fault) for row in rows]  # doctest: +NORMALIZE_WHITESPACE
    [(1, None, 'a quote is opened and not closed'), (2, ['2', 'b'], ''), (3, ['3', 'c "d'], ''),
     (4, None, '1 field instead of 2')]
    """
    old = csv.field_size_limit(_LONGEST_FIELD)
    try:
        feed, number = _Lines(lines), 0
        while True:
            fields, fault = _read_record(feed, delimiter, width)
            if not feed.taken:
                return
            if fields == [] and not fault:
                continue
            number += 1
            line = "".join(feed.taken).rstrip("\r\n")
            yield CsvRow(number, None, line, fault) if fault else CsvRow(number, fields)
    finally:
        csv.field_size_limit(old)


def _read_record(feed: _Lines, delimiter: str, width: int) -> tuple[list[str], str]:
    feed.start_record()
    try:
        fields = next(csv.reader(feed, delimiter=delimiter, strict=True), [])
        if len(fields) == width and not feed.broken_off:
            return fields, ""
    except csv.Error:
        fields = []
    if not feed.taken or (not fields and not feed.taken[0].strip("\r\n")):
        return [], ""
    first = feed.keep_first()
    return _read_line(first, delimiter, width)


def _read_line(line: str, delimiter: str, width: int) -> tuple[list[str], str]:
    """One line by itself, quotes inside a field let pass."""
    alone = _Lines([line])
    fields = next(csv.reader(alone, delimiter=delimiter), [])
    if alone.broken_off:
        return [], "a quote is opened and not closed"
    if len(fields) != width:
        return [], f"{len(fields)} field{'s' if len(fields) != 1 else ''} instead of {width}"
    return fields, ""


def read_header(lines: Iterable[str], delimiter: str) -> tuple[list[str], int]:
    """The first record of a file and the number of lines that it and the blank lines before it take."""
    feed, count = _Lines(lines), 0
    while True:
        feed.start_record()
        fields = next(csv.reader(feed, delimiter=delimiter), [])
        count += len(feed.taken)
        if fields or not feed.taken:
            return fields, count


def write_csv_line(fields: Iterable[object]) -> str:
    """A row as a line of CSV, without the line's end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(list(fields))
    return out.getvalue()
