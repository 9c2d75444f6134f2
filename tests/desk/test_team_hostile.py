"""What a stranger, a foreign page or a broken client may send: every refusal says why, and nothing gets through."""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from desk_server import serve
from starlette.testclient import TestClient
from team_desk import HOME, Team, fill, make_case, make_desk, password_of, serve_team

from conflictdesk.desk.faults import DISK_FULL, status_of
from conflictdesk.desk.office import AppOptions
from conflictdesk.desk.sessions import Entry
from conflictdesk.desk.team_app import MOST_BYTES, UPLOADS, create_desk_app
from conflictdesk.errors import ConfigError, StoreError

SKIP = {"article_id": "x1", "reason": "other"}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with serve_team(tmp_path_factory.mktemp("hostile") / "desk") as served:
        yield served


# ---------------------------------------------------------------- requests from elsewhere


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({}, True),
        ({"origin": HOME}, True),
        ({"origin": HOME, "sec-fetch-site": "same-origin"}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "null"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"origin": "http://127.0.0.1.evil.example"}, False),
        ({"origin": "http://evil.example/127.0.0.1"}, False),
        ({"origin": "file://"}, False),
        ({"origin": "http://[bad"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": HOME}, False),
    ],
)
def test_a_change_is_taken_from_our_own_pages_alone(team: Team, headers: dict[str, str], good: bool) -> None:
    client = team.of("carla")
    answer = client.post("/queue/skip", data={**SKIP, "csrf": team.csrf(client)}, headers=headers)
    assert answer.status_code == (409 if good else 403), answer.text


