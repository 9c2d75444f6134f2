"""Doers whom the incident's own words do not name: who claims it, who reports it as his own, who fights there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from conflictdesk.coding.blame import read_speaker
from conflictdesk.coding.incidents import Incident
from conflictdesk.coding.parties import SUSPECTED, Cast, Role
from conflictdesk.records import Actor, Attribution, Dates, Parse

_AGAINST_STATE = frozenset(("Rebel group", "Political militia", "Identity militia"))
_STATES_OWN = ("Military Forces of ", "Police Forces of ")
_REPORTED = frozenset(("Air/drone strike", "Shelling/artillery/missile attack", "Armed clash"))


def credit_speaker(cast: Cast, incident: Incident, name: Callable[[str], Actor | None]) -> Cast:
    """Where a state's forces report a strike on an armed group or a fight with it, they did it if nobody else is named.

    "The army says that a drone strike destroyed a rebel base": said to be inferred.
    """
    if incident.kind not in _REPORTED:
        return cast
    first, second = cast.actor1, cast.actor2
    foe = second if not first.spans else first
    if (first.spans and second.spans) or foe.actor is None or not foe.spans or foe.actor.kind not in _AGAINST_STATE:
        return cast
    if incident.kind != "Armed clash" and first.spans:
        return cast
    for scene in incident.scenes:
        said = read_speaker(scene)
        actor = name(said[0]) if said else None
        if said and actor is not None and actor.name.startswith(_STATES_OWN):
            doer = Role(actor, (said[1],), "their own report; nobody else is named as doer")
            return replace(cast, actor1=doer, actor2=replace(foe, reason=foe.reason))
    return cast


def credit_claim(cast: Cast, blame: Sequence[Attribution], name: Callable[[str], Actor | None]) -> Cast:
    """Where nobody is named as doer, actor 1 is who claims it; an accusation stays an attribution and names nobody."""
    if cast.actor1.actor is None or not cast.actor1.actor.name.startswith("Unidentified"):
        return cast
    claims = [a for a in blame if a.basis == "claimed" and a.actor]
    actor = name(claims[0].actor or "") if claims else None
    if actor is None or (cast.actor2.actor is not None and actor.name == cast.actor2.actor.name):
        return cast
    return replace(cast, actor1=Role(actor, claims[0].evidence, None))


_UNSAID = "the text says that the doer is not known"
_NOT_KNOWN = re.compile(
    r"\b(?:did|do|does|could|would) ?n[o'’]t (?:immediately |yet )?(?:say|know|specify|identify) who\b"
    r"|\b(?:not (?:immediately |yet )?(?:clear|known)|unclear|unknown) (?:who|which side)\b"
    r"|\bwho (?:fired|launched|carried|was behind|shot)[^.]{0,40}\b(?:unclear|unknown|not (?:known|clear))",
    re.IGNORECASE,
)


def note_unsaid(cast: Cast, incident: Incident, parse: Parse) -> Cast:
    """Where nobody is named and the same paragraph says that the doer is not known, nothing more is inferred."""
    paragraphs = {scene.paragraph for scene in incident.scenes}
    said = any(s.paragraph in paragraphs and _NOT_KNOWN.search(s.text) for s in parse.sentences)
    if cast.actor1.actor is None or cast.actor1.spans or not said:
        return cast
    return replace(cast, actor1=replace(cast.actor1, reason=_UNSAID))


def share_agents(casts: Sequence[tuple[Incident, Dates | None, Cast]]) -> list[Cast]:
    """Attacks from afar that name no doer take the one party that the article names for such attacks, if it is one.

    "Russia fired missiles at X. Strikes were also reported in Y": within three days, and said to be inferred.
    """
    sources = [
        (d, c.actor1)
        for i, d, c in casts
        if i.family == "explosive" and d and c.actor1.actor and _is_told(c.actor1) and c.actor1.actor.kind in _STATES
    ]
    if not sources:
        sources = [
            (d, c.actor1)
            for _, d, c in casts
            if d and c.actor1.actor and _is_told(c.actor1) and c.actor1.actor.name.startswith("Military Forces")
        ]
    if len({role.actor for _, role in sources}) != 1:
        return [c for _, _, c in casts]
    only = sources[0][1]
    return [
        replace(c, actor1=Role(only.actor, only.spans, "the only party that the article names for such attacks"))
        if i.kind in _AFAR
        and not _is_told(c.actor1)
        and c.actor1.reason != _UNSAID
        and not any(_APART.search(scene.text) for scene in i.scenes)
        and c.actor2.actor != only.actor
        and d
        and any(abs((d.start - s.start).days) <= _SHARED_DAYS for s, _ in sources)
        else c
        for i, d, c in casts
    ]


_SHARED_DAYS = 3
_APART = re.compile(
    r"^(?:Separately|Elsewhere|Meanwhile|In (?:another|a separate))\b|"
    r"\b(?:unknown|unclear|undetermined) (?:origin|source)|"
    r"\bno (?:group|one) (?:has |had )?(?:claimed|immediately)|\bunidentified\b",
    re.IGNORECASE,
)
_STATES = frozenset(("State forces", "External/Other forces", "Rebel group"))
_AFAR = frozenset(("Air/drone strike", "Shelling/artillery/missile attack"))


def _is_told(role: Role) -> bool:
    return role.reason in (None, SUSPECTED)


_FIGHTS = frozenset(("Armed clash", "Government regains territory", "Non-state actor overtakes territory"))


def share_opponents(casts: Sequence[tuple[Incident, Cast]]) -> list[Cast]:
    """A fight that names one side takes the other from the one party whom that side fights elsewhere in the article."""
    foes: dict[str, list[Role]] = {}
    for _, cast in casts:
        one, other = cast.actor1, cast.actor2
        if one.actor and other.actor and one.spans and other.spans and one.actor.name != other.actor.name:
            for mine, theirs in ((one, other), (other, one)):
                if theirs.actor and theirs.actor.kind not in _UNARMED and mine.actor:
                    foes.setdefault(mine.actor.name, []).append(theirs)
    return [_with_foe(incident, cast, foes) for incident, cast in casts]


_UNARMED = frozenset(("Civilians", "Protesters", "Rioters"))


def _with_foe(incident: Incident, cast: Cast, foes: dict[str, list[Role]]) -> Cast:
    mine, theirs = cast.actor1, cast.actor2
    if incident.kind not in _FIGHTS or mine.actor is None or not mine.spans or theirs.spans:
        return cast
    known = foes.get(mine.actor.name, [])
    if len({r.actor for r in known}) != 1:
        return cast
    return replace(cast, actor2=replace(known[0], reason="the only party that the article names as its opponent"))
