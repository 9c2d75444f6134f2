"""The journal: what is decided is stored once, in order, and no change of it goes unseen."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from store_rows import NOW, fill, make_decision
from store_rows import store as store

from conflictdesk.casework import Run
from conflictdesk.errors import StoreError
from conflictdesk.records import Match
from conflictdesk.store.opening import Store
from conflictdesk.store.tables import ONLY_ADDED


def change(store: Store, *statements: str) -> None:
    """What somebody does who goes round the desk and takes the guards off."""
    engine = create_engine(store.url)
    with engine.begin() as connection:
        if store.dialect == "sqlite":
            told = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            guards = [f"DROP TRIGGER {name}" for name in told]
        else:
            guards = ["ALTER TABLE decisions DISABLE TRIGGER USER"]
        for statement in (*guards, *statements):
            connection.execute(text(statement))
    engine.dispose()


def test_decisions_come_back_in_order_and_as_asked(store: Store) -> None:
    told = [
        make_decision("1"),
        make_decision("2", by="bob", subject_id="m-two", article_id="a-two"),
        make_decision("3", action="accept"),
        make_decision("4", subject_kind="user", subject_id="bob", action="grant", article_id=None),
    ]
    with store.writing() as writer:
        stored = [writer.append(decision)[0] for decision in told[:2]]
        stored += [decision for decision, _ in writer.append_all(told[2:])]
    assert [d.seq for d in stored] == [1, 2, 3, 4]
    assert [replace(d, seq=0, previous="", hash="") for d in stored] == told
    with store.reading() as reader:
        assert reader.decisions() == list(reader.all_decisions()) == stored
        assert reader.head() == (4, stored[-1].hash)
        assert reader.decisions(article_id="a-one") == [stored[0], stored[2]]
        assert reader.decisions(by="bob") == reader.decisions(subject_ids=["m-two", "m-none"]) == [stored[1]]
        assert reader.decisions(actions=["accept", "grant"]) == stored[2:]
        assert reader.decisions(after_seq=1, until_seq=3) == stored[1:3]
        assert reader.decisions(subject_ids=["m-one", "m-two"], limit=2) == stored[:2]
        assert reader.decisions(subject_ids=[]) == []
        assert reader.last_decisions(2) == [stored[3], stored[2]]
        assert reader.last_decisions(2, before_seq=3, by="ann") == [stored[0]]
        assert reader.known_decisions(["d-2", "d-9"]) == {"d-2": stored[1]}
        assert reader.last_seq_at(NOW) == 4 and reader.last_seq_at(NOW - dt.timedelta(seconds=1)) == 0
        assert reader.verify_chain() is None


def test_sent_twice_is_stored_once(store: Store) -> None:
    with store.writing() as writer:
        first, known = writer.append(make_decision())
        assert not known
        again = replace(make_decision(), at=NOW + dt.timedelta(hours=1), before='"later"', shown_ms=9)
        assert writer.append(again) == (first, True)
        assert writer.append_all([make_decision("x"), make_decision("x")])[1][1]
    with pytest.raises(StoreError, match="other content"), store.writing() as writer:
        writer.append(make_decision("new"))
        writer.append(make_decision(after='"another"'))
    with store.reading() as reader:
        assert [d.decision_id for d in reader.decisions()] == ["d-one", "d-x"]
        assert reader.verify_chain() is None


TAMPERED = {
    "UPDATE decisions SET body = replace(body, 'note', 'place') WHERE seq = 2": "decision 2 was changed",
    "UPDATE decisions SET subject_id = 'm-two' WHERE seq = 2": "filed under another name",
    "UPDATE decisions SET body = '{' WHERE seq = 2": "decision 2 cannot be read",
    "UPDATE decisions SET hash = 'x' WHERE seq = 3": "decision 3 was changed",
    "UPDATE decisions SET previous = 'x' WHERE seq = 3": "decision 3 does not follow",
    "DELETE FROM decisions WHERE seq = 2": "decision 2 is missing",
    "DELETE FROM decisions WHERE seq > 2": "decisions 3 to 4 are missing at the end",
    "DELETE FROM decisions": "decisions 1 to 4 are missing",
    "UPDATE chain_head SET seq = 3": "the noted head",
    "UPDATE chain_head SET hash = 'x'": "the noted head",
}


def test_a_changed_journal_is_noticed(store: Store) -> None:
    with store.writing() as writer:
        writer.append_all([make_decision(str(n)) for n in range(4)])
    assert store.examine() == []
    change(store)
    for statement, told in TAMPERED.items():
        with pytest.raises(ZeroDivisionError), store.writing() as writer:
            writer._connection.execute(text(statement))
            assert told in (writer.verify_chain() or ""), statement
            raise ZeroDivisionError
    change(store, "DELETE FROM decisions WHERE seq = 1")
    assert store.examine() == ["journal: decision 1 is missing: the next one is 2"]


def test_the_database_itself_refuses_to_change_what_is_kept(store: Store) -> None:
    fill(store)
    with store.writing() as writer:
        writer.add_matches([Match(left="m-one", right="m-two", verdict="same", score=1.0, by="rule")])
        writer.add_run(Run(run_id="r-1", kind="run", by="ann", started_at=NOW, ended_at=NOW))
        before = writer.count_rows()
    engine = create_engine(store.url)
    for table in ONLY_ADDED:
        column = {"captures": "sha256", "page_reads": "page_id", "decisions": "decision_id"}.get(table, "row")
        refused = [f'UPDATE {table} SET "{column}" = "{column}"', f"DELETE FROM {table}"]
        if store.dialect == "postgresql":
            refused.append(f"TRUNCATE {table} CASCADE")
        assert before[table] > 0
        for statement in refused:
            with pytest.raises(DBAPIError, match="are only ever added to"), engine.begin() as connection:
                connection.execute(text(statement))
    engine.dispose()
    with store.reading() as reader:
        assert reader.count_rows() == before


@pytest.mark.slow
def test_many_hands_at_once_lose_nothing(store: Store) -> None:
    faults: list[Exception] = []

    def decide(person: int) -> None:
        try:
            for number in range(25):
                with store.writing() as writer:
                    writer.append(make_decision(f"{person}-{number}", by=f"coder {person}"))
                with store.reading() as reader:
                    seq, last = reader.head()
                    assert reader.last_decisions(1)[0].hash == last and seq
        except Exception as error:
            faults.append(error)

    hands = [threading.Thread(target=decide, args=(person,)) for person in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert faults == []
    with store.reading() as reader:
        assert reader.verify_chain() is None
        assert [d.seq for d in reader.decisions()] == list(range(1, 201))
        assert len({d.decision_id for d in reader.decisions()}) == 200
