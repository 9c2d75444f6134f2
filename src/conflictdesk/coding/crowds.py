"""Tests for crowds: who demonstrates, who destroys, whom the police hurt."""

from __future__ import annotations

import re

from conflictdesk.coding.clues import Clues
from conflictdesk.coding.patterns import find_pattern

_LIVE_FIRE = find_pattern("live_fire")
_PROPERTY_BY_CROWD = find_pattern("property_by_crowd")
_WAY = find_pattern("way")
_POLICE = find_pattern("police")
_ACTIVE = find_pattern("active")


def is_violent_crowd(c: Clues) -> bool:
    """Demonstrators destroy things, fight or attack."""
    if not (c.crowd or "Rioters" in c.agent_kinds or c.has("riot")) or (c.armed_agent and not c.crowd):
        return False
    if any(
        f.trigger.act in ("attack", "riot", "loot")
        and any(p.reading and p.reading.actor.kind in ("Protesters", "Rioters") for p in f.agents)
        for s in c.scenes
        for f in s.frames
    ):
        return True
    return (
        "Rioters" in c.agent_kinds
        or c.has("riot")
        or (c.crowd and _PROPERTY_BY_CROWD.search(c.text) is not None and not only_police_force(c))
    )


def only_police_force(c: Clues) -> bool:
    """True when nothing is told of the crowd itself."""
    return not c.has("clash", "riot", "loot", "blast") and not (c.weapons & {"crowd"})


def is_excessive_force(c: Clues) -> bool:
    """Demonstrators are killed, shot or badly hurt."""
    if _BY_CANISTER.search(c.text) and not c.armed_patient:
        return True
    if not c.crowd or (not c.has("protest", "riot", "disperse") and c.weapons & {"air", "shelling"}):
        return False
    state = bool(c.agent_kinds & {"State forces", "External/Other forces"}) or _POLICE.search(c.text) is not None
    marchers = "Protesters" in c.patient_kinds or not c.patient_kinds or (c.patient_kinds == {"Civilians"} and state)
    if not marchers or (not state and is_violent_crowd(c)):
        return False
    return (c.deaths > 0 or c.injured > 0 or _LIVE_FIRE.search(c.text) is not None) and c.has(
        "shoot", "kill", "harm", "attack", "disperse", "strike", "clash"
    )


_BY_CANISTER = re.compile(
    r"\b(?:killed|struck|hit|wounded|injured|blinded) (?:[\w-]+ ){0,5}?by (?:an? |the )?(?:[\w-]+ ){0,2}?"
    r"(?:tear[- ]?gas (?:canister|grenade|shell|cartridge)|rubber(?:-coated)? bullet)s?\b",
    re.IGNORECASE,
)


def is_arson(c: Clues) -> bool:
    """Unarmed people in the plural burn or wreck things."""
    return not c.armed_agent and any(
        f.trigger.act == "loot"
        and re.match(r"torch|set|burn|ransack|loot|vandal|smash", f.words)
        and any(
            p.reading
            and p.reading.actor.kind in ("Civilians", "Protesters")
            and p.text.rstrip().endswith(("s", "people", "men", "youth"))
            for p in f.agents
        )
        for s in c.scenes
        for f in s.frames
    )


def is_storming(c: Clues) -> bool:
    """Unarmed people with a cause force their way into a building: "activists invaded the headquarters"."""
    return (
        not c.armed_agent
        and c.deaths == 0
        and any(
            f.trigger.act in ("attack", "capture", "advance")
            and any(_ACTIVE.search(p.text) for p in f.agents)
            and any(_WAY.search(p.text) for p in f.patients)
            for s in c.scenes
            for f in s.frames
        )
    )


def is_lynching(c: Clues) -> bool:
    """Unarmed people in the plural beat, stone or burn somebody."""
    return any(
        f.trigger.act in ("harm", "kill", "riot")
        and re.match(r"beat|ston|burn|lynch|club", f.words)
        and any(
            p.reading and p.reading.actor.kind == "Civilians" and re.search(r"s\b|people|men\b|youth|mob|crowd", p.text)
            for p in f.agents
        )
        for s in c.scenes
        for f in s.frames
    )


def is_broken_up(c: Clues) -> bool:
    """A demonstration is dispersed, or people in it arrested; a crowd that disperses by itself is not."""
    if c.has("arrest") or "control" in c.weapons:
        return True
    return any(
        f.trigger.act == "disperse" and (f.trigger.noun or f.patients or not f.agents)
        for s in c.scenes
        for f in s.frames
    )


def is_mob(c: Clues) -> bool:
    """A crowd attacks people outside a demonstration, or people fight each other with sticks and stones."""
    if c.has("mob") or "Rioters" in c.agent_kinds or is_lynching(c):
        return True
    if c.has("attack", "kill", "harm") and any(_CROWD.search(p.text) for p in c.parties("agents")):
        return True
    return c.has("clash") and bool(c.weapons) and c.weapons <= {"crowd", "blade"} and not c.armed_agent


_CROWD = re.compile(r"\b(?:crowds?|mobs?)\b", re.IGNORECASE)
