"""An article of our own invention, its coding, and decisions on it: what the tests of the review room start from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from conflictdesk.casework import SentenceNote, StoredCoding
from conflictdesk.decisions import (
    Action,
    Blame,
    Decision,
    Quoted,
    SubjectKind,
    Value,
    write_json,
    write_value,
)
from conflictdesk.records import Actor, Article, Claim, Dates, Estimate, Figure, Mention, Place, Span
from conflictdesk.review.folding import CaseFile, fold_article, new_mention_id

# None of this happened.
SENTENCES = (
    "Three attacks in one day",
    "Gunmen killed two traders in Orvel on 4 March.",
    "A bomb killed five soldiers near Tasmar on the same day.",
    "In all, nine people were killed in the three places.",
    "Police fought rioters in Brennik, and two died.",
    "The old war killed thousands, and its memory is alive.",
    "Traffic was slow.",
)
TEXT = "\n\n".join(SENTENCES)
DAY = dt.date(2024, 3, 4)
ARTICLE = Article(
    article_id="a-1",
    page_id="p-1",
    page="made",
    external_id="made-1",
    title=SENTENCES[0],
    text=TEXT,
    published_on=dt.date(2024, 3, 5),
    published_basis="given",
    language="en",
    source="Hill Wire",
)
ORVEL = Place(name="Orvel", kind="town", country="Norland", iso3="NOR", admin1="East", latitude=10, longitude=20)
TASMAR = Place(name="Tasmar", kind="town", country="Norland", iso3="NOR", admin1="East", latitude=10.1, longitude=20.1)
BRENNIK = Place(name="Brennik", kind="town", country="Norland", iso3="NOR", admin1="West", latitude=14, longitude=26)
GUNMEN = Actor(name="Unidentified Armed Group (Norland)", kind="Political militia", country="Norland")
TRADERS = Actor(name="Civilians (Norland)", kind="Civilians", country="Norland")
ARMY = Actor(name="Military Forces of Norland", kind="State forces", country="Norland")
FRONT = Actor(name="Northern Front", kind="Rebel group", country="Norland")
POLICE = Actor(name="Police Forces of Norland", kind="State forces", country="Norland")


def find(words: str) -> Span:
    """Where these words stand in the article."""
    start = TEXT.index(words)
    return Span(start, start + len(words))


def note_sentences() -> tuple[SentenceNote, ...]:
    cues = {0, 1, 2, 3, 4, 5}
    return tuple(
        SentenceNote(
            index=n,
            paragraph=n,
            start=find(words).start,
            end=find(words).end,
            verdict="event" if n in (1, 2, 4) else "nothing",
            rule="made",
            cue=n in cues,
        )
        for n, words in enumerate(SENTENCES)
    )


def make_mention(
    name: str, kind: tuple[str, str], place: Place | None, sides: tuple[Actor, Actor], deaths: int, spot: str
) -> Mention:
    """A mention of the machine, each value resting on the sentence that begins with `spot`."""
    sentence = find(next(s for s in SENTENCES if s.startswith(spot)))
    fields = ("event_type", "date", "place", "actor1", "actor2", "deaths")
    return Mention(
        mention_id=name,
        article_id="a-1",
        event_type=kind[0],
        sub_event_type=kind[1],
        dates=Dates(start=DAY, end=DAY, precision=1),
        place=place,
        actor1=sides[0],
        actor2=sides[1],
        civilian_targeting=kind[1] == "Attack",
        deaths=Estimate.exactly(deaths),
        figures=(
            Figure(
                measure="deaths",
                of="everyone",
                estimate=Estimate.exactly(deaths),
                said_by=None,
                evidence=(sentence,),
            ),
        ),
        evidence={f: (sentence,) for f in fields if f != "place" or place is not None},
        inferred={"country": "from the place"} if place else {},
        cannot_tell={"injured": "no figure is said"},
        confidence={"event": 0.9, **dict.fromkeys(fields, 0.8)},
        rule="made",
        coder="rules",
    )


ATTACK = make_mention("m-a", ("Violence against civilians", "Attack"), ORVEL, (GUNMEN, TRADERS), 2, "Gunmen")
BOMB = make_mention(
    "m-b",
    ("Explosions/Remote violence", "Remote explosive/landmine/IED"),
    TASMAR,
    (FRONT, ARMY),
    5,
    "A bomb",
)
RIOT = make_mention(
    "m-c",
    ("Riots", "Mob violence"),
    BRENNIK,
    (Actor(name="Rioters (Norland)", kind="Rioters"), POLICE),
    2,
    "Police",
)
NINE = Claim(
    claim_id="c-1",
    article_id="a-1",
    by=None,
    of=None,
    measure="deaths",
    value=9,
    value_is="exact",
    from_day=None,
    to_day=None,
    said_by=None,
    evidence={"value": (find("nine people"),)},
)
CODING = StoredCoding(
    coding_id="k-1",
    article_id="a-1",
    coder="rules",
    after_decision=0,
    mentions=(ATTACK, BOMB, RIOT),
    claims=(NINE,),
    sentences=note_sentences(),
)
SOON = dt.datetime(2024, 3, 6, 9, tzinfo=dt.UTC)
VALUES: dict[str, tuple[Value, ...]] = {
    "event_type": ("Attack", "Armed clash", "Mob violence"),
    "date": (Dates(start=DAY, end=DAY, precision=1), Dates(start=dt.date(2024, 3, 1), end=DAY, precision=2)),
    "place": (ORVEL, TASMAR, BRENNIK),
    "actor1": (GUNMEN, FRONT, ARMY),
    "actor2": (TRADERS, POLICE),
    "deaths": (Estimate.exactly(2), Estimate(low=3, best=4, high=None)),
    "injured": (Estimate.exactly(0), Estimate(low=1, best=2, high=6)),
    "civilian_targeting": (True, False),
    "attribution": (Blame(actor="Northern Front", by="the army", basis="accused"),),
    "note": ("The market was full.",),
}


def quote(span: Span) -> Quoted:
    """The span as it is kept."""
    sentence = max(n for n, words in enumerate(SENTENCES) if find(words).start <= span.start)
    return Quoted(start=span.start, end=span.end, quote=span.quote(TEXT), prefix="", suffix="", sentence=sentence)


def decide(
    action: Action, subject: str = "m-a", kind: SubjectKind = "mention", *, seq: int = 1, **rest: object
) -> Decision:
    """A decision of Ann's, in the order of `seq`, unless `rest` says otherwise."""
    made = Decision(
        decision_id=f"d-{seq}",
        subject_kind=kind,
        subject_id=subject,
        action=action,
        by="ann",
        at=SOON + dt.timedelta(minutes=seq),
        article_id="a-1",
        seq=seq,
    )
    return replace(made, **rest)  # type: ignore[arg-type]


