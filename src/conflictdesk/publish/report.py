"""The report: one HTML file that opens from disk, holds all it shows, and loads nothing."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import importlib.resources
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import DictLoader, Environment, StrictUndefined, Template
from markupsafe import Markup

from conflictdesk.codebook.countries import load_countries
from conflictdesk.publish import wording
from conflictdesk.publish.maps import INSET_HEIGHT, INSET_WIDTH, WIDTH, MapView, Point, draw_map
from conflictdesk.publish.outlines import Outline, load_outline
from conflictdesk.publish.passages import FIELD_LABELS, Passage, mark_passages
from conflictdesk.publish.timelines import draw_timeline
from conflictdesk.records import Article, Claim, Event, Mention, Place, Problem

__all__ = ["load_outline", "render_report"]

_KIND_CODES = {
    "Battles": "ba",
    "Explosions/Remote violence": "ex",
    "Violence against civilians": "vi",
    "Protests": "pr",
    "Riots": "ri",
    "Strategic developments": "st",
}
_OPEN_AT_MOST = 12
# Characters that HTML forbids or turns into something else; one for one, so that nothing moves.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Field:
    """A line of an event's card: the value in words, a note on it, the reason where it was inferred or is missing."""

    label: str
    value: str
    note: str
    reason: str
    disputed: bool
    missing: str
    doubt: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What one article gives to an event."""

    article: Article
    link: str
    passages: tuple[Passage, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Card:
    """One event as the page shows it, in the table and in full."""

    number: int
    rank: int
    anchor: str
    event: Event
    code: str
    day: dt.date | None
    when: str
    who: str
    whom: str
    where: str
    country: str
    deaths: str
    doubts: Mapping[str, str]
    fields: tuple[_Field, ...]
    sources: tuple[_Source, ...]
    names: str
    search: str
    articles: int


@dataclass(frozen=True, slots=True)
class _Spot:
    """Events of one place name, for the list beside the map; `on_map` when they have a point."""

    name: str
    on_map: bool
    cards: tuple[_Card, ...]


def render_report(
    events: Iterable[Event],
    claims: Iterable[Claim],
    articles: Iterable[Article],
    problems: Iterable[Problem],
    *,
    title: str,
    outline: Outline | None,
    pages: int | None = None,
    review: Sequence[str] = (),
) -> str:
    """Draw the report of a run as one HTML document, its letters UTF-8.

    Of each article only the sentences around evidence are shown. `outline` comes from `load_outline`; with None
    the map has no land and says so. `pages` counts the pages read; without it, those that gave an article.
    `review` are the ids of the events in the order in which a person should look at them; without it, the page offers
    no such order.
    The same records give the same text, whatever their order.

    Raises:
        ValueError: an event or claim rests on an article that is not among `articles`.
    """
    by_id = {a.article_id: a for a in sorted(articles, key=lambda a: (a.page, a.external_id, a.article_id))}
    anchors = {article_id: f"article-{number}" for number, article_id in enumerate(by_id, start=1)}
    ordered = sorted(events, key=_event_order)
    ranks = {event_id: rank for rank, event_id in enumerate(review)}
    cards = tuple(_make_card(number, event, by_id, anchors, ranks) for number, event in enumerate(ordered))
    listed = sorted(claims, key=lambda claim: claim.claim_id)
    grouped = _group_problems(problems)
    told: dict[str, list[_Card]] = {}
    for card in cards:
        for article_id in sorted({mention.article_id for mention in card.event.mentions}):
            told.setdefault(article_id, []).append(card)
    html = _template().render(
        title=title,
        cards=cards,
        view=_draw_view(cards, outline),
        outlined=outline is not None,
        timeline=draw_timeline([card.day for card in cards]),
        spots=_list_spots(cards),
        kinds=[(kind, code, [c for c in cards if c.code == code]) for kind, code in _KIND_CODES.items()],
        countries=sorted({card.country for card in cards if card.country}),
        claims=[_make_claim(claim, by_id, anchors) for claim in listed],
        problems=grouped,
        articles=[(a, anchors[key], told.get(key, [])) for key, a in by_id.items()],
        counts=_count(cards, by_id, listed, grouped, pages),
        sources=sorted({article.source for article in by_id.values() if article.source}),
        open_all=len(cards) <= _OPEN_AT_MOST,
        ranked=bool(ranks),
    )
    return _UNPRINTABLE.sub("\ufffd", html)


def _event_order(event: Event) -> tuple[dt.date, dt.date, str, str, str]:
    place, last = event.place, dt.date.max
    start, end = (event.dates.start, event.dates.end) if event.dates else (last, last)
    return start, end, (place and place.country) or "", place.name if place else "", event.event_id


def _make_card(
    number: int,
    event: Event,
    articles: Mapping[str, Article],
    anchors: Mapping[str, str],
    ranks: Mapping[str, int],
) -> _Card:
    mentions = sorted(event.mentions, key=lambda m: (m.article_id, m.mention_id))
    sources = tuple(_make_source(m, _find(m.article_id, articles, event.event_id), anchors) for m in mentions)
    parties = [actor for actor in (event.actor1, event.actor2, *event.associated_actors) if actor]
    return _Card(
        number=number,
        rank=ranks.get(event.event_id, len(ranks)),
        anchor="event-" + re.sub(r"[^A-Za-z0-9_-]", "-", event.event_id),
        event=event,
        code=_KIND_CODES.get(event.event_type, "st"),
        day=event.dates.start + (event.dates.end - event.dates.start) // 2 if event.dates else None,
        when=wording.say_dates(event.dates),
        who=event.actor1.name if event.actor1 else wording.NOT_SAID,
        whom=event.actor2.name if event.actor2 else wording.NOT_SAID,
        where=wording.say_place(event.place),
        country=(event.place.country or "") if event.place else "",
        deaths=wording.say_people(event.deaths),
        doubts=_list_doubts(event),
        fields=_list_fields(event),
        sources=sources,
        names=", ".join(dict.fromkeys(s.article.source or "a source not named" for s in sources)),
        search=" · ".join(actor.name for actor in parties).casefold(),
        articles=len({mention.article_id for mention in mentions}),
    )


def _list_doubts(event: Event) -> Mapping[str, str]:
    """The doubtful fields of an event, each with its doubt in words; "event" where it may be none at all."""
    values: dict[str, object | None] = {"date": event.dates, "place": event.place, "actor1": event.actor1}
    values |= {"actor2": event.actor2, "deaths": event.deaths, "injured": event.injured}
    said = {
        name: wording.say_doubt(probability, told=values.get(name, event) is not None)
        for name, probability in event.confidence.items()
    }
    return {name: doubt for name, doubt in said.items() if doubt}


def _list_fields(event: Event) -> tuple[_Field, ...]:
    actors = (("Who", "actor1", event.actor1), ("To whom", "actor2", event.actor2))
    targeted = {True: "targeted", False: "not the target", None: wording.NOT_SAID}[event.civilian_targeting]
    values = [
        ("What", "event_type", f"{event.sub_event_type} ({event.event_type})", ", ".join(event.disorder_type)),
        ("When", "date", wording.say_dates(event.dates), wording.say_date_precision(event.dates)),
        *((label, name, a.name if a else wording.NOT_SAID, a.kind if a else "") for label, name, a in actors),
        ("Where", "place", wording.say_place(event.place), wording.say_place_precision(event.place)),
        ("Deaths", "deaths", wording.say_people(event.deaths), _explain(wording.say_people(event.deaths))),
        ("Injured", "injured", wording.say_people(event.injured), _explain(wording.say_people(event.injured))),
        ("Civilians", "civilian_targeting", targeted, ""),
    ]
    if event.associated_actors:
        values.insert(4, ("Also named", "associated_actors", "; ".join(a.name for a in event.associated_actors), ""))
    shown = {name for _, name, _, _ in values}
    place = event.place
    parts = {"country": place.country, "admin1": place.admin1, "admin2": place.admin2} if place else {}
    for name in sorted({*event.inferred, *event.disputed} - shown):
        differ = "see reason" if name in event.inferred else "reports differ"
        values.append((_label(name), name, parts.get(name) or differ, ""))
    doubts = _list_doubts(event)
    return tuple(
        _Field(
            label,
            value,
            note,
            event.inferred.get(name, ""),
            name in event.disputed,
            event.cannot_tell.get(name, ""),
            doubts.get(name, ""),
        )
        for label, name, value, note in values
    )


def _label(name: str) -> str:
    return FIELD_LABELS.get(name, name.replace("_", " ")).capitalize()


def _explain(people: str) -> str:
    return "low–best–high" if people.count("–") == 2 else ""


def _make_source(mention: Mention, article: Article, anchors: Mapping[str, str]) -> _Source:
    said = tuple(dict.fromkeys(wording.say_attribution(a, article.source) for a in mention.attribution))
    return _Source(article, anchors[article.article_id], mark_passages(article.text, mention), said)


def _find(article_id: str, articles: Mapping[str, Article], subject: str) -> Article:
    if article_id not in articles:
        raise ValueError(f"{subject} rests on article {article_id}, which is not among the articles of the report")
    return articles[article_id]


def _draw_view(cards: Sequence[_Card], outline: Outline | None) -> MapView:
    points = [
        Point(card.number, *at, place.precision, place.name, card.code)
        for card in cards
        if (place := card.event.place) and (at := _find_point(place))
    ]
    named = {card.country for card in cards}
    countries = sorted(load_countries().countries, key=lambda country: (country.name not in named, country.name))
    return draw_map(points, outline.rings if outline else (), [(c.name, c.latitude, c.longitude) for c in countries])


def _find_point(place: Place) -> tuple[float, float] | None:
    """Latitude and longitude to draw; None for a whole country, whose middle would look like a place."""
    if place.latitude is None or place.longitude is None or place.precision > 3:
        return None
    return place.latitude, place.longitude


def _list_spots(cards: Sequence[_Card]) -> list[_Spot]:
    groups: dict[tuple[bool, str], list[_Card]] = {}
    for card in cards:
        place = card.event.place
        on_map = place is not None and _find_point(place) is not None
        groups.setdefault((on_map, card.where), []).append(card)
    spots = [_Spot(name, on_map, tuple(held)) for (on_map, name), held in groups.items()]
    return sorted(spots, key=lambda spot: (-len(spot.cards), spot.name))


@dataclass(frozen=True, slots=True)
class _ClaimLine:
    claim: Claim
    value: str
    window: str
    article: Article
    link: str
    quotes: tuple[str, ...]


def _make_claim(claim: Claim, articles: Mapping[str, Article], anchors: Mapping[str, str]) -> _ClaimLine:
    article = _find(claim.article_id, articles, claim.claim_id)
    spans = sorted({span for held in claim.evidence.values() for span in held})
    quotes = tuple(span.quote(article.text) for span in spans)
    return _ClaimLine(
        claim, wording.say_value(claim), wording.say_window(claim), article, anchors[article.article_id], quotes
    )


def _group_problems(problems: Iterable[Problem]) -> list[tuple[str, str, list[Problem]]]:
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in sorted(problems, key=lambda p: (p.stage, p.kind, p.file or "", p.line or 0, p.subject, p.detail)):
        groups.setdefault((problem.stage, problem.kind), []).append(problem)
    return [(stage, kind, held) for (stage, kind), held in groups.items()]


def _count(
    cards: Sequence[_Card],
    articles: Mapping[str, Article],
    claims: Sequence[Claim],
    problems: Iterable[tuple[str, str, list[Problem]]],
    pages: int | None,
) -> list[tuple[str, int, str]]:
    read = len({article.page_id for article in articles.values()}) if pages is None else pages
    return [
        ("page", read, "articles"),
        ("article", len(articles), "articles"),
        ("mention", sum(len(card.event.mentions) for card in cards), "details"),
        ("event", len(cards), "events"),
        ("claim", len(claims), "claims"),
        ("problem", sum(len(held) for _, _, held in problems), "problems"),
    ]


@cache
def _template() -> Template:
    style, script = _read("report.css"), _read("report.js")
    environment = Environment(
        loader=DictLoader({"report": _read("report.html.jinja")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rules = ("default-src 'none'", f"style-src '{_hash(style)}'", f"script-src '{_hash(script)}'")
    policy = "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))
    environment.globals.update(
        style=Markup(style),
        script=Markup(script),
        policy=policy,
        labels=FIELD_LABELS,
        say_day=wording.say_day,
        sheet=(WIDTH, INSET_WIDTH, INSET_HEIGHT),
    )
    return environment.get_template("report")


def _read(name: str) -> str:
    return importlib.resources.files("conflictdesk.publish").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
