"""The actor register: the file that ships, names over time and place, the scan, and the faults of a bad file."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.codebook.actors import MARKS, ActorRegister, load_actors, read_actors
from conflictdesk.codebook.countries import load_countries
from conflictdesk.errors import CodebookError

_GOOD = """
[[actor]]
name = "Brigade of the Red Hill (BRH)"
kind = "Rebel group"
country = "Peru"
aliases = ["Red Hill Brigade", "BRH"]
from = 1980
to = 1991-06-30
successor = "Blue Hill Front"

[[actor]]
name = "Blue Hill Front"
kind = "Political militia"
country = "Peru"
from = 1991-07-01

[[identity]]
name = "Hill"
kind = "ethnic"
forms = ["Hill people"]

[[words]]
category = "military"
forms = ["soldier"]

""" + "\n".join(f'[[marks]]\nname = "{name}"\nforms = ["x"]\n' for name in MARKS)


@pytest.fixture(scope="module")
def register() -> ActorRegister:
    return load_actors()


def _name(register: ActorRegister, text: str, on: dt.date | None = None, country: str | None = None) -> str | None:
    entry = register.by_name(text, on, country)
    return entry.name if entry else None


def test_register_holds_groups_and_state_forces(register: ActorRegister) -> None:
    groups = {e.name for e in register.entries if e.kind != "State forces"}
    assert len(groups) >= 250
    assert sum(e.kind == "State forces" for e in register.entries) >= 60


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ansar Allah", "Houthis"),
        ("Huthis", "Houthis"),
        ("daesh", "Islamic State (IS)"),
        ("HTS", "Hayat Tahrir al-Sham (HTS)"),
        ("YPG", "People's Protection Units (YPG)"),
        ("al shabab", "Al-Shabaab"),
        ("ISIS-K", "Islamic State Khorasan Province (ISKP)"),
        ("Clan del Golfo", "Gulf Clan"),
        ("People’s Defence Force", "People's Defence Force (PDF)"),
        ("Polisario", "Polisario Front"),
        ("Nobody's Brigade", None),
        ("is", None),
        ("let", None),
    ],
)
def test_by_name(register: ActorRegister, text: str, name: str | None) -> None:
    assert _name(register, text) == name


def test_names_change_with_the_years(register: ActorRegister) -> None:
    assert _name(register, "Nusra Front", dt.date(2014, 5, 1)) == "Nusra Front"
    assert _name(register, "Nusra Front", dt.date(2016, 9, 1)) == "Jabhat Fateh al-Sham"
    assert _name(register, "Nusra Front", dt.date(2019, 5, 1)) == "Hayat Tahrir al-Sham (HTS)"
    assert _name(register, "SPLA", dt.date(2005, 1, 1)) == "Sudan People's Liberation Army (SPLA)"
    assert _name(register, "SPLA", dt.date(2014, 1, 1)) == "Military Forces of South Sudan"
    kinds = [register.by_name("Taliban", dt.date(2021, 8, day)) for day in (14, 15)]
    assert [e.kind if e else None for e in kinds] == ["Rebel group", "State forces"]


def test_a_dead_group_without_successor_keeps_its_name(register: ActorRegister) -> None:
    assert _name(register, "LTTE", dt.date(2020, 1, 1)) == "Liberation Tigers of Tamil Eelam (LTTE)"


def test_country_tells_namesakes_apart(register: ActorRegister) -> None:
    assert _name(register, "Kurdish forces", country="Syria") == "Syrian Democratic Forces (SDF)"
    assert _name(register, "Kurdish forces", country="Iraq") == "Peshmerga"
    assert _name(register, "Kurdish forces") is None
    assert _name(register, "Kurdish forces", country="Chile") is None


def _scan(register: ActorRegister, text: str, country: str | None = None) -> list[str]:
    return [text[start:end] for start, end, _ in register.scan(text, None, country)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Houthi rebels and HTS fighters", ["Houthi", "HTS"]),
        ("The Islamic State West Africa Province did it", ["Islamic State West Africa Province"]),
        ("It is what it is", []),
        ("An IS cell was found", ["IS"]),
        ("WHO IS THERE", []),
        ("anti-Taliban fighters", []),
        ("Houthi-held Marib was quiet", []),
        ("a Hezbollah-affiliated man", ["Hezbollah"]),
        ("the PKK's camps", ["PKK"]),
        ("pkk", []),
        ("the PKKX", []),
        ("He said so and let them contra dance", []),
        ("the Séléka, then the SELEKA", ["Séléka", "SELEKA"]),
        ("al-Shabaab and Al-Shabaab", ["al-Shabaab", "Al-Shabaab"]),
        ("IS", ["IS"]),
        ("😀 the PKK", ["PKK"]),
    ],
)
def test_scan(register: ActorRegister, text: str, found: list[str]) -> None:
    assert _scan(register, text) == found


def test_every_name_is_found_in_a_sentence(register: ActorRegister) -> None:
    for entry in register.entries:
        for name in entry.names:
            hits = register.scan(f"Men of {name}, it was said.", entry.first_day, entry.country)
            texts = {e.name for start, end, e in hits if (start, end) == (7, 7 + len(name))}
            shared = register.by_name(name, entry.first_day, entry.country)
            assert texts == ({shared.name} if shared else set()), name
            assert shared is not None or entry.country is None, name


@given(st.text(alphabet=st.sampled_from("PKK Islamic State's al-Qaéda IS\n,.😀İß"), max_size=50))
def test_scan_gives_true_offsets(text: str) -> None:
    last = 0
    for start, end, entry in load_actors().scan(text):
        assert last <= start < end <= len(text)
        assert load_actors().by_name(text[start:end]) == entry
        last = end


def test_a_good_file_is_read() -> None:
    register = read_actors(_GOOD, load_countries())
    assert _name(register, "BRH", dt.date(1985, 1, 1)) == "Brigade of the Red Hill (BRH)"
    assert _name(register, "BRH", dt.date(1999, 1, 1)) == "Blue Hill Front"
    assert register.entries[0].last_day == dt.date(1991, 6, 30)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('kind = "Rebel group"', 'kind = "Bandits"', "unknown kind 'Bandits'"),
        ('country = "Peru"', 'country = "Freedonia"', "unknown country 'Freedonia'"),
        ('"BRH"]', '"BRH", "brh"]', ""),
        ('"Red Hill Brigade"', '"Red Hill Brigade", "RED HILL BRIGADE"', "is there twice"),
        ("from = 1991-07-01", 'aliases = ["Red Hill Brigade"]', "is also one of Brigade of the Red Hill (BRH)"),
        ("to = 1991-06-30", "to = 1970", "before it begins"),
        ("from = 1980", 'from = "1980"', "write a year or a date"),
        ('successor = "Blue Hill Front"', 'successor = "Green Hill"', "unknown successor 'Green Hill'"),
        ('kind = "ethnic"', 'kind = "tall"', "unknown kind 'tall'"),
        ('category = "military"', 'category = "naval"', "unknown category 'naval'"),
        ('name = "stops"', 'name = "halts"', "'stops' is missing"),
        ('forms = ["soldier"]', 'forms = ["soldier"]\nform = 1', "unknown key `form`"),
    ],
)
def test_a_bad_file_says_what_and_how_to_mend(old: str, new: str, fault: str) -> None:
    assert old in _GOOD
    if not fault:
        assert read_actors(_GOOD.replace(old, new, 1), load_countries()).entries
        return
    with pytest.raises(CodebookError) as caught:
        read_actors(_GOOD.replace(old, new, 1), load_countries(), "my.toml")
    assert fault in str(caught.value)
    assert all(line.startswith("my.toml: ") and "; " in line for line in str(caught.value).splitlines())


def test_a_common_word_names_a_group_in_its_own_country_and_years_alone(register: ActorRegister) -> None:
    text, day = "volunteers near the border", dt.date(2023, 5, 1)
    homes = {c: [e.name for _, _, e in register.scan(text, day, c)] for c in ("Burkina Faso", "Ukraine")}
    assert homes == {"Burkina Faso": ["Volunteers for the Defence of the Homeland (VDP)"], "Ukraine": []}
    assert register.scan(text, dt.date(2010, 5, 1), "Burkina Faso") == []
    assert register.scan(text) == []


def test_a_name_is_heard_before_a_common_word(register: ActorRegister) -> None:
    found = register.scan("paramilitary troops of the Sudan Shield Forces", dt.date(2024, 5, 1), "Sudan")
    assert [e.name for _, _, e in found] == ["Sudan Shield Forces"]
