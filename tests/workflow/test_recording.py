"""What becomes of a decision: refused, known, or in the journal with all that it needs, and at once in the events."""

from __future__ import annotations

import dataclasses

import pytest
from tried_desks import ANNA, BEN, LEAD, NOW, Hand

from conflictdesk.casework import User, name_event
from conflictdesk.decisions import name_pair, write_json, write_value
from conflictdesk.errors import CheckError, RightsError
from conflictdesk.records import Estimate, Span
from conflictdesk.workflow.casefiles import read_case
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.recording import Draft, hash_text, record_decisions

SEVEN = write_value("deaths", Estimate.exactly(7))
VERA = User(name="vera", role="viewer")


def find_market(desk: OpenDesk) -> tuple[str, str]:
    """The event of the market that three articles tell of, and the mention that names it."""
    with desk.store.reading() as reader:
        event = next(e.event for e in reader.all_events() if len(e.event.mentions) == 3)
        orders = {h.order: i for i, h in reader.mentions([m.mention_id for m in event.mentions]).items()}
    first = orders[min(orders)]
    assert event.event_id == name_event(first)
    return event.event_id, first


def find_article(desk: OpenDesk, mention_id: str) -> str:
    with desk.store.reading() as reader:
        return reader.mentions([mention_id])[mention_id].mention.article_id


def count_decisions(desk: OpenDesk) -> int:
    with desk.store.reading() as reader:
        return reader.head()[0]


def test_a_decided_figure_is_the_events_figure_and_the_others_wait_for_a_person(hand: Hand) -> None:
    event_id, first = find_market(hand.desk)
    taken = hand.send(ANNA, "change", "mention", first, field="deaths", after=SEVEN, spans=(Span(0, 6),)).decision
    with hand.desk.store.reading() as reader:
        record = reader.event(event_id)
        article = reader.article(taken.article_id or "")
        case = reader.case(taken.article_id or "")
    assert record is not None
    assert article is not None
    assert case is not None
    assert record.event.deaths == Estimate.exactly(7)
    assert "deaths" in record.open_fields
    assert record.status == "reopened"
    assert (case.status, case.coded_by) == ("open", ("anna",))
    assert taken.text_hash == hash_text(article.text)
    assert taken.before is not None
    assert '"best":' in taken.before
    assert taken.suggestion == "rules 0.1"
    assert (taken.evidence[0].quote, taken.evidence[0].suffix[0], taken.evidence[0].sentence) == (
        article.text[:6],
        article.text[6],
        0,
    )
    assert taken.codebook


def test_the_same_decision_again_is_stored_once(hand: Hand) -> None:
    _, first = find_market(hand.desk)
    draft = Draft(
        decision_id="d-twice",
        subject_kind="mention",
        subject_id=first,
        action="change",
        field="deaths",
        after=SEVEN,
        spans=(Span(0, 6),),
    )
    (once,) = record_decisions(hand.desk, [draft], ANNA, NOW)
    (twice,) = record_decisions(hand.desk, [draft], ANNA, NOW)
    assert (once.known, twice.known) == (False, True)
    assert once.decision == twice.decision
    assert count_decisions(hand.desk) == 1
    other = dataclasses.replace(draft, after=write_value("deaths", Estimate.exactly(8)))
    with pytest.raises(CheckError, match="send a new id"):
        record_decisions(hand.desk, [other], ANNA, NOW)
    with pytest.raises(CheckError, match="send a new id"):
        record_decisions(hand.desk, [draft], LEAD, NOW)


def test_an_acceptance_holds_the_value_and_the_words_that_were_suggested(hand: Hand) -> None:
    _, first = find_market(hand.desk)
    taken = hand.send(ANNA, "accept", "mention", first, field="deaths").decision
    assert taken.after is not None
    assert '"best":6' in taken.after
    assert taken.evidence
    with hand.desk.store.reading() as reader:
        held = read_case(reader, taken.article_id or "").mention(first)
    assert held is not None
    assert held.fields["deaths"].state == "confirmed"


def test_all_drafts_of_one_call_or_none(hand: Hand) -> None:
    _, first = find_market(hand.desk)
    article = find_article(hand.desk, first)
    good = Draft(decision_id="d-good", subject_kind="mention", subject_id=first, action="accept", field="deaths")
    bare = Draft(
        decision_id="d-bare", subject_kind="mention", subject_id=first, action="change", field="deaths", after=SEVEN
    )
    with pytest.raises(CheckError, match="words of the article"):
        record_decisions(hand.desk, [good, bare], ANNA, NOW)
    assert count_decisions(hand.desk) == 0
    added = Draft(decision_id="d-added", subject_kind="mention", subject_id="", action="add", article_id=article)
    (first_one,) = record_decisions(hand.desk, [added], ANNA, NOW)
    new = first_one.decision.subject_id
    kind = write_value("event_type", "Attack")
    typed = Draft(
        decision_id="d-typed",
        subject_kind="mention",
        subject_id=new,
        action="change",
        field="event_type",
        after=kind,
        spans=(Span(0, 6),),
    )
    toll = dataclasses.replace(typed, decision_id="d-toll", field="deaths", after=SEVEN)
    record_decisions(hand.desk, [typed, toll], ANNA, NOW)
    with hand.desk.store.reading() as reader:
        record = reader.event(name_event(new))
    assert record is not None
    assert record.event.deaths == Estimate.exactly(7)


