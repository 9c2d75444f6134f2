"""The product's own command as a user would give it, run with the same code that is imported here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import conflictdesk

SOURCE = Path(conflictdesk.__file__).resolve().parent.parent


def name_environment() -> dict[str, str]:
    """The environment in which another Python finds this very code."""
    paths = [str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def write_command(pages: Path, out: Path, coder: str = "rules") -> list[str]:
    """The words of `conflictdesk code PAGES --out OUT --coder CODER`."""
    return [sys.executable, "-m", "conflictdesk", "code", str(pages), "--out", str(out), "--coder", coder]


def code_pages(pages: Path, out: Path, coder: str = "rules") -> None:
    """Run `conflictdesk code` on the pages.

    Raises:
        RuntimeError: the command fails; the message is what it said.
    """
    done = subprocess.run(
        write_command(pages, out, coder), env=name_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"conflictdesk code {pages} ended with {done.returncode}: {done.stderr.strip()}")
