"""Countries as newspapers name them: their names, peoples, capitals and regions, from `countries.toml`."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.resources
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from conflictdesk.errors import CodebookError

REGIONS = frozenset(
    {
        "Antarctica",
        "Caribbean",
        "Caucasus and Central Asia",
        "Central America",
        "East Asia",
        "Eastern Africa",
        "Europe",
        "Middle Africa",
        "Middle East",
        "North America",
        "Northern Africa",
        "Oceania",
        "South America",
        "South Asia",
        "Southeast Asia",
        "Southern Africa",
        "Western Africa",
    }
)

_LONGEST_SHORT_NAME = 4


@functools.lru_cache(maxsize=16384)
def fold_name(name: str) -> str:
    """A name without case, accents and kinds of apostrophe, its blanks single.

    >>> fold_name("CÔTE  d’Ivoire")
    "cote d'ivoire"
    """
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").replace("‘", "'").replace("ı", "i"))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(kept.casefold().split())


def is_short_name(name: str) -> bool:
    """True for an abbreviation that is only itself as written.

    >>> [is_short_name(name) for name in ("U.S.", "DRC", "LeT", "Chad")]
    [True, True, True, False]
    """
    letters = name.replace(".", "").replace("-", "").replace("&", "")
    several = sum(letter.isupper() for letter in letters) > 1
    return len(letters) <= _LONGEST_SHORT_NAME and (letters.isupper() or several)


@dataclass(slots=True)
class EntryReader:
    """Reads the fields of one entry of a codebook file and notes each fault with its entry and its mend."""

    file: str
    entry: str
    fields: Mapping[str, object]
    faults: list[str]
    known: set[str] = field(default_factory=set)

    def fault(self, what: str, mend: str) -> None:
        """Note a fault of this entry and what puts it right."""
        self.faults.append(f"{self.file}: {self.entry}: {what}; {mend}")

    def text(self, key: str, *, needed: bool = True) -> str:
        """The words under `key`; "" when there are none."""
        self.known.add(key)
        value = self.fields.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if needed or value is not None:
            self.fault(f"`{key}` is missing or is not a text", f'write {key} = "..."')
        return ""

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """The list of words under `key`, empty when the key is left out."""
        self.known.add(key)
        value = self.fields.get(key, [])
        items = [v for v in value if isinstance(v, str) and v.strip()] if isinstance(value, list) else []
        if not isinstance(value, list) or len(items) != len(value) or (needed and not items):
            self.fault(f"`{key}` is not a list of texts", f'write {key} = ["..."]')
        return tuple(items)

    def number(self, key: str, low: float, high: float) -> float:
        """The number under `key`, from `low` to `high`."""
        self.known.add(key)
        value = self.fields.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.fault(f"`{key}` is {value!r}", f"write a number from {low:g} to {high:g}")
        return low

    def whole(self, key: str, low: int, high: int) -> int | None:
        """The whole number under `key`, None when the key is left out."""
        self.known.add(key)
        value = self.fields.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and low <= value <= high):
            return value
        self.fault(f"`{key}` is {value!r}", f"write a whole number from {low} to {high} or leave it out")
        return None

    def day(self, key: str, *, last: bool) -> dt.date | None:
        """The day under `key`: a date, or a year, which means its first day or, with `last`, its last."""
        self.known.add(key)
        value = self.fields.get(key)
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 1800 <= value <= 2200:
            return dt.date(value, 12, 31) if last else dt.date(value, 1, 1)
        self.fault(f"`{key}` is {value!r}", "write a year or a date such as 2016-07-28")
        return None

    def yes(self, key: str) -> bool:
        """True when `key` says so; False when it is left out."""
        self.known.add(key)
        value = self.fields.get(key, False)
        if isinstance(value, bool):
            return value
        self.fault(f"`{key}` is {value!r}", "write true or false")
        return False

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in sorted(set(self.fields) - self.known):
            self.fault(f"unknown key `{key}`", f"use one of {', '.join(sorted(self.known))}")


def read_entries(text: str, file: str, tables: Iterable[str], faults: list[str]) -> dict[str, list[EntryReader]]:
    """The entries of each `[[table]]` in a codebook file's text, named as their faults are told.

    Raises:
        CodebookError: the text is not TOML at all.
    """
    try:
        document: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"{file}: not valid TOML: {error}; mend the line it names") from error
    wanted = list(tables)
    faults += [f"{file}: unknown table `{key}`; write [[{wanted[0]}]]" for key in sorted(set(document) - set(wanted))]
    entries: dict[str, list[EntryReader]] = {}
    for table in wanted:
        rows = document.get(table)
        entries[table] = []
        if not isinstance(rows, list) or not rows:
            faults.append(f"{file}: holds no {table}; write one [[{table}]] or more")
            continue
        for number, row in enumerate(rows, start=1):
            fields: dict[str, object] = row if isinstance(row, dict) else {}
            label = fields.get("name") or fields.get("category") or "no name"
            entries[table].append(EntryReader(file, f"{table} {number} ({label})", fields, faults))
    return entries


def raise_faults(faults: Iterable[str]) -> None:
    """Raise one `CodebookError` that tells every fault, one a line, when there is any."""
    lines = list(faults)
    if lines:
        raise CodebookError("\n".join(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory in the news.

    `name` is how newspapers write it, `iso` the ISO 3166-1 number (None where there is none), `region` ACLED's
    name of the region, `start` the first year of a newer country, `latitude`/`longitude` a point in its middle
    (WGS 84 degrees). `demonyms` are adjectives and people in the singular; `metonyms` stand for its government.
    """

    name: str
    iso3: str
    iso: int | None
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    capitals: tuple[str, ...]
    metonyms: tuple[str, ...]
    region: str
    start: int | None
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class CountryTable:
    """All countries in order of name, found by name, people, code or the seat of government."""

    countries: tuple[Country, ...]
    _names: Mapping[str, Country]
    _demonyms: Mapping[str, Country]
    _codes: Mapping[str, Country]
    _metonyms: Mapping[str, Country]

    def by_name(self, text: str) -> Country | None:
        """The country of that name or alias; case and accents are free, except in abbreviations.

        >>> table = load_countries()
        >>> [getattr(table.by_name(name), "name", None) for name in ("türkiye", "US", "us")]
        ['Turkey', 'United States', None]
        """
        return _look_up(self._names, text)

    def by_demonym(self, word: str) -> Country | None:
        """The country of an adjective or people with a capital: "Turkish", "Turks", "South Sudanese"; not "polish"."""
        return _look_up(self._demonyms, word) if word[:1].isupper() else None

    def by_iso3(self, code: str) -> Country | None:
        """The country of a three-letter code (Kosovo is XKX)."""
        return self._codes.get(code.upper())

    def by_metonym(self, text: str) -> Country | None:
        """The country whose government newspapers call by that word: "Ankara", "Kremlin", "the White House"."""
        return self._metonyms.get(fold_name(text).removeprefix("the "))

    @property
    def name_forms(self) -> frozenset[str]:
        """Every name and alias as the file writes it."""
        return frozenset(form for c in self.countries for form in (c.name, *c.aliases))

    @property
    def demonym_forms(self) -> frozenset[str]:
        """Every adjective and people, plurals included."""
        return frozenset(form for c in self.countries for word in c.demonyms for form in _plurals(word))