@pytest.mark.parametrize(
    ("user", "action", "kind", "told"),
    [
        (VERA, "accept", "mention", "a coder may"),
        (ANNA, "withdraw", "event", "a reviewer may"),
        (BEN, "draw", "article", "a lead may"),
        (User(name="old", role="lead", active=False), "accept", "mention", "no longer"),
    ],
)
def test_who_may_not_is_refused_and_told_who_may(hand: Hand, user: User, action: str, kind: str, told: str) -> None:
    _, first = find_market(hand.desk)
    with pytest.raises(RightsError, match=told):
        hand.send(user, action, kind, first, field="deaths")
    assert count_decisions(hand.desk) == 0


def test_two_events_are_joined_and_parted_and_keep_their_names(hand: Hand) -> None:
    event_id, first = find_market(hand.desk)
    with hand.desk.store.reading() as reader:
        bomb = next(e.event for e in reader.all_events() if e.event.place and e.event.place.name == "Bama")
    pair = name_pair(first, bomb.mentions[0].mention_id)
    hand.send(ANNA, "same", "match", pair)
    early, late = sorted((event_id, bomb.event_id), key=lambda i: _order(hand.desk, i))
    with hand.desk.store.reading() as reader:
        joined, grave = reader.event(early), reader.tombstone(late)
    assert joined is not None
    assert {first, bomb.mentions[0].mention_id} <= {m.mention_id for m in joined.event.mentions}
    assert grave is not None
    assert (grave.into, grave.reason) == (early, "joined")
    hand.send(ANNA, "undo", "match", pair, reverts=hand.sent[-1].decision.decision_id)
    with hand.desk.store.reading() as reader:
        assert {len(reader.events([early, late])[i].event.mentions) for i in (early, late)} == {1, 3}
        assert reader.tombstone(late) is None


def _order(desk: OpenDesk, event_id: str) -> tuple[int, int, int]:
    mention_id = f"m-{event_id[2:]}"
    with desk.store.reading() as reader:
        return reader.mentions([mention_id])[mention_id].order


def test_different_keeps_apart_what_the_rules_joined(hand: Hand) -> None:
    event_id, first = find_market(hand.desk)
    with hand.desk.store.reading() as reader:
        record = reader.event(event_id)
    assert record is not None
    for other in (m.mention_id for m in record.event.mentions if m.mention_id != first):
        hand.send(ANNA, "different", "match", name_pair(first, other))
    with hand.desk.store.reading() as reader:
        homes = reader.event_of([m.mention_id for m in record.event.mentions])
    assert homes[first] == event_id
    assert sorted(homes.values()).count(event_id) == 1
    assert len(set(homes.values())) == 2


def test_an_event_keeps_its_name_when_the_mention_that_gave_it_is_dropped(hand: Hand) -> None:
    event_id, first = find_market(hand.desk)
    hand.send(ANNA, "drop", "mention", first, reason="duplicate in text")
    with hand.desk.store.reading() as reader:
        record = reader.event(event_id)
    assert record is not None
    assert first not in {m.mention_id for m in record.event.mentions}
    for other in [m.mention_id for m in record.event.mentions]:
        hand.send(ANNA, "drop", "mention", other, reason="not violence")
    with hand.desk.store.reading() as reader:
        assert reader.event(event_id) is None
        grave = reader.tombstone(event_id)
    assert grave is not None
    assert grave.reason == "duplicate in text"


def test_a_withdrawn_event_leaves_its_reason_and_can_be_restored(hand: Hand) -> None:
    event_id, _ = find_market(hand.desk)
    hand.send(BEN, "withdraw", "event", event_id, reason="a film set")
    with hand.desk.store.reading() as reader:
        assert reader.event(event_id) is None
        grave = reader.tombstone(event_id)
    assert grave is not None
    assert (grave.into, grave.reason) == (None, "a film set")
    with pytest.raises(CheckError, match="restore it first"):
        hand.send(BEN, "change", "event", event_id, field="deaths", after=SEVEN, reason="told otherwise")
    hand.send(BEN, "restore", "event", event_id)
    with hand.desk.store.reading() as reader:
        assert reader.event(event_id) is not None
        assert reader.tombstone(event_id) is None


