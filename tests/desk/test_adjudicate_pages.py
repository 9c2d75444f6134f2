"""Settling two coders' differences: the list, one article's differences, the lead's choices, what the coders learn."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_reading import finish_first, finish_second, reading_team
from team_desk import Team

from conflictdesk.decisions import SETTLE_REASONS
from conflictdesk.desk.settling_view import Gap, Settling, view_settling
from conflictdesk.records import Estimate
from conflictdesk.workflow.casefiles import read_case, read_papers

PAGE = "/adjudicate/a-ferry"


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """The ferry's story, coded twice: other deaths, injured and blame on one side, an incident that one alone found."""
    with reading_team(tmp_path / "desk", always_second=True) as made:
        finish_first(made, "ferry")
        finish_second(made)
        yield made


def words_of(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def settling_of(team: Team) -> Settling:
    with team.desk.store.reading() as reader:
        found = view_settling(read_papers(reader, "a-ferry"))
    assert found is not None
    return found


def gap_of(team: Team, field: str) -> Gap:
    return next(gap for gap in settling_of(team).gaps if gap.field == field)


def choose(team: Team, field: str, choice: str, *, by: str = "lena", reason: str = "coder slip", **more: str) -> int:
    client = team.of(by)
    page = client.get(PAGE)
    token = re.search(r'name="token" value="([^"]+)"', page.text)
    form = {
        "csrf": team.csrf(client),
        "token": token[1] if token else "none",
        "key": gap_of(team, field).key,
        "choice": choice,
        "reason": reason,
        **more,
    }
    return client.post(f"{PAGE}/choose", data=form, headers={"origin": "http://127.0.0.1"}).status_code


def settle(team: Team) -> int:
    client = team.of("lena")
    form = {"csrf": team.csrf(client), "token": "end"}
    return client.post(f"{PAGE}/settle", data=form, headers={"origin": "http://127.0.0.1"}).status_code


def side_of(team: Team, *, first: bool) -> str:
    """The letter that hides a coder."""
    return "a" if first != settling_of(team).swapped else "b"


def toll_of(team: Team) -> Estimate:
    with team.desk.store.reading() as reader:
        held = read_case(reader, "a-ferry").mention("m-ferry1")
    assert held is not None
    value = held.fields["deaths"].value
    assert isinstance(value, Estimate)
    return value


def test_only_what_differs_is_shown_and_the_names_are_hidden(team: Team) -> None:
    assert [gap.field for gap in settling_of(team).gaps] == ["deaths", "injured", "attribution", "incident"]
    page = team.of("lena").get(PAGE).text
    told = words_of(page)
    assert "17 (12 to 17)" in told and "4 differences" in told and "Agreed by both: 5 values" in told
    assert "carla" not in told and "cem" not in told
    assert "Twelve soldiers were killed" in told
    for reason in SETTLE_REASONS:
        assert f"<option>{reason}</option>" in page


@pytest.mark.parametrize(("first", "best"), ((True, 12), (False, 17)))
def test_taking_a_side_makes_its_value_and_words_count(team: Team, first: bool, best: int) -> None:
    assert choose(team, "deaths", side_of(team, first=first)) == 303
    assert toll_of(team).best == best
    settled = gap_of(team, "deaths").settled
    assert settled is not None and settled.track == "final" and settled.reason == "coder slip" and settled.evidence


def test_another_value_can_be_written_and_a_later_choice_counts(team: Team) -> None:
    assert choose(team, "deaths", "other", other="a dozen") == 400
    assert choose(team, "deaths", "other", other="12 13 17") == 303
    assert toll_of(team) == Estimate(low=12, best=13, high=17)
    assert choose(team, "deaths", side_of(team, first=True)) == 303
    assert toll_of(team).best == 12


def test_a_choice_needs_a_reason_of_the_list_and_a_lead(team: Team) -> None:
    assert choose(team, "deaths", "a", reason="") == 400
    assert choose(team, "deaths", "a", reason="I say so") == 400
    assert choose(team, "deaths", "neither") == 400
    assert choose(team, "deaths", "a", by="rosa") == 403
    assert team.of("carla").get("/adjudicate").status_code == 403
    assert gap_of(team, "deaths").settled is None


@pytest.mark.parametrize("counts", (True, False))
def test_an_incident_that_the_first_coder_alone_found(team: Team, counts: bool) -> None:
    told = {"drop": "historic"} if not counts else {}
    assert choose(team, "incident", "counts" if counts else "not", **told) == 303
    assert team.of("lena").get("/event/e-ferry2").status_code == (200 if counts else 410)
    assert gap_of(team, "incident").settled_words == ("it counts" if counts else "it does not count")


def test_a_choice_on_an_incident_can_be_turned_around(team: Team) -> None:
    assert choose(team, "incident", "not", drop="historic") == 303
    assert choose(team, "incident", "counts") == 303
    assert team.of("lena").get("/event/e-ferry2").status_code == 200
    assert choose(team, "incident", "not", drop="historic", reason="rule gap") == 303
    assert team.of("lena").get("/event/e-ferry2").status_code == 410


@pytest.mark.parametrize("counts", (True, False))
def test_an_incident_that_the_second_coder_alone_found(tmp_path: Path, counts: bool) -> None:
    from made_reading import decide, draft

    with reading_team(tmp_path / "other", always_second=True) as team:
        drop = draft("m-ferry1", "drop", article_id="a-ferry", reason="historic")
        free = draft("a-ferry", "background", kind="article", article_id="a-ferry", after="[1, 2, 3]")
        decide(team, "carla", drop, free)
        finish_first(team, "ferry")
        finish_second(team)
        gaps = {(g.field, g.title, g.incident): g for g in settling_of(team).gaps}
        clash = next(g for (_, _, incident), g in gaps.items() if incident == "Armed clash in Millford")
        client = team.of("lena")
        form = {"csrf": team.csrf(client), "token": "t", "key": clash.key, "reason": "coder slip", "drop": "other"}
        form["choice"] = "counts" if counts else "not"
        answer = client.post(f"{PAGE}/choose", data=form, headers={"origin": "http://127.0.0.1"})
        assert answer.status_code == 303, answer.text
        with team.desk.store.reading() as reader:
            mention = read_case(reader, "a-ferry").mention(clash.mention_id)
            home = reader.event_of([clash.mention_id])
        assert mention is not None and (mention.dropped is None) == counts and bool(home) == counts


def settle_all(team: Team) -> None:
    first = side_of(team, first=True)
    for field in ("deaths", "injured", "attribution"):
        assert choose(team, field, first, reason="ambiguous text") == 303
    assert choose(team, "incident", "counts") == 303


def test_an_article_is_settled_only_when_every_difference_is(team: Team) -> None:
    assert settle(team) == 409
    assert "Clash at the old mill" in words_of(team.of("lena").get("/adjudicate").text)
    settle_all(team)
    assert settle(team) == 303
    told = words_of(team.of("lena").get(PAGE).text)
    assert "This article is settled" in told and "carla" in told and "cem" in told
    assert "Nothing waits" in words_of(team.of("lena").get("/adjudicate").text)
    assert "Clash at the old mill" in words_of(team.of("lena").get("/adjudicate?show=settled").text)


def test_each_coder_learns_what_was_settled_otherwise_and_why(team: Team) -> None:
    settle_all(team)
    settle(team)
    second = words_of(team.of("cem").get("/feedback").text)
    assert "You said: 17 (12 to 17) → Settled: 12" in second and "ambiguous text" in second
    assert "you did not find this incident" in second and "Twelve soldiers were killed" in second
    first = words_of(team.of("carla").get("/feedback").text)
    assert "everything was settled as you coded it" in first
    assert "None of your articles" in words_of(team.of("rosa").get("/feedback").text)


def test_an_article_without_a_second_coder_has_nothing_to_settle(team: Team) -> None:
    assert team.of("lena").get("/adjudicate/a-gazette").status_code == 404
    assert team.of("lena").get("/adjudicate/a-none").status_code == 404
