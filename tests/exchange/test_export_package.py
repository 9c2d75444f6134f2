"""The data package: checked by Frictionless, loaded by its own readers, plain about terms."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
from hypothesis import given, settings
from made_exports import Made, build_dataset, make_event, rows

from conflictdesk.datasets.schema import COLUMN_NOTES, EVENT_COLUMNS
from conflictdesk.exchange.exports import ExportOptions, ExportReport, write_events
from conflictdesk.questions import Filter


class Field(TypedDict):
    """A column as the description has it."""

    name: str


class Schema(TypedDict):
    """The columns of a table."""

    primaryKey: list[str]
    missingValues: list[str]
    fields: list[Field]


class Resource(TypedDict):
    bytes: int
    hash: str
    schema: Schema


class Source(TypedDict):
    """An import, as the description has it."""

    import_id: str
    sha256: str


class Description(TypedDict):
    """The parts of datapackage.json that are looked at."""

    resources: list[Resource]
    sources: list[Source]
    licenses: NotRequired[list[Field]]
    dataset_hash: str


QUOTE = {"event_id": "made:1", "field": "deaths", "quote": "=two were killed", "start": 0, "end": 16}
EVENTS = [
    make_event(1, deaths_best=2, sources=["Invented Gazette", "Quay; Radio"], headline="Two killed", actor1="=Front"),
    make_event(2, civilian_targeting=True, latitude=-1.5, longitude=2.5, notes="line\none", aggregate=False),
]


def make_package(folder: Path, made: Made, options: ExportOptions | None = None) -> ExportReport:
    dataset = build_dataset(folder / "dataset", made)
    try:
        return write_events(dataset, Filter(), "package", folder / "package", options)
    finally:
        dataset.close()


def is_valid(folder: Path) -> bool:
    import frictionless

    before = Path.cwd()
    os.chdir(folder)
    try:
        return bool(frictionless.validate("datapackage.json").valid)
    finally:
        os.chdir(before)


def describe(folder: Path) -> Description:
    told: Description = json.loads((folder / "package" / "datapackage.json").read_text("utf-8"))
    return told


def test_frictionless_finds_no_fault_and_finds_ours(tmp_path: Path) -> None:
    made = Made(rows=EVENTS, quotes=[QUOTE, {**QUOTE, "field": "place"}])
    make_package(tmp_path, made, ExportOptions(with_quotes=True, licence="CC-BY-4.0"))
    package = tmp_path / "package"
    assert is_valid(package)
    events = package / "events.csv"
    whole = events.read_bytes()
    for wrong in (whole.replace(b"made:2", b"made:1"), whole.replace(b"-1.5", b"-915"), whole.replace(b"\ntwo", b"")):
        events.write_bytes(wrong)
        assert is_valid(package) == (wrong == whole)


@pytest.mark.slow
@settings(deadline=None, max_examples=10)
@given(rows())
def test_frictionless_finds_no_fault_in_hostile_rows(made: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        make_package(Path(scratch), Made(rows=made))
        assert is_valid(Path(scratch) / "package")


def test_the_description_is_true(tmp_path: Path) -> None:
    make_package(tmp_path, Made(rows=EVENTS))
    told = describe(tmp_path)
    profile = '"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"'
    assert profile in (tmp_path / "package" / "datapackage.json").read_text("utf-8")
    [resource] = told["resources"]
    data = (tmp_path / "package" / "events.csv").read_bytes()
    assert resource["bytes"] == len(data)
    assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    schema = resource["schema"]
    assert schema["primaryKey"] == ["event_id"]
    assert schema["missingValues"] == [""]
    assert [field["name"] for field in schema["fields"]] == list(EVENT_COLUMNS)
    with (tmp_path / "package" / "columns.csv").open(encoding="utf-8", newline="") as file:
        dictionary = {row["name"]: row for row in csv.DictReader(file)}
    assert {name: row["meaning"] for name, row in dictionary.items()} == COLUMN_NOTES
    assert dictionary["deaths_best"]["unit"] == "person"
    assert dictionary["latitude"] == {**dictionary["latitude"], "type": "number", "unit": "degree"}


def test_sources_and_licences_are_those_of_the_rows(tmp_path: Path) -> None:
    rows_of = [make_event(1, import_id="i-ucdp"), make_event(2, import_id="i-own")]
    kinds = {"i-ucdp": "ucdp", "i-own": "coded", "i-none": "acled"}
    made = Made(rows=rows_of, kinds=kinds, versions={"i-ucdp": "19.1"})
    report = make_package(tmp_path, made, ExportOptions(licence="ODC-By-1.0"))
    told = describe(tmp_path)
    assert [(s["import_id"], s["sha256"]) for s in told["sources"]] == [
        ("i-ucdp", "ab" * 32),
        ("i-own", "ab" * 32),
    ]
    assert [licence["name"] for licence in told["licenses"]] == ["CC-BY-4.0", "ODC-By-1.0"]
    citation = (tmp_path / "package" / "CITATION.txt").read_text("utf-8")
    assert "version 19.1" in citation
    assert "Sundberg" in citation
    assert str(told["dataset_hash"]) in citation
    assert not any("ACLED" in note for note in report.notes)


def test_rows_of_acled_are_told_plainly(tmp_path: Path) -> None:
    made = Made(rows=[make_event(1, import_id="i-acled")], kinds={"i-acled": "acled"})
    report = make_package(tmp_path, made)
    for told in (*report.notes, (tmp_path / "package" / "README.md").read_text("utf-8"), str(describe(tmp_path))):
        assert "forbid passing its rows on" in told


def test_no_licence_is_invented(tmp_path: Path) -> None:
    make_package(tmp_path, Made(rows=EVENTS))
    assert "licenses" not in describe(tmp_path)
    assert "No licence is stated" in (tmp_path / "package" / "README.md").read_text("utf-8")


READ = """
import json, runpy
events = runpy.run_path("read_events.py")["events"]
told = {
    "kinds": {name: str(kind) for name, kind in events.dtypes.items()},
    "deaths": int(events["deaths_best"].sum()),
    "unknown": int(events["deaths_best"].isna().sum()),
    "actor": events["actor1"].dropna().tolist(),
    "sources": events["sources"].dropna().tolist(),
    "day": str(events["date_start"].max()),
    "targeting": [bool(v) for v in events["civilian_targeting"].dropna()],
    "notes": events["notes"].dropna().tolist(),
}
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers")
    make_package(folder, Made(rows=EVENTS))
    return folder / "package"


