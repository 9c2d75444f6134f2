"""The pages without a browser: headers, who is answered, tiles that add up, links that agree with their lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import mapbox_vector_tile
import pytest
from desk_server import invent_rows
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from made_datasets import make_dataset, make_row

from conflictdesk.datasets.opening import Dataset
from conflictdesk.desk.app import create_app
from conflictdesk.desk.chips import say_filter
from conflictdesk.desk.facets import FACETS, count_facet
from conflictdesk.desk.tile_bytes import TilePoint, write_layer
from conflictdesk.desk.tiles import Tile, draw_tile
from conflictdesk.questions import Filter

ROWS = invent_rows()
DRAWN = [row for row in ROWS if row["latitude"] is not None and row["place_precision"] != 4]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("pages") / "made"
    make_dataset(folder, ROWS).close()
    with TestClient(create_app(folder), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def dataset(desk: TestClient) -> Dataset:
    held: Dataset = desk.app.state.dataset  # type: ignore[attr-defined]
    return held


PAGES = (
    "/",
    "/?country=Ruritania&open=source",
    "/events",
    "/event/made:60",
    "/api",
    "/peek",
    "/facet/source",
    "/map.svg",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_a_strict_policy_and_nothing_inline(desk: TestClient, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    if path != "/map.svg":
        assert not re.search(r"<style|\sstyle=|\son\w+=(?![^<]*&)", re.sub(r"&lt;.*?&gt;", "", answer.text))
        for script in re.findall(r"<script[^>]*>", answer.text):
            assert "src=" in script or 'type="application/json"' in script
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "", "10.0.0.1"])
def test_only_names_of_this_machine_are_answered(desk: TestClient, host: str) -> None:
    refused = desk.get("/", headers={"host": host})
    assert refused.status_code == 421 and "Invented" not in refused.text


@pytest.mark.parametrize("host", ["localhost:8642", "127.0.0.1:1", "[::1]:99", "LOCALHOST"])
def test_names_of_this_machine_are_answered(desk: TestClient, host: str) -> None:
    assert desk.get("/api/meta", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("zoom", [0, 3, 5, 9])
def test_each_event_stands_in_one_tile_and_its_query_finds_it(desk: TestClient, dataset: Dataset, zoom: int) -> None:
    total = 0
    for x in range(2**zoom) if zoom < 4 else range(int(2**zoom * 0.6), int(2**zoom * 0.64) + 1):
        for y in range(2**zoom) if zoom < 4 else range(int(2**zoom * 0.36), int(2**zoom * 0.43) + 1):
            body = draw_tile(dataset, Filter(), Tile(zoom, x, y))
            if not body:
                continue
            assert body == draw_tile.__wrapped__(dataset, Filter(), Tile(zoom, x, y))
            for feature in mapbox_vector_tile.decode(body)["events"]["features"]:
                told = feature["properties"]
                total += told["n"]
                if zoom < 6:
                    listed = desk.get("/peek?" + told["q"]).text
                    assert f'data-value="{told["n"]}"' in listed
    assert total == len(DRAWN)


def test_cells_gather_what_lies_close(tmp_path_factory: pytest.TempPathFactory) -> None:
    edges = [(0.0, 0.0), (11.25, 0.0), (-180.0, 5.0), (180.0, 5.0), (180.0, 85.2), (45.0, -89.9), (45.0, 45.0)]
    rows = [
        make_row(
            n,
            "2022-01-01",
            longitude=edges[n % 7][0] + (n % 3) * 1e-7 * (n % 7 not in (3, 4)),
            latitude=edges[n % 7][1],
        )
        | {"place_precision": (1, 2, 3, None)[n % 4]}
        for n in range(700)
    ]
    made = make_dataset(tmp_path_factory.mktemp("edges") / "made", rows)
    for zoom in (0, 2, 6):
        tiles = [Tile(zoom, x, y) for x in range(2**zoom) for y in range(2**zoom)] if zoom < 6 else []
        tiles = tiles or [Tile(6, x, y) for x in (0, 31, 32, 33, 34, 39, 40, 63) for y in range(64)]
        told = [f["properties"] for t in tiles for f in decode(draw_tile(made, Filter(), t))]
        assert sum(int(str(p["n"])) for p in told) == 700
        with TestClient(create_app(made.folder), base_url="http://127.0.0.1") as client:
            for properties in told:
                listed = client.get(f"/events?{properties['q']}").text
                assert f'data-sum="events" data-value="{properties["n"]}"' in listed, properties
    made.close()


def decode(body: bytes) -> list[dict[str, dict[str, object]]]:
    layers = mapbox_vector_tile.decode(body) if body else {}
    features: list[dict[str, dict[str, object]]] = layers.get("events", {}).get("features", [])
    return features


def test_a_tile_is_sent_once(desk: TestClient) -> None:
    first = desk.get("/tiles/3/4/3.mvt?country=Ruritania")
    assert first.status_code == 200 and first.headers["content-type"].endswith("vector-tile")
    again = desk.get("/tiles/3/4/3.mvt?country=Ruritania", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert desk.get("/tiles/3/4/3.mvt").headers["etag"] != first.headers["etag"]
    assert [desk.get(f"/tiles/{path}.mvt").status_code for path in ("15/0/0", "2/4/0", "2/0/-1")] == [404, 404, 404]


@given(st.lists(st.tuples(st.integers(0, 4095), st.integers(0, 4095), st.integers(0, 10**12), st.text(max_size=9))))
def test_points_survive_the_way_into_a_tile(points: list[tuple[int, int, int, str]]) -> None:
    body = write_layer("events", [TilePoint(x, y, {"n": n, "t": text}) for x, y, n, text in points])
    read = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}) if body else {}
    features = read.get("events", {"features": []})["features"]
    told = [(*f["geometry"]["coordinates"], f["properties"]["n"], f["properties"]["t"]) for f in features]
    assert told == points


def test_every_number_opens_the_events_that_add_up_to_it(desk: TestClient) -> None:
    opened = "&".join(f"open={facet.name}" for facet in FACETS)
    page = desk.get(f"/?actor=Band+1&actor=Band+2&{opened}").text
    links = re.findall(r'<a class="n" data-sum="(\w+)" data-value="(\d+)" href="([^"]*)"', page)
    assert len(links) > 40
    for name, value, href in links:
        listed = desk.get(unescape(href)).text
        assert f'class="total" data-sum="{name}" data-value="{value}"' in listed, (name, value, href)


@pytest.mark.parametrize("facet", [facet.name for facet in FACETS])
def test_a_facet_counts_what_choosing_it_leaves(desk: TestClient, dataset: Dataset, facet: str) -> None:
    group = count_facet(dataset, Filter(country=("Ruritania",)), facet)
    for value in (group.values or ())[:6]:
        left = dataset_count(dataset, value.only)
        assert value.events == left > 0


def dataset_count(dataset: Dataset, wanted: Filter) -> int:
    from conflictdesk.analyse.counts import tally_events

    return tally_events(dataset, wanted).events


def test_parts_are_sent_where_the_page_asks_for_parts(desk: TestClient) -> None:
    parts = desk.get("/?country=Borduria&q=", headers={"hx-request": "true"})
    assert "<html" not in parts.text and 'id="list"' in parts.text and parts.text.count('hx-swap-oob="true"') == 4
    assert parts.headers["hx-push-url"] == "/?country=Borduria"


def test_downloads_are_what_is_shown(desk: TestClient) -> None:
    query = "country=Borduria&missing=deaths"
    shown = int(re.search(r'class="total" data-sum="events" data-value="(\d+)"', desk.get(f"/events?{query}").text)[1])  # type: ignore[index]
    told = json.loads(desk.get(f"/events.json?{query}").text)
    lines = desk.get(f"/events.csv?{query}").text.splitlines()
    assert shown == told["count"] == len(told["events"]) == len(lines) - 1 > 0


@pytest.mark.parametrize(
    "path",
    [
        "/?page=0",
        "/?page=99999999",
        "/?order=size",
        "/?from=2021-13-01",
        "/?colour=red",
        "/events?near=1,2",
        "/?page=x",
    ],
)
def test_wrong_addresses_are_told_in_words(desk: TestClient, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 400 and "This question cannot be read" in answer.text


def test_a_filter_is_told_part_by_part_and_each_part_can_go() -> None:
    wanted = Filter(actor=("Band 1",), meaning="attributed", missing=("day",), text="bridge", place_precision=(1, 2))
    chips = say_filter(wanted)
    assert [chip.text for chip in chips] == [
        "attributed to Band 1",
        "place known: a named town or site or near a place, or a small area",
        "no day told",
        "“bridge” in the text",
    ]
    assert chips[0].without == Filter(missing=("day",), text="bridge", place_precision=(1, 2))
    for chip in chips:
        assert len(say_filter(chip.without)) == len(chips) - 1


def test_every_static_file_that_a_page_names_is_there(desk: TestClient) -> None:
    from conflictdesk.desk.rendering import HERE

    if not (HERE / "static" / "vendor").is_dir():
        pytest.skip("the browser's libraries are not here: make static")
    text = "".join(path.read_text("utf-8") for path in (HERE / "templates").glob("*.jinja"))
    named = set(re.findall(r"link\.static\(['\"]([^'\"]+)['\"]\)", text))
    for script in (HERE / "static").glob("*.js"):
        named |= {
            part.removeprefix("./") for part in re.findall(r"(?:from|import\()\s*\"(\./[^\"]+)\"", script.read_text())
        }
    assert {"desk.css", "explore.js", "vendor/maplibre-gl.js", "vendor/vega.js"} <= named
    assert [name for name in sorted(named) if desk.get(f"/static/{name}").status_code != 200] == []
