"""The queue: every view an address, every article on one page of it, locks that are shown, skips with a reason."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from team_desk import Team, fill, make_case, serve_team

from conflictdesk.casework import Lock
from conflictdesk.desk.queue_view import ORDERS, PAGE, VIEWS, QueueAsked, read_asked

STATES = ("new", "open", "second", "disputed", "adjudicated", "skipped", "coded", "nothing")
NUMBER = 130


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with serve_team(tmp_path_factory.mktemp("queue") / "desk") as served:
        cases = [
            make_case(
                n,
                status=STATES[n % 8],
                coded_by=("carla",) if n % 8 in (1, 2, 3, 4, 6) else (),
                flagged=n % 13 == 0,
                duplicates=n % 3,
                published_on=None if n % 17 == 0 else dt.date(2024, 1, 1 + n % 28),
                added_on=dt.date(2024, 2, 1) if n % 5 == 0 else dt.date(2024, 3, 9),
            )
            for n in range(NUMBER)
        ]
        with served.desk.store.writing() as writer:
            writer.put_cases(cases)
        yield served


def list_rows(page: str) -> list[str]:
    return re.findall(r'data-article="([^"]+)"', page)


def next_of(page: str) -> str | None:
    found = re.search(r'<a href="([^"]+)" rel="next"', page)
    return html.unescape(found[1]) if found else None


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("view", ["all", "todo", "done"])
def test_paging_shows_every_article_once(team: Team, order: str, view: str) -> None:
    client, at = team.of("vera"), f"/queue?view={view}&order={order}"
    found: list[str] = []
    count = int(re.search(r"<small>(\d+) article", client.get(at).text)[1])  # type: ignore[index]
    while at:
        page = client.get(at).text
        assert len(list_rows(page)) <= PAGE
        found += list_rows(page)
        at = next_of(page) or ""
    assert len(found) == len(set(found)) == count > 20


def test_the_saved_views_count_what_they_show(team: Team) -> None:
    for name in ("cem", "carla"):
        page = team.of(name).get("/queue").text
        for view, title, _ in VIEWS:
            shown = re.search(rf'<span>{title}</span> <span class="count">([\d,]+)</span>', page)
            total = re.search(r"<small>([\d,]+) article", team.of(name).get(f"/queue?view={view}").text)
            assert shown and total and shown[1] == total[1], view
    counts = {v: re.search(rf"<span>{t}</span> <span class=\"count\">(\d+)", page) for v, t, _ in VIEWS}
    assert counts["all"] and counts["all"][1] == str(NUMBER)
    assert counts["mine"] and int(counts["mine"][1]) == sum(n % 8 in (1, 2, 3, 4, 6) for n in range(NUMBER))
    assert counts["second"] and counts["second"][1] == "0", "who coded first is no second coder"


def test_filters_narrow_and_can_be_taken_back(team: Team) -> None:
    page = team.of("vera").get("/queue?view=all&source=Gazette+1&language=fr&deaths=30").text
    assert 0 < len(list_rows(page)) < 20
    assert all(int(found) >= 30 for found in re.findall(r"most deaths suggested <strong>(\d+)", page))
    assert set(re.findall(r'class="outlet"><bdi>([^<]+)', page)) == {"Gazette 1"}
    assert 'href="/queue?view=all&amp;language=fr&amp;deaths=30"' in page


def test_a_second_coder_sees_nothing_of_the_first_ones_work(team: Team) -> None:
    page = team.of("cem").get("/queue?view=second").text
    assert list_rows(page)
    assert "most deaths suggested" not in page and "incidents</span>" not in page and "carla" not in page
    assert "on the same" not in page and "many deaths" not in page and "question to the lead" not in page
    assert set(re.findall(r'href="/work/[^"?]+(\?[^"]*)?"', page)) == {"?track=second"}
    viewer = team.of("vera").get("/queue?view=second").text
    assert "/work/" not in viewer and "/article/" in viewer and "take over" not in viewer


def test_who_has_an_article_open_is_shown_and_can_be_relieved(team: Team) -> None:
    until = team.clock.now + dt.timedelta(minutes=12)
    with team.desk.store.writing() as writer:
        writer.take_lock(Lock(article_id="a-0000", by="rosa", until=until))
    shown = team.of("cem").get("/queue?view=all&order=oldest").text + team.of("cem").get("/queue?view=new").text
    assert "<bdi>rosa</bdi> has it open, 12 minutes left" in shown
    assert "<bdi>rosa</bdi> has it open" not in team.of("rosa").get("/queue?view=new").text
    team.clock.now += dt.timedelta(minutes=13)
    assert "has it open" not in team.of("cem").get("/queue?view=new").text
    team.clock.now -= dt.timedelta(minutes=13)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("q=zzzz", "No article fits"),
        ("view=flagged&source=none", "No article fits"),
        ("view=mine", "You have not worked on an article yet"),
    ],
)
def test_an_empty_view_says_what_to_do(team: Team, query: str, told: str) -> None:
    page = team.of("rosa").get(f"/queue?{query}").text
    assert told in page
    assert 'href="/queue' in page


def test_a_new_desk_says_how_to_begin(tmp_path: Path) -> None:
    with serve_team(tmp_path / "desk") as team:
        page = team.of("carla").get("/queue").text
        assert "holds no article yet" in page and "conflictdesk add" in page
        for path in ("/", "/count", "/compare", "/check?sentence=x", "/events", "/about", "/claims"):
            answer = team.of("vera").get(path)
            assert answer.status_code == 200 and "no event to show yet" in answer.text, path
        assert team.of("vera").get("/api/count").status_code == 503


def test_skipping_is_a_decision_with_its_reason(tmp_path: Path) -> None:
    with serve_team(tmp_path / "desk") as team:
        first, *_ = fill(team.desk, 4)
        client = team.of("carla")
        assert "Why?" in client.get(f"/queue/skip/{first}").text
        told = {"article_id": first, "reason": "other", "more": "  in verse ", "next": "/queue?view=new"}
        answer = client.post("/queue/skip", data={**told, "csrf": team.csrf(client)})
        assert (answer.status_code, answer.headers["location"]) == (303, "/queue?view=new&told=skipped")
        with team.desk.store.reading() as reader:
            last = reader.decisions(article_id=first)[-1]
            case = reader.case(first)
        assert (last.action, last.reason, last.by) == ("skip", "other: in verse", "carla")
        assert case is not None and case.status == "skipped"
        assert first in list_rows(client.get("/queue?view=skipped").text)
        assert "Skipped." in client.get(answer.headers["location"]).text
        odd = client.post("/queue/skip", data={**told, "reason": "because", "csrf": team.csrf(client)})
        assert odd.status_code == 400


def test_taking_over_opens_the_article_and_moves_the_lock(tmp_path: Path) -> None:
    with serve_team(tmp_path / "desk") as team:
        first, *_ = fill(team.desk, 3)
        assert team.post("carla", f"/desk/api/lock/{first}", {}).json()["mine"] is True
        held = team.post("cem", f"/desk/api/lock/{first}", {}).json()
        assert (held["by"], held["mine"]) == ("carla", False)
        client = team.of("cem")
        answer = client.post("/queue/take", data={"article_id": first, "csrf": team.csrf(client)})
        assert answer.headers["location"] == f"/work/{first}"
        assert team.post("carla", f"/desk/api/lock/{first}", {}).json()["by"] == "cem"
        assert team.post("carla", f"/desk/api/lock/{first}", {"take_over": True}).json()["mine"] is True
        assert team.post("cem", f"/desk/api/unlock/{first}", {}).status_code == 200
        with team.desk.store.reading() as reader:
            assert reader.locks([first], team.clock.now)[first].by == "carla", "nobody lets go of another's"
        assert team.post("carla", "/desk/api/lock/none", {}).status_code == 409


@given(
    st.builds(
        QueueAsked,
        view=st.sampled_from([name for name, _, _ in VIEWS]),
        source=st.none() | st.text(min_size=1, max_size=20),
        language=st.none() | st.sampled_from(["en", "ar"]),
        min_deaths=st.none() | st.integers(min_value=0, max_value=9999),
        order=st.sampled_from(list(ORDERS)),
        after=st.none() | st.tuples(st.sampled_from(["1.5", "2024-01-01"]), st.text("ab-1", min_size=1, max_size=9)),
    )
)
def test_an_address_says_its_whole_view(asked: QueueAsked) -> None:
    from urllib.parse import parse_qsl, urlsplit

    link = asked.link(after=asked.after)
    assert read_asked(dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))) == asked
