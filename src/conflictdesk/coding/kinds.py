"""Which of the 25 sub-event types a scene is: an ordered list of rules, the first that fits wins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from conflictdesk.coding.scenes import Frame, Party, Scene
from conflictdesk.records import Actor

_ARMED = frozenset(("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"))
_PROTEST_NOUN = re.compile(
    r"\b(?:protest(?!ant)|protests|protest(?:e|o)rs?|protesting|demonstrat\w+|rall(?:y|ies|ied|ying)|march(?:ed|es|ing|ers)|sit-ins?|picket\w*|"
    r"vigils?|blockades?|roadblocks?|hunger strikes?|processions?|took to the streets|dharna|activists?|strikers|crowds?)\b",
    re.IGNORECASE,
)
_LIVE_FIRE = re.compile(r"\b(?:live (?:ammunition|rounds|fire|bullets)|opened fire|open fire|shot|gunned|fired (?:on|at|into)|firing (?:on|at|into)|beaten to death)\b", re.IGNORECASE)
_NO_FIGHT = re.compile(r"\bwithout (?:a |any )?(?:fight|fighting|resistance|a shot|firing|bloodshed)|\bpeaceful(?:ly)? (?:handover|transfer|handed)|\bunopposed\b", re.IGNORECASE)
_MILITARY = re.compile(r"\b(?:air|missiles?|drones?|rockets?|artillery|bomb\w*|military|killed|wounded|killing|airbase|army|port|also (?:reported|hit|struck)|targeted|cities|city)\b", re.IGNORECASE)
_STRIKE = re.compile(r"\b(?:on strike|strikes? (?:by|over)|walked out|walkout|stoppage)\b", re.IGNORECASE)
_LABOUR = re.compile(r"\b(?:unions?|workers?|wages?|pay|staff|employees|walk(?:ed)? out|on strike|labou?r|drivers|doctors|teachers|nurses|stoppage|picket\w*|industrial|hunger strike|general strike)\b", re.IGNORECASE)
_SHOT = re.compile(r"\b(?:shot|gunned|stabbed|hacked|machine-gunned|beheaded|lynched|bullets?|gunshots?)\b", re.IGNORECASE)
_CREWED = re.compile(r"\b(?:helicopters?|fighter jets?|jets?|warplanes?|planes?|aircraft|pilots?|su-\d+|mig-\d+)\b", re.IGNORECASE)
_BY_WEAPON = re.compile(
    r"\b(?:in|by|from|when|after|as|with|under) (?:an? |the |its |their |several |two |three |\w+ )?(?:\w+[- ]){0,3}?(?:strikes?|raids?|shelling|bombardment|rockets?|missiles?|mortars?|shells?|artillery|"
    r"bombs?|blasts?|explosions?|mines?|landmines?|grenades?|drones?|fire|attacks?|devices?|ied|ordnance)\b"
    r"|\b(?:rockets?|missiles?|mortars?|shells?|bombs?|blasts?|explosions?|drones?|jets?|warplanes?|helicopters?|mines?|landmines?|grenades?|debris|shrapnel|device)\b[^.;]{0,120}?\b(?:kill|wound|injur|damag|destroy|burn|left|leav|hurt|maim)", re.IGNORECASE,
)
_ARMS = re.compile(
    r"\b(?:drones?|uavs?|missiles?|rockets?|bombs?|explosives?|mines?|landmines?|weapons?|arms|rifles|ammunition|grenades?|mortars?|shells?|ied|ieds|device|devices|"
    r"cache|caches|munitions?|warheads?|projectiles?|balloons?|jets?|planes?|warplanes?|helicopters?|aircraft|vest|attack|plot|shaheds?)\b", re.IGNORECASE,
)
_LANDED = re.compile(r"hit|struck|strik|slam|land|crash|damag|destroy|injur|explod|burn|fell")
_PEACE = re.compile(
    r"\b(?:cease-?fires?|truces?|peace|armistice|prisoners?|hostages?|detainees?|surrender\w*|lay down|laid down|hostilities|disarm\w*|gave themselves|give themselves|"
    r"amnesty|captives?|demobili\w+|rebels?|militants?|fighters?|insurgents?|de-escalat\w+|withdrawal)\b", re.IGNORECASE,
)
_NOTABLE = re.compile(
    r"\b(?:activists?|journalists?|reporters?|opposition|protest\w*|demonstrat\w*|dissidents?|politicians?|lawmakers?|lawyers?|students?|"
    r"militants?|fighters?|insurgents?|rebels?|separatists?|suspected members|commanders?|clerics?|leaders?|union\w*|critics?|bloggers?|dozens|scores|hundreds|"
    r"mass|members|councillors?|party|candidates?|workers|campaign\w*|farmers|general|generals|officers?|ministers?|human rights|soldiers|jihadists?|extremists?|spies|mayors?|monks?|supporters)\b",
    re.IGNORECASE,
)
_FIGHTING = re.compile(
    r"\b(?:gun ?battles?|gunfights?|gunfire|exchange of (?:fire|gunfire)|exchanged fire|firefights?|shoot-?outs?|troops|soldiers|army|forces|rebels?|militants?|"
    r"offensives?|insurgents?|gunmen|militia\w*|guerr?illas?|fighters|front ?lines?|(?:heavy|fierce|intense|renewed|deadly|armed) (?:fighting|clashes|battles)|"
    r"(?:fighting|clashes) (?:broke|erupt|rag|flar|continu|resum|between)\w*|weapons|artillery|tribes?|tribal|clans?|communal|herders|cartels?|gangs|naval|boats)\b", re.IGNORECASE,
)
_PROPERTY_BY_CROWD = re.compile(r"\b(?:set (?:\w+ ){0,4}(?:fire|ablaze|alight)|torch\w*|burn(?:ed|t|ing)|stones?|rocks|molotov|petrol bombs?|ransack\w*|vandal\w*|loot\w*|smash\w*|clash\w*|riot\w*|hurl\w*|pelt\w*)\b", re.IGNORECASE)
_WAY = re.compile(
    r"\b(?:roads?|highways?|streets?|bridges?|entrances?|exits?|gates?|railways?|tracks?|lines?|ports?|docks?|airports?|borders?|crossings?|pipelines?|"
    r"offices?|buildings?|squares?|junctions?|traffic|motorways?|routes?|access|museums?|universit\w+|schools?|mines?|plants?|refiner\w+|terminals?|headquarters|campus\w*|stations?)\b",
    re.IGNORECASE,
)


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
        return max((t.estimate.best for s in self.scenes for t in s.tolls if t.measure == "deaths" and not t.cumulative), default=0)

    @cached_property
    def injured(self) -> int:
        return max((t.estimate.best for s in self.scenes for t in s.tolls if t.measure == "injured" and not t.cumulative), default=0)

    @cached_property
    def armed_agent(self) -> bool:
        return bool(self.agent_kinds & _ARMED)

    @cached_property
    def armed_patient(self) -> bool:
        return any(a.kind in _ARMED and not a.name.startswith("Government of") for a in self.actors("patients"))

    @cached_property
    def crowd(self) -> bool:
        """People who demonstrate: by the actor, or by a word for a demonstration."""
        kinds = self.agent_kinds | self.patient_kinds
        return "Protesters" in kinds or (
            "protest" in self.acts and any(f.trigger.act == "protest" and self._is_gathering(f) for s in self.scenes for f in s.frames)
        )

    def _is_gathering(self, frame: Frame) -> bool:
        """A demonstration by its noun, by a plain verb, or by people who block a road or march."""
        verb = frame.words.split()[0]
        if frame.trigger.noun or verb.startswith(("protest", "demonstrat", "picket", "take", "took")):
            return True
        people = any(_are_people(p) for p in frame.agents)
        if verb.startswith(("march", "rall", "chant")):
            return people or not frame.agents
        if verb.startswith(("shut", "occup")) and _STRIKE.search(self.text):
            return False
        if verb.startswith(("block", "barricad", "imped", "shut", "occup", "blockad")):
            return (people or _PROTEST_NOUN.search(self.text) is not None) and any(_WAY.search(p.text) for p in frame.patients)
        return _PROTEST_NOUN.search(self.text) is not None and (people or not frame.agents)

    def has(self, *acts: str) -> bool:
        """True when one of the acts is told."""
        return bool(self.acts & frozenset(acts))


_CROWD_WORDS = re.compile(r"\b(?:hundreds|thousands|dozens|scores|tens|some|several|about|around|over|more than|\d[\d,]*)\b", re.IGNORECASE)
_THINGS = re.compile(r"\b(?:landslides?|floods?|snow|trees?|debris|trucks?|vehicles?|boulders?|storm|rocks?|ships?|water|ice|wreck\w*|government|court|companies|company)\b", re.IGNORECASE)


def _are_people(party: Party) -> bool:
    """Unarmed people, known as such or told by their number."""
    if party.reading is not None:
        return party.reading.actor.kind in ("Civilians", "Protesters", "Rioters", "Identity militia")
    return _THINGS.search(party.text) is None and (_CROWD_WORDS.search(party.text) is not None or party.text.rstrip().endswith("s"))


Test = Callable[[Clues], bool]


def _hits(c: Clues) -> bool:
    if c.has("strike", "attack", "kill", "shoot", "airstrike", "shelling", "blast", "suicide", "clash", "capture"):
        return True
    # Harm alone: only when the weapon itself does it, or stands after "in", "by" or "when".
    return c.has("harm", "loot") and _BY_WEAPON.search(c.text) is not None


def _is_violent_crowd(c: Clues) -> bool:
    if not (c.crowd or "Rioters" in c.agent_kinds or c.has("riot")):
        return False
    return "Rioters" in c.agent_kinds or c.has("riot") or (c.crowd and _PROPERTY_BY_CROWD.search(c.text) is not None and not _only_police_force(c))


def _only_police_force(c: Clues) -> bool:
    return not c.has("clash", "riot", "loot", "blast") and not (c.weapons & {"crowd"})


def _is_excessive_force(c: Clues) -> bool:
    if not c.crowd:
        return False
    state = bool(c.agent_kinds & {"State forces", "External/Other forces"}) or _POLICE.search(c.text) is not None
    marchers = "Protesters" in c.patient_kinds or not c.patient_kinds or (c.patient_kinds == {"Civilians"} and state)
    if not marchers or (not state and _is_violent_crowd(c)):
        return False
    return (c.deaths > 0 or c.injured > 0 or _LIVE_FIRE.search(c.text) is not None) and c.has("shoot", "kill", "harm", "attack", "disperse", "strike", "clash")


_POLICE = re.compile(r"\b(?:police|soldiers|troops|security forces|officers|army|guards|gendarmes)\b[^.;]{0,60}\b(?:fire|fired|firing|shot|shoot\w*|open\w*|beat|charg\w+|killed)\b", re.IGNORECASE)


def _takes_place(c: Clues) -> bool:
    if not c.has("capture"):
        return False
    for scene in c.scenes:
        for frame in scene.frames:
            if frame.trigger.act == "capture" and scene.toponyms:
                spans = [t.span for t in scene.toponyms]
                if any(p.span.meets(s) for p in frame.patients for s in spans) or "control" in frame.words or frame.trigger.noun:
                    return True
                if any(re.search(r"\b(?:town|city|village|base|district|territor|area|camp|positions?|airport|post|province|capital|junction|hill|garrison|outpost|barracks|stronghold|headquarters|neighbou?rhood|suburb|bridge)", p.text) for p in frame.patients):
                    return True
    return False


def _takes_people(c: Clues) -> bool:
    """ "Gunmen seized ten fishermen": the object is people, not a place or soldiers."""
    if not c.has("capture") or c.deaths > 0 or not c.armed_agent or "State forces" in c.agent_kinds:
        return False
    return any(
        p.reading and p.reading.actor.kind == "Civilians"
        for s in c.scenes for f in s.frames if f.trigger.act == "capture" and not f.trigger.noun for p in f.patients
    )


_SEXUAL = re.compile(r"\bsexual(?:ly)? (?:assault|abus|violen|attack)|\bgang[- ]rap|\brap(?:ed|ing)\b", re.IGNORECASE)
_SUICIDE = re.compile(
    r"\bsuicide[ -](?!rate|prevention|note|watch|attempt|pact)|\bbl(?:ew|own|owing) (?:him|her|them)sel(?:f|ves) up|\bexplosives? (?:vest|belt)|"
    r"\bstrapped to (?:his|her|their)|\bset off (?:his|her|their) (?:vest|belt|explosives)", re.IGNORECASE,
)


def _is_suicide_bomb(c: Clues) -> bool:
    return _SUICIDE.search(c.text) is not None and c.has("blast", "strike", "attack", "harm", "kill")


def _by_state(c: Clues) -> bool:
    takers = {p.reading.actor.kind for s in c.scenes for f in s.frames if f.trigger.act == "capture" for p in f.agents if p.reading}
    if takers:
        return "State forces" in takers
    return "State forces" in c.agent_kinds or (not c.agent_kinds and re.search(r"\b(?:retake|retook|regain|recaptur|liberat)", c.text) is not None)


def _is_clash(c: Clues) -> bool:
    if c.crowd:
        return False
    if c.has("clash"):
        return c.armed_agent or c.armed_patient or c.deaths > 0 or c.injured > 0 or _FIGHTING.search(c.text) is not None
    return c.has("attack", "shoot") and c.armed_patient and c.armed_agent and not c.weapons & {"air", "shelling", "explosive"}


def _is_attack_on_armed(c: Clues) -> bool:
    return c.has("attack", "shoot", "kill", "harm") and c.armed_patient and (c.armed_agent or c.has("attack", "shoot", "kill") or c.deaths > 0)


def _is_attack(c: Clues) -> bool:
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


def _is_arson(c: Clues) -> bool:
    """Unarmed people in the plural burn or wreck things."""
    return not c.armed_agent and any(
        f.trigger.act == "loot" and re.match(r"torch|set|burn|ransack|loot|vandal|smash", f.words) and any(
            p.reading and p.reading.actor.kind in ("Civilians", "Protesters") and p.text.rstrip().endswith(("s", "people", "men", "youth")) for p in f.agents
        )
        for s in c.scenes for f in s.frames
    )


_BURNT = re.compile(r"\b(?:burn\w*|torch\w*|set (?:\w+ ){0,4}(?:fire|ablaze|alight))\b", re.IGNORECASE)
_ACTIVE = re.compile(r"\b(?:activists|demonstrators|protest\w*|students|strik\w+|workers|supporters|opponents|farmers|residents|youths?|crowds?|relatives|miners|villagers)\b", re.IGNORECASE)


def _is_storming(c: Clues) -> bool:
    """Unarmed people with a cause force their way into a building: "activists invaded the headquarters"."""
    return not c.armed_agent and c.deaths == 0 and any(
        f.trigger.act in ("attack", "capture", "advance") and any(_ACTIVE.search(p.text) for p in f.agents) and any(_WAY.search(p.text) for p in f.patients)
        for s in c.scenes for f in s.frames
    )


_STRUCK = re.compile(r"\b(?:sign\w*|agree\w*|announc\w+|declar\w+|reach\w*|broker\w*|accept\w*|took effect|came into|hold\w*|held|surrender\w*|exchang\w+|swap\w*|releas\w+|freed|lay|laid|gave|handed over|clinch\w*|seal\w*|conclude\w*|extend\w*)\b", re.IGNORECASE)
_FAILED = re.compile(r"\b(?:collaps\w+|ignored?|violat\w+|broke (?:down|the|a)|broken|fail\w*|expired?|ended (?:its|the|a)|breach\w*|tatters|no ceasefire|rejected|refus\w+|demand\w*|calls? for|called for|urg\w+|propos\w+|put off|postpon\w+|plann?ed|offer\w*|despite)\b", re.IGNORECASE)


def _is_agreement(c: Clues) -> bool:
    return c.has("agree") and _PEACE.search(c.text) is not None and _STRUCK.search(c.text) is not None and _FAILED.search(c.text) is None


def _is_bare_strike(c: Clues) -> bool:
    """ "Strikes were also reported in X" by an army; a strike of workers is none."""
    told = any(f.trigger.act == "strike" and re.match(r"strikes?\b|pound|barrage", f.words) and (f.trigger.noun or c.armed_agent) for s in c.scenes for f in s.frames)
    return told and _LABOUR.search(c.text) is None and (c.armed_agent or _MILITARY.search(c.text) is not None) and ("State forces" in c.agent_kinds or "External/Other forces" in c.agent_kinds or "raid" not in c.text.lower())


def _is_lynching(c: Clues) -> bool:
    """Unarmed people in the plural beat, stone or burn somebody."""
    return any(
        f.trigger.act in ("harm", "kill") and re.match(r"beat|ston|burn|lynch|club", f.words) and any(
            p.reading and p.reading.actor.kind == "Civilians" and re.search(r"s\b|people|men\b|youth|mob|crowd", p.text) for p in f.agents
        )
        for s in c.scenes for f in s.frames
    )


_LOADED = re.compile(r"\b(?:rifles?|weapons?|ammunition|rockets?|rocket launchers?|explosives?|missiles?|grenades?|mortars?|drones?|arms|bombs?|detonators?|ied|ieds)\b", re.IGNORECASE)


def _seizes_arms(c: Clues) -> bool:
    """ "Soldiers seized a lorry loaded with rockets", "air defences destroyed three drones"."""
    for frame in (f for s in c.scenes for f in s.frames):
        things = " ".join(p.text for p in frame.patients)
        if frame.trigger.act == "capture" and "State forces" in c.agent_kinds and not any(p.reading for p in frame.patients) and _LOADED.search(things + (c.text if "loaded" in c.text or "carrying" in c.text else "")):
            return True
        if re.match(r"destroy|intercept|shoot|shot|down", frame.words) and frame.trigger.act in ("loot", "disrupt") and re.search(r"\b(?:drones?|missiles?|rockets?|uavs?|aerial targets?|projectiles?)\b", things):
            return not any(_LANDED.match(f.words) and f is not frame and f.trigger.act in ("strike", "blast") and not f.trigger.noun for s in c.scenes for f in s.frames)
    return False


def _is_disrupted(c: Clues) -> bool:
    if _seizes_arms(c):
        return c.deaths == 0 and c.injured == 0
    return c.has("disrupt") and _ARMS.search(c.text) is not None and c.deaths == 0 and c.injured == 0 and not any(
        _LANDED.match(f.words) for s in c.scenes for f in s.frames if f.trigger.act in ("strike", "loot", "blast") and not f.trigger.noun
    )


RULES: Sequence[tuple[str, str, Test]] = (
    ("a chemical agent is used", "Chemical weapon", lambda c: c.has("chemical") or ("chemical" in c.weapons and _hits(c))),
    ("crewed aircraft shot down", "Shelling/artillery/missile attack", lambda c: c.has("disrupt") and _CREWED.search(c.text) is not None and re.search(r"\b(?:shot|shoot\w*|brought) down\b|\bdowned\b", c.text) is not None and "drone" not in c.text.lower()),
    ("a weapon is stopped before it does harm", "Disrupted weapons use", _is_disrupted),
    ("demonstrators are killed, shot or badly hurt", "Excessive force against protesters", _is_excessive_force),
    ("demonstrators destroy or fight", "Violent demonstration", lambda c: _is_violent_crowd(c) and (c.crowd or c.has("riot"))),
    ("a crowd attacks people", "Mob violence", lambda c: c.has("mob") or "Rioters" in c.agent_kinds or _is_lynching(c)),
    ("people destroy property", "Violent demonstration", lambda c: _is_arson(c)),
    ("people storm a building", "Violent demonstration", lambda c: _is_storming(c)),
    ("an armed group burns and blocks", "Looting/property destruction", lambda c: c.armed_agent and c.has("protest", "loot") and not c.crowd and _BURNT.search(c.text) is not None and not c.deaths),
    ("a demonstration is broken up", "Protest with intervention", lambda c: c.crowd and (c.has("disperse", "arrest") or "control" in c.weapons)),
    ("people demonstrate", "Peaceful protest", lambda c: c.crowd and c.has("protest")),
    ("a bomber dies with his bomb", "Suicide bomb", lambda c: c.has("suicide") or ("suicide" in c.weapons and _hits(c)) or _is_suicide_bomb(c)),
    ("a place changes hands without a fight", "Non-violent transfer of territory", lambda c: c.has("capture", "transfer", "advance") and c.armed_agent and _NO_FIGHT.search(c.text) is not None),
    ("the state takes a place by force", "Government regains territory", lambda c: _takes_place(c) and _by_state(c)),
    ("a non-state side takes a place by force", "Non-state actor overtakes territory", _takes_place),
    ("sexual violence", "Sexual violence", lambda c: c.has("sexual") or (c.has("attack", "harm", "kill") and _SEXUAL.search(c.text) is not None)),
    ("people are taken, no more is told", "Abduction/forced disappearance", _takes_people),
    ("armed sides fight", "Armed clash", _is_clash),
    ("armed forces push into a place", "Armed clash", lambda c: c.has("advance") and c.armed_agent and not _NO_FIGHT.search(c.text)),
    ("bombs from the air", "Air/drone strike", lambda c: c.has("airstrike") or ("air" in c.weapons and _hits(c))),
    ("a grenade is thrown", "Grenade", lambda c: "grenade" in c.weapons and "shelling" not in c.weapons and _hits(c)),
    ("shells, rockets or missiles", "Shelling/artillery/missile attack", lambda c: c.has("shelling") or ("shelling" in c.weapons and _hits(c))),
    ("a device explodes", "Remote explosive/landmine/IED", lambda c: c.has("blast") or ("explosive" in c.weapons and _hits(c))),

    ("what was shot down falls and does harm", "Air/drone strike", lambda c: c.has("harm", "loot", "strike") and re.search(r"\b(?:[Dd]ebris|[Ff]ragments|[Ww]reckage|[Ss]hrapnel)\b", c.text) is not None),
    ("strikes from afar, the weapon told before", "Air/drone strike", lambda c: _is_bare_strike(c)),
    ("an armed party is attacked", "Armed clash", _is_attack_on_armed),
    ("people are taken, no more is told", "Abduction/forced disappearance", lambda c: c.has("abduct") and not (c.deaths > 0 or c.has("kill"))),
    ("unarmed people are attacked", "Attack", lambda c: c.has("abduct") or _is_attack(c)),
    ("a coup, a mass grave, mass flight", "Other", lambda c: c.has("other")),
    ("sides come to terms", "Agreement", _is_agreement),
    ("authorities arrest people of note or many people", "Arrests", lambda c: c.has("arrest") and _NOTABLE.search(c.text) is not None),
    ("property is taken or destroyed", "Looting/property destruction", lambda c: c.has("loot") and c.armed_agent),
    ("a base is set up", "Headquarters or base established", lambda c: c.has("base")),
    ("a side leaves or hands over a place", "Non-violent transfer of territory", lambda c: c.has("transfer") and c.armed_agent and any(s.toponyms for s in c.scenes)),
    ("a group forms, splits, joins or moves", "Change to group/activity", lambda c: c.has("change") and c.armed_agent),
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
        f.trigger.act == "harm" and not any(p.reading and p.reading.actor.kind in _ARMED for p in f.agents) for s in scenes for f in s.frames
    )
