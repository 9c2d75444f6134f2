"""Misses of a task, one by one, on a page of its own: the text with what was read marked, gold beside ours, the cause.

    python -m benchmarks errors TASK FILE [--predictions PRED] [--out PAGE.html]

Without --predictions the task is run first. A tally of causes is printed; --out writes the page, a single file without
any link. The page holds the text of FILE, which other people wrote: keep it out of the repository.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

TEMPLATE = Path(__file__).with_name("errors.html.jinja")
LONGEST_TEXT = 6_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text and what was made of it; `gold` where it is the gold that stands there."""

    start: int
    end: int
    label: str
    gold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A record that came out wrong: `fields` are (name, gold, ours), `cause` says in words what went wrong.

    `wrong` names the fields that count as wrong, where that is more than a comparison of words can say.
    """

    record: str
    cause: str
    fields: tuple[tuple[str, str, str], ...]
    text: str
    marks: tuple[Mark, ...] = ()
    note: str = ""
    wrong: frozenset[str] | None = None

    def is_wrong(self, name: str, gold: str, ours: str) -> bool:
        """True for a field to be shown as wrong."""
        return gold != ours if self.wrong is None else name in self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A cause, how many misses it has, and the number by which the page knows it."""

    number: int
    cause: str
    misses: tuple[Miss, ...]


def tally_causes(misses: Iterable[Miss]) -> list[Tally]:
    """Group misses by cause, the commonest first."""
    kept = list(misses)
    order = sorted(Counter(m.cause for m in kept).items(), key=lambda each: (-each[1], each[0]))
    return [
        Tally(number=n, cause=cause, misses=tuple(m for m in kept if m.cause == cause))
        for n, (cause, _) in enumerate(order, start=1)
    ]


def write_page(path: Path, title: str, records: int, misses: Sequence[Miss]) -> None:
    """Write the page of misses; every word of a record is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    page = template.render(
        title=title, records=records, missed=len(misses), tallies=tally_causes(misses), mark_text=mark_text
    )
    path.write_text(page, encoding="utf-8")


def mark_text(text: str, marks: Sequence[Mark]) -> Markup:
    """The text as HTML with its marks, cut behind what is marked where it is long.

    >>> mark_text("Two <b>died", [Mark(0, 3, "killed 2")])
    Markup('<mark title="killed 2">Two</mark> &lt;b&gt;died')
    """
    end = max(LONGEST_TEXT, *(mark.end + 200 for mark in marks)) if marks else LONGEST_TEXT
    cut = "" if len(text) <= end else " …"
    return Markup("".join(_list_pieces(text[:end], marks)) + cut)


def _list_pieces(text: str, marks: Sequence[Mark]) -> Iterator[str]:
    at = 0
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if mark.start < at or mark.start >= len(text):
            continue
        kind = ' class="gold"' if mark.gold else ""
        yield html.escape(text[at : mark.start])
        yield f'<mark{kind} title="{html.escape(mark.label)}">{html.escape(text[mark.start : mark.end])}</mark>'
        at = mark.end
    yield html.escape(text[at:])
