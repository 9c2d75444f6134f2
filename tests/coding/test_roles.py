"""Who did it to whom, as the grammar of a sentence says it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from coded_texts import code_text, tell_all

from conflictdesk.pipeline import Tools

_CASES = tomllib.loads(Path(__file__).with_name("role_sentences.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["text"][:60])
def test_parties(case: dict[str, str], tools: Tools) -> None:
    told = tell_all(code_text(tools, case["text"]))
    assert [(m["actor1"], m["actor2"]) for m in told] == [(case["actor1"], case["actor2"])]


def test_an_accusation_is_kept_but_names_no_doer(tools: Tools) -> None:
    text = "Two Turkish soldiers were killed on Monday in Idlib in shelling that Ankara blamed on Syrian forces."
    (mention,) = code_text(tools, text).mentions
    assert mention.actor1 is not None and mention.actor1.name == "Unidentified Armed Group (Syria)"
    assert [(a.actor, a.basis) for a in mention.attribution] == [("Military Forces of Syria", "accused")]
