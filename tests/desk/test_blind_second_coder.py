"""Blindness by the server's rule: every page that can be asked, walked by a coder whose second coding is due."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from made_reading import DAY, change, decide, draft, finish_first, finish_second, place_of, reading_team
from starlette.testclient import TestClient
from team_desk import Team

from conflictdesk.casework import CaseFilter
from conflictdesk.decisions import name_pair, write_value
from conflictdesk.desk.blinding import is_due, keeps_back
from conflictdesk.desk.signing_in import find_rule
from conflictdesk.records import Actor, Dates, Estimate
from conflictdesk.workflow.casefiles import read_case
from conflictdesk.workflow.dataset_copy import refresh_dataset

pytestmark = pytest.mark.slow
PLACE, NUMBER, NOTE = "Zarqonia-by-the-Lake", 7391, "only the harbour master knows"
ACTOR, WHY, TYPED = "Order of the Copper Gull", "as the quay clerk would have it", "Quorvian"
TELLING = (PLACE, str(NUMBER), f"{NUMBER:,}", NOTE, ACTOR, quote(ACTOR), quote_plus(ACTOR), WHY, TYPED)
"""What the first coder alone decided: if any of it is in an answer, the second one is not blind."""
SECOND = {"track": "second", "mode": "blind"}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """The ferry's story, coded by carla with telling values; the dataset was made before and after she had finished."""
    with reading_team(tmp_path_factory.mktemp("blind") / "desk", always_second=True) as made:
        decide(
            made,
            "carla",
            change("m-ferry1", "place", place_of(PLACE), "ferry", "near Millford"),
            change("m-ferry1", "deaths", Estimate.exactly(NUMBER), "ferry", "Twelve soldiers were killed"),
            change("m-ferry1", "note", NOTE, "ferry", None),
            change(
                "m-ferry1",
                "actor1",
                Actor(name=ACTOR, kind="Rebel group", country="Ruritania"),
                "ferry",
                "Fighters of the Coast Front",
            ),
            change("m-ferry2", "note", TYPED, "ferry", None),
        )
        (added,) = decide(made, "carla", draft("", "add", article_id="a-ferry"))
        decide(
            made,
            "carla",
            change(added.subject_id, "event_type", "Attack", "ferry", "people were killed"),
            change(added.subject_id, "date", Dates(start=DAY, end=DAY, precision=1), "ferry", "In the whole week"),
            change(added.subject_id, "place", place_of(PLACE), "ferry", "the valley"),
            draft("m-ferry2", "flag", article_id="a-ferry", reason=WHY),
            draft(name_pair("m-arabic1", "m-ferry2"), "unsure", kind="match", reason=WHY),
        )
        with made.desk.store.reading() as reader:
            event_id = reader.event_of(["m-ferry1"])["m-ferry1"]
        toll = write_value("injured", Estimate.exactly(NUMBER))
        decide(made, "rosa", draft(event_id, "change", kind="event", field="injured", after=toll, reason=WHY))
        finish_first(made, "ferry")
        with made.desk.store.reading() as reader:
            case = reader.case("a-ferry")
        assert case is not None and case.status == "second" and case.coded_by == ("carla",)
        refresh_dataset(made.desk)
        made.office.dataset._show(made.desk.folder / "dataset")
        yield made


