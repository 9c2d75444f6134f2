"""Pairing: the incidents of two coders brought together whatever their order, and what they differ on."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from made_cases import (
    ARTICLE,
    BRENNIK,
    CODING,
    DAY,
    ORVEL,
    SENTENCES,
    TASMAR,
    add,
    change,
    decide,
    find,
    fold,
    quote,
)

from conflictdesk.decisions import DecidedMention, Decision
from conflictdesk.records import Dates, Estimate, Place
from conflictdesk.review.folding import fold_article
from conflictdesk.review.pairing import find_bounds, find_differences, is_disputed, pair_incidents

BEN = {"by": "ben", "track": "second", "mode": "blind"}


def code_blind(sentence: int, kind: str, place: Place | None, seq: int) -> list[Decision]:
    """An incident that Ben adds, resting on one sentence."""
    new = add(seq, **BEN)
    there = (quote(find(SENTENCES[sentence])),)
    told = [new, change("event_type", kind, new.subject_id, seq=seq + 1, evidence=there, **BEN)]
    if place is not None:
        told.append(change("place", place, new.subject_id, seq=seq + 2, evidence=there, **BEN))
    return told


def second(*told: Decision) -> tuple[DecidedMention, ...]:
    return fold_article(ARTICLE, CODING, told, track="second", by="ben").mentions


def names(pairs: tuple[tuple[DecidedMention, DecidedMention], ...]) -> list[tuple[str, object]]:
    return [(a.mention_id, b.fields["place"].value) for a, b in pairs]


def test_incidents_are_paired_by_their_sentences_and_places() -> None:
    theirs = second(
        *code_blind(4, "Violent demonstration", BRENNIK, 10),
        *code_blind(1, "Attack", ORVEL, 20),
        *code_blind(6, "Attack", None, 30),
    )
    found = pair_incidents(fold().mentions, theirs, ARTICLE)
    assert names(found.pairs) == [("m-a", ORVEL), ("m-c", BRENNIK)]
    assert [m.mention_id for m in found.only_ours] == ["m-b"]
    assert [m.fields["place"].value for m in found.only_theirs] == [None]


def test_nothing_is_paired_below_the_floor_nor_what_was_dropped() -> None:
    theirs = second(*code_blind(6, "Peaceful protest", BRENNIK, 10))
    ours = fold(decide("drop", "m-c", reason="historic")).mentions
    found = pair_incidents(ours, theirs, ARTICLE)
    assert found.pairs == () and len(found.only_theirs) == 1
    assert [m.mention_id for m in found.only_ours] == ["m-a", "m-b"]
    assert pair_incidents((), theirs, ARTICLE).only_theirs == theirs


def test_the_best_whole_goes_before_the_best_single_pair() -> None:
    """One incident of Ben's fits both of ours; the other fits only the first: both find a partner."""
    wide = code_blind(1, "Attack", TASMAR, 10)
    there = (quote(find(SENTENCES[2])),)
    day = Dates(start=DAY, end=DAY, precision=1)
    more = change("date", day, wide[0].subject_id, seq=13, evidence=there, **BEN)
    theirs = second(*wide, more, *code_blind(1, "Attack", ORVEL, 20))
    found = pair_incidents(fold().mentions, theirs, ARTICLE)
    assert names(found.pairs) == [("m-a", ORVEL), ("m-b", TASMAR)]


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_incidents_does_not_matter(dice: random.Random) -> None:
    told = [
        d
        for n in range(5)
        for d in code_blind(dice.randrange(7), "Attack", dice.choice([ORVEL, TASMAR, None]), 10 * n + 10)
    ]
    ours, theirs = list(fold().mentions), list(second(*told))
    first = pair_incidents(ours, theirs, ARTICLE)
    dice.shuffle(ours)
    dice.shuffle(theirs)
    other = pair_incidents(ours, theirs, ARTICLE)
    assert {(a.mention_id, b.mention_id) for a, b in first.pairs} == {
        (a.mention_id, b.mention_id) for a, b in other.pairs
    }
    assert len(first.pairs) + len(first.only_ours) == 3 and len(first.pairs) + len(first.only_theirs) == 5


def test_a_coder_agrees_with_himself() -> None:
    mentions = fold().mentions
    found = pair_incidents(mentions, mentions, ARTICLE)
    assert [(a.mention_id, b.mention_id) for a, b in found.pairs] == [(m.mention_id,) * 2 for m in mentions]
    assert all(find_differences(a, b) == () for a, b in found.pairs)
    assert not is_disputed(fold(), fold())


def test_differences_are_values_not_words() -> None:
    ours, theirs = (
        fold().mentions[0],
        fold(
            change("deaths", Estimate.exactly(3)),
            change("place", replace(ORVEL, latitude=11.0), seq=2),
            decide("not_stated", seq=3, field="actor2"),
            change("note", "Seen.", seq=4),
        ).mentions[0],
    )
    assert [d.field for d in find_differences(ours, theirs)] == ["actor2", "deaths"]
    coarse = fold(change("place", replace(ORVEL, precision=2))).mentions[0]
    assert [d.field for d in find_differences(ours, coarse)] == ["place"]
    assert is_disputed(fold(), fold(decide("drop", "m-c", reason="historic")))


def test_sentences_are_found_without_a_grammar() -> None:
    text = "One died. “Two fled!” he said.\n\nهل انتهى؟ نعم"
    starts = find_bounds(text)
    assert [text[s:][:3] for s in starts] == ["One", "“Tw", "he ", "هل ", "نعم"]
