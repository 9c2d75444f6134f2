"""A run takes up what is new, goes on where it was stopped, and leaves alone what people decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from tried_desks import ANNA, LATER, NOW, TEXTS, Hand, copy_desk, dump_projections, make_desk

from conflictdesk.casework import name_event
from conflictdesk.decisions import write_value
from conflictdesk.pipeline import Tools
from conflictdesk.records import Article, Coding, Estimate, Mention, Parse, Span, Toponym
from conflictdesk.workflow.adding import add_text
from conflictdesk.workflow.casefiles import read_case
from conflictdesk.workflow.desks import OpenDesk, init_desk, open_desk
from conflictdesk.workflow.running import RunReport, run_desk


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C."""


class StopAfter:
    """A Progress that stops the run after some steps of the coding."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.stage = ""

    def begin(self, stage: str, total: int | None) -> None:
        self.stage = stage

    def step(self) -> None:
        if self.stage == "articles coded":
            self.left -= 1
            if self.left < 0:
                raise Stopped

    def end(self) -> None:
        self.stage = ""


class NewerCoder:
    """The coder of the tools under another name, which takes all tolls for one higher."""

    def __init__(self, tools: Tools, *, breaks: bool = False) -> None:
        self.name, self._coder, self._breaks = "rules 9", tools.coder, breaks

    def code(self, article: Article, parse: Parse, toponyms: Iterable[Toponym]) -> Coding:
        if self._breaks:
            raise ZeroDivisionError("no luck")
        coded = self._coder.code(article, parse, toponyms)
        return replace(coded, mentions=tuple(self._raise(m) for m in coded.mentions))

    def _raise(self, mention: Mention) -> Mention:
        if mention.deaths is None:
            return mention
        more = Estimate.exactly(mention.deaths.best + 1)
        return replace(mention, mention_id=f"{mention.mention_id}n", deaths=more, coder=self.name)


def with_coder(tools: Tools, coder: NewerCoder) -> Tools:
    return Tools(coder=coder, parser=tools.parser, gazetteer=tools.gazetteer)


def test_nothing_new_changes_no_byte(fresh_desk: OpenDesk, tools: Tools) -> None:
    title, text, day = TEXTS[0]
    path = fresh_desk.folder / "store.sqlite"
    before = path.read_bytes()
    assert run_desk(fresh_desk, tools, now=NOW + dt.timedelta(days=1)) == RunReport()
    again = add_text(fresh_desk, title, text, None, day, "ben", NOW + dt.timedelta(days=2))
    assert (again.new, len(again.known)) == ((), 1)
    assert run_desk(fresh_desk, tools, now=NOW + dt.timedelta(days=3)) == RunReport()
    assert run_desk(fresh_desk, tools, again=True, now=NOW + dt.timedelta(days=3)) == RunReport()
    assert path.read_bytes() == before
    wal = path.with_name("store.sqlite-wal")
    assert not wal.exists() or wal.stat().st_size == 0


def test_the_articles_of_one_incident_come_together(fresh_desk: OpenDesk) -> None:
    with fresh_desk.store.reading() as reader:
        events = list(reader.all_events())
        market = next(e.event for e in events if len(e.event.mentions) == 3)
        cases = reader.cases(m.article_id for m in market.mentions)
        stories = reader.article_matches(market.mentions[0].article_id)
    assert market.deaths == Estimate(low=6, best=6, high=9)
    assert [(case.duplicates, case.added_on) for case in cases.values()] == [(2, NOW.date())] * 3
    assert {story.by for story in stories} == {"article rules"}


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_a_stopped_run_goes_on_where_it_was(made_desk: Path, tools: Tools, tmp_path: Path, steps: int) -> None:
    init_desk(tmp_path / "desk", name="Tried")
    with open_desk(tmp_path / "desk") as desk:
        for title, text, day in TEXTS:
            add_text(desk, title, text, None, day, "lead", NOW)
        with pytest.raises(Stopped):
            run_desk(desk, tools, progress=StopAfter(steps), now=NOW)
        report = run_desk(desk, tools, now=NOW)
        assert report.coded == len(TEXTS) - steps - 1
        with copy_desk(made_desk, tmp_path / "whole") as whole:
            assert dump_projections(desk) == dump_projections(whole)
            with desk.store.reading() as ours, whole.store.reading() as theirs:
                assert set(ours.all_matches()) == set(theirs.all_matches())
                assert set(ours.all_matches("article")) == set(theirs.all_matches("article"))
                assert ours.count_rows()["codings"] == theirs.count_rows()["codings"]


def test_a_new_article_reopens_only_the_fields_that_it_changes(hand: Hand, tools: Tools) -> None:
    desk = hand.desk
    with desk.store.reading() as reader:
        market = next(e.event for e in reader.all_events() if len(e.event.mentions) == 3)
    for mention in market.mentions:
        six = write_value("deaths", Estimate.exactly(6))
        hand.send(ANNA, "change", "mention", mention.mention_id, field="deaths", after=six, spans=(Span(0, 6),))
        with desk.store.reading() as reader:
            held = read_case(reader, mention.article_id).mention(mention.mention_id)
        assert held is not None
        for name in (n for n, f in held.fields.items() if f.state == "suggested"):
            hand.send(ANNA, "accept", "mention", mention.mention_id, field=name)
    with desk.store.reading() as reader:
        before = reader.event(market.event_id)
    assert before is not None
    assert (before.status, before.open_fields) == ("reviewed", ())
    title, text, day = LATER[0]
    add_text(desk, title, text, None, day, "lead", NOW)
    run_desk(desk, tools, now=NOW)
    with desk.store.reading() as reader:
        after = reader.event(market.event_id)
    assert after is not None
    assert len(after.event.mentions) == 4
    assert (after.status, after.open_fields) == ("reopened", ("deaths",))
    assert after.event.deaths == Estimate.exactly(6)


def test_a_newer_coder_codes_anew_only_what_nobody_decided(hand: Hand, tools: Tools) -> None:
    desk = hand.desk
    with desk.store.reading() as reader:
        strike = next(e.event for e in reader.all_events() if e.event.place and e.event.place.name == "Hajjah")
        market = next(e.event for e in reader.all_events() if len(e.event.mentions) == 3)
    decided = market.mentions[0]
    hand.send(ANNA, "accept", "mention", decided.mention_id, field="deaths")
    newer = with_coder(tools, NewerCoder(tools))
    report = run_desk(desk, newer, again=True, now=NOW)
    assert (report.coded, report.left_alone) == (3, 1)
    with desk.store.reading() as reader:
        assert reader.event(strike.event_id) is None
        grave = reader.tombstone(strike.event_id)
        fresh = reader.event(name_event(f"{strike.mentions[0].mention_id}n"))
        kept = reader.coding(decided.article_id)
    assert grave is not None
    assert grave.reason == "coded again"
    assert fresh is not None
    assert fresh.event.deaths == Estimate.exactly(5)
    assert kept is not None
    assert kept.coder == "rules 0.1"
    assert run_desk(desk, newer, again=True, now=NOW).coded == 0


def test_an_article_that_breaks_the_coder_is_a_problem_and_stops_nothing(tools: Tools, fresh_desk: OpenDesk) -> None:
    title, text, day = LATER[0]
    add_text(fresh_desk, title, text, None, day, "lead", NOW)
    add_text(
        fresh_desk,
        "Incendie",
        "Le feu a pris dans la ville et tout le quartier a brûlé hier soir.",
        None,
        day,
        "l",
        NOW,
    )
    report = run_desk(fresh_desk, with_coder(tools, NewerCoder(tools, breaks=True)), now=NOW)
    assert report.coded == 2
    with fresh_desk.store.reading() as reader:
        kinds = [p.kind for p in reader.problems(10)]
        cases = {c.title: c for c in reader.all_cases()}
        coding = reader.coding(cases[title].article_id)
    assert "failed" in kinds
    assert "language-not-coded" in kinds
    assert cases[title].status == "nothing"
    assert coding is not None
    assert coding.sentences[0].end == len(title)


def test_what_a_person_added_is_compared_with_what_is_there(hand: Hand, tools: Tools) -> None:
    desk = hand.desk
    with desk.store.reading() as reader:
        market = next(e.event for e in reader.all_events() if len(e.event.mentions) == 3)
        strike = next(e.event for e in reader.all_events() if e.event.place and e.event.place.name == "Hajjah")
    article = strike.mentions[0].article_id
    added = hand.send(ANNA, "add", "mention", "", article_id=article).decision.subject_id
    told = {"event_type": market.sub_event_type, "date": market.dates, "place": market.place, "deaths": market.deaths}
    for name, value in told.items():
        after = write_value(name, value)
        hand.send(ANNA, "change", "mention", added, field=name, after=after, article_id=article, spans=(Span(0, 6),))
    with desk.store.reading() as reader:
        assert reader.event_of([added])[added] == name_event(added)
    assert run_desk(desk, tools, now=NOW).matches == 3
    with desk.store.reading() as reader:
        assert reader.event_of([added])[added] == market.event_id
    assert run_desk(desk, tools, now=NOW) == RunReport()


def test_the_same_pages_make_the_same_desk(made_desk: Path, tools: Tools, tmp_path: Path) -> None:
    make_desk(tmp_path / "one", tools)
    with open_desk(tmp_path / "one") as one, copy_desk(made_desk, tmp_path / "two") as two:
        assert dump_projections(one) == dump_projections(two)
