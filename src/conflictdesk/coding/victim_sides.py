"""Which side the words of a victim phrase put the victims on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

from conflictdesk.coding.casualty_words import ARMED, ATTACKERS, CIVILIANS, POLICE, STATE, Side

_STATE_PAIRS = {
    ("security", "forces"),
    ("security", "personnel"),
    ("border", "guards"),
    ("army", "officers"),
    ("army", "officer"),
}


_CHILDREN = frozenset(
    "child children boy boys girl girls baby babies infant infants toddler toddlers minor minors pupil pupils "
    "schoolchild schoolchildren schoolboy schoolboys schoolgirl schoolgirls teenager teenagers newborn".split()
)
_WOMEN = frozenset("woman women wife wives mother mothers grandmother grandmothers nun nuns housewife".split())


def read_group(words: Iterable[str]) -> Literal["children", "women"] | None:
    """Whether the words of a victim phrase name children or women alone.

    >>> read_group(["two", "small", "children"]), read_group(["three", "nurses"])
    ('children', None)
    """
    listed = {word.lower() for word in words}
    young, women = bool(listed & _CHILDREN), bool(listed & _WOMEN)
    if young == women:
        return None
    return "children" if young else "women"


def read_side(words: Iterable[str]) -> Side:
    """The side that the words of a victim phrase put the victims on, "unknown" when they say nothing.

    >>> read_side(["three", "Turkish", "soldiers"])
    'state'
    >>> read_side(["two", "people"])
    'unknown'
    """
    listed = [word.lower() for word in words]
    pairs = set(pairwise(listed))
    if pairs & _STATE_PAIRS:
        return "state"
    nouns = listed + [word[:-1] for word in listed if word.endswith("s")]
    sides: tuple[tuple[Side, frozenset[str]], ...] = (
        ("attackers", ATTACKERS),
        ("armed", ARMED),
        ("police", POLICE),
        ("state", STATE),
        ("civilians", CIVILIANS),
    )
    found: list[Side] = [side for side, words_of_side in sides if words_of_side & set(nouns)]
    if len(found) > 1:
        # The last noun is the head: "a police informant", "a rebel commander's wife".
        tails: list[Side] = [
            side for side, words_of_side in sides if {listed[-1], listed[-1].rstrip("s")} & words_of_side
        ]
        return tails[0] if tails else found[0]
    return found[0] if found else "unknown"
