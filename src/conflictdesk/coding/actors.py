"""Who: a noun phrase as the text has it, read as a coded actor with the words that show it."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from conflictdesk.codebook.actors import ActorRegister, HeadCategory, load_actors
from conflictdesk.codebook.countries import Country, CountryTable, fold_name
from conflictdesk.coding.actor_phrases import ActorReading, Hits, Setting, covers, read_parts, read_state
from conflictdesk.coding.actor_words import Word, country_at, find_head, has_mark, split_words
from conflictdesk.records import Actor

__all__ = [
    "ActorReading",
    "PublicCategory",
    "actor_words",
    "find_actors",
    "head_category",
    "is_armament",
    "resolve_actor",
]

_SEAT = re.compile(r"(?:[Tt]he )?([A-Z][\w.-]+(?: [A-Z][\w.-]+)?)['’]s (?:[a-z]+ )?(\w+)")
PublicCategory = Literal["military", "police", "government", "armed", "protest", "riot", "civilian", "identity", "mob"]


def resolve_actor(
    phrase: str,
    *,
    register: ActorRegister,
    countries: CountryTable,
    country: str | None = None,
    on: dt.date | None = None,
) -> ActorReading | None:
    """The actor that a noun phrase names; None for things nobody owns and for words that name no party.

    `country` is the country of the event's place: it fills what the phrase leaves open. `on` is the event's day,
    for groups that changed name or side.

    >>> from conflictdesk.codebook.countries import load_countries
    >>> reading = resolve_actor("the army", register=load_actors(), countries=load_countries(), country="Syria")
    >>> reading.actor.name, reading.inferred
    ('Military Forces of Syria', 'country of the place')
    """
    seat = _find_seat(countries, phrase)
    place = seat or (countries.by_name(country) if country else None)
    setting = Setting(register, countries, place.name if place else country, on)
    words = tuple(split_words(phrase))
    reading = read_state(setting, words) or read_parts(setting, phrase, words)
    if reading is None:
        return None
    if seat is not None:
        reading = replace(reading, inferred=None, actor=_move_abroad(reading.actor, countries, country))
    return replace(
        reading, suspected=any(w.key in setting.marks["suspected"] for w in words if w.start < reading.start)
    )


def _find_seat(countries: CountryTable, phrase: str) -> Country | None:
    """The country behind "Moscow's forces" and "the Kremlin's troops"."""
    match = _SEAT.match(phrase)
    known = countries.by_metonym(match[1]) if match else None
    return known if known is not None and match and head_category(match[2]) in ("military", "police") else None


def _move_abroad(actor: Actor, countries: CountryTable, country: str | None) -> Actor:
    place = countries.by_name(country) if country else None
    if actor.kind == "State forces" and place is not None and actor.country != place.name:
        return replace(actor, kind="External/Other forces")
    return actor


def find_actors(
    text: str,
    *,
    register: ActorRegister,
    countries: CountryTable,
    country: str | None = None,
    on: dt.date | None = None,
) -> tuple[ActorReading, ...]:
    """Every actor phrase in a stretch of text, in order, with offsets into it: for texts without a parse.

    >>> from conflictdesk.codebook.countries import load_countries
    >>> text = "Two Turkish soldiers and a Kurdish civilian died when PKK rebels fired."
    >>> [text[r.start:r.end] for r in find_actors(text, register=load_actors(), countries=load_countries())]
    ['Turkish soldiers', 'Kurdish civilian', 'PKK']
    """
    place = countries.by_name(country) if country else None
    setting = Setting(register, countries, place.name if place else country, on)
    words = tuple(split_words(text))
    found: list[ActorReading] = []
    for first, last in _stretches(setting, text, words, setting.scan(text)):
        start, end = words[first].start, words[last].end
        reading = read_parts(setting, text[start:end], tuple(split_words(text[start:end])))
        if reading is not None:
            doubt = any(w.key in setting.marks["suspected"] for w in words[first : last + 1])
            found.append(replace(reading, start=reading.start + start, end=reading.end + start, suspected=doubt))
    return tuple(found)


def head_category(word: str) -> PublicCategory | None:
    """What sort of party a head noun names: "soldiers" military, "crowd" protest, "house" None.

    >>> head_category("soldiers"), head_category("gunmen"), head_category("house")
    ('military', 'armed', None)
    """
    known = load_actors().words.get(fold_name(word))
    return _publish_category(known.category) if known else None


def is_armament(word: str) -> bool:
    """True for what a force owns and fights with or from: "drones", "outpost", "convoy".

    >>> is_armament("drones"), is_armament("soldiers")
    (True, False)
    """
    known = load_actors().words.get(fold_name(word))
    return known is not None and known.category == "post"


@functools.cache
def actor_words() -> frozenset[str]:
    """Every head noun, in lower case, that names a party by itself."""
    return frozenset(word for word, known in load_actors().words.items() if _publish_category(known.category))


def _publish_category(category: HeadCategory) -> PublicCategory | None:
    match category:
        case "post" | "thing":
            return None
        case "peacekeeper":
            return "military"
        case "militia" | "security":
            return "armed"
        case _:
            return category


# ---------------------------------------------------------------- stretches of text


def _stretches(setting: Setting, text: str, words: Sequence[Word], hits: Hits) -> Iterator[tuple[int, int]]:
    """First and last word of each actor phrase: a head noun or a name with the modifiers before it."""
    found: list[tuple[int, int]] = []
    last = len(words) - 1
    while last >= 0:
        first = _first_of_core(setting, words, last, hits)
        if first is None:
            last -= 1
            continue
        while first > 0 and _joins(setting, text, words, first - 1, hits):
            first -= 1
        found.append((first, last))
        last = first - 1
    yield from reversed(found)


def _first_of_core(setting: Setting, words: Sequence[Word], last: int, hits: Hits) -> int | None:
    """The first word of the head noun, name or people that ends with word `last`."""
    window = words[max(0, last - 3) : last + 1]
    head = find_head(setting.register, window)
    if head is not None and head.last == len(window) - 1:
        return last - (head.last - head.first)
    if any(start < words[last].end <= end for start, end, _ in hits):
        return last
    people = setting.countries.by_demonym(words[last].text) or setting.register.identities.get(words[last].text)
    return last if people and words[last].key.endswith("s") else None


def _joins(setting: Setting, text: str, words: Sequence[Word], i: int, hits: Hits) -> bool:
    """True when word `i` is a modifier of the word after it."""
    word, gap = words[i], text[words[i].end : words[i + 1].start]
    if has_mark(text, word, words[i + 1]) or "\n" in gap or (gap.startswith(".") and not word.text.endswith(".")):
        return False
    known = setting.register.words.get(word.key)
    return (
        word.key in setting.marks["modifiers"]
        or (known is not None and known.category != "post" and not word.key.endswith("s"))
        or word.text.isdigit()
        or word.text in setting.register.identities
        or country_at(setting.countries, words, i, i) is not None
        or covers(hits, word)
        or word.key.endswith(("-backed", "-trained", "-allied", "-led"))
    )
