"""Invented events in invented articles, for the report's tests and for looking at the page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType

from conflictdesk.records import (
    Actor,
    ActorKind,
    Article,
    Attribution,
    AttributionBasis,
    Claim,
    Dates,
    Estimate,
    Event,
    Mention,
    Place,
    Problem,
    Span,
)

ARTICLES = {
    "a-market": (
        "Market shelled in Idlib countryside",
        "Shells fell on the vegetable market of Ariha shortly after dawn on Tuesday. At least four shoppers were "
        "killed and nine people, two of them children, were hurt, a rescue worker said. He blamed Syrian army guns "
        "on the ridge; the army has not commented. Traders swept glass into the gutter. By noon half the stalls had "
        "opened again.",
        "Levant Courier",
        dt.date(2024, 4, 10),
    ),
    "a-market-2": (
        "Five dead in Ariha, hospital says",
        "Five people died when artillery hit a market in Ariha on 9 April, according to the town's hospital. "
        "The provincial office put the number of dead at four.",
        "Aleppo Evening Sheet",
        dt.date(2024, 4, 11),
    ),
    "a-march": (
        "Teachers march in Baghdad",
        "Several hundred teachers walked from Tahrir Square to the ministry in Baghdad on Thursday to ask for unpaid "
        "wages. Nobody was hurt. Police watched from the pavement.\n\nIn Basra, officers fired tear gas at a "
        "separate crowd and arrested six.",
        "Two Rivers News",
        dt.date(2024, 4, 19),
    ),
    "a-clash": (
        "Clashes near Kirkuk",
        "Iraqi soldiers and Islamic State gunmen traded fire near Kirkuk during the second week of April. Two "
        "soldiers and between three and six gunmen were killed, an officer said. Islamic State has killed 61 people "
        "in the province since January, he added.",
        "Two Rivers News",
        dt.date(2024, 4, 15),
    ),
    "a-abduct": (
        "Farmers taken in Sinai",
        "Unknown gunmen took three farmers from a road in North Sinai last month. Nothing has been heard of them.",
        "Delta Daily",
        dt.date(2024, 5, 2),
    ),
    "a-drone": (
        "Drone over Erbil",
        "A drone packed with explosives was shot down on the outskirts of Erbil late on Saturday. Nobody was hurt. "
        "No group has claimed it.",
        "Two Rivers News",
        dt.date(2024, 4, 28),
    ),
    "a-truce": (
        "Truce announced",
        "The government of Yemen and the Houthis agreed on a local truce on Monday, the mediator said.",
        None,
        dt.date(2024, 5, 7),
    ),
    "a-riot": (
        "أحداث في طرابلس",
        "Youths burned tyres and threw stones at shops in Tripoli, in northern Lebanon, on 3 May. The crowd shouted "
        "“كفى” and left at dusk. 🚒 Two firemen were slightly injured.",
        "Cedar Observer",
        dt.date(2024, 5, 4),
    ),
}
_KINDS: dict[str, tuple[str, ...]] = {
    "Explosions/Remote violence": ("Political violence",),
    "Battles": ("Political violence",),
    "Violence against civilians": ("Political violence",),
    "Protests": ("Demonstrations",),
    "Riots": ("Demonstrations",),
    "Strategic developments": ("Strategic developments",),
}


def sample_articles() -> list[Article]:
    """The invented articles."""
    return [
        Article(
            article_id=key,
            page_id=f"p-{key}",
            page=f"{key}.txt",
            external_id=key,
            title=title,
            text=f"{title}\n\n{body}",
            published_on=day,
            published_basis="stated",
            language="en",
            source=source,
            url=f"https://news.example/{key}",
        )
        for key, (title, body, source, day) in ARTICLES.items()
    ]


def text_of(article_id: str) -> str:
    """An invented article's text."""
    return "\n\n".join(ARTICLES[article_id][:2])


def span_of(article_id: str, words: str) -> Span:
    """Where `words` first stand in an invented article."""
    start = text_of(article_id).index(words)
    return Span(start, start + len(words))


def actor(name: str, kind: ActorKind) -> Actor:
    """A party."""
    return Actor(name=name, kind=kind)


