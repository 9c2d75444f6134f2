"""`conflictdesk serve` and `conflictdesk user`, as a person runs them: real processes, real sockets."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from desk_pages import SOURCE, Desk

from conflictdesk.commands.serve import _is_loopback, _list_hosts, _name_home
from conflictdesk.errors import ConfigError
from conflictdesk.workflow.desks import init_desk

VENDOR = SOURCE / "conflictdesk" / "desk" / "static" / "vendor"
built = pytest.mark.skipif(not VENDOR.is_dir(), reason="the browser's libraries are not here: make static")
SENTENCE = "a long walk by the sea"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    init_desk(tmp_path / "desk", name="Harbour desk")
    return tmp_path / "desk"


@contextmanager
def running(*arguments: str | Path) -> Iterator[tuple[str, list[str]]]:
    """The server until the block ends: the address that it printed, and all that it says afterwards."""
    command = [sys.executable, "-m", "conflictdesk", "serve", *map(str, arguments), "--port", "0", "--no-browser"]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env)
    said: list[str] = []
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert first.startswith("http"), first + process.stderr.read()
        yield first.split()[0], said
    finally:
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said += process.stderr.read().splitlines()
        process.wait(timeout=30)
        process.stderr.close()


def ask(home: str, method: str, path: str, body: str | None = None, **headers: str) -> http.client.HTTPResponse:
    wire = http.client.HTTPConnection(urlsplit(home).netloc, timeout=30)
    kind = {"content-type": "application/x-www-form-urlencoded"} if body is not None else {}
    wire.request(method, path, body=body, headers={**kind, **headers})
    answer = wire.getresponse()
    answer.told = answer.read().decode()  # type: ignore[attr-defined]
    wire.close()
    return answer


def cookies_of(answer: http.client.HTTPResponse) -> str:
    return "; ".join(value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie")


@built
def test_alone_on_this_machine_the_printed_address_opens_the_desk_once(folder: Path) -> None:
    with running(folder) as (address, said):
        path = address.removeprefix(address[: address.index("/enter")])
        assert ask(address, "GET", "/queue").status == 303
        entered = ask(address, "GET", path)
        assert (entered.status, entered.getheader("location")) == (303, "/queue")
        assert entered.getheader("server") is None
        page = ask(address, "GET", "/queue", cookie=cookies_of(entered))
        assert page.status == 200 and "lead" in page.told  # type: ignore[attr-defined]
        assert ask(address, "GET", path).status == 403
        assert ask(address, "GET", "/queue", host="evil.example").status == 421
        token, cookie = path.partition("token=")[2], cookies_of(entered).partition("=")[2]
    assert "stop with Ctrl-C" in said[0]
    assert len(said) == 2, said
    assert not [line for line in said if token in line or cookie in line or "/queue" in line], "requests are not logged"


@built
def test_a_team_signs_in_with_passwords_and_is_refused_until_there_is_a_lead(folder: Path, desk: Desk) -> None:
    alone = desk("serve", folder, "--team", "--no-browser", "--port", "0")
    assert alone.returncode == 2
    assert b"user add NAME --role lead" in alone.stderr
    added = desk("user", "add", "lena", "--role", "lead", "--desk", folder, stdin=SENTENCE.encode() + b"\n")
    assert (added.returncode, added.stdout) == (0, b"lena may now sign in as lead\n")
    with running(folder, "--team", "--allow-host", "desk.example.org") as (address, _):
        assert "token" not in address
        form = ask(address, "GET", "/login", host="desk.example.org")
        found = re.search(r'name="csrf" value="(\w+)"', form.told)  # type: ignore[attr-defined]
        assert found
        body = urlencode({"name": "lena", "password": SENTENCE, "csrf": found[1]})
        behind = {"x-forwarded-proto": "https", "host": "desk.example.org", "origin": "https://desk.example.org"}
        plain = ask(address, "POST", "/login", body, cookie=cookies_of(form))
        assert plain.status == 303 and "Secure" not in str(plain.getheader("set-cookie"))
        form = ask(address, "GET", "/login", **behind)
        found = re.search(r'name="csrf" value="(\w+)"', form.told)  # type: ignore[attr-defined]
        assert found
        body = urlencode({"name": "lena", "password": SENTENCE, "csrf": found[1]})
        signed = ask(address, "POST", "/login", body, cookie=cookies_of(form), **behind)
        assert signed.status == 303
        assert "Secure" in str(signed.getheader("set-cookie")), "behind a proxy with TLS the cookie is bound to it"
        assert ask(address, "GET", "/queue", cookie=cookies_of(signed), **behind).status == 200


@pytest.mark.slow
def test_people_are_added_listed_changed_and_shut_out(folder: Path, desk: Desk) -> None:
    def user(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> tuple[int, str]:
        done = desk("user", *arguments, "--desk", folder, stdin=stdin, env=env)
        return done.returncode, (done.stdout + done.stderr).decode()

    secret = {"DESK_PASSWORD": SENTENCE}
    assert user("add", "omar", "--role", "coder", "--password-env", "DESK_PASSWORD", env=secret)[0] == 0
    assert user("add", "omar", "--role", "coder", stdin=SENTENCE.encode())[0] == 2
    assert user("add", "vera", "--role", "viewer", stdin=b"short\n")[0] == 2
    assert user("add", "vera", "--role", "viewer")[0] == 2
    assert user("add", "vera", "--role", "viewer", "--password-env", "NOT_SET_ANYWHERE")[0] == 2
    assert user("role", "omar", "--role", "reviewer")[1] == "omar is reviewer\n"
    assert user("list")[1] == "omar\treviewer\tpassword set\n"
    assert user("password", "omar", stdin=b"another long sentence\n")[0] == 0
    assert user("disable", "omar")[0] == 0
    assert user("list")[1] == "omar\treviewer\tdisabled\n"
    assert user("enable", "omar")[1] == "omar may work here again as reviewer\n"
    assert "no user 'nobody'" in user("disable", "nobody")[1]
    assert SENTENCE.encode() not in b"".join(path.read_bytes() for path in folder.glob("store.sqlite*"))
    assert desk("user", "list", "--desk", folder / "none").returncode == 2


@pytest.mark.parametrize(
    ("host", "local"),
    [
        *(("127.0.0.1", True), ("127.3.2.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)),
        *(("::", False), ("192.168.1.7", False), ("desk.example.org", False), ("localhost.evil.example", False)),
    ],
)
def test_only_loopback_needs_no_passwords(host: str, local: bool) -> None:
    assert _is_loopback(host) is local


def test_the_names_of_the_desk_are_those_it_was_given() -> None:
    hosts = _list_hosts("0.0.0.0", "https://desk.example.org/", ["Other.example "])
    assert hosts == {"localhost", "127.0.0.1", "[::1]", "desk.example.org", "other.example"}
    assert "[fe80::1]" in _list_hosts("fe80::1", None, [])
    assert (_name_home("::", 80), _name_home("0.0.0.0", 80)) == ("http://[::1]:80", "http://127.0.0.1:80")
    for wrong in ("https://desk.example.org", "", "a b", "desk:8080"):
        with pytest.raises(ConfigError):
            _list_hosts("127.0.0.1", None, [wrong])


@built
def test_what_cannot_be_served_is_told(folder: Path, desk: Desk, tmp_path: Path) -> None:
    for arguments, told in (
        ((tmp_path / "nothing",), b"conflictdesk init"),
        ((folder, "--port", "70000"), b"is no port"),
        ((folder, "--host", "256.1.1.1"), b"--host 256.1.1.1"),
    ):
        done = desk("serve", *arguments, "--no-browser")
        assert done.returncode == 2 and told in done.stderr, done.stderr
