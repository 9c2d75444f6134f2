"""Why a field of a mention has no value, where something stood in the way: an explicit "cannot tell".

A field of which the text simply says nothing is not listed: "nothing is said" needs no reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conflictdesk.coding.parties import Role
from conflictdesk.coding.party_phrases import Party
from conflictdesk.coding.signs import Known
from conflictdesk.coding.toll_sums import TollSum
from conflictdesk.coding.tolls import Toll

_LONGEST = 60  # characters of a quote
_BAND = re.compile(
    r"[A-Z]\w*['’]? (?:\w+ )?(?:Front|Movement|Army|Brigades?|Command|Forces?|Militia|Group|Boys|Cartel|Gang|Union"
    r"|Party|fighters|rebels|militiamen|gunmen|insurgents|bandits|gang|militia|group|tribesmen|herders|farmers)\b"
)


def name_gaps(known: Known) -> dict[str, str]:
    """Field to reason, for the fields without a value of which the text does say something."""
    frames = [f for s in known.incident.scenes for f in s.frames]
    gaps = {
        "date": _miss_day(known) if known.dated.dates is None else "",
        "place": "no place name stands in its sentences or leads to it" if known.placed.place is None else "",
        "actor1": _miss_actor(known.cast.actor1, known.cast.actor2, [p for f in frames for p in f.agents]),
        "actor2": _miss_actor(known.cast.actor2, known.cast.actor1, [p for f in frames for p in f.patients]),
        "deaths": _miss_toll(known, "deaths", known.deaths),
        "injured": _miss_toll(known, "injured", known.injured),
    }
    return {field: reason for field, reason in gaps.items() if reason}


def _miss_day(known: Known) -> str:
    said = [s.when.expression.span.quote(known.article.text) for s in known.incident.scenes if s.when is not None]
    if said and known.article.published_on is None:
        return f"the day of publication is not known, from which “{said[0]}” is counted"
    if said:
        return f"“{said[0]}” settles no day"
    return "no day is said of it, and none around it is near enough"


def _miss_actor(role: Role, other: Role, parties: Sequence[Party]) -> str:
    """Reason from words that stand where an actor should and name none of the register."""
    if role.actor is not None:
        return ""
    unread = [p for p in parties if p.reading is None and _may_name(p.text) and p.span not in other.spans]
    return f"no actor of the register is read in “{_shorten(unread[0].text)}”" if unread else ""


def _may_name(text: str) -> bool:
    """True for words that seem to name a group: "the Banga Boys", not "the Red Bridge"."""
    return _BAND.search(text) is not None


def _miss_toll(known: Known, measure: str, total: TollSum | None) -> str:
    if total is not None:
        return ""
    if known.places > 1 and any(t.measure == measure for s in known.incident.scenes for t in s.tolls):
        return "the figure is shared by several places"
    return next(_refuse([t for t in known.tolls if t.measure == measure and not t.negated]), "")


def _refuse(tolls: Sequence[Toll]) -> Iterator[str]:
    for toll in tolls:
        if toll.feared:
            yield "people are only feared to be among them"
        elif toll.unreal:
            yield "the figure is denied or only possible"
        elif toll.cumulative or toll.historic:
            yield "the figure is of a longer time or of many events"
        elif toll.part_of:
            yield "only a part of a figure is told"


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + " …"
