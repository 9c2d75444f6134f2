"""Figures over a period, several places or a war: each is a claim with its window and its speaker, never an event."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from coded_texts import code_text, make_article, tell_all, tell_claim

from conflictdesk.pipeline import Tools

_TABLE = tomllib.loads(Path(__file__).with_name("claim_sentences.toml").read_text("utf-8"))
_CASES: list[dict[str, str]] = _TABLE["case"]


def _mark(row: dict[str, str]) -> object:
    marks = [pytest.mark.xfail(strict=False, reason=row["wrong"])] if "wrong" in row else []
    return pytest.param(row, id=row["text"][:60], marks=marks)


@pytest.mark.parametrize("row", [_mark(row) for row in _CASES])
def test_a_figure_over_a_period_is_a_claim(tools: Tools, row: dict[str, str]) -> None:
    wanted = {name: value for name, value in row.items() if name not in ("text", "wrong")}
    told = [tell_claim(claim) for claim in code_text(tools, row["text"]).claims]
    assert wanted in [{name: claim[name] for name in wanted} for claim in told], told


@pytest.mark.parametrize("row", _CASES, ids=lambda row: row["text"][:60])
def test_a_figure_over_a_period_is_never_an_event(tools: Tools, row: dict[str, str]) -> None:
    assert tell_all(code_text(tools, row["text"])) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "A bomb killed 14 people in Kirkuk, Iraq, on Monday.",
        "Three days of fighting ended in Kirkuk on Monday; 14 people were killed on the last day.",
        "Police arrested 45 demonstrators in Minsk on Sunday.",
        "About 3,000 people marched through Lima on Monday.",
        "The rebels hold some 200 prisoners of war.",
    ],
)
def test_a_figure_of_one_event_or_of_none_is_no_claim(tools: Tools, sentence: str) -> None:
    assert [tell_claim(c) for c in code_text(tools, sentence).claims] == []


@pytest.mark.parametrize("row", _CASES, ids=lambda row: row["text"][:60])
def test_the_words_of_a_claim_hold_its_figure(tools: Tools, row: dict[str, str]) -> None:
    text = make_article(row["text"]).text
    for claim in code_text(tools, row["text"]).claims:
        quotes = [span.quote(text) for spans in claim.evidence.values() for span in spans]
        assert quotes and all(quote and quote == quote.strip() for quote in quotes)
        assert any(character.isdigit() or "million" in quote for quote in quotes for character in quote)
        assert claim.from_day is None or claim.to_day is None or claim.from_day <= claim.to_day


def test_two_totals_in_one_sentence_are_two_claims(tools: Tools) -> None:
    body = "Since January, 900 people have been killed and 1,400 injured in attacks across the province."
    found = {(c.measure, c.value) for c in code_text(tools, body).claims}
    assert found == {("deaths", 900.0), ("injured", 1400.0)}
