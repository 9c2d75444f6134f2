"""The killed and the hurt of an article's main incident, where nobody has parted its events yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from conflictdesk.coding.casualty_words import Side, TollMeasure
from conflictdesk.coding.toll_sums import TollSum, is_countable, sum_tolls
from conflictdesk.coding.tolls import Toll, read_tolls
from conflictdesk.records import Estimate, Parse

# News tells its main incident first: a toll that comes up only after this many characters is background.
LEAD = 1200

# Where a page speaks of its other stories.
_TEASER = re.compile(
    r"\bread or share this story\b|\bkeep reading\b|\brelated (?:articles?|content|stories|story|coverage)\b"
    r"|\b(?:read )?more: [A-Z]|\balso read\b|\bprevious stor(?:y|ies):|\btop videos?:|\btop stories\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleToll:
    """The toll of the main incident; None where the article says nothing."""

    deaths: TollSum | None
    injured: TollSum | None


def read_article_toll(
    parse: Parse, *, without: frozenset[Side] = frozenset(), findings_first: bool = False
) -> ArticleToll:
    """Sum the tolls of an article as if all its sentences told of one incident.

    `without` names sides to leave out (a count of civilians leaves out "armed"). `findings_first` is for narratives
    that open with their own finding and weigh the sources after it: where the opening sentences hold a figure, later
    ones compete with it only for the upper end that an "at least" leaves open.
    """
    tolls = [t for t in _read_own(parse) if t.side not in without]
    if not findings_first:
        deaths = _read_main(tolls, "deaths")
        # The dead of the background are none of the hurt.
        told = [t for t in tolls if deaths is not None or t.measure != "deaths" or t.negated]
        return ArticleToll(deaths=deaths, injured=_read_main(told, "injured"))
    return ArticleToll(deaths=_read_finding(tolls, "deaths"), injured=_read_finding(tolls, "injured"))


def _read_own(parse: Parse) -> Iterator[Toll]:
    """The tolls of an article without those of its page's other stories."""
    behind = False
    for sentence in parse.sentences:
        teaser = _TEASER.search(sentence.text)
        end = sentence.span.end if teaser is None else sentence.span.start + teaser.start()
        if not behind:
            yield from (t for t in read_tolls(sentence) if t.span.end <= end)
        behind = teaser is not None and sentence.text.rstrip().endswith(":")


def _read_main(tolls: list[Toll], measure: TollMeasure) -> TollSum | None:
    found = sum_tolls(tolls, measure)
    return None if found is None or min(span.start for span in found.spans) > LEAD else found


def _read_finding(tolls: list[Toll], measure: TollMeasure) -> TollSum | None:
    opening = list(_opening(tolls, measure))
    found = sum_tolls(opening or tolls, measure)
    if found is None or not opening or found.imputed is not None or found.estimate.high is not None:
        return found
    rivals = [t for t in tolls if t.measure == measure and is_countable(t) and _is_total(t)]
    top = max((t.estimate.best for t in rivals), default=0)
    if top <= found.estimate.best:
        return found
    spans = (*found.spans, *(t.span for t in rivals if t.estimate.best == top))
    estimate = Estimate(low=found.estimate.low, best=found.estimate.best, high=top)
    return replace(found, estimate=estimate, value_is="about", spans=spans, rule="competing")


def _is_total(toll: Toll) -> bool:
    return not (toll.definite or toll.added or toll.weak) and toll.imputed is None and toll.said_by is not None


def _opening(tolls: list[Toll], measure: TollMeasure) -> Iterator[Toll]:
    """The tolls of the first sentence with a figure in `measure`, if it is one of the first three that tell any."""
    for sentence in sorted({t.sentence for t in tolls if is_countable(t)})[:3]:
        here = [t for t in tolls if t.sentence == sentence]
        if any(t.measure == measure and is_countable(t) for t in here):
            yield from here
            return
