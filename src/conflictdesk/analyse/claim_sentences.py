"""A published sentence about deaths or events, read into who, what, when and how many, each resting on its words.

A light grammar: patterns and small tables, no model. What is not clear is told in `unread`, never guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from conflictdesk.analyse import claim_words as words
from conflictdesk.analyse.claim_actors import ActorReading, find_sayer, read_actor
from conflictdesk.analyse.claim_areas import read_area
from conflictdesk.analyse.claim_doubts import find_doubts, find_turns
from conflictdesk.analyse.claim_figures import SHARE, FoundChange, FoundFigure, find_changes, find_figures, mask_spans
from conflictdesk.analyse.claim_sides import Sides, set_split, take_sides
from conflictdesk.analyse.claim_times import find_times
from conflictdesk.analyse.claim_windows import find_article_splits, place_windows
from conflictdesk.analyse.claim_words import Measure
from conflictdesk.analyse.windows import Length
from conflictdesk.questions import ClaimFigure, ClaimReading

Place = tuple[int, int]
_LONGEST: Final = 2000
_NO_STOP: Final = r"(?<!\b[A-Z])" + "".join(
    rf"(?<!\b{word})" for word in "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mr Dr St".split()
)
_SENTENCE_END: Final = re.compile(rf"{_NO_STOP}[.!?][”\"’)]*(?=\s+[\"“(]?[A-Z0-9])|\n\s*\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenParts:
    """What a person sets instead of what is read; None and () leave the reading as it is."""

    actor: tuple[str, ...] = ()
    split: dt.date | None = None
    window: Length | None = None
    measure: Measure | None = None
    country: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()


NOTHING_GIVEN: Final = GivenParts()


def read_claim_sentence(
    sentence: str,
    actors: Mapping[str, int],
    published: dt.date | None = None,
    context: str | None = None,
    given: GivenParts = NOTHING_GIVEN,
) -> ClaimReading:
    """Read a claim: actor, measure, windows, figures or change, each with its quote; doubts stand in `unread`.

    `actors` are the dataset's names with their counts of events. `published` places "last year". `context` is the
    article around the sentence: the sentence beside it may hold the other figure, and a split that is an event may have
    its day there. Spans of quotes count code points of the reading's `sentence`.

    >>> said = "The Reds killed 500 people in 2018, up from 400 in 2017."
    >>> reading = read_claim_sentence(said, {"Reds": 9})
    >>> reading.split, reading.window, [(f.side, f.value) for f in reading.figures], reading.unread
    (datetime.date(2018, 1, 1), '1year', [('before', 400.0), ('after', 500.0)], ())
    """
    asked = _Asked(actors, published, given)
    said = sentence[:_LONGEST]
    plain = _read(said, asked, context)
    if context and {figure.side for figure in plain.figures} != {"before", "after"}:
        for joined in _neighbours(said, context):
            reading = _read(joined, asked, context)
            if {figure.side for figure in reading.figures} == {"before", "after"}:
                return reading
    return plain


@dataclass(frozen=True, slots=True)
class _Asked:
    actors: Mapping[str, int]
    published: dt.date | None
    given: GivenParts


def _neighbours(sentence: str, context: str) -> list[str]:
    """The sentence with the one after it, and with the one before it, as they stand in the article."""
    at = context.find(sentence.strip())
    if at < 0:
        return []
    end = at + len(sentence.strip())
    edges = [0, *(match.end() for match in _SENTENCE_END.finditer(context)), len(context)]
    later = [edge for edge in edges if edge > end and context[end:edge].strip()]
    earlier = [edge for edge in edges if edge < at and context[edge:at].strip()]
    pieces = [context[at : later[0]]] if later else []
    pieces += [context[earlier[-1] : end]] if earlier else []
    return [piece.strip()[:_LONGEST] for piece in pieces]


def _read(text: str, asked: _Asked, context: str | None) -> ClaimReading:
    times = find_times(text, asked.published)
    changes = find_changes(mask_spans(text, [(time.start, time.end) for time in times]))
    hidden = [*((time.start, time.end) for time in times), *((change.start, change.end) for change in changes)]
    found, difference = find_figures(mask_spans(text, hidden))
    sayer = find_sayer(text)
    blocked = [(time.start, time.end) for time in times]
    actor = read_actor(text, asked.actors, blocked, sayer)
    area = read_area(text, [*blocked, *([sayer] if sayer else []), *([actor.span] if actor.span else [])])
    measure, said_at, kept, told = _read_measure(text, found, asked.given)
    places: dict[str, Place | None] = {"measure": said_at, "actor": actor.span, "country": area.span, "said_by": sayer}
    places |= {"difference": difference, **_left_out(found, kept)}
    sides = take_sides(text, place_windows(times), kept, changes=bool(changes))
    sides, article = _find_split(sides, asked, context)
    told += find_doubts(mask_spans(text, hidden), kept, together=bool(asked.given.measure))
    draft = _Draft(text, actor, measure, changes, sides, places, article)
    reading = draft.build(area.countries, asked.given)
    unread = [*told, *_unread(draft, asked.given), *_find_turned(draft)]
    if area.unread and not (asked.given.country or asked.given.admin1):
        unread.append(area.unread)
    if measure and not kept and not changes:
        share = SHARE.search(mask_spans(text, hidden))
        unread.append(
            f'"{share.group()}" is a share, which is not checked here' if share else "no figure and no change"
        )
    return replace(reading, unread=tuple(dict.fromkeys(unread)))


def _left_out(found: Sequence[FoundFigure], kept: Sequence[FoundFigure]) -> dict[str, Place | None]:
    starts = {figure.start for figure in kept}
    others = [figure for figure in found if figure.start not in starts]
    return {"not checked": (others[0].start, others[0].end)} if others else {}


def _read_measure(
    text: str, found: Sequence[FoundFigure], given: GivenParts
) -> tuple[Measure | None, Place | None, tuple[FoundFigure, ...], list[str]]:
    """What is counted, where that is said, and the figures that count it; in words, what makes it doubtful."""
    if given.measure:
        kept = tuple(f for f in found if f.measure in (given.measure, None))
        return given.measure, None, kept, []
    counted = [figure.measure for figure in found if figure.measure]
    if counted:
        measure = max(dict.fromkeys(counted), key=counted.count)
        kept = tuple(f for f in found if f.measure == measure)
        return measure, kept[0].said_at, kept, []
    doubtful = words.find_word(words.AMBIGUOUS, text)
    if doubtful:
        told = f'"{doubtful.group()}" may mean the dead, or the dead and the injured: give --measure'
        return None, doubtful.span(), tuple(found), [told]
    first = _first_measure(text)
    if first is None:
        return None, None, tuple(found), ["what was counted is not said: give --measure"]
    return first[0], first[1], tuple(replace(f, measure=first[0]) for f in found if f.noun is None), []


def _first_measure(text: str) -> tuple[Measure, Place] | None:
    patterns: tuple[tuple[Measure, str], ...] = (
        ("deaths", words.DEATH_VERBS),
        ("injured", words.INJURY_VERBS),
        ("events", words.EVENT_NOUNS + "|violence"),
    )
    told = [
        (match.start(), name, match.span()) for name, pattern in patterns if (match := words.find_word(pattern, text))
    ]
    return (min(told)[1], min(told)[2]) if told else None


def _find_split(sides: Sides, asked: _Asked, context: str | None) -> tuple[Sides, str | None]:
    """Give the split its day: as a person set it, else as the article states it; with the article's words."""
    given, length = asked.given, asked.given.window or sides.length
    if given.split and length:
        return set_split(replace(sides, unread=()), given.split, length), None
    if given.split:
        return replace(sides, unread=(*sides.unread, "no length of the windows: give --window")), None
    if not (sides.event or (sides.length and not sides.windows)) or sides.length is None:
        return sides, None
    told = find_article_splits(context, sides.length, asked.published) if context else ()
    if len(told) == 1 and {side for side, _ in sides.figures} != {"whole"}:
        return set_split(sides, told[0].day, sides.length), told[0].quote
    what = f'no day for "{sides.event}"' if sides.event else "no day for the split"
    several = f" (the article may mean {' or '.join(str(s.day) for s in told)})" if told else ""
    return replace(sides, unread=(*sides.unread, f"{what}{several}: give --split")), None


