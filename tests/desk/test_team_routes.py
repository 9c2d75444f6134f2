"""Every route of a desk, asked by nobody and by each role: who may, who may not, and no route without a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount
from team_desk import PEOPLE, Team, serve_team

from conflictdesk.decisions import ROLES
from conflictdesk.desk.office import is_at_least
from conflictdesk.desk.signing_in import FORMS, Rule, find_rule, list_rules, needs

OPEN = {"/login", "/enter"}
LEAST = {
    "/queue": "viewer",
    "/event/{event_id}": "viewer",
    "/events.csv": "viewer",
    "/api/events": "viewer",
    "/work/{article_id}": "coder",
    "/paste": "coder",
    "/paste/url": "coder",
    "/queue/skip": "coder",
    "/desk/api/decisions": "coder",
    "/desk/api/lock/{article_id}": "coder",
    "/desk/api/case/{article_id}": "coder",
    "/event/{event_id}/withdraw": "reviewer",
    "/adjudicate": "lead",
    "/adjudicate/{article_id}/settle": "lead",
    "/users": "lead",
    "/users/add": "lead",
    "/users/{name}/password": "lead",
}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with serve_team(tmp_path_factory.mktemp("routes") / "desk") as served:
        yield served


def rules_of(team: Team) -> Sequence[Rule]:
    rules: Sequence[Rule] = team.app.state.rules
    return rules


def walk(routes: Sequence[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from walk(inner.routes) if inner is not None else [route]


def fill_in(path: str) -> str:
    """An address that a route answers at."""
    return re.sub(r"\{[^}]*\}", "x1", path)


def test_every_route_of_the_app_has_a_rule_and_nothing_else_is_mounted_but_static(team: Team) -> None:
    routes = list(walk(team.app.routes))
    mounts = [route for route in routes if isinstance(route, Mount)]
    paths = {(route.path, frozenset(route.methods or ())) for route in routes if isinstance(route, APIRoute)}
    assert [mount.path for mount in mounts] == ["/static"]
    assert len(paths) + len(mounts) == len({id(r) for r in routes})
    assert paths == {(rule.path, rule.methods) for rule in rules_of(team)}
    assert len(paths) > 50
    assert [rule for rule in rules_of(team) if rule.least is None] == []
    assert {rule.path for rule in rules_of(team) if rule.least == "nobody"} == OPEN


def test_the_rules_of_what_matters_are_these(team: Team) -> None:
    found = {rule.path: rule.least for rule in rules_of(team) if rule.path in LEAST}
    assert found == LEAST


def test_a_route_that_declares_nothing_is_refused_to_a_lead(tmp_path: Path) -> None:
    bare, guarded = APIRouter(), APIRouter(dependencies=[Depends(needs("reviewer"))])
    bare.add_api_route("/bare", lambda: None, methods=["GET"])
    guarded.add_api_route("/bare/deep", lambda: None, methods=["POST"])
    bare.include_router(guarded)
    assert [(rule.path, rule.least) for rule in list_rules([bare])] == [("/bare", None), ("/bare/deep", "reviewer")]
    with serve_team(tmp_path / "desk") as team:
        gate = next(one for one in team.app.user_middleware if "rules" in one.kwargs)
        gate.kwargs["rules"] = [rule for rule in rules_of(team) if rule.path != "/queue"] + [
            Rule(one.path, one.methods, None, one.pattern) for one in rules_of(team) if one.path == "/queue"
        ]
        assert team.enter("lena").get("/queue").status_code == 403
        assert team.enter("lena").get("/sources").status_code == 200


@pytest.mark.parametrize("path", ["/queue", "/users", "/nothing", "/work/a", "/event/e", "/", "/static", "/queue/"])
def test_nobody_is_sent_to_the_door_and_learns_nothing(team: Team, path: str) -> None:
    answer = team.client().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert answer.content == b""


def test_every_route_is_refused_to_nobody(team: Team) -> None:
    client = team.client()
    for rule in rules_of(team):
        if rule.least == "nobody":
            continue
        for method in (*rule.methods, "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = client.request(method, fill_in(rule.path))
            page = method in ("GET", "HEAD") and "/api/" not in rule.path
            assert answer.status_code == (303 if page else 401), f"{method} {rule.path}"


@pytest.mark.parametrize("name", PEOPLE)
def test_every_route_is_answered_by_role(team: Team, name: str) -> None:
    """With the token of the form, so that only the role decides; without it no change is let through."""
    role = PEOPLE[name]
    token = team.csrf(team.of(name))
    for rule in rules_of(team):
        if rule.least == "nobody" or rule.least is None or rule.path == "/logout":
            continue
        for method in rule.methods:
            answer = team.of(name).request(method, fill_in(rule.path), headers={"x-csrf-token": token})
            allowed = is_at_least(role, rule.least)
            assert (answer.status_code not in (401, 403)) == allowed, f"{name} {method} {rule.path}: {answer.text}"
            assert answer.status_code != 500
            if method != "GET":
                bare = team.of(name).request(method, fill_in(rule.path), headers={"content-type": FORMS[0]})
                assert bare.status_code == 403, f"{name} {method} {rule.path} without a token"


def test_the_first_route_that_takes_path_and_method_gives_the_rule(team: Team) -> None:
    rules = rules_of(team)
    for path, method, least in (
        ("/event/x1", "GET", "viewer"),
        ("/event/x1/change", "POST", "reviewer"),
        ("/paste/text", "POST", "coder"),
        ("/users/lena/disable", "POST", "lead"),
    ):
        rule = find_rule(rules, path, method)
        assert rule is not None and rule.least == least, path
    assert find_rule(rules, "/static/desk.css", "GET") is None
    assert list(ROLES) == ["viewer", "coder", "reviewer", "lead"]
