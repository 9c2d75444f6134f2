"""The actor register: groups and forces by every name newspapers give them, from `actors.toml`."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.resources
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from conflictdesk.codebook.countries import (
    CountryTable,
    EntryReader,
    fold_name,
    is_short_name,
    load_countries,
    raise_faults,
    read_entries,
)
from conflictdesk.records import Actor, ActorKind

HeadCategory = Literal[
    "military",
    "peacekeeper",
    "police",
    "government",
    "armed",
    "militia",
    "protest",
    "riot",
    "mob",
    "identity",
    "security",
    "civilian",
    "post",
    "thing",
]
MARKS = (
    "stops",
    "participles",
    "prepositions",
    "links",
    "openers",
    "parts",
    "suspected",
    "former",
    "against the state",
    "faceless",
    "rioting",
    "counts",
    "offices",
    "modifiers",
    "foreign",
    "whose",
)
IdentityKind = Literal["ethnic", "religious", "social"]

_FIRST_DAY, _LAST_DAY = dt.date.min, dt.date.max
_START, _AFTER_SHORT = 3, tuple(" ,.;:!?'\"()[]-–—”’/")
_FREE_STARTS = ("al-", "al ", "ex-", "anti-")
_AGAINST = ("anti-", "counter-", "non-", "post-", "sea of ")
_TIED = re.compile(r"-(?!(?:led|fired|linked|affiliated|allied|aligned)\b)\w", re.IGNORECASE)
_WORD_BEFORE, _WORD_AFTER = re.compile(r"(\w{2,})\s+$"), re.compile(r"\s+(\w{2,})")
_WORD_START = re.compile(r"(?<!\w)\w|(?<!\w)'(?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEntry:
    """One party with the names it goes by and the days on which it was that party.

    `country` is its home (None for a mission without one), `active_in` where else it acts. `local_aliases` are common
    words ("volunteers") that mean it at home alone. Outside `first_day`..`last_day` its names mean the `successor`.
    """

    name: str
    kind: ActorKind
    country: str | None
    active_in: tuple[str, ...]
    aliases: tuple[str, ...]
    local_aliases: tuple[str, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    successor: str | None
    parent: str | None
    state_run: bool

    @property
    def actor(self) -> Actor:
        """The record that mentions carry."""
        return Actor(name=self.name, kind=self.kind, country=self.country)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias, those of its home country last."""
        return (self.name, *self.aliases, *self.local_aliases)

    def goes_by(self, key: str, country: str | None, on: dt.date | None) -> bool:
        """True unless the name is a local one and the country or the day is not its own."""
        if not self.is_local(key):
            return True
        return country is not None and country == self.country and (on is None or self.holds_on(on))

    def is_local(self, key: str) -> bool:
        """True for a name that means this actor in its home country alone."""
        return bool(self.local_aliases) and key in {_form_key(form) for form in self.local_aliases}

    def holds_on(self, day: dt.date) -> bool:
        """True when the actor went by these names on that day."""
        return (self.first_day or _FIRST_DAY) <= day <= (self.last_day or _LAST_DAY)

    def acts_in(self, country: str) -> bool:
        """True when the country is its home or one where it is known to act."""
        return country == self.country or country in self.active_in

    def clashes_with(self, other: ActorEntry) -> bool:
        """True when neither years nor countries tell the two apart."""
        mine, theirs = {self.country, *self.active_in} - {None}, {other.country, *other.active_in} - {None}
        homes = self.country is not None and other.country is not None
        apart = self.country != other.country if homes else bool(mine and theirs) and not mine & theirs
        overlap = (self.first_day or _FIRST_DAY) <= (other.last_day or _LAST_DAY) and (
            other.first_day or _FIRST_DAY
        ) <= (self.last_day or _LAST_DAY)
        return overlap and not apart


@dataclass(frozen=True, slots=True)
class Identity:
    """A people, faith or social group by which newspapers describe the members of a party."""

    name: str
    kind: IdentityKind


@dataclass(frozen=True, slots=True)
class HeadWord:
    """What sort of party a head noun names, and the group that such people form as an associated actor."""

    category: HeadCategory
    group: str | None


