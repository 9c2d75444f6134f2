"""What was kept up to date decision by decision is, byte for byte, what is built anew from all that was ever added."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres_server import FreshUrl
from tried_desks import ANNA, BEN, LATER, LEAD, NOW, TEXTS, Hand, copy_desk, dump_projections

from conflictdesk.casework import Case, EventRecord, Tombstone, User, name_event
from conflictdesk.decisions import DROP_REASONS, Value, name_pair, write_json, write_value
from conflictdesk.errors import CheckError, RightsError
from conflictdesk.pipeline import Tools
from conflictdesk.records import Actor, Dates, Estimate, Place, Span
from conflictdesk.review.folding import new_mention_id
from conflictdesk.store.opening import open_store
from conflictdesk.workflow.adding import add_text
from conflictdesk.workflow.desks import OpenDesk, init_desk
from conflictdesk.workflow.rebuilding import rebuild
from conflictdesk.workflow.running import run_desk

MONDAY = Dates(start=NOW.date().replace(month=3, day=4), end=NOW.date().replace(month=3, day=4), precision=1)
VALUES: dict[str, tuple[Value, ...]] = {
    "event_type": ("Attack", "Armed clash", "Remote explosive/landmine/IED"),
    "deaths": (Estimate.exactly(3), Estimate.exactly(9), Estimate(low=1, best=2, high=None)),
    "date": (MONDAY,),
    "place": (Place(name="Bama", kind="town", country="Nigeria", iso3="NGA", latitude=11.52, longitude=13.69),),
    "actor1": (
        Actor(name="Boko Haram", kind="Rebel group"),
        Actor(name="Police Forces of Nigeria", kind="State forces"),
    ),
}
STEP = st.tuples(st.integers(0, 15), st.integers(0, 30), st.integers(0, 30), st.integers(0, 2))


def take_step(hand: Hand, step: tuple[int, int, int, int]) -> None:
    """One decision of the kind that the numbers name, on what they name."""
    kind, one, other, who = step
    desk, user = hand.desk, (LEAD, ANNA, BEN)[who]
    with desk.store.reading() as reader:
        articles = sorted(a.article_id for a in reader.all_articles())
        mentions = sorted(m.mention.mention_id for m in reader.all_mentions())
        mentions += sorted({r.decision.subject_id for r in hand.sent if r.decision.action == "add"})
        events = sorted(e.event.event_id for e in reader.all_events()) + [t.event_id for t in reader.all_tombstones()]
    article, mention, event = articles[one % len(articles)], mentions[one % len(mentions)], events[one % len(events)]
    name = sorted(VALUES)[other % len(VALUES)]
    after = write_value(name, VALUES[name][other % len(VALUES[name])])
    words: dict[str, Any] = {"article_id": _find_article(hand, mention)}
    match kind:
        case 0 | 1:
            hand.send(user, "change", "mention", mention, field=name, after=after, spans=(Span(0, 6),), **words)
        case 2:
            hand.send(user, "accept", "mention", mention, field=name, **words)
        case 3:
            hand.send(user, "not_stated", "mention", mention, field=name, **words)
        case 4:
            hand.send(user, "drop", "mention", mention, reason=DROP_REASONS[other % len(DROP_REASONS)], **words)
        case 5:
            dropped = [r.decision for r in hand.sent if r.decision.action == "drop"]
            for last in dropped[one % max(1, len(dropped)) :][:1]:
                hand.send(user, "restore", "mention", last.subject_id, article_id=last.article_id)
        case 6:
            _add(hand, user, article)
        case 7 | 8:
            pair = name_pair(mention, mentions[other % len(mentions)])
            hand.send(user, ("same", "different", "unsure")[other % 3], "match", pair)
        case 9:
            hand.send(user, "change", "event", event, field=name, after=after, reason="both are wrong")
        case 10:
            hand.send(user, ("withdraw", "restore")[other % 2], "event", event, reason="a film")
        case 11 | 12:
            _undo(hand, user, one)
        case 13:
            action = ("finish", "reopen", "settle", "skip", "flag")[other % 5]
            hand.send(user, action, "article", article, article_id=article, reason="why not")
        case 14:
            hand.send(user, "draw", "article", article, article_id=article, after=write_json("Battles"))
        case _:
            _code_second(hand, user, article)


def _find_article(hand: Hand, mention: str) -> str | None:
    own = {r.decision.subject_id: r.decision.article_id for r in hand.sent if r.decision.action == "add"}
    return own.get(mention)


def _add(hand: Hand, user: User, article: str) -> None:
    added = hand.send(user, "add", "mention", "", article_id=article).decision.subject_id
    for name in ("event_type", "date", "deaths"):
        after = write_value(name, VALUES[name][0])
        hand.send(user, "change", "mention", added, field=name, after=after, article_id=article, spans=(Span(0, 6),))


def _undo(hand: Hand, user: User, number: int) -> None:
    if not hand.sent:
        return
    old = hand.sent[number % len(hand.sent)].decision
    told = {"article_id": old.article_id, "track": old.track, "reverts": old.decision_id}
    hand.send(user, "undo", old.subject_kind, old.subject_id, **told)


def _code_second(hand: Hand, user: User, article: str) -> None:
    added = hand.send(user, "add", "mention", "", article_id=article, track="second").decision.subject_id
    told: dict[str, Any] = {"article_id": article, "track": "second", "spans": (Span(0, 6),)}
    after = write_value("event_type", "Attack")
    hand.send(user, "change", "mention", added, field="event_type", after=after, **told)
    with hand.desk.store.reading() as reader:
        coding = reader.coding(article)
    numbers = write_json([note.index for note in coding.sentences] if coding else [])
    hand.send(user, "background", "article", article, article_id=article, track="second", after=numbers)
    hand.send(user, "finish", "article", article, article_id=article, track="second")
    hand.send(LEAD, "adopt", "mention", added, article_id=article, track="final")


def run_more(desk: OpenDesk, tools: Tools, number: int) -> None:
    title, text, day = LATER[number]
    add_text(desk, title, text, None, day, "lead", NOW)
    run_desk(desk, tools, now=NOW)


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(STEP, min_size=1, max_size=30), runs=st.lists(st.integers(0, 30), max_size=2))
def test_the_state_kept_up_to_date_is_the_state_built_anew(
    made_desk: Path, tools: Tools, steps: list[tuple[int, int, int, int]], runs: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder, copy_desk(made_desk, Path(folder) / "desk") as desk:
        hand = Hand(desk)
        for number, step in enumerate(steps):
            # A refused decision must leave nothing behind: the comparison below would show it.
            with contextlib.suppress(CheckError, RightsError, ValueError):
                take_step(hand, step)
            for later in (n for n, at in enumerate(runs) if at == number):
                run_more(desk, tools, later)
        kept = dump_projections(desk)
        rebuild(desk)
        assert dump_projections(desk) == kept
        with desk.store.reading() as reader:
            assert reader.verify_chain() is None
            _check_every_mention_is_somewhere(desk)


def _check_every_mention_is_somewhere(desk: OpenDesk) -> None:
    with desk.store.reading() as reader:
        ids = [held.mention.mention_id for held in reader.all_mentions()]
        homes = reader.event_of(ids)
        events = [m.mention_id for e in reader.all_events() for m in e.event.mentions]
        named = {t.event_id for t in reader.all_tombstones()} | {e.event.event_id for e in reader.all_events()}
        assert len(events) == len(set(events))
        for mention_id in ids:
            # A dropped mention may have given a living event its name.
            assert mention_id in homes or name_event(mention_id) in named


@pytest.mark.slow
def test_both_databases_hold_the_same(made_desk: Path, tools: Tools, postgres: FreshUrl, tmp_path: Path) -> None:
    init_desk(tmp_path / "big", store_url=(url := postgres()), name="Tried")
    with copy_desk(made_desk, tmp_path / "small") as small, open_store(url) as store:
        settings = replace(small.settings, store_url=url)
        big = OpenDesk(folder=tmp_path / "big", settings=settings, sources=(), store=store)
        for title, text, day in TEXTS:
            add_text(big, title, text, None, day, "lead", NOW)
        run_desk(big, tools, now=NOW)
        for desk in (small, big):
            hand = Hand(desk)
            for number in range(60):
                with contextlib.suppress(CheckError, RightsError, ValueError):
                    take_step(hand, (number % 16, number * 7 % 31, number * 5 % 31, number % 3))
            run_more(desk, tools, 0)
        kept = list_state(big)
        assert kept == list_state(small)
        rebuild(big)
        assert list_state(big) == kept


def list_state(desk: OpenDesk) -> tuple[list[EventRecord], list[Tombstone], list[Case], tuple[int, str]]:
    with desk.store.reading() as reader:
        return list(reader.all_events()), list(reader.all_tombstones()), list(reader.all_cases()), reader.head()


def test_rebuilding_a_desk_that_nobody_touched_changes_nothing(fresh_desk: OpenDesk) -> None:
    kept = dump_projections(fresh_desk)
    counts = rebuild(fresh_desk)
    assert dump_projections(fresh_desk) == kept
    assert counts["events"] == 4
    assert counts["cases"] == 4


def test_a_taken_back_incident_leaves_a_tombstone(hand: Hand) -> None:
    with hand.desk.store.reading() as reader:
        article = next(a.article_id for a in reader.all_articles())
    _add(hand, ANNA, article)
    added = hand.sent[0].decision
    assert added.subject_id == new_mention_id(added.decision_id)
    with hand.desk.store.reading() as reader:
        assert reader.event_of([added.subject_id])
    hand.send(ANNA, "undo", "mention", added.subject_id, article_id=article, reverts=added.decision_id)
    with hand.desk.store.reading() as reader:
        assert not reader.event_of([added.subject_id])
        grave = reader.tombstone(f"e-{added.subject_id[2:]}")
    assert grave is not None
    assert grave.reason == "taken back"
