"""`check` and `chronicle` at a shell: the reading is confirmed first, lines fit 80 columns, JSON holds the answer."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from made_claims import add_tables
from made_datasets import make_dataset, make_row

from conflictdesk.commands.checks import add_check, add_chronicle
from conflictdesk.errors import ConfigError

SAID = "In 2019 the Reds killed 26 people in Mali, up from 14 in 2018."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = {"latitude": 16.0, "longitude": 2.0, "location": "Fort Amber", "country": "Mali", "iso3": "MLI"}
    rows = [
        make_row(2 * year + half, f"{year}-{day}", actor1="Reds", actor2="Blues\x1b[31m", deaths=deaths // 2, **place)
        for year, deaths in ((2017, 2), (2018, 14), (2019, 26), (2020, 2))
        for half, day in enumerate(("01-03", "12-28"))
    ]
    make_dataset(tmp_path / "d", rows).close()
    add_tables(tmp_path / "d", claims=[{"claim_id": "c-1", "sentence": SAID, "article_title": "A tally"}]).close()
    return tmp_path / "d"


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    jobs = parser.add_subparsers()
    add_check(jobs.add_parser("check"))
    add_chronicle(jobs.add_parser("chronicle"))
    options = parser.parse_args([str(word) for word in words])
    return int(options.run(options))


def test_nothing_is_checked_without_a_yes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", folder, SAID) == 2
    told = capsys.readouterr()
    assert "Split day" in told.out and "VERDICT" not in told.out
    assert "--yes" in told.err


def test_a_check_tells_reading_verdict_and_figures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", folder, SAID, "--yes", "--resamples", 20, "--on", "2026-11-22") == 0
    out = capsys.readouterr().out
    assert "VERDICT: reproduced" in out and "26, claimed 26" in out
    assert max(map(len, out.splitlines())) <= 80 and "\x1b" not in out


def test_json_and_spec_hold_the_same_answer(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "spec.json"
    assert run("check", folder, "--claim", "c-1", "--yes", "--resamples", 0, "--json", "--spec", spec) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "reproduced" and told["reading"]["split"] == "2019-01-01"
    assert told["comparison"]["meanings"]["involving"]["after"]["deaths"]["best"] == 26
    saved = json.loads(spec.read_text("utf-8"))
    assert saved["answer"] == told and saved["check"]["claim"] == "c-1"


def test_the_claims_are_listed_with_their_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", folder, "--list") == 0
    assert "--claim c-1" in capsys.readouterr().out
    assert run("check", folder, "--list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["claims"][0]["reading"]["unread"] == []


def test_a_part_that_is_set_takes_the_place_of_what_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "In the year after the accord the Reds killed 26 people in Mali; in the year before, 14."
    assert run("check", folder, said, "--yes", "--resamples", 0, "--json") == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "cannot tell"
    assert run("check", folder, said, "--split", "2019-01-01", "--yes", "--resamples", 0, "--json") == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "reproduced"
    with pytest.raises(ConfigError, match="Greens"):
        run("check", folder, said, "--actor", "Greens", "--yes")


def test_a_sentence_or_a_claim_is_needed(folder: Path) -> None:
    with pytest.raises(ConfigError, match="--claim"):
        run("check", folder)


@pytest.mark.slow
def test_a_dossier_is_written_with_its_chart(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "dossier.html"
    assert run("check", folder, SAID, "--yes", "--resamples", 20, "--dossier", out) == 0
    html = out.read_text("utf-8")
    assert "<svg" in html and "<script" not in html and "style=" not in html
    with pytest.raises(ConfigError, match="cannot be written"):
        run("check", folder, SAID, "--yes", "--resamples", 0, "--dossier", tmp_path / "no" / "such.html")


def test_a_chronicle_is_printed_written_and_told_as_json(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("chronicle", folder, "--near", "Fort Amber", "--from", "2018-01-01", "--to", "2019-01-01")
    assert run(*words, "--out", tmp_path / "c.html", "--on", "2026-11-22") == 0
    out = capsys.readouterr().out
    assert "AT THE SITE: 2" in out and "3 Jan 2018" in out and "\x1b" not in out
    assert max(len(line) for line in out.splitlines() if str(tmp_path) not in line) <= 80
    assert "Chronicle of Fort Amber" in (tmp_path / "c.html").read_text("utf-8")
    assert run(*words, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["exact"]) == 2
    with pytest.raises(ConfigError, match="day after the last"):
        run("chronicle", folder, "--near", "Fort Amber", "--from", "2019-01-01", "--to", "2019-01-01")
