"""The dossier: one file that loads nothing, shows hostile text as text, and holds all that a reader needs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made_datasets import make_dataset, make_row

from conflictdesk.analyse.checks import check_claim, read_sentence
from conflictdesk.analyse.chronicle import write_chronicle
from conflictdesk.analyse.evidence import add_evidence
from conflictdesk.analyse.listing import list_incidents
from conflictdesk.publish.dossier import (
    Chart,
    DossierParts,
    EventList,
    note_dataset,
    render_chronicle,
    render_dossier,
    write_check_snippet,
)
from conflictdesk.questions import CheckAnswer, ChronicleQuestion, Filter

HOSTILE = '</style><script>alert(1)</script><img src=x onerror="alert(2)">\u202e'
SAID = "In 2019 the Reds killed 26 people in Mali, up from 14 in 2018."


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.fixture
def made(tmp_path: Path) -> tuple[CheckAnswer, DossierParts]:
    rows: list[dict[str, object]] = []
    for year, deaths in ((2017, 1), (2018, 14), (2019, 26), (2020, 1)):
        for half in ("01-03", "12-28"):
            more = {"actor1": "Reds", "actor2": HOSTILE, "notes": HOSTILE, "location": HOSTILE, "sources": [HOSTILE]}
            rows.append(make_row(len(rows), f"{year}-{half}", country="Mali", iso3="MLI", deaths=deaths // 2, **more))
    dataset = make_dataset(tmp_path / "d", rows)
    answer = check_claim(dataset, read_sentence(dataset, SAID), asked_on=dt.date(2026, 11, 22), resamples=20)
    incidents = add_evidence(dataset, list_incidents(dataset, Filter(actor=("Reds",)), order="influence", limit=3))
    parts = DossierParts(
        note=note_dataset("d & co", dataset.manifest),
        command="conflictdesk check d 'SAID'",
        snippet=write_check_snippet("d", answer),
        made_on=dt.date(2026, 11, 22),
        lists=(EventList(title="Events", total=8, incidents=incidents),),
        charts=(Chart("Week by week", '<svg role="img"></svg>', "<svg></svg>"),),
        claim=HOSTILE,
    )
    return answer, parts


def test_it_holds_what_a_reader_needs(made: tuple[CheckAnswer, DossierParts]) -> None:
    html = render_dossier(*made)
    for words in (
        "Verdict by fixed rules",
        "<b>reproduced</b>",
        "<mark>26</mark>",
        "1 Jan 2019 to 31 Dec 2019",
        "Caveats, from the data",
        "5 more are in the dataset",
        made[0].dataset_version,
        "conflictdesk check d",
        "check_claim(dataset, reading",
        "d &amp; co",
        "22 Nov 2026",
        'role="img"',
    ):
        assert words in html, words
    assert html == render_dossier(*made)


def test_hostile_text_is_shown_as_text_and_nothing_is_loaded(made: tuple[CheckAnswer, DossierParts]) -> None:
    html = render_dossier(*made)
    tags = Tags()
    tags.feed(html)
    assert not {"script", "img", "link", "iframe", "form", "object"} & {tag for tag, _ in tags.seen}
    assert not [attrs for _, attrs in tags.seen if {"src", "href", "style", "onerror", "onload"} & set(attrs)]
    assert "&lt;script&gt;alert(1)" in html and "\u202e" not in html
    policy = next(attrs["content"] for tag, attrs in tags.seen if attrs.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_policy_allows_its_own_style_alone(made: tuple[CheckAnswer, DossierParts]) -> None:
    import base64
    import hashlib

    html = render_dossier(*made)
    style = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert len(style) == 1
    assert base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode() in html


def test_a_claim_that_cannot_be_told_has_a_dossier_too(made: tuple[CheckAnswer, DossierParts]) -> None:
    answer = replace(made[0], verdict="cannot tell", why="It is one page.", meanings=(), comparison=None)
    html = render_dossier(answer, replace(made[1], lists=(), charts=()))
    assert "<b>cannot tell</b>It is one page." in html and "Before and after" not in html


def test_notes_under_a_licence_stay_at_home(made: tuple[CheckAnswer, DossierParts]) -> None:
    answer, parts = made
    kept = replace(
        parts.lists[0].incidents[0], event_id="acled:XX1", evidence=(("source", "a licensed note", "A Paper"),)
    )
    html = render_dossier(answer, replace(parts, lists=(EventList(title="E", total=1, incidents=(kept,)),)))
    assert "acled:XX1" in html and "a licensed note" not in html


def test_the_snippet_makes_the_answer_again(made: tuple[CheckAnswer, DossierParts], tmp_path: Path) -> None:
    answer, _ = made
    told: list[str] = []
    code = write_check_snippet(str(tmp_path / "d"), answer).replace("print(", "told.append(str(")
    exec(code.replace("answer.verdict, answer.why)", "answer.verdict))"), {"told": told})
    assert told == ["reproduced"]


def test_a_chronicle_is_one_file_too(tmp_path: Path, made: tuple[CheckAnswer, DossierParts]) -> None:
    place = {"latitude": 16.0, "longitude": 2.0, "country": "Mali", "location": "Fort <b>Amber</b>"}
    rows = [make_row(1, "2020-01-01", deaths=3, **place), make_row(2, "2020-01-02", **{**place, "place_precision": 2})]
    chronicle = write_chronicle(make_dataset(tmp_path / "c", rows), ChronicleQuestion(place="16,2", km=5))
    html = render_chronicle(chronicle, made[1])
    assert "At the site (1)" in html and "Perhaps at the site (1)" in html
    assert "Fort &lt;b&gt;Amber" in html and "3 deaths reported in 1 of them" in html
