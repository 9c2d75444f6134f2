"""`conflictdesk init`, `add` and `run`: a desk is made, pages come in, what is new is coded and merged."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conflictdesk.commands.desk_folder import add_desk, name_desk, name_login, open_here, read_clock
from conflictdesk.errors import ConfigError

if TYPE_CHECKING:
    from conflictdesk.workflow.adding import AddReport
    from conflictdesk.workflow.desks import OpenDesk
    from conflictdesk.workflow.running import RunReport

_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_MOST_TOLD: Final = 2000
_COUNTED: Final = {
    "pages": ("page read", "pages read"),
    "articles": ("article", "articles"),
    "coded": ("coded", "coded"),
    "mentions": ("report of an incident", "reports of incidents"),
    "matches": ("pair told of the same", "pairs told of the same"),
    "left_alone": ("article left alone, as people decided on it", "articles left alone, as people decided on them"),
}
_CODERS: Final = ("rules", "hybrid", "model")


def add_init(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `init` takes."""
    store = "a file in the folder (store.sqlite), or postgresql+psycopg://USER@HOST/DATABASE"
    parser.add_argument("folder", type=Path, metavar="DIR", help="the new desk's folder, made if new")
    parser.add_argument("--name", metavar="NAME", help="what the desk is called; else the folder's name")
    parser.add_argument("--store", metavar="URL", help=f"where it is kept: {store}")
    parser.set_defaults(run=run_init)


def run_init(options: argparse.Namespace) -> int:
    """Make a desk and say what comes next."""
    from conflictdesk.workflow.desks import init_desk

    init_desk(options.folder, name=options.name, store_url=options.store)
    named = shlex.quote(str(options.folder))
    print(f"{options.folder} is a desk now: settings in conflictdesk.toml, sources in sources/. Next:")
    print(f"  conflictdesk add PAGES... --desk {named}    files, folders, archives or addresses of articles")
    print(f"  conflictdesk run --desk {named}             the machine reads them and proposes events")
    print(f"  conflictdesk serve {named}                  look at them in the browser")
    return 0


# ---------------------------------------------------------------- pages come in


