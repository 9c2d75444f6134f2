"""The reading pages over a real store: articles, events, sources, actors, history, search; hostile text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_reading import EVIL, STORIES, change, decide, draft, finish_first, finish_second, reading_team
from team_desk import Team

from conflictdesk.records import Estimate


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with reading_team(tmp_path / "desk", always_second=True) as made:
        yield made


def read(team: Team, path: str, *, by: str = "vera", status: int = 200) -> str:
    answer = team.of(by).get(path)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def words_of(page: str) -> str:
    """The page as a reader sees it, without marks, on one line."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def part_of(page: str, start: str, end: str) -> str:
    return page[page.index(start) :].split(end)[0]


# ---------------------------------------------------------------- articles


@pytest.mark.parametrize("name", STORIES)
def test_an_article_shows_its_whole_text_and_nothing_of_it_as_markup(team: Team, name: str) -> None:
    page = read(team, f"/article/a-{name}")
    shown = part_of(page, '<div class="sentences"', '<div class="told">')
    bodies = re.findall(r'<p dir="[a-z]+">(.*?)</p>', shown, re.S)
    plain = [html.unescape(re.sub(r'<a class="no.*?</a>|</?mark[^>]*>', "", body, flags=re.S)) for body in bodies]
    assert "".join("".join(plain).split()) == "".join(STORIES[name][1].split())
    assert EVIL not in page and "<img" not in page


def test_each_sentence_has_an_anchor_its_incidents_and_its_event(team: Team) -> None:
    page = read(team, "/article/a-ferry")
    fourth = part_of(page, 'id="s4"', 'id="s5"')
    assert "a shell hit" in fourth and 'href="#i2"' in fourth and "/event/e-ferry2" in fourth
    assert "/event/" not in part_of(page, 'id="s7"', "</section>")
    assert 'id="i1"' in page and 'id="i2"' in page


def test_an_uncovered_sentence_of_violence_is_told_until_it_is_background(team: Team) -> None:
    assert "in no incident yet" in words_of(read(team, "/article/a-ferry"))
    decide(team, "carla", draft("a-ferry", "background", kind="article", article_id="a-ferry", after="[6]"))
    told = words_of(read(team, "/article/a-ferry"))
    assert "in no incident yet" not in told and "background" in told
    assert "marked sentences as background s6" in words_of(read(team, "/history?article=a-ferry"))


def test_right_to_left_text_has_its_direction(team: Team) -> None:
    page = read(team, "/article/a-arabic")
    assert '<h1 dir="rtl">' in page and 'lang="ar"' in page
    assert len(re.findall(r'<p dir="rtl">', page)) == 3


def test_an_address_that_is_no_web_address_is_text(team: Team) -> None:
    page = read(team, "/article/a-hostile")
    assert "javascript:alert(1)" in page and 'href="javascript' not in page


def test_check_again_finds_whole_bytes_and_a_text_that_decisions_rest_on(team: Team) -> None:
    assert "no decision rests on the text yet" in words_of(read(team, "/article/a-ferry?check=1")).lower()
    finish_first(team, "ferry")
    told = words_of(read(team, "/article/a-ferry?check=1"))
    assert "give the same SHA-256 as at their capture" in told and "as every decision that rests on it kept" in told


def test_changed_bytes_and_text_are_told() -> None:
    from dataclasses import replace

    from team_desk import NOW

    from conflictdesk.casework import Capture
    from conflictdesk.decisions import Decision
    from conflictdesk.desk.article_pages import check_hashes, hash_text
    from conflictdesk.records import Page

    page = Page(page_id="p", file="f", line=None, media_type="text/plain", body=b"new", external_id="x")
    capture = Capture(page=page, sha256=hash_text("old"), raw=b"new", fetched_at=NOW, origin="f", by="x")
    decision = Decision(
        decision_id="d",
        subject_kind="article",
        subject_id="a",
        action="finish",
        by="x",
        at=NOW,
        text_hash=hash_text("t"),
    )
    assert not check_hashes(capture, "t", [decision]).whole
    assert check_hashes(replace(capture, raw=b"old"), "t", [decision]).whole
    assert not check_hashes(replace(capture, raw=b"old"), "T", [decision]).whole


def test_each_track_shows_its_own_work(team: Team) -> None:
    finish_first(team, "ferry")
    finish_second(team)
    assert "Killed 12 ●" in words_of(read(team, "/article/a-ferry"))
    assert "17 (12 to 17)" in words_of(read(team, "/article/a-ferry?track=second"))
    assert team.of("vera").get("/article/a-ferry?track=third").status_code == 400


