"""Sentences around a quote: the same as by looking through the text stop by stop, and quick for thousands of quotes."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.exchange.coded_texts import cut_sentences

_TEXTS = st.lists(st.sampled_from(["It rained. ", "On Sept. 3 two died. ", "No!\n\n", "Why? ", "so ", "J. Doe "])).map(
    "".join
)
_STOP = re.compile(r"[.!?]+\s+(?=[A-Z0-9])|\n+")
_SHORT = re.compile(r"(?:\bSept|\bNo|\b[A-Z])$")


def _look_through(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = 0, len(text)
    for stop in _STOP.finditer(text):
        if text[stop.start()] == "." and _SHORT.search(text[: stop.start()]) and "\n" not in stop[0]:
            continue
        if stop.end() <= start:
            first = stop.end()
        elif stop.start() >= end - 1:
            last = stop.end()
            break
    return first, first + len(text[first:last].rstrip())


@given(text=_TEXTS, data=st.data())
def test_cuts_where_a_look_through_the_text_cuts(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert cut_sentences(text, start, end) == _look_through(text, start, end)


def test_thousands_of_quotes_of_one_article_take_no_minutes() -> None:
    sentence = "Two people died in Orvel. "
    text, began = sentence * 8000, time.process_time()
    for number in range(8000):
        first, last = cut_sentences(text, number * len(sentence), number * len(sentence) + 3)
        assert text[first:last] == sentence.strip()
    assert time.process_time() - began < 10
