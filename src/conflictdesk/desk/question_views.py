"""What the pages of a count and a comparison show: answers with their words, charts and downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from conflictdesk.analyse.compare import compare_windows
from conflictdesk.analyse.counts import OVERLAPPING, count_events, tally_events
from conflictdesk.analyse.listing import list_incidents
from conflictdesk.datasets.opening import Dataset
from conflictdesk.desk.question_words import MEANING_WORDS, say_window, write_methods
from conflictdesk.publish.charts import (
    NARROW,
    WIDE,
    Linker,
    Look,
    Measure,
    Spec,
    draw_counts,
    draw_placebos,
    draw_sensitivity,
    draw_svg,
    draw_weeks,
    is_placebo,
    say_dimension,
)
from conflictdesk.questions import (
    MEANINGS,
    Caveat,
    CompareQuestion,
    Comparison,
    CountAnswer,
    CountQuestion,
    Filter,
    Incident,
    Meaning,
    MeaningAnswer,
    SensitivityRow,
    Tally,
)

Drawing = Callable[[Look], "Spec | None"]

MOST_INFLUENTIAL: Final = 10
TIMES: Final = frozenset(("year", "quarter", "month", "week", "day"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart of a page: drawn for a desk and for a phone; `name` is the stem of its downloads."""

    name: str
    title: str
    wide: Markup
    narrow: Markup


def draw_figure(name: str, title: str, draw: Drawing, link: Linker) -> Figure | None:
    """Draw a chart at both widths; None where there is nothing to draw."""
    wide, narrow = (draw(Look(width=width, link=link)) for width in (WIDE, NARROW))
    if wide is None or narrow is None:
        return None
    # The SVG is made by us from a spec of ours; the words in it are escaped by the drawing engine.
    return Figure(name=name, title=title, wide=Markup(draw_svg(wide)), narrow=Markup(draw_svg(narrow)))


# ---------------------------------------------------------------- counts


@dataclass(frozen=True, slots=True, kw_only=True)
class CountView:
    """A count as its page shows it. `everything` is the sum of all events that match, in a row or not.

    `missed` are (why, events, their filter) of events that stand in no row; one that lacks two values is under both.
    """

    answer: CountAnswer
    everything: Tally
    missed: tuple[tuple[str, int, Filter], ...]
    measure: Measure
    figure: Figure | None
    titles: tuple[str, ...]
    overlapping: bool
    injured: bool


def view_count(dataset: Dataset, question: CountQuestion, measure: Measure, link: Linker) -> CountView:
    """Count, and draw the count.

    Raises:
        ConfigError: the question cannot be asked.
    """
    answer = answer_count(dataset, question)
    by = question.by[0]
    title = f"Chart of the count by {say_dimension(by)}"
    return CountView(
        answer=answer,
        everything=tally_events(dataset, question.filter),
        missed=tuple(_find_missed(dataset, question)),
        measure=measure,
        figure=draw_figure("chart", title, lambda look: draw_counts(answer, measure, look), link),
        titles=tuple(say_dimension(name).capitalize() for name in question.by),
        overlapping=any(name in OVERLAPPING for name in question.by),
        injured=answer.total.injured.unknown < answer.total.events,
    )


def _find_missed(dataset: Dataset, question: CountQuestion) -> Iterator[tuple[str, int, Filter]]:
    """Why events stand in no row, each reason with all the events that it holds for."""
    asked = question.filter
    for name in dict.fromkeys("day" if name in TIMES else name for name in question.by):
        wanted = replace(asked, missing=tuple(dict.fromkeys((*asked.missing, name))))
        number = tally_events(dataset, wanted).events
        if number:
            yield f"no {name.replace('_', ' ')}", number, wanted


@lru_cache(maxsize=64)
def answer_count(dataset: Dataset, question: CountQuestion) -> CountAnswer:
    """A count: rows of time in the order of time though the largest are kept."""
    answer = count_events(dataset, question)
    if TIMES.intersection(question.by):
        return replace(answer, rows=tuple(sorted(answer.rows, key=lambda row: row.keys)))
    return answer


