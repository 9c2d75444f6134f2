"""The figures inside one event's toll: parts, sides, rival wholes. All sentences are invented."""

from __future__ import annotations

from functools import cache

import pytest
from coded_texts import code_text, make_article, tell_estimate

from conflictdesk.coding.event_figures import list_figures
from conflictdesk.coding.tolls import read_tolls
from conflictdesk.language.parses import SpacyParser
from conflictdesk.pipeline import Tools
from conflictdesk.records import Actor, Figure

ARMY = Actor(name="Military Forces of Yemen", kind="State forces", country="Yemen")
HOUTHIS = Actor(name="Houthis", kind="Rebel group", country="Yemen")
CIVILIANS = Actor(name="Civilians (Yemen)", kind="Civilians", country="Yemen")


@cache
def _parser() -> SpacyParser:
    return SpacyParser()


def _figures(body: str, actor1: Actor | None = None, actor2: Actor | None = None) -> tuple[Figure, ...]:
    article = make_article(body)
    tolls = [t for sentence in _parser().parse(article).sentences for t in read_tolls(sentence)]
    return list_figures(tolls, article.text, actor1, actor2)


def _tell(figures: tuple[Figure, ...]) -> list[str]:
    return [f"{f.measure} {f.of} {tell_estimate(f.estimate)} {f.said_by or '-'}" for f in figures]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Nine people were killed, including two children and three women.",
            ["deaths children 2 -", "deaths women 3 -"],
        ),
        ("Eleven people died, nine of them civilians.", ["deaths civilians 9 -"]),
        ("Eleven people died. Four of the dead were women.", ["deaths women 4 -"]),
        ("Eleven people died. Among the dead were six boys.", ["deaths children 6 -"]),
        ("Eleven people died. The dead included two nurses.", ["deaths civilians 2 -"]),
        ("Five people, including the attacker, were killed.", ["deaths attackers 1 -"]),
        ("The blast killed eight people. The bomber also died.", ["deaths attackers 1 -"]),
        ("Clashes wounded 14 people, including six pupils.", ["injured children 6 -"]),
        ("Twelve people, among them three policemen, were killed.", ["deaths security forces 3 -"]),
    ],
)
def test_parts_of_a_toll_are_told_by_whose_they_are(body: str, expected: list[str]) -> None:
    assert _tell(_figures(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Eight people were killed in the raid.", []),
        ("Eight people were killed in the raid, a medic said.", ["deaths everyone 8 a medic"]),
        (
            "The governor said 12 people were killed. A hospital source put it at 15.",
            ["deaths everyone 12 The governor", "deaths everyone 15 A hospital source"],
        ),
        (
            "Officials said 15 people were killed, but the rebels put the figure at 40.",
            ["deaths everyone 15 Officials", "deaths everyone 40 the rebels"],
        ),
        (
            "Nine people were killed. The death toll, earlier put at 9, rose to 14.",
            ["deaths everyone 9 -", "deaths everyone 14 -"],
        ),
        ("Dozens of people were killed. The toll rose to 31.", []),
    ],
)
def test_each_rival_whole_is_told_with_its_teller(body: str, expected: list[str]) -> None:
    assert _tell(_figures(body)) == expected


def test_a_side_is_an_actor_where_only_one_of_the_two_can_bear_it() -> None:
    body = "Three soldiers and nine rebels were killed, an officer said."
    assert _tell(_figures(body, ARMY, HOUTHIS))[:2] == ["deaths actor1 3 an officer", "deaths actor2 9 an officer"]
    assert _tell(_figures(body, HOUTHIS, ARMY))[:2] == ["deaths actor2 3 an officer", "deaths actor1 9 an officer"]
    assert _tell(_figures(body, HOUTHIS, CIVILIANS))[:1] == ["deaths security forces 3 an officer"]
    assert _tell(_figures("Three soldiers were killed.", ARMY, ARMY)) == ["deaths security forces 3 -"]


@pytest.mark.parametrize(
    "body",
    [
        "Rebels threatened to kill 40 people.",
        "More than 4,000 civilians have been killed since January.",
        "No civilians were killed.",
        "The driver was killed.",
    ],
)
def test_what_did_not_befall_this_event_is_no_figure(body: str) -> None:
    assert _figures(body) == ()


def test_every_figure_quotes_its_words() -> None:
    body = "The governor said 12 people were killed, including two girls. A hospital source put it at 15."
    text = make_article(body).text
    quoted = [span.quote(text) for figure in _figures(body) for span in figure.evidence]
    assert quoted == ["including two girls", "12 people were killed", "put it at 15"]


def test_a_mention_carries_the_figures_of_its_event(tools: Tools) -> None:
    (mention,) = code_text(
        tools, "A car bomb killed 12 people in Mosul on Monday, the governor said. A hospital source put it at 15."
    ).mentions
    assert tell_estimate(mention.deaths) == "12..12..15" or tell_estimate(mention.deaths) == "12..15"
    assert _tell(mention.figures) == ["deaths everyone 12 the governor", "deaths everyone 15 A hospital source"]


@pytest.mark.parametrize(
    ("body", "imputed"),
    [
        ("A blast killed dozens of people in Kabul on Monday.", "dozens=12"),
        ("A blast killed several people in Kabul on Monday.", "several=3"),
        ("A blast killed seven people in Kabul on Monday.", None),
        ("A blast killed dozens of people in Kabul on Monday. The death toll rose to 31.", None),
    ],
)
def test_an_imputed_estimate_names_its_rule(tools: Tools, body: str, imputed: str | None) -> None:
    deaths = code_text(tools, body).mentions[0].deaths
    assert deaths is not None
    assert deaths.imputed == imputed
