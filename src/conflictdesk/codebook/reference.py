"""The codebook as a page for readers, made from the data: `python -m conflictdesk.codebook.reference > FILE`.

This file is a program as well as a part: run as a module it writes the page to standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from conflictdesk.codebook.precision import Precision, load_precisions
from conflictdesk.codebook.types import Codebook, EventType, NotEvent, load_event_types, load_kinds_of_nothing

HEAD = """\
# The codebook

Made from `src/conflictdesk/codebook/event_types.toml` and `precision.toml`. Do not edit this page: edit the data, then
run `python -m conflictdesk.codebook.reference > docs/reference/codebook.md`.

The names, their order and the disorder types are the common vocabulary of the field. Definitions and sentences are our
own. Every sentence is invented and none reports a real incident.
"""


def write_reference(book: Codebook, kinds: Iterable[NotEvent]) -> str:
    """The whole reference page as Markdown: the hierarchy, each sub-type, what is no event, precision codes."""
    parts = [HEAD, _hierarchy(book), _sentences_note(book)]
    parts += [_type_section(entry) for entry in book.types]
    parts += ["## What is no event\n", *(_kind_section(kind) for kind in kinds)]
    parts += [_precision_table("Date precision", load_precisions("date"), "UCDP `date_prec`")]
    parts += [_precision_table("Place precision", load_precisions("place"), "UCDP `where_prec`")]
    return "\n".join(parts)


def _hierarchy(book: Codebook) -> str:
    lines = ["## The hierarchy\n", "Of several tactics in one event the highest-ranked one is coded.\n"]
    lines += ["| rank | event type | sub-event type | disorder type | civilians targeted |", "|---|---|---|---|---|"]
    lines += [
        f"| {entry.rank} | {entry.event_type} | {entry.sub_event_type} | {'; '.join(entry.disorder_type)} "
        f"| {entry.civilian_target} |"
        for entry in book.types
    ]
    exceptions = [(entry.sub_event_type, name) for entry in book.types for name in entry.turns_into]
    lines += ["\nAgainst the ranks:\n"]
    lines += [f"- {name} wins over {loser}." for loser, name in exceptions]
    return "\n".join(lines) + "\n"


def _sentences_note(book: Codebook) -> str:
    return f"A day without a year, or a weekday, is read as if the sentence was published on {book.published_on}.\n"


def _type_section(entry: EventType) -> str:
    lines = [f"## {entry.rank}. {entry.sub_event_type}\n", f"*{entry.event_type}.* {entry.definition}\n"]
    lines += [f"**Hierarchy.** {entry.takes_over}\n", "Examples:\n"]
    lines += [f"- {sentence}" for sentence in entry.examples]
    lines += ["\nNot this:\n", "| sentence | coded as | why |", "|---|---|---|"]
    lines += [f"| {item.sentence} | {item.becomes or 'no event'} | {item.reason} |" for item in entry.counter_examples]
    return "\n".join(lines) + "\n"


def _kind_section(kind: NotEvent) -> str:
    title = kind.kind.replace("_", " ").capitalize()
    lines = [f"### {title}\n", f"{kind.definition}\n"]
    lines += [f"- {sentence}" for sentence in kind.examples]
    return "\n".join(lines) + "\n"


def _precision_table(title: str, steps: Iterable[Precision], other: str) -> str:
    lines = [f"## {title}\n", f"| code | meaning | {other} | nearest |", "|---|---|---|---|"]
    lines += [
        f"| {step.code} | {step.meaning} | {', '.join(map(str, step.ucdp))} | {step.nearest_ucdp} |" for step in steps
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write_reference(load_event_types(), load_kinds_of_nothing()))
