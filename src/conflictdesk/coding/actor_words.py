"""The words of a noun phrase: where it is cut, what its head noun is, which country or people it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conflictdesk.codebook.actors import ActorRegister, HeadCategory, Identity
from conflictdesk.codebook.countries import Country, CountryTable, fold_name

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-'’/.][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_NAME_PARTS = ("al-", "el-", "ul-", "bin", "ibn", "de", "van", "von", "der", "abu")
_LONGEST_HEAD, _LONGEST_COUNTRY = 4, 4
_MARKS = frozenset(',;:()–—"“”')


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a phrase without its possessive; `key` is how tables list it, `start`..`end` its place."""

    text: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Head:
    """The head noun of a phrase: what sort of party it is, its trade, and its first and last word by number."""

    category: HeadCategory
    group: str | None
    first: int
    last: int


def split_words(text: str) -> Iterator[Word]:
    """The words of a text in order, "U.S." and "al-Nusra" as one each.

    >>> [word.text for word in split_words("Turkey's army, the U.S. and al-Nusra")]
    ['Turkey', 'army', 'the', 'U.S.', 'and', 'al-Nusra']
    """
    for match in _WORD.finditer(text):
        bare = _POSSESSIVE.sub("", match[0])
        if bare:
            yield Word(bare, fold_name(bare), match.start(), match.start() + len(bare))


def has_mark(text: str, left: Word, right: Word) -> bool:
    """True when a comma, bracket, dash or quotation mark stands between two words."""
    return not _MARKS.isdisjoint(text[left.end : right.start])


def is_stop(register: ActorRegister, words: Sequence[Word], i: int) -> bool:
    """True when word `i` ends the noun phrase before it: a preposition, a clause, a participle with its own."""
    if words[i].key in register.marks["stops"]:
        return True
    following = words[i + 1].key if i + 1 < len(words) else "in"
    return words[i].key in register.marks["participles"] and following in register.marks["prepositions"]


def count_front(register: ActorRegister, text: str, words: Sequence[Word]) -> int:
    """How many words stand before the first preposition, clause or comma."""
    for i in range(1, len(words)):
        if has_mark(text, words[i - 1], words[i]) or is_stop(register, words, i):
            return i
    return len(words)


def find_head(register: ActorRegister, words: Sequence[Word]) -> Head | None:
    """The longest head noun at the end of the words, names of persons after it left aside."""
    for end in range(len(words), 0, -1):
        for size in range(min(_LONGEST_HEAD, end), 0, -1):
            known = register.words.get(" ".join(w.key for w in words[end - size : end]))
            if known:
                return Head(known.category, known.group, end - size, end - 1)
        last = words[end - 1]
        known = register.words.get(last.key.removeprefix("ex-"))
        if known:
            return Head(known.category, known.group, end - 1, end - 1)
        if not (last.text[0].isupper() or last.text.isdigit() or last.key.startswith(_NAME_PARTS)):
            return None
    return None


def country_at(countries: CountryTable, words: Sequence[Word], first: int, last: int) -> Country | None:
    """The country that the words `first` to `last` are, as its name or its people."""
    text = " ".join(w.text for w in words[first : last + 1])
    return (countries.by_demonym(text) or countries.by_name(text)) if text[:1].isupper() else None


def find_country(countries: CountryTable, words: Sequence[Word]) -> tuple[Country, int, int] | None:
    """The last country or people among the words, with the first and last word that say so."""
    for last in range(len(words) - 1, -1, -1):
        for first in range(max(0, last + 1 - _LONGEST_COUNTRY), last + 1):
            country = country_at(countries, words, first, last)
            if country:
                return country, first, last
    return None


def find_identity(register: ActorRegister, words: Sequence[Word]) -> tuple[Identity, int, int] | None:
    """The first people or faith among the words, with its first and last word."""
    for first in range(len(words)):
        for size in (2, 1):
            last = min(first + size, len(words)) - 1
            identity = register.identities.get(" ".join(w.text for w in words[first : last + 1]))
            if identity:
                return identity, first, last
    return None


def list_categories(register: ActorRegister, words: Sequence[Word]) -> list[tuple[HeadCategory, str | None, int]]:
    """The parties that modifiers name with trade and place, the nearest to the head last: "army" in "army post"."""
    found: list[tuple[HeadCategory, str | None, int]] = []
    for i in range(len(words)):
        pair = register.words.get(" ".join(w.key for w in words[i : i + 2]))
        known = pair or register.words.get(words[i].key)
        if known and known.category not in ("post", "thing"):
            found.append((known.category, known.group, i))
    return found


def find_identity_after(register: ActorRegister, text: str, tail: Sequence[Word]) -> Identity | None:
    """The people of "protesters from the Beja tribe", in what follows the head noun."""
    if len(tail) < 2 or tail[0].key not in {"of", "from"}:
        return None
    found = find_identity(register, tail[1 : 1 + count_front(register, text, tail[1:])])
    return found[0] if found else None


def find_country_after(
    register: ActorRegister, countries: CountryTable, text: str, tail: Sequence[Word]
) -> Country | None:
    """The country of "soldiers from Chad", "forces of the Syrian army"."""
    if len(tail) < 2 or tail[0].key not in {"of", "from"}:
        return None
    known = find_country(countries, tail[1 : 1 + count_front(register, text, tail[1:])])
    return known[0] if known else None
