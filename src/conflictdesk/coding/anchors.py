"""The day and the place of an incident: its own words first, then what its surroundings allow, said openly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conflictdesk.coding.dates import DateExpression
from conflictdesk.coding.incidents import Incident, own_dates
from conflictdesk.coding.kinds import is_soft
from conflictdesk.coding.patterns import find_pattern
from conflictdesk.coding.scenes import Scene
from conflictdesk.records import Article, Dates, Place, Span, Toponym

_LEAD_PARAGRAPHS = 4
_NEAR_PARAGRAPHS = 6
_NEWS_PARAGRAPHS = 12
_FINE = {"site": 0, "town": 1, "admin2": 2, "area": 3, "admin1": 4, "water": 4, "country": 6}
_WIDE_AREA = 5  # "western Mali" holds whole provinces
_WIDE = 3  # place precision
_THERE = find_pattern("there")


@dataclass(frozen=True, slots=True)
class Dated:
    """The interval of an incident, the words that show it, or the reason when none do."""

    dates: Dates | None
    spans: tuple[Span, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The place of an incident, the words that show it, or the reason when none do."""

    place: Place | None
    spans: tuple[Span, ...] = ()
    reason: str | None = None


def date_incident(incident: Incident, article: Article, every: Sequence[DateExpression] = ()) -> Dated:
    """Date an incident: stated, else as the report is dated, else from the sentences around it, else unknown."""
    stated = [(d.precision, n, s, d) for n, (s, d) in enumerate(incident.own_dates())]
    if stated:
        _, _, scene, dates = min(stated, key=lambda row: row[:2])
        assert scene.when is not None
        return Dated(dates, (scene.when.expression.span,))
    reported = [s for s in incident.scenes if s.when is not None and s.when.expression.dates is not None]
    if reported:
        when = reported[0].when
        assert when is not None
        return Dated(when.expression.dates, (when.expression.span,), "the day on which it was reported")
    if incident.context is not None and _follows(incident, incident.context, 0):
        before = date_incident(incident.context, article, every)
        if before.dates is not None:
            return replace(before, reason="dated by the sentence before")
    if article.published_on and incident.scenes[0].paragraph <= _NEWS_PARAGRAPHS:
        day = _main_day(every, article.published_on)
        if day is not None:
            return Dated(day.dates, (day.span,), "the day of which the article tells")
    if incident.context is not None and _follows(
        incident, incident.context, 3 if incident.family == incident.context.family else 1
    ):
        before = date_incident(incident.context, article, every)
        if before.dates is not None:
            return replace(before, reason="dated by the sentence before")
    if (
        article.published_on
        and incident.scenes[0].paragraph <= 1
        and not _NO_NEWS.match(article.title)
        and not _is_quoted(incident)
    ):
        week = Dates(start=article.published_on - dt.timedelta(days=6), end=article.published_on, precision=2)
        return Dated(week, (), "no day is said; told as news of the week up to publication")
    return Dated(None)


def _is_quoted(incident: Incident) -> bool:
    """True when only words in quotation marks tell of it."""
    return all(s.text.lstrip().startswith(('"', "“", "‘")) for s in incident.scenes)


# A headline that says of itself that it tells no news.
_NO_NEWS = re.compile(
    r"(?:analysis|explainer|explained|profile|fact ?box|timeline|opinion|comment|editorial|interview|(?:book )?review|"
    r"obituary|q&a|feature|insight|column|letter|essay|background(?:er)?|history|why|how|what)\b",
    re.IGNORECASE,
)


def _main_day(every: Sequence[DateExpression], published: dt.date) -> DateExpression | None:
    """The day in the week up to publication that the article names most; of two, the one named first."""
    days = [
        d
        for d in every
        if d.dates
        and d.dates.precision == 1
        and not d.future
        and d.kind != "dateline"
        and 0 <= (published - d.dates.start).days <= 7
    ]
    counts: dict[dt.date, int] = {}
    for d in days:
        if d.dates:
            counts[d.dates.start] = counts.get(d.dates.start, 0) + 1
    return max(days, key=lambda d: (counts[d.dates.start] if d.dates else 0, -d.span.start), default=None)