def add_add(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `add` takes."""
    kinds = "files, folders and archives of saved pages, and addresses; - for standard input"
    feeds = "ask the feeds and sitemaps of all sources, or of these: ids of sources, or addresses of feeds"
    parser.add_argument("pages", nargs="*", metavar="PATHS|URLS", help=kinds)
    parser.add_argument("--feed", nargs="*", metavar="SOURCE", help=feeds)
    parser.add_argument("--text", metavar="FILE", help="one article as plain text; - for standard input")
    parser.add_argument("--title", metavar="WORDS", help="the headline that belongs to --text")
    parser.add_argument("--url", metavar="URL", help="where the text of --text stood")
    parser.add_argument("--published", type=_read_day, metavar="DATE", help="the day of --text, as 2026-11-22")
    parser.add_argument("--json", action="store_true", help="tell the result as JSON")
    add_desk(parser)
    parser.set_defaults(run=run_add)


def _read_day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2026-11-22") from None


def run_add(options: argparse.Namespace) -> int:
    """Take in what is named and say what was new; 1 when nothing of it could be taken in."""
    _check_asked(options)
    with open_here(options) as desk:
        report = _add_all(desk, options)
    if options.json:
        print(_write_report(report))
    else:
        _tell_report(report, name_desk(options))
    got = report.new or report.known or report.unchanged
    return 1 if report.problems and not got else 0


def _check_asked(options: argparse.Namespace) -> None:
    """Refuse, before any work, what asks for nothing or is misspelt altogether."""
    paths = [page for page in options.pages if not _ADDRESS.match(page)]
    if not options.pages and options.feed is None and options.text is None:
        raise ConfigError("nothing to add: name files, folders or addresses, or give --feed or --text")
    if options.text is None and (options.title or options.url or options.published):
        raise ConfigError("--title, --url and --published belong to --text: give --text FILE too")
    if options.text == "-" and "-" in paths:
        raise ConfigError("standard input can be read once: give - or --text -, not both")
    if paths and not any(path == "-" or os.path.lexists(path) for path in paths):
        raise ConfigError(f"{', '.join(paths)}: there is no such file or folder; check the spelling")


def _add_all(desk: OpenDesk, options: argparse.Namespace) -> AddReport:
    from conflictdesk.terminal import TerminalProgress
    from conflictdesk.workflow import adding

    by, now, show = name_login(), read_clock(), TerminalProgress()
    urls = [page for page in options.pages if _ADDRESS.match(page)]
    paths = [page for page in options.pages if not _ADDRESS.match(page)]
    # Before anything is taken in, so that a wrong name stops it at once.
    feeds = None if options.feed is None else _list_feeds(desk, options.feed)
    fetcher = adding.make_fetcher(desk.settings) if urls or feeds else None
    report = adding.AddReport()
    if options.text is not None:
        text = _read_text(options.text)
        report = adding.add_text(desk, options.title, text, options.url, options.published, by, now)
    if paths:
        show.begin("documents", None)
        report = report.with_more(adding.add_paths(desk, paths, by, now, step=show.step))
        show.end()
    if fetcher is not None:
        show.begin("addresses", len(urls) if feeds is None else None)
        if urls:
            report = report.with_more(adding.add_urls(desk, urls, fetcher, by, now, step=show.step))
        if feeds:
            report = report.with_more(adding.add_feeds(desk, fetcher, by, now, feeds=feeds, step=show.step))
        show.end()
    return report


def _read_text(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"--text {name} cannot be read: {error.strerror or error}; check the spelling") from None
    except UnicodeDecodeError:
        raise ConfigError(f"--text {name} is not UTF-8: save it so, or add it as a file without --text") from None


def _list_feeds(desk: OpenDesk, asked: Sequence[str]) -> list[str]:
    """The feeds that are meant: addresses as they are, ids of sources as what they list; nothing named means all."""
    sources = {source.id: source for source in desk.sources}
    found = list[str]()
    for name in asked or sources:
        if _ADDRESS.match(name):
            found.append(name)
        elif name in sources:
            found += [*sources[name].feeds, *([sitemap] if (sitemap := sources[name].sitemap) else [])]
        else:
            known = ", ".join(sources) or "none"
            raise ConfigError(f"--feed {name}: there is no such source; sources/ has: {known}")
    if not found:
        raise ConfigError("no feed and no sitemap: write them into sources/NAME.toml (see sources/example.toml.sample)")
    return list(dict.fromkeys(found))


def _tell_report(report: AddReport, desk: str) -> None:
    from conflictdesk.terminal import tell_kinds

    tell_kinds(report.problems)
    parts = [f"{len(report.new)} new", f"{len(report.known)} known"]
    parts += [f"{report.unchanged} unchanged"] if report.unchanged else []
    print(", ".join([*parts, f"{len(report.problems)} problem{'' if len(report.problems) == 1 else 's'}"]))
    if report.new:
        print(f"next: conflictdesk run{desk}")


def _write_report(report: AddReport) -> str:
    return json.dumps(dataclasses.asdict(report), ensure_ascii=False)


# ---------------------------------------------------------------- what is new is coded


def add_run(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `run` takes."""
    again = "code articles anew that another coder or version coded, where nobody decided anything yet"
    parser.add_argument("--again", action="store_true", help=again)
    parser.add_argument(
        "--coder", choices=_CODERS, metavar="NAME", help=f"one of {', '.join(_CODERS)}; else the desk's"
    )
    parser.add_argument("--json", action="store_true", help="tell the result as JSON")
    add_desk(parser)
    parser.set_defaults(run=run_run)


def run_run(options: argparse.Namespace) -> int:
    """Code and merge what is new; what people decided stays as it is."""
    from conflictdesk.terminal import tell_kinds
    from conflictdesk.workflow.run_lock import hold_run

    with open_here(options) as desk, hold_run(desk.folder):
        report = _run(desk, options)
        with desk.store.reading() as reader:
            rows = reader.count_rows()
            problems = reader.problems(min(report.problems, _MOST_TOLD)) if report.problems else []
    if options.json:
        print(json.dumps({**dataclasses.asdict(report), "stored": rows}))
        return 0
    tell_kinds(problems)
    print(_tell_run(report))
    held = [_say_count(name, rows[name]) for name in ("articles", "events", "decisions")]
    print(f"the desk holds {', '.join(held)}")
    if report.coded:
        print(f"look at them: conflictdesk serve{name_desk(options, '')}")
    return 0


def _run(desk: OpenDesk, options: argparse.Namespace) -> RunReport:
    from conflictdesk.pipeline import open_tools
    from conflictdesk.terminal import TerminalProgress
    from conflictdesk.workflow.running import run_desk

    tools = open_tools(options.coder or desk.settings.coder, progress=_tell)
    show = TerminalProgress()
    return run_desk(desk, tools, again=options.again, progress=show, now=read_clock(), by=name_login())


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def _tell_run(report: RunReport) -> str:
    counts = {name: number for name, number in dataclasses.asdict(report).items() if number}
    if not counts:
        return "nothing new"
    return ", ".join(_say_count(name, number) for name, number in counts.items())


def _say_count(name: str, number: int) -> str:
    one, many = _COUNTED.get(name, (name.removesuffix("s"), name))
    return f"{number} {one if number == 1 else many}"
