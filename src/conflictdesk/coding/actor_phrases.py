"""How a noun phrase is read: names before categories, owners before things, the phrase before its place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from conflictdesk.codebook.actors import ActorEntry, ActorRegister, HeadCategory
from conflictdesk.codebook.countries import CountryTable, fold_name
from conflictdesk.coding.actor_names import name_entry, name_force, name_group, name_party
from conflictdesk.coding.actor_words import (
    Head,
    Word,
    count_front,
    country_at,
    find_country,
    find_country_after,
    find_head,
    find_identity,
    find_identity_after,
    has_mark,
    is_stop,
    list_categories,
)
from conflictdesk.coding.band_names import find_band
from conflictdesk.records import Actor

ShownBy = Literal["name", "words", "people", "country"]
Hits = Sequence[tuple[int, int, ActorEntry]]
_Owner = tuple[HeadCategory, str | None, int]

_COALITION = re.compile(r"\b([A-Z][\w.]*-led)\b[\w\s-]*?\b(coalition|mission|forces?)\b")
_RANKED = frozenset({"officer", "officers", "agent", "agents", "police"})
_TITLES = frozenset({"leader", "leaders", "member", "members"})
_UNARMED = frozenset({"civilian", "protest", "riot", "mob", "security"})
_FORCES = frozenset({"military", "police", "government", "armed", "militia"})
_MEN = frozenset({"men", "man", "boys"})  # "Amal men", "men believed to be from the group": its fighters
_FARTHEST_NAME = 6
_SETTLED = frozenset({"Palestine", "Israel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorReading:
    """An actor as a phrase shows it: `start`..`end` are the smallest words of the phrase that do.

    `inferred` is the reason when the country was taken from the event's place. `group` is the party, people or
    trade that the phrase names beside the actor. `shown_by` is "country" where a bare country name ("Israel
    struck") was read as its forces: right for whoever acts, wrong for a mere place.
    """

    actor: Actor
    start: int
    end: int
    inferred: str | None = None
    suspected: bool = False
    group: Actor | None = None
    shown_by: ShownBy = "words"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a phrase is read against: the register, the countries, and the place and day of the event."""

    register: ActorRegister
    countries: CountryTable
    place: str | None
    on: dt.date | None

    @property
    def marks(self) -> Mapping[str, frozenset[str]]:
        """The small words of the register, by what they do in a phrase."""
        return self.register.marks

    def scan(self, text: str, country: str | None = None) -> list[tuple[int, int, ActorEntry]]:
        """Register names in a text, as they are meant in that country on that day."""
        return self.register.scan(text, self.on, country or self.place)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase cut at its first preposition: the words up to the head, and what follows."""

    text: str
    words: tuple[Word, ...]
    tail: tuple[Word, ...]
    head: Head | None


# ---------------------------------------------------------------- parts of a phrase


def read_state(setting: Setting, words: Sequence[Word]) -> ActorReading | None:
    """A phrase that is wholly a country ("Israel") or a seat of power ("the Kremlin")."""
    bare = [w for w in words if w.key != "the"]
    if not bare or not bare[0].text[0].isupper():
        return None
    text = " ".join(w.text for w in bare)
    start, end = bare[0].start, bare[-1].end
    state = setting.countries.by_name(text)
    if state is not None:
        actor = name_force("military", state.name, setting.place)
        return ActorReading(actor=actor, start=start, end=end, shown_by="country")
    seat = setting.countries.by_metonym(text)
    if seat is None or fold_name(text) in {fold_name(c) for c in seat.capitals}:
        return None
    return ActorReading(actor=name_force("government", seat.name, setting.place), start=start, end=end, shown_by="name")


def read_parts(setting: Setting, text: str, words: tuple[Word, ...]) -> ActorReading | None:
    """Read a phrase whole: see through "hundreds of" and "members of", try one conjunct after another."""
    while words and words[0].key in setting.marks["openers"]:
        words = words[1:]
    if not words:
        return None
    start = words[0].start
    hits = [(s + start, e + start, entry) for s, e, entry in setting.scan(text[start : words[-1].end])]
    joint = next((i for i, w in enumerate(words) if i and w.key in {"and", "or"} and not covers(hits, w)), None)
    if joint is not None and not _is_country_name(setting, words, joint):
        first = words[:joint]
        reading = None if _leans_on_next(setting, first) else read_parts(setting, text, first)
        return reading or read_parts(setting, text, words[joint + 1 :])
    cut = _count_front(setting, text, words, hits)
    front, tail = words[:cut], words[cut:]
    if tail and tail[0].key == "of" and front[-1].key in setting.marks["parts"]:
        reading = read_parts(setting, text, tail[1:])
        if reading is not None:
            return reading
    reading = _read_front(setting, text, front, tail)
    if reading is None and tail and has_mark(text, front[-1], tail[0]):
        return read_parts(setting, text, tail)
    return reading


def covers(hits: Hits, word: Word) -> bool:
    """True when the word is part of a register name."""
    return any(start < word.end and word.start < end for start, end, _ in hits)


def _is_country_name(setting: Setting, words: Sequence[Word], i: int) -> bool:
    """True when word `i` stands inside a country's name: the "and" of Bosnia and Herzegovina."""
    firsts, lasts = range(max(0, i - 3), i), range(i + 1, min(len(words), i + 4))
    return any(country_at(setting.countries, words, first, last) for first in firsts for last in lasts)


def _count_front(setting: Setting, text: str, words: Sequence[Word], hits: Hits) -> int:
    """Words before the first preposition that is not part of a register name or a country's name."""
    cut = 1
    while cut < len(words):
        cut += count_front(setting.register, text, words[cut - 1 :]) - 1
        if cut >= len(words) or not (covers(hits, words[cut]) or _is_country_name(setting, words, cut)):
            return min(cut, len(words))
        if not any(start < words[cut].start for start, end, _ in hits if end > words[cut].start):
            return cut if not _is_country_name(setting, words, cut) else cut + 1
        cut += 1
    return len(words)


def _leans_on_next(setting: Setting, words: Sequence[Word]) -> bool:
    """True for "Syrian" in "Syrian and Russian warplanes": an adjective whose noun comes after the "and"."""
    if len(words) > 1 or words[-1].key.endswith("s"):
        return False
    word = words[-1].text
    return setting.countries.by_demonym(word) is not None or word in setting.register.identities


def _read_front(setting: Setting, text: str, words: tuple[Word, ...], tail: tuple[Word, ...]) -> ActorReading | None:
    phrase = _Phrase(text, words, tail, find_head(setting.register, words))
    named = (
        _read_name(setting, phrase)
        or _read_coalition(phrase)
        or _read_name_after(setting, phrase)
        or _read_unlisted(setting, phrase)
    )
    if named is not None:
        return named
    if phrase.head is None:
        return _read_people(setting, phrase)
    if words[0].key in setting.marks["whose"] and phrase.head.category in ("military", "police", "government"):
        return None
    return _read_category(setting, phrase, phrase.head)


# ---------------------------------------------------------------- names


def _read_name(setting: Setting, phrase: _Phrase) -> ActorReading | None:
    """A register name in the phrase: the party itself, or the group of the civilians and protesters it names."""
    words, head = phrase.words, phrase.head
    known = find_country(setting.countries, words)
    start, stretch = words[0].start, phrase.text[words[0].start : words[-1].end]
    hits = setting.scan(stretch, known[0].name if known else None)
    if not hits or (known and words[known[1]].start - start >= hits[-1][0]):
        hits = setting.scan(stretch) or hits  # "Serb" in "Serb forces" is part of the name
    if not hits:
        return None
    first, last, entry = hits[-1]
    aside = (
        head is not None
        and ((head.category in _UNARMED and words[head.last].key not in _MEN) or _is_former(setting, words))
        and last + start < words[head.last].end
    )
    if aside and head is not None:
        reading = _read_category(setting, phrase, head)
        return replace(reading, group=entry.actor) if reading else None
    return _read_entry(setting, entry, first + start, last + start)


def _read_name_after(setting: Setting, phrase: _Phrase) -> ActorReading | None:
    """The register name after "fighters from", "forces loyal to", "an ambush by", "supporters of"."""
    if not phrase.tail or phrase.tail[0].key not in setting.marks["links"]:
        return None
    category = phrase.head.category if phrase.head else "thing"
    men = phrase.head is not None and phrase.words[phrase.head.last].key in _MEN
    if category in ("police", "government", "identity", "civilian") and not men:
        return None
    start = phrase.tail[0].start
    hits = setting.scan(phrase.text[start : phrase.tail[-1].end])
    between = [i for i, w in enumerate(phrase.tail) if i and hits and w.end <= start + hits[0][0]]
    joins = setting.marks["links"] | {"to"}
    broken = any(is_stop(setting.register, phrase.tail, i) and phrase.tail[i].key not in joins for i in between)
    if not hits or broken or len(between) > _FARTHEST_NAME:
        return None
    if category in _UNARMED and phrase.head is not None and not men:
        reading = _read_category(setting, phrase, phrase.head)
        return replace(reading, group=hits[0][2].actor) if reading else None
    return _read_entry(setting, hits[0][2], start + hits[0][0], start + hits[0][1])


def _read_entry(setting: Setting, entry: ActorEntry, start: int, end: int) -> ActorReading:
    return ActorReading(actor=name_entry(entry, setting.place), start=start, end=end, shown_by="name")


def _read_coalition(phrase: _Phrase) -> ActorReading | None:
    """A coalition under its leader's name that the register does not know: "a Nigerian-led regional force"."""
    start = phrase.words[0].start
    match = _COALITION.search(phrase.text, start, phrase.words[-1].end)
    if match is None:
        return None
    name = f"{match[1]} {match[2].capitalize()}"
    actor = Actor(name=name, kind="External/Other forces")
    return ActorReading(actor=actor, start=match.start(), end=match.end(), shown_by="name")


def _read_unlisted(setting: Setting, phrase: _Phrase) -> ActorReading | None:
    """An armed group that no register has: "the Sinjar Resistance Units", "fighters of the Tiger Brigade"."""
    found = find_band(setting.countries, phrase.words)
    tail = phrase.tail
    if found is None and tail and tail[0].key in setting.marks["links"] and phrase.head:
        following = tail[1 : 1 + count_front(setting.register, phrase.text, tail[1:])] if len(tail) > 1 else ()
        found = find_band(setting.countries, following) if phrase.head.category in _FORCES else None
    if found is None:
        return None
    actor = Actor(name=phrase.text[found[0] : found[1]], kind="Political militia", country=setting.place)
    return ActorReading(actor=actor, start=found[0], end=found[1], shown_by="name")


# ---------------------------------------------------------------- categories


def _is_former(setting: Setting, words: Sequence[Word]) -> bool:
    return any(w.key in setting.marks["former"] or w.key.startswith("ex-") for w in words)


def _read_category(setting: Setting, phrase: _Phrase, head: Head) -> ActorReading | None:
    """The generic actor of a head noun, after its modifiers and its tail have had their say."""
    before = phrase.words[: head.first]
    keys = {w.key for w in before}
    owners = list_categories(setting.register, before)
    armed = bool(keys & setting.marks["faceless"]) or (
        bool(phrase.tail) and phrase.tail[0].key in {"armed", "wielding"}
    )
    if head.category in ("post", "thing"):
        return _read_owner(setting, phrase, head, owners) or _read_owner_after(setting, phrase)
    category, group, first = head.category, head.group, head.first
    if _is_former(setting, phrase.words) and category in _FORCES:
        group = "Politicians" if category == "government" else "Former Combatants"
        category = "civilian"
    elif category == "government":
        category, group, first = _choose_office(setting, head, keys, owners)
    elif category in ("military", "police", "peacekeeper"):
        category, group, first = _choose_force(setting, phrase, head, keys, owners)
    elif category == "civilian" and head.group is None and armed:
        category = "militia" if find_identity(setting.register, before) else "armed"
    elif category in ("civilian", "protest") and keys & setting.marks["rioting"]:
        category = "riot"
    elif phrase.words[head.last].key in ("fighter", "fighters") and find_identity(setting.register, before):
        category = "militia"
    trade = group or next((owner[1] for owner in owners if owner[1]), None)
    return _build(setting, phrase, Head(category, trade, min(first, head.first), head.last))


def _choose_office(setting: Setting, head: Head, keys: set[str], owners: Sequence[_Owner]) -> _Owner:
    """Whose officials: the army's, the police's, a company's, else the government's."""
    for category, _, first in owners:
        if category in ("military", "police", "armed", "militia"):
            return category, None, first
    return ("civilian", None, head.first) if keys & setting.marks["offices"] else ("government", None, head.first)


def _choose_force(setting: Setting, phrase: _Phrase, head: Head, keys: set[str], owners: Sequence[_Owner]) -> _Owner:
    """Whose forces: rebels' when a modifier says so, the army's when its officers are named, else as the head says."""
    ordinary = head.category, head.group, head.first
    last = phrase.words[head.last].key
    if keys & setting.marks["against the state"]:
        return "armed", None, head.first
    if phrase.tail and phrase.tail[0].key == "loyal" and head.category == "military":
        cause = list_categories(setting.register, phrase.tail)
        return ordinary if cause else ("armed", None, head.first)
    for category, group, first in owners:
        if category in ("armed", "militia", "identity", "peacekeeper"):
            return ordinary if "paramilitary" in keys else (category, group, first)
        if category == "military" and last in _RANKED:
            return "military", None, first
        if category == "police" and head.category == "military":
            return "police", None, first
    return ordinary


def _read_owner(setting: Setting, phrase: _Phrase, head: Head, owners: Sequence[_Owner]) -> ActorReading | None:
    """The owner of a base, a checkpoint, a strike or a house, when the words before it name one."""
    titled = phrase.words[head.last].key in _TITLES
    for category, group, first in reversed(owners):
        if category in ("civilian", "protest") and not titled:
            continue
        owner: HeadCategory = "military" if category == "government" and head.category == "post" else category
        pair = " ".join(w.key for w in phrase.words[first : first + 2])
        last = first + 1 if pair in setting.register.words and first + 1 < head.first else first
        return _build(setting, phrase, Head(owner, group, first, last))
    before = phrase.words[: head.first]
    if head.category != "post":
        return None
    if {w.key for w in before} & setting.marks["against the state"]:
        return _build(setting, phrase, Head("armed", None, head.first, head.last))
    if find_country(setting.countries, before):
        return _build(setting, phrase, Head("military", None, head.first, head.last))
    return None


def _read_owner_after(setting: Setting, phrase: _Phrase) -> ActorReading | None:
    """The armed owner after the thing: "the base of the Kenyan army", "shelling by government forces"."""
    keys = [w.key for w in phrase.tail[:2]]
    if "by" not in keys and keys[:1] not in (["of"], ["belonging"]):
        return None
    reading = read_parts(setting, phrase.text, phrase.tail[2 if keys[0] != "by" and "by" in keys else 1 :])
    unarmed = reading is None or reading.actor.kind in ("Civilians", "Protesters", "Rioters")
    return None if unarmed else reading


def _read_people(setting: Setting, phrase: _Phrase) -> ActorReading | None:
    """People by their country or community alone: "Iraqis", "three Kurds", "a Palestinian"."""
    words, last = phrase.words, phrase.words[-1]
    country = setting.countries.by_demonym(last.text) or country_at(
        setting.countries, words, max(0, len(words) - 2), len(words) - 1
    )
    if country is None and last.text not in setting.register.identities:
        return None
    plural = last.key.endswith(("s", "men"))
    counted = words[0].key in setting.marks["counts"] or any(w.text.isdigit() for w in words)
    if not (plural or counted) or setting.countries.by_name(last.text):
        return None
    return replace(_build(setting, phrase, Head("civilian", None, len(words) - 1, len(words) - 1)), shown_by="people")


# ---------------------------------------------------------------- building


def _build(setting: Setting, phrase: _Phrase, head: Head) -> ActorReading:
    """The reading of a head: its country from the phrase, else from what follows it, else from the place."""
    words = phrase.words
    identity = find_identity(setting.register, words)
    aside = None if identity else find_identity_after(setting.register, phrase.text, phrase.tail)
    known = find_country(setting.countries, words)
    if known and identity and identity[1] <= known[2] and known[1] <= identity[2]:
        known = None  # "ethnic Armenian" is a people, not the country
    shown = [head.first, head.last, *(known[1:] if known else ()), *(identity[1:] if identity else ())]
    after = None if known else find_country_after(setting.register, setting.countries, phrase.text, phrase.tail)
    country = known[0].name if known else after.name if after else None
    inferred = None
    foreign = any(w.key in setting.marks["foreign"] for w in words)
    if country is None and head.category != "peacekeeper" and setting.place and not foreign:
        country, inferred = setting.place, "country of the place"
    if head.group == "Settlers" and head.category == "identity" and country in _SETTLED:
        country = "Israel"
    people = identity[0] if identity else aside
    actor = name_party(head, country, people, setting.place)
    if foreign and actor.kind == "State forces":
        actor = replace(actor, kind="External/Other forces")
    return ActorReading(
        actor=actor,
        start=words[min(shown)].start,
        end=words[max(shown)].end,
        inferred=inferred,
        group=name_group(head, country, people, actor),
    )
