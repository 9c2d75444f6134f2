"""The country table: the file that ships, names and peoples, and the faults of a bad file."""

from __future__ import annotations

import pytest

from conflictdesk.codebook.countries import CountryTable, fold_name, load_countries, read_countries
from conflictdesk.errors import CodebookError

_GOOD = """
[[country]]
name = "Ruritania"
iso3 = "RUR"
aliases = ["RUR", "Kingdom of Ruritania"]
demonyms = ["Ruritanian"]
capitals = ["Strelsau"]
metonyms = ["Strelsau"]
region = "Europe"
latitude = 49.0
longitude = 14.0
"""


@pytest.fixture(scope="module")
def table() -> CountryTable:
    return load_countries()


def test_table_holds_the_world(table: CountryTable) -> None:
    assert len(table.countries) >= 200
    assert len({c.region for c in table.countries}) == 16
    assert [c.name for c in table.countries] == sorted(c.name for c in table.countries)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Türkiye", "Turkey"),
        ("turkiye", "Turkey"),
        ("Côte d’Ivoire", "Ivory Coast"),
        ("IRAQ", "Iraq"),
        ("DRC", "Democratic Republic of Congo"),
        ("Congo", "Democratic Republic of Congo"),
        ("Congo-Brazzaville", "Republic of Congo"),
        ("Burma", "Myanmar"),
        ("U.S.", "United States"),
        ("US", "United States"),
        ("us", None),
        ("Us", None),
        ("Somaliland", "Somalia"),
        ("West Bank", "Palestine"),
        ("Czechia", "Czech Republic"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_by_name(table: CountryTable, text: str, name: str | None) -> None:
    country = table.by_name(text)
    assert (country.name if country else None) == name


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Turkish", "Turkey"),
        ("Turks", "Turkey"),
        ("Filipinos", "Philippines"),
        ("South Sudanese", "South Sudan"),
        ("Sudanese", "Sudan"),
        ("Nigerien", "Niger"),
        ("Nigerian", "Nigeria"),
        ("SALVADORAN", "El Salvador"),
        ("Swiss", "Switzerland"),
        ("polish", None),
        ("Kurdish", None),
    ],
)
def test_by_demonym(table: CountryTable, word: str, name: str | None) -> None:
    country = table.by_demonym(word)
    assert (country.name if country else None) == name


def test_codes_and_seats_of_government(table: CountryTable) -> None:
    kosovo, syria = table.by_iso3("XKX"), table.by_iso3("syr")
    assert kosovo is not None and kosovo.iso is None
    assert syria is not None and (syria.name, syria.iso, syria.region) == ("Syria", 760, "Middle East")
    assert table.by_iso3("ZZZ") is None
    seats = [table.by_metonym(text) for text in ("Ankara", "the Kremlin", "the White House")]
    assert [c.name if c else None for c in seats] == ["Turkey", "Russia", "United States"]
    assert table.by_metonym("Gotham") is None


def test_every_name_and_people_leads_home(table: CountryTable) -> None:
    for country in table.countries:
        assert table.by_iso3(country.iso3) is country
        assert all(table.by_name(name) is country for name in (country.name, *country.aliases))
        assert all(table.by_demonym(word) is country for word in country.demonyms)


def test_new_country_has_its_year(table: CountryTable) -> None:
    south_sudan = table.by_name("South Sudan")
    assert south_sudan is not None and south_sudan.start == 2011


def test_a_good_file_is_read() -> None:
    table = read_countries(_GOOD)
    assert table.by_name("kingdom of ruritania") is table.by_demonym("Ruritanians") is table.by_metonym("Strelsau")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('name = "Ruritania"', "", "`name` is missing"),
        ('iso3 = "RUR"', 'iso3 = "ru"', "write three capital letters"),
        ('region = "Europe"', 'region = "Zenda"', "unknown region 'Zenda'"),
        ("latitude = 49.0", "latitude = 149.0", "`latitude` is 149.0"),
        ("longitude = 14.0", 'longitude = "east"', "`longitude` is 'east'"),
        ('demonyms = ["Ruritanian"]', 'demonyms = "Ruritanian"', "`demonyms` is not a list of texts"),
        ('capitals = ["Strelsau"]', "capitals = []", "`capitals` is not a list of texts"),
        ("latitude = 49.0", 'latitude = 49.0\nkapital = "x"', "unknown key `kapital`"),
        ("[[country]]", "[[land]]", "unknown table `land`"),
        ("[[country]]", "[[country", "not valid TOML"),
    ],
)
def test_a_bad_file_says_what_and_how_to_mend(old: str, new: str, fault: str) -> None:
    assert old in _GOOD
    with pytest.raises(CodebookError, match=r"my\.toml") as caught:
        read_countries(_GOOD.replace(old, new), "my.toml")
    assert fault in str(caught.value)
    assert ";" in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    twin = (
        _GOOD.replace('iso3 = "RUR"', 'iso3 = "RUS"')
        .replace("49.0", "99.0")
        .replace('name = "Ruritania"', 'name = "Other"')
    )
    with pytest.raises(CodebookError) as caught:
        read_countries(_GOOD + twin, "my.toml")
    lines = str(caught.value).splitlines()
    assert any("`latitude` is 99.0" in line for line in lines)
    assert any("country 2 (Other)" in line and "also one of Ruritania" in line for line in lines)
    assert len(lines) >= 4


def test_folding_keeps_letters_apart() -> None:
    assert fold_name("São  Tomé") == "sao tome"
    assert fold_name("Niger") != fold_name("Nigeria")
