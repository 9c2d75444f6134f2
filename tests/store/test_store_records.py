"""What is put into the store comes out the same, on either database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from store_rows import (
    DAY,
    HARD,
    NOW,
    add_article,
    fill,
    make_article,
    make_capture,
    make_coding,
    make_event,
    make_mention,
)
from store_rows import store as store

from conflictdesk.casework import Lock, Run, Tombstone, UrlNote, User
from conflictdesk.errors import StoreError
from conflictdesk.records import Match, Problem
from conflictdesk.store.opening import Store

ODD = f"a\x00b\ud800\ufffe {HARD}"
LATER = NOW + dt.timedelta(minutes=5)


def test_a_page_is_kept_once_with_its_bytes(store: Store) -> None:
    odd = make_capture("odd", title=ODD, url="https://ferry.example/1")
    line = replace(odd, page=replace(odd.page, page_id="p-line", line=3, body=b"one line"), raw=odd.raw)
    with store.writing() as writer:
        assert writer.add_captures([odd, line]) == (["p-odd", "p-line"], [])
        assert writer.add_captures([line, make_capture("new")]) == (["p-new"], ["p-line"])
    with store.reading() as reader:
        assert reader.page("p-odd") == odd
        assert reader.page("p-line") == line
        assert reader.find_capture(odd.sha256) == odd
        assert reader.page("p-none") is reader.find_capture("none") is None
        assert reader.count_rows()["captures"] == 2
        assert [c.page.page_id for c in reader.pages_unread()] == ["p-odd", "p-line", "p-new"]


def test_a_read_page_is_not_read_again_even_without_articles(store: Store) -> None:
    problem = Problem(stage="read", subject="p-two", kind="no-text", detail="empty")
    with store.writing() as writer:
        writer.add_captures([make_capture("one"), make_capture("two")])
        assert writer.add_articles("p-one", [make_article("one", title=ODD, url=None)], []) == ["a-one"]
        assert writer.add_articles("p-two", [], [problem]) == []
        assert writer.add_articles("p-two", [], [problem]) == []
    with store.reading() as reader:
        assert list(reader.pages_unread()) == []
        assert reader.count_unread() == 0
        assert reader.article("a-one") == make_article("one", title=ODD, url=None)
        assert reader.articles_of("p-one") == list(reader.all_articles()) == [reader.article("a-one")]
        assert reader.problems(10) == [problem]


def test_the_newest_coding_counts_and_the_earliest_place_stays(store: Store) -> None:
    kept, new = make_mention("kept", dead=3), make_mention("new")
    first = make_coding("one", mentions=(make_mention("kept"), make_mention("gone")))
    second = replace(make_coding("one", "rules 2", (kept, new)), after_decision=7)
    with store.writing() as writer:
        add_article(writer, "one")
        add_article(writer, "two", source=None)
        assert [a.article_id for a in writer.uncoded("rules 1", False)] == ["a-one", "a-two"]
        assert writer.add_coding(first) and not writer.add_coding(first)
        assert [a.article_id for a in writer.uncoded("rules 2", False)] == ["a-two"]
        assert [a.article_id for a in writer.uncoded("rules 2", True)] == ["a-one", "a-two"]
        assert writer.add_coding(second)
    with store.reading() as reader:
        assert reader.coding("a-one") == second
        assert list(reader.all_codings()) == [second]
        assert list(reader.all_codings(every=True)) == [first, second]
        told = {s.mention.mention_id: s.order[:2] for s in reader.all_mentions()}
        assert told == {"m-kept": (0, 1), "m-new": (7, 1)}
        assert reader.mentions(["m-kept", "m-gone"])["m-kept"].mention == kept
        assert reader.mentions(["m-gone"])["m-gone"].order == (0, 1, 2)
        assert [s.mention.mention_id for s in reader.mentions_of(["a-one"])] == ["m-kept", "m-new"]
        assert len(reader.mentions_of(["a-one"], every=True)) == 3
        assert reader.problems(9, source="The Ferry") == [*second.problems, *first.problems]


def test_a_match_is_added_only_when_it_says_something_new(store: Store) -> None:
    same = Match(left="m-1", right="m-2", verdict="same", score=0.1 + 0.2, by="rule")
    other = replace(same, by="model")
    changed = replace(same, verdict="unsure")
    with store.writing() as writer:
        assert writer.add_matches([same, other, same]) == 2
        assert writer.add_matches([same]) == 0
        assert writer.add_matches([changed]) == 1
        assert writer.add_matches([replace(same, left="a-1", right="a-2")], of="article") == 1
    with store.reading() as reader:
        assert reader.matches(["m-2"]) == list(reader.all_matches()) == [other, changed]
        assert reader.matches(["m-3"]) == []
        assert [m.left for m in reader.article_matches("a-2")] == ["a-1"]
        assert reader.count_rows()["matches"] == 4


def test_events_are_put_joined_buried_and_found(store: Store) -> None:
    one, long = make_event("one"), make_event("long", DAY - dt.timedelta(days=60), days=90)
    undated, abroad = make_event("undated", None), make_event("abroad", iso3="SYL")
    with store.writing() as writer:
        writer.put_events([one, long, undated, abroad])
        writer.put_events([one])
    with store.reading() as reader:
        assert reader.event("e-one") == one
        assert list(reader.all_events()) == [abroad, long, one, undated]
        assert reader.near_events("RUR", DAY, DAY, 9) == [long, one]
        assert reader.near_events(None, DAY, DAY, 9) == [long, abroad, one]
        assert reader.near_events("RUR", DAY, DAY, 1) == [one]
        assert reader.near_events("RUR", DAY + dt.timedelta(days=40), DAY + dt.timedelta(days=50), 9) == []
        assert reader.actor_names("mill g", 5) == [("Mill Guard", "Rebel group", 4)]
        assert [n for n, _, _ in reader.actor_names("", 2)] == ["Mill Guard", "Band abroad"]
        assert reader.actor_events("Mill Guard", 1) in ([one], [abroad])
        assert reader.event_of(["m-long", "m-none"]) == {"m-long": "e-long"}
        assert reader.count_events() == {"proposed": 4}
    stone = Tombstone(event_id="e-long", into="e-one", reason="the same incident")
    with store.writing() as writer:
        writer.bury([stone])
        assert writer.event("e-long") is None and writer.tombstone("e-long") == stone
        assert writer.actor_names("mill", 5) == [("Mill Guard", "Rebel group", 3)]
        assert writer.actor_names("band long", 5) == []
        writer.put_events([long])
        assert writer.tombstone("e-long") is None and list(writer.all_tombstones()) == []
        writer.clear_projections()
        assert list(writer.all_events()) == [] and writer.actor_names("", 9) == []


def test_an_older_password_or_session_opens_nothing(store: Store) -> None:
    with store.writing() as writer:
        writer.put_user(User(name="ann", role="coder"), "hash 1")
        writer.put_session("token 1", "ann", LATER)
        assert writer.session("token 1", NOW) == User(name="ann", role="coder")
        assert writer.session("token 1", LATER) is None
        writer.put_user(User(name="ann", role="lead"))
        assert writer.password_hash("ann") == "hash 1"
        assert writer.session("token 1", NOW) == User(name="ann", role="lead")
        writer.put_user(User(name="ann", role="lead"), "hash 2")
        assert writer.password_hash("ann") == "hash 2" and writer.session("token 1", NOW) is None
        writer.put_session("token 2", "ann", LATER)
        writer.end_session("token 2")
        assert writer.session("token 2", NOW) is None
        writer.put_session("token 3", "ann", LATER)
        writer.put_user(User(name="ann", role="lead", active=False))
        assert writer.session("token 3", NOW) is None
        assert writer.password_hash("ann") is writer.password_hash("bob") is None
        assert writer.users() == [User(name="ann", role="lead", active=False)]
    with pytest.raises(StoreError, match="does not hold"), store.writing() as writer:
        writer.put_session("token 4", "nobody", LATER)


def test_locks_are_taken_over_and_run_out(store: Store) -> None:
    with store.writing() as writer:
        writer.take_lock(Lock(article_id="a-one", by="ann", until=LATER))
        writer.take_lock(Lock(article_id="a-one", by="bob", until=LATER))
        writer.drop_lock("a-one", "ann")
        assert writer.locks(["a-one", "a-two"], NOW)["a-one"].by == "bob"
        assert writer.locks(["a-one"], LATER) == {}
        writer.end_sessions(LATER)
        assert writer.locks(["a-one"], NOW) == {}


def test_what_a_server_said_last_is_kept_beside_the_last_page(store: Store) -> None:
    with store.writing() as writer:
        writer.note_url("https://x.example/\x00", '"e"', "Mon", "sha", NOW, 200)
        writer.note_url("https://x.example/\x00", None, None, None, LATER, 304)
        told = UrlNote(url="https://x.example/\x00", etag='"e"', modified="Mon", sha256="sha", at=LATER, status=304)
        assert writer.find_url("https://x.example/\x00") == told


def test_sources_are_counted_with_their_days_and_errors(store: Store) -> None:
    fill(store)
    run = Run(run_id="r-1", kind="run", by="ann", started_at=NOW, ended_at=LATER, counts={"articles": 2})
    with store.writing() as writer:
        add_article(writer, "late", published_on=DAY + dt.timedelta(days=2))
        add_article(writer, "undated", published_on=None)
        add_article(writer, "other", source="Mill Post")
        writer.add_run(run)
        writer.add_run(run)
    with store.reading() as reader:
        assert reader.sources() == [("Mill Post", 1, DAY), ("The Ferry", 4, DAY + dt.timedelta(days=2))]
        sheet = reader.source_sheet("The Ferry")
        assert sheet.by_day == ((DAY, 2), (DAY + dt.timedelta(days=2), 1))
        assert (sheet.articles, sheet.first, len(sheet.problems)) == (4, DAY, 2)
        assert reader.source_sheet("none").articles == 0
        assert reader.runs() == [run]


def test_more_ids_than_a_question_may_name(store: Store) -> None:
    fill(store)
    many = [f"a-{n}" for n in range(70_000)]
    with store.reading() as reader:
        assert len(reader.decisions(subject_ids=[*many, "m-one"])) == 2


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="time zone"), store.writing() as writer:
        writer.put_user(User(name="ann", role="coder"))
        writer.put_session("t", "ann", NOW.replace(tzinfo=None))
    with store.reading() as reader:
        assert reader.users() == []
