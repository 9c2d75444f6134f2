"""An article as a row of the queue: how far it is, how much a look at it is worth, and why, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from conflictdesk.casework import Case, CaseStatus, name_origin
from conflictdesk.decisions import DecidedMention
from conflictdesk.records import Estimate
from conflictdesk.review.coverage import list_open
from conflictdesk.review.folding import CaseFile
from conflictdesk.review.pairing import is_disputed

_DONE: Final = frozenset(("coded", "adjudicated", "skipped"))
_WAITING: Final = 20.0
"""What lifts an article that somebody waits for above any that nobody asked about."""
_MOST_OPEN: Final = 10
_SOME, _MUCH = 2.0, 6.0
"""How much expected error is called some, and much: about one doubtful weighty field, and about three."""
_BESIDE: Final = frozenset(("draw", "settle", "reopen", "flag"))
"""Decisions about an article that are no work on its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What makes an article worth a look: the error a look is expected to find, and plain counts.

    `deaths` is the highest best figure of its incidents, None where none has one.
    """

    look: float
    deaths: int | None
    undecided: int
    open_sentences: int
    duplicates: int


def make_case(file: CaseFile, second: Sequence[CaseFile], look: float, duplicates: int) -> Case:
    """The row of an article: `file` is its main track, `second` the work of each second coder on it.

    `look` is how much error a look is expected to find (`queue.value_look`, summed over its incidents), `duplicates`
    how many other articles tell of the same incidents.
    """
    status, worth = name_status(file, second), _weigh_parts(file, look, duplicates)
    article = file.article
    return Case(
        article_id=article.article_id,
        title=article.title,
        source=article.source,
        language=article.language,
        published_on=article.published_on,
        status=status,
        incidents=len(file.kept),
        max_deaths=worth.deaths,
        priority=rank_case(file, status, worth),
        reasons=say_reasons(file, status, worth),
        duplicates=duplicates,
        undecided=worth.undecided,
        flagged=bool(file.flags),
        coded_by=_list_people(d.by for d in file.decisions if d.track == "main" and d.action not in _BESIDE),
        second_by=_list_people(d.by for one in second for d in one.decisions if d.action not in _BESIDE),
        stratum=file.drawn,
        sentences_open=worth.open_sentences,
        last_seq=max((d.seq for one in (file, *second) for d in one.journal), default=0),
        origin=name_origin(article),
    )


def _weigh_parts(file: CaseFile, look: float, duplicates: int) -> Worth:
    kept = file.kept
    return Worth(
        look=look,
        deaths=max((toll.best for m in kept if (toll := _read_deaths(m)) is not None), default=None),
        undecided=sum(f.state == "suggested" for m in kept for f in m.fields.values()),
        open_sentences=len(list_open(file)),
        duplicates=duplicates,
    )


def _read_deaths(mention: DecidedMention) -> Estimate | None:
    value = mention.fields["deaths"].value
    return value if isinstance(value, Estimate) else None


def _list_people(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def name_status(file: CaseFile, second: Sequence[CaseFile]) -> CaseStatus:
    """How far an article is; see `casework.CaseStatus`."""
    done = [one for one in second if one.finished]
    if file.settled:
        return "adjudicated"
    if file.skipped is not None:
        return "skipped"
    if file.finished:
        if any(is_disputed(file, one) for one in done):
            return "disputed"
        return "second" if file.drawn is not None and not done else "coded"
    if any(d.action not in _BESIDE for d in file.decisions):
        return "open"
    return "new" if file.mentions else "nothing"


def rank_case(file: CaseFile, status: CaseStatus, worth: Worth) -> float:
    """The place in the queue, higher first: what somebody waits for, then the error that a look is expected to find.

    Deaths count by their logarithm, so that one large toll does not hide every small one. What is done stands last.
    What waits for a second coder has one place, whatever the first one found: the order tells nothing of that.
    """
    if status in _DONE and not file.flags:
        return 0.0
    waits = _WAITING * (bool(file.flags) + (status in ("disputed", "second")))
    if status == "second":
        return waits
    opened = 0.5 * min(worth.open_sentences, _MOST_OPEN)
    return round(waits + worth.look + opened + math.log10(1 + (worth.deaths or 0)), 4)


def say_reasons(file: CaseFile, status: CaseStatus, worth: Worth) -> tuple[str, ...]:
    """Why the article stands where it stands, in words, the weightiest first."""
    told: list[str] = []
    if file.flags:
        told.append(_count(len(file.flags), "question to the lead", "questions to the lead"))
    if status == "disputed":
        told.append("two coders differ")
    if status == "second":
        told.append(f"waits for a second coder (drawn from: {file.drawn})")
    if status in _DONE:
        return tuple(told)
    if worth.deaths:
        told.append(f"up to {worth.deaths} killed in one incident")
    if worth.undecided:
        doubt = "much" if worth.look >= _MUCH else "some" if worth.look >= _SOME else "little"
        told.append(f"{_count(worth.undecided, 'suggestion waits', 'suggestions wait')}, {doubt} doubt")
    if worth.open_sentences:
        words = "sentence with words of violence is", "sentences with words of violence are"
        told.append(f"{_count(worth.open_sentences, *words)} in no incident")
    if worth.duplicates:
        told.append(f"{_count(worth.duplicates, 'other article tells', 'other articles tell')} of the same")
    return tuple(told)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
