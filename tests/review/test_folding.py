"""Folding: what stands after any history of decisions, and what an undo gives back."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_cases import (
    ARTICLE,
    ATTACK,
    CODING,
    FRONT,
    NINE,
    ORVEL,
    POLICE,
    SENTENCES,
    TASMAR,
    TEXT,
    VALUES,
    accept,
    add,
    background,
    change,
    decide,
    find,
    fold,
    quote,
    undo,
)

from conflictdesk.decisions import FIELDS, Blame, DecidedMention, Decision, write_json, write_value
from conflictdesk.records import EVIDENCE_FIELDS, Estimate, Mention
from conflictdesk.review.checks import find_faults
from conflictdesk.review.folding import (
    CaseFile,
    fold_article,
    fold_first,
    new_claim_id,
    new_mention_id,
    pair_id,
    to_mention,
)


def held(file: CaseFile, subject: str = "m-a") -> DecidedMention:
    found = file.mention(subject)
    assert found is not None
    return found


def written(file: CaseFile, subject: str = "m-a") -> Mention:
    found = to_mention(held(file, subject))
    assert found is not None
    return found


# ---------------------------------------------------------------- fields


def test_what_nobody_touched_is_the_machines_own_mention() -> None:
    file = fold()
    assert [m.mention_id for m in file.mentions] == ["m-a", "m-b", "m-c"]
    assert [to_mention(m) for m in file.mentions] == list(CODING.mentions)
    states = {name: f.state for name, f in held(file).fields.items()}
    assert states["deaths"] == "suggested" and states["injured"] == states["note"] == "empty"
    assert held(file).fields["injured"].cannot_tell == "no figure is said"
    assert not held(file).is_touched and held(file).order == (0, 1, 0)


def test_an_accepted_suggestion_keeps_its_words_and_is_sure() -> None:
    file = fold(accept("deaths"))
    field = held(file).fields["deaths"]
    assert (field.state, field.value, field.by) == ("confirmed", ATTACK.deaths, "ann")
    assert field.evidence == ATTACK.evidence["deaths"]
    assert written(file) == replace(ATTACK, confidence={**ATTACK.confidence, "deaths": 1.0})


def test_an_acceptance_holds_the_value_that_was_seen_though_the_machine_changes_its_mind() -> None:
    seen = accept("deaths", after=write_value("deaths", ATTACK.deaths), evidence=(quote(find("two traders")),))
    later = replace(CODING, mentions=(replace(ATTACK, deaths=Estimate.exactly(7)),))
    field = held(fold_article(ARTICLE, later, [seen])).fields["deaths"]
    assert (field.value, field.suggestion) == (ATTACK.deaths, Estimate.exactly(7))
    assert field.evidence == (find("two traders"),)


def test_a_change_takes_the_place_of_the_suggestion_and_of_its_words() -> None:
    file = fold(change("place", TASMAR), change("deaths", Estimate.exactly(3), seq=2, inferred="two and one later"))
    mention = written(file)
    assert (mention.place, mention.deaths) == (TASMAR, Estimate.exactly(3))
    assert mention.evidence["place"] == (find(SENTENCES[1]),)
    assert mention.inferred == {"country": "from the place", "deaths": "two and one later"}
    assert held(file).fields["place"].suggestion == ORVEL


@pytest.mark.parametrize(
    ("action", "told"),
    [("not_stated", "not stated in the article"), ("reject", "the suggestion was rejected at the desk")],
)
def test_what_is_taken_away_leaves_neither_value_nor_words(action: str, told: str) -> None:
    file = fold(decide(action, field="deaths"))  # type: ignore[arg-type]
    mention = written(file)
    assert mention.deaths is None and "deaths" not in mention.evidence and mention.figures == ()
    assert mention.cannot_tell["deaths"] == told
    assert mention.confidence["deaths"] == 1.0


def test_without_an_event_type_or_when_dropped_there_is_no_mention() -> None:
    assert to_mention(held(fold(decide("not_stated", field="event_type")))) is None
    dropped = held(fold(decide("drop", reason="historic")))
    assert to_mention(dropped) is None and dropped.dropped == "historic"
    assert written(fold(decide("drop", reason="historic"), decide("restore", seq=2))) == ATTACK


def test_a_decided_type_brings_its_event_type_and_makes_the_event_sure() -> None:
    mention = written(fold(change("event_type", "Armed clash")))
    assert (mention.event_type, mention.sub_event_type) == ("Battles", "Armed clash")
    assert mention.confidence["event"] == 1.0


def test_a_changed_attribution_rests_on_its_words() -> None:
    blame = Blame(actor="Northern Front", by="the army", basis="accused")
    (said,) = written(fold(change("attribution", blame))).attribution
    assert (said.actor, said.by, said.basis, said.evidence) == (
        "Northern Front",
        "the army",
        "accused",
        (find(SENTENCES[1]),),
    )


def test_an_actor_that_became_a_side_is_no_longer_beside_it() -> None:
    coding = replace(CODING, mentions=(replace(ATTACK, associated_actors=(FRONT, POLICE)),))
    file = fold_article(ARTICLE, coding, [change("actor1", FRONT)])
    assert written(file).associated_actors == (POLICE,)


# ---------------------------------------------------------------- incidents that people add


def test_an_added_incident_is_empty_until_its_fields_are_decided() -> None:
    new = add(3)
    file = fold(new)
    mention = held(file, new.subject_id)
    assert mention.added_by == "ann" and mention.machine is None and set(mention.fields) == set(FIELDS)
    assert {f.state for f in mention.fields.values()} == {"empty"} and to_mention(mention) is None
    typed = written(fold(new, change("event_type", "Attack", new.subject_id, seq=4)), new.subject_id)
    assert (typed.coder, typed.rule, typed.confidence) == (
        "person",
        "added at the desk",
        {"event": 1.0, "event_type": 1.0},
    )


def test_an_added_incident_stands_in_history_between_what_was_stored_before_and_after() -> None:
    new = add(3)
    order = held(fold(new), new.subject_id).order
    before, after = (2, 1, 10**9), (3, 1, 0)
    assert before < order < after


def test_a_decision_on_what_is_not_there_is_an_orphan() -> None:
    new = add(1)
    lost = change("event_type", "Attack", new.subject_id, seq=2)
    assert fold(lost).orphans == (lost,)
    assert fold(new, lost).orphans == ()
    file = fold(new, lost, undo(new, 3))
    assert file.orphans == (lost,) and file.mention(new.subject_id) is None
    assert fold(new, lost, undo(new, 3), undo(undo(new, 3), 4)) == replace(
        fold(new, lost), journal=(new, lost, undo(new, 3), undo(undo(new, 3), 4))
    )


def test_a_value_that_rests_on_nothing_or_cannot_be_read_changes_nothing() -> None:
    bare = change("deaths", Estimate.exactly(3), evidence=())
    torn = change("deaths", Estimate.exactly(3), seq=2, after="{")
    odd = change("deaths", Estimate.exactly(3), seq=3, field="weather")
    file = fold(bare, torn, odd)
    assert file.orphans == (bare, torn, odd) and written(file) == ATTACK


def test_pairs_are_written_one_way() -> None:
    assert pair_id("m-b", "m-a") == pair_id("m-a", "m-b") == "m-a|m-b"
    with pytest.raises(ValueError, match="two mentions"):
        pair_id("m-a", "m-a")


# ---------------------------------------------------------------- tracks


def test_the_leads_word_goes_over_the_first_coders_whenever_it_was_said() -> None:
    final = change("deaths", Estimate.exactly(4), by="lea", track="final", reason="coder slip")
    later = change("deaths", Estimate.exactly(9), seq=2)
    file = fold(final, later)
    assert held(file).fields["deaths"].value == Estimate.exactly(4) and held(file).track == "final"
    assert held(file, "m-b").track == "main"
    assert held(fold_first(ARTICLE, CODING, [final, later])).fields["deaths"].value == Estimate.exactly(9)


def test_a_blind_second_coder_sees_nothing_of_the_machine_or_of_anybody_else() -> None:
    other = add(2, track="second", by="cal", mode="blind")
    told = [change("deaths", Estimate.exactly(4)), other, add(3, track="second", by="ben", mode="blind")]
    file = fold_article(ARTICLE, CODING, told, track="second", by="ben")
    assert [m.mention_id for m in file.mentions] == [new_mention_id("d-3")] and file.claims == ()
    assert file.mode == "blind" and [d.by for d in file.journal] == ["ben"]
    assert file.coding is not None and {n.verdict for n in file.coding.sentences} == {"nothing"}
    assert [n.cue for n in file.coding.sentences] == [n.cue for n in CODING.sentences]


def test_a_second_coder_who_may_see_suggestions_decides_them_by_himself() -> None:
    theirs = change("deaths", Estimate.exactly(4), track="second", by="ben")
    file = fold_article(
        ARTICLE, CODING, [theirs, change("deaths", Estimate.exactly(9), seq=2)], track="second", by="ben"
    )
    assert held(file).fields["deaths"].value == Estimate.exactly(4) and len(file.mentions) == 3
    assert held(fold(theirs)).fields["deaths"].value == ATTACK.deaths
    unseen = fold_article(ARTICLE, CODING, [], track="second", by="ben", mode="assisted")
    assert len(unseen.mentions) == 3


def test_an_adopted_incident_counts_with_all_that_the_second_coder_said_of_it() -> None:
    new = add(1, track="second", by="ben", mode="blind")
    typed = change("event_type", "Attack", new.subject_id, seq=2, track="second", by="ben", mode="blind")
    assert fold(new, typed).mention(new.subject_id) is None and fold(new, typed).adoptable == (new.subject_id,)
    adopted = decide("adopt", new.subject_id, seq=7, track="final", by="lea")
    mention = held(fold(new, typed, adopted), new.subject_id)
    assert (mention.added_by, mention.track, mention.order) == ("ben", "final", (7, 0, 0))
    assert mention.fields["event_type"].value == "Attack"
    over = change("event_type", "Armed clash", new.subject_id, seq=8, track="final", by="lea")
    assert held(fold(new, typed, adopted, over), new.subject_id).fields["event_type"].value == "Armed clash"
    assert fold(new, typed, adopted, undo(adopted, 9)).mention(new.subject_id) is None
    gone = decide("drop", new.subject_id, seq=9, track="final", by="lea", reason="historic")
    assert held(fold(new, typed, adopted, gone), new.subject_id).dropped == "historic"


def test_nobody_takes_back_the_work_of_another_track() -> None:
    mine = change("deaths", Estimate.exactly(4))
    assert held(fold(mine, undo(mine, 2, track="final"))).fields["deaths"].value == Estimate.exactly(4)
    theirs = change("deaths", Estimate.exactly(5), track="second", by="ben")
    told = [theirs, undo(theirs, 2, by="cal")]
    file = fold_article(ARTICLE, CODING, told, track="second", by="ben", mode="assisted")
    assert held(file).fields["deaths"].value == Estimate.exactly(5)


# ---------------------------------------------------------------- claims


def test_a_claim_is_tied_to_incidents_and_never_split() -> None:
    tie = decide("accept", "c-1", "claim", after=write_json({"mention_ids": ["m-a", "m-b"], "rule": "not split"}))
    (claim,) = fold(tie).claims
    assert (claim.state, claim.mention_ids, claim.rule, claim.claim) == ("confirmed", ("m-a", "m-b"), "not split", NINE)
    assert written(fold(tie)) == ATTACK
    assert fold().claims[0].state == "suggested"


def test_a_claim_can_be_added_changed_dropped_and_brought_back() -> None:
    said = write_json({"measure": "deaths", "value": 60, "value_is": "at least", "said_by": "the mayor"})
    new = decide("add", new_claim_id("d-1"), "claim", after=said, evidence=(quote(find("nine people")),))
    more = decide("change", new.subject_id, "claim", seq=2, after=write_json({"value": 61, "from_day": "2024-03-01"}))
    claim = fold(new, more).claim(new.subject_id)
    assert claim is not None and claim.added_by == "ann"
    assert (claim.claim.value, claim.claim.value_is, claim.claim.said_by) == (61, "at least", "the mayor")
    assert str(claim.claim.from_day) == "2024-03-01" and claim.claim.evidence["value"] == (find("nine people"),)
    gone = decide("drop", "c-1", "claim", seq=3, reason="of another war")
    assert [c.state for c in fold(gone).claims] == ["dropped"]
    assert fold(gone, decide("restore", "c-1", "claim", seq=4)).claims == fold().claims


# ---------------------------------------------------------------- the article as a whole


def test_who_is_done_what_is_set_aside_and_what_is_asked() -> None:
    flag = decide("flag", seq=3, reason="is this one incident or two?")
    told = [background(3, 5, seq=1), decide("foreground", "a-1", "article", seq=2, after="[3]"), flag]
    file = fold(*told, decide("finish", "a-1", "article", seq=4))
    assert (file.background, file.finished, file.flags) == (frozenset((5,)), {"ann": 4}, (flag,))
    opened = fold(*told, decide("finish", "a-1", "article", seq=4), decide("reopen", "a-1", "article", seq=5))
    assert opened.finished == {} and opened.flags == (flag,)
    settled = fold(*told, decide("settle", "a-1", "article", seq=6, track="final", by="lea"))
    assert settled.settled and settled.flags == ()


def test_a_skip_ends_when_the_article_is_opened_again() -> None:
    skip = decide("skip", "a-1", "article", reason="a poem")
    assert fold(skip).skipped == "a poem"
    assert fold(skip, decide("reopen", "a-1", "article", seq=2)).skipped is None
    assert fold(skip, undo(skip, 2)).skipped is None


def test_the_draw_is_seen_on_every_track() -> None:
    draw = decide("draw", "a-1", "article", after=write_json("Battles"), by="desk")
    assert fold(draw).drawn == fold_article(ARTICLE, CODING, [draw], track="second", by="ben").drawn == "Battles"


# ---------------------------------------------------------------- any history

_STEPS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 10**6)), max_size=14)


def draw_decision(file: CaseFile, kind: int, number: int, seq: int) -> Decision:
    """One step of a random history: often valid in the state of `file`, never certainly."""
    dice = random.Random(number)
    subject = dice.choice([m.mention_id for m in file.mentions])
    name = dice.choice(FIELDS)
    steps = {
        0: lambda: change(name, dice.choice(VALUES[name]), subject, seq=seq),
        1: lambda: change(name, dice.choice(VALUES[name]), subject, seq=seq, evidence=(), inferred="it follows"),
        2: lambda: accept(name, subject, seq=seq),
        3: lambda: decide("not_stated", subject, seq=seq, field=name),
        4: lambda: decide("reject", subject, seq=seq, field=name),
        5: lambda: add(seq),
        6: lambda: decide("drop", subject, seq=seq, reason="historic"),
        7: lambda: decide("restore", subject, seq=seq),
        8: lambda: background(dice.randrange(7), dice.randrange(7), seq=seq),
        9: lambda: decide("accept", "c-1", "claim", seq=seq, after=write_json({"mention_ids": [subject]})),
        10: lambda: change(
            name, dice.choice(VALUES[name]), subject, seq=seq, track="final", by="lea", reason="rule gap"
        ),
        11: lambda: undo(dice.choice(file.journal), seq) if file.journal else add(seq),
    }
    return steps[kind]()


def play(steps: list[tuple[int, int]]) -> list[Decision]:
    """The decisions of a random history that the desk would have recorded."""
    told: list[Decision] = []
    for seq, (kind, number) in enumerate(steps, start=1):
        file = fold(*told)
        step = draw_decision(file, kind, number, seq)
        if not find_faults(step, file):
            told.append(step)
    return told


def state(file: CaseFile) -> CaseFile:
    """What stands, without the record of how it came about."""
    return replace(file, journal=())


def test_the_random_histories_hold_every_kind_of_step() -> None:
    dice = random.Random(5)
    told = [d for _ in range(30) for d in play([(dice.randrange(12), dice.randrange(10**6)) for _ in range(14)])]
    kinds = {"change", "accept", "not_stated", "reject", "add", "drop", "restore", "background", "undo"}
    assert {d.action for d in told} == kinds
    assert {d.track for d in told} == {"main", "final"}


@given(_STEPS)
def test_any_history_gives_mentions_that_build(steps: list[tuple[int, int]]) -> None:
    file = fold(*play(steps))
    for mention in file.mentions:
        made = to_mention(mention)
        assert (made is None) == (mention.dropped is not None or mention.fields["event_type"].value is None)
        if made is None:
            continue
        values = (made.sub_event_type, made.dates, made.place, made.actor1, made.actor2, made.deaths, made.injured)
        names = ("event_type", "date", "place", "actor1", "actor2", "deaths", "injured")
        assert values == tuple(mention.fields[name].value for name in names)
        assert {n for n in EVIDENCE_FIELDS if mention.fields[n].is_decided} <= {
            n for n, sure in made.confidence.items() if sure == 1.0
        }
        assert all(0 <= s.start < s.end <= len(TEXT) for spans in made.evidence.values() for s in spans)


@given(_STEPS, st.tuples(st.integers(0, 10), st.integers(0, 10**6)))
def test_an_undo_gives_back_the_state_before_and_its_own_undo_the_state_after(
    steps: list[tuple[int, int]], last: tuple[int, int]
) -> None:
    told = play(steps)
    before = fold(*told)
    step = draw_decision(before, *last, 50)
    if find_faults(step, before):
        return
    after = fold(*told, step)
    taken_back = undo(step, 51)
    assert not find_faults(taken_back, after)
    assert state(fold(*told, step, taken_back)) == state(before)
    assert state(fold(*told, step, taken_back, undo(taken_back, 52))) == state(after)


@given(_STEPS, st.randoms(use_true_random=False))
def test_the_order_in_which_decisions_are_given_does_not_matter_and_what_stands_is_enough(
    steps: list[tuple[int, int]], dice: random.Random
) -> None:
    told = play(steps)
    file = fold(*told)
    shuffled = list(told)
    dice.shuffle(shuffled)
    assert fold(*shuffled) == file
    assert state(fold(*file.decisions)) == state(file)


@given(_STEPS, st.randoms(use_true_random=False))
def test_decisions_on_different_things_may_be_taken_in_any_order(
    steps: list[tuple[int, int]], dice: random.Random
) -> None:
    told = [d for d in play(steps) if d.action in ("change", "accept", "not_stated", "reject")]
    told = [d for d in told if d.subject_id in ("m-a", "m-b", "m-c")]
    threads: dict[tuple[str, str | None], list[Decision]] = {}
    for decision in told:
        threads.setdefault((decision.subject_id, decision.field), []).append(decision)
    mixed: list[Decision] = []
    while any(threads.values()):
        thread = dice.choice([t for t in threads.values() if t])
        mixed.append(replace(thread.pop(0), seq=len(mixed) + 1))
    first, other = fold(*told), fold(*mixed)
    assert first.mentions == other.mentions
    assert [to_mention(m) for m in first.mentions] == [to_mention(m) for m in other.mentions]


def test_a_reviewer_who_opens_a_blind_coders_work_again_shows_him_nothing() -> None:
    ben = {"by": "ben", "track": "second", "mode": "blind"}
    done = decide("finish", "a-1", "article", seq=2, **ben)
    opened = decide("reopen", "a-1", "article", seq=3, by="rae", track="second")
    told = [add(1, **ben), done, opened]
    file = fold_article(ARTICLE, CODING, told, track="second", by="ben")
    assert file.mode == "blind" and len(file.mentions) == 1 and file.finished == {}
    assert fold_article(ARTICLE, CODING, told[:2], track="second", by="ben").finished == {"ben": 2}


def test_an_adoption_may_name_whose_coding_counts_and_others_cannot_take_it_back() -> None:
    ben, cal = {"by": "ben", "track": "second"}, {"by": "cal", "track": "second"}
    bens = change("deaths", Estimate.exactly(4), seq=1, **ben)
    cals = change("deaths", Estimate.exactly(6), seq=2, **cal)
    adopted = decide("adopt", seq=3, by="lea", track="final", after=write_json("ben"))
    assert held(fold(bens, cals, adopted)).fields["deaths"].value == Estimate.exactly(4)
    latest = decide("adopt", seq=3, by="lea", track="final")
    assert held(fold(bens, cals, latest)).fields["deaths"].value == Estimate.exactly(6)
    meddled = undo(bens, 4, by="cal")
    assert held(fold(bens, cals, adopted, meddled)).fields["deaths"].value == Estimate.exactly(4)


def test_an_acceptance_of_another_value_does_not_borrow_the_suggestions_words() -> None:
    other = accept("deaths", after=write_value("deaths", Estimate.exactly(7)))
    assert fold(other).orphans == (other,) and written(fold(other)) == ATTACK


def test_what_a_side_suffered_goes_when_the_side_is_another() -> None:
    theirs = replace(ATTACK.figures[0], of="actor2")
    coding = replace(CODING, mentions=(replace(ATTACK, figures=(*ATTACK.figures, theirs)),))
    assert written(fold_article(ARTICLE, coding, [change("actor2", POLICE)])).figures == ATTACK.figures
    assert written(fold_article(ARTICLE, coding, [accept("actor2")])).figures == (*ATTACK.figures, theirs)


def test_an_article_that_is_opened_again_is_no_longer_settled() -> None:
    settle = decide("settle", "a-1", "article", seq=1, track="final", by="lea")
    assert not fold(settle, decide("reopen", "a-1", "article", seq=2)).settled


def test_another_figure_of_a_claim_leaves_it_tied() -> None:
    tie = decide("accept", "c-1", "claim", after=write_json({"mention_ids": ["m-a", "m-b"]}))
    more = decide("change", "c-1", "claim", seq=2, after=write_json({"value": 10}))
    assert fold(tie, more).claims[0].mention_ids == ("m-a", "m-b")
