"""How finely dates and places are known: the codes 1 to 4, and their nearest UCDP codes."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from conflictdesk.codebook.faults import Faults, parse_toml, read_own, read_tables, read_text

PRECISION_FILE = "precision.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """One code: `interval_days` is the longest stretch it allows, None where there is no limit (or for places).

    `ucdp` lists the UCDP codes that lie within it; `nearest_ucdp` is the one a converter writes.
    """

    code: int
    meaning: str
    interval_days: int | None
    ucdp: tuple[int, ...]
    nearest_ucdp: int


@functools.cache
def load_precisions(scale: Literal["date", "place"]) -> tuple[Precision, ...]:
    """The codes of a scale, finest first.

    Raises:
        CodebookError: the file breaks its own rules; the message lists every fault.

    >>> [(step.code, step.nearest_ucdp) for step in load_precisions("place")]
    [(1, 1), (2, 2), (3, 4), (4, 6)]
    """
    return parse_precisions(read_own(PRECISION_FILE), PRECISION_FILE, scale)


def parse_precisions(text: str, file: str, scale: Literal["date", "place"]) -> tuple[Precision, ...]:
    """Read one scale from TOML `text`; `file` is the name used in the message.

    Raises:
        CodebookError: every fault at once, each with file, entry and mend.
    """
    faults = Faults(file)
    rows = read_tables(parse_toml(text, file), scale, faults)
    steps = tuple(_read_step(row, index, scale, faults) for index, row in enumerate(rows, start=1))
    faults.stop()
    return steps


def _read_step(row: Mapping[str, object], index: int, scale: str, faults: Faults) -> Precision:
    entry = f"{scale} {index}"
    if row.get("code") != index:
        faults.add(entry, f"code is {row.get('code')!r}", f"codes count from 1, so write code = {index}")
    days = row.get("interval_days")
    if days is not None and (not isinstance(days, int) or days < 1):
        faults.add(entry, f"interval_days is {days!r}", "write a whole number of days, or leave it out")
        days = None
    ucdp = row.get("ucdp")
    codes = tuple(code for code in ucdp if isinstance(code, int)) if isinstance(ucdp, list) else ()
    nearest = row.get("nearest_ucdp")
    if not isinstance(nearest, int) or nearest not in codes:
        faults.add(entry, f"nearest_ucdp is {nearest!r}", "write one of the codes listed under ucdp")
        nearest = 0
    return Precision(
        code=index,
        meaning=read_text(row, "meaning", entry, faults),
        interval_days=days,
        ucdp=codes,
        nearest_ucdp=nearest,
    )
