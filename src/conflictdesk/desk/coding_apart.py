"""The coder at work for those who paste: in a process of its own, one at a time, so that the server stays light."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_RUN: Final = """\
import datetime, os, pathlib, sys
os.nice(5)
from conflictdesk.pipeline import open_tools
from conflictdesk.workflow.desks import open_desk
from conflictdesk.workflow.run_lock import hold_run
from conflictdesk.workflow.running import run_desk
with open_desk(pathlib.Path(sys.argv[1])) as desk, hold_run(desk.folder, wait=True):
    run_desk(desk, open_tools(desk.settings.coder), now=datetime.datetime.now(datetime.UTC), by=sys.argv[2])
"""


@dataclass(frozen=True, slots=True)
class CodingState:
    """Whether the coder is at work, and why its last run broke off (None: it did not)."""

    working: bool
    fault: str | None


class CodingApart:
    """Codes what is new, on demand; asked while at work, it goes through once more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._lock = threading.Lock()
        self._working, self._again, self._fault = False, False, ""

    def start(self, by: str) -> None:
        """Code what is new as soon as may be."""
        with self._lock:
            self._again = True
            if self._working:
                return
            self._working = True
        threading.Thread(target=self._work, args=(by,), name="coding", daemon=True).start()

    def tell(self) -> CodingState:
        """What it does now."""
        with self._lock:
            return CodingState(self._working, self._fault or None)

    def _work(self, by: str) -> None:
        while self._take_order():
            fault = run_apart(self._folder, by)
            with self._lock:
                self._fault = fault

    def _take_order(self) -> bool:
        with self._lock:
            wanted, self._again = self._again, False
            self._working = wanted
            return wanted


def run_apart(folder: Path, by: str) -> str:
    """Run the coder over a desk in another process: "" when it went well, else its last word."""
    command = [sys.executable, "-P", "-c", _RUN, str(folder), by]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError as error:
        return str(error.strerror or error)
    if not done.returncode:
        return ""
    told = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return told[-1][:300] if told else f"the coder ended with {done.returncode}"
