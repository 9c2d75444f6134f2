"""Second coding: which articles wait for somebody's second look, what two coders differ on, all pairs of the desk."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from conflictdesk.casework import Case, CaseFilter, User
from conflictdesk.review.coded_pairs import CodedPair, list_coded_pairs
from conflictdesk.review.folding import CaseFile, fold_first
from conflictdesk.review.pairing import Difference, Pairing, find_differences, pair_incidents
from conflictdesk.store.opening import Reader
from conflictdesk.workflow.casefiles import read_many_papers, read_papers

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """What two coders of one article differ on: of each pair of incidents the fields, and the incidents found by one.

    `fields` has the ids of the first and the second coder's incident for its keys; pairs that agree are left out.
    """

    ours: CaseFile
    theirs: CaseFile
    pairing: Pairing
    fields: dict[tuple[str, str], tuple[Difference, ...]]


def list_second_cases(reader: Reader, user: User, limit: int = 50) -> list[Case]:
    """Articles for this user to code second: those that he began, then those that nobody took yet, by urgency."""
    free, _ = reader.list_cases(CaseFilter(status=("second",), not_by=user.name, untaken=True, limit=limit))
    return [*list_begun(reader, user), *free][:limit]


def list_begun(reader: Reader, user: User) -> list[Case]:
    """Articles of which this user has begun the second coding and not finished it."""
    cases, _ = reader.list_cases(CaseFilter(status=("second",), mine=user.name, limit=_AT_ONCE))
    return [case for case in cases if user.name in case.second_by]


def read_differences(reader: Reader, article_id: str) -> tuple[Disagreement, ...]:
    """What each second coder who is done says otherwise than the first, before the lead settled anything.

    Raises:
        CheckError: there is no such article.
    """
    papers = read_papers(reader, article_id)
    ours = fold_first(papers.article, papers.coding, papers.decisions)
    return tuple(_compare(ours, theirs) for theirs in papers.fold_second() if theirs.finished)


def _compare(ours: CaseFile, theirs: CaseFile) -> Disagreement:
    pairing = pair_incidents(ours.mentions, theirs.mentions, ours.article)
    told = {(a.mention_id, b.mention_id): find_differences(a, b) for a, b in pairing.pairs}
    return Disagreement(ours=ours, theirs=theirs, pairing=pairing, fields={pair: d for pair, d in told.items() if d})


def list_pairs(reader: Reader) -> Iterator[CodedPair]:
    """Every field that two coders coded, over the whole desk, article by article in the order of being drawn.

    Only articles count that were drawn, so that no choice of anybody's colours the figures.
    """
    drawn = dict.fromkeys(d.article_id for d in reader.decisions(actions=("draw",)) if d.article_id is not None)
    going = iter(drawn)
    while piece := list(itertools.islice(going, _AT_ONCE)):
        papers = read_many_papers(reader, piece)
        for held in (papers[article_id] for article_id in piece if article_id in papers):
            ours = fold_first(held.article, held.coding, held.decisions)
            for theirs in (file for file in held.fold_second() if file.finished and ours.finished):
                yield from list_coded_pairs(ours, theirs)
