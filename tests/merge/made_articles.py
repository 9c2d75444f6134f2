"""Makes profiles of articles for the tests of `merge`, as readers would fill them; every incident is made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from made_mentions import KIDAL, day

from conflictdesk.merge.events import Gist, Profile, make_profile
from conflictdesk.records import Article, Estimate, Place, Span, Toponym

FIRST_DAY = dt.date(2023, 1, 2)
_SITES = ("grain depot", "bus park", "cattle market", "police post", "clinic", "fuel station", "school yard", "ferry")
_PEOPLE = ("Tiebilé", "Oumou", "Sékou", "Nafissatou", "Baba", "Djénéba", "Modibo", "Kadidia", "Youssouf", "Assitan")
_DEEDS = ("fired on", "set alight", "stormed", "threw grenades into", "ambushed guards of", "looted and burned")


def make_town(number: int) -> Place:
    """One of many towns, each some 200 km from the next."""
    return replace(
        KIDAL,
        name=f"Bara{number}",
        admin1=f"Region {number % 9}",
        latitude=-40.0 + 2 * (number % 40),
        longitude=-150.0 + 2 * (number // 40),
        gazetteer_id=f"geonames:9{number:05}",
    )


def make_article(
    article_id: str,
    text: str,
    *,
    published: dt.date | None,
    towns: Sequence[Place] = (),
    gist: Gist | None = None,
) -> Profile:
    """The profile of one article, in which the towns stand at the start."""
    article = Article(
        article_id=article_id,
        page_id=article_id,
        page="made",
        external_id=article_id,
        title=text.split("\n")[0],
        text=text,
        published_on=published,
        published_basis="given" if published else "unknown",
        language="en",
    )
    at = Span(0, 4)
    return make_profile(article, [Toponym(span=at, phrase=at, place=town) for town in towns], gist or Gist())


def make_incident(number: int, follow_ups: int = 1) -> list[Profile]:
    """An incident of its own with its first report and its follow-ups, a day apart each."""
    on = FIRST_DAY + dt.timedelta(days=number * 3 % 700)
    who = f"{_PEOPLE[number % 10]} Keita{number // 10}"
    site = f"{_SITES[number % 8]} on Avenue Ndiaye{number // 8}"
    gist = Gist(dates=day(on), deaths=Estimate.exactly(1 + number % 5))
    first = (
        f"Gunmen {_DEEDS[number % 6]} the {site}, witnesses said. Residents named {who}, {20 + number % 50}, as dead."
    )
    later = f"A funeral was held for {who}, {20 + number % 50}, who died at the {site}. Traders closed their stalls."
    return [
        make_article(
            f"a-{number:05}-{n}",
            later if n else first,
            published=on + dt.timedelta(days=n),
            towns=[make_town(number % 300)],
            gist=gist,
        )
        for n in range(1 + follow_ups)
    ]


def make_archive(incidents: int, follow_ups: int = 1) -> list[Profile]:
    """Two articles for each of many incidents."""
    return [article for number in range(incidents) for article in make_incident(number, follow_ups)]
