"""Two runs never work on one desk at once, and a run that was killed leaves no lock behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conflictdesk.errors import ConfigError
from conflictdesk.workflow.run_lock import hold_run

_HOLDER = """
import sys, time
from pathlib import Path
from conflictdesk.workflow.run_lock import hold_run
with hold_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def _start(folder: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    return holder


def test_a_second_run_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    holder = _start(tmp_path)
    try:
        with pytest.raises(ConfigError, match="another `conflictdesk run` works on"), hold_run(tmp_path):
            raise AssertionError("the second one got in")
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
    with hold_run(tmp_path):
        pass


def test_the_lock_is_free_again_after_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), hold_run(tmp_path):
        raise ValueError("broken")
    with hold_run(tmp_path):
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"), hold_run(tmp_path / "none"):
        raise AssertionError("there was nothing to hold")


def test_whoever_waits_gets_the_lock_when_the_other_is_gone(tmp_path: Path) -> None:
    holder = _start(tmp_path)
    threading.Timer(0.5, holder.kill).start()
    with hold_run(tmp_path, wait=True):
        assert holder.wait(timeout=10) != 0
    holder.communicate()
