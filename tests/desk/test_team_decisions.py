"""The API of decisions over a real store: recorded once, refused with words, blind for the second coder."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from team_desk import Team, fill, serve_team

from conflictdesk.desk.decision_api import MOST_AT_ONCE


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with serve_team(tmp_path / "desk") as served:
        fill(served.desk, 5)
        yield served


def first_mention(team: Team) -> tuple[str, str]:
    with team.desk.store.reading() as reader:
        mention = next(iter(reader.all_mentions())).mention
    return mention.article_id, mention.mention_id


def accept(team: Team, decision_id: str = "dec-0001", /, **changed: object) -> dict[str, object]:
    article_id, mention_id = first_mention(team)
    told: dict[str, object] = {"decision_id": decision_id, "subject_kind": "mention", "subject_id": mention_id}
    told |= {"action": "accept", "article_id": article_id, "field": "event_type", "shown_ms": 900}
    return {**told, **changed}


def send(team: Team, *decisions: object, name: str = "carla") -> tuple[int, dict[str, object]]:
    answer = team.post(name, "/desk/api/decisions", {"decisions": list(decisions)})
    told: dict[str, object] = answer.json()
    return answer.status_code, told


def test_a_decision_is_recorded_once_however_often_it_is_sent(team: Team) -> None:
    first, again = send(team, accept(team)), send(team, accept(team))
    assert first == (200, {"recorded": [{"decision_id": "dec-0001", "seq": 1, "known": False}]})
    assert again == (200, {"recorded": [{"decision_id": "dec-0001", "seq": 1, "known": True}]})
    with team.desk.store.reading() as reader:
        assert [(d.by, d.action, d.field) for d in reader.decisions()] == [("carla", "accept", "event_type")]
        assert reader.verify_chain() is None


def test_the_same_id_with_other_content_is_refused(team: Team) -> None:
    send(team, accept(team))
    status, told = send(team, accept(team, field="date"))
    assert status == 409 and "other content" in str(told["told"])
    assert send(team, accept(team), name="cem")[0] == 409, "nor may another claim it"


def test_all_or_none(team: Team) -> None:
    status, _ = send(team, accept(team), accept(team, "dec-0002", field="no such field"))
    assert status == 409
    with team.desk.store.reading() as reader:
        assert reader.head() == (0, "")


def test_whoever_asks_decides_and_nobody_else_at_the_desks_own_time(team: Team) -> None:
    assert send(team, accept(team, by="lena"))[0] == 422
    assert send(team, accept(team, at="2020-01-01"))[0] == 422
    send(team, accept(team), name="rosa")
    with team.desk.store.reading() as reader:
        only = reader.decisions()[0]
    assert (only.by, only.at) == ("rosa", team.clock.now)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"decision_id": "short"}, 422),
        ({"decision_id": "x" * 101}, 422),
        ({"decision_id": 7}, 422),
        ({"subject_kind": "planet"}, 422),
        ({"action": "delete"}, 422),
        ({"subject_id": None}, 422),
        ({"subject_id": "a\0b"}, 422),
        ({"spans": [[5, 2]]}, 422),
        ({"spans": [[-1, 2]]}, 422),
        ({"spans": [[0, 2**40]]}, 422),
        ({"spans": [[0, True]]}, 422),
        ({"spans": "0-3"}, 422),
        ({"shown_ms": -1}, 422),
        ({"shown_ms": 1.5}, 422),
        ({"after": "x" * 30_000}, 422),
        ({"reason": ["x"]}, 422),
        ({"track": "third"}, 422),
        ({"extra": 1}, 422),
        ({"action": "change", "after": "no json"}, 409),
        ({"action": "change", "after": '"Armed clash"', "spans": [[0, 999_999]]}, 409),
        ({"subject_id": "m-none", "article_id": None}, 409),
        ({"action": "settle", "subject_kind": "article", "track": "final"}, 403),
        ({"action": "accept", "track": "final"}, 403),
        ({"action": "grant", "subject_kind": "user", "subject_id": "carla", "after": '"lead"'}, 403),
        ({"action": "withdraw", "subject_kind": "event"}, 403),
    ],
)
def test_what_cannot_stand_is_refused_in_words(team: Team, changed: dict[str, object], status: int) -> None:
    found, told = send(team, accept(team, **changed))
    assert (found, isinstance(told.get("told"), str)) == (status, True), told
    with team.desk.store.reading() as reader:
        assert reader.head()[0] == 0


def test_a_viewer_decides_nothing(team: Team) -> None:
    assert send(team, accept(team), name="vera")[0] == 403


def test_too_many_at_once_are_refused(team: Team) -> None:
    many = [accept(team, f"dec-{n:05}") for n in range(MOST_AT_ONCE + 1)]
    assert send(team, *many)[0] == 422


def test_many_hands_at_once_lose_nothing(team: Team) -> None:
    article_id, _ = first_mention(team)
    client = team.of("carla")
    token = team.csrf(client)

    def flag(number: int) -> int:
        told = {"decision_id": f"flag-{number:05}", "subject_kind": "article", "subject_id": article_id}
        told |= {"action": "flag", "article_id": article_id, "reason": f"question {number}"}
        headers = {"x-csrf-token": token}
        return client.post("/desk/api/decisions", json={"decisions": [told]}, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(flag, range(40))) == {200}
    with team.desk.store.reading() as reader:
        assert len(reader.decisions()) == 40
        assert reader.verify_chain() is None


def test_a_second_coder_cannot_reach_into_the_first_ones_work(team: Team) -> None:
    article_id, mention_id = first_mention(team)
    send(team, accept(team))
    draw = {"decision_id": "draw-0001", "subject_kind": "article", "subject_id": article_id, "action": "draw"}
    finish = {**draw, "decision_id": "fin-00001", "action": "finish", "article_id": article_id}
    with team.desk.store.reading() as reader:
        mentions = [m.mention.mention_id for m in reader.mentions_of([article_id])]
    drops = [
        accept(team, f"drop-{n:04}", subject_id=one, action="drop", field=None, reason="historic")
        for n, one in enumerate(mentions)
    ]
    assert send(team, *drops)[0] == 200
    assert send(team, {**draw, "article_id": article_id, "after": '"chance"'}, name="lena")[0] == 200
    assert send(team, finish)[0] == 200
    with team.desk.store.reading() as reader:
        case = reader.case(article_id)
    assert case is not None and case.status == "second"
    status, told = send(team, accept(team, "main-0001", subject_id=mention_id), name="cem")
    assert status == 403 and "second" in str(told["told"])
    assert send(team, {**finish, "decision_id": "fin-00002", "track": "second"})[0] == 403, "carla coded it first"
    answer = team.of("cem").get(f"/article/{article_id}")
    assert answer.status_code == 200 and "historic" not in answer.text
    own = team.of("cem").get(f"/desk/api/case/{article_id}?track=second")
    assert own.status_code == 200 and mention_id not in own.text
    assert "historic" in team.of("carla").get(f"/article/{article_id}").text
