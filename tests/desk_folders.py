"""A desk of our own pages, coded, with some decisions in it: built once, copied for each test that changes it."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from desk_pages import GOMA, KANO, MOSUL

from conflictdesk.casework import User
from conflictdesk.decisions import Value, name_pair, write_value
from conflictdesk.pipeline import Tools
from conflictdesk.records import Estimate
from conflictdesk.workflow.adding import add_paths
from conflictdesk.workflow.desks import OpenDesk, init_desk, open_desk
from conflictdesk.workflow.recording import Draft, record_decisions
from conflictdesk.workflow.running import run_desk

ANA, BEN = User(name="ana", role="coder"), User(name="ben", role="lead")
START = dt.datetime(2024, 3, 10, 9, tzinfo=dt.UTC)
# The same incident in other words: the two belong to one event.
MOSUL_AGAIN = """Bomb kills three soldiers near Mosul

Published 4 March 2024

MOSUL - Three soldiers were killed by a roadside bomb near Mosul on Sunday, police said.
"""


def write_desk_pages(folder: Path) -> Path:
    """Pages to take in: a bomb told twice, a killing and a march, another march."""
    folder.mkdir(parents=True)
    (folder / "mosul.txt").write_text(MOSUL, "utf-8")
    (folder / "mosul-again.txt").write_text(MOSUL_AGAIN, "utf-8")
    (folder / "goma.html").write_text(GOMA, "utf-8")
    (folder / "kano.txt").write_text(KANO.replace("\n\n", "\n\nPublished 5 March 2024\n\n"), "utf-8")
    return folder


def build_desk(folder: Path, tools: Tools) -> Path:
    """A desk in `folder` whose pages are coded; nobody decided anything yet."""
    pages = write_desk_pages(folder.with_name(f"{folder.name}-pages"))
    init_desk(folder, name="Test desk")
    with open_desk(folder) as desk:
        add_paths(desk, [pages], "ana", START)
        run_desk(desk, tools, now=START)
    return folder


def copy_desk(folder: Path, goal: Path) -> Path:
    """The same desk in another place."""
    shutil.copytree(folder, goal)
    return goal


def find_mention(desk: OpenDesk, page: str, number: int = 0) -> tuple[str, str]:
    """(mention id, article id) of an incident of the page of that name, in the order of the text."""
    with desk.store.reading() as reader:
        article = next(a for a in reader.all_articles() if a.external_id == page)
        mentions = reader.mentions_of([article.article_id])
    return mentions[number].mention.mention_id, article.article_id


def change(desk: OpenDesk, page: str, field: str, value: Value, number: int = 0) -> Draft:
    """A decision that gives a field another value for a stated reason."""
    mention_id, article_id = find_mention(desk, page, number)
    told = write_value(field, value)
    return Draft(
        decision_id=f"d-{page}-{field}-{value}", subject_kind="mention", subject_id=mention_id, action="change",
        article_id=article_id, field=field, after=told, inferred="said by the mayor",
    )  # fmt: skip


def accept(desk: OpenDesk, page: str, field: str, number: int = 0) -> Draft:
    """A decision that confirms a suggestion, on the words that it rests on."""
    mention_id, article_id = find_mention(desk, page, number)
    return Draft(
        decision_id=f"d-{page}-{field}-{number}", subject_kind="mention", subject_id=mention_id, action="accept",
        article_id=article_id, field=field,
    )  # fmt: skip


def list_drafts(desk: OpenDesk) -> list[Draft]:
    """Decisions of every kind that moves events: confirmed, changed, dropped, parted, taken back, finished."""
    (first, article), (other, _) = find_mention(desk, "mosul"), find_mention(desk, "mosul-again")
    gone, home = find_mention(desk, "kano")
    pair = name_pair(first, other)
    return [
        accept(desk, "mosul", "deaths"),
        change(desk, "mosul", "deaths", Estimate.exactly(4)),
        Draft(decision_id="d-drop", subject_kind="mention", subject_id=gone, action="drop", article_id=home,
              reason="not violence"),
        Draft(decision_id="d-part", subject_kind="match", subject_id=pair, action="different"),
        Draft(decision_id="d-undo", subject_kind="match", subject_id=pair, action="undo", reverts="d-part"),
        accept(desk, "goma", "place"),
        Draft(decision_id="d-back", subject_kind="mention", subject_id=gone, action="restore", article_id=home),
        Draft(decision_id="d-skip", subject_kind="article", subject_id=article, action="skip", article_id=article,
              reason="other"),
    ]  # fmt: skip


def decide(desk: OpenDesk, drafts: Sequence[Draft], user: User = BEN) -> None:
    """Record decisions one after the other, an hour apart."""
    with desk.store.reading() as reader:
        seq, _ = reader.head()
    for number, draft in enumerate(drafts, start=seq + 1):
        record_decisions(desk, [draft], user, START + dt.timedelta(hours=number))


def spoil(folder: Path, *steps: str, values: Sequence[object] = ()) -> None:
    """Change the store behind its back: with any tool that writes SQLite, its guards taken away first."""
    with sqlite3.connect(folder / "store.sqlite") as store:
        for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.execute(f'DROP TRIGGER "{name}"')
        for step in steps:
            done = store.execute(step, values if "?" in step else ())
            assert done.rowcount != 0, f"nothing was changed by {step}"
    store.close()
