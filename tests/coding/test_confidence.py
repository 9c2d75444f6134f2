"""How sure the coder is: a probability for every value, never higher for what is inferred than for what is stated."""

from __future__ import annotations

import pytest
from coded_texts import code_text, make_article
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.coding.confidence import START, load_weights, weigh_signs
from conflictdesk.coding.rules import RuleCoder
from conflictdesk.coding.signs import SIGNS
from conflictdesk.pipeline import Tools, code_article
from conflictdesk.records import Mention

TEXTS = (
    "Gunmen killed four farmers in Gao on Monday.",
    "Army troops clashed with JNIM fighters near Mopti on Sunday. Dozens were killed, residents said.",
    "Thousands marched in Nairobi on Saturday over the price of bread. Police fired tear gas.",
    "A bomb went off. Nobody has said who laid it.",
    "Shells hit Kharkiv and Sumy on Monday, killing five people in the two cities.",
    "",
    "????",
    "Rebels attacked Rebels attacked Rebels attacked.",
)


def code_one(tools: Tools, text: str) -> Mention:
    (mention,) = code_text(tools, text).mentions
    return mention


def list_valued(mention: Mention) -> set[str]:
    values = {
        "date": mention.dates,
        "place": mention.place,
        "actor1": mention.actor1,
        "actor2": mention.actor2,
        "deaths": mention.deaths,
        "injured": mention.injured,
    }
    return {"event", "event_type", *(name for name, value in values.items() if value is not None)}


@pytest.mark.parametrize("text", TEXTS)
def test_every_value_has_a_probability_and_every_probability_is_one(tools: Tools, text: str) -> None:
    for mention in code_text(tools, text).mentions:
        assert list_valued(mention) <= set(mention.confidence) <= set(SIGNS)
        assert all(0 < p < 1 for p in mention.confidence.values())


def test_a_day_or_place_that_is_not_known_has_no_probability(tools: Tools) -> None:
    for text in TEXTS:
        for mention in code_text(tools, text).mentions:
            assert ("date" in mention.confidence) == (mention.dates is not None)
            assert ("place" in mention.confidence) == (mention.place is not None)


@pytest.mark.parametrize(
    ("field", "stated", "inferred"),
    [
        ("date", "Gunmen killed four farmers in Gao on Monday.", "Gunmen killed four farmers in Gao."),
        (
            "place",
            "Rebels shelled Goma on Monday.",
            "Rebels attacked an army base near Goma on Sunday.\n\nOn Monday they shelled the city.",
        ),
        ("actor1", "JNIM fighters shelled Mopti on Monday.", "Mopti was shelled on Monday."),
        ("deaths", "Rebels killed 24 farmers in Gao on Monday.", "Rebels killed dozens of farmers in Gao on Monday."),
    ],
)
def test_what_is_stated_is_surer_than_what_is_inferred(tools: Tools, field: str, stated: str, inferred: str) -> None:
    sure, unsure = (code_text(tools, text).mentions[-1] for text in (stated, inferred))
    assert field not in sure.inferred and field in unsure.inferred
    assert sure.confidence[field] > unsure.confidence[field]


FIELDS_AND_SIGNS = st.sampled_from(sorted(SIGNS)).flatmap(
    lambda field: st.tuples(
        st.just(field), st.sets(st.sampled_from([s.name for s in SIGNS[field]])), st.sampled_from(SIGNS[field])
    )
)


@given(FIELDS_AND_SIGNS)
def test_a_doubt_never_raises_and_a_ground_never_lowers(drawn: tuple[str, set[str], object]) -> None:
    field, signs, one = drawn
    sign = next(s for s in SIGNS[field] if s is one)
    without, with_it = weigh_signs(field, signs - {sign.name}), weigh_signs(field, signs | {sign.name})
    assert with_it >= without if sign.speaks_for else with_it <= without
    assert 0 < with_it < 1


def test_the_weights_fit_the_signs_and_keep_to_their_side() -> None:
    weights = load_weights()
    assert set(weights) == set(SIGNS)
    for field, signs in SIGNS.items():
        assert len({s.name for s in signs}) == len(signs), f"a sign of {field} stands twice"
        assert set(weights[field]) == {START, *(s.name for s in signs)}
        assert all(weights[field][s.name] * s.expected >= 0 for s in signs)


def test_the_same_text_is_rated_the_same_again(tools: Tools) -> None:
    for text in TEXTS:
        first, again = (code_article(make_article(text), tools) for _ in range(2))
        assert [dict(m.confidence) for m in first.mentions] == [dict(m.confidence) for m in again.mentions]


def test_a_desk_may_rate_by_itself(tools: Tools) -> None:
    own = Tools(coder=RuleCoder(rate=lambda known: {"event": 0.25}), parser=tools.parser, gazetteer=tools.gazetteer)
    (mention,) = code_article(make_article(TEXTS[0]), own).mentions
    assert mention.confidence == {"event": 0.25}


# ---------------------------------------------------------------- cannot tell


def test_a_figure_shared_by_two_places_is_given_to_none_and_says_so(tools: Tools) -> None:
    mentions = code_text(tools, "Shells killed five people in Kharkiv and Sumy on Monday.").mentions
    assert len(mentions) == 2
    assert all(
        m.deaths is None and m.cannot_tell["deaths"] == "the figure is shared by several places" for m in mentions
    )


def test_what_is_simply_not_said_needs_no_reason(tools: Tools) -> None:
    mention = code_one(tools, "Rebels shelled Goma on Monday.")
    assert mention.deaths is None and mention.injured is None
    assert dict(mention.cannot_tell) == {}


def test_no_field_has_both_a_value_and_a_reason_why_it_has_none(tools: Tools) -> None:
    for text in TEXTS:
        for mention in code_text(tools, text).mentions:
            assert not list_valued(mention) & set(mention.cannot_tell)
