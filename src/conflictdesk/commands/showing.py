"""Answers on a terminal: in words first, then tables that can be read at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal

from rich.table import Table
from rich.text import Text

from conflictdesk.analyse.intervals import percent_change_allowed
from conflictdesk.publish.claim_wording import say_length, say_span
from conflictdesk.publish.wording import say_day
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
_OVERLAPPING: Final = ("actor", "source", "disorder_type")
_EXPLAINED: Final = (
    "“By chance”: how far the ratio could move if the same kind of violence ran once more (95 %). “As reported”: how"
    " far the reported figures leave it open, all lowest against all highest. Neither says why anything changed."
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
        table.add_row(*map(plain, row.keys), *_tally_cells(row.tally), _tell_share(row.share))
    cut = f" ({answer.cut:,} row{'s' * (answer.cut > 1)} more)" if answer.cut else ""
    table.add_row(f"all{cut}", *[""] * (len(by) - 1), *_tally_cells(answer.total), "", style="bold")
    console.print(table)
    for note in _list_notes(answer):
        _say(console, note)


def _list_notes(answer: CountAnswer) -> Iterator[str]:
    """What a reader must know of the sums: what they leave out, and where they do not add up."""
    tallies = [row.tally for row in answer.rows]
    if not answer.total.events:
        yield "no event matches: that is no proof that nothing happened"
    for reason, count in answer.not_counted.items():
        yield f"not in the table: {count:,} event{'s' * (count != 1)} with {plain(reason)}"
    if unknown := answer.total.deaths.unknown:
        them = "this event gives" if unknown == 1 else "these events give"
        yield f"{unknown:,} of {them} no figure of deaths and add{'s' * (unknown == 1)} nothing to the sums"
    if sum(tally.events for tally in tallies) > answer.total.events:
        names = " and ".join(name.replace("_", " ") for name in answer.question.by if name in _OVERLAPPING)
        yield f"an event stands in the row of each {names} it has: the rows add up to more than all"
    if any(not t.deaths.low <= t.deaths.best <= t.deaths.high for t in tallies if not t.deaths.open):
        yield "where deaths lie outside low–high, some rows of the source do: kept as published, and flagged"


def _tell_share(share: float) -> str:
    """A share in percent; one that is there never reads 0."""
    return "under 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"


def show_comparison(console: Console, answer: Comparison, measure: Measure = "both") -> None:
    """Print a comparison: the answer in words, both intervals, caveats, what it hangs on."""
    asked = answer.question
    told = [each for each in answer.meanings.values() if each is not None]
    length = plain(say_length(asked.window))
    _say(console, f"{plain('; '.join(asked.actor))}: {length} before and after {say_day(asked.split)}", "bold")
    if told:
        for name, side in (("before", told[0].before), ("after", told[0].after)):
            span = say_span((side.from_day, side.to_day))
            _say(console, f"{name}: {span}, both days included ({side.days:,} day{'s' * (side.days != 1)})")
    for each in told:
        console.print()
        _show_meaning(console, each, measure)
    if told and told[0].before.tally.events and told[0].after.tally.events:
        _say(console, f"\n{_EXPLAINED}", "dim")
    _show_caveats(console, answer.caveats)
    if told and told[0].before.tally.events + told[0].after.tally.events:
        rows = [row for row in answer.sensitivity if row.meaning == told[0].meaning]
        _show_sensitivity(console, rows, told[0].meaning)
    _say(console, f"\ndataset version {answer.dataset_version}", "dim")


def _show_meaning(console: Console, answer: MeaningAnswer, measure: Measure) -> None:
    before, after = answer.before.tally, answer.after.tally
    if not before.events and not after.events:
        console.print(Text.assemble((f"{_MEANING_HEADS[answer.meaning]}: ", "bold"), "none in either window."))
        return
    parts = []
    if measure != "deaths":
        change = _tell_change(answer.events_ratio, before.events)
        parts.append(f"{before.events:,} event{'s' * (before.events != 1)} before, {after.events:,} after ({change})")
    if measure != "events":
        change = _tell_change(answer.deaths_ratio, min(before.events, before.deaths.best))
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
    if not percent_change_allowed(base):
        return "too few before for a change in percent"
    percent = round(100 * (ratio.value - 1))
    return f"{percent:+,d} % a day" if percent else "no change a day"


def _tell_ratio(ratio: Ratio) -> str:
    if ratio.value is None:
        return "no ratio, for there is nothing before"
    parts = [f"{_tell_value(ratio.value)} times"]
    if ratio.interval is not None:
        parts.append(f"by chance {_tell_interval(ratio.interval)}")
    if ratio.measured is not None:
        parts.append(f"as reported {_tell_interval(ratio.measured)}")
    return "; ".join(parts)


def _tell_interval(interval: Interval) -> str:
    low, high = ("open" if end is None else _tell_value(end) for end in (interval.low, interval.high))
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
    _say(console, "x: after divided by before, per day; by chance: the interval for deaths", "dim")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("choice", overflow="fold", ratio=1)
    for head in ("events", "deaths", "events x", "deaths x", "by chance"):
        table.add_column(head, justify="right", no_wrap=True)
    placebos = [row for row in rows if row.kind == "placebo"]
    for row in rows:
        if row.kind != "placebo":
            table.add_row(*_sensitivity_cells(row))
        elif row is placebos[0]:
            table.add_row(*_placebo_cells(placebos))
    console.print(table)


def _sensitivity_cells(row: SensitivityRow) -> list[str]:
    old, new = row.before.tally, row.after.tally
    ends = row.deaths_ratio.interval
    return [
        plain(row.choice),
        f"{old.events:,} > {new.events:,}",
        f"{_choose_deaths(row, old.deaths):,} > {_choose_deaths(row, new.deaths):,}",
        _tell_value(row.events_ratio.value),
        _tell_value(row.deaths_ratio.value),
        "" if ends is None else _tell_interval(ends).replace(" to ", "–"),
    ]


def _placebo_cells(rows: Sequence[SensitivityRow]) -> list[str]:
    """The other split dates in one line, from the lowest ratio to the highest; `--json` has each."""
    spans = []
    for values in ([r.events_ratio.value for r in rows], [r.deaths_ratio.value for r in rows]):
        told = [value for value in values if value is not None]
        spans.append(f"{_tell_value(min(told))}–{_tell_value(max(told))}" if told else "none")
    dates = "1 other split date" if len(rows) == 1 else f"{len(rows)} other split dates"
    return [f"{dates}, one to six months off (--json lists them)", "", "", *spans, ""]


def _choose_deaths(row: SensitivityRow, deaths: People) -> int:
    """The figure that the row compares: the lowest or highest where it is about these."""
    if row.kind != "figures":
        return deaths.best
    return deaths.low if row.choice.startswith("low") else deaths.high


def _tell_value(value: float | None) -> str:
    """A ratio: two decimals where they say something, none from a hundred on."""
    if value is None:
        return "none"
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f}"


def _tally_cells(tally: Tally) -> list[str]:
    deaths = tally.deaths
    return [f"{tally.events:,}", f"{deaths.best:,}", f"{deaths.low:,}–{deaths.high:,}{'+' * bool(deaths.open)}"]


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style))
