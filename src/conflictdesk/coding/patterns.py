"""The word patterns of the rules, kept as data in patterns.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources


class Pattern:
    """A pattern by name, compiled when it is first used, so that nothing is read at import."""

    def __init__(self, name: str) -> None:
        self.name = name

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first place where the pattern fits."""
        return _compile(self.name).search(text, start, len(text) if end is None else end)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The pattern at `start`, if it fits there."""
        return _compile(self.name).match(text, start)


def find_pattern(name: str) -> Pattern:
    """The pattern of that name.

    >>> find_pattern("live_fire").search("Troops opened fire on the crowd").group()
    'opened fire'
    """
    return Pattern(name)


@cache
def _read() -> dict[str, dict[str, object]]:
    data: dict[str, dict[str, object]] = tomllib.loads(
        resources.files(__package__).joinpath("patterns.toml").read_text("utf-8")
    )
    return data


@cache
def _compile(name: str) -> re.Pattern[str]:
    entry = _read()[name]
    words, parts = entry.get("words"), entry.get("regex")
    if isinstance(words, list):
        source = r"\b(?:" + "|".join(map(str, words)) + r")\b"
    elif isinstance(parts, list):
        source = "|".join(map(str, parts))
    else:
        raise KeyError(f"patterns.toml: {name} needs words or regex")
    return re.compile(source, re.IGNORECASE if entry.get("any_case") else 0)
