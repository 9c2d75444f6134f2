"""The door of `merge`: mentions in, events out, no mention lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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

__all__ = ["Gist", "Profile", "group_articles", "make_profile", "match_articles", "merge_mentions"]


def merge_mentions(mentions: Sequence[Mention], stories: Sequence[Match] = ()) -> tuple[list[Event], list[Match]]:
    """Bring the mentions of one incident together; every mention is in exactly one event.

    `stories` are the verdicts of `match_articles` on the articles of the run; without them the mentions speak alone.
    The order of `mentions` does not matter.
    """
    matches = match_mentions(mentions, stories)
    groups = _join(mentions, matches)
    events = [_build(group) for group in groups]
    return sorted(events, key=lambda e: e.event_id), matches


def _join(mentions: Sequence[Mention], matches: Sequence[Match]) -> list[list[Mention]]:
    """Join by the strongest match first; two groups join only if no pair across them is ruled out."""
    by_id = {m.mention_id: m for m in mentions}
    same = dict.fromkeys((m.left, m.right) for m in matches if m.verdict == "same")  # the strongest first
    group: dict[str, list[str]] = {i: [i] for i in by_id}
    for pair in same:
        left, right = (group[i] for i in pair)
        if left is right or any(is_ruled_out(by_id[a], by_id[b], same) for a in left for b in right):
            continue
        left.extend(right)
        for i in right:
            group[i] = left
    unique = {id(g): g for g in group.values()}
    return [sorted((by_id[i] for i in g), key=lambda m: m.mention_id) for g in unique.values()]


def _build(mentions: Sequence[Mention]) -> Event:
    lead = choose_lead(mentions)
    codebook = load_event_types()
    actor1, actor2 = combine_actors(mentions)
    inferred = _combine_reasons(mentions, lead)
    event = Event(
        event_id=hash_id("e", *sorted(m.mention_id for m in mentions)),
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