def test_a_coder_who_is_to_code_it_blind_sees_none_of_the_first_coders_work(team: Team) -> None:
    finish_first(team, "ferry")
    page = read(team, "/article/a-ferry", by="cem")
    assert "confirmed" not in page and "Coast Front" in page and "/event/" not in page
    assert "Kept from you" in read(team, "/event/e-ferry1", by="cem")
    assert "Kept from you" in read(team, "/history?article=a-ferry", by="cem")
    assert "confirmed" not in read(team, "/history", by="cem")
    assert "confirmed" in read(team, "/history", by="carla")


def test_an_unknown_article_is_not_there(team: Team) -> None:
    read(team, "/article/a-none", status=404)


# ---------------------------------------------------------------- events


def test_an_event_shows_both_reports_where_they_differ(team: Team) -> None:
    page = read(team, "/event/e-ferry1")
    told = words_of(page)
    assert "2 reports" in told and "low 9, best 9, high 12" in told and "Accused: Coast Front, by the army" in told
    differ = words_of(page[page.index("<main") :].replace("What each report says", "</main>", 1))
    assert "Killed" in differ and "12" in differ and "at least 9" in differ
    assert 'href="/article/a-ferry#s2"' in page and 'href="/article/a-gazette#s1"' in page


def post(team: Team, by: str, path: str, **told: str) -> int:
    client = team.of(by)
    token = {"csrf": team.csrf(client), "token": "page-1"}
    return client.post(path, data={**token, **told}, headers={"origin": "http://127.0.0.1"}).status_code


def test_a_pair_is_parted_and_joined_again_with_one_button(team: Team) -> None:
    form = {"left": "m-ferry1", "right": "m-gazette1"}
    assert post(team, "carla", "/event/e-ferry1/match", verdict="different", **form) == 303
    assert "1 report " in words_of(read(team, "/event/e-ferry1"))
    assert "says carla" in words_of(read(team, "/event/e-ferry1"))
    assert "Soldiers die in Millford" in words_of(read(team, "/event/e-gazette1"))
    assert post(team, "carla", "/event/e-ferry1/match", verdict="same", **form) == 303
    assert "2 reports" in words_of(read(team, "/event/e-ferry1"))
    joined = words_of(read(team, "/event/e-gazette1"))
    assert "joined into another" in joined and "e-ferry1" in joined


def test_an_unsure_pair_stands_under_possibly_the_same(team: Team) -> None:
    told = words_of(read(team, "/event/e-ferry2"))
    assert "may tell of the same event" in told and "انفجار في الميناء" in told


def test_a_form_sent_twice_is_recorded_once(team: Team) -> None:
    form = {"left": "m-ferry1", "right": "m-gazette1", "verdict": "unsure"}
    assert [post(team, "carla", "/event/e-ferry1/match", **form) for _ in range(2)] == [303, 303]
    with team.desk.store.reading() as reader:
        assert reader.head()[0] == 1


def test_an_event_is_changed_withdrawn_and_brought_back_by_a_reviewer_with_a_reason(team: Team) -> None:
    value = {"field": "deaths", "value": "10 11 12"}
    assert post(team, "carla", "/event/e-ferry1/change", reason="both heard", **value) == 403
    assert post(team, "rosa", "/event/e-ferry1/change", reason="", **value) == 400
    assert post(team, "rosa", "/event/e-ferry1/change", reason="both heard", field="deaths", value="a dozen") == 400
    assert post(team, "rosa", "/event/e-ferry1/change", reason="both heard", **value) == 303
    assert "low 10, best 11, high 12" in words_of(read(team, "/event/e-ferry1"))
    assert post(team, "rosa", "/event/e-ferry1/withdraw", reason="The report was recalled") == 303
    stone = words_of(read(team, "/event/e-ferry1", by="rosa", status=410))
    assert "was withdrawn" in stone and "The report was recalled" in stone and "Bring it back" in stone
    assert "Bring it back" not in read(team, "/event/e-ferry1", status=410)
    assert post(team, "rosa", "/event/e-ferry1/restore", reason="It stands after all") == 303
    read(team, "/event/e-ferry1")


def test_a_form_without_the_pages_token_is_refused(team: Team) -> None:
    answer = team.of("carla").post(
        "/event/e-ferry1/match", data={"left": "m-ferry1", "right": "m-gazette1", "verdict": "same", "token": "x"}
    )
    assert answer.status_code == 403


def test_a_new_report_that_differs_reopens_the_event_in_words(team: Team) -> None:
    decide(
        team,
        "carla",
        change("m-ferry1", "deaths", Estimate.exactly(12), "ferry", "Twelve soldiers were killed"),
    )
    told = words_of(read(team, "/event/e-ferry1"))
    assert "Reopened" in told and "differs from what was decided on: killed" in told


