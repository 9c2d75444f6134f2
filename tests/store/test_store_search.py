"""Search: words of articles and events, whatever a person types, the same on either database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_rows import DAY, add_article, make_event
from store_rows import store as store

from conflictdesk.store.opening import Store

HOSTILE = (
    *('"', "'", "\\", "AND", "NEAR(", "mill*", "-mill", "^mill", "title:mill", "{a} : b", "a & | !", ":*", "%_", ";--"),
    *("\x00", "mill\x00ill", "\ud800", "\ufffe0041", "a" * 5000, "mill " * 500, "(" * 200),
)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.writing() as writer:
        for number, title in enumerate(("Mill burnt", "Two die in Al-\u1e24asakah", "Bridge held at Hasakah")):
            day = DAY + dt.timedelta(days=number)
            middle = "\u062d\u0644\u0628 " * number + "word " * 60
            text = f"{title}\n\nThe mayor of Upper Nowhere spoke. {middle} End{number}x."
            add_article(writer, str(number), title=title, text=text, published_on=day)
        writer.put_events([make_event("one"), make_event("two", DAY + dt.timedelta(days=3))])
    return store


def test_all_words_must_occur_and_the_last_may_be_begun(filled: Store) -> None:
    with filled.reading() as reader:
        found = {q: [hit.id for hit in reader.search(q, 9, kind="article")] for q in ("mayor", "hasak", "mayor BURN")}
        assert found == {"mayor": ["a-2", "a-1", "a-0"], "hasak": ["a-2", "a-1"], "mayor BURN": ["a-0"]}
        assert [hit.id for hit in reader.search("asakah", 9)] == []
        assert [hit.id for hit in reader.search("\u062d\u0644\u0628", 9)] == ["a-2", "a-1"]
        assert [hit.id for hit in reader.search("band two", 9)] == ["e-two"]


def test_hits_tell_where_the_words_stand(filled: Store) -> None:
    with filled.reading() as reader:
        (hit,) = reader.search("end1x", 9)
        assert hit.passage.endswith("End1x.") and hit.passage.startswith("… ") and len(hit.passage) < 200
        assert (hit.kind, hit.title, hit.day) == ("article", "Two die in Al-\u1e24asakah", DAY + dt.timedelta(days=1))
        (event,) = reader.search("band one", 9)
        assert (event.kind, event.day, event.title) == ("event", DAY, f"Armed clash · Mill, Ruritania · {DAY}")


def test_hits_are_paged_events_first(filled: Store) -> None:
    with filled.reading() as reader:
        whole = [hit.id for hit in reader.search("mi", 9)]
        assert whole == ["e-two", "e-one", "a-0"]
        assert [hit.id for n in range(4) for hit in reader.search("mi", 1, n)] == whole
        assert [hit.id for n in range(0, 4, 2) for hit in reader.search("mi", 2, n)] == whole
        assert [hit.id for hit in reader.search("mi", 9, 1, kind="event")] == ["e-one"]


def test_an_event_is_found_by_its_present_words_alone(filled: Store) -> None:
    with filled.writing() as writer:
        writer.put_events([make_event("one", DAY + dt.timedelta(days=9))])
        writer.drop_events(["e-two"])
        assert [hit.id for hit in writer.search("band", 9)] == ["e-one"]
        assert writer.search("2024-05-04 clash", 9) == []
        writer.rebuild_words()
        assert [hit.id for hit in writer.search("band", 9)] == ["e-one"]
        assert len(writer.search("mayor", 9, kind="article")) == 3
    assert filled.examine() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), st.text("mil\"'*&|!():- \x00", max_size=12)))
def test_nothing_that_is_typed_is_an_error(filled: Store, typed: str) -> None:
    with filled.reading() as reader:
        assert len(reader.search(typed, 5, 1)) <= 5
        assert reader.event(typed) is None and reader.article(typed) is None
        assert reader.user(typed) is None and reader.find_url(typed) is None
        assert len(reader.actor_names(typed, 3)) <= 3


def test_a_very_long_text_of_different_words_can_be_kept(store: Store) -> None:
    text = " ".join(f"\u0634\u0634{number:x}" for number in range(90_000))
    with store.writing() as writer:
        add_article(writer, "long", text=f"Long\n\n{text}")
    with store.reading() as reader:
        assert [hit.id for hit in reader.search("\u0634\u06340a0", 9)] == []
        assert [hit.id for hit in reader.search("\u0634\u0634a0", 9)] == ["a-long"]
