"""Published sentences, read: what is said is found, what is not said is told, and every part rests on its words."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.analyse.claim_sentences import NOTHING_GIVEN, GivenParts, read_claim_sentence
from conflictdesk.analyse.windows import Length
from conflictdesk.questions import ClaimReading

ACTORS = {
    "Green Front": 5,
    "Reds": 4,
    "IS": 60,
    "HTS": 29,
    "Government of Syria": 110,
    "Hill Guards": 3,
    "Northern League (Mali)": 7,
    "Northern League (Niger)": 2,
    "Civilians": 90,
}
PUBLISHED = dt.date(2021, 9, 26)
CLAIMS: list[dict[str, object]] = tomllib.loads((Path(__file__).parent / "published_claims.toml").read_text("utf-8"))[
    "claim"
]


def read(sentence: object, context: str | None = None, parts: GivenParts = NOTHING_GIVEN) -> ClaimReading:
    return read_claim_sentence(str(sentence), ACTORS, PUBLISHED, context, parts)


def name_case(claim: dict[str, object]) -> str:
    return str(claim["sentence"])[:60]


@pytest.mark.parametrize("claim", CLAIMS, ids=name_case)
def test_a_claim_is_read_as_a_person_would(claim: dict[str, object]) -> None:
    reading = read(claim["sentence"])
    if "unread" in claim:
        assert str(claim["unread"]) in "; ".join(reading.unread)
    else:
        assert reading.unread == ()
    if "figures" in claim:
        assert [[f.side, f.value, f.value_is] for f in reading.figures] == claim["figures"]
    if "windows" in claim:
        assert {side: [day.isoformat() for day in span] for side, span in reading.windows.items()} == claim["windows"]
    if "split" in claim:
        assert reading.split is not None and reading.split.isoformat() == claim["split"]
    for name in ("actor", "country", "disorder_type", "sub_event_type"):
        if name in claim:
            assert list(getattr(reading, name)) == claim[name]
    for name in ("measure", "window", "change", "change_is", "said_by", "civilians"):
        if name in claim:
            assert getattr(reading, name) == claim[name]


@pytest.mark.parametrize("claim", CLAIMS, ids=name_case)
def test_every_part_rests_on_its_words(claim: dict[str, object]) -> None:
    rests_on_its_words(read(claim["sentence"]))


def rests_on_its_words(reading: ClaimReading, context: str = "") -> None:
    for name, (start, end) in reading.spans.items():
        assert reading.sentence[start:end] == reading.quotes[name] != ""
    for name in set(reading.quotes) - set(reading.spans):
        assert reading.quotes[name] in context
    for figure in reading.figures:
        assert reading.sentence[figure.start : figure.end] == figure.quote != ""


WORDS = st.sampled_from(
    (
        *(
            "the Reds",
            "Green Front",
            "killed",
            "9,312",
            "about",
            "more than",
            "people",
            "deaths",
            "in",
            "2018",
            "last year",
        ),
        *(
            "the six months",
            "before",
            "after",
            "12 February 2020",
            "compared with",
            "a 40 % rise",
            "doubled",
            "Niger",
            "fell",
        ),
        *(
            "“",
            "’s",
            ",",
            ".",
            ";",
            "é",
            "🙂",
            "الحوثي",
            "attacks",
            "injured",
            "between",
            "March",
            "and",
            "from",
            "to",
            "1,204",
        ),
        *(
            "the previous",
            "year",
            "the same period of",
            "2.4 million",
            "0",
            "31 September 2019",
            "so far this year",
            "civilians",
        ),
    )
)


@given(st.lists(WORDS, min_size=1, max_size=25).map(" ".join))
def test_no_sentence_breaks_the_reading(sentence: str) -> None:
    reading = read(sentence, context=f"Before. {sentence} After.")
    rests_on_its_words(reading, f"Before. {sentence} After.")
    for first, last in reading.windows.values():
        assert first < last
    assert set(reading.actor) <= set(ACTORS)
    if not reading.unread:
        assert reading.windows and reading.measure and (reading.figures or reading.change is not None)


@given(st.text(max_size=200))
def test_any_text_is_read_without_fault(sentence: str) -> None:
    rests_on_its_words(read(sentence))


@given(
    st.integers(1, 10**7),
    st.integers(1, 10**7),
    st.dates(dt.date(1990, 1, 1), dt.date(2020, 12, 31)),
    st.integers(1, 24),
)
def test_the_figures_of_any_comparison_find_their_side(before: int, after: int, split: dt.date, months: int) -> None:
    said = f"The Reds killed {after:,} people in the {months} months after {split.day} {split:%B %Y}"
    said += f", {before:,} in the {months} months before."
    reading = read(said)
    assert reading.unread == ()
    assert (reading.split, [(f.side, f.value) for f in reading.figures]) == (
        split,
        [("before", before), ("after", after)],
    )


ARTICLE = (
    "“Deadlier months,” she said, comparing the time between Mar. 3, 2020, and Sept. 3, 2020,"
    " with Sept. 3, 2019, to Mar. 3, 2020.\n\n"
    "The tally says that in the six months preceding the Reds’ return to talks, they were responsible for 798 deaths."
    " In the six months after they returned, they killed 912 people, a rise of 114.\n\nNobody knows why."
)
HALVES = (
    "The tally says that in the six months preceding the Reds’ return to talks, they were responsible for 798 deaths.",
    "In the six months after they returned, they killed 912 people, a rise of 114.",
)


@pytest.mark.parametrize("half", HALVES)
def test_two_sentences_of_one_comparison_are_one_reading_and_the_article_gives_the_day(half: str) -> None:
    reading = read(half, ARTICLE)
    assert reading.sentence == " ".join(HALVES)
    assert (reading.actor, reading.split, reading.window) == (("Reds",), dt.date(2020, 3, 3), "6months")
    assert [(f.side, f.value) for f in reading.figures] == [("before", 798), ("after", 912)]
    assert reading.quotes["difference"] == "114" and "Mar. 3, 2020" in reading.quotes["split"]
    rests_on_its_words(reading, ARTICLE)


def test_two_days_in_the_article_are_not_chosen_between() -> None:
    other = " It also fell from 1 Jan 2018 to 1 July 2018, after 1 July 2017 to 1 Jan 2018."
    reading = read(HALVES[0], ARTICLE + other)
    assert reading.split is None
    assert "2018-01-01 or 2020-03-03" in "; ".join(reading.unread)


def test_what_a_person_sets_takes_the_place_of_what_is_read() -> None:
    parts = GivenParts(
        actor=("Reds",), split=dt.date(2020, 2, 12), window=Length(6, "months"), measure="deaths", country=("Mali",)
    )
    said = "In the six months after the accord, the Blue Wolves had 312 casualties; in the six months before, 298."
    reading = read(said, parts=parts)
    assert reading.unread == ()
    assert (reading.actor, reading.measure, reading.split) == (("Reds",), "deaths", dt.date(2020, 2, 12))
    assert reading.country == ("Mali",)
    assert [(f.side, f.value) for f in reading.figures] == [("before", 298), ("after", 312)]


def test_last_year_without_a_day_of_publication_is_told() -> None:
    reading = read_claim_sentence("The Reds killed 12 people last year.", ACTORS)
    assert "no day of publication" in "; ".join(reading.unread)
