"""The command `export`: its arguments, what it prints, what it refuses."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from made_exports import Made, build_dataset, make_event

from conflictdesk.commands.exports import add_export
from conflictdesk.errors import ConfigError, StoreError
from conflictdesk.exchange.exports import SHAPES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [make_event(1, country="Yemen", deaths_best=3), make_event(2, country="Oman", latitude=1.0, longitude=2.0)]
    build_dataset(tmp_path / "dataset", Made(rows=rows)).close()
    return tmp_path


def run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_export(parser)
    options = parser.parse_args([str(argument) for argument in arguments])
    return int(options.run(options))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_can_be_asked_for(folder: Path, capsys: pytest.CaptureFixture[str], shape: str) -> None:
    assert run(folder / "dataset", "--to", shape, "--out", folder / "out") == 0
    printed = capsys.readouterr()
    assert printed.out == f"2 events: {folder / 'out'}\n"
    assert "no point" in printed.err
    assert (folder / "out").exists()


def test_the_report_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    goal = folder / "out.csv"
    run(folder / "dataset", "--to", "ucdp", "--out", goal, "--where", "country=Yemen", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["shape"], told["rows"], told["files"], told["without_point"]) == ("ucdp", 1, [str(goal)], 1)
    assert told["empty_columns"]["gwnoa"].startswith("a code of Gleditsch and Ward")


def test_empty_columns_are_told_with_their_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder / "dataset", "--to", "acled", "--out", folder / "out.csv")
    assert "empty for rows from elsewhere: source_scale (a dataset does not keep" in capsys.readouterr().err


def test_conditions_are_all_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--where", "country=Yemen", "--where", "country=Oman", "--where", "deaths_at_least=1")
    run(folder / "dataset", "--to", "csv", "--out", folder / "out.csv", *where)
    assert capsys.readouterr().out.startswith("1 events")


@pytest.mark.parametrize("where", ["country", "=Yemen", "colour=red", "from=soon"])
def test_a_condition_that_says_nothing_is_refused(folder: Path, where: str) -> None:
    with pytest.raises(ConfigError):
        run(folder / "dataset", "--to", "csv", "--out", folder / "out.csv", "--where", where)
    assert not (folder / "out.csv").exists()


def test_what_is_no_dataset_is_refused(folder: Path) -> None:
    with pytest.raises(StoreError, match="is no dataset"):
        run(folder, "--to", "csv", "--out", folder / "out.csv")
