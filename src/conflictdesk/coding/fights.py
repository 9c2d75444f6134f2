"""Tests for fights, attacks and strikes: who, with what, against whom."""

from __future__ import annotations

import re

from conflictdesk.coding.clues import Clues
from conflictdesk.coding.patterns import find_pattern

_MILITARY = find_pattern("military")
_LABOUR = find_pattern("labour")
_SHOT = find_pattern("shot")
_BY_WEAPON = find_pattern("by_weapon")
_ARMS = find_pattern("arms")
_LANDED = re.compile(r"hit|struck|strik|slam|land|crash|damag|destroy|injur|explod|burn|fell")
_FIGHTING = find_pattern("fighting")
_SUICIDE = find_pattern("suicide")
_STOPPED = find_pattern("stopped_bomber")
_OWN_BOMB = find_pattern("own_bomb")
_DISARMED = find_pattern("disarmed")
_PLACE_WORD = find_pattern("place_word")
_PERSON = find_pattern("person_word")
_LOADED = find_pattern("loaded")
_SET_OFF = re.compile(r"\bbl[eo]w\w*\b|\bdetonat|\bexplo|\bset off\b", re.IGNORECASE)


def hits(c: Clues) -> bool:
    if c.has("strike", "attack", "kill", "shoot", "airstrike", "shelling", "blast", "suicide", "clash", "capture"):
        return True
    # Harm alone: only when the weapon itself does it, or stands after "in", "by" or "when".
    return c.has("harm", "loot") and _BY_WEAPON.search(c.text) is not None


def takes_place(c: Clues) -> bool:
    if not c.has("capture"):
        return False
    for scene in c.scenes:
        for frame in scene.frames:
            if frame.trigger.act == "capture" and scene.toponyms:
                spans = [t.span for t in scene.toponyms]
                if (
                    any(p.span.meets(s) for p in frame.patients for s in spans)
                    or "control" in frame.words
                    or frame.trigger.noun
                ):
                    return True
                if any(_PLACE_WORD.search(p.text) and not _PERSON.search(p.text) for p in frame.patients):
                    return True
    return False


def takes_people(c: Clues) -> bool:
    """ "Gunmen seized ten fishermen": the object is people, not a place or soldiers."""
    if not c.has("capture") or c.deaths > 0 or not c.armed_agent or "State forces" in c.agent_kinds:
        return False
    return any(
        (p.reading and p.reading.actor.kind == "Civilians") or (not p.reading and _PERSON.search(p.text))
        for s in c.scenes
        for f in s.frames
        if f.trigger.act == "capture" and not f.trigger.noun
        for p in f.patients
    )


def is_suicide_bomb(c: Clues) -> bool:
    """A bomber dies with his bomb; one who is stopped in time does not."""
    if c.has("shoot") and not c.has("blast", "strike") and _SET_OFF.search(c.text) is None:
        return False  # "men trailing suicide bombers were shot"
    return (
        (c.has("suicide") or _SUICIDE.search(c.text) is not None)
        and c.has("suicide", "blast", "strike", "attack", "harm", "kill")
        and _STOPPED.search(c.text) is None
    )


def is_own_goal(c: Clues) -> bool:
    """A bomb kills those who make or lay it, or its bearer is stopped in time."""
    if c.has("suicide", "disrupt") and _STOPPED.search(c.text) is not None:
        return True
    return c.has("blast", "strike", "harm") and _OWN_BOMB.search(c.text) is not None


def kills_disarmed(c: Clues) -> bool:
    """Captured fighters are killed: violence against people who cannot fight."""
    return any(
        f.trigger.act in ("kill", "shoot") and any(_DISARMED.search(p.text) for p in f.patients)
        for s in c.scenes
        for f in s.frames
    )