@dataclass(frozen=True, slots=True)
class ActorRegister:
    """Every entry, and the ways into it: group names, peoples, head nouns, and the small words about them."""

    entries: tuple[ActorEntry, ...]
    identities: Mapping[str, Identity]
    words: Mapping[str, HeadWord]
    marks: Mapping[str, frozenset[str]]
    _names: Mapping[str, tuple[ActorEntry, ...]]
    _starts: Mapping[str, tuple[tuple[str, str, str], ...]]
    _by_own_name: Mapping[str, tuple[ActorEntry, ...]]

    def by_name(self, text: str, on: dt.date | None = None, country: str | None = None) -> ActorEntry | None:
        """The actor of that name on that day, else the latest of that name.

        A name that outlived its group means the successor; where two groups share it, `country` decides,
        and without it the answer is None.

        >>> register = load_actors()
        >>> [register.by_name("Taliban", dt.date(year, 9, 1)).kind for year in (2020, 2022)]
        ['Rebel group', 'State forces']
        """
        key = text.strip() if text.strip() in self._names else fold_name(text)
        return self._choose(key, on, country)

    def scan(
        self, text: str, on: dt.date | None = None, country: str | None = None
    ) -> list[tuple[int, int, ActorEntry]]:
        """Every register name in a text as `(start, end, entry)`, the longest where several begin, in order.

        >>> [(start, end, e.name) for start, end, e in load_actors().scan("The PKK and IS, as it is now")]
        [(4, 7, "Kurdistan Workers' Party (PKK)"), (12, 14, 'Islamic State (IS)')]
        """
        plain, found, reached = _fold_in_place(text), [], 0
        for match in _WORD_START.finditer(plain):
            start = match.start()
            if start < reached or plain.endswith(_AGAINST, 0, start):
                continue
            hit = self._longest(text, plain, start)
            entry = self._choose(hit[1], on, country) if hit else None
            if hit and entry:
                found.append((start, hit[0], entry, entry.is_local(hit[1])))
                reached = hit[0]
        named = any(not local for *_, local in found)
        return [(start, end, entry) for start, end, entry, local in found if not (local and named)]

    def _longest(self, text: str, plain: str, start: int) -> tuple[int, str] | None:
        for form, key, folded in self._starts.get(plain[start : start + _START], ()):
            end = start + len(form)
            if not plain.startswith(folded, start):
                continue
            written = text[start:end]
            if plain[end : end + 1].isalnum() or _TIED.match(plain, end):
                continue
            if key == form and (written != form or (len(form) < 3 and _is_shouted(text, start, end))):
                continue
            if form[0].isupper() and not written[0].isupper() and not key.startswith(_FREE_STARTS):
                continue
            return end, key
        return None

    def _choose(self, key: str, on: dt.date | None, country: str | None) -> ActorEntry | None:
        pool = [e for e in self._names.get(key, ()) if e.goes_by(key, country, on)]
        pool = [e for e in pool if e.is_local(key)] or pool
        if on is not None:
            pool = [e for e in pool if e.holds_on(on)] or pool
        if len({e.name for e in pool}) > 1:
            pool = [e for e in pool if country is not None and e.acts_in(country)]
            pool = pool if len({e.name for e in pool}) <= 1 else [e for e in pool if e.country == country]
        if not pool or len({e.name for e in pool}) > 1:
            return None
        entry = max(pool, key=lambda e: e.first_day or _FIRST_DAY)
        return entry if on is None else self._follow(entry, on)

    def _follow(self, entry: ActorEntry, day: dt.date) -> ActorEntry:
        """The entry that took over by that day; the entry itself when nobody did."""
        current, seen = entry, {entry.name}
        while current.last_day is not None and current.last_day < day and current.successor not in (None, *seen):
            seen.add(cast(str, current.successor))
            current = max(self._by_own_name[cast(str, current.successor)], key=lambda e: e.first_day or _FIRST_DAY)
        return current


def _fold_in_place(text: str) -> str:
    """The text in lower case without accents, offset by offset."""
    if text.isascii():
        return text.lower().replace("\n", " ")
    return "".join(map(_fold_letter, text))


@functools.lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    if letter.isspace():
        return " "
    if letter in "’‘ʼ`":
        return "'"
    plain = unicodedata.normalize("NFKD", "i" if letter == "ı" else letter)[0].lower()
    return plain if len(plain) == 1 else letter


def _is_shouted(text: str, start: int, end: int) -> bool:
    """True when the words about a name are all capitals, so that "IS" there is more likely the verb."""
    beside = (_WORD_BEFORE.search(text[max(0, start - 30) : start]), _WORD_AFTER.match(text, end))
    return any(word is not None and word[1].isupper() for word in beside)


def _read_actor(entry: EntryReader, countries: CountryTable) -> ActorEntry:
    kind, country, active_in = entry.text("kind"), entry.text("country", needed=False), entry.texts("active_in")
    actor = ActorEntry(
        name=entry.text("name"),
        kind=cast(ActorKind, kind),
        country=country or None,
        active_in=active_in,
        aliases=entry.texts("aliases"),
        local_aliases=entry.texts("local_aliases"),
        first_day=entry.day("from", last=False),
        last_day=entry.day("to", last=True),
        successor=entry.text("successor", needed=False) or None,
        parent=entry.text("parent", needed=False) or None,
        state_run=entry.yes("state_run"),
    )
    entry.finish()
    if kind and kind not in get_args(ActorKind):
        entry.fault(f"unknown kind {kind!r}", f"use one of {', '.join(get_args(ActorKind))}")
    known = {c.name for c in countries.countries}
    for name in (country, *active_in):
        if name and name not in known:
            entry.fault(f"unknown country {name!r}", "use a name of countries.toml")
    if actor.first_day and actor.last_day and actor.last_day < actor.first_day:
        entry.fault(f"it ends on {actor.last_day}, before it begins", "set `to` after `from`")
    return actor


def _form_key(form: str) -> str:
    return form if is_short_name(form) else fold_name(form)


