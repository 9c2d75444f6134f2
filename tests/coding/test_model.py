"""The small model behind the seam of the coder: what it may say, and what it must leave to the readers of the text."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from coded_texts import make_article
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdesk.codebook.types import load_event_types
from conflictdesk.coding.mentions import code_mentions, open_coder
from conflictdesk.coding.model import FOLDER, SentenceModel
from conflictdesk.coding.second_opinion import ModelBeside
from conflictdesk.errors import ConfigError
from conflictdesk.locate.places import read_places
from conflictdesk.pipeline import Tools
from conflictdesk.records import Coding, Mention

_TEXT = (
    "Gunmen on motorbikes killed four farmers near Gao on Monday, residents said.\n\n"
    "Police fired tear gas at hundreds of marchers in Bamako on Sunday and arrested nine of them.\n\n"
    "The president condemned the attack and promised to send more troops. He will travel to the north next week."
)


@pytest.fixture(scope="module")
def model() -> SentenceModel:
    return SentenceModel()


def test_its_labels_are_the_codebooks(model: SentenceModel) -> None:
    judged = model.read("Two rockets hit a market in the town, killing a woman.")
    types = {entry.sub_event_type for entry in load_event_types().types}
    assert set(judged.types) == types
    assert set(judged.probabilities) - types == {"background", "claim", "none"}


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_gets_probabilities_and_the_same_ones_again(text: str, model: SentenceModel) -> None:
    judged = model.read(text)
    assert abs(sum(judged.probabilities.values()) - 1) < 1e-6
    assert all(0 <= p <= 1 for p in judged.probabilities.values())
    assert SentenceModel().read(text) == judged


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "A lorry bomb driven by a militant went off at the barracks gate, killing him and five recruits.",
            "Suicide bomb",
        ),
        (
            "Some two thousand nurses walked through the capital with candles to ask for their wages.",
            "Peaceful protest",
        ),
        (
            "Masked gunmen kidnapped a radio host on his way to work on Tuesday and drove off with him.",
            "Abduction/forced disappearance",
        ),
        ("The two sides signed a truce at a hotel by the lake late on Friday.", "Agreement"),
    ],
)
def test_it_names_the_type_of_a_plain_sentence(text: str, kind: str, model: SentenceModel) -> None:
    judged = model.read(text)
    assert judged.verdict == "event" and judged.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "The champions will attack from the first whistle, their coach said before Saturday's final.",
        "The minister warned that the rebels might attack the port if talks fail next month.",
        "Shares of the arms maker exploded on the exchange after the order was announced.",
    ],
)
def test_it_refuses_what_is_no_event(text: str, model: SentenceModel) -> None:
    assert model.read(text).event < 0.5


def _code(tools: Tools, coder: str) -> Coding:
    article = make_article(_TEXT)
    parse = tools.parser.parse(article)
    return code_mentions(article, parse, read_places(article, parse, tools.gazetteer), open_coder(coder))


@pytest.mark.parametrize("coder", ["hybrid", "model"])
def test_names_figures_days_and_places_stay_those_of_the_text(coder: str, tools: Tools) -> None:
    by_rules = {m.evidence["event_type"]: m for m in _code(tools, "rules").mentions}
    mentions = _code(tools, coder).mentions
    assert mentions

    def read(m: Mention) -> tuple[object, ...]:
        return m.dates, m.place, m.deaths, m.injured

    for mention in mentions:
        assert mention.coder != by_rules[mention.evidence["event_type"]].coder
        assert read(mention) == read(by_rules[mention.evidence["event_type"]])


def test_where_it_is_unsure_the_rules_keep_their_type(model: SentenceModel) -> None:
    said = ModelBeside(model).weigh_kind(["Something happened there, people said."], "Attack", "an attack is told")
    assert said == ("Attack", "an attack is told")


def test_other_weights_than_ours_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "minilm"
    shutil.copytree(FOLDER, folder)
    body = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    with pytest.raises(ConfigError, match="SHA-256"):
        SentenceModel(folder).read("A bomb went off.")


def test_labels_that_the_codebook_lacks_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "minilm"
    shutil.copytree(FOLDER, folder)
    held = json.loads((folder / "labels.json").read_text("utf-8"))
    (folder / "labels.json").write_text(json.dumps(held | {"labels": ["Sea battle", *held["labels"][1:]]}), "utf-8")
    with pytest.raises(ConfigError, match="Sea battle"):
        SentenceModel(folder)


def test_without_its_parts_the_rules_still_run_and_the_model_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from conflictdesk.coding.mentions import open_coder\n"
        "from conflictdesk.errors import ConfigError\n"
        "print(open_coder('rules').name)\n"
        "try: open_coder('hybrid')\n"
        "except ConfigError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    rules, refusal = done.stdout.splitlines()
    assert rules.startswith("rules") and "onnxruntime" in refusal and "pip install" in refusal
