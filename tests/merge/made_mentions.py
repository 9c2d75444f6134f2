"""Makes mentions for the tests of `merge`, as `coding` would hand them on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from conflictdesk.codebook.types import load_event_types
from conflictdesk.records import Actor, Dates, Estimate, Mention, Place, Span

SUNDAY = dt.date(2024, 3, 3)
KIDAL = Place(
    name="Kidal",
    kind="town",
    country="Mali",
    iso3="MLI",
    admin1="Kidal",
    latitude=18.44,
    longitude=1.41,
    gazetteer_id="geonames:1",
)
GAO = replace(KIDAL, name="Gao", admin1="Gao", latitude=16.27, longitude=-0.04, gazetteer_id="geonames:2")
MALI = replace(
    KIDAL,
    name="Mali",
    kind="country",
    admin1=None,
    latitude=17.0,
    longitude=-4.0,
    precision=4,
    gazetteer_id="geonames:3",
)
KIDAL_REGION = replace(
    KIDAL, name="Kidal", kind="admin1", latitude=19.0, longitude=1.5, precision=3, gazetteer_id="geonames:4"
)
ARMY = Actor(name="Military Forces of Mali", kind="State forces", country="Mali")
REBELS = Actor(name="Ansar Dine", kind="Rebel group", country="Mali")
GUNMEN = Actor(name="Unidentified Armed Group (Mali)", kind="Political militia", country="Mali")
PEOPLE = Actor(name="Civilians (Mali)", kind="Civilians", country="Mali")
_FIELDS = ("date", "place", "actor1", "actor2", "deaths", "injured")


def day(date: dt.date) -> Dates:
    """One stated day."""
    return Dates(start=date, end=date, precision=1)


def make_mention(
    mention_id: str,
    kind: str = "Attack",
    *,
    article: str | None = None,
    dates: Dates | None = day(SUNDAY),  # noqa: B008
    place: Place | None = KIDAL,
    actor1: Actor | None = None,
    actor2: Actor | None = None,
    deaths: Estimate | None = None,
    injured: Estimate | None = None,
    inferred: tuple[str, ...] = (),
) -> Mention:
    """A mention of an article of its own, unless `article` says otherwise; every value but `inferred` is stated."""
    spans = {name: (Span(n, n + 1),) for n, name in enumerate(_FIELDS, start=1) if name not in inferred}
    return Mention(
        mention_id=mention_id,
        article_id=article or f"a-{mention_id}",
        event_type=load_event_types().by_name(kind).event_type,
        sub_event_type=kind,
        dates=dates,
        place=place,
        actor1=actor1,
        actor2=actor2,
        deaths=deaths,
        injured=injured,
        evidence={"event_type": (Span(0, 1),), **spans},
        inferred=dict.fromkeys(inferred, "a reason"),
    )
