"""Power cuts: the server killed with kill -9 at random moments under load, and a disk that is full.

What the desk acknowledged is written down outside of its process, line by line, before the next decision is sent. After
each cut the store is opened again: everything acknowledged must be there, the chain whole, the file sound.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.desk_hands import Seat, decide, find_port, give_ids, kill, list_acceptances, seat_coders, serve_desk
from conflictdesk.workflow.desks import OpenDesk, open_desk

CUTS: Final = 200
CODERS: Final = 8
_LONGEST: Final = 1.2  # seconds under load before the cut


def measure_cuts(folder: Path, *, cuts: int = CUTS, coders: int = CODERS, seed: int = 1) -> dict[str, float]:
    """Cut the power so many times; how much was acknowledged, and what of it was lost."""
    desk = open_desk(folder)
    seats = seat_coders(desk, coders)
    articles = list_acceptances(desk.store, coders * 20)
    work = [[d for article in articles[n::coders] for d in article] for n in range(coders)]
    chance = random.Random(seed)
    told: set[str] = set()
    broken_stores = 0
    for cut in range(cuts):
        told |= _cut_once(folder, list(zip(seats, work, strict=True)), cut, chance.uniform(0.0, _LONGEST))
        broken_stores += _find_fault(desk) is not None
    lost = told - _list_stored(desk)
    with desk.store.reading() as reader:
        stored, _ = reader.head()
        fault = reader.verify_chain()
    desk.store.close()
    return {
        "cuts": float(cuts),
        "acknowledged": float(len(told)),
        "stored": float(stored),
        "acknowledged and lost": float(len(lost)),
        "stores broken": float(broken_stores),
        "chain broken": float(fault is not None),
    }


def _cut_once(folder: Path, work: list[tuple[Seat, list[dict[str, object]]]], cut: int, after: float) -> set[str]:
    """Serve, let all work, kill at the given second after the first answers; the ids that were acknowledged."""
    port = find_port()
    with tempfile.TemporaryDirectory() as notes, serve_desk(folder, port) as server:
        threads = [
            threading.Thread(target=_sit, args=(port, seat, give_ids(own, f"cut{cut}-{seat.name}"), Path(notes)))
            for seat, own in work
        ]
        for thread in threads:
            thread.start()
        timer = threading.Timer(after, kill, (server,))
        timer.start()
        for thread in threads:
            thread.join()
        timer.join()
        return {line for note in Path(notes).iterdir() for line in note.read_text().split()}


def _sit(port: int, seat: Seat, decisions: list[dict[str, object]], notes: Path) -> None:
    with (notes / seat.name).open("w") as acknowledged:
        decide(port, seat, decisions, acknowledged)


def _list_stored(desk: OpenDesk) -> set[str]:
    with desk.store.reading() as reader:
        return {d.decision_id for d in reader.decisions()}


def _find_fault(desk: OpenDesk) -> str | None:
    """What is wrong with the store right after a cut: its file, or the newest part of its chain."""
    if desk.store.dialect == "sqlite":
        import sqlite3

        with contextlib.closing(sqlite3.connect(desk.store.url.partition(":///")[2])) as connection:
            said = connection.execute("PRAGMA quick_check").fetchone()[0]
            if said != "ok":
                return str(said)
    with desk.store.reading() as reader:
        return reader.verify_chain()


@contextlib.contextmanager
def mount_small_disk(mib: int) -> Iterator[Path | None]:
    """A disk of so many MiB that fills for real; None where this machine lets nobody mount one."""
    folder = Path(tempfile.mkdtemp())
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder)], capture_output=True)
    try:
        yield folder if made.returncode == 0 else None
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def measure_full_disk(folder: Path, mib: int = 40) -> dict[str, float] | None:
    """Work until the disk is full, then make room and work on; None where no small disk can be mounted."""
    with mount_small_disk(mib) as disk:
        if disk is None:
            return None
        shutil.copytree(folder, disk / "desk")
        ballast = disk / "ballast"
        desk = open_desk(disk / "desk")
        seats = seat_coders(desk, 1)
        decisions = [d for article in list_acceptances(desk.store, 200) for d in article]
        port = find_port()
        with serve_desk(disk / "desk", port):
            before = decide(port, seats[0], give_ids(decisions[:20], "disk-before"))
            _fill(ballast)
            full = decide(port, seats[0], give_ids(decisions[20:1200], "disk-full"))
            ballast.unlink()
            after = decide(port, seats[0], give_ids(decisions[1200:1220], "disk-after"))
        acknowledged = {*before.acknowledged, *full.acknowledged, *after.acknowledged}
        figures = {
            "before: acknowledged": float(len(before.acknowledged)),
            "full: acknowledged": float(len(full.acknowledged)),
            "full: refused": float(sum(n for status, n in full.statuses.items() if status != 200)),
            "full: refused in words (507)": float(full.statuses[507]),
            "after: acknowledged": float(len(after.acknowledged)),
            "acknowledged and lost": float(len(acknowledged - _list_stored(desk))),
            "store broken": float(_find_fault(desk) is not None),
        }
        desk.store.close()
        return figures


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(16_384))