def _index_names(rows: Iterable[tuple[EntryReader, ActorEntry]]) -> dict[str, tuple[ActorEntry, ...]]:
    """Entries by each name and alias; an alias that nothing keeps apart is a fault of the later entry."""
    index: dict[str, tuple[ActorEntry, ...]] = {}
    for reader, actor in rows:
        seen: set[str] = set()
        for form in filter(None, actor.names):
            key = _form_key(form)
            if key in seen:
                reader.fault(f"the alias {form!r} is there twice", "keep one")
                continue
            seen.add(key)
            for other in index.get(key, ()):
                if actor.is_local(key) == other.is_local(key) and actor.clashes_with(other):
                    reader.fault(f"the alias {form!r} is also one of {other.name}", "drop it or set years apart")
            index[key] = (*index.get(key, ()), actor)
    return index


def _index_starts(actors: Iterable[ActorEntry]) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Names as written, with their keys and folded, by their first folded letters; the longest first."""
    starts: dict[str, set[tuple[str, str, str]]] = {}
    for form in (form for actor in actors for form in actor.names):
        folded = fold_name(form)
        beginnings = [folded[:_START]] if len(folded) >= _START else [folded + sign for sign in ("", *_AFTER_SHORT)]
        for beginning in beginnings:
            starts.setdefault(beginning, set()).add((form, _form_key(form), folded))
    return {k: tuple(sorted(v, key=lambda triple: (-len(triple[0]), triple))) for k, v in starts.items()}


def _check_links(rows: Iterable[tuple[EntryReader, ActorEntry]], names: Iterable[str]) -> None:
    known = set(names)
    for reader, actor in rows:
        for key, name in (("successor", actor.successor), ("parent", actor.parent)):
            if name and name not in known:
                reader.fault(f"unknown {key} {name!r}", "use the name of an entry")


def _read_identities(readers: Iterable[EntryReader]) -> dict[str, Identity]:
    index: dict[str, Identity] = {}
    for reader in readers:
        kind, identity_name = reader.text("kind"), reader.text("name")
        forms = reader.texts("forms", needed=True)
        reader.finish()
        if kind and kind not in get_args(IdentityKind):
            reader.fault(f"unknown kind {kind!r}", f"use one of {', '.join(get_args(IdentityKind))}")
        identity = Identity(identity_name, cast(IdentityKind, kind))
        for form in forms:
            if index.setdefault(form, identity) is not identity:
                reader.fault(f"the form {form!r} is also one of {index[form].name}", "keep it in one of the two")
    return index


def _read_words(readers: Iterable[EntryReader]) -> dict[str, HeadWord]:
    index: dict[str, HeadWord] = {}
    for reader in readers:
        category, group = reader.text("category"), reader.text("group", needed=False)
        forms = reader.texts("forms", needed=True)
        reader.finish()
        if category and category not in get_args(HeadCategory):
            reader.fault(f"unknown category {category!r}", f"use one of {', '.join(get_args(HeadCategory))}")
        word = HeadWord(cast(HeadCategory, category), group or None)
        for form in forms:
            if index.setdefault(fold_name(form), word) is not word:
                reader.fault(f"the word {form!r} is there twice", "keep one")
    return index


def _read_marks(readers: Iterable[EntryReader], file: str, faults: list[str]) -> dict[str, frozenset[str]]:
    index: dict[str, frozenset[str]] = {}
    for reader in readers:
        name, forms = reader.text("name"), reader.texts("forms", needed=True)
        reader.finish()
        if name and name not in MARKS:
            reader.fault(f"unknown name {name!r}", f"use one of {', '.join(MARKS)}")
        index[name] = frozenset(forms)
    faults += [f"{file}: marks: {name!r} is missing; write its [[marks]]" for name in MARKS if name not in index]
    return index


def read_actors(text: str, countries: CountryTable, file: str = "actors.toml") -> ActorRegister:
    """The actor register in the text of a TOML file.

    Raises:
        CodebookError: with every fault of the file, one a line: its entry and its mend.
    """
    faults: list[str] = []
    tables = read_entries(text, file, ["actor", "identity", "words", "marks"], faults)
    rows = [(reader, _read_actor(reader, countries)) for reader in tables["actor"]]
    actors = tuple(actor for _, actor in rows)
    own: dict[str, tuple[ActorEntry, ...]] = {}
    for actor in actors:
        own[actor.name] = (*own.get(actor.name, ()), actor)
    _check_links(rows, own)
    names = _index_names(rows)
    identities, words = _read_identities(tables["identity"]), _read_words(tables["words"])
    marks = _read_marks(tables["marks"], file, faults)
    raise_faults(faults)
    return ActorRegister(actors, identities, words, marks, names, _index_starts(actors), own)


@functools.cache
def load_actors() -> ActorRegister:
    """The actor register that ships with the desk, read once.

    Raises:
        CodebookError: the file breaks its own rules.
    """
    file = importlib.resources.files("conflictdesk.codebook").joinpath("actors.toml")
    return read_actors(file.read_text(encoding="utf-8"), load_countries())
