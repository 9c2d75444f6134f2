"""Files, folders and standard input become Pages; whatever cannot becomes a Problem that says where and why."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdesk.ingest.pages import Limits, fetch_pages
from conflictdesk.records import Page, Problem

TEXT = "Market shelled in Karvan\n\nThree traders died on Tuesday, the mayor of the town said.\n"


def fetch(*paths: Path | str, stdin: bytes = b"", limits: Limits | None = None) -> tuple[list[Page], list[Problem]]:
    records = list(fetch_pages(paths, stdin=io.BytesIO(stdin), limits=limits))
    return [r for r in records if isinstance(r, Page)], [r for r in records if isinstance(r, Problem)]


def kinds(problems: list[Problem]) -> list[str]:
    return [problem.kind for problem in problems]


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_each_kind_of_file_is_read_packed_or_not(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", TEXT)
    put(tmp_path / "b.html", f"<html><body><p>{TEXT}</p></body></html>")
    put(tmp_path / "c.HTM.gz", gzip.compress(f"<p>{TEXT}</p>".encode()))
    put(
        tmp_path / "d.jsonl",
        json.dumps({"id": "one", "text": TEXT, "title": " T "}) + "\n\n" + json.dumps({"html": TEXT}),
    )
    put(tmp_path / "e.jsonl.gz", gzip.compress(json.dumps({"id": 7, "text": TEXT}).encode()))
    pages, problems = fetch(tmp_path)
    assert problems == []
    assert [(p.external_id, p.media_type, p.line) for p in pages] == [
        ("a", "text/plain", None),
        ("b", "text/html", None),
        ("c", "text/html", None),
        ("one", "text/plain", 1),
        ("d-L3", "text/html", 3),
        ("7", "text/plain", 1),
    ]
    assert pages[3].title == "T" and pages[0].body.decode() == TEXT
    assert pages[0].file == (tmp_path / "a.txt").as_posix()


def test_folders_are_read_to_their_depths_without_hidden_files_and_loops(tmp_path: Path) -> None:
    put(tmp_path / "b" / "deep.txt", TEXT)
    put(tmp_path / "a.txt", TEXT)
    put(tmp_path / ".hidden.txt", TEXT)
    put(tmp_path / ".git" / "x.txt", TEXT)
    put(tmp_path / "readme.md", TEXT)
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    pages, problems = fetch(tmp_path)
    assert [p.external_id for p in pages] == ["a", "deep"] and problems == []


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "empty"),
        ("blank.jsonl", b"\n \n", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        ("noise.html", bytes(range(256)) * 20, "binary"),
        ("cut.txt.gz", gzip.compress(TEXT.encode() * 50)[:-12], "broken-gzip"),
        ("damaged.jsonl.gz", b"\x1f\x8b" + b"junk" * 30, "broken-gzip"),
        ("long.txt", "word " * 300_000, "line-too-long"),
        ("notes.pdf", b"x", "unknown-suffix"),
    ],
)
def test_bad_files_are_problems_with_file_and_reason(
    tmp_path: Path, name: str, content: str | bytes, kind: str
) -> None:
    path = put(tmp_path / name, content)
    good = put(tmp_path / "good.txt", TEXT)
    pages, problems = fetch(path, good)
    assert [p.external_id for p in pages] == ["good"]
    assert kinds(problems) == [kind]
    assert problems[0].file == path.as_posix() and problems[0].stage == "ingest" and problems[0].detail.endswith(".")


def test_missing_and_unreadable_things_are_problems(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "none").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    pages, problems = fetch(
        tmp_path / "no.txt", tmp_path / "gone.txt", tmp_path / "none", tmp_path / "pipe.txt", "a\0b"
    )
    assert pages == []
    assert sorted(kinds(problems)) == ["empty-folder", "not-found", "not-found", "not-found", "unreadable"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_the_right_to_read_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path / "shut" / "a.txt", TEXT)
    (tmp_path / "shut").chmod(0)
    try:
        assert kinds(fetch(tmp_path)[1]) == ["unreadable"]
    finally:
        (tmp_path / "shut").chmod(0o700)


def test_broken_lines_of_a_table_are_told_by_number_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": "a", "text": TEXT}),
        "[1, 2]",
        '{"title": "no text"}',
        '{"text": 5}',
        json.dumps({"id": "b", "text": TEXT, "html": "<p>x</p>", "url": 3, "published": "2024-03-12"}),
        '{"text": "  "}',
        '{"id": "c", "text": "broken',
        '{"id": true, "text": "Two bridges near Karvan were closed."}',
        "[" * 100_000,
        '{"id": "d", "text": "A half \\ud800 and a whole \\ud83d\\ude00 sign."}',
        '{"id": "e", "text": "NUL \\u0000 inside the text of a line."}',
    ]
    path = put(tmp_path / "t.jsonl", "\ufeff" + "\r\n".join(rows))
    pages, problems = fetch(path)
    assert [p.external_id for p in pages] == ["a", "b", "t-L8", "d", "e"]
    assert [(p.line, p.kind) for p in problems] == [
        (2, "not-an-object"),
        (3, "no-text"),
        (4, "wrong-type"),
        (5, "text-and-html"),
        (5, "wrong-type"),
        (6, "empty"),
        (7, "broken-json"),
        (8, "wrong-type"),
        (9, "broken-json"),
        (10, "broken-characters"),
        (11, "nul-removed"),
    ]
    assert pages[1].published == "2024-03-12" and pages[1].url is None
    assert pages[3].body.decode() == "A half \ufffd and a whole \U0001f600 sign."


def test_lines_before_the_break_of_a_packed_table_are_read(tmp_path: Path) -> None:
    rows = b"".join(json.dumps({"id": n, "text": TEXT + os.urandom(40).hex()}).encode() + b"\n" for n in range(2000))
    path = put(tmp_path / "t.jsonl.gz", gzip.compress(rows)[:-2000])
    pages, problems = fetch(path)
    assert len(pages) > 1000 and kinds(problems)[-1] == "broken-gzip"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "Résumé of the siege: “Żółw” fell".encode("utf-8-sig")),
        ("a.txt", "Résumé of the siege: “Żółw” fell".encode("utf-16")),
        ("a.html", "<meta charset=iso-8859-2><p>Résumé of the siege: Żółw fell</p>".encode("iso-8859-2")),
        ("a.html", "<?xml version='1.0' encoding='windows-1251'?><p>Жители Карвана</p>".encode("cp1251")),
        ("a.txt", ("The siege of Karvan, he said, “was over”. " * 3).encode("cp1252")),
        ("a.txt", "Plain words about the siege".encode("utf-16-le")),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, name: str, content: bytes) -> None:
    pages, problems = fetch(put(tmp_path / name, content))
    text = pages[0].body.decode()
    assert problems == [] and "\ufffd" not in text
    assert any(word in text for word in ("Résumé", "Жители", "“was over”", "Plain words")) and not text.startswith(
        "\ufeff"
    )


def test_what_is_too_much_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path / "big.txt", TEXT * 3)
    put(tmp_path / "bomb.txt.gz", gzip.compress(b"a b\n" * 500_000))
    put(
        tmp_path / "t.jsonl", json.dumps({"text": "x" * 900}) + "\n" + json.dumps({"id": "ok", "text": "Short."}) + "\n"
    )
    small = Limits(file_bytes=100_000, line_bytes=500, characters=100)
    pages, problems = fetch(tmp_path, limits=small)
    assert [p.external_id for p in pages] == ["ok"]
    assert [(Path(p.file or "").name, p.kind, p.line) for p in problems] == [
        ("big.txt", "too-large", None),
        ("bomb.txt.gz", "too-large", None),
        ("t.jsonl", "line-too-long", 1),
    ]
    assert kinds(fetch(tmp_path / "t.jsonl", limits=Limits(table_bytes=10))[1])[-1] == "too-large"


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
@pytest.mark.parametrize(
    ("content", "media", "external"),
    [
        (TEXT.encode(), "text/plain", "stdin"),
        (b"<!doctype html><p>Shells fell.</p>", "text/html", "stdin"),
        (b'{"id": "k", "text": "Shells fell."}\n{bro', "text/plain", "k"),
    ],
)
def test_standard_input_is_known_by_its_looks(content: bytes, media: str, external: str, pack) -> None:  # type: ignore[no-untyped-def]
    pages, _ = fetch("-", stdin=pack(content))
    assert [(p.media_type, p.external_id, p.file) for p in pages] == [(media, external, "-")]
    assert kinds(fetch("-", stdin=b"")[1]) == ["empty"]


def test_ids_are_unique_and_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    one, two = put(tmp_path / "a" / "x.txt", TEXT), put(tmp_path / "b" / "x.txt", TEXT + "More.")
    pages, problems = fetch(one, two)
    assert [p.external_id for p in pages] == ["x", "x~2"] and kinds(problems) == ["duplicate-id"]
    assert fetch(two, one) == (pages, problems)
    assert pages[0].page_id != pages[1].page_id
    (tmp_path / "c.txt").symlink_to(one)
    assert kinds(fetch(one, tmp_path / "c.txt")[1]) == ["given-twice"]


def test_documents_are_streamed(tmp_path: Path) -> None:
    path = put(tmp_path / "t.jsonl", "\n".join(json.dumps({"text": f"Report {n} of the day."}) for n in range(50)))
    records = fetch_pages([path])
    assert isinstance(next(records), Page)
    path.write_text("")
    assert len(list(records)) == 49  # already buffered; the rest was never asked for before


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["x.txt", "x.html", "x.jsonl", "x.txt.gz", "x.jsonl.gz"]))
def test_any_bytes_give_a_record_and_never_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = put(tmp_path_factory.mktemp("any") / name, data)
    pages, problems = fetch(path)
    assert pages or problems
    for page in pages:
        page.body.decode("utf-8")
    more, told = fetch("-", stdin=data)
    assert more or told


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["text", "id", "html", "title"]) | st.text(), x),
    )
)
def test_any_json_gives_a_record(value: object) -> None:
    pages, problems = fetch("-", stdin=b'{"text": "The first line."}\n' + json.dumps(value).encode())
    assert len(pages) + len(problems) >= 2 and all(problem.line in (None, 2) for problem in problems)
