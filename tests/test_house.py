"""The plan of the house: who may import whom, how long a file may be, which names no file may bear."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "src" / "conflictdesk"
STAGES = (
    *("ingest", "read", "language", "locate", "coding", "merge", "review", "release", "publish"),
    *("exchange", "analyse"),
)
DOORS = {
    "ingest": "pages",
    "read": "articles",
    "language": "parses",
    "locate": "places",
    "coding": "mentions",
    "merge": "events",
    "review": "queue",
}
FLOOR = {
    "errors": 0,
    "records": 1,
    "seams": 2,
    "codebook": 2,
    "questions": 2,
    "decisions": 2,
    "casework": 3,
    "datasets": 3,
    **dict.fromkeys(STAGES, 4),
    "store": 4,
    "terminal": 5,
    "pipeline": 5,
    "workflow": 6,
    "desk": 7,
    "__init__": 8,
    "commands": 8,
    "cli": 9,
    "__main__": 10,
}
LONGEST_FILE, LONGEST_FUNCTION = 400, 45
# Every record stands in one file, and every question with its answer in another, so that a reader finds them all.
LONGER_FILES = {"records.py": 450, "questions.py": 450}
FORBIDDEN = {"utils", "helpers", "common", "base", "manager", "core"}
FILES = sorted(HOUSE.rglob("*.py"))


def room_of(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[0]


def imports_of(path: Path) -> list[tuple[str, ...]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        found += [tuple(n.split(".")) for n in names if n.split(".")[0] == "conflictdesk"]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_imports_run_down_the_street(path: Path) -> None:
    room = room_of(path)
    for name in imports_of(path):
        if len(name) < 2:
            continue
        other = name[1]
        assert FLOOR[other] < FLOOR[room] or other == room or (room == "terminal" and other == "pipeline"), (
            f"{path.name} reaches from {room} to {other}"
        )


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_no_file_or_function_is_too_long_or_badly_named(path: Path) -> None:
    assert path.stem not in FORBIDDEN
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGER_FILES.get(path.name, LONGEST_FILE)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert count_lines(node) <= LONGEST_FUNCTION, f"{node.name} is too long"


def count_lines(node: ast.FunctionDef) -> int:
    """The lines of a function, its docstring left out."""
    docstring = node.body[0] if ast.get_docstring(node) else None
    said = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - said


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_prints_nothing(stage: str) -> None:
    for path in (HOUSE / stage).glob("*.py"):
        calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"], path


def test_nothing_in_a_stage_knows_its_door() -> None:
    for stage, door in DOORS.items():
        for path in (HOUSE / stage).glob("*.py"):
            if path.stem in (door, "__init__"):
                continue
            assert ("conflictdesk", stage, door) not in imports_of(path), f"{path} imports its own door"
