"""Each caveat: a dataset that calls for it, and a plain one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from comparison_rows import SPLIT, A, B, day, event, make_dataset

from conflictdesk.analyse.caveats import KINDS
from conflictdesk.analyse.compare import compare_windows
from conflictdesk.analyse.counts import tally_events
from conflictdesk.questions import Caveat, CompareQuestion, Filter

pytestmark = pytest.mark.slow

Row = dict[str, object]
WINDOW = "70days"


def plain_rows() -> list[Row]:
    """One like event a day, of one and another source, well before the windows and well after them.

    Every figure has a range, every meaning can be told, the actor is alone in the data, and nothing is amiss.
    """
    known: Row = {"perpetrator": A, "attributed_to": [A], "first_reported": None, "deaths_low": 2, "deaths_high": 4}
    return [event(k, 3, **known) for k in range(-300, 300)]


def changed(**more: object) -> list[Row]:
    """The plain rows with ten of the earlier window made otherwise."""
    rows = plain_rows()
    for row in rows[240:250]:
        row.update(more)
    return rows


def find_caveats(folder: Path, rows: list[Row], **more: object) -> dict[str, Caveat]:
    changes = more.pop("changes", [])
    assert isinstance(changes, list)
    dataset = make_dataset(folder, rows, changes=changes)
    try:
        plain: Row = {"actor": (A,), "split": SPLIT, "window": WINDOW, "resamples": 20}
        found = compare_windows(dataset, CompareQuestion(**{**plain, **more}))  # type: ignore[arg-type]  # as asked
        for caveat in found.caveats:
            assert caveat.kind in KINDS
            assert caveat.text.endswith((".", ")"))
        return {caveat.kind: caveat for caveat in found.caveats}
    finally:
        dataset.close()


def count_found(folder: Path, rows: list[Row], caveat: Caveat) -> int:
    assert caveat.events_filter is not None
    dataset = make_dataset(folder, rows)
    try:
        return tally_events(dataset, caveat.events_filter).events
    finally:
        dataset.close()


def late_reports() -> list[Row]:
    """Reports come 10 days after the event; the data end 10 days after the later window."""
    return [event(k, 3, deaths_low=2, first_reported=day(k + 10), last_reported=day(k + 10)) for k in range(-300, 70)]


def in_bursts() -> list[Row]:
    return [event(k - k % 21, 3, deaths_low=2) for k in range(-300, 300)]


CASES: dict[str, tuple[list[Row], float | None]] = {
    "meaning not in the data": (changed(), None),
    "meaning in part of the data": (changed(origin="coded", attributed_to=None), 130 / 140),
    "no events": ([event(-900), event(-5, actor1="C", actor2="D"), event(5, actor1="C", actor2="D")], 0.0),
    "no day": ([*plain_rows(), event(0, date_start=None, date_end=None)], 1.0),
    "data begin late": ([event(k) for k in range(-40, 300)], 30.0),
    "data end early": ([event(k) for k in range(-300, 51)], 19.0),
    "immature": (late_reports(), 10.0),
    "unequal days": (plain_rows(), None),
    "crossing": (changed(date_end=day(1)), 10.0),
    "small base": ([event(-5), event(-300), event(5), event(300)], 1.0),
    "over-dispersion": (in_bursts(), None),
    "placebo": (plain_rows(), 1.0),
    "largest event": ([*plain_rows(), event(-3, 210)], 210 / 630),
    "largest ten": (changed(deaths_low=40, deaths_best=42, deaths_high=44), 420 / 810),
    "deaths unknown": (changed(deaths_low=None, deaths_best=None, deaths_high=None), 10 / 140),
    "deaths imputed": (changed(deaths_imputed="dozens"), 10 / 140),
    "zero may be unknown": ([event(k, 0 if k % 2 else 3) for k in range(-300, 300)], 0.5),
    "aggregate rows": (changed(aggregate=True), 10 / 140),
    "single source": ([{**row, "n_sources": 1} for row in plain_rows()], 1.0),
    "sources changed": (changed(sources=["Dawn Post", "Old Herald"]), 1.0),
    "coarse days": (changed(date_precision=3), 10 / 140),
    "coarse places": (changed(place_precision=2), 10 / 140),
    "no point": (changed(latitude=None, longitude=None), 10 / 140),
    "faults flagged": (changed(flags=["low_above_best"]), 10 / 140),
    "changed since": (plain_rows(), 2.0),
    "monitoring volume": ([*plain_rows(), *(event(k, actor1="C", actor2="D") for k in range(70))], 2.0),
    "share of all": (changed(actor1="C", actor2="D"), 130 / 140),
    "own dead": (changed(deaths_actor1=2, deaths_actor2=1), 20 / 420),
    "similar names": (changed(actor2=f"{A} (north)"), 1.0),
}
OTHERWISE: dict[str, dict[str, object]] = {
    "unequal days": {"window": "6months"},
    "changed since": {
        "changes": [
            {"event_id": event_id, "field": "deaths_best", "old": "1", "new": "3"}
            for event_id in ("table:290", "table:291", "table:1")
        ]
    },
}


def test_every_kind_has_a_case() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_caveat_is_given_where_the_data_call_for_it(kind: str, tmp_path: Path) -> None:
    rows, value = CASES[kind]
    if kind == "meaning not in the data":
        rows = [{**row, "attributed_to": None} for row in rows]
    found = find_caveats(tmp_path, rows, **OTHERWISE.get(kind, {}))
    assert kind in found
    if value is not None:
        assert found[kind].value == pytest.approx(value)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Caveat]:
    return find_caveats(tmp_path_factory.mktemp("quiet"), plain_rows())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "placebo"])
def test_a_caveat_is_not_given_where_nothing_calls_for_it(kind: str, quiet: dict[str, Caveat]) -> None:
    assert kind not in quiet


def test_other_dates_need_data_around_the_windows(tmp_path: Path) -> None:
    assert "placebo" not in find_caveats(tmp_path, [event(k) for k in range(-70, 70)])


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("deaths unknown", 10),
        ("deaths imputed", 10),
        ("aggregate rows", 10),
        ("coarse days", 10),
        ("coarse places", 10),
        ("no point", 10),
        ("faults flagged", 10),
        ("largest event", 1),
        ("largest ten", 10),
        ("single source", 140),
        ("zero may be unknown", 70),
        ("no day", 1),
        ("crossing", 10),
        ("sources changed", 10),
        ("meaning in part of the data", 10),
        ("similar names", 10),
        ("monitoring volume", 210),
        ("share of all", 130),
    ],
)
def test_a_caveat_opens_the_events_that_it_speaks_of(kind: str, count: int, tmp_path: Path) -> None:
    rows, _ = CASES[kind]
    assert count_found(tmp_path / "again", rows, find_caveats(tmp_path / "once", rows)[kind]) == count


def test_a_few_late_reports_do_not_make_old_data_immature(tmp_path: Path) -> None:
    rows = late_reports() + [event(k, 3, first_reported=day(k + 10), last_reported=day(k + 10)) for k in range(70, 200)]
    assert "immature" not in find_caveats(tmp_path, rows)


def test_a_caveat_of_what_the_filter_asks_already_opens_nothing_wrong(tmp_path: Path) -> None:
    rows = changed(place_precision=2)
    found = find_caveats(tmp_path, rows, filter=Filter(place_precision=(1, 2)))
    assert found["coarse places"].value == pytest.approx(10 / 140)
    assert found["coarse places"].events_filter is None


def test_the_share_of_a_small_part_does_not_read_as_nothing(tmp_path: Path) -> None:
    rows = [*plain_rows(), event(-3, 3, deaths_imputed="several")]
    assert "0.71 % of the deaths (1 event)" in find_caveats(tmp_path, rows)["deaths imputed"].text


def test_the_dead_of_the_other_side_are_not_the_own(tmp_path: Path) -> None:
    rows = changed(actor1=B, actor2=A, deaths_actor1=3, deaths_actor2=0)
    assert "own dead" not in find_caveats(tmp_path, rows)


def test_meaning_and_coverage_come_first_and_faults_before_the_rest() -> None:
    first = [KINDS.index(kind) for kind in ("meaning not in the data", "data begin late", "deaths unknown", "placebo")]
    assert first == sorted(first)
    assert KINDS.index("faults flagged") < KINDS.index("largest event")
    assert KINDS[-1] == "share of all"


def test_similar_names_are_few_short_and_apart(tmp_path: Path) -> None:
    rows = plain_rows()
    for k, row in enumerate(rows[240:249]):
        row["actor2"] = f"{A}, Band {k}, {', '.join(['Long Column'] * 9)}"
    text = find_caveats(tmp_path, rows)["similar names"].text
    assert "9 names that contain" in text
    assert "and 6 more" in text
    assert text.count("; ") == 2
    assert len(text) < 300


def test_one_of_a_thing_is_told_in_the_singular(tmp_path: Path) -> None:
    rows = plain_rows()
    rows[240].update(deaths_low=None, deaths_best=None, deaths_high=None)
    text = find_caveats(tmp_path, rows)["deaths unknown"].text
    assert text.startswith("1 event of 140 gives no figure of deaths and adds nothing")
