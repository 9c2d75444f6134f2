"""Who: a noun phrase as the text has it, read as a coded actor with the words that show it."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from conflictdesk.codebook.actors import ActorEntry, ActorRegister, HeadCategory, HeadWord, Identity, load_actors
from conflictdesk.codebook.countries import Country, CountryTable, fold_name
from conflictdesk.records import Actor, ActorKind

ShownBy = Literal["name", "words", "people", "country"]
PublicCategory = Literal["military", "police", "government", "armed", "protest", "riot", "civilian", "identity", "mob"]

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-'’/.][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_LED = re.compile(r"^(.+)-led$", re.IGNORECASE)
_STOPS = frozenset(
    "of in from at near on onto inside outside around along across by with without to into for against between among"
    " amid during after before since until while when where who whom whose which that loyal belonging linked affiliated"
    " allied aligned backed led commanded armed wearing carrying travelling traveling riding driving fleeing protesting"
    " demonstrating marching working returning waiting gathered suspected believed accused killed wounded dressed trying"
    " seeking demanding fighting calling holding blocking opposed under over as aboard outside angry through including"
    " wielding sent trained based stationed deployed held was were is are had has said".split()
)
_OWNED = frozenset("of from with to by under".split())
_LINKS = frozenset("loyal belonging linked affiliated allied aligned commanded led of from by with under fighting".split())
_PART_WORDS = frozenset(
    "hundreds dozens scores thousands tens millions group groups crowd crowds member members number units unit elements"
    " one two three four five some many most both all several handful majority couple party convoy column line team"
    " teams lot remnants contingent bodies body bands families".split()
)
_SUSPECTED = frozenset("suspected alleged presumed apparent possible probable believed".split())
_FORMER = frozenset("former ex retired off-duty demobilized demobilised ex-".split())
_AGAINST_STATE = frozenset("opposition anti-government antigovernment anti-regime anti-junta breakaway renegade".split())
_FACELESS = frozenset(
    "armed masked hooded unidentified unknown gun-wielding gun-toting heavily-armed machete-wielding uniformed"
    " knife-wielding balaclava-clad".split()
)
_THROWING = frozenset("stone-throwing rock-throwing rioting looting".split())
_COUNTS = frozenset("a an one two three four five six seven eight nine ten eleven twelve several some many more".split())
_OFFICES = frozenset(
    "hospital company school university club church league team bank football election airline union party".split()
)
_RANKED = frozenset("officer officers agent agents chief".split())
_TITLES = frozenset("leader leaders member members".split())
_LOOSE = frozenset(
    "young local unarmed innocent elderly angry heavily armed masked hooded unidentified unknown suspected alleged"
    " foreign senior off-duty former retired other more than at least about around nearly some several many the a an"
    " two three four five six seven eight nine ten dozens hundreds islamic islamist radical leftist right-wing"
    " left-wing maoist marxist communist anti-government pro-government opposition regime loyalist elite special paid"
    " female male pregnant plainclothes uniformed peaceful pro-democracy tribal ethnic rival state federal national"
    " presidential provincial municipal regional border naval air ground land army-backed stone-throwing".split()
)


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
class _Word:
    text: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Setting:
    register: ActorRegister
    countries: CountryTable
    place: str | None
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class _Head:
    category: HeadCategory
    group: str | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase cut at its first preposition: what stands before the head, the head, what follows."""

    text: str
    words: tuple[_Word, ...]
    tail: tuple[_Word, ...]
    head: _Head | None


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
    place = countries.by_name(country) if country else None
    setting = _Setting(register, countries, place.name if place else country, on)
    words = tuple(_split_words(phrase))
    reading = _read_parts(setting, phrase, words)
    if reading is not None and not reading.suspected:
        reading = replace(reading, suspected=any(w.key in _SUSPECTED for w in words))
    return reading


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
    setting = _Setting(register, countries, country, on)
    words = tuple(_split_words(text))
    hits = register.scan(text, on, country)
    found: list[ActorReading] = []
    for first, last in _stretches(setting, text, words, hits):
        start, end = words[first].start, words[last].end
        reading = resolve_actor(
            text[start:end], register=register, countries=countries, country=country, on=on
        )
        if reading is not None and reading.shown_by != "country":
            found.append(replace(reading, start=reading.start + start, end=reading.end + start))
    return tuple(found)


