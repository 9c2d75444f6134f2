"""The queue: one row an article, listed by what is asked and counted; a projection."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Column, ColumnElement, Insert, Table, bindparam, delete, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from conflictdesk.casework import Case, CaseCounts, CaseFilter, place_case
from conflictdesk.store.keeping import FEW
from conflictdesk.store.record_json import read_record, write_record
from conflictdesk.store.searching import Searcher
from conflictdesk.store.sessions import Asked, Session
from conflictdesk.store.tables import CASE_HANDS, CASES, COUNTERS
from conflictdesk.store.words import MOST_ASKED, list_words, make_key

_ORDERS: dict[str, Column[float] | Column[str] | Column[int]] = {
    "priority": CASES.c.priority,
    "newest": CASES.c.newest,
    "oldest": CASES.c.oldest,
    "deaths": CASES.c.deaths,
}
_FACETS = ("status", "source", "language")
_BY_ID = Asked(lambda ids: select(CASES.c.article_id, CASES.c.body).where(CASES.c.article_id.in_(ids)))


class CaseReader(Searcher):
    """Reads the queue."""

    def case(self, article_id: str) -> Case | None:
        """One row of the queue."""
        return self.cases([article_id]).get(article_id)

    def cases(self, article_ids: Iterable[str]) -> dict[str, Case]:
        """Rows of the queue by article; unknown ids are left out."""
        return {article_id: read_record(Case, body) for article_id, body in self._rows_of(_BY_ID, article_ids)}

    def list_cases(self, view: CaseFilter) -> tuple[list[Case], int]:
        """One page of a view of the queue, and how many rows the whole view has."""
        key, going = _ORDERS[view.order], (CASES.c.article_id, CASES.c.article_id.desc())
        falls = view.order != "oldest"
        asked = select(CASES.c.article_id).where(*self._conditions(view))
        asked = asked.order_by(key.desc() if falls else key.asc(), going[falls]).limit(view.limit)
        if view.after is not None:
            here, last = tuple_(key, CASES.c.article_id), tuple_(*view.after)
            asked = asked.where(here < last if falls else here > last)
        ids = [row.article_id for row in self._rows(asked)]
        held = self.cases(ids)
        cases = [held[article_id] for article_id in ids]
        if view.after is None and len(cases) < view.limit:
            return cases, len(cases)
        return cases, self._count_view(view)

    def all_cases(self) -> Iterable[Case]:
        """Every row of the queue, by article."""
        rows = self._walk(select(CASES.c.article_id, CASES.c.body), CASES.c.article_id)
        return (read_record(Case, body) for _, body in rows)

    def count_cases(self, view: CaseFilter | None = None, *, by_status: bool = True) -> CaseCounts:
        """How many cases a view has, by status, source and language; all of the queue without a view.

        Without `by_status` no count by status is made, and a view of all sources and languages is counted in one go.
        """
        view = view or CaseFilter()
        narrowed = not _is_whole(replace(view, status=()))
        if narrowed and not by_status and view.source is None and view.language is None:
            return self._count_at_once(view)
        status: Counter[str] = Counter()
        sources: Counter[str | None] = Counter()
        languages: Counter[str] = Counter()
        total = 0
        for is_of, source, language, n in self._count_groups(replace(view, status=(), source=None, language=None)):
            good = (
                not view.status or is_of in view.status,
                view.source in (None, source),
                view.language in (None, language),
            )
            total += n if all(good) else 0
            if good[1] and good[2]:
                status[is_of] += n
            if good[0] and good[2]:
                sources[source or None] += n
            if good[0] and good[1]:
                languages[language] += n
        return CaseCounts(total=total, status=status, sources=sources, languages=languages)

    def _count_at_once(self, view: CaseFilter) -> CaseCounts:
        source, language = CASES.c.source, CASES.c.language
        asked = select(source, language, func.count()).where(*self._conditions(view)).group_by(source, language)
        sources: Counter[str | None] = Counter()
        languages: Counter[str] = Counter()
        for name, spoken, n in self._rows(asked.order_by(source, language)):
            sources[name or None] += n
            languages[spoken] += n
        return CaseCounts(total=languages.total(), status={}, sources=sources, languages=languages)

    def _count_view(self, view: CaseFilter) -> int:
        if _is_whole(replace(view, status=(), source=None, language=None)):
            asked = select(func.sum(COUNTERS.c.n)).where(*_choose_facets(COUNTERS, view))
        else:
            asked = select(func.count()).select_from(CASES).where(*self._conditions(view))
        row = self._row(asked)
        return int(row[0] or 0) if row else 0

    def _count_groups(self, view: CaseFilter) -> Sequence[tuple[str, str, str, int]]:
        """How many cases of a view have each status, source and language; counted already where nothing is left out."""
        if _is_whole(view):
            counted = select(COUNTERS.c.status, COUNTERS.c.source, COUNTERS.c.language, COUNTERS.c.n)
            return sorted((row.status, row.source, row.language, row.n) for row in self._rows(counted))
        # Expressions, so that no database walks an index of one of them and reads every row for the rest.
        groups = [CASES.c[facet].concat("") for facet in _FACETS]
        rows = self._rows(select(func.count(), *groups).where(*self._conditions(view)).group_by(*groups))
        return sorted((str(row[1]), str(row[2]), str(row[3]), int(row[0])) for row in rows)

    def _conditions(self, view: CaseFilter) -> list[ColumnElement[bool]]:
        wanted = _choose_facets(CASES, view)
        if view.flagged is not None:
            wanted.append(CASES.c.flagged == view.flagged)
        if view.min_deaths is not None:
            wanted.append(CASES.c.deaths >= view.min_deaths)
        if view.stale_before is not None:
            wanted.append(CASES.c.added_on < view.stale_before)
        if view.mine is not None:
            wanted.append(CASES.c.article_id.in_(_select_hands(view.mine)))
        if view.untaken:
            wanted.append(CASES.c.body.contains('"second_by":[]', autoescape=True))
        if view.not_by is not None:
            wanted.append(CASES.c.article_id.not_in(_select_hands(view.not_by)))
        if view.text is not None and view.text.strip():
            words = list_words(view.text)[:MOST_ASKED]
            keys = self._select_keys("article_words", words, title=True) if words else [-1]
            wanted.append(CASES.c.key.in_(keys))
        return wanted


class CaseWriter(CaseReader, Session):
    """Keeps the queue up to date."""

    def put_cases(self, cases: Sequence[Case]) -> None:
        """Let rows of the queue stand as given, in place of those of the same articles."""
        given = {case.article_id: case for case in cases}
        held = {i: self._read[i] for i in given if i in self._read}
        held |= self.cases(i for i in given if i not in held)
        rows = {article_id: _make_row(case) for article_id, case in given.items()}
        before = {article_id: _make_row(case) for article_id, case in held.items()}
        self._add(CASES, (cells for article_id, cells in rows.items() if article_id not in held))
        self._change(CASES, ((i, {n: c for n, c in rows[i].items() if cells[n] != c}) for i, cells in before.items()))
        moved = [i for i, case in given.items() if _list_hands(case) != (_list_hands(held[i]) if i in held else [])]
        self._drop(CASE_HANDS, CASE_HANDS.c.article_id, (i for i in moved if i in held))
        self._add(CASE_HANDS, ({"article_id": i, "name": name} for i in moved for name in _list_hands(given[i])))
        change = Counter(tuple(str(cells[facet]) for facet in _FACETS) for cells in rows.values())
        change.subtract(tuple(str(cells[facet]) for facet in _FACETS) for cells in before.values())
        self._move_counters({facets: n for facets, n in change.items() if n})
        self._remember(given)

    def cases(self, article_ids: Iterable[str]) -> dict[str, Case]:
        """Rows of the queue by article; the writer remembers them, as nobody else changes them meanwhile."""
        found = super().cases(article_ids)
        self._remember(found)
        return found

    def _remember(self, cases: Mapping[str, Case]) -> None:
        if len(cases) > FEW:
            for article_id in cases:
                self._read.pop(article_id, None)
        else:
            self._read.update(cases)

    @functools.cached_property
    def _read(self) -> dict[str, Case]:
        return {}

    def _forget_cases(self) -> None:
        self._read.clear()

    def _move_counters(self, change: Mapping[tuple[str, ...], int]) -> None:
        if change:
            moved = [{**dict(zip(_FACETS, facets, strict=True)), "n": n} for facets, n in sorted(change.items())]
            self._connection.execute(_count_on(self._dialect), moved)
        less = [facets for facets, n in change.items() if n < 0]
        if less:
            left = [{f"of_{name}": cell for name, cell in zip(_FACETS, facets, strict=True)} for facets in less]
            self._connection.execute(_DROP_EMPTY, left)


@functools.cache
def _count_on(dialect: str) -> Insert:
    """Add to counters, those that are not there yet among them."""
    if dialect == "sqlite":
        lite = sqlite.insert(COUNTERS)
        return lite.on_conflict_do_update(index_elements=_FACETS, set_={"n": COUNTERS.c.n + lite.excluded.n})
    post = postgresql.insert(COUNTERS)
    return post.on_conflict_do_update(index_elements=_FACETS, set_={"n": COUNTERS.c.n + post.excluded.n})


_DROP_EMPTY = delete(COUNTERS).where(
    COUNTERS.c.n == 0, *(COUNTERS.c[facet] == bindparam(f"of_{facet}") for facet in _FACETS)
)


def _list_hands(case: Case) -> list[str]:
    return sorted({*case.coded_by, *case.second_by})


def _choose_facets(table: Table, view: CaseFilter) -> list[ColumnElement[bool]]:
    """What a view asks of status, source and language, in the queue or in its counters."""
    wanted: list[ColumnElement[bool]] = []
    if view.status:
        wanted.append(table.c.status.in_(view.status))
    if view.source is not None:
        wanted.append(table.c.source == view.source)
    if view.language is not None:
        wanted.append(table.c.language == view.language)
    return wanted


def _is_whole(view: CaseFilter) -> bool:
    """True when the view leaves nothing out."""
    return replace(view, order="priority", after=None, limit=0) == CaseFilter(limit=0)


def _select_hands(name: str) -> ColumnElement[str]:
    return select(CASE_HANDS.c.article_id).where(CASE_HANDS.c.name == name).scalar_subquery()


def _make_row(case: Case) -> dict[str, str | int | float | bool | dt.date | None]:
    return {
        "article_id": case.article_id,
        "key": make_key(case.published_on, case.article_id),
        "status": case.status,
        "source": case.source or "",
        "language": case.language,
        **{order: place_case(case, order)[0] for order in ("priority", "newest", "oldest")},
        "deaths": -1 if case.max_deaths is None else case.max_deaths,
        "flagged": case.flagged,
        "added_on": case.added_on,
        "body": write_record(case),
    }
