"""Finding and resolving the place names of an article."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictdesk.locate.gazetteer import FileGazetteer
from conflictdesk.locate.places import find_homes, learn_homes, read_places, resolve_spans
from conflictdesk.records import Article, Parse, Place, Sentence, Span, Token, Toponym


class Case(TypedDict, total=False):
    text: str
    want: list[str]
    never: list[str]


CASES = cast(list[Case], tomllib.loads(Path(__file__).with_name("place_sentences.toml").read_text("utf-8"))["case"])


def make_article(text: str, source: str | None = None) -> Article:
    return Article(
        article_id="a-1",
        page_id="p-1",
        page="page.txt",
        external_id="page",
        title="",
        text=text,
        published_on=None,
        published_basis="unknown",
        language="en",
        source=source,
    )


def make_parse(text: str, tokens: tuple[Token, ...] = ()) -> Parse:
    sentence = Sentence(index=0, paragraph=0, span=Span(0, len(text)), text=text, tokens=tokens)
    return Parse(article_id="a-1", sentences=(sentence,))


def read(text: str, gazetteer: FileGazetteer, home: Sequence[tuple[Place, float]] = ()) -> tuple[Toponym, ...]:
    return read_places(make_article(text), make_parse(text), gazetteer, home)


def describe(toponym: Toponym) -> list[str]:
    place = toponym.place
    return [place.name, place.kind, place.country or "-", place.admin1 or "-", str(place.precision), toponym.relation]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_names_mean_what_a_reader_takes_them_to_mean(case: Case, gazetteer: FileGazetteer) -> None:
    text = case["text"]
    found = {each.span.quote(text): each for each in reversed(read(text, gazetteer))}
    for line in case.get("want", []):
        quote, want = (part.strip() for part in line.split(" = "))
        assert quote in found, f"{quote!r} is not among {sorted(found)}"
        parts = [part.strip() for part in want.split("|")]
        got = describe(found[quote])
        assert all(part in ("-", there) for part, there in zip(parts, got, strict=True)), f"{quote}: {got}"


@pytest.mark.parametrize("case", [case for case in CASES if "never" in case], ids=lambda case: case["text"][:50])
def test_other_capitalised_words_are_no_places(case: Case, gazetteer: FileGazetteer) -> None:
    text = case["text"]
    found = {each.span.quote(text) for each in read(text, gazetteer)}
    assert not found & set(case["never"])


def test_a_phrase_holds_its_name_and_the_words_that_bound_it(gazetteer: FileGazetteer) -> None:
    text = "A shell landed on the outskirts of Kherson, about 10 kilometres from Oleshky."
    found = read(text, gazetteer)
    assert [each.phrase.quote(text) for each in found[:1]] == ["outskirts of Kherson"]
    assert all(each.phrase.holds(each.span) for each in found)


def test_a_label_of_the_grammar_can_rule_a_surname_out(gazetteer: FileGazetteer) -> None:
    town, surname = "Crowds gathered in Taiz at dawn.", "Crowds gathered for Tulsi at dawn."
    label = Token("Taiz", "taiz", "PROPN", "NNP", "pobj", 1, 19, 23, "PERSON")
    other = Token("Tulsi", "tulsi", "PROPN", "NNP", "pobj", 1, 20, 25, "PERSON")
    assert [t.span.quote(town) for t in read_places(make_article(town), make_parse(town, (label,)), gazetteer)] == [
        "Taiz"
    ]
    assert read_places(make_article(surname), make_parse(surname, (other,)), gazetteer) == ()


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("The city of Manbij was shelled overnight.", "Manbij", "PRODUCT"),
        ("Rockets hit the town of Kherson at dawn.", "Kherson", "PERSON"),
        ("Villages in Lahij province were raided.", "Lahij", "ORG"),
    ],
)
def test_the_words_around_a_name_outweigh_a_wrong_label(
    text: str, name: str, label: str, gazetteer: FileGazetteer
) -> None:
    start = text.index(name)
    token = Token(name, name.lower(), "PROPN", "NNP", "pobj", 0, start, start + len(name), label)
    found = read_places(make_article(text), make_parse(text, (token,)), gazetteer)
    assert [each.span.quote(text) for each in found] == [name]


def test_a_distance_with_a_direction_gives_a_point(gazetteer: FileGazetteer) -> None:
    raqqa = gazetteer.find("Raqqa")[0]
    assert raqqa.latitude is not None and raqqa.longitude is not None
    north = read("A shell landed 40 km north of Raqqa.", gazetteer)[0].place
    miles = read("A shell landed about 25 miles (40 km) to the north of Raqqa.", gazetteer)[0].place
    somewhere = read("A shell landed 40 kilometres from Raqqa.", gazetteer)[0].place
    assert north.latitude == pytest.approx(raqqa.latitude + 40 / 111.2, abs=0.01)
    assert north.longitude == pytest.approx(raqqa.longitude, abs=0.01)
    assert miles.latitude == pytest.approx(north.latitude, abs=0.01)
    assert (somewhere.latitude, somewhere.radius_km) == (raqqa.latitude, 40.0)
    assert (north.precision, north.radius_km, somewhere.precision) == (2, 12.0, 2)


def test_between_two_places_is_their_middle_with_one_phrase(gazetteer: FileGazetteer) -> None:
    text = "Troops clashed on the highway linking Kirkuk with Tikrit."
    left, right = read(text, gazetteer)
    assert (left.place.latitude, left.place.longitude) == (right.place.latitude, right.place.longitude)
    assert left.phrase == right.phrase and left.phrase.quote(text) == "highway linking Kirkuk with Tikrit"
    assert left.place.radius_km is not None and 40 < left.place.radius_km < 70


def test_a_village_of_a_known_name_far_from_the_town_it_lies_near_is_another(gazetteer: FileGazetteer) -> None:
    text = "Gunmen raided the village of Corsicana near Mopti in Mali."
    found = {each.span.quote(text): each.place for each in read(text, gazetteer)}
    assert (found["Corsicana"].country, found["Corsicana"].gazetteer_id) == ("Mali", None)


def test_homes_do_not_depend_on_the_order_of_the_articles(gazetteer: FileGazetteer) -> None:
    texts = [
        f"The council of {town} met in Dallas. Plano, Texas, was quiet." for town in ("Irving", "Garland", "Frisco")
    ]
    articles = [
        replace(
            make_article(text + f" Day {n} in {town}, Texas."), article_id=f"a-{n}-{m}", url="https://www.paper.test/x"
        )
        for m, text in enumerate(texts)
        for n, town in enumerate(("Mesquite", "McKinney"))
    ]
    homes = find_homes(articles, gazetteer)
    assert set(homes) == {"paper.test"} and {place.admin1 for place, _ in homes["paper.test"]} == {"Texas"}
    assert find_homes(articles[::-1], gazetteer) == homes
    assert find_homes(articles[:3], gazetteer) == {}


def test_the_paper_at_home_decides_between_towns_of_one_name(gazetteer: FileGazetteer) -> None:
    text = "The council of Paris met on Monday. Paris has a new fire station."
    lamar = next(place for place in gazetteer.find("Paris") if place.admin1 == "Texas" and place.kind == "town")
    dallas = gazetteer.find("Dallas")[0]
    away = read(text, gazetteer)
    at_home = read(text, gazetteer, [(lamar, 2.0), (dallas, 1.0)])
    assert {each.place.country for each in away} == {"France"}
    assert {each.place.admin1 for each in at_home} == {"Texas"}


def test_a_home_is_learnt_only_from_several_articles(gazetteer: FileGazetteer) -> None:
    towns = [gazetteer.find(name)[0] for name in ("Dallas", "Plano", "Irving", "Garland")]
    homes = learn_homes([("paper", towns)] * 4 + [("other", towns)] * 3)
    assert set(homes) == {"paper"}
    assert {place.admin1 for place, _ in homes["paper"]} == {"Texas"}


def test_given_spans_are_resolved_in_their_order(gazetteer: FileGazetteer) -> None:
    text = "In Springfield, Ill., and in Qwxzy, nothing happened."
    spans = [Span(29, 34), Span(3, 14)]
    unknown, springfield = resolve_spans(text, spans, gazetteer)
    assert unknown is None
    assert springfield is not None and springfield.admin1 == "Illinois"


WORDS = st.sampled_from(
    [
        "Aleppo",
        "near",
        "the",
        "village of",
        "Kyiv",
        "said.",
        "Ali",
        "\n\n",
        "🙂",
        "حلب",
        "between",
        "and",
        "al-Hol",
        "U.S.",
        "in",
        ",",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=25))
def test_spans_lie_in_the_text_in_order_and_apart(gazetteer: FileGazetteer, words: list[str]) -> None:
    text = " ".join(words)
    found = read(text, gazetteer)
    assert all(each.phrase.holds(each.span) and each.phrase.end <= len(text) for each in found)
    assert all(left.span.end <= right.span.start for left, right in itertools.pairwise(found))
    assert all(0 <= each.score <= 1 and each.place.precision in (1, 2, 3, 4) for each in found)
    assert found == read(text, gazetteer)