def head_category(word: str) -> PublicCategory | None:
    """What sort of party a head noun names: "soldiers" military, "crowd" protest, "house" None.

    >>> head_category("soldiers"), head_category("gunmen"), head_category("house")
    ('military', 'armed', None)
    """
    known = load_actors().words.get(fold_name(word))
    return _public(known.category) if known else None


@functools.cache
def actor_words() -> frozenset[str]:
    """Every head noun, in lower case, that names a party by itself."""
    return frozenset(word for word, known in load_actors().words.items() if _public(known.category))


def _public(category: HeadCategory) -> PublicCategory | None:
    match category:
        case "post" | "thing":
            return None
        case "peacekeeper":
            return "military"
        case "militia" | "security":
            return "armed"
        case _:
            return category


# ---------------------------------------------------------------- words


def _split_words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        bare = _POSSESSIVE.sub("", match[0])
        if bare:
            yield _Word(bare, fold_name(bare), match.start(), match.start() + len(bare))


def _lookup(register: ActorRegister, words: Sequence[_Word]) -> HeadWord | None:
    return register.words.get(" ".join(w.key for w in words))


def _find_head(register: ActorRegister, words: Sequence[_Word]) -> _Head | None:
    """The longest head noun at the end of the words, names of persons after it left aside."""
    end = len(words)
    while end > 0:
        for size in range(min(4, end), 0, -1):
            known = _lookup(register, words[end - size : end])
            if known:
                return _Head(known.category, known.group, end - size, end - 1)
        bare = words[end - 1].key.removeprefix("ex-")
        if bare in register.words:
            known = register.words[bare]
            return _Head(known.category, known.group, end - 1, end - 1)
        if end == 1 or not (words[end - 1].text[0].isupper() or words[end - 1].text.isdigit()):
            return None
        end -= 1
    return None


def _country_at(countries: CountryTable, words: Sequence[_Word], first: int, last: int) -> Country | None:
    text = " ".join(w.text for w in words[first : last + 1])
    return (countries.by_demonym(text) or countries.by_name(text)) if text[:1].isupper() else None


def _find_country(countries: CountryTable, words: Sequence[_Word]) -> tuple[Country, int, int] | None:
    """The last country or people among the words, with the first and last word that say so."""
    for last in range(len(words) - 1, -1, -1):
        for first in range(max(0, last - 3), last + 1):
            country = _country_at(countries, words, first, last)
            if country:
                return country, first, last
    return None


def _find_identity(register: ActorRegister, words: Sequence[_Word]) -> tuple[Identity, int] | None:
    for first in range(len(words)):
        for size in (2, 1):
            identity = register.identities.get(" ".join(w.text for w in words[first : first + size]))
            if identity:
                return identity, first
    return None


# ---------------------------------------------------------------- parts of a phrase


def _cut(text: str, words: Sequence[_Word]) -> int:
    """How many words stand before the first preposition, clause or comma."""
    for i in range(1, len(words)):
        gap = text[words[i - 1].end : words[i].start]
        if any(sign in gap for sign in ",;:()–—\"“”") or (words[i].key in _STOPS and not _is_led(words[i])):
            return i
    return len(words)


def _is_led(word: _Word) -> bool:
    return word.key in {"armed", "suspected", "angry"} and False


