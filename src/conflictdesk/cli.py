"""The command line: one command a job; results on stdout, progress and trouble on stderr."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdesk.commands.checks import add_check, add_chronicle
from conflictdesk.commands.desk_history import add_as_of, add_log
from conflictdesk.commands.desk_jobs import add_add, add_init, add_run
from conflictdesk.commands.desk_upkeep import add_backup, add_doctor, add_restore
from conflictdesk.commands.explore import add_explore
from conflictdesk.commands.exports import add_export
from conflictdesk.commands.imports import add_import
from conflictdesk.commands.questions import add_compare, add_count
from conflictdesk.commands.serve import add_serve
from conflictdesk.commands.users import add_user
from conflictdesk.errors import ConfigError, DeskError

if TYPE_CHECKING:
    from conflictdesk.pipeline import Results

WELCOME = """\
conflictdesk code PAGES... --out out/    reads saved news pages and writes the events they report
then open out/report.html, or ask: conflictdesk show out/ EVENT_ID, conflictdesk why out/ ARTICLE_ID
to review with others make a desk: conflictdesk init DIR     try it: make demo     all: conflictdesk --help"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    The exit code is 0; 2 with one clear line on stderr when a person must mend something; 130 after Ctrl-C.
    """
    _accept_any_letter()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(given)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        _drop_output()
        return 0
    except OSError as error:
        # Only what leaves by stdout gets here: the stages and the result files have their own words for trouble.
        _drop_output()
        return _fail(f"the output cannot be written: {error.strerror or error}")


def _run(given: Sequence[str]) -> int:
    if not given:
        print(WELCOME)
        return 0
    options = _build_parser().parse_args(given)
    try:
        return int(options.run(options))
    except DeskError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _stop("stopped")


def _fail(said: str) -> int:
    # A file's name may hold what a terminal would obey.
    line = "".join(c for c in " ".join(said.split()) if c.isprintable())
    print(f"conflictdesk: {line}", file=sys.stderr)
    return 2


def _stop(said: str) -> int:
    print(f"conflictdesk: {said}", file=sys.stderr)
    return 130


def _accept_any_letter() -> None:
    """Print a letter that the terminal cannot show as "?" instead of breaking off."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def _drop_output() -> None:
    """Send what is still buffered nowhere, or Python would fail on it again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


_CODERS = "who reads the articles: rules (default), hybrid (rules with the small model beside them) or model"


def _build_parser() -> argparse.ArgumentParser:
    told = "From news pages to coded conflict events, every value with its sentence."
    parser = argparse.ArgumentParser(prog="conflictdesk", description=told)
    jobs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_code(jobs.add_parser("code", help="code saved news pages into events"))
    show = jobs.add_parser("show", help="one event: its fields, each with its quote and source")
    show.add_argument("out", type=Path, metavar="DIR", help="the folder that `code` wrote")
    show.add_argument("event_id", metavar="EVENT_ID", help="as in the table and in events.jsonl")
    show.set_defaults(run=_run_show)
    why = jobs.add_parser("why", help="one article: what was made of each sentence, and by which rule")
    why.add_argument("out", type=Path, metavar="DIR", help="the folder that `code` wrote")
    why.add_argument("article_id", metavar="ARTICLE_ID", help="article_id or external_id, as in articles.jsonl")
    why.add_argument("--coder", default="rules", metavar="NAME", help=_CODERS)
    why.set_defaults(run=_run_why)
    _add_gazetteer(jobs.add_parser("gazetteer", help="the offline place names"))
    for name, help_line, add in (*_DATASET_JOBS, *_DESK_JOBS):
        add(jobs.add_parser(name, help=help_line))
    return parser


_DATASET_JOBS = (
    ("import", "make a dataset: UCDP or ACLED files, any table, or the output of `code`", add_import),
    ("count", "how many events and deaths, by time, place, type, actor or source", add_count),
    ("compare", "an actor before and after a day, with the caveats", add_compare),
    ("check", "check a published claim against a dataset", add_check),
    ("chronicle", "the dated list of incidents at one site", add_chronicle),
    ("export", "a dataset as CSV, ACLED or UCDP columns, XLSX, Parquet, GeoPackage, GeoJSON, Stata", add_export),
    ("explore", "look at a dataset in the browser: map, time line, table, questions", add_explore),
)
_DESK_JOBS = (
    ("init", "make a desk: a folder in which a team reviews what the machine proposes", add_init),
    ("add", "take pages into a desk: files, addresses, feeds, pasted text", add_add),
    ("run", "code and merge what is new in a desk; what people decided stays", add_run),
    ("serve", "open a desk in the browser, for one person or a team", add_serve),
    ("user", "who may work at a desk: add, list, role, disable, password", add_user),
    ("log", "who decided what at a desk, when and why", add_log),
    ("as-of", "how a desk, or one of its events, stood on a past day", add_as_of),
    ("backup", "a desk in one file", add_backup),
    ("restore", "a desk from such a file, verified", add_restore),
    ("doctor", "is a desk whole: each fault with its mend", add_doctor),
)


def _add_code(code: argparse.ArgumentParser) -> None:
    kinds = "files, folders, .zip and .tar: .txt .html .htm .jsonl, each also .gz; - for standard input"
    day = "publication day of pages that state none, as 2021-09-26"
    code.add_argument("pages", nargs="+", metavar="PAGES", help=kinds)
    code.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    code.add_argument("--coder", default="rules", metavar="NAME", help=_CODERS)
    code.add_argument("--published", type=_day, metavar="DATE", help=day)
    code.add_argument("--strict", action="store_true", help="stop at the first problem and write nothing")
    code.set_defaults(run=_run_code)


def _add_gazetteer(places: argparse.ArgumentParser) -> None:
    jobs = places.add_subparsers(required=True, metavar="ACTION")
    build = jobs.add_parser("build", help="compile the place names now (else on first use)")
    dump = "compile the GeoNames dump: allCountries.zip or .txt, its folder, or its http(s) address"
    build.add_argument("--geonames", metavar="PATH_OR_URL", help=dump)
    build.add_argument("--sha256", metavar="HEX", help="refuse the dump's file of places unless it has this checksum")
    names = "read alternateNamesV2 of the dump too"
    build.add_argument("--alternate-names", action="store_true", help=names)
    build.set_defaults(run=_run_gazetteer)
    info = jobs.add_parser("info", help="what the compiled place names were made from")
    info.set_defaults(run=_run_gazetteer_info)


def _day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2021-09-26") from None


def _run_code(options: argparse.Namespace) -> int:
    _check_out(options.out, options.pages)
    _check_pages(options.pages)
    try:
        return _code_pages(options)
    except KeyboardInterrupt:
        return _stop("stopped; nothing was written")


def _code_pages(options: argparse.Namespace) -> int:
    from conflictdesk.pipeline import open_tools, run_pages
    from conflictdesk.publish.report import load_outline, render_report
    from conflictdesk.release.exports import write_results
    from conflictdesk.review.queue import order_for_review
    from conflictdesk.terminal import TerminalProgress

    tools = open_tools(options.coder, progress=_tell)
    results = run_pages(
        options.pages,
        tools,
        published=options.published,
        today=_last_day_anywhere(),
        strict=options.strict,
        leave_out=options.out,
        progress=TerminalProgress(),
    )
    told = (results.events, results.claims, results.articles, results.problems)
    title, outline = _name_report(options.pages), load_outline()
    review = [event.event_id for event in order_for_review(results.events)]
    report = render_report(*told, title=title, outline=outline, pages=results.pages, review=review)
    events, claims, articles, problems = told
    write_results(options.out, articles=articles, events=events, claims=claims, problems=problems, report_html=report)
    try:
        _tell_results(options.out, results)
    except KeyboardInterrupt:
        return _stop(f"stopped; the results are in {options.out}")
    return 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def _tell_results(out: Path, results: Results) -> None:
    from conflictdesk.terminal import list_events, open_console, tell_counts, tell_problems

    console = open_console()
    tell_problems(results.problems, out / "problems.jsonl")
    list_events(console, results)
    tell_counts(console, results)
    print(f"report: {out / 'report.html'}")


def _last_day_anywhere() -> dt.date:
    """The latest day that it is now anywhere on Earth: a page dated after it cannot have been saved."""
    return (dt.datetime.now(dt.UTC) + dt.timedelta(hours=14)).date()


def _name_report(pages: Sequence[str]) -> str:
    names = sorted({"standard input" if page == "-" else Path(page).resolve().name or page for page in pages})
    return f"Events in {', '.join(names)}" if len(names) <= 3 else f"Events in {len(names)} files and folders"


def _check_out(out: Path, pages: Sequence[str]) -> None:
    """Refuse, before any work, a result folder that could not be written or that holds the pages themselves."""
    if out.exists() and not out.is_dir():
        raise ConfigError(f"--out {out} is a file: name a folder")
    if any(page != "-" and os.path.realpath(page) == os.path.realpath(out) for page in pages):
        raise ConfigError(f"--out {out} is the folder of the pages: name another, such as {out / 'out'}")
    above = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not above.is_dir():
        raise ConfigError(f"--out {out} cannot be made: {above} is a file")
    if not os.access(above, os.W_OK | os.X_OK):
        raise ConfigError(f"--out {out} cannot be written: you have no right to write in {above}")


def _check_pages(pages: Sequence[str]) -> None:
    """When every path is misspelt there is nothing to do; when some are, the run tells of them as problems."""
    if not any(page == "-" or os.path.lexists(page) for page in pages):
        names = ", ".join(pages)
        raise ConfigError(f"{names}: there is no such file or folder; check the spelling")


def _run_show(options: argparse.Namespace) -> int:
    from conflictdesk.release.exports import read_results
    from conflictdesk.terminal import open_console, show_event

    results = read_results(options.out)
    found = [e for e in results.events if e["event_id"] == options.event_id]
    if not found:
        where = "the ids stand in the table and in events.jsonl"
        raise ConfigError(f"{options.out} has no event {options.event_id}: {where}")
    show_event(open_console(), found[0])
    return 0


def _run_why(options: argparse.Namespace) -> int:
    from conflictdesk.release.exports import read_results

    results = read_results(options.out)
    found = [a for a in results.articles if options.article_id in (a["article_id"], a["external_id"])]
    if not found:
        raise ConfigError(f"{options.out} has no article {options.article_id}: the ids stand in articles.jsonl")
    from conflictdesk.pipeline import explain_article, open_tools
    from conflictdesk.terminal import open_console, show_readings

    tools = open_tools(options.coder, progress=_tell)
    for row in found:
        show_readings(open_console(), row["title"], explain_article(row, tools, results.articles))
    return 0


def _run_gazetteer(options: argparse.Namespace) -> int:
    from conflictdesk.pipeline import build_places

    built = build_places(_tell, geonames=options.geonames, sha256=options.sha256, names=options.alternate_names)
    print(f"the gazetteer is ready: {built}")
    return 0


def _run_gazetteer_info(_options: argparse.Namespace) -> int:
    from conflictdesk.pipeline import describe_places

    for key, value in describe_places(_tell).items():
        print(f"{key}: {value}")
    return 0
