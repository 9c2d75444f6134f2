"""The wheel brings all that the desk needs: what its pages name under /static, templates, styles, scripts, tables."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from desk_server import VENDOR, miss

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "conflictdesk"
DATA = (".jinja", ".css", ".js", ".svg", ".toml", ".typed")
NOT_SHIPPED = "desk/browser/"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the package in a wheel that was built here, by their path inside the package."""
    if not VENDOR.is_dir():
        miss("the browser's libraries are not here: make static")
    goal = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(goal)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (wheel,) = goal.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    return {name.removeprefix("conflictdesk/") for name in names if name.startswith("conflictdesk/")}


def test_everything_that_a_page_loads_is_in_the_wheel(held: set[str]) -> None:
    named = set()
    for template in (PACKAGE / "desk" / "templates").glob("*.jinja"):
        text = template.read_text("utf-8")
        named |= set(re.findall(r"link\.static\(['\"]([^'\"]+)['\"]\)", text))
        named |= set(re.findall(r"/static/([\w./-]+)", text))
    assert {"desk.css", "questions.css", "explore.js", "icon.svg"} <= named
    assert {f"desk/static/{name}" for name in named} <= held


def test_everything_that_a_script_loads_is_in_the_wheel(held: set[str]) -> None:
    named = set()
    for script in (PACKAGE / "desk" / "static").glob("*.js"):
        text = script.read_text("utf-8")
        named |= set(re.findall(r"(?:from|import)\s*\(?[\"']\./([\w./-]+)[\"']", text))
        named |= set(re.findall(r"/static/([\w./-]+)", text))
    assert {"charts.js", "vendor/maplibre-gl.js", "vendor/world.json"} <= named
    assert {f"desk/static/{name}" for name in named} <= held


def test_every_data_file_of_the_package_and_all_of_vendor_is_in_the_wheel(held: set[str]) -> None:
    there = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*") if path.suffix in DATA}
    there |= {path.relative_to(PACKAGE).as_posix() for path in VENDOR.iterdir()}
    missing = {name for name in there - held if not name.startswith(NOT_SHIPPED)}
    assert len(there) > 40 and missing == set()


def test_the_wheel_holds_no_builder_and_no_leavings(held: set[str]) -> None:
    strange = [name for name in held if name.startswith(NOT_SHIPPED) or "__pycache__" in name or name.endswith(".map")]
    assert strange == []
