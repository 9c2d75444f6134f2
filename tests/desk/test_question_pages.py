"""The pages of questions: forms and their faults, answers, downloads; no input brings the server down."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from desk_server import HOSTILE, invent_rows
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_claims import add_tables
from made_datasets import make_dataset

from conflictdesk.desk.app import create_app

pytestmark = pytest.mark.slow

COMPARE = {"actor": "Band 1", "split": "2022-01-01", "window": "6months"}
SENTENCE = "Band 1 killed 60 people in the six months after 1 January 2022, 80 in the six months before."
CLAIM = {"claim_id": "c1", "sentence": SENTENCE, "quote": "60 people", "source": "Invented Gazette", "by": "Band 1"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("questions") / "made"
    make_dataset(folder, invent_rows()).close()
    add_tables(folder, claims=[CLAIM]).close()
    app = create_app(folder)
    app.state.today = dt.date(2031, 5, 1)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as held:
        yield held


def ask(client: TestClient, path: str, **asked: str) -> str:
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


@pytest.mark.parametrize("path", ["/count", "/compare", "/check", "/claims", "/chronicle", "/about"])
def test_each_page_opens_without_a_question(client: TestClient, path: str) -> None:
    page = ask(client, path)
    assert "<h1>" in page and 'style="' not in page and "<script>" not in page


def test_a_count_shows_its_rows_as_links_and_draws_them(client: TestClient) -> None:
    page = ask(client, "/count", by="country")
    told = json.loads(ask(client, "/count/answer.json", by="country"))
    for row in told["rows"]:
        assert f'data-sum="events" data-value="{row["events"]}"' in page and row["country"] in page
    assert page.count("<svg") == 2 and "In no row" not in page
    assert "In no row" in ask(client, "/count", by="month")


def test_a_count_of_nothing_says_so(client: TestClient) -> None:
    assert "No event matches" in ask(client, "/count", by="year", country="Nowhere")


def test_the_table_of_a_count_quotes_what_a_spreadsheet_would_run(client: TestClient) -> None:
    table = ask(client, "/count/table.csv", by="location")
    assert HOSTILE[3] in table and not re.search(r"(?m)^\"?=cmd", table)


def test_a_comparison_tells_both_sides_and_both_intervals(client: TestClient) -> None:
    page, told = ask(client, "/compare", **COMPARE), json.loads(ask(client, "/compare/answer.json", **COMPARE))
    sides = told["meanings"]["involving"]
    for side in ("before", "after"):
        assert f'data-sum="deaths_best" data-value="{sides[side]["deaths"]["best"]}"' in page
    assert "Do the reports agree?" in page and "Would it come out so again?" in page
    assert page.count('class="wide"') == 5 and "has three meanings" in page
    assert "because of" not in re.sub("<[^>]+>", "", page)


@pytest.mark.parametrize(
    ("name", "start"), [("weeks.svg", b"<svg"), ("weeks.png", b"\x89PNG"), ("events-choices.json", b'{\n "$schema"')]
)
def test_a_chart_can_be_taken_away(client: TestClient, name: str, start: bytes) -> None:
    answer = client.get(f"/compare/{name}", params=COMPARE)
    assert answer.status_code == 200 and answer.content.startswith(start)
    assert name in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("path", "asked", "field", "words"),
    [
        ("/compare", {**COMPARE, "split": "soon"}, "fault-split", "is not a day"),
        ("/compare", {**COMPARE, "window": "a while"}, "fault-window", "write a number"),
        ("/compare", {"split": "2022-01-01"}, "fault-actor", "Name the actor"),
        ("/count", {"by": "colour"}, "fault-by", "choose one of the list"),
        ("/count", {"by": "year", "from": "2022-02-30"}, "fault-from", "is not a day"),
        ("/chronicle", {"place": "Town 3", "km": "far"}, "fault-km", "kilometres"),
        ("/chronicle", {"km": "5"}, "fault-place", "Name a place"),
    ],
)
def test_a_wrong_value_stays_in_the_form_with_its_fault_beside_it(
    client: TestClient, path: str, asked: dict[str, str], field: str, words: str
) -> None:
    answer = client.get(path, params=asked)
    assert answer.status_code == 422
    fault = re.search(rf'id="{field}">([^<]+)<', answer.text)
    assert fault and words in fault[1]
    assert all(f'"{value}"' in answer.text for value in asked.values() if value != "colour")


def test_an_unknown_actor_is_told_the_nearest_names(client: TestClient) -> None:
    answer = client.get("/compare", params={**COMPARE, "actor": "band 11"})
    assert answer.status_code == 422 and "Band 1" in answer.text and 'role="alert"' in answer.text


def test_a_sentence_is_read_first_and_checked_after_a_yes(client: TestClient) -> None:
    reading = ask(client, "/check", sentence=SENTENCE)
    assert "Yes, check this" in reading and "<mark>60</mark>" in reading and "Verdict:" not in reading
    verdict = ask(client, "/check", sentence=SENTENCE, yes="1")
    assert re.search(r"Verdict:</span> [a-z ]+</h2>", verdict) and "The comparison that it rests on" in verdict
    assert "1 May 2031" in verdict


def test_a_corrected_figure_changes_the_verdict(client: TestClient) -> None:
    told = json.loads(ask(client, "/compare/answer.json", **COMPARE))["meanings"]["involving"]
    found = [str(told[side]["deaths"]["best"]) for side in ("before", "after")]
    pairs = [("sentence", SENTENCE), ("yes", "1"), ("figure", found[0]), ("figure", found[1])]
    page = client.get(f"/check?{urlencode([*pairs, ('side', 'before'), ('side', 'after')])}").text
    assert "Verdict:</span> reproduced" in page or "depends on the meaning" in page
    assert "Verdict:</span> not reproduced" in ask(client, "/check", sentence=SENTENCE, yes="1")


def test_the_dossier_is_one_file_that_asks_for_nothing(client: TestClient) -> None:
    dossier = ask(client, "/check/dossier.html", sentence=SENTENCE, yes="1")
    assert dossier.startswith("<!doctype html>") and not re.search(r'(?:src|href)="https?:', dossier)


def test_a_sentence_without_figures_cannot_be_checked_and_says_what_it_needs(client: TestClient) -> None:
    page = ask(client, "/check", sentence="The weather was fine.", yes="1")
    assert "Before it can be checked, it needs" in page and "Verdict:" not in page


def test_a_claim_of_the_dataset_is_one_click_from_its_check(client: TestClient) -> None:
    page = ask(client, "/claims")
    address = re.search(r'href="(/check\?claim=c1)"', page)
    assert address and "<mark>60</mark>" in client.get(address[1]).text


def test_a_chronicle_lists_by_date_and_tells_what_is_too_coarse(client: TestClient) -> None:
    page = ask(client, "/chronicle", place="Town 3", km="5")
    assert "Placed there exactly" in page and "May lie there" in page


def test_the_map_of_a_chronicle_holds_every_incident_or_says_that_it_lies_beyond(client: TestClient) -> None:
    from lxml import html

    for km in ("5", "60"):
        tree = html.fromstring(ask(client, "/chronicle", place="Town 3", km=km))
        listed = len(tree.xpath('//ol[@class="chronicle"]/li'))
        pins = tree.xpath('//figure[@class="sitemap"]//a')
        drawn = sum(int(str(pin.findtext("title")).rsplit(": ", 1)[1].split()[0]) for pin in pins)
        caption = " ".join(tree.xpath('string(//figure[@class="sitemap"]/figcaption)').split())
        told = re.search(r"([\d,]+) incidents? of the lists", caption)
        assert pins and drawn + (int(told[1]) if told else 0) == listed
        anchors = {pin.get("href")[1:] for pin in pins if pin.get("href").startswith("#")}
        assert anchors <= {item.get("id") for item in tree.xpath("//li[@id]")}


@pytest.mark.parametrize("more", [{}, {"from": "2021-03-01"}, {"country": "Ruritania", "to": "2022-06-01"}])
def test_the_numbers_of_a_chronicle_open_its_events(client: TestClient, more: dict[str, str]) -> None:
    from lxml import html

    tree = html.fromstring(ask(client, "/chronicle", place="Town 3", km="60", **more))
    for side in ("exact", "near"):
        listed = len(tree.xpath(f'//section[@aria-labelledby="{side}-title"]//ol/li'))
        (number,) = tree.xpath(f'//h2[@id="{side}-title"]/a[@class="n"]')
        opened = html.fromstring(client.get(number.get("href")).text)
        total = opened.xpath('string(//h1//*[@data-sum="events"]/@data-value)')
        assert number.get("data-value") == str(listed) == total != "0"


def test_about_tells_files_columns_and_gaps(client: TestClient) -> None:
    page = ask(client, "/about")
    assert "made.csv" in page and "place_radius_km" in page and 'id="borders"' in page and "missing=deaths" in page


def test_hostile_names_are_text(client: TestClient) -> None:
    page = ask(client, "/count", by="actor") + ask(
        client, "/compare", actor=HOSTILE[0], split="2022-01-01", window="1year"
    )
    assert "<img src=x" not in page and "<script>document" not in page


KEYS = st.sampled_from(
    "by actor split window measure from to country place km near box limit sentence yes figure side value_is claim q "
    "missing meaning order x".split()
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["year", "Band 1", "2022-01-01", "6months", "0001-01-01", "9999-12-31", "1e400", "-1", SENTENCE, "1"]
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    path=st.sampled_from(["/count", "/compare", "/check", "/chronicle", "/compare/weeks.svg", "/check/answer.json"]),
    pairs=st.lists(st.tuples(KEYS, VALUES), max_size=6),
)
def test_no_question_brings_the_server_down(client: TestClient, path: str, pairs: list[tuple[str, str]]) -> None:
    query = urlencode([(key, value.encode("utf-8", "replace").decode()) for key, value in pairs])
    assert client.get(f"{path}?{query}").status_code < 500


def test_the_recolouring_in_the_style_sheet_is_that_of_the_themes() -> None:
    from conflictdesk.desk.rendering import HERE
    from conflictdesk.publish.charts import write_recolouring

    sheet = (Path(HERE) / "static" / "questions.css").read_text("utf-8")
    assert all(line in sheet for line in write_recolouring(".chart").splitlines())
