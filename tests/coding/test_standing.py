"""What a sentence tells as fact and what it only plans, threatens, denies, asks, rehearses or remembers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from coded_texts import code_text, tell_all

from conflictdesk.pipeline import Tools

_TABLE = tomllib.loads(Path(__file__).with_name("standing_sentences.toml").read_text("utf-8"))


def _rows(part: str) -> Iterator[object]:
    for first, sentence, *wrong in _TABLE[part]:
        marks = [pytest.mark.xfail(strict=False, reason=wrong[0].removeprefix("?: "))] if wrong else []
        yield pytest.param(first, sentence, id=f"{first}: {sentence[:60]}", marks=marks)


@pytest.mark.parametrize(("why", "sentence"), list(_rows("nothing")))
def test_what_is_not_told_as_fact_is_no_event(tools: Tools, why: str, sentence: str) -> None:
    coding = code_text(tools, sentence)
    assert tell_all(coding) == [], why
    assert all(reading.verdict != "event" for reading in coding.readings)


@pytest.mark.parametrize(("kind", "sentence"), list(_rows("told")))
def test_what_is_told_as_fact_is_one_event(tools: Tools, kind: str, sentence: str) -> None:
    coding = code_text(tools, sentence)
    assert [row["type"] for row in tell_all(coding)] == [kind]
    assert "event" in [reading.verdict for reading in coding.readings]


@pytest.mark.parametrize(
    ("fact", "unreal"),
    [
        ("Rebels shelled Goma on Monday.", "Rebels want to shell Goma."),
        ("Rebels shelled Goma on Monday.", "Rebels did not shell Goma on Monday."),
        ("Gunmen kidnapped two nurses in Maradi on Sunday.", "Gunmen might kidnap nurses in Maradi."),
        ("Students marched through Dakar on Friday.", "Students will march through Dakar on Friday."),
        ("Soldiers burned 30 houses in Kawlin on Friday.", "Soldiers threatened to burn 30 houses in Kawlin."),
        ("Police arrested 40 activists in Minsk on Sunday.", "Police were told to arrest activists in Minsk."),
    ],
)
def test_only_the_fact_of_a_pair_is_an_event(tools: Tools, fact: str, unreal: str) -> None:
    assert len(code_text(tools, fact).mentions) == 1
    assert not code_text(tools, unreal).mentions


def test_every_sentence_that_tells_nothing_is_given_a_reason(tools: Tools) -> None:
    for _, sentence, *_ in _TABLE["nothing"]:
        assert all(reading.rule for reading in code_text(tools, sentence).readings), sentence


def test_a_fact_and_a_threat_in_one_article_are_one_event(tools: Tools) -> None:
    body = "Al-Shabaab fighters shot dead a judge in Baidoa, Somalia, on Sunday.\n\n{}"
    threat = "The group threatened to bomb courts in Mogadishu on Thursday."
    assert [r["place"] for r in tell_all(code_text(tools, body.format(threat)))] == ["Baidoa"]


def test_the_tables_are_long_enough_to_mean_something() -> None:
    assert len(_TABLE["nothing"]) >= 60
    assert len({why for why, *_ in _TABLE["nothing"]}) >= 10
    assert len(_TABLE["told"]) >= 14
