"""What several mentions of one incident say together, field by field."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from made_mentions import ARMY, GUNMEN, KIDAL, KIDAL_REGION, PEOPLE, REBELS, SUNDAY, day, make_mention

from conflictdesk.merge.consensus import (
    choose_lead,
    combine_actors,
    combine_dates,
    combine_estimates,
    combine_places,
    combine_tolls,
    find_disputes,
    list_attributions,
)
from conflictdesk.merge.events import merge_mentions
from conflictdesk.merge.scores import measure_km, score_pair
from conflictdesk.records import Attribution, Dates, Estimate, Span

WEEK = Dates(start=SUNDAY - dt.timedelta(days=6), end=SUNDAY, precision=2)


def at_least(number: int) -> Estimate:
    return Estimate(low=number, best=number, high=None)


@pytest.mark.parametrize(
    ("said", "together"),
    [
        ([], None),
        ([None, None], None),
        ([Estimate.exactly(4), None], Estimate.exactly(4)),
        ([Estimate.exactly(0), None], Estimate.exactly(0)),
        ([Estimate.exactly(3), Estimate.exactly(5), Estimate.exactly(5)], Estimate(low=3, best=5, high=5)),
        ([Estimate.exactly(3), Estimate.exactly(5)], Estimate(low=3, best=3, high=5)),
        ([at_least(12), at_least(9)], Estimate(low=9, best=9, high=None)),
        ([at_least(12), Estimate.exactly(14)], Estimate(low=12, best=12, high=14)),
        ([at_least(12), Estimate.exactly(9)], Estimate(low=9, best=9, high=None)),
        ([Estimate(low=30, best=30, high=40), Estimate.exactly(35)], Estimate(low=30, best=30, high=40)),
    ],
)
def test_tolls_together(said: list[Estimate | None], together: Estimate | None) -> None:
    assert combine_estimates(said) == together
    assert combine_estimates(said[::-1]) == together


def test_a_figure_goes_before_words_such_as_several() -> None:
    several = make_mention("m-1", deaths=at_least(3), inferred=("deaths",))
    seven = make_mention("m-2", deaths=Estimate.exactly(7))
    assert combine_tolls([several, seven], "deaths") == Estimate.exactly(7)
    assert combine_tolls([several], "deaths") == at_least(3)
    assert combine_tolls([several, seven], "injured") is None


def test_the_fullest_mention_leads() -> None:
    bare = make_mention("m-1", place=None, inferred=("place", "deaths", "injured", "actor1", "actor2"))
    full = make_mention("m-2", actor1=REBELS, actor2=ARMY, deaths=Estimate.exactly(3))
    assert choose_lead([bare, full]) is full
    assert choose_lead([full, bare]) is full


def test_a_stated_day_goes_before_an_inferred_one() -> None:
    inferred = make_mention("m-1", dates=day(SUNDAY), inferred=("date",))
    stated = make_mention("m-2", dates=WEEK)
    assert combine_dates([inferred, stated]) == WEEK
    assert combine_dates([make_mention("m-1", dates=WEEK), make_mention("m-2")]) == day(SUNDAY)
    assert combine_dates([make_mention("m-1", dates=None)]) is None


def test_the_finest_place_that_most_give() -> None:
    near = replace(KIDAL, name="Anefis", gazetteer_id="geonames:6")
    rows = [make_mention("m-1", place=near), make_mention("m-2"), make_mention("m-3")]
    assert combine_places(rows) == KIDAL
    assert combine_places([make_mention("m-1", place=KIDAL_REGION), rows[0]]) == near
    assert combine_places([make_mention("m-1", place=near, inferred=("place",)), make_mention("m-2")]) == KIDAL
    assert combine_places([make_mention("m-1", place=None)]) is None


def test_a_name_goes_before_unidentified() -> None:
    rows = [
        make_mention("m-1", actor1=GUNMEN, actor2=PEOPLE),
        make_mention("m-2", actor1=GUNMEN, actor2=PEOPLE),
        make_mention("m-3", actor1=REBELS, actor2=PEOPLE),
    ]
    assert combine_actors(rows) == (REBELS, PEOPLE)
    assert combine_actors([make_mention("m-1")]) == (None, None)


def test_an_unnamed_side_of_a_battle_is_found_by_the_other() -> None:
    rows = [
        make_mention("m-1", "Armed clash", actor1=ARMY, actor2=GUNMEN, deaths=Estimate.exactly(2)),
        make_mention("m-2", "Armed clash", actor1=REBELS, actor2=ARMY),
    ]
    assert set(combine_actors(rows)) == {ARMY, REBELS}


def test_roles_of_one_sided_violence_are_never_turned() -> None:
    rows = [
        make_mention("m-1", "Air/drone strike", actor1=ARMY, actor2=REBELS),
        make_mention("m-2", "Air/drone strike", actor1=REBELS, actor2=ARMY),
    ]
    assert {"actor1", "actor2"} <= set(find_disputes(rows))


def test_what_is_only_inferred_or_unidentified_is_no_dispute() -> None:
    rows = [
        make_mention("m-1", actor1=REBELS, actor2=PEOPLE),
        make_mention(
            "m-2", actor1=GUNMEN, actor2=ARMY, place=KIDAL_REGION, dates=WEEK, inferred=("place", "date", "actor2")
        ),
    ]
    assert find_disputes(rows) == ()


def test_every_field_on_which_mentions_differ_is_disputed() -> None:
    rows = [
        make_mention("m-1", actor1=REBELS, actor2=PEOPLE, deaths=Estimate.exactly(1), injured=Estimate.exactly(2)),
        make_mention(
            "m-2",
            "Suicide bomb",
            dates=WEEK,
            place=KIDAL_REGION,
            actor1=ARMY,
            actor2=REBELS,
            deaths=Estimate.exactly(2),
            injured=Estimate.exactly(3),
        ),
    ]
    rows[1] = replace(rows[1], place=replace(KIDAL_REGION, name="Kidal region"))
    assert find_disputes(rows) == ("event_type", "date", "actor1", "actor2", "place", "deaths", "injured")
    assert find_disputes(rows[:1]) == ()


def test_every_attribution_is_kept_with_its_article() -> None:
    claimed = Attribution(actor="Ansar Dine", by="Ansar Dine", basis="claimed", evidence=(Span(0, 4),))
    nobody = Attribution(actor=None, by=None, basis="unclaimed", evidence=(Span(0, 4),))
    rows = [
        replace(make_mention("m-1"), attribution=(claimed, claimed)),
        replace(make_mention("m-2"), attribution=(nobody,)),
    ]
    assert list_attributions(rows) == (("a-m-1", claimed), ("a-m-2", nobody))


def test_a_value_that_one_mention_states_is_not_inferred() -> None:
    inferred = make_mention("m-1", deaths=Estimate.exactly(9), inferred=("date", "actor1"), actor1=GUNMEN)
    stated = make_mention("m-2", deaths=Estimate.exactly(9), actor1=REBELS)
    events, _ = merge_mentions([inferred, stated])
    assert len(events) == 1 and dict(events[0].inferred) == {}
    alone, _ = merge_mentions([inferred])
    assert set(alone[0].inferred) == {"date", "actor1"}


def test_an_event_of_one_mention_says_what_the_mention_says() -> None:
    mention = make_mention("m-1", actor1=REBELS, actor2=PEOPLE, deaths=at_least(3))
    (event,), matches = merge_mentions([mention])
    assert (event.dates, event.place, event.actor1, event.actor2) == (mention.dates, KIDAL, REBELS, PEOPLE)
    assert (event.deaths, event.injured, event.disputed, event.mentions) == (at_least(3), None, (), (mention,))
    assert matches == [] and event.status == "proposed"


def test_confidence_is_that_of_the_surest_mention_with_the_events_own_value() -> None:
    """A mention that tells of no dead is sure of that; the event has dead, so it speaks of another value."""
    silent = replace(make_mention("m-1", actor1=REBELS), confidence={"event": 0.9, "deaths": 0.95, "date": 0.6})
    telling = replace(
        make_mention("m-2", actor1=REBELS, deaths=Estimate.exactly(4)),
        confidence={"event": 0.7, "deaths": 0.65, "date": 0.8},
    )
    (event,), _ = merge_mentions([silent, telling])
    assert event.confidence == {"event": 0.9, "deaths": 0.65, "date": 0.8}


def test_no_mentions_make_no_events() -> None:
    assert merge_mentions([]) == ([], [])


def test_a_score_does_not_depend_on_the_order_of_the_two() -> None:
    rows = [
        make_mention("m-1", deaths=Estimate.exactly(3)),
        make_mention("m-2", "Suicide bomb", deaths=at_least(4), actor1=REBELS),
        make_mention("m-3", place=KIDAL_REGION, dates=WEEK, inferred=("date",)),
    ]
    assert all(score_pair(a, b) == score_pair(b, a) for a in rows for b in rows)


def test_kilometres_between_places() -> None:
    assert measure_km(KIDAL, KIDAL) == 0
    assert measure_km(KIDAL, replace(KIDAL, latitude=19.44)) == pytest.approx(111.2, abs=0.5)
    assert measure_km(KIDAL, replace(KIDAL, latitude=None)) is None
