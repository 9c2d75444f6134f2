"""The check of a claim: each verdict and each reason why it cannot be told is reached on invented events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from made_claims import add_tables
from made_datasets import make_dataset, make_row

from conflictdesk.analyse.checks import check_claim, list_claims, read_claim, read_sentence
from conflictdesk.analyse.claim_coverage import Case, find_reason
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import CheckError, ConfigError
from conflictdesk.questions import CheckAnswer, Filter

ASKED_ON = dt.date(2026, 11, 22)
Rows = list[dict[str, object]]


def make_events() -> Rows:
    """Two years of the Reds in Mali: 12 battles of 10 dead, then of 20; 5 killings of civilians each year."""
    rows: Rows = []
    for year, deaths in ((2018, 10), (2019, 20)):
        for month in range(1, 13):
            battle = {"actor1": "Reds", "actor2": "Blues", "event_type": "Battles", "civilian_targeting": False}
            rows.append(
                make_row(len(rows), f"{year}-{month:02d}-05", country="Mali", iso3="MLI", deaths=deaths, **battle)
            )
        for month in range(1, 6):
            killing = {"actor1": "Reds", "actor2": "Civilians", "perpetrator": "Reds", "civilian_targeting": True}
            rows.append(make_row(len(rows), f"{year}-{month:02d}-25", country="Mali", iso3="MLI", deaths=4, **killing))
    rows.append(make_row(90, "2017-12-28", country="Mali", iso3="MLI", actor1="Blues", deaths=1))
    rows.append(make_row(91, "2020-01-03", country="Mali", iso3="MLI", actor1="Blues", deaths=1))
    return rows


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., CheckAnswer]:
    def run(sentence: str, rows: Rows | None = None, **more: object) -> CheckAnswer:
        dataset = make_dataset(tmp_path / "d", make_events() if rows is None else rows)
        asked_on = more.pop("asked_on", ASKED_ON)
        assert isinstance(asked_on, dt.date)
        reading = read_sentence(dataset, sentence)
        return check_claim(dataset, reading, asked_on=asked_on, resamples=50, **more)  # type: ignore[arg-type]

    return run


Ask = Callable[..., CheckAnswer]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("In 2019 the Reds killed 260 people in Mali, up from 140 in 2018.", "depends on the meaning"),
        ("In 2019 the Reds killed 20 people in Mali.", "depends on the meaning"),
        ("In 2019 the Reds killed 265 people in Mali, up from 138 in 2018.", "depends on the meaning"),
        ("In 2019 the Reds killed more than 21 people in Mali.", "depends on the meaning"),
        ("In 2019 the Reds killed 900 people in Mali.", "not reproduced"),
        ("In 2019 19 people were killed in Mali.", "not reproduced"),
        ("In 2019 about 250 people were killed in Mali.", "within tolerance"),
        ("In 2019 the Reds carried out 17 attacks in Mali, 17 in 2018.", "depends on the meaning"),
        (
            "In the year after 1 January 2019, deaths in Mali attributed to the Reds rose by 86 percent.",
            "depends on the meaning",
        ),
        ("The Reds killed 20 civilians in Mali in 2018.", "reproduced"),
    ],
)
def test_each_verdict_is_reached(ask: Ask, sentence: str, verdict: str) -> None:
    answer = ask(sentence)
    assert answer.reading.unread == ()
    assert answer.verdict == verdict, answer.why


def test_the_figures_are_those_of_the_comparison(ask: Ask) -> None:
    answer = ask("In 2019 the Reds killed 260 people in Mali, up from 140 in 2018.")
    assert answer.comparison is not None
    for check in answer.meanings:
        told = answer.comparison.meanings[check.meaning]
        assert told is not None
        assert (check.found["before"], check.found["after"]) == (told.before.tally.deaths, told.after.tally.deaths)
    assert [check.meaning for check in answer.meanings] == ["involving", "perpetrated"]
    assert [check.found["after"].best for check in answer.meanings] == [260, 20]
    assert "not for violence against civilians by the actor" in answer.why


def test_two_windows_that_do_not_meet_are_checked_without_a_comparison(ask: Ask) -> None:
    answer = ask("In the first half of 2019 the Reds killed 140 people in Mali; in the same period of 2018, 80.")
    assert answer.comparison is None
    assert answer.verdict == "depends on the meaning", answer.why


SAID = "In 2019 the Reds killed 260 people in Mali, up from 140 in 2018."


def reason_of(answer: CheckAnswer, dataset: Dataset) -> str:
    """The kind of the reason, asked again; its sentence must be the answer's."""
    from conflictdesk.analyse.checks import _actor_area, make_filter

    base = make_filter(dataset, answer.reading)
    area = Filter(country=base.country, admin1=base.admin1)
    area = area if base.country or base.admin1 else _actor_area(dataset, answer.reading)
    reason = find_reason(Case(dataset, answer.reading, base, area, answer.asked_on))
    assert reason is not None and reason[1] == answer.why and answer.verdict == "cannot tell"
    return reason[0]


def without(year: int) -> Rows:
    return [row for row in make_events() if str(row["date_start"])[:4] != str(year)]


