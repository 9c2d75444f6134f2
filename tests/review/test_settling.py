"""Settling: what people decided holds against reports that nobody has looked at; they open only what they change."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from made_cases import (
    ARMY,
    ATTACK,
    CODING,
    FRONT,
    GUNMEN,
    ORVEL,
    TASMAR,
    accept,
    accept_all,
    change,
    decide,
    fold,
)

from conflictdesk.decisions import DecidedMention, Decision
from conflictdesk.merge.events import build_event
from conflictdesk.records import Attribution, Dates, Estimate, Event, Mention
from conflictdesk.review.fields import suggest_fields
from conflictdesk.review.settling import Settled, settle_group


def settle_event(*mentions: DecidedMention) -> tuple[Settled, Event]:
    settled = settle_group(mentions)
    return settled, build_event(settled.mentions, "e-1")


def reviewed(*told: Decision) -> DecidedMention:
    """The attack, every suggestion accepted but what `told` decides."""
    done = [*told, *accept_all(fold(*told), 50)]
    found = fold(*done).mention("m-a")
    assert found is not None
    return found


def fresh(**rest: object) -> DecidedMention:
    """Another article's report of the attack, straight from the machine."""
    machine: Mention = replace(ATTACK, mention_id="m-z", article_id="a-2", **rest)  # type: ignore[arg-type]
    return DecidedMention(
        mention_id="m-z", article_id="a-2", machine=machine, fields=suggest_fields(machine), order=(60, 1, 9)
    )


def test_what_nobody_looked_at_is_proposed_as_the_machine_says() -> None:
    settled = settle_group(fold().mentions)
    assert settled == Settled(CODING.mentions, "proposed", ())


def test_a_half_decided_incident_is_still_proposed_and_a_whole_one_reviewed() -> None:
    half = fold(accept("deaths")).mention("m-a")
    assert half is not None and settle_group([half]).status == "proposed"
    assert settle_group([reviewed()]).status == "reviewed"
    assert settle_group([reviewed(), fresh()]).open_fields == ()
    assert settle_group([reviewed(), fresh()]).status == "reviewed"


def test_what_the_lead_settled_is_adjudicated() -> None:
    final = change("deaths", Estimate.exactly(4), seq=2, by="lea", track="final", reason="rule gap")
    assert settle_group([reviewed(final)]).status == "adjudicated"
    settled = decide("settle", "a-1", "article", seq=40, by="lea", track="final")
    done = fold(*accept_all(fold(), 1), settled).mention("m-a")
    assert done is not None and settle_group([done]).status == "adjudicated"


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("deaths", {"deaths": Estimate.exactly(30)}),
        ("date", {"dates": Dates(start=dt.date(2024, 3, 2), end=dt.date(2024, 3, 2), precision=1)}),
        ("place", {"place": TASMAR}),
        ("actor1", {"actor1": FRONT}),
        ("actor2", {"actor2": ARMY}),
        ("event_type", {"event_type": "Battles", "sub_event_type": "Armed clash"}),
        ("civilian_targeting", {"civilian_targeting": False}),
        (
            "attribution",
            {"attribution": (Attribution(actor="X", by="Y", basis="accused", evidence=ATTACK.evidence["date"]),)},
        ),
    ],
)
def test_a_report_that_differs_opens_the_field_and_changes_nothing(name: str, rest: dict[str, object]) -> None:
    settled, event = settle_event(reviewed(), fresh(**rest))
    assert (settled.status, settled.open_fields) == ("reopened", (name,))
    alone = settle_event(reviewed())[1]
    shown = ("sub_event_type", "dates", "place", "actor1", "actor2", "deaths", "injured", "civilian_targeting")
    kept = [n for n in shown if getattr(event, n) != getattr(alone, n)]
    assert kept == [] and event.disputed == ()


@pytest.mark.parametrize(
    "rest",
    [
        {"dates": Dates(start=dt.date(2024, 3, 1), end=dt.date(2024, 3, 31), precision=3)},
        {"place": replace(ORVEL, name="East", kind="admin1", precision=3)},
        {"actor1": replace(GUNMEN, name="Unidentified Gang (Norland)")},
        {"deaths": None, "evidence": {k: v for k, v in ATTACK.evidence.items() if k != "deaths"}},
        {"deaths": Estimate(low=1, best=3, high=9), "inferred": {**ATTACK.inferred, "deaths": "several"}},
    ],
)
def test_a_coarser_word_opens_nothing_and_changes_nothing(rest: dict[str, object]) -> None:
    settled, event = settle_event(reviewed(), fresh(**rest))
    alone = settle_event(reviewed())[1]
    assert (settled.status, settled.open_fields) == ("reviewed", ())
    assert (event.dates, event.place, event.actor1, event.deaths) == (
        alone.dates,
        alone.place,
        alone.actor1,
        alone.deaths,
    )


def test_a_field_of_which_the_reviewer_saw_nothing_is_open_and_counts() -> None:
    told = {"injured": Estimate.exactly(6), "evidence": {**ATTACK.evidence, "injured": ATTACK.evidence["date"]}}
    settled, event = settle_event(reviewed(), fresh(**told))
    assert (settled.status, settled.open_fields) == ("reopened", ("injured",))
    assert event.injured == Estimate.exactly(6)


def test_what_an_article_does_not_say_holds_until_somebody_looks() -> None:
    silent = reviewed(decide("not_stated", field="deaths"))
    settled, event = settle_event(silent, fresh())
    assert settled.open_fields == ("deaths",) and event.deaths is None
    unnamed = reviewed(decide("not_stated", field="actor1"))
    assert settle_group([unnamed, fresh()]).open_fields == ()


def test_two_decided_reports_may_differ_and_are_disputed() -> None:
    other = replace(reviewed(change("deaths", Estimate.exactly(9))), mention_id="m-z")
    settled, event = settle_event(reviewed(), other)
    assert settled.status == "reviewed" and event.disputed == ("deaths",)


def test_in_a_battle_either_side_may_stand_first() -> None:
    battle = {"event_type": "Battles", "sub_event_type": "Armed clash", "actor1": FRONT, "actor2": ARMY}
    told = [
        change("event_type", "Armed clash"),
        change("actor1", FRONT, seq=2),
        change("actor2", ARMY, seq=3),
        decide("not_stated", seq=4, field="civilian_targeting"),
    ]
    turned = fresh(**{**battle, "actor1": ARMY, "actor2": FRONT, "civilian_targeting": None})
    settled, event = settle_event(reviewed(*told), turned)
    assert settled.open_fields == () and (event.actor1, event.actor2) == (FRONT, ARMY)


def test_the_order_of_reports_does_not_matter_and_dropped_ones_are_silent() -> None:
    dropped = fold(decide("drop", "m-b", reason="historic")).mention("m-b")
    assert dropped is not None
    group = [reviewed(), fresh(deaths=Estimate.exactly(8)), dropped]
    found = [settle_group(order) for order in itertools.permutations(group)]
    assert {(s.status, s.open_fields) for s in found} == {("reopened", ("deaths",))}
    assert {frozenset(m.mention_id for m in s.mentions) for s in found} == {frozenset(("m-a", "m-z"))}
    assert settle_group([dropped]) == Settled((), "proposed", ())
