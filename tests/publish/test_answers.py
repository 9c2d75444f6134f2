"""Answers as JSON: the shapes that scripts rely on."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from urllib.parse import parse_qsl

from made_comparison import make_tally

from conflictdesk.datasets.filters import read_filter
from conflictdesk.publish.answers import tell_check, tell_chronicle, tell_comparison, tell_count, tell_filter
from conflictdesk.questions import (
    Caveat,
    CheckAnswer,
    Chronicle,
    ChronicleQuestion,
    ClaimFigure,
    ClaimReading,
    CompareQuestion,
    Comparison,
    CountAnswer,
    CountQuestion,
    CountRow,
    Filter,
    Incident,
    Interval,
    MeaningAnswer,
    Ratio,
    SensitivityRow,
    WeekBar,
    Window,
)

START, SPLIT, END = dt.date(2030, 9, 1), dt.date(2031, 3, 1), dt.date(2031, 9, 1)
OLD, NEW = make_tally(12, 20, 30, 40), make_tally(15, 25, 45, 60)
WANTED = Filter(actor=("Grey Heron Brigade",), country=("Côte & d'Or",))
RATIO = Ratio(value=1.5, interval=Interval(low=0.9, high=None), measured=None, method="some words")


def window(from_day: dt.date, to_day: dt.date) -> Window:
    tally = OLD if from_day == START else NEW
    wanted = replace(WANTED, from_day=from_day, to_day=to_day)
    return Window(from_day=from_day, to_day=to_day, tally=tally, events_filter=wanted)


def comparison() -> Comparison:
    before, after = window(START, SPLIT), window(SPLIT, END)
    ratios = {"events_ratio": RATIO, "deaths_ratio": replace(RATIO, value=None, interval=None)}
    row = SensitivityRow(
        kind="place", choice="only exact places", meaning="involving", before=before, after=after, **ratios
    )
    week = WeekBar(from_day=SPLIT, to_day=END, side="after", tally=NEW, sources=3, events_filter=WANTED)
    return Comparison(
        question=CompareQuestion(actor=("Grey Heron Brigade",), split=SPLIT, window="6months"),
        meanings={
            "involving": MeaningAnswer(meaning="involving", before=before, after=after, **ratios),
            "perpetrated": None,
            "attributed": None,
        },
        crossing=2,
        crossing_filter=replace(WANTED, crosses=(START, SPLIT, END)),
        caveats=(Caveat(kind="crossing", text="Two.", value=2.0, events_filter=None),),
        sensitivity=(row,),
        weeks=(week,),
        dataset_version="ab12",
    )


def dig(told: object, *path: str | int) -> object:
    """The value at a place of an answer."""
    for key in path:
        told = told[key]  # type: ignore[index]  # a mistake here fails the test
    return told


def through_json(told: object) -> object:
    return json.loads(json.dumps(told, allow_nan=False))


def test_a_count_has_its_shape() -> None:
    wanted = Filter(from_day=dt.date(2030, 1, 1), to_day=dt.date(2031, 1, 1))
    answer = CountAnswer(
        question=CountQuestion(by=("year", "country")),
        rows=(CountRow(keys=("2030", "Oresta"), tally=OLD, share=0.25, events_filter=wanted),),
        total=NEW,
        not_counted={"no country": 3},
    )
    told = through_json(tell_count(answer))
    assert [dig(told, "rows", 0, key) for key in ("year", "country", "events")] == [2030, "Oresta", 12]
    assert [dig(told, "rows", 0, "deaths", key) for key in ("low", "best", "high")] == [20, 30, 40]
    assert dig(told, "rows", 0, "filter") == "from=2030-01-01&to=2031-01-01"
    assert dig(told, "total", "events") == 15
    assert dig(told, "not_counted") == {"no country": 3}


def test_a_count_by_civilian_targeting_keeps_both_meanings_of_the_word() -> None:
    answer = CountAnswer(
        question=CountQuestion(by=("civilian_targeting",)),
        rows=(CountRow(keys=("yes",), tally=OLD, share=1.0, events_filter=Filter(civilian_targeting=True)),),
        total=OLD,
        not_counted={},
    )
    told = tell_count(answer)
    assert dig(told, "rows", 0, "civilian_targeting") == "yes"
    assert dig(told, "rows", 0, "events_targeting_civilians") == OLD.civilian_targeting


def test_a_comparison_has_its_shape() -> None:
    told = through_json(tell_comparison(comparison()))
    assert dig(told, "windows") == {"before": ["2030-09-01", "2031-03-01"], "after": ["2031-03-01", "2031-09-01"]}
    assert dig(told, "meanings", "perpetrated") is None
    assert dig(told, "meanings", "involving", "before", "events") == 12
    assert dig(told, "meanings", "involving", "after", "deaths", "best") == 45
    assert dig(told, "meanings", "involving", "events_ratio", "value") == 1.5
    assert dig(told, "meanings", "involving", "events_ratio", "interval") == [0.9, None]
    assert dig(told, "meanings", "involving", "deaths_ratio", "value") is None
    assert dig(told, "crossing") == 2
    assert dig(told, "caveats") == [{"kind": "crossing", "text": "Two.", "value": 2.0, "filter": None}]
    assert dig(told, "sensitivity", 0, "choice") == "only exact places"
    assert dig(told, "weeks", 0, "sources") == 3


def test_windows_are_told_even_where_no_meaning_can_be() -> None:
    mute = replace(comparison(), meanings={"involving": None, "perpetrated": None, "attributed": None})
    assert tell_comparison(mute)["windows"] == tell_comparison(comparison())["windows"]


def test_a_filter_reads_back_from_its_query() -> None:
    query = tell_filter(WANTED)
    assert query is not None
    assert read_filter(parse_qsl(query)) == WANTED
    assert tell_filter(None) is None


def test_a_check_has_its_shape() -> None:
    figure = ClaimFigure(value=9312, value_is="exact", side="after", quote="9,312", start=4, end=9)
    reading = ClaimReading(
        sentence="The 9,312 dead.",
        actor_said="X",
        actor=("X",),
        measure="deaths",
        split=SPLIT,
        window="6months",
        from_day=None,
        to_day=None,
        figures=(figure,),
        change=None,
        quotes={"measure": "dead"},
        unread=(),
    )
    answer = CheckAnswer(
        reading=reading,
        verdict="cannot tell",
        why="too little",
        meanings=(),
        comparison=None,
        tolerance=0.05,
        asked_on=END,
        dataset_version="ab12",
    )
    told = through_json(tell_check(answer))
    assert [dig(told, key) for key in ("verdict", "why", "comparison")] == ["cannot tell", "too little", None]
    assert dig(told, "reading", "figures", 0, "value") == 9312
    assert dig(tell_check(replace(answer, comparison=comparison())), "comparison", "crossing") == 2


def test_a_chronicle_keeps_exact_and_near_apart() -> None:
    incident = Incident(
        event_id="table:1",
        date_start=SPLIT,
        date_end=SPLIT,
        date_precision=1,
        what="Attack",
        actor1=None,
        actor2=None,
        where="Old mill",
        place_precision=1,
        latitude=1.0,
        longitude=2.0,
        deaths=(None, None, None),
        injured=(1, 2, 3),
        sources=("Dawn Post",),
        notes="",
        flags=(),
        distance_km=0.5,
    )
    answer = Chronicle(
        question=ChronicleQuestion(place="Old mill", km=10),
        name="Old mill",
        latitude=1.0,
        longitude=2.0,
        exact=(incident,),
        near=(),
        undated=1,
        elsewhere=4,
        elsewhere_filter=Filter(place_precision=(3, 4)),
        dataset_version="ab12",
    )
    told = through_json(tell_chronicle(answer))
    assert dig(told, "exact", 0, "deaths") == {"low": None, "best": None, "high": None}
    assert [dig(told, key) for key in ("near", "undated", "elsewhere")] == [[], 1, 4]
