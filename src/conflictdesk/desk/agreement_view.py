"""Agreement between coders as a table: each figure with what it rests on, its doubt in words, the link to its cases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final, get_args
from urllib.parse import urlencode

from conflictdesk.desk.decided_words import title_field
from conflictdesk.desk.double_coded import Measured
from conflictdesk.errors import ConfigError
from conflictdesk.review.agreement import (
    AGREED_FIELDS,
    INCIDENT,
    CodedPair,
    FieldAgreement,
    FoundAgreement,
    GroupBy,
    group_pairs,
    measure_agreement,
    measure_found,
)

FEW: Final = 10
"""Below so many pairs a figure carries a caution."""
CAUTION: Final = "fewer than 10 pairs: hardly more than an anecdote"
GROUPS: Final[tuple[tuple[GroupBy, str], ...]] = (
    ("coders", "pair of coders"),
    ("month", "month"),
    ("language", "language"),
    ("mode", "assisted or blind"),
)
_TITLES: Final = {"date_precision": "When: how exact", "place_precision": "Where: how exact"}
FOUND_TITLE: Final = "Incidents found"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgreement:
    """Which pairs are measured, and by what they are parted: None asks for all."""

    coders: str | None = None
    month: str | None = None
    language: str | None = None
    mode: str | None = None
    by: GroupBy | None = None
    field: str = "deaths"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The address's query."""
        told = [(name.name, str(value)) for name in fields(self) if (value := getattr(self, name.name)) is not None]
        return [(name, value) for name, value in told if (name, value) != ("field", "deaths")]

    def link(self, path: str, **more: str | None) -> str:
        """The address of a page with this question, some parts changed; None takes a part out."""
        told = {**dict(self.pairs), **more}
        kept = [(name, value) for name, value in told.items() if value is not None]
        return f"{path}?{urlencode(kept)}" if kept else path


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """One line of the table, all figures as text: what is shown is what the CSV holds."""

    name: str
    title: str
    n: int
    alpha: str
    interval: str
    kappa: str
    percent: str
    level: str
    remarks: tuple[str, ...]
    field: str
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """How far coders find the same incidents."""

    title: str
    f1: str
    interval: str
    both: int
    only_ours: int
    only_theirs: int
    remarks: tuple[str, ...]
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTables:
    """All that the page shows of one question."""

    found: FoundRow
    rows: tuple[AgreementRow, ...]
    found_parts: tuple[FoundRow, ...]
    parts: tuple[AgreementRow, ...]


def title_agreed(name: str) -> str:
    """A measured field as a reader is told of it."""
    return FOUND_TITLE if name == INCIDENT else _TITLES.get(name) or title_field(name)


def read_question(told: dict[str, str]) -> AskedAgreement:
    """What an address asks for.

    Raises:
        ConfigError: there is no such field or group.
    """
    by = next((group for group in get_args(GroupBy) if group == told.get("by")), None)
    if told.get("by") and by is None:
        raise ConfigError(f"by: {told['by'][:20]!r} is not one of {', '.join(get_args(GroupBy))}")
    field = told.get("field") or "deaths"
    if field not in (*AGREED_FIELDS, INCIDENT):
        raise ConfigError(f"field: {field[:40]!r} is not one of {', '.join(AGREED_FIELDS)}")
    parts = {name: told.get(name) or None for name in ("coders", "month", "language", "mode")}
    return AskedAgreement(by=by, field=field, **parts)


def choose_pairs(pairs: Sequence[CodedPair], asked: AskedAgreement) -> tuple[CodedPair, ...]:
    """The pairs that the question is about."""
    return tuple(
        p
        for p in pairs
        if asked.coders in (None, " & ".join(sorted((p.coder_a, p.coder_b))))
        and asked.month in (None, p.month)
        and asked.language in (None, p.language)
        and asked.mode in (None, p.mode)
    )


@lru_cache(maxsize=4)
def list_choices(measured: Measured) -> tuple[tuple[GroupBy, str, tuple[str, ...]], ...]:
    """The groups that can be chosen: by what, in words, and their names."""
    return tuple((by, words, tuple(group_pairs(measured.pairs, by))) for by, words in GROUPS)


