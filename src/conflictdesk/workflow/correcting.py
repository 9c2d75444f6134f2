"""The sheet of corrections of a whole desk: written from the store, planned against it, recorded in it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from conflictdesk.casework import User
from conflictdesk.codebook.actors import load_actors
from conflictdesk.codebook.countries import load_countries
from conflictdesk.codebook.types import load_event_types
from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.records import Place
from conflictdesk.review.folding import CaseFile
from conflictdesk.seams import Gazetteer
from conflictdesk.store.opening import Reader
from conflictdesk.workflow.casefiles import read_many_papers
from conflictdesk.workflow.correction_files import SheetRow, read_sheet, write_sheet
from conflictdesk.workflow.correction_values import Lookups
from conflictdesk.workflow.corrections import (
    ABOUT,
    HEADS,
    CellProblem,
    Correction,
    Incident,
    Plan,
    join_plans,
    plan_row,
    write_row,
)
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.projecting import find_articles
from conflictdesk.workflow.recording import Draft, record_decisions

_PIECE: Final = 200
_NEEDED: Final = ("incident", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of a plan: how many decisions were recorded, and the rows that the desk refused."""

    recorded: int
    refused: tuple[CellProblem, ...]


class LatePlaces:
    """The offline place names, opened when a place is first asked for."""

    @cached_property
    def _places(self) -> Gazetteer:
        from conflictdesk.locate.gazetteer import open_gazetteer

        return open_gazetteer()

    def find(self, name: str) -> tuple[Place, ...]:
        """Every place of that name, most prominent first."""
        return self._places.find(name)

    def knows(self, name: str) -> bool:
        """True when some place bears that name."""
        return self._places.knows(name)


def open_lookups() -> Lookups:
    """What changed cells are read with: the codebook, its countries and actors, the offline place names."""
    return Lookups(
        codebook=load_event_types(), countries=load_countries(), actors=load_actors(), gazetteer=LatePlaces()
    )


def write_corrections(desk: OpenDesk, path: Path) -> int:
    """Write all incidents as a sheet to correct, .csv or .xlsx; the answer is how many.

    Raises:
        ConfigError: the ending of the name is neither.
        StoreError: the file cannot be written.
    """
    with desk.store.reading() as reader:
        seq, _ = reader.head()
        rows = (write_row(incident, seq) for incident in _walk_incidents(reader))
        return write_sheet(path, HEADS, rows, ABOUT)


def _walk_incidents(reader: Reader) -> Iterator[Incident]:
    articles = (article.article_id for article in reader.all_articles())
    while piece := list(itertools.islice(articles, _PIECE)):
        papers = read_many_papers(reader, piece)
        yield from _list_incidents(reader, [papers[article_id].fold() for article_id in piece if article_id in papers])


def _list_incidents(reader: Reader, files: Iterable[CaseFile]) -> Iterator[Incident]:
    held = list(files)
    homes = reader.event_of([m.mention_id for file in held for m in file.mentions])
    for file in held:
        standing = {decision.decision_id for decision in file.decisions}
        known = {decision.decision_id: decision.decision_id in standing for decision in file.journal}
        for mention in file.mentions:
            event_id = homes.get(mention.mention_id)
            yield Incident(mention=mention, article=file.article, event_id=event_id, known=known)


# ---------------------------------------------------------------- coming back


def plan_corrections(desk: OpenDesk, path: Path, by: str, lookups: Lookups) -> Plan:
    """What a sheet would change at the desk; nothing is recorded yet.

    Raises:
        ConfigError: the file is no sheet, or it has no columns `incident` and `state`.
    """
    rows = list(read_sheet(path))
    missing = [name for name in _NEEDED if rows and name not in rows[0].cells]
    if missing:
        raise ConfigError(f"{path} has no column {missing[0]!r}: write the sheet with `export --for-correction`")
    with desk.store.reading() as reader:
        plans = [
            plan
            for start in range(0, len(rows), _PIECE)
            for plan in _plan(reader, rows[start : start + _PIECE], by, lookups)
        ]
    return _refuse_twins(join_plans(plans), rows)


def _plan(reader: Reader, rows: Sequence[SheetRow], by: str, lookups: Lookups) -> Iterator[Plan]:
    incidents = _find_incidents(reader, {row.cells["incident"].strip() for row in rows})
    for row in rows:
        name = row.cells["incident"].strip()
        incident = incidents.get(name)
        if incident is not None:
            yield plan_row(row, incident, by, lookups)
            continue
        told = (
            f"there is no incident {name}"
            if name
            else "a row without an id; what the machine missed is added at the desk"
        )
        yield Plan(rows=1, problems=[CellProblem(row=row.number, column="incident", told=told)])


def _find_incidents(reader: Reader, names: set[str]) -> Mapping[str, Incident]:
    owners = find_articles(reader, sorted(name for name in names if name))
    papers = read_many_papers(reader, set(owners.values()))
    incidents = _list_incidents(reader, [held.fold() for held in papers.values()])
    return {i.mention.mention_id: i for i in incidents if i.mention.mention_id in names}


def _refuse_twins(plan: Plan, rows: Sequence[SheetRow]) -> Plan:
    """An incident that stands in two rows cannot be corrected by both, unless they say the same."""
    first: dict[str, SheetRow] = {}
    twins: dict[int, int] = {}
    for row in rows:
        held = first.setdefault(row.cells["incident"].strip(), row)
        if held is not row and row.cells["incident"].strip():
            twins[row.number] = held.number
    same = {
        row.number for row in rows if row.number in twins and row.cells == first[row.cells["incident"].strip()].cells
    }
    clash = {number: other for number, other in twins.items() if number not in same}
    barred = {*twins, *clash.values()}
    plan.corrections = [c for c in plan.corrections if c.row not in barred]
    plan.left = [each for each in plan.left if each.row not in twins]
    told = "this incident stands in row {other} too, with other cells: take one of them out"
    plan.problems += [
        CellProblem(row=n, column="incident", told=told.format(other=o)) for n, o in sorted(clash.items())
    ]
    plan.problems.sort(key=lambda problem: problem.row)
    return plan


def record_corrections(desk: OpenDesk, plan: Plan, user: User, now: dt.datetime) -> Applied:
    """Record what a plan changes, all of a row or nothing of it; a row that the desk refuses is told of.

    Raises:
        RightsError: this user may not decide that.
        StoreError: the store cannot be written.
    """
    recorded, refused = 0, list[CellProblem]()
    for row, held in itertools.groupby(plan.corrections, key=lambda c: c.row):
        drafts = [_draft(c) for c in sorted(held, key=lambda c: _TURN.get(c.action, 1))]
        try:
            recorded += sum(not each.known for each in record_decisions(desk, drafts, user, now))
        except CheckError as error:
            refused.append(CellProblem(row=row, column="", told=str(error)))
    return Applied(recorded=recorded, refused=tuple(refused))


_TURN: Final[Mapping[str, int]] = {"restore": 0, "drop": 2}
"""What was dropped is taken back first; what is dropped is so last."""


def _draft(correction: Correction) -> Draft:
    whole = correction.action in _TURN
    return Draft(
        decision_id=correction.decision_id,
        subject_kind="mention",
        subject_id=correction.mention_id,
        action=correction.action,
        article_id=correction.article_id,
        field=None if whole else correction.field,
        after=correction.after,
        spans=correction.spans,
        inferred=correction.inferred,
        reason=correction.reason,
    )
