"""An incident with its values chosen, and how it is written down as a Mention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conflictdesk.codebook.types import load_event_types
from conflictdesk.coding.anchors import Dated, Placed
from conflictdesk.coding.dates import DateExpression
from conflictdesk.coding.incidents import Incident
from conflictdesk.coding.parties import Cast
from conflictdesk.coding.toll_sums import TollSum, sum_tolls
from conflictdesk.coding.tolls import Toll
from conflictdesk.coding.topics import name_sentence_topic
from conflictdesk.records import Article, Attribution, Mention, Parse, Span, Toponym, hash_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An incident with its values, before it is a mention; `background` says why it is left out."""

    incident: Incident
    dated: Dated
    places: tuple[Placed, ...]
    cast: Cast
    blame: tuple[Attribution, ...]
    background: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The days on which and the places where an article tells of something."""

    toponyms: tuple[Toponym, ...]
    dates: tuple[DateExpression, ...]


def is_mishap(parse: Parse, incident: Incident) -> bool:
    """True when a sentence of the same paragraphs calls it an accident, and nobody is named as doer."""
    paragraphs = {s.paragraph for s in incident.scenes if s.paragraph > 0}
    named = any(p.reading for s in incident.scenes for f in s.frames for p in f.agents)
    return not named and any(
        s.paragraph in paragraphs and name_sentence_topic(s.text) == "accident" for s in parse.sentences
    )


def gather_settings(incidents: Sequence[Incident]) -> Settings:
    """The days and places of all incidents of an article, in text order."""
    scenes = sorted((s for i in incidents for s in i.scenes), key=lambda s: s.sentence)
    return Settings(
        toponyms=tuple(t for s in scenes for t in s.toponyms),
        dates=tuple(s.when.expression for s in scenes if s.when is not None),
    )


def make_mention(article: Article, coder: str, draft: Draft, placed: Placed) -> Mention:
    """Write a draft down as a Mention at one of its places; a toll shared by several places is given to none."""
    incident, dated, cast = draft.incident, draft.dated, draft.cast
    alone = len(draft.places) == 1
    deaths, injured = (_sum(incident, m) if alone else None for m in ("deaths", "injured"))
    entry = load_event_types().by_name(incident.kind or "")
    evidence, inferred = _gather(incident, dated, placed, cast, deaths, injured)
    return Mention(
        mention_id=hash_id(
            "m",
            article.article_id,
            incident.scenes[0].span.start,
            incident.kind,
            placed.place.name if placed.place else None,
        ),
        article_id=article.article_id,
        event_type=entry.event_type,
        sub_event_type=entry.sub_event_type,
        dates=dated.dates,
        place=placed.place,
        actor1=cast.actor1.actor,
        actor2=cast.actor2.actor,
        associated_actors=cast.associated,
        civilian_targeting=cast.civilian_targeting,
        deaths=deaths.estimate if deaths else None,
        injured=injured.estimate if injured else None,
        attribution=draft.blame,
        evidence=evidence,
        inferred=inferred,
        rule=incident.rule,
        coder=coder,
    )


def _sum(incident: Incident, measure: str) -> TollSum | None:
    tolls: list[Toll] = [
        t for s in sorted(incident.scenes, key=lambda s: (s.paragraph == 0, s.sentence)) for t in s.tolls
    ]
    return sum_tolls(tolls, measure)  # type: ignore[arg-type]


def _gather(
    incident: Incident, dated: Dated, placed: Placed, cast: Cast, deaths: TollSum | None, injured: TollSum | None
) -> tuple[dict[str, tuple[Span, ...]], dict[str, str]]:
    first = incident.scenes[0]
    shown = next((f.shown for s in incident.scenes for f in s.frames), first.span)
    evidence: dict[str, tuple[Span, ...]] = {"event_type": (shown,)}
    inferred: dict[str, str] = {}
    parts = (
        ("date", dated.spans, dated.reason),
        ("place", placed.spans, placed.reason),
        ("actor1", cast.actor1.spans, cast.actor1.reason),
        ("actor2", cast.actor2.spans, cast.actor2.reason),
    )
    for name, spans, reason in parts:
        if spans:
            evidence[name] = spans
        if reason:
            inferred[name] = reason
    for name, total in (("deaths", deaths), ("injured", injured)):
        if total is not None:
            evidence[name] = total.spans
            if total.imputed:
                inferred[name] = f"no figure is said: {total.imputed}"
    if placed.place is not None and placed.place.country and placed.place.kind != "country":
        inferred["country"] = "from the place"
    return evidence, inferred
