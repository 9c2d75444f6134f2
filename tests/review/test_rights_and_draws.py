"""Who may decide what, and which articles are coded twice."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from made_cases import ARTICLE, CODING, change, decide, fold

from conflictdesk.casework import StoredCoding
from conflictdesk.decisions import ROLES, Action, Role, Track
from conflictdesk.errors import ConfigError
from conflictdesk.records import Estimate
from conflictdesk.review.draws import Shares, choose_stratum
from conflictdesk.review.folding import CaseFile, fold_article
from conflictdesk.review.rights import least_role, may


@pytest.mark.parametrize("track", get_args(Track))
@pytest.mark.parametrize("action", get_args(Action))
def test_each_role_may_do_what_those_below_it_may_and_a_viewer_nothing(action: Action, track: Track) -> None:
    allowed = [may(role, action, track) for role in ROLES]
    assert allowed == sorted(allowed) and not allowed[0] and allowed[-1]
    assert ROLES[allowed.index(True)] == least_role(action, track)


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("coder", "accept change reject not_stated add drop restore same different unsure finish skip flag background"),
        ("reviewer", "withdraw reopen"),
        ("lead", "adopt settle draw grant revoke"),
    ],
)
def test_the_table_of_rights(role: Role, actions: str) -> None:
    found = {action: least_role(action, track) for action in get_args(Action) for track in ("main", "second")}
    assert {found[action] for action in get_args(Action) if action in actions.split()} == {role}
    assert {least_role(action, "final") for action in get_args(Action)} == {"lead"}


def test_what_is_said_of_an_event_as_a_whole_needs_a_reviewer() -> None:
    assert [least_role(a, "main", "event") for a in ("change", "restore", "undo")] == ["reviewer"] * 3
    assert least_role("undo", "main", "user") == "lead"


def named(number: int, file: CaseFile | None = None) -> CaseFile:
    held = file or fold()
    return replace(held, article=replace(held.article, article_id=f"a-{number}"))


def test_a_share_of_the_articles_is_drawn_the_same_each_time() -> None:
    shares = Shares(default=0.2, always_from_deaths=None)
    drawn = {n for n in range(2000) if choose_stratum(named(n), shares, "autumn")}
    assert 330 < len(drawn) < 470
    assert drawn == {n for n in range(2000) if choose_stratum(named(n), shares, "autumn")}
    assert drawn != {n for n in range(2000) if choose_stratum(named(n), shares, "winter")}
    more = Shares(default=0.3, always_from_deaths=None)
    assert drawn < {n for n in range(2000) if choose_stratum(named(n), more, "autumn")}


def test_the_greatest_share_of_an_articles_types_is_its_chance_and_its_stratum() -> None:
    shares = Shares(default=0.0, by_type={"Riots": 0.5}, always_from_deaths=None)
    strata = [choose_stratum(named(n), shares, "s") for n in range(1000)]
    assert set(strata) == {"Riots", None} and 430 < strata.count("Riots") < 570
    calm = fold(decide("drop", "m-c", reason="historic"))
    assert {choose_stratum(named(n, calm), shares, "s") for n in range(50)} == {None}


def test_many_deaths_are_always_drawn_and_no_incident_is_a_stratum_of_its_own() -> None:
    never = Shares(default=0.0, always_from_deaths=10)
    assert choose_stratum(fold(), never, "s") is None
    assert choose_stratum(fold(change("deaths", Estimate.exactly(10))), never, "s") == "10 killed or more"
    empty: StoredCoding = replace(CODING, mentions=())
    assert choose_stratum(fold_article(ARTICLE, empty, []), Shares(default=1.0), "s") == "no incident"


@pytest.mark.parametrize(
    "given",
    [{"default": 1.2}, {"by_type": {"Riots": -0.1}}, {"by_type": {"Riot": 0.1}}, {"always_from_deaths": 0}],
)
def test_shares_that_mean_nothing_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        Shares(**given)  # type: ignore[arg-type]
