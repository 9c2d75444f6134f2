"""Agreement: the same figures as `krippendorff` and scikit-learn, and words where a figure means nothing."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_cases import (
    ARTICLE,
    ATTACK,
    CODING,
    SENTENCES,
    accept_all,
    add,
    change,
    decide,
    find,
    finish_all,
    fold,
    quote,
)
from sklearn.metrics import cohen_kappa_score, f1_score

from conflictdesk.decisions import Decision
from conflictdesk.records import Estimate
from conflictdesk.review.agreement import (
    CodedPair,
    group_pairs,
    list_cases,
    list_coded_pairs,
    measure_agreement,
    measure_found,
)
from conflictdesk.review.comparing import write_coded
from conflictdesk.review.folding import fold_article, fold_first
from conflictdesk.review.reliability import Scale, compute_alpha

_WORDS = st.lists(st.tuples(*[st.sampled_from(("a", "b", "c", "not stated", None))] * 2), max_size=25)
_ONE_WORD = st.lists(st.tuples(*[st.sampled_from(("a", None))] * 2), max_size=8)
_NUMBERS = st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 60))] * 2), max_size=25)
_ONE_NUMBER = st.lists(st.tuples(*[st.sampled_from((7, None))] * 2), max_size=8)
_GRADES = st.lists(st.tuples(*[st.sampled_from((1, 2, 3, 4, None))] * 2), max_size=25)


def make_pair(number: int, ours: object, theirs: object, field: str = "event_type") -> CodedPair:
    """A pair of values of the article `number` // 3."""
    return CodedPair(
        article_id=f"a-{number // 3}",
        incident=(f"m-{number}", f"n-{number}"),
        field=field,
        ours=None if ours is None else str(ours),
        theirs=None if theirs is None else str(theirs),
        coder_a="ann",
        coder_b="ben",
        month="2024-03",
        mode="blind",
        language="en",
    )


def make_pairs(table: Sequence[tuple[object, object]], field: str) -> list[CodedPair]:
    return [make_pair(n, a, b, field) for n, (a, b) in enumerate(table)]


def ask_package(rows: list[list[float]], scale: Scale) -> float | None:
    """What the `krippendorff` package says; None where it cannot tell."""
    paired = [(a, b) for a, b in zip(*rows, strict=True) if not math.isnan(a) and not math.isnan(b)]
    if len({v for pair in paired for v in pair}) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=np.array(rows), level_of_measurement=scale))


def as_rows(table: Sequence[tuple[object, object]], places: dict[object, float]) -> list[list[float]]:
    return [[math.nan if pair[side] is None else places[pair[side]] for pair in table] for side in (0, 1)]


@given(st.one_of(_WORDS, _ONE_WORD))
def test_words_agree_as_the_packages_say(table: list[tuple[str | None, str | None]]) -> None:
    found = measure_agreement(make_pairs(table, "event_type"), field="event_type", resamples=0)
    places: dict[object, float] = {"a": 0, "b": 1, "c": 2, "not stated": 3}
    expected = ask_package(as_rows(table, places), "nominal")
    assert found.alpha == (None if expected is None else pytest.approx(expected, abs=1e-9))
    both = [(a, b) for a, b in table if a is not None and b is not None]
    assert (found.n, found.missing) == (len(both), len(table) - len(both))
    if both and len({v for pair in both for v in pair}) > 1:
        kappa = cohen_kappa_score([a for a, _ in both], [b for _, b in both])
        assert found.kappa == pytest.approx(kappa, abs=1e-9)
        assert found.undefined is None and found.no_kappa is None
        assert found.percent == sum(a == b for a, b in both) / len(both)
    else:
        assert found.kappa is None and found.no_kappa and found.undefined


@given(st.one_of(_NUMBERS, _ONE_NUMBER))
def test_tolls_agree_on_the_logarithm_as_the_package_says(table: list[tuple[int | None, int | None]]) -> None:
    found = measure_agreement(make_pairs(table, "deaths"), field="deaths", resamples=0)
    rows = as_rows(table, {n: math.log1p(n) for n in range(61)})
    expected = ask_package(rows, "interval")
    assert found.alpha == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert found.level.startswith("interval on log")


