"""Actor 1 and actor 2 of an incident, who else is named, and whether civilians were the target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from conflictdesk.coding.clues import Clues
from conflictdesk.coding.incidents import Incident
from conflictdesk.coding.party_phrases import Party, is_unnamed
from conflictdesk.records import Actor, Span

SUSPECTED = "suspected, as reported"
_ARMED = frozenset(("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"))
_ONE_SIDED = frozenset(("Attack", "Sexual violence", "Abduction/forced disappearance"))
_REMOTE = frozenset(
    (
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    )
)
_BATTLES = frozenset(("Armed clash", "Government regains territory", "Non-state actor overtakes territory"))
_CROWD = frozenset(
    (
        "Excessive force against protesters",
        "Protest with intervention",
        "Peaceful protest",
        "Violent demonstration",
        "Mob violence",
    )
)


@dataclass(frozen=True, slots=True)
class Role:
    """An actor with the words that show it, or the reason when no words name it."""

    actor: Actor | None = None
    spans: tuple[Span, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in an incident."""

    actor1: Role
    actor2: Role
    associated: tuple[Actor, ...]
    civilian_targeting: bool | None


def _generic(name: str, kind: str, country: str | None) -> Actor:
    shown = f"{name} ({country})" if country else name
    return Actor(name=shown, kind=kind, country=country)  # type: ignore[arg-type]


def cast_incident(incident: Incident, country: str | None) -> Cast:
    """Say who did it to whom, by the codebook's order for the kind of event."""
    kind = incident.kind or ""
    clues = Clues(tuple(incident.scenes))
    agents = _named(clues.parties("agents"))
    patients = _named(clues.parties("patients"))
    if kind in _CROWD:
        first, second = _crowd_roles(clues, kind, agents, patients, country)
    elif kind in _BATTLES:
        first, second = _battle_roles(agents, patients, country)
    elif kind in _ONE_SIDED:
        first, second = _one_sided_roles(agents, patients, country)
    elif kind in _REMOTE:
        first, second = _remote_roles(clues, agents, patients, country)
    else:
        first, second = _plain_roles(kind, agents, patients, country)
    chosen = {r.actor for r in (first, second)}
    groups = [p.reading.group for p in (*agents, *patients) if p.reading and p.reading.group]
    others = [
        p.reading.actor
        for p in (*agents, *patients)
        if p.reading
        and p.reading.actor not in chosen
        and p.reading.actor.kind in _ARMED
        and not p.reading.actor.name.startswith(("Unidentified", "Government of"))
    ]
    associated = tuple(dict.fromkeys([a for a in (*groups, *others) if a not in chosen]))
    return Cast(first, second, associated, _targets_civilians(kind, first, second))


def _named(parties: Sequence[Party]) -> list[Party]:
    """Parties with an actor: the named before the generic, else in text order."""
    known = [p for p in parties if p.reading is not None]
    if known and known[0].reading and known[0].reading.actor.name.startswith("Unidentified"):
        # "Gunmen opened fire ... security forces raided the building": the army does not stand in for the gunmen.
        known = [p for p in known if not (p.reading and p.reading.actor.kind == "State forces")] + [
            p for p in known if p.reading and p.reading.actor.kind == "State forces"
        ]
        named = [
            p
            for p in known
            if p.reading
            and p.reading.actor.kind in ("Rebel group", "Political militia", "Identity militia")
            and not p.reading.actor.name.startswith("Unidentified")
        ]
        return [*named, *(p for p in known if p not in named)]
    return sorted(
        known, key=lambda p: p.reading is not None and p.reading.actor.name.startswith(("Unidentified", "Civilians"))
    )


def _role(parties: Sequence[Party], kinds: frozenset[str], avoid: Actor | None = None) -> Role | None:
    for party in parties:
        reading = party.reading
        if reading and reading.actor.kind in kinds and (avoid is None or reading.actor.name != avoid.name):
            return Role(reading.actor, (party.shown,), SUSPECTED if reading.suspected else None)
    return None


_CIVIL = frozenset(("Civilians",))
_MARCHERS = frozenset(("Protesters", "Rioters"))


def _unidentified(country: str | None) -> Role:
    return Role(_generic("Unidentified Armed Group", "Political militia", country), (), "no perpetrator is named")


def _crowd_roles(
    clues: Clues, kind: str, agents: list[Party], patients: list[Party], country: str | None
) -> tuple[Role, Role]:
    rioting = kind in ("Violent demonstration", "Mob violence")
    crowd = _role([*agents, *patients], _MARCHERS)
    name, sort = ("Rioters", "Rioters") if rioting else ("Protesters", "Protesters")
    spans = crowd.spans if crowd else ()
    home = country or (crowd.actor.country if crowd and crowd.actor else None)
    first = Role(_generic(name, sort, home), spans, None if spans else "people who demonstrate, as the event is told")
    force = _role([*agents, *patients], _ARMED)
    second = Role()
    if kind in ("Excessive force against protesters", "Protest with intervention") or kind == "Violent demonstration":
        second = force or (_force_in_words(clues, home) if kind != "Violent demonstration" else Role())
    elif kind == "Mob violence":
        second = _role(patients, _CIVIL) or (force if _role(patients, _ARMED) else None) or _harmed(clues, country)
    if second.actor is None and rioting and spans:
        facing = [p for p in patients if p.shown not in spans and p.reading and p.reading.actor.kind in _MARCHERS]
        second = Role(first.actor, (facing[0].shown,)) if facing else second
    return first, second


