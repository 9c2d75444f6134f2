"""The coder keeps its figures on our own hand-coded sentences, on the part it is tuned on and on the part it is not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from benchmarks.gate import read_floors
from benchmarks.sentences import measure
from conflictdesk.pipeline import Tools

FLOORS = read_floors()


@pytest.fixture(scope="module")
def figures(tools: Tools) -> Mapping[str, Mapping[str, float]]:
    return measure(tools)


@pytest.mark.parametrize("part", ["tune", "hold"])
@pytest.mark.parametrize("name", ["f1", "precision", "recall", "strict_f1"])
def test_a_figure_keeps_its_floor(figures: Mapping[str, Mapping[str, float]], part: str, name: str) -> None:
    assert figures[part][name] >= FLOORS[f"sentences.{part}", name], f"{part}: {dict(figures[part])}"


@pytest.mark.parametrize("part", ["tune", "hold"])
def test_texts_without_an_event_stay_quiet(figures: Mapping[str, Mapping[str, float]], part: str) -> None:
    assert figures[part]["negatives_coded"] <= FLOORS[f"sentences.{part}", "negatives_coded_at_most"]
