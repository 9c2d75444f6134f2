"""A desk in one file, and back: a zip with the store, the settings and the sources, and the SHA-256 of each."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conflictdesk.errors import ConfigError, StoreError
from conflictdesk.store.copying import drop_secrets
from conflictdesk.store.opening import open_store
from conflictdesk.workflow.desks import OpenDesk
from conflictdesk.workflow.settings import FILE, SOURCES, STORE_VARIABLE

FORMAT: Final = "conflictdesk backup 1"
MANIFEST: Final = "manifest.json"
STORE: Final = "store.sqlite"
README: Final = "README.txt"
_LIKELY: Final = re.compile(rf"{re.escape(STORE)}|{re.escape(FILE)}|{re.escape(README)}|{SOURCES}/[^/\\\0]{{1,200}}")
_LONGEST_MANIFEST: Final = 10_000_000
_CHUNK: Final = 1 << 20
_FULL: Final = "make room or name another place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds: the journal's last number and hash, rows by table, bytes and SHA-256 of each file."""

    made_at: dt.datetime
    seq: int
    hash: str
    rows: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]


def back_up(desk: OpenDesk, target: Path, now: dt.datetime) -> Backup:
    """Write the desk as it is at one moment into one file. Work may go on meanwhile.

    Sessions and passwords stay out: who has the file cannot sign in with it. A store on PostgreSQL is copied too, and
    comes back as a file.

    Raises:
        ConfigError: there is a file of that name.
        StoreError: the store cannot be read or the file not be written; nothing is left behind then.
    """
    if os.path.lexists(target):
        raise ConfigError(f"{target} is there already: name a new file, a backup never goes over another")
    with _telling(target), _scratch(target.absolute().parent) as scratch:
        desk.store.copy_to(scratch / STORE)
        seq, last, rows = _clean_copy(scratch / STORE)
        parts = {STORE: scratch / STORE, FILE: desk.folder / FILE}
        parts |= {
            f"{SOURCES}/{path.name}": path for path in sorted((desk.folder / SOURCES).glob("*")) if path.is_file()
        }
        files = {name: (path.stat().st_size, _hash_file(path)) for name, path in parts.items()}
        backup = Backup(made_at=now, seq=seq, hash=last, rows=rows, files=files)
        part = scratch / "backup.zip"
        _pack(part, parts, backup)
        # A link never goes over a file that somebody else made meanwhile.
        os.link(part, target)
    return backup


def _clean_copy(path: Path) -> tuple[int, str, Mapping[str, int]]:
    """Take sessions and passwords out of a copy; what it holds."""
    drop_secrets(path)
    with open_store(f"sqlite:///{path.absolute()}") as store, store.reading() as reader:
        return (*reader.head(), reader.count_rows())


def _pack(part: Path, parts: Mapping[str, Path], backup: Backup) -> None:
    told = {
        "format": FORMAT,
        "made_at": backup.made_at.isoformat(),
        "seq": backup.seq,
        "hash": backup.hash,
        "rows": dict(backup.rows),
        "files": {name: {"bytes": size, "sha256": digest} for name, (size, digest) in backup.files.items()},
    }
    with zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        packed.writestr(MANIFEST, json.dumps(told, indent=1, ensure_ascii=False))
        for name, path in parts.items():
            packed.write(path, name)
    with part.open("rb+") as written:
        os.fsync(written.fileno())


# ---------------------------------------------------------------- back


def restore(file: Path, folder: Path) -> Backup:
    """Make a desk in `folder` of a backup, and see that all of it is whole before it takes that name.

    The store is a file in the folder, wherever it was before. Users need new passwords.

    Raises:
        ConfigError: the folder holds something, or the file is no backup.
        StoreError: the backup is damaged, or the folder cannot be written; nothing is left behind then.
    """
    _check_goal(folder)
    with _telling(folder), _scratch(folder.absolute().parent) as scratch:
        backup = _unpack(file, scratch)
        _point_at_file(scratch / FILE)
        _check_store(scratch / STORE, backup)
        scratch.chmod(0o777 & ~_read_umask())
        # Takes the place of an empty folder, and of nothing else.
        scratch.rename(folder.absolute())
    return backup


