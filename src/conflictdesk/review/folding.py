"""What stands of one article after all decisions: the fold of its journal over the machine's coding, on one track.

A person's click is never applied to a stored state. It is one more Decision, and the state is always this fold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from conflictdesk.casework import Order, StoredCoding
from conflictdesk.decisions import DecidedMention, Decision, Mode, Track
from conflictdesk.records import Article, hash_id
from conflictdesk.review.claims import DecidedClaim, fold_claims, new_claim_id
from conflictdesk.review.facts import fold_facts, reopens
from conflictdesk.review.incidents import Book, FoldedMention, adds_mention, fold_mentions
from conflictdesk.review.standing import list_standing, read_text
from conflictdesk.review.written import to_mention

__all__ = [
    "CaseFile",
    "DecidedClaim",
    "blind_coding",
    "fold_article",
    "fold_first",
    "list_standing",
    "new_claim_id",
    "new_mention_id",
    "pair_id",
    "to_mention",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One article as it stands on one track. Mentions and claims that were dropped are there too, with the reason.

    `finished`: who said that they are done, and the number of that decision. `decisions` are those that stand,
    `journal` all that count on this track, the undone ones too. `orphans` stand but speak of what is not there.
    `adoptable` are the incidents that second coders added; `mode` is "blind" where suggestions were left out.
    """

    article: Article
    coding: StoredCoding | None
    track: Track = "main"
    by: str | None = None
    mode: Mode = "assisted"
    mentions: tuple[DecidedMention, ...] = ()
    claims: tuple[DecidedClaim, ...] = ()
    background: frozenset[int] = frozenset()
    finished: Mapping[str, int] = field(default_factory=dict)
    skipped: str | None = None
    flags: tuple[Decision, ...] = ()
    drawn: str | None = None
    settled: bool = False
    decisions: tuple[Decision, ...] = ()
    journal: tuple[Decision, ...] = ()
    orphans: tuple[Decision, ...] = ()
    adoptable: tuple[str, ...] = ()

    @property
    def kept(self) -> tuple[DecidedMention, ...]:
        """The incidents that were not dropped."""
        return tuple(m for m in self.mentions if m.dropped is None)

    def mention(self, mention_id: str) -> DecidedMention | None:
        """The incident of that id, dropped or not."""
        return next((m for m in self.mentions if m.mention_id == mention_id), None)

    def claim(self, claim_id: str) -> DecidedClaim | None:
        """The claim of that id, dropped or not."""
        return next((c for c in self.claims if c.claim_id == claim_id), None)


def new_mention_id(decision_id: str) -> str:
    """The id of the incident that the decision `decision_id` adds."""
    return hash_id("m", decision_id)


def pair_id(one: str, other: str) -> str:
    """The subject of a decision on whether two mentions tell of one event: the smaller id first.

    >>> pair_id("m-b", "m-a")
    'm-a|m-b'
    """
    if one == other:
        raise ValueError(f"a pair needs two mentions, not {one} twice")
    return "|".join(sorted((one, other)))


def fold_article(
    article: Article,
    coding: StoredCoding | None,
    decisions: Iterable[Decision],
    *,
    track: Track = "main",
    by: str | None = None,
    mode: Mode | None = None,
    orders: Mapping[str, Order] | None = None,
    known: dict[str, FoldedMention] | None = None,
) -> CaseFile:
    """What stands of `article` on `track`: "main" and "final" together make "main"; "second" is that of `by` alone.

    `decisions` are all of this article, of any track. On the second track the machine's suggestions count only where
    that coder works with them: `mode` says so, else his own decisions do; without any he is taken to be blind.
    `orders` gives each machine mention its place in the history, where the store knows it. `known` are incidents of an
    earlier fold of the same papers, which this one brings up to date.
    """
    told = sorted(decisions, key=lambda d: d.seq)
    journal = _list_counting(told, track, by)
    seen = mode or _name_mode(journal, track)
    coding = blind_coding(coding) if seen == "blind" and track == "second" else coding
    standing = list_standing(journal)
    others = () if track == "second" else list_standing(d for d in told if d.track == "second")
    book = Book(coding, standing, others, track, orders or {}, {} if known is None else known)
    mentions, lost = fold_mentions(article, book)
    claims, lost_claims = fold_claims(
        article.article_id, coding.claims if coding else (), [d for d in standing if d.subject_kind == "claim"]
    )
    facts, lost_facts = fold_facts(standing)
    if facts.settled:
        mentions = [replace(m, track="final") if m.is_touched else m for m in mentions]
    return CaseFile(
        article=article,
        coding=coding,
        track=track,
        by=by,
        mode=seen,
        mentions=tuple(sorted(mentions, key=_place_in_text)),
        claims=claims,
        background=frozenset(facts.background),
        finished=facts.finished,
        skipped=facts.skipped,
        flags=tuple(facts.flags),
        drawn=next((read_text(d.after) for d in reversed(list_standing(told)) if d.action == "draw"), None),
        settled=facts.settled,
        decisions=standing,
        journal=journal,
        orphans=tuple(sorted((*lost, *lost_claims, *lost_facts), key=lambda d: d.seq)),
        adoptable=tuple(dict.fromkeys(d.subject_id for d in others if adds_mention(d))),
    )


def _list_counting(told: Iterable[Decision], track: Track, by: str | None) -> tuple[Decision, ...]:
    """The decisions that count on a track; that a second coder's article is opened again is for a reviewer to say."""
    if track != "second":
        return tuple(d for d in told if d.track != "second")
    return tuple(d for d in told if (d.track == "second" and by in (None, d.by)) or reopens(d, "second"))


def _name_mode(journal: Iterable[Decision], track: Track) -> Mode:
    if track != "second" or any(d.mode == "assisted" and d.action != "reopen" for d in journal):
        return "assisted"
    return "blind"


def fold_first(article: Article, coding: StoredCoding | None, decisions: Iterable[Decision]) -> CaseFile:
    """What the first coder made of an article before the lead settled anything: a second coder is held against it."""
    return fold_article(article, coding, (d for d in decisions if d.track == "main"))


def blind_coding(coding: StoredCoding | None) -> StoredCoding | None:
    """A coding as a blind coder may see it: the sentences and which of them have words of violence, nothing else."""
    if coding is None:
        return None
    sentences = tuple(replace(note, verdict="nothing", rule="") for note in coding.sentences)
    return replace(coding, mentions=(), claims=(), sentences=sentences, problems=())


def _place_in_text(m: DecidedMention) -> tuple[float, Order, str]:
    """Incidents stand in the order in which the article tells of them."""
    spans = [s.start for name in ("event_type", *m.fields) for s in m.fields[name].evidence or m.fields[name].suggested]
    return (min(spans, default=math.inf), m.order, m.mention_id)
