"""Sentences that are no plain claim of a total, and the figures, places and names that must still be read."""

from __future__ import annotations

import time

import pytest

from conflictdesk.analyse.claim_actors import find_known_names
from conflictdesk.analyse.claim_sentences import GivenParts, read_claim_sentence
from conflictdesk.questions import ClaimReading

ACTORS = {"Reds": 40, "Blues of the Hills": 3}


def read(sentence: str, **given: str) -> ClaimReading:
    parts = GivenParts(measure="deaths") if given else GivenParts()
    return read_claim_sentence(sentence, ACTORS, None, None, parts)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("About 90 people a day were killed in Mali in 2018.", '"a day" makes it a rate'),
        ("2,700 people per month were killed in Mali in 2018.", '"per month" makes it a rate'),
        ("On average 90 people were killed in Mali in 2018.", "makes it a rate"),
        ("The Reds did not kill 400 people in Mali in 2018.", '"did not" may deny'),
        ("Between 300 and 400 people were killed in Mali in 2018.", "is a range"),
        ("300 to 400 people were killed in Mali in 2018.", "is a range"),
        ("300\u2013400 people were killed in Mali in 2018.", "is a range"),
        ("400 people were killed or injured in Mali in 2018.", "the dead and the injured together"),
        ("The Reds killed 400 children in Mali in 2018.", '"children" are only some'),
        ("200 women were killed by the Reds in Mali in 2018.", '"women" are only some'),
        ("The Reds killed 400 people, mostly civilians, in Mali in 2018.", "only a part of the figure"),
        ("33.328 people were killed in Mali in 2018.", "no whole number"),
        ("The Reds killed > 400 people in Mali in 2018.", "the sign before"),
        ("The Reds killed 500 more people in 2018 than in 2017.", "mere difference"),
        ("500 fewer people died in Mali in 2018 than in 2017.", "mere difference"),
        ("Twice as many people died in Mali in 2016 as in 2018.", "the other way round"),
        ("Deaths in Mali rose from 900 in 2016 to 400 in 2017.", "say the opposite"),
        ("Deaths in Mali fell threefold in 2018 compared with 2017.", "say the opposite"),
        ("The Reds killed 400 people in Mali by the end of 2018.", "no clear first and last day"),
        ("The Reds killed 400 people in Mali in the summer of 2018.", "no clear first and last day"),
        ("400 people were killed in Mali on 30 February 2016.", "no day of the calendar"),
        ("400 people were killed outside Bamako in 2018.", "leaves a place out"),
    ],
)
def test_what_is_no_plain_total_is_not_read_as_one(sentence: str, word: str) -> None:
    assert word in "; ".join(read(sentence).unread)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Reds killed 400 people in Mali in 2018, a year of fighting.",
        "No fewer than 400 people were killed in Mali in 2018.",
        "The Reds killed 400 people in Mali in 2018, up from 300 a year earlier.",
        "Deaths in Mali fell from 400 in 2017 to 300 in 2018.",
        "The Reds killed 400 people and injured 200 in Mali in 2018.",
        "400 civilians were killed in Mali in 2018.",
        "The Reds killed one thousand two hundred and thirty-four people in Mali in 2018.",
    ],
)
def test_a_plain_claim_raises_no_doubt(sentence: str) -> None:
    assert read(sentence).unread == ()


def test_a_measure_that_a_person_sets_settles_dead_and_injured() -> None:
    said = "400 people were killed or injured in Mali in 2018."
    assert read(said).unread
    assert read(said, measure="deaths").unread == ()


@pytest.mark.parametrize("figure", ["33,328", "33 328", "33\u00a0328", "33'328", "33\u2019328", "33328"])
def test_thousands_are_read_however_they_are_set_apart(figure: str) -> None:
    reading = read(f"{figure} people were killed in Mali in 2018.")
    assert [f.value for f in reading.figures] == [33328]
    assert reading.figures[0].quote == figure


def test_arabic_figures_are_read_whole() -> None:
    reading = read("The Reds killed \u0664\u066c\u0660\u0660\u0660 people in Mali in 2018.")
    assert [f.value for f in reading.figures] == [4000]


@pytest.mark.parametrize(
    ("words", "percent"),
    [("A third fewer", -33.3333), ("Two thirds fewer", -66.6667), ("A quarter more", 25.0)],
)
def test_a_part_fewer_or_more_is_a_change(words: str, percent: float) -> None:
    reading = read(f"{words} people were killed in Mali in 2018 than in 2017.")
    assert reading.change == pytest.approx(percent, abs=1e-3)
    assert reading.figures == ()


def test_killings_are_deaths() -> None:
    assert read("Killings in Mali fell by a third in 2018 compared with 2017.").measure == "deaths"


@pytest.mark.parametrize(
    ("sentence", "countries"),
    [
        ("400 people were killed in Mali and Niger in 2018.", ("Mali", "Niger")),
        ("In Mali, Niger and Chad, 400 people were killed in 2018.", ("Mali", "Niger", "Chad")),
        ("Mali saw 400 deaths in 2018.", ("Mali",)),
        ("Mali's death toll was 400 in 2018.", ("Mali",)),
    ],
)
def test_every_country_of_the_place_is_read(sentence: str, countries: tuple[str, ...]) -> None:
    assert read(sentence).country == countries


@pytest.mark.parametrize("piece", ["RED and ", "Al-Qaeda ", "A-", "of Al ", "one hundred ", "between ", "2017 to "])
def test_a_long_row_of_names_is_read_in_time(piece: str) -> None:
    began = time.perf_counter()
    read(piece * (10_000 // len(piece)))
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Islamic State", "IS"),
        ("ISIS", "IS"),
        ("the Syrian government", "Government of Syria"),
        ("Syrian army", "Government of Syria"),
    ],
)
def test_the_codebook_tells_which_name_is_meant(said: str, name: str) -> None:
    assert find_known_names(said, ["IS", "Islamic Front", "Government of Syria", "Syrian insurgents"]) == [name]
