"""Whose toll is whose, where one incident is told at several places: each place's own, and what they share.

"Killed two in Tal Amara and three in Beit Noura" gives each village its own; "killed five in Tal Amara and Beit
Noura" gives neither any: the five are a Claim that names both places. Nothing is split by guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from conflictdesk.coding.anchors import Placed
from conflictdesk.coding.incidents import Incident
from conflictdesk.coding.scenes import Scene
from conflictdesk.coding.toll_sums import TollSum, is_countable, sum_tolls
from conflictdesk.coding.tolls import Toll
from conflictdesk.records import Article, Claim, Dates, Span, Toponym, hash_id

_REACH = 25
_OPENING = 4
_MEASURES: tuple[Literal["deaths", "injured"], ...] = ("deaths", "injured")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The tolls of each place, in the order of the places, and those that no one place bears."""

    own: tuple[tuple[Toll, ...], ...]
    shared: tuple[Toll, ...]


def place_apart(scenes: Sequence[Scene], toponyms: Sequence[Toponym]) -> list[Scene]:
    """Add to a scene the places at which its sentence tells further people: the Dara of "and three in Dara"."""
    return [_with_places(scene, toponyms) for scene in scenes]


def _with_places(scene: Scene, toponyms: Sequence[Toponym]) -> Scene:
    if not scene.toponyms:
        return scene
    spots = list(scene.toponyms)
    for toll in scene.tolls:
        behind = [t for t in toponyms if 0 <= t.span.start - toll.span.end <= _REACH and scene.whole.holds(t.span)]
        spot = min(behind, key=lambda t: t.span.start, default=None)
        if toll.apart and spot is not None and all(t.place != spot.place for t in spots):
            spots.append(spot)
    return replace(scene, toponyms=tuple(spots))


def share_tolls(incident: Incident, places: Sequence[Placed]) -> Shares:
    """Give each place of an incident the tolls told at it; with one place, all of them."""
    scenes = sorted(incident.scenes, key=lambda s: (s.paragraph == 0, s.sentence))
    if len(places) == 1:
        return Shares(own=(tuple(t for s in scenes for t in s.tolls),), shared=())
    own: list[list[Toll]] = [[] for _ in places]
    shared: list[Toll] = []
    for scene in scenes:
        given = _share_scene(scene, places)
        for toll in scene.tolls:
            at = given.get(toll)
            (shared if at is None else own[at]).append(toll)
    return Shares(own=tuple(tuple(tolls) for tolls in own), shared=tuple(shared))


# By the codebook nobody is killed in these: the dead told beside them are those they speak of or mourn.
_DEATHLESS = frozenset(
    {
        "Peaceful protest", "Protest with intervention", "Agreement", "Change to group/activity",
        "Headquarters or base established", "Non-violent transfer of territory",
    }
)  # fmt: skip


def keep_own_tolls(tolls: Sequence[Toll], kind: str | None) -> tuple[Toll, ...]:
    """Leave out the killed, and of a peaceful protest the hurt, where an event of the kind has none."""
    barred = {"deaths"} if kind in _DEATHLESS else set()
    if kind == "Peaceful protest":
        barred.add("injured")
    return tuple(t for t in tolls if t.negated or t.measure not in barred)


def place_bare_tolls(scenes: Sequence[Scene], toponyms: Sequence[Toponym]) -> list[Scene]:
    """Give a figure told without its deed the place behind it, where another sentence tells of a deed there.

    "The hospital put the number of dead in Mutwanga at 13" is of Mutwanga, whatever was told last.
    """
    told = {t.place.name for s in scenes if s.frames for t in s.toponyms}
    placed = []
    for scene in scenes:
        if not scene.frames and not scene.toponyms:
            own = [t for t in toponyms if scene.whole.holds(t.span) and t.place.name in told and _is_behind(t, scene)]
            if own:
                scene = replace(scene, toponyms=tuple(own), definite=False)
        placed.append(scene)
    return placed


def _is_behind(toponym: Toponym, scene: Scene) -> bool:
    """True for the Mutwanga of "the dead in Mutwanga", and of "In Mutwanga, ..."."""
    if toponym.phrase.start - scene.whole.start <= _OPENING:
        return True
    return any(t.span.start <= toponym.span.start <= t.span.end + _REACH for t in scene.tolls)


