"""The journal as anyone may check it, the history of anything, and the state of any past day."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_folders import ANA, BEN, START, build_desk, change, copy_desk, decide, find_mention, list_drafts

from conflictdesk.casework import EventRecord, Tombstone, name_event
from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.pipeline import Tools
from conflictdesk.records import Estimate
from conflictdesk.workflow.desks import OpenDesk, open_desk
from conflictdesk.workflow.history import find_history, find_moment, read_moment, read_past, write_line

State = tuple[tuple[EventRecord, ...], tuple[Tombstone, ...]]


@pytest.fixture(scope="module")
def built(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_desk(tmp_path_factory.mktemp("history") / "desk", tools)


@pytest.fixture
def desk(built: Path, tmp_path: Path) -> Iterator[OpenDesk]:
    with open_desk(copy_desk(built, tmp_path / "desk")) as opened:
        yield opened


def read_state(desk: OpenDesk) -> State:
    with desk.store.reading() as reader:
        events = sorted(reader.all_events(), key=lambda record: record.event.event_id)
        return tuple(events), tuple(sorted(reader.all_tombstones(), key=lambda grave: grave.event_id))


def numbers(desk: OpenDesk, subject: str | None, **bounds: dt.datetime) -> list[int]:
    with desk.store.reading() as reader:
        return [decision.seq for decision in find_history(reader, subject, **bounds)]


def test_every_past_state_is_what_stood_then(desk: OpenDesk) -> None:
    states = [read_state(desk)]
    for draft in list_drafts(desk):
        decide(desk, [draft])
        states.append(read_state(desk))
    assert len({str(state) for state in states}) > 4, "the decisions must change something"
    with desk.store.reading() as reader:
        for seq, (events, graves) in enumerate(states):
            past = read_past(reader, seq)
            assert past.events == events, f"events after decision {seq}"
            assert past.tombstones == graves, f"tombstones after decision {seq}"
            for record in events:
                alone = read_past(reader, seq, record.event.event_id)
                assert alone.event(record.event.event_id) == record


def test_an_event_that_was_dropped_is_told_of(desk: OpenDesk) -> None:
    decide(desk, list_drafts(desk)[:4])
    event_id = name_event(find_mention(desk, "kano")[0])
    with desk.store.reading() as reader:
        assert read_past(reader, 2, event_id).event(event_id) is not None
        past = read_past(reader, 3, event_id)
        assert past.event(event_id) is None
        assert past.grave(event_id) == Tombstone(event_id=event_id, into=None, reason="not violence")
        with pytest.raises(CheckError, match="no event e-none"):
            read_past(reader, 3, "e-none")


def test_an_event_that_joined_another_is_found_under_it(desk: OpenDesk) -> None:
    names = sorted(name_event(find_mention(desk, page)[0]) for page in ("mosul", "mosul-again"))
    with desk.store.reading() as reader:
        past = read_past(reader, 0)
        found = [past.event(name) for name in names]
    assert found[0] is not None and found[0] == found[1]
    assert len(found[0].event.mentions) == 2


def test_past_counts(desk: OpenDesk) -> None:
    decide(desk, list_drafts(desk))
    with desk.store.reading() as reader:
        past = read_past(reader, 0)
        assert (past.at, past.hash, past.articles, past.finished) == (None, "", 4, 0)
        assert set(past.statuses) == {"proposed"} and sum(past.statuses.values()) == len(past.events)
        last = read_past(reader, 8)
        assert (last.seq, last.hash) == reader.head() and last.at == START + dt.timedelta(hours=8)


def test_a_recoded_article_is_shown_as_it_was_coded_then(desk: OpenDesk, tools: Tools) -> None:
    from dataclasses import replace

    from conflictdesk.workflow.projecting import refresh

    mention_id, article_id = find_mention(desk, "goma")
    decide(desk, [change(desk, "kano", "injured", Estimate.exactly(2))])
    before = read_state(desk)[0]
    with desk.store.writing() as writer:
        coding = writer.coding(article_id)
        assert coding is not None
        rest = tuple(m for m in coding.mentions if m.mention_id != mention_id)
        writer.add_coding(replace(coding, coding_id="c-new", coder="another", after_decision=1, mentions=rest))
        refresh(writer, [article_id], [mention_id])
    decide(desk, [change(desk, "kano", "injured", Estimate.exactly(3))])
    assert len(read_state(desk)[0]) == len(before) - 1
    with desk.store.reading() as reader:
        assert name_event(mention_id) in {record.event.event_id for record in read_past(reader, 0).events}
        assert read_past(reader, 2).events == read_state(desk)[0]


# ---------------------------------------------------------------- the journal


def test_the_history_of_anything(desk: OpenDesk) -> None:
    decide(desk, list_drafts(desk)[:5])
    decide(desk, [change(desk, "mosul", "injured", Estimate.exactly(9))], ANA)
    mention_id, article_id = find_mention(desk, "mosul")
    other, _ = find_mention(desk, "mosul-again")
    dropped, home = find_mention(desk, "kano")
    assert numbers(desk, None) == [1, 2, 3, 4, 5, 6]
    assert numbers(desk, mention_id) == [1, 2, 4, 5, 6]
    assert numbers(desk, article_id) == [1, 2, 4, 5, 6]
    assert numbers(desk, other) == [4, 5]
    assert numbers(desk, name_event(mention_id)) == numbers(desk, name_event(other)) == [1, 2, 4, 5, 6]
    assert numbers(desk, dropped) == numbers(desk, home) == numbers(desk, name_event(dropped)) == [3]
    assert numbers(desk, "ana") == [6] and numbers(desk, "ben") == [1, 2, 3, 4, 5]
    with pytest.raises(CheckError, match="nothing here is called nobody"):
        numbers(desk, "nobody")


def test_since_is_in_and_until_is_out(desk: OpenDesk) -> None:
    decide(desk, list_drafts(desk)[:4])
    hour = [START + dt.timedelta(hours=n) for n in range(6)]
    assert numbers(desk, None, since=hour[2], until=hour[4]) == [2, 3]
    with desk.store.reading() as reader:
        assert find_moment(reader, hour[3].isoformat()) == find_moment(reader, "3") == 3
        assert find_moment(reader, "2024-03-10") == 4 and find_moment(reader, "2024-03-09") == 0
        with pytest.raises(ConfigError, match="4 decisions, not 5"):
            find_moment(reader, "5")


@pytest.mark.parametrize("told", ["", "tomorrow", "2024-13-01", "1.5", "²"])
def test_what_is_no_moment_is_refused(told: str) -> None:
    with pytest.raises(ConfigError, match="is no day like"):
        read_moment(told)


def test_a_moment_with_a_time_zone_is_turned_into_utc() -> None:
    assert read_moment("2024-03-10T01:30+02:00") == dt.datetime(2024, 3, 9, 23, 30, tzinfo=dt.UTC)


def test_the_lines_of_the_journal_can_be_checked_without_this_program(desk: OpenDesk) -> None:
    decide(desk, list_drafts(desk))
    with desk.store.reading() as reader:
        lines = [write_line(decision) for decision in find_history(reader)]
        head = reader.head()
    previous = ""
    for number, line in enumerate(lines, start=1):
        told = json.loads(line)
        place = {name: told.pop(name) for name in ("seq", "previous", "hash")}
        assert (place["seq"], place["previous"]) == (number, previous)
        said = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(f"{number}\n{previous}\n{said}".encode()).hexdigest() == place["hash"]
        previous = place["hash"]
    assert head == (len(lines), previous) and BEN.name in lines[0]
