"""Blindness: an article that waits for its second coding is kept from everybody who may be its second coder."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from conflictdesk.casework import Case, User
    from conflictdesk.records import Event
    from conflictdesk.store.opening import Reader, Store

_OVER: Final = frozenset(("coded", "disputed", "adjudicated"))
_FEW_DECISIONS: Final = 2000


def is_due(case: Case) -> bool:
    """True while an article waits for its second coding, or is in it.

    That is from the first coder's finish to the second one's; also where the first took up the work again meanwhile.
    """
    return case.status == "second" or (case.stratum is not None and bool(case.second_by) and case.status not in _OVER)


def keeps_back(case: Case, user: User) -> bool:
    """True when the first coder's work on this article is kept from this user.

    The rule is one for all pages: it is kept from every coder and reviewer who had no hand in the first coding, until
    the article waits no longer. A viewer codes nothing; a lead settles what differs, so only his own second coding
    makes him blind.
    """
    if user.role == "viewer" or user.name in case.coded_by or not is_due(case):
        return False
    return user.role != "lead" or user.name in case.second_by


def rests_on(event: Event, articles: frozenset[str]) -> bool:
    """True when one of these articles tells of the event."""
    return bool(articles) and any(mention.article_id in articles for mention in event.mentions)


@dataclass(slots=True)
class DueShelf:
    """The articles that wait for or are in their second coding, kept between requests.

    Only articles on which something was decided since the journal's number `head` are looked up again.
    """

    head: int = 0
    drawn: set[str] = field(default_factory=set)
    due: dict[str, Case] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, store: Store) -> Mapping[str, Case]:
        """The articles that are due now, by id."""
        with self.lock, store.reading() as reader:
            self._bring_up(reader)
            return dict(self.due)

    def _bring_up(self, reader: Reader) -> None:
        head = reader.head()[0]
        if head == self.head:
            return
        fresh = reader.decisions(actions=("draw",), after_seq=self.head)
        self.drawn |= {d.article_id for d in fresh if d.article_id}
        wanted: Iterable[str] = self.drawn
        if self.head and 0 < head - self.head <= _FEW_DECISIONS:
            touched = {d.article_id for d in reader.decisions(after_seq=self.head) if d.article_id}
            wanted = self.drawn & touched
        for article_id in wanted:
            self.due.pop(article_id, None)
        self.due |= {article_id: case for article_id, case in reader.cases(wanted).items() if is_due(case)}
        self.head = head
