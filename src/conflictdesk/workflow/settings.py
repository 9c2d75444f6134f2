"""The settings of a desk: `conflictdesk.toml` and one file a source in `sources/`; every fault is named at once.

Secrets (a database's password) come from the environment alone and are part of no hash.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from conflictdesk.codebook.types import load_event_types
from conflictdesk.errors import ConfigError
from conflictdesk.review.draws import Shares

FILE: Final = "conflictdesk.toml"
SOURCES: Final = "sources"
STORE_VARIABLE: Final = "CONFLICTDESK_STORE_URL"
CODER_NAMES: Final = ("rules", "hybrid", "model")
SCALES: Final = ("local", "regional", "national", "international", "other")
_STORE_FILE: Final = "store.sqlite"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_ADDRESS: Final = re.compile(r"https?://[^\s]+")
_STORE: Final = re.compile(r"(?:sqlite|postgresql)(?:\+\w+)?://\S*")


def _no_shares() -> Mapping[str, float]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondSettings:
    """Which articles a second coder codes again: `share` of all, `shares` by event type where they differ (0 to 1).

    `always_from_deaths`: all articles with an incident of so many deaths or more, None for none. `blind`: the second
    coder sees neither the machine's suggestions nor the first coder's work.
    """

    share: float = 0.1
    shares: Mapping[str, float] = field(default_factory=_no_shares)
    always_from_deaths: int | None = 25
    blind: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where `serve` listens; `address` is how others reach it (behind a proxy), None for local use."""

    host: str = "127.0.0.1"
    port: int = 8321
    address: str | None = None
    session_hours: int = 12
    lock_minutes: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """Manners of fetching: seconds between two requests to one host, bytes and seconds at most for one page.

    `contact` is an address of yours that every site sees; without one nothing is fetched. `own_network` lets it ask
    loopback addresses too: for tests, and for a feed on this very machine.
    """

    contact: str | None = None
    delay_seconds: float = 2.0
    most_bytes: int = 20_000_000
    most_seconds: float = 60.0
    own_network: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A desk's settings; `sha256` is the hash of the file, kept with every run."""

    name: str
    store_url: str
    coder: str = "rules"
    second: SecondSettings = field(default_factory=SecondSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """One source of articles: a paper, an agency, a monitor. `terms` says under which terms its texts may be kept."""

    id: str
    name: str
    url: str | None = None
    country: str | None = None
    scale: str | None = None
    terms: str | None = None
    feeds: tuple[str, ...] = ()
    sitemap: str | None = None
    delay_seconds: float | None = None


def read_settings(folder: Path) -> Settings:
    """Read a desk's `conflictdesk.toml`; the environment's CONFLICTDESK_STORE_URL goes before its `store`.

    Raises:
        ConfigError: it is not there or wrong; the message names every fault with its file, key and mend.
    """
    path = folder / FILE
    told, data = _parse(path, f"{folder} is no desk: make one with `conflictdesk init {folder}`")
    faults: list[str] = []
    top = _Table(told, "", FILE, faults)
    top.close(("desk", "second", "server", "fetch"))
    desk = top.table("desk")
    desk.close(("name", "store", "coder"))
    settings = Settings(
        name=desk.text("name") or folder.resolve().name,
        store_url=_choose_store(folder, desk),
        coder=desk.choice("coder", CODER_NAMES) or "rules",
        second=_read_second(top.table("second")),
        server=_read_server(top.table("server")),
        fetch=_read_fetch(top.table("fetch")),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    _raise_all(faults)
    return settings


def make_shares(settings: Settings) -> Shares:
    """The shares from which the second coder's articles are drawn."""
    second = settings.second
    return Shares(default=second.share, by_type=second.shares, always_from_deaths=second.always_from_deaths)


def read_sources(folder: Path) -> tuple[SourceSettings, ...]:
    """Every source of a desk, by id.

    Raises:
        ConfigError: a file is wrong, or two name one source; every fault with its file, key and mend.
    """
    faults: list[str] = []
    found: dict[str, SourceSettings] = {}
    for path in sorted((folder / SOURCES).glob("*.toml")):
        try:
            told, _ = _parse(path, f"{path} cannot be read")
        except ConfigError as error:
            faults.append(str(error))
            continue
        source = _read_source(_Table(told, "", f"{SOURCES}/{path.name}", faults), path.stem)
        if source.id in found:
            faults.append(f"{SOURCES}/{path.name}: id: {source.id!r} stands in another file too: give each its own")
        found[source.id] = source
    _raise_all(faults)
    return tuple(source for _, source in sorted(found.items()))


def _raise_all(faults: list[str]) -> None:
    if faults:
        raise ConfigError("\n".join(faults))


def _parse(path: Path, missing: str) -> tuple[Mapping[str, object], bytes]:
    try:
        data = path.read_bytes()
        return tomllib.loads(data.decode("utf-8")), data
    except FileNotFoundError:
        raise ConfigError(missing) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}; check its rights") from None
    except (UnicodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}; mend the line it names") from None


def _choose_store(folder: Path, desk: _Table) -> str:
    """Where the store is: the environment's word, else the file's, else a SQLite file beside the settings."""
    told = os.environ.get(STORE_VARIABLE) or desk.text("store") or _STORE_FILE
    if "://" not in told:
        return f"sqlite:///{(folder / told).resolve()}"
    if not _STORE.fullmatch(told):
        desk.fault("store", "is no address of a store", "write a file's name, or postgresql+psycopg://HOST/DATABASE")
    if re.search(r"://[^/@\s]*:[^/@\s]+@", desk.text("store") or ""):
        desk.fault("store", "holds a password", f"take it out and give the address in {STORE_VARIABLE}")
    return told


def _read_second(table: _Table) -> SecondSettings:
    table.close(("share", "shares", "always_from_deaths", "blind"))
    shares = table.table("shares")
    known = tuple(dict.fromkeys(t.event_type for t in load_event_types().types))
    shares.close(known)
    plain = SecondSettings()
    deaths = table.number("always_from_deaths", 0, 1_000_000)
    return SecondSettings(
        share=_or(table.number("share", 0, 1), plain.share),
        shares=MappingProxyType({n: _or(shares.number(n, 0, 1), plain.share) for n in known if shares.has(n)}),
        always_from_deaths=(int(deaths) or None) if deaths is not None else plain.always_from_deaths,
        blind=table.flag("blind", plain.blind),
    )


def _read_server(table: _Table) -> ServerSettings:
    table.close(("host", "port", "address", "session_hours", "lock_minutes"))
    plain = ServerSettings()
    return ServerSettings(
        host=table.text("host") or plain.host,
        port=int(_or(table.number("port", 0, 65_535), plain.port)),
        address=table.address("address"),
        session_hours=int(_or(table.number("session_hours", 1, 24 * 90), plain.session_hours)),
        lock_minutes=int(_or(table.number("lock_minutes", 1, 24 * 60), plain.lock_minutes)),
    )


def _read_fetch(table: _Table) -> FetchSettings:
    table.close(("contact", "delay_seconds", "most_bytes", "most_seconds", "own_network"))
    plain = FetchSettings()
    return FetchSettings(
        contact=table.text("contact"),
        delay_seconds=_or(table.number("delay_seconds", 0, 3600), plain.delay_seconds),
        most_bytes=int(_or(table.number("most_bytes", 1000, 1_000_000_000), plain.most_bytes)),
        most_seconds=_or(table.number("most_seconds", 1, 3600), plain.most_seconds),
        own_network=table.flag("own_network", plain.own_network),
    )


def _read_source(table: _Table, stem: str) -> SourceSettings:
    table.close(("id", "name", "url", "country", "scale", "terms", "feeds", "sitemap", "delay_seconds"))
    name = table.text("id") or stem
    if not _ID.fullmatch(name):
        table.fault("id", f"is {name!r}", "write small letters, digits, - or _, 60 at most")
    return SourceSettings(
        id=name,
        name=table.text("name", needed=True) or name,
        url=table.address("url"),
        country=table.text("country"),
        scale=table.choice("scale", SCALES),
        terms=table.text("terms"),
        feeds=table.addresses("feeds"),
        sitemap=table.address("sitemap"),
        delay_seconds=table.number("delay_seconds", 0, 3600),
    )


def _or(value: float | None, plain: float) -> float:
    return plain if value is None else value


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of a file; what is wrong in it is written to `faults`, and reading goes on."""

    told: Mapping[str, object]
    path: str
    file: str
    faults: list[str]

    def fault(self, key: str, wrong: str, mend: str) -> None:
        self.faults.append(f"{self.file}: {self.path}{key}: {wrong}: {mend}")

    def has(self, key: str) -> bool:
        return key in self.told

    def close(self, known: tuple[str, ...]) -> None:
        """Every key that nobody knows is a fault: a misspelt setting must not be passed over in silence."""
        for key in sorted(set(self.told) - set(known)):
            near = difflib.get_close_matches(key, known, n=1)
            said = f"did you mean {near[0]!r}" if near else f"write one of {', '.join(known)}"
            self.fault(key, "is not known", said)

    def table(self, key: str) -> _Table:
        held = self.told.get(key, {})
        if not isinstance(held, dict):
            self.fault(key, "is no table", f"write [{self.path}{key}] on a line of its own")
            held = {}
        return _Table(held, f"{self.path}{key}.", self.file, self.faults)

    def text(self, key: str, *, needed: bool = False) -> str | None:
        value = self.told.get(key)
        if isinstance(value, str) and value.strip() and "\n" not in value:
            return value.strip()
        if value is not None or needed:
            wrong = "is missing" if value is None else f"is {value!r}"
            self.fault(key, wrong, f'write {key} = "some words" on one line')
        return None

    def choice(self, key: str, known: tuple[str, ...]) -> str | None:
        value = self.text(key)
        if value is not None and value not in known:
            self.fault(key, f"is {value!r}", f"write one of {', '.join(known)}")
            return None
        return value

    def address(self, key: str) -> str | None:
        value = self.text(key)
        if value is not None and not _ADDRESS.fullmatch(value):
            self.fault(key, f"is {value!r}", "write an address that begins with https:// or http://")
            return None
        return value

    def addresses(self, key: str) -> tuple[str, ...]:
        held = self.told.get(key, [])
        if isinstance(held, list) and all(isinstance(each, str) and _ADDRESS.fullmatch(each) for each in held):
            return tuple(held)
        self.fault(key, f"is {held!r}", f'write {key} = ["https://..."]')
        return ()

    def number(self, key: str, least: float, most: float) -> float | None:
        value = self.told.get(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(key, f"is {value!r}", f"write a number from {least:g} to {most:g}")
        return None

    def flag(self, key: str, plain: bool) -> bool:
        value = self.told.get(key, plain)
        if not isinstance(value, bool):
            self.fault(key, f"is {value!r}", "write true or false")
            return plain
        return value