_FORCE = re.compile(
    r"\b(?:(?:riot )?(?P<police>police(?:men)?|officers|gendarmes)|(?P<military>security forces|soldiers|troops))\b"
)


def _force_in_words(clues: Clues, country: str | None) -> Role:
    """The police or soldiers whom a sentence about an intervention names where its grammar gives them no part."""
    for scene in clues.scenes:
        match = _FORCE.search(scene.text)
        if match and country and "disperse" in scene.acts:
            label = "Police Forces of" if match["police"] else "Military Forces of"
            start = scene.whole.start + match.start()
            return Role(_generic_state(label, country), (Span(start, start + len(match.group())),))
    return Role()


def _battle_roles(agents: list[Party], patients: list[Party], country: str | None) -> tuple[Role, Role]:
    first = _role(agents, _ARMED)
    mine = first.actor if first else None
    sides = [p for p in (*patients, *agents) if p.reading and not is_unnamed(p.reading.actor)]
    second = _role(sides, _ARMED, mine) or _role(patients, _ARMED, mine) or _role(agents, _ARMED, mine)
    if first is None and second is not None:
        other = _role(patients, _ARMED, second.actor)
        first, second = (second, other) if other else (second, None)
    if first is not None and second is None:
        second = _community([*patients, *agents])
    return first or _unidentified(country), second or _unidentified(country)


def _community(parties: Sequence[Party]) -> Role | None:
    """Those who fight without arms of their own name: the farmers of "farmers and herders clashed"."""
    for party in parties:
        group = party.reading.group if party.reading and party.reading.actor.kind == "Civilians" else None
        if group is not None:
            people, _, where = group.name.partition(" (")
            name = f"{people.removesuffix(' Ethnic Group').rstrip('s')} Communal Militia" + (
                f" ({where}" if where else ""
            )
            return Role(Actor(name=name, kind="Identity militia", country=group.country), (party.shown,))
    return None


def _one_sided_roles(agents: list[Party], patients: list[Party], country: str | None) -> tuple[Role, Role]:
    first = _role(agents, _ARMED) or _unidentified(country)
    second = _role(patients, _CIVIL)
    if second is None:
        victims = _role(patients, _ARMED | _MARCHERS, first.actor)
        second = victims or Role(_generic("Civilians", "Civilians", country), (), "people attacked, no side named")
    return first, second


def _remote_roles(clues: Clues, agents: list[Party], patients: list[Party], country: str | None) -> tuple[Role, Role]:
    first = _role(agents, _ARMED) or _unidentified(country)
    other = first.actor if first.spans else None
    hit = [p for p in patients if not (p.reading and p.reading.actor.name.startswith("Government of"))]
    second = _role(hit, _ARMED, other) or _role(hit, _CIVIL | _MARCHERS) or _harmed(clues, country)
    return first, second if second.actor else _role(patients, _ARMED, other) or Role()


def _harmed(clues: Clues, country: str | None) -> Role:
    """Civilians where people are told to be harmed whom nothing puts on a side; else nobody."""
    harmed = [t for s in clues.scenes for t in s.tolls if t.measure in ("deaths", "injured") and t.estimate.best > 0]
    if harmed and {t.side for t in harmed} <= {"civilians", "unknown"}:
        return Role(_generic("Civilians", "Civilians", country), (), "people harmed, no side named")
    return Role()


def _plain_roles(kind: str, agents: list[Party], patients: list[Party], country: str | None) -> tuple[Role, Role]:
    every = _ARMED | _CIVIL | _MARCHERS
    first = _role(agents, every)
    second = _role(patients, every, first.actor if first else None)
    if kind == "Arrests" and first is None and country:
        first = Role(_generic_state("Police Forces of", country), (), "who arrested them is not said")
    if kind == "Agreement" and first is not None and (second is None or second.actor is None or _is_civil(second)):
        second = _role(agents, every, first.actor) or second
    if first is None and second is not None and kind not in ("Disrupted weapons use",):
        first, second = second, None
    return first or Role(), second or Role()


def _is_civil(role: Role) -> bool:
    return role.actor is not None and role.actor.kind == "Civilians"


def _generic_state(prefix: str, country: str) -> Actor:
    return Actor(name=f"{prefix} {country}", kind="State forces", country=country)


def _targets_civilians(kind: str, first: Role, second: Role) -> bool | None:
    if kind in _ONE_SIDED or kind == "Excessive force against protesters":
        return True
    if kind in _BATTLES:
        return False
    if kind in _REMOTE or kind == "Mob violence":
        if second.actor is None:
            return None
        return second.actor.kind in ("Civilians", "Protesters")
    if kind in _CROWD:
        return False
    return None
