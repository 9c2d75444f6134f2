"""What no stage could take further, and the runs of the desk."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from sqlalchemy import select

from conflictdesk.casework import Run
from conflictdesk.records import Problem
from conflictdesk.store.record_json import read_record, write_record
from conflictdesk.store.sessions import Cells, Session
from conflictdesk.store.tables import PROBLEMS, RUNS

_PROBLEM = tuple(PROBLEMS.c[part.name] for part in dataclasses.fields(Problem))


class ProblemReader(Session):
    """Reads problems and runs."""

    def problems(self, limit: int, *, source: str | None = None) -> list[Problem]:
        """The newest problems first, all or those of one source."""
        question = select(*_PROBLEM).order_by(PROBLEMS.c.row.desc()).limit(limit)
        if source is not None:
            question = question.where(PROBLEMS.c.source == source)
        return [Problem(**row._mapping) for row in self._rows(question)]

    def runs(self, limit: int = 100) -> list[Run]:
        """The newest runs first."""
        rows = self._rows(select(RUNS.c.body).order_by(RUNS.c.row.desc()).limit(limit))
        return [read_record(Run, row.body) for row in rows]


class ProblemWriter(ProblemReader):
    """Adds problems and runs."""

    def add_problems(self, problems: Iterable[Problem], *, source: str | None = None) -> None:
        """Keep problems, filed under the source of their page or article where it is known."""
        self._add(PROBLEMS, ({**dataclasses.asdict(problem), "source": source} for problem in problems))

    def add_run(self, run: Run) -> None:
        """Keep the account of a run; one that is known already is left as it is."""
        if not self._known(RUNS.c.run_id, [run.run_id]):
            cells: Cells = {"run_id": run.run_id, "started_at": run.started_at, "body": write_record(run)}
            self._add(RUNS, [cells])