def list_addresses(team: Team) -> list[str]:
    """Every route that can be asked with GET, for everything of the desk that its address can name, and more forms."""
    with team.desk.store.reading() as reader:
        events = [record.event.event_id for record in reader.all_events()]
        mentions = [m.mention_id for m in read_case(reader, "a-ferry").mentions]
        decisions = [d.seq for d in reader.decisions()]
    names = {
        "article_id": ["a-ferry", "a-gazette"],
        "event_id": [*events, *(f"desk:{event}" for event in events)],
        "name": ["The Ferry", "Coast Front", ACTOR, "deaths", "actor1", "location"],
        "z": ["0"],
        "x": ["0"],
        "y": ["0"],
        "facet": ["location", "actor"],
    }
    found = []
    for rule in team.app.state.rules:
        if "GET" not in rule.methods or rule.path == "/logout":
            continue
        paths = [rule.path]
        for part in re.findall(r"\{([^}]*)\}", rule.path):
            told = names.get(part.partition(":")[0], ["x1"])
            paths = [path.replace(f"{{{part}}}", quote(value, safe="")) for path in paths for value in told]
        found += paths
    asked = [PLACE, ACTOR, NOTE, "Millford", "Coast Front", "killed", TYPED]
    found += [f"/search?q={quote(words)}{kind}" for words in asked for kind in ("", "&kind=event", "&kind=article")]
    found += [f"/history?by={name}" for name in ("carla", "cem", "rosa", "desk")]
    found += [f"/history?{form}" for form in ("article=a-ferry", "before=9999", *(f"as_of={n}" for n in decisions))]
    found += [f"/history?event={event}{more}" for event in events for more in ("", f"&as_of={decisions[-1]}")]
    found += [f"/history?article=a-ferry&as_of={n}" for n in decisions[-2:]]
    views = ("todo", "new", "mine", "second", "disputed", "flagged", "stale", "skipped", "done", "all")
    found += [f"/queue?view={view}{more}" for view in views for more in ("", "&deaths=7000", "&order=deaths")]
    found += [f"/article/a-ferry?track={track}" for track in ("main", "second", "final")]
    found += [f"/work/a-ferry?track={track}" for track in ("main", "second")]
    found += [f"/desk/api/case/a-ferry{path}?track={t}" for path in ("", "/checks") for t in ("main", "second")]
    found += [f"/desk/api/duplicates?article={a}&mention={m}" for m in (*mentions, "m-gazette1", "m-arabic1")
              for a in ("a-ferry", "a-gazette", "a-arabic")]  # fmt: skip
    found += [f"/desk/api/actors?q={quote(words)}" for words in (ACTOR, ACTOR[:5], "o", "Coast")]
    found += ["/desk/api/near?iso3=RUR&lat=1.25&lon=3.5&from=2024-03-01&to=2024-03-09"]
    found += [f"/events?{form}" for form in ("deaths_min=7000", "order=deaths", f"text={quote(NOTE)}")]
    found += [f"/api/events?{form}" for form in ("limit=500", "order=deaths")]
    found += [f"/api/count?by={by}" for by in ("location", "actor1", "month", "country")]
    found += [f"/count?by={by}&measure=deaths" for by in ("actor1", "location", "month")]
    found += [f"/agreement{path}" for path in (".csv", "/cases?field=deaths", "?by=coders", "/cases?field=incident")]
    return list(dict.fromkeys(found))


def tell(client: TestClient, address: str) -> str:
    """What an answer holds, without the words of the question itself."""
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code != 500, address
    text = answer.text + json.dumps(dict(answer.headers))
    for words in TELLING:
        if quote(words) in address or words in address:
            for written in (words, quote(words), quote_plus(words)):
                text = text.replace(written, "")
    return text


@pytest.mark.parametrize("name", ["cem", "rosa"])
def test_no_page_tells_a_second_coder_what_the_first_one_decided(team: Team, name: str) -> None:
    client, addresses = team.of(name), list_addresses(team)
    assert len(addresses) > 150
    told = {address: [words for words in TELLING if words in tell(client, address)] for address in addresses}
    assert {address: found for address, found in told.items() if found} == {}


def test_whoever_codes_nothing_second_sees_all_of_it(team: Team) -> None:
    """The walk would find it: the first coder, a lead and a viewer are told each of these words somewhere."""
    for name in ("carla", "lena", "vera"):
        client, addresses = team.of(name), list_addresses(team)
        everything = "".join(
            tell(client, address) for address in addresses if find_rule(team.app.state.rules, address, "GET")
        )
        assert [words for words in (PLACE, f"{NUMBER:,}", NOTE, ACTOR) if words not in everything] == [], name


