"""Before and after: the sums, the meanings, the ratios, and that every number opens its events."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from comparison_rows import SPLIT, A, B, day, event, make_dataset
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictdesk.analyse.compare import compare_windows
from conflictdesk.analyse.counts import tally_events
from conflictdesk.datasets.filters import filter_pairs, read_filter
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.questions import CompareQuestion, Comparison, Filter, MeaningAnswer, Tally

Build = Callable[..., Dataset]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    made: list[Dataset] = []

    def make(*rows: dict[str, object], **more: list[dict[str, object]]) -> Dataset:
        made.append(make_dataset(tmp_path / str(len(made)), rows, **more))
        return made[-1]

    yield make
    for dataset in made:
        dataset.close()


def ask(window: str = "60days", actor: str = A, **more: object) -> CompareQuestion:
    plain: dict[str, object] = {"actor": (actor,), "split": SPLIT, "window": window, "resamples": 50}
    return CompareQuestion(**{**plain, **more})  # type: ignore[arg-type]  # the fields of a question


def involving(answer: Comparison) -> MeaningAnswer:
    told = answer.meanings["involving"]
    assert told is not None
    return told


def every_number(answer: Comparison) -> Iterator[tuple[str, Tally, Filter]]:
    for meaning, told in answer.meanings.items():
        if told is not None:
            yield f"{meaning} before", told.before.tally, told.before.events_filter
            yield f"{meaning} after", told.after.tally, told.after.events_filter
    for row in answer.sensitivity:
        yield f"{row.choice} before", row.before.tally, row.before.events_filter
        yield f"{row.choice} after", row.after.tally, row.after.events_filter
    for week in answer.weeks:
        yield f"week {week.from_day}", week.tally, week.events_filter


def test_sums_stand_where_the_events_begin(build: Build) -> None:
    rows = [
        event(-60, 3),
        event(-1, 4, deaths_low=2, deaths_high=9),
        event(0, 5),
        event(59, 6),
        event(60, 70),
        event(-61, 80),
    ]
    told = involving(compare_windows(build(*rows), ask()))
    assert (told.before.from_day, told.before.to_day, told.after.to_day) == (day(-60), day(0), day(60))
    assert (told.before.tally.events, told.before.tally.deaths.best) == (2, 7)
    assert (told.before.tally.deaths.low, told.before.tally.deaths.high) == (5, 12)
    assert (told.after.tally.events, told.after.tally.deaths.best) == (2, 11)


def test_ratios_are_per_day_of_exposure(build: Build) -> None:
    told = involving(compare_windows(build(event(-5, 10), event(5, 20)), ask("6months")))
    assert (told.before.days, told.after.days) == (181, 184)
    assert told.deaths_ratio.value == pytest.approx((20 / 184) / (10 / 181))
    assert told.events_ratio.value == pytest.approx(181 / 184)


def test_what_was_reported_spans_lowest_to_highest(build: Build) -> None:
    rows = [event(-5, 10, deaths_low=5, deaths_high=20), event(5, 10, deaths_low=8, deaths_high=30)]
    measured = involving(compare_windows(build(*rows), ask())).deaths_ratio.measured
    assert measured is not None
    assert measured.low == pytest.approx(8 / 20)
    assert measured.high == pytest.approx(30 / 5)


def test_an_open_highest_figure_leaves_the_end_open(build: Build) -> None:
    rows = [event(-5, 10), event(5, 10, deaths_high=None)]
    measured = involving(compare_windows(build(*rows), ask())).deaths_ratio.measured
    assert measured is not None
    assert (measured.low, measured.high) == (1.0, None)


def test_nothing_before_gives_no_ratio(build: Build) -> None:
    told = involving(compare_windows(build(event(5, 3), event(6, 2)), ask()))
    assert told.events_ratio.value is None
    assert told.deaths_ratio.value is None


def test_an_actor_takes_part_as_any_party(build: Build) -> None:
    rows = [
        event(-5),
        event(-4, actor1=B, actor2=A),
        event(-3, actor1=B, actor2="C", associated=[A]),
        event(-2, actor1=B),
    ]
    rows[3]["actor2"] = "C"
    assert involving(compare_windows(build(*rows), ask())).before.tally.events == 3


def test_the_three_meanings_are_counted_apart(build: Build) -> None:
    civilians: dict[str, object] = {"event_type": "Violence against civilians", "civilian_targeting": True}
    rows = [
        event(-5, 1, attributed_to=[]),
        event(-4, 10, perpetrator=A, attributed_to=[B], **civilians),
        event(-3, 100, actor1="C", perpetrator="C", attributed_to=[A], **civilians),
        event(-2, 1000, actor1="C", actor2="D", attributed_to=[A, "D"]),
    ]
    told = compare_windows(build(*rows), ask()).meanings
    deaths = {meaning: each and each.before.tally.deaths.best for meaning, each in told.items()}
    assert deaths == {"involving": 11, "perpetrated": 10, "attributed": 1100}


def test_a_meaning_that_the_data_cannot_bear_is_none_with_its_reason(build: Build) -> None:
    answer = compare_windows(build(event(-5), event(5)), ask())
    assert answer.meanings["attributed"] is None
    assert answer.meanings["perpetrated"] is None
    assert [c.kind for c in answer.caveats].count("meaning not in the data") == 2


def test_an_empty_list_of_the_blamed_can_say_nobody(build: Build) -> None:
    told = compare_windows(build(event(-5, attributed_to=[]), event(5, attributed_to=[])), ask()).meanings["attributed"]
    assert told is not None
    assert told.before.tally.events == told.after.tally.events == 0


def test_events_that_cross_an_edge_count_where_they_begin(build: Build) -> None:
    rows = [
        event(-100, 1, date_end=day(-60)),
        event(-1, 2, date_end=day(0)),
        event(59, 4, date_end=day(70)),
        event(-2, 8, date_end=day(-1)),
        event(60, 16, date_end=day(61)),
        event(-90, 32, date_end=day(-61)),
    ]
    dataset = build(*rows)
    answer = compare_windows(dataset, ask())
    assert answer.crossing == 3
    assert tally_events(dataset, answer.crossing_filter).deaths.best == 1 + 2 + 4
    told = involving(answer)
    assert (told.before.tally.deaths.best, told.after.tally.deaths.best) == (10, 4)
    measured = told.events_ratio.measured
    assert measured is not None
    # After: 0 to 2 events; before: 1 to 3.
    assert measured.low == 0.0
    assert measured.high == pytest.approx(2.0)


def test_an_unknown_actor_is_refused_with_the_nearest_names(build: Build) -> None:
    with pytest.raises(ConfigError, match="no actor 'Grey Heron'; did you mean 'Grey Heron Brigade'"):
        compare_windows(build(event(-5)), ask(actor="Grey Heron"))


def test_a_name_in_other_letters_is_found_and_told(build: Build) -> None:
    answer = compare_windows(build(event(-5)), ask(actor=f" {A.upper()} "))
    assert answer.question.actor == (A,)
    assert involving(answer).before.tally.events == 1


def test_a_known_actor_without_events_here_is_no_error(build: Build) -> None:
    answer = compare_windows(build(event(-900), event(-5, actor1="C", actor2=B)), ask())
    assert involving(answer).before.tally.events == 0
    assert "no events" in [c.kind for c in answer.caveats]


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"filter": Filter(actor=(B,))}, "with --actor alone"),
        ({"filter": Filter(from_day=day(-5))}, "the split and the window"),
        ({"resamples": -1}, "resamples -1"),
        ({"resamples": 10**9}, "resamples 1000000000"),
        ({"window": "6 moons"}, "not a length"),
        ({"actor": " "}, "no actor is named"),
        ({"seed": -1}, "seed -1"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(build: Build, more: dict[str, object], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        compare_windows(build(event(-5)), ask(**more))  # type: ignore[arg-type]


def test_the_filter_narrows_the_area_and_the_type(build: Build) -> None:
    rows = [event(-5, 1), event(-4, 2, country="Oresta"), event(-3, 4, country="Oresta", event_type="Riots")]
    wanted = Filter(country=("Oresta",), event_type=("Battles",))
    assert involving(compare_windows(build(*rows), ask(filter=wanted))).before.tally.deaths.best == 2


def test_the_same_question_has_the_same_answer(build: Build) -> None:
    rows = [event(k, k % 7) for k in range(-60, 60)]
    dataset = build(*rows)
    assert compare_windows(dataset, ask()) == compare_windows(dataset, ask())


def test_without_resamples_deaths_have_no_interval(build: Build) -> None:
    told = involving(compare_windows(build(event(-5, 4), event(5, 4)), ask(resamples=0)))
    assert told.deaths_ratio.interval is None
    assert "no resamples" in told.deaths_ratio.method


def test_weeks_start_at_the_split_and_add_up(build: Build) -> None:
    rows = [event(k, 1, sources=[f"S{k % 3}"]) for k in range(-60, 60)]
    answer = compare_windows(build(*rows), ask())
    weeks = answer.weeks
    assert next(w.from_day for w in weeks if w.side == "after") == SPLIT
    assert weeks[0].from_day == day(-60)
    assert (weeks[0].to_day - weeks[0].from_day).days == 60 % 7
    assert all(a.to_day == b.from_day for a, b in itertools.pairwise(weeks))
    assert sum(w.tally.events for w in weeks) == 120
    assert {w.sources for w in weeks[1:-1]} == {3}


def test_the_table_makes_each_choice_otherwise(build: Build) -> None:
    rows = [event(k, 2) for k in range(-700, 300, 3)]
    rows += [
        event(-10, 500, place_precision=3),
        event(10, 40, date_precision=2),
        event(11, 7, n_sources=1, aggregate=True),
        event(12, 9, civilian_targeting=True),
        event(13, 5, sources=["New Herald"]),
        event(14, 6, first_reported=day(16), last_reported=day(190)),
    ]
    answer = compare_windows(build(*rows), ask("6months"))
    table = {row.choice: row for row in answer.sensitivity}
    base = involving(answer)
    before, after = base.before.tally, base.after.tally

    def gone(choice: str) -> tuple[int, int]:
        row = table[choice]
        return before.deaths.best - row.before.tally.deaths.best, after.deaths.best - row.after.tally.deaths.best

    assert gone("without the largest event of each window") == (500, 40)
    assert gone("without the ten largest events") == (500 + 4 * 2, 40 + 9 + 7 + 6 + 5)
    assert gone("only exact places") == (500, 0)
    assert gone("only exact days") == (0, 40)
    assert gone("only events with two sources or more") == (0, 7)
    assert gone("without rows that sum several events") == (0, 7)
    assert table["only events that target civilians"].after.tally.deaths.best == 9
    assert gone("only sources that report in both windows") == (0, 5)
    assert table["only events first reported within 6 days"].after.tally.deaths.best == 6
    assert table["182 days on each side"].before.days == 182
    assert table["windows 30 days longer"].after.days == 184 + 30
    assert sum(row.kind == "placebo" for row in answer.sensitivity) == 9
    season = next(row for row in answer.sensitivity if row.kind == "season")
    assert season.after.from_day == dt.date(2030, 7, 1)
    assert table["lowest figures"].deaths_ratio.value == pytest.approx(base.deaths_ratio.value)


def test_other_dates_must_lie_wholly_within_the_data(build: Build) -> None:
    rows = [event(k) for k in range(-90, 90)]
    answer = compare_windows(build(*rows), ask("60days"))
    assert [row.choice for row in answer.sensitivity if row.kind == "placebo"] == [
        "split 2031-06-01",
    ]
    assert not [row for row in answer.sensitivity if row.kind == "season"]


def test_a_choice_that_the_question_makes_already_is_left_out(build: Build) -> None:
    rows = [event(k) for k in range(-60, 60)]
    answer = compare_windows(build(*rows), ask(filter=Filter(place_precision=(1, 2))))
    assert "only exact places" not in [row.choice for row in answer.sensitivity]
    assert "only exact days" in [row.choice for row in answer.sensitivity]


def test_a_dataset_without_days_or_rows_is_answered(build: Build) -> None:
    answer = compare_windows(build(event(0, date_start=None, date_end=None)), ask())
    assert involving(answer).before.tally.events == 0
    assert {"no events", "no day"} <= {c.kind for c in answer.caveats}


def made_rows() -> st.SearchStrategy[list[dict[str, object]]]:
    figures = st.one_of(st.none(), st.integers(0, 50))
    one = st.builds(
        lambda offset, deaths, more: event(offset, deaths, **more),
        st.integers(-260, 200),
        figures,
        st.fixed_dictionaries(
            {},
            optional={
                "actor1": st.sampled_from([A, "C", None]),
                "associated": st.sampled_from([[], [A], ["C", A], None]),
                "perpetrator": st.sampled_from([A, None]),
                "attributed_to": st.sampled_from([None, [], [A], ["C"]]),
                "date_end": st.sampled_from([None, day(-60), day(0), day(3), day(60)]),
                "place_precision": st.sampled_from([None, 1, 2, 3, 4]),
                "date_precision": st.sampled_from([None, 1, 2, 4]),
                "deaths_high": figures,
                "deaths_low": figures,
                "n_sources": st.sampled_from([None, 1, 2, 5]),
                "aggregate": st.sampled_from([None, True, False]),
                "civilian_targeting": st.sampled_from([None, True, False]),
                "sources": st.sampled_from([None, [], ["S1"], ["S2"], ["S1", "S3"]]),
                "first_reported": st.sampled_from([None, day(-20), day(0), day(75)]),
                "flags": st.sampled_from([None, [], ["low_above_best"]]),
                "origin": st.sampled_from(["table", "coded"]),
                "latitude": st.sampled_from([None, 10.0]),
            },
        ),
    )
    return st.lists(one, min_size=1, max_size=25)


def check_every_number(dataset: Dataset, answer: Comparison) -> None:
    asked: dict[Filter, Tally] = {}
    for where, tally, wanted in every_number(answer):
        found = asked.setdefault(wanted, tally_events(dataset, wanted) if wanted not in asked else tally)
        assert found == tally, where
        assert read_filter(filter_pairs(wanted)) == wanted
    assert tally_events(dataset, answer.crossing_filter).events == answer.crossing


def test_each_number_opens_its_events(build: Build) -> None:
    rows = [
        event(k, abs(k) % 5, n_sources=1 + k % 2, place_precision=1 + k % 4, sources=[f"S{k // 30}", "S"])
        for k in range(-80, 80, 4)
    ]
    rows += [event(-3, 8, date_end=day(2), attributed_to=[A], perpetrator=A), event(-200, 1, date_end=day(-59))]
    dataset = build(*rows)
    check_every_number(dataset, compare_windows(dataset, ask("40days", resamples=2)))


@pytest.mark.slow
@given(made_rows(), st.sampled_from([Filter(), Filter(country=("Vellamar",)), Filter(without=("table:2",))]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=15)
def test_every_number_opens_the_events_that_it_is_made_of(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]], base: Filter
) -> None:
    dataset = make_dataset(tmp_path_factory.mktemp("made"), [event(-400), *rows])
    try:
        answer = compare_windows(dataset, ask(filter=base, resamples=2))
        check_every_number(dataset, answer)
        for caveat in answer.caveats:
            if caveat.events_filter is not None:
                assert read_filter(filter_pairs(caveat.events_filter)) == caveat.events_filter
                assert tally_events(dataset, caveat.events_filter).events > 0 or caveat.kind in (
                    "no events",
                    "small base",
                )
    finally:
        dataset.close()
