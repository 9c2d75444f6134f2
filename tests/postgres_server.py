"""A real PostgreSQL server for the tests: in a folder of its own, on a socket in that folder, gone when they end.

PostgreSQL refuses to run as root, so root runs it as the user `postgres` that Debian's package makes. Where there is
none, the tests that need it are skipped; continuous integration (`CI=true`) fails instead.
"""

from __future__ import annotations

import functools
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

FreshUrl: TypeAlias = Callable[[], str]
"""Makes an empty database and gives its address."""
FOLDERS = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/bin")


def find_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, the newest version first where several are there."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = (sorted(Path("/").glob(pattern.lstrip("/")), reverse=True) for pattern in FOLDERS)
    return next((folder for folder in itertools.chain.from_iterable(found) if (folder / "initdb").is_file()), None)


def has_owner() -> bool:
    """Whether somebody other than root can run the server."""
    try:
        return os.geteuid() != 0 or bool(pwd.getpwnam("postgres") and (shutil.which("runuser") or shutil.which("su")))
    except KeyError:
        return False


def run_as_owner(command: Sequence[str | Path], folder: Path) -> None:
    """Run a program of PostgreSQL, never as root; its words are in the error when it fails."""
    told = [str(part) for part in command]
    if os.geteuid() == 0 and shutil.which("runuser"):
        told = ["runuser", "-u", "postgres", "--", *told]
    elif os.geteuid() == 0:
        told = ["su", "postgres", "-s", "/bin/sh", "-c", '"$0" "$@"', "--", *told]
    # The server that pg_ctl leaves behind holds on to what it was given: a pipe would never end.
    with (folder / "said").open("wb") as said:
        done = subprocess.run(
            told, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", timeout=120, check=False
        )
    if done.returncode:
        raise RuntimeError(f"{told}: {(folder / 'said').read_text('utf-8', 'replace')}")


@contextmanager
def serve_postgres(programs: Path) -> Iterator[FreshUrl]:
    """A server for as long as the block lasts; it trusts whoever can enter its folder, and listens nowhere else."""
    # A socket's path may have 107 bytes at most: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="cdpg-"))
    try:
        folder.chmod(0o755)
        data, socket = folder / "data", folder / "run"
        for part in (data, socket):
            part.mkdir(mode=0o700)
            if os.geteuid() == 0:
                shutil.chown(part, "postgres")
        run_as_owner(
            [programs / "initdb", "-D", data, "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], folder
        )
        settings = f"-c listen_addresses= -c unix_socket_directories={socket} -c max_connections=200"
        # Decisions must not be lost by a power cut; those of a test may.
        settings += " -c fsync=off -c shared_buffers=64MB"
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-t", "60"]
        run_as_owner([*control, "-l", data / "log", "-o", settings, "start"], folder)
        try:
            yield functools.partial(_make_database, socket, itertools.count(1))
        finally:
            run_as_owner([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_database(socket: Path, numbers: Iterator[int]) -> str:
    import psycopg

    name = f"desk_{next(numbers)}"
    with psycopg.connect(host=str(socket), user="desk", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"postgresql+psycopg://desk@/{name}?host={socket}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[FreshUrl]:
    """Makes empty databases on a real server; skips the test plainly where there is none, and fails it under CI."""
    programs = find_programs()
    if programs is None or not has_owner():
        told = "PostgreSQL is not here (or only root is): on Debian, apt-get install postgresql"
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(told)
        pytest.skip(told)
    with serve_postgres(programs) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def spare_databases() -> list[str]:
    """Addresses of databases that a test has done with: making one, and removing its files, takes longer."""
    return []


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path, spare_databases: list[str]) -> Iterator[str]:
    """The address of a store that is still to be made, once on each database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    fresh: FreshUrl = request.getfixturevalue("postgres")
    url = spare_databases.pop() if spare_databases else fresh()
    yield url
    if _empty_database(url):
        spare_databases.append(url)


def _empty_database(url: str) -> bool:
    """Take everything out of a database; False when a test still holds on to it."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        try:
            connection.execute("SET lock_timeout = '2s'")
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        except psycopg.errors.LockNotAvailable:
            return False
    return True
