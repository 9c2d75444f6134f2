"""All that can be asked of the store in one consistent snapshot."""

from __future__ import annotations

from conflictdesk.store.capture_rows import ArticleReader, PageReader
from conflictdesk.store.case_rows import CaseReader
from conflictdesk.store.coding_rows import CodingReader
from conflictdesk.store.event_rows import EventReader
from conflictdesk.store.journal import JournalReader
from conflictdesk.store.people import PeopleReader
from conflictdesk.store.source_rows import SourceReader


class Reader(
    PageReader, ArticleReader, CodingReader, EventReader, CaseReader, JournalReader, PeopleReader, SourceReader
):
    """One snapshot of the store: all questions of it are answered as of the same moment."""

    def hand_over(self) -> None:
        """The transaction has ended well: what it read of rows that never change is at hand for others too."""
        self._pocket.hand_over()
