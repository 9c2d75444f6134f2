"""Before and after on UCDP's rows of Syria: the same to the last death as a few lines of pandas."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from conflictdesk.analyse.compare import compare_windows
from conflictdesk.analyse.counts import tally_events
from conflictdesk.datasets.opening import Dataset, open_dataset
from conflictdesk.questions import CompareQuestion

pytestmark = [pytest.mark.bench, pytest.mark.slow]
BENCH = Path(os.environ.get("CONFLICTDESK_BENCH", "../shared"))
FILE = BENCH / "bench" / "ucdp_ged" / "ged191_syria_16566.csv.gz"
ACTOR = "Government of Syria"
SPLITS = (
    *("2016-07-31", "2016-12-22", "2017-02-28", "2017-04-04", "2017-07-01"),
    *("2017-09-05", "2017-11-19", "2018-01-20", "2018-04-14", "2018-06-30"),
)


@pytest.fixture(scope="module")
def syria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    if not FILE.is_file():
        pytest.skip(f"{FILE} is not here: set CONFLICTDESK_BENCH")
    from conflictdesk.exchange.imports import ImportRequest, import_file

    into = tmp_path_factory.mktemp("syria") / "dataset"
    import_file(ImportRequest(kind="ucdp", path=FILE, into=into))
    dataset = open_dataset(into)
    yield dataset
    dataset.close()


@pytest.mark.parametrize("split", SPLITS)
def test_ten_dates_agree_with_pandas(syria: Dataset, split: str) -> None:
    from syria_by_pandas import compare_by_pandas

    day = dt.date.fromisoformat(split)
    answer = compare_windows(syria, CompareQuestion(actor=(ACTOR,), split=day, window="6months", resamples=0))
    told = answer.meanings["involving"]
    assert told is not None
    found = {
        name: (side.tally.events, side.tally.deaths.low, side.tally.deaths.best, side.tally.deaths.high)
        for name, side in (("before", told.before), ("after", told.after))
    }
    assert found == compare_by_pandas(FILE, ACTOR, split, 6)
    assert found["before"][2] > 0
    assert found["after"][2] > 0
    for side in (told.before, told.after):
        assert tally_events(syria, side.events_filter) == side.tally


def test_what_these_rows_cannot_tell_is_said(syria: Dataset) -> None:
    question = CompareQuestion(actor=(ACTOR,), split=dt.date(2017, 4, 4), window="6months", resamples=20)
    answer = compare_windows(syria, question)
    assert answer.meanings["attributed"] is None
    assert answer.meanings["perpetrated"] is not None
    assert "meaning not in the data" in [caveat.kind for caveat in answer.caveats]
