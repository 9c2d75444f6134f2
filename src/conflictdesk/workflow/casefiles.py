"""An article's file: what was coded and decided of it, as it stands on one track, read from the store."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from conflictdesk.casework import Order, StoredCoding
from conflictdesk.decisions import Decision, Mode, Quoted, Track, name_pair
from conflictdesk.errors import CheckError
from conflictdesk.records import Article, Match, Span
from conflictdesk.review.folding import CaseFile, fold_article
from conflictdesk.review.incidents import FoldedMention
from conflictdesk.review.standing import list_standing
from conflictdesk.store.opening import Reader

PEOPLE: Final = "people"
"""`Match.by` of the row that says of a pair: a person judged it, the journal knows how."""
VERDICTS: Final[tuple[Literal["same", "different", "unsure"], ...]] = ("same", "different", "unsure")
_CODES: Final = frozenset(("accept", "change", "reject", "not_stated", "add", "drop", "finish", "background", "skip"))
_AROUND: Final = 32  # characters kept to each side of a quote


def read_case(
    reader: Reader, article_id: str, *, track: Track = "main", by: str | None = None, blind: bool = True
) -> CaseFile:
    """An article's file on one track; `by` names the second coder whose file it is.

    On the second track, when `blind`, nothing of the machine's suggestions is in it, and never the first coder's work.

    Raises:
        CheckError: there is no such article.
    """
    return read_papers(reader, article_id).fold(track=track, by=by, blind=blind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """All that is kept of one article, before it is folded.

    `orders` is the place in the history of each mention that any coding had, also those that were replaced since.
    """

    article: Article
    coding: StoredCoding | None
    decisions: tuple[Decision, ...]
    orders: Mapping[str, Order]
    folded: dict[str, FoldedMention] = field(default_factory=dict, compare=False, repr=False)
    """The incidents of the last fold of the main track: those of which nothing more was decided stay as they are."""

    def fold(self, *, track: Track = "main", by: str | None = None, blind: bool | None = None) -> CaseFile:
        """What stands of it on one track; `blind` None goes by how the second coder worked."""
        mode: Mode | None = None if blind is None or track != "second" else "blind" if blind else "assisted"
        known = None if track == "second" else self.folded
        return fold_article(
            self.article, self.coding, self.decisions, track=track, by=by, mode=mode, orders=self.orders, known=known
        )

    def fold_second(self) -> tuple[CaseFile, ...]:
        """What stands of it for each second coder, by name."""
        coders = sorted({d.by for d in self.decisions if d.track == "second" and d.action in _CODES})
        return tuple(self.fold(track="second", by=name) for name in coders)

    def add(self, decision: Decision) -> Papers:
        """The papers with one decision more."""
        return replace(self, decisions=(*self.decisions, decision))


def read_papers(reader: Reader, article_id: str) -> Papers:
    """All that is kept of one article.

    Raises:
        CheckError: there is no such article.
    """
    found = read_many_papers(reader, [article_id]).get(article_id)
    if found is None:
        raise CheckError(f"there is no article {article_id}: look it up in the search")
    return found


def read_many_papers(reader: Reader, article_ids: Iterable[str]) -> dict[str, Papers]:
    """All that is kept of several articles, by id; ids that are no article's are left out."""
    articles = reader.articles(sorted(set(article_ids)))
    coded = reader.coded_articles(articles)
    decisions = reader.journals(articles) if articles else {}
    return {
        article_id: Papers(
            article=article,
            coding=coded[article_id].coding if article_id in coded else None,
            decisions=decisions[article_id],
            orders=coded[article_id].orders if article_id in coded else {},
        )
        for article_id, article in sorted(articles.items())
    }


def quote_spans(article: Article, coding: StoredCoding | None, spans: Iterable[Span]) -> tuple[Quoted, ...]:
    """Spans as evidence is kept: with their words, the words around, and the number of their sentence."""
    starts = [note.start for note in coding.sentences] if coding else []
    text = article.text
    return tuple(
        Quoted(
            start=span.start,
            end=span.end,
            quote=span.quote(text),
            prefix=text[max(0, span.start - _AROUND) : span.start],
            suffix=text[span.end : span.end + _AROUND],
            sentence=max(0, bisect_right(starts, span.start) - 1),
        )
        for span in spans
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What was judged of pairs of mentions: by rules (`machine`), and by people, whose word goes first (`people`)."""

    machine: tuple[Match, ...]
    people: tuple[Match, ...]

    def list_same(self) -> tuple[tuple[str, str], ...]:
        """The pairs held to be one incident."""
        return tuple((m.left, m.right) for m in (*self.machine, *self.people) if m.verdict == "same")


def read_verdicts(reader: Reader, mention_ids: Iterable[str]) -> Verdicts:
    """All verdicts on pairs in which one of these mentions stands; a person's takes the place of the rules'."""
    rows = reader.matches(sorted(set(mention_ids)))
    pairs = sorted({name_pair(m.left, m.right) for m in rows if m.by == PEOPLE})
    people = judge_pairs(reader.decisions_about("match", pairs)) if pairs else {}
    machine = {m for m in rows if m.by != PEOPLE and name_pair(m.left, m.right) not in people}
    return Verdicts(
        machine=tuple(sorted(machine, key=lambda m: (-m.score, m.left, m.right, m.verdict, m.by))),
        people=tuple(match for _, match in sorted(people.items())),
    )


def judge_pairs(decisions: Iterable[Decision]) -> Mapping[str, Match]:
    """What people say of each pair after all decisions: the last one that stands."""
    held: dict[str, Match] = {}
    for decision in list_standing(d for d in decisions if d.subject_kind == "match"):
        left, _, right = decision.subject_id.partition("|")
        for verdict in (v for v in VERDICTS if v == decision.action):
            held[decision.subject_id] = Match(left=left, right=right, verdict=verdict, score=1.0, by=decision.by)
    return held


def group_decisions(decisions: Iterable[Decision]) -> Mapping[str, list[Decision]]:
    """Decisions by what they are about."""
    grouped: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        grouped[decision.subject_id].append(decision)
    return grouped
