"""Which of its dates is the day of an article's main incident: the day of the deed, not of what came of it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdesk.coding.dates import read_dates
from conflictdesk.coding.incident_days import choose_incident_day

WEDNESDAY = dt.date(2024, 3, 6)


def _choose(text: str, published: dt.date | None = WEDNESDAY) -> str | None:
    chosen = choose_incident_day(text, read_dates(text, published))
    return chosen.span.quote(text) if chosen else None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A man was arrested on Tuesday. He is held over the shooting of a guard on Sunday.", "Sunday"),
        ("A man was charged Tuesday in connection with a robbery last Friday.", "last Friday"),
        ("Police on Tuesday named the farmer who was shot dead late on Saturday.", "late on Saturday"),
        ("Police Tuesday filed charges against two men. The mill was attacked at 4 a.m. Saturday.", "Saturday"),
        ("A boy is in hospital today after he was hit by a bullet on Monday night.", "Monday night"),
        ("A driver died on Tuesday. The ambush happened about 7 p.m. on Sunday near the ford.", "Sunday"),
        ("Two men were freed on Tuesday after Sunday's bombing.", "Sunday"),
        ("The mayor visited the ruins on Tuesday. Nobody saw the Saturday night attack coming.", "Saturday night"),
        ("(Updated Tuesday) A patrol was ambushed on Sunday near the ford.", "Sunday"),
        ("@wire) March 5, 2024 Gunmen raided the mill on March 2 at dawn.", "March 2"),
        ("A shop was robbed on Monday. Another shop was robbed on Sunday.", "Monday"),
        ("He was sentenced on Tuesday. He stabbed a neighbour on 3 May 2021.", "3 May 2021"),
        ("The governor said on Tuesday that shells fell on the port on Monday.", "Monday"),
        ("Shells fell on the port on Monday. The next day the road was shut.", "Monday"),
        ("Gunmen fired on the camp overnight into Tuesday.", "overnight into Tuesday"),
    ],
)
def test_the_day_of_the_deed_is_chosen(text: str, words: str) -> None:
    assert _choose(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen raided the mill.",
        "Gunmen will be tried on Friday.",
        "Nine have been shot dead since Monday.",
        "Nine were shot dead in 2019.",
    ],
)
def test_where_no_day_is_told_none_is_chosen(text: str) -> None:
    assert _choose(text) is None


def test_without_a_day_of_publication_only_a_full_date_is_chosen() -> None:
    assert _choose("Gunmen raided the mill on Sunday.", None) is None
    assert _choose("Gunmen raided the mill on 3 March 2024.", None) == "3 March 2024"


PIECES = st.sampled_from(
    ["A man was shot on Sunday.", "He was held on Monday.", "On Tuesday", "a raid", "(Sept. 3)", "\n\n", "2019", "🔥"]
)


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map(" ".join)), st.one_of(st.none(), st.dates()))
def test_the_chosen_is_one_of_the_dates_read_whatever_their_order(text: str, published: dt.date | None) -> None:
    dates = read_dates(text, published)
    chosen = choose_incident_day(text, dates)
    assert chosen is None or (chosen in dates and chosen.dates is not None and not chosen.future)
    assert chosen == choose_incident_day(text, tuple(reversed(dates)))
    if any(each.dates and each.dates.precision == 1 and not each.future and not each.duration for each in dates):
        assert chosen is not None
        assert chosen.dates is not None
        assert chosen.dates.precision == 1
