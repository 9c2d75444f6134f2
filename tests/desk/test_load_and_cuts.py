"""A served desk under load, killed at random moments, and on a full disk: nothing that it acknowledged is lost.

The same at full size, with times: `python -m benchmarks desk` and `python -m benchmarks cuts`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from postgres_server import FreshUrl

from benchmarks.desk_kill import measure_cuts, measure_full_disk
from benchmarks.desk_load import measure_load
from benchmarks.made_desk import build_desk

pytestmark = pytest.mark.slow
ARTICLES = 260  # twelve for each of twenty coders, and some over


def check_load(folder: Path) -> None:
    told = measure_load(folder)
    assert (told["wanted"], told["stored"]) == (4000, 4000)
    assert told["sent"] > told["wanted"]
    never = ("stored twice", "acknowledged and lost", "5xx", "not 200", "broken", "chain broken")
    assert {name: told[name] for name in never} == dict.fromkeys(never, 0)


def test_twenty_coders_at_once_on_sqlite(tmp_path: Path) -> None:
    build_desk(tmp_path / "desk", ARTICLES).store.close()
    check_load(tmp_path / "desk")


def test_twenty_coders_at_once_on_postgresql(
    tmp_path: Path, postgres: FreshUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres()
    monkeypatch.setenv("CONFLICTDESK_STORE_URL", url)
    build_desk(tmp_path / "desk", ARTICLES, store_url=url).store.close()
    check_load(tmp_path / "desk")


def test_nothing_acknowledged_is_lost_when_the_server_is_killed_under_load(tmp_path: Path) -> None:
    build_desk(tmp_path / "desk", 160).store.close()
    told = measure_cuts(tmp_path / "desk", cuts=8)
    assert told["acknowledged"] > 0
    assert told["acknowledged and lost"] == told["stores broken"] == told["chain broken"] == 0


def test_a_full_disk_refuses_in_words_and_loses_nothing(tmp_path: Path) -> None:
    build_desk(tmp_path / "desk", 120).store.close()
    told = measure_full_disk(tmp_path / "desk")
    if told is None:
        pytest.skip("this machine lets nobody mount a small disk: the full disk is not tried")
    assert told["before: acknowledged"] == told["after: acknowledged"] == 20
    assert told["full: refused in words (507)"] > 0
    assert told["full: refused"] == told["full: refused in words (507)"]
    assert told["acknowledged and lost"] == told["store broken"] == 0
