"""Which sub-event type a short text tells of, without asking for its day, place or doer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdesk.codebook.types import load_event_types
from conflictdesk.coding.event_kinds import read_event_kinds
from conflictdesk.language.parses import SpacyParser
from conflictdesk.records import Article

PARSER = SpacyParser()


def rank(text: str) -> list[tuple[str, float]]:
    article = Article(
        article_id="a",
        page_id="p",
        page="page",
        external_id="x",
        title="",
        text=f"\n\n{text}",
        published_on=None,
        published_basis="unknown",
        language="en",
    )
    return read_event_kinds(article, PARSER.parse(article), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nobody said when, but the rockets that fell on the fish market hurt eleven.",
            "Shelling/artillery/missile attack",
        ),
        ("The bomber set off her vest at the gate.", "Suicide bomb"),
        ("Chlorine drifted from the shells that landed by the mill; many could not breathe.", "Chemical weapon"),
        ("A hand grenade tossed over the wall wounded two cooks.", "Grenade"),
        ("Farmers marched to the ministry to demand cheaper seed.", "Peaceful protest"),
        ("Officers fired tear gas to scatter the farmers' rally.", "Protest with intervention"),
        ("Guards shot dead three demonstrators at the gate of the dam.", "Excessive force against protesters"),
        ("Demonstrators threw stones and set the town hall ablaze.", "Violent demonstration"),
        ("Villagers lynched a man whom they took for a thief.", "Mob violence"),
        ("Sappers found and defused a bomb under the bridge.", "Disrupted weapons use"),
        ("The two sides signed a truce after talks by the lake.", "Agreement"),
        ("The foreign army is building a new base by the salt flats.", "Headquarters or base established"),
        ("Police arrested nine members of the opposition party.", "Arrests"),
        ("Masked men kidnapped two nurses on the coast road.", "Abduction/forced disappearance"),
        ("Jets bombed the rebels' depot before dawn.", "Air/drone strike"),
        ("A roadside bomb went off beside the bus.", "Remote explosive/landmine/IED"),
    ],
)
def test_the_type_is_named_without_day_and_place(text: str, expected: str) -> None:
    assert rank(text)[0][0] == expected


def test_words_speak_where_the_text_is_no_sentence() -> None:
    assert (
        rank("Fresh reinforcements, tanks and troops deployed to the northern front")[0][0]
        == "Change to group/activity"
    )


def test_a_month_is_no_march() -> None:
    assert "Peaceful protest" not in dict(rank("A car bomb killed two guards on 3 March."))


def test_the_first_sentence_weighs_most() -> None:
    ranked = rank("Gunmen kidnapped a judge. Elsewhere villagers lynched a thief.")
    assert [name for name, _ in ranked[:2]] == ["Abduction/forced disappearance", "Mob violence"]


@pytest.mark.parametrize("text", ["The bakery opens at six.", "…", "12"])
def test_where_nothing_speaks_nothing_is_named(text: str) -> None:
    assert rank(text) == []


@settings(max_examples=25)
@given(
    st.lists(
        st.sampled_from("rockets killed the army protest seized town bomb found police fled mob".split()), max_size=12
    )
)
def test_scores_fall_and_names_are_of_the_codebook(words: list[str]) -> None:
    ranked = rank(" ".join(words) or "none")
    names = [name for name, _ in ranked]
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    assert len(set(names)) == len(names) and set(names) <= {entry.sub_event_type for entry in load_event_types().types}
    assert all(score > 0 for _, score in ranked)
