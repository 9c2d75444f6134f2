"""The people of a desk: added, given roles, shut out, passwords; bringing articles in by hand."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from team_desk import Team, password_of, read_csrf, serve_team

from conflictdesk.casework import User
from conflictdesk.desk.fresh_dataset import FreshDataset
from conflictdesk.desk.people import check_name, name_local, welcome_local
from conflictdesk.errors import ConfigError


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with serve_team(tmp_path / "desk") as served:
        yield served


def post(team: Team, who: str, path: str, /, **told: str) -> tuple[int, str, str]:
    client = team.of(who)
    answer = client.post(path, data={**told, "csrf": team.csrf(client)})
    return answer.status_code, answer.headers.get("location", ""), answer.text


def user(team: Team, name: str) -> User | None:
    with team.desk.store.reading() as reader:
        return reader.user(name)


def test_a_lead_adds_people_and_the_journal_says_who_did(team: Team) -> None:
    assert post(team, "lena", "/users/add", name="omar", role="coder", password="a good long sentence")[0] == 303
    assert user(team, "omar") == User(name="omar", role="coder")
    with team.desk.store.reading() as reader:
        last = reader.decisions()[-1]
    assert (last.subject_kind, last.subject_id, last.action, last.after, last.by) == (
        *("user", "omar", "grant", '"coder"', "lena"),
    )
    client = team.client()
    told = {"name": "omar", "password": "a good long sentence", "csrf": read_csrf(client.get("/login"))}
    assert client.post("/login", data=told).status_code == 303


@pytest.mark.parametrize(
    "told",
    [
        {"name": "omar", "role": "coder", "password": "short"},
        {"name": "Carla", "role": "coder", "password": "a good long sentence"},
        {"name": "a b", "role": "coder", "password": "a good long sentence"},
        {"name": "<b>", "role": "coder", "password": "a good long sentence"},
        {"name": "desk", "role": "coder", "password": "a good long sentence"},
        {"name": "", "role": "coder", "password": "a good long sentence"},
    ],
)
def test_a_poor_name_or_password_is_refused_beside_the_form(team: Team, told: dict[str, str]) -> None:
    status, _, page = post(team, "lena", "/users/add", **told)
    assert status == 422
    assert 'role="alert"' in page and "Add somebody" in page
    assert "a good long sentence" not in page, "a password is never written back"


def test_roles_change_and_the_last_lead_stays(team: Team) -> None:
    assert post(team, "lena", "/users/carla/role", role="reviewer")[0] == 303
    assert user(team, "carla") == User(name="carla", role="reviewer")
    assert post(team, "lena", "/users/lena/role", role="coder")[0] == 409
    assert post(team, "lena", "/users/lena/disable")[0] == 409
    assert post(team, "lena", "/users/carla/role", role="emperor")[0] == 422
    assert post(team, "lena", "/users/nobody-here/disable")[0] == 422
    assert post(team, "lena", "/users/carla/disable")[0] == 303
    assert user(team, "carla") == User(name="carla", role="reviewer", active=False)
    assert post(team, "lena", "/users/carla/enable", role="reviewer")[0] == 303
    assert user(team, "carla") == User(name="carla", role="reviewer")


def test_everybody_changes_the_own_password_and_a_lead_any(team: Team) -> None:
    new = {"password": "another long sentence", "again": "another long sentence"}
    assert post(team, "carla", "/account/password", old="wrong old one", **new)[0] == 422
    differ = {**new, "again": "something else"}
    assert post(team, "carla", "/account/password", old=password_of("carla"), **differ)[0] == 422
    status, went, _ = post(team, "carla", "/account/password", old=password_of("carla"), **new)
    assert (status, went) == (303, "/login")
    assert team.of("carla").get("/queue").status_code == 303
    assert post(team, "lena", "/users/cem/password", password="set by the lead")[0] == 303
    assert post(team, "lena", "/users/cem/password", password="x")[0] == 422


def test_the_account_of_this_machine_becomes_a_lead_once(team: Team) -> None:
    first = welcome_local(team.desk, team.clock.now)
    again = welcome_local(team.desk, team.clock.now)
    assert first == again == User(name=name_local(), role="lead")
    with team.desk.store.reading() as reader:
        assert [d.subject_id for d in reader.decisions()] == [first.name]
        assert reader.password_hash(first.name) is None


@pytest.mark.parametrize("name", ["amal", "Müller-2", "عمر", "a.b_c", "x" * 40])
def test_names_of_every_script_are_names(name: str) -> None:
    assert check_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", " ", "-x", ".x", "_x", "a b", "a/b", "x" * 41, "a\n", "DESK", "a\u202eb"])
def test_what_could_mislead_is_no_name(name: str) -> None:
    with pytest.raises(ConfigError):
        check_name(name if name != "a\n" else "a\nb")


# ---------------------------------------------------------------- bringing articles in


@pytest.fixture
def idle(team: Team) -> Team:
    """A desk whose coder is not set to work: what is brought in waits."""
    team.office.coding._working = True
    return team


def count_captures(team: Team) -> int:
    with team.desk.store.reading() as reader:
        return reader.count_rows()["captures"]


def test_a_text_is_taken_in_once(idle: Team) -> None:
    told = {"title": "Two hurt at the mill", "published": "2024-03-02"}
    told["text"] = "Two people were hurt at the mill on Friday."
    assert "1 page taken in" in post(idle, "carla", "/paste/text", **told)[2]
    assert "Nothing new" in post(idle, "carla", "/paste/text", **told)[2]
    assert count_captures(idle) == 1


@pytest.mark.parametrize(
    "told", [{"text": " "}, {"text": "words", "published": "March"}, {"text": "words", "url": "javascript:alert(1)"}]
)
def test_a_text_that_will_not_do_comes_back_with_its_fault(idle: Team, told: dict[str, str]) -> None:
    status, _, page = post(idle, "carla", "/paste/text", **told)
    assert status == 422 and 'role="alert"' in page
    assert count_captures(idle) == 0


@pytest.mark.parametrize("address", ["", "ftp://a.example/x", "file:///etc/passwd", "x\n" * 30])
def test_addresses_that_are_none_are_refused(idle: Team, address: str) -> None:
    assert post(idle, "carla", "/paste/url", addresses=address)[0] == 422


def test_addresses_inside_this_machine_are_not_fetched(idle: Team) -> None:
    _, _, page = post(idle, "carla", "/paste/url", addresses="http://127.0.0.1:1/x\nhttp://169.254.169.254/y")
    assert "page taken in" not in page
    assert count_captures(idle) == 0


def test_a_file_and_an_archive_are_taken_in_and_cannot_escape(idle: Team) -> None:
    client = idle.of("carla")
    token = idle.csrf(client)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("good.txt", "A clash at the ford\n\nThree people were hurt there on Monday, police said.")
        archive.writestr("../../escaped.txt", "Out of the folder\n\nThis must not be written anywhere.")
    sent = {"file": ("../../pages.zip", packed.getvalue(), "application/zip")}
    page = client.post("/paste/file", data={"csrf": token}, files=sent).text
    assert "1 page taken in" in page
    assert not list(idle.desk.folder.parent.rglob("escaped.txt"))
    bad = {"file": ("run.exe", b"MZ", "application/octet-stream")}
    assert client.post("/paste/file", data={"csrf": token}, files=bad).status_code == 422
    assert client.post("/paste/file", data={"csrf": token}).status_code == 422


@pytest.mark.slow
def test_what_was_pasted_is_coded_apart_and_reaches_the_queue(team: Team) -> None:
    text = "A roadside bomb killed three soldiers near Mosul on Sunday, the army said."
    told = {"title": "Bomb kills three soldiers near Mosul", "text": text, "published": "2024-03-04"}
    assert "reads it now" in post(team, "carla", "/paste/text", **told)[2]
    for _ in range(240):
        if not team.office.coding.tell().working:
            break
        time.sleep(0.5)
    assert team.office.coding.tell().fault is None
    assert "Bomb kills three soldiers" in team.of("carla").get("/queue?view=all").text


def test_the_pages_of_the_dataset_say_as_of_which_decision(team: Team) -> None:
    from team_desk import fill

    fill(team.desk, 4)
    fresh = FreshDataset(team.desk, "here")
    fresh.swapped = lambda dataset: setattr(team.app.state, "dataset", dataset)
    team.office.dataset = fresh
    assert "no event to show yet" in team.of("vera").get("/").text
    fresh.renew()
    page = team.of("vera").get("/count?by=year").text
    assert "As of decision 0: up to date" in page
    assert "Bring up to date" not in page
    post(team, "lena", "/users/carla/role", role="reviewer")
    behind = team.of("vera").get("/count?by=year").text
    assert "As of decision 0; people have decided 1 more thing since" in behind
    assert "Bring up to date" in behind
    assert post(team, "vera", "/dataset/refresh", next="/count?by=year")[1] == "/count?by=year"
    assert "Being brought up to date" in team.of("vera").get("/count").text
    fresh.renew()
    assert "As of decision 1: up to date" in team.of("vera").get("/events").text
    assert team.of("vera").get("/api/count?by=year").json()["success"] is True


@pytest.mark.slow
def test_a_desk_that_runs_makes_its_dataset_apart_and_swaps_it_in(tmp_path: Path) -> None:
    from starlette.testclient import TestClient
    from team_desk import HOME, fill, make_desk

    from conflictdesk.desk.office import AppOptions
    from conflictdesk.desk.team_app import create_desk_app

    with make_desk(tmp_path / "desk") as desk:
        fill(desk, 4)
        app = create_desk_app(desk, AppOptions(team=True))
        with TestClient(app, base_url=HOME, follow_redirects=False) as client:
            name = f"desk-{app.state.office.cookies.desk}-session"
            client.cookies.set(name, app.state.office.sessions.begin("vera", app.state.office.now))
            for _ in range(240):
                if app.state.dataset is not None:
                    break
                time.sleep(0.5)
            assert app.state.office.dataset.tell().fault is None
            assert "As of decision 0: up to date" in client.get("/events").text
        assert not app.state.office.dataset.tell().working
