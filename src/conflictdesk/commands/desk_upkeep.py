"""`conflictdesk backup`, `restore` and `doctor`: a desk in one file and back, and whether all of it is whole."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conflictdesk.commands.desk_folder import add_desk, find_desk, open_here, read_clock

if TYPE_CHECKING:
    from conflictdesk.workflow.upkeep import Finding

_BROWSER: Final = ("htmx.js", "maplibre-gl.js", "preact.js", "vega.js", "world.json")


def add_backup(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `backup` takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the new file, as desk-2026-11-22.zip")
    parser.add_argument("--json", action="store_true", help="tell what it holds as JSON")
    add_desk(parser)
    parser.set_defaults(run=run_backup)


def run_backup(options: argparse.Namespace) -> int:
    """Write the desk into one file; work may go on meanwhile."""
    from conflictdesk.workflow.backups import back_up

    with open_here(options) as desk:
        backup = back_up(desk, options.file, read_clock())
    if options.json:
        print(json.dumps({"seq": backup.seq, "hash": backup.hash, "rows": dict(backup.rows)}))
        return 0
    size = options.file.stat().st_size / 1e6
    print(f"{options.file}: {size:.1f} MB, {backup.rows['articles']} articles, {backup.seq} decisions")
    if backup.seq:
        print(f"note elsewhere, to prove later that nothing was changed: decision {backup.seq}, {backup.hash}")
    return 0


def add_restore(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `restore` takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `backup` wrote")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder; never over a desk")
    parser.set_defaults(run=run_restore)


def run_restore(options: argparse.Namespace) -> int:
    """Make a desk of a backup, verified before it gets its name."""
    from conflictdesk.workflow.backups import restore, warn_of_environment

    backup = restore(options.file, options.folder)
    day = backup.made_at.date()
    print(f"{options.folder} holds the desk of {day}: {backup.rows['articles']} articles, {backup.seq} decisions")
    print("every file and the chain of decisions were verified")
    if backup.rows.get("users"):
        print("passwords are not in a backup: give new ones with `conflictdesk user`")
    if warning := warn_of_environment():
        print(warning, file=sys.stderr)
    return 0


# ---------------------------------------------------------------- doctor


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `doctor` takes."""
    parser.add_argument(
        "--migrate", action="store_true", help="first bring the store to the newest shape (back up before)"
    )
    parser.add_argument("--rebuild", action="store_true", help="first build events and queue anew from the journal")
    quick = "leave out what takes long on a large desk: whether events and queue are as when built anew"
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument("--json", action="store_true", help="one line of JSON for each thing looked at")
    add_desk(parser)
    parser.set_defaults(run=run_doctor)


def run_doctor(options: argparse.Namespace) -> int:
    """Look at everything; 0 when all is well, 1 when something is not."""
    from conflictdesk.workflow.upkeep import examine

    folder = find_desk(options.desk)
    if options.migrate:
        _migrate(folder)
    if options.rebuild:
        _rebuild(options)
    well = True
    for finding in (*_look_at_machine(), *examine(folder, quick=options.quick)):
        well = well and finding.ok
        _tell(finding, options.json)
    return 0 if well else 1


def _tell(finding: Finding, as_json: bool) -> None:
    from conflictdesk.terminal import plain

    if as_json:
        print(json.dumps(dataclasses.asdict(finding), ensure_ascii=False), flush=True)
        return
    print(f"{'ok   ' if finding.ok else 'FAULT'}  {finding.name:<12} {plain(finding.told)}", flush=True)
    if finding.mend and not finding.ok:
        print(f"       {'':<12} mend: {plain(finding.mend)}", flush=True)


def _migrate(folder: Path) -> None:
    from conflictdesk.store.opening import open_store
    from conflictdesk.workflow.settings import read_settings

    open_store(read_settings(folder).store_url, create=True).close()


def _rebuild(options: argparse.Namespace) -> None:
    from conflictdesk.workflow.rebuilding import rebuild

    with open_here(options) as desk:
        rows = rebuild(desk)
    print(f"built anew: {rows['events']} events, {rows['cases']} cases", file=sys.stderr)


def _look_at_machine() -> Iterator[Finding]:
    """What the program needs beside the desk: the browser's parts, the place names."""
    from importlib.resources import files

    from conflictdesk.locate.gazetteer import find_gazetteer
    from conflictdesk.workflow.upkeep import Finding

    vendor = files("conflictdesk.desk") / "static" / "vendor"
    missing = [name for name in _BROWSER if not (vendor / name).is_file()]
    told = f"missing: {', '.join(missing)}" if missing else "the libraries of the pages are here"
    yield Finding(name="browser", ok=not missing, told=told, mend="make static, or install the wheel again")
    places = find_gazetteer()
    told = f"compiled: {places}" if places.is_file() else f"not compiled yet: {places}"
    yield Finding(name="places", ok=places.is_file(), told=told, mend="conflictdesk gazetteer build")
