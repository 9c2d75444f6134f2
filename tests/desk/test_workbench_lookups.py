"""What the workbench asks of the server beside saving: a case, its checks, places, actors, events near by, twins."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from workbench_desk import Bench, serve_bench

from conflictdesk.pipeline import Tools

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[Bench]:
    with serve_bench(tmp_path_factory.mktemp("bench"), tools, ("strike", "twin", "hostile")) as served:
        yield served


def ask(bench: Bench, path: str, who: str = "carla") -> dict[str, list[dict[str, object]]]:
    answer = bench.team.of(who).get(path)
    assert answer.status_code == 200, answer.text
    told: dict[str, list[dict[str, object]]] = answer.json()
    return told


def test_the_page_holds_the_case_and_no_text_of_it_ends_its_element(bench: Bench) -> None:
    page = bench.team.of("carla").get(f"/work/{bench.ids['hostile']}").text
    (held,) = re.findall(r'<script type="application/json" id="workbench-data">(.*?)</script>', page, re.DOTALL)
    told = json.loads(held)
    assert "</script>" in " ".join(sentence["text"] for sentence in told["case"]["sentences"])
    assert told["user"] == "carla" and re.fullmatch("[0-9a-f]{64}", told["csrf"])
    assert told["case"] == {**bench.team.of("carla").get(f"/desk/api/case/{bench.ids['hostile']}").json()["case"]}
    assert len(told["codebook"]["types"]) == 25


def test_a_viewer_and_nobody_are_refused_and_what_is_not_there_is_not_found(bench: Bench) -> None:
    paths = [f"/work/{bench.ids['strike']}", f"/desk/api/case/{bench.ids['strike']}", "/desk/api/places?q=Mosul"]
    assert [bench.team.of("vera").get(path).status_code for path in paths] == [403, 403, 403]
    assert bench.team.client().get(paths[1]).status_code in (303, 401, 403)
    assert bench.team.of("carla").get("/work/a-nowhere").status_code == 404
    assert bench.team.of("carla").get(f"/desk/api/case/{bench.ids['strike']}?track=final").status_code == 403


def test_the_next_article_is_another_one_that_waits(bench: Bench) -> None:
    told = bench.team.of("carla").get(f"/desk/api/case/{bench.ids['strike']}").json()
    assert told["case"]["next"]["id"] in {bench.ids["twin"], bench.ids["hostile"]}


def test_checks_name_incidents_as_the_page_does(bench: Bench) -> None:
    findings = ask(bench, f"/desk/api/case/{bench.ids['strike']}/checks")["findings"]
    assert {"undecided"} <= {str(finding["kind"]) for finding in findings}
    assert all(str(f["told"]).startswith("Incident ") for f in findings if f["kind"] == "undecided")


def test_places_by_their_beginning_those_of_the_country_first(bench: Bench) -> None:
    found = ask(bench, "/desk/api/places?q=tikr&near=IRQ")["places"]
    assert found[0]["name"] == "Tikrit" and found[0]["iso3"] == "IRQ"
    tripoli = [place["iso3"] for place in ask(bench, "/desk/api/places?q=Tripoli&near=LBN")["places"]]
    assert tripoli[0] == "LBN" and "LBY" in tripoli
    assert ask(bench, "/desk/api/places?q=")["places"] == []


def test_actors_by_any_name_those_of_the_country_first(bench: Bench) -> None:
    found = ask(bench, "/desk/api/actors?q=daesh&country=IRQ")["actors"]
    assert found[0]["name"] == "Islamic State (IS)" and "aesh" in str(found[0]["matched"])
    general = ask(bench, "/desk/api/actors?q=police&country=IRQ")["actors"]
    assert "Police Forces of Iraq" in [actor["name"] for actor in general]


def test_events_near_by_and_possible_twins(bench: Bench) -> None:
    mention = bench.incident("strike", 1)
    where = "iso3=IRQ&from=2024-03-01&to=2024-03-03&lat=36.34&lon=43.13"
    events = ask(bench, f"/desk/api/near?{where}")["events"]
    assert events and all(int(str(event["km"])) <= 25 for event in events)
    others = ask(bench, f"/desk/api/near?{where}&mention={mention.mention_id}")["events"]
    with bench.team.desk.store.reading() as reader:
        own = reader.event_of([mention.mention_id])[mention.mention_id]
    assert others == [event for event in events if event["id"] != own] and len(others) < len(events)
    twins = ask(bench, f"/desk/api/duplicates?mention={mention.mention_id}")["twins"]
    assert [twin["article"] for twin in twins] == [bench.ids["twin"]]
    assert ask(bench, "/desk/api/duplicates?mention=m-none")["twins"] == []
    assert bench.team.of("carla").get("/desk/api/near?iso3=IRQ&from=x&to=y&lat=0&lon=0").status_code == 400
