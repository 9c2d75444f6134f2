"""Which mentions are brought together into one event, and which stay apart."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_mentions import ARMY, GAO, GUNMEN, KIDAL, KIDAL_REGION, MALI, PEOPLE, REBELS, SUNDAY, day, make_mention

from conflictdesk.merge.events import merge_mentions
from conflictdesk.records import Dates, Estimate, Mention

MONDAY = SUNDAY + dt.timedelta(days=1)


def groups(mentions: Sequence[Mention]) -> list[list[str]]:
    events, _ = merge_mentions(mentions)
    return sorted(sorted(m.mention_id for m in event.mentions) for event in events)


def are_one(*mentions: Mention) -> bool:
    return len(groups(mentions)) == 1


# ---------------------------------------------------------------- together


def test_two_outlets_tell_of_one_incident_with_differing_tolls() -> None:
    first = make_mention("m-1", actor2=PEOPLE, deaths=Estimate.exactly(9), injured=Estimate.exactly(20))
    second = make_mention("m-2", actor2=PEOPLE, deaths=Estimate.exactly(12), injured=Estimate.exactly(20))
    events, matches = merge_mentions([first, second])
    assert len(events) == 1
    assert events[0].deaths is not None
    assert (events[0].deaths.low, events[0].deaths.high) == (9, 12)
    assert events[0].disputed == ("deaths",)
    assert [(m.left, m.right, m.verdict, m.by) for m in matches] == [("m-1", "m-2", "same", "rules")]


def test_a_day_that_is_stated_joins_a_week_that_is_inferred() -> None:
    week = Dates(start=SUNDAY - dt.timedelta(days=4), end=SUNDAY + dt.timedelta(days=2), precision=2)
    vague = make_mention("m-1", dates=week, deaths=Estimate.exactly(9), inferred=("date",))
    exact = make_mention("m-2", deaths=Estimate.exactly(9))
    events, _ = merge_mentions([vague, exact])
    assert [event.dates for event in events] == [day(SUNDAY)]
    assert "date" not in events[0].inferred and "date" not in events[0].disputed


def test_a_town_joins_its_province_when_the_toll_agrees() -> None:
    wide = make_mention("m-1", place=KIDAL_REGION, deaths=Estimate.exactly(9))
    fine = make_mention("m-2", deaths=Estimate.exactly(9))
    events, _ = merge_mentions([wide, fine])
    assert [event.place for event in events] == [KIDAL]


def test_another_word_for_the_same_violence_joins_when_the_toll_agrees() -> None:
    assert are_one(
        make_mention("m-1", "Attack", deaths=Estimate.exactly(9)),
        make_mention("m-2", "Suicide bomb", deaths=Estimate.exactly(9)),
    )


def test_the_sides_of_a_battle_may_stand_either_way() -> None:
    events, _ = merge_mentions(
        [
            make_mention("m-1", "Armed clash", actor1=ARMY, actor2=REBELS),
            make_mention("m-2", "Armed clash", actor1=REBELS, actor2=ARMY),
        ]
    )
    assert len(events) == 1
    assert {events[0].actor1, events[0].actor2} == {ARMY, REBELS}
    assert events[0].disputed == ()


# ---------------------------------------------------------------- apart


@pytest.mark.parametrize(
    "other",
    [
        make_mention("m-2", place=GAO, deaths=Estimate.exactly(9)),
        make_mention("m-2", dates=day(MONDAY), deaths=Estimate.exactly(9)),
        make_mention("m-2", dates=day(SUNDAY + dt.timedelta(days=40)), deaths=Estimate.exactly(9)),
        make_mention("m-2", "Peaceful protest"),
        make_mention("m-2", "Arrests"),
        make_mention("m-2", "Abduction/forced disappearance"),
        make_mention("m-2", deaths=Estimate.exactly(90)),
        make_mention("m-2", place=replace(KIDAL, country="Niger", iso3="NER", gazetteer_id="geonames:9")),
        make_mention("m-2", place=replace(KIDAL, latitude=12.0, admin1="Sikasso", gazetteer_id="geonames:9")),
    ],
    ids=["town", "day", "month", "protest", "arrests", "abduction", "toll", "country", "namesake"],
)
def test_what_differs_stays_apart(other: Mention) -> None:
    assert not are_one(make_mention("m-1", deaths=Estimate.exactly(9)), other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Air/drone strike", "Remote explosive/landmine/IED"),
        ("Agreement", "Arrests"),
        ("Disrupted weapons use", "Arrests"),
        ("Abduction/forced disappearance", "Attack"),
        ("Sexual violence", "Air/drone strike"),
        ("Attack", "Air/drone strike"),
        ("Peaceful protest", "Attack"),
    ],
)
def test_kinds_that_share_only_day_and_town_stay_apart(one: str, other: str) -> None:
    assert not are_one(make_mention("m-1", one), make_mention("m-2", other))


def test_a_strike_and_an_abduction_are_never_one() -> None:
    nine = Estimate.exactly(9)
    assert not are_one(
        make_mention("m-1", "Air/drone strike", actor1=ARMY, injured=nine),
        make_mention("m-2", "Abduction/forced disappearance", actor1=ARMY, injured=nine),
    )


def test_two_incidents_of_one_article_stay_apart() -> None:
    first = make_mention("m-1", article="a-1", deaths=Estimate.exactly(3))
    second = make_mention("m-2", article="a-1", deaths=Estimate.exactly(5))
    assert groups([first, second]) == [["m-1"], ["m-2"]]


def test_another_article_does_not_tie_two_incidents_of_one_article() -> None:
    first = make_mention("m-1", article="a-1", deaths=Estimate.exactly(3))
    second = make_mention("m-2", article="a-1", deaths=Estimate.exactly(5))
    between = make_mention("m-3", deaths=Estimate(low=3, best=4, high=5))
    held = groups([first, second, between])
    assert len(held) == 2 and ["m-1", "m-2"] not in held


def test_a_vague_mention_does_not_tie_two_days() -> None:
    week = Dates(start=SUNDAY, end=MONDAY, precision=2)
    vague = make_mention("m-3", dates=week, deaths=Estimate.exactly(9), inferred=("date",))
    first = make_mention("m-1", deaths=Estimate.exactly(9))
    second = make_mention("m-2", dates=day(MONDAY), deaths=Estimate.exactly(9))
    held = groups([first, second, vague])
    assert len(held) == 2 and not any({"m-1", "m-2"} <= set(group) for group in held)


def test_a_place_between_does_not_tie_two_towns() -> None:
    def town(name: str, latitude: float) -> Mention:
        place = replace(KIDAL, name=name, latitude=latitude, gazetteer_id=f"geonames:{name}")
        return make_mention(f"m-{name}", "Air/drone strike", actor1=ARMY, place=place, deaths=Estimate.exactly(9))

    held = groups([town("a", 18.0), town("b", 18.5), town("c", 19.0)])
    assert not any({"m-a", "m-c"} <= set(group) for group in held)


def test_the_very_same_told_twice_in_one_article_is_one() -> None:
    def told(name: str) -> Mention:
        return make_mention(name, article="a-1", actor1=REBELS, actor2=ARMY, deaths=Estimate.exactly(7))

    assert are_one(told("m-1"), told("m-2"))


def test_a_mention_of_one_article_with_an_inferred_day_keeps_the_coders_word() -> None:
    first = make_mention("m-1", article="a-1", deaths=Estimate.exactly(7))
    second = make_mention("m-2", article="a-1", deaths=Estimate.exactly(7), inferred=("date",))
    assert not are_one(first, second)


def test_generic_crowds_do_not_speak_for_one_incident() -> None:
    tilt = replace(KIDAL, name="Elsewhere", latitude=18.8, gazetteer_id="geonames:5")
    crowd = replace(PEOPLE, name="Protesters (Mali)", kind="Protesters")
    assert not are_one(
        make_mention("m-1", "Peaceful protest", actor1=crowd),
        make_mention("m-2", "Peaceful protest", actor1=crowd, place=tilt),
    )


def test_across_the_date_line_towns_are_near() -> None:
    west = replace(KIDAL, name="West", country="Fiji", iso3="FJI", latitude=-16.8, longitude=-179.99)
    east = replace(west, name="East", longitude=179.99, gazetteer_id="geonames:7")
    held = [make_mention(f"m-{p.name}", place=p, actor1=REBELS, deaths=Estimate.exactly(4)) for p in (west, east)]
    assert are_one(*held)


@pytest.mark.parametrize("latitude", [-33.9, 0.01, 47.99, 59.99, 69.9])
def test_towns_near_each_other_meet_at_any_latitude(latitude: float) -> None:
    first = replace(KIDAL, latitude=latitude, longitude=24.999)
    degrees = 0.2 if latitude > 60 else 0.1
    second = replace(
        first, name="Next", latitude=latitude + 0.02, longitude=24.999 + degrees, gazetteer_id="geonames:8"
    )
    held = [make_mention(f"m-{p.name}", place=p, actor1=REBELS, deaths=Estimate.exactly(4)) for p in (first, second)]
    assert are_one(*held)


# ---------------------------------------------------------------- what holds of any mentions

_TOLLS = st.sampled_from(
    [None, Estimate.exactly(0), Estimate.exactly(3), Estimate.exactly(4), Estimate(low=3, best=3, high=None)]
)
_KINDS = st.sampled_from(["Attack", "Armed clash", "Air/drone strike", "Suicide bomb", "Peaceful protest", "Arrests"])
_DATES = st.one_of(
    st.none(),
    st.builds(lambda n: day(SUNDAY + dt.timedelta(days=n)), st.integers(0, 3)),
    st.builds(lambda n: Dates(start=SUNDAY, end=SUNDAY + dt.timedelta(days=n), precision=2), st.integers(1, 6)),
)
_ROWS = st.tuples(
    _KINDS,
    _DATES,
    st.sampled_from([KIDAL, KIDAL, GAO, MALI, KIDAL_REGION, None]),
    st.sampled_from([None, ARMY, REBELS, GUNMEN]),
    st.sampled_from([None, ARMY, PEOPLE]),
    _TOLLS,
    st.sampled_from(["a-1", "a-2", "a-3", "a-4"]),
    st.sampled_from([(), ("date",), ("place",), ("actor1",)]),
)


def build(rows: Sequence[tuple[object, ...]]) -> list[Mention]:
    return [
        make_mention(
            f"m-{n:02}",
            kind,  # type: ignore[arg-type]
            dates=dates,  # type: ignore[arg-type]
            place=place,  # type: ignore[arg-type]
            actor1=first,  # type: ignore[arg-type]
            actor2=second,  # type: ignore[arg-type]
            deaths=toll,  # type: ignore[arg-type]
            article=article,  # type: ignore[arg-type]
            inferred=inferred,  # type: ignore[arg-type]
        )
        for n, (kind, dates, place, first, second, toll, article, inferred) in enumerate(rows)
    ]


@settings(deadline=None, max_examples=80)
@given(st.lists(_ROWS, max_size=14), st.randoms(use_true_random=False))
def test_the_order_of_mentions_does_not_matter(rows: list[tuple[object, ...]], random: object) -> None:
    mentions = build(rows)
    turned = list(mentions)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert merge_mentions(turned) == merge_mentions(mentions)


@settings(deadline=None, max_examples=80)
@given(st.lists(_ROWS, max_size=14))
def test_nothing_is_lost_or_doubled_and_nothing_is_made_up(rows: list[tuple[object, ...]]) -> None:
    mentions = build(rows)
    events, matches = merge_mentions(mentions)
    assert sorted(m.mention_id for e in events for m in e.mentions) == sorted(m.mention_id for m in mentions)
    assert len({e.event_id for e in events}) == len(events)
    ids = {m.mention_id for m in mentions}
    assert all({m.left, m.right} <= ids and m.left < m.right for m in matches)
    for event in events:
        assert event.dates in {m.dates for m in event.mentions}
        assert event.place in {m.place for m in event.mentions}
        assert event.sub_event_type in {m.sub_event_type for m in event.mentions}
        assert event.actor1 is None or event.actor1 != event.actor2 or len(event.mentions) == 1
        known = [m.deaths for m in event.mentions if m.deaths is not None]
        assert (event.deaths is None) == (not known)
        if event.deaths is not None:
            assert event.deaths.low <= min(k.best for k in known)
            assert event.deaths.low <= event.deaths.best
            assert event.deaths.high is None or event.deaths.high >= max(k.best for k in known)


@settings(deadline=None, max_examples=80)
@given(st.lists(_ROWS, max_size=14))
def test_no_event_holds_two_stated_days(rows: list[tuple[object, ...]]) -> None:
    for event in merge_mentions(build(rows))[0]:
        stated = {m.dates for m in event.mentions if m.dates and m.dates.precision == 1 and "date" not in m.inferred}
        assert len(stated) <= 1


# ---------------------------------------------------------------- cost


def make_many(count: int) -> list[Mention]:
    """A year of mentions in one country: more mentions mean more towns and more incidents, as in a larger archive."""
    towns = [
        replace(KIDAL, name=f"Town {n}", latitude=10 + n % 10, longitude=n // 10 * 1.0, gazetteer_id=f"geonames:{n}")
        for n in range(count // 20)
    ]
    return [
        make_mention(
            f"m-{n:05}",
            dates=day(SUNDAY + dt.timedelta(days=n * 7 % 365)),
            place=towns[n % len(towns)],
            deaths=Estimate.exactly(n % 9),
        )
        for n in range(count)
    ]


def measure_seconds(mentions: Sequence[Mention]) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        merge_mentions(mentions)
        times.append(time.process_time() - start)
    return min(times)


def test_cost_is_nearly_linear() -> None:
    assert measure_seconds(make_many(2_000)) < 3 * measure_seconds(make_many(1_000))
