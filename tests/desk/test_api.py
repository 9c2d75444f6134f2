"""The API: what it gives is what the rows say; what it cannot read it refuses in clear words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest
from desk_server import HOSTILE, invent_rows, serve
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from made_datasets import make_dataset

from conflictdesk.datasets.schema import EVENT_COLUMNS
from conflictdesk.desk.app import create_app
from conflictdesk.exchange.cells import untame

ROWS = invent_rows()
Json = dict[str, object]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("api") / "made"
    make_dataset(folder, ROWS).close()
    with TestClient(create_app(folder), base_url="http://127.0.0.1") as client:
        yield client


def ids_of(desk: TestClient, query: str) -> set[str]:
    answer = desk.get(f"/api/events?limit=5000&fields=event_id&{query}")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["success"] is True and told["count"] == told["total"] == len(told["data"])
    return {row["event_id"] for row in told["data"]}


def expect(matches: Callable[[dict[str, object]], object]) -> set[str]:
    return {str(row["event_id"]) for row in ROWS if matches(row)}


def number(row: dict[str, object], name: str) -> float:
    value = row.get(name)
    return float("nan") if value is None else float(str(value))


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("country=Borduria", lambda r: r["country"] == "Borduria"),
        ("country=Borduria|Ruritania", lambda r: True),
        ("country=Borduria&country_where=!=", lambda r: r["country"] != "Borduria"),
        ("deaths_best=7&deaths_best_where=>", lambda r: number(r, "deaths_best") > 7),
        ("deaths_best=3|5&deaths_best_where=BETWEEN", lambda r: 3 <= number(r, "deaths_best") <= 5),
        ("date_start=2022-06-01&date_start_where=>=", lambda r: r["date_start"] and str(r["date_start"]) >= "2022-06"),
        ("actor1=band 1&actor1_where=LIKE", lambda r: "Band 1" in str(r["actor1"])),
        ("sources=Radio Invented", lambda r: "Radio Invented" in list(r["sources"])),
        ("civilian_targeting=true", lambda r: r["civilian_targeting"]),
        ("missing=day", lambda r: r["date_start"] is None),
        ("actor=Band 2&from=2021-03-01", lambda r: r["actor1"] == "Band 2" and str(r["date_start"] or "") >= "2021-03"),
    ],
)
def test_a_question_finds_exactly_its_rows(
    desk: TestClient, query: str, matches: Callable[[dict[str, object]], object]
) -> None:
    found = ids_of(desk, query)
    assert found == expect(matches) and found


def test_pages_hold_each_row_once_and_in_order(desk: TestClient) -> None:
    pages = [desk.get(f"/api/events?limit=50&page={n}&fields=event_id|date_start").json() for n in range(1, 6)]
    rows = [(row["date_start"] or "9999", row["event_id"]) for page in pages for row in page["data"]]
    assert len(rows) == len(set(rows)) == len(ROWS) == pages[0]["total"]
    assert rows == sorted(rows)


def test_csv_holds_the_same_rows_and_no_formula(desk: TestClient) -> None:
    query = "/api/events?limit=5000&fields=event_id|actor1|deaths_best"
    told = desk.get(query).json()["data"]
    read = list(csv.DictReader(io.StringIO(desk.get(query + "&_format=csv").text)))
    assert [row["event_id"] for row in read] == [row["event_id"] for row in told]
    assert [untame(row["actor1"]) for row in read] == [row["actor1"] for row in told]
    assert [row["deaths_best"] for row in read] == [
        "" if r["deaths_best"] is None else str(r["deaths_best"]) for r in told
    ]
    assert any(row["actor1"] == HOSTILE[3] for row in told)
    assert not [row for row in read if row["actor1"].startswith(("=", "+", "-", "@"))]


def test_a_count_adds_up_to_its_rows(desk: TestClient) -> None:
    told = desk.get("/api/count?by=country|event_type&from=2021-01-01").json()
    dated = [row for row in ROWS if row["date_start"]]
    assert sum(row["events"] for row in told["data"]) == told["total"]["events"] == len(dated)
    one = told["data"][0]
    same = [r for r in dated if r["country"] == one["country"] and r["event_type"] == one["event_type"]]
    assert one["deaths"]["best"] == sum(int(str(r["deaths_best"])) for r in same if r["deaths_best"] is not None)


def test_one_event_and_the_dataset(desk: TestClient) -> None:
    told = desk.get("/api/events/made:60").json()["data"]
    assert set(EVENT_COLUMNS) <= set(told) and told["event_id"] == "made:60"
    meta = desk.get("/api/meta").json()["data"]
    assert [column["name"] for column in meta["columns"]] == list(EVENT_COLUMNS)
    assert meta["counts"]["events"] == len(ROWS)


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("/api/events?contry=Mali", 400, "did you mean 'country'"),
        ("/api/events?deaths_best=many", 400, "not a whole number"),
        ("/api/events?date_start=2021-02-30", 400, "not a day"),
        ("/api/events?from=soon", 400, "not a day"),
        ("/api/events?country_where=>", 400, "country="),
        ("/api/events?country=Mali&country_where=~", 400, "one of"),
        ("/api/events?country=", 400, "no value"),
        ("/api/events?fields=event_id|deaths", 400, "no column 'deaths'"),
        ("/api/events?limit=0", 422, "limit"),
        ("/api/events?limit=999999", 422, "limit"),
        ("/api/events?page=999999999999999999999", 422, "page"),
        ("/api/events?page=9000&limit=5000", 400, "no page"),
        ("/api/events?_format=xml", 422, "_format"),
        ("/api/count", 400, "count by"),
        ("/api/count?by=colour", 400, "colour"),
        ("/api/events/none", 404, "no event"),
        ("/api/nothing", 404, "Not Found"),
        ("/api/meta?x=1", 400, "no parameter"),
    ],
)
def test_what_cannot_be_read_is_refused_in_clear_words(desk: TestClient, query: str, status: int, word: str) -> None:
    answer = desk.get(query)
    told = answer.json()
    assert (answer.status_code, told["status"], told["success"]) == (status, status, False)
    assert word in told["error"]


WORDS = st.text(max_size=30)


@given(
    key=st.sampled_from(
        [*EVENT_COLUMNS, "from", "near", "box", "q", "actor", "missing", "limit", "page", "fields", "by"]
    ),
    value=WORDS,
    operator=st.sampled_from(["=", ">", "LIKE", "BETWEEN", "!=", "; DROP TABLE events"]) | WORDS,
)
def test_no_question_breaks_the_server(desk: TestClient, key: str, value: str, operator: str) -> None:
    for path in ("/api/events", "/api/count", "/events", "/"):
        answer = desk.get(path, params={key: value, **({f"{key}_where": operator} if path == "/api/events" else {})})
        assert answer.status_code < 500
    assert desk.get("/api/meta").json()["data"]["counts"]["events"] == len(ROWS)


@pytest.mark.slow
def test_schemathesis_finds_no_fault(desk: TestClient) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, settings
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    def ask(case: schemathesis.Case) -> None:  # type: ignore[type-arg]  # its parameters are its own affair
        # A schema cannot say that NAME_where needs NAME beside it: such a request is refused in words.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    with serve(create_app(desk.app.state.dataset.folder)) as home:  # type: ignore[attr-defined]
        schema = schemathesis.openapi.from_url(f"{home}/api/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
        assert len(operations) == 4
        for operation in operations:
            steady = settings(
                max_examples=60,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            steady(given(case=operation.as_strategy())(ask))()
