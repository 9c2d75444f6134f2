"""A small model that says of a sentence whether it tells of an event, and of which type.

It is all-MiniLM-L6-v2, fine-tuned on texts of our own (see `training/`) and kept as int8 numbers; it runs offline on
one core. It never produces a name, a figure or a quote: those come from the readers, which find them in the text.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from conflictdesk.codebook.types import load_event_types
from conflictdesk.errors import ConfigError
from conflictdesk.records import Verdict

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "minilm"
PARTS = ("onnxruntime", "tokenizers")
_REMEMBERED = 2000
MEND = "install them with: pip install 'conflictdesk[model]'"
_VERDICTS: Mapping[str, Verdict] = MappingProxyType({"none": "nothing", "background": "background", "claim": "claim"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model makes of one text: label -> probability; labels are sub-event types and the other verdicts."""

    probabilities: Mapping[str, float]

    @property
    def event(self) -> float:
        """The probability that the text tells of an event of the codebook.

        >>> round(Judgement({"Attack": 0.5, "Grenade": 0.2, "none": 0.2, "claim": 0.1}).event, 3)
        0.7
        """
        return sum(self.probabilities[label] for label in self.types)

    @property
    def types(self) -> tuple[str, ...]:
        """The labels that are sub-event types."""
        return tuple(label for label in self.probabilities if label not in _VERDICTS)

    @property
    def kind(self) -> str:
        """The likeliest sub-event type, if it is an event.

        >>> Judgement({"Attack": 0.3, "Grenade": 0.2, "none": 0.5}).kind
        'Attack'
        """
        return max(self.types, key=lambda label: (self.probabilities[label], label))

    @property
    def verdict(self) -> Verdict:
        """The likeliest verdict, all types of events taken together.

        >>> Judgement({"Attack": 0.3, "Grenade": 0.3, "none": 0.4}).verdict
        'event'
        """
        others = [(p, label) for label, p in self.probabilities.items() if label in _VERDICTS]
        best = max(others, default=(0.0, "none"))
        return "event" if self.event >= best[0] else _VERDICTS[best[1]]

    def share(self, kind: str) -> float:
        """The probability of a sub-event type among all types, if it is an event."""
        return self.probabilities.get(kind, 0.0) / self.event if self.event else 0.0


class SentenceModel:
    """The packaged model, opened at its first sentence.

    Raises:
        ConfigError: the parts that run it are not installed, or its files are missing or not the ones we made.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        missing = [part for part in PARTS if importlib.util.find_spec(part) is None]
        if missing:
            raise ConfigError(f"the model needs {' and '.join(missing)}: {MEND}")
        self._known = _read_manifest(folder)
        self._read: dict[str, Judgement] = {}  # a sentence is asked about for its standing, then for its type

    @property
    def name(self) -> str:
        """A name that changes with the weights."""
        return f"minilm {self._known.sha256[:8]}"

    def read(self, text: str) -> Judgement:
        """Judge one sentence or short text; the same text always gets the same numbers."""
        if text not in self._read:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            self._read[text] = self._judge(text)
        return self._read[text]

    def _judge(self, text: str) -> Judgement:
        found = self._tokenizer.encode(text)
        # One text at a time: in a batch the int8 steps would depend on the texts beside it.
        feed = {"ids": np.array([found.ids]), "mask": np.array([found.attention_mask])}
        logits = np.asarray(self._session.run(["logits"], feed)[0], dtype=np.float64)[0] / self._known.temperature
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        return Judgement(dict(zip(self._known.labels, shares.tolist(), strict=True)))

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(self._known.length)
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        body = (self._folder / "model.onnx").read_bytes()
        found = hashlib.sha256(body).hexdigest()
        if found != self._known.sha256:
            raise ConfigError(f"{self._folder / 'model.onnx'} has SHA-256 {found}, not {self._known.sha256}")
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        return InferenceSession(body, options, providers=["CPUExecutionProvider"])


@dataclass(frozen=True, slots=True)
class _Manifest:
    labels: tuple[str, ...]
    temperature: float
    length: int
    sha256: str


def _read_manifest(folder: Path) -> _Manifest:
    path = folder / "labels.json"
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        known = _Manifest(tuple(held["labels"]), float(held["temperature"]), int(held["length"]), str(held["sha256"]))
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(
            f"the model's {path} cannot be read ({error}): training/README.md says how it is made"
        ) from error
    types = {entry.sub_event_type for entry in load_event_types().types}
    if unknown := set(known.labels) - types - set(_VERDICTS):
        raise ConfigError(f"{path}: labels that the codebook does not have: {', '.join(sorted(unknown))}")
    return known