def by_state(c: Clues) -> bool:
    """True when the state whose place it is takes it, or takes it back."""
    takers = [
        p.reading.actor for s in c.scenes for f in s.frames if f.trigger.act == "capture" for p in f.agents if p.reading
    ]
    homes = {t.place.country for s in c.scenes for t in s.toponyms}
    again = re.search(r"\b(?:retake|retook|regain|recaptur|reclaim|took back|liberat)", c.text) is not None
    if takers:
        return any(
            a.kind == "State forces"
            or (a.name.startswith(("Military", "Police")) and (again or a.country in homes or not homes))
            for a in takers
        )
    return "State forces" in c.agent_kinds or (not c.agent_kinds and again)


def is_clash(c: Clues) -> bool:
    if c.crowd:
        return False
    if c.has("clash") and c.weapons and c.weapons <= {"crowd", "blade"} and not c.armed_agent:
        return False
    if c.has("clash"):
        return c.armed_agent or c.armed_patient or c.deaths > 0 or c.injured > 0 or _FIGHTING.search(c.text) is not None
    return (
        c.has("attack", "shoot")
        and c.armed_patient
        and c.armed_agent
        and not c.weapons & {"air", "shelling", "explosive"}
    )


def is_attack_on_armed(c: Clues) -> bool:
    return (
        c.has("attack", "shoot", "kill", "harm")
        and c.armed_patient
        and (c.armed_agent or c.has("attack", "shoot", "kill") or c.deaths > 0)
    )


def is_attack(c: Clues) -> bool:
    if c.has("attack", "kill"):
        return True
    if c.has("shoot"):
        return True
    if c.armed_agent and c.deaths > 0 and any(f.words.startswith("raid") for s in c.scenes for f in s.frames):
        return True
    if not c.has("harm"):
        return False
    armed = c.armed_agent or bool(c.weapons & {"small", "blade"}) or _SHOT.search(c.text) is not None
    return armed and (c.deaths > 0 or c.injured > 0 or c.armed_agent)


def is_bare_strike(c: Clues) -> bool:
    """ "Strikes were also reported in X" by an army; a strike of workers is none."""
    told = any(
        f.trigger.act == "strike"
        and re.match(r"strikes?\b|pound|barrage", f.words)
        and (f.trigger.noun or c.armed_agent)
        for s in c.scenes
        for f in s.frames
    )
    return (
        told
        and _LABOUR.search(c.text) is None
        and (c.armed_agent or _MILITARY.search(c.text) is not None)
        and (
            "State forces" in c.agent_kinds or "External/Other forces" in c.agent_kinds or "raid" not in c.text.lower()
        )
    )


def seizes_arms(c: Clues) -> bool:
    """ "Soldiers seized a lorry loaded with rockets", "air defences destroyed three drones"."""
    for frame in (f for s in c.scenes for f in s.frames):
        things = " ".join(p.text for p in frame.patients)
        if (
            frame.trigger.act == "capture"
            and "State forces" in c.agent_kinds
            and not any(p.reading for p in frame.patients)
            and _LOADED.search(things + (c.text if "loaded" in c.text or "carrying" in c.text else ""))
        ):
            return True
        if (
            re.match(r"destroy|intercept|shoot|shot|down", frame.words)
            and frame.trigger.act in ("loot", "disrupt")
            and re.search(r"\b(?:drones?|missiles?|rockets?|uavs?|aerial targets?|projectiles?)\b", things)
        ):
            return not any(
                _LANDED.match(f.words)
                and f is not frame
                and f.trigger.act in ("strike", "blast")
                and not f.trigger.noun
                for s in c.scenes
                for f in s.frames
            )
    return False


def is_disrupted(c: Clues) -> bool:
    if seizes_arms(c):
        return c.deaths == 0 and c.injured == 0
    return (
        c.has("disrupt")
        and _ARMS.search(c.text) is not None
        and c.deaths == 0
        and c.injured == 0
        and not any(
            _LANDED.match(f.words)
            for s in c.scenes
            for f in s.frames
            if f.trigger.act in ("strike", "loot", "blast") and not f.trigger.noun
        )
    )
