"""`conflictdesk serve DIR`: the desk in the browser, for one person on this machine or for a team behind a proxy."""

from __future__ import annotations

import argparse
import datetime as dt
import ipaddress
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conflictdesk.commands.desk_folder import open_here
from conflictdesk.commands.explore import check_browser_parts
from conflictdesk.errors import ConfigError

if TYPE_CHECKING:
    from conflictdesk.desk.sessions import Entry
    from conflictdesk.workflow.desks import OpenDesk


def add_serve(parser: argparse.ArgumentParser) -> None:
    """Say what `serve` takes."""
    found = "the desk (default: this folder, or the nearest above it that is one)"
    parser.add_argument("desk", type=Path, nargs="?", metavar="DIR", help=found)
    parser.add_argument("--host", metavar="H", help="address to listen at (default: the desk's setting, 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="N", help="port (default: the desk's setting, or a free one)")
    parser.add_argument("--team", action="store_true", help="people sign in with passwords, also on this machine")
    named = "a name under which others reach it, as desk.example.org; may be repeated"
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help=named)
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.set_defaults(run=run_serve)


def run_serve(options: argparse.Namespace) -> int:
    """Serve the desk until Ctrl-C.

    Raises:
        ConfigError: there is no desk, the port is taken, nobody could sign in, or the browser's parts are missing.
        StoreError: the store cannot be opened.
    """
    check_browser_parts()
    with open_here(options) as desk:
        server = desk.settings.server
        host = options.host or server.host
        team = options.team or server.address is not None or not _is_loopback(host)
        with _listen(host, options.port, server.port, strict=team) as listening:
            _serve(desk, listening, options, host=host, team=team)
    return 0


def _serve(desk: OpenDesk, listening: socket.socket, options: argparse.Namespace, *, host: str, team: bool) -> None:
    import uvicorn

    from conflictdesk.desk.office import AppOptions
    from conflictdesk.desk.people import welcome_local
    from conflictdesk.desk.sessions import Entry
    from conflictdesk.desk.team_app import create_desk_app

    address = desk.settings.server.address
    with desk.store.writing() as writer:
        writer.end_sessions(dt.datetime.now(dt.UTC))
    home = _name_home(host, int(listening.getsockname()[1]))
    hosts = _list_hosts(host, address, options.allow_host)
    secure = bool(address and address.startswith("https:"))
    if team:
        _check_people(desk)
        app = create_desk_app(desk, AppOptions(team=True, hosts=hosts, secure=secure))
        _tell_team(home, address, host)
    else:
        entry = Entry()
        local = welcome_local(desk, dt.datetime.now(dt.UTC))
        app = create_desk_app(desk, AppOptions(hosts=hosts, local_user=local.name, entry=entry))
        _tell_local(home, entry, desk, browser=not options.no_browser)
    # The access log would hold the one-time address.
    settings = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=False, proxy_headers=team
    )
    uvicorn.Server(settings).run(sockets=[listening])


def _check_people(desk: OpenDesk) -> None:
    with desk.store.reading() as reader:
        able = [u for u in reader.users() if u.active and u.role == "lead" and reader.password_hash(u.name)]
    if not able:
        told = f"conflictdesk user add NAME --role lead --desk {desk.folder}"
        raise ConfigError(f"no lead of this desk has a password, so nobody could let others in: `{told}`")


def _tell_team(home: str, address: str | None, host: str) -> None:
    print(f"{address or home + '/'}  people sign in there; stop with Ctrl-C", file=sys.stderr, flush=True)
    if address is None and not _is_loopback(host):
        told = "Passwords travel readable on the network: put a proxy with TLS before it (guide: serving a team)."
        print(told, file=sys.stderr, flush=True)


def _tell_local(home: str, entry: Entry, desk: OpenDesk, *, browser: bool) -> None:
    """Print the address that opens the desk once; whoever presses Enter in the terminal gets another."""
    first = f"{home}/enter?token={entry.renew()}"
    print(f"{first}\nopens the desk {desk.settings.name} once; stop with Ctrl-C", file=sys.stderr, flush=True)
    if browser:
        timer = threading.Timer(0.8, webbrowser.open, (first,))
        timer.daemon = True
        timer.start()
    if sys.stdin is not None and sys.stdin.isatty():
        print("press Enter for a new address", file=sys.stderr, flush=True)
        threading.Thread(target=_renew_on_enter, args=(home, entry), daemon=True).start()


def _renew_on_enter(home: str, entry: Entry) -> None:
    for _ in sys.stdin:
        print(f"{home}/enter?token={entry.renew()}", file=sys.stderr, flush=True)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _name_home(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _list_hosts(host: str, address: str | None, allowed: list[str]) -> frozenset[str]:
    """The names under which the desk answers: this machine, where it listens, its address, what was allowed."""
    from conflictdesk.desk.security import LOOPBACK

    names = [name.strip().lower() for name in allowed]
    for name in names:
        if not name or "/" in name or " " in name or urlsplit(f"//{name}").port is not None:
            raise ConfigError(f"--allow-host {name}: give a name alone, as desk.example.org")
    if host not in ("0.0.0.0", "::"):
        names.append(f"[{host}]" if ":" in host else host.lower())
    if address and (own := urlsplit(address).hostname):
        names.append(f"[{own}]" if ":" in own else own)
    return LOOPBACK | frozenset(names)


def _listen(host: str, wanted: int | None, usual: int, *, strict: bool) -> socket.socket:
    """A listening socket; alone on this machine the usual port may give way to any free one."""
    if wanted is not None and not 0 <= wanted <= 65535:
        raise ConfigError(f"--port {wanted} is no port: 1 to 65535, or 0 for any free one")
    ports = (wanted,) if wanted is not None else (usual,) if strict else (usual, 0)
    reason = ""
    for port in ports:
        try:
            family, kind, proto, _, place = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
            listening = socket.socket(family, kind, proto)
        except (OSError, UnicodeError) as error:
            raise ConfigError(f"--host {host} is no address of this machine ({error})") from None
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(place)
            listening.listen(256)
            return listening
        except OSError as error:
            listening.close()
            reason = error.strerror or str(error)
    raise ConfigError(f"port {ports[0]} of {host} cannot be used ({reason}): choose another with --port")