def _read_parts(setting: _Setting, text: str, words: tuple[_Word, ...]) -> ActorReading | None:
    """Read a phrase whole: see through "hundreds of", "members of", try one conjunct after another."""
    while words and words[0].key in {"of", "the", "by", "against", "with", "from", "to", "and"}:
        words = words[1:]
    if not words:
        return None
    joint = next((i for i, w in enumerate(words) if i and w.key in {"and", "or"}), None)
    hits = setting.register.scan(text[words[0].start : words[-1].end], setting.on, setting.place)
    base = words[0].start
    if joint is not None and not any(s + base <= words[joint].start < e + base for s, e, _ in hits):
        first = words[:joint]
        reading = None if _leans_on_next(setting, first) else _read_parts(setting, text, first)
        return reading or _read_parts(setting, text, words[joint + 1 :])
    cut = _first_stop(setting, text, words, hits)
    front, tail = words[:cut], words[cut:]
    if tail and tail[0].key == "of" and front[-1].key in _PART_WORDS:
        return _read_parts(setting, text, tail[1:]) or _read_front(setting, text, front, tail)
    reading = _read_front(setting, text, front, tail)
    if reading is None and tail and _after_comma(text, front, tail):
        return _read_parts(setting, text, tail)
    return reading


def _after_comma(text: str, front: Sequence[_Word], tail: Sequence[_Word]) -> bool:
    return "," in text[front[-1].end : tail[0].start]


def _first_stop(
    setting: _Setting, text: str, words: Sequence[_Word], hits: Sequence[tuple[int, int, ActorEntry]]
) -> int:
    """The first cut that does not fall inside a register name or a country's name."""
    cut = 1
    while cut < len(words):
        step = _cut(text, words[cut - 1 :])
        cut = cut - 1 + step
        if cut >= len(words):
            break
        place = words[cut].start - words[0].start
        inside_name = any(s < place < e for s, e, _ in hits)
        inside_country = any(
            _country_at(setting.countries, words, first, last)
            for first in range(max(0, cut - 3), cut)
            for last in range(cut + 1, min(len(words), cut + 4))
        )
        if not inside_name and not inside_country:
            return cut
        cut += 1
    return len(words)


def _leans_on_next(setting: _Setting, words: Sequence[_Word]) -> bool:
    """True for "Syrian" in "Syrian and Russian warplanes": an adjective whose noun comes after the "and"."""
    last = words[-1]
    plural = last.key.endswith("s")
    people = setting.countries.by_demonym(last.text) or setting.register.identities.get(last.text)
    return bool(people) and not plural and len(words) == 1


def _read_front(
    setting: _Setting, text: str, words: tuple[_Word, ...], tail: tuple[_Word, ...]
) -> ActorReading | None:
    phrase = _Phrase(text, words, tail, _find_head(setting.register, words))
    named = _read_name(setting, phrase)
    if named is not None:
        return named
    if phrase.head is None:
        return _read_people(setting, phrase)
    return _read_category(setting, phrase, phrase.head)


# ---------------------------------------------------------------- names


def _read_name(setting: _Setting, phrase: _Phrase) -> ActorReading | None:
    """A register name in the phrase: the party itself, or the group of civilians and protesters named by it."""
    words, head = phrase.words, phrase.head
    known = _find_country(setting.countries, words)
    place = known[0].name if known else setting.place
    start, end = words[0].start, words[-1].end
    hits = setting.register.scan(phrase.text[start:end], setting.on, place)
    if not hits:
        hits = setting.register.scan(phrase.text[start:end], setting.on, setting.place)
    if hits:
        first, last, entry = hits[-1]
        covers = head is None or last + start >= words[head.last].end
        if not covers and head is not None and (head.category in _UNARMED or _is_former(words)):
            base = _read_category(setting, phrase, head)
            return replace(base, group=entry.actor) if base else None
        return _named(setting, entry, first + start, last + start)
    return _read_owner_after(setting, phrase)


_UNARMED = frozenset({"civilian", "protest", "riot", "mob", "security"})


def _read_owner_after(setting: _Setting, phrase: _Phrase) -> ActorReading | None:
    """The register name after "fighters from", "forces loyal to", "an ambush by"."""
    if not phrase.tail or phrase.tail[0].key not in _LINKS:
        return None
    if phrase.head is not None and phrase.head.category in (*_UNARMED, "police", "government", "identity"):
        return None
    start = phrase.tail[0].start
    hits = setting.register.scan(phrase.text[start : phrase.tail[-1].end], setting.on, setting.place)
    if not hits:
        return None
    between = [w.key for w in phrase.tail[1:] if w.end <= start + hits[0][0]]
    if any(w in _STOPS and w not in _OWNED for w in between) or len(between) > 4:
        return None
    return _named(setting, hits[0][2], start + hits[0][0], start + hits[0][1])


