"""What the date reader makes of the words of newspapers: a table of invented sentences, and what must always hold."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conflictdesk.coding.dates import DateExpression, read_dates

SUNDAY = dt.date(2021, 9, 26)


@dataclass(frozen=True)
class Case:
    """A sentence, the words in it that state a time, and what they come to."""

    text: str
    start: int
    words: str
    days: tuple[dt.date, dt.date] | None
    precision: int
    kind: str
    published: dt.date | None


def _read_cases() -> Iterator[Case]:
    table = tomllib.loads(Path(__file__).with_name("date_expressions.toml").read_text(encoding="utf-8"))
    for group in table["group"]:
        for marked, days, precision, kind in group["cases"]:
            before, words, after = marked.replace("]", "[").split("[")
            ends = [dt.date.fromisoformat(day) for day in days.split("..") if day]
            yield Case(
                before + words + after,
                len(before),
                words,
                (ends[0], ends[-1]) if ends else None,
                precision,
                kind,
                group.get("published"),
            )


CASES = list(_read_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_an_expression_means_the_days_that_it_allows(case: Case) -> None:
    found = {item.span.start: item for item in read_dates(case.text, case.published)}
    assert case.start in found, [item.span.quote(case.text) for item in found.values()]
    item = found[case.start]
    assert item.span.quote(case.text) == case.words
    assert item.kind == case.kind
    dates = item.dates
    assert (dates and (dates.start, dates.end)) == case.days
    assert dates is None or dates.precision == case.precision


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize(
    "text",
    [
        "She may march on, he may not.",
        "The march drew a crowd; the protesters' March for Bread began at noon.",
        "Jan Halvorsen and April Dunmore spoke for the union.",
        "In a second the roof was gone.",
        "Sales on Black Friday fell, the Sunday Times wrote.",
        "Some 2000 people and 1,900 sheep crossed at 2030 GMT.",
        "A 24-year-old spent three years in prison.",
        "Resolution 1973 and Highway 2010 are not years.",
        "The March 14 alliance met on July 26 Street.",
        "Every Friday they pray; on Fridays the shop is shut.",
        "The curfew is an overnight curfew.",
        "Read it in the Monday Nation.",
        "The bureau of USA TODAY wrote of it; so did Russia Today.",
        "Shots were heard in the 2000 block of the road.",
        "Two thousand and four homes burned; nineteen ninety-litre drums were found.",
        "Three days after the ceasefire, shells fell.",
        "H3 2020 is a label.",
    ],
)
def test_words_that_only_look_like_dates_are_left_alone(text: str) -> None:
    assert [item.span.quote(text) for item in read_dates(text, SUNDAY)] == []


@pytest.mark.parametrize("published", [SUNDAY, None])
@pytest.mark.parametrize("number", ["12", "200", "2000", "2,000"])
def test_a_bare_number_of_people_keeps_its_month(published: dt.date | None, number: str) -> None:
    text = f"In March {number} people drowned."
    [item] = read_dates(text, published)
    assert item.span.quote(text) == "March"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It fell on Sept. 11.", "2021-09-11"),
        ("It fell in June.", "2021-06"),
        ("It fell last year.", "2020"),
        ("It fell three weeks ago.", "2021-W35"),
        ("It fell in recent days.", None),
        ("It fell over the weekend.", None),
    ],
)
def test_the_timex_value_is_as_coarse_as_the_words(text: str, value: str | None) -> None:
    [item] = read_dates(text, SUNDAY)
    assert item.value == value


def test_only_windows_are_durations() -> None:
    for case in CASES:
        found = read_dates(case.text, case.published)
        assert all(item.duration == (item.kind == "period") for item in found)


def test_a_window_keeps_its_two_dates() -> None:
    text = "Nine were killed from January to March 2020."
    [window] = read_dates(text, SUNDAY)
    assert [part.span.quote(text) for part in window.parts] == ["January", "March 2020"]
    assert [part.value for part in window.parts] == ["2020-01", "2020-03"]


def test_a_range_of_days_keeps_both() -> None:
    text = "Two markets were hit on 3 and 4 March."
    [both] = read_dates(text, SUNDAY)
    assert [part.span.quote(text) for part in both.parts] == ["3", "4 March"]
    assert [part.value for part in both.parts] == ["2021-03-03", "2021-03-04"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Markets were hit on March 3, 5 and 9.", ["March 3", "5", "9"]),
        ("Markets were hit on 3, 5 and 9 March 2021.", ["3", "5", "9 March"]),
    ],
)
def test_a_list_of_days_keeps_each(text: str, words: list[str]) -> None:
    [every] = read_dates(text, SUNDAY)
    assert [part.span.quote(text) for part in every.parts] == words
    assert [part.value for part in every.parts] == ["2021-03-03", "2021-03-05", "2021-03-09"]


def test_an_event_with_two_days_counts_for_nothing() -> None:
    text = "A raid came on Sept. 3. A raid came on Sept. 7. Two days after the raid, a hall burned."
    assert [item.span.quote(text) for item in read_dates(text, SUNDAY)] == ["Sept. 3", "Sept. 7"]


def _only(text: str) -> DateExpression:
    [item] = read_dates(text, SUNDAY)
    return item


def test_the_future_lies_after_publication() -> None:
    assert _only("The envoy will fly home on Tuesday.").future
    assert not _only("The envoy flew home on Tuesday.").future


def test_what_lies_back_more_than_a_year_or_is_commemorated_is_historic() -> None:
    assert _only("The mill burned down in 2006.").historic
    assert _only("They kept the anniversary of the May 3 blast.").historic
    assert not _only("The mill burned down on May 3.").historic


def test_the_day_of_a_saying_is_told_from_the_day_of_a_deed() -> None:
    first, second = read_dates("The mill burned on Friday, the mayor said on Saturday.", SUNDAY)
    assert (first.of_speech, second.of_speech) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "Fights were reported on Saturday by the ford.",
        "He told the guards that two men came to his door on Saturday.",
    ],
)
def test_what_is_told_of_a_day_is_no_saying_on_it(text: str) -> None:
    assert not _only(text).of_speech


@pytest.mark.parametrize(
    "text",
    ["Fire two years ago, then 900 days later and the next year.", "Next week; the following month; last decade."],
)
@pytest.mark.parametrize("published", [dt.date.min, dt.date.max])
def test_the_ends_of_the_calendar_are_no_trouble(text: str, published: dt.date) -> None:
    assert read_dates(text, published)


WORDS = st.sampled_from(
    [case.words for case in CASES]
    + [
        "on",
        "since",
        "from",
        "to",
        "between",
        "and",
        "the",
        "until",
        "said",
        "will",
        "-",
        "🔥",
        "يوم السبت",
        "\n\n",
        ".",
        ",",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join))
DAYS = st.one_of(st.none(), st.dates())


@settings(max_examples=150, deadline=None)
@given(TEXTS, DAYS)
@example("٢٠٢١-٠٩-١١ 🔥 Sept. 11", SUNDAY)
def test_any_text_is_read_into_spans_that_lie_in_it_in_order(text: str, published: dt.date | None) -> None:
    end = 0
    for item in read_dates(text, published):
        assert end <= item.span.start
        end = item.span.end
        assert end <= len(text)
        assert item.span.quote(text).strip()
        assert item.dates is None or item.dates.start <= item.dates.end
        assert all(item.span.holds(part.span) for part in item.parts)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, DAYS)
def test_a_new_paragraph_changes_nothing_before_it(text: str, more: str, published: dt.date | None) -> None:
    text, more = text.rstrip(), more.replace("/", " ")  # 13/4/2019 shows how 3/4/2019 before it is meant
    before = read_dates(text, published)
    assert read_dates(f"{text}\n\n{more}", published)[: len(before)] == before


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CASES), st.text(alphabet="🔥ءب ", max_size=8))
def test_spans_follow_the_words_when_other_letters_stand_before_them(case: Case, before: str) -> None:
    moved = read_dates(f"{before}\n\n{case.text}", case.published)
    assert [item.span.start - len(before) - 2 for item in moved] == [
        item.span.start for item in read_dates(case.text, case.published)
    ]
