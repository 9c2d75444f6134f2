"""How long each page of a big desk takes at the server: real requests to the served desk, as its lead asks them."""

from __future__ import annotations

import contextlib
import http.client
import statistics
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

from benchmarks.desk_hands import HOST, Seat, find_port, seat_coders, serve_desk
from conflictdesk.casework import CaseFilter, User
from conflictdesk.workflow.dataset_copy import refresh_dataset
from conflictdesk.workflow.desks import open_desk

ASKED: Final = 7


def measure_pages(folder: Path) -> dict[str, dict[str, float]]:
    """Milliseconds of each page: the first time it is asked, the median of several, and the slowest of these."""
    desk = open_desk(folder)
    seat = seat_coders(desk, 1)[0]
    with desk.store.writing() as writer:
        writer.put_user(User(name=seat.name, role="lead"))
    paths = _list_paths(desk.folder)
    refresh_dataset(desk)
    desk.store.close()
    figures = {}
    port = find_port()
    with serve_desk(folder, port):
        _ask(port, seat, "/queue")  # the templates are read once
        for name, asked in paths.items():
            times = [_ask(port, seat, asked[n % len(asked)]) for n in range(ASKED)]
            figures[name] = {"first ms": times[0], "median ms": statistics.median(times), "worst ms": max(times)}
    return figures


def _list_paths(folder: Path) -> dict[str, list[str]]:
    """Several addresses of each kind of page, so that nothing is answered from what was asked before."""
    desk = open_desk(folder)
    with desk.store.reading() as reader:
        cases, _ = reader.list_cases(CaseFilter(limit=ASKED))
        ids = [case.article_id for case in cases]
        mentions = [held.mention.mention_id for held in reader.mentions_of(ids)]
        events = sorted(set(reader.event_of(mentions).values()))[:ASKED]
        sources = [quote(name) for name, _, _ in reader.sources()[:ASKED]]
    desk.store.close()
    bands = [f"Band%20{n}" for n in range(ASKED)]
    return {
        "queue": ["/queue"],
        "queue: new, by deaths": ["/queue?view=new&order=deaths"],
        "queue: words in titles": [f"/queue?q=report+{n}77" for n in range(ASKED)],
        "workbench": [f"/work/{name}" for name in ids],
        "workbench: its JSON": [f"/desk/api/case/{name}" for name in ids],
        "article": [f"/article/{name}" for name in ids],
        "event": [f"/event/{name}" for name in events],
        "source": [f"/source/{name}" for name in sources],
        "sources": ["/sources"],
        "actor": [f"/actor/{name}" for name in bands],
        "history": ["/history"],
        "search: a rare word": [f"/search?q=report+{n}771" for n in range(ASKED)],
        "search: a common word": ["/search?q=fighters"],
        "adjudicate": ["/adjudicate"],
        "agreement": ["/agreement"],
        "users": ["/users"],
        "explore": ["/", *(f"/?country=Land+{n}" for n in range(1, ASKED))],
        "count by month": [f"/count?by=month&country=Land+{n}" for n in range(ASKED)],
        "compare": [f"/compare?actor=Band+{n}&split=2022-06-01&window=6months" for n in range(ASKED)],
    }


def _ask(port: int, seat: Seat, path: str) -> float:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    with contextlib.closing(connection):
        began = time.perf_counter()
        connection.request("GET", path, headers=seat.headers)
        answer = connection.getresponse()
        answer.read()
        taken = 1000 * (time.perf_counter() - began)
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered with {answer.status}")
    return taken
