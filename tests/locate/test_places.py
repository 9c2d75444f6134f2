"""Finding and resolving the place names of an article."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictdesk.locate.gazetteer import FileGazetteer
from conflictdesk.locate.places import learn_homes, read_places, resolve_spans
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
    homes = learn_homes([("paper", towns)] * 3 + [("other", towns)])
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