@lru_cache(maxsize=16)
def tabulate(measured: Measured, asked: AskedAgreement) -> AgreementTables:
    """Measure every field over the chosen pairs, and the asked field group by group."""
    chosen = choose_pairs(measured.pairs, asked)
    groups = group_pairs(chosen, asked.by) if asked.by else {}
    return AgreementTables(
        found=view_found(measure_found(chosen), FOUND_TITLE),
        rows=tuple(view_field(measure_agreement(chosen, field=name), title_agreed(name)) for name in AGREED_FIELDS),
        found_parts=tuple(view_found(measure_found(held), name, name) for name, held in groups.items()),
        parts=tuple(
            view_field(measure_agreement(held, field=asked.field), name, name)
            for name, held in groups.items()
            if asked.field != INCIDENT
        ),
    )


def view_field(told: FieldAgreement, title: str, group: str | None = None) -> AgreementRow:
    """A field's figures as text, with every "undefined" spelt out."""
    remarks = [told.undefined] if told.undefined else []
    known = {told.undefined, (told.undefined or "").replace("alpha", "kappa")}
    remarks += [words for words in (told.no_kappa, told.no_interval) if words and words not in known]
    remarks += [f"alpha rests on the {told.scaled} pairs in which both give a figure"] if told.scaled < told.n else []
    remarks += [f"{told.missing} pairs left out: one coder left the field open"] if told.missing else []
    remarks += [CAUTION] if 0 < told.n < FEW else []
    return AgreementRow(
        name=told.field,
        title=title,
        n=told.n,
        alpha=write_figure(told.alpha),
        interval=write_interval(told.low, told.high),
        kappa=write_figure(told.kappa),
        percent="undefined" if told.percent is None else f"{100 * told.percent:.0f}",
        level=told.level,
        remarks=tuple(remarks),
        field=told.field,
        group=group,
    )


def view_found(told: FoundAgreement, title: str, group: str | None = None) -> FoundRow:
    """The figures of the incidents found as text."""
    total = told.both + told.only_ours + told.only_theirs
    remarks = [told.undefined] if told.undefined else []
    remarks += [CAUTION] if 0 < total < FEW else []
    return FoundRow(
        title=title,
        f1=write_figure(told.f1),
        interval=write_interval(told.low, told.high),
        both=told.both,
        only_ours=told.only_ours,
        only_theirs=told.only_theirs,
        remarks=tuple(remarks),
        group=group,
    )


def write_figure(value: float | None) -> str:
    """A figure with two decimals and a true minus; "undefined" where there is none.

    >>> write_figure(-0.125), write_figure(None)
    ('−0.12', 'undefined')
    """
    return "undefined" if value is None else f"{value:.2f}".replace("-", "−")


def write_interval(low: float | None, high: float | None) -> str:
    """An interval, "" where there is none."""
    return "" if low is None or high is None else f"{write_figure(low)} to {write_figure(high)}"


def write_csv(tables: AgreementTables, asked: AskedAgreement) -> str:
    """Exactly the tables that the page shows, one under the other in one shape."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("table", "name", "alpha_or_f1", "interval", "kappa", "percent", "pairs", "level", "remarks"))
    writer.writerows(_list_lines("all", [tables.found], tables.rows))
    if asked.by:
        writer.writerows(_list_lines(f"by {asked.by}", tables.found_parts, tables.parts))
    return out.getvalue()


def _list_lines(table: str, found: Iterable[FoundRow], rows: Iterable[AgreementRow]) -> Iterable[tuple[str | int, ...]]:
    for f in found:
        n = f.both + f.only_ours + f.only_theirs
        level = f"F1: {f.both} found by both, {f.only_ours} by the first alone, {f.only_theirs} by the second alone"
        yield (table, _guard(_name_found(f)), f.f1, f.interval, "", "", n, level, "; ".join(f.remarks))
    for r in rows:
        name = f"{title_agreed(r.field)}: {r.title}" if r.group is not None else r.title
        yield (table, _guard(name), r.alpha, r.interval, r.kappa, r.percent, r.n, r.level, "; ".join(r.remarks))


def _name_found(row: FoundRow) -> str:
    return f"{FOUND_TITLE}: {row.title}" if row.group is not None else row.title


def _guard(text: str) -> str:
    """A name that a spreadsheet would run as a formula gets a quote before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
