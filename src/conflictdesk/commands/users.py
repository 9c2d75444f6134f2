"""`conflictdesk user`: who may work at a desk. Passwords come from the terminal, standard input or the environment."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import os
import sys

from conflictdesk.casework import User
from conflictdesk.commands.desk_folder import add_desk, open_here
from conflictdesk.decisions import ROLES
from conflictdesk.errors import ConfigError

_ROLES = "viewer reads; coder codes; reviewer also reopens and decides on events; lead settles and gives out roles"


def add_user(parser: argparse.ArgumentParser) -> None:
    """Say what `user` takes."""
    jobs = parser.add_subparsers(required=True, metavar="ACTION")
    adding = jobs.add_parser("add", help="let somebody work here")
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("--role", choices=ROLES, required=True, help=_ROLES)
    _take_password(adding)
    adding.set_defaults(run=run_add)
    listing = jobs.add_parser("list", help="everybody, with role")
    listing.set_defaults(run=run_list)
    role = jobs.add_parser("role", help="give somebody another role")
    role.add_argument("name", metavar="NAME")
    role.add_argument("--role", choices=ROLES, required=True, help=_ROLES)
    role.set_defaults(run=run_role)
    disabling = jobs.add_parser("disable", help="somebody may work here no longer; what they decided stays")
    disabling.add_argument("name", metavar="NAME")
    disabling.set_defaults(run=run_disable)
    enabling = jobs.add_parser("enable", help="take that back")
    enabling.add_argument("name", metavar="NAME")
    enabling.set_defaults(run=run_enable)
    changing = jobs.add_parser("password", help="another password; it signs the user out everywhere")
    changing.add_argument("name", metavar="NAME")
    _take_password(changing)
    changing.set_defaults(run=run_password)
    for job in (adding, listing, role, disabling, enabling, changing):
        add_desk(job)


def _take_password(parser: argparse.ArgumentParser) -> None:
    told = "environment variable that holds the password; else it is asked for, or read from standard input"
    parser.add_argument("--password-env", metavar="VAR", help=told)


def read_password(variable: str | None) -> str:
    """The new password: from the environment, from the terminal (twice), or one line of standard input.

    Raises:
        ConfigError: there is none, or the two differ.
    """
    if variable is not None:
        told = os.environ.get(variable)
        if not told:
            raise ConfigError(f"--password-env {variable}: that variable is not set, or empty")
        return told
    if sys.stdin is not None and sys.stdin.isatty():
        first = getpass.getpass("New password: ")
        if getpass.getpass("The same again: ") != first:
            raise ConfigError("the two passwords differ: nothing was changed")
        return first
    line = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if not line:
        raise ConfigError("no password was given: type it, pipe it in, or name --password-env VAR")
    return line


def run_add(options: argparse.Namespace) -> int:
    """Let somebody work here."""
    from conflictdesk.desk.people import add_person, check_name

    name = check_name(options.name)
    with open_here(options) as desk:
        password = read_password(options.password_env)
        user = add_person(desk, User(name=name, role=options.role), password, _me(), _now())
    print(f"{user.name} may now sign in as {user.role}")
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Print everybody."""

    with open_here(options) as desk, desk.store.reading() as reader:
        for user in reader.users():
            password = "password set" if reader.password_hash(user.name) else "no password: cannot sign in"
            print(f"{user.name}\t{user.role}\t{password if user.active else 'disabled'}")
    return 0


def run_role(options: argparse.Namespace) -> int:
    """Give somebody another role."""
    from conflictdesk.desk.people import give_role

    with open_here(options) as desk:
        give_role(desk, options.name, options.role, _me(), _now())
    print(f"{options.name} is {options.role}")
    return 0


def run_disable(options: argparse.Namespace) -> int:
    """Let somebody work here no longer."""
    from conflictdesk.desk.people import shut_out

    with open_here(options) as desk:
        shut_out(desk, options.name, _me(), _now())
    print(f"{options.name} may no longer work here and is signed out; what {options.name} decided stays")
    return 0


def run_enable(options: argparse.Namespace) -> int:
    """Let somebody work here again, in the role of before."""
    from conflictdesk.desk.people import find_person, give_role

    with open_here(options) as desk:
        user = find_person(desk, options.name)
        give_role(desk, user.name, user.role, _me(), _now())
    print(f"{options.name} may work here again as {user.role}")
    return 0


def run_password(options: argparse.Namespace) -> int:
    """Give somebody another password."""
    from conflictdesk.desk.people import find_person, set_password

    with open_here(options) as desk:
        find_person(desk, options.name)
        set_password(desk, options.name, read_password(options.password_env))
    print(f"{options.name} has a new password and is signed out everywhere")
    return 0


def _me() -> User:
    # Whoever may write in the desk's folder may do all: the command line has the rights of a lead.
    from conflictdesk.desk.people import name_local

    return User(name=name_local(), role="lead")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
