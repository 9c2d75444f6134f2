"""The faster copy of a large dataset: the same answers, never of another state."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from made_datasets import make_dataset, make_row

from conflictdesk.analyse.counts import DIMENSIONS, count_events
from conflictdesk.analyse.listing import ORDERS, list_incidents
from conflictdesk.datasets import caches
from conflictdesk.datasets.caches import build_cache, find_cache
from conflictdesk.datasets.manifest import load_manifest
from conflictdesk.datasets.opening import open_dataset
from conflictdesk.questions import CountQuestion, Filter

ROWS = [
    make_row(
        n,
        f"20{n % 20 + 10}-0{n % 9 + 1}-11",
        actor1=f"Band {n % 3}",
        deaths=n % 7,
        notes=f"Nöte {n}",
        location=f"Town {n % 5}",
    )
    for n in range(60)
]


def test_a_copy_answers_as_the_files_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "odd [name]'s *"
    plain = make_dataset(folder, ROWS)
    assert build_cache(folder, plain.manifest) is None
    monkeypatch.setattr(caches, "WORTH_CACHING", 10)
    assert build_cache(folder, plain.manifest) == find_cache(folder, plain.manifest)
    fast, held = open_dataset(folder), open_dataset(folder, in_memory=True)
    for name in DIMENSIONS:
        for limit in (None, 2):
            question = CountQuestion(by=(name,), limit=limit)
            assert count_events(fast, question) == count_events(plain, question) == count_events(held, question)
            whole = count_events(plain, CountQuestion(by=(name,)))
            assert len(count_events(fast, question).rows) + count_events(fast, question).cut == len(whole.rows)
    for order in ORDERS:
        assert list_incidents(fast, Filter(text="note 1"), order=order) == list_incidents(
            plain, Filter(text="note 1"), order=order
        )


def test_a_copy_of_another_state_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "WORTH_CACHING", 10)
    folder = tmp_path / "data"
    first = build_cache(folder, make_dataset(folder, ROWS).manifest)
    make_dataset(folder, ROWS[:30]).close()
    manifest = load_manifest(folder)
    assert find_cache(folder, manifest) is None
    second = build_cache(folder, manifest)
    assert second and first and second != first and not first.exists()
    assert open_dataset(folder).ask("SELECT count(*) FROM events") == [(30,)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from conflictdesk.errors import StoreError

    monkeypatch.setattr(caches, "WORTH_CACHING", 10)
    dataset = make_dataset(tmp_path / "data", ROWS)
    (tmp_path / "data" / "cache").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="cache"):
        build_cache(tmp_path / "data", dataset.manifest)