def _named(setting: _Setting, entry: ActorEntry, start: int, end: int) -> ActorReading:
    actor = entry.actor
    if entry.name.startswith(("Military Forces of ", "Police Forces of ")):
        actor = replace(actor, kind=_state_kind(setting, entry.country))
    return ActorReading(actor=actor, start=start, end=end, shown_by="name")


# ---------------------------------------------------------------- categories


def _is_former(words: Sequence[_Word]) -> bool:
    return any(w.key in _FORMER or w.key.startswith("ex-") for w in words)


def _categories(register: ActorRegister, words: Sequence[_Word]) -> list[tuple[HeadCategory, str | None, int]]:
    """The parties that modifiers name, the nearest to the head last: "army" in "army checkpoint"."""
    found: list[tuple[HeadCategory, str | None, int]] = []
    for i in range(len(words)):
        known = _lookup(register, words[i : i + 2]) or _lookup(register, words[i : i + 1])
        if known and known.category not in ("post", "thing"):
            found.append((known.category, known.group, i))
    return found


def _read_category(setting: _Setting, phrase: _Phrase, head: _Head) -> ActorReading | None:
    before = phrase.words[: head.first]
    keys = {w.key for w in before}
    modifiers = _categories(setting.register, before)
    category, group, first = head.category, head.group, head.first
    armed_tail = bool(phrase.tail) and phrase.tail[0].key in {"armed", "wielding"}
    if category in ("post", "thing"):
        return _read_owner_before(setting, phrase, head, modifiers)
    if _is_former(phrase.words) and category in ("armed", "militia", "military", "police", "government"):
        category, group = "civilian", "Politicians" if category == "government" else "Former Combatants"
    elif category == "government":
        category, group, first = _office(head, keys, modifiers)
    elif category in ("military", "police", "peacekeeper"):
        category, group, first = _force(head, phrase.words[head.last].key, keys, modifiers)
    elif category == "civilian" and head.group is None and (keys & _FACELESS or armed_tail):
        category = "armed"
    elif category in ("civilian", "protest") and keys & _THROWING:
        category = "riot"
    trade = group or next((m[1] for m in modifiers if m[1]), None)
    return _build(setting, phrase, _Head(category, trade, min(first, head.first), head.last))


def _office(head: _Head, keys: set[str], modifiers: Sequence[tuple[HeadCategory, str | None, int]]) -> _Choice:
    """Whose officials: the army's, the police's, a company's, else the government's."""
    for category, _, first in modifiers:
        if category in ("military", "police", "armed", "militia"):
            return category, None, first
    return ("civilian", None, head.first) if keys & _OFFICES else ("government", None, head.first)


def _force(
    head: _Head, last: str, keys: set[str], modifiers: Sequence[tuple[HeadCategory, str | None, int]]
) -> _Choice:
    """Whose forces: rebels' when a modifier says so, the army's when its officers are named."""
    if keys & _AGAINST_STATE:
        return "armed", None, head.first
    for category, group, first in modifiers:
        if category in ("armed", "militia", "identity", "peacekeeper"):
            paid = last in {"troops", "soldiers"} and category == "armed"
            return (category, group, first) if not paid or "paramilitary" not in keys else ("military", None, first)
        if category == "military" and last in _RANKED | {"police"}:
            return "military", None, first
        if category == "police" and head.category == "military":
            return "police", None, first
    return head.category, head.group, head.first


_Choice = tuple[HeadCategory, str | None, int]


def _read_owner_before(
    setting: _Setting, phrase: _Phrase, head: _Head, modifiers: Sequence[_Choice]
) -> ActorReading | None:
    """The owner of a base, a checkpoint, a strike or a house, when the phrase names one."""
    people = phrase.words[head.last].key in _TITLES
    for category, group, first in reversed(modifiers):
        if category in ("civilian", "protest") and not people:
            continue
        return _build(setting, phrase, _Head(category, group, first, first))
    keys = {w.key for w in phrase.words[: head.first]}
    if keys & _AGAINST_STATE and head.category == "post":
        return _build(setting, phrase, _Head("armed", None, head.first, head.last))
    known = _find_country(setting.countries, phrase.words[: head.first])
    if head.category == "post" and known:
        return _build(setting, phrase, _Head("military", None, head.first, head.last))
    return None


