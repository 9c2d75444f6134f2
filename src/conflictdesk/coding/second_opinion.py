"""Where the small model has a say beside the rules: whether a sentence tells of an event, and of which type.

Names, figures, days and places are never its business; and it is asked only about sentences that hold a trigger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from conflictdesk.coding.model import Judgement, SentenceModel
from conflictdesk.coding.scenes import Frame

_REFUSED = 0.02  # below this probability of any event the hybrid coder drops what the rules took for a fact
_RESCUED = 0.97  # above this it takes for a fact what the rules took for a habit or a mere name
_RESCUABLE = frozenset(("habit", "named"))
_SURE_KIND, _POOR_KIND = 0.9, 0.03


class Opinion(Protocol):
    """A second reader of sentences and incidents; it may change a frame's standing and an incident's type."""

    @property
    def name(self) -> str:
        """What the coder's name says of it."""
        ...

    def weigh_frames(self, text: str, frames: Sequence[Frame]) -> list[Frame]:
        """The frames of a sentence with their standing settled."""
        ...

    def weigh_kind(self, texts: Sequence[str], kind: str, rule: str) -> tuple[str, str]:
        """The sub-event type of an incident told by these sentences, and the rule that says so."""
        ...


class ModelAlone:
    """The model decides alone: what the rules say of standing and type is set aside."""

    def __init__(self, model: SentenceModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's name with its weights."""
        return self._model.name

    def weigh_frames(self, text: str, frames: Sequence[Frame]) -> list[Frame]:
        """Every trigger of a sentence is a fact if the model takes the sentence for one that tells of an event."""
        if not frames:
            return []
        judged = self._model.read(text)
        if judged.verdict == "event":
            return [replace(f, standing="fact", why=f"the model: an event, {judged.event:.2f}") for f in frames]
        return [replace(f, standing="named", why=f"the model: {judged.verdict}, {judged.event:.2f}") for f in frames]

    def weigh_kind(self, texts: Sequence[str], kind: str, rule: str) -> tuple[str, str]:
        """The type that the model thinks likeliest over all the sentences."""
        shares = share_kinds([self._model.read(text) for text in texts])
        best = max(shares, key=lambda k: (shares[k], k))
        return best, f"the model: {shares[best]:.2f}"


class ModelBeside:
    """The model beside the rules: it has a say only where it is sure."""

    def __init__(self, model: SentenceModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's name with its weights."""
        return f"rules with {self._model.name}"

    def weigh_frames(self, text: str, frames: Sequence[Frame]) -> list[Frame]:
        """Drop the facts of a sentence that the model is sure tells of nothing; take up what it is sure is an event."""
        facts = [f for f in frames if f.standing == "fact"]
        doubtful = [f for f in frames if f.standing in _RESCUABLE]
        if not facts and not doubtful:
            return list(frames)
        judged = self._model.read(text)
        if facts and judged.event < _REFUSED:
            why = f"the model: {judged.verdict}, {judged.event:.2f}"
            return [replace(f, standing="named", why=why) if f.standing == "fact" else f for f in frames]
        if not facts and judged.event > _RESCUED:
            why = f"the model: an event, {judged.event:.2f}"
            return [replace(f, standing="fact", why=why) if f.standing in _RESCUABLE else f for f in frames]
        return list(frames)

    def weigh_kind(self, texts: Sequence[str], kind: str, rule: str) -> tuple[str, str]:
        """Another type than that of the rules only where the model is sure of it and finds theirs unlikely."""
        shares = share_kinds([self._model.read(text) for text in texts])
        best = max(shares, key=lambda k: (shares[k], k))
        if shares[best] >= _SURE_KIND and shares.get(kind, 0.0) <= _POOR_KIND:
            return best, f"the model: {shares[best]:.2f}"
        return kind, rule


def share_kinds(judged: Sequence[Judgement]) -> Mapping[str, float]:
    """How likely each type is over several sentences of one incident; the first counts twice.

    >>> share_kinds([Judgement({"Attack": 0.9, "none": 0.1}), Judgement({"Grenade": 1.0})])
    {'Attack': 0.667, 'Grenade': 0.333}
    """
    weights = [2.0] + [1.0] * (len(judged) - 1)
    labels = sorted({label for one in judged for label in one.types})
    total = sum(weights[: len(judged)])
    return {
        label: round(sum(w * one.share(label) for w, one in zip(weights, judged, strict=False)) / total, 3)
        for label in labels
    }