def _follows(incident: Incident, before: Incident, paragraphs: int = 1) -> bool:
    """True when an incident stands so many paragraphs at most below the one before it."""
    return (
        0
        <= incident.scenes[0].paragraph
        - max(s.paragraph for s in before.scenes if s.paragraph > 0 or len(before.scenes) == 1)
        <= paragraphs
    )


def place_incident(
    incident: Incident, every: Sequence[Toponym], used: Sequence[Toponym], text: str
) -> tuple[Placed, ...]:
    """Place an incident; several places only when one sentence joins them by "and".

    `every` are the place names of the article, `used` those of them at which something is told to happen.
    """
    body = any(s.paragraph > 0 for s in incident.scenes)
    placed = [
        s
        for s in incident.scenes
        if s.toponyms and not (body and s.paragraph == 0 and s.toponyms[0].place.kind == "country")
    ]
    named = sorted(placed, key=lambda s: (is_soft([s]), s.definite, s.paragraph == 0, s.sentence))
    if not named:
        meant = _meant_by_noun(incident.scenes[0], every)
        if meant is not None:
            return (Placed(meant.place, (meant.phrase,), "the place that the words point to"),)
        carried = _carried_place(incident, used) or _carried_place(incident, every)
        return (carried,) if carried else (Placed(None),)
    first = named[0]
    if len(first.toponyms) > 1:
        return tuple(_from_toponym(t) for t in first.toponyms)
    best = first.toponyms[0]
    for other in (t for s in named[1:] for t in s.toponyms):
        if _lies_in(other.place, best.place) and _fineness(other.place) < _fineness(best.place):
            best = other
    announced = _meant_by_noun(first, every) if first.paragraph <= 1 and best is first.toponyms[0] else None
    if announced and _lies_in(announced.place, best.place) and _fineness(announced.place) < _fineness(best.place):
        return (Placed(announced.place, (announced.phrase,), "the place that the words point to"),)
    if best.place.kind == "country":
        inside = [
            t
            for t in every
            if t.place.kind in ("town", "site", "admin1", "admin2", "area") and _lies_in(t.place, best.place)
        ]
        near = [t for t in inside if abs(_paragraphs_between(text, t.span.start, first.span.start)) <= _NEAR_PARAGRAPHS]
        if near:
            chosen = _most_told(near)
            return (Placed(chosen.place, (chosen.phrase,), "the place that the article speaks of"),)
    return (_from_toponym(best),)


def _fineness(place: Place) -> int:
    return _WIDE_AREA if place.kind == "area" and place.precision >= _WIDE else _FINE[place.kind]


def _paragraphs_between(text: str, a: int, b: int) -> int:
    return text.count("\n\n", min(a, b), max(a, b))


def _lies_in(inner: Place, outer: Place) -> bool:
    """True when `outer` is a region or country that holds `inner`."""
    if outer.kind == "water" and outer.country is None:
        return inner != outer
    if outer.kind in ("town", "site") or inner.country != outer.country or inner == outer:
        return False
    if outer.kind in ("country", "area", "water"):
        return True
    if outer.kind == "admin2" and outer.admin2 and inner.admin2 and inner.admin2 != outer.admin2:
        return False  # the capital of a province does not lie in its every district
    return inner.admin1 is None or inner.admin1 == (outer.admin1 or outer.name)


def _from_toponym(toponym: Toponym) -> Placed:
    return Placed(toponym.place, (toponym.phrase,))


def _carried_place(incident: Incident, every: Sequence[Toponym]) -> Placed | None:
    """The place told last before the incident: in its paragraph, by "the airport", or the article's own."""
    scene = incident.scenes[0]
    if (
        incident.context is not None
        and incident.context.toponyms()
        and not _ELSEWHERE.search(scene.text)
        and (_follows(incident, incident.context) or _THERE.search(scene.text))
    ):
        finest = min(incident.context.toponyms(), key=lambda t: _fineness(t.place))
        return Placed(finest.place, (finest.phrase,), "the place told before it")
    if scene.paragraph > _LEAD_PARAGRAPHS:
        return None
    wanted = _wanted_kinds(scene.text)
    for pool in (
        [t for t in every if t.place.kind in wanted],
        [t for t in every if t.place.kind != "country"],
        list(every),
    ):
        if pool:
            chosen = _most_told(pool)
            return Placed(chosen.place, (chosen.phrase,), "the place that the article speaks of")
    return None


