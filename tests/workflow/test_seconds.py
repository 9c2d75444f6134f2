"""Two coders of one article: who may, what they differ on, and the pairs that agreement is measured on."""

from __future__ import annotations

from tried_desks import ANNA, BEN, LEAD, Hand

from conflictdesk.casework import User
from conflictdesk.decisions import write_json, write_value
from conflictdesk.records import Estimate, Span
from conflictdesk.workflow.casefiles import read_case
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.seconds import list_pairs, list_second_cases, read_differences


def code_first(hand: Hand, article: str) -> None:
    with hand.desk.store.reading() as reader:
        (mention,) = read_case(reader, article).mentions
    for name in (n for n, f in mention.fields.items() if f.state == "suggested"):
        hand.send(ANNA, "accept", "mention", mention.mention_id, field=name)
    _finish(hand, ANNA, article, "main")


def code_second(hand: Hand, article: str, deaths: int) -> None:
    added = hand.send(BEN, "add", "mention", "", article_id=article, track="second").decision.subject_id
    with hand.desk.store.reading() as reader:
        (mention,) = read_case(reader, article).mentions
    told = {n: f.value for n, f in mention.fields.items() if f.value is not None and n != "deaths"}
    spans = (Span(0, 6), *mention.fields["deaths"].evidence)
    for name, value in {**told, "deaths": Estimate.exactly(deaths)}.items():
        more = {"after": write_value(name, value), "spans": spans, "article_id": article, "track": "second"}
        hand.send(BEN, "change", "mention", added, field=name, **more)
    _finish(hand, BEN, article, "second")


def _finish(hand: Hand, user: User, article: str, track: str) -> None:
    with hand.desk.store.reading() as reader:
        coding = reader.coding(article)
    numbers = write_json([note.index for note in coding.sentences] if coding else [])
    hand.send(user, "background", "article", article, after=numbers, track=track)
    hand.send(user, "finish", "article", article, track=track)


def find_strike(desk: OpenDesk) -> str:
    with desk.store.reading() as reader:
        strike = next(e.event for e in reader.all_events() if e.event.place and e.event.place.name == "Hajjah")
    return strike.mentions[0].article_id


def test_from_the_draw_to_what_the_lead_settles(hand: Hand) -> None:
    article = find_strike(hand.desk)
    code_first(hand, article)
    hand.send(LEAD, "draw", "article", article, after=write_json("by hand"))
    with hand.desk.store.reading() as reader:
        assert [c.article_id for c in list_second_cases(reader, BEN)] == [article]
        assert list_second_cases(reader, ANNA) == []
        assert read_differences(reader, article) == ()
    code_second(hand, article, 9)
    with hand.desk.store.reading() as reader:
        case = reader.case(article)
        (told,) = read_differences(reader, article)
        pairs = list(list_pairs(reader))
    assert case is not None
    assert (case.status, case.second_by) == ("disputed", ("ben",))
    ((pair, fields),) = told.fields.items()
    assert [d.field for d in fields] == ["deaths"]
    assert (fields[0].ours.value, fields[0].theirs.value) == (Estimate.exactly(4), Estimate.exactly(9))
    deaths = next(p for p in pairs if p.field == "deaths")
    assert (deaths.ours, deaths.theirs, deaths.coder_a, deaths.coder_b) == ("4", "9", "anna", "ben")
    nine = {"field": "deaths", "after": write_value("deaths", Estimate.exactly(9)), "spans": (Span(0, 6),)}
    hand.send(LEAD, "change", "mention", pair[0], track="final", reason="coder slip", **nine)
    hand.send(LEAD, "settle", "article", article, track="final")
    with hand.desk.store.reading() as reader:
        settled, record = reader.case(article), reader.event(reader.event_of([pair[0]])[pair[0]])
        assert list(list_pairs(reader)) == pairs
    assert settled is not None
    assert record is not None
    assert (settled.status, record.status, record.event.deaths) == ("adjudicated", "adjudicated", Estimate.exactly(9))
