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
        ("Gunmen killed nine people in Damboa and six more in nearby Bama on Monday.", {"Damboa": "9", "Bama": "6"}),
        (
            "Gunmen killed nine people in Damboa and six more in Bama on Monday, officials said.\n\n"
            "In Bama the attackers shot dead six drovers at a well and wounded two others.",
            {"Damboa": "9", "Bama": "6"},
        ),
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


def test_a_bare_figure_goes_with_the_place_behind_it(tools: Tools) -> None:
    body = (
        "Gunmen attacked the town of Damboa on Sunday, killing nine people, officials said.\n\n"
        "On Monday soldiers clashed with rebels near Bama, and two soldiers were killed.\n\n"
        "A rights group put the number of dead in Damboa at 14."
    )
    assert _deaths(tools, body) == {"Damboa": "9..14", "Bama": "2"}


@pytest.mark.parametrize(
    "body",
    [
        "Hundreds of people marched in Katsina on Monday over the killing of a policeman by bandits.",
        "Relatives of four men whose bodies were found last week held a sit-in with the coffins in Quetta on Monday.",
    ],
)
def test_a_protest_does_not_bear_the_dead_it_speaks_of(tools: Tools, body: str) -> None:
    protests = [m for m in code_text(tools, body).mentions if m.event_type == "Protests"]
    assert [tell_estimate(m.deaths) for m in protests] == ["-"]


@pytest.mark.parametrize(
    ("body", "deaths"),
    [
        (
            "A suicide bomber blew himself up at a market in Quetta on Monday, killing nine people.\n\n"
            "The bomber also died.",
            "10",
        ),
        (
            "Gunmen fired at a bar in Celaya on Sunday, killing eight people and wounding six.\n\n"
            "One of them, a cook, died of her wounds on Monday morning.",
            "9",
        ),
    ],
)
def test_who_died_later_is_of_the_same_attack(tools: Tools, body: str, deaths: str) -> None:
    assert [tell_estimate(m.deaths) for m in code_text(tools, body).mentions] == [deaths]
