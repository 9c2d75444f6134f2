"""From saved news pages to coded conflict events, every value resting on a quoted span of its source.

>>> from conflictdesk import open_tools, run_pages
>>> run_pages([], open_tools()).events
()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conflictdesk.analyse.compare import compare_windows
    from conflictdesk.analyse.counts import count_events
    from conflictdesk.datasets.opening import open_dataset
    from conflictdesk.errors import CheckError, CodebookError, ConfigError, DeskError, StoreError
    from conflictdesk.pipeline import Results, code_article, open_tools, run_pages
    from conflictdesk.records import Article, Claim, Event, Mention, Page, Problem
    from conflictdesk.release.exports import read_results, write_results

# Where each name lives; nothing is loaded before somebody asks for it, for the grammar alone takes seconds.
_HOMES = {
    **dict.fromkeys(("CheckError", "CodebookError", "ConfigError", "DeskError", "StoreError"), "conflictdesk.errors"),
    **dict.fromkeys(("Article", "Claim", "Event", "Mention", "Page", "Problem"), "conflictdesk.records"),
    **dict.fromkeys(("Results", "code_article", "open_tools", "run_pages"), "conflictdesk.pipeline"),
    **dict.fromkeys(("read_results", "write_results"), "conflictdesk.release.exports"),
    "open_dataset": "conflictdesk.datasets.opening",
    "count_events": "conflictdesk.analyse.counts",
    "compare_windows": "conflictdesk.analyse.compare",
}
__all__ = [
    "Article",
    "CheckError",
    "Claim",
    "CodebookError",
    "ConfigError",
    "DeskError",
    "Event",
    "Mention",
    "Page",
    "Problem",
    "Results",
    "StoreError",
    "code_article",
    "compare_windows",
    "count_events",
    "open_dataset",
    "open_tools",
    "read_results",
    "run_pages",
    "write_results",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'conflictdesk' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
