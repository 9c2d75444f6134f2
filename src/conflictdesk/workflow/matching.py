"""New mentions beside what the desk knows: only pairs with a new one in them, and only near in time and place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from conflictdesk.merge.events import match_mentions
from conflictdesk.records import Match, Mention
from conflictdesk.review.folding import to_mention
from conflictdesk.store.opening import Reader
from conflictdesk.workflow.casefiles import read_many_papers

_NEAR: Final = dt.timedelta(days=2)
_LONGEST: Final = dt.timedelta(days=62)  # as in merge: of wider intervals only the first days count
_MOST: Final = 400  # events that one mention is compared with


def match_new(reader: Reader, mentions: Sequence[Mention]) -> list[Match]:
    """The likely pairs of new mentions with one another and with those of events about the same days and land.

    A mention that some coding had before is not new: what was found of it stands.
    """
    known = reader.mentions([m.mention_id for m in mentions])
    fresh = [m for m in mentions if m.mention_id not in known]
    found = {(m.left, m.right): m for m in match_mentions(fresh)} if len(fresh) > 1 else {}
    ids = {m.mention_id for m in mentions}
    for mention in fresh:
        for other in _list_neighbours(reader, mention):
            if other.mention_id not in ids:
                found.update({(m.left, m.right): m for m in match_mentions([mention, other])})
    return _in_order(found.values())


def _list_neighbours(reader: Reader, mention: Mention) -> list[Mention]:
    dates, place = mention.dates, mention.place
    if dates is None:
        return []
    last = min(dates.end, dates.start + _LONGEST)
    records = reader.near_events(place.iso3 if place else None, dates.start - _NEAR, last + _NEAR, _MOST)
    country = place.country if place else None
    others = [m for record in records for m in record.event.mentions]
    return [m for m in others if (m.place.country if m.place else None) == country]


def match_added(reader: Reader, after_seq: int) -> list[Match]:
    """The likely pairs of incidents that people added since a decision, with all others."""
    added = [d for d in reader.decisions(actions=("add", "adopt"), after_seq=after_seq) if d.subject_kind == "mention"]
    papers = read_many_papers(reader, {d.article_id for d in added if d.article_id is not None})
    found: dict[tuple[str, str], Match] = {}
    for article_id in sorted(papers):
        wanted = {d.subject_id for d in added if d.article_id == article_id}
        told = [to_mention(m) for m in papers[article_id].fold().mentions if m.mention_id in wanted]
        for mention in (m for m in told if m is not None):
            for other in _list_neighbours(reader, mention):
                if other.mention_id != mention.mention_id:
                    found.update({(m.left, m.right): m for m in match_mentions([mention, other])})
    held = {(m.left, m.right) for m in reader.matches(sorted({i for pair in found for i in pair}))} if found else set()
    return _in_order(match for pair, match in found.items() if pair not in held)


def match_stories(reader: Reader, stories: Sequence[Match]) -> list[Match]:
    """The pairs of mentions that are likelier because their articles tell one story, where that says something new."""
    same = [story for story in stories if story.verdict == "same"]
    papers = read_many_papers(reader, {i for story in same for i in (story.left, story.right)})
    told = {
        article_id: [m for decided in held.fold().mentions if (m := to_mention(decided)) is not None]
        for article_id, held in papers.items()
    }
    found: dict[tuple[str, str], Match] = {}
    for story in same:
        for one in told.get(story.left, ()):
            for other in told.get(story.right, ()):
                found.update({(m.left, m.right): m for m in match_mentions([one, other], [story])})
    held = {(m.left, m.right): m for m in reader.matches(sorted({i for pair in found for i in pair}))} if found else {}
    return _in_order(m for pair, m in found.items() if pair not in held or held[pair].score < m.score)


def _in_order(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda m: (-m.score, m.left, m.right))