@given(_GRADES)
def test_precisions_agree_in_their_order_as_the_package_says(table: list[tuple[int | None, int | None]]) -> None:
    found = measure_agreement(make_pairs(table, "date_precision"), field="date_precision", resamples=0)
    expected = ask_package(as_rows(table, {n: float(n) for n in range(5)}), "ordinal")
    assert found.alpha == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert found.level.startswith("ordinal")


@given(_NUMBERS)
def test_alpha_does_not_ask_who_is_first_or_in_what_order(table: list[tuple[int | None, int | None]]) -> None:
    ours, theirs = [a for a, _ in table], [b for _, b in table]
    for scale in ("nominal", "ordinal", "interval"):
        alpha = compute_alpha(ours, theirs, scale)
        assert compute_alpha(theirs[::-1], ours[::-1], scale) == (None if alpha is None else pytest.approx(alpha))


def test_what_is_undefined_is_told_in_words() -> None:
    nothing = measure_agreement([], field="place")
    assert (nothing.n, nothing.percent, nothing.alpha) == (0, None, None)
    assert nothing.undefined == "undefined: no pair was coded by both"
    same = measure_agreement(make_pairs([("x", "x")] * 4, "place"), field="place")
    assert same.percent == 1.0 and same.alpha is None and same.undefined
    assert "same value in all 4 pairs" in same.undefined and "nothing varies" in same.undefined
    silent = measure_agreement(make_pairs([("not stated", "3"), ("4", "not stated")], "deaths"), field="deaths")
    assert silent.percent == 0.0 and silent.alpha is None and silent.scaled == 0
    assert silent.undefined == "undefined: in no pair do both coders give a figure"


def test_not_stated_is_a_value_but_no_figure() -> None:
    table: list[tuple[object, object]] = [("3", "3"), ("8", "9"), ("not stated", "not stated"), ("not stated", "2")]
    found = measure_agreement(make_pairs(table, "deaths"), field="deaths")
    assert (found.n, found.scaled, found.percent) == (4, 2, 0.5)
    assert found.alpha == pytest.approx(
        compute_alpha([math.log1p(3), math.log1p(8)], [math.log1p(3), math.log1p(9)], "interval")
    )


def test_the_interval_draws_whole_articles_and_is_the_same_each_time() -> None:
    dice = random.Random(1)
    table: list[tuple[object, object]] = []
    for _ in range(120):
        value = dice.choice("abcd")
        table.append((value, value if dice.random() < 0.8 else dice.choice("abcd")))
    pairs = make_pairs(table, "place")
    found = measure_agreement(pairs, field="place", seed=3)
    shuffled = list(pairs)
    dice.shuffle(shuffled)
    assert measure_agreement(shuffled, field="place", seed=3) == found
    assert found.low is not None and found.alpha is not None and found.high is not None
    assert found.low < found.alpha < found.high and 0.1 < found.high - found.low < 0.4
    # The same rows, told four times by each article, are no more news than once.
    clones = [replace(p, incident=(f"{p.incident[0]}-{n}", p.incident[1])) for p in pairs for n in range(4)]
    again = measure_agreement(clones, field="place", seed=3)
    assert again.low is not None and again.high is not None
    assert again.high - again.low == pytest.approx(found.high - found.low, abs=0.01)
    alone = measure_agreement([replace(p, article_id="a-0") for p in pairs], field="place")
    assert alone.alpha == found.alpha and alone.low is None
    assert alone.no_interval == "no interval: all pairs are of one article"


@given(st.lists(st.sampled_from(((True, True), (True, False), (False, True))), max_size=30))
def test_found_incidents_agree_as_scikit_learn_says(found: list[tuple[bool, bool]]) -> None:
    rows = []
    for n, (ours, theirs) in enumerate(found):
        pair = make_pair(n, "x", "x")
        rows += [
            replace(pair, incident=(f"m-{n}" if ours else None, f"n-{n}" if theirs else None), field=f) for f in "ab"
        ]
    told = measure_found(rows, resamples=50)
    if not found:
        assert told.f1 is None and told.undefined == "undefined: no incident was found by either coder"
        return
    expected = f1_score([a for a, _ in found], [b for _, b in found], zero_division=0.0)
    assert told.f1 == pytest.approx(expected, abs=1e-9)
    assert told.both + told.only_ours + told.only_theirs == len(found)


