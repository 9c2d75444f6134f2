"""Which desk a command is about, and who gives it."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdesk.errors import ConfigError

if TYPE_CHECKING:
    from conflictdesk.casework import User
    from conflictdesk.workflow.desks import OpenDesk

_FILE = "conflictdesk.toml"


def add_desk(parser: argparse.ArgumentParser) -> None:
    """Put `--desk` on a command's parser."""
    told = "the desk's folder; else this folder or the nearest one above it that holds conflictdesk.toml"
    parser.add_argument("--desk", type=Path, metavar="DIR", help=told)


def add_user(parser: argparse.ArgumentParser) -> None:
    """Put `--user` on a command's parser."""
    parser.add_argument("--user", metavar="NAME", help="who does this; else your login's name, or the desk's only lead")


def find_desk(given: Path | None) -> Path:
    """The folder of the desk that is meant.

    Raises:
        ConfigError: there is none.
    """
    if given is not None:
        if not (given / _FILE).is_file():
            raise ConfigError(f"{given} is no desk: it holds no {_FILE}; make one with `conflictdesk init {given}`")
        return given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / _FILE).is_file():
            return folder
    raise ConfigError(f"no desk here: neither {here} nor a folder above it holds {_FILE}; go there, or give --desk DIR")


def name_desk(options: argparse.Namespace, flag: str = " --desk") -> str:
    """What to write behind a command so that it finds the same desk: nothing where it was found without."""
    return "" if options.desk is None else f"{flag} {shlex.quote(str(options.desk))}"


@contextlib.contextmanager
def open_here(options: argparse.Namespace) -> Iterator[OpenDesk]:
    """The desk that the options mean, open for as long as it lasts.

    Raises:
        ConfigError: there is none, or its settings are wrong.
        StoreError: its store cannot be opened.
    """
    from conflictdesk.workflow.desks import open_desk

    with open_desk(find_desk(options.desk)) as desk:
        yield desk


def name_login() -> str:
    """The name of this machine's account, as the desk writes names."""
    from conflictdesk.desk.people import name_local

    return name_local()


def choose_user(desk: OpenDesk, given: str | None) -> User:
    """Who gives a command: the one named, else the user of the login's name, else the only lead.

    A desk without users is one person's own: whoever opens its folder is its lead.

    Raises:
        ConfigError: nobody of that name works here, or it cannot be told who is meant.
    """
    from conflictdesk.casework import User

    with desk.store.reading() as reader:
        users = {user.name: user for user in reader.users() if user.active}
    if given is not None and users:
        if given not in users:
            raise ConfigError(f"nobody called {given} may work here; there are: {', '.join(users)}")
        return users[given]
    if not users:
        return User(name=given or name_login(), role="lead")
    leads = [user for user in users.values() if user.role == "lead"]
    if name_login() in users:
        return users[name_login()]
    if len(leads) == 1:
        return leads[0]
    raise ConfigError(f"say who does this with --user NAME; there are: {', '.join(users)}")


def read_clock() -> dt.datetime:
    """Now, in UTC."""
    return dt.datetime.now(dt.UTC)
