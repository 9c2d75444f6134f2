"""Archives: pages come out as they went in, nothing leaves the archive, and a bomb costs little."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdesk.ingest.archives import ArchiveLimits, Member, judge_name, read_archive
from conflictdesk.ingest.pages import fetch_pages
from conflictdesk.records import Page, Problem

TEXT = b"Market shelled in Karvan\n\nThree traders died on Tuesday, the mayor of the town said.\n"
FILES = {"b/two.html": b"<p>" + TEXT + b"</p>", "one.txt": TEXT, "style.css": b"p {}", ".hidden.txt": TEXT}

Pack = Callable[[Mapping[str, bytes]], bytes]


def pack_zip(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return held.getvalue()


def pack_tar(files: Mapping[str, bytes], mode: str = "w", style: int = tarfile.PAX_FORMAT) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode, format=style) as archive:  # type: ignore[call-overload]
        for name, body in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return held.getvalue()


PACKS: dict[str, Pack] = {
    "news.zip": pack_zip,
    "news.tar": pack_tar,
    "gnu.tar": lambda files: pack_tar(files, style=tarfile.GNU_FORMAT),
    "ustar.tar": lambda files: pack_tar(files, style=tarfile.USTAR_FORMAT),
    "news.tar.gz": lambda files: pack_tar(files, "w:gz"),
    "news.tgz": lambda files: pack_tar(files, "w:gz"),
    "news.tar.bz2": lambda files: pack_tar(files, "w:bz2"),
}


def read(data: bytes | Path, limits: ArchiveLimits | None = None) -> tuple[dict[str, bytes], list[Problem]]:
    items = list(read_archive(data, "news.zip", limits))
    told = [item for item in items if isinstance(item, Problem)]
    assert all(problem.stage == "ingest" and problem.subject.startswith("news.zip") for problem in told)
    return {item.name: item.body for item in items if isinstance(item, Member)}, told


def kinds(problems: list[Problem]) -> list[str]:
    return [problem.kind for problem in problems]


@pytest.mark.parametrize("name", PACKS)
def test_pages_come_out_as_they_went_in_and_through_fetch_pages(tmp_path: Path, name: str) -> None:
    data = PACKS[name](FILES)
    assert read(data) == ({"b/two.html": FILES["b/two.html"], "one.txt": TEXT}, [])
    path = tmp_path / "in" / name
    path.parent.mkdir()
    path.write_bytes(data)
    before = sorted(os.walk(tmp_path))
    for given_path in (path, path.parent):
        records = list(fetch_pages([given_path]))
        assert [(r.file, r.external_id, r.media_type) for r in records if isinstance(r, Page)] == [
            (f"{path.as_posix()}/b/two.html", "two", "text/html"),
            (f"{path.as_posix()}/one.txt", "one", "text/plain"),
        ]
        assert len(records) == 2
    assert sorted(os.walk(tmp_path)) == before


def test_tables_and_packed_pages_in_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "mixed.zip"
    rows = b'{"id": "x", "text": "Shells fell near Karvan."}\n{broken\n'
    files = {
        "t.jsonl": rows,
        "p.txt.gz": gzip.compress(TEXT),
        "cut.txt.gz": gzip.compress(TEXT * 9)[:-9],
        "e.txt": b" ",
    }
    path.write_bytes(pack_zip(files))
    records = list(fetch_pages([path]))
    assert [r.external_id for r in records if isinstance(r, Page)] == ["x", "p"]
    told = [(r.file, r.kind, r.line) for r in records if isinstance(r, Problem)]
    assert told == [
        (f"{path.as_posix()}/t.jsonl", "broken-json", 2),
        (f"{path.as_posix()}/cut.txt.gz", "broken-gzip", None),
        (f"{path.as_posix()}/e.txt", "empty", None),
    ]


UNSAFE = ("../up.txt", "a/../../up.txt", "/etc/abs.txt", "C:\\win.txt", "..\\up.txt", "a\\..\\b.txt", "\\\\host\\s.txt")


@pytest.mark.parametrize("pack", [pack_zip, pack_tar])
def test_names_that_lead_outside_are_refused_and_the_rest_is_read(pack: Pack) -> None:
    members, told = read(pack({**dict.fromkeys(UNSAFE, TEXT), "good.txt": TEXT}))
    assert members == {"good.txt": TEXT}
    assert kinds(told) == ["unsafe-name"] * len(UNSAFE)


SAFE_PARTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
NAMES = st.one_of(
    SAFE_PARTS, st.lists(st.sampled_from(["..", ".", "", "a", "b.txt", "C:", "\\", "\x00", "é.txt", "/"]))
).map(lambda made: made if isinstance(made, str) else "/".join(made))


@given(st.lists(NAMES.map(lambda name: name + ".txt"), max_size=6, unique=True), st.sampled_from(sorted(PACKS)))
def test_no_name_ever_leads_out(names: list[str], kind: str) -> None:
    try:
        data = PACKS[kind](dict.fromkeys(names, TEXT))
    except (ValueError, IndexError):
        return  # the packers of Python cannot write every name
    members, told = read(data)
    for name, body in members.items():
        assert body == TEXT and not name.startswith("/") and ".." not in name.split("/") and "\\" not in name
        assert Path("/top", name).resolve().is_relative_to("/top")
    plain = {name.replace("\\", "/") for name in names if judge_name(name) is None}
    wanted = {"/".join(part for part in name.split("/") if part not in ("", ".")) for name in plain}
    shown = {n for n in wanted if not any(part[0] == "." or part == "__MACOSX" for part in n.split("/"))}
    assert shown <= set(members)
    unsafe = [name for name in names if judge_name(name) and "\0" not in name]
    assert kinds(told).count("unsafe-name") >= len(unsafe)


@given(
    st.dictionaries(
        st.from_regex(r"[a-zé][a-z0-9 é/]{0,150}[a-z]\.txt", fullmatch=True), st.binary(max_size=2000), max_size=5
    )
)
def test_tar_and_zip_of_any_pages_are_read_whole(files: dict[str, bytes]) -> None:
    wanted: dict[str, bytes] = {}
    for name, body in files.items():
        wanted.setdefault("/".join(part for part in name.split("/") if part), body)
    for kind in ("news.zip", "news.tar", "gnu.tar", "news.tar.gz"):
        assert read(PACKS[kind](files))[0] == wanted


def test_links_devices_and_locked_files_are_refused() -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"x{kind.decode()}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        folder = tarfile.TarInfo("sub")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        good = tarfile.TarInfo("good.txt")
        good.size = len(TEXT)
        archive.addfile(good, io.BytesIO(TEXT))
    members, told = read(held.getvalue())
    assert members == {"good.txt": TEXT} and kinds(told) == ["link", "link", "device", "device", "device"]

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, mode in (("link.txt", 0o120777), ("pipe.txt", 0o010644), ("good.txt", 0o100644)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            packed.writestr(entry, TEXT)
        packed.writestr("rare.txt", TEXT, zipfile.ZIP_LZMA)
    members, told = read(held.getvalue())
    assert members == {"good.txt": TEXT} and kinds(told) == ["link", "device", "unknown-packing"]
    locked = bytearray(pack_zip({"a.txt": TEXT}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert kinds(read(bytes(locked))[1]) == ["encrypted"]


@pytest.mark.parametrize("pack", [pack_zip, pack_tar])
def test_archives_in_an_archive_and_names_met_twice(pack: Pack) -> None:
    inner = dict.fromkeys(("in.zip", "in.tar.gz", "in.tgz", "in.7z", "a/in.rar", "in.tar.xz"), b"x")
    members, told = read(pack({**inner, "a.txt": TEXT, "./a.txt": b"other"}))
    assert members == {"a.txt": TEXT} and kinds(told) == ["nested-archive"] * 6 + ["given-twice"]


# ---------------------------------------------------------------- bombs

BOMB = b"a" * 60_000_000


@pytest.mark.parametrize("name", ["news.zip", "news.tar.gz", "news.tar.bz2"])
def test_a_bomb_is_left_and_the_pages_before_it_are_kept(name: str) -> None:
    data = PACKS[name]({"a.txt": TEXT, "bomb.txt": BOMB, "z.txt": TEXT})
    begun = time.monotonic()
    tracemalloc.start()
    members, told = read(data, ArchiveLimits(member_bytes=100_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert members == {"a.txt": TEXT} and kinds(told) == ["bomb"]
    assert time.monotonic() - begun < 5 and peak < 40_000_000


@pytest.mark.parametrize("name", PACKS)
def test_each_bound_holds(name: str) -> None:
    files = {f"{n}.txt": os.urandom(5_000).hex().encode() for n in range(5)}
    data = PACKS[name](files)
    members, told = read(data, ArchiveLimits(members=3))
    assert len(members) == 3 and kinds(told) == ["bomb"]
    members, told = read(data, ArchiveLimits(total_bytes=34_000))
    assert 2 <= len(members) <= 3 and kinds(told) == ["bomb"]
    members, told = read(
        PACKS[name]({**files, "big.txt": b"x" * 20_000, "z.txt": TEXT}), ArchiveLimits(member_bytes=15_000)
    )
    assert list(members) == [*files, "z.txt"] and kinds(told) == ["too-large"]


def test_files_that_overlap_in_a_zip_count_each_time() -> None:
    kernel = pack_zip({"a.txt": b"a" * 2_000_000})
    at, end = kernel.index(b"PK\x01\x02"), bytearray(kernel[-22:])
    entries = kernel[at:-22] * 5000
    struct.pack_into("<HHII", end, 8, 5000, 5000, len(entries), at)
    begun = time.monotonic()
    members, told = read(kernel[:at] + entries + bytes(end))
    assert list(members) == ["a.txt"] and kinds(told)[-1] == "bomb" and len(told) < 40
    assert time.monotonic() - begun < 5


def test_a_zip_whose_list_is_too_long_is_not_taken_to_memory() -> None:
    data = bytearray(pack_zip({"a.txt": TEXT}))
    struct.pack_into("<I", data, len(data) - 10, 900_000_000)
    assert kinds(read(bytes(data))[1]) == ["bomb"]


@pytest.mark.parametrize("name", PACKS)
def test_damaged_archives_are_told_and_never_an_error(tmp_path: Path, name: str) -> None:
    data = PACKS[name]({f"{n}.txt": os.urandom(3_000).hex().encode() for n in range(9)})
    for cut in (len(data) // 2, len(data) - 30_000 if len(data) > 60_000 else 200, 40):
        members, told = read(data[:cut])
        assert len(members) < 9 and len(told) == 1
    path = tmp_path / name
    path.write_bytes(data[: len(data) // 2])
    assert [r.kind for r in fetch_pages([path]) if isinstance(r, Problem)][-1].startswith("broken-")
    assert kinds(read(PACKS[name]({"a.css": b"x"}))[1]) == ["empty-archive"]


def test_what_is_no_archive(tmp_path: Path) -> None:
    for content in (b"", b"plain words", b"\x00" * 600, b"Rar!\x1a\x07\x00", b"\xfd7zXZ\x00"):
        assert kinds(read(content)[1]) == ["unknown-archive"]
    assert kinds(read(gzip.compress(TEXT))[1]) == ["broken-archive"]
    assert kinds(read(tmp_path / "gone.zip")[1]) == ["unreadable"]
    os.mkfifo(tmp_path / "pipe.zip")
    assert [r.kind for r in fetch_pages([tmp_path / "pipe.zip"]) if isinstance(r, Problem)] == ["unreadable"]


@given(st.sampled_from(sorted(PACKS)), st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), max_size=12))
def test_any_damage_gives_records(name: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(PACKS[name](FILES))
    for at, byte in changes:
        data[at % len(data)] = byte
    members, told = read(bytes(data))
    assert members or told


@pytest.mark.parametrize("kind", [b"x", b"g", b"L"])
def test_a_header_of_great_length_is_not_taken_to_memory(kind: bytes) -> None:
    info = tarfile.TarInfo("h")
    info.type, info.size = kind, 100_000_000
    data = gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + b"1" * 100_000_000, 1)
    begun = time.monotonic()
    assert kinds(read(data)[1]) == ["broken-archive"]
    assert time.monotonic() - begun < 2


def test_pages_are_streamed(tmp_path: Path) -> None:
    path = tmp_path / "many.tar.gz"
    path.write_bytes(pack_tar({f"{n}.txt": os.urandom(500_000) for n in range(40)}, "w:gz"))
    tracemalloc.start()
    count = sum(1 for item in read_archive(path) if isinstance(item, Member))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40 and peak < 5_000_000
