"""The rows of the queue: how far an article is, and why it stands where it stands."""

from __future__ import annotations

from dataclasses import replace

from made_cases import ARTICLE, CODING, accept, add, background, change, decide, finish_all, fold

from conflictdesk.casework import Case
from conflictdesk.decisions import Decision, write_json
from conflictdesk.records import Estimate
from conflictdesk.review.cases import make_case
from conflictdesk.review.folding import fold_article

DRAW = decide("draw", "a-1", "article", seq=192, by="desk", after=write_json("Battles"))
BEN = {"by": "ben", "track": "second", "mode": "assisted"}


def make(*told: Decision, look: float = 3.0, duplicates: int = 0) -> Case:
    names = sorted({d.by for d in told if d.track == "second"})
    second = [fold_article(ARTICLE, CODING, told, track="second", by=name) for name in names]
    return make_case(fold(*told), second, look, duplicates)


def second(*told: Decision) -> list[Decision]:
    """Ben accepts everything after `told` and finishes."""
    return [replace(d, seq=d.seq + 300, decision_id=f"{d.decision_id}-ben", **BEN) for d in finish_all(told)]  # type: ignore[arg-type]


def test_a_new_case_tells_what_waits() -> None:
    case = make(duplicates=2)
    assert (case.status, case.incidents, case.max_deaths, case.undecided) == ("new", 3, 5, 21)
    assert (case.sentences_open, case.duplicates, case.last_seq, case.title) == (2, 2, 0, ARTICLE.title)
    assert case.reasons == (
        "up to 5 killed in one incident",
        "21 suggestions wait, some doubt",
        "2 sentences with words of violence are in no incident",
        "2 other articles tell of the same",
    )


def test_an_article_goes_from_new_to_adjudicated() -> None:
    done = finish_all()
    differ = second(change("deaths", Estimate.exactly(8)))
    settle = decide("settle", "a-1", "article", seq=900, track="final", by="lea")
    assert make(accept("deaths")).status == "open"
    assert make(DRAW).status == "new"
    assert make(*done).status == "coded" and make(*done).coded_by == ("ann",)
    assert make(*done, DRAW).status == "second" and make(*done, DRAW).stratum == "Battles"
    assert make(*done, DRAW, *second()).status == "coded"
    disputed = make(*done, DRAW, *differ)
    assert (disputed.status, disputed.second_by, disputed.last_seq) == ("disputed", ("ben",), 491)
    assert disputed.reasons == (
        "two coders differ",
        "up to 5 killed in one incident",
    )
    assert make(*done, DRAW, *differ, settle).status == "adjudicated"
    assert make(*done, DRAW, *differ[:-1]).status == "second"


def test_an_incident_that_one_coder_alone_found_is_a_dispute() -> None:
    found = replace(add(280), **BEN)  # type: ignore[arg-type]
    assert make(*finish_all(), found, *second()).status == "disputed"


def test_what_tells_of_nothing_and_what_was_skipped() -> None:
    empty = fold_article(ARTICLE, replace(CODING, mentions=()), [])
    assert make_case(empty, (), 0.0, 0).status == "nothing"
    assert make_case(fold_article(ARTICLE, None, []), (), 0.0, 0).status == "nothing"
    skipped = make(decide("skip", "a-1", "article", reason="a poem"))
    assert (skipped.status, skipped.priority, skipped.reasons) == ("skipped", 0.0, ())


def test_the_order_of_the_queue() -> None:
    question = decide("flag", "a-1", "article", reason="one or two?")
    deadly = change("deaths", Estimate.exactly(900))
    low, high = make(look=1.0), make(look=4.0)
    flagged, grave, done = make(question, look=1.0), make(deadly, look=1.0), make(*finish_all())
    assert done.priority == 0.0 < low.priority < grave.priority < high.priority < flagged.priority
    assert flagged.flagged and flagged.reasons[0] == "1 question to the lead"
    assert make(*finish_all(), question).priority > high.priority


def test_sentences_that_wait_lift_an_article() -> None:
    assert make().priority > make(background(0, 5, seq=1)).priority
