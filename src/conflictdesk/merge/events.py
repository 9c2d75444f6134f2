"""The door of `merge`: mentions in, events out, no mention lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from conflictdesk.codebook.types import load_event_types
from conflictdesk.merge.consensus import (
    choose_lead,
    combine_actors,
    combine_confidence,
    combine_dates,
    combine_doubts,
    combine_places,
    combine_tolls,
    find_disputes,
    list_attributions,
)
from conflictdesk.merge.pairs import is_ruled_out, match_mentions
from conflictdesk.merge.profiles import Gist, Profile, make_profile
from conflictdesk.merge.stories import group_articles, match_articles
from conflictdesk.records import Event, Match, Mention, hash_id

__all__ = [
    "Gist",
    "Profile",
    "build_event",
    "group_articles",
    "join_mentions",
    "make_profile",
    "match_articles",
    "match_mentions",
    "merge_mentions",
]


def merge_mentions(mentions: Sequence[Mention], stories: Sequence[Match] = ()) -> tuple[list[Event], list[Match]]:
    """Bring the mentions of one incident together; every mention is in exactly one event.

    `stories` are the verdicts of `match_articles` on the articles of the run; without them the mentions speak alone.
    The order of `mentions` does not matter.
    """
    matches = match_mentions(mentions, stories)
    groups = join_mentions(mentions, matches)
    events = [build_event(group, hash_id("e", *sorted(m.mention_id for m in group))) for group in groups]
    return sorted(events, key=lambda e: e.event_id), matches


def join_mentions(
    mentions: Sequence[Mention], matches: Sequence[Match], verdicts: Sequence[Match] = ()
) -> list[list[Mention]]:
    """Group mentions by the strongest match first; the rules join two groups only if no pair across is ruled out.

    `verdicts` are what people said of pairs, the last word on each pair once: their "same" joins before any rule and
    whatever the rules hold against it, their "different" keeps a pair apart, their "unsure" takes a rule's "same" back.
    What a person joined to a mention does not stand in the way of what the rules join to it.
    Matches of mentions that are not among `mentions` are passed over. The order of the arguments does not matter.
    """
    by_id = {m.mention_id: m for m in mentions}
    said = {_pair(m): m.verdict for m in verdicts if {m.left, m.right} <= by_id.keys()}
    told = sorted((-m.score, *_pair(m)) for m in matches if m.verdict == "same" and {m.left, m.right} <= by_id.keys())
    ruled = dict.fromkeys((left, right) for _, left, right in told if (left, right) not in said)
    different = {pair for pair, verdict in said.items() if verdict == "different"}
    whole: _Groups = {i: [i] for i in by_id}
    core: _Groups = {i: [i] for i in by_id}  # by rules alone
    for left, right in sorted(pair for pair, verdict in said.items() if verdict == "same"):
        if not _meet(whole[left], whole[right], lambda a, b: ((a, b) if a < b else (b, a)) in different):
            _unite(whole, left, right)
    for left, right in ruled:
        if core[left] is core[right] or _meet(
            core[left], core[right], lambda a, b: is_ruled_out(by_id[a], by_id[b], ruled)
        ):
            continue
        if not _meet(whole[left], whole[right], lambda a, b: ((a, b) if a < b else (b, a)) in different):
            _unite(core, left, right)
            _unite(whole, left, right)
    unique = {id(g): g for g in whole.values()}
    return sorted((sorted((by_id[i] for i in g), key=lambda m: m.mention_id) for g in unique.values()), key=_name_group)


_Groups: TypeAlias = dict[str, list[str]]


def _meet(left: Sequence[str], right: Sequence[str], clash: Callable[[str, str], bool]) -> bool:
    return any(clash(a, b) for a in left for b in right)


def _unite(groups: _Groups, one: str, other: str) -> None:
    left, right = groups[one], groups[other]
    if left is not right:
        left.extend(right)
        groups.update(dict.fromkeys(right, left))


def _pair(match: Match) -> tuple[str, str]:
    return (match.left, match.right) if match.left < match.right else (match.right, match.left)


def _name_group(group: Sequence[Mention]) -> str:
    return group[0].mention_id


def build_event(mentions: Sequence[Mention], event_id: str) -> Event:
    """One incident as its mentions tell it together, under the id that the caller gives it."""
    lead = choose_lead(mentions)
    codebook = load_event_types()
    actor1, actor2 = combine_actors(mentions)
    inferred = _combine_reasons(mentions, lead)
    event = Event(
        event_id=event_id,
        event_type=lead.event_type,
        sub_event_type=lead.sub_event_type,
        disorder_type=codebook.by_name(lead.sub_event_type).disorder_type,
        dates=combine_dates(mentions),
        place=combine_places(mentions),
        actor1=actor1,
        actor2=actor2,
        associated_actors=tuple(dict.fromkeys(a for m in mentions for a in m.associated_actors)),
        civilian_targeting=lead.civilian_targeting,
        deaths=combine_tolls(mentions, "deaths"),
        injured=combine_tolls(mentions, "injured"),
        attribution=list_attributions(mentions),
        inferred=inferred,
        disputed=find_disputes(mentions),
        mentions=tuple(mentions),
        figures=tuple(dict.fromkeys((m.article_id, f) for m in mentions for f in m.figures)),
        cannot_tell=combine_doubts(mentions, lead),
    )
    return replace(event, confidence=combine_confidence(event))


def _combine_reasons(mentions: Sequence[Mention], lead: Mention) -> dict[str, str]:
    """A value is inferred only where no mention states it."""
    stated = {f for m in mentions for f in m.evidence if f not in m.inferred}
    reasons: dict[str, str] = {}
    for mention in (lead, *mentions):
        for name, reason in mention.inferred.items():
            if name not in stated:
                reasons.setdefault(name, reason)
    return reasons
