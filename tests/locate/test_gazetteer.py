"""The compiled gazetteer and how names are folded."""

from __future__ import annotations

import contextlib
import math
import sqlite3
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.codebook.countries import load_countries
from conflictdesk.locate.folding import fold, plain_name
from conflictdesk.locate.gazetteer import FileGazetteer, find_cache, open_gazetteer
from conflictdesk.locate.regions import load_names, load_regions

SPELLINGS = [
    ("Hodeidah", "Al Hudaydah", "Al-Hudaydah", "hodeida"),
    ("Erbil", "Irbil", "Arbil", "IRBIL"),
    ("Sanaa", "Sana'a", "Sana’a", "SANAA"),
    ("Saada", "Sa'dah", "Sa’ada"),
    ("Kyiv", "Kiev"),
    ("Raqqa", "Ar-Raqqah", "Al Raqqah"),
    ("Deir ez-Zor", "Deir al-Zour", "Deir Ezzor"),
    ("El Fasher", "Al-Fashir", "El-Fasher"),
    ("Mumbai", "Bombay"),
    ("Timbuktu", "Tombouctou"),
]


@pytest.mark.parametrize("names", SPELLINGS, ids=lambda names: names[0])
def test_spellings_of_one_town_find_one_place(names: tuple[str, ...], gazetteer: FileGazetteer) -> None:
    firsts = {gazetteer.find(name)[0].gazetteer_id for name in names if gazetteer.find(name)}
    assert len(firsts) == 1 and all(gazetteer.knows(name) for name in names)
    assert gazetteer.find(names[-1])[0].name == names[0]


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Tripoli", "town", "Libya"),
        ("Idlib", "town", "Syria"),
        ("Idlib province", "admin1", "Syria"),
        ("Anbar", "admin1", "Iraq"),
        ("Helmand", "admin1", "Afghanistan"),
        ("Georgia", "country", "Georgia"),
        ("Guatemala", "country", "Guatemala"),
        ("Scotland", "admin1", "United Kingdom"),
        ("Gaza Strip", "admin1", "Palestine"),
        ("Darfur", "area", "Sudan"),
        ("Donbas", "area", "Ukraine"),
        ("New York", "town", "United States"),
        ("Texas", "admin1", "United States"),
        ("Rapides Parish", "admin2", "United States"),
        ("Zaire", "country", "Democratic Republic of Congo"),
        ("Burma", "country", "Myanmar"),
    ],
)
def test_the_most_prominent_place_comes_first(name: str, kind: str, country: str, gazetteer: FileGazetteer) -> None:
    first = gazetteer.find(name)[0]
    assert (first.kind, first.country) == (kind, country)


def test_an_unknown_name_finds_nothing(gazetteer: FileGazetteer) -> None:
    assert gazetteer.find("Qwxzyville") == () and not gazetteer.knows("") and not gazetteer.knows("Qwxzyville")


def test_precision_follows_the_size_of_the_place(gazetteer: FileGazetteer) -> None:
    grades = {
        name: gazetteer.find(name)[0].precision for name in ("Aleppo", "Rapides Parish", "Anbar", "Yemen", "Africa")
    }
    assert grades == {"Aleppo": 1, "Rapides Parish": 2, "Anbar": 3, "Yemen": 4, "Africa": 4}


def test_every_place_of_our_own_is_found_where_it_lies(gazetteer: FileGazetteer) -> None:
    assert len(load_regions()) > 1_500
    for region in load_regions():
        assert any(
            place.name == region.name and place.latitude == region.latitude and place.longitude == region.longitude
            for place in gazetteer.find(region.name)
        ), region.name


def test_every_place_of_our_own_names_its_source_and_its_province_exists(gazetteer: FileGazetteer) -> None:
    for region in load_regions():
        assert len(region.source) > 20, region.name
        if region.admin1 is not None:
            assert any(
                place.kind == "admin1" and place.country == region.country for place in gazetteer.find(region.admin1)
            ), region.name


def test_a_small_place_of_our_own_lies_near_a_town_of_its_country(gazetteer: FileGazetteer) -> None:
    codes = {each.name: each.iso3 for each in load_countries().countries}
    towns: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    with contextlib.closing(sqlite3.connect(gazetteer.path)) as store:
        for iso3, lat, lon in store.execute("SELECT country, latitude, longitude FROM place WHERE kind = 'town'"):
            towns.setdefault((iso3, math.floor(lat), math.floor(lon)), []).append((lat, lon))
    lonely = {"Maaten al-Sarra", "Duqm port", "In Amenas gas plant", "Guerguerat", "Thitu Island"}
    for region in load_regions():
        if region.kind not in ("town", "site") or region.country is None or region.name in lonely:
            continue
        lat, lon, code = region.latitude, region.longitude, codes[region.country]
        around = ((math.floor(lat) + a, math.floor(lon) + b) for a in (-2, -1, 0, 1, 2) for b in (-2, -1, 0, 1, 2))
        near = [point for cell in around for point in towns.get((code, *cell), [])]
        wide = math.cos(math.radians(lat))
        nearest = min((111.2 * math.hypot(lat - a, (lon - b) * wide) for a, b in near), default=math.inf)
        assert nearest < 180, f"{region.name}: {nearest:.0f} km from any town of {region.country}"


def test_small_places_of_our_own_have_a_province(gazetteer: FileGazetteer) -> None:
    for name in ("Green Zone", "Zamzam camp", "Robotyne", "Cite Soleil"):
        assert gazetteer.find(name)[0].admin1 is not None


def test_preferred_names_belong_to_numbered_places(gazetteer: FileGazetteer) -> None:
    with sqlite3.connect(gazetteer.path) as store:
        known = {number for (number,) in store.execute("SELECT id FROM place")}
    store.close()
    assert not set(load_names()) - known


def test_look_ups_are_fast_enough_for_a_newsroom(gazetteer: FileGazetteer) -> None:
    fresh = FileGazetteer(gazetteer.path)
    begin = time.process_time()
    for region in load_regions():
        fresh.find(region.name)
    assert (time.process_time() - begin) / len(load_regions()) < 0.005


def test_the_cache_folder_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONFLICTDESK_CACHE", str(tmp_path))
    assert find_cache() == tmp_path
    monkeypatch.delenv("CONFLICTDESK_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert find_cache() == tmp_path / "conflictdesk"


@pytest.mark.slow
def test_building_twice_gives_the_same_bytes(gazetteer: FileGazetteer, tmp_path: Path) -> None:
    told: list[str] = []
    built = open_gazetteer(tmp_path / "again.sqlite", told.append)
    assert built.path.read_bytes() == gazetteer.path.read_bytes()
    assert told and [path.name for path in tmp_path.iterdir()] == ["again.sqlite"]


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(max_size=30))
def test_a_plain_name_keeps_its_key(name: str) -> None:
    assert fold(plain_name(name)) == fold(name)
