"""What the scenes of an incident offer to the rules that name its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from conflictdesk.coding.party_phrases import Party
from conflictdesk.coding.patterns import find_pattern
from conflictdesk.coding.scenes import Frame, Scene
from conflictdesk.records import Actor

_ARMED = frozenset(("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"))
_PROTEST_NOUN = find_pattern("protest_noun")
_STRIKE = re.compile(r"\b(?:on strike|strikes? (?:by|over)|walked out|walkout|stoppage)\b", re.IGNORECASE)
_WAY = find_pattern("way")
_BANNERS = re.compile(r"\b(?:banners?|placards?|slogans?|chanting|flags)\b", re.IGNORECASE)
_CAUSE = re.compile(
    r"\b(?:to demand|demanding|to call for|calling for|to denounce|in support of|to oppose|opposing|slogans)\b"
)
_CROWD_WORDS = find_pattern("crowd_words")
_THINGS = find_pattern("things")


@dataclass(frozen=True)
class Clues:
    """What one or more scenes of an incident offer to the rules."""

    scenes: tuple[Scene, ...]

    @cached_property
    def acts(self) -> frozenset[str]:
        return frozenset(a for s in self.scenes for a in s.acts)

    @cached_property
    def weapons(self) -> frozenset[str]:
        return frozenset(kind for s in self.scenes for kind, _ in s.weapons)

    @cached_property
    def text(self) -> str:
        return " ".join(s.text for s in self.scenes)

    def parties(self, role: str) -> tuple[Party, ...]:
        """The parties of all frames in the role "agents" or "patients"."""
        return tuple(p for s in self.scenes for f in s.frames for p in (f.agents if role == "agents" else f.patients))

    def actors(self, role: str) -> tuple[Actor, ...]:
        """The actors named in a role."""
        return tuple(p.reading.actor for p in self.parties(role) if p.reading)

    @cached_property
    def agent_kinds(self) -> frozenset[str]:
        return frozenset(a.kind for a in self.actors("agents"))

    @cached_property
    def patient_kinds(self) -> frozenset[str]:
        return frozenset(a.kind for a in self.actors("patients"))

    @cached_property
    def deaths(self) -> int:
        return max(
            (t.estimate.best for s in self.scenes for t in s.tolls if t.measure == "deaths" and not t.cumulative),
            default=0,
        )

    @cached_property
    def injured(self) -> int:
        return max(
            (t.estimate.best for s in self.scenes for t in s.tolls if t.measure == "injured" and not t.cumulative),
            default=0,
        )

    @cached_property
    def displaced(self) -> int:
        return max((t.estimate.best for s in self.scenes for t in s.tolls if t.measure == "displaced"), default=0)

    @cached_property
    def armed_agent(self) -> bool:
        return bool(self.agent_kinds & _ARMED)

    @cached_property
    def armed_patient(self) -> bool:
        guarded = ("Government of", "Private Security") if "Civilians" in self.patient_kinds else "Government of"
        return any(a.kind in _ARMED and not a.name.startswith(guarded) for a in self.actors("patients"))

    @cached_property
    def crowd(self) -> bool:
        """People who demonstrate: by the actor, or by a word for a demonstration."""
        kinds = self.agent_kinds | self.patient_kinds
        return "Protesters" in kinds or (
            "protest" in self.acts
            and any(f.trigger.act == "protest" and self._is_gathering(f) for s in self.scenes for f in s.frames)
        )

    def _is_gathering(self, frame: Frame) -> bool:
        """A demonstration by its noun, by a plain verb, or by people who block a road or march."""
        verb = frame.words.split()[0]
        if frame.trigger.noun or verb.startswith(("protest", "demonstrat", "picket", "take", "took")):
            return True
        people = any(are_people(p) for p in frame.agents)
        if verb.startswith(("march", "rall", "chant")):
            return people or not frame.agents or _BANNERS.search(self.text) is not None
        if verb.startswith("gather") and people and _CAUSE.search(self.text):
            return True
        if verb.startswith(("shut", "occup")) and _STRIKE.search(self.text):
            return False
        if verb.startswith(("block", "barricad", "imped", "shut", "occup", "blockad")):
            return (people or _PROTEST_NOUN.search(self.text) is not None) and any(
                _WAY.search(p.text) for p in frame.patients
            )
        return _PROTEST_NOUN.search(self.text) is not None and (people or not frame.agents)

    def has(self, *acts: str) -> bool:
        """True when one of the acts is told."""
        return bool(self.acts & frozenset(acts))


def are_people(party: Party) -> bool:
    """Unarmed people, known as such or told by their number."""
    if party.reading is not None:
        return party.reading.actor.kind in ("Civilians", "Protesters", "Rioters", "Identity militia")
    return _THINGS.search(party.text) is None and (
        _CROWD_WORDS.search(party.text) is not None or party.text.rstrip().endswith("s")
    )
