"""Small desks for the tests: invented articles, four of them of one incident, coded by the real coder."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from conflictdesk.casework import User
from conflictdesk.pipeline import Tools
from conflictdesk.store.tables import PROJECTIONS
from conflictdesk.workflow.adding import add_text
from conflictdesk.workflow.desks import OpenDesk, init_desk, open_desk
from conflictdesk.workflow.recording import Draft, Recorded, record_decisions
from conflictdesk.workflow.running import run_desk

NOW = dt.datetime(2024, 6, 1, 9, tzinfo=dt.UTC)
LEAD = User(name="lead", role="lead")
ANNA = User(name="anna", role="coder")
BEN = User(name="ben", role="reviewer")
TEXTS = (
    (
        "Market attacked in Maiduguri",
        "Gunmen killed six people at a market in Maiduguri on Monday, police said.\n\n"
        "On Tuesday a roadside bomb killed two soldiers near Bama, the army said.",
        dt.date(2024, 3, 6),
    ),
    (
        "Six dead at Maiduguri market",
        "Six people were killed on Monday when gunmen attacked a market in Maiduguri, a hospital said.",
        dt.date(2024, 3, 5),
    ),
    (
        "Market attack: toll rises",
        "Gunmen killed nine people at a market in Maiduguri on Monday, a doctor said on Wednesday.\n\n"
        "In Kano, police shot dead a protester on Tuesday.",
        dt.date(2024, 3, 6),
    ),
    (
        "Airstrike on Hajjah",
        "An airstrike killed four people in the Yemeni city of Hajjah on 4 March 2024, residents said.",
        dt.date(2024, 3, 5),
    ),
)
LATER = (
    (
        "Maiduguri mourns",
        "Gunmen killed eight people at a market in Maiduguri on 4 March 2024, the governor said.",
        dt.date(2024, 3, 8),
    ),
    (
        "Bomb near Bama",
        "A roadside bomb killed three soldiers near Bama on 5 March 2024, a spokesman said.",
        dt.date(2024, 3, 9),
    ),
)


def make_desk(folder: Path, tools: Tools) -> Path:
    """A desk with the invented articles, read and coded."""
    init_desk(folder, name="Tried")
    with open_desk(folder) as desk:
        for title, text, day in TEXTS:
            add_text(desk, title, text, None, day, "lead", NOW)
        run_desk(desk, tools, now=NOW)
    return folder


@contextmanager
def copy_desk(made: Path, to: Path) -> Iterator[OpenDesk]:
    """The same desk again, to be changed freely."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(made, to)
    with open_desk(to) as desk:
        yield desk


@dataclass
class Hand:
    """Sends decisions with ids of its own."""

    desk: OpenDesk
    sent: list[Recorded] = field(default_factory=list)

    def send(self, user: User, action: str, kind: str, subject_id: str, **more: object) -> Recorded:
        """Record one decision."""
        draft = Draft(
            decision_id=f"d-{len(self.sent):04d}-{user.name}",
            subject_kind=kind,  # type: ignore[arg-type]
            subject_id=subject_id,
            action=action,  # type: ignore[arg-type]
            **more,  # type: ignore[arg-type]
        )
        (recorded,) = record_decisions(self.desk, [draft], user, NOW)
        self.sent.append(recorded)
        return recorded


def dump_projections(desk: OpenDesk) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every projection, byte by byte."""
    with sqlite3.connect(desk.folder / "store.sqlite") as connection:
        return {t.name: sorted(connection.execute(f"SELECT * FROM {t.name}").fetchall(), key=repr) for t in PROJECTIONS}
