"""Signing in and out: passwords, sessions and their ends, the waits after wrong passwords, the one-time address."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from team_desk import HOME, Team, make_desk, password_of, read_csrf, serve_team

from conflictdesk.casework import User
from conflictdesk.desk.office import ADDRESS_TRIES, NAME_TRIES, AppOptions
from conflictdesk.desk.passwords import check_password, hash_password, is_outdated
from conflictdesk.desk.people import set_password, shut_out
from conflictdesk.desk.sessions import Entry, hash_token
from conflictdesk.desk.sign_pages import FIRST_PAGE, choose_next
from conflictdesk.desk.team_app import create_desk_app
from conflictdesk.desk.throttling import Throttle
from conflictdesk.errors import ConfigError


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with serve_team(tmp_path / "desk") as served:
        yield served


def sign_in(client: TestClient, name: str, password: str | None = None, wanted: str = "") -> int:
    """Through the form, as a browser does; the status."""
    token = read_csrf(client.get("/login"))
    told = {"name": name, "password": password or password_of(name), "csrf": token, "next": wanted}
    return client.post("/login", data=told).status_code


def session_cookie(client: TestClient) -> str | None:
    return next((cookie.value for cookie in client.cookies.jar if cookie.name.endswith("-session")), None)


def test_a_name_and_its_password_open_the_desk(team: Team) -> None:
    client = team.client()
    token = read_csrf(client.get("/login"))
    told = {"name": "carla", "password": password_of("carla"), "csrf": token, "next": "/queue?view=all"}
    answer = client.post("/login", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue?view=all")
    page = client.get("/queue")
    assert page.status_code == 200
    assert "carla" in page.text and "coder" in page.text
    assert client.get("/login").headers["location"] == FIRST_PAGE


@pytest.mark.parametrize(
    ("name", "password"),
    [("carla", "wrong"), ("carla", password_of("cem")), ("nobody-here", "wrong"), ("", ""), ("carla", "x" * 1999)],
)
def test_anything_else_does_not_and_all_hear_the_same(team: Team, name: str, password: str) -> None:
    client = team.client()
    told = {"name": name, "password": password, "csrf": read_csrf(client.get("/login"))}
    answer = client.post("/login", data=told)
    assert answer.status_code == 401
    assert "do not go together" in answer.text
    assert session_cookie(client) is None
    assert client.get("/queue").status_code == 303


def test_a_user_who_was_shut_out_hears_the_same_as_a_stranger(team: Team) -> None:
    shut_out(team.desk, "cem", User(name="lena", role="lead"), team.clock.now)
    assert sign_in(team.client(), "cem") == 401


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    held = hash_password("long walks by the sea")
    assert check_password(held, "long walks by the sea")
    check_password(None, "warm")

    def spend(hashed: str | None) -> float:
        tries = []
        for _ in range(3):
            begun = time.process_time()
            assert not check_password(hashed, "wrong password")
            tries.append(time.process_time() - begun)
        return min(tries)

    known, unknown = spend(held), spend(None)
    assert unknown > known / 3
    assert known > 0.005, "a check that costs nothing can be tried without end"


def test_passwords_are_kept_as_argon2id_with_their_own_salt() -> None:
    first, second = hash_password("the same words"), hash_password("the same words")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not is_outdated(first)
    assert not check_password("not a hash at all", "x")
    assert not check_password(None, "the password of nobody")


@pytest.mark.parametrize("password", ["short", "x" * 300, "aaaaaaaaaaaa", "Very.Long-Name"])
def test_a_poor_password_is_refused(password: str) -> None:
    with pytest.raises(ConfigError):
        hash_password(password, "very.long-name")


def test_the_store_holds_no_token_and_no_password(team: Team) -> None:
    client = team.client()
    sign_in(client, "carla")
    token = session_cookie(client)
    assert token
    raw = b"".join(path.read_bytes() for path in team.desk.folder.glob("store.sqlite*"))
    assert token.encode() not in raw
    assert token.partition(".")[0].encode() not in raw
    assert hash_token(token).encode() in raw
    assert password_of("carla").encode() not in raw


def test_a_session_that_the_browser_brought_along_is_never_taken(team: Team) -> None:
    client = team.client()
    planted = "A" * 43 + f".{int(team.clock.now.timestamp()):x}"
    client.cookies.set(f"desk-{team.office.cookies.desk}-session", planted)
    assert sign_in(client, "carla") == 303
    assert planted not in [cookie.value for cookie in client.cookies.jar if cookie.domain.startswith("127")]
    stranger = team.client()
    stranger.cookies.set(f"desk-{team.office.cookies.desk}-session", planted)
    assert stranger.get("/queue").status_code == 303


def test_signing_in_again_ends_the_session_before(team: Team) -> None:
    client = team.enter("carla")
    old = session_cookie(client)
    assert client.get("/queue").status_code == 200
    assert old is not None
    client.cookies.set(f"desk-{team.office.cookies.desk}-form", "x")
    other = team.client()
    token = read_csrf(other.get("/login"))
    other.cookies.set(f"desk-{team.office.cookies.desk}-session", old)
    told = {"name": "rosa", "password": password_of("rosa"), "csrf": token}
    assert other.post("/login", data=told).status_code == 303
    assert client.get("/queue").status_code == 303


@pytest.mark.parametrize("place", [0, 5, -1, -6])
def test_a_changed_cookie_opens_nothing(team: Team, place: int) -> None:
    client = team.enter("lena")
    token = session_cookie(client)
    assert token is not None
    letter = "1" if token[place] != "1" else "2"
    changed = token[:place] + letter + (token[place + 1 :] if place != -1 else "")
    other = team.client()
    other.cookies.set(f"desk-{team.office.cookies.desk}-session", changed)
    assert other.get("/queue").status_code == 303


@given(st.text(max_size=120))
def test_no_cookie_at_all_breaks_the_reading_of_sessions(token: str) -> None:
    from conflictdesk.desk.sessions import read_issued

    assert read_issued(token) is None or "." in token


def test_a_session_ends_after_twelve_idle_hours_and_after_seven_days_whatever_happens(team: Team) -> None:
    client, begun = team.enter("carla"), team.clock.now
    team.clock.now = begun + dt.timedelta(hours=11)
    assert client.get("/queue").status_code == 200
    team.clock.now += dt.timedelta(hours=11)
    assert client.get("/queue").status_code == 200, "a request puts the end off"
    team.clock.now += dt.timedelta(hours=12, minutes=1)
    assert client.get("/queue").status_code == 303
    busy = team.enter("carla")
    start = team.clock.now
    while team.clock.now < start + dt.timedelta(days=7) - dt.timedelta(hours=6):
        assert busy.get("/queue").status_code == 200
        team.clock.now += dt.timedelta(hours=6)
    team.clock.now = start + dt.timedelta(days=7, seconds=1)
    assert busy.get("/queue").status_code == 303


def test_signing_out_ends_the_session_in_the_store_too(team: Team) -> None:
    client = team.enter("carla")
    token = session_cookie(client)
    answer = client.post("/logout", data={"csrf": team.csrf(client)})
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache"'
    again = team.client()
    again.cookies.set(f"desk-{team.office.cookies.desk}-session", token or "")
    assert again.get("/queue").status_code == 303


def test_who_is_shut_out_or_gets_a_new_password_is_signed_out_at_once(team: Team) -> None:
    client, other = team.enter("carla"), team.enter("cem")
    assert client.get("/queue").status_code == other.get("/queue").status_code == 200
    shut_out(team.desk, "carla", User(name="lena", role="lead"), team.clock.now)
    set_password(team.desk, "cem", "a wholly new sentence")
    assert client.get("/queue").status_code == other.get("/queue").status_code == 303
    assert sign_in(team.client(), "cem", "a wholly new sentence") == 303


def test_a_role_that_changed_counts_from_the_next_click(team: Team) -> None:
    client = team.enter("rosa")
    assert client.get("/paste").status_code == 200
    with team.desk.store.writing() as writer:
        writer.put_user(User(name="rosa", role="viewer"))
    assert client.get("/paste").status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_bound_to_https(team: Team) -> None:
    for home, secure in ((HOME, False), ("https://127.0.0.1", True)):
        client = TestClient(team.app, base_url=home, follow_redirects=False)
        page = client.get("/login")
        form = page.headers["set-cookie"].lower()
        assert "httponly" in form and "samesite=strict" in form and ("secure" in form) == secure
        told = {"name": "carla", "password": password_of("carla"), "csrf": read_csrf(page)}
        cookies = client.post("/login", data=told).headers.get_list("set-cookie")
        held = next(one for one in cookies if "-session=" in one)
        assert "HttpOnly" in held and "SameSite=lax" in held and "Path=/" in held and "Domain" not in held
        assert ("Secure" in held) == secure == held.startswith("__Host-")


# ---------------------------------------------------------------- wrong passwords


def test_wrong_passwords_cost_waits_that_grow_and_say_how_long(team: Team) -> None:
    client = team.client()
    for _ in range(NAME_TRIES):
        assert sign_in(client, "carla", "wrong password") == 401
    told = {"name": "carla", "password": password_of("carla"), "csrf": read_csrf(client.get("/login"))}
    answer = client.post("/login", data=told)
    assert answer.status_code == 429, "the right one has to wait too, or a guess could be told from a miss"
    assert 1 <= int(answer.headers["retry-after"]) <= 15
    assert "Wait 15 seconds" in answer.text
    team.clock.now += dt.timedelta(seconds=16)
    assert sign_in(client, "carla") == 303
    assert sign_in(team.client(), "cem") == 303, "others are not held up"


def test_one_address_that_tries_many_names_is_slowed_down(team: Team) -> None:
    assert ADDRESS_TRIES > NAME_TRIES
    team.office.addresses = Throttle(3)
    statuses = [sign_in(team.client(), f"name{n}", "wrong password") for n in range(4)]
    assert statuses == [401] * 3 + [429]


def test_upper_case_and_blanks_are_the_same_name_to_the_throttle(team: Team) -> None:
    names = ["carla", "CARLA", " Carla ", "cARLA", "carlA", "carla"]
    statuses = [sign_in(team.client(), name, "wrong password") for name in names]
    assert statuses == [401] * 5 + [429]


@given(st.lists(st.floats(min_value=0, max_value=5000), min_size=1, max_size=40))
def test_the_throttle_never_lets_more_through_than_its_waits_allow(steps: list[float]) -> None:
    throttle, now, free = Throttle(3), 0.0, []
    for step in steps:
        now += step
        if not throttle.begin("ann", now):
            free.append(now)
    for first in free:
        within = [one for one in free if first <= one < first + 15]
        assert len(within) <= 3


# ---------------------------------------------------------------- forms and redirects


def test_the_form_to_sign_in_needs_its_own_token(team: Team) -> None:
    told = {"name": "carla", "password": password_of("carla")}
    client = team.client()
    assert client.post("/login", data=told).status_code == 403
    token = read_csrf(team.client().get("/login"))
    client.get("/login")
    assert client.post("/login", data={**told, "csrf": token}).status_code == 403, "that of another browser"
    assert session_cookie(client) is None


@pytest.mark.parametrize(
    "wanted",
    [
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"),
        *("/login?next=//evil.example", "http:/evil.example", "/a\r\nset-cookie: x=1", "///evil.example", " /queue"),
        *("/%0d%0a", "/\t/evil.example", "evil.example", "/x" * 2000, "/logout"),
    ],
)
def test_signing_in_leads_nowhere_else(team: Team, wanted: str) -> None:
    client = team.client()
    told = {"name": "vera", "password": password_of("vera"), "csrf": read_csrf(client.get("/login")), "next": wanted}
    answer = client.post("/login", data=told)
    if answer.status_code == 422:  # far too long to be an address of ours
        return
    went = answer.headers["location"]
    assert went == FIRST_PAGE or (went.startswith("/%0d") and "\r" not in went)


@given(st.text(max_size=60))
def test_no_text_makes_a_redirect_to_elsewhere(text: str) -> None:
    for asked in (text, "/" + text, "//" + text):
        chosen = choose_next(asked)
        assert chosen.startswith("/") and not chosen.startswith(("//", "/\\")) and "\n" not in chosen


# ---------------------------------------------------------------- the one-time address


def test_the_printed_address_opens_the_desk_once(tmp_path: Path) -> None:
    entry = Entry()
    with make_desk(tmp_path / "desk") as desk:
        app = create_desk_app(desk, AppOptions(local_user="lena", entry=entry, refresh="never"))
        client = TestClient(app, base_url=HOME, follow_redirects=False)
        token = entry.renew()
        assert client.get("/queue").headers["location"] == "/enter"
        assert client.get("/enter").status_code == 401
        assert client.get("/enter?token=" + "x" * 43).status_code == 403
        answer = client.get(f"/enter?token={token}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
        assert token not in answer.headers["set-cookie"]
        assert "lena" in client.get("/queue").text
        other = TestClient(app, base_url=HOME, follow_redirects=False)
        used = other.get(f"/enter?token={token}")
        assert used.status_code == 403 and "press Enter" in used.text
        assert other.get("/queue").status_code == 303
        assert client.get(f"/enter?token={token}").headers["location"] == "/queue", "who is in stays in"
        new, newer = entry.renew(), entry.renew()
        assert other.get(f"/enter?token={new}").status_code == 403, "a newer address makes the one before it void"
        assert other.get(f"/enter?token={newer}").status_code == 303
        assert client.post("/login", data={"name": "lena", "password": password_of("lena")}).status_code in (403, 404)


def test_a_team_has_no_such_address(team: Team) -> None:
    assert team.client().get("/enter?token=x").headers["location"] == "/login"