def test_the_dataset_of_a_blind_coder_lacks_the_events_and_says_so(team: Team) -> None:
    whole, cut = (json.loads(team.of(name).get("/api/events").text) for name in ("lena", "cem"))
    assert 0 < len(cut["data"]) < len(whole["data"])
    assert "left out for you here" in team.of("cem").get("/count").text
    assert "left out for you here" not in team.of("lena").get("/count").text
    assert team.of("carla").get("/api/events").json()["dataset_version"] == whole["dataset_version"]


def test_the_search_in_actors_knows_what_other_events_name(team: Team) -> None:
    names = [actor["name"] for actor in team.of("cem").get("/desk/api/actors?q=Army of Ruri").json()["actors"]]
    assert "Army of Ruritania" not in names, "the ferry and the gazette tell of one event, which is kept"
    names = [actor["name"] for actor in team.of("cem").get("/desk/api/actors?q=Civilians").json()["actors"]]
    assert "Civilians (Ruritania)" in names
    names = [actor["name"] for actor in team.of("lena").get("/desk/api/actors?q=Order of").json()["actors"]]
    assert ACTOR in names


def test_the_second_coders_place_in_the_queue_tells_nothing(team: Team) -> None:
    with team.desk.store.reading() as reader:
        case = reader.case("a-ferry")
        cases, _ = reader.list_cases(CaseFilter(status=("second",)))
    assert case is not None and case.max_deaths == NUMBER
    assert {c.priority for c in cases} == {case.priority} and case.priority in (20.0, 40.0)


def test_what_one_codes_second_is_not_offered_to_another_and_opens_again_when_it_is_done(tmp_path: Path) -> None:
    with reading_team(tmp_path / "desk", always_second=True) as team:
        finish_first(team, "ferry")
        finish_first(team, "gazette", by="rosa")

        def rows(name: str) -> list[str]:
            return re.findall(r'data-article="([^"]+)"', team.of(name).get("/queue?view=second").text)

        assert sorted(rows("cem")) == ["a-ferry", "a-gazette"] and rows("rosa") == ["a-ferry"]
        decide(team, "cem", draft("", "add", article_id="a-ferry", **SECOND))
        assert rows("rosa") == [] and rows("carla") == ["a-gazette"]
        assert rows("cem") == ["a-ferry", "a-gazette"], "what one has begun stands first"
        page = team.of("rosa").get("/queue?view=all").text
        assert 'href="/article/a-ferry"' in page and "/work/a-ferry" not in page
        following = team.of("cem").get("/desk/api/case/a-gazette?track=second").json()["case"]["next"]
        assert following["id"] == "a-ferry"
        assert team.of("rosa").get("/desk/api/case/a-gazette").json()["case"]["next"]["id"] != "a-ferry"
        for name, blind in (("cem", True), ("rosa", True), ("carla", False), ("lena", False), ("vera", False)):
            page = team.of(name).get("/history?article=a-ferry").text
            assert ("Kept from you" in page) == blind, name
    with reading_team(tmp_path / "other", always_second=True) as team:
        finish_first(team, "ferry")
        finish_second(team)
        for name in ("cem", "rosa", "carla"):
            assert "Kept from you" not in team.of(name).get("/history?article=a-ferry").text


def test_the_rule_is_one_for_all_and_a_lead_is_blind_only_where_he_codes_himself(team: Team) -> None:
    from dataclasses import replace

    from conflictdesk.casework import User

    with team.desk.store.reading() as reader:
        case = reader.case("a-ferry")
    assert case is not None
    people = {role: User(name=f"some-{role}", role=role) for role in ("viewer", "coder", "reviewer", "lead")}
    assert [role for role, user in people.items() if keeps_back(case, user)] == ["coder", "reviewer"]
    mine = replace(case, second_by=("some-lead",))
    assert keeps_back(mine, people["lead"])
    again = replace(mine, status="open")
    assert is_due(again) and keeps_back(again, people["coder"]), "the first coder took it up again meanwhile"
    for status in ("coded", "disputed", "adjudicated"):
        assert not is_due(replace(mine, status=status)), status
