"""The codebook's own sentences run through the coder: a share must come out right, and one of every sub-type."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.codebook import Case, Group, code_cases
from benchmarks.gate import read_floors
from conflictdesk.codebook.types import load_event_types, load_kinds_of_nothing
from conflictdesk.pipeline import Tools

FLOORS = read_floors()


@pytest.fixture(scope="module")
def cases(tools: Tools) -> list[Case]:
    return code_cases(tools)


def tell_wrong(cases: Sequence[Case]) -> str:
    return "\n".join(["", *(case.tell() for case in cases if not case.is_right)])


def test_every_sentence_of_the_codebook_is_run(cases: Sequence[Case]) -> None:
    book = load_event_types()
    wanted = sum(len(entry.examples) + len(entry.counter_examples) for entry in book.types)
    assert len(cases) == wanted + sum(len(kind.examples) for kind in load_kinds_of_nothing())


@pytest.mark.parametrize("group", ["examples", "counter_examples", "not_events"])
def test_the_share_of_right_sentences_keeps_its_floor(cases: Sequence[Case], group: Group) -> None:
    own = [case for case in cases if case.group == group]
    right = sum(case.is_right for case in own) / len(own)
    floor = FLOORS["codebook", group]
    assert right >= floor, f"{group}: {right:.3f} right, floor {floor}{tell_wrong(own)}"


@pytest.mark.parametrize("name", [entry.sub_event_type for entry in load_event_types().types])
def test_every_sub_type_has_an_example_that_is_coded_right(cases: Sequence[Case], name: str) -> None:
    own = [case for case in cases if case.group == "examples" and case.entry == name]
    assert any(case.is_right for case in own), tell_wrong(own)
