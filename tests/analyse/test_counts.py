"""Counts: every row opens the events that add up to it, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_datasets import make_dataset, make_row

from conflictdesk.analyse.counts import DIMENSIONS, OVERLAPPING, count_events, tally_events
from conflictdesk.analyse.listing import count_facets, list_incidents, read_event
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.questions import CountQuestion, Filter

ROWS = [
    make_row(1, "2020-12-31", actor1="Red Band", actor2="Army", deaths=3, country="Norland", event_type="Battles"),
    make_row(2, "2021-01-01", actor1="Army", actor2="Red Band", deaths=2, country="Norland", sources=["A", "B"]),
    make_row(3, "2021-02-12", actor1="Red Band", deaths_low=1, deaths_best=4, country="Sudland", injured_best=2),
    make_row(4, None, actor1="Army", associated=["Army", "Scouts"], country=None, sources=[]),
    make_row(5, "2021-02-28", actor1="Scouts", country="Sudland", civilian_targeting=True, deaths=0),
    make_row(6, "9999-12-31", country="Sudland", disorder_type=["Political violence", "Demonstrations"]),
]


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make_dataset(tmp_path_factory.mktemp("counts") / "data", ROWS)


def test_a_count_by_year(six: Dataset) -> None:
    answer = count_events(six, CountQuestion(by=("year",)))
    assert [(row.keys, row.tally.events, row.tally.deaths.best) for row in answer.rows] == [
        (("2020",), 1, 3),
        (("2021",), 3, 6),
        (("9999",), 1, 0),
    ]
    assert answer.not_counted == {"no day": 1}
    assert (answer.total.events, answer.total.deaths.low, answer.total.deaths.high) == (5, 6, 9)
    assert (answer.total.deaths.unknown, answer.total.deaths.open, answer.total.deadly) == (1, 1, 3)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_each_row_opens_the_events_that_add_up_to_it(six: Dataset, name: str) -> None:
    answer = count_events(six, CountQuestion(by=(name,)))  # type: ignore[arg-type]
    for row in answer.rows:
        assert tally_events(six, row.events_filter) == row.tally
        assert len(list_incidents(six, row.events_filter)) == row.tally.events
    if name not in OVERLAPPING:
        assert sum(row.tally.events for row in answer.rows) == answer.total.events
    assert answer.total.events + sum(answer.not_counted.values()) == len(ROWS)


def test_lists_beside_each_other_are_crossed_not_zipped(six: Dataset) -> None:
    answer = count_events(six, CountQuestion(by=("actor", "source"), filter=Filter(event_id=("made:2",))))
    assert {row.keys for row in answer.rows} == {(a, s) for a in ("Army", "Red Band") for s in ("A", "B")}
    for row in answer.rows:
        assert tally_events(six, row.events_filter) == row.tally


def test_an_actor_counts_once_in_an_event_however_often_it_is_named(six: Dataset) -> None:
    rows = count_events(six, CountQuestion(by=("actor",))).rows
    assert {row.keys[0]: row.tally.events for row in rows} == {"Army": 3, "Red Band": 3, "Scouts": 2}


def test_a_count_within_an_actor_keeps_the_actor(six: Dataset) -> None:
    answer = count_events(six, CountQuestion(by=("actor",), filter=Filter(actor=("Red Band",))))
    rows = {row.keys[0]: row for row in answer.rows}
    assert rows["Army"].tally.events == 2 == tally_events(six, rows["Army"].events_filter).events


def test_the_largest_rows_are_kept_and_the_rest_told(six: Dataset) -> None:
    answer = count_events(six, CountQuestion(by=("country",), limit=1))
    assert [row.keys for row in answer.rows] == [("Sudland",)]
    assert answer.cut == 1
    assert answer.total.events == 5


@pytest.mark.parametrize("by", [(), ("year", "year"), ("colour",), ("year", "country", "actor", "source")])
def test_nonsense_is_refused(six: Dataset, by: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError):
        count_events(six, CountQuestion(by=by))  # type: ignore[arg-type]


def test_facets_are_counts_with_the_filter_that_chooses_them(six: Dataset) -> None:
    facets = count_facets(six, Filter(country=("Norland",)), ("actor", "year"))
    assert [row.keys[0] for row in facets["actor"]] == ["Army", "Red Band"]
    assert facets["year"][0].events_filter.country == ("Norland",)


def test_a_list_has_an_order_and_pages(six: Dataset) -> None:
    assert [i.event_id for i in list_incidents(six, Filter(), order="deaths", limit=2)] == ["made:3", "made:1"]
    assert [i.event_id for i in list_incidents(six, Filter(), limit=3, offset=4)] == ["made:6", "made:4"]
    with pytest.raises(ConfigError):
        list_incidents(six, Filter(), limit=0)
    with pytest.raises(ConfigError):
        list_incidents(six, Filter(), order="x; DROP")  # type: ignore[arg-type]


def test_an_event_is_shown_whole(six: Dataset) -> None:
    sheet = read_event(six, "made:3")
    assert sheet is not None
    assert sheet.incident.deaths == (1, 4, None)
    assert dict(sheet.values)["date_start"] == dt.date(2021, 2, 12)
    assert read_event(six, "made:99") is None


EVENTS = st.lists(
    st.tuples(
        st.none() | st.dates(dt.date(2019, 12, 20), dt.date(2021, 1, 10)),
        st.sampled_from([None, "A", "B"]),
        st.none() | st.integers(0, 10**6),
        st.lists(st.sampled_from(["P", "Q"]), max_size=3),
    ),
    max_size=30,
)


@given(EVENTS)
@settings(deadline=None, max_examples=25)
def test_sums_are_those_of_a_plain_loop(events: list[tuple[dt.date | None, str | None, int | None, list[str]]]) -> None:
    rows = [
        make_row(n, day.isoformat() if day else None, actor1=actor, deaths=deaths, sources=sources)
        for n, (day, actor, deaths, sources) in enumerate(events)
    ]
    with TemporaryDirectory() as folder:
        dataset = make_dataset(Path(folder) / "data", rows)
        answer = count_events(dataset, CountQuestion(by=("month", "source")))
        dataset.close()
    expected: dict[tuple[str, str], tuple[int, int]] = {}
    for day, _, deaths, sources in events:
        for source in set(sources) if day else ():
            n, dead = expected.get((f"{day:%Y-%m}", source), (0, 0))
            expected[f"{day:%Y-%m}", source] = (n + 1, dead + (deaths or 0))
    assert {row.keys: (row.tally.events, row.tally.deaths.best) for row in answer.rows} == expected
    assert answer.total.events == sum(1 for day, _, _, sources in events if day and sources)