def change(name: str, value: Value, subject: str = "m-a", *, seq: int = 1, **rest: object) -> Decision:
    """A change of a field to a value that rests on the article's second sentence."""
    after = {} if "after" in rest else {"after": write_value(name, value)}
    given = {"field": name, "evidence": (quote(find(SENTENCES[1])),), **after, **rest}
    return decide("change", subject, "mention", seq=seq, **given)


def accept(name: str, subject: str = "m-a", *, seq: int = 1, **rest: object) -> Decision:
    """The suggestion of a field is right."""
    return decide("accept", subject, "mention", seq=seq, **{"field": name, **rest})


def add(seq: int, **rest: object) -> Decision:
    """A new incident, named after its decision."""
    return decide("add", new_mention_id(f"d-{seq}"), "mention", seq=seq, **rest)


def undo(target: Decision, seq: int, **rest: object) -> Decision:
    """Takes back `target`."""
    given = {"reverts": target.decision_id, "track": target.track, "by": target.by, **rest}
    return decide("undo", target.subject_id, target.subject_kind, seq=seq, **given)


def background(*numbers: int, seq: int) -> Decision:
    """These sentences tell of no incident."""
    return decide("background", "a-1", "article", seq=seq, after=write_json(list(numbers)))


def fold(*decisions: Decision) -> CaseFile:
    """What stands on the main track."""
    return fold_article(ARTICLE, CODING, decisions)


def accept_all(file: CaseFile, start: int) -> list[Decision]:
    """Accept every suggestion that waits, numbered from `start`."""
    waiting = [(m, f) for m in file.kept for f in m.fields.values() if f.state == "suggested"]
    return [accept(f.name, m.mention_id, seq=start + n) for n, (m, f) in enumerate(waiting)]


def finish_all(decisions: Sequence[Decision] = ()) -> list[Decision]:
    """Everything accepted on top of `decisions`, the rest set aside, and finished by Ann."""
    told = list(decisions)
    told += accept_all(fold(*told), 100)
    return [*told, background(0, 5, seq=190), decide("finish", "a-1", "article", seq=191)]
