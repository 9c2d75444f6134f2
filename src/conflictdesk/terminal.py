"""What a person sees on the terminal: progress, the table of events, one event, one article's sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from conflictdesk.records import Dates, Estimate, Event, Reading

if TYPE_CHECKING:
    from conflictdesk.pipeline import Results
    from conflictdesk.release.rows import EstimateRow, EventRow


def open_console() -> Console:
    """The console for results."""
    return Console(highlight=False, soft_wrap=False)


class TerminalProgress:
    """A bar on a terminal, one line a stage elsewhere; always on stderr."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
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


def list_events(console: Console, results: Results) -> None:
    """Print the table of events: date, what, who to whom, where, deaths, articles."""
    if not results.events:
        console.print("no events found")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (("event", "left"), ("date", "left"), ("what", "left"), ("who → to whom", "left"), ("where", "left"), ("deaths", "right"), ("articles", "right")):
        table.add_column(name, justify=justify, overflow="fold", no_wrap=name in ("event",))  # type: ignore[arg-type]
    for event in sorted(results.events, key=_order):
        table.add_row(*(escape(cell) for cell in _cells(event)))
    console.print(table)


def _order(event: Event) -> tuple[str, str, str]:
    return (event.dates.start.isoformat() if event.dates else "", event.place.name if event.place else "", event.event_id)


def _cells(event: Event) -> tuple[str, ...]:
    who = " → ".join(a.name for a in (event.actor1, event.actor2) if a)
    where = ", ".join(dict.fromkeys(p for p in (event.place.name, event.place.country) if p)) if event.place else "not said"
    return (event.event_id, tell_dates(event.dates), event.sub_event_type, who or "not said", where, tell_people(event.deaths), str(len({m.article_id for m in event.mentions})))


def tell_dates(dates: Dates | None) -> str:
    """An interval in words: one day, or first to last."""
    if dates is None:
        return "not said"
    return dates.start.isoformat() if dates.start == dates.end else f"{dates.start.isoformat()} to {dates.end.isoformat()}"


def tell_people(number: Estimate | None) -> str:
    """Low-best-high, or one figure when they agree; "not said" is not 0."""
    if number is None:
        return "not said"
    if number.high is None:
        return f"{number.low}-{number.best}+" if number.low != number.best else f"{number.best}+"
    return str(number.best) if number.low == number.high else f"{number.low}-{number.best}-{number.high}"


def tell_counts(console: Console, results: Results) -> None:
    """Print the one line of counts."""
    counts = (
        ("pages", results.pages), ("articles", len(results.articles)), ("mentions", len(results.mentions)),
        ("events", len(results.events)), ("claims", len(results.claims)), ("problems", len(results.problems)),
    )
    console.print(", ".join(f"{n} {name if n != 1 else name.rstrip('s')}" for name, n in counts))


_FIELDS = ("event_type", "date", "actor1", "actor2", "place", "deaths", "injured")


def show_event(console: Console, event: EventRow) -> None:
    """Print one event: each field with its value, then the quotes it rests on and their sources."""
    console.print(f"[bold]{escape(event['event_id'])}[/bold]  {escape(event['sub_event_type'])}  ({escape(event['event_type'])})")
    values = _values(event)
    for name in _FIELDS:
        console.print(f"\n[bold]{name}[/bold]  {escape(values[name])}")
        if name in event["inferred"]:
            console.print(f"    inferred: {escape(event['inferred'][name])}", soft_wrap=True)
        for mention in event["mentions"]:
            for span in mention["evidence"].get(name, []):
                source = mention["source"] or mention["external_id"]
                console.print(f"    “{escape(span['quote'])}”  as reported by {escape(source)}, {mention['published_on'] or 'no date'}", soft_wrap=True)
    for said in event["attribution"]:
        console.print(f"\nattribution: {escape(said['basis'])}: {escape(said['actor'] or 'nobody')}" + (f", by {escape(said['by'])}" if said["by"] else ""))
    if event["disputed"]:
        console.print(f"\nthe mentions differ on: {', '.join(event['disputed'])}")


def _values(event: EventRow) -> dict[str, str]:
    where = ", ".join(dict.fromkeys(p for p in (event["location"], event["admin1"], event["country"]) if p))
    when = event["date_start"] or "not said"
    if event["date_end"] and event["date_end"] != event["date_start"]:
        when += f" to {event['date_end']}"
    return {
        "event_type": event["sub_event_type"],
        "date": when + (f" (precision {event['date_precision']})" if event["date_precision"] else ""),
        "actor1": event["actor1"] or "not said",
        "actor2": event["actor2"] or "not said",
        "place": (where or "not said") + (f" (precision {event['place_precision']})" if event["place_precision"] else ""),
        "deaths": _people(event["deaths"]),
        "injured": _people(event["injured"]),
    }


def _people(row: EstimateRow | None) -> str:
    return tell_people(None if row is None else Estimate(low=row["low"], best=row["best"], high=row["high"]))


def show_readings(console: Console, title: str, readings: Iterable[tuple[str, Reading]] | Sequence[tuple[str, Reading]]) -> None:
    """Print an article sentence by sentence: verdict, sentence, rule."""
    console.print(f"[bold]{escape(title)}[/bold]")
    styles = {"event": "bold green", "claim": "bold blue", "background": "yellow", "nothing": "dim"}
    for text, reading in readings:
        console.print(f"s{reading.sentence:<3} [{styles[reading.verdict]}]{reading.verdict:<10}[/] {escape(text)}", soft_wrap=True)
        console.print(f"                [dim]{escape(reading.rule)}[/dim]", soft_wrap=True)