def _key(text: str) -> str:
    return text.strip() if is_short_name(text.strip()) else fold_name(text)


def _look_up(index: Mapping[str, Country], text: str) -> Country | None:
    """As written first, so that "US" is itself; then folded, so that "IRAQ" is Iraq."""
    return index.get(text.strip()) or index.get(fold_name(text))


def _plurals(word: str) -> tuple[str, ...]:
    return (word,) if word.endswith(("s", "sh", "ch", "ese", "men", ".", "S")) else (word, f"{word}s")


def _read_country(entry: EntryReader) -> Country:
    country = Country(
        name=entry.text("name"),
        iso3=entry.text("iso3"),
        iso=entry.whole("iso", 1, 999),
        aliases=entry.texts("aliases"),
        demonyms=entry.texts("demonyms"),
        capitals=entry.texts("capitals", needed=True),
        metonyms=entry.texts("metonyms"),
        region=entry.text("region"),
        start=entry.whole("start", 1900, 2100),
        latitude=float(entry.number("latitude", -90, 90)),
        longitude=float(entry.number("longitude", -180, 180)),
    )
    entry.finish()
    if country.region and country.region not in REGIONS:
        entry.fault(f"unknown region {country.region!r}", f"use one of {', '.join(sorted(REGIONS))}")
    if country.iso3 and not (len(country.iso3) == 3 and country.iso3.isascii() and country.iso3.isupper()):
        entry.fault(f"`iso3` is {country.iso3!r}", "write three capital letters")
    return country


def _index(
    rows: Iterable[tuple[EntryReader, Country]], what: str, forms: Mapping[str, tuple[str, ...]]
) -> dict[str, Country]:
    """Country by each of its forms; two countries under one form are a fault of the later."""
    index: dict[str, Country] = {}
    for entry, country in rows:
        for form in forms.get(entry.entry, ()):
            other = index.setdefault(_key(form), country)
            if other is not country:
                entry.fault(f"{what} {form!r} is also one of {other.name}", "keep it in one of the two")
    return index


def read_countries(text: str, file: str = "countries.toml") -> CountryTable:
    """The country table in the text of a TOML file.

    Raises:
        CodebookError: with every fault of the file, one a line: its entry and its mend.
    """
    faults: list[str] = []
    rows = [(entry, _read_country(entry)) for entry in read_entries(text, file, ["country"], faults)["country"]]
    table = CountryTable(
        tuple(sorted((c for _, c in rows), key=lambda c: c.name)),
        _index(rows, "the name", {e.entry: (c.name, *c.aliases) for e, c in rows}),
        _index(rows, "the people", {e.entry: tuple(f for d in c.demonyms for f in _plurals(d)) for e, c in rows}),
        _index(rows, "the code", {e.entry: (c.iso3,) for e, c in rows}),
        _index(rows, "the metonym", {e.entry: c.metonyms for e, c in rows}),
    )
    raise_faults(faults)
    return table


@functools.cache
def load_countries() -> CountryTable:
    """The country table that ships with the desk, read once.

    Raises:
        CodebookError: the file breaks its own rules.
    """
    file = importlib.resources.files("conflictdesk.codebook").joinpath("countries.toml")
    return read_countries(file.read_text(encoding="utf-8"))
