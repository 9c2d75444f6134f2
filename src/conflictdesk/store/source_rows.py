"""What the desk holds of each source, and how much of everything."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from conflictdesk.casework import SourceSheet
from conflictdesk.store.problem_rows import ProblemReader
from conflictdesk.store.tables import ARTICLES, METADATA

_MOST_PROBLEMS = 200


class SourceReader(ProblemReader):
    """Reads sources and counts."""

    def sources(self) -> list[tuple[str, int, dt.date | None]]:
        """Every named source: how many articles it has, and the last day of one; by name."""
        asked = select(ARTICLES.c.source, func.count(), func.max(ARTICLES.c.published_on))
        asked = asked.where(ARTICLES.c.source.is_not(None)).group_by(ARTICLES.c.source).order_by(ARTICLES.c.source)
        return [tuple(row) for row in self._rows(asked)]

    def source_sheet(self, name: str) -> SourceSheet:
        """One source's articles by day and its newest problems; nothing at all where the name is unknown."""
        day = ARTICLES.c.published_on
        asked = select(day, func.count()).where(ARTICLES.c.source == name).group_by(day).order_by(day)
        by_day = [tuple(row) for row in self._rows(asked)]
        dated = tuple((on, n) for on, n in by_day if on is not None)
        return SourceSheet(
            source=name,
            articles=sum(n for _, n in by_day),
            first=dated[0][0] if dated else None,
            last=dated[-1][0] if dated else None,
            by_day=dated,
            problems=tuple(self.problems(_MOST_PROBLEMS, source=name)),
        )

    def count_rows(self) -> dict[str, int]:
        """How many rows each table holds, by its name."""
        counted = [(table.name, self._row(select(func.count()).select_from(table))) for table in METADATA.sorted_tables]
        return {name: int(row[0]) if row else 0 for name, row in sorted(counted)}
