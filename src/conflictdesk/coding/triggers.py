"""Words that may tell of an event, found in a sentence's tokens."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from conflictdesk.records import Token


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word or two that may tell of an event: `act` as in triggers.toml, tokens `first`..`last`, `head` rules them."""

    act: str
    head: int
    first: int
    last: int
    noun: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The trigger and weapon words, by lemma; several words by their first."""

    nouns: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    verbs: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    weapons: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    pattern: re.Pattern[str]


@cache
def load_lexicon() -> Lexicon:
    """Read triggers.toml."""
    data = tomllib.loads(resources.files(__package__).joinpath("triggers.toml").read_text("utf-8"))
    acts = data["act"]
    nouns = [(_split(words), act["name"]) for act in acts for words in act["nouns"]]
    verbs = [(_split(words), act["name"]) for act in acts for words in act["verbs"]]
    weapons = [(_split(words), kind) for kind, names in data["weapons"].items() for words in names]
    stems = sorted(
        {_stem(words[0]) for words, _ in (*nouns, *verbs)} | {_stem(w[0]) for w, _ in weapons} | _EXTRA_STEMS
    )
    return Lexicon(
        nouns=_by_first(nouns),
        verbs=_by_first(verbs),
        weapons=_by_first(weapons),
        pattern=re.compile(r"\b(?:" + "|".join(map(re.escape, stems)) + r")", re.IGNORECASE),
    )


# Forms that do not begin with their lemma, and words of harm that carry tolls.
_EXTRA_STEMS = frozenset(
    "struck shot fought slain slew beat hurt died dead death died lost fell fallen took blew stole casualt victim "
    "bodies "
    "body claim responsib blame accus wounded toll fatalit took taken held sent laid set broke threw threw hurled "
    "blown stabb trad drove driven brought swap signed agreed displac fled".split()
)


def _split(words: str) -> list[str]:
    """Words as the grammar cuts them: a hyphen is a word of its own."""
    return words.replace("-", " - ").split()


def _stem(word: str) -> str:
    return word if len(word) <= 4 else word.rstrip("ey")


def _by_first(pairs: list[tuple[list[str], str]]) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, name in pairs:
        table.setdefault(words[0], []).append((tuple(words[1:]), name))
    return {first: tuple(sorted(rest, key=lambda pair: -len(pair[0]))) for first, rest in table.items()}


# "A hospital source put it at 15" and "a soldier paid the supreme price" have no trigger and yet a toll.
_RIVAL_FIGURE = re.compile(
    r"\bput(?:s|ting)? (?:it|that|the (?:\w+ )?(?:toll|figure|number|count|total|dead)) at\b"
    r"|\b(?:supreme|ultimate) (?:price|sacrifice)\b|\bmartyrdom\b",
    re.I,
)


def may_tell_of_event(text: str) -> bool:
    """True when a sentence holds the stem of some trigger, so that its grammar is worth reading."""
    return load_lexicon().pattern.search(text) is not None or _RIVAL_FIGURE.search(text) is not None


_VIOLENT = frozenset(
    (
        *("airstrike", "shelling", "blast", "suicide", "chemical", "strike", "attack", "shoot"),
        *("kill", "harm", "clash", "capture", "riot", "mob", "abduct", "sexual"),
    )
)


def tells_of_violence(tokens: tuple[Token, ...]) -> bool:
    """True when a sentence has a word for violence or its victims: somebody should say what it tells of."""
    return any(trigger.act in _VIOLENT for trigger in find_triggers(tokens))


def _spelled(token: Token) -> tuple[str, ...]:
    text = token.text.lower()
    return (token.lemma, text, text.rstrip("s"))


def find_triggers(tokens: tuple[Token, ...]) -> list[Trigger]:
    """Every trigger of the sentence in order; of two on the same word the longer stands."""
    found = [*_noun_triggers(tokens), *_verb_triggers(tokens)]
    found.sort(key=lambda t: (t.last - t.first, t.noun), reverse=True)
    kept: list[Trigger] = []
    for trigger in found:
        if all(
            trigger.head != k.head and not (k.first <= trigger.head <= k.last and k.noun == trigger.noun) for k in kept
        ):
            kept.append(trigger)
    return sorted(kept, key=lambda t: t.first)


def _noun_triggers(tokens: tuple[Token, ...]) -> Iterator[Trigger]:
    lexicon = load_lexicon()
    for n, token in enumerate(tokens):
        if token.pos not in ("NOUN", "PROPN", "ADJ") or token.entity == "DATE":
            continue
        for act, last in _match_words(tokens, n, lexicon.nouns):
            if token.pos == "ADJ" and last == n:
                continue
            if tokens[last].pos not in ("NOUN", "PROPN"):
                continue
            yield Trigger(act, last, n, last, True)
            break


def _verb_triggers(tokens: tuple[Token, ...]) -> Iterator[Trigger]:
    lexicon = load_lexicon()
    for n, token in enumerate(tokens):
        if token.pos not in ("VERB", "AUX") and not (token.pos == "ADJ" and token.tag in ("VBN", "VBD")):
            continue
        for rest, act in lexicon.verbs.get(token.lemma, ()):
            last = _find_after(tokens, n, rest)
            if last is not None:
                yield Trigger(act, n, n, last, False)
                break


def _match_words(
    tokens: tuple[Token, ...], n: int, table: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
) -> Iterator[tuple[str, int]]:
    for key in dict.fromkeys(_spelled(tokens[n])):
        for rest, name in table.get(key, ()):
            last = n + len(rest)
            if last < len(tokens) and all(w in _spelled(tokens[n + 1 + i]) for i, w in enumerate(rest)):
                yield name, last


def _find_after(tokens: tuple[Token, ...], n: int, rest: tuple[str, ...]) -> int | None:
    at = n
    for word in rest:
        near = range(at + 1, min(at + 7, len(tokens)))
        hit = next((m for m in near if word in _spelled(tokens[m]) and (m == n + 1 or _hangs_on(tokens, m, n))), None)
        if hit is None or _begins_time(tokens, hit):
            return None
        at = hit
    return at


_STEPS = 3


def _hangs_on(tokens: tuple[Token, ...], m: int, verb: int) -> bool:
    """True when a word belongs to the verb, with no other verb between: not "on" in "arrived at a base built on"."""
    if tokens[m].pos == "VERB":
        return False  # "taking the battle into territory controlled by"
    for _ in range(_STEPS):
        if tokens[m].dep == "conj" and tokens[m].pos == "ADP":
            return False
        m = tokens[m].head
        if m == verb:
            return True
        if tokens[m].pos == "VERB":
            return False
    return False


def _begins_time(tokens: tuple[Token, ...], m: int) -> bool:
    """True for "on" in "fell to the rebels on Friday"."""
    return tokens[m].pos == "ADP" and m + 1 < len(tokens) and tokens[m + 1].entity in ("DATE", "TIME")


# "A fuel tank", "a think tank", "a coal mine" are no weapons.
_NO_WEAPONS = (
    frozenset((word, "shell") for word in ("gas", "teargas", "smoke", "egg"))
    | frozenset((("-", "tank"), ("anti", "tank"), ("gas", "canister")))
    | frozenset(
        (word, "tank") for word in ("fuel", "water", "gas", "oil", "storage", "septic", "think", "fish", "propane")
    )
    | frozenset(
        (word, "mine")
        for word in (
            "coal",
            "gold",
            "anti-tank",
            "copper",
            "iron",
            "diamond",
            "silver",
            "salt",
            "cobalt",
            "tin",
            "jade",
            "emerald",
        )
    )
)


_MINING = frozenset("worker employee owner operator company official guard manager shaft site engineer convoy".split())


def find_weapons(tokens: tuple[Token, ...]) -> list[tuple[str, int, int]]:
    """The weapons named: (class, first token, last token), longest names first at each word."""
    lexicon, found, taken = load_lexicon(), [], -1
    for n in range(len(tokens)):
        if n <= taken or tokens[n].pos in ("VERB", "ADV"):
            continue
        if n and (
            (tokens[n - 1].lemma, tokens[n].lemma) in _NO_WEAPONS or tokens[n].entity in ("GPE", "LOC", "PERSON")
        ):
            continue
        if tokens[n].lemma == "mine" and n + 1 < len(tokens) and tokens[n + 1].lemma in _MINING:
            continue
        for kind, last in _match_words(tokens, n, lexicon.weapons):
            found.append((kind, n, last))
            taken = last
            break
    return found
