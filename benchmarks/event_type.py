"""Measures the reader of sub-event types on short texts of one to three sentences.

    python -m benchmarks event-type FILE --predictions OUT

FILE holds one JSON object a line (`id`, `text`). OUT gets one object a line: `{"id", "label"}`, the label as the short
codes of the shared task, one for each of the codebook's 25 sub-types; "OTHER" where the reader finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from benchmarks.places import make_article
from benchmarks.tolls import read_lines
from conflictdesk.coding.event_kinds import read_event_kinds
from conflictdesk.coding.model import SentenceModel
from conflictdesk.errors import ConfigError
from conflictdesk.language.parses import SpacyParser
from conflictdesk.locate.gazetteer import FileGazetteer, open_gazetteer
from conflictdesk.locate.places import read_places
from conflictdesk.seams import Parser

CODES: Mapping[str, str] = {
    "Government regains territory": "GOV_REGAINS_TERIT",
    "Non-state actor overtakes territory": "NON_STATE_ACTOR_OVERTAKES_TER",
    "Armed clash": "ARMED_CLASH",
    "Excessive force against protesters": "FORCE_AGAINST_PROTEST",
    "Protest with intervention": "PROTEST_WITH_INTER",
    "Peaceful protest": "PEACE_PROTEST",
    "Violent demonstration": "VIOL_DEMONSTR",
    "Mob violence": "MOB_VIOL",
    "Chemical weapon": "CHEM_WEAP",
    "Air/drone strike": "AIR_STRIKE",
    "Suicide bomb": "SUIC_BOMB",
    "Shelling/artillery/missile attack": "ART_MISS_ATTACK",
    "Remote explosive/landmine/IED": "REM_EXPLOS",
    "Grenade": "GRENADE",
    "Sexual violence": "SEX_VIOL",
    "Attack": "ATTACK",
    "Abduction/forced disappearance": "ABDUCT_DISSAP",
    "Agreement": "AGREEMENT",
    "Arrests": "ARREST",
    "Change to group/activity": "CHANGE_TO_GROUP_ACT",
    "Disrupted weapons use": "DISR_WEAP",
    "Headquarters or base established": "HQ_ESTABLISHED",
    "Looting/property destruction": "PROPERTY_DISTRUCT",
    "Non-violent transfer of territory": "NON_VIOL_TERRIT_TRANSFER",
    "Other": "OTHER",
}


class Prediction(TypedDict):
    """The sub-event type of one text, as the code of the shared task."""

    id: str
    label: str


def predict(path: Path, model: SentenceModel | None = None) -> list[Prediction]:
    """Name the sub-event type of every text of a benchmark file, by rules and words, and by the model if given."""
    parser, gazetteer = SpacyParser(), open_gazetteer()
    return [
        {"id": record["id"], "label": CODES[ranked[0][0]] if ranked else "OTHER"}
        for record in read_lines(path)
        for ranked in [rank_kinds(str(record["id"]), record["text"], parser, gazetteer, model)]
    ]


def predict_best(path: Path) -> list[Prediction]:
    """Like `predict`, with the small model where what it needs is installed; says so where it is not."""
    try:
        model = SentenceModel()
    except ConfigError as error:
        print(f"event-type: without the model ({error})")
        return predict(path)
    return predict(path, model)


def rank_kinds(
    name: str, text: str, parser: Parser, gazetteer: FileGazetteer, model: SentenceModel | None = None
) -> Sequence[tuple[str, float]]:
    """The sub-event types of one text, the likeliest first."""
    article = make_article(name, f"\n\n{text}")  # no headline: the text begins behind an empty line
    parse = parser.parse(article)
    judged = model.read(text) if model else None
    return read_event_kinds(article, parse, read_places(article, parse, gazetteer), judged)
