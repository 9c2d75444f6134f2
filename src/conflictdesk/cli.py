"""The command line: one command a job; results on stdout, progress and trouble on stderr."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from conflictdesk.errors import ConfigError, DeskError

WELCOME = """\
conflictdesk code PAGES... --out out/    reads saved news pages and writes the events they report
then open out/report.html, or ask: conflictdesk show out/ EVENT_ID, conflictdesk why out/ ARTICLE_ID
try it on the sample pages with: make demo     all options: conflictdesk --help"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 with one clear line on stderr when a person must mend something."""
    parser = _build_parser()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        print(WELCOME)
        return 0
    options = parser.parse_args(given)
    try:
        return int(options.run(options))
    except DeskError as error:
        print(f"conflictdesk: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("conflictdesk: stopped; nothing was written", file=sys.stderr)
        return 130


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="conflictdesk", description="From news pages to coded conflict events, every value with its sentence.")
    jobs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    code = jobs.add_parser("code", help="code saved news pages into events")
    code.add_argument("pages", nargs="+", metavar="PAGES", help="files and folders: .txt .html .htm .jsonl, each also .gz; - for standard input")
    code.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    code.add_argument("--coder", default="rules", help="which coder reads the articles (rules)")
    code.add_argument("--published", type=_day, metavar="DATE", help="publication day of pages that state none, as 2021-09-26")
    code.add_argument("--strict", action="store_true", help="stop at the first problem")
    code.set_defaults(run=_run_code)
    show = jobs.add_parser("show", help="one event: its fields, each with its quote and source")
    show.add_argument("out", type=Path, metavar="DIR")
    show.add_argument("event_id", metavar="EVENT_ID")
    show.set_defaults(run=_run_show)
    why = jobs.add_parser("why", help="one article: what was made of each sentence, and by which rule")
    why.add_argument("out", type=Path, metavar="DIR")
    why.add_argument("article_id", metavar="ARTICLE_ID")
    why.set_defaults(run=_run_why)
    places = jobs.add_parser("gazetteer", help="the offline place names").add_subparsers(required=True, metavar="ACTION")
    build = places.add_parser("build", help="compile the place names now (else on first use)")
    build.set_defaults(run=_run_gazetteer)
    return parser


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2021-09-26") from None


def _run_code(options: argparse.Namespace) -> int:
    from conflictdesk.pipeline import open_tools, run_pages
    from conflictdesk.terminal import TerminalProgress, list_events, open_console, tell_counts

    _check_out(options.out)
    tools = open_tools(options.coder, progress=lambda line: print(line, file=sys.stderr))
    results = run_pages(options.pages, tools, published=options.published, strict=options.strict, progress=TerminalProgress())
    from conflictdesk.publish.outlines import load_outline
    from conflictdesk.publish.report import render_report
    from conflictdesk.release.exports import write_results

    title = f"Events in {', '.join(str(p) for p in options.pages)}"
    report = render_report(
        results.events, results.claims, results.articles, results.problems, title=title, outline=load_outline(), pages=results.pages
    )
    write_results(
        options.out, articles=results.articles, events=results.events, claims=results.claims, problems=results.problems, report_html=report
    )
    console = open_console()
    list_events(console, results)
    tell_counts(console, results)
    print(f"report: {options.out / 'report.html'}")
    return 0


def _check_out(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ConfigError(f"--out {out} is a file: name a folder")


def _run_show(options: argparse.Namespace) -> int:
    from conflictdesk.release.exports import read_results
    from conflictdesk.terminal import open_console, show_event

    results = read_results(options.out)
    found = [e for e in results.events if e["event_id"] == options.event_id]
    if not found:
        raise ConfigError(f"{options.out} has no event {options.event_id}: the ids stand in the first column of the table and in events.jsonl")
    show_event(open_console(), found[0])
    return 0


def _run_why(options: argparse.Namespace) -> int:
    from conflictdesk.pipeline import explain_article, open_tools
    from conflictdesk.release.exports import read_results
    from conflictdesk.terminal import open_console, show_readings

    results = read_results(options.out)
    found = [a for a in results.articles if options.article_id in (a["article_id"], a["external_id"])]
    if not found:
        raise ConfigError(f"{options.out} has no article {options.article_id}: the ids stand in articles.jsonl")
    tools = open_tools()
    for row in found:
        show_readings(open_console(), row["title"], explain_article(row, tools))
    return 0


def _run_gazetteer(options: argparse.Namespace) -> int:
    from conflictdesk.locate.gazetteer import open_gazetteer

    open_gazetteer(progress=lambda line: print(line, file=sys.stderr))
    print("the gazetteer is ready")
    return 0
