"""How codebook files are read and how their faults are told: all of them at once, each with file, entry and mend."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources

from conflictdesk.errors import CodebookError


class Faults:
    """Gathers the faults of one file, so that a person sees all of them at once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: list[str] = []

    def add(self, entry: str, fault: str, mend: str) -> None:
        """Note one fault: where it is, what is wrong, what to do."""
        self._lines.append(f"{self._file}: {entry}: {fault}; {mend}")

    def stop(self) -> None:
        """Raise CodebookError with all faults, if there are any."""
        if self._lines:
            raise CodebookError("\n".join(self._lines))


def read_own(name: str) -> str:
    """The text of a codebook file that ships with the package."""
    return resources.files("conflictdesk.codebook").joinpath(name).read_text(encoding="utf-8")


def parse_toml(text: str, file: str) -> Mapping[str, object]:
    """The tables of a TOML text.

    Raises:
        CodebookError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"{file}: it is not TOML: {error}; mend that line first") from error


def read_tables(table: Mapping[str, object], key: str, faults: Faults) -> list[Mapping[str, object]]:
    """The entries under [[key]]; none is a fault."""
    value = table.get(key)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return value
    faults.add(key, "is missing", f"write each entry under [[{key}]]")
    return []


def read_text(row: Mapping[str, object], key: str, entry: str, faults: Faults) -> str:
    """A text that must be there, its line breaks and runs of blanks made one blank."""
    value = row.get(key)
    if isinstance(value, str) and value.strip():
        return " ".join(value.split())
    faults.add(entry, f"{key} is missing or empty", f'write {key} = "..."')
    return ""


def read_texts(row: Mapping[str, object], key: str, entry: str, least: int, faults: Faults) -> tuple[str, ...]:
    """A list of at least `least` texts."""
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        faults.add(entry, f"{key} is not a list of texts", f'write {key} = ["..."]')
        return ()
    if len(value) < least:
        faults.add(entry, f"{key} has {len(value)}", f"write at least {least}")
    return tuple(" ".join(item.split()) for item in value)