_ELSEWHERE = re.compile(r"^(?:Elsewhere|Separately|Meanwhile|In another|In a separate)\b|\bborders? with\b")
_TOWN = r"(?:town|city|village|port city|camp|airport|port|prison|base)"
_A_TOWN = re.compile(rf"\b(?:a|an|one) (?:[\w-]+ ){{0,4}}?{_TOWN}\b(?! of [A-Z])")
_THE_TOWN = re.compile(
    rf"\b(?:the|that|same) (?:same |besieged |stricken )?{_TOWN}\b(?! of [A-Z])(?!['’]s (?:mayor|governor))"
)
_THE_REGION = re.compile(
    r"\b(?:the|that|same) (?:same )?(?:region|province|state|district|governorate)\b(?! of [A-Z])"
    r"(?!['’]s)(?! (?:capital|governor|media|television|TV|news|broadcaster|police|government|department|health|chief))"
)
_CLOSE = 600  # characters
_SAME_BREATH = 200
_JUST_THERE = re.compile(r"\bthere\b(?! (?:is|are|was|were|has|have|had|will|would|could|can|may|might)\b)")


def _meant_by_noun(scene: Scene, every: Sequence[Toponym]) -> Toponym | None:
    """The town that "the town" points back to, or that "a strategic town" of the lead announces."""
    towns = [t for t in every if t.place.kind in ("town", "site")]
    regions = [t for t in every if t.place.kind in ("admin1", "admin2", "area") and t.place.country]
    near = [t for t in every if t.place.kind in ("town", "site", "admin2")]
    if there := _JUST_THERE.search(scene.text):
        at = scene.whole.start + there.start()
        before = [t for t in near if t.span.end <= at and at - t.span.end <= _SAME_BREATH]
        if before:
            return before[-1]
    for pattern, pool in ((_THE_TOWN, towns), (_THE_REGION, regions)):
        match = pattern.search(scene.text)
        at = scene.whole.start + match.start() if match else 0
        before = [t for t in pool if t.span.end <= at and at - t.span.end <= _CLOSE]
        if before:
            return before[-1]
    if scene.paragraph <= 1 and _A_TOWN.search(scene.text):
        return next((t for t in towns if t.span.start >= scene.whole.end), None)
    return None


def _wanted_kinds(text: str) -> frozenset[str]:
    """A sentence about "the town" means a town, one about "the province" a province."""
    if re.search(
        r"\b(?:town|city|village|airport|port|camp|capital|market|square|museum|university)\b", text, re.IGNORECASE
    ):
        return frozenset(("town", "site"))
    if re.search(r"\b(?:province|region|state|governorate|district)\b", text, re.IGNORECASE):
        return frozenset(("admin1", "admin2", "area"))
    return frozenset()


def _most_told(toponyms: Sequence[Toponym]) -> Toponym:
    counts: dict[str, int] = {}
    for t in toponyms:
        counts[t.place.name] = counts.get(t.place.name, 0) + 1
    return max(toponyms, key=lambda t: (t.place.kind != "country", counts[t.place.name], -t.span.start))


_NEWS_DAYS = 14
_MONTH = 3  # date precision
_SPOKEN_OF = "the place that the article speaks of"


def is_background(dated: Dated, placed: Placed, published: dt.date | None = None) -> bool:
    """True for the past told as background: no month, or no province, comes out.

    What is told of its own day in the fortnight up to publication is news, though its place be unknown.
    """
    if dated.dates is None or dated.dates.precision >= 4:
        return True
    if dated.dates.precision >= _MONTH and placed.reason is not None and dated.reason is None:
        return placed.reason == _SPOKEN_OF  # "after 14 officers were killed in January"
    if placed.place is None or placed.place.kind == "country":
        fresh = published is not None and 0 <= (published - dated.dates.end).days <= _NEWS_DAYS
        return not (fresh and dated.dates.precision == 1 and dated.reason is None)
    return placed.place.precision >= 4 and placed.place.kind != "water"


__all__ = ["Dated", "Placed", "date_incident", "is_background", "own_dates", "place_incident"]
