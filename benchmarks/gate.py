"""The floors that the figures must keep (floors.toml), and whether somebody lowered one without saying so.

A key that ends in `_at_most` is a ceiling. A table is the name of a measure: `tolls`, `events.page`, `sentences.hold`.
"""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.toml")
CEILING = "_at_most"
EXPLICIT_WORD = "lower the floor"
Figures = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One figure beside its floor; `value` is None where the measure was not taken."""

    measure: str
    figure: str
    floor: float
    at_most: bool
    value: float | None

    @property
    def is_kept(self) -> bool:
        """True where the figure is on the right side of its floor, or was not measured."""
        if self.value is None:
            return True
        return self.value <= self.floor if self.at_most else self.value >= self.floor

    def tell(self) -> str:
        """One line: the measure, the figure, its value and its floor."""
        said = "skipped" if self.value is None else f"{self.value:g}"
        word = "at most" if self.at_most else "at least"
        return f"{'     ' if self.is_kept else 'BELOW'}  {self.measure}: {self.figure} {said}, {word} {self.floor:g}"


def read_floors(text: str | None = None) -> dict[tuple[str, str], float]:
    """Every floor by measure and figure.

    >>> read_floors('[sentences.hold]\\nf1 = 0.8')
    {('sentences.hold', 'f1'): 0.8}
    """
    table = tomllib.loads(FLOORS.read_text(encoding="utf-8") if text is None else text)
    return {(".".join(path[:-1]), path[-1]): value for path, value in _list_leaves(table, ())}


def check_floors(measured: Mapping[str, Figures]) -> list[Checked]:
    """Every floor with the figure that was measured; a measure that was not taken is there without a value.

    Raises:
        KeyError: a measure was taken and has no figure of a floor's name.
    """
    checked = []
    for (measure, key), floor in read_floors().items():
        figure = key.removesuffix(CEILING)
        taken = measured.get(measure)
        checked.append(
            Checked(
                measure=measure,
                figure=figure,
                floor=floor,
                at_most=key.endswith(CEILING),
                value=None if taken is None else float(str(taken[figure])),
            )
        )
    return checked


def find_lowered(before: str, after: str) -> list[str]:
    """The floors that are lower in the second text of floors.toml than in the first, or gone.

    >>> find_lowered('[dates]\\nvalue_f1 = 0.9', '[dates]\\nvalue_f1 = 0.8')
    ['dates: value_f1 from 0.9 to 0.8']
    """
    old, new = read_floors(before), read_floors(after)
    lowered = []
    for (measure, key), floor in old.items():
        now = new.get((measure, key))
        if now is None or (now > floor if key.endswith(CEILING) else now < floor):
            lowered.append(f"{measure}: {key} from {floor:g} to {'nothing' if now is None else f'{now:g}'}")
    return lowered


def find_silent_lowering(root: Path, file: str = "benchmarks/floors.toml") -> list[str] | None:
    """The commits that lowered a floor and do not say so; None where git or the whole history is not at hand."""
    if _ask_git(root, "rev-parse", "--is-shallow-repository") != "false":
        return None
    silent = []
    for commit in (_ask_git(root, "log", "--no-merges", "--format=%H", "--", file) or "").split():
        before, after = (_ask_git(root, "show", f"{at}:{file}") for at in (f"{commit}^", commit))
        lowered = find_lowered(before, after or "") if before is not None else []
        message = _ask_git(root, "log", "-1", "--format=%B", commit) or ""
        if lowered and EXPLICIT_WORD not in " ".join(message.lower().split()):
            silent.append(f"{commit[:10]} lowers {'; '.join(lowered)}: its message must say {EXPLICIT_WORD!r} and why")
    return silent


def _list_leaves(table: Mapping[str, object], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _list_leaves(value, (*path, key))
        elif isinstance(value, int | float):
            yield (*path, key), float(value)


def _ask_git(root: Path, *words: str) -> str | None:
    """What git answers, None where there is no git, no repository or nothing of that name."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
