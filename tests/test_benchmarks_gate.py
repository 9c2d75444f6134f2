"""The floors of the figures: they are told, a fall is seen, and nobody lowers one in silence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks.bench_folder import find_bench
from benchmarks.events import list_sets, measure_set
from benchmarks.gate import EXPLICIT_WORD, check_floors, find_lowered, find_silent_lowering, read_floors

ROOT = Path(__file__).parent.parent
FILE = "floors.toml"


def git(root: Path, *words: str) -> None:
    person = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *person, *words], check=True, capture_output=True)


def commit(root: Path, text: str, message: str) -> None:
    (root / FILE).write_text(text, encoding="utf-8")
    git(root, "add", FILE)
    git(root, "commit", "-m", message)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository in which a floor was set, raised and lowered."""
    try:
        git(tmp_path, "init", "--quiet")
    except OSError:
        pytest.skip("git is not here")
    commit(tmp_path, "[dates]\nvalue_f1 = 0.80\n", "Floors")
    commit(tmp_path, "[dates]\nvalue_f1 = 0.90\n", "Better")
    return tmp_path


def test_every_commit_that_lowers_a_floor_says_so() -> None:
    silent = find_silent_lowering(ROOT)
    if silent is None:
        pytest.skip("no git, or not the whole history: floors cannot be followed back")
    assert silent == []


def test_a_floor_lowered_in_silence_is_found(history: Path) -> None:
    assert find_silent_lowering(history, FILE) == []
    commit(history, "[dates]\nvalue_f1 = 0.85\n", "Tidy")
    (told,) = find_silent_lowering(history, FILE) or []
    assert "dates: value_f1 from 0.9 to 0.85" in told and EXPLICIT_WORD in told


@pytest.mark.parametrize("message", ["Lower the floor of dates", "Tidy\n\nWe must lower the\nfloor: the set changed"])
def test_a_floor_may_be_lowered_with_a_word(history: Path, message: str) -> None:
    commit(history, "[dates]\nvalue_f1 = 0.85\n", message)
    assert find_silent_lowering(history, FILE) == []


def test_a_floor_that_is_taken_out_is_lowered(history: Path) -> None:
    commit(history, "[tolls]\nkilled = 0.9\n", "Other floors")
    assert find_silent_lowering(history, FILE)


def test_without_the_whole_history_nothing_is_said(history: Path, tmp_path: Path) -> None:
    copy = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{history}", str(copy))
    assert find_silent_lowering(copy, FILE) is None
    bare = tmp_path.parent / f"{tmp_path.name}-bare"
    bare.mkdir()
    assert find_silent_lowering(bare, FILE) is None


def test_a_ceiling_is_lowered_by_raising_it() -> None:
    assert find_lowered("[page]\nquiet_at_most = 0", "[page]\nquiet_at_most = 2")
    assert not find_lowered("[page]\nquiet_at_most = 2", "[page]\nquiet_at_most = 0")


def test_a_figure_below_its_floor_fails_the_gate(capsys: pytest.CaptureFixture[str]) -> None:
    kept = {"f1": 1.0, "precision": 1.0, "recall": 1.0, "strict_f1": 1.0, "negatives_coded": 0}
    assert program._tell_floors({"sentences.tune": kept}) == 0
    assert "skipped" in capsys.readouterr().out
    assert program._tell_floors({"sentences.tune": {**kept, "recall": 0.1}}) == 1
    assert "BELOW  sentences.tune: recall 0.1" in capsys.readouterr().out
    assert program._tell_floors({"sentences.tune": {**kept, "negatives_coded": 99}}) == 1


def test_a_floor_without_its_figure_is_a_fault() -> None:
    with pytest.raises(KeyError):
        check_floors({"sentences.tune": {}})


@pytest.mark.bench
@pytest.mark.slow
@pytest.mark.skipif(find_bench() is None, reason="no benchmark folder: set CONFLICTDESK_BENCH")
@pytest.mark.parametrize("name", ["page", "news"])
def test_whole_articles_keep_their_floors(name: str) -> None:
    (chosen,) = [each for each in list_sets(own=False) if each.name == name]
    checked = check_floors({f"events.{name}": measure_set(chosen)})
    assert [each.tell() for each in checked if not each.is_kept] == []
    assert any(each.value is not None for each in checked)


def test_floors_name_measures_that_are_there() -> None:
    tasks = {*program.PREDICTORS, "codebook", "sentences", "events", "places"}
    assert {measure.split(".")[0] for measure, _ in read_floors()} <= tasks