def mention(article_id: str, kinds: tuple[str, str], said: tuple[str, ...] = (), **quotes: str) -> Mention:
    """What an invented article says: field -> the words that show it; `said` is basis, actor, by, words."""
    basis: dict[str, AttributionBasis] = {"accused": "accused", "unclaimed": "unclaimed"}
    attribution: tuple[Attribution, ...] = ()
    if said:
        how, who, by, words = said
        attribution = (
            Attribution(actor=who or None, by=by or None, basis=basis[how], evidence=(span_of(article_id, words),)),
        )
    return Mention(
        mention_id=f"m-{article_id}-{kinds[1][:6]}",
        article_id=article_id,
        event_type=kinds[0],
        sub_event_type=kinds[1],
        attribution=attribution,
        evidence=MappingProxyType({name: (span_of(article_id, words),) for name, words in quotes.items()}),
        coder="rules",
    )


@dataclass(frozen=True)
class Told:
    """The values of an invented event that differ from one to the next."""

    kinds: tuple[str, str]
    dates: Dates | None
    place: Place | None
    parties: tuple[Actor | None, Actor | None]
    deaths: Estimate | None = None
    injured: Estimate | None = None
    targeted: bool | None = None
    inferred: tuple[tuple[str, str], ...] = ()
    disputed: tuple[str, ...] = ()


def event(number: int, told: Told, *mentions: Mention) -> Event:
    """An invented event."""
    return Event(
        event_id=f"e-{number:04d}",
        event_type=told.kinds[0],
        sub_event_type=told.kinds[1],
        disorder_type=_KINDS[told.kinds[0]],
        dates=told.dates,
        place=told.place,
        actor1=told.parties[0],
        actor2=told.parties[1],
        associated_actors=(),
        civilian_targeting=told.targeted,
        deaths=told.deaths,
        injured=told.injured,
        attribution=tuple((m.article_id, said) for m in mentions for said in m.attribution),
        inferred=MappingProxyType(dict(told.inferred)),
        disputed=told.disputed,
        mentions=mentions,
    )


def days(first: str, last: str | None = None, precision: int = 1) -> Dates:
    """A day or an interval."""
    return Dates(start=dt.date.fromisoformat(first), end=dt.date.fromisoformat(last or first), precision=precision)


def place(name: str, country: str, iso3: str, at: tuple[float, float] | None, precision: int = 1) -> Place:
    """A place; `at` is latitude and longitude."""
    latitude, longitude = at or (None, None)
    return Place(
        name=name, kind="town", country=country, iso3=iso3, latitude=latitude, longitude=longitude, precision=precision
    )


SHELLING = ("Explosions/Remote violence", "Shelling/artillery/missile attack")
MARCH = ("Protests", "Peaceful protest")
GAS = ("Protests", "Protest with intervention")
CLASH = ("Battles", "Armed clash")
TAKEN = ("Violence against civilians", "Abduction/forced disappearance")
DOWNED = ("Strategic developments", "Disrupted weapons use")
TRUCE = ("Strategic developments", "Agreement")
MOB = ("Riots", "Violent demonstration")


