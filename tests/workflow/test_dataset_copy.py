"""The dataset of a desk holds exactly the events that stand, and is made again only when something changed."""

from __future__ import annotations

from tried_desks import ANNA, BEN, Hand

from conflictdesk.datasets.opening import open_dataset
from conflictdesk.decisions import write_value
from conflictdesk.records import Estimate, Span
from conflictdesk.workflow.dataset_copy import read_shown, refresh_dataset


def ask(hand: Hand, sql: str) -> list[tuple[object, ...]]:
    dataset = open_dataset(refresh_dataset(hand.desk))
    try:
        return dataset.ask(sql)
    finally:
        dataset.close()


def test_decisions_come_into_the_dataset_and_withdrawn_events_go(hand: Hand) -> None:
    assert ask(hand, "SELECT count(*), sum(deaths_best) FROM events WHERE status = 'proposed'") == [(4, 13)]
    with hand.desk.store.reading() as reader:
        strike = next(e.event for e in reader.all_events() if e.event.place and e.event.place.name == "Hajjah")
    seven = write_value("deaths", Estimate.exactly(7))
    hand.send(
        ANNA, "change", "mention", strike.mentions[0].mention_id, field="deaths", after=seven, spans=(Span(0, 6),)
    )
    assert ask(hand, f"SELECT deaths_best FROM events WHERE event_id = 'desk:{strike.event_id}'") == [(7,)]
    assert ask(hand, f"SELECT quote FROM quotes WHERE event_id = 'desk:{strike.event_id}' AND field = 'deaths'") == [
        ("Airstr",)
    ]
    hand.send(BEN, "withdraw", "event", strike.event_id, reason="a film")
    assert ask(hand, "SELECT count(*), sum(deaths_best) FROM events") == [(3, 9)]
    hand.send(BEN, "restore", "event", strike.event_id)
    assert ask(hand, "SELECT count(*), sum(deaths_best) FROM events") == [(4, 16)]


def test_it_is_made_again_only_when_something_changed(hand: Hand) -> None:
    folder = refresh_dataset(hand.desk)
    before = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
    assert refresh_dataset(hand.desk) == folder
    assert {p.name: p.stat().st_mtime_ns for p in folder.iterdir()} == before
    with hand.desk.store.reading() as reader:
        article = next(a.article_id for a in reader.all_articles())
    hand.send(ANNA, "skip", "article", article, reason="later")
    refresh_dataset(hand.desk)
    shown = read_shown(folder)
    assert shown is not None
    assert shown["seq"] == 1
    assert not list(hand.desk.folder.glob(".dataset-*"))


def test_who_reads_the_old_one_may_finish(hand: Hand) -> None:
    folder = refresh_dataset(hand.desk)
    old = open_dataset(folder)
    with hand.desk.store.reading() as reader:
        event = next(iter(reader.all_events())).event.event_id
    hand.send(BEN, "withdraw", "event", event, reason="a film")
    refresh_dataset(hand.desk)
    assert old.ask("SELECT count(*) FROM events") == [(4,)]
    old.close()
    hand.send(BEN, "restore", "event", event)
    refresh_dataset(hand.desk)
    assert len(list(folder.glob("events.*.parquet"))) == 2
    assert len(list((folder / "originals").glob("*.parquet"))) <= 2
