"""Checks: every reason for which a decision is refused, and what speaks against finishing an article."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from made_cases import (
    ARTICLE,
    BRENNIK,
    CODING,
    DAY,
    ORVEL,
    SENTENCES,
    accept,
    accept_all,
    add,
    background,
    change,
    decide,
    find,
    finish_all,
    fold,
    quote,
    undo,
)

from conflictdesk.decisions import Blame, Decision, write_json
from conflictdesk.records import Dates, Estimate
from conflictdesk.review.checks import ACTIONS, check_case, find_faults
from conflictdesk.review.coverage import cover_sentences
from conflictdesk.review.folding import CaseFile, fold_article, new_claim_id, new_mention_id

HERE = quote(find(SENTENCES[1]))
CLAIM = write_json({"measure": "deaths", "value": 9})


def fault(draft: Decision, file: CaseFile | None = None) -> str:
    """The one fault of a draft."""
    faults = find_faults(draft, file or fold())
    assert len(faults) == 1, faults
    return faults[0]


@pytest.mark.parametrize(
    "draft",
    [
        accept("deaths"),
        change("deaths", Estimate.exactly(3)),
        change("deaths", Estimate.exactly(3), evidence=(), inferred="they are named one by one"),
        change("civilian_targeting", False, evidence=()),
        change("note", "Seen.", evidence=()),
        change("place", BRENNIK, track="final", reason="ambiguous text: two towns"),
        decide("reject", field="place"),
        decide("not_stated", field="injured"),
        decide("drop", reason="threat only"),
        decide("drop", reason="other: a film is told"),
        decide("flag", reason="one incident or two?"),
        add(1),
        background(5, seq=1),
        decide("skip", "a-1", "article", reason="a poem"),
        decide("flag", "a-1", "article", reason="is this source known?"),
        decide("draw", "a-1", "article", after=write_json("Battles")),
        decide("accept", "c-1", "claim", after=write_json({"mention_ids": ["m-a"], "rule": "even split"})),
        decide("add", new_claim_id("d-1"), "claim", after=CLAIM, evidence=(HERE,)),
        decide("drop", "c-1", "claim", reason="of another war"),
        decide("same", "m-a|m-b", "match"),
        decide("change", "e-1", "event", field="deaths", after='{"low":1,"best":1,"high":1}', reason="both are wrong"),
        decide("withdraw", "e-1", "event", reason="told of twice"),
        decide("grant", "ben", "user", after=write_json("coder")),
        decide("revoke", "ben", "user"),
    ],
)
def test_what_is_right_is_let_through(draft: Decision) -> None:
    assert find_faults(draft, None if draft.subject_kind in ("match", "event", "user") else fold()) == ()


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (decide("settle"), "cannot be decided of a mention"),
        (change("deaths", Estimate.exactly(3), evidence=()), "needs the words of the article"),
        (change("attribution", "x", evidence=(HERE,), after='{"actor":"X"}'), "cannot be read"),
        (decide("change", field="weather"), "no field “weather”"),
        (change("deaths", Estimate.exactly(3), after='{"low":5,"best":2,"high":9}'), "low <= best"),
        (change("date", True, after='{"start":"2024-03-04","end":"2024-03-01","precision":1}'), "end before it starts"),
        (change("date", True, after='{"start":"soon","end":"2024-03-01","precision":1}'), "date: start"),
        (change("event_type", "Duel"), "no event type “Duel”"),
        (change("event_type", "x", after="3"), "cannot be read"),
        (change("actor1", "x", after='{"name":"X","kind":"Pirates"}'), "kind"),
        (change("place", replace(ORVEL, precision=7)), "precision of a place"),
        (change("place", replace(ORVEL, latitude=99.0)), "Latitude goes"),
        (change("place", replace(ORVEL, name="x" * 301)), "The name is longer"),
        (change("place", replace(ORVEL, latitude=None)), "both latitude and longitude"),
        (change("deaths", Estimate.exactly(3), after=None), "No value is given"),
        (change("note", "x" * 2001), "longer than"),
        (change("deaths", Estimate.exactly(3), inferred=" "), "explanation is empty"),
        (change("deaths", Estimate.exactly(3), evidence=(replace(HERE, end=9999),)), "outside the article"),
        (change("deaths", Estimate.exactly(3), evidence=(replace(HERE, start=-4),)), "outside the article"),
        (change("deaths", Estimate.exactly(3), evidence=(replace(HERE, quote="other"),)), "not what stands there"),
        (change("deaths", Estimate.exactly(3), track="final"), "why the coders differ"),
        (accept("injured"), "could be accepted"),
        (decide("reject", field="injured"), "could be rejected"),
        (decide("reject", field="deaths", after="1"), "takes no value"),
        (accept("deaths", "m-x"), "is not there"),
        (decide("drop"), "say why"),
        (decide("drop", reason="dull"), "say why"),
        (decide("restore"), "was not dropped"),
        (decide("add", "m-mine"), f"named after its decision: {new_mention_id('d-1')}"),
        (decide("adopt", "m-x", track="final"), "No second coder"),
        (decide("flag"), "needs a reason"),
        (decide("undo", reverts="d-77"), "not among those"),
        (decide("undo"), "which decision it takes back"),
        (accept("deaths", reverts="d-7"), "Only “undo”"),
        (decide("drop", "c-1", "claim"), "say why"),
        (decide("restore", "c-1", "claim"), "was not dropped"),
        (decide("change", "c-1", "claim"), "Nothing is changed"),
        (decide("change", "c-1", "claim", after='{"value":-1}'), "value: give a number"),
        (decide("change", "c-1", "claim", after='{"colour":1}'), "a claim takes"),
        (decide("accept", "c-1", "claim", after='{"mention_ids":["m-x"]}'), "no incident of this article"),
        (decide("accept", "c-9", "claim"), "is not there"),
        (decide("add", new_claim_id("d-1"), "claim", after=CLAIM), "rests on"),
        (decide("add", new_claim_id("d-1"), "claim", after="{}", evidence=(HERE,)), "measure and value"),
        (decide("add", "c-mine", "claim", after=CLAIM, evidence=(HERE,)), "named after its decision"),
        (background(99, seq=1), "no sentence s99"),
        (background(seq=1), "No sentence is named"),
        (decide("background", "a-1", "article", after='["x"]'), "cannot be read"),
        (decide("skip", "a-1", "article"), "needs a reason"),
        (decide("draw", "a-1", "article"), "does not name"),
        (decide("settle", "a-1", "article", track="final"), "Nobody has finished"),
        (decide("reopen", "a-1", "article"), "open already"),
    ],
)
def test_what_is_wrong_is_refused_with_its_mend(draft: Decision, told: str) -> None:
    assert told in fault(draft)


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (decide("same", "m-b|m-a", "match"), "smaller id first: “m-a|m-b”"),
        (decide("same", "m-a", "match"), "two different incidents"),
        (decide("withdraw", "e-1", "event"), "needs a reason"),
        (decide("change", "e-1", "event", field="note", after='"x"', reason="r"), "no field “note”"),
        (decide("change", "e-1", "event", field="deaths", after="1", reason="r"), "cannot be read"),
        (decide("change", "e-1", "event", field="civilian_targeting", after="true"), "say why"),
        (decide("grant", "ben", "user", after='"king"'), "no role “king”"),
        (accept("deaths"), "no such article"),
        (decide("finish", "a-1", "article"), "no such article"),
        (decide("accept", "c-1", "claim"), "no such article"),
    ],
)
def test_what_is_wrong_without_an_article_is_refused_too(draft: Decision, told: str) -> None:
    faults = find_faults(draft, None)
    assert len(faults) == 1 and told in faults[0]


def test_a_dropped_incident_waits_until_it_is_restored() -> None:
    drop = decide("drop", reason="historic")
    assert "restore it first" in fault(accept("deaths", seq=2), fold(drop))
    assert "dropped already" in fault(decide("drop", seq=2, reason="historic"), fold(drop))
    assert find_faults(decide("restore", seq=2), fold(drop)) == ()


def test_a_decision_is_taken_back_once_and_on_its_own_track() -> None:
    first = accept("deaths")
    back = undo(first, 2)
    assert find_faults(back, fold(first)) == ()
    assert "taken back already" in fault(undo(first, 3), fold(first, back))
    assert find_faults(undo(back, 3), fold(first, back)) == ()
    assert "track “main”" in fault(undo(first, 3, track="final"), fold(first))


def test_an_incident_cannot_be_added_twice() -> None:
    assert "there already" in fault(replace(add(1), seq=2), fold(add(1)))


@pytest.mark.parametrize("kind", sorted(ACTIONS))
def test_every_action_of_the_contract_is_known(kind: str) -> None:
    for action in ACTIONS[kind]:  # type: ignore[index]
        draft = decide(action, "m-a", kind)  # type: ignore[arg-type]
        assert not any("cannot be decided of" in told for told in find_faults(draft, fold()))


# ---------------------------------------------------------------- finishing


def kinds(file: CaseFile) -> list[tuple[str, bool]]:
    return [(f.kind, f.blocking) for f in check_case(file)]


def test_undecided_fields_and_loose_sentences_block() -> None:
    found = check_case(fold())
    assert sum(f.kind == "undecided" for f in found) == 21
    assert [(f.sentence, f.blocking) for f in found if f.kind == "unassigned"] == [(0, True), (5, True)]
    first = next(f for f in found if f.kind == "undecided")
    assert (first.subject_id, first.field) == ("m-a", "event_type") and "Incident 1: what happened" in first.told
    faults = find_faults(decide("finish", "a-1", "article"), fold())
    assert len(faults) == 23
    done = finish_all()
    assert find_faults(done[-1], fold(*done[:-1])) == () and kinds(fold(*done)) == []


def test_an_incident_without_a_type_blocks_and_a_dropped_one_does_not() -> None:
    told = finish_all([add(1)])[:-1]
    assert kinds(fold(*told)) == [("untyped", True)]
    assert kinds(fold(*told, decide("drop", new_mention_id("d-1"), seq=300, reason="historic"))) == []


def test_a_toll_of_several_incidents_is_held_against_their_own() -> None:
    def tie(seq: int, *ties: str, **said: object) -> Decision:
        return decide("accept", "c-1", "claim", seq=seq, after=write_json({"mention_ids": list(ties), **said}))

    whole = finish_all([tie(1, "m-a", "m-b", "m-c")])
    assert kinds(fold(*whole)) == []
    part = finish_all([tie(1, "m-a", "m-b")])
    (finding,) = check_case(fold(*part))
    assert (finding.kind, finding.blocking, finding.subject_id) == ("toll", False, "c-1")
    assert "says 9 killed for incidents 1, 2 together" in finding.told and "come to 7" in finding.told
    assert kinds(fold(*finish_all([tie(1, "m-a", "m-b", value_is="at most")]))) == []
    assert kinds(fold(*finish_all([tie(1, "m-a", "m-b", value=7.5, value_is="about")]))) == []
    assert kinds(fold(*finish_all([tie(1, "m-a", value=1, value_is="at least")]))) == []
    silent = decide("not_stated", "m-b", seq=2, field="deaths")
    assert kinds(fold(*finish_all([tie(1, "m-a", "m-b"), silent]))) == []
    assert kinds(fold(*finish_all([tie(1, "m-a", "m-b", value=1), silent]))) == [("toll", False)]


def test_a_day_after_publication_and_a_place_abroad_are_warned_of() -> None:
    late = Dates(start=DAY, end=dt.date(2024, 3, 9), precision=2)
    abroad = replace(BRENNIK, country="Westmark", iso3="WES")
    found = check_case(fold(*finish_all([change("date", late), change("place", abroad, "m-c", seq=2)])))
    assert [(f.kind, f.subject_id, f.field, f.blocking) for f in found] == [
        ("future", "m-a", "date", False),
        ("abroad", "m-c", "place", False),
    ]
    undated = replace(ARTICLE, published_on=None)
    assert check_case(fold_article(undated, CODING, finish_all([change("date", late)]))) == ()


def test_a_sentence_of_violence_that_carries_no_incident_is_warned_of() -> None:
    there = change("injured", Estimate.exactly(1), seq=1, evidence=(quote(find(SENTENCES[5])),))
    place = change("place", ORVEL, seq=1, evidence=(quote(find(SENTENCES[5])),))
    assert kinds(fold(*finish_all([there]))) == []
    (finding,) = check_case(fold(*[d for d in finish_all([place]) if d.action != "background"], background(0, seq=500)))
    assert (finding.kind, finding.sentence) == ("count", 5) and "rests on s5" in finding.told


def test_the_cover_of_each_sentence() -> None:
    file = fold(background(5, seq=1), decide("drop", "m-c", seq=2, reason="historic"))
    cover = cover_sentences(file)
    assert [c.state for c in cover] == [
        "open",
        "assigned",
        "assigned",
        "assigned",
        "assigned",
        "background",
        "ignored",
    ]
    assert cover[1].mention_ids == ("m-a",) and cover[3].claim_ids == ("c-1",) and cover[4].mention_ids == ("m-c",)
    assert cover_sentences(replace(file, coding=None)) == ()
    assert len(accept_all(file, 1)) == 14


def test_who_is_blamed_rests_on_words_too() -> None:
    blame = Blame(actor="Northern Front", by="the army", basis="accused")
    assert "needs the words" in fault(change("attribution", blame, evidence=()))