def test_signing_in_is_guarded_the_same_way(team: Team) -> None:
    answer = team.client().post("/login", data={"name": "carla"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("token", [None, "", "x" * 64, "é" * 5])
def test_without_the_token_of_the_session_nothing_is_changed(team: Team, token: str | None) -> None:
    client, other = team.of("carla"), team.csrf(team.of("cem"))
    told = {**SKIP, **({"csrf": token} if token is not None else {})}
    assert client.post("/queue/skip", data=told).status_code == 403
    assert client.post("/queue/skip", data={**SKIP, "csrf": other}).status_code == 403, "that of somebody else"
    files = {"file": ("a.txt", b"words", "text/plain")}
    assert client.post("/paste/file", data={"csrf": token or ""}, files=files).status_code == 403
    body = json.dumps({"decisions": []})
    for kind in ("application/json", "text/plain", ""):
        headers = {"content-type": kind, **({"x-csrf-token": token} if token and token.isascii() else {})}
        assert client.post("/desk/api/decisions", content=body, headers=headers).status_code == 403


def test_a_token_in_the_address_is_no_token(team: Team) -> None:
    client = team.of("carla")
    token = team.csrf(client)
    assert client.post(f"/queue/skip?csrf={token}", data=SKIP).status_code == 403
    assert client.get(f"/queue/skip?csrf={token}&article_id=x1").status_code in (404, 405)


def test_a_cookie_alone_from_the_query_or_a_header_signs_nobody_in(team: Team) -> None:
    client = team.client()
    assert client.get("/queue", headers={"authorization": "Bearer lena", "x-user": "lena"}).status_code == 303
    assert client.get("/queue?user=lena&session=x").status_code == 303


# ---------------------------------------------------------------- names and paths


@pytest.mark.parametrize(
    "headers",
    [
        [("host", "evil.example")],
        [("host", "127.0.0.1.evil.example")],
        [("host", "127.0.0.1@evil.example")],
        [("host", "")],
        [("host", "localhost"), ("host", "evil.example")],
        [],
    ],
)
def test_the_desk_answers_under_its_own_names_alone(team: Team, headers: list[tuple[str, str]]) -> None:
    with serve(team.app) as home:
        wire = http.client.HTTPConnection(urlsplit(home).netloc)
        wire.putrequest("GET", "/login", skip_host=True)
        for name, value in headers:
            wire.putheader(name, value)
        wire.endheaders()
        answer = wire.getresponse()
        assert answer.status in (400, 421)
        assert b"csrf" not in answer.read()
        wire.close()


def test_a_forwarded_host_changes_no_address(team: Team) -> None:
    headers = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-original-url": "/users"}
    answer = team.client().get("/queue", headers=headers)
    assert answer.headers["location"] == "/login?next=%2Fqueue"
    assert "evil" not in team.of("lena").get("/queue/", headers=headers).headers.get("location", "")
    assert team.of("vera").get("/queue", headers={**headers, "x-http-method-override": "POST"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/static/../team_app.py", "/static/..%2fteam_app.py", "/static/%2e%2e/templates/base.html.jinja"),
        *("/static//etc/passwd", "/static/....//team_app.py", "/static/..%5cteam_app.py", "/static/%00"),
        *("/static/../queue", "/static", "/static/"),
    ],
)
def test_only_files_of_static_are_served(team: Team, path: str) -> None:
    with serve(team.app) as home:
        wire = http.client.HTTPConnection(urlsplit(home).netloc)
        wire.request("GET", path)
        answer = wire.getresponse()
        body = answer.read()
        assert answer.status in (303, 307, 400, 404), path
        assert b"create_desk_app" not in body and b"root:" not in body and b"queue-rows" not in body
        wire.close()


def test_our_own_files_need_no_session_and_hold_no_secret(team: Team) -> None:
    answer = team.client().get("/static/team.css")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]


# ---------------------------------------------------------------- bodies


def test_a_large_body_is_refused_before_it_is_read(team: Team) -> None:
    client = team.of("carla")
    headers = {"x-csrf-token": team.csrf(client), "content-type": "application/json"}
    answer = client.post("/desk/api/decisions", content=b" " * (MOST_BYTES + 1), headers=headers)
    assert answer.status_code == 413
    assert "at most 1 million bytes" in answer.json()["told"]
    assert client.post("/desk/api/decisions", content=b" " * 1000, headers=headers).status_code == 422
    upload = {"file": ("big.txt", b"x" * (UPLOADS["/paste"] + 1), "text/plain")}
    assert client.post("/paste/file", data={"csrf": headers["x-csrf-token"]}, files=upload).status_code == 413
    lying = {**headers, "content-length": "-5"}
    assert client.post("/desk/api/decisions", content=b"{}", headers=lying).status_code == 413


def test_a_large_body_in_pieces_is_refused_while_it_comes(team: Team) -> None:
    client = team.of("carla")
    cookie = "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
    token = team.csrf(client)
    with serve(team.app) as home:
        wire = http.client.HTTPConnection(urlsplit(home).netloc, timeout=20)
        head = {"cookie": cookie, "x-csrf-token": token, "content-type": "application/json"}
        pieces = (b" " * 100_000 for _ in range(30))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may hang up before all was sent
            wire.request("POST", "/desk/api/decisions", body=pieces, headers=head, encode_chunked=True)
        answer = wire.getresponse()
        assert answer.status == 413
        wire.close()


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[]", "null", "7", '"x"', "{}", '{"decisions": 7}', '{"decisions": []}', '{"decisions": [7]}'),
        *("[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000, '{"decisions": NaN}'),
        '{"decisions": [' + "1" * 5000 + "]}",
        '{"decisions": [' + ",".join(["{}"] * 201) + "]}",
        '{"decisions": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}',
        '{"decisions": [{"decision_id": "\\ud800\\ud800\\ud800"}]}',
    ],
)
def test_no_json_breaks_the_api(team: Team, body: str) -> None:
    client = team.of("carla")
    headers = {"x-csrf-token": team.csrf(client), "content-type": "application/json"}
    answer = client.post("/desk/api/decisions", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["told"]


def test_letters_that_are_not_utf8_are_refused(team: Team) -> None:
    client = team.of("carla")
    headers = {"x-csrf-token": team.csrf(client), "content-type": "application/json"}
    assert client.post("/desk/api/decisions", content=b'{"decisions": "\xff"}', headers=headers).status_code == 422
    headers["content-type"] = "text/plain"
    assert client.post("/desk/api/decisions", content=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize(
    "query",
    [
        *("view=nothing", "order=drop", "deaths=-1", "deaths=²", "q=%00", "q=%22%27%3B--", "key=x&after=y"),
        *("key=1e999&after=a", "key=nan&after=a&order=deaths", "after=a", "key=2020&after=a&order=newest", "told=x"),
        *("source=%ff", "language=%F0%9F%92%A9", "q=" + "a" * 3000, "q=*&view=all", "q=NEAR(&view=all"),
    ],
)
def test_no_address_breaks_the_queue(team: Team, query: str) -> None:
    assert team.of("vera").get(f"/queue?{query}").status_code == 200


# ---------------------------------------------------------------- what is shown and what is logged


def test_hostile_words_are_text_everywhere(tmp_path: Path) -> None:
    with serve_team(tmp_path / "desk") as team:
        evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
        with team.desk.store.writing() as writer:
            writer.put_cases([make_case(1, title=evil, source=evil, language=evil[:20], reasons=(evil,))])
        page = team.of("carla").get("/queue?" + "q=&source=" + evil.replace("<", "%3C").replace(">", "%3E")).text
        page += team.of("carla").get("/queue").text + team.of("carla").get("/queue/skip/a-0001?next=//evil").text
        page += team.client().get("/login?next=/" + evil.replace("<", "%3C")).text
        assert "<script>alert" not in page and "<img" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert 'value="//evil"' not in page


def test_neither_token_nor_cookie_nor_password_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    entry = Entry()
    with make_desk(tmp_path / "desk") as desk, caplog.at_level(logging.DEBUG):
        app = create_desk_app(desk, AppOptions(local_user="lena", entry=entry, refresh="never"))
        token = entry.renew()
        client = TestClient(app, base_url=HOME, follow_redirects=False)
        client.get(f"/enter?token={token}")
        client.get("/nothing")
        cookie = next(one.value for one in client.cookies.jar)
        ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore", "asyncio"))]
        logged = " ".join(record.getMessage() for record in ours)
        assert cookie and cookie not in logged
        assert token not in logged
        assert password_of("lena") not in logged


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    """The real complaint of a database that may not grow, through the store's own words."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import OperationalError

    from conflictdesk.store.faults import explain

    small = sqlite3.connect(tmp_path / "small.db")
    small.execute("CREATE TABLE t (x)")
    small.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError) as full:
        small.executemany("INSERT INTO t VALUES (?)", [("x" * 4000,)] * 50)
    small.close()
    told = explain(OperationalError("INSERT", {}, full.value), make_url(f"sqlite:///{tmp_path}/small.db"))
    assert status_of(told) == 507
    assert "nothing was saved" in DISK_FULL
    assert status_of(StoreError("the store is damaged")) == 503
    assert status_of(ConfigError("a word")) == 400


def test_a_page_of_the_desk_is_kept_by_no_cache_and_asks_for_nothing_outside(team: Team) -> None:
    fill(team.desk, 3)
    for path in ("/queue", "/paste", "/account", "/login", "/nothing"):
        answer = team.of("carla").get(path)
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "https://" not in answer.text and "style=" not in answer.text and "<script>" not in answer.text
