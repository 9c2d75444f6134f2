"""Scenes of one article that tell of one incident, brought together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from conflictdesk.coding.clues import Clues
from conflictdesk.coding.kinds import decide_kind, is_soft
from conflictdesk.coding.scenes import Frame, Scene
from conflictdesk.records import Dates, Place, Toponym

FAMILY = {
    "Armed clash": "armed",
    "Government regains territory": "armed",
    "Non-state actor overtakes territory": "armed",
    "Attack": "armed",
    "Mob violence": "crowd",
    "Sexual violence": "armed",
    "Abduction/forced disappearance": "taken",
    "Arrests": "taken",
    "Excessive force against protesters": "crowd",
    "Protest with intervention": "crowd",
    "Peaceful protest": "crowd",
    "Violent demonstration": "crowd",
    "Chemical weapon": "explosive",
    "Air/drone strike": "explosive",
    "Suicide bomb": "explosive",
    "Shelling/artillery/missile attack": "explosive",
    "Remote explosive/landmine/IED": "explosive",
    "Grenade": "explosive",
    "Looting/property destruction": "property",
    "Disrupted weapons use": "stopped",
}
_NEIGHBOURS = frozenset(
    (
        frozenset(("armed", "explosive")),
        frozenset(("armed", "taken")),
        frozenset(("explosive", "stopped")),
        frozenset(("armed", "crowd")),
        frozenset(("armed", "property")),
        frozenset(("explosive", "property")),
        frozenset(("crowd", "taken")),
        frozenset(("crowd", "property")),
    )
)


@dataclass(slots=True)
class Incident:
    """One incident of an article while it is being put together; `kind` and `rule` come from its scenes."""

    scenes: list[Scene]
    kind: str | None = None
    rule: str = ""
    soft: bool = False
    context: Incident | None = None
    notes: list[str] = field(default_factory=list)

    def settle_kind(self) -> None:
        """Decide the kind from the first scene that has one; scenes that tell of harm alone come last."""
        hard = [s for s in self.scenes if not is_soft([s])]
        self.soft = not hard
        for scenes in (hard, self.scenes):
            for count in range(1, len(scenes) + 1):
                decided = decide_kind(scenes[:count])
                if decided:
                    self.kind, self.rule = decided
                    return

    @property
    def family(self) -> str:
        """What sort of thing it is: scenes of one sort are easily the same incident."""
        return FAMILY.get(self.kind or "", "strategic") if self.kind else "open"

    def own_dates(self) -> list[tuple[Scene, Dates]]:
        """The dates that the scenes give to the incident itself, in text order."""
        return [(s, d) for s in self.scenes if (d := own_dates(s)) is not None]

    def toponyms(self) -> list[Toponym]:
        """All place names of the scenes, in text order."""
        return [t for s in self.scenes for t in s.toponyms]


_DIED_LATER = re.compile(
    r"\b(?:died|succumbed)\b[^.;]* (?:of|from|to) (?:(?:his|her|their|the) )?(?:\w+ )?"
    r"(?:wounds?|injur(?:y|ies)|burns)\b"
    r"|\bdied\b[^.;]* (?:in|at|on the way to) (?:an? |the )?(?:\w+ )?hospital\b"
    r"|\bof the (?:wounded|injured) (?:\w+ )?died\b|\bof (?:them|whom)\b[^.;]*\bdied\b"
)


def own_dates(scene: Scene) -> Dates | None:
    """The interval that dates the scene, unless it only dates the report of it."""
    if scene.when is None or scene.when.by_report:
        return None
    if scene.acts == {"harm"} and not scene.toponyms and _DIED_LATER.search(scene.text):
        return None  # the day of a death in hospital is not that of the attack
    dates = scene.when.expression.dates
    if dates is not None and scene.definite and dates.precision > 2:
        return None  # "the raid, the seventh this year"
    return dates


def link_scenes(scenes: Sequence[Scene]) -> list[Incident]:
    """Bring the scenes of an article together into incidents; the headline joins last, as it names least."""
    body = [s for s in scenes if not _stands_above(s)]
    head = [s for s in scenes if _stands_above(s)]
    incidents: list[Incident] = []
    last: Incident | None = None
    for scene in (*body, *head):
        last = _place_scene(scene, incidents, None if _stands_above(scene) else last) or last
    return incidents


def _stands_above(scene: Scene) -> bool:
    """A headline or subhead that leaves the day to the text below it."""
    return scene.heading and (scene.paragraph == 0 or own_dates(scene) is None)


def _place_scene(scene: Scene, incidents: list[Incident], last: Incident | None) -> Incident | None:
    probe = Incident([scene])
    probe.settle_kind()
    if last is not None and _kills_the_taken(scene, last):
        last.scenes.append(scene)
        last.kind, last.rule = "Attack", "people are taken and killed"
        return last
    ranked = sorted(
        ((score, n) for n, i in enumerate(incidents) if (score := _likeness(probe, i, last)) is not None),
        key=lambda r: (-r[0], -r[1]),
    )
    vague = own_dates(scene) is None and not scene.toponyms
    if ranked and ranked[0][0] >= _bar(scene):
        chosen = incidents[ranked[0][1]]
        chosen.scenes.append(scene)
        if chosen.kind is None or chosen.soft:
            chosen.settle_kind()
        elif probe.kind in _HARDER.get(chosen.kind, ()) and scene.paragraph in (chosen.scenes[-2].paragraph, 2):
            chosen.kind, chosen.rule = probe.kind, probe.rule
        return chosen
    if probe.kind is None and scene.toponyms and _is_burnt_in_riot(scene, last):
        probe.kind, probe.rule = "Violent demonstration", "destroyed in the course of demonstrations"
    if probe.kind is None or (vague and scene.definite and scene.paragraph > 0) or (_stands_above(scene) and incidents):
        return None
    if vague and incidents and not _stands_alone(scene):
        return None
    probe.context = last
    if _is_part_of_riot(probe, last):
        probe.kind, probe.rule = "Violent demonstration", "attacked in the course of a demonstration"
    if last is not None and scene.novel and probe.kind == "Attack" and last.family in ("explosive", "stopped"):
        flown = (
            "Air/drone strike" if "air" in Clues(tuple(last.scenes)).weapons else "Shelling/artillery/missile attack"
        )
        probe.kind = last.kind if last.family == "explosive" else flown
        probe.rule = "another attack like the one before"
    incidents.append(probe)
    return probe


_FOUND_DEAD = re.compile(
    r"\b(?:his|her|their|the) (?:\w+ ){0,2}?(?:body|bodies|corpses?|remains)\b|\bfound dead\b|"
    r"\b(?:he|she|they|whom|the (?:captives?|hostages?|victims?)) (?:was|were) (?:later )?"
    r"(?:killed|shot|murdered|executed|beheaded)\b"
)


def _kills_the_taken(scene: Scene, last: Incident) -> bool:
    """ "Gunmen kidnapped a reporter; her body was found": one event, an attack."""
    taken = last.kind == "Abduction/forced disappearance"
    near = 0 <= scene.paragraph - last.scenes[-1].paragraph <= 1 and scene.paragraph > 0 and not scene.novel
    dead = any(t.measure == "deaths" and t.estimate.best > 0 for t in scene.tolls)
    return taken and near and dead and _FOUND_DEAD.search(scene.text) is not None


# A demonstration that turns violent is what it turned into; an attack with bombs is named by them.
_HARDER = {
    "Attack": ("Air/drone strike", "Shelling/artillery/missile attack", "Suicide bomb"),
    "Excessive force against protesters": ("Violent demonstration",),
    "Peaceful protest": ("Protest with intervention", "Violent demonstration", "Excessive force against protesters"),
    "Protest with intervention": ("Violent demonstration", "Excessive force against protesters"),
}


def _is_part_of_riot(probe: Incident, last: Incident | None) -> bool:
    """ "In Lorient, a police station was attacked", told beside demonstrations, with no doer."""
    if last is None or last.kind != "Violent demonstration" or probe.kind not in ("Attack", "Armed clash"):
        return False
    scene = probe.scenes[0]
    doers = any(f.agents for f in scene.frames if f.trigger.act == "attack")
    return scene.paragraph == last.scenes[-1].paragraph and scene.acts == {"attack"} and not doers and not scene.tolls


def _is_burnt_in_riot(scene: Scene, last: Incident | None) -> bool:
    """ "In Embu, the party's offices were burned down", told right behind demonstrations, with no doer."""
    if last is None or last.family != "crowd" or scene.paragraph - last.scenes[-1].paragraph not in (0, 1):
        return False
    return scene.acts == {"loot"} and not any(f.agents for f in scene.frames) and bool(scene.frames)


_FIRST_PARAGRAPHS = 2


def _stands_alone(scene: Scene) -> bool:
    """True when a scene without day and place is yet an incident: in the lead, new, with harm or both sides."""
    if scene.frames and not scene.tolls and all(_is_bare_shot(f) for f in scene.frames):
        return False
    if scene.paragraph <= _FIRST_PARAGRAPHS or scene.novel:
        return True
    if any(t.measure in ("deaths", "injured") and t.estimate.best > 0 for t in scene.tolls) and not is_soft([scene]):
        return True
    clues = Clues((scene,))
    return clues.armed_agent and clues.armed_patient


def _is_bare_shot(frame: Frame) -> bool:
    """ "Troops fired from helicopters": at whom is not said."""
    return frame.trigger.act in ("strike", "shoot") and not frame.trigger.noun and not frame.patients


def _bar(scene: Scene) -> float:
    """How much must speak for it: the more a scene states of its own, the more must agree."""
    if _stands_above(scene):
        return 0.5
    stated = (own_dates(scene) is not None) + bool(scene.toponyms)
    if stated == 0 and is_soft([scene]):
        return 0.25
    if scene.definite:
        return 2.0 if stated == 2 else 1.0
    return (1.0, 2.0, 3.0)[stated]


def _likeness(probe: Incident, incident: Incident, last: Incident | None) -> float | None:
    """How much speaks for one incident; None when something speaks against it."""
    scene = probe.scenes[0]
    if any(s.sentence == scene.sentence for s in incident.scenes):
        return None  # its sentence tells of both, and tells them apart
    parts = (
        _date_likeness(scene, incident),
        _place_likeness(scene, incident),
        _kind_likeness(probe, incident),
        _toll_likeness(scene, incident),
    )
    if any(p is None for p in parts):
        return None
    parties = _party_likeness(probe, incident)
    if parties is None:
        return None
    score = sum(p for p in parts if p is not None) + parties
    if scene.novel and not scene.definite:
        return None
    if scene.definite and (own_dates(scene) is None or not scene.toponyms):
        score += 2
    if incident is last:
        score += 1 if scene.paragraph == incident.scenes[-1].paragraph or own_dates(scene) is None else 0.5
    if scene.paragraph == 0 and incident.scenes[0].sentence <= 4:
        score += 1.5
    if _tells_more_of_lead(scene, incident):
        score += 1.5
    return score


_DETAIL_PARAGRAPHS = 3


def _tells_more_of_lead(scene: Scene, incident: Incident) -> bool:
    """True when the lead gave neither day nor town, and this scene, soon below it, gives one for the like deed."""
    if not all(s.paragraph <= 1 for s in incident.scenes) or scene.paragraph not in range(1, _DETAIL_PARAGRAPHS + 1):
        return False
    if incident.own_dates() or any(t.place.kind in ("town", "site") for t in incident.toponyms()) or scene.novel:
        return False
    return own_dates(scene) is not None or any(t.place.kind in ("town", "site", "admin2") for t in scene.toponyms)


def _date_likeness(scene: Scene, incident: Incident) -> float | None:
    mine = own_dates(scene)
    theirs = [d for _, d in incident.own_dates()]
    if mine is None or not theirs:
        return 0
    if any(d.precision == 1 and (mine.end < d.start or d.end < mine.start) for d in theirs):
        return None
    if any(mine == d for d in theirs):
        return 2 if mine.precision == 1 else 1
    if any(mine.start <= d.end and d.start <= mine.end for d in theirs):
        return 0.75 if max(mine.precision, *(d.precision for d in theirs)) <= 2 else 0.25
    return None


def _place_likeness(scene: Scene, incident: Incident) -> float | None:
    mine, theirs = scene.toponyms, incident.toponyms()
    if mine and not theirs and incident.context is not None and not scene.definite:
        # Its place would be that of what was told before: another town named here is another place.
        return None if _are_elsewhere(mine, incident.context.toponyms()) else 0
    if not mine or not theirs:
        return 0
    if _are_elsewhere(mine, theirs):
        return -1 if scene.definite or _stands_above(scene) else None
    if {t.place.name for t in mine} & {t.place.name for t in theirs}:
        return 2 if any(t.place.kind != "country" for t in mine) else 1
    close = [(a, b) for a in mine for b in theirs if {a.place.kind, b.place.kind} <= {"town", "site"}]
    close = [(a, b) for a, b in close if _near(a.place, b.place)]
    if close:
        # A site lies in its town; two quarters of one city are two places.
        return 1.5 if scene.definite or any(a.place.kind != b.place.kind for a, b in close) else -0.5
    if any(_contains(a, b) or _contains(b, a) for a in mine for b in theirs):
        return 0 if any(t.place.kind == "country" for t in (*mine, *theirs)) else 0.5
    return -1 if scene.definite or _stands_above(scene) else None


def _are_elsewhere(mine: Sequence[Toponym], theirs: Sequence[Toponym]) -> bool:
    """True when both name towns or sites and none is the same or near."""
    a = [t.place for t in mine if t.place.kind in ("town", "site")]
    b = [t.place for t in theirs if t.place.kind in ("town", "site")]
    if not a or not b:
        return False
    return not any(x.name == y.name or _near(x, y) for x in a for y in b)


def _near(a: Place, b: Place) -> bool:
    """Within some ten kilometres: a site and its town."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return False
    return a.country == b.country and abs(a.latitude - b.latitude) < 0.12 and abs(a.longitude - b.longitude) < 0.12