def _share_scene(scene: Scene, places: Sequence[Placed]) -> dict[Toll, int]:
    """Which place each toll of a sentence belongs to; empty where one place is left without people of its own."""
    named = [(span, n) for n, place in enumerate(places) for span in place.spans if scene.whole.holds(span)]
    again = [(t.span, n) for t in scene.toponyms for n, place in enumerate(places) if _is_at(t, place)]
    spots = list(dict.fromkeys([*named, *again]))
    if len({n for _, n in spots}) == 1 and all(_is_at(t, places[spots[0][1]]) for t in scene.toponyms):
        return dict.fromkeys(scene.tolls, spots[0][1])
    tolls = [t for t in scene.tolls if is_countable(t) and not t.negated]
    if len(spots) < 2 or not tolls:
        return {}
    given = {toll: _place_of(toll, spots, places_first=min(s for s, _ in spots) < _people(tolls[0])) for toll in tolls}
    if {n for _, n in spots} - set(given.values()):
        given = {toll: n for toll in tolls if (n := _place_with_clause(scene, toll, spots)) is not None}
    whole = {t: n for t, n in given.items() if n is not None}
    for toll in scene.tolls:
        if toll.part_of and toll not in whole:
            near = max((t for t in whole if _people(t) <= _people(toll)), key=_people, default=None)
            if near is not None:
                whole[toll] = whole[near]
    return whole


def _is_at(toponym: Toponym, placed: Placed) -> bool:
    """The same place, though one of its mentions is less precise ("in nearby Monguno")."""
    place = placed.place
    return place is not None and (toponym.place.name, toponym.place.country) == (place.name, place.country)


def _people(toll: Toll) -> Span:
    return toll.victims if toll.victims is not None else toll.span


def _place_of(toll: Toll, spots: Sequence[tuple[Span, int]], *, places_first: bool) -> int | None:
    """The place next to a toll: the one before it where the sentence opens with a place, else the one behind."""
    at = _people(toll)
    if places_first:
        return max(((s, n) for s, n in spots if s.start < at.start), default=(at, None))[1]
    return min(((s, n) for s, n in spots if s.start > at.start), default=(at, None))[1]


def _place_with_clause(scene: Scene, toll: Toll, spots: Sequence[tuple[Span, int]]) -> int | None:
    """The place whose own clause tells the toll: "in Amara, where a house was hit, killing three, and in Noura"."""
    at = _people(toll)
    span, n = max(((s, n) for s, n in spots if s.start < at.start), default=(at, None))
    between = scene.text[max(0, span.end - scene.whole.start) : max(0, at.start - scene.whole.start)]
    return n if n is not None and between.lstrip().startswith(", where ") else None


def claim_shared_tolls(
    article: Article, shares: Shares, places: Sequence[Placed], dates: Dates | None, by: str | None
) -> list[Claim]:
    """The claims of what several places share: who did it, how many, where and when; not what the places add up to."""
    found = []
    for measure in _MEASURES:
        total = sum_tolls(shares.shared, measure)
        if total is None or total.estimate.best == 0 or total.estimate.best == _added(shares, measure):
            continue
        first = next(t for t in shares.shared if t.span in total.spans)
        spots = tuple(span for place in places for span in place.spans)
        found.append(
            Claim(
                claim_id=hash_id("c", article.article_id, first.span.start, first.span.end, measure, "shared"),
                article_id=article.article_id,
                by=by,
                of=first.victim_text.strip() or None,
                measure=measure,
                value=float(total.estimate.best),
                value_is=total.value_is,
                from_day=None if dates is None else dates.start,
                to_day=None if dates is None else dates.end,
                said_by=None if first.said_by is None else first.said_by.quote(article.text),
                evidence={"value": total.spans, "place": spots} if spots else {"value": total.spans},
            )
        )
    return found


def _added(shares: Shares, measure: Literal["deaths", "injured"]) -> int:
    sums: list[TollSum | None] = [sum_tolls(tolls, measure) for tolls in shares.own]
    return sum(total.estimate.best for total in sums if total is not None)
