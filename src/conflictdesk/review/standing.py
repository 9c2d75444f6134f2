"""Which decisions still stand: an `undo` takes one back, and an undo of the undo gives it back again."""

from __future__ import annotations

import json
from collections.abc import Iterable

from conflictdesk.decisions import Decision


def name_book(decision: Decision) -> tuple[str, str]:
    """The book that a decision is written in: main and final are shared, each second coder has one alone."""
    return (decision.track, decision.by if decision.track == "second" else "")


def list_standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that no standing `undo` took back, without the undos, in the order of their numbers."""
    return tuple(decision for decision in list_in_force(decisions) if decision.action != "undo")


def list_in_force(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that no standing `undo` took back, the undos among them, in the order of their numbers.

    An undo reaches only what was decided before it in its own book, so that nobody takes back another track's work.
    """
    told = sorted(decisions, key=lambda d: d.seq)
    taken_back: set[tuple[str, tuple[str, str]]] = set()
    in_force: list[Decision] = []
    for decision in reversed(told):
        book = name_book(decision)
        if (decision.decision_id, book) in taken_back:
            continue
        in_force.append(decision)
        if decision.action == "undo":
            taken_back.add((decision.reverts or "", book))
    return tuple(reversed(in_force))


def read_text(after: str | None) -> str | None:
    """The words of a decision's `after`, where it is a JSON text; a bare word is taken as it is.

    >>> read_text('"Battles"'), read_text("Battles"), read_text(None)
    ('Battles', 'Battles', None)
    """
    if after is None:
        return None
    try:
        given = json.loads(after)
    except ValueError:
        return after
    return given if isinstance(given, str) else after


def read_numbers(after: str | None) -> frozenset[int]:
    """The sentence numbers of a decision's `after`, a JSON list.

    Raises:
        ValueError: it is no list of whole numbers from 0.

    >>> sorted(read_numbers("[3, 1]"))
    [1, 3]
    """
    given = json.loads(after or "[]")
    if not isinstance(given, list) or not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in given):
        raise ValueError("sentences are given as a list of whole numbers, such as [3, 4]")
    return frozenset(given)
