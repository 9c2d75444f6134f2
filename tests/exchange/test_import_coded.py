"""What `code` wrote becomes events with their quotes, and claims with the words around them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from import_samples import ask, bring

TEXT = "Raid at Upper Vale\n\nIt was calm in May. Five farmers were killed on Sept. 3, the Hill Post said. Help came."
QUOTE = "Five farmers were killed"
START = TEXT.index(QUOTE)
SPAN = {"start": START, "end": START + len(QUOTE), "quote": QUOTE}
ARTICLE = {
    "article_id": "a-1",
    "external_id": "x#1",
    "title": "Raid at Upper Vale",
    "text": TEXT,
    "url": "https://x.test/1",
    "published_on": "2031-09-05",
    "source": "Hill Post",
}
EVENT: dict[str, object] = {
    "event_id": "e-1",
    "event_type": "Violence against civilians",
    "sub_event_type": "Attack",
    "disorder_type": ["Political violence"],
    "date_start": "2031-09-03",
    "date_end": "2031-09-03",
    "date_precision": 1,
    "actor1": "Front of the Glass Hills",
    "actor1_kind": "Rebel group",
    "actor2": "Civilians (Chad)",
    "actor2_kind": "Civilians",
    "associated_actors": [],
    "civilian_targeting": True,
    "country": "Chad",
    "iso3": "TCD",
    "admin1": None,
    "admin2": None,
    "location": "Upper Vale",
    "latitude": 12.5,
    "longitude": 18.25,
    "place_precision": 1,
    "place_radius_km": 4.0,
    "status": "proposed",
    "disputed": ["deaths"],
    "deaths": {"low": 5, "best": 5, "high": None, "imputed": None},
    "injured": None,
    "figures": [{"measure": "deaths", "of": "civilians", "count": {"low": 5, "best": 5, "high": None}}],
    "attribution": [
        {"actor": "Front of the Glass Hills", "by": "police", "basis": "accused", "evidence": []},
        {"actor": "Vale Guard", "by": None, "basis": "unclaimed", "evidence": []},
    ],
    "mentions": [
        {
            "article_id": "a-1",
            "article_title": "Raid at Upper Vale",
            "published_on": "2031-09-05",
            "source": "Hill Post",
            "evidence": {"deaths": [SPAN]},
        }
    ],
}
CLAIM = {
    "claim_id": "c-1",
    "article_id": "a-1",
    "by": "Front of the Glass Hills",
    "of": None,
    "measure": "deaths",
    "value": 5,
    "value_is": "exact",
    "from": "2031-01-01",
    "to": None,
    "said_by": "Hill Post",
    "evidence": {"value": [SPAN]},
}


def write_results(folder: Path, events: list[object], claims: list[object] | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in (("events", events), ("claims", claims or []), ("articles", [ARTICLE]), ("problems", [])):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def test_an_event_comes_with_its_quote_in_its_sentence(tmp_path: Path) -> None:
    bring(tmp_path / "set", "coded", write_results(tmp_path / "out", [EVENT], [CLAIM]))
    columns = (
        "event_id, date_start, perpetrator, attributed_to, deaths_low, deaths_high, deaths_civilians, injured_best,"
        " sources, n_sources, first_reported, headline, notes, status, flags"
    )
    (row,) = ask(tmp_path / "set", f"SELECT {columns} FROM events")
    front = "Front of the Glass Hills"
    assert row == (
        *("coded:e-1", dt.date(2031, 9, 3), front, [front], 5, None, 5, None, ["Hill Post"], 1),
        *(dt.date(2031, 9, 5), "Raid at Upper Vale", None, "proposed", ["disputed_deaths"]),
    )
    (quote,) = ask(tmp_path / "set", 'SELECT event_id, quote, "start", url, context, context_start FROM quotes')
    sentence = "Five farmers were killed on Sept. 3, the Hill Post said."
    assert quote == ("coded:e-1", QUOTE, START, "https://x.test/1", sentence, START)
    (claim,) = ask(tmp_path / "set", "SELECT claim_id, value, from_day, sentence, context, article_title FROM claims")
    assert claim == ("c-1", 5.0, dt.date(2031, 1, 1), sentence, TEXT, "Raid at Upper Vale")


def test_an_event_without_a_day_stays_an_event(tmp_path: Path) -> None:
    undated = {**EVENT, "date_start": None, "date_end": None, "date_precision": None}
    bring(tmp_path / "set", "coded", write_results(tmp_path / "out", [undated]))
    assert ask(tmp_path / "set", "SELECT date_start FROM events") == [(None,)]


def test_broken_lines_are_problems_as_they_came(tmp_path: Path) -> None:
    broken: list[object] = [
        EVENT,
        "{not json",
        {**EVENT, "event_id": 7},
        {**EVENT, "event_id": "e-3", "deaths": {"low": "many"}},
        {**EVENT, "event_id": "e-4", "date_start": "soon"},
        {**EVENT, "event_id": "e-5", "actor1": ["x"]},
        EVENT,
    ]
    report = bring(tmp_path / "set", "coded", write_results(tmp_path / "out", broken))
    assert (report.record.rows_in, report.record.events) == (7, 1)
    assert dict(report.record.problem_kinds) == {
        "line-unreadable": 1,
        "id-unreadable": 1,
        "figure-unreadable": 1,
        "date-unreadable": 1,
        "value-unreadable": 1,
        "id-twice": 1,
    }
    (line,) = ask(tmp_path / "set", "SELECT line FROM problems WHERE kind = 'line-unreadable'")
    assert line == ("{not json",)


def test_a_later_run_replaces_events_and_their_quotes(tmp_path: Path) -> None:
    bring(tmp_path / "set", "coded", write_results(tmp_path / "out", [EVENT, {**EVENT, "event_id": "e-2"}], [CLAIM]))
    newer = {**EVENT, "deaths": {"low": 6, "best": 6, "high": 6, "imputed": None}, "mentions": []}
    report = bring(tmp_path / "set", "coded", write_results(tmp_path / "out", [newer], [{**CLAIM, "value": 6}]))
    assert (report.record.superseded, report.record.changed) == (1, 1)
    assert ask(tmp_path / "set", "SELECT DISTINCT event_id FROM quotes") == [("coded:e-2",)]
    assert ask(tmp_path / "set", "SELECT claim_id, value FROM claims") == [("c-1", 6.0)]
