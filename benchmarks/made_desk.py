"""A made-up desk of any size: articles of invented places and bands, coded as the machine would.

All goes through the store itself. Every seventh article tells again of an incident of the article before it, so that
events join several mentions. The same `number` gives the same rows on every machine.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from conflictdesk.casework import Capture, SentenceNote, StoredCoding
from conflictdesk.records import Actor, Article, Dates, Estimate, Match, Mention, Page, Place, Span, hash_id
from conflictdesk.workflow.desks import OpenDesk, init_desk, open_desk
from conflictdesk.workflow.rebuilding import rebuild

FIRST: Final = dt.date(2019, 1, 1)
TAKEN: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BATCH: Final = 500
PER_ARTICLE: Final = 3
_LANDS: Final = tuple((f"Land {n}", f"X{chr(65 + n // 26)}{chr(65 + n % 26)}") for n in range(20))
_KINDS: Final = (("Battles", "Armed clash"), ("Violence against civilians", "Attack"))
_FILLER: Final = (
    "Officials in the town gave no further details, and residents said that calm had returned by nightfall."
)


def build_desk(folder: Path, articles: int, *, store_url: str | None = None) -> OpenDesk:
    """Make a desk in `folder` and fill it; three mentions an article, projections built."""
    init_desk(folder, name="made up", store_url=store_url)
    desk = open_desk(folder)
    fill_desk(desk, articles)
    rebuild(desk)
    return desk


def fill_desk(desk: OpenDesk, articles: int) -> None:
    """Add the captures, articles, codings and matches, a few hundred in a transaction; projections are left alone."""
    for start in range(0, articles, BATCH):
        made = [make_article(n) for n in range(start, min(start + BATCH, articles))]
        with desk.store.writing() as writer:
            writer.add_captures([capture for capture, _, _ in made])
            for capture, article, coding in made:
                writer.add_articles(capture.page.page_id, [article], [])
                writer.add_coding(coding)
            writer.add_matches(list(_list_matches([coding for _, _, coding in made])), of="mention")


def make_article(number: int) -> tuple[Capture, Article, StoredCoding]:
    """One article with its capture and its coding."""
    land, day = _LANDS[number % 20], FIRST + dt.timedelta(days=number % 2400)
    told = [_tell(number, n, day) for n in range(PER_ARTICLE)]
    title = f"Clashes and attacks in {land[0]}, report {number}"
    lines, at = [title, ""], len(title) + 2
    mentions, notes = (
        [],
        [SentenceNote(index=0, paragraph=0, start=0, end=len(title), verdict="background", rule="headline", cue=False)],
    )
    for n, (sentence, mention) in enumerate(told):
        notes.append(
            SentenceNote(
                index=2 * n + 1,
                paragraph=n + 1,
                start=at,
                end=at + len(sentence),
                verdict="event",
                rule="made up",
                cue=True,
            )
        )
        mentions.append(_place_mention(mention, at, sentence))
        after = at + len(sentence) + 1
        notes.append(
            SentenceNote(
                index=2 * n + 2,
                paragraph=n + 1,
                start=after,
                end=after + len(_FILLER),
                verdict="nothing",
                rule="",
                cue=False,
            )
        )
        lines.append(f"{sentence} {_FILLER}")
        at = after + len(_FILLER) + 1
    text = "\n".join(lines)
    article_id = hash_id("a", str(number), text)
    body = text.encode()
    page = Page(
        page_id=f"p-{number:012x}",
        file=f"made/{number}.txt",
        line=None,
        media_type="text/plain",
        body=body,
        external_id=str(number),
    )
    capture = Capture(
        page=page, sha256=hashlib.sha256(body).hexdigest(), raw=body, fetched_at=TAKEN, origin=page.file, by="maker"
    )
    article = Article(
        article_id=article_id,
        page_id=page.page_id,
        page=page.file,
        external_id=str(number),
        title=title,
        text=text,
        published_on=day + dt.timedelta(days=1),
        published_basis="given",
        language="en",
        source=f"Paper {number % 37}",
    )
    coding = StoredCoding(
        coding_id=hash_id("c", article_id),
        article_id=article_id,
        coder="rules 0.1",
        after_decision=0,
        mentions=tuple(replace(m, article_id=article_id) for m in mentions),
        claims=(),
        sentences=tuple(notes),
    )
    return capture, article, coding


def _tell(number: int, n: int, day: dt.date) -> tuple[str, Mention]:
    # The first incident of every seventh article is the last one of the article before it.
    again = n == 0 and number % 7 == 6
    key = (number - 1) * PER_ARTICLE + PER_ARTICLE - 1 if again else number * PER_ARTICLE + n
    land = _LANDS[(key // PER_ARTICLE) % 20]
    happened = FIRST + dt.timedelta(days=(key // PER_ARTICLE) % 2400)
    kind, sub = _KINDS[key % 2]
    band, town, deaths = f"Band {key % 50}", f"Town {key % 900}", key % 12
    sentence = f"Fighters of {band} killed {deaths} people in {town} on {happened:%d %B %Y}, officials said."
    mention = Mention(
        mention_id=f"m-{number * PER_ARTICLE + n:012x}",
        article_id="",
        event_type=kind,
        sub_event_type=sub,
        dates=Dates(start=happened, end=happened, precision=1),
        place=Place(
            name=town,
            kind="town",
            country=land[0],
            iso3=land[1],
            admin1=f"Province {key % 7}",
            latitude=-30.0 + key % 900 / 15,
            longitude=-60.0 + key % 900 / 8,
        ),
        actor1=Actor(name=band, kind="Rebel group", country=land[0]),
        actor2=Actor(name=f"Civilians ({land[0]})", kind="Civilians", country=land[0]),
        civilian_targeting=kind != "Battles",
        deaths=Estimate.exactly(deaths),
        inferred=dict.fromkeys(("event_type", "date", "place", "actor1", "actor2", "deaths"), "made up"),
        confidence={
            "event": 0.9,
            "event_type": 0.9,
            "date": 0.5 + key % 50 / 100,
            "place": 0.8,
            "actor1": 0.7,
            "actor2": 0.9,
            "deaths": 0.85,
        },
        rule="made up",
        coder="rules 0.1",
    )
    return sentence, mention


def _place_mention(mention: Mention, at: int, sentence: str) -> Mention:
    def find(words: str) -> tuple[Span, ...]:
        start = at + sentence.index(words)
        return (Span(start, start + len(words)),)

    assert mention.place and mention.actor1 and mention.deaths and mention.dates
    evidence = {
        "event_type": find("killed"),
        "date": find(f"{mention.dates.start:%d %B %Y}"),
        "place": find(f"in {mention.place.name}"),
        "actor1": find(mention.actor1.name),
        "actor2": find("people"),
        "deaths": find(f"killed {mention.deaths.best} people"),
    }
    return replace(mention, evidence=evidence, inferred={})


def _list_matches(codings: Sequence[StoredCoding]) -> Iterator[Match]:
    for before, after in itertools.pairwise(codings):
        left, right = before.mentions[-1], after.mentions[0]
        if left.dates == right.dates and left.place == right.place:
            one, other = sorted((left.mention_id, right.mention_id))
            yield Match(left=one, right=other, verdict="same", score=3.0, by="rules")
