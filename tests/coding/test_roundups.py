"""Round-ups, reports under place names, mourning days and deals: which incident has which day and place."""

from __future__ import annotations

import pytest
from coded_texts import code_text, tell_all

from conflictdesk.pipeline import Tools

Rows = list[tuple[str, ...]]


def _column(tools: Tools, *paragraphs: str, names: tuple[str, ...]) -> Rows:
    return [tuple(row[name] for name in names) for row in tell_all(code_text(tools, "\n\n".join(paragraphs)))]


def test_the_lead_of_a_round_up_gives_its_day_to_the_incidents(tools: Tools) -> None:
    rows = _column(
        tools,
        "At least four people were killed in a string of incidents across northern Mali on Sunday, officials said.",
        "A roadside bomb went off under an army truck near Ansongo, killing two soldiers.",
        "Gunmen on motorcycles killed two herders in Menaka.",
        names=("date", "place", "deaths"),
    )
    assert rows == [("2024-03-03", "Ansongo", "2"), ("2024-03-03", "Ménaka", "2")]


def test_a_place_that_heads_a_paragraph_is_the_place_of_what_stands_in_it(tools: Tools) -> None:
    rows = _column(
        tools,
        "Baidoa. Two soldiers were killed in an ambush 12 km outside the town on 1 March.",
        "Jowhar. Fighting between clan militias on 2 March left five people dead.",
        names=("date", "place", "deaths"),
    )
    assert rows == [("2024-03-01", "Baidoa", "2"), ("2024-03-02", "Jowhar", "5")]


def test_a_district_before_the_province_is_the_place_though_a_town_has_its_name(tools: Tools) -> None:
    rows = _column(
        tools,
        "A roadside bomb killed a ranger in Rueso district of Narathiwat in southern Thailand on Monday.",
        names=("place", "deaths"),
    )
    assert rows == [("Amphoe Rueso", "1")]


@pytest.mark.parametrize("origin", ["from Rwanda", "from Gabon and Morocco"])
def test_the_country_that_people_come_from_is_not_the_place(tools: Tools, origin: str) -> None:
    rows = _column(
        tools,
        f"Two peacekeepers {origin} were killed when gunmen ambushed their convoy near Bambari on Saturday.",
        names=("place", "deaths"),
    )
    assert rows == [("Bambari", "2")]


def test_a_day_of_mourning_is_not_the_day_of_the_deed(tools: Tools) -> None:
    rows = _column(
        tools,
        "Niger began two days of mourning on Monday for 19 soldiers killed when jihadists attacked their camp.",
        "The gunmen stormed the camp at Banibangou on Friday and fought the troops for three hours.",
        names=("date", "place", "deaths"),
    )
    assert rows == [("2024-03-01", "Banibangou", "19")]


def test_a_deal_and_the_fight_before_it_are_two(tools: Tools) -> None:
    rows = _column(
        tools,
        "Two clans in Galkayo signed a truce on Monday after their militias traded machine-gun fire, elders said.",
        names=("type",),
    )
    assert sorted(rows) == [("Agreement",), ("Armed clash",)]


def test_shot_dead_is_read_behind_a_phrase_that_the_parser_runs_into_it(tools: Tools) -> None:
    rows = _column(
        tools,
        "Two men on a motorcycle shot dead a 40-year-old rubber trader in Pattani, Thailand, on Sunday.",
        names=("type", "deaths"),
    )
    assert rows == [("Attack", "1")]


def test_what_they_also_fired_at_is_no_second_attack(tools: Tools) -> None:
    rows = _column(
        tools,
        "Militants set off a car bomb outside a police station in Bannu, Pakistan, on Sunday, killing one officer.",
        "They also fired at the building with rifles.",
        names=("type", "deaths"),
    )
    assert rows == [("Remote explosive/landmine/IED", "1")]


def test_there_is_the_town_named_just_before(tools: Tools) -> None:
    rows = _column(
        tools,
        "Gunmen killed a priest in Owerri, Nigeria, on Friday. His funeral was held in Orlu. On Sunday soldiers shot "
        "dead two mourners there.",
        names=("date", "place"),
    )
    assert rows == [("2024-03-01", "Owerri"), ("2024-03-03", "Orlu")]


def test_a_tear_gas_canister_that_kills_is_excessive_force(tools: Tools) -> None:
    rows = _column(
        tools,
        "A schoolboy was killed by a tear gas canister that struck him in the head in Kisumu, Kenya, on Sunday.",
        names=("type", "deaths"),
    )
    assert rows == [("Excessive force against protesters", "1")]
