"""Measures the coder on the codebook's own sentences: examples, counter-examples and kinds of text that are no event.

An example is right when its sub-type is coded and no other one is; a counter-example when what it becomes is coded and
nothing else, or nothing at all; a text of no event when nothing is coded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from benchmarks.sentences import share
from benchmarks.texts import Text, code_texts
from conflictdesk.codebook.types import load_event_types, load_kinds_of_nothing
from conflictdesk.pipeline import Tools

Group = Literal["examples", "counter_examples", "not_events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sentence of the codebook under its `entry`: the sub-type `wanted` (None: no event), and what it came to."""

    group: Group
    entry: str
    sentence: str
    wanted: str | None
    coded: frozenset[str]

    @property
    def is_right(self) -> bool:
        """True when exactly what is wanted was coded."""
        return self.coded == ({self.wanted} if self.wanted else frozenset())

    def tell(self) -> str:
        """One line for a person."""
        came_to = ", ".join(sorted(self.coded)) or "no event"
        return f"{self.group} of {self.entry}: wanted {self.wanted or 'no event'}, coded {came_to}: {self.sentence}"


def measure(tools: Tools) -> dict[str, float]:
    """How many sentences of each group there are, and the share that is right."""
    return sum_up(code_cases(tools))


def code_cases(tools: Tools) -> list[Case]:
    """Run every sentence of the codebook through the coder, each by itself."""
    published = load_event_types().published_on.isoformat()
    sentences = list(_list_sentences())
    texts = [Text(name=f"c{n}", text=s[2], published=published) for n, s in enumerate(sentences)]
    coded = code_texts(texts, tools)
    return [
        Case(
            group=group,
            entry=entry,
            sentence=sentence,
            wanted=wanted,
            coded=frozenset(event.sub_event_type for event in coded[text.name].events),
        )
        for (group, entry, sentence, wanted), text in zip(sentences, texts, strict=True)
    ]


def sum_up(cases: Iterable[Case]) -> dict[str, float]:
    """The number of cases and the share right of every group."""
    groups: dict[str, list[bool]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case.is_right)
    counts: dict[str, float] = {f"{name}_n": len(right) for name, right in groups.items()}
    return counts | {name: share(sum(right), len(right)) for name, right in groups.items()}


def _list_sentences() -> Iterator[tuple[Group, str, str, str | None]]:
    for entry in load_event_types().types:
        for sentence in entry.examples:
            yield "examples", entry.sub_event_type, sentence, entry.sub_event_type
        for counter in entry.counter_examples:
            yield "counter_examples", entry.sub_event_type, counter.sentence, counter.becomes
    for kind in load_kinds_of_nothing():
        for sentence in kind.examples:
            yield "not_events", kind.kind, sentence, None
