"""Measures which sentences of Indian news are held to tell that police killed, used force or arrested somebody.

    python -m benchmarks relevance FILE --predictions OUT

FILE holds one JSON object a line (`doc_id`, `sent_id`, `sent_text`), plain or gzipped. OUT gets one object a line:
`{"doc_id", "sent_id", "relevant"}`. A sentence counts when a trigger of the coder for it is told as fact: an arrest, or
force by those the sentence calls police, soldiers or the like. The reader of actors is not asked: these texts are in
small letters.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypedDict

from benchmarks.places import make_article
from benchmarks.tolls import read_lines
from conflictdesk.coding.scenes import Frame, read_frames
from conflictdesk.language.parses import SpacyParser
from conflictdesk.records import Sentence
from conflictdesk.seams import Parser

POLICE = re.compile(
    r"\b(?:police\w*|cops?|constables?|officers?|jawans?|army|troops|soldiers|paramilitary|commandos?"
    r"|security (?:forces?|men|personnel)|crpf|rpf|srp|bsf|rapid action force|raf|cisf)\b",
    re.IGNORECASE,
)
HELD = re.compile(
    r"\barrest|\bdetain|\bnabbed|\brounded up|\btaken into custody|\bpicked up\b|\bcustody", re.IGNORECASE
)
FORCE = re.compile(
    r"\bfir(?:ed?|ing)\b|\bopened fire|\bshot\b|\bshoot|\bkill|\btear ?-?gas|\blathi|\bbaton|\bcane|\brubber bullets?"
    r"|\bbeat|\bthrash|\bburst",
    re.IGNORECASE,
)
FORCEFUL = frozenset(("shoot", "kill", "harm", "attack", "disperse", "strike"))


class Prediction(TypedDict):
    """Whether one sentence tells of it."""

    doc_id: str
    sent_id: str
    relevant: bool


def predict(path: Path, parser: Parser | None = None) -> list[Prediction]:
    """Decide on every sentence of a benchmark file."""
    parser = parser or SpacyParser(wanted=may_be_relevant)
    return [
        {"doc_id": r["doc_id"], "sent_id": r["sent_id"], "relevant": is_relevant(r["sent_text"], parser)}
        for r in read_lines(path)
    ]


def may_be_relevant(text: str) -> bool:
    """True when a sentence has the words, so that its grammar is worth reading."""
    return HELD.search(text) is not None or (FORCE.search(text) is not None and POLICE.search(text) is not None)


def is_relevant(text: str, parser: Parser) -> bool:
    """True when the text tells as fact of an arrest, or of force by police."""
    if not may_be_relevant(text) or not text.strip():
        return False
    parse = parser.parse(make_article("sentence", text))
    return any(_tells(sentence) for sentence in parse.sentences if sentence.tokens)


def _tells(sentence: Sentence) -> bool:
    frames = [f for f in read_frames(sentence, [], [], lambda _phrase, _country: None) if f.standing == "fact"]
    return any(f.trigger.act == "arrest" or _is_force(f, sentence.text) for f in frames)


def _is_force(frame: Frame, text: str) -> bool:
    if frame.trigger.act not in FORCEFUL or FORCE.search(text) is None:
        return False
    return frame.trigger.act == "disperse" or any(POLICE.search(party.text) for party in frame.agents)
