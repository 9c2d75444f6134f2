"""The words by which published sentences count: what was counted, how sure the figure is, which way it moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

Bound = Literal["exact", "at least", "at most", "about"]
Measure = Literal["deaths", "events", "injured"]

BOUNDS: Final[Mapping[Bound, tuple[str, ...]]] = {
    "at least": (
        *("at least", "more than", "over", "well over", "no fewer than", "no less than", "not less than"),
        *("upwards of", "upward of", "in excess of", "a minimum of"),
    ),
    "at most": (
        *("up to", "as many as", "at most", "no more than", "not more than", "fewer than", "less than", "under"),
        "a maximum of",
    ),
    "about": (
        *("about", "around", "some", "roughly", "approximately", "nearly", "almost", "an estimated", "estimated"),
        *("close to", "just under", "just over", "an average of", "circa"),
    ),
}
BOUND: Final = "|".join(sorted((word for words in BOUNDS.values() for word in words), key=lambda word: -len(word)))
_OF: Final = {word: bound for bound, words in BOUNDS.items() for word in words}


def read_bound(words: str | None) -> Bound:
    """How sure a figure is by the words before it.

    >>> read_bound("more than"), read_bound("Nearly"), read_bound(None)
    ('at least', 'about', 'exact')
    """
    return _OF.get(" ".join((words or "").lower().split()), "exact")


DEATH_NOUNS: Final = r"deaths?|fatalit(?:y|ies)|killings|dead|lives|corpses|bodies"
DEATH_VERBS: Final = (
    r"kill(?:ed|ings?|s)?|died?|dying|dead|deaths?|fatalit(?:y|ies)|death toll|slain|massacred|lives"
    r"|deadl(?:y|ier|iest)"
)
INJURY_NOUNS: Final = r"injur(?:y|ies)|wounded|injured"
INJURY_VERBS: Final = r"injur(?:ed|ing|es|y|ies)|wound(?:ed|ing|s)|hurt"
EVENT_NOUNS: Final = (
    r"(?:(?:air|drone|missile|rocket|artillery|mortar)[ -]?)?(?:strikes?|attacks?)|airstrikes?|incidents?|events?"
    r"|raids?"
    r"|clashes|battles|bombings?|explosions?|protests?|demonstrations?|riots?|shellings?|abductions?|kidnappings?"
)
PEOPLE_NOUNS: Final = (
    r"people|persons?|civilians?|non-combatants?|soldiers?|troops|fighters?|militants?|combatants?|men|women|children"
    r"|villagers?|residents?|others|migrants?|refugees?|policemen|police officers?|officers?|insurgents?|rebels?"
)
CIVILIANS: Final = r"civilians?|non-combatants?|civilian (?:deaths?|fatalit(?:y|ies)|casualt(?:y|ies))"
AMBIGUOUS: Final = r"casualt(?:y|ies)|victims?"

# What a word for events narrows the count to: field of the reading, value of the codebook.
KINDS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"(?:air|drone)[ -]?(?:strikes?|raids?|attacks?)", "sub_event_type", "Air/drone strike"),
    (r"(?:missile|rocket|artillery|mortar)[ -]?(?:strikes?|attacks?)|shellings?", "sub_event_type",
     "Shelling/artillery/missile attack"),
    (r"suicide (?:bombings?|attacks?)", "sub_event_type", "Suicide bomb"),
    (r"abductions?|kidnappings?", "sub_event_type", "Abduction/forced disappearance"),
    (r"bombings?|explosions?", "event_type", "Explosions/Remote violence"),
    (r"clashes|battles", "event_type", "Battles"),
    (r"protests?|demonstrations?", "event_type", "Protests"),
    (r"riots?", "event_type", "Riots"),
    (r"violent (?:incidents?|events?|attacks?)|(?:incidents?|events?|acts) of (?:political )?violence"
     r"|political violence|attacks?|raids?|strikes?", "disorder_type", "Political violence"),
)  # fmt: skip

UP_NOUNS: Final = r"rises?|increases?|jumps?|surges?|growth|spikes?|climbs?|upticks?|gains?"
DOWN_NOUNS: Final = r"declines?|drops?|falls?|decreases?|reductions?|dips?|slumps?"
UP_VERBS: Final = r"rose|risen|increased?|jumped|surged|grew|grown|climbed|soared|spiked|went up|up"
DOWN_VERBS: Final = r"fell|fallen|dropped|declined|decreased|shrank|went down|down|sank|slumped"
UP_THAN: Final = r"more|higher|above|greater|deadlier"
DOWN_THAN: Final = r"fewer|less|lower|below|under"
MULTIPLES: Final[Mapping[str, float]] = {
    "doubled": 100.0,
    "doubling": 100.0,
    "twice as many": 100.0,
    "twice the number": 100.0,
    "double the number": 100.0,
    "tripled": 200.0,
    "trebled": 200.0,
    "threefold": 200.0,
    "three-fold": 200.0,
    "three times as many": 200.0,
    "quadrupled": 300.0,
    "fourfold": 300.0,
    "four-fold": 300.0,
    "four times as many": 300.0,
    "fivefold": 400.0,
    "five-fold": 400.0,
    "halved": -50.0,
    "half as many": -50.0,
}
FRACTIONS: Final[Mapping[str, float]] = {
    "a half": 50.0,
    "half": 50.0,
    "a third": 100 / 3,
    "one third": 100 / 3,
    "two thirds": 200 / 3,
    "two-thirds": 200 / 3,
    "a quarter": 25.0,
    "one quarter": 25.0,
    "three quarters": 75.0,
    "three-quarters": 75.0,
    "a fifth": 20.0,
    "one fifth": 20.0,
}


def find_word(pattern: str, text: str) -> re.Match[str] | None:
    """The first of the words of a pattern that stands in a text as a word of its own, in any case."""
    return re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", text, re.IGNORECASE)
