"""Places in no list, towns that words point back to, and quiet articles that speak of arms."""

from __future__ import annotations

import pytest
from coded_texts import code_text, tell_all

from conflictdesk.pipeline import Tools


def test_a_place_in_no_list_is_named_as_written_without_a_point(tools: Tools) -> None:
    coding = code_text(
        tools,
        "Gunmen killed four farmers in Bunia, Democratic Republic of Congo, on Saturday.\n\n"
        "On Sunday rebels shot dead two traders in Qarnabele, a witness said.",
    )
    place = coding.mentions[1].place
    assert place is not None
    assert (place.name, place.country) == ("Qarnabele", "Democratic Republic of Congo")
    assert (place.latitude, place.gazetteer_id) == (None, None)


def test_a_strategic_town_of_the_lead_is_the_town_named_below(tools: Tools) -> None:
    coding = code_text(
        tools,
        "Rebels overran a strategic town in northern Syria on Monday, killing nine soldiers.\n\n"
        "Residents of Manbij said the fighting lasted three hours.",
    )
    assert [m.place.name for m in coding.mentions if m.place] == ["Manbij"]


def test_the_border_with_a_country_is_not_where_it_happened(tools: Tools) -> None:
    coding = code_text(tools, "Gunmen killed two soldiers at Tillaberi, near the border with Mali, in Niger on Monday.")
    assert [m.place.country for m in coding.mentions if m.place] == ["Niger"]


@pytest.mark.parametrize(
    "text",
    [
        "The colonel, who survived a suicide bombing, has died aged 81 after a long illness, his son said on Monday.",
        "The coalition in Berlin clashed over the budget on Monday.",
        "Hackers attacked two banks in Lima on Monday.",
        "Relatives laid flowers at the port of Beirut on Monday, three years after the explosion.",
        "The minister came under fire in Rome on Monday over his tax plans.",
        "Forty years after tanks rolled into Prague and soldiers shot at students, few speak of it.",
    ],
)
def test_what_only_sounds_like_conflict_is_no_event(tools: Tools, text: str) -> None:
    assert tell_all(code_text(tools, text)) == []
