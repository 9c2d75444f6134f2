"""The reader of noun phrases: phrases of our own in a table, offsets and the finder without a parse."""

from __future__ import annotations

import datetime as dt
import pathlib
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.codebook.actors import load_actors
from conflictdesk.codebook.countries import load_countries
from conflictdesk.coding.actors import ActorReading, actor_words, find_actors, head_category, resolve_actor

_TABLE = tomllib.loads(pathlib.Path(__file__).with_name("actor_phrases.toml").read_text(encoding="utf-8"))
_PHRASES: list[dict[str, object]] = _TABLE["phrase"]


def _resolve(text: str, country: str | None = None, on: dt.date | None = None) -> ActorReading | None:
    return resolve_actor(text, register=load_actors(), countries=load_countries(), country=country, on=on)


@pytest.mark.parametrize("row", _PHRASES, ids=lambda row: f"{row['text']} / {row.get('country')} {row.get('on', '')}")
def test_phrase_names_its_actor(row: dict[str, object]) -> None:
    text, country, on = row["text"], row.get("country"), row.get("on")
    assert isinstance(text, str)
    reading = _resolve(text, country if isinstance(country, str) else None, on if isinstance(on, dt.date) else None)
    got: dict[str, object] = {}
    if reading is not None:
        got = {
            "name": reading.actor.name,
            "kind": reading.actor.kind,
            "shown": text[reading.start : reading.end],
            "group": reading.group.name if reading.group else None,
            "inferred": reading.inferred is not None,
            "suspected": reading.suspected,
        }
    keys = {"name", *(k for k in ("kind", "shown", "group", "inferred", "suspected") if k in row)}
    assert {k: got.get(k) for k in keys} == {k: row.get(k) for k in keys}


def test_table_is_long_enough_to_mean_something() -> None:
    assert len(_PHRASES) >= 120
    assert sum("name" not in row for row in _PHRASES) >= 8


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("soldiers", "military"),
        ("policeman", "police"),
        ("authorities", "government"),
        ("gunmen", "armed"),
        ("militia", "armed"),
        ("demonstrators", "protest"),
        ("looters", "riot"),
        ("mob", "mob"),
        ("Villagers", "civilian"),
        ("herders", "identity"),
        ("house", None),
        ("checkpoint", None),
    ],
)
def test_head_category(word: str, category: str | None) -> None:
    assert head_category(word) == category
    assert (word.lower() in actor_words()) is (category is not None)


def _found(text: str, country: str | None = None) -> list[tuple[str, str]]:
    readings = find_actors(text, register=load_actors(), countries=load_countries(), country=country)
    return [(text[r.start : r.end], r.actor.name) for r in readings]


def test_finds_actors_without_a_parse() -> None:
    text = "Suspected Boko Haram fighters killed 12 farmers in a village, and Nigerian troops fired back."
    assert _found(text, "Nigeria") == [
        ("Boko Haram", "Boko Haram"),
        ("farmers", "Civilians (Nigeria)"),
        ("Nigerian troops", "Military Forces of Nigeria"),
    ]


def test_finder_leaves_places_and_things_alone() -> None:
    assert _found("The bridge near Aleppo in Syria was closed after heavy rain.", "Syria") == []


def test_pronoun_us_is_not_a_country() -> None:
    assert _found("They told us that the road was open.", "Mali") == []


@given(st.text(alphabet=st.sampled_from("Taliban soldiers, of the U.S. and 3 Kurds’s é😀\n'-"), max_size=60))
def test_spans_lie_inside_any_text(text: str) -> None:
    for reading in find_actors(text, register=load_actors(), countries=load_countries(), country="Iraq"):
        assert 0 <= reading.start < reading.end <= len(text)
        assert text[reading.start : reading.end].strip()


@given(st.text(max_size=40))
def test_any_phrase_is_read_or_refused(phrase: str) -> None:
    reading = _resolve(phrase, "Mali")
    assert reading is None or 0 <= reading.start < reading.end <= len(phrase)
