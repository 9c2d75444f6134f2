"""Incidents of our own invention, and ways to make any number more: what the sheet of corrections is tested on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

from hypothesis import strategies as st

from conflictdesk.codebook.actors import load_actors
from conflictdesk.codebook.countries import load_countries
from conflictdesk.codebook.types import load_event_types
from conflictdesk.decisions import FIELDS, Blame, DecidedField, DecidedMention, FieldState, Value
from conflictdesk.records import Actor, Article, Dates, Estimate, Place, Span
from conflictdesk.workflow.correction_values import Lookups
from conflictdesk.workflow.corrections import Incident

TEXT = "Bomb in Tarsk\n\nA roadside bomb killed three soldiers near Tarsk on Sunday, the army said. Five were wounded."
PUBLISHED = dt.date(2024, 3, 4)
PLACES = {
    "tarsk": [
        Place(
            name="Tarsk", kind="town", country="Iraq", iso3="IRQ", admin1="Nineveh", latitude=36.34, longitude=43.12,
            gazetteer_id="made:1", population=90_000,
        )
    ],
    "perm": [
        Place(
            name="Perm", kind="town", country="Russia", iso3="RUS", admin1="Perm", latitude=58.0, longitude=56.3,
            gazetteer_id="made:perm", population=900_000,
        )
    ],
    "olm": [
        Place(
            name="Olm", kind="town", country="Iraq", iso3="IRQ", admin1=unit, latitude=33.0 + n, longitude=44.0,
            gazetteer_id=f"made:olm{n}", population=8_000,
        )
        for n, unit in enumerate(("Diyala", "Anbar"))
    ],
}  # fmt: skip


class MadePlaces:
    """A gazetteer of four places."""

    def find(self, name: str) -> tuple[Place, ...]:
        return tuple(PLACES.get(name.casefold(), ()))

    def knows(self, name: str) -> bool:
        return bool(self.find(name))


@cache
def lookups() -> Lookups:
    return Lookups(
        codebook=load_event_types(), countries=load_countries(), actors=load_actors(), gazetteer=MadePlaces()
    )


def span_of(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def make_field(
    name: str, value: Value | None, words: str | None = None, state: FieldState = "suggested"
) -> DecidedField:
    spans = (span_of(words),) if words else ()
    return DecidedField(
        name=name, state=state if value is not None else "empty", value=value, evidence=spans, suggestion=value,
        suggested=spans,
    )  # fmt: skip


def make_incident(fields: Mapping[str, DecidedField], mention_id: str = "m-1", dropped: str | None = None) -> Incident:
    article = Article(
        article_id="a-1", page_id="p-1", page="tarsk.txt", external_id="tarsk", title="Bomb in Tarsk", text=TEXT,
        published_on=PUBLISHED, published_basis="stated", language="en", source="Harbour Gazette",
    )  # fmt: skip
    held = {name: fields.get(name) or DecidedField(name=name, state="empty") for name in FIELDS}
    mention = DecidedMention(mention_id=mention_id, article_id="a-1", machine=None, fields=held, dropped=dropped)
    return Incident(mention=mention, article=article, event_id="e-1")


def tarsk() -> Incident:
    """The incident of the text."""
    day = dt.date(2024, 3, 3)
    return make_incident(
        {
            "event_type": make_field("event_type", "Remote explosive/landmine/IED", "roadside bomb"),
            "date": make_field("date", Dates(start=day, end=day, precision=1), "Sunday"),
            "place": make_field("place", PLACES["tarsk"][0], "Tarsk"),
            "actor2": make_field(
                "actor2", Actor(name="Soldiers (Iraq)", kind="State forces", country="Iraq"), "soldiers"
            ),
            "deaths": make_field("deaths", Estimate.exactly(3), "three soldiers"),
            "injured": make_field("injured", Estimate.exactly(5), "Five were wounded"),
        }
    )


# ---------------------------------------------------------------- any incident

_WORDS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@'\t\r\n,;\" ＝＋"), min_size=1, max_size=30
).filter(lambda text: bool(text.strip(" \t\r\n'")) and text.strip().casefold() != "not stated")
_DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    low, best, high = sorted(draw(st.lists(st.integers(0, 999_999_999), min_size=3, max_size=3)))
    return Estimate(low=low, best=best, high=draw(st.sampled_from((high, None))))


@st.composite
def dates(draw: st.DrawFn) -> Dates:
    start, end = sorted((draw(_DAYS), draw(_DAYS)))
    return Dates(start=start, end=end, precision=draw(st.integers(1, 4)))


@st.composite
def places(draw: st.DrawFn) -> Place:
    point = draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    country = draw(st.none() | st.sampled_from(load_countries().countries))
    return Place(
        name=draw(_WORDS), kind="town",
        country=country.name if country else None, iso3=country.iso3 if country else None,
        admin1=draw(st.none() | _WORDS), admin2=draw(st.none() | _WORDS), latitude=point[0] if point else None,
        longitude=point[1] if point else None, precision=draw(st.integers(1, 4)),
    )  # fmt: skip


_KINDS = st.sampled_from(("State forces", "Rebel group", "Civilians"))
ACTORS = st.builds(Actor, name=_WORDS, kind=_KINDS, country=st.none() | st.just("Iraq"))
VALUES: Mapping[str, st.SearchStrategy[Value]] = {
    "event_type": st.sampled_from([entry.sub_event_type for entry in load_event_types().types]),
    "date": dates(),
    "place": places(),
    "actor1": ACTORS,
    "actor2": ACTORS,
    "deaths": estimates(),
    "injured": estimates(),
    "civilian_targeting": st.booleans(),
    "attribution": st.builds(
        Blame,
        actor=st.none() | _WORDS,
        by=st.none() | _WORDS,
        basis=st.sampled_from(("claimed", "accused", "reported")),
    ),
    "note": _WORDS,
}


_STATES: tuple[FieldState, ...] = ("suggested", "confirmed", "changed")


@st.composite
def incidents(draw: st.DrawFn, number: int = 1) -> Incident:
    """Any incident: every field with any value, decided or not, or none."""
    fields = {}
    for name, values in VALUES.items():
        value = draw(st.none() | values)
        state = draw(st.sampled_from(_STATES))
        fields[name] = DecidedField(name=name, state=state if value is not None else "not_stated", value=value)
    return make_incident(fields, f"m-{number}", draw(st.none() | st.sampled_from(("historic", "other"))))
