"""All that can be done to the store in one transaction: added to, or built again from what was added."""

from __future__ import annotations

from sqlalchemy import delete, select

from conflictdesk.store.capture_rows import PageWriter
from conflictdesk.store.case_rows import CaseWriter
from conflictdesk.store.coding_rows import CodingWriter
from conflictdesk.store.event_rows import EventWriter
from conflictdesk.store.journal import JournalWriter
from conflictdesk.store.people import PeopleWriter
from conflictdesk.store.reading import Reader
from conflictdesk.store.tables import ARTICLES, EVENTS, PROJECTIONS


class Writer(PageWriter, CodingWriter, EventWriter, CaseWriter, JournalWriter, PeopleWriter, Reader):
    """One transaction of the one writer: it reads what it wrote, and all of it is kept or nothing."""

    def clear_projections(self) -> None:
        """Forget events, tombstones, the queue and all that is counted of them, to build them again."""
        self._clear_words("event_words")
        self._forget_cases()
        for table in PROJECTIONS:
            self._connection.execute(delete(table))

    def rebuild_words(self) -> None:
        """Make the words by which articles and events are found again from what they say."""
        shown = (ARTICLES.c.key, ARTICLES.c.title, ARTICLES.c.text)
        self._clear_words("article_words")
        self._add_words("article_words", (tuple(row) for row in self._walk(select(*shown), ARTICLES.c.key)))
        shown = (EVENTS.c.key, EVENTS.c.title, EVENTS.c.words)
        self._clear_words("event_words")
        self._add_words("event_words", (tuple(row) for row in self._walk(select(*shown), EVENTS.c.key)))
