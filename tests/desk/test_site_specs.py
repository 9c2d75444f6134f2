"""`explore --site --spec`: questions kept by `count`, `compare` and `check` get pages; batches of events read alike."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from desk_server import invent_rows
from made_claims import add_tables
from made_datasets import make_dataset

from conflictdesk.analyse.listing import read_event, read_events
from conflictdesk.cli import main
from conflictdesk.commands.explore import add_explore
from conflictdesk.commands.site_parts import read_parts
from conflictdesk.datasets.opening import open_dataset
from conflictdesk.errors import ConfigError, StoreError

pytestmark = pytest.mark.slow

SENTENCE = "Band 1 killed 60 people in the six months after 1 January 2022, 80 in the six months before."
CHECK = ("--yes", "--on", "2031-05-01", "--resamples", "50", "--tolerance", "0.2")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("specs") / "made"
    make_dataset(folder, invent_rows(60)).close()
    return folder


@pytest.fixture(scope="module")
def kept(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("kept")
    files = {name: folder / f"{name}.json" for name in ("count", "compare", "check", "chronicle")}
    spec = {name: ("--spec", str(path)) for name, path in files.items()}
    compare = ("--actor", "Band 1", "--split", "2022-01-01", "--window", "6months", "--resamples", "50")
    assert main(["count", str(made), "--by", "country", "--where", "admin1=Province 3", *spec["count"]]) == 0
    assert main(["compare", str(made), *compare, *spec["compare"]]) == 0
    assert main(["check", str(made), SENTENCE, *CHECK, *spec["check"]]) == 0
    assert main(["chronicle", str(made), "--near", "34.3,40.43", "--km", "50", *spec["chronicle"]]) == 0
    return files


def run_explore(*words: object) -> int:
    parser = argparse.ArgumentParser()
    add_explore(parser)
    options = parser.parse_args([str(word) for word in words])
    return int(options.run(options))


@pytest.mark.slow
def test_kept_questions_become_pages_and_what_is_missing_is_told(
    made: Path, kept: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    specs = [word for name in ("count", "compare", "check") for word in ("--spec", kept[name])]
    assert run_explore(made, "--site", tmp_path / "site", *specs) == 0
    told = capsys.readouterr().out
    assert "1 comparisons" in told and "1 checks" in told and "Not in the site:\n  - A site from disk" in told
    assert "another version" not in told
    check = (tmp_path / "site" / "check-1.html").read_text("utf-8")
    answer = json.loads(kept["check"].read_text("utf-8"))["answer"]
    assert f"</span> {answer['verdict']}</h2>" in check and "within 20 %" in check and "1 May 2031" in check
    assert (tmp_path / "site" / "compare-1.html").is_file()
    counts = (tmp_path / "site" / "counts.html").read_text("utf-8")
    assert "province Province 3" in counts


def test_a_question_asked_of_another_version_is_told(made: Path, kept: dict[str, Path], tmp_path: Path) -> None:
    make_dataset(tmp_path / "other", invent_rows(61)).close()
    parts, notes = read_parts(tmp_path / "other", [kept["count"], kept["check"]])
    assert len(parts.counts) == len(parts.checks) == 1 and parts.checks[0].tolerance == 0.2
    assert [note.split(" was asked")[0] for note in notes] == ["count.json", "check.json"]
    assert read_parts(made, [kept["count"]])[1] == ()


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"check": 3}', '{"check": {"sentence": 3}}', '{"format": 1}'])
def test_a_file_that_keeps_no_question_is_refused(made: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text)
    with pytest.raises((StoreError, ConfigError), match=r"odd\.json"):
        read_parts(made, [tmp_path / "odd.json"])


def test_a_chronicle_and_a_spec_without_a_site_are_refused(made: Path, kept: dict[str, Path]) -> None:
    with pytest.raises(ConfigError, match="keeps a chronicle"):
        read_parts(made, [kept["chronicle"]])
    with pytest.raises(ConfigError, match="--site"):
        run_explore(made, "--spec", kept["count"])


def test_a_batch_of_events_reads_as_one_by_one(tmp_path: Path) -> None:
    make_dataset(tmp_path / "d", invent_rows(40)).close()
    quotes = [
        {"event_id": f"made:{n}", "field": field, "quote": f"words {n}", "start": 5, "context_start": 1}
        for n in (3, 4, 40)
        for field in ("deaths", "actor1")
    ]
    add_tables(tmp_path / "d", quotes=quotes).close()
    dataset = open_dataset(tmp_path / "d")
    ids = [f"made:{n}" for n in (40, 3, 4, 3, 7)]
    sheets = read_events(dataset, [*ids, "made:none"])
    assert list(sheets) == ["made:40", "made:3", "made:4", "made:7"]
    assert all(sheets[key] == read_event(dataset, key) for key in sheets)
    assert [quote.field for quote in sheets["made:3"].quotes] == ["actor1", "deaths"] and not sheets["made:7"].quotes
    assert dict(sheets["made:7"].values)["source_id"] == "7" == sheets["made:7"].incident.event_id[5:]
    assert read_events(dataset, []) == {}
