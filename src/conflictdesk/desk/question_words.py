"""Answers in words: windows, ratios, intervals, what they allow to say, and the paragraph on method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from conflictdesk.datasets.opening import Dataset
from conflictdesk.publish.charts import say_day, say_dimension
from conflictdesk.questions import (
    MEANINGS,
    Comparison,
    Filter,
    Interval,
    Meaning,
    MeaningAnswer,
    People,
    Ratio,
)

MEANING_WORDS: Final[dict[Meaning, tuple[str, str]]] = {
    "involving": (
        "Events that involve {actor}",
        "It is a named party, on either side. Deaths are all deaths in these events: its own dead are among them, and "
        "those whom others killed.",
    ),
    "perpetrated": (
        "Violence against civilians by {actor}",
        "It is the one armed side that the source names in violence against civilians. Civilians killed in battles are "
        "not among them.",
    ),
    "attributed": (
        "Events that a source blames on {actor}",
        "A named source says that it did this, or it said so itself. Who is not blamed may still have done it.",
    ),
}
_NUMBERS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def say_window(window: str) -> str:
    """Say the length of a window.

    >>> say_window("6months"), say_window("1year"), say_window("182days")
    ('six months', 'one year', '182 days')
    """
    number = int("".join(letter for letter in window if letter.isdigit()) or 0)
    unit = "".join(letter for letter in window if letter.isalpha())
    return f"{_NUMBERS[number] if number <= 12 else number} {unit}"


def say_span(first: dt.date, end: dt.date) -> str:
    """Say a half-open interval by its first and last day.

    >>> say_span(dt.date(2031, 3, 1), dt.date(2031, 9, 1))
    '1 March to 31 August 2031'
    """
    last = end - dt.timedelta(days=1)
    start = say_day(first) if first.year != last.year else f"{first.day} {first:%B}"
    return f"{start} to {say_day(last)}"


def say_percent(ratio: Ratio) -> str:
    """A ratio as a change in percent; multiples where it more than triples.

    >>> say_percent(Ratio(value=1.34, interval=None, measured=None, method="")), say_percent(
    ...     Ratio(value=0.5, interval=None, measured=None, method=""))
    ('+34 %', '−50 %')
    """
    if ratio.value is None:
        return "no ratio"
    if ratio.value > 3:
        return f"{ratio.value:,.1f} times"
    change = round((ratio.value - 1) * 100)
    if change == 0:
        return "the same" if ratio.value == 1 else "under 1 %"
    return f"+{change} %" if change > 0 else f"−{-change} %"


def say_ratio(value: float | None) -> str:
    """A ratio with two decimals.

    >>> say_ratio(1.336), say_ratio(None)
    ('1.34', 'none')
    """
    return "none" if value is None else f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def say_interval(interval: Interval | None) -> str:
    """An interval of ratios.

    >>> say_interval(Interval(low=0.71, high=1.93)), say_interval(Interval(low=0.71, high=None))
    ('0.71 to 1.93', '0.71 or more')
    """
    if interval is None or (interval.low is None and interval.high is None):
        return "not to be told"
    if interval.low is None:
        return f"up to {say_ratio(interval.high)}"
    if interval.high is None:
        return f"{say_ratio(interval.low)} or more"
    return f"{say_ratio(interval.low)} to {say_ratio(interval.high)}"


def judge_process(ratio: Ratio, what: str) -> str:
    """What the process interval says, by a fixed rule: whether it holds "no change" (1)."""
    if ratio.interval is None or ratio.value is None:
        return f"For {what} there is no such interval: {ratio.method or 'nothing stands before the split'}."
    if _holds_one(ratio.interval):
        return (
            f"For {what} it holds 1, “no change”: with ups and downs as large as these weeks show, "
            "a difference of this size can come about by itself."
        )
    way = "more" if ratio.value > 1 else "fewer"
    return (
        f"For {what} it does not hold 1, “no change”: {way} after than before, beyond the usual ups and downs of the "
        "weeks. What brought it about, the figures do not say."
    )


def judge_processes(answer: MeaningAnswer) -> str:
    """What both process intervals say; once, where they say the same."""
    ratios = (answer.events_ratio, answer.deaths_ratio)
    both = [ratio for ratio in ratios if _holds_one(ratio.interval)]
    if len(both) == len(ratios) and all(ratio.value is not None for ratio in ratios):
        return (
            "Both hold 1, “no change”: with ups and downs as large as these weeks show, differences of this size can "
            "come about by themselves."
        )
    return f"{judge_process(ratios[0], 'events')} {judge_process(ratios[1], 'deaths')}"


def _holds_one(interval: Interval | None) -> bool:
    if interval is None:
        return False
    return (interval.low is None or interval.low <= 1) and (interval.high is None or interval.high >= 1)


def judge_measured(ratio: Ratio, what: str) -> str:
    """What the measurement interval says, by a fixed rule."""
    if ratio.measured is None or (ratio.measured.low is None and ratio.measured.high is None):
        return f"For {what} the data set no such bounds."
    if _holds_one(ratio.measured):
        return f"For {what} the reports leave open even the direction."
    return f"For {what} the direction is the same however the reported figures are read."


def write_methods(answer: Comparison, dataset: Dataset) -> str:
    """A paragraph on method to copy: what was counted, of what, how, and from which version of the data."""
    question = answer.question
    told = next((held for held in (answer.meanings.get(meaning) for meaning in MEANINGS) if held), None)
    actor = " or ".join(question.actor)
    if told is None:
        return f"Dataset version {answer.dataset_version} holds nothing that can tell of {actor} in this sense."
    before, after = told.before, told.after
    origins = ", ".join(dict.fromkeys(record.origin for record in dataset.manifest.imports)) or "no source"
    sentences = (
        f"Events were counted in the dataset “{dataset.folder.resolve().name}” (rows from {origins}; version "
        f"{answer.dataset_version}).",
        f"Events before {say_day(question.split)} ({say_span(before.from_day, before.to_day)}, {before.days} days) "
        f"were compared with events from that day on ({say_span(after.from_day, after.to_day)}, {after.days} days), "
        "per day.",
        "An event belongs to the window that holds its first possible day.",
        f"Events involving {actor}: {before.tally.events:,} before, {after.tally.events:,} after.",
        f"Deaths, best figures: {_say_people(before.tally.deaths)} before, {_say_people(after.tally.deaths)} after.",
        _say_method("events", told.events_ratio),
        _say_method("deaths", told.deaths_ratio),
        f"Random draws: {question.resamples:,}, seed {question.seed}.",
        "Figures are as reported; they are not a finding of ours.",
    )
    return " ".join(sentences)


def _say_people(people: People) -> str:
    return f"{people.best:,} (low {people.low:,}, high {people.high:,})"


def _say_method(what: str, ratio: Ratio) -> str:
    interval = f"95 % interval {say_interval(ratio.interval)}"
    return f"Ratio of {what} {say_ratio(ratio.value)} ({interval}; {ratio.method})."


COMPARE_WORDS: Final[Mapping[str, object]] = {
    "say_day": say_day,
    "say_dimension": say_dimension,
    "say_interval": say_interval,
    "say_percent": say_percent,
    "say_ratio": say_ratio,
    "say_span": say_span,
    "say_window": say_window,
    "judge_measured": judge_measured,
    "judge_processes": judge_processes,
    "meaning_words": MEANING_WORDS,
    "nothing": Filter(),
}
"""What the templates of questions say things with."""
