"""Whether a dataset knows the names that a filter asks for: a name misspelt must not be answered with 0 events."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from conflictdesk.analyse.meanings import resolve_actors
from conflictdesk.codebook.types import load_event_types
from conflictdesk.datasets.opening import Dataset
from conflictdesk.errors import ConfigError
from conflictdesk.questions import Filter

_LISTED: Final[Mapping[str, str]] = {"disorder_type": "disorder_type", "source": "sources"}
"""Fields whose column holds a list of names."""
_FIELDS: Final = (
    *("country", "admin1", "admin2", "location", "event_type", "sub_event_type", "original_type", "origin", "status"),
    *_LISTED,
)


_WORDS: Final = {"admin1": "province (admin1)", "admin2": "district (admin2)"}


def settle_filter(dataset: Dataset, wanted: Filter) -> Filter:
    """The filter with its actors by the dataset's own names, once every name in it is one that the dataset knows.

    Types of the codebook are known to every dataset: there 0 is an answer.

    Raises:
        ConfigError: a name that no event bears, with the nearest that some do; or days that hold no day.
    """
    if wanted.from_day and wanted.to_day and wanted.to_day <= wanted.from_day:
        mend = "the window holds its first day and not its last"
        raise ConfigError(f"the days from {wanted.from_day} to {wanted.to_day} hold no day: {mend}")
    for field in _FIELDS:
        values: tuple[str, ...] = getattr(wanted, field)
        for value in values:
            _require_known(dataset, field, value)
    return replace(wanted, actor=resolve_actors(dataset, wanted.actor)) if wanted.actor else wanted


def _require_known(dataset: Dataset, field: str, value: str) -> None:
    column = _LISTED.get(field, field)
    holds = f"list_contains({column}, ?)" if field in _LISTED else f"{column} = ?"
    if value in _codebook_names(field) or dataset.ask(f"SELECT 1 FROM events WHERE {holds} LIMIT 1", [value]):
        return
    name = f"unnest({column})" if field in _LISTED else column
    rows = dataset.ask(f"SELECT DISTINCT name FROM (SELECT {name} AS name FROM events) WHERE name IS NOT NULL")
    names = sorted({str(row[0]) for row in rows} | _codebook_names(field))
    near = _find_near(value, names)
    told = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    what = _WORDS.get(field, field.replace("_", " "))
    raise ConfigError(f"no event of the dataset has the {what} {value[:80]!r}{told}")


def _find_near(value: str, names: Sequence[str]) -> list[str]:
    """Names spelt much like it, or that begin with a word like it ("Alepo": "Aleppo governorate"), or that hold it."""
    said = value.casefold()
    spelt: dict[str, str] = {}
    for name in reversed(names):
        folded = name.casefold()
        spelt |= {folded.split()[0] if folded.split() else folded: name, folded: name}
    alike = [spelt[near] for near in difflib.get_close_matches(said, spelt, n=3, cutoff=0.75)]
    holding = sorted((name for name in names if said in name.casefold()), key=len)
    return list(dict.fromkeys((*alike, *holding)))[:3]


def _codebook_names(field: str) -> set[str]:
    types = load_event_types().types
    if field == "event_type":
        return {entry.event_type for entry in types}
    if field == "sub_event_type":
        return {entry.sub_event_type for entry in types}
    return {name for entry in types for name in entry.disorder_type} if field == "disorder_type" else set()
