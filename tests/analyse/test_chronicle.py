"""The chronicle of a site: exact incidents apart from near ones, the rest counted, places never guessed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_datasets import make_dataset, make_row

from conflictdesk.analyse.chronicle import Site, find_site, measure_km, write_chronicle
from conflictdesk.analyse.counts import tally_events
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.questions import ChronicleQuestion, Filter

if TYPE_CHECKING:
    from desk_pages import Desk

AIRFIELD = {"location": "Brightwater Airfield", "admin1": "North", "country": "Mali", "iso3": "MLI"}


def at(number: int, day: str | None, km_north: float, **values: object) -> dict[str, object]:
    """An event so far north of the airfield at 16 N, 2 E."""
    place = {"latitude": 16 + km_north / 111.195, "longitude": 2.0, "country": "Mali", "iso3": "MLI", "admin1": "North"}
    return make_row(number, day, **{**place, **values})


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    rows = [
        at(1, "2020-01-05", 0, **AIRFIELD, notes="Shells fell."),
        at(2, "2020-03-05", 0, **AIRFIELD, deaths=3),
        at(3, "2020-02-05", 9.9, location="Fort Amber"),
        at(4, "2020-02-06", 10.2, location="Camp Birch"),
        at(5, "2020-02-07", 30, place_precision=2, location="Cedar"),
        at(6, "2020-02-08", 40, place_precision=2, location="Dune"),
        at(7, "2020-02-09", 100, place_precision=3, place_radius_km=95.0, location="North"),
        at(8, "2020-02-10", 100, place_precision=3, location="North"),
        at(9, "2020-02-11", 100, place_precision=3, admin1="South", location="South"),
        at(10, "2020-02-12", 0, place_precision=4, admin1=None),
        at(11, None, 1, location="Fort Amber"),
        at(12, "2020-02-13", 0, place_precision=4, admin1=None, country="Niger", iso3="NER"),
        make_row(13, "2020-02-14", country="Mali", iso3="MLI", place_precision=3, admin1=None),
    ]
    return make_dataset(tmp_path / "d", rows)


def ids(incidents: object) -> list[str]:
    assert isinstance(incidents, tuple)
    return [incident.event_id.removeprefix("made:") for incident in incidents]


def test_exact_near_undated_and_coarse_are_kept_apart(dataset: Dataset) -> None:
    chronicle = write_chronicle(dataset, ChronicleQuestion(place="brightwater airfield", km=10))
    assert ids(chronicle.exact) == ["1", "3", "2"]
    assert ids(chronicle.near) == ["5", "7"]
    assert (chronicle.undated, chronicle.elsewhere) == (1, 3)
    assert tally_events(dataset, chronicle.elsewhere_filter).events == 3
    assert [incident.distance_km for incident in chronicle.exact] == [0.0, 9.9, 0.0]
    assert chronicle.exact[0].evidence == (("source", "Shells fell.", "Invented Gazette"),)


def test_the_window_holds_its_first_day_and_not_its_last(dataset: Dataset) -> None:
    question = ChronicleQuestion(place="16,2", km=10, from_day=dt.date(2020, 1, 5), to_day=dt.date(2020, 3, 5))
    chronicle = write_chronicle(dataset, question)
    assert ids(chronicle.exact) == ["1", "3"]
    assert chronicle.undated == 1
    assert ids(
        write_chronicle(dataset, ChronicleQuestion(place="16,2", km=10, filter=Filter(deaths_at_least=1))).exact
    ) == ["2"]


def test_a_site_with_nothing_near_says_nothing_of_elsewhere(dataset: Dataset) -> None:
    chronicle = write_chronicle(dataset, ChronicleQuestion(place="-40, 100", km=10))
    assert (chronicle.exact, chronicle.near, chronicle.elsewhere) == ((), (), 0)
    assert tally_events(dataset, chronicle.elsewhere_filter).events == 0


def test_a_point_found_elsewhere_is_taken(dataset: Dataset) -> None:
    site = Site(name="Old Mill", latitude=16.0, longitude=2.0, basis="a list of mills")
    assert write_chronicle(dataset, ChronicleQuestion(place="Old Mill", km=1), site).name == "Old Mill"


@pytest.mark.parametrize(
    ("place", "km", "said"),
    [
        ("Brightwatr Airfield", 10, "similar names: Brightwater Airfield"),
        ("Nowhere", 10, "no place of the dataset"),
        ("95, 2", 10, "latitude is -90 to 90"),
        ("16,2", 0, "--km 0"),
        ("16,2", 501, "at most 500"),
    ],
)
def test_what_cannot_be_found_is_told_with_its_mend(dataset: Dataset, place: str, km: float, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        write_chronicle(dataset, ChronicleQuestion(place=place, km=km))


def test_two_places_of_one_name_are_not_guessed(tmp_path: Path) -> None:
    rows = [
        at(1, "2020-01-01", 0, location="Fort Amber"),
        at(2, "2020-01-01", 300, location="Fort Amber", admin1="South"),
    ]
    dataset = make_dataset(tmp_path / "two", rows)
    with pytest.raises(ConfigError, match="Fort Amber, North, Mali; Fort Amber, South, Mali"):
        find_site(dataset, "Fort Amber")


DEGREES = st.tuples(st.floats(-89, 89), st.floats(-180, 180))


@given(DEGREES, DEGREES)
def test_distances_are_the_same_both_ways_and_at_most_half_the_earth(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    assert measure_km(one, other) == pytest.approx(measure_km(other, one), abs=1e-6)
    assert 0 <= measure_km(one, other) <= 20016


@pytest.mark.slow
@pytest.mark.bench
def test_the_page_gives_its_claims_and_the_chronicle_of_the_airport(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import os

    from conflictdesk.analyse.checks import check_claim, list_claims
    from conflictdesk.datasets.opening import open_dataset
    from conflictdesk.exchange.imports import ImportRequest, import_file

    shared = Path(os.environ.get("CONFLICTDESK_BENCH", "../shared"))
    page = shared / "corpus" / "arab-news-2021-09-26.page.txt"
    if not page.is_file():
        pytest.skip(f"{page} is not here: set CONFLICTDESK_BENCH")
    top = tmp_path_factory.mktemp("page")
    done = desk("code", page, "--out", top / "coded")
    assert done.returncode == 0, done.stderr.decode()
    import_file(ImportRequest(kind="coded", path=top / "coded", into=top / "d"))
    dataset = open_dataset(top / "d")
    claims = [claim for claim in list_claims(dataset) if len(claim.claim_ids) == 2]
    assert len(claims) == 1
    reading = claims[0].reading
    assert reading.unread == ()
    assert (reading.actor, reading.split, reading.window) == (("Houthis",), dt.date(2021, 2, 12), "6months")
    assert [(f.side, f.value) for f in reading.figures] == [("before", 7998), ("after", 9312)]
    answer = check_claim(dataset, reading, asked_on=dt.date(2026, 11, 22), resamples=0)
    assert answer.verdict == "cannot tell" and "rest on" in answer.why
    chronicle = write_chronicle(dataset, ChronicleQuestion(place="Erbil International Airport", km=10))
    assert len(chronicle.exact) >= 3 and len(chronicle.near) >= 2
    assert all(incident.evidence for incident in chronicle.exact)
    assert not set(ids(chronicle.exact)) & set(ids(chronicle.near))
