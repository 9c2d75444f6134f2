"""Invented records for the tests of the store, and a store on each database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from conflictdesk.casework import Capture, Case, CaseStatus, EventRecord, SentenceNote, StoredCoding
from conflictdesk.decisions import Decision, Quoted
from conflictdesk.records import (
    Actor,
    Article,
    Attribution,
    Claim,
    Dates,
    Estimate,
    Event,
    Figure,
    Mention,
    Page,
    Place,
    Problem,
    Span,
)
from conflictdesk.store.opening import Store, Writer, open_store

NOW = dt.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=dt.UTC)
DAY = dt.date(2024, 5, 4)
HARD = "\u1e24asakah \u200f\u062d\u0644\u0628 \U0001f54a e\u0301"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, once on each database."""
    with open_store(store_url, create=True) as opened:
        yield opened


def make_capture(name: str = "one", text: str = "Two men were killed.", **told: str | None) -> Capture:
    page = Page(
        page_id=f"p-{name}",
        file=f"{name}.txt",
        line=None,
        media_type="text/plain",
        body=text.encode(),
        external_id=name,
        **told,
    )
    return Capture(page=page, sha256=f"sha-{name}", raw=text.encode(), fetched_at=NOW, origin=f"/in/{name}", by="ann")


def make_article(name: str = "one", **changed: str | dt.date | None) -> Article:
    article = Article(
        article_id=f"a-{name}",
        page_id=f"p-{name}",
        page=f"{name}.txt",
        external_id=name,
        title=f"Two killed near the mill {name}",
        text=f"Two killed near the mill {name}\n\nTwo men were killed in {HARD}, the mayor said.",
        published_on=DAY,
        published_basis="given",
        language="en",
        source="The Ferry",
        url=f"https://ferry.example/{name}",
    )
    return replace(article, **changed)  # type: ignore[arg-type]


def make_mention(name: str = "one", article: str = "one", dead: int = 2) -> Mention:
    span = (Span(0, 3), Span(4, 10))
    return Mention(
        mention_id=f"m-{name}",
        article_id=f"a-{article}",
        event_type="Battles",
        sub_event_type="Armed clash",
        dates=Dates(start=DAY, end=DAY, precision=1),
        place=Place(name=HARD, kind="town", country="Ruritania", iso3="RUR", latitude=1.25, longitude=-3.5),
        actor1=Actor(name="Mill Guard", kind="Rebel group"),
        civilian_targeting=False,
        deaths=Estimate(low=dead, best=dead, high=None, imputed="a few"),
        attribution=(Attribution(actor="Mill Guard", by="the mayor", basis="accused", evidence=span),),
        figures=(Figure(measure="deaths", of="everyone", estimate=Estimate.exactly(2), said_by=None, evidence=span),),
        evidence=dict.fromkeys(("event_type", "date", "place", "actor1"), span),
        inferred={"deaths": "a word without a figure"},
        confidence={"deaths": 0.1 + 0.2, "event": 1.0},
        coder="rules",
    )


def make_coding(name: str = "one", coder: str = "rules 1", mentions: tuple[Mention, ...] | None = None) -> StoredCoding:
    claim = Claim(
        claim_id=f"c-{name}",
        article_id=f"a-{name}",
        by=None,
        of="farmers",
        measure="deaths",
        value=60.0,
        value_is="about",
        from_day=DAY,
        to_day=None,
        said_by="the mayor",
        evidence={"value": (Span(1, 2),)},
    )
    return StoredCoding(
        coding_id=f"k-{name}-{coder}",
        article_id=f"a-{name}",
        coder=coder,
        after_decision=0,
        mentions=(make_mention(name, name),) if mentions is None else mentions,
        claims=(claim,),
        sentences=(SentenceNote(index=0, paragraph=0, start=0, end=9, verdict="event", rule="kill", cue=True),),
        problems=(Problem(stage="coding", subject=f"a-{name}", kind="unlisted place", detail="Tel Mill"),),
    )


def make_event(name: str = "one", day: dt.date | None = DAY, days: int = 1, iso3: str = "RUR") -> EventRecord:
    mention = make_mention(name)
    dates = Dates(start=day, end=day + dt.timedelta(days=days - 1), precision=1) if day else None
    place = Place(name="Mill", kind="town", country="Ruritania", iso3=iso3, latitude=1.0, longitude=2.0)
    event = Event(
        event_id=f"e-{name}",
        event_type="Battles",
        sub_event_type="Armed clash",
        disorder_type=("Political violence",),
        dates=dates,
        place=place,
        actor1=Actor(name="Mill Guard", kind="Rebel group"),
        actor2=Actor(name=f"Band {name}", kind="Political militia"),
        associated_actors=(),
        civilian_targeting=None,
        deaths=Estimate.exactly(2),
        injured=None,
        attribution=(("m-one", mention.attribution[0]),),
        inferred={},
        disputed=("deaths",),
        mentions=(mention,),
    )
    return EventRecord(event=event, status="proposed", open_fields=(), look=0.1 + 0.2)


def make_case(name: str = "one", status: CaseStatus = "new", priority: float = 1.5) -> Case:
    return Case(
        article_id=f"a-{name}",
        title=f"Two killed near the mill {name}",
        source="The Ferry",
        language="en",
        published_on=DAY,
        status=status,
        incidents=1,
        max_deaths=2,
        priority=priority,
        reasons=("many deaths",),
        added_on=DAY,
    )


def make_decision(name: str = "one", **changed: str | None) -> Decision:
    quote = Quoted(start=0, end=3, quote="Two", prefix="", suffix=" killed", sentence=0)
    decision = Decision(
        decision_id=f"d-{name}",
        subject_kind="mention",
        subject_id="m-one",
        action="change",
        by="ann",
        at=NOW,
        article_id="a-one",
        field="note",
        after='"x\\u0000"',
        evidence=(quote,),
        reason=HARD,
        shown_ms=120,
    )
    return replace(decision, **changed)  # type: ignore[arg-type]


def add_article(writer: Writer, name: str, **changed: str | dt.date | None) -> Article:
    """A page with its one article."""
    article = make_article(name, **changed)
    writer.add_captures([make_capture(name)])
    writer.add_articles(f"p-{name}", [article], [])
    return article


def fill(store: Store, names: tuple[str, ...] = ("one", "two")) -> None:
    """Something of everything."""
    with store.writing() as writer:
        for name in names:
            add_article(writer, name)
            writer.add_coding(make_coding(name))
        writer.put_events([make_event(name) for name in names])
        writer.put_cases([make_case(name) for name in names])
        writer.append_all([make_decision(name) for name in names])
