"""What a person sees on the terminal: progress, the table of events, one event, one article's sentences."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from conflictdesk.records import EVIDENCE_FIELDS, Dates, Estimate, Event, Problem, Reading

if TYPE_CHECKING:
    from conflictdesk.pipeline import Results
    from conflictdesk.release.rows import EstimateRow, EventRow, MentionRow

NOT_SAID = "not said"
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HEADS = ("event", "date", "what", "who → to whom", "where", "deaths", "articles")
_GAP = 2
_PIPE_WIDTH = 10_000
_SHOWN_KINDS = 6
_STYLES = {"event": "bold green", "claim": "bold blue", "background": "yellow", "nothing": "dim"}


class ResultConsole(Console):
    """A console for results; in a pipe its lines are as long as they need, unless COLUMNS says otherwise."""

    def __init__(self) -> None:
        known = "COLUMNS" in os.environ or (sys.stdout is not None and sys.stdout.isatty())
        super().__init__(highlight=False, markup=False, emoji=False, width=None if known else _PIPE_WIDTH)

    def on_broken_pipe(self) -> None:
        """Leave it to the command line what a closed pipe means."""
        raise BrokenPipeError


def open_console() -> Console:
    """The console for results."""
    return ResultConsole()


def plain(text: str) -> str:
    r"""The text on one line, without what a terminal would obey: control codes, turns of the writing direction.

    >>> plain("a\x1b[31m\u202eb\nc")
    'a[31mb c'
    """
    kept = (c for c in text if c.isspace() or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNS))
    return " ".join("".join(kept).split())


class TerminalProgress:
    """A bar on a terminal, one line a stage elsewhere; always on stderr."""

    def __init__(self) -> None:
        self._live = sys.stderr is not None and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._stage, self._done = "", 0

    def begin(self, stage: str, total: int | None) -> None:
        """Start a stage of `total` records, or of unknown length."""
        self._stage, self._done = stage, 0
        if self._live:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(stage, total=total)
            self._bar.start()

    def step(self) -> None:
        """One record more is done."""
        self._done += 1
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task)

    def end(self) -> None:
        """The stage is over."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        print(f"{self._stage}: {self._done}", file=sys.stderr)


# ---------------------------------------------------------------- the table


def list_events(console: Console, results: Results) -> None:
    """Print the table of events in the order of their days: one line each where that fits, else two."""
    from conflictdesk.release.exports import sort_events

    rows = [_cells(event) for event in sort_events(results.events)]
    if not rows:
        console.print("no events found")
        return
    widths = [max(map(cell_len, column)) for column in zip(_HEADS, *rows)]
    fits = sum(widths) + _GAP * (len(widths) - 1) <= console.width
    table = _wide_table(rows) if fits else _narrow_table(rows)
    # A pipe is told no width, so rich would fill its lines with blanks.
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.out(line.rstrip(), highlight=False)


def _cells(event: Event) -> tuple[str, ...]:
    who = " → ".join(a.name for a in (event.actor1, event.actor2) if a) or NOT_SAID
    if event.actor2 and not event.actor1:
        who = f"{NOT_SAID} → {event.actor2.name}"
    place = event.place
    where = ", ".join(dict.fromkeys(p for p in (place.name, place.country) if p)) if place else NOT_SAID
    articles = str(len({m.article_id for m in event.mentions}))
    days, deaths = shorten_dates(event.dates), tell_people(event.deaths)
    return tuple(map(plain, (event.event_id, days, event.sub_event_type, who, where, deaths, articles)))


