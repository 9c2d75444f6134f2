"""An incident with its values chosen, and how it is written down as a Mention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conflictdesk.codebook.types import load_event_types
from conflictdesk.coding.anchors import Dated, Placed
from conflictdesk.coding.confidence import Rate, rate_mention
from conflictdesk.coding.dates import DateExpression
from conflictdesk.coding.event_figures import list_figures
from conflictdesk.coding.gaps import name_gaps
from conflictdesk.coding.incidents import Incident
from conflictdesk.coding.parties import Cast
from conflictdesk.coding.place_shares import claim_shared_tolls, keep_own_tolls, share_tolls
from conflictdesk.coding.signs import Known
from conflictdesk.coding.toll_sums import TollSum, sum_tolls
from conflictdesk.coding.topics import name_sentence_topic
from conflictdesk.records import Article, Attribution, Claim, Mention, Parse, Span, Toponym, hash_id


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


def make_mention(article: Article, coder: str, draft: Draft, placed: Placed, rate: Rate = rate_mention) -> Mention:
    """Write a draft down as a Mention at one of its places; a toll shared by several places is given to none."""
    known = _gather_known(article, draft, placed)
    incident, dated, cast, deaths, injured = known.incident, known.dated, known.cast, known.deaths, known.injured
    entry = load_event_types().by_name(incident.kind or "")
    evidence, inferred = _gather(incident, dated, placed, cast, deaths, injured)
    return Mention(
        mention_id=known.mention_id,
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
        figures=list_figures(known.tolls, article.text, cast.actor1.actor, cast.actor2.actor),
        evidence=evidence,
        inferred=inferred,
        cannot_tell=name_gaps(known),
        confidence=rate(known),
        rule=incident.rule,
        coder=coder,
    )


def _gather_known(article: Article, draft: Draft, placed: Placed) -> Known:
    incident = draft.incident
    tolls = keep_own_tolls(share_tolls(incident, draft.places).own[draft.places.index(placed)], incident.kind)
    where = placed.place.name if placed.place else None
    return Known(
        mention_id=hash_id("m", article.article_id, incident.scenes[0].span.start, incident.kind, where),
        article=article,
        incident=incident,
        dated=draft.dated,
        placed=placed,
        cast=draft.cast,
        tolls=tolls,
        deaths=sum_tolls(tolls, "deaths"),
        injured=sum_tolls(tolls, "injured"),
        places=len(draft.places),
    )


def claim_shared(article: Article, draft: Draft) -> list[Claim]:
    """The claims of a draft at several places: the tolls that no one of them bears alone."""
    actor = draft.cast.actor1.actor if draft.cast.actor1.spans else None
    shares = share_tolls(draft.incident, draft.places)
    return claim_shared_tolls(article, shares, draft.places, draft.dated.dates, actor.name if actor else None)


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
