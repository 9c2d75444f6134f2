"""Which of the 25 sub-event types a scene is: an ordered list of rules, the first that fits wins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from conflictdesk.coding.clues import Clues, are_people
from conflictdesk.coding.crowds import (
    is_arson,
    is_broken_up,
    is_excessive_force,
    is_mob,
    is_storming,
    is_violent_crowd,
)
from conflictdesk.coding.fights import (
    by_state,
    hits,
    is_attack,
    is_attack_on_armed,
    is_bare_strike,
    is_clash,
    is_disrupted,
    is_own_goal,
    is_suicide_bomb,
    kills_disarmed,
    takes_people,
    takes_place,
)
from conflictdesk.coding.patterns import find_pattern
from conflictdesk.coding.scenes import Scene

_ARMED = frozenset(("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"))
_NO_FIGHT = find_pattern("no_fight")
_CREWED = find_pattern("crewed")
_PEACE = find_pattern("peace")
_NOTABLE = find_pattern("notable")
_SEXUAL = find_pattern("sexual")
_BURNT = re.compile(r"\b(?:burn\w*|torch\w*|set (?:\w+ ){0,4}(?:fire|ablaze|alight))\b", re.IGNORECASE)
_MANY_FLEE = 100
_STRUCK = find_pattern("struck")
_FAILED = find_pattern("failed")


Test = Callable[[Clues], bool]


def _is_agreement(c: Clues) -> bool:
    return (
        c.has("agree")
        and _PEACE.search(c.text) is not None
        and _STRUCK.search(c.text) is not None
        and _FAILED.search(c.text) is None
    )


_ON_PURPOSE = re.compile(r"torch|set|burn|raze|ransack|loot|vandal|plunder|pillage")


def _is_vandalism(c: Clues) -> bool:
    """ "Hoodlums razed the police station": people do it, and on purpose."""
    return any(
        f.trigger.act == "loot" and _ON_PURPOSE.match(f.words) and any(are_people(p) for p in f.agents)
        for s in c.scenes
        for f in s.frames
    )


RULES: Sequence[tuple[str, str, Test]] = (
    (
        "a chemical agent is used",
        "Chemical weapon",
        lambda c: c.has("chemical") or ("chemical" in c.weapons and (hits(c) or (c.has("harm") and c.deaths > 0))),
    ),
    (
        "crewed aircraft shot down",
        "Shelling/artillery/missile attack",
        lambda c: (
            c.has("disrupt")
            and _CREWED.search(c.text) is not None
            and re.search(r"\b(?:shot|shoot\w*|brought) down\b|\bdowned\b", c.text) is not None
            and "drone" not in c.text.lower()
        ),
    ),
    ("a weapon is stopped before it does harm", "Disrupted weapons use", is_disrupted),
    ("demonstrators are killed, shot or badly hurt", "Excessive force against protesters", is_excessive_force),
    (
        "demonstrators destroy or fight",
        "Violent demonstration",
        lambda c: is_violent_crowd(c) and (c.crowd or c.has("riot")),
    ),
    ("a crowd attacks people", "Mob violence", is_mob),
    ("people destroy property", "Violent demonstration", lambda c: is_arson(c)),
    ("people storm a building", "Violent demonstration", lambda c: is_storming(c)),
    (
        "an armed group burns and blocks",
        "Looting/property destruction",
        lambda c: (
            c.armed_agent
            and c.has("protest", "loot")
            and not c.crowd
            and _BURNT.search(c.text) is not None
            and not c.deaths
        ),
    ),
    (
        "a demonstration is broken up",
        "Protest with intervention",
        lambda c: c.crowd and is_broken_up(c),
    ),
    ("people demonstrate", "Peaceful protest", lambda c: c.crowd and c.has("protest")),
    ("a bomb kills its own, or its bearer is stopped", "Disrupted weapons use", is_own_goal),
    (
        "a bomber dies with his bomb",
        "Suicide bomb",
        is_suicide_bomb,
    ),
    ("people are taken, no more is told", "Abduction/forced disappearance", takes_people),
    (
        "a place changes hands without a fight",
        "Non-violent transfer of territory",
        lambda c: c.has("capture", "transfer", "advance") and c.armed_agent and _NO_FIGHT.search(c.text) is not None,
    ),
    ("the state takes a place by force", "Government regains territory", lambda c: takes_place(c) and by_state(c)),
    ("a non-state side takes a place by force", "Non-state actor overtakes territory", takes_place),
    (
        "sexual violence",
        "Sexual violence",
        lambda c: c.has("sexual", "attack", "harm", "kill") and _SEXUAL.search(c.text) is not None,
    ),
    ("captured fighters are killed", "Attack", kills_disarmed),
    ("armed sides fight", "Armed clash", is_clash),
    (
        "armed forces push into a place",
        "Armed clash",
        lambda c: c.has("advance") and c.armed_agent and not _NO_FIGHT.search(c.text),
    ),
    ("bombs from the air", "Air/drone strike", lambda c: c.has("airstrike") or ("air" in c.weapons and hits(c))),
    ("a grenade is thrown", "Grenade", lambda c: "grenade" in c.weapons and "shelling" not in c.weapons and hits(c)),
    (
        "shells, rockets or missiles",
        "Shelling/artillery/missile attack",
        lambda c: c.has("shelling") or ("shelling" in c.weapons and hits(c)),
    ),
    (
        "a device explodes",
        "Remote explosive/landmine/IED",
        lambda c: c.has("blast") or ("explosive" in c.weapons and hits(c)),
    ),
    (
        "what was shot down falls and does harm",
        "Air/drone strike",
        lambda c: (
            c.has("harm", "loot", "strike")
            and re.search(r"\b(?:[Dd]ebris|[Ff]ragments|[Ww]reckage|[Ss]hrapnel)\b", c.text) is not None
        ),
    ),
    ("strikes from afar, the weapon told before", "Air/drone strike", lambda c: is_bare_strike(c)),
    ("an armed party is attacked", "Armed clash", is_attack_on_armed),
    (
        "people are taken, no more is told",
        "Abduction/forced disappearance",
        lambda c: c.has("abduct") and not (c.deaths > 0 or c.has("kill")),
    ),
    ("unarmed people are attacked", "Attack", lambda c: c.has("abduct") or is_attack(c)),
    ("a coup, a mass grave, mass flight", "Other", lambda c: c.has("other")),
    ("sides come to terms", "Agreement", _is_agreement),
    (
        "authorities arrest people of note or many people",
        "Arrests",
        lambda c: c.has("arrest") and _NOTABLE.search(c.text) is not None,
    ),
    (
        "property is taken or destroyed",
        "Looting/property destruction",
        lambda c: c.has("loot") and (c.armed_agent or _is_vandalism(c)),
    ),
    ("a base is set up", "Headquarters or base established", lambda c: c.has("base") and c.armed_agent),
    (
        "a side leaves or hands over a place",
        "Non-violent transfer of territory",
        lambda c: c.has("transfer") and c.armed_agent and any(s.toponyms for s in c.scenes),
    ),
    ("a group forms, splits, joins or moves", "Change to group/activity", lambda c: c.has("change") and c.armed_agent),
    ("people flee in numbers", "Other", lambda c: c.displaced >= _MANY_FLEE),
)


def decide_kind(scenes: Sequence[Scene]) -> tuple[str, str] | None:
    """The sub-event type that the scenes add up to, and the rule that says so; None when no rule fits."""
    clues = Clues(tuple(scenes))
    for why, sub_event_type, fits in RULES:
        if fits(clues):
            return sub_event_type, why
    return None


def is_soft(scenes: Sequence[Scene]) -> bool:
    """True when only harm is told ("three soldiers were killed"), not what was done: other sentences say that."""
    return all(
        f.trigger.act == "harm" and not any(p.reading and p.reading.actor.kind in _ARMED for p in f.agents)
        for s in scenes
        for f in s.frames
    )
