"""The page of misses: each task's causes, and a page that no record can break."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.__main__ import main
from benchmarks.bench_folder import find_bench
from benchmarks.error_causes import EXPLAINERS
from benchmarks.errors import Mark, Miss, mark_text, tally_causes, write_page
from benchmarks.errors_events import explain_events
from benchmarks.events import list_sets
from benchmarks.product import code_pages

EVIL = "<script>alert('x')</script> & \"quoted\""
Row = Mapping[str, object]


def write_rows(path: Path, rows: Sequence[Row]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def causes(task: str, folder: Path, gold: Row, ours: Row) -> list[str]:
    _, misses = EXPLAINERS[task](write_rows(folder / "gold.jsonl", [gold]), [ours])
    return [miss.cause for miss in misses]


SHOT = "Two men were shot dead in Millbrook on Friday. A third man was wounded, the sheriff said."


@pytest.mark.parametrize(
    ("killed", "injured", "day", "expected"),
    [
        (2, 1, "2020-05-01", []),
        (3, 1, "2020-05-01", ["killed: parts not added up"]),
        (0, 1, "2020-05-01", ["killed: counted where the gold has none"]),
        (2, 1, "2020-05-02", ["day: a day off"]),
        (2, 1, "2020-04-24", ["day: a week off"]),
    ],
)
def test_tolls_say_what_went_wrong(tmp_path: Path, killed: int, injured: int, day: str, expected: list[str]) -> None:
    gold = {"n_killed": killed, "n_injured": injured, "shooting_date": day}
    record = {"text": SHOT, "publish_date": "2020-05-03", "gold": gold}
    ours = {"i": 0, "killed": 2, "injured": 1, "date": "2020-05-01"}
    found = causes("tolls", tmp_path, record, ours)
    assert [cause.split(":")[0] for cause in found] == [cause.split(":")[0] for cause in expected]
    assert killed == 3 or found == expected


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ([], ["missed"]),
        ([{"start": 13, "end": 19, "value": "2021-05-14"}], ["value differs: a week off"]),
        ([{"start": 13, "end": 19, "value": "2021-05"}], ["value differs: day for month"]),
        ([{"start": 13, "end": 19, "value": "2021-05-07"}], []),
        (
            [{"start": 13, "end": 19, "value": "2021-05-07"}, {"start": 0, "end": 3, "value": "1999"}],
            ["read where the gold has none"],
        ),
    ],
)
def test_dates_say_what_went_wrong(tmp_path: Path, got: list[Row], expected: list[str]) -> None:
    item = {"start": 13, "end": 19, "text": "Friday", "type": "DATE", "value": "2021-05-07"}
    record = {"docid": "d", "text": "They left on Friday.", "dct": "2021-05-09", "timex3": [item]}
    assert causes("dates", tmp_path, record, {"docid": "d", "timex3": got}) == expected


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ([], ["name not found"]),
        ([{"start": 0, "end": 5, "lat": 48.9, "lon": 2.3, "geonameid": "1"}], []),
        (
            [{"start": 0, "end": 5, "lat": 33.7, "lon": -95.5, "geonameid": "2"}],
            ["more than 500 km off: another place of the name"],
        ),
    ],
)
def test_places_say_what_went_wrong(tmp_path: Path, got: list[Row], expected: list[str]) -> None:
    name = {"start": 0, "end": 5, "phrase": "Paris", "geonameid": "1", "lat": "48.85", "lon": "2.35"}
    record = {"docid": "d", "text": "Paris is calm.", "toponyms": [name]}
    assert causes("places", tmp_path, record, {"docid": "d", "places": got}) == expected


def test_event_types_are_confused_by_name(tmp_path: Path) -> None:
    record = {"id": 1, "text": "Rebels shelled a town.", "label": "ART_MISS_ATTACK"}
    assert causes("event-type", tmp_path, record, {"id": 1, "label": "ART_MISS_ATTACK"}) == []
    told = causes("event-type", tmp_path, record, {"id": 1, "label": "ATTACK"})
    assert told == ["ART_MISS_ATTACK taken for ATTACK"]
    assert causes("event-type", tmp_path, {**record, "label": "DIPLO"}, {"id": 1, "label": "ATTACK"}) == []


def test_articles_are_apart_or_beside_strangers(tmp_path: Path) -> None:
    rows = [
        {"doc_id": doc, "incident_id": incident, "title": doc, "dct": day, "text": "A blast."}
        for doc, incident, day in (("a", "1", "2020-01-01"), ("b", "1", "2020-01-02"), ("c", "2", "2020-03-01"))
    ]
    ours = [{"doc_id": doc, "event_id": event} for doc, event in (("a", "x"), ("b", "y"), ("c", "y"))]
    _, misses = EXPLAINERS["same-event"](write_rows(tmp_path / "gold.jsonl", rows), ours)
    told = {miss.record: miss.cause for miss in misses}
    assert told == {
        "a": "apart from its own, published within 3 days",
        "b": "apart from its own and beside strangers",
        "c": "beside strangers of other days",
    }


def test_narratives_say_which_end_differs(tmp_path: Path) -> None:
    gold = {"file": "f", "summary": "Shelling killed five civilians in Harmal.", "injured_min": 0, "injured_max": 0}
    ours = {"file": "f", "killed_low": 5, "killed_high": 5, "injured_low": None, "injured_high": None}
    assert causes("civilian-harm", tmp_path, {**gold, "killed_min": 5, "killed_max": 5}, ours) == []
    assert causes("civilian-harm", tmp_path, {**gold, "killed_min": 5, "killed_max": 8}, ours) == [
        "killed: high end differs"
    ]


@pytest.mark.bench
@pytest.mark.slow
@pytest.mark.skipif(find_bench() is None, reason="no benchmark folder: set CONFLICTDESK_BENCH")
def test_events_say_what_became_of_a_missed_sentence(tmp_path: Path) -> None:
    """With nothing coded every required event is missed, and the coder says what it makes of its sentence."""
    (news,) = [each for each in list_sets(own=False) if each.name == "news"]
    code_pages(news.pages, tmp_path / "out")
    records, misses = explain_events("news", tmp_path / "out")
    assert records and misses and all(miss.text and miss.cause for miss in misses)
    (tmp_path / "out" / "events.jsonl").write_text("", encoding="utf-8")
    _, missed = explain_events("news", tmp_path / "out")
    gold = json.loads(news.gold.read_text("utf-8"))
    assert len(missed) == sum(event["required"] for event in gold["events"])
    assert all(miss.cause.startswith("not coded: its sentence") for miss in missed)


@pytest.mark.skipif(find_bench() is None, reason="no benchmark folder: set CONFLICTDESK_BENCH")
@pytest.mark.parametrize("name", ["own wire, hold", "own pages, hold", "no such set"])
def test_what_is_held_back_is_not_shown(name: str) -> None:
    with pytest.raises(ValueError, match="no open set"):
        explain_events(name)


# ---------------------------------------------------------------- the page


def make_miss(cause: str = "missed", text: str = EVIL) -> Miss:
    return Miss(
        record=EVIL, cause=cause, fields=((EVIL, EVIL, "ours"),), text=text, marks=(Mark(0, 8, EVIL),), note=EVIL
    )


def test_nothing_of_a_record_is_taken_for_html(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    write_page(page, EVIL, 3, [make_miss(EVIL), make_miss("other")])
    body = page.read_text("utf-8")
    assert "<script>alert" not in body and body.count("<script>") == 1
    assert "&lt;script&gt;" in body and "http://" not in body and "https://" not in body


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), max_size=5))
def test_a_marked_text_is_the_text(text: str, ends: list[tuple[int, int]]) -> None:
    marks = [Mark(start, start + length, "m") for start, length in ends]
    assert html.unescape(re.sub(r"</?mark[^>]*>", "", str(mark_text(text, marks)))) == html.unescape(html.escape(text))


def test_the_commonest_cause_comes_first() -> None:
    tallies = tally_causes([make_miss("b"), make_miss("a"), make_miss("b")])
    assert [(t.number, t.cause, len(t.misses)) for t in tallies] == [(1, "b", 2), (2, "a", 1)]


def test_the_command_tells_causes_and_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = {"start": 13, "end": 19, "text": "Friday", "type": "DATE", "value": "2021-05-14"}
    record = {"docid": "d", "text": "They left on Friday.", "dct": "2021-05-09", "timex3": [item]}
    file, page = write_rows(tmp_path / "dates.jsonl", [record]), tmp_path / "page.html"
    assert main(["errors", "dates", str(file), "--out", str(page)]) == 0
    assert "value differs: a week off" in capsys.readouterr().out
    assert "They left on" in page.read_text("utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_filters_by_cause_and_fits(tmp_path: Path, width: int) -> None:
    path = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    if path is None:
        pytest.skip("Chromium is not here")
    playwright = pytest.importorskip("playwright.sync_api")
    page_file = tmp_path / "page.html"
    long = make_miss("missed", "word " * 900 + "x" * 400)
    write_page(page_file, "Misses", 9, [long, make_miss("missed"), make_miss("other")])
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(page_file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("article:visible").count() == 3
        page.select_option("#cause", "2")
        assert page.locator("article:visible").count() == 1
        page.select_option("#cause", "")
        assert page.locator("article:visible").count() == 3
        browser.close()
