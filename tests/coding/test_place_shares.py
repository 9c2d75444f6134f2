"""Whose toll is whose where one sentence tells of several places. All sentences are invented."""

from __future__ import annotations

import pytest
from coded_texts import code_text, make_article, tell_estimate

from conflictdesk.pipeline import Tools


def _deaths(tools: Tools, body: str) -> dict[str, str]:
    return {m.place.name: tell_estimate(m.deaths) for m in code_text(tools, body).mentions if m.place}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Airstrikes on Monday killed two people in Raqqa and three in Manbij.", {"Raqqa": "2", "Manbij": "3"}),
        ("Two soldiers were killed in Beni on Monday and three rebels in Butembo.", {"Beni": "2", "Butembo": "3"}),
        ("Shells killed five people in Raqqa on Monday, two in Manbij.", {"Raqqa": "5", "Manbij": "2"}),
    ],
)
def test_each_place_has_its_own_toll(tools: Tools, body: str, expected: dict[str, str]) -> None:
    assert _deaths(tools, body) == expected
    assert code_text(tools, body).claims == ()


def test_a_shared_toll_is_a_claim_that_names_both_places(tools: Tools) -> None:
    body = "Gunmen killed five villagers in Maiduguri and Damboa on Monday, officials said."
    assert _deaths(tools, body) == {"Maiduguri": "-", "Damboa": "-"}
    (claim,) = code_text(tools, body).claims
    text = make_article(body).text
    assert (claim.measure, claim.value, claim.value_is, claim.of, claim.said_by) == (
        "deaths",
        5.0,
        "exact",
        "five villagers",
        "officials",
    )
    assert [span.quote(text) for span in claim.evidence["place"]] == ["Maiduguri", "Damboa"]
    assert [span.quote(text) for span in claim.evidence["value"]] == ["killed five villagers"]


def test_one_place_bears_its_whole_toll(tools: Tools) -> None:
    body = "Gunmen killed five villagers in Maiduguri on Monday, officials said."
    assert _deaths(tools, body) == {"Maiduguri": "5"}
    assert code_text(tools, body).claims == ()
