"""One `run` at a time: a lock of the operating system on a file in the desk's folder, which ends with its holder.

The file itself says nothing and stays where it is: after a crash, a power cut or `kill -9` nothing has to be cleared.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from conflictdesk.errors import ConfigError

LOCK: Final = ".run.lock"
_PAUSE: Final = 0.2  # seconds


@contextlib.contextmanager
def hold_run(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Keep other runs of this desk out for as long as it lasts; `wait` until another one is done.

    Raises:
        ConfigError: another run is at work and nobody would wait, or the folder cannot be written.
    """
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror or error}") from None
    try:
        while not _take(handle):
            if wait:
                time.sleep(_PAUSE)
                continue
            raise ConfigError(f"another `conflictdesk run` works on {folder} already: wait until it is done")
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        return _take_byte(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take_byte(handle: int) -> bool:
    import importlib

    try:
        windows = importlib.import_module("msvcrt")
        windows.locking(handle, windows.LK_NBLCK, 1)
    except OSError:
        return False
    return True