def sample_events() -> list[Event]:
    """Eight invented events: several articles, several precisions, one without a point, one without a date."""
    unknown = actor("Unidentified Armed Group (Egypt)", "Political militia")
    return [
        event(
            1,
            Told(
                SHELLING,
                days("2024-04-09"),
                place("Ariha", "Syria", "SYR", (35.8136, 36.6064)),
                (actor("Military Forces of Syria", "State forces"), actor("Civilians (Syria)", "Civilians")),
                Estimate(low=4, best=5, high=5),
                Estimate.exactly(9),
                True,
                (("country", "Ariha lies in Syria"),),
                ("deaths",),
            ),
            mention(
                "a-market",
                SHELLING,
                ("accused", "Military Forces of Syria", "rescue worker", "He blamed Syrian army guns"),
                event_type="Shells fell on the vegetable market",
                date="on Tuesday",
                place="the vegetable market of Ariha",
                actor2="shoppers",
                actor1="Syrian army guns",
                deaths="At least four shoppers were killed",
                injured="nine people, two of them children, were hurt",
            ),
            mention(
                "a-market-2",
                SHELLING,
                event_type="artillery hit a market",
                date="on 9 April",
                place="Ariha on",
                deaths="Five people died",
            ),
        ),
        event(
            2,
            Told(
                MARCH,
                days("2024-04-18"),
                place("Baghdad", "Iraq", "IRQ", (33.3406, 44.4009)),
                (actor("Protesters (Iraq)", "Protesters"), None),
                Estimate.exactly(0),
                Estimate.exactly(0),
                False,
            ),
            mention(
                "a-march",
                MARCH,
                event_type="Several hundred teachers walked",
                actor1="teachers walked",
                place="Baghdad on",
                date="on Thursday",
                deaths="Nobody was hurt",
                injured="Nobody was hurt",
            ),
        ),
        event(
            3,
            Told(
                GAS,
                days("2024-04-18"),
                place("Basra", "Iraq", "IRQ", (30.5081, 47.7835)),
                (actor("Protesters (Iraq)", "Protesters"), actor("Police Forces of Iraq", "State forces")),
                inferred=(("date", "the day of the march that the article tells first"),),
            ),
            mention(
                "a-march",
                GAS,
                event_type="officers fired tear gas at a separate crowd and arrested six",
                actor1="a separate crowd",
                actor2="officers",
                place="In Basra",
            ),
        ),
        event(
            4,
            Told(
                CLASH,
                days("2024-04-08", "2024-04-14", 2),
                place("Kirkuk", "Iraq", "IRQ", (35.4681, 44.3922), 2),
                (actor("Military Forces of Iraq", "State forces"), actor("Islamic State", "Rebel group")),
                Estimate(low=5, best=5, high=8),
            ),
            mention(
                "a-clash",
                CLASH,
                event_type="traded fire",
                actor1="Iraqi soldiers",
                actor2="Islamic State gunmen",
                place="near Kirkuk",
                date="during the second week of April",
                deaths="Two soldiers and between three and six gunmen were killed",
            ),
        ),
        event(
            5,
            Told(
                TAKEN,
                days("2024-04-01", "2024-04-30", 3),
                place("North Sinai", "Egypt", "EGY", (30.28, 33.62), 3),
                (unknown, actor("Civilians (Egypt)", "Civilians")),
                targeted=True,
            ),
            mention(
                "a-abduct",
                TAKEN,
                event_type="took three farmers from a road",
                actor1="Unknown gunmen",
                actor2="three farmers",
                place="North Sinai",
                date="last month",
            ),
        ),
        event(
            6,
            Told(
                DOWNED,
                days("2024-04-27"),
                place("Erbil", "Iraq", "IRQ", (36.1912, 44.0092)),
                (None, None),
                Estimate.exactly(0),
                Estimate.exactly(0),
            ),
            mention(
                "a-drone",
                DOWNED,
                ("unclaimed", "", "", "No group has claimed it"),
                event_type="A drone packed with explosives was shot down",
                place="on the outskirts of Erbil",
                date="late on Saturday",
                deaths="Nobody was hurt",
                injured="Nobody was hurt",
            ),
        ),
        event(
            7,
            Told(
                TRUCE,
                None,
                place("Yemen", "Yemen", "YEM", None, 4),
                (actor("Government of Yemen", "State forces"), actor("Houthis", "Rebel group")),
            ),
            mention(
                "a-truce",
                TRUCE,
                event_type="agreed on a local truce",
                actor1="The government of Yemen",
                actor2="the Houthis",
                place="Yemen",
            ),
        ),
        event(
            8,
            Told(
                MOB,
                days("2024-05-03"),
                place("Tripoli", "Lebanon", "LBN", (34.4367, 35.8497)),
                (actor("Rioters (Lebanon)", "Rioters"), None),
                injured=Estimate.exactly(2),
            ),
            mention(
                "a-riot",
                MOB,
                event_type="burned tyres and threw stones at shops",
                actor1="Youths",
                place="Tripoli, in northern Lebanon",
                date="on 3 May",
                injured="Two firemen were slightly injured",
            ),
        ),
    ]


def sample_claims() -> list[Claim]:
    """One invented claim."""
    return [
        Claim(
            claim_id="c-1",
            article_id="a-clash",
            by="Islamic State",
            of=None,
            measure="deaths",
            value=61.0,
            value_is="exact",
            from_day=dt.date(2024, 1, 1),
            to_day=dt.date(2024, 4, 15),
            said_by="an officer",
            evidence=MappingProxyType({"value": (span_of("a-clash", "has killed 61 people"),)}),
        )
    ]


def sample_problems() -> list[Problem]:
    """Three invented problems of two kinds."""
    return [
        Problem(stage="read", subject="p-9", kind="language not coded", detail="French", file="une.html"),
        Problem(stage="read", subject="p-8", kind="language not coded", detail="Arabic", file="b.html"),
        Problem(stage="ingest", subject="x.jsonl", kind="broken line", detail="not JSON", file="x.jsonl", line=7),
    ]
