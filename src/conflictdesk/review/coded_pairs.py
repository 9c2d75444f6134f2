"""What two coders say of the same incidents, field by field: the rows that agreement is measured on.

"not stated" is a value: a coder looked and the article does not say. None means that a coder did not code the field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from conflictdesk.decisions import DecidedMention, Mode
from conflictdesk.records import Dates, Estimate, Place
from conflictdesk.review.comparing import COMPARED, write_coded
from conflictdesk.review.folding import CaseFile
from conflictdesk.review.pairing import pair_incidents

INCIDENT: Final = "incident"
"""The field of the rows that say who found an incident."""
AGREED_FIELDS: Final = (*COMPARED, "date_precision", "place_precision")
GroupBy = Literal["coders", "month", "mode", "language"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPair:
    """What two coders say of one field of one incident; `incident` names it by each coder's id, None where not found.

    `ours` and `theirs` are values in words (figures and precisions as whole numbers), "not stated", or None where that
    coder did not code the field. `month` is "2024-03": when the second coder finished.
    """

    article_id: str
    incident: tuple[str | None, str | None]
    field: str
    ours: str | None
    theirs: str | None
    coder_a: str
    coder_b: str
    month: str
    mode: Mode
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementCase:
    """One article and incident behind a figure, with what each coder says."""

    article_id: str
    incident: tuple[str | None, str | None]
    ours: str | None
    theirs: str | None
    agrees: bool


# ---------------------------------------------------------------- from files to pairs


def list_coded_pairs(ours: CaseFile, theirs: CaseFile) -> tuple[CodedPair, ...]:
    """Every field of every incident of one article as two coders coded it, and who found which incident.

    `ours` is the first coder's work before the lead settled anything (`folding.fold_first`). An incident that one coder
    alone found has one row of the field "incident" and no others: there is nothing to compare.
    """
    found = pair_incidents(ours.mentions, theirs.mentions, ours.article)
    write = _make_writer(ours, theirs)
    rows = [write((a.mention_id, b.mention_id), INCIDENT, "found", "found") for a, b in found.pairs]
    rows += [write((a.mention_id, None), INCIDENT, "found", "not found") for a in found.only_ours]
    rows += [write((None, b.mention_id), INCIDENT, "not found", "found") for b in found.only_theirs]
    for a, b in found.pairs:
        for name in AGREED_FIELDS:
            mine = write_figure(a, name, done=bool(ours.finished))
            other = write_figure(b, name, done=bool(theirs.finished))
            rows.append(write((a.mention_id, b.mention_id), name, mine, other))
    return tuple(rows)


_Write = Callable[[tuple[str | None, str | None], str, str | None, str | None], CodedPair]


def _make_writer(ours: CaseFile, theirs: CaseFile) -> _Write:
    ended = [d.at for d in theirs.decisions if d.action == "finish"] or [d.at for d in theirs.decisions]

    def write(incident: tuple[str | None, str | None], field: str, mine: str | None, other: str | None) -> CodedPair:
        return CodedPair(
            article_id=ours.article.article_id,
            incident=incident,
            field=field,
            ours=mine,
            theirs=other,
            coder_a=name_coder(ours),
            coder_b=name_coder(theirs),
            month=f"{ended[-1]:%Y-%m}" if ended else "",
            mode=theirs.mode,
            language=ours.article.language,
        )

    return write


def name_coder(file: CaseFile) -> str:
    """Whose coding a file is: who finished it last, else who decided first; "" where nobody did."""
    if file.by is not None:
        return file.by
    if file.finished:
        return max(file.finished.items(), key=lambda row: row[1])[0]
    return next((d.by for d in file.decisions), "")


def write_figure(mention: DecidedMention, name: str, *, done: bool) -> str | None:
    """What a coder says of a field in the form in which agreement is measured: of a toll its best figure."""
    base = name.removesuffix("_precision")
    held = mention.fields[base]
    match held.value:
        case Dates() | Place() if name != base:
            return str(held.value.precision)
        case Estimate():
            return str(held.value.best)
        case _:
            return write_coded(held, done=done)


# ---------------------------------------------------------------- views of the pairs


def group_pairs(pairs: Sequence[CodedPair], by: GroupBy) -> dict[str, list[CodedPair]]:
    """The pairs by two coders ("ann & ben", whichever came first), month, mode or language, in order of the name."""
    groups: dict[str, list[CodedPair]] = {}
    for pair in pairs:
        name = " & ".join(sorted((pair.coder_a, pair.coder_b))) if by == "coders" else _read_group(pair, by)
        groups.setdefault(name, []).append(pair)
    return dict(sorted(groups.items()))


def _read_group(pair: CodedPair, by: GroupBy) -> str:
    return {"month": pair.month, "mode": pair.mode, "language": pair.language}[by]


def list_cases(pairs: Sequence[CodedPair], *, field: str) -> tuple[AgreementCase, ...]:
    """The articles and incidents behind the figures of a field: those on which the coders differ first."""
    rows = [p for p in sorted(pairs, key=sort_pair) if p.field == field and None not in (p.ours, p.theirs)]
    found = [
        AgreementCase(
            article_id=p.article_id, incident=p.incident, ours=p.ours, theirs=p.theirs, agrees=p.ours == p.theirs
        )
        for p in rows
    ]
    return tuple(sorted(found, key=lambda case: case.agrees))


def sort_pair(pair: CodedPair) -> tuple[str, ...]:
    """The place of a row among others, so that their order does not matter to any figure."""
    words = (pair.incident[0], pair.incident[1], pair.ours, pair.theirs)
    return (pair.article_id, pair.coder_a, pair.coder_b, *(f"{word is not None}{word}" for word in words))
