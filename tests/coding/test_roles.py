"""Who did it to whom, as the grammar of a sentence says it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from coded_texts import code_text, tell_all

from conflictdesk.pipeline import Tools

_CASES = tomllib.loads(Path(__file__).with_name("role_sentences.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["text"][:60])
def test_parties(case: dict[str, str], tools: Tools) -> None:
    told = tell_all(code_text(tools, case["text"]))
    assert [(m["actor1"], m["actor2"]) for m in told] == [(case["actor1"], case["actor2"])]


def test_an_accusation_is_kept_but_names_no_doer(tools: Tools) -> None:
    text = "Two Turkish soldiers were killed on Monday in Idlib in shelling that Ankara blamed on Syrian forces."
    (mention,) = code_text(tools, text).mentions
    assert mention.actor1 is not None and mention.actor1.name == "Unidentified Armed Group (Syria)"
    assert [(a.actor, a.basis) for a in mention.attribution] == [("Military Forces of Syria", "accused")]


def test_a_suspected_doer_is_coded_and_said_to_be_suspected(tools: Tools) -> None:
    (mention,) = code_text(tools, "Suspected JNIM militants killed five farmers near Bankass on Monday.").mentions
    assert mention.actor1 is not None and mention.actor1.name.endswith("(JNIM)")
    assert mention.inferred["actor1"] == "suspected, as reported"


def test_an_army_that_reports_a_strike_on_rebels_did_it_as_inferred(tools: Tools) -> None:
    text = "The army says that a drone strike destroyed a militant base near Tera on Monday."
    (mention,) = code_text(tools, text).mentions
    assert mention.actor1 is not None and mention.actor1.name == "Military Forces of Niger"
    assert "their own report" in mention.inferred["actor1"]


def test_an_army_that_reports_an_attack_on_its_men_did_not_do_it(tools: Tools) -> None:
    (mention,) = code_text(tools, "Two soldiers were killed in an ambush near Gao on Monday, the army said.").mentions
    assert mention.actor1 is None or "their own report" not in mention.inferred.get("actor1", "")


def test_a_claim_in_a_later_sentence_names_the_doer(tools: Tools) -> None:
    text = (
        "A car bomb killed seven people outside a hotel in Kismayo on Monday, police said.\n\n"
        "The al-Shabaab group said it was behind it."
    )
    (mention,) = code_text(tools, text).mentions
    assert mention.actor1 is not None and mention.actor1.name == "Al-Shabaab"
    assert [a.basis for a in mention.attribution] == ["claimed"]


def test_those_who_do_it_together_are_named_beside_the_first(tools: Tools) -> None:
    text = "American and British warplanes struck Houthi launch sites in Hodeidah on Monday."
    (mention,) = code_text(tools, text).mentions
    assert mention.actor1 is not None and mention.actor1.name == "Military Forces of United States"
    assert "Military Forces of United Kingdom" in [a.name for a in mention.associated_actors]


def test_where_the_text_says_that_nobody_knows_who_fired_no_doer_is_inferred(tools: Tools) -> None:
    coding = code_text(
        tools,
        "A UN peacekeeper was wounded when a shell landed beside his post in Rmeish on Monday, the mission says. It "
        "did not say who fired.\n\nIsraeli jets struck the town of Hasbaya in Lebanon on Monday, killing two people.",
        title="Peacekeeper hurt at Rmeish",
    )
    by_place = {m.place.name: m for m in coding.mentions if m.place}
    assert set(by_place) == {"Rmeish", "Hasbaya"}
    open_doer = by_place["Rmeish"].actor1
    assert open_doer is not None and open_doer.name.startswith("Unidentified")
    assert "not known" in by_place["Rmeish"].inferred["actor1"]
