"""A small desk with invented stories for the reading pages: two reports of one clash, an Arabic text, a hostile one."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from team_desk import NOW, Team, serve_team

from conflictdesk.casework import Capture, SentenceNote, StoredCoding, User
from conflictdesk.decisions import Decision, Value, write_value
from conflictdesk.records import (
    Actor,
    Article,
    Attribution,
    Claim,
    Dates,
    Estimate,
    Match,
    Mention,
    Page,
    Place,
    Problem,
    Span,
)
from conflictdesk.workflow.casefiles import read_case
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.rebuilding import rebuild
from conflictdesk.workflow.recording import Draft, record_decisions

DAY = dt.date(2024, 3, 4)
FRONT = Actor(name="Coast Front", kind="Rebel group", country="Ruritania")
ARMY = Actor(name="Army of Ruritania", kind="State forces", country="Ruritania")
PEOPLE = Actor(name="Civilians (Ruritania)", kind="Civilians", country="Ruritania")
EVIL = '<script>document.title="broken"</script>'
STORIES = {
    "ferry": (
        "en",
        "Clash at the old mill\n\nFighters of the Coast Front attacked an army post near Millford on Monday. "
        "Twelve soldiers were killed and five were hurt, the mayor said. The army blamed the Coast Front.\n\n"
        "On Tuesday a shell hit the market of Eastquay. Three traders died there.\n\n"
        "In the whole week about 40 people were killed in the valley, a doctor said. Shops stayed shut.",
    ),
    "gazette": (
        "en",
        "Soldiers die in Millford\n\nAt least nine soldiers died when gunmen stormed a post near Millford on Monday. "
        "No group has claimed it.",
    ),
    "arabic": (
        "ar",
        "انفجار في الميناء\n\nقتل ثلاثة مدنيين في انفجار في إيستكواي يوم الثلاثاء. وأصيب خمسة آخرون بجروح.",
    ),
    "hostile": (
        "en",
        f"{EVIL} headline\n\nOne man was killed in Millford {EVIL} <img src=x onerror=alert(1)> yesterday.",
    ),
}
_ids = count(1)


def place_of(name: str) -> Place:
    return Place(name=name, kind="town", country="Ruritania", iso3="RUR", latitude=1.25, longitude=3.5)


def article_of(name: str) -> Article:
    language, text = STORIES[name]
    return Article(
        article_id=f"a-{name}",
        page_id=f"p-{name}",
        page=f"{name}.html",
        external_id=name,
        title=text.split("\n")[0],
        text=text,
        published_on=DAY + dt.timedelta(days=list(STORIES).index(name) * 2),
        published_basis="given",
        language=language,
        source="The Ferry" if name == "ferry" else "Harbour Gazette",
        url=f"https://news.example/{name}" if name != "hostile" else "javascript:alert(1)",
    )


def span_in(name: str, words: str) -> Span:
    start = STORIES[name][1].index(words)
    return Span(start, start + len(words))


def notes_of(text: str) -> tuple[SentenceNote, ...]:
    """Sentences, cut at full stops and line ends."""
    notes: list[SentenceNote] = []
    for found in re.finditer(r"[^\n]+?(?:\.(?= |\n|$)|(?=\n|$))", text):
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        cue = any(word in found[0] for word in ("killed", "died", "attacked", "hit"))
        paragraph = text[:start].count("\n\n")
        notes.append(
            SentenceNote(
                index=len(notes),
                paragraph=paragraph,
                start=start,
                end=found.end(),
                verdict="nothing",
                rule="made",
                cue=cue,
            )
        )
    return tuple(notes)


def mention_of(name: str, number: int, words: dict[str, str], **values: object) -> Mention:
    evidence = {field: (span_in(name, quote),) for field, quote in words.items()}
    return Mention(mention_id=f"m-{name}{number}", article_id=f"a-{name}", evidence=evidence, coder="rules 1", **values)  # type: ignore[arg-type]


def mentions_of(name: str) -> tuple[Mention, ...]:
    monday, tuesday = (
        Dates(start=DAY + dt.timedelta(days=n), end=DAY + dt.timedelta(days=n), precision=1) for n in (0, 1)
    )
    clash = {"event_type": "Battles", "sub_event_type": "Armed clash", "dates": monday, "place": place_of("Millford")}
    if name == "ferry":
        blame = Attribution(
            actor="Coast Front",
            by="the army",
            basis="accused",
            evidence=(span_in(name, "The army blamed the Coast Front."),),
        )
        return (
            mention_of(
                name,
                1,
                {
                    "event_type": "attacked",
                    "date": "on Monday",
                    "place": "near Millford",
                    "actor1": "Coast Front",
                    "actor2": "an army post",
                    "deaths": "Twelve soldiers were killed",
                    "injured": "five were hurt",
                },
                **clash,
                actor1=FRONT,
                actor2=ARMY,
                deaths=Estimate.exactly(12),
                injured=Estimate.exactly(5),
                attribution=(blame,),
                confidence={"deaths": 0.9, "event": 0.95},
            ),
            mention_of(
                name,
                2,
                {
                    "event_type": "a shell hit the market",
                    "date": "On Tuesday",
                    "place": "the market of Eastquay",
                    "actor2": "traders",
                    "deaths": "Three traders died",
                },
                event_type="Explosions/Remote violence",
                sub_event_type="Shelling/artillery/missile attack",
                dates=tuesday,
                place=place_of("Eastquay"),
                actor2=PEOPLE,
                deaths=Estimate.exactly(3),
                civilian_targeting=True,
                cannot_tell={"actor1": "nobody is named"},
            ),
        )
    if name == "gazette":
        return (
            mention_of(
                name,
                1,
                {
                    "event_type": "stormed a post",
                    "date": "on Monday",
                    "place": "near Millford",
                    "actor2": "soldiers",
                    "deaths": "At least nine soldiers died",
                },
                **clash,
                actor2=ARMY,
                deaths=Estimate(low=9, best=9, high=None),
            ),
        )
    if name == "arabic":
        return (
            mention_of(
                name,
                1,
                {
                    "event_type": "انفجار",
                    "date": "يوم الثلاثاء",
                    "place": "إيستكواي",
                    "actor2": "مدنيين",
                    "deaths": "قتل ثلاثة مدنيين",
                    "injured": "وأصيب خمسة آخرون",
                },
                event_type="Explosions/Remote violence",
                sub_event_type="Remote explosive/landmine/IED",
                dates=tuesday,
                place=place_of("Eastquay"),
                actor2=PEOPLE,
                deaths=Estimate.exactly(3),
                injured=Estimate.exactly(5),
            ),
        )
    return (
        mention_of(
            name,
            1,
            {
                "event_type": "was killed",
                "place": "in Millford",
                "actor2": "One man",
                "deaths": f"killed in Millford {EVIL}",
            },
            event_type="Violence against civilians",
            sub_event_type="Attack",
            place=place_of(f"Mill{EVIL}ford"),
            actor2=replace(PEOPLE, name=f"Men {EVIL}"),
            deaths=Estimate.exactly(1),
        ),
    )


def coding_of(name: str) -> StoredCoding:
    claims: tuple[Claim, ...] = ()
    if name == "ferry":
        claims = (
            Claim(
                claim_id="c-ferry",
                article_id="a-ferry",
                by=None,
                of="people",
                measure="deaths",
                value=40,
                value_is="about",
                from_day=None,
                to_day=None,
                said_by="a doctor",
                evidence={"value": (span_in(name, "about 40 people were killed"),)},
            ),
        )
    return StoredCoding(
        coding_id=f"k-{name}",
        article_id=f"a-{name}",
        coder="rules 1",
        after_decision=0,
        mentions=mentions_of(name),
        claims=claims,
        sentences=notes_of(STORIES[name][1]),
    )


def fill(desk: OpenDesk, names: Sequence[str] = tuple(STORIES)) -> None:
    """Take the stories in as if they had been fetched, coded and matched."""
    with desk.store.writing() as writer:
        for name in names:
            raw = STORIES[name][1].encode()
            page = Page(
                page_id=f"p-{name}", file=f"{name}.html", line=None, media_type="text/html", body=raw, external_id=name
            )
            writer.add_captures(
                [
                    Capture(
                        page=page,
                        sha256=hashlib.sha256(raw).hexdigest(),
                        raw=raw,
                        fetched_at=NOW,
                        origin=f"https://news.example/{name}",
                        by="fetch",
                    )
                ]
            )
            writer.add_articles(page.page_id, [article_of(name)], [])
            writer.add_coding(coding_of(name))
        writer.add_matches(
            [Match(left="m-ferry1", right="m-gazette1", verdict="same", score=0.91, by="rules 1")], of="mention"
        )
        writer.add_matches(
            [Match(left="m-arabic1", right="m-ferry2", verdict="unsure", score=0.55, by="rules 1")], of="mention"
        )
        writer.add_problems(
            [
                Problem(
                    stage="read", subject="p-lost", kind="no text", detail="the page holds no article", file="lost.html"
                )
            ],
            source="The Ferry",
        )
    rebuild(desk)


@contextmanager
def reading_team(folder: Path, *, always_second: bool = False) -> Iterator[Team]:
    """A served desk with the stories in it; `always_second` draws every finished article for a second coder."""
    with serve_team(folder) as team:
        if always_second:
            settings = team.desk.settings
            told = replace(settings, second=replace(settings.second, share=1.0, shares={}))
            object.__setattr__(team.desk, "settings", told)
        fill(team.desk)
        yield team


# ---------------------------------------------------------------- decisions


def user_of(team: Team, name: str) -> User:
    with team.desk.store.reading() as reader:
        user = reader.user(name)
    assert user is not None
    return user


def decide(team: Team, by: str, *drafts: Draft) -> list[Decision]:
    team.clock.now += dt.timedelta(minutes=1)
    return [r.decision for r in record_decisions(team.desk, drafts, user_of(team, by), team.clock.now)]


def draft(subject: str, action: str, **more: object) -> Draft:
    kind = more.pop("kind", "mention")
    return Draft(decision_id=f"d-{next(_ids)}", subject_kind=kind, subject_id=subject, action=action, **more)  # type: ignore[arg-type]


def change(subject: str, field: str, value: Value, article: str, words: str | None, **more: object) -> Draft:
    spans = (span_in(article, words),) if words else ()
    return draft(
        subject, "change", field=field, after=write_value(field, value), article_id=f"a-{article}", spans=spans, **more
    )


def finish_first(team: Team, name: str, by: str = "carla") -> None:
    """The first coder accepts every suggestion, sets the rest aside and finishes."""
    with team.desk.store.reading() as reader:
        file = read_case(reader, f"a-{name}")
    told = [
        draft(m.mention_id, "accept", field=f.name, article_id=f"a-{name}")
        for m in file.kept
        for f in m.fields.values()
        if f.state == "suggested"
    ]
    covered = [s for m in file.kept for f in m.fields.values() for s in f.evidence]
    free = (
        [
            n.index
            for n in file.coding.sentences
            if n.cue and not any(s.start < n.end and n.start < s.end for s in covered)
        ]
        if file.coding
        else []
    )
    if free:
        told.append(draft(f"a-{name}", "background", kind="article", article_id=f"a-{name}", after=str(free)))
    decide(team, by, *told, draft(f"a-{name}", "finish", kind="article", article_id=f"a-{name}"))


def finish_second(team: Team, by: str = "cem") -> None:
    """The second coder reads the ferry's story blind: other deaths, no blame, and the shell on the market unseen."""
    second = {"track": "second", "mode": "blind"}
    (added,) = decide(team, by, draft("", "add", article_id="a-ferry", **second))
    incident = added.subject_id
    monday = Dates(start=DAY, end=DAY, precision=1)
    decide(
        team,
        by,
        change(incident, "event_type", "Armed clash", "ferry", "attacked an army post", **second),
        change(incident, "date", monday, "ferry", "on Monday", **second),
        change(incident, "place", place_of("Millford"), "ferry", "near Millford", **second),
        change(incident, "actor1", FRONT, "ferry", "Fighters of the Coast Front", **second),
        change(incident, "actor2", ARMY, "ferry", "an army post", **second),
        change(
            incident,
            "deaths",
            Estimate(low=12, best=17, high=17),
            "ferry",
            "Twelve soldiers were killed and five were hurt",
            **second,
        ),
    )
    with team.desk.store.reading() as reader:
        file = read_case(reader, "a-ferry", track="second", by=by)
    covered = [s for m in file.kept for f in m.fields.values() for s in f.evidence]
    free = (
        [
            n.index
            for n in file.coding.sentences
            if n.cue and not any(s.start < n.end and n.start < s.end for s in covered)
        ]
        if file.coding
        else []
    )
    told = (
        [draft("a-ferry", "background", kind="article", article_id="a-ferry", after=str(free), **second)]
        if free
        else []
    )
    decide(team, by, *told, draft("a-ferry", "finish", kind="article", article_id="a-ferry", **second))
