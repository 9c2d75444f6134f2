"""The dataset behind the explore pages of a desk: made again apart from the server, and swapped in when it is whole."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from conflictdesk.errors import DeskError, StoreError

if TYPE_CHECKING:
    from conflictdesk.datasets.opening import Dataset
    from conflictdesk.workflow.desks import OpenDesk

_EVERY: Final = 300.0
"""Seconds between two looks whether the journal moved."""
_SHARE: Final = 20
"""Making the dataset again may take one part in so many of the time; the button does not wait for it."""
_APART: Final = """\
import os, pathlib, sys
os.nice(10)
from conflictdesk.workflow.dataset_copy import refresh_dataset
from conflictdesk.workflow.desks import open_desk
with open_desk(pathlib.Path(sys.argv[1])) as desk:
    refresh_dataset(desk)
"""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new the shown dataset is: it holds all decisions up to `as_of` (None: there is none), of `head` in all."""

    as_of: int | None
    head: int
    working: bool
    fault: str | None

    @property
    def is_behind(self) -> bool:
        """True when people decided more since."""
        return self.as_of is None or self.head > self.as_of


class FreshDataset:
    """Holds the dataset that is shown, and a thread that brings it up to date; `swapped` hears of each new one."""

    def __init__(self, desk: OpenDesk, way: Literal["apart", "here", "never"]) -> None:
        self._desk, self._way = desk, way
        self._wake, self._stop = threading.Event(), threading.Event()
        self._state = threading.Lock()
        self._as_of: int | None = None
        self._working, self._asked, self._fault = False, False, ""
        self.swapped: Callable[[Dataset], None] = lambda _: None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look after the dataset: one is shown as soon as there is one."""
        if self._way == "never" or self._thread is not None:
            return
        self._thread = threading.Thread(target=self._look_after, name="dataset", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking after it; what is being made is finished by itself."""
        self._stop.set()
        self._wake.set()

    def ask(self) -> None:
        """Bring it up to date as soon as may be: the button of the pages."""
        with self._state:
            self._asked = self._working = True
        self._wake.set()

    def tell(self) -> Freshness:
        """How new the shown dataset is."""
        with self._desk.store.reading() as reader:
            head, _ = reader.head()
        with self._state:
            return Freshness(self._as_of, head, self._working, self._fault or None)

    def renew(self) -> None:
        """Make the dataset again now and show it.

        Raises:
            DeskError: it could not be made; the one before it stays.
        """
        self._show(self._make())

    def _show(self, folder: Path) -> None:
        from conflictdesk.datasets.opening import open_dataset
        from conflictdesk.workflow.dataset_copy import read_shown

        shown, dataset = read_shown(folder), open_dataset(folder)
        seq = shown.get("seq") if shown else None
        with self._state:
            self._as_of, self._fault = seq if isinstance(seq, int) else None, ""
        self.swapped(dataset)

    def _make(self) -> Path:
        if self._way == "here":
            from conflictdesk.workflow.dataset_copy import refresh_dataset

            return refresh_dataset(self._desk)
        # Coders must not wait while a hundred thousand events are written out: a process of its own, and a modest one.
        command = [sys.executable, "-P", "-c", _APART, str(self._desk.folder.resolve())]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode:
            told = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise StoreError(told[-1] if told else f"the process ended with {done.returncode}")
        return self._desk.folder / "dataset"

    def _look_after(self) -> None:
        with contextlib.suppress(DeskError, OSError):
            # Yesterday's dataset is better than none while today's is made.
            self._show(self._desk.folder / "dataset")
        while not self._stop.is_set():
            begun = time.monotonic()
            self._renew_if_behind()
            self._wake.wait(max(_EVERY, (time.monotonic() - begun) * _SHARE))
            self._wake.clear()

    def _renew_if_behind(self) -> None:
        try:
            behind = self._is_behind()
            with self._state:
                due = self._asked or behind
                self._asked, self._working = False, due
            if due:
                self.renew()
        except (DeskError, OSError) as error:
            with self._state:
                self._fault = str(error)
        finally:
            with self._state:
                self._working = self._asked

    def _is_behind(self) -> bool:
        """True when people decided or the coder coded since the dataset was made, and there is anything to show."""
        from conflictdesk.workflow.dataset_copy import read_shown

        shown = read_shown(self._desk.folder / "dataset") or {}
        with self._desk.store.reading() as reader:
            now = {**reader.count_rows(), "seq": reader.head()[0]}
        return now["codings"] > 0 and any(shown.get(name) != now[name] for name in ("seq", "codings", "matches"))
