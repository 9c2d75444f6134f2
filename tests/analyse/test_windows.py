"""Where windows begin and end."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.analyse.windows import (
    Length,
    Windows,
    move_months,
    other_length,
    read_length,
    set_windows,
    widen_windows,
)
from conflictdesk.errors import ConfigError

days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("6months", "2021-03-15", "2022-03-15"),
        ("6 Months", "2021-03-15", "2022-03-15"),
        ("1year", "2020-09-15", "2022-09-15"),
        ("26weeks", "2021-03-17", "2022-03-16"),
        ("182days", "2021-03-17", "2022-03-16"),
        ("1day", "2021-09-14", "2021-09-16"),
    ],
)
def test_a_length_reaches_back_and_forth_from_the_split(said: str, first: str, last: str) -> None:
    split = dt.date(2021, 9, 15)
    windows = set_windows(split, read_length(said))
    assert windows.edges == (dt.date.fromisoformat(first), split, dt.date.fromisoformat(last))


def test_the_split_day_is_the_first_of_the_later_window() -> None:
    windows = set_windows(dt.date(2021, 9, 15), Length(182, "days"))
    assert windows.before[1] == windows.after[0] == dt.date(2021, 9, 15)
    assert windows.days == (182, 182)


def test_a_day_that_a_month_lacks_becomes_its_last() -> None:
    assert set_windows(dt.date(2020, 8, 31), Length(6, "months")).edges[0] == dt.date(2020, 2, 29)
    assert set_windows(dt.date(2020, 2, 29), Length(1, "years")).edges[2] == dt.date(2021, 2, 28)


@pytest.mark.parametrize(
    "said", ["0months", "6 moons", "", "months", "-6months", "6.5months", "6months 2days", "٦months"]
)
def test_what_is_no_length_is_refused_with_its_mend(said: str) -> None:
    with pytest.raises(ConfigError, match="as 6months"):
        read_length(said)


@pytest.mark.parametrize("said", ["999999years", "201years", "999999days"])
def test_a_length_beyond_reason_is_refused(said: str) -> None:
    with pytest.raises(ConfigError, match="longer than 200 years"):
        read_length(said)


@pytest.mark.parametrize(("split", "said"), [(dt.date(1, 3, 1), "6months"), (dt.date(9999, 12, 1), "90days")])
def test_windows_that_leave_the_calendar_are_refused(split: dt.date, said: str) -> None:
    with pytest.raises(ConfigError, match="leave the years 1 to 9999"):
        set_windows(split, read_length(said))


@given(days, st.integers(-600, 600))
def test_moving_by_months_keeps_the_day_or_takes_the_last(day: dt.date, months: int) -> None:
    moved = move_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == day.day or (moved.day < day.day and (moved + dt.timedelta(days=1)).day == 1)


@given(days, st.integers(1, 60), st.sampled_from(["days", "weeks", "months", "years"]))
def test_every_length_reads_back_and_its_windows_meet(split: dt.date, number: int, unit: str) -> None:
    length = Length(number, unit)
    assert read_length(length.tell()) == length
    windows = set_windows(split, length)
    assert windows.before[0] < windows.before[1] == windows.after[0] < windows.after[1]


@pytest.mark.parametrize(
    ("length", "other"),
    [
        (Length(6, "months"), Length(182, "days")),
        (Length(1, "years"), Length(365, "days")),
        (Length(182, "days"), Length(6, "months")),
        (Length(52, "weeks"), Length(12, "months")),
        (Length(45, "days"), None),
    ],
)
def test_the_other_way_to_tell_a_length(length: Length, other: Length | None) -> None:
    assert other_length(length) == other


def test_windows_widen_at_their_outer_edges_only() -> None:
    windows = set_windows(dt.date(2021, 9, 15), Length(40, "days"))
    wider = widen_windows(windows, 30)
    assert isinstance(wider, Windows)
    assert wider.days == (70, 70)
    assert wider.after[0] == windows.after[0]
    assert widen_windows(windows, -35) is None
    assert (
        widen_windows(Windows((dt.date(1, 1, 2), dt.date(1, 2, 1)), (dt.date(1, 2, 1), dt.date(1, 3, 1))), 30) is None
    )