def _unread(draft: _Draft, given: GivenParts) -> list[str]:
    told = list(draft.sides.unread)
    if draft.actor.unread and not given.actor:
        told.insert(0, draft.actor.unread)
    if len({change.percent for change in draft.changes}) > 1:
        told.append("more than one change is stated")
    if draft.changes and draft.sides.windows and "whole" in draft.sides.windows:
        told.append("compared with what is not said: give --split and --window")
    return told


def _find_turned(draft: _Draft) -> Iterator[str]:
    values = {side: figure.value for side, figure in draft.sides.figures}
    counts = (values["before"], values["after"]) if {"before", "after"} <= values.keys() else None
    return find_turns(draft.text, draft.sides.spans.get("after"), counts, draft.changes)


@dataclass(frozen=True, slots=True)
class _Draft:
    text: str
    actor: ActorReading
    measure: Measure | None
    changes: tuple[FoundChange, ...]
    sides: Sides
    places: dict[str, Place | None]
    article: str | None

    def build(self, countries: tuple[str, ...], given: GivenParts) -> ClaimReading:
        text, sides = self.text, self._settle_lone()
        kinds, kind_places = _read_kinds(text, self.measure)
        civilians = words.find_word(words.CIVILIANS, text)
        places = {**self.places, **sides.spans, **kind_places, "civilians": civilians.span() if civilians else None}
        if self.changes:
            places["change"] = (self.changes[0].start, self.changes[0].end)
        spans = {name: place for name, place in places.items() if place}
        quotes = {name: text[start:end] for name, (start, end) in spans.items()}
        if self.article:
            quotes["split"] = self.article
        whole = sides.windows.get("whole", (None, None))
        return ClaimReading(
            sentence=text,
            actor_said=self.actor.said,
            actor=given.actor or self.actor.names,
            measure=self.measure,
            split=sides.split,
            window=sides.length.tell() if sides.length and "whole" not in sides.windows else None,
            from_day=whole[0],
            to_day=whole[1],
            figures=tuple(sorted((_make_figure(text, *placed) for placed in sides.figures), key=_figure_order)),
            change=self.changes[0].percent if self.changes else None,
            change_is=self.changes[0].change_is if self.changes else "exact",
            quotes=MappingProxyType(quotes),
            spans=MappingProxyType(spans),
            unread=(),
            said_by=quotes.get("said_by"),
            civilians=civilians is not None,
            country=given.country or countries,
            admin1=given.admin1,
            windows=MappingProxyType({str(side): span for side, span in sides.windows.items()}),
            **kinds,
        )

    def _settle_lone(self) -> Sides:
        """One figure of one side alone, with no change, is a claim on one window."""
        sides = self.sides
        if len(sides.figures) != 1 or self.changes or not sides.windows or "whole" in sides.windows:
            return sides
        side, figure = sides.figures[0]
        spans = {"whole": sides.spans[side]} if side in sides.spans else {}
        return replace(
            sides, windows={"whole": sides.windows[side]}, figures=(("whole", figure),), spans=spans, split=None
        )


def _figure_order(figure: ClaimFigure) -> tuple[int, int]:
    return ("before", "after", "whole").index(figure.side), figure.start


def _make_figure(text: str, side: str, figure: FoundFigure) -> ClaimFigure:
    return ClaimFigure(
        value=figure.value,
        value_is=figure.value_is,
        side="before" if side == "before" else "after" if side == "after" else "whole",
        quote=text[figure.start : figure.end],
        start=figure.start,
        end=figure.end,
    )


def _read_kinds(text: str, measure: Measure | None) -> tuple[dict[str, tuple[str, ...]], dict[str, Place | None]]:
    """The kind of event that the sentence speaks of, by the first word that names one."""
    for pattern, name, value in words.KINDS:
        match = words.find_word(pattern, text)
        if match and (measure == "events" or name != "disorder_type"):
            return {name: (value,)}, {name: match.span()}
    return {}, {}