def _read_people(setting: _Setting, phrase: _Phrase) -> ActorReading | None:
    """"Iraqis", "three Kurds", "a Palestinian": people; "Israel": the country for its forces."""
    words = phrase.words
    last = words[-1]
    plural = last.key.endswith("s") or last.key.endswith("men")
    counted = words[0].key in _COUNTS or any(w.text.isdigit() for w in words)
    country = setting.countries.by_demonym(last.text) or _two_word_people(setting, words)
    identity = setting.register.identities.get(last.text)
    if (country or identity) and (plural or counted) and not _is_name(setting, words):
        return replace(
            _build(setting, phrase, _Head("civilian", None, len(words) - 1, len(words) - 1)), shown_by="people"
        )
    for first in range(len(words)):
        named = setting.countries.by_name(" ".join(w.text for w in words[first:]))
        if named and words[first].text[0].isupper():
            actor = _state_actor(setting, "Military Forces of", named.name)
            return ActorReading(actor=actor, start=words[first].start, end=last.end, shown_by="country")
    return None


def _two_word_people(setting: _Setting, words: Sequence[_Word]) -> Country | None:
    return setting.countries.by_demonym(" ".join(w.text for w in words[-2:]))


def _is_name(setting: _Setting, words: Sequence[_Word]) -> bool:
    return setting.countries.by_name(" ".join(w.text for w in words)) is not None


# ---------------------------------------------------------------- building


def _build(setting: _Setting, phrase: _Phrase, head: _Head) -> ActorReading:
    """The reading of a head: its country from the phrase, else from what follows it, else from the place."""
    front = phrase.words
    known = _find_country(setting.countries, front)
    start, end = front[head.first].start, front[head.last].end
    if known:
        start, end = min(start, front[known[1]].start), max(end, front[known[2]].end)
    country, inferred = (known[0].name if known else _country_after(setting, phrase)), None
    if head.category == "identity" and head.group == "Settlers" and (country or setting.place) in _SETTLED:
        country = "Israel"
    if country is None and head.category != "peacekeeper" and setting.place:
        country, inferred = setting.place, "country of the place"
    identity = _find_identity(setting.register, front)
    actor = _category_actor(setting, head, country, identity[0] if identity else None)
    if identity:
        start = min(start, front[identity[1]].start)
    return ActorReading(
        actor=actor, start=start, end=end, inferred=inferred, group=_group(head, country, identity, actor)
    )


_SETTLED = frozenset({"Palestine", "Israel"})


def _country_after(setting: _Setting, phrase: _Phrase) -> str | None:
    """The country of "soldiers from Chad", "forces of the Syrian army"."""
    if not phrase.tail or phrase.tail[0].key not in {"of", "from", "loyal"}:
        return None
    cut = _cut(phrase.text, phrase.tail[1:]) if len(phrase.tail) > 1 else 0
    known = _find_country(setting.countries, phrase.tail[1 : 1 + max(cut, 1)])
    return known[0].name if known else None


def _named_for(label: str, country: str | None) -> str:
    return f"{label} ({country})" if country else label


def _state_kind(setting: _Setting, country: str | None) -> ActorKind:
    abroad = country is not None and setting.place is not None and country != setting.place
    return "External/Other forces" if abroad else "State forces"


def _state_actor(setting: _Setting, label: str, country: str | None) -> Actor:
    bare = label.removesuffix(" of")
    kind = "State forces" if label.startswith("Gov") else _state_kind(setting, country)
    return Actor(name=f"{label} {country}" if country else bare, kind=kind, country=country)


