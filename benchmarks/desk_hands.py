"""Hands at a desk: the desk served in a process of its own, and coders who decide as fast as it answers."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from conflictdesk.casework import CaseFilter, User
from conflictdesk.desk.passwords import hash_password
from conflictdesk.desk.sessions import Sessions, make_csrf, name_cookies
from conflictdesk.store.opening import Store
from conflictdesk.workflow.desks import OpenDesk

HOST: Final = "127.0.0.1"
ACCEPTED: Final = ("event_type", "date", "place", "actor1", "actor2", "deaths")


@dataclass(frozen=True, slots=True)
class Seat:
    """A coder who is signed in: the cookie and the token that every request carries."""

    name: str
    cookie: str
    csrf: str

    @property
    def headers(self) -> dict[str, str]:
        """What each request of this coder says of itself."""
        return {"cookie": self.cookie, "x-csrf-token": self.csrf, "content-type": "application/json"}


@dataclass(slots=True)
class Outcome:
    """What one coder saw: the answers by status, the seconds of each, the decisions that were acknowledged."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    broken: int = 0


def seat_coders(desk: OpenDesk, number: int) -> list[Seat]:
    """Make coders and sign them in, as signing in would."""
    now = dt.datetime.now(dt.UTC)
    names = [f"coder{n}" for n in range(number)]
    with desk.store.writing() as writer:
        writer.put_user(User(name="lead", role="lead"), password_hash=hash_password(secrets.token_urlsafe()))
        for name in names:
            writer.put_user(User(name=name, role="coder"))
    cookie = f"desk-{name_cookies(str(desk.folder.resolve()), always_secure=False).desk}-session"
    sessions = Sessions(desk.store, dt.timedelta(hours=12))
    tokens = [(name, sessions.begin(name, now)) for name in names]
    return [Seat(name, f"{cookie}={token}", make_csrf(token)) for name, token in tokens]


def list_acceptances(store: Store, articles: int, *, skip: int = 0) -> list[list[dict[str, object]]]:
    """For each of so many articles of the queue, the acceptance of every field of its incidents."""
    made: list[list[dict[str, object]]] = []
    with store.reading() as reader:
        cases, _ = reader.list_cases(CaseFilter(limit=articles + skip, order="oldest"))
        for case in cases[skip:]:
            coding = reader.coding(case.article_id)
            made.append(
                [
                    {
                        "subject_kind": "mention",
                        "subject_id": mention.mention_id,
                        "article_id": case.article_id,
                        "action": "accept",
                        "field": name,
                        "shown_ms": 900,
                    }
                    for mention in (coding.mentions if coding else ())
                    for name in ACCEPTED
                ]
            )
    return made


def find_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serve_desk(folder: Path, port: int, log: TextIO | int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[bytes]]:
    """`conflictdesk serve` for a team, in a process group of its own, until it answers; killed at the end if it lives.

    Raises:
        RuntimeError: it did not answer within a minute.
    """
    command = [
        sys.executable,
        "-m",
        "conflictdesk",
        "serve",
        str(folder),
        "--team",
        "--port",
        str(port),
        "--no-browser",
    ]
    process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(port, process)
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the server and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            break
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/login")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the desk was not served: exit code {process.poll()}")


def decide(
    port: int,
    seat: Seat,
    decisions: Sequence[dict[str, object]],
    acknowledged: TextIO | None = None,
    pause: float = 0.0,
) -> Outcome:
    """Send decisions one after the other, `pause` seconds apart; what is acknowledged is written down at once."""
    seen = Outcome()
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    with contextlib.closing(connection):
        for decision in decisions:
            began = time.perf_counter()
            try:
                connection.request("POST", "/desk/api/decisions", json.dumps({"decisions": [decision]}), seat.headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                seen.broken += 1
                return seen
            seen.seconds.append(time.perf_counter() - began)
            seen.statuses[answer.status] += 1
            if answer.status == 200:
                seen.acknowledged.append(str(decision["decision_id"]))
                if acknowledged is not None:
                    acknowledged.write(f"{decision['decision_id']}\n")
                    acknowledged.flush()
            time.sleep(pause)
    return seen


def decide_together(
    port: int, work: Sequence[tuple[Seat, Sequence[dict[str, object]]]], pause: float = 0.0
) -> list[Outcome]:
    """All coders at once, each in a thread; their outcomes in the order of `work`."""
    outcomes: list[Outcome | None] = [None] * len(work)

    def sit(number: int) -> None:
        outcomes[number] = decide(port, *work[number], pause=pause)

    threads = [threading.Thread(target=sit, args=(n,)) for n in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcome for outcome in outcomes if outcome is not None]


def give_ids(decisions: Sequence[dict[str, object]], name: str) -> list[dict[str, object]]:
    """The decisions with ids of their own, numbered under `name`."""
    return [{**decision, "decision_id": f"{name}-{n}"} for n, decision in enumerate(decisions)]
