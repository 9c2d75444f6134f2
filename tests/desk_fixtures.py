"""One coded desk for all tests that need one: making it is slow, copying it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tried_desks import Hand, copy_desk, make_desk

from conflictdesk.pipeline import Tools
from conflictdesk.workflow.desks import OpenDesk


@pytest.fixture(scope="session")
def made_desk(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a coded desk; never change it."""
    return make_desk(tmp_path_factory.mktemp("made") / "desk", tools)


@pytest.fixture
def fresh_desk(made_desk: Path, tmp_path: Path) -> Iterator[OpenDesk]:
    """A coded desk of one's own."""
    with copy_desk(made_desk, tmp_path / "desk") as desk:
        yield desk


@pytest.fixture
def hand(fresh_desk: OpenDesk) -> Hand:
    """Somebody who sends decisions to that desk."""
    return Hand(fresh_desk)