def _check_goal(folder: Path) -> None:
    if (folder / FILE).exists():
        raise ConfigError(f"{folder} holds a desk already: restore never goes over one, name a new folder")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} holds other things: name a new or empty folder")


def _unpack(file: Path, scratch: Path) -> Backup:
    try:
        with zipfile.ZipFile(file) as packed:
            backup = _read_manifest(packed)
            for name, (size, digest) in backup.files.items():
                _unpack_file(packed, name, scratch / name, (size, digest))
            return backup
    except FileNotFoundError:
        raise ConfigError(f"{file}: there is no such file; check the spelling") from None
    except (zipfile.BadZipFile, EOFError, KeyError, ValueError, TypeError, NotImplementedError, RuntimeError) as error:
        raise StoreError(f"{file} is no backup or is damaged ({error}): take another one") from None


def _read_manifest(packed: zipfile.ZipFile) -> Backup:
    if packed.getinfo(MANIFEST).file_size > _LONGEST_MANIFEST:
        raise ValueError("its list of files is too long")
    told = json.loads(packed.read(MANIFEST))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ValueError("it was not made by `conflictdesk backup`, or by a newer one")
    files = {str(name): (int(part["bytes"]), str(part["sha256"])) for name, part in told["files"].items()}
    strange = [name for name in files if not _LIKELY.fullmatch(name) or Path(name).name in (".", "..")]
    if strange or not {STORE, FILE} <= set(files):
        raise ValueError(f"it names files that belong into no desk: {strange}" if strange else "it holds no store")
    made_at = dt.datetime.fromisoformat(told["made_at"])
    rows = {str(name): int(number) for name, number in told["rows"].items()}
    return Backup(made_at=made_at, seq=int(told["seq"]), hash=str(told["hash"]), rows=rows, files=files)


def _unpack_file(packed: zipfile.ZipFile, name: str, goal: Path, told: tuple[int, str]) -> None:
    """One file, never more bytes than the list says, whatever the archive says."""
    goal.parent.mkdir(exist_ok=True)
    digest, left = hashlib.sha256(), told[0]
    with packed.open(name) as source, goal.open("xb") as out:
        while chunk := source.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if left != 0 or digest.hexdigest() != told[1]:
        raise ValueError(f"{name} is not what was packed")


def _point_at_file(path: Path) -> None:
    """Let the settings name the store beside them, wherever it was."""
    text = path.read_text("utf-8")
    line = re.search(r'^[ \t]*store[ \t]*=[ \t]*("[^"\n]*"|\'[^\'\n]*\')[^\n]*$', text, re.MULTILINE)
    if line is None or line[1].strip("\"'") == STORE:
        return
    changed = f'store = "{STORE}"  # before it was restored: {line[1]}'
    path.write_text(text[: line.start()] + changed + text[line.end() :], "utf-8")


def _check_store(path: Path, backup: Backup) -> None:
    with open_store(f"sqlite:///{path.absolute()}") as store, store.reading() as reader:
        if wrong := reader.verify_chain():
            raise StoreError(f"the backup's journal is not whole: {wrong}; take another backup")
        if reader.head() != (backup.seq, backup.hash) or dict(reader.count_rows()) != dict(backup.rows):
            raise StoreError("the backup's store is not the one that was packed: take another backup")


# ---------------------------------------------------------------- files


def _hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _scratch(above: Path) -> Iterator[Path]:
    """A folder beside the goal, on the same disk, readable by its owner alone; gone afterwards."""
    above.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".conflictdesk-", dir=above))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _telling(goal: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{goal} cannot be written: {error.strerror or error}; {_FULL}") from error


def warn_of_environment() -> str | None:
    """What to know where the environment names a store: it goes before the one that a desk's settings name."""
    if os.environ.get(STORE_VARIABLE):
        return f"{STORE_VARIABLE} is set: every desk opens that store, not the restored one; unset it"
    return None