def _contains(a: Toponym, b: Toponym) -> bool:
    x, y = a.place, b.place
    if x.kind == "water" and x.country is None:
        return True
    if x.country != y.country:
        return False
    if x.kind == "country" or y.kind == "area" or x.kind == "area":
        return True
    if x.kind == "admin2" and x.admin2 and y.admin2 and x.admin2 != y.admin2:
        return False
    return x.kind in ("admin1", "admin2") and (x.admin1 or x.name) == y.admin1


_DEEDS = frozenset("loot shoot attack strike blast kill riot airstrike shelling clash".split())


def _kind_likeness(probe: Incident, incident: Incident) -> float | None:
    if incident.kind == "Agreement" and probe.scenes[0].acts & _DEEDS and not probe.scenes[0].definite:
        return None
    if probe.kind is None or (probe.soft and probe.family != "crowd"):
        return 0.5
    if incident.kind is None or incident.soft:
        return 1
    if probe.kind == incident.kind:
        return 1.5
    if probe.family == incident.family and probe.family != "strategic":
        return 1 if probe.family != "explosive" or probe.scenes[0].definite else 0.5
    scene = probe.scenes[0]
    loose = scene.definite or _stands_above(scene) or not scene.frames
    return 0 if loose and frozenset((probe.family, incident.family)) in _NEIGHBOURS else None


