"""What several rooms of the tests share: opened once, for opening is slow (the gazetteer is built on the first run)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from desk_fixtures import fresh_desk as fresh_desk
from desk_fixtures import hand as hand
from desk_fixtures import made_desk as made_desk
from desk_pages import KANO, SOURCE, Coded, Desk, write_bad_pages, write_good_pages
from hypothesis import settings
from postgres_server import postgres as postgres
from postgres_server import spare_databases as spare_databases
from postgres_server import store_url as store_url

from conflictdesk.locate.gazetteer import FileGazetteer, open_gazetteer
from conflictdesk.pipeline import Tools, open_tools


@pytest.fixture(scope="session")
def tools() -> Tools:
    """The parts that the product ships."""
    return open_tools()


@pytest.fixture(scope="session")
def gazetteer() -> FileGazetteer:
    """The compiled gazetteer."""
    return open_gazetteer()


@pytest.fixture(scope="session")
def desk(gazetteer: FileGazetteer) -> Desk:
    """The real command in a process of its own; the gazetteer is compiled before its stderr is read."""

    def run(
        *arguments: str | Path,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdout: int = subprocess.PIPE,
    ) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "conflictdesk", *map(str, arguments)]
        held = {**os.environ, "PYTHONPATH": str(SOURCE), **(env or {})}
        return subprocess.run(
            command, input=stdin, stdout=stdout, stderr=subprocess.PIPE, env=held, cwd=cwd, timeout=300, check=False
        )

    return run


@pytest.fixture(scope="session")
def coded(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Coded:
    """Good and bad pages in one folder, a misspelt name and a file that is none of ours: one run of the command."""
    top = tmp_path_factory.mktemp("shared")
    pages, out = top / "pages", top / "out"
    write_good_pages(pages)
    write_bad_pages(pages)
    (top / "notes.pdf").write_bytes(b"%PDF-1.7")
    line = json.dumps({"id": "piped", "text": KANO.replace("Kano", "Kaduna"), "published": "2024-03-05"}).encode()
    named = (pages, top / "misspelt.txt", top / "notes.pdf", "-")
    done = desk("code", *named, "--out", out, stdin=line + b"\n")
    assert done.returncode == 0, done.stderr.decode()
    return Coded(named, line + b"\n", pages, out, done.stdout.decode(), done.stderr.decode())


# `make check` looks at fewer examples of a property than `make test`.
settings.register_profile("check", max_examples=20, deadline=None)
# Continuous integration tries the same examples each time: what chance finds belongs to the one who looks for it.
settings.register_profile("ci", derandomize=True, deadline=None)
# A slow machine is no fault of a property.
settings.register_profile("plain", deadline=None)
settings.load_profile("plain")
