"""Which of the 25 sub-event types an event is, its parties, place and toll, on invented articles of one event."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from coded_texts import TUESDAY, code_text, tell_all

from conflictdesk.codebook.types import load_event_types
from conflictdesk.pipeline import Tools

Row = dict[str, str | dt.date]
_CASES: list[Row] = tomllib.loads(Path(__file__).with_name("kind_sentences.toml").read_text("utf-8"))["case"]
_ABOUT = ("text", "published", "wrong", "type")


def _told(tools: Tools, row: Row) -> list[dict[str, str]]:
    text, published = row["text"], row.get("published", TUESDAY)
    assert isinstance(text, str) and isinstance(published, dt.date)
    return tell_all(code_text(tools, text, published_on=published))


def _mark(row: Row, *, wrong: bool) -> object:
    marks = [pytest.mark.xfail(strict=False, reason=str(row["wrong"]))] if wrong and "wrong" in row else []
    return pytest.param(row, id=f"{row['type']}: {str(row['text'])[:50]}", marks=marks)


@pytest.mark.parametrize("row", [_mark(row, wrong=True) for row in _CASES])
def test_an_article_of_one_event_gives_that_event(tools: Tools, row: Row) -> None:
    told = _told(tools, row)
    wanted = {name: value for name, value in row.items() if name not in ("text", "published", "wrong")}
    assert [{name: mention[name] for name in wanted} for mention in told] == [wanted]


def test_every_sub_type_has_a_case() -> None:
    assert {row["type"] for row in _CASES} == {entry.sub_event_type for entry in load_event_types().types}


@pytest.mark.parametrize("row", [_mark(row, wrong=False) for row in _CASES])
def test_every_mention_names_its_rule_and_a_type_of_the_codebook(tools: Tools, row: Row) -> None:
    text, published = str(row["text"]), row.get("published", TUESDAY)
    assert isinstance(published, dt.date)
    for mention in code_text(tools, text, published_on=published).mentions:
        entry = load_event_types().by_name(mention.sub_event_type)
        assert entry.event_type == mention.event_type
        assert mention.rule and mention.coder
