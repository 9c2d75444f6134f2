"""The grammar of an article: tokens keep their place in the text, and only wanted sentences have them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictdesk.language.parses import SpacyParser
from conflictdesk.records import Article, Parse

_TEXT = (
    "Two die in Kidal\n\n"
    "KIDAL, Mali, March 4 (Invented Wire) - Rebels killed two soldiers on Monday.  They fled.\n\n"
    "“We saw smoke 😀,” said Zoé Ba. الجيش قصف المدينة. The café burned."
)


def make_article(text: str) -> Article:
    return Article(
        article_id="a-1",
        page_id="p-1",
        page="invented.txt",
        external_id="invented",
        title=text.split("\n")[0],
        text=text,
        published_on=None,
        published_basis="unknown",
        language="en",
    )


@pytest.fixture(scope="module")
def parser() -> SpacyParser:
    return SpacyParser()


def check_offsets(text: str, parse: Parse) -> None:
    for sentence in parse.sentences:
        assert sentence.text == sentence.span.quote(text)
        at = sentence.span.start
        for token in sentence.tokens:
            assert at <= token.start < token.end <= sentence.span.end
            assert text[token.start : token.end] == token.text
            assert 0 <= token.head < len(sentence.tokens)
            assert token.lemma == token.lemma.lower()
            at = token.end


def test_tokens_are_the_words_of_the_text(parser: SpacyParser) -> None:
    parse = parser.parse(make_article(_TEXT))
    check_offsets(_TEXT, parse)
    assert [s.index for s in parse.sentences] == list(range(len(parse.sentences)))
    assert all(s.tokens for s in parse.sentences)


def test_tokens_leave_out_only_space(parser: SpacyParser) -> None:
    for sentence in parser.parse(make_article(_TEXT)).sentences:
        assert "".join(t.text for t in sentence.tokens) == "".join(sentence.text.split())


def test_a_sentence_has_a_root_above_every_token(parser: SpacyParser) -> None:
    for sentence in parser.parse(make_article(_TEXT)).sentences:
        assert any(n == token.head for n, token in enumerate(sentence.tokens))
        for n in range(len(sentence.tokens)):
            seen: set[int] = set()
            while n not in seen:
                seen.add(n)
                n = sentence.tokens[n].head
            assert sentence.tokens[n].head == n


def test_unwanted_sentences_have_no_tokens() -> None:
    parse = SpacyParser(wanted=lambda text: "killed" in text).parse(make_article(_TEXT))
    assert [s.text for s in parse.sentences if s.tokens] == ["Rebels killed two soldiers on Monday."]


def test_the_grammar_of_a_sentence_does_not_depend_on_which_others_are_wanted(parser: SpacyParser) -> None:
    every = {s.text: s.tokens for s in parser.parse(make_article(_TEXT)).sentences}
    for sentence in SpacyParser(wanted=lambda text: "killed" in text).parse(make_article(_TEXT)).sentences:
        assert sentence.tokens in ((), every[sentence.text])


def test_an_article_without_words_has_no_sentence(parser: SpacyParser) -> None:
    assert parser.parse(make_article("\n\n")).sentences == ()


def test_a_very_long_sentence_is_read_in_part(parser: SpacyParser) -> None:
    text = "\n\n" + "Rebels attacked a post and " * 200 + "fled."
    parse = parser.parse(make_article(text))
    check_offsets(text, parse)
    assert len(parse.sentences) == 1 and parse.sentences[0].tokens
    assert parse.sentences[0].text.endswith("fled.")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [
                "Gunmen killed two men.",
                "الجيش",
                "😀",
                "👩🏽‍🚒",
                "e\u0301",
                "한국어",
                "don't",
                "re-taken",
                "\n\n",
                " ",
                "\u00a0",
                "“",
                "”",
                "\u200b",
                "\t",
                "U.S.",
                "3,000",
                "$5m",
                "…",
                "\u202b",
            ]
        ),
        max_size=15,
    ).map(" ".join)
)
def test_offsets_hold_in_any_text(parser: SpacyParser, body: str) -> None:
    text = f"Headline\n\n{body}"
    check_offsets(text, parser.parse(make_article(text)))


def test_a_fronted_place_does_not_swallow_the_subject(parser: SpacyParser) -> None:
    text = "Two die\n\nIn West Darfur, fighters and allied militias looted the hospital on Monday."
    tokens = parser.parse(make_article(text)).sentences[1].tokens
    verb = next(n for n, token in enumerate(tokens) if token.text == "looted")
    assert [t.text for t in tokens if t.dep == "nsubj" and t.head == verb] == ["fighters"]
    assert next(t for t in tokens if t.text == "In").head == verb
