"""A filter as an address and as SQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_datasets import make_dataset, make_row

from conflictdesk.datasets.filters import KEYS, MISSING, filter_pairs, read_filter, where
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.questions import MEANINGS, Filter

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=30).filter(lambda t: bool(t.strip())), unique=True, max_size=3)
NAMES = WORDS.map(tuple)
DAYS = st.none() | st.dates()
DEGREES = st.floats(-90, 90)
FILTERS = st.builds(
    Filter,
    from_day=DAYS,
    to_day=DAYS,
    crosses=st.lists(st.dates(), unique=True, max_size=2).map(tuple),
    reported_within=st.none() | st.integers(0, 900),
    imputed=st.none() | st.booleans(),
    deaths_at_most=st.none() | st.integers(0, 99),
    actor=NAMES,
    meaning=st.sampled_from(MEANINGS),
    country=NAMES,
    source=NAMES,
    without_source=NAMES,
    disorder_type=NAMES,
    flag=NAMES,
    civilian_targeting=st.none() | st.booleans(),
    aggregate=st.none() | st.booleans(),
    date_precision=st.lists(st.integers(1, 4), unique=True).map(tuple),
    sources_at_least=st.none() | st.integers(0, 99),
    deaths_at_least=st.none() | st.integers(0, 999_999_999),
    missing=st.lists(st.sampled_from(sorted(MISSING)), unique=True, max_size=2).map(tuple),
    near=st.none() | st.tuples(DEGREES, st.floats(-180, 180), st.floats(0.001, 20_000)),
    box=st.none() | st.tuples(st.floats(-180, 180), st.just(-10.5), st.floats(-180, 180), st.just(20.25)),
    text=st.none() | st.text(LETTERS, min_size=1, max_size=40).filter(lambda t: bool(t.strip())),
    event_id=NAMES,
    import_id=NAMES,
    without=NAMES,
    also=NAMES.map(lambda names: tuple(("actor", name) for name in names)),
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    rows = [
        make_row(1, "2021-01-30", date_end=dt.date(2021, 2, 3), actor1="Red Band", actor2="Civilians", deaths=3),
        make_row(2, "2021-02-12", actor1="Army", actor2="Red Band", latitude=10.0, longitude=179.9, sources=["A", "B"]),
        make_row(3, "2021-02-13", associated=["Red Band"], attributed_to=["Red Band"], latitude=10.0, longitude=-179.9),
        make_row(4, None, country="Zürich' OR 1=1 --", notes="Café bombed", sources=[], n_sources=None),
        make_row(
            5,
            "2021-03-01",
            perpetrator="Red Band",
            civilian_targeting=True,
            flags=["low_above_best"],
            deaths=0,
            import_id="i-later",
        ),
    ]
    return make_dataset(tmp_path_factory.mktemp("filters") / "data", rows)


def found(dataset: Dataset, wanted: Filter) -> list[str]:
    condition, parameters = where(wanted)
    rows = dataset.ask(f"SELECT source_id FROM events WHERE {condition} ORDER BY source_id", parameters)
    return [str(row[0]) for row in rows]


@given(FILTERS)
def test_a_filter_survives_its_address(wanted: Filter) -> None:
    assert read_filter(filter_pairs(wanted)) == wanted


@given(FILTERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_filter_is_sql_that_the_database_takes(small: Dataset, wanted: Filter) -> None:
    assert set(found(small, wanted)) <= {"1", "2", "3", "4", "5"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), "12345"),
        (Filter(from_day=dt.date(2021, 2, 12)), "235"),
        (Filter(to_day=dt.date(2021, 2, 12)), "1"),
        (Filter(crosses=(dt.date(2021, 2, 1),)), "1"),
        (Filter(crosses=(dt.date(2021, 1, 30),)), ""),
        (Filter(actor=("Red Band",)), "123"),
        (Filter(actor=("Red Band",), meaning="perpetrated"), "5"),
        (Filter(actor=("Red Band",), meaning="attributed"), "3"),
        (Filter(actor=("Army", "Civilians")), "12"),
        (Filter(country=("Zürich' OR 1=1 --",)), "4"),
        (Filter(text="CAFE"), "4"),
        (Filter(source=("B",)), "2"),
        (Filter(without_source=("Invented Gazette",)), "24"),
        (Filter(without_source=("A",)), "12345"),
        (Filter(sources_at_least=1), "1235"),
        (Filter(deaths_at_least=0), "15"),
        (Filter(missing=("deaths",)), "234"),
        (Filter(missing=("day",)), "4"),
        (Filter(missing=("point",)), "145"),
        (Filter(flag=("low_above_best",)), "5"),
        (Filter(civilian_targeting=True), "5"),
        (Filter(near=(10.0, 180.0, 25.0)), "23"),
        (Filter(near=(10.0, 179.9, 0.001)), "2"),
        (Filter(box=(170.0, 0.0, -170.0, 20.0)), "23"),
        (Filter(box=(-180.0, 0.0, -170.0, 20.0)), "3"),
        (Filter(event_id=("made:1", "made:4")), "14"),
        (Filter(without=("made:1",)), "2345"),
        (Filter(import_id=("i-later", "i-none")), "5"),
        (Filter(import_id=("i-made",)), "1234"),
        (Filter(actor=("Army",), also=(("actor", "Red Band"),)), "2"),
        (Filter(also=(("source", "A"), ("source", "B"))), "2"),
    ],
)
def test_a_filter_finds_what_it_asks(small: Dataset, wanted: Filter, expected: str) -> None:
    assert "".join(found(small, wanted)) == expected


def test_every_part_of_a_filter_has_a_key() -> None:
    assert set(KEYS.values()) == {part.name for part in fields(Filter)}


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("from", "2021-02-30"), "2021-09-26"),
        (("from", "20210212"), "2021-09-26"),
        (("contry", "Yemen"), "did you mean 'country'"),
        (("near", "1,2"), "latitude,longitude,km"),
        (("near", "nan,2,3"), "latitude,longitude,km"),
        (("box", "0,10,0,-10"), "south not above north"),
        (("missing", "date_start; DROP"), "is not one of"),
        (("deaths_at_least", "-1"), "is not a number"),
        (("deaths_at_least", "٣"), "is not a number"),
        (("date_precision", "5"), "1, 2, 3 or 4"),
        (("civilian_targeting", "maybe"), "neither yes nor no"),
        (("also", "actor"), "actor:NAME"),
        (("q", "a\x00b"), "no text holds"),
        (("q", "x" * 501), "longer than"),
    ],
)
def test_a_wrong_value_is_told_with_its_key(pair: tuple[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("(", r"\(")):
        read_filter([pair])


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as told:
        read_filter([("from", "x"), ("to", "y"), ("page", "2"), ("nonsense", "1")], besides={"page"})
    assert all(word in str(told.value) for word in ("from", "to:", "nonsense"))
    assert "page" not in str(told.value).split("nonsense")[0]


def test_one_value_where_one_is_meant() -> None:
    with pytest.raises(ConfigError, match="one value"):
        read_filter([("from", "2021-01-01"), ("from", "2022-01-01")])
    assert read_filter([("country", ""), ("country", "Yemen")]) == Filter(country=("Yemen",))


def test_the_folder_is_named_when_it_holds_no_dataset(tmp_path: Path) -> None:
    from conflictdesk.datasets.opening import open_dataset
    from conflictdesk.errors import StoreError

    with pytest.raises(StoreError, match=str(tmp_path)):
        open_dataset(tmp_path)


def test_a_filter_can_be_narrowed_without_touching_the_rest() -> None:
    wanted = Filter(country=("Yemen",), text="market")
    assert filter_pairs(replace(wanted, from_day=dt.date(2021, 1, 1)))[0] == ("from", "2021-01-01")
