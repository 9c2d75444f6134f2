"""A desk is a folder: its settings, its sources, its store. Here one is made, and one that is there is opened."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conflictdesk.errors import ConfigError, DeskError
from conflictdesk.store.opening import Store, open_store
from conflictdesk.workflow.settings import (
    FILE,
    SOURCES,
    Settings,
    SourceSettings,
    read_settings,
    read_sources,
)

_SETTINGS: Final = """\
# The settings of this desk. A line that begins with # is a remark: take the # away to use it.
# `conflictdesk doctor` checks this file.

[desk]
name = {name}
# Where everything is kept: a file beside this one, or a PostgreSQL database for many hands at once.
# An address with a password belongs into the environment: CONFLICTDESK_STORE_URL goes before this line.
store = {store}
# Who codes: "rules" works at once and offline; "hybrid" asks a small model beside them.
coder = "rules"

[second]
# Which finished articles a second coder codes again: this share of all (0.1 is one in ten) ...
share = 0.1
# ... all with so many deaths or more in one incident (0: none for that reason) ...
always_from_deaths = 25
# ... and other shares for single event types:
# shares = {{ "Battles" = 0.2, "Protests" = 0.05 }}
# true: the second coder sees neither suggestions nor the first coder's work.
blind = true

[server]
# Loopback: only this machine can reach it. For a team put a TLS proxy before it and write its address.
host = "127.0.0.1"
port = 8321
# address = "https://desk.example.org"
session_hours = 12
lock_minutes = 30

[fetch]
# Every site sees this address of yours and can write to you; without it nothing is fetched.
# contact = "desk@example.org"
# Seconds between two requests to one host, and the most that one page may take.
delay_seconds = 2
most_bytes = 20_000_000
most_seconds = 60
"""
_SAMPLE: Final = """\
# A source. Copy this file to a name that ends in .toml, one file a source, and fill it in.
id = "harbour-gazette"
name = "Harbour Gazette"
url = "https://gazette.example.org"
country = "Yemen"
# local, regional, national, international or other
scale = "local"
# Under which terms its texts may be kept and quoted.
terms = "quotes for study"
# RSS or Atom feeds, or a sitemap: `conflictdesk add --feed` asks them.
feeds = ["https://gazette.example.org/news.rss"]
# sitemap = "https://gazette.example.org/sitemap.xml"
# Seconds between two requests, if more than this desk's own.
# delay_seconds = 10
"""
_README: Final = """\
This folder is a working desk of Conflict Desk.

conflictdesk.toml   the settings; change them with any editor
sources/            one .toml file a source of articles
store.sqlite*       pages, articles, codings, decisions: everything that cannot be made again.
                    Copy it with `conflictdesk backup`, not by hand while the desk is open.
dataset/            a copy of the events for counting and maps; made again whenever it is needed

If you keep this folder under version control, leave out store.sqlite* and dataset/:
news texts and the work of people do not belong into a public repository.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDesk:
    """A desk that is open: everything else asks it for its settings and its store. Close it when done."""

    folder: Path
    settings: Settings
    sources: tuple[SourceSettings, ...]
    store: Store

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> OpenDesk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def init_desk(folder: Path, *, name: str | None = None, store_url: str | None = None) -> None:
    """Make a desk in `folder`: its settings with remarks, a sample of a source, a word on the folder, the store.

    `store_url` is a file's name inside the folder or an address; one with a password is not written into the settings.

    Raises:
        ConfigError: the folder holds a desk or cannot be written.
        StoreError: the store cannot be made.
    """
    if (folder / FILE).exists():
        raise ConfigError(f"{folder} holds a desk already: {FILE} is there; open it with `conflictdesk serve {folder}`")
    settings = _SETTINGS.format(
        name=_quote(name or folder.resolve().name), store=_quote(_without_secret(store_url) or "store.sqlite")
    )
    try:
        (folder / SOURCES).mkdir(parents=True, exist_ok=True)
        _write_new(folder / SOURCES / "example.toml.sample", _SAMPLE)
        _write_new(folder / "README.txt", _README)
        _write_new(folder / FILE, settings)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror or error}; name another folder") from None
    try:
        url = store_url if store_url and "://" in store_url else read_settings(folder).store_url
        open_store(url, create=True).close()
        _close_to_others(url)
    except DeskError:
        # Without a store it is no desk yet: the same command shall work once the fault is mended.
        (folder / FILE).unlink()
        raise


def open_desk(folder: Path) -> OpenDesk:
    """Open the desk in `folder`.

    Raises:
        ConfigError: there is none, or its settings or sources are wrong: every fault with file, key and mend.
        StoreError: its store cannot be opened.
    """
    settings = read_settings(folder)
    sources = read_sources(folder)
    return OpenDesk(folder=folder, settings=settings, sources=sources, store=open_store(settings.store_url))


def _close_to_others(url: str) -> None:
    """The store's file holds hashes of passwords: no other user of the machine reads it."""
    if url.startswith("sqlite:///"):
        with contextlib.suppress(OSError):  # a disk that knows no rights
            Path(url.removeprefix("sqlite:///")).chmod(0o600)


def _without_secret(store_url: str | None) -> str | None:
    """An address that holds a name and a password is kept out of the settings: the environment has it."""
    if store_url is None or "@" not in store_url.partition("://")[2]:
        return store_url
    return None


def _quote(text: str) -> str:
    # A JSON string of plain words is a TOML string too.
    return json.dumps(text, ensure_ascii=False)


def _write_new(path: Path, text: str) -> None:
    if path.exists():
        return
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
