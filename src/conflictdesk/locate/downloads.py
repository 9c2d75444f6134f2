"""Fetches large files over HTTP.

An interrupted download goes on where it stopped, and a file is there only when it is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, cast
from urllib.parse import urlsplit

from conflictdesk.errors import ConfigError

_CHUNK = 1 << 18
_TRIES = 4
_TIMEOUT_S = 60.0
_TELL_EVERY = 50_000_000
_BROKEN = (OSError, http.client.HTTPException)


class _State(TypedDict):
    """What was said of the file whose beginning lies in the `.part`: its validator for `If-Range`."""

    url: str
    validator: str


def digest_file(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_url(text: str) -> bool:
    """True for an http or https address."""
    return urlsplit(text).scheme in ("http", "https")


def fetch_file(url: str, target: Path, tell: Callable[[str], None], *, optional: bool = False) -> bool:
    """Download `url` to `target` unless it is there already; False when `optional` and the server has no such file.

    What has arrived is kept beside it as `.part`, with the server's ETag or date. A broken connection is tried again
    from there a few times; after that the same call goes on from there another day. A file that changed on the server
    in between is read from its beginning.

    Raises:
        ConfigError: the address cannot be read, or broke off; it says how far it came.
    """
    if target.exists():
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    part, fault = target.with_name(target.name + ".part"), "no answer"
    for _ in range(_TRIES):
        before = part.stat().st_size if part.exists() else 0
        try:
            if _fetch_rest(url, part, tell):
                return _finish(part, target)
            fault = "the connection broke off"
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404 and optional:
                return False
            if error.code == 416 and before:
                if error.headers.get("Content-Range") != f"bytes */{before}":  # it changed on the server
                    part.unlink()
                    continue
                return _finish(part, target)
            raise ConfigError(f"{url}: the server answers {error.code} {error.reason}") from error
        except _BROKEN as error:
            fault = str(getattr(error, "reason", error)) or type(error).__name__
    had = part.stat().st_size if part.exists() else 0
    raise ConfigError(f"{url}: {fault}; {had:,} bytes are kept in {part}: run the same command again to go on")


def _finish(part: Path, target: Path) -> bool:
    os.replace(part, target)
    _state_of(part).unlink(missing_ok=True)
    return True


def _state_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _read_state(url: str, part: Path) -> str:
    """The validator of what lies in `part`; "" when there is none, so that nothing can be gone on with."""
    with contextlib.suppress(OSError, ValueError):
        state = cast(_State, json.loads(_state_of(part).read_text("utf-8")))
        if state["url"] == url:
            return state["validator"]
    return ""


def _fetch_rest(url: str, part: Path, tell: Callable[[str], None]) -> bool:
    """Read on from where `part` ends; True when the whole file is there."""
    validator = _read_state(url, part)
    have = part.stat().st_size if part.exists() and validator else 0
    request = urllib.request.Request(url, headers={"User-Agent": "conflictdesk"})
    if have:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", validator)
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
        going_on = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if not going_on:
            if answer.status != 200:
                raise ConfigError(f"{url}: the server answers {answer.status} with another part than asked for")
            have = 0
            fresh = answer.headers.get("ETag", "")
            fresh = answer.headers.get("Last-Modified", "") if not fresh or fresh.startswith("W/") else fresh
            _state_of(part).write_text(json.dumps(_State(url=url, validator=fresh)), "utf-8")
        elif have:
            tell(f"going on with {url} after {have:,} bytes")
        length = answer.headers.get("Content-Length")
        whole = have + int(length) if length else None
        with part.open("ab" if going_on else "wb") as file:
            have = _copy(answer, file.write, have, tell)
    return whole is None or have == whole


def _copy(
    answer: http.client.HTTPResponse, write: Callable[[bytes], int], have: int, tell: Callable[[str], None]
) -> int:
    """Copy what arrives; a connection that breaks leaves what came before it."""
    while True:
        try:
            block = answer.read(_CHUNK)
        except http.client.IncompleteRead as error:
            write(error.partial)
            return have + len(error.partial)
        if not block:
            return have
        write(block)
        if (have + len(block)) // _TELL_EVERY > have // _TELL_EVERY:
            tell(f"{have + len(block):,} bytes read")
        have += len(block)
