"""The result folder: what goes in comes back, whole or not at all, the same bytes every time."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import json
import os
import random
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictdesk.errors import StoreError
from conflictdesk.records import (
    Actor,
    Article,
    Attribution,
    Claim,
    Dates,
    Estimate,
    Event,
    Mention,
    Place,
    Problem,
    Span,
)
from conflictdesk.release.exports import ACLED_COLUMNS, acled_row, read_results, write_results
from conflictdesk.release.rows import article_row, claim_row, event_row, problem_row

TEXT = "Shells hit Tolvany bridge\n\nTwo ferrymen died on Monday when shells hit the bridge at Tolvany, the mayor said."
FILES = ("articles.jsonl", "claims.jsonl", "events.csv", "events.geojson", "events.jsonl", "problems.jsonl")


def span_of(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


ACCUSED = Attribution(actor="Ruritania", by="mayor", basis="accused", evidence=(span_of("the mayor said"),))


def make_article(article_id: str = "a-1", text: str = TEXT, source: str | None = "River Post") -> Article:
    return Article(
        article_id=article_id,
        page_id="p-1",
        page="bridge.txt",
        external_id="bridge",
        title=text.split("\n")[0],
        text=text,
        published_on=dt.date(2023, 5, 9),
        published_basis="stated",
        language="en",
        source=source,
    )


def make_mention(article_id: str = "a-1", mention_id: str = "m-1") -> Mention:
    return Mention(
        mention_id=mention_id,
        article_id=article_id,
        event_type="Explosions/Remote violence",
        sub_event_type="Shelling/artillery/missile attack",
        evidence=MappingProxyType(
            {"deaths": (span_of("Two ferrymen died"),), "event_type": (span_of("shells hit the bridge"),)}
        ),
    )


def make_event(**changes: object) -> Event:
    values: dict[str, object] = {
        "event_id": "e-1",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "disorder_type": ("Political violence",),
        "dates": Dates(start=dt.date(2023, 5, 8), end=dt.date(2023, 5, 8), precision=1),
        "place": Place(
            name="Tolvany", kind="town", country="Ukraine", iso3="UKR", latitude=-1.25, longitude=30.5, precision=1
        ),
        "actor1": Actor(name="Military Forces of Ruritania", kind="External/Other forces"),
        "actor2": Actor(name="Civilians (Ukraine)", kind="Civilians"),
        "associated_actors": (),
        "civilian_targeting": True,
        "deaths": Estimate(low=2, best=2, high=None),
        "injured": None,
        "attribution": (("a-1", ACCUSED),),
        "inferred": MappingProxyType({"actor2": "ferrymen are taken as civilians"}),
        "disputed": ("deaths",),
        "mentions": (make_mention(),),
    }
    return Event(**(values | changes))  # type: ignore[arg-type]


def make_claim(claim_id: str = "c-1", value: float = 140.0) -> Claim:
    return Claim(
        claim_id=claim_id,
        article_id="a-1",
        by="Ruritania",
        of=None,
        measure="deaths",
        value=value,
        value_is="at least",
        from_day=dt.date(2023, 1, 1),
        to_day=None,
        said_by=None,
        evidence=MappingProxyType({"value": (span_of("Two"),)}),
    )


def write(out: Path, *events: Event, articles: tuple[Article, ...] = (), report: str | None = None) -> None:
    write_results(
        out, articles=articles or (make_article(),), events=events, claims=(), problems=(), report_html=report
    )


def read_csv(out: Path) -> list[dict[str, str]]:
    with (out / "events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_event_line_holds_values_and_exact_quotes() -> None:
    row = event_row(make_event(), {"a-1": make_article()})
    assert row["date_start"] == row["date_end"] == "2023-05-08"
    assert row["deaths"] == {"low": 2, "best": 2, "high": None, "imputed": None}
    assert row["injured"] is None
    assert list(row["mentions"][0]["evidence"]) == ["event_type", "deaths"]
    assert row["mentions"][0]["evidence"]["deaths"] == [{"start": 27, "end": 44, "quote": "Two ferrymen died"}]
    assert row["attribution"][0]["evidence"][0]["quote"] == "the mayor said"


def test_unknown_is_null_and_never_empty_text() -> None:
    row = event_row(make_event(dates=None, place=None, actor1=None), {"a-1": make_article()})
    empty = ("date_start", "date_precision", "location", "country", "latitude", "place_precision", "actor1_kind")
    assert {row[name] for name in empty} == {None}  # type: ignore[literal-required]


def test_attribution_is_quoted_from_its_own_article() -> None:
    other = make_article("a-2", "No one hurt\n\nThe prefect denied it.")
    said = ("a-2", Attribution(actor=None, by="prefect", basis="unclaimed", evidence=(Span(13, 24),)))
    event = make_event(attribution=(said,), mentions=(make_mention(),))
    second = make_mention("a-2", "m-2")
    row = event_row(
        make_event(attribution=(said,), mentions=(*event.mentions, _short(second))),
        {"a-1": make_article(), "a-2": other},
    )
    assert row["attribution"][0]["evidence"][0]["quote"] == "The prefect"


def _short(mention: Mention) -> Mention:
    return Mention(
        mention_id=mention.mention_id,
        article_id=mention.article_id,
        event_type=mention.event_type,
        sub_event_type=mention.sub_event_type,
        evidence=MappingProxyType({"event_type": (Span(0, 6),)}),
    )


def test_evidence_outside_the_article_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="outside the text of article a-1"):
        write(tmp_path / "out", make_event(), articles=(make_article(text="Too short"),))
    assert not (tmp_path / "out").exists()


def test_event_without_its_article_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="e-1 rests on article a-1"):
        write(tmp_path, make_event(), articles=(make_article("a-9"),))


def test_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    events = [make_event(event_id=f"e-{n}", dates=None if n % 3 else make_event().dates) for n in range(9)]
    claims = [make_claim(f"c-{n}") for n in range(5)]
    problems = [
        Problem(stage="read", subject=f"p-{n}", kind="k", detail="d", file="f", line=n or None) for n in range(5)
    ]
    articles = [make_article(), make_article("a-2")]
    for name in ("one", "two"):
        write_results(tmp_path / name, articles=articles, events=events, claims=claims, problems=problems)
        for records in (articles, events, claims, problems):
            random.Random(7).shuffle(records)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_csv_has_acleds_columns_and_a_blank_for_deaths_not_stated(tmp_path: Path) -> None:
    write(tmp_path, make_event(event_id="e-0", deaths=Estimate.exactly(0)), make_event(event_id="e-9", deaths=None))
    none_died, nothing_said = read_csv(tmp_path)
    assert tuple(none_died) == ACLED_COLUMNS
    assert len(ACLED_COLUMNS) == 31
    assert (none_died["fatalities"], nothing_said["fatalities"]) == ("0", "")
    assert none_died["interaction"] == "Civilians-External/Other forces"
    assert none_died["iso"] == "804"
    assert none_died["timestamp"] == "1683590400"
    assert none_died["latitude"] == "-1.2500"
    assert none_died["notes"].endswith("deaths 0; as reported by River Post.")


def test_csv_takes_the_middle_day_of_an_interval() -> None:
    week = Dates(start=dt.date(2023, 5, 1), end=dt.date(2023, 5, 7), precision=2)
    row = acled_row(make_event(dates=week, actor2=None), {"a-1": make_article()})
    assert (row["event_date"], row["year"], row["time_precision"]) == ("2023-05-04", "2023", "2")
    assert row["interaction"] == "External/Other forces only"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_text_cannot_run_as_a_formula(start: str) -> None:
    actor = Actor(name=f"{start}HYPERLINK(1)", kind="Rebel group")
    row = acled_row(make_event(actor1=actor), {"a-1": make_article(source=f"{start}cmd")})
    assert row["actor1"] == f"'{start}HYPERLINK(1)"
    assert row["source"] == f"'{start}cmd"


def test_geojson_keeps_events_without_a_point(tmp_path: Path) -> None:
    write(tmp_path, make_event(event_id="e-1"), make_event(event_id="e-2", place=None))
    features = json.loads((tmp_path / "events.geojson").read_text("utf-8"))["features"]
    by_id = {feature["id"]: feature for feature in features}
    assert by_id["e-1"]["geometry"] == {"type": "Point", "coordinates": [30.5, -1.25]}
    assert by_id["e-2"]["geometry"] is None
    assert by_id["e-1"]["properties"]["deaths_low"] == 2
    assert by_id["e-1"]["properties"]["deaths_high"] is None
    assert not any(isinstance(value, (list, dict)) for value in by_id["e-1"]["properties"].values())


def test_whole_claim_values_stay_whole() -> None:
    assert json.dumps(claim_row(make_claim(value=140.0), {"a-1": make_article()})["value"]) == "140"
    assert json.dumps(claim_row(make_claim(value=1.5), {"a-1": make_article()})["value"]) == "1.5"


def test_full_disk_leaves_older_results_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, make_event(), report="<p>old")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    calls = []

    def fail_third(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail_third)
    with pytest.raises(StoreError, match="No space left"):
        write(tmp_path, make_event(event_id="e-2"), report="<p>new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_report_of_other_events_does_not_stay(tmp_path: Path) -> None:
    write(tmp_path, make_event(), report="<p>old")
    write(tmp_path, make_event(event_id="e-2"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_an_out_that_is_a_file_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(StoreError, match="cannot write the results"):
        write(tmp_path / "out", make_event())
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda body: body + b"{\n", "line 2: not a line of JSON"),
        (lambda body: body[:-20], "line 1: the file breaks off"),
        (lambda body: body.replace(b'"deaths": {"low": 2', b'"deaths": {"low": "2"'), "line 1: deaths.low"),
        (lambda body: body.replace(b'"status"', b'"state"'), "line 1: status"),
        (lambda body: body.replace(b'"status"', b'"more": 1, "status"'), "line 1: more"),
        (lambda body: b"\xff\xfe" + body, "line 1: not a line of JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, spoil, words: str) -> None:  # type: ignore[no-untyped-def]
    write(tmp_path, make_event())
    path = tmp_path / "events.jsonl"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(StoreError, match=f"events.jsonl, {words}"):
        read_results(tmp_path)


def test_reading_a_folder_without_results_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot read .*articles\.jsonl"):
        read_results(tmp_path)


# Any text but half surrogate pairs, which no file can hold; with the worst mixed in often.
WEIRD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["=1+1", "a\r\nb", "\u2028\u2029\x85", "\x00", "🕊️👩‍👩‍👧", "\u202eعربي", '"\\;,', "</script>"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=WEIRD.filter(len), name=WEIRD, source=st.none() | WEIRD, data=st.data())
def test_records_come_back_as_their_rows(
    tmp_path: Path, text: str, name: str, source: str | None, data: st.DataObject
) -> None:
    article = make_article(text=text, source=source)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    mention = Mention(
        mention_id="m-1",
        article_id="a-1",
        event_type=name,
        sub_event_type=name,
        evidence=MappingProxyType({"event_type": (span,)}),
        inferred=MappingProxyType({"event_type": name}),
    )
    event = make_event(
        event_type=name, actor1=Actor(name=name, kind="Rioters"), mentions=(mention,), attribution=(), place=None
    )
    claim = Claim(
        claim_id=name,
        article_id="a-1",
        by=name,
        of=source,
        measure="other",
        value=data.draw(st.floats(allow_nan=False, allow_infinity=False)),
        value_is="about",
        from_day=None,
        to_day=None,
        said_by=name,
        evidence=MappingProxyType({"value": (span,)}),
    )
    problem = Problem(stage="read", subject=name, kind="odd", detail=text, file=source, line=None)
    write_results(tmp_path, articles=[article], events=[event], claims=[claim], problems=[problem])
    results = read_results(tmp_path)
    by_id = {"a-1": article}
    assert results.articles == (article_row(article),)
    assert results.events == (event_row(event, by_id),)
    assert results.claims == (claim_row(claim, by_id),)
    assert results.problems == (problem_row(problem),)
    assert results.events[0]["mentions"][0]["evidence"]["event_type"][0]["quote"] == text[span.start : span.end]
    row = acled_row(event, by_id)
    assert [row] == read_csv(tmp_path)


def test_half_a_surrogate_pair_keeps_offsets_true(tmp_path: Path) -> None:
    text = TEXT.replace("Two", "T\ud800o")
    write(tmp_path, make_event(), articles=(make_article(text=text),))
    results = read_results(tmp_path)
    quote = results.events[0]["mentions"][0]["evidence"]["deaths"][0]
    assert quote["quote"] == results.articles[0]["text"][quote["start"] : quote["end"]] == "T\ufffdo ferrymen died"