def _category_actor(setting: _Setting, head: _Head, country: str | None, identity: Identity | None) -> Actor:
    match head.category:
        case "military":
            return _state_actor(setting, "Military Forces of", country)
        case "police":
            return _state_actor(setting, "Police Forces of", country)
        case "government":
            return _state_actor(setting, "Government of", country)
        case "peacekeeper":
            return Actor(name="United Nations peacekeepers", kind="External/Other forces")
        case "protest":
            return Actor(name=_named_for("Protesters", country), kind="Protesters", country=country)
        case "riot" | "mob":
            return Actor(name=_named_for("Rioters", country), kind="Rioters", country=country)
        case "security":
            label = head.group or "Private Security Forces"
            return Actor(name=_named_for(label, country), kind="External/Other forces", country=country)
        case "identity" | "militia" if identity or head.category == "identity":
            return _militia_actor(head, country, identity)
        case "armed" | "militia":
            label = _named_for("Unidentified Armed Group", country)
            return Actor(name=label, kind="Political militia", country=country)
        case _:
            return Actor(name=_named_for("Civilians", country), kind="Civilians", country=country)


def _militia_actor(head: _Head, country: str | None, identity: Identity | None) -> Actor:
    if head.group in ("Settlers", "Vigilante"):
        label = "Settlers" if head.group == "Settlers" else "Vigilante Group"
        return Actor(name=_named_for(label, country), kind="Identity militia", country=country)
    if head.category == "militia" and identity is not None and identity.kind == "religious":
        return Actor(name=_named_for(f"{identity.name} Militia", country), kind="Political militia", country=country)
    label = identity.name if identity else (head.group or "Communal")
    name = "Communal Militia" if label == "Communal" else f"{label} Communal Militia"
    return Actor(name=_named_for(name, country), kind="Identity militia", country=country)


def _group(
    head: _Head, country: str | None, identity: tuple[Identity, int] | None, actor: Actor
) -> Actor | None:
    """The people or trade beside the actor, unless the actor is already named by it."""
    if identity and not actor.name.startswith(identity[0].name):
        label = {"ethnic": "Ethnic Group", "religious": "Group", "social": "Group"}[identity[0].kind]
        return Actor(name=_named_for(f"{identity[0].name} {label}", country), kind="Civilians", country=country)
    if head.group and head.category in ("civilian", "protest", "riot"):
        return Actor(name=_named_for(head.group, country), kind="Civilians", country=country)
    return None


# ---------------------------------------------------------------- stretches of text


def _stretches(
    setting: _Setting, text: str, words: Sequence[_Word], hits: Sequence[tuple[int, int, ActorEntry]]
) -> Iterator[tuple[int, int]]:
    """First and last word of each actor phrase: a head noun or a name with the modifiers before it."""
    last = len(words) - 1
    found: list[tuple[int, int]] = []
    while last >= 0:
        head = _find_head(setting.register, words[max(0, last - 3) : last + 1])
        size = 0 if head is None or head.last != min(3, last) else head.last - head.first + 1
        named = any(s < words[last].end <= e for s, e, _ in hits)
        people = bool(setting.countries.by_demonym(words[last].text)) or words[last].text in setting.register.identities
        if not size and not named and not people:
            last -= 1
            continue
        first = last - max(size, 1) + 1
        while first > 0 and _joins(setting, text, words, first - 1, hits):
            first -= 1
        found.append((first, last))
        last = first - 1
    yield from reversed(found)


def _joins(
    setting: _Setting, text: str, words: Sequence[_Word], i: int, hits: Sequence[tuple[int, int, ActorEntry]]
) -> bool:
    """True when word `i` is a modifier of the word after it."""
    gap = text[words[i].end : words[i + 1].start]
    if any(sign in gap for sign in ",;:()–—.\"“”\n") and not words[i].text.endswith("."):
        return False
    word = words[i]
    known = setting.register.words.get(word.key)
    return (
        word.key in _LOOSE
        or (known is not None and not (known.category == "post" and word.text.islower()))
        or word.text.isdigit()
        or word.text in setting.register.identities
        or _country_at(setting.countries, words, i, i) is not None
        or any(s <= word.start < e for s, e, _ in hits)
        or bool(_LED.match(word.text))
        or word.key.endswith(("-backed", "-trained", "-allied"))
    )
