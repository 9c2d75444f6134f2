"""All events and cases built again from what is only ever added to: pages, codings, matches, decisions."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Final

from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.projecting import find_mentions, refresh

_AT_ONCE: Final = 200  # articles


def rebuild(desk: OpenDesk) -> Mapping[str, int]:
    """Clear all projections and build them again, in one transaction; how many rows each table then holds.

    The state is the same, byte for byte, as the one that was kept up to date decision by decision: both come from the
    same function of what is stored.
    """
    with desk.store.writing() as writer:
        writer.clear_projections()
        articles = (article.article_id for article in writer.all_articles())
        while piece := list(itertools.islice(articles, _AT_ONCE)):
            refresh(writer, piece, find_mentions(writer, piece))
    with desk.store.reading() as reader:
        return reader.count_rows()