def test_a_name_of_the_dataset_leads_to_the_living_event(team: Team) -> None:
    answer = team.of("vera").get("/event/coded:e-ferry1")
    assert (answer.status_code, answer.headers["location"]) == (307, "/event/e-ferry1")
    assert team.of("vera").get("/event/e-none").status_code == 404


# ---------------------------------------------------------------- sources, actors, search


def test_a_source_shows_silent_days_and_what_could_not_be_read(team: Team) -> None:
    told = words_of(read(team, "/source/Harbour Gazette"))
    assert "2 days of 5 without an article" in told and "3 articles" in told and "انفجار في الميناء" in told
    assert "the page holds no article" in words_of(read(team, "/source/The Ferry"))
    assert "Harbour Gazette 3" in words_of(read(team, "/sources"))


def test_an_actor_stands_under_each_of_its_roles(team: Team) -> None:
    told = words_of(read(team, "/actor/Coast Front"))
    assert "Actor 1 1 event" in told and "Said to have done it 1 event" in told and "Rebel group" in told
    assert "Also called" in words_of(read(team, "/actor/Taliban"))


def test_search_marks_the_words_and_writes_no_markup_of_the_text(team: Team) -> None:
    page = read(team, "/search?q=killed mill")
    assert "<mark>killed</mark>" in page and "<mark>Millford</mark>" in page and EVIL not in page
    assert "Nothing holds" in read(team, "/search?q=zzz")
    assert "<mark>قتل</mark>" in read(team, "/search?q=قتل")
    assert "/event/" not in part_of(read(team, "/search?q=millford&kind=article"), "<ol", "</ol>")
    assert team.of("vera").get("/search?q=x&kind=spell").status_code == 400


# ---------------------------------------------------------------- history


def test_history_tells_before_and_after_who_and_why(team: Team) -> None:
    decide(
        team,
        "carla",
        change(
            "m-ferry1",
            "deaths",
            Estimate.exactly(14),
            "ferry",
            "Twelve soldiers were killed",
            reason="two died later",
        ),
    )
    told = words_of(read(team, "/history?article=a-ferry"))
    assert "before: 12 → after: 14" in told and "two died later" in told and "carla" in told and "no. 1" in told
    assert "before: 12" in words_of(read(team, "/history?event=e-ferry1"))
    assert "No decision" in words_of(read(team, "/history?by=rosa"))


def test_an_undone_decision_is_marked_so(team: Team) -> None:
    (made,) = decide(team, "carla", draft("m-ferry1", "not_stated", field="injured", article_id="a-ferry"))
    decide(team, "carla", draft("m-ferry1", "undo", reverts=made.decision_id, article_id="a-ferry"))
    assert "taken back later" in read(team, "/history?article=a-ferry")


def test_a_past_state_is_folded_up_to_then_and_says_so(team: Team) -> None:
    for dead in (14, 15):
        decide(
            team,
            "carla",
            change(
                "m-ferry1",
                "deaths",
                Estimate.exactly(dead),
                "ferry",
                "Twelve soldiers were killed",
            ),
        )
    for seq, then in ((0, "12"), (1, "14"), (2, "15")):
        told = words_of(read(team, f"/history?article=a-ferry&as_of={seq}"))
        assert "This is a past state" in told and f"Killed {then} " in told, (seq, told)
    event = words_of(read(team, "/history?event=e-ferry1&as_of=1"))
    assert "14" in event and "15" in event
    day = words_of(read(team, "/history?article=a-ferry&as_of=2024-03-09"))
    assert "after decision no. 0 of 2" in day and "Killed 12 " in day
    assert team.of("vera").get("/history?as_of=yesterday").status_code == 400


def test_history_pages_by_key_without_gap_or_repeat(team: Team) -> None:
    for n in range(60):
        decide(team, "carla", draft("m-ferry1", "flag", article_id="a-ferry", reason=f"question {n}"))
    for address in ("/history", "/history?by=carla", "/history?article=a-ferry"):
        first = read(team, address)
        older = html.unescape(re.search(r'href="([^"]+)" rel="next"', first)[1])  # type: ignore[index]
        second = read(team, older)
        found = re.findall(r'id="d(\d+)"', first) + re.findall(r'id="d(\d+)"', second)
        assert found == [str(n) for n in range(60, 0, -1)]
        assert 'rel="next"' not in second


def test_two_subjects_at_once_are_refused(team: Team) -> None:
    assert team.of("vera").get("/history?article=a-ferry&by=carla").status_code == 400
    assert team.of("vera").get("/history?article=a-none").status_code == 404
