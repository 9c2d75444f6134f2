"""The compiled gazetteer, opened once for all tests of this stage (built on the first run, half a minute)."""

from __future__ import annotations

import pytest

from conflictdesk.locate.gazetteer import FileGazetteer, open_gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> FileGazetteer:
    return open_gazetteer()
