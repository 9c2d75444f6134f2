"""Cutting a text into sentences: a table of invented texts, and what holds of any text at all."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.language.sentences import split_sentences
from conflictdesk.records import Span

_CUTS: list[list[str]] = tomllib.loads(Path(__file__).with_name("sentence_cuts.toml").read_text("utf-8"))["cuts"]


def _rows() -> Iterator[object]:
    for marked, *wrong in _CUTS:
        marks = [pytest.mark.xfail(strict=False, reason=wrong[0])] if wrong else []
        yield pytest.param(marked, id=marked[:50], marks=marks)


@pytest.mark.parametrize("marked", list(_rows()))
def test_a_text_is_cut_where_its_bars_stand(marked: str) -> None:
    body = marked.replace("|", "").replace("/", "\n\n")
    wanted = [
        (number, sentence.strip())
        for number, paragraph in enumerate(filter(None, marked.split("/")), start=1)
        for sentence in paragraph.split("|")
    ]
    text = f"\n\n{body}"
    assert [(paragraph, span.quote(text)) for paragraph, span in split_sentences(text)] == wanted


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert sum(len(row) == 1 for row in _CUTS) >= 45


def test_the_headline_is_paragraph_nought() -> None:
    text = "Two die in blast\n\nA bomb went off. Two men died.\n\nPolice came."
    found = [(paragraph, span.quote(text)) for paragraph, span in split_sentences(text)]
    assert found == [
        (0, "Two die in blast"),
        (1, "A bomb went off."),
        (1, "Two men died."),
        (2, "Police came."),
    ]


def test_without_a_headline_the_body_begins_at_one() -> None:
    text = "\n\nA bomb went off.\n\nPolice came."
    assert [paragraph for paragraph, _ in split_sentences(text)] == [1, 2]


@pytest.mark.parametrize("text", ["", "\n\n", " \n\n \t", "\n\n\n"])
def test_a_text_without_words_has_no_sentence(text: str) -> None:
    assert list(split_sentences(text)) == []


_PIECES = st.sampled_from(
    "Gen. Aziz|U.S.|Sept. 3|KIDAL, Mali -|• |“Stop!”|...|…|;|.|!|?| |  |\n|\n\n|\t|\u00a0|الجيش قصف.|😀|👩🏽\u200d🚒|"
    "e\u0301|한국어|(|)|A.|b|12:05 -|4 March:".split("|")
)
_TEXTS = st.one_of(st.lists(_PIECES, max_size=30).map("".join), st.text(max_size=80))


@given(_TEXTS)
def test_sentences_lie_in_the_text_in_order_and_do_not_overlap(text: str) -> None:
    at, before = 0, 0
    for paragraph, span in split_sentences(text):
        assert at <= span.start < span.end <= len(text)
        assert paragraph >= before
        at, before = span.end, paragraph


@given(_TEXTS)
def test_no_character_but_space_is_left_out(text: str) -> None:
    covered = {n for _, span in split_sentences(text) for n in range(span.start, span.end)}
    assert [n for n, character in enumerate(text) if n not in covered and not character.isspace()] == []


@given(_TEXTS)
def test_a_sentence_neither_begins_nor_ends_with_space_nor_crosses_a_line(text: str) -> None:
    for _, span in split_sentences(text):
        quote = span.quote(text)
        assert quote == quote.strip()
        assert "\n" not in quote


@given(_TEXTS, _TEXTS)
def test_a_paragraph_is_cut_alike_whatever_stands_before_it(first: str, second: str) -> None:
    second = second.replace("\n", " ").strip()
    before = f"x\n\n{first.strip()}\n\n"
    alone = [Span(s.start - 3, s.end - 3) for _, s in split_sentences(f"x\n\n{second}") if s.start >= 3]
    together = [s for _, s in split_sentences(before + second) if s.start >= len(before)]
    assert [Span(s.start - len(before), s.end - len(before)) for s in together] == alone