def _toll_likeness(scene: Scene, incident: Incident) -> float | None:
    mine = {(t.measure, t.estimate.best) for t in scene.tolls if not (t.cumulative or t.part_of or t.also)}
    theirs = {
        (t.measure, t.estimate.best)
        for s in incident.scenes
        for t in s.tolls
        if not (t.cumulative or t.part_of or t.also)
    }
    deaths_mine, deaths_theirs = {v for m, v in mine if m == "deaths"}, {v for m, v in theirs if m == "deaths"}
    alike = mine & theirs - {("deaths", 0), ("injured", 0)}
    if alike and (scene.frames or any(value > 1 for _, value in alike)):
        return 1.5
    rival = not scene.frames and bool(scene.toponyms)  # "a clinic put the dead in Dara at 14"
    if deaths_mine and deaths_theirs and not deaths_mine & deaths_theirs and not any(t.update for t in scene.tolls):
        return 0 if rival else -0.75
    return 0


def _party_likeness(probe: Incident, incident: Incident) -> float | None:
    a, b = Clues(tuple(probe.scenes)), Clues(tuple(incident.scenes))
    score = 0.0
    for role in ("agents", "patients"):
        mine, theirs = _names(a, role), _names(b, role)
        if mine and theirs and not mine & theirs:
            other = _names(b, "patients" if role == "agents" else "agents")
            vague = own_dates(probe.scenes[0]) is None and not probe.scenes[0].toponyms
            if (
                role == "agents"
                and not (probe.scenes[0].definite or (vague and probe.family == "armed"))
                and not (mine & other and probe.family in ("armed", "crowd"))
            ):
                return None
            score -= 0.75
        elif mine & theirs:
            score += 0.5
    return score


def _names(clues: Clues, role: str) -> set[str]:
    """The actors of a role that have a name or a side of their own."""
    return {x.name for x in clues.actors(role) if not x.name.startswith(("Unidentified", "Civilians"))}