# ---------------------------------------------------------------- comparisons


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningRow:
    """One meaning of "by this actor": its title, what it counts, and the answer or why there is none."""

    meaning: Meaning
    title: str
    note: str
    answer: MeaningAnswer | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareView:
    """A comparison as its page shows it. `main` is the first meaning that the data can bear."""

    answer: Comparison
    actor: str
    main: MeaningRow | None
    rows: tuple[MeaningRow, ...]
    figures: tuple[Figure, ...]
    caveats: tuple[Caveat, ...]
    choices: tuple[tuple[MeaningRow, tuple[SensitivityRow, ...]], ...]
    influential: tuple[Incident, ...]
    everything: Filter | None
    methods: str

    @property
    def length(self) -> str:
        """The window in words: "six months"."""
        return say_window(self.answer.question.window)


def view_compare(dataset: Dataset, question: CompareQuestion, link: Linker) -> CompareView:
    """Compare, and make words and charts of the answer.

    Raises:
        ConfigError: the question cannot be asked.
    """
    answer = answer_compare(dataset, question)
    actor = " or ".join(answer.question.actor)
    rows = tuple(_make_row(answer, meaning, actor) for meaning in MEANINGS)
    main = next((row for row in rows if row.answer), None)
    everything = _join_windows(main.answer) if main and main.answer else None
    return CompareView(
        answer=answer,
        actor=actor,
        main=main,
        rows=rows,
        figures=tuple(draw_comparison(answer, link)),
        caveats=tuple(c for c in answer.caveats if c.kind != "meaning not in the data"),
        choices=tuple(_choices_of(answer, row) for row in rows if row.answer),
        influential=list_incidents(dataset, everything, order="influence", limit=MOST_INFLUENTIAL)
        if everything
        else (),
        everything=everything,
        methods=write_methods(answer, dataset),
    )


@lru_cache(maxsize=32)
def answer_compare(dataset: Dataset, question: CompareQuestion) -> Comparison:
    """A comparison; asked for again by its charts and downloads, it is not computed again."""
    return compare_windows(dataset, question)


def _make_row(answer: Comparison, meaning: Meaning, actor: str) -> MeaningRow:
    title, note = MEANING_WORDS[meaning]
    told = answer.meanings.get(meaning)
    number = MEANINGS.index(meaning)
    lacking = [c.text for c in answer.caveats if c.kind == "meaning not in the data"]
    missing = [each for each in MEANINGS if answer.meanings.get(each) is None]
    place = missing.index(meaning) if meaning in missing else number
    why = lacking[place] if told is None and place < len(lacking) else ""
    return MeaningRow(meaning=meaning, title=title.format(actor=actor), note=note, answer=told, why=why)


def _choices_of(answer: Comparison, row: MeaningRow) -> tuple[MeaningRow, tuple[SensitivityRow, ...]]:
    return row, tuple(choice for choice in answer.sensitivity if choice.meaning == row.meaning)


def _join_windows(answer: MeaningAnswer) -> Filter:
    return replace(answer.before.events_filter, to_day=answer.after.to_day)


def drawings_of(answer: Comparison) -> dict[str, tuple[str, Drawing]]:
    """The charts of a comparison: name -> title and how it is drawn."""
    told = [meaning for meaning in MEANINGS if answer.meanings.get(meaning)]
    if not told or not any(week.tally.events for week in answer.weeks):
        return {}
    drawn: dict[str, tuple[str, Drawing]] = {"weeks": ("Week by week", lambda look: draw_weeks(answer, look))}
    meaning = told[0]
    drawn["events-choices"] = (
        "Events: what changes with other choices",
        lambda look: draw_sensitivity(answer, meaning, "events", look),
    )
    drawn["deaths-choices"] = (
        "Deaths: what changes with other choices",
        lambda look: draw_sensitivity(answer, meaning, "deaths", look),
    )
    if any(is_placebo(row.kind) for row in answer.sensitivity):
        drawn["events-dates"] = (
            "Events: the same comparison at other dates",
            lambda look: draw_placebos(answer, meaning, "events", look),
        )
        drawn["deaths-dates"] = (
            "Deaths: the same comparison at other dates",
            lambda look: draw_placebos(answer, meaning, "deaths", look),
        )
    return drawn


def draw_comparison(answer: Comparison, link: Linker) -> Sequence[Figure]:
    """All charts of a comparison."""
    drawn = (draw_figure(name, title, draw, link) for name, (title, draw) in drawings_of(answer).items())
    return [figure for figure in drawn if figure]