# ---------------------------------------------------------------- from two files


def second_decisions() -> list[Decision]:
    """Ben, blind: finds the attack with three dead, does not find the others, and adds one that nobody else has."""
    ben = {"by": "ben", "track": "second", "mode": "blind"}
    mine, other = add(301, **ben), add(310, **ben)
    there = (quote(find("Traffic was slow")),)
    return [
        mine,
        change("event_type", "Attack", mine.subject_id, seq=302, **ben),
        change("deaths", Estimate.exactly(3), mine.subject_id, seq=303, **ben),
        change("date", ATTACK.dates, mine.subject_id, seq=304, **ben),  # type: ignore[arg-type]
        other,
        change("event_type", "Mob violence", other.subject_id, seq=311, evidence=there, **ben),
        decide("finish", "a-1", "article", seq=320, **ben),
    ]


def test_two_files_become_rows_that_lead_back_to_their_articles() -> None:
    told = [*finish_all(), *second_decisions()]
    lead = change("deaths", Estimate.exactly(3), seq=400, track="final", by="lea", reason="coder slip")
    ours = fold_first(ARTICLE, CODING, [*told, lead])
    theirs = fold_article(ARTICLE, CODING, told, track="second", by="ben")
    pairs = list_coded_pairs(ours, theirs)
    assert {(p.coder_a, p.coder_b, p.month, p.mode, p.language) for p in pairs} == {
        ("ann", "ben", "2024-03", "blind", "en")
    }
    found = measure_found(pairs)
    assert (found.both, found.only_ours, found.only_theirs, found.f1) == (1, 2, 1, 0.4)
    said = {p.field: (p.ours, p.theirs) for p in pairs if p.incident[0] == "m-a"}
    assert said["deaths"] == ("2", "3") and said["event_type"] == ("Attack", "Attack")
    assert said["place"] == ("Orvel, East, Norland (town)", "not stated")
    assert said["date_precision"] == ("1", "1") and said["place_precision"] == ("1", "not stated")
    cases = list_cases(pairs, field="deaths")
    assert [(c.article_id, c.ours, c.theirs, c.agrees) for c in cases] == [("a-1", "2", "3", False)]
    assert [c.agrees for c in list_cases(pairs, field="incident")] == [False, False, False, True]


def test_a_coder_who_is_not_done_has_not_coded_what_he_left_open() -> None:
    told = [*finish_all(), *second_decisions()[:-1]]
    theirs = fold_article(ARTICLE, CODING, told, track="second", by="ben")
    pairs = list_coded_pairs(fold_first(ARTICLE, CODING, told), theirs)
    assert {p.theirs for p in pairs if p.field == "place"} == {None}
    assert measure_agreement(pairs, field="place").missing == 1


def test_pairs_are_grouped_whoever_came_first() -> None:
    one = make_pair(1, "x", "y")
    other = replace(one, coder_a="ben", coder_b="ann", month="2024-02", mode="assisted", language="fr")
    assert {k: len(v) for k, v in group_pairs([one, other], "coders").items()} == {"ann & ben": 2}
    assert list(group_pairs([one, other], "month")) == ["2024-02", "2024-03"]
    assert set(group_pairs([one, other], "mode")) == {"assisted", "blind"}
    assert set(group_pairs([one, other], "language")) == {"en", "fr"}


def test_the_made_article_is_finished_by_accepting_everything() -> None:
    assert len(accept_all(fold(), 1)) == 21 and fold(*finish_all()).finished == {"ann": 191}
    assert SENTENCES[0] == ARTICLE.title


def test_what_was_said_not_to_be_stated_is_coded_before_the_coder_is_done() -> None:
    silent = fold(decide("not_stated", field="deaths"), decide("reject", seq=2, field="place")).mentions[0]
    said = {name: write_coded(silent.fields[name], done=False) for name in ("deaths", "place", "injured")}
    assert said == {"deaths": "not stated", "place": "not stated", "injured": None}