def test_a_field_of_a_whole_event_is_decided_over_all_its_articles(hand: Hand) -> None:
    event_id, _ = find_market(hand.desk)
    taken = hand.send(BEN, "change", "event", event_id, field="deaths", after=SEVEN, reason="the register").decision
    with hand.desk.store.reading() as reader:
        record = reader.event(event_id)
    assert record is not None
    assert record.event.deaths == Estimate.exactly(7)
    assert record.event.inferred["deaths"] == "decided by ben: the register"
    assert "deaths" not in record.event.disputed
    assert taken.before is not None
    assert '"high":9' in taken.before


def test_nobody_is_the_second_coder_of_his_own_work(hand: Hand) -> None:
    _, first = find_market(hand.desk)
    article = find_article(hand.desk, first)
    hand.send(ANNA, "accept", "mention", first, field="deaths")
    with pytest.raises(RightsError, match="coded this article first"):
        hand.send(ANNA, "add", "mention", "", article_id=article, track="second")
    hand.send(BEN, "add", "mention", "", article_id=article, track="second")
    with pytest.raises(RightsError, match="second coder"):
        hand.send(BEN, "accept", "mention", first, field="date")


def test_a_blind_coder_finds_nothing_of_the_machine_and_nothing_of_the_first_coder(hand: Hand) -> None:
    _, first = find_market(hand.desk)
    article = find_article(hand.desk, first)
    hand.send(ANNA, "accept", "mention", first, field="deaths")
    taken = hand.send(BEN, "add", "mention", "", article_id=article, track="second", mode="assisted").decision
    assert taken.mode == "blind"
    assert taken.suggestion is None
    with hand.desk.store.reading() as reader:
        file = read_case(reader, article, track="second", by="ben")
    assert [m.mention_id for m in file.mentions] == [taken.subject_id]
    assert file.coding is not None
    assert {note.verdict for note in file.coding.sentences} == {"nothing"}
    assert not file.coding.mentions
    with pytest.raises(CheckError, match="not there"):
        hand.send(BEN, "accept", "mention", first, field="deaths", article_id=article, track="second")


def test_what_another_decided_a_coder_does_not_take_back(hand: Hand) -> None:
    _, first = find_market(hand.desk)
    taken = hand.send(LEAD, "accept", "mention", first, field="deaths").decision
    with pytest.raises(RightsError, match="lead decided that"):
        hand.send(ANNA, "undo", "mention", first, article_id=taken.article_id, reverts=taken.decision_id)
    hand.send(BEN, "undo", "mention", first, article_id=taken.article_id, reverts=taken.decision_id)
    with pytest.raises(CheckError, match="taken back already"):
        hand.send(BEN, "undo", "mention", first, article_id=taken.article_id, reverts=taken.decision_id)


def test_a_finished_article_is_drawn_by_the_desk_when_its_toll_is_high(hand: Hand) -> None:
    with hand.desk.store.reading() as reader:
        strike = next(e.event for e in reader.all_events() if e.event.place and e.event.place.name == "Hajjah")
    (mention,) = strike.mentions
    many = write_value("deaths", Estimate.exactly(40))
    hand.send(ANNA, "change", "mention", mention.mention_id, field="deaths", after=many, spans=(Span(0, 6),))
    with hand.desk.store.reading() as reader:
        held = read_case(reader, mention.article_id).mentions[0]
    for name in (n for n, f in held.fields.items() if f.state == "suggested"):
        hand.send(ANNA, "accept", "mention", mention.mention_id, field=name)
    with hand.desk.store.reading() as reader:
        coding = reader.coding(mention.article_id)
    assert coding is not None
    rest = write_json([note.index for note in coding.sentences])
    hand.send(ANNA, "background", "article", mention.article_id, after=rest)
    finished = hand.send(ANNA, "finish", "article", mention.article_id).decision
    with hand.desk.store.reading() as reader:
        case = reader.case(mention.article_id)
        (drawn,) = reader.decisions(actions=("draw",))
    assert case is not None
    assert (case.status, case.stratum) == ("second", "25 killed or more")
    assert (drawn.by, drawn.seq) == ("desk", finished.seq + 1)


def test_an_unknown_subject_is_told(hand: Hand) -> None:
    for kind, subject, action in (
        ("mention", "m-nobody", "accept"),
        ("article", "a-nobody", "flag"),
        ("event", "e-nobody", "withdraw"),
        ("match", "m-a|m-b", "same"),
    ):
        with pytest.raises(CheckError):
            hand.send(LEAD, action, kind, subject, reason="why", field="deaths" if kind == "mention" else None)
    assert count_decisions(hand.desk) == 0


def test_a_lead_grants_and_revokes_roles(hand: Hand) -> None:
    hand.send(LEAD, "grant", "user", "nora", after=write_json("coder"))
    hand.send(LEAD, "grant", "user", "nora", after=write_json("reviewer"))
    with hand.desk.store.reading() as reader:
        assert reader.user("nora") == User(name="nora", role="reviewer")
    hand.send(LEAD, "revoke", "user", "nora")
    with hand.desk.store.reading() as reader:
        assert reader.user("nora") == User(name="nora", role="reviewer", active=False)