def test_the_python_reader_loads_the_right_types(package: Path) -> None:
    done = subprocess.run([sys.executable, "-c", READ], cwd=package, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    kinds = told.pop("kinds")
    assert (kinds["deaths_best"], kinds["latitude"], kinds["country"]) == ("Int64", "float64", "string")
    assert kinds["date_start"].startswith("datetime64")
    assert told == {
        "deaths": 2,
        "unknown": 1,
        "actor": ["=Front"],
        "sources": [["Invented Gazette", "Quay; Radio"]],
        "day": "NaT",
        "targeting": [True],
        "notes": ["line\none"],
    }


READ_R = """
source("read_events.R")
stopifnot(sum(events$deaths_best, na.rm = TRUE) == 2, sum(is.na(events$deaths_best)) == 1)
stopifnot(events$actor1[1] == "=Front", inherits(events$date_start, "Date"), events$civilian_targeting[2])
stopifnot(is.na(events$civilian_targeting[1]), events$notes[2] == "line\\none", events$latitude[2] == -1.5)
"""


def test_the_r_reader_loads_the_right_types(package: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not here")
    done = subprocess.run(["Rscript", "-e", READ_R], cwd=package, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_stata_reader_names_every_column(package: Path) -> None:
    told = (package / "read_events.do").read_text("utf-8")
    for name in EVENT_COLUMNS:
        assert f"label variable {name} " in told
    assert "format date_start_ %td" in told
