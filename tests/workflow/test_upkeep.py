"""A desk in one file and back, byte for byte; and a doctor that finds every kind of damage done to a store."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_folders import BEN, START, build_desk, copy_desk, decide, list_drafts, spoil
from postgres_server import FreshUrl

from conflictdesk.casework import Lock, User
from conflictdesk.errors import ConfigError, StoreError
from conflictdesk.pipeline import Tools
from conflictdesk.workflow.backups import MANIFEST, STORE, back_up, restore, warn_of_environment
from conflictdesk.workflow.desks import OpenDesk, open_desk
from conflictdesk.workflow.history import find_history, write_line
from conflictdesk.workflow.rebuilding import rebuild
from conflictdesk.workflow.upkeep import Finding, examine, list_projections

NOW = dt.datetime(2024, 3, 12, 8, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def built(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = build_desk(tmp_path_factory.mktemp("upkeep") / "desk", tools)
    with open_desk(folder) as desk:
        decide(desk, list_drafts(desk))
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return copy_desk(built, tmp_path / "desk")


@pytest.fixture
def desk(folder: Path) -> Iterator[OpenDesk]:
    with open_desk(folder) as opened:
        yield opened


def read_journal(desk: OpenDesk) -> list[str]:
    with desk.store.reading() as reader:
        return [write_line(decision) for decision in find_history(reader)]


def faults(folder: Path) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(folder) if not finding.ok}


# ---------------------------------------------------------------- backups


def test_a_restored_desk_is_the_same_byte_for_byte(desk: OpenDesk, tmp_path: Path) -> None:
    backup = back_up(desk, tmp_path / "desk.zip", NOW)
    restored = restore(tmp_path / "desk.zip", tmp_path / "elsewhere" / "again")
    assert (restored.seq, restored.hash, restored.made_at) == (8, backup.hash, NOW)
    with open_desk(tmp_path / "elsewhere" / "again") as other:
        assert list_projections(other.store) == list_projections(desk.store)
        assert read_journal(other) == read_journal(desk) != []
        rebuild(other)
        assert list_projections(other.store) == list_projections(desk.store)
        assert other.settings.name == "Test desk"
        decide(other, [])
    assert faults(tmp_path / "elsewhere" / "again") == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk", "desk.zip", "elsewhere"]
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["again"]


def test_no_secret_is_in_a_backup(desk: OpenDesk, tmp_path: Path) -> None:
    with desk.store.writing() as writer:
        writer.put_user(BEN, "$argon2id$of-ben")
        writer.put_session("token-of-ben", BEN.name, NOW + dt.timedelta(days=1))
        writer.put_session("older-token", BEN.name, NOW + dt.timedelta(days=1))
        writer.end_session("older-token")
        writer.take_lock(Lock(article_id="a-locked", by=BEN.name, until=NOW))
    back_up(desk, tmp_path / "desk.zip", NOW)
    with zipfile.ZipFile(tmp_path / "desk.zip") as packed:
        held = b"".join(packed.read(name) for name in packed.namelist())
    for secret in (b"argon2id", b"token-of-ben", b"older-token", b"a-locked"):
        assert secret not in held
    restore(tmp_path / "desk.zip", tmp_path / "again")
    with open_desk(tmp_path / "again") as other, other.store.reading() as reader:
        assert reader.user("ben") == BEN and reader.password_hash("ben") is None


def test_a_backup_never_goes_over_anything(desk: OpenDesk, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_text("mine")
    with pytest.raises(ConfigError, match="is there already"):
        back_up(desk, tmp_path / "there.zip", NOW)
    back_up(desk, tmp_path / "desk.zip", NOW)
    with pytest.raises(ConfigError, match="holds a desk already"):
        restore(tmp_path / "desk.zip", folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(ConfigError, match="holds other things"):
        restore(tmp_path / "desk.zip", tmp_path / "full")
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "desk.zip", tmp_path / "empty")
    assert (tmp_path / "there.zip").read_text() == (tmp_path / "full" / "letter.txt").read_text() == "mine"


def repack(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(file) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    change(held)
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in held.items():
            packed.writestr(name, data)


def change_store(held: dict[str, bytes]) -> None:
    held[STORE] = held[STORE][:5000] + bytes([held[STORE][5000] ^ 1]) + held[STORE][5001:]


def climb(held: dict[str, bytes]) -> None:
    told = json.loads(held[MANIFEST])
    told["files"]["../climbed.toml"] = told["files"]["conflictdesk.toml"]
    held["../climbed.toml"] = held["conflictdesk.toml"]
    held[MANIFEST] = json.dumps(told).encode()


def explode(held: dict[str, bytes]) -> None:
    held["conflictdesk.toml"] += b"#" * 50_000_000


def renumber(held: dict[str, bytes]) -> None:
    held[MANIFEST] = json.dumps({**json.loads(held[MANIFEST]), "seq": 3}).encode()


@pytest.mark.parametrize(
    "harm",
    [
        change_store,
        climb,
        explode,
        renumber,
        lambda held: held.pop(MANIFEST),
        lambda held: held.pop(STORE),
        lambda held: held.update({MANIFEST: b"[]"}),
        lambda held: held.update({MANIFEST: b"{"}),
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    desk: OpenDesk, tmp_path: Path, harm: Callable[[dict[str, bytes]], None]
) -> None:
    (tmp_path / "in").mkdir()
    back_up(desk, tmp_path / "desk.zip", NOW)
    repack(tmp_path / "desk.zip", harm)
    with pytest.raises(StoreError):
        restore(tmp_path / "desk.zip", tmp_path / "in" / "again")
    assert list((tmp_path / "in").iterdir()) == [] and not (tmp_path / "climbed.toml").exists()


def test_half_a_backup_and_no_backup_are_refused(desk: OpenDesk, tmp_path: Path) -> None:
    back_up(desk, tmp_path / "desk.zip", NOW)
    whole = (tmp_path / "desk.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="is no backup or is damaged"):
        restore(tmp_path / "half.zip", tmp_path / "again")
    with pytest.raises(ConfigError, match="no such file"):
        restore(tmp_path / "nowhere.zip", tmp_path / "again")


def test_the_restored_settings_name_the_store_beside_them(folder: Path, tmp_path: Path) -> None:
    toml = folder / "conflictdesk.toml"
    toml.write_text(toml.read_text().replace('store = "store.sqlite"', f'store = "{tmp_path}/far.sqlite"  # far'))
    (folder / "store.sqlite").rename(tmp_path / "far.sqlite")
    with open_desk(folder) as desk:
        back_up(desk, tmp_path / "desk.zip", NOW)
    (tmp_path / "far.sqlite").unlink()
    restore(tmp_path / "desk.zip", tmp_path / "again")
    with open_desk(tmp_path / "again") as other:
        assert len(read_journal(other)) == 8


def test_a_store_named_by_the_environment_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFLICTDESK_STORE_URL", raising=False)
    assert warn_of_environment() is None
    monkeypatch.setenv("CONFLICTDESK_STORE_URL", "postgresql://desk:secret@host/desk")
    told = warn_of_environment()
    assert told and "CONFLICTDESK_STORE_URL is set" in told and "secret" not in told


@pytest.mark.slow
def test_a_desk_on_postgresql_comes_back_as_a_file(
    tools: Tools, postgres: FreshUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFLICTDESK_STORE_URL", postgres())
    folder = build_desk(tmp_path / "desk", tools)
    with open_desk(folder) as desk:
        decide(desk, list_drafts(desk))
        assert desk.store.dialect == "postgresql"
        back_up(desk, tmp_path / "desk.zip", NOW)
        told, journal = list_projections(desk.store), read_journal(desk)
    assert faults(folder) == {}
    restore(tmp_path / "desk.zip", tmp_path / "again")
    monkeypatch.delenv("CONFLICTDESK_STORE_URL")
    with open_desk(tmp_path / "again") as other:
        assert other.store.dialect == "sqlite"
        assert list_projections(other.store) == told and read_journal(other) == journal
    assert faults(tmp_path / "again") == {}


# ---------------------------------------------------------------- the doctor


def test_a_whole_desk_is_well(folder: Path) -> None:
    found = list(examine(folder))
    assert [finding.name for finding in found if not finding.ok] == []
    assert {"settings", "sources", "disk", "store", "journal", "pages", "articles", "quotes", "orphans", "people",
            "file", "projections"} == {finding.name for finding in found}  # fmt: skip
    told = {finding.name: finding.told for finding in found}
    assert told["journal"].startswith("8 decisions") and told["pages"].startswith("4 pages")
    assert told["quotes"].startswith("2 quotes")


def flip_page(folder: Path) -> None:
    with sqlite3.connect(folder / STORE) as store:
        sha256, raw = store.execute("SELECT sha256, raw FROM captures ORDER BY sha256").fetchone()
    store.close()
    body = bytearray(zlib.decompress(raw))
    body[10] ^= 1
    spoil(folder, f"UPDATE captures SET raw = ? WHERE sha256 = '{sha256}'", values=(zlib.compress(bytes(body)),))


def tear_page(folder: Path) -> None:
    spoil(folder, "UPDATE captures SET raw = substr(raw, 1, 20)")


DAMAGE: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a byte of a page": (flip_page, {"pages"}),
    "a page cut short": (tear_page, {"pages"}),
    "what a decision says": (
        lambda f: spoil(f, "UPDATE decisions SET body = replace(body, 'mayor', 'baker') WHERE seq = 2"),
        {"journal"},
    ),
    "who decided": (lambda f: spoil(f, "UPDATE decisions SET \"by\" = 'eve' WHERE seq = 1"), {"journal"}),
    "a decision gone": (lambda f: spoil(f, "DELETE FROM decisions WHERE seq = 7"), {"journal"}),
    "the last decision gone": (lambda f: spoil(f, "DELETE FROM decisions WHERE seq = 8"), {"journal"}),
    "a word of an article": (
        lambda f: spoil(f, "UPDATE articles SET text = replace(text, 'three', 'eight') WHERE external_id = 'mosul'"),
        {"articles", "quotes"},
    ),
    "an article gone": (
        lambda f: spoil(f, "PRAGMA foreign_keys = OFF", "DELETE FROM articles WHERE external_id = 'goma'"),
        {"quotes", "orphans", "file"},
    ),
    "mentions gone": (
        lambda f: spoil(f, "DELETE FROM mentions WHERE article_id IN (SELECT article_id FROM decisions)"),
        {"orphans", "projections"},
    ),
    "an event gone": (lambda f: spoil(f, "DELETE FROM events WHERE event_id > 'e-8'"), {"projections"}),
    "an event changed": (
        lambda f: spoil(f, "UPDATE events SET body = replace(body, '\"best\":4', '\"best\":9')"),
        {"projections"},
    ),
    "a row of the queue gone": (lambda f: spoil(f, "DELETE FROM cases WHERE status <> 'x'"), {"projections"}),
    "a tombstone gone": (lambda f: spoil(f, "DELETE FROM tombstones"), {"projections"}),
    "the way from incidents to events": (lambda f: spoil(f, "DELETE FROM event_mentions"), {"projections"}),
    "the actors of events": (lambda f: spoil(f, "DELETE FROM event_actors"), {"projections"}),
    "a count of the queue": (lambda f: spoil(f, "UPDATE counters SET n = n + 1"), {"projections"}),
    "a count of actors": (lambda f: spoil(f, "UPDATE actors SET events = events + 1"), {"projections"}),
    "who had a hand in an article": (lambda f: spoil(f, "DELETE FROM case_hands"), {"projections"}),
    "the tables of another version": (lambda f: spoil(f, "UPDATE alembic_version SET version_num = '9999'"), {"store"}),
    "no store": (lambda f: (f / STORE).unlink(), {"store"}),
    "a store that is none": (lambda f: (f / STORE).write_bytes(b"no database" * 999), {"store"}),
    "settings": (lambda f: (f / "conflictdesk.toml").write_text("[desk]\nnmae = 1\n"), {"settings"}),
    "a source": (lambda f: (f / "sources" / "x.toml").write_text("id = 1\n"), {"sources"}),
}


@pytest.mark.parametrize("harm", DAMAGE)
def test_the_doctor_finds_every_kind_of_damage(folder: Path, harm: str) -> None:
    inflict, wanted = DAMAGE[harm]
    inflict(folder)
    found = faults(folder)
    assert wanted <= set(found), found
    assert not {"disk", "people"} & set(found)
    assert all(finding.mend for finding in found.values())


def test_what_can_be_built_again_is_mended_by_a_rebuild(folder: Path) -> None:
    with open_desk(folder) as desk:
        before = list_projections(desk.store)
    spoil(folder, "DELETE FROM events", "DELETE FROM cases", "DELETE FROM tombstones")
    assert "doctor --rebuild" in str(faults(folder)["projections"].mend)
    with open_desk(folder) as desk:
        rebuild(desk)
        assert list_projections(desk.store) == before
    assert faults(folder) == {}


def test_a_desk_without_a_lead_is_told_of(desk: OpenDesk, folder: Path) -> None:
    with desk.store.writing() as writer:
        writer.put_user(User(name="ana", role="coder"))
    assert set(faults(folder)) == {"people"}


def test_the_doctor_changes_nothing(folder: Path, desk: OpenDesk) -> None:
    before, names = list_projections(desk.store), sorted(path.name for path in folder.iterdir())
    list(examine(folder))
    assert list_projections(desk.store) == before
    assert sorted(path.name for path in folder.iterdir()) == names and START < NOW