HOUTHI = "In 2019 the Houthis killed 40 people, up from 20 in 2018."
REASONS: list[tuple[str, str, Rows, str]] = [
    ("unread", "In 2019 the Greens killed 260 people in Mali.", make_events(), '"Greens"'),
    ("empty", "In 2019 20 people were killed in Mali.", [], "no event"),
    ("unfinished", "In 2027 20 people were killed in Mali.", make_events(), "2027-12-31"),
    ("no_country", "In 2019 20 people were killed in Niger.", make_events(), "it is about Mali"),
    ("no_home", HOUTHI, [{**row, "actor1": "Houthis"} for row in make_events()], "Yemen"),
    ("begins_late", SAID, [r for r in without(2017) if str(r["date_start"]) >= "2018-02"], "begin on 2018-02"),
    ("ends_early", SAID, [r for r in without(2020) if str(r["date_start"]) < "2019-10"], "end on 2019-09-05"),
    (
        "empty_window",
        "In March 2018 12 people were killed in Mali.",
        [r for r in make_events() if str(r["date_start"])[:7] != "2018-03"],
        "from 2018-03-01 to 2018-03-31",
    ),
    ("no_measure", "In 2019 the Reds injured 260 people in Mali.", make_events(), "injured"),
    (
        "no_civilians",
        "In 2019 260 civilians were killed in Mali.",
        [{**row, "civilian_targeting": None} for row in make_events()],
        "civilians",
    ),
    (
        "no_actor",
        "In 2019 the Greens killed 260 people in Mali.",
        [*make_events(), make_row(95, "2019-02-02", country="Niger", iso3="NER", actor1="Greens", deaths=2)],
        "no event of Greens",
    ),
]


@pytest.mark.parametrize(
    ("kind", "sentence", "rows", "said"), REASONS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_reason_is_reached(tmp_path: Path, kind: str, sentence: str, rows: Rows, said: str) -> None:
    dataset = make_dataset(tmp_path / "d", rows)
    answer = check_claim(dataset, read_sentence(dataset, sentence), asked_on=ASKED_ON, resamples=0)
    assert reason_of(answer, dataset) == kind
    assert said in answer.why


def test_every_rule_of_coverage_has_its_case() -> None:
    from conflictdesk.analyse.claim_coverage import RULES

    assert len({kind for kind, *_ in REASONS} | {"few_reports"}) == len(RULES)


def quote(event_id: object, article: str, day: dt.date) -> dict[str, object]:
    return {"event_id": event_id, "field": "deaths", "quote": "ten died", "article_id": article, "published_on": day}


def test_events_of_one_page_are_no_count_of_months(tmp_path: Path) -> None:
    rows = make_events()
    make_dataset(tmp_path / "d", rows).close()
    day = dt.date(2020, 2, 1)
    dataset = add_tables(tmp_path / "d", quotes=[quote(row["event_id"], "a-1", day) for row in rows])
    answer = check_claim(dataset, read_sentence(dataset, SAID), asked_on=ASKED_ON, resamples=0)
    assert reason_of(answer, dataset) == "few_reports"
    assert answer.why.startswith("All 36 events of the dataset rest on 1 article published on 2020-02-01")
    spread = [quote(row["event_id"], f"a-{n}", day - dt.timedelta(days=20 * n)) for n, row in enumerate(rows)]
    dataset = add_tables(tmp_path / "d", quotes=spread)
    answer = check_claim(dataset, read_sentence(dataset, SAID), asked_on=ASKED_ON, resamples=0)
    assert answer.verdict == "depends on the meaning"


def test_a_meaning_that_the_data_cannot_bear_is_not_shown(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "d", [{**row, "perpetrator": None} for row in make_events()])
    answer = check_claim(dataset, read_sentence(dataset, SAID), asked_on=ASKED_ON, resamples=0)
    assert [check.meaning for check in answer.meanings] == ["involving"]
    assert answer.verdict == "reproduced", answer.why


def test_claims_of_the_dataset_are_one_step_from_a_check(tmp_path: Path) -> None:
    make_dataset(tmp_path / "d", make_events()).close()
    halves = (
        "In the year before 1 January 2019 the Reds killed 140 people.",
        "In the year after, they killed 260 people.",
    )
    context = f"{halves[0]} {halves[1]} No more."
    claims = [
        {"claim_id": f"c-{n}", "sentence": half, "context": context, "by": "Reds"} for n, half in enumerate(halves)
    ]
    dataset = add_tables(tmp_path / "d", claims=claims)
    listed = list_claims(dataset)
    assert [claim.claim_ids for claim in listed] == [("c-0", "c-1")]
    reading = read_claim(dataset, "c-1").reading
    assert reading == listed[0].reading and reading.unread == ()
    assert check_claim(dataset, reading, asked_on=ASKED_ON, resamples=0).verdict == "depends on the meaning"
    with pytest.raises(ConfigError, match="no claim"):
        read_claim(dataset, "c-9")


def test_a_tolerance_that_is_none_is_refused(ask: Ask) -> None:
    with pytest.raises(CheckError, match="from 0 to"):
        ask(SAID, tolerance=0.6)
