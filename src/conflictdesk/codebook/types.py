"""The event types of the codebook: read once from `event_types.toml`, checked, and ranked.

All data is read on the first call, never at import. A fault in a file stops the desk with every fault named at once.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from conflictdesk.codebook.faults import Faults, parse_toml, read_own, read_tables, read_text, read_texts
from conflictdesk.errors import CodebookError

CivilianTarget = Literal["always", "never", "depends"]

EVENT_TYPES_FILE = "event_types.toml"
LEAST_EXAMPLES = 4
LEAST_COUNTER_EXAMPLES = 3
NO_EVENT = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterExample:
    """A sentence that looks like a sub-type and is not: `becomes` is the right sub-type, None for no event."""

    sentence: str
    becomes: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One sub-type of the codebook: `rank` 1 is highest; `turns_into` names sub-types that win in spite of rank."""

    rank: int
    event_type: str
    sub_event_type: str
    disorder_type: tuple[str, ...]
    definition: str
    takes_over: str
    turns_into: tuple[str, ...]
    civilian_target: CivilianTarget
    examples: tuple[str, ...]
    counter_examples: tuple[CounterExample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEvent:
    """A kind of text that tells of no event ("plan", "threat", ...), with sentences that show it."""

    kind: str
    definition: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """The sub-types in hierarchy order. `published_on` is the day from which the sentences count "on Monday"."""

    types: tuple[EventType, ...]
    published_on: dt.date

    def by_name(self, sub_event_type: str) -> EventType:
        """The entry of a sub-type, by its exact name.

        Raises:
            CodebookError: the codebook has no such sub-type.

        >>> load_event_types().by_name("Armed clash").event_type
        'Battles'
        """
        for entry in self.types:
            if entry.sub_event_type == sub_event_type:
                return entry
        known = ", ".join(entry.sub_event_type for entry in self.types)
        raise CodebookError(f"no sub-type is called {sub_event_type!r}; the codebook has: {known}")

    def outranks(self, left: str, right: str) -> bool:
        """True when `left` is coded rather than `right` if both are told of one event.

        >>> load_event_types().outranks("Air/drone strike", "Attack")
        True
        >>> load_event_types().outranks("Violent demonstration", "Peaceful protest")
        True
        """
        first, second = self.by_name(left), self.by_name(right)
        if left in second.turns_into:
            return True
        if right in first.turns_into:
            return False
        return first.rank < second.rank

    def highest(self, sub_event_types: Iterable[str]) -> str:
        """The one sub-type to code when several are told of one event, whatever their order.

        Raises:
            CodebookError: nothing was given, or a name is unknown.

        >>> load_event_types().highest(["Attack", "Suicide bomb", "Grenade"])
        'Suicide bomb'
        """
        names = sorted(set(sub_event_types))
        if not names:
            raise CodebookError("the highest of no sub-types was asked for; give at least one")
        return max(names, key=lambda name: sum(self.outranks(name, other) for other in names if other != name))


# ---------------------------------------------------------------- loading


@functools.cache
def load_event_types() -> Codebook:
    """The codebook of 25 sub-types that ships with the package.

    Raises:
        CodebookError: the file breaks its own rules; the message lists every fault.
    """
    return parse_event_types(read_own(EVENT_TYPES_FILE), EVENT_TYPES_FILE)


@functools.cache
def load_kinds_of_nothing() -> tuple[NotEvent, ...]:
    """The kinds of text that tell of no event, in the order of the file.

    Raises:
        CodebookError: the file breaks its own rules; the message lists every fault.

    >>> [kind.kind for kind in load_kinds_of_nothing()][:3]
    ['plan', 'threat', 'denial']
    """
    return parse_kinds_of_nothing(read_own(EVENT_TYPES_FILE), EVENT_TYPES_FILE)


def parse_event_types(text: str, file: str) -> Codebook:
    """Read the sub-types from TOML `text`; `file` is the name used in the message.

    Raises:
        CodebookError: every fault at once, each with file, entry and mend.
    """
    table, faults = parse_toml(text, file), Faults(file)
    day = table.get("published_on")
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        faults.add("published_on", "is not a day", "write it as published_on = 2023-06-15")
        day = dt.date.min
    rows = read_tables(table, "event_type", faults)
    types = tuple(_read_type(row, index, faults) for index, row in enumerate(rows, start=1))
    _check_order(types, faults)
    _check_names(types, faults)
    _check_sentences([(entry.sub_event_type, text) for entry in types for text in _sentences(entry)], faults)
    faults.stop()
    return Codebook(types=types, published_on=day)


def parse_kinds_of_nothing(text: str, file: str) -> tuple[NotEvent, ...]:
    """Read the kinds of no event from TOML `text`; `file` is the name used in the message.

    Raises:
        CodebookError: every fault at once, each with file, entry and mend.
    """
    faults = Faults(file)
    value = parse_toml(text, file).get("not_events")
    if not isinstance(value, dict) or not value:
        faults.add("not_events", "is missing", "add at least one table such as [not_events.plan]")
        value = {}
    kinds = tuple(_read_kind(name, row, faults) for name, row in value.items())
    _check_sentences([(kind.kind, sentence) for kind in kinds for sentence in kind.examples], faults)
    faults.stop()
    return kinds


# ---------------------------------------------------------------- one entry


def _read_type(row: Mapping[str, object], index: int, faults: Faults) -> EventType:
    name = row.get("name")
    entry = name if isinstance(name, str) and name else f"entry {index}"
    rank = row.get("rank")
    if rank != index:
        faults.add(entry, f"rank is {rank!r}", f"entries stand in rank order, so write rank = {index}")
    target = row.get("civilian_target")
    if target not in get_args(CivilianTarget):
        faults.add(entry, f"civilian_target is {target!r}", "write always, never or depends")
    return EventType(
        rank=index,
        event_type=read_text(row, "event_type", entry, faults),
        sub_event_type=read_text(row, "name", entry, faults),
        disorder_type=read_texts(row, "disorder_type", entry, 1, faults),
        definition=read_text(row, "definition", entry, faults),
        takes_over=read_text(row, "takes_over", entry, faults),
        turns_into=read_texts(row, "turns_into", entry, 0, faults),
        civilian_target="always" if target == "always" else "never" if target == "never" else "depends",
        examples=read_texts(row, "examples", entry, LEAST_EXAMPLES, faults),
        counter_examples=_read_counter_examples(row, entry, faults),
    )


def _read_counter_examples(row: Mapping[str, object], entry: str, faults: Faults) -> tuple[CounterExample, ...]:
    value = row.get("counter_examples")
    rows = value if isinstance(value, list) else []
    if len(rows) < LEAST_COUNTER_EXAMPLES:
        faults.add(entry, f"has {len(rows)} counter_examples", f"write at least {LEAST_COUNTER_EXAMPLES}")
    found = []
    for number, item in enumerate(rows, start=1):
        where = f"{entry}, counter-example {number}"
        if not isinstance(item, dict):
            faults.add(where, "is not a table", "write { sentence = ..., becomes = ..., reason = ... }")
            continue
        becomes = read_text(item, "becomes", where, faults)
        found.append(
            CounterExample(
                sentence=read_text(item, "sentence", where, faults),
                becomes=None if becomes == NO_EVENT else becomes,
                reason=read_text(item, "reason", where, faults),
            )
        )
    return tuple(found)


def _read_kind(name: str, row: object, faults: Faults) -> NotEvent:
    entry = f"not_events.{name}"
    if not isinstance(row, dict):
        faults.add(entry, "is not a table", f"write it as [{entry}]")
        row = {}
    return NotEvent(
        kind=name,
        definition=read_text(row, "definition", entry, faults),
        examples=read_texts(row, "examples", entry, LEAST_EXAMPLES, faults),
    )


# ---------------------------------------------------------------- all entries


def _sentences(entry: EventType) -> tuple[str, ...]:
    return entry.examples + tuple(counter.sentence for counter in entry.counter_examples)


def _check_names(types: tuple[EventType, ...], faults: Faults) -> None:
    """Each name once; every name that an entry points to exists and is not the entry itself."""
    names = [entry.sub_event_type for entry in types]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        faults.add(name, "is there twice", "keep one entry")
    for entry in types:
        pointed = [("turns_into", name) for name in entry.turns_into]
        pointed += [("becomes", item.becomes) for item in entry.counter_examples if item.becomes]
        for key, name in pointed:
            if name not in names:
                faults.add(entry.sub_event_type, f"{key} names {name!r}", "write a sub-type of this file")
            elif name == entry.sub_event_type:
                faults.add(name, f"{key} names the entry itself", "name another sub-type")


def _check_order(types: tuple[EventType, ...], faults: Faults) -> None:
    """Ranks and `turns_into` together must leave one winner for every set of sub-types, never a circle."""
    book = Codebook(types=types, published_on=dt.date.min)
    names = [entry.sub_event_type for entry in types]
    if len(set(names)) < len(names):
        return  # told by _check_names; an order over doubled names means nothing
    wins = {name: sum(book.outranks(name, other) for other in names if other != name) for name in names}
    if sorted(wins.values()) != list(range(len(names))):
        faults.add("turns_into", "goes in a circle with the ranks", "no sub-type may end up outranking itself")


def _check_sentences(sentences: list[tuple[str, str]], faults: Faults) -> None:
    """Each sentence stands once in the file: a doubled one tests nothing new."""
    seen: dict[str, str] = {}
    for entry, sentence in sentences:
        if sentence and sentence in seen:
            faults.add(entry, f"the sentence {sentence!r} also stands at {seen[sentence]}", "write another one")
        seen.setdefault(sentence, entry)
