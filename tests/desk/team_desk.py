"""A working desk for the tests of its web app: a fresh store, people with passwords, clients that are signed in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.testclient import TestClient

from conflictdesk.casework import User
from conflictdesk.decisions import Role
from conflictdesk.desk.office import AppOptions, Office
from conflictdesk.desk.passwords import hash_password
from conflictdesk.desk.security import LOOPBACK
from conflictdesk.desk.team_app import create_desk_app
from conflictdesk.workflow.desks import OpenDesk, init_desk, open_desk

if TYPE_CHECKING:
    from httpx2 import Response

    from conflictdesk.casework import Case

HOME = "http://127.0.0.1"
NOW = dt.datetime(2024, 3, 10, 9, 0, tzinfo=dt.UTC)
PEOPLE: dict[str, Role] = {"vera": "viewer", "carla": "coder", "cem": "coder", "rosa": "reviewer", "lena": "lead"}


def password_of(name: str) -> str:
    """The password of one of PEOPLE."""
    return f"{name} likes long walks"


@cache
def hash_of(name: str) -> str:
    """Its hash, made once: it is slow by intent."""
    return hash_password(password_of(name))


@dataclass
class Clock:
    """A clock that tests set."""

    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Team:
    """A desk that is served to a team, in this process."""

    desk: OpenDesk
    app: FastAPI
    clock: Clock
    clients: dict[str, TestClient] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        office: Office = self.app.state.office
        return office

    def client(self) -> TestClient:
        """A browser of its own that is not signed in."""
        return TestClient(self.app, base_url=HOME, follow_redirects=False)

    def enter(self, name: str) -> TestClient:
        """A new browser, signed in without the form: its session is begun on the server, with its form token kept."""
        client = self.client()
        token = self.office.sessions.begin(name, self.clock.now)
        client.cookies.set(f"desk-{self.office.cookies.desk}-session", token)
        return client

    def of(self, name: str) -> TestClient:
        """One browser of that person, signed in once for the whole test."""
        if name not in self.clients:
            self.clients[name] = self.enter(name)
        return self.clients[name]

    def csrf(self, client: TestClient) -> str:
        """The token of the forms of a client."""
        return read_csrf(client.get("/queue"))

    def post(self, name: str, path: str, told: object) -> Response:
        """Send JSON as that person, with the token."""
        client = self.of(name)
        return client.post(path, json=told, headers={"x-csrf-token": self.csrf(client)})


def read_csrf(page: Response) -> str:
    """The form token that a page holds."""
    found = re.search(r'name="csrf(?:-token)?" (?:content|value)="([0-9a-f]{64})"', page.text)
    assert found, page.text[:500]
    return found[1]


def make_desk(folder: Path) -> OpenDesk:
    """A new desk with the people of PEOPLE."""
    init_desk(folder, name="Harbour desk")
    desk = open_desk(folder)
    with desk.store.writing() as writer:
        for name, role in PEOPLE.items():
            writer.put_user(User(name=name, role=role), hash_of(name))
    return desk


def fill(desk: OpenDesk, articles: int = 6) -> list[str]:
    """Articles as the machine would code them, with their rows in the queue: their ids, best first."""
    from benchmarks.made_desk import fill_desk
    from conflictdesk.casework import CaseFilter
    from conflictdesk.workflow.rebuilding import rebuild

    fill_desk(desk, articles)
    rebuild(desk)
    with desk.store.reading() as reader:
        cases, _ = reader.list_cases(CaseFilter(limit=articles))
    return [case.article_id for case in cases]


def make_case(number: int, **values: object) -> Case:
    """An invented row of the queue."""
    from conflictdesk.casework import Case

    held: dict[str, object] = {
        "article_id": f"a-{number:04}",
        "title": f"Clash near Mill {number}",
        "source": f"Gazette {number % 3}",
        "language": ("en", "fr", "ar")[number % 3],
        "published_on": dt.date(2024, 1, 1) + dt.timedelta(days=number % 60),
        "status": "new",
        "incidents": number % 7,
        "max_deaths": None if number % 5 == 0 else number % 40,
        "priority": (number * 7919 % 1000) / 10,
        "reasons": ("many deaths",),
        "added_on": dt.date(2024, 3, 9),
    }
    return Case(**{**held, **values})  # type: ignore[arg-type]


@contextmanager
def serve_team(folder: Path, *, team: bool = True) -> Iterator[Team]:
    """A desk and its app, closed at the end."""
    clock = Clock()
    with make_desk(folder) as desk:
        options = AppOptions(team=team, hosts=LOOPBACK | {"testserver"}, clock=clock, refresh="never")
        yield Team(desk, create_desk_app(desk, options), clock)
