"""`conflictdesk explore DATASET`: the web app on this machine, or the same pages as a static site."""

from __future__ import annotations

import argparse
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Final

from conflictdesk.errors import ConfigError

HOST: Final = "127.0.0.1"
_PORT: Final = 8642


def add_explore(parser: argparse.ArgumentParser) -> None:
    """Say what `explore` takes."""
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="the folder that `import` wrote")
    parser.add_argument(
        "--port", type=int, default=None, metavar="N", help=f"port on this machine (default {_PORT}, or a free one)"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.add_argument(
        "--site", type=Path, metavar="OUT", help="write the pages as a static site that works from disk, and stop"
    )
    kept = "with --site: a question that `count`, `compare` or `check` kept with --spec gets a page; may be repeated"
    parser.add_argument("--spec", type=Path, action="append", default=[], metavar="FILE", help=kept)
    parser.set_defaults(run=run_explore)


def run_explore(options: argparse.Namespace) -> int:
    """Serve the dataset on this machine until Ctrl-C, or write the static site.

    Raises:
        ConfigError: the port is taken or none, the browser's parts are missing, or a kept question cannot be asked.
        StoreError: there is no dataset in that folder, or it or a kept question is broken.
    """
    if options.site is not None:
        return _write_site(options.dataset, options.site, options.spec)
    if options.spec:
        raise ConfigError("--spec puts kept questions into a site: name its folder with --site")
    check_browser_parts()
    from conflictdesk.desk.app import create_app

    app = create_app(options.dataset)
    with _open_port(options.port) as listening:
        import uvicorn

        port = int(listening.getsockname()[1])
        print(f"http://{HOST}:{port}/  shows {options.dataset}; stop with Ctrl-C", file=sys.stderr, flush=True)
        if not options.no_browser:
            threading.Timer(0.8, webbrowser.open, (f"http://{HOST}:{port}/",)).start()
        settings = uvicorn.Config(app, log_level="warning", server_header=False, date_header=False)
        uvicorn.Server(settings).run(sockets=[listening])
    return 0


def _write_site(dataset: Path, out: Path, specs: list[Path]) -> int:
    from conflictdesk.commands.site_parts import read_parts
    from conflictdesk.desk.site import write_site

    parts, notes = read_parts(dataset, specs)
    report = write_site(dataset, out, parts)
    print(f"{report.folder / 'index.html'} is the first page of {sum(report.pages.values()):,}:")
    print(*(f"  {number:,} {kind}" for kind, number in report.pages.items()), sep="\n")
    if notes:
        print("Kept questions:", *(f"  - {note}" for note in notes), sep="\n")
    print("Not in the site:", *(f"  - {told}" for told in report.left_out), sep="\n")
    return 0


def check_browser_parts() -> None:
    """See that the libraries for the browser are here: a wheel brings them, a checkout puts them together.

    Raises:
        ConfigError: they are not.
    """
    from conflictdesk.desk.rendering import HERE

    if not (HERE / "static" / "vendor" / "maplibre-gl.js").is_file():
        raise ConfigError("the parts for the browser are missing: in a checkout run `make static` (it needs Node.js)")


def _open_port(wanted: int | None) -> socket.socket:
    """A listening socket on loopback: the port asked for, else the usual one, else any free one."""
    if wanted is not None and not 0 <= wanted <= 65535:
        raise ConfigError(f"--port {wanted} is no port: 1 to 65535, or 0 for any free one")
    for port in (wanted,) if wanted is not None else (_PORT, 0):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen(128)
            return listening
        except OSError as error:
            listening.close()
            reason = error.strerror or str(error)
    raise ConfigError(f"port {wanted} cannot be used ({reason}): choose another with --port")
