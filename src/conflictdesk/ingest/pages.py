"""The door of `ingest`: files, folders and standard input become Pages, and whatever cannot becomes a Problem."""

from __future__ import annotations

import io
import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from conflictdesk.ingest.archives import read_archive
from conflictdesk.ingest.decoding import Decoded, decode, mend
from conflictdesk.ingest.files import (
    READ_ERRORS,
    Found,
    Rejoined,
    explain,
    list_files,
    name_kind,
    open_file,
    peek,
    refuse,
    undo_gzip,
)
from conflictdesk.ingest.tables import Row, read_row
from conflictdesk.records import MediaType, Page, Problem, hash_id
from conflictdesk.seams import Fetched

MARKUP = re.compile(r"\s*(?:<!doctype|<html|<head|<body|<\?xml|<!--|<article|<div|<p[ >])", re.IGNORECASE)
SNIFFED = 65_536
WEB_PAGES = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is too much: bytes are counted after gzip is undone, characters after decoding.

    `file_bytes` bounds a .txt or .html file, `table_bytes` a whole .jsonl file, `line_bytes` one of its lines;
    `characters` bounds a document, `paragraph` the characters between two line ends of a plain text.
    """

    file_bytes: int = 20_000_000
    table_bytes: int = 20_000_000_000
    line_bytes: int = 20_000_000
    characters: int = 5_000_000
    paragraph: int = 100_000


def fetch_pages(
    paths: Sequence[Path | str],
    *,
    stdin: BinaryIO | None = None,
    limits: Limits | None = None,
    leave_out: Path | None = None,
) -> Iterator[Page | Problem]:
    """Every document behind `paths` as a Page, its body in UTF-8, or as a Problem; one document in memory at a time.

    `paths` are files and folders of .txt .html .htm .jsonl, each also .gz, and archives of them (.zip .tar .tar.gz .tgz
    .tar.bz2; a page in one is called "news.zip/a/b.html"); "-" is standard input (`stdin`, else the
    process's own): .jsonl when its first line is a JSON object, .html when it looks like markup, else text.
    Every file and every non-empty line of a .jsonl gives at least one record. The order of `paths` does not matter.
    External ids are made unique ("x", "x~2") with a Problem `duplicate-id`. The folder `leave_out` is passed over.
    """
    bounds = limits or Limits()
    used: set[str] = set()
    for item in itertools.chain(
        list_files([path for path in paths if str(path) != "-"], leave_out),
        [Found(Path("-"), "-", "stdin", "stdin")] if any(str(path) == "-" for path in paths) else [],
    ):
        if isinstance(item, Problem):
            yield item
            continue
        for record in _read_file(item, stdin, bounds):
            yield from [record] if isinstance(record, Problem) else _make_unique(record, used)


def read_fetched(
    fetched: Fetched, *, title: str | None = None, published: str | None = None, limits: Limits | None = None
) -> Iterator[Page | Problem]:
    """A page that came from the web as a Page, with what a feed said of it; its file and url are the final address.

    Its external id is the last part of the address. A feed or another thing that is no page is a Problem.
    """
    bounds = limits or Limits()
    url = fetched.final_url
    if fetched.media_type not in WEB_PAGES:
        yield refuse(url, "no-page", f"The address gives {fetched.media_type}, not a page; add it as a feed instead.")
        return
    is_html = fetched.media_type != "text/plain"
    decoded = decode(fetched.body, declared=is_html, charset=fetched.charset)
    if len(fetched.body) > bounds.file_bytes or decoded is None:
        kind = "binary" if decoded is None else "too-large"
        yield refuse(url, kind, f"The page is no readable text, or more than {bounds.file_bytes:,} bytes; it was left.")
        return
    address = urlsplit(url)
    stem = PurePath(unquote(address.path)).stem or address.hostname or "page"
    found = Found(Path("web"), url, "html" if is_html else "text", stem)
    for item in _make_page(found, decoded, "text/html" if is_html else "text/plain", None, bounds):
        if isinstance(item, Page):
            named = hash_id("p", item.page_id, url)
            item = replace(item, page_id=named, url=url, title=_plain(title), published=_plain(published))
        yield item


def _read_file(found: Found, stdin: BinaryIO | None, limits: Limits) -> Iterator[Page | Problem]:
    try:
        if found.kind == "stdin":
            stream = Rejoined(undo_gzip(Rejoined(stdin if stdin is not None else sys.stdin.buffer)))
            found = Found(found.path, found.name, _sniff(peek(stream, SNIFFED)), found.stem)
            yield from _read_stream(found, stream, limits)
            return
        if found.kind == "archive":
            yield from _read_archive(found, limits)
            return
        with open_file(found) as opened:
            yield from _read_stream(found, opened, limits)
    except READ_ERRORS as error:
        yield refuse(found.name, *explain(error))


def _read_archive(found: Found, limits: Limits) -> Iterator[Page | Problem]:
    """The pages of an archive; a damaged one among them leaves the others as they are."""
    if not found.path.is_file():
        raise OSError("not a plain file")
    for member in read_archive(found.path, found.name):
        if isinstance(member, Problem):
            yield member
        elif named := name_kind(member.name):
            inside = Found(found.path, f"{found.name}/{member.name}", *named)
            try:
                yield from _read_stream(inside, undo_gzip(io.BytesIO(member.body)), limits)
            except READ_ERRORS as error:
                yield refuse(inside.name, *explain(error))


def _read_stream(found: Found, stream: io.BufferedIOBase, limits: Limits) -> Iterator[Page | Problem]:
    return (_read_table if found.kind == "jsonl" else _read_whole)(found, stream, limits)


def _sniff(head: bytes) -> str:
    decoded = decode(head) or decode(head[: head.rfind(b"\n") + 1])
    text = decoded.text if decoded else ""
    lines = [line for line in text.splitlines() if line.strip()]
    whole = lines[:-1] if len(head) == SNIFFED and len(lines) > 1 else lines
    if (
        lines
        and lines[0].lstrip().startswith("{")
        and (whole is lines or any(isinstance(read_row(x), Row) for x in whole))
    ):
        return "jsonl"
    return "html" if MARKUP.match(text) else "text"


def _read_whole(found: Found, stream: io.BufferedIOBase, limits: Limits) -> Iterator[Page | Problem]:
    """A file that is one document."""
    data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        yield refuse(found.name, "too-large", f"More than {limits.file_bytes:,} bytes unpacked; split the file.")
        return
    if not data.strip():
        yield refuse(found.name, "empty", "The file has no words; remove or refill it.")
        return
    decoded = decode(data, declared=found.kind == "html")
    if decoded is None:
        yield refuse(found.name, "binary", "The file is no text in any known encoding; save it as UTF-8 text or HTML.")
        return
    media: MediaType = "text/html" if found.kind == "html" or MARKUP.match(decoded.text[:200]) else "text/plain"
    yield from _make_page(found, decoded, media, None, limits)


def _read_table(found: Found, stream: io.BufferedIOBase, limits: Limits) -> Iterator[Page | Problem]:
    """A .jsonl file: one document a line, read line by line."""
    number = taken = rows = 0
    try:
        while line := stream.readline(limits.line_bytes + 1):
            number += 1
            taken += len(line)
            if len(line) > limits.line_bytes and not line.endswith(b"\n"):
                taken += _skip_line(stream, limits.table_bytes - taken)
                yield refuse(found.name, "line-too-long", f"More than {limits.line_bytes:,} bytes in a line.", number)
                rows += 1
            elif line.strip(b" \t\r\n\xef\xbb\xbf"):
                rows += 1
                yield from _read_line(found, line, number, limits)
            if taken > limits.table_bytes:
                said = f"More than {limits.table_bytes:,} bytes unpacked; the rest was left, split the file."
                yield refuse(found.name, "too-large", said, number)
                return
    except READ_ERRORS as error:
        yield refuse(found.name, *explain(error), number + 1)
        return
    if not rows:
        yield refuse(found.name, "empty", "The file has no line with a document; remove or refill it.")


def _skip_line(stream: io.BufferedIOBase, at_most: int) -> int:
    skipped = 0
    while skipped <= at_most and (piece := stream.readline(1_000_000)):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped


def _read_line(found: Found, line: bytes, number: int, limits: Limits) -> Iterator[Page | Problem]:
    decoded = decode(line.rstrip(b"\r\n"))
    if decoded is None:
        yield refuse(found.name, "binary", "The line is no text in any known encoding; write it as UTF-8.", number)
        return
    row = read_row(decoded.text.lstrip("\ufeff"))
    if not isinstance(row, Row):
        yield refuse(found.name, *row, number)
        return
    content = mend(row.content)
    for kind, said in (*((k, s) for k, s, _ in decoded.notes), *row.notes):
        yield refuse(found.name, kind, said, number)
    if content is None:
        yield refuse(found.name, "binary", "The document is full of control characters; give its text.", number)
        return
    yield from _make_page(found, content, "text/html" if row.is_html else "text/plain", (number, row), limits)


def _make_page(
    found: Found, decoded: Decoded, media: MediaType, at: tuple[int, Row] | None, limits: Limits
) -> Iterator[Page | Problem]:
    """The Page of a decoded document after the checks of its size; notes of what was mended go before it."""
    text, line = decoded.text, at[0] if at else None
    for kind, said, where in decoded.notes:
        yield refuse(found.name, kind, said, line or where)
    if not text.strip():
        yield refuse(found.name, "empty", "The document has no words; remove or refill it.", line)
        return
    if len(text) > limits.characters:
        yield refuse(found.name, "too-large", f"More than {limits.characters:,} characters; split the document.", line)
        return
    long = _long_line(text, limits.paragraph) if media == "text/plain" else None
    if long:
        said = f"More than {limits.paragraph:,} characters without a line end; break the text into paragraphs."
        yield refuse(found.name, "line-too-long", said, line or long)
        return
    fields = {name: _plain(value) for name, value in at[1].fields.items()} if at else {}
    external = (_plain(at[1].external_id) if at else None) or (f"{found.stem}-L{line}" if at else found.stem)
    external = _plain(external) or "page"
    yield Page(
        page_id=hash_id("p", external, media, text, *fields.values()),
        file=_plain(found.name) or "-",
        line=line,
        media_type=media,
        body=text.encode("utf-8"),
        external_id=external,
        title=fields.get("title"),
        published=fields.get("published"),
        url=fields.get("url"),
        source=fields.get("source"),
        language=fields.get("language"),
    )


def _plain(value: str | None) -> str | None:
    """A field on one line that can be written as UTF-8 (file names and JSON may hold halves of characters)."""
    if value is None:
        return None
    return (
        " ".join(value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())
        or None
    )


def _long_line(text: str, limit: int) -> int | None:
    return next((i for i, line in enumerate(text.splitlines(), 1) if len(line) > limit), None)


def _make_unique(page: Page, used: set[str]) -> Iterator[Page | Problem]:
    name = page.external_id
    if name in used:
        number = next(n for n in itertools.count(2) if f"{page.external_id}~{n}" not in used)
        name = f"{page.external_id}~{number}"
        said = f"The id {page.external_id!r} was met before; this document is called {name!r}: give each its own id."
        yield refuse(page.file, "duplicate-id", said, page.line)
        page = replace(page, external_id=name, page_id=hash_id("p", name, page.page_id))
    used.add(name)
    yield page
