"""What two coders made of the same articles, kept between requests: only what was decided since is read again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fastapi import Request

from conflictdesk.casework import Case
from conflictdesk.errors import StoreError
from conflictdesk.review.agreement import CodedPair, list_coded_pairs
from conflictdesk.review.folding import CaseFile, fold_first
from conflictdesk.workflow.casefiles import Papers, read_many_papers

if TYPE_CHECKING:
    from conflictdesk.store.opening import Reader, Store

MOST_AT_ONCE: Final = 20
"""Articles that one request measures itself, about 12 ms each; a thread goes on with the rest."""
_DONE: Final = ("coded", "disputed", "adjudicated")
_FEW_DECISIONS: Final = 2000
_REST: Final = 0.02  # seconds in which requests come first


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The pairs of all articles measured so far, and how many double-coded articles wait to be measured.

    Nothing that changes: while nothing is decided every request gets the very same one.
    """

    pairs: tuple[CodedPair, ...] = ()
    articles: int = 0
    waiting: int = 0


@dataclass(slots=True)
class PairShelf:
    """The pairs of double-coded articles, each with the journal's number up to which they hold.

    `counted` are the articles that figures rest on: drawn for a second coder and finished by both, so that chance
    alone chose them. Others are measured too when the lead's list asks for them.
    """

    head: int = 0
    drawn: dict[str, None] = field(default_factory=dict)
    counted: dict[str, None] = field(default_factory=dict)
    held: dict[str, tuple[int, tuple[CodedPair, ...]]] = field(default_factory=dict)
    due: dict[str, Case] = field(default_factory=dict)
    last: Measured = field(default_factory=Measured)
    changed: bool = False
    busy: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, store: Store) -> Measured:
        """Bring the shelf up to date, as far as one request may, and hand out what it holds."""
        with self.lock, store.reading() as reader:
            self._find_due(reader)
            self._measure(reader)
            waiting = sum(article_id in self.counted for article_id in self.due)
            if self.changed or waiting != self.last.waiting:
                rows = (self.held[article_id][1] for article_id in self.counted if article_id in self.held)
                told = tuple(pair for row in rows for pair in row)
                self.last, self.changed = Measured(told, len(self.counted) - waiting, waiting), False
            measured = self.last
        self._go_on(store)
        return measured

    def rate(self, store: Store, cases: Sequence[Case]) -> dict[str, tuple[CodedPair, ...]]:
        """The pairs of some articles, as far as they are measured; the rest comes to a later request."""
        with self.lock, store.reading() as reader:
            self.due |= {case.article_id: case for case in cases if self._is_stale(case)}
            self._measure(reader)
            found = {case.article_id: self.held[case.article_id][1] for case in cases if not self._is_stale(case)}
        self._go_on(store)
        return found

    def _is_stale(self, case: Case) -> bool:
        return self.held.get(case.article_id, (-1, ()))[0] != case.last_seq

    def _measure(self, reader: Reader) -> None:
        now = list(self.due.values())[:MOST_AT_ONCE]
        found = measure_cases(reader, now)
        for case in now:
            del self.due[case.article_id]
            self.held[case.article_id] = (case.last_seq, found.get(case.article_id, ()))
            self.changed = True

    def _go_on(self, store: Store) -> None:
        """Measure the rest beside the requests, a few at a time."""
        with self.lock:
            if self.busy or not self.due:
                return
            self.busy = True
        threading.Thread(target=self._work, args=(store,), name="agreement", daemon=True).start()

    def _work(self, store: Store) -> None:
        try:
            while self.due:
                with self.lock, store.reading() as reader:
                    self._measure(reader)
                time.sleep(_REST)
        except StoreError:
            # The desk was closed meanwhile, or cannot be read: the next request says so itself.
            pass
        finally:
            self.busy = False

    def _find_due(self, reader: Reader) -> None:
        head = reader.head()[0]
        if head == self.head:
            return
        fresh = reader.decisions(actions=("draw",), after_seq=self.head)
        self.drawn |= dict.fromkeys(d.article_id for d in fresh if d.article_id)
        wanted: Iterable[str] = self.drawn
        if self.head and head - self.head <= _FEW_DECISIONS:
            touched = {d.article_id for d in reader.decisions(after_seq=self.head) if d.article_id}
            wanted = [article_id for article_id in self.drawn if article_id in touched]
        for article_id, case in reader.cases(wanted).items():
            if case.status not in _DONE or not case.second_by:
                if article_id in self.counted:
                    del self.counted[article_id]
                    self.changed = True
                continue
            self.changed = self.changed or article_id not in self.counted
            self.counted[article_id] = None
            if self._is_stale(case):
                self.due[article_id] = case
        self.head = head


def shelf_of(request: Request) -> PairShelf:
    """The shelf of this app."""
    held = getattr(request.app.state, "pair_shelf", None)
    if not isinstance(held, PairShelf):
        held = request.app.state.pair_shelf = PairShelf()
    return held


def measure_cases(reader: Reader, cases: Sequence[Case]) -> dict[str, tuple[CodedPair, ...]]:
    """The pairs of some articles, for each second coder who finished."""
    found = read_many_papers(reader, [case.article_id for case in cases])
    return {article_id: measure_papers(papers) for article_id, papers in found.items()}


def measure_papers(papers: Papers) -> tuple[CodedPair, ...]:
    """The pairs of one article."""
    ours = fold_before(papers)
    return tuple(pair for theirs in list_seconds(papers) for pair in list_coded_pairs(ours, theirs))


def fold_before(papers: Papers) -> CaseFile:
    """What the first coder made of an article, before the lead settled anything."""
    return fold_first(papers.article, papers.coding, papers.decisions)


def list_seconds(papers: Papers) -> tuple[CaseFile, ...]:
    """The work of every second coder who has finished."""
    return tuple(file for file in papers.fold_second() if file.finished)


def share_agreed(pairs: Sequence[CodedPair]) -> float | None:
    """The share of fields and incidents on which two coders agree; None where nothing can be compared."""
    both = [pair for pair in pairs if pair.ours is not None and pair.theirs is not None]
    return sum(pair.ours == pair.theirs for pair in both) / len(both) if both else None
