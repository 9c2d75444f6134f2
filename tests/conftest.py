"""What several rooms of the tests share: opened once, for opening is slow (the gazetteer is built on the first run)."""

from __future__ import annotations

import pytest

from conflictdesk.locate.gazetteer import FileGazetteer, open_gazetteer
from conflictdesk.pipeline import Tools, open_tools


@pytest.fixture(scope="session")
def tools() -> Tools:
    """The parts that the product ships."""
    return open_tools()


@pytest.fixture(scope="session")
def gazetteer() -> FileGazetteer:
    """The compiled gazetteer."""
    return open_gazetteer()
