"""`count` and `compare` on the command line: words, JSON, kept questions."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest
from comparison_rows import A, event, write_dataset

from conflictdesk.commands.questions import add_compare, add_count
from conflictdesk.errors import ConfigError, StoreError

COMPARE = ("--actor", A, "--split", "2031-07-01", "--window", "60days", "--resamples", "50")


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "80")
    rows = [event(k, 2, attributed_to=[A]) for k in range(-60, 60)]
    return write_dataset(tmp_path / "data", [*rows, event(-3, 90), event(70, 1, country=None)])


def run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    jobs = parser.add_subparsers(required=True)
    add_count(jobs.add_parser("count"))
    add_compare(jobs.add_parser("compare"))
    options = parser.parse_args([str(each) for each in arguments])
    return int(options.run(options))


def dig(told: object, *path: str | int) -> object:
    """The value at a place of an answer."""
    for key in path:
        told = told[key]  # type: ignore[index]  # a mistake here fails the test
    return told


def read_out(capsys: pytest.CaptureFixture[str]) -> object:
    return json.loads(capsys.readouterr().out)


def test_a_comparison_is_told_in_words_within_eighty_columns(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("compare", dataset, *COMPARE) == 0
    out = capsys.readouterr().out
    words = " ".join(out.split())
    assert f"{A}: 60 days before and after 1 Jul 2031" in words
    assert "61 events before, 60 after (-2 % a day); deaths 210 (210 to 210) before, 120 (120 to 120) after" in words
    assert "Neither says why anything changed" in words
    assert "largest event: One event holds 27 % of the deaths" in words
    assert "without the ten largest events" in words
    assert max(map(len, out.splitlines())) <= 80


def test_a_comparison_prints_the_shape_for_scripts(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("compare", dataset, *COMPARE, "--json") == 0
    told = read_out(capsys)
    assert dig(told, "windows") == {"before": ["2031-05-02", "2031-07-01"], "after": ["2031-07-01", "2031-08-30"]}
    assert dig(told, "meanings", "involving", "before", "deaths", "best") == 210
    assert dig(told, "meanings", "perpetrated") is None


def test_a_measure_tells_its_figures_alone(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("compare", dataset, *COMPARE, "--measure", "events") == 0
    head = capsys.readouterr().out.split("“By chance”")[0]
    assert "events before" in head
    assert "deaths 210" not in head


def test_area_and_type_narrow_a_comparison(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [event(k, 2, country="Vellamar", admin1="North") for k in range(-60, 60)]
    dataset = write_dataset(dataset.with_name("north"), rows)
    run("compare", dataset, *COMPARE, "--area", "Vellamar/North", "--type", "Battles", "--json")
    assert dig(read_out(capsys), "question", "filter") == "country=Vellamar&admin1=North&event_type=Battles"


def test_a_count_prints_rows_total_and_what_is_left_out(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("count", dataset, "--by", "year,country", "--json") == 0
    told = read_out(capsys)
    assert [dig(told, "rows", 0, key) for key in ("year", "country", "events")] == [2031, "Vellamar", 121]
    assert dig(told, "not_counted") == {"no country": 1}
    assert run("count", dataset, "--by", "year", "--where", "country=Vellamar") == 0
    out = capsys.readouterr().out
    assert "2031" in out
    assert "330" in out


def test_a_count_of_one_actor(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("count", dataset, "--by", "year", "--actor", A.upper(), "--json")
    assert dig(read_out(capsys), "total", "events") == 122
    with pytest.raises(ConfigError, match="no actor 'Nobody'"):
        run("count", dataset, "--by", "country", "--actor", "Nobody", "--json")


@pytest.mark.parametrize(
    ("pair", "word"),
    [
        ("country=Velamar", "no event of the dataset has the country 'Velamar'; did you mean 'Vellamar'"),
        ("event_type=Batles", "did you mean 'Battles'"),
        ("actor=Grey Heron", "did you mean 'Grey Heron Brigade'"),
    ],
)
def test_a_name_misspelt_is_no_count_of_nought(dataset: Path, pair: str, word: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(word)):
        run("count", dataset, "--by", "year", "--where", pair)


def test_days_that_hold_no_day_are_refused(dataset: Path) -> None:
    with pytest.raises(ConfigError, match="hold no day"):
        run("count", dataset, "--by", "year", "--where", "from=2031-07-01", "--where", "to=2031-07-01")


def test_a_type_of_the_codebook_may_count_nought(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("count", dataset, "--by", "year", "--where", "event_type=Riots")
    assert "no proof that nothing happened" in capsys.readouterr().out


def test_rows_of_actors_are_said_to_overlap(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("count", dataset, "--by", "actor")
    assert "the rows add up to more than all" in " ".join(capsys.readouterr().out.split())
    run("count", dataset, "--by", "year")
    assert "add up" not in capsys.readouterr().out


def test_a_share_that_is_there_never_reads_nought(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*(event(k % 60, 1, country="Vellamar") for k in range(2500)), event(1, 1, country="Oresta")]
    run("count", write_dataset(tmp_path / "many", rows), "--by", "country")
    assert "under 0.1 %" in capsys.readouterr().out


def test_few_events_before_give_no_percent_for_deaths_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [event(-20, 40), event(-5, 40), *(event(k, 9) for k in range(30))]
    run("compare", write_dataset(tmp_path / "few", rows), *COMPARE)
    out = " ".join(capsys.readouterr().out.split())
    assert out.count("too few before for a change in percent") == 2
    assert "% a day" not in out


def test_windows_without_an_event_have_no_table_of_noughts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("compare", write_dataset(tmp_path / "past", [event(k, 1) for k in range(-900, -800)]), *COMPARE)
    out = " ".join(capsys.readouterr().out.split())
    assert "none in either window" in out
    assert "neither window is covered" in out
    assert "What the answer hangs on" not in out


def test_other_split_dates_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("compare", write_dataset(tmp_path / "long", [event(k, 1) for k in range(-300, 300)]), *COMPARE)
    out = " ".join(capsys.readouterr().out.split())
    assert "other split dates" in out
    assert "split 2031" not in out


def test_a_kept_comparison_is_asked_again_and_says_what_changed(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.json"
    run("compare", dataset, *COMPARE, "--spec", kept)
    told = json.loads(kept.read_text())
    assert told["question"]["actor"] == [A]
    assert told["answer"]["crossing"] == 0
    capsys.readouterr()
    run("compare", dataset, "--from-spec", kept)
    assert "the same version of the dataset: nothing in the answer changed" in capsys.readouterr().out
    newer = write_dataset(tmp_path / "newer", [event(k, 2) for k in range(-60, 60)])
    run("compare", newer, "--from-spec", kept)
    out = " ".join(capsys.readouterr().out.split())
    assert "Asked again on a changed dataset" in out
    assert "meanings.involving.before.events: 61 -> 60" in out
    run("compare", newer, "--from-spec", kept, "--json")
    assert dig(read_out(capsys), "asked_before", "same_dataset") is False


def test_a_kept_count_is_asked_again(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept.json"
    run("count", dataset, "--by", "year", "--where", "country=Vellamar", "--spec", kept)
    capsys.readouterr()
    run("count", dataset, "--from-spec", kept, "--json")
    assert dig(read_out(capsys), "asked_before", "changes") == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("compare", "--actor", A), "needs --split, --window"),
        (("count",), "say what to count by"),
        (("count", "--by", "colour"), "cannot count by 'colour'"),
        (("count", "--by", "year", "--where", "country"), "write a key and a value"),
        (("compare", *COMPARE, "--where", "colour=red"), "no filter 'colour'"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_mend(dataset: Path, arguments: tuple[str, ...], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        run(arguments[0], dataset, *arguments[1:])


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1, "kind": "compare"}', '{"format": 9}'])
def test_a_damaged_kept_file_is_refused(dataset: Path, tmp_path: Path, text: str) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(text)
    with pytest.raises(StoreError):
        run("compare", dataset, "--from-spec", kept)


def test_a_kept_question_of_the_other_kind_is_refused(dataset: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    run("count", dataset, "--by", "year", "--spec", kept)
    with pytest.raises(ConfigError, match="keeps a count"):
        run("compare", dataset, "--from-spec", kept)


def test_deaths_that_nobody_tells_are_not_nought(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silent = write_dataset(tmp_path / "silent", [event(-3, None), event(-2, 7), event(4, None), event(5, None)])
    run("compare", silent, *COMPARE)
    words = " ".join(capsys.readouterr().out.split())
    assert "deaths 7 (7 to 7; 1 event without a figure) before, not known after" in words


def test_names_cannot_move_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = write_dataset(tmp_path / "hostile", [event(-3, 2, country="A\x1b[31m\u202eB")])
    run("count", hostile, "--by", "country")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
