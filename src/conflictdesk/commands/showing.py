"""Answers on a terminal: in words first, then tables that can be read at 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from rich.table import Table
from rich.text import Text

from conflictdesk.terminal import plain

if TYPE_CHECKING:
    from rich.console import Console

    from conflictdesk.questions import (
        Caveat,
        Comparison,
        CountAnswer,
        Interval,
        Meaning,
        MeaningAnswer,
        People,
        Ratio,
        SensitivityRow,
        Tally,
    )

Measure = Literal["events", "deaths", "both"]
_MEANING_HEADS: Final = {
    "involving": "Events that involve the actor",
    "perpetrated": "Violence against civilians by the actor as the named doer",
    "attributed": "Events that a source attributes to the actor",
}
_SMALLEST_BASE: Final = 10
_EXPLAINED: Final = (
    "Two intervals, two questions. “By chance” asks how far the ratio would move if the same kind of violence ran once"
    " more (95 %). “As reported” asks how far the figures themselves leave it open: all lowest against all highest."
    " Neither says why anything changed."
)


def show_count(console: Console, answer: CountAnswer) -> None:
    """Print a count: one line a row, the total, and what stands in no row."""
    by = answer.question.by
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in by:
        table.add_column(name.replace("_", " "), overflow="fold")
    for head in ("events", "deaths", "low–high", "share"):
        table.add_column(head, justify="right")
    for row in answer.rows:
        table.add_row(*map(plain, row.keys), *_tally_cells(row.tally), f"{100 * row.share:.1f} %")
    total = [f"all{f' ({answer.cut:,} rows more)' if answer.cut else ''}", *[""] * (len(by) - 1)]
    table.add_row(*total, *_tally_cells(answer.total), "", style="bold")
    console.print(table)
    for reason, count in answer.not_counted.items():
        _say(console, f"not in the table: {count:,} events with {plain(reason)}")
    unknown = answer.total.deaths.unknown
    if unknown:
        _say(console, f"{unknown:,} of these events give no figure of deaths and add nothing to the sums")


def show_comparison(console: Console, answer: Comparison, measure: Measure = "both") -> None:
    """Print a comparison: the answer in words, both intervals, caveats, what it hangs on."""
    asked = answer.question
    told = [each for each in answer.meanings.values() if each is not None]
    _say(console, f"{plain(', '.join(asked.actor))}: {plain(asked.window)} before and after {asked.split}", "bold")
    if told:
        spans = (f"[{side.from_day}, {side.to_day})" for side in (told[0].before, told[0].after))
        _say(console, f"windows {' and '.join(spans)}: each holds its first day and not its last")
    for each in told:
        console.print()
        _show_meaning(console, each, measure)
    if told:
        _say(console, f"\n{_EXPLAINED}", "dim")
    _show_caveats(console, answer.caveats)
    if told:
        _show_sensitivity(
            console, [row for row in answer.sensitivity if row.meaning == told[0].meaning], told[0].meaning
        )
    _say(console, f"\ndataset version {answer.dataset_version}", "dim")


def _show_meaning(console: Console, answer: MeaningAnswer, measure: Measure) -> None:
    before, after = answer.before.tally, answer.after.tally
    parts = []
    if measure != "deaths":
        change = _tell_change(answer.events_ratio, before.events)
        parts.append(f"{before.events:,} events before, {after.events:,} after ({change})")
    if measure != "events":
        change = _tell_change(answer.deaths_ratio, before.deaths.best)
        parts.append(f"deaths {_tell_deaths(before)} before, {_tell_deaths(after)} after ({change})")
    console.print(Text.assemble((f"{_MEANING_HEADS[answer.meaning]}: ", "bold"), f"{'; '.join(parts)}."))
    if measure != "deaths":
        _say(console, f"  events a day: {_tell_ratio(answer.events_ratio)}")
    if measure != "events":
        _say(console, f"  deaths a day: {_tell_ratio(answer.deaths_ratio)}")


def _tell_change(ratio: Ratio, base: int) -> str:
    """The change in percent, per day; only as two numbers where the base is small."""
    if ratio.value is None:
        return "nothing before to divide by"
    if base < _SMALLEST_BASE:
        return "too few before for a change in percent"
    percent = round(100 * (ratio.value - 1))
    return f"{percent:+d} % a day" if percent else "no change a day"


def _tell_ratio(ratio: Ratio) -> str:
    if ratio.value is None:
        return "no ratio, for there is nothing before"
    parts = [f"{ratio.value:.2f} times"]
    if ratio.interval is not None:
        parts.append(f"by chance {_tell_interval(ratio.interval)}")
    if ratio.measured is not None:
        parts.append(f"as reported {_tell_interval(ratio.measured)}")
    return "; ".join(parts)


def _tell_interval(interval: Interval) -> str:
    low, high = ("open" if end is None else f"{end:.2f}" for end in (interval.low, interval.high))
    return f"{low} to {high}"


def _tell_deaths(tally: Tally) -> str:
    """Best and range; where events give no figure, how many: a sum of unknowns is no 0."""
    deaths = tally.deaths
    if deaths.unknown and deaths.unknown == tally.events:
        return "not known"
    span = f"{deaths.low:,} to {deaths.high:,}{' or more' if deaths.open else ''}"
    lacking = f"; {deaths.unknown:,} event{'s' * (deaths.unknown > 1)} without a figure" if deaths.unknown else ""
    return f"{deaths.best:,} ({span}{lacking})"


def _show_caveats(console: Console, caveats: Sequence[Caveat]) -> None:
    if not caveats:
        return
    _say(console, "\nWhat to keep in mind", "bold")
    for caveat in caveats:
        console.print(Text.assemble("- ", (f"{caveat.kind}: ", "italic"), plain(caveat.text)))


def _show_sensitivity(console: Console, rows: Sequence[SensitivityRow], meaning: Meaning) -> None:
    if not rows:
        return
    _say(console, f"\nWhat the answer hangs on ({_MEANING_HEADS[meaning].lower()})", "bold")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("choice", overflow="fold", ratio=1)
    for head in ("events", "deaths", "events x", "deaths x", "by chance"):
        table.add_column(head, justify="right", no_wrap=True)
    for row in rows:
        old, new = row.before.tally, row.after.tally
        ends = row.deaths_ratio.interval
        table.add_row(
            plain(row.choice),
            f"{old.events:,} > {new.events:,}",
            f"{_choose_deaths(row, old.deaths):,} > {_choose_deaths(row, new.deaths):,}",
            _tell_value(row.events_ratio.value),
            _tell_value(row.deaths_ratio.value),
            "" if ends is None else _tell_interval(ends).replace(" to ", "–"),
        )
    console.print(table)


def _choose_deaths(row: SensitivityRow, deaths: People) -> int:
    """The figure that the row compares: the lowest or highest where it is about these."""
    if row.kind != "figures":
        return deaths.best
    return deaths.low if row.choice.startswith("low") else deaths.high


def _tell_value(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def _tally_cells(tally: Tally) -> list[str]:
    deaths = tally.deaths
    return [f"{tally.events:,}", f"{deaths.best:,}", f"{deaths.low:,}–{deaths.high:,}{'+' * bool(deaths.open)}"]


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style))