def _wide_table(rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
    for name in _HEADS:
        table.add_column(name, justify="right" if name in ("deaths", "articles") else "left", no_wrap=True)
    for cells in rows:
        table.add_row(*map(Text, cells))
    return table


def _narrow_table(rows: Sequence[Sequence[str]]) -> Table:
    """Two lines an event: its day, what, where and deaths; below, its id, who to whom and the articles."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
    table.add_column("date\nevent", no_wrap=True)
    table.add_column("what, where\nwho → to whom", ratio=1)
    table.add_column("deaths\nreported in", justify="right", no_wrap=True)
    for event_id, days, what, who, where, deaths, articles in rows:
        table.add_row(Text(days, "bold"), Text(f"{what}, {where}", "bold"), Text(deaths, "bold"))
        table.add_row(Text(event_id, "dim"), Text(who), Text(f"{articles} article{'s' if articles != '1' else ''}"))
    return table


def shorten_dates(dates: Dates | None) -> str:
    """An interval in few letters.

    >>> import datetime as dt
    >>> shorten_dates(Dates(start=dt.date(2021, 9, 20), end=dt.date(2021, 9, 26), precision=2))
    '2021-09-20..26'
    """
    if dates is None:
        return NOT_SAID
    start, end = dates.start.isoformat(), dates.end.isoformat()
    if start == end:
        return start
    same = next((n for n in (8, 5) if start[:n] == end[:n]), 0)
    return f"{start}..{end[same:]}"


def tell_people(number: Estimate | None) -> str:
    """Low-best-high, or one figure when they agree; "not said" is not 0."""
    if number is None:
        return NOT_SAID
    if number.high is None:
        return f"{number.low}-{number.best}+" if number.low != number.best else f"{number.best}+"
    return str(number.best) if number.low == number.high else f"{number.low}-{number.best}-{number.high}"


def tell_counts(console: Console, results: Results) -> None:
    """Print the one line of counts."""
    counts = (
        ("pages", results.pages),
        ("articles", len(results.articles)),
        ("mentions", len(results.mentions)),
        ("events", len(results.events)),
        ("claims", len(results.claims)),
        ("problems", len(results.problems)),
    )
    console.out(", ".join(f"{n} {name if n != 1 else name[:-1]}" for name, n in counts), highlight=False)


def tell_problems(problems: Sequence[Problem], kept: Path) -> None:
    """Say on stderr what kinds of trouble were met, and where all of them stand."""
    tell_kinds(problems)
    if problems:
        print(f"all problems: {kept}", file=sys.stderr)


def tell_kinds(problems: Sequence[Problem]) -> None:
    """Say on stderr what kinds of trouble were met, the most frequent first, each with its first case."""
    kinds: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda p: (p.file or "", p.line or 0, p.kind, p.subject)):
        kinds.setdefault(problem.kind, []).append(problem)
    ranked = sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0]))
    for kind, (first, *others) in ranked[:_SHOWN_KINDS]:
        where = (first.file or first.subject) + (f", line {first.line}" if first.line else "")
        more = f" (and {len(others)} more)" if others else ""
        print(plain(f"{kind}: {where}{more}: {first.detail}"), file=sys.stderr)
    if len(ranked) > _SHOWN_KINDS:
        left = len(ranked) - _SHOWN_KINDS
        print(f"and problems of {left} more kind{'' if left == 1 else 's'}", file=sys.stderr)


# ---------------------------------------------------------------- one event


def show_event(console: Console, event: EventRow) -> None:
    """Print one event: each field with its value, how probably it is right, and the quotes it rests on."""
    sure = f"  p {event['confidence']['event']:.2f}" if "event" in event["confidence"] else ""
    console.print(Text.assemble((event["event_id"], "bold"), "  ", (event["sub_event_type"], "bold"), (sure, "dim")))
    values = _values(event)
    for name in EVIDENCE_FIELDS:
        differ = "  (the mentions differ)" if name in event["disputed"] else ""
        sure = f"  p {event['confidence'][name]:.2f}" if name in event["confidence"] else ""
        told = (plain(values[name]), (sure, "dim"), (differ, "yellow"))
        _say(console, Text.assemble("\n", (f"{name:<12}", "bold"), *told))
        if name in event["cannot_tell"]:
            _say(console, Text(f"    cannot tell: {plain(event['cannot_tell'][name])}"))
        if name in event["inferred"]:
            _say(console, Text(f"    inferred: {plain(event['inferred'][name])}"))
        for source, quotes in _quotes_by_source(event, name).items():
            said = ", ".join(f"“{quote}”" for quote in quotes)
            _say(console, Text.assemble(f"    {said}", (f"  as reported by {source}", "dim")))
    for said_by in event["attribution"]:
        who = f": {said_by['actor']}" if said_by["actor"] else ""
        by = f", by {said_by['by']}" if said_by["by"] else ""
        _say(console, Text.assemble("\n", (f"{'attribution':<12}", "bold"), plain(f"{said_by['basis']}{who}{by}")))
        for quote in dict.fromkeys(plain(span["quote"]) for span in said_by["evidence"]):
            _say(console, Text(f"    “{quote}”"))
    _list_sources(console, event["mentions"])


def _say(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)


def _quotes_by_source(event: EventRow, name: str) -> dict[str, list[str]]:
    """The quotes of a field, each once, under the source that has it."""
    held: dict[str, list[str]] = {}
    for mention in event["mentions"]:
        for span in mention["evidence"].get(name, []):
            quotes, quote = held.setdefault(_name_source(mention), []), plain(span["quote"])
            if quote not in quotes:
                quotes.append(quote)
    return held


def _name_source(mention: MentionRow) -> str:
    return plain(f"{mention['source'] or mention['external_id']}, {mention['published_on'] or 'no date'}")


def _list_sources(console: Console, mentions: Sequence[MentionRow]) -> None:
    _say(console, Text.assemble("\n", ("articles", "bold")))
    for title, source, key in dict.fromkeys(
        (plain(m["article_title"]) or "no headline", _name_source(m), m["article_id"]) for m in mentions
    ):
        _say(console, Text.assemble(f"    {key}  {title}", (f"  {source}", "dim")))


def _values(event: EventRow) -> dict[str, str]:
    where = ", ".join(dict.fromkeys(p for p in (event["location"], event["admin1"], event["country"]) if p))
    when = event["date_start"] or NOT_SAID
    if event["date_end"] and event["date_end"] != event["date_start"]:
        when += f" to {event['date_end']}"
    kinds = {name: f" ({event[name]})" if event[name] else "" for name in ("actor1_kind", "actor2_kind")}
    return {
        "event_type": f"{event['sub_event_type']} ({event['event_type']})",
        "date": when + (f" (precision {event['date_precision']})" if event["date_precision"] else ""),
        "actor1": (event["actor1"] or NOT_SAID) + kinds["actor1_kind"],
        "actor2": (event["actor2"] or NOT_SAID) + kinds["actor2_kind"],
        "place": (where or NOT_SAID) + (f" (precision {event['place_precision']})" if event["place_precision"] else ""),
        "deaths": _people(event["deaths"]),
        "injured": _people(event["injured"]),
    }


def _people(row: EstimateRow | None) -> str:
    return tell_people(None if row is None else Estimate(low=row["low"], best=row["best"], high=row["high"]))


# ---------------------------------------------------------------- one article


def show_readings(console: Console, title: str, readings: Iterable[tuple[str, Reading]]) -> None:
    """Print an article sentence by sentence: verdict, sentence, rule."""
    _say(console, Text(plain(title) or "no headline", "bold"))
    for text, reading in readings:
        head = (f"{reading.verdict:<10}", _STYLES[reading.verdict])
        _say(console, Text.assemble(f"s{reading.sentence:<3} ", head, f" {plain(text)}"))
        detail = f" ({reading.detail})" if reading.detail else ""
        _say(console, Text(f"{'':16}{plain(reading.rule + detail)}", "dim"))
