"""Twenty coders at once: every decision stored once, none lost, no 5xx, and how long an answer takes.

Each coder decides on articles of his own; every fifth decision is sent twice, as a browser does that lost the answer.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks.desk_hands import (
    ACCEPTED,
    decide_together,
    find_port,
    give_ids,
    list_acceptances,
    seat_coders,
    serve_desk,
)
from benchmarks.made_desk import PER_ARTICLE
from conflictdesk.workflow.desks import open_desk

CODERS: Final = 20
DECISIONS: Final = 200
_TWICE: Final = 5
TAKEN: Final = 260
"""So many articles a run of twenty coders takes, at most."""


def measure_load(folder: Path, *, decisions: int = DECISIONS, skip: int = 0, pause: float = 0.0) -> dict[str, float]:
    """Serve the desk in `folder`, let twenty coders work, and count what its store holds afterwards.

    They leave out the oldest `skip` articles, and wait `pause` seconds between two decisions (a person needs more).
    """
    desk = open_desk(folder)
    seats = seat_coders(desk, CODERS)
    each = -(-decisions // (PER_ARTICLE * len(ACCEPTED)))
    articles = list_acceptances(desk.store, CODERS * each, skip=skip)
    work = []
    for n, seat in enumerate(seats):
        own = [decision for article in articles[n * each : (n + 1) * each] for decision in article][:decisions]
        named = give_ids(own, f"load-{skip}-{seat.name}")
        work.append((seat, [d for i, d in enumerate(named) for _ in range(1 + (i % _TWICE == 0))]))
    with desk.store.reading() as reader:
        before, _ = reader.head()
    port = find_port()
    with serve_desk(folder, port):
        began = time.perf_counter()
        outcomes = decide_together(port, work, pause)
        clock = time.perf_counter() - began
    statuses = sum((o.statuses for o in outcomes), Counter())
    seconds = sorted(s for o in outcomes for s in o.seconds)
    with desk.store.reading() as reader:
        stored = Counter(d.decision_id for d in reader.decisions(after_seq=before))
        fault = reader.verify_chain()
    desk.store.close()
    acknowledged = {d for o in outcomes for d in o.acknowledged}
    return {
        "sent": float(sum(len(each) for _, each in work)),
        "wanted": float(len({str(d["decision_id"]) for _, each in work for d in each})),
        "stored": float(sum(stored.values())),
        "stored twice": float(sum(n > 1 for n in stored.values())),
        "acknowledged and lost": float(len(acknowledged - stored.keys())),
        "5xx": float(sum(n for status, n in statuses.items() if status >= 500)),
        "not 200": float(sum(n for status, n in statuses.items() if status != 200)),
        "broken": float(sum(o.broken for o in outcomes)),
        "chain broken": float(fault is not None),
        "median ms": 1000 * statistics.median(seconds),
        "p95 ms": 1000 * seconds[int(len(seconds) * 0.95)],
        "worst ms": 1000 * seconds[-1],
        "answers a second": len(seconds) / clock,
    }
